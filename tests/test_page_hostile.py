"""Hostile files dropped on the page, one after another: each is a sentence or read, none runs."""

from __future__ import annotations

import base64
from pathlib import PurePath
from typing import TYPE_CHECKING

from tests import hostile_files, samples
from tests.atlas_page import open_atlas, own_drawn, role
from tests.hostile_parts import PLACE
from tests.own_things import add, collection, feature, layers, open_tab

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

# the corpus stands in order of kinds, so that every fifth takes some of each
FIRST, STEP = 3, 5
DROP = """([name, text]) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    document.querySelector("[data-role=data-message]").textContent = "";
    const files = new DataTransfer();
    files.items.add(new File([bytes], name));
    for (const type of ["dragenter", "dragover", "drop"]) {
        const init = { bubbles: true, cancelable: true, dataTransfer: files };
        document.querySelector(".stage").dispatchEvent(new DragEvent(type, init));
    }
}"""
ANSWERED = """() => document.querySelector("[data-role=data-form]") ||
    document.querySelector("[data-role=data-message]").textContent"""
# what any script of a file would have left behind
MARKS = """() => [document.title, document.querySelectorAll("img[src=x], iframe, object").length,
    ({}).x === undefined, document.querySelector(".stage script") === null]"""


def drop(page: Page, name: str, content: bytes) -> str:
    """Drop a file, put it onto the map if the page offers that, and give what the page says."""
    page.evaluate(DROP, [name, base64.b64encode(content).decode()])
    page.wait_for_function(ANSWERED)
    if role(page, "data-form").count():
        role(page, "data-add").click()
        page.wait_for_function(
            "() => document.querySelector('[data-role=data-message]').textContent"
        )
    return role(page, "data-message").inner_text()


def drawn(page: Page) -> list[str | None]:
    """Give the shapes on the map that stand in the first own file."""
    shapes = page.locator("[data-own-layer]").first.evaluate("(node) => node.outerHTML")
    return [shapes, str(len(own_drawn(page)))]


def test_a_fifth_of_the_hostile_corpus_dropped_on_one_page(
    offline_page: OfflinePage, tmp_path: Path
) -> None:
    site = tmp_path / "index.html"
    site.write_text(samples.own_page(), encoding="utf-8", newline="\n")
    page = open_atlas(offline_page, site, (1440, 900))
    open_tab(page, "data")
    add(page, ("first.geojson", collection(feature("Point", list(PLACE), name="先有"))))
    before, marks = drawn(page), page.evaluate(MARKS)
    cases = list(hostile_files.cases().items())[FIRST::STEP]
    assert len(cases) >= 60
    assert {".csv", ".geojson", ".gpx", ".kml", ".kmz", ".zip"} <= {
        PurePath(name).suffix for name, _ in cases
    }

    read = []
    for name, (content, _) in cases:
        assert drop(page, name, content), name
        assert layers(page) in {1, 2}, name
        if layers(page) == 2:
            read.append(name)
            role(page.locator("[data-own-layer]").last, "own-remove").click()
        assert drawn(page) == before, name
        assert page.evaluate(MARKS) == marks, name

    assert 0 < len(read) < len(cases) / 2, read
    offline_page.assert_quiet()
