"""Drawing and measuring on the page: what it measures is what PROJ's geodesics measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyproj
import pytest
from shapely.geometry import shape

from tests.atlas_page import look_at, open_atlas, role
from tests.own_things import (
    RIGHT_OF_THE_PANEL,
    collection,
    draw,
    feature,
    load_sketches,
    open_tab,
    pixel_of,
    saved_sketches,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

ELLIPSOID = pyproj.Geod(ellps="GRS80")
SQUARE = [[112.5, 38.0], [112.6, 38.0], [112.6, 38.1], [112.5, 38.1], [112.5, 38.0]]
HOLE = [[112.52, 38.02], [112.52, 38.05], [112.55, 38.05], [112.55, 38.02], [112.52, 38.02]]
FAR = [[[113.5, 38.9], [113.7, 38.9], [113.6, 39.05], [113.5, 38.9]]]
SHAPES = {
    "a line of three legs": ("LineString", [[112.1, 37.6], [112.7, 38.2], [113.9, 39.4]]),
    "two lines": ("MultiLineString", [[[112, 38], [112.3, 38.1]], [[113, 38], [113, 38.5]]]),
    "a square": ("Polygon", [SQUARE]),
    "a square with a hole": ("Polygon", [SQUARE, HOLE]),
    "a square drawn clockwise": ("Polygon", [SQUARE[::-1]]),
    "two areas": ("MultiPolygon", [[SQUARE, HOLE], FAR]),
    "a parcel of a mu": (
        "Polygon",
        [[[112.7, 38.2], [112.7003, 38.2], [112.7003, 38.20023], [112.7, 38.20023], [112.7, 38.2]]],
    ),
}
#: Places on both sides of the edge between the zones, as people write them, and where they are.
WRITTEN = {
    "112.7184, 38.1763": (112.7184, 38.1763),
    "38.1763,112.7184": (112.7184, 38.1763),
    "112.7184 38.1763": (112.7184, 38.1763),
    "38°10′34.68″N 112°43′06.24″E": (112.7184, 38.1763),
    "东经112度43分06.24秒 北纬38度10分34.68秒": (112.7184, 38.1763),
    "112°43'6.24\" 38°10'34.68\"": (112.7184, 38.1763),
    "１１２．７１８４，３８．１７６３": (112.7184, 38.1763),
    "X 4227843.348 Y 387701.703": (112.7184, 38.1763),
    "38387701.703, 4227843.348": (112.7184, 38.1763),
    "X=4200000 Y=37540000": (111.454989, 37.931568),
}
UNREADABLE = {
    "没有坐标": "没有读出两个坐标",
    "112.7": "没有读出两个坐标",
    "X 4200000 Y 500000": "EPSG:4547 / EPSG:4546）都落在本图集的县域内",
    "9999999 1234567890": "任何 3° 带都不落在本图集的县域内",
    "<img src=x onerror=alert(1)>": "没有读出两个坐标",
}


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page, opened and drawn."""
    return open_atlas(offline_page, site, (1440, 900))


def ring_perimeter_m(rings: Sequence[Sequence[list[float]]]) -> float:
    return sum(ELLIPSOID.line_length([x for x, _ in ring], [y for _, y in ring]) for ring in rings)


# ---- figures ------------------------------------------------------------------------------------


def test_measures_are_those_of_the_ellipsoid(page: Page) -> None:
    told = load_sketches(page, collection(*(feature(*shape) for shape in SHAPES.values())))
    assert str(len(SHAPES)) in told
    saved = saved_sketches(page)
    for (kind, coordinates), item in zip(SHAPES.values(), saved, strict=True):
        assert_measures(kind, coordinates, item["properties"])


def assert_measures(kind: str, coordinates: Any, found: dict[str, Any]) -> None:  # noqa: ANN401 - GeoJSON
    """Assert that lengths and areas are those of PROJ."""
    geometry = shape({"type": kind, "coordinates": coordinates})
    if "Line" in kind:
        assert found["length_m"] == pytest.approx(ELLIPSOID.geometry_length(geometry), abs=0.006)
        return
    polygons = [coordinates] if kind == "Polygon" else coordinates
    area_m2 = sum(
        abs(ELLIPSOID.polygon_area_perimeter([x for x, _ in ring], [y for _, y in ring])[0])
        * (-1 if hole else 1)
        for rings in polygons
        for hole, ring in enumerate(rings)
    )
    assert found["area_m2"] == pytest.approx(area_m2, rel=1e-9, abs=0.02)
    perimeter_m = sum(ring_perimeter_m(rings) for rings in polygons)
    assert found["perimeter_m"] == pytest.approx(perimeter_m, abs=0.006)


def test_an_area_is_told_in_three_units(page: Page) -> None:
    load_sketches(page, collection(feature("Polygon", [SQUARE])))
    page.locator("[data-sketch] > button").click()

    area_m2 = abs(
        ELLIPSOID.geometry_area_perimeter(shape(feature("Polygon", [SQUARE])["geometry"]))[0]
    )
    texts = {
        unit: role(page, "measure-area").locator(f"[data-unit='{unit}']").inner_text()
        for unit in ("km2", "ha", "mu")
    }
    figures = {unit: float(text.split()[0].replace(",", "")) for unit, text in texts.items()}
    assert figures["km2"] == pytest.approx(area_m2 / 1e6, abs=5e-4)
    assert figures["ha"] == pytest.approx(area_m2 / 1e4, abs=0.05)
    assert figures["mu"] == pytest.approx(area_m2 * 3 / 2000, abs=0.05)
    assert [text.split()[1] for text in texts.values()] == ["km²", "公顷", "亩"]


def test_an_outline_that_crosses_itself_is_told(page: Page) -> None:
    bowtie = [[112.5, 38.0], [112.6, 38.1], [112.6, 38.0], [112.5, 38.1], [112.5, 38.0]]
    load_sketches(page, collection(feature("Polygon", [bowtie])))
    page.locator("[data-sketch] > button").click()

    assert "自相交" in role(page, "sketch-details").inner_text()


# ---- drawing ------------------------------------------------------------------------------------


def test_an_area_is_drawn_with_the_mouse_and_measured(
    page: Page, offline_page: OfflinePage
) -> None:
    corners = [(112.9, 38.0), (113.2, 38.0), (113.2, 38.3), (112.9, 38.3)]
    draw(page, "polygon", corners)

    (saved,) = saved_sketches(page)
    ring = saved["geometry"]["coordinates"][0]
    assert len(ring) == 5
    for drawn, wanted in zip(ring, corners, strict=False):
        # a click hits a pixel, which is some 200 m here
        assert ELLIPSOID.inv(drawn[0], drawn[1], wanted[0], wanted[1])[2] < 400
    assert saved["properties"]["area_m2"] == pytest.approx(
        abs(ELLIPSOID.geometry_area_perimeter(shape(saved["geometry"]))[0]), rel=1e-6
    )
    offline_page.assert_quiet()


def test_clicks_while_drawing_open_no_card(page: Page) -> None:
    draw(page, "line", [(112.9, 38.0), (113.2, 38.2)])

    assert not role(page, "card").is_visible()
    page.mouse.click(*look_at(page, 113.2, 38.2, across=RIGHT_OF_THE_PANEL))
    role(page, "card").wait_for()


def test_a_double_click_ends_a_line_without_a_corner_too_many(page: Page) -> None:
    open_tab(page, "measure").locator("[data-measure='line']").click()
    look_at(page, 113.0, 38.2, 9, across=RIGHT_OF_THE_PANEL)
    page.mouse.click(*pixel_of(page, 113.0, 38.1))
    page.mouse.dblclick(*pixel_of(page, 113.2, 38.3))

    assert len(saved_sketches(page)[0]["geometry"]["coordinates"]) == 2


def test_a_click_on_the_first_corner_closes_an_area(page: Page) -> None:
    open_tab(page, "measure").locator("[data-measure='polygon']").click()
    look_at(page, 113.0, 38.2, 9, across=RIGHT_OF_THE_PANEL)
    for corner in ((113.0, 38.0), (113.2, 38.0), (113.1, 38.3), (113.0, 38.0)):
        page.mouse.click(*pixel_of(page, *corner))

    assert len(saved_sketches(page)[0]["geometry"]["coordinates"][0]) == 4


def test_drawing_needs_no_mouse(page: Page) -> None:
    page.locator("[data-panel='tools']").press("Enter")
    page.locator("[data-measure='line']").press("Enter")
    for key in ("Space", "ArrowRight", "Space", "ArrowDown", "Space", "Backspace", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(350)

    (saved,) = saved_sketches(page)
    (start, end) = saved["geometry"]["coordinates"]
    assert start[1] == pytest.approx(end[1], abs=2e-3)
    assert end[0] > start[0]


def test_escape_leaves_nothing_behind(page: Page) -> None:
    open_tab(page, "measure").locator("[data-measure='polygon']").click()
    page.mouse.click(900, 400)
    page.keyboard.press("Escape")

    assert not role(page, "draft-bar").is_visible()
    assert page.locator("[data-layer^='draft'], [data-layer^='corners']").count() == 0
    assert page.locator("[data-sketch]").count() == 0


def test_the_measure_so_far_is_shown_while_drawing(page: Page) -> None:
    open_tab(page, "measure").locator("[data-measure='line']").click()
    look_at(page, 113.0, 38.2, 9, across=RIGHT_OF_THE_PANEL)
    page.mouse.click(*pixel_of(page, 112.9, 38.2))
    page.mouse.move(*pixel_of(page, 113.1, 38.2))

    told = role(page, "draft-figure").inner_text()
    length_km = ELLIPSOID.inv(112.9, 38.2, 113.1, 38.2)[2] / 1000
    assert float(told.split()[0]) == pytest.approx(length_km, abs=0.6)
    assert told.endswith("km")


# ---- coordinates --------------------------------------------------------------------------------


def test_coordinates_are_read_as_people_write_them(page: Page) -> None:
    body = open_tab(page, "measure")
    for written, place in WRITTEN.items():
        role(body, "goto-input").fill(written)
        role(body, "goto-go").click()

        told = role(page, "goto-answer").locator("[data-system='wgs84'] output").inner_text()
        lon, lat = (float(part) for part in told.split(","))
        assert (lon, lat) == pytest.approx(place, abs=6e-5), written


def test_what_are_no_coordinates_is_told(page: Page, offline_page: OfflinePage) -> None:
    body = open_tab(page, "measure")
    before = role(page, "readout-geographic").text_content()
    for written, sentence in UNREADABLE.items():
        role(body, "goto-input").fill(written)
        role(body, "goto-go").click()

        assert sentence in role(page, "goto-error").inner_text(), written
        assert role(page, "readout-geographic").text_content() == before
    offline_page.assert_quiet()


@pytest.mark.parametrize("place", [(112.7184, 38.1763), (111.9, 37.55), (113.61, 38.99)])
def test_a_place_is_told_in_gauss_kruger_with_its_zone(
    place: tuple[float, float], page: Page
) -> None:
    body = open_tab(page, "measure")
    role(body, "goto-input").fill(f"{place[0]}, {place[1]}")
    role(body, "goto-mark").click()

    epsg = 4547 if place[0] > 112.5 else 4546
    for code, system in ((epsg, "gauss"), (epsg - 21, "gauss-zone")):
        row = role(page, "goto-answer").locator(f"[data-system='{system}']")
        assert f"EPSG:{code}" in row.locator("xpath=preceding-sibling::dt[1]").inner_text()
        _, x, _, y = row.locator("output").inner_text().split()
        project = pyproj.Transformer.from_crs(4490, code, always_xy=True)
        east, north = project.transform(*place)
        assert (float(x), float(y)) == pytest.approx((north, east), abs=0.002)
    assert saved_sketches(page)[0]["geometry"]["coordinates"] == pytest.approx(list(place))


# ---- files --------------------------------------------------------------------------------------


def test_drawings_come_back_from_their_file(page: Page) -> None:
    hostile = "<img src=x onerror=\"document.title='ran'\">{{7*7}}"
    first = collection(
        feature("Point", [112.7, 38.2], name=hostile, note="踏勘"),
        feature("Polygon", [SQUARE, HOLE], name="地块甲"),
    )
    assert "2" in load_sketches(page, first)
    saved = saved_sketches(page)

    assert [item["properties"]["name"] for item in saved] == [hostile, "地块甲"]
    assert saved[0]["properties"]["note"] == "踏勘"
    assert saved[1]["geometry"] == feature("Polygon", [SQUARE, HOLE])["geometry"]
    assert page.locator(f"text={hostile}").count() > 0
    assert page.title() == "太忻规划图集"


BAD = {
    "cut off": (collection(feature("Point", [112.7, 38.2]))[:-9], "可能被截断"),
    "no GeoJSON": (b'{"hello": 1}', "不是 GeoJSON"),
    "no number": (collection(feature("Point", ["112.7", None])), "没有可用的要素"),
    "metres": (collection(feature("Point", [387701, 4227843])), "不是经纬度"),
    "swapped": (collection(feature("Point", [38.2, 112.7])), "不是经纬度"),
    "deep": (b'{"type":"Point","coordinates":' + b"[" * 90000 + b"]" * 90000 + b"}", ""),
    "an open ring": (collection(feature("Polygon", [SQUARE[:3]])), "没有可用的要素"),
    "a linked crs": (
        b'{"type":"Feature","crs":{"type":"link","properties":{"href":"x"}},"geometry":null}',
        "无法识别",
    ),
}


def test_a_bad_file_is_a_sentence_and_changes_nothing(
    page: Page, offline_page: OfflinePage
) -> None:
    load_sketches(page, collection(feature("Point", [112.7, 38.2], name="在先")))
    for name, (content, sentence) in BAD.items():
        assert sentence in load_sketches(page, content), name
        assert [item["properties"]["name"] for item in saved_sketches(page)] == ["在先"], name
    offline_page.assert_quiet()


def test_the_tools_speak_english(page: Page) -> None:
    role(page, "language").click()
    load_sketches(page, collection(feature("Polygon", [SQUARE])))

    text = role(page, "tools").inner_text()
    assert not [letter for letter in text if "\u4e00" <= letter <= "\u9fff"]
    assert "Coordinates" in text
