"""The frame of the map, with the keyboard, and in windows from a phone's to a wide one."""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Any

import pyproj
import pytest

from tests import samples
from tests.atlas_page import (
    MAP,
    box_of,
    click_at,
    drawn,
    look_at,
    open_atlas,
    overlap,
    role,
    wait_for_names,
    wait_until,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

PHONE, LAPTOP, WIDE = (390, 844), (1366, 768), (1440, 900)
DAYU = (112.7184, 38.1763)
#: Leaflet's radius of the earth: at the equator a pixel of zoom 0 is this circumference / 256.
RADIUS_M = 6_378_137

every_size = pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of the Taixin plan to a folder of its own."""
    path = tmp_path_factory.mktemp("site") / "index.html"
    path.write_text(samples.taixin_page(), encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page in an ordinary window."""
    return open_atlas(offline_page, site, LAPTOP)


def words(page: Page, name: str) -> str:
    return (role(page, name).first.text_content() or "").strip()


# ---- the frame ----------------------------------------------------------------------------------


@pytest.mark.parametrize("point", [DAYU, (113.4, 38.9), (111.7, 38.0)])
def test_the_read_out_gives_degrees_and_metres_of_the_3_degree_zone(
    point: tuple[float, float], page: Page
) -> None:
    page.mouse.move(*look_at(page, *point, 12))
    page.wait_for_timeout(100)
    lon, lat = map(float, re.findall(r"([\d.]+)°[EN]", words(page, "readout-geographic")))
    (epsg,) = re.findall(r"EPSG:(\d+)", words(page, "readout-zone"))
    x, y = (
        float(number.replace(",", ""))
        for number in re.findall(r"[XY] ([\d,.]+) m", words(page, "readout-plane"))
    )
    to_zone = pyproj.Transformer.from_crs("EPSG:4490", f"EPSG:{epsg}", always_xy=True)
    easting, northing = to_zone.transform(lon, lat)

    assert (lon, lat) == pytest.approx(point, abs=5e-4)
    assert epsg == ("4546" if point[0] < 112.5 else "4547")
    assert sorted((x, y)) == pytest.approx(sorted((easting, northing)), abs=2)


def test_the_scale_bar_is_as_long_as_it_says(page: Page) -> None:
    for zoom in (8, 11):
        look_at(page, *DAYU, zoom)
        bar = page.locator("[data-role='scale'] svg").bounding_box()
        assert bar is not None
        ticks = page.locator("[data-role='scale'] .scale-ticks span").all_text_contents()
        length = float(re.sub(r"[^\d.]", "", ticks[-1])) * (1000 if "km" in ticks[-1] else 1)
        metres_a_pixel = page.evaluate(
            f"""() => {{
                const map = {MAP}, size = map.getSize();
                const at = (dx) => map.containerPointToLatLng([size.x / 2 + dx, size.y / 2]);
                return at(-50).distanceTo(at(50)) / 100;
            }}"""
        )
        assert length == pytest.approx((bar["width"] - 2) * metres_a_pixel, rel=0.02)


def test_north_arrow_footer_and_review_state_are_shown(page: Page) -> None:
    footer = words(page, "footer")
    sources = {source.title.zh for source in samples.own()[1].sources.values()}

    assert box_of(page, "north")["height"] > 20
    assert words(page, "review") == "内部工作图，未经审核"
    assert re.search("CGCS2000 / WGS 84", footer)
    assert re.search("误差|不确定", words(page, "accuracy"))
    assert re.search(r"\d{4}年", words(page, "date"))
    assert {title for title in sources if title in footer} >= {"天地图行政区划数据"}


def test_about_names_documents_sources_and_software_licences(page: Page) -> None:
    role(page, "about-open").click()
    about = role(page, "about").inner_text()

    plan = samples.own()[0].plan(samples.TAIXIN)
    for document in plan.document:
        assert document.title.zh in about
    assert "leaflet 1.9.4" in about
    assert "BSD" in about


def test_about_explains_every_field_in_the_language_of_the_page(page: Page) -> None:
    role(page, "about-open").click()
    role(page, "dictionary").locator("summary").click()
    rows = [text.split() for text in role(page, "dictionary").locator("tr").all_inner_texts()]
    fields = {name: words for name, *words in rows}
    layers = [layer for layer in samples.own()[2] if layer.plan.id == samples.TAIXIN]
    written = {key for layer in layers for key in layer.features[0].properties}

    assert len(fields) == len(rows)
    assert set(fields) == {*written, "BSM", "YSDM", "XZQDM", "XZQMC", "MJ"}
    assert fields["accuracy_m"] == ["位置误差", "integer,", "m", "真实位置应在此半径内"]


GLYPHS = """(nodes) => nodes.flatMap((node) => {
    const size = parseFloat(getComputedStyle(node).fontSize);
    return Array.from({ length: node.getNumberOfChars() }, (_, i) => {
        const [from, to] = [node.getStartPositionOfChar(i), node.getEndPositionOfChar(i)];
        return [node.textContent, (from.x + to.x) / 2, (from.y + to.y) / 2, size];
    });
})"""


@pytest.mark.parametrize("zoom", [8, 9, 10])
def test_names_on_the_map_do_not_lie_over_each_other(zoom: float, page: Page) -> None:
    look_at(page, 112.8, 38.5, zoom)
    wait_for_names(page)
    glyphs = page.locator("text[data-label]").evaluate_all(GLYPHS)
    too_near = {
        (one, other)
        for (one, x0, y0, size0), (other, x1, y1, size1) in itertools.combinations(glyphs, 2)
        if one != other and math.hypot(x1 - x0, y1 - y0) < 0.3 * (size0 + size1)
    }

    assert len({glyph[0] for glyph in glyphs}) > 20
    assert too_near == set()


# ---- the keyboard -------------------------------------------------------------------------------


def walk(page: Page, steps: int) -> list[str]:
    """Press Tab and note where the focus stands each time."""
    reached = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                    const { dataset, classList } = document.activeElement;
                    return dataset.role || dataset.panel || dataset.toggle || dataset.expand
                        || dataset.branch || [...classList].join(" ");
                }"""
            )
        )
    return reached


def test_every_main_control_is_reached_with_the_tabulator(page: Page) -> None:
    presses = page.locator("button, input, a[href]").count() + 10
    reached = walk(page, presses)

    assert set(reached) >= {
        *("tree", "legend", "card", "about-open", "language"),
        *("zoom-in", "zoom-out", "whole", "taixin-2035/axes", "taixin-2035/structure"),
    }
    assert any("folium-map" in place for place in reached)
    assert reached[0] == "skip"


def test_what_has_the_focus_is_marked(page: Page) -> None:
    unmarked = []
    for name in walk(page, 12):
        style = page.evaluate(
            """() => {
                const { outlineStyle, outlineWidth, boxShadow } =
                    getComputedStyle(document.activeElement);
                return [outlineStyle, outlineWidth, boxShadow];
            }"""
        )
        if (style[0] == "none" or style[1] == "0px") and style[2] == "none":
            unmarked.append(name)

    assert unmarked == []


def test_a_layer_is_switched_with_the_space_bar(page: Page) -> None:
    page.locator("[data-toggle='taixin-2035/axes']").focus()
    page.keyboard.press("Space")
    assert "taixin-2035/axes" not in drawn(page)

    assert page.evaluate("document.activeElement.dataset.toggle") == "taixin-2035/axes"
    page.keyboard.press("Space")
    assert len(drawn(page)["taixin-2035/axes"]) == 2


def test_the_map_is_asked_and_left_with_the_keyboard(page: Page) -> None:
    page.evaluate(f"{MAP}.setView([{DAYU[1]}, {DAYU[0]}], 10, {{ animate: false }})")
    page.locator(".folium-map").focus()
    page.keyboard.press("Enter")
    assert words(page, "card-name") == "阳曲县大盂镇"

    role(page, "card-close").focus()
    page.keyboard.press("Escape")
    assert role(page, "card-name").is_hidden()
    assert page.evaluate(f"document.activeElement === {MAP}.getContainer()")


def test_zoom_and_whole_area_work_from_the_keyboard(page: Page) -> None:
    start = page.evaluate(f"{MAP}.getZoom()")
    role(page, "zoom-in").press("Enter")
    wait_until(page, f"{MAP}.getZoom() > {start}")
    page.wait_for_timeout(500)

    role(page, "whole").press("Enter")
    wait_until(page, f"Math.abs({MAP}.getZoom() - {start}) < 0.01")


def test_everything_that_can_be_pressed_has_a_name(page: Page) -> None:
    click_at(page, *DAYU)
    nameless: list[Any] = page.locator("button, input, a[href], [role='application']").evaluate_all(
        """(nodes) => nodes.filter((node) => !(node.textContent.trim()
            || node.getAttribute("aria-label") || (node.labels && node.labels.length)))
            .map((node) => node.outerHTML.slice(0, 120))"""
    )

    assert nameless == []


# ---- windows ------------------------------------------------------------------------------------


@every_size
def test_nothing_runs_over_the_edge_of_the_window(
    size: tuple[int, int], offline_page: OfflinePage, site: Path
) -> None:
    page = open_atlas(offline_page, site, size)
    width, height = page.evaluate(
        "() => [document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]"
    )

    assert (width <= size[0], height <= size[1]) == (True, True)
    offline_page.assert_quiet()


@every_size
def test_the_map_has_most_of_the_window_and_draws_the_plan(
    size: tuple[int, int], offline_page: OfflinePage, site: Path
) -> None:
    page = open_atlas(offline_page, site, size)
    stage = box_of(page, "stage")

    assert stage["width"] * stage["height"] > 0.6 * size[0] * size[1]
    assert len(drawn(page)["taixin-2035/start-up-areas"]) == 11


@every_size
def test_main_controls_are_within_the_window(
    size: tuple[int, int], offline_page: OfflinePage, site: Path
) -> None:
    page = open_atlas(offline_page, site, size)
    for name in ("about-open", "language", "zoom-in", "zoom-out", "whole", "scale", "footer"):
        box = box_of(page, name)
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= size[0] + 1, name
        assert box["y"] + box["height"] <= size[1] + 1, name


@pytest.mark.parametrize("width", [360, 390])
def test_on_a_phone_every_button_of_the_band_is_whole(
    width: int, offline_page: OfflinePage, site: Path
) -> None:
    page = open_atlas(offline_page, site, (width, 740))
    for button in page.locator(".band button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width, button.get_attribute("data-role")


def test_the_search_icon_does_not_lie_over_the_words(page: Page) -> None:
    icon = page.locator(".find > .icon").bounding_box()
    left, padding = role(page, "find").evaluate(
        "(node) => [node.getBoundingClientRect().x, parseFloat(getComputedStyle(node).paddingLeft)]"
    )
    assert icon is not None
    assert icon["x"] + icon["width"] <= left + padding


def test_on_a_phone_the_panels_wait_to_be_opened(offline_page: OfflinePage, site: Path) -> None:
    page = open_atlas(offline_page, site, PHONE)
    tree = role(page, "tree")
    assert tree.is_hidden()
    assert role(page, "legend").is_hidden()

    page.locator("[data-panel='tree']").click()
    box = box_of(page, "tree")
    assert box["width"] <= PHONE[0]
    page.locator("[data-toggle='taixin-2035/axes']").uncheck()
    assert "taixin-2035/axes" not in drawn(page)


def test_on_a_phone_a_tap_opens_the_card_in_sight(offline_page: OfflinePage, site: Path) -> None:
    page = open_atlas(offline_page, site, PHONE)
    click_at(page, *DAYU)
    card = box_of(page, "card")

    assert words(page, "card-name") == "阳曲县大盂镇"
    assert 0 <= card["x"] <= card["x"] + card["width"] <= PHONE[0]
    assert card["y"] + card["height"] <= PHONE[1] + 1
    role(page, "card-close").click()
    assert role(page, "card-name").is_hidden()


def test_in_a_wide_window_nothing_lies_over_anything_else(
    offline_page: OfflinePage, site: Path
) -> None:
    page = open_atlas(offline_page, site, WIDE)
    names = ("header", "tree", "legend", "map-tools", "scale", "readout", "footer")
    boxes = {name: box_of(page, name) for name in names}

    assert [
        (one, other)
        for one, other in itertools.combinations(names, 2)
        if overlap(boxes[one], boxes[other])
    ] == []


def test_a_window_that_changes_its_size_keeps_the_map_whole(page: Page) -> None:
    for width, height in (PHONE, WIDE, LAPTOP):
        page.set_viewport_size({"width": width, "height": height})
        wait_until(page, f"Math.abs({MAP}.getSize().x - {MAP}.getContainer().clientWidth) <= 1")
        stage = box_of(page, "stage")
        assert stage["x"] + stage["width"] <= width + 1
