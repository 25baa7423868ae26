"""Comparing on the page: a swipe line, two maps that move together, two counties in a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.atlas_page import MAP, click_at, hits, open_atlas, painted, role, wait_for_names

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

YANGQU, GUJIAO = "140122", "140181"


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page in its start view."""
    return open_atlas(offline_page, site)


def layers_in(page: Page, pane: str) -> set[str]:
    """Give the ids of the plan layers that are drawn in one of the map's panes."""
    return {layer["layer"] for layer in painted(page, pane)}


def clip_of(page: Page, pane: str) -> str:
    clip: str = page.locator(f".leaflet-{pane}-pane").first.evaluate(
        "(node) => node.style.clipPath"
    )
    return clip


def begin(page: Page, left: str, right: str) -> None:
    role(page, "open-compare").click()
    role(page, "compare-a").select_option(left)
    role(page, "compare-b").select_option(right)
    page.wait_for_timeout(400)


def test_a_swipe_shows_one_plan_on_either_side(page: Page, offline_page: OfflinePage) -> None:
    before = layers_in(page, "taixin-features")
    begin(page, "plan:taixin-2035", "plan:cluster-2035")

    left = layers_in(page, "taixin-features")
    right = layers_in(page, "taixin-features-b")
    assert {layer.split("/")[0] for layer in left} == {"taixin-2035"}
    assert {layer.split("/")[0] for layer in right} == {"cluster-2035"}
    assert clip_of(page, "taixin-features").startswith("polygon(")
    assert clip_of(page, "taixin-features") != clip_of(page, "taixin-features-b")

    role(page, "compare-end").click()
    assert layers_in(page, "taixin-features") == before
    assert clip_of(page, "taixin-features") == ""
    assert not layers_in(page, "taixin-features-b")
    assert not page.locator(".leaflet-taixin-features-b-pane canvas").count()
    offline_page.assert_quiet()


def test_themes_are_compared_over_all_plans(page: Page) -> None:
    begin(page, "theme:ecology", "theme:transport")

    left = layers_in(page, "taixin-features")
    right = layers_in(page, "taixin-features-b")
    assert left
    assert right
    assert not left & right
    assert len({layer.split("/")[0] for layer in left}) > 1


def test_the_line_moves_with_mouse_and_keyboard(page: Page) -> None:
    begin(page, "now", "plan:cluster-2035")
    line = role(page, "swipe-line")
    box = line.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, 500)
    page.mouse.down()
    page.mouse.move(box["x"] - 150, 500, steps=4)
    page.mouse.up()
    dragged = int(line.get_attribute("aria-valuenow") or 0)
    assert dragged < 45
    for _ in range(3):
        line.press("ArrowRight")
    assert dragged + 5 <= int(line.get_attribute("aria-valuenow") or 0) <= dragged + 7
    line.press("End")
    assert line.get_attribute("aria-valuenow") == "100"


def test_names_end_at_the_line(page: Page) -> None:
    begin(page, "plan:taixin-2035", "plan:cluster-2035")
    wait_for_names(page)
    middle = role(page, "swipe-line").bounding_box()
    assert middle is not None
    at = middle["x"] + middle["width"] / 2
    for pane, side in (("taixin-labels", -1), ("taixin-labels-b", 1)):
        names = page.locator(f".leaflet-{pane}-pane text").evaluate_all(
            "(nodes) => nodes.map((node) => node.getBoundingClientRect().toJSON())"
        )
        assert names
        for name in names:
            assert (name["right"] <= at + 3) if side < 0 else (name["left"] >= at - 3)


def test_a_click_asks_the_plan_that_lies_there(page: Page) -> None:
    begin(page, "plan:taixin-2035", "plan:cluster-2035")
    stage = role(page, "stage").bounding_box()
    assert stage is not None
    for across, down, plan in ((0.42, 0.55, "taixin-2035"), (0.56, 0.8, "cluster-2035")):
        at = (stage["x"] + stage["width"] * across, stage["y"] + stage["height"] * down)
        page.mouse.click(*at)
        role(page, "hits").locator(f"[data-feature^='{plan}/']").first.wait_for()
        assert {hit.split("/")[0] for hit in hits(page) if "/" in hit} == {plan}


def test_two_maps_move_together(page: Page, offline_page: OfflinePage) -> None:
    begin(page, "plan:taixin-2035", "theme:ecology")
    role(page, "compare-side").click()
    side = role(page, "side-map")
    side.wait_for()
    half = side.bounding_box()
    stage = role(page, "stage").bounding_box()
    assert half is not None
    assert stage is not None
    assert half["width"] == pytest.approx(stage["width"] / 2, abs=3)
    assert layers_in(page, "taixin-features-side")

    start = page.evaluate(f"{MAP}.getCenter()")
    page.mouse.move(half["x"] + 150, half["y"] + 300)
    page.mouse.down()
    page.mouse.move(half["x"] + 50, half["y"] + 250, steps=5)
    page.mouse.up()
    page.wait_for_timeout(600)
    moved = page.evaluate(f"{MAP}.getCenter()")
    assert abs(moved["lng"] - start["lng"]) > 0.05

    role(page, "compare-end").click()
    assert side.count() == 0
    map_box = page.locator(".folium-map").bounding_box()
    assert map_box is not None
    assert map_box["width"] == pytest.approx(stage["width"], abs=1)
    offline_page.assert_quiet()


def test_two_counties_stand_beside_each_other(page: Page, offline_page: OfflinePage) -> None:
    role(page, "open-compare").click()
    role(page, "compare-counties").click()
    role(page, "county-a").select_option(YANGQU)
    role(page, "county-b").select_option(GUJIAO)

    areas = role(page, "county-area").locator("td").all_inner_texts()
    assert [float(text.split()[0].replace(",", "")) for text in areas] == pytest.approx(
        [2070, 1540], rel=0.05
    )
    located = page.locator("tr[data-role^='county-theme-'] td:nth-of-type(1)")
    assert located.locator("[data-feature]").count() > 5
    totals = role(page, "county-total").locator("td").all_inner_texts()
    assert all("已定位" in text and "未定位" in text for text in totals)

    located.locator("[data-feature]").first.click()
    assert role(page, "county-compare").is_hidden()
    assert role(page, "card-name").is_visible()
    offline_page.assert_quiet()


@pytest.mark.parametrize("width", [1366, 1024, 800])
def test_an_open_card_does_not_cover_the_bar(width: int, page: Page) -> None:
    page.set_viewport_size({"width": width, "height": 768})
    begin(page, "plan:taixin-2035", "plan:cluster-2035")
    role(page, "compare-side").click()
    click_at(page, 112.7184, 38.1763)
    role(page, "card-close").wait_for()
    hidden = page.locator(".compare-bar button, .compare-bar select").evaluate_all(
        """(nodes) => nodes.filter((node) => {
            const { left, top, right, bottom } = node.getBoundingClientRect();
            return [left + 2, (left + right) / 2, right - 2].some(
                (x) => !node.contains(document.elementFromPoint(x, (top + bottom) / 2)));
        }).map((node) => node.dataset.role)"""
    )

    assert hidden == []
