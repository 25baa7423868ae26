"""Tile base maps: none until one is chosen, from the named hosts only, quiet when they fail."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

import pytest

from tests.atlas_page import open_atlas, pixel_at, role
from tests.own_things import open_tab

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page, Route

    from tests.browsing import OfflinePage

HOSTS = {
    *(f"https://t{number}.tianditu.gov.cn" for number in range(8)),
    "https://tile.openstreetmap.org",
}
#: Land without a plan in the start view: east of Yuxian.
PAPER = (113.62, 38.2)
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==")
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page, opened and drawn."""
    return open_atlas(offline_page, site)


def choose(page: Page, name: str) -> None:
    open_tab(page, "base").locator(f"input[value='{name}']").check()
    page.wait_for_timeout(600)


def type_key(page: Page, key: str = KEY) -> None:
    role(open_tab(page, "base"), "base-key").fill(key)
    role(page, "base-key-save").click()


def asked(offline_page: OfflinePage) -> set[str]:
    """Give the hosts that the page asked for tiles."""
    found = (re.match(r"https?://[^/]+", url) for url in offline_page.requests)
    return {match.group() for match in found if match}


def answer_tiles(page: Page) -> None:
    """Stand in for the tile servers."""

    def fulfil(route: Route) -> None:
        route.fulfill(body=PIXEL, content_type="image/gif")

    page.context.set_offline(offline=False)
    page.context.route(re.compile(r"^https://(t\d\.tianditu\.gov\.cn|tile\.openstreetmap)"), fulfil)


def test_the_policy_names_exactly_the_tile_hosts(page: Page) -> None:
    policy = page.get_attribute("meta[http-equiv='Content-Security-Policy']", "content") or ""
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))

    assert set(rules["img-src"].split()) == {"data:", "blob:", *HOSTS}
    assert rules["worker-src"] == "blob:"
    assert rules["default-src"] == "'none'"
    assert "http" not in rules["script-src"] + rules["style-src"]


def test_nothing_is_asked_for_until_a_map_is_chosen(page: Page, offline_page: OfflinePage) -> None:
    open_tab(page, "base")
    type_key(page)
    page.reload()
    page.wait_for_selector("html[data-ready='true']", state="attached")
    open_tab(page, "base")
    page.wait_for_timeout(500)

    assert asked(offline_page) == set()
    assert page.locator("input[value='none']").is_checked()


def test_openstreetmap_shows_its_pictures_and_its_credit(
    page: Page, offline_page: OfflinePage
) -> None:
    answer_tiles(page)
    choose(page, "osm")

    assert asked(offline_page) == {"https://tile.openstreetmap.org"}
    assert page.locator("img.leaflet-tile-loaded").count()
    assert "OpenStreetMap contributors" in role(page, "tile-credit").inner_text()
    *_, opacity = pixel_at(page, *PAPER)
    assert opacity == 0
    choose(page, "none")
    assert not page.locator("img.leaflet-tile").count()
    assert not role(page, "tile-credit").is_visible()


def test_tianditu_needs_a_key_and_keeps_it_in_the_browser_only(
    page: Page, offline_page: OfflinePage
) -> None:
    answer_tiles(page)
    choose(page, "tdt-vec")
    assert "密钥" in role(page, "base-message").inner_text()
    assert asked(offline_page) == set()

    type_key(page)
    page.wait_for_timeout(600)
    assert asked(offline_page) <= HOSTS - {"https://tile.openstreetmap.org"}
    assert asked(offline_page)
    tiles = [url for url in offline_page.requests if "tianditu" in url]
    assert all(url.endswith(f"tk={KEY}") for url in tiles)
    assert {"vec", "cva"} == {re.search(r"LAYER=(\w+)", url).group(1) for url in tiles}  # type: ignore[union-attr]
    assert KEY not in page.url
    # the pictures' own addresses must carry it; nothing else on the page does
    rest = page.evaluate(
        """() => {
            const copy = document.documentElement.cloneNode(true);
            for (const tile of copy.querySelectorAll("img.leaflet-tile")) tile.remove();
            return copy.outerHTML;
        }"""
    )
    assert KEY not in rest
    assert page.evaluate("localStorage.getItem('taixin.tianditu-key')") == KEY
    role(page, "base-key-forget").click()
    assert page.evaluate("localStorage.getItem('taixin.tianditu-key')") is None


def test_imagery_is_another_layer(page: Page, offline_page: OfflinePage) -> None:
    answer_tiles(page)
    type_key(page)
    choose(page, "tdt-img")

    layers = {
        match.group(1) for url in offline_page.requests if (match := re.search(r"LAYER=(\w+)", url))
    }
    assert layers == {"img", "cia"}


def test_a_map_that_does_not_answer_is_one_quiet_notice(
    page: Page, offline_page: OfflinePage
) -> None:
    choose(page, "osm")

    message = role(page, "base-message")
    assert "没有响应" in message.inner_text()
    assert not offline_page.page_errors
    page.keyboard.press("Escape")
    *_, opacity = pixel_at(page, *PAPER)
    assert opacity == 255
    open_tab(page, "measure")
    assert page.locator("[data-measure='line']").is_enabled()


def test_the_base_map_tab_speaks_english(page: Page) -> None:
    role(page, "language").click()
    text = open_tab(page, "base").inner_text()

    assert not [letter for letter in text if "\u4e00" <= letter <= "\u9fff"]
