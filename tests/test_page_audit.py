"""The self-check and the access rules on the page of the project's own plans, with their audit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from taixin.atlas import Atlas
from taixin.audit import audit
from tests import samples
from tests.atlas_page import drawn, open_atlas, role

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from taixin.model import Finding
    from tests.browsing import OfflinePage

VERDICTS = {"agrees": "相符", "differs": "不符", "conflict": "矛盾", "unverifiable": "无从核对"}
BLOCKS = ("mount-wutai", "dayu")


@pytest.fixture(scope="module")
def findings() -> tuple[Finding, ...]:
    """Give what the audit of the project's own plans finds."""
    library, facts, layers = samples.own()
    return audit(library, layers, facts)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, findings: tuple[Finding, ...]) -> Path:
    """Write the page with the findings to a folder of its own."""
    library, facts, layers = samples.own()
    path = tmp_path_factory.mktemp("site") / "index.html"
    text = Atlas(layers, library, facts, findings=findings).html()
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page with the self-check open."""
    page = open_atlas(offline_page, site, (1440, 900))
    role(page, "audit-open").click()
    role(page, "audit").wait_for()
    return page


def shown(page: Page) -> list[str]:
    """Give the ids of the findings in the list."""
    ids: list[str] = page.locator("[data-finding]").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.finding)"
    )
    return ids


def test_the_list_begins_with_what_does_not_agree(
    page: Page, findings: tuple[Finding, ...]
) -> None:
    expected = {finding.id for finding in findings if finding.verdict != "agrees"}

    assert set(shown(page)) == expected
    assert len(expected) > 50


def test_all_findings_can_be_shown(page: Page, findings: tuple[Finding, ...]) -> None:
    page.locator("[data-all='true']").click()

    assert Counter(shown(page)) == Counter(finding.id for finding in findings)
    assert f"{len(findings)} / {len(findings)}" in role(page, "audit-state").inner_text()


def test_a_verdict_is_told_in_words_with_a_sign_of_its_own(page: Page) -> None:
    page.locator("[data-all='true']").click()
    signs = set()
    for verdict, word in VERDICTS.items():
        mark = page.locator(f"[data-verdict='{verdict}']").first
        signs.add(mark.locator("path").get_attribute("d"))
        assert word in mark.inner_text()

    assert len(signs) == len(VERDICTS)


def test_a_row_tells_what_was_stated_and_found_and_how_far_apart(page: Page) -> None:
    page.locator("[data-all='true']").click()
    row = page.locator("[data-finding='taixin-2035/scope-area'] td").all_text_contents()
    assert row[1:4] == ["16,800 km²", "16,786.625 km²", "-0.08 %"]

    conflict = page.locator("[data-finding='taixin-2035/core-name']").inner_text()
    assert "中部城市群规划：太原榆次太谷" in conflict
    assert "cluster-2035" not in conflict


def test_findings_stand_by_plan_and_the_worst_first(page: Page) -> None:
    order = page.locator("[data-role='audit-rows'] tbody tr").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.plan ? 'plan' : row.dataset.severity || '')"
    )
    severities = [item for item in order if item and item != "plan"]

    assert order.count("plan") == 5
    assert severities[:2] == ["warning", "info"]


def test_filters_narrow_the_list(page: Page, findings: tuple[Finding, ...]) -> None:
    role(page, "audit-plan").select_option("taiyuan-145")
    role(page, "audit-verdict").select_option("conflict")
    assert set(shown(page)) == {
        f.id for f in findings if f.plan == "taiyuan-145" and f.verdict == "conflict"
    }

    role(page, "audit-text").fill("环线")
    assert shown(page) == ["taiyuan-145/ring-naming"]


def test_a_place_in_the_list_leads_to_the_map(page: Page) -> None:
    page.locator("[data-where='cluster-2035/clusters']").first.click()
    assert "cluster-2035/clusters" in drawn(page)

    target = "taixin-2035/rail-lines/taiyuan-wutai-light-rail"
    page.locator(f"[data-where='{target}']").first.click()
    role(page, "card").locator(f"article[data-feature='{target}']").wait_for()
    assert "taixin-2035/rail-lines" in drawn(page)

    page.locator("[data-where='cluster-2035/parks']").first.click()
    branch = role(page, "tree").locator("[data-branch='cluster-2035/parks']")
    assert branch.get_attribute("aria-expanded") == "true"


def test_the_list_closes_with_escape_and_gives_the_focus_back(page: Page) -> None:
    page.keyboard.press("Escape")

    assert role(page, "dock").is_hidden()
    assert page.evaluate("() => document.activeElement.dataset.role") == "audit-open"


def test_the_list_speaks_english(page: Page) -> None:
    role(page, "language").click()
    text = role(page, "dock").inner_text()

    assert "Worth a look" in text
    assert "unverifiable" in text
    assert "Deviation" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("block", BLOCKS)
def test_the_card_of_a_block_tells_its_access_rules(block: str, lang: str, page: Page) -> None:
    system = samples.own_layer("taixin-2035/access-blocks").system
    rule = next(rule for rule in system.access_rule if rule.block == block)
    if lang == "en":
        role(page, "language").click()
    page.keyboard.press("Escape")
    role(page, "find").fill("五台山风景名胜区板块" if block == "mount-wutai" else "大盂板块")
    page.locator(f"[data-found='taixin-2035/access-blocks/{block}']").click()
    rules = role(page, "access-rules")

    def of(text: object) -> str:
        return str(getattr(text, lang))

    assert of(rule.role) in role(rules, "access-role").inner_text()
    for name, texts in (
        ("existing", rule.existing),
        ("leading", rule.leading),
        ("entry", rule.entry_conditions),
        ("negative", rule.negative_list),
    ):
        told = role(rules, f"access-{name}").inner_text()
        assert [of(text) for text in texts if of(text) not in told] == []
    assert rule.section in role(rules, "access-source").inner_text()
