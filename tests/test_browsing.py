"""The offline page itself: what it is to notice, it notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browsing import OfflinePage


def written(folder: Path, body: str) -> Path:
    page = folder / "page.html"
    page.write_text(f"<!doctype html><meta charset='utf-8'>{body}", encoding="utf-8")
    return page


def test_a_page_that_needs_nothing_is_quiet(offline_page: OfflinePage, tmp_path: Path) -> None:
    page = offline_page.open(
        written(tmp_path, "<p>太忻</p><img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>")
    )
    assert page.inner_text("p") == "太忻"
    offline_page.assert_quiet()


LOUD = {
    "a tile from the network": "<img src='https://example.invalid/tile.png'>",
    "a file beside the page": "<script src='neighbour.js'></script>",
    "an error on the console": "<script>console.error('no')</script>",
    "a warning on the console": "<script>console.warn('careful')</script>",
    "an exception nobody caught": "<script>throw new Error('caught by nobody')</script>",
    "a style its policy forbids": (
        "<meta http-equiv='Content-Security-Policy' content=\"style-src 'none'\">"
        "<p style='color: red'>"
    ),
}


@pytest.mark.parametrize("body", LOUD.values(), ids=LOUD)
def test_a_page_that_is_not_quiet_is_found_out(
    body: str, offline_page: OfflinePage, tmp_path: Path
) -> None:
    offline_page.open(written(tmp_path, body))
    with pytest.raises(AssertionError):
        offline_page.assert_quiet()
    offline_page.page.wait_for_timeout(100)
    offline_page.violations.clear()


def test_what_a_policy_stops_is_recorded(offline_page: OfflinePage, tmp_path: Path) -> None:
    policy = "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\">"
    offline_page.open(written(tmp_path, f"{policy}<p onclick='alert(1)'><script>alert(2)</script>"))

    offline_page.page.wait_for_timeout(100)  # what is reported comes a moment later
    stopped = [line.split(" ")[0] for line in offline_page.violations]
    assert sorted(stopped) == ["script-src-attr", "script-src-elem"]
    offline_page.violations.clear()


def test_the_network_is_out_of_reach(offline_page: OfflinePage, tmp_path: Path) -> None:
    page = offline_page.open(written(tmp_path, ""))
    answer = page.evaluate("fetch('https://example.invalid/').then(() => 'reached', () => 'not')")
    assert answer == "not"
    assert offline_page.requests[1:] == ["https://example.invalid/"]
