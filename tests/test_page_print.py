"""Map sheets: true to scale on paper, with everything a sheet must carry, as PDF and as picture."""

from __future__ import annotations

import itertools
import math
import re
import struct
from typing import TYPE_CHECKING, Any

import pyproj
import pytest
from playwright.sync_api import expect

from tests import samples
from tests.atlas_page import open_atlas, role

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

PAPERS = {"A4": (210, 297), "A3": (297, 420)}
#: CSS pixels per millimetre, by definition.
MM = 96 / 25.4
SHEETS = list(itertools.product(PAPERS, ("landscape", "portrait")))
#: Rendering for print moves nothing by more than this, in CSS pixels.
TOLERANCE = 0.2


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page with the dialog of the sheet open."""
    page = open_atlas(offline_page, site)
    role(page, "open-print").click()
    role(page, "print-preview").locator("svg").first.wait_for()
    return page


def choose(page: Page, paper: str, turn: str, scale: int | None = None) -> None:
    role(page, "print-paper").select_option(paper)
    role(page, "print-turn").select_option(turn)
    if scale:
        role(page, "print-scale").select_option(str(scale))
        page.wait_for_timeout(300)
    width = f"{PAPERS[paper][1 if turn == 'landscape' else 0]}mm"
    expect(page.locator(".print-sheets svg.sheet-page").first).to_have_attribute("width", width)


def ratio_of(page: Page) -> int:
    text = role(page, "print-sheets").locator("[data-role='sheet-ratio']").text_content() or ""
    return int(re.sub(r"\D", "", text.partition(":")[2]))


def boxes(page: Page, selector: str) -> list[dict[str, float]]:
    found: list[dict[str, float]] = page.locator(f".print-sheets {selector}").evaluate_all(
        "(nodes) => nodes.map((node) => node.getBoundingClientRect().toJSON())"
    )
    return found


def print_of_a_link(offline_page: OfflinePage, site: Path, state: str) -> Page:
    """Open the page with a state in its address, and there the dialog for printing."""
    page = offline_page.open(site)
    address = page.url
    page.goto("about:blank")
    page.goto(f"{address}#{state}")
    page.wait_for_selector("html[data-ready='true']", state="attached")
    role(page, "open-print").click()
    return page


@pytest.mark.parametrize(("paper", "turn"), SHEETS)
def test_the_pdf_has_the_size_of_the_paper(
    paper: str, turn: str, page: Page, offline_page: OfflinePage
) -> None:
    choose(page, paper, turn)

    pdf = page.pdf(prefer_css_page_size=True, print_background=True)

    width, height = PAPERS[paper] if turn == "portrait" else PAPERS[paper][::-1]
    media = [float(n) for n in re.findall(rb"/MediaBox \[([\d. ]+)\]", pdf)[0].split()]
    assert media[2:] == pytest.approx([width / 25.4 * 72, height / 25.4 * 72], abs=1)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 1
    offline_page.assert_quiet()


@pytest.mark.parametrize(
    ("paper", "turn", "scale"), [("A4", "landscape", 1_500_000), ("A3", "portrait", 500_000)]
)
def test_the_scale_bar_has_its_length_on_paper(
    paper: str, turn: str, scale: int, page: Page
) -> None:
    choose(page, paper, turn, scale)
    page.emulate_media(media="print")

    bar = page.locator(".print-sheets [data-role='sheet-scale']")
    metres = float(bar.get_attribute("data-metres") or 0)
    fields = boxes(page, "[data-role='sheet-scale'] rect")
    # the outline of the fields lies half outside them
    drawn_px = fields[-1]["right"] - fields[0]["left"]

    assert ratio_of(page) == scale
    assert drawn_px == pytest.approx(metres / scale * 1000 * MM, abs=1)


def test_distances_on_the_sheet_are_those_on_the_ground(page: Page) -> None:
    choose(page, "A3", "landscape", 1_000_000)
    layer = samples.own_layer("taixin-2035/start-up-areas").text
    spots: list[dict[str, Any]] = page.locator(
        ".print-sheets g[data-layer='taixin-2035/start-up-areas'] [data-feature]"
    ).evaluate_all(
        """(nodes) => nodes.map((node) => ({ id: node.dataset.feature,
            at: node.getAttribute('transform').match(/-?[\\d.]+/g).map(Number) }))"""
    )
    places = dict(re.findall(r'"id":\s*"([^"]+)".*?"coordinates":\s*\[([\d.]+,\s*[\d.]+)\]', layer))
    geod = pyproj.Geod(ellps="GRS80")
    checked = 0
    for one, other in itertools.combinations(spots, 2):
        lon_lat = [tuple(map(float, places[spot["id"]].split(","))) for spot in (one, other)]
        ground = geod.inv(lon_lat[0][0], lon_lat[0][1], lon_lat[1][0], lon_lat[1][1])[2]
        paper = math.dist(one["at"], other["at"]) / MM / 1000 * 1_000_000
        # 0.1 px of rounding at either end, 0.06 % of the projection
        assert paper == pytest.approx(ground, rel=6e-4, abs=60)
        checked += 1
    assert checked > 20


def test_an_own_scale_is_taken_and_nonsense_is_not(page: Page) -> None:
    role(page, "print-scale").select_option("own")
    own = role(page, "print-scale-own")
    for text, expected in (("680000", 680_000), ("-3", 680_000), ("99999999999", 680_000)):
        own.fill(text)
        own.press("Tab")
        page.wait_for_timeout(500)
        assert ratio_of(page) == expected


def test_a_sheet_carries_what_it_must(page: Page) -> None:
    role(page, "print-title").fill("<b>城镇组团图</b>")
    page.wait_for_timeout(500)
    sheet = role(page, "print-sheets")
    text = sheet.text_content() or ""

    assert sheet.locator("[data-role='sheet-title']").text_content() == "<b>城镇组团图</b>"
    assert "内部工作图，未经审核" in (
        sheet.locator("[data-role='sheet-review']").text_content() or ""
    )
    assert re.search(r"制图日期 \d{4}年\d{1,2}月\d{1,2}日", text)
    assert re.search(r"CGCS2000 / 3° 带高斯-克吕格投影，中央经线 114°E（EPSG:4547）", text)
    assert "不得用于用地审批" in text
    assert "GS(2024)0650" in text
    assert sheet.locator("[data-role='sheet-north']").count() == 1
    # 112.9 E lies west of the central meridian: true north leans to the right there
    turn = float(sheet.locator("[data-role='sheet-north']").get_attribute("data-turn") or 0)
    assert 0.3 < turn < 1.2


def test_nothing_is_cut_at_the_edges(page: Page) -> None:
    for paper, turn in SHEETS:
        choose(page, paper, turn)
        page.emulate_media(media="print")
        edge = boxes(page, "svg.sheet-page")[0]
        for box in boxes(page, "text"):
            assert box["left"] >= edge["left"] + 5 * MM, (paper, turn, box)
            assert box["right"] <= edge["right"] - 5 * MM, (paper, turn, box)
            assert box["bottom"] <= edge["bottom"] - 5 * MM, (paper, turn, box)
        frame = boxes(page, "[data-role='sheet-frame']")[0]
        names = boxes(page, ".plate-names text")
        assert len(names) > 10
        for box in names:
            assert box["left"] >= frame["left"] - TOLERANCE
            assert box["right"] <= frame["right"] + TOLERANCE
        page.emulate_media(media="screen")


def test_the_legend_lists_every_visible_layer_on_however_many_pages(
    offline_page: OfflinePage, site: Path
) -> None:
    page = print_of_a_link(
        offline_page, site, "map=7.5/37.9/112.5&layers=taixin-2035:*;cluster-2035:*;taiyuan-145:*"
    )
    role(page, "print-preview").locator("svg").first.wait_for()
    sheets = role(page, "print-sheets").locator("svg.sheet-page")

    shown = set(
        page.locator(".print-sheets [data-role='sheet-map'] g[data-layer]").evaluate_all(
            """(nodes) => nodes.filter((node) => node.querySelector('[data-feature]'))
                .map((node) => node.dataset.layer)"""
        )
    )
    rows = page.locator(".print-sheets [data-role='sheet-legend-row'][data-layer]").evaluate_all(
        "(nodes) => nodes.map((node) => node.dataset.layer)"
    )
    assert sheets.count() > 1
    assert len(rows) == len(set(rows)) > 40
    assert {layer for layer in rows if layer not in shown} == set()
    page.emulate_media(media="print")
    for number in range(1, sheets.count()):
        edge = sheets.nth(number).bounding_box()
        assert edge is not None
        for box in (
            sheets.nth(number)
            .locator("text")
            .evaluate_all("(nodes) => nodes.map((node) => node.getBoundingClientRect().toJSON())")
        ):
            assert box["bottom"] <= edge["y"] + edge["height"] - 5 * MM
            assert box["right"] <= edge["x"] + edge["width"] - 5 * MM
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type /Page\b", pdf)) == sheets.count()


def test_the_picture_has_300_dots_to_the_inch(
    page: Page, offline_page: OfflinePage, tmp_path: Path
) -> None:
    choose(page, "A4", "portrait")
    page.wait_for_timeout(300)
    with page.expect_download() as waiting:
        role(page, "print-png").click()
    path = tmp_path / "sheet.png"
    waiting.value.save_as(path)

    assert waiting.value.suggested_filename == "太忻规划图集.png"
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (2480, 3508)
    # a blank sheet of this size packs into a tenth of this
    assert len(data) > 300_000
    offline_page.assert_quiet()


def test_printing_from_the_browsers_menu_gives_a_sheet_too(
    offline_page: OfflinePage, site: Path
) -> None:
    page = open_atlas(offline_page, site)
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert page.locator(".print-sheets svg.sheet-page").is_visible()
    assert role(page, "atlas").is_hidden()


def layers_of_plates(page: Page) -> list[set[str]]:
    """Give the plan layers that each map on the sheet draws."""
    found: list[list[str]] = page.locator(".print-sheets [data-role='sheet-map']").evaluate_all(
        """(plates) => plates.map((plate) => [...plate.querySelectorAll("g[data-layer*='/']")]
            .filter((group) => group.querySelector("[data-feature]"))
            .map((group) => group.dataset.layer))"""
    )
    return [set(names) for names in found]


@pytest.mark.parametrize("mode", ["swipe", "side"])
def test_a_comparison_is_printed_with_both_its_sides(
    mode: str, offline_page: OfflinePage, site: Path
) -> None:
    page = print_of_a_link(offline_page, site, f"compare={mode}/plan:taixin-2035/plan:cluster-2035")
    sheet = role(page, "print-sheets")
    left, right = layers_of_plates(page)
    legend = {
        row.get_attribute("data-layer")
        for row in sheet.locator("[data-role='sheet-legend-row'][data-layer]").all()
    }

    assert {name.partition("/")[0] for name in left} == {"taixin-2035"}
    assert {name.partition("/")[0] for name in right} == {"cluster-2035"}
    # points just outside the frame are drawn for their halos, and not explained
    assert legend <= left | right
    assert {name for name in left | right if name not in legend} <= {
        "taixin-2035/nature-parks",
        "taixin-2035/nature-reserves",
    }
    titles = sheet.locator("[data-role='sheet-side']").all_text_contents()
    assert titles == [
        samples.own()[0].plan(plan).short.zh for plan in ("taixin-2035", "cluster-2035")
    ]
    page.emulate_media(media="print")
    one, other = boxes(page, ".plate-paper")
    frame = boxes(page, "[data-role='sheet-frame']")[0]
    assert one["right"] == pytest.approx(other["left"], abs=TOLERANCE)
    assert other["right"] - one["left"] == pytest.approx(frame["width"], abs=1)


def test_what_the_filters_leave_out_is_not_printed(page: Page) -> None:
    role(page, "print-close").click()
    page.evaluate("location.hash = 'filter=kind:start_up_area'")
    page.wait_for_timeout(300)
    role(page, "open-print").click()

    assert layers_of_plates(page) == [{"taixin-2035/start-up-areas"}]
    rows = page.locator(".print-sheets [data-role='sheet-legend-row'][data-layer]")
    assert rows.evaluate_all("(nodes) => nodes.map((node) => node.dataset.layer)") == [
        "taixin-2035/start-up-areas"
    ]
