"""Pictures of the page in the windows people have: none is blank, and what matters lies free."""

from __future__ import annotations

import io
import itertools
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from PIL import Image

from tests.atlas_page import box_of, click_at, look_at, open_atlas, overlap, role

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

TAIYUAN = (112.55, 37.87)
SIZES = {
    "start": (1440, 900),
    "wide": (1920, 1080),
    "phone": (390, 844),
    "small-phone": (360, 740),
    "large-screen": (3840, 2160),
}
#: What must not lie over each other, by its role.
FURNITURE = ("header", "themes", "map-tools", "scale", "readout", "legend", "footer")


def taken(page: Page, folder: Path, name: str) -> Image.Image:
    """Take a picture of the window, keep it for who wants to look, and give it."""
    page.wait_for_timeout(600)
    path = folder / f"{name}.png"
    page.screenshot(path=path)
    return Image.open(path).convert("RGB")


def assert_is_map(picture: Image.Image) -> None:
    """Assert that something is drawn all over a picture: many shades in each of its quarters."""
    width, height = picture.size
    for x, y in itertools.product((0, width // 2), (0, height // 2)):
        quarter = picture.crop((x, y, x + width // 2, y + height // 2))
        colours = quarter.getcolors(width * height) or []
        assert len(colours) > 200, f"the quarter at {x}, {y} is nearly blank"


@pytest.mark.parametrize("name", SIZES)
def test_a_window_is_filled_and_nothing_covers_anything(
    name: str, offline_page: OfflinePage, site: Path, tmp_path: Path
) -> None:
    page = open_atlas(offline_page, site, SIZES[name])
    role(page, "hint-done").click()
    picture = taken(page, tmp_path, name)

    assert picture.size == SIZES[name]
    assert_is_map(picture)
    shown = {part: box_of(page, part) for part in FURNITURE if role(page, part).first.is_visible()}
    assert {*shown} >= {"header", "themes", "map-tools", "scale", "footer"}
    pairs = itertools.combinations(shown, 2)
    assert [pair for pair in pairs if overlap(shown[pair[0]], shown[pair[1]])] == []
    offline_page.assert_quiet()


def test_taiyuan_from_near_with_a_card(
    offline_page: OfflinePage, site: Path, tmp_path: Path
) -> None:
    page = open_atlas(offline_page, site, SIZES["start"])
    role(page, "hint-done").click()
    look_at(page, *TAIYUAN, 10.5)
    click_at(page, *TAIYUAN, 10.5)
    role(page, "card").locator("article").wait_for()
    assert_is_map(taken(page, tmp_path, "taiyuan"))
    names = set(page.locator("text[data-label]").all_text_contents())

    assert {"太原（一核）", "古交市", "尖草坪区"} <= names
    assert not overlap(box_of(page, "card"), box_of(page, "legend"))


def test_a_printed_sheet_as_a_picture(
    offline_page: OfflinePage, site: Path, tmp_path: Path
) -> None:
    page = open_atlas(offline_page, site, SIZES["start"])
    role(page, "open-print").click()
    role(page, "print-preview").locator("svg").first.wait_for()
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    picture = document[0].render(scale=2).to_pil().convert("RGB")
    picture.save(tmp_path / "sheet.png")
    words = document[0].get_textpage().get_text_bounded()

    assert len(document) == 1
    # A4 lying, at twice 72 dots to the inch
    assert picture.size == pytest.approx((1684, 1190), abs=4)
    width, height = picture.size
    middle = picture.crop((width // 8, height // 5, width // 2, height * 3 // 4))
    assert len(middle.getcolors(width * height) or []) > 1000
    for word in ("太忻规划图集", "图例", "比例尺", "内部工作图，未经审核", "中央经线"):
        assert word in "".join(words.split())
