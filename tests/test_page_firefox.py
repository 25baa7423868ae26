"""The page in Firefox: opened from a file, searched, its cards, its sheet."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests import provide, samples
from tests.atlas_page import MAP
from tests.firefox import Firefox, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTER, ESCAPE = "\ue007", "\ue00c"
SIZE = (1440, 900)


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Start one Firefox with the page of all plans open."""
    program = provide.find_firefox()
    if program is None:
        pytest.skip("no Firefox here; as root, `python -m tests` installs it")
    path: Path = tmp_path_factory.mktemp("site") / "index.html"
    path.write_text(samples.own_page(), encoding="utf-8", newline="\n")
    with started(program, tmp_path_factory.mktemp("firefox")) as browser:
        browser.open(path, SIZE)
        yield browser


def role(name: str) -> str:
    return f"document.querySelector('[data-role=\"{name}\"]')"


def test_the_page_opens_and_draws_its_plan(firefox: Firefox) -> None:
    layers = f"taixin.drawn({MAP})"
    areas = "({ layer }) => layer === 'taixin-2035/start-up-areas'"
    assert firefox.run(f"{layers}.find({areas}).features.length") == 11
    assert firefox.run("document.querySelectorAll('text[data-label]').length") > 30
    picture = Image.open(io.BytesIO(firefox.picture()))
    assert picture.size == SIZE
    # a map has far more shades than an empty page
    assert len(picture.convert("RGB").getcolors(1_000_000) or []) > 1000


def test_search_finds_by_pinyin_and_opens_the_card(firefox: Firefox) -> None:
    firefox.press("/")
    firefox.press("dayuzhen")
    firefox.wait_until("document.querySelectorAll('[data-found]').length > 0")
    firefox.press(ENTER)
    firefox.wait_until(f"{role('card-name')} && {role('card-name')}.checkVisibility()")

    assert "大盂" in firefox.run(f"{role('card-name')}.textContent")


def test_a_click_on_the_map_opens_a_card_and_english_is_one_click_away(firefox: Firefox) -> None:
    firefox.click("[data-role='card-close']")
    firefox.click("[data-role='whole']")
    firefox.click(".folium-map")
    firefox.wait_until(f"{role('card-name')} && {role('card-name')}.checkVisibility()")
    firefox.click("[data-role='language']")
    name = firefox.run(f"{role('card-name')}.textContent")

    assert name
    assert not re.search("[\u4e00-\u9fff]", name)
    firefox.click("[data-role='language']")


def test_a_sheet_is_previewed_and_printed(firefox: Firefox) -> None:
    firefox.click("[data-role='open-print']")
    firefox.wait_until(f"{role('print-preview')}.querySelector('svg.sheet-page')")
    texts = f"{role('print-preview')}.querySelectorAll('.plate-names text').length"

    assert firefox.run(texts) > 30
    pdf = firefox.printed(29.7, 21.0)
    assert pdf.startswith(b"%PDF")
    # a blank page is a few kilobytes
    assert len(pdf) > 100_000
    firefox.press(ESCAPE)


def test_nothing_went_wrong_and_nothing_was_asked_for(firefox: Firefox) -> None:
    asked = [url for url in firefox.requests if not url.startswith(("file:", "data:", "blob:"))]
    assert (asked, firefox.said) == ([], [])
