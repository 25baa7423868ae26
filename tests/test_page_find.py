"""Start and search on the page of the project's own plans: themes, hint, any spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import samples
from tests.atlas_page import MAP, drawn, open_atlas, role

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

THEMES = ["空间格局", "生态格局", "启动区", "产业", "交通", "水利能源", "文旅", "服务", "项目"]


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page, opened and drawn."""
    return open_atlas(offline_page, site, (1440, 900))


def seek(page: Page, words: str) -> list[str]:
    """Type into the search box and give the ids of what is found, in order."""
    role(page, "find").fill(words)
    found: list[str] = (
        role(page, "find-list")
        .locator("[role='option']")
        .evaluate_all("(nodes) => nodes.map((node) => node.dataset.found)")
    )
    return found


# ---- search -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("繁峙", "140924"),
        ("fanshi", "140924"),
        ("FanShi Xian", "140924"),
        ("fsx", "140924"),
        ("Fanshi County", "140924"),
        ("hongtong", "141024"),
        ("xixian", "141031"),
        ("hutuohe", "rivers/hutuo-river"),
        ("hutu", "rivers/hutuo-river"),
        ("lvliang", "cities/吕梁市"),
        ("luliang", "cities/吕梁市"),
        ("Lüliang", "cities/吕梁市"),
        ("xiongxingaotie", "taixin-2035/axes/xiongxin-railway"),
        ("xxgtfzz", "taixin-2035/axes/xiongxin-railway"),
        ("雄忻 发展轴", "taixin-2035/axes/xiongxin-railway"),
        ("dameng", "taixin-2035/access-blocks/dayu"),
        ("太忻规划", "taixin-2035"),
        ("Taixin plan", "taixin-2035"),
        ("core area", "taixin-2035/core-area/core-area"),
    ],
)
def test_a_thing_is_found_by_any_of_its_spellings(typed: str, expected: str, page: Page) -> None:
    assert expected in seek(page, typed)


def test_finds_are_grouped_and_taken_with_the_keyboard_alone(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("xinzhou")
    titles = role(page, "find-list").locator(".find-title").all_text_contents()
    assert {title.split("（")[0] for title in titles} >= {"规划要素", "县区", "地名与河流"}

    box = role(page, "find")
    first = box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    second = box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    last = box.get_attribute("aria-activedescendant")

    assert len({first, second, last}) == 3
    assert page.locator(f"#{last}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert role(page, "find-list").is_hidden()


def test_choosing_a_hidden_feature_shows_it_and_opens_its_card(page: Page) -> None:
    corridor = samples.own_layer("taixin-2035/innovation-corridor").features[0]
    seek(page, str(corridor.properties["name"]))
    page.keyboard.press("Enter")
    role(page, "card").locator(f"article[data-feature='{corridor.id}']").wait_for()

    assert "taixin-2035/innovation-corridor" in drawn(page)


def test_an_unlocated_find_opens_its_card_and_marks_its_host(page: Page) -> None:
    layer = samples.own_layer("cluster-2035/air-general")
    fanshi = next(f for f in layer.features if "繁峙" in str(f.properties["name"]))
    seek(page, str(fanshi.properties["name"]))
    page.locator(f"[data-found='{fanshi.id}']").click()
    role(page, "card").locator(f"article[data-feature='{fanshi.id}']").wait_for()

    assert page.locator(".tx-selected path").count() > 0
    centre = page.evaluate(f"() => {{ const c = {MAP}.getCenter(); return [c.lng, c.lat]; }}")
    assert centre[0] == pytest.approx(113.3, abs=0.6)
    assert centre[1] == pytest.approx(39.2, abs=0.6)


def test_a_county_a_river_and_a_document_can_be_chosen(page: Page) -> None:
    seek(page, "岢岚县")
    page.locator("[data-group='counties']").first.click()
    role(page, "card").locator("article[data-county='140929']").wait_for()

    seek(page, "滹沱河")
    page.locator("[data-found='rivers/hutuo-river']").click()
    assert page.locator(".tx-marked path").count() > 0

    seek(page, "吕梁市")
    page.locator("[data-found='cities/吕梁市']").click()
    page.wait_for_function("document.querySelectorAll('.tx-marked path').length > 0")

    seek(page, "中部城市群规划")
    page.locator("[data-group='documents']").first.click()
    card = role(page, "card").locator("article[data-document='cluster-2035']")
    card.wait_for()
    assert card.locator("[data-system]").count() == 26


def test_what_is_not_there_is_said_in_a_sentence(page: Page) -> None:
    assert seek(page, "qqqzzz") == []
    assert "没有找到“qqqzzz”" in role(page, "find-none").inner_text()


def test_typed_markup_stays_text(page: Page, offline_page: OfflinePage) -> None:
    seek(page, "<img src=x onerror=alert(1)>{{7*7}}")

    assert "<img src=x onerror=alert(1)>{{7*7}}" in role(page, "find-none").inner_text()
    offline_page.assert_quiet()


# ---- themes and hint ----------------------------------------------------------------------------


def test_nine_themes_stand_above_the_map(page: Page) -> None:
    assert role(page, "themes").locator("button").all_text_contents() == THEMES


def test_every_theme_shows_its_layers_in_its_own_extent(page: Page) -> None:
    views = set()
    for button in role(page, "themes").locator("button").all():
        button.click()
        note = role(page, "theme-note")
        layers = {layer for layer, features in drawn(page).items() if features and "/" in layer}
        view = page.evaluate(f"() => {MAP}.getBounds().toBBoxString()")
        views.add((view, tuple(sorted(layers))))
        assert len(layers) >= 3
        assert button.get_attribute("aria-pressed") == "true"
        assert len(role(note, "theme-caption").inner_text()) > 10

    assert len(views) == len(THEMES)


def test_the_layers_that_a_theme_names_are_layers_of_the_plans(page: Page) -> None:
    for title, button in zip(THEMES, role(page, "themes").locator("button").all(), strict=True):
        button.click()
        told = role(page, "theme-note").inner_text()
        located = sum(len(features) for layer, features in drawn(page).items() if "/" in layer)
        assert title in told
        assert f"{located} 个要素上图" in told


def test_the_hint_goes_away_and_stays_away(page: Page) -> None:
    assert role(page, "hint").is_visible()
    role(page, "hint-done").click()
    assert role(page, "hint").is_hidden()

    # the browser writes down aside what it is to remember
    page.wait_for_timeout(500)
    page.reload()
    page.wait_for_selector("html[data-ready='true']", state="attached")
    assert role(page, "hint").is_hidden()
