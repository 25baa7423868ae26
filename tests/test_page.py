"""The page in a Chromium without a network, opened from a file: drawn, clicked, downloaded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from taixin.vocabulary import BASIS_LABELS, Basis
from tests import samples
from tests.atlas_page import (
    DRAWN,
    click_at,
    drawn,
    has_colour,
    hits,
    look_at,
    open_atlas,
    open_feature,
    painted_layer,
    role,
)
from tests.unpacking import read_block

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browsing import OfflinePage

SYSTEMS = ("scope", "structure", "ecology", "startup")
DAYU = (112.7184, 38.1763)
#: Where a cluster, a county and the scope lie and nothing smaller does.
QUIET_SPOT = (112.05, 37.98)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of the Taixin plan to a folder of its own."""
    path = tmp_path_factory.mktemp("site") / "index.html"
    path.write_text(samples.taixin_page(), encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page of the Taixin plan, opened and drawn."""
    return open_atlas(offline_page, site)


def features_of(layer: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(samples.own_layer(f"taixin-2035/{layer}").text)[
        "features"
    ]
    return features


def manifest_of(page: Page) -> dict[str, Any]:
    manifest: dict[str, Any] = read_block(page.text_content("#taixin-manifest") or "")
    return manifest


def text(locator: Locator) -> str:
    return (locator.text_content() or "").strip()


# ---- opening ------------------------------------------------------------------------------------


def test_the_page_opens_from_a_file_without_a_request_or_an_error(
    offline_page: OfflinePage, page: Page
) -> None:
    page.wait_for_timeout(500)

    offline_page.assert_quiet()
    assert page.title() == "太忻规划图集"


def test_the_page_of_all_plans_opens_without_a_request_or_an_error(
    offline_page: OfflinePage, tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(samples.own_page(), encoding="utf-8", newline="\n")
    page = open_atlas(offline_page, tmp_path / "index.html")
    library, _, layers = samples.own()
    tree = role(page, "tree")

    assert tree.locator("[data-plan]").count() == len(library.plans)
    first = {layer.id for layer in layers if layer.plan.id == library.plans[0].id}
    assert {layer.id for layer in layers if layer.recipe.visible and layer.located} & first == {
        name for name, ids in drawn(page).items() if ids
    }
    offline_page.assert_quiet()


def test_the_tree_shows_the_four_systems_of_the_plan(page: Page) -> None:
    titles = {
        system.system: system.title.zh
        for plan in samples.own()[0].plans
        for system in plan.systems
        if plan.id == "taixin-2035"
    }
    for system in SYSTEMS:
        branch = role(page, "tree").locator(f"[data-system='taixin-2035/{system}']")
        assert titles[system] in branch.inner_text()


def test_the_start_view_draws_every_feature_of_the_four_systems(page: Page) -> None:
    found = drawn(page)

    assert {layer: len(found[f"taixin-2035/{layer}"]) for layer in DRAWN} == DRAWN
    for layer in DRAWN:
        expected = {feature["id"] for feature in features_of(layer)}
        assert expected == set(found[f"taixin-2035/{layer}"])


def test_what_is_drawn_can_be_seen(page: Page) -> None:
    stage = role(page, "stage").bounding_box()
    assert stage is not None

    for layer, count in DRAWN.items():
        known = painted_layer(page, f"taixin-2035/{layer}")
        symbol = known["symbol"]
        marker = symbol["size"] if layer in {"core", "start-up-areas"} else 0
        assert count == len(known["features"])
        for feature in known["features"]:
            x0, y0, x1, y1 = feature["box"]
            assert max(x1 - x0, y1 - y0) + marker > 4
            assert 0 <= (x0 + x1) / 2 <= stage["width"]
            assert 0 <= (y0 + y1) / 2 <= stage["height"]


# ---- cards --------------------------------------------------------------------------------------


def assert_accuracy_in_words(words: str, record: dict[str, Any]) -> None:
    """Assert that a card says how a geometry came about and how far it may be off."""
    basis, _, distance = words.partition("，")
    number, unit = re.findall(r"约 ([\d.,]+) (k?m)", distance)[0]
    metres = float(number.replace(",", "")) * (1000 if unit == "km" else 1)

    assert basis == BASIS_LABELS[Basis(record["basis"])][0]
    assert distance.startswith("位置误差约")
    assert metres == pytest.approx(record["accuracy_m"], abs=60)


@pytest.mark.parametrize("layer", DRAWN)
def test_a_click_on_any_feature_opens_a_card_that_cites_the_document(
    layer: str, page: Page
) -> None:
    titles = {
        document["id"]: document["title"]["zh"]
        for plan in manifest_of(page)["plans"]
        for document in plan["documents"]
    }
    for feature in features_of(layer):
        record = feature["properties"]
        card = open_feature(page, feature)
        citation = role(card, "citation")

        assert text(role(card, "card-name")) == record["name"]
        assert text(role(card, "summary")) == record["summary"]
        assert text(role(citation, "document")).startswith(titles[record["document"]])
        assert text(role(citation, "section")) == record["section"]
        assert text(role(citation, "term")) == record["term"]
        assert_accuracy_in_words(text(role(card, "accuracy")), record)


def test_a_card_shows_every_figure_with_its_label_and_unit(page: Page) -> None:
    dayu = next(item for item in features_of("start-up-areas") if item["id"].endswith("/dayu"))
    card = open_feature(page, dayu)
    shown = {
        text(key): text(value)
        for key, value in zip(
            card.locator("dl.facts dt").all(), card.locator("dl.facts dd").all(), strict=True
        )
    }

    assert shown["启动区面积"] == "29 km²"
    assert shown["新城规划面积"] == "76 km²"
    assert "status_document" not in shown
    assert [key for key in shown if re.search("[a-z]_", key)] == []


def test_no_card_shows_a_raw_column_name(page: Page) -> None:
    proposed = next(
        feature for feature in features_of("start-up-areas") if feature["properties"]["status"]
    )
    labels = open_feature(page, proposed).locator("dt").all_text_contents()

    assert "状态" in labels
    assert [label for label in labels if re.search("[a-z]+_[a-z]+", label)] == []


def test_a_member_of_a_cluster_leads_to_the_card_of_the_county_and_back(page: Page) -> None:
    cluster = next(item for item in features_of("clusters") if "古交" in item["properties"]["name"])
    open_feature(page, cluster)
    role(page, "card").locator("[data-role='members'] button", has_text="古交市").click()
    county = role(page, "card").locator("article[data-county='140181']")

    assert text(role(county, "card-name")) == "古交市"
    assert text(role(county, "city")) == "太原市"
    assert text(role(county, "adcode")) == "140181"
    assert re.match(r"1,5\d\d(\.\d)? km²", text(role(county, "area")))
    assert "taixin-2035/start-up-areas/gujiao-etdz" in role(county, "county-located").locator(
        "[data-feature]"
    ).evaluate_all("(nodes) => nodes.map((node) => node.dataset.feature)")

    role(page, "card-back").click()
    assert text(role(page, "card-name")) == cluster["properties"]["name"]


def test_a_click_lists_everything_that_lies_there_from_top_to_bottom(page: Page) -> None:
    click_at(page, *DAYU)
    found = hits(page)

    assert found[0] == "taixin-2035/start-up-areas/dayu"
    assert found[-1] == "140122"
    assert set(found) >= {
        "taixin-2035/clusters/jiancaoping-yangqu-gujiao",
        "taixin-2035/counties/yangqu",
        "taixin-2035/scope/taixin",
    }
    assert len(set(found)) == len(found)


def test_a_click_outside_the_plan_finds_the_county_alone(page: Page) -> None:
    click_at(page, 112.1, 37.4)

    assert [identifier for identifier in hits(page) if identifier.startswith("14")] != []
    assert [item for item in hits(page) if item.startswith("taixin-2035")] == []


def test_the_name_stands_beside_the_pointer(page: Page) -> None:
    x, y = look_at(page, *DAYU)
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    hover = role(page, "hover")
    hover.wait_for()

    assert "阳曲县大盂镇" in hover.inner_text()


# ---- the tree -----------------------------------------------------------------------------------


def test_a_layer_can_be_taken_off_and_put_back_with_its_legend(page: Page) -> None:
    box = page.locator("[data-toggle='taixin-2035/corridors']")
    legend = role(page, "legend")
    title = samples.own_layer("taixin-2035/corridors").recipe.title.zh

    box.uncheck()
    assert "taixin-2035/corridors" not in drawn(page)
    assert title not in legend.inner_text()

    box.check()
    assert len(drawn(page)["taixin-2035/corridors"]) == 4
    assert title in legend.inner_text()


def test_a_layer_can_be_faded(page: Page) -> None:
    page.locator("[data-expand='taixin-2035/clusters']").click()
    page.locator("[data-opacity='taixin-2035/clusters']").fill("0.3")

    assert painted_layer(page, "taixin-2035/clusters")["opacity"] == 0.3


def test_a_layer_is_downloaded_as_the_same_geojson(page: Page, tmp_path: Path) -> None:
    for layer in ("axes", "nature-parks", "clusters"):
        page.locator(f"[data-expand='taixin-2035/{layer}']").click()
        with page.expect_download() as started:
            page.locator(f"[data-download='taixin-2035/{layer}']").click()
        path = tmp_path / started.value.suggested_filename
        started.value.save_as(path)
        ours = samples.own_layer(f"taixin-2035/{layer}").text
        theirs = path.read_text(encoding="utf-8")

        assert path.suffix == ".geojson"
        assert json.loads(theirs, object_pairs_hook=list) == json.loads(
            ours, object_pairs_hook=list
        )
        assert len(theirs.splitlines()) == len(ours.splitlines())


def test_what_has_no_position_is_listed_and_says_so(page: Page) -> None:
    page.locator("[data-expand='taixin-2035/core-area']").click()
    entry = role(page, "tree").locator("button[data-feature='taixin-2035/core-area/core-area']")

    assert "未定位" in entry.inner_text()
    entry.click()
    card = role(page, "card").locator("article[data-feature='taixin-2035/core-area/core-area']")
    assert "文件未给出位置" in text(role(card, "unlocated"))
    assert text(role(card, "accuracy")) == BASIS_LABELS[Basis.UNLOCATED][0]
    assert text(role(card, "term")) == "核心区空间范围"


def test_what_is_stated_and_not_named_is_counted_in_the_tree(page: Page) -> None:
    ecology = role(page, "tree").locator("[data-system='taixin-2035/ecology']").inner_text()

    assert re.search("自然公园：文件称 22 个，点名 1 个", ecology)
    assert re.search("自然保护区：文件称 5 个，点名 1 个", ecology)


@pytest.mark.parametrize("layer", ["axes", "clusters", "corridors", "start-up-areas", "core"])
def test_the_legend_is_drawn_with_the_symbols_of_the_map(layer: str, page: Page) -> None:
    swatch = page.locator(f"[data-role='tree'] [data-layer='taixin-2035/{layer}'] .swatch g path")
    colours: set[str] = set(
        swatch.evaluate_all(
            """(nodes) => nodes.flatMap((node) => [node.getAttribute("fill"),
                node.getAttribute("stroke")]).filter((colour) => /^#/.test(colour || ""))"""
        )
    )
    known = painted_layer(page, f"taixin-2035/{layer}")
    stage = role(page, "stage").bounding_box()
    assert stage is not None
    page.mouse.move(0, 0)
    boxes = [feature["box"] for feature in known["features"]]
    around = (
        max(0, min(box[0] for box in boxes) - 8),
        max(0, min(box[1] for box in boxes) - 8),
        min(stage["width"], max(box[2] for box in boxes) + 8),
        min(stage["height"], max(box[3] for box in boxes) + 8),
    )

    symbol = known["symbol"]
    line = symbol["fill" if layer in {"core", "start-up-areas"} else "stroke"]
    assert {symbol.get("fill"), symbol.get("stroke")} & colours
    assert line in colours
    assert has_colour(page, line, around)


# ---- language -----------------------------------------------------------------------------------


def test_the_language_of_everything_can_be_changed(page: Page) -> None:
    open_feature(page, features_of("core")[0])
    role(page, "language").click()

    assert page.get_attribute("html", "lang") == "en"
    assert page.title() == "Taixin Atlas"
    assert text(role(page, "card-name")) == "Taiyuan (core)"
    assert text(role(role(page, "card"), "accuracy")).startswith(BASIS_LABELS[Basis.LOCATED][1])
    assert "One core, two axes" in role(page, "tree").inner_text()
    assert "Settlement clusters" in role(page, "legend").inner_text()
    assert "not reviewed" in text(role(page, "review"))

    role(page, "language").click()
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert text(role(page, "card-name")) == "太原（一核）"


def test_no_word_of_the_page_stays_chinese_in_english_but_the_quoted_term(page: Page) -> None:
    click_at(page, *QUIET_SPOT)
    assert "taixin-2035/clusters/jiancaoping-yangqu-gujiao" in hits(page)
    role(page, "language").click()
    left = page.evaluate(
        r"""() => [...document.querySelectorAll("header, nav, aside, .legend, footer, .map-tools")]
            .flatMap((panel) => [...panel.querySelectorAll("*")])
            .filter((node) => !node.closest("[lang='zh-CN']") && !node.matches(".language"))
            .flatMap((node) => [...node.childNodes].filter((child) => child.nodeType === 3))
            .map((child) => child.textContent.trim())
            .filter((words) => /[\u4e00-\u9fff]/.test(words))"""
    )
    quoted = {feature["properties"]["section"] for feature in features_of("clusters")}

    assert [words for words in left if words not in quoted] == []


def test_the_map_is_painted_before_what_stands_around_it(page: Page) -> None:
    marks = "['taixin-map', 'taixin-furnished'].map((name) => performance.getEntriesByName(name))"
    [[painted], [furnished]] = page.evaluate(
        f"{marks}.map((found) => found.map(({{ startTime }}) => startTime))"
    )

    assert 0 < painted < furnished
