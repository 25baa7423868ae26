"""Tiles beside the page: shown, asked and switched where it is served, else explained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import samples
from tests.atlas_page import MAP, open_atlas, role, wait_until
from tests.browsing import OfflinePage
from tests.parcels import HOSTILE, SIDE, SOUTH, STEP, WEST, parcels
from tests.running import taixin
from tests.serving import Served, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

#: Adds up how much colour lies on the map, in whole pixels of the window.
INK = """() => {
    const copy = document.createElement("canvas");
    const context = copy.getContext("2d", { willReadFrequently: true });
    let sum = 0;
    for (const tile of document.querySelectorAll(".leaflet-taixin-tiles-pane canvas")) {
        if (!tile.width) continue;
        copy.width = tile.width;
        copy.height = tile.height;
        context.drawImage(tile, 0, 0);
        const { data } = context.getImageData(0, 0, tile.width, tile.height);
        const scale = tile.getBoundingClientRect().width / tile.width;
        for (let i = 3; i < data.length; i += 4) if (data[i] > 40) sum += scale * scale;
    }
    return sum;
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a site with a block of parcels as tiles."""
    folder = tmp_path_factory.mktemp("tiled")
    parcels().to_parquet(folder / "parcels.parquet")
    tiles = folder / "地块 1.pmtiles"
    assert taixin("tiles", folder / "parcels.parquet", "--out", tiles, "--title", "地块").code == 0
    built = taixin(
        *("build", "--plan", "taixin-2035", "--no-delivery", "--out", folder / "site"),
        *("--tiles", tiles, "--tiles", tiles),
    )
    assert "2 layers as tiles" in built.out
    return folder / "site"


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[Served]:
    """Serve the site."""
    running = started(site)
    yield running
    running.process.kill()
    running.process.communicate()


@pytest.fixture
def online(browser: Browser, served: Served) -> Iterator[OfflinePage]:
    """Give the served page, which may reach its own server and nothing else."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    own = f"http://127.0.0.1:{served.port}/"
    context.route(lambda url: not url.startswith(own), lambda route: route.abort())
    opened = OfflinePage(context.new_page())
    opened.page.goto(own)
    opened.page.wait_for_selector("html[data-ready='true']", state="attached")
    yield opened
    assert [url for url in opened.requests if not url.startswith(own)] == []
    assert (opened.console_errors, opened.page_errors, opened.violations) == ([], [], [])
    context.close()


def look(page: Page, zoom: float) -> None:
    """Look at the middle of the parcel in the middle of the block, and wait for its tiles."""
    lon, lat = WEST + (SIDE / 2 + 0.5) * STEP, SOUTH + (SIDE / 2 + 0.5) * STEP
    page.evaluate(f"{MAP}.setView([{lat}, {lon}], {zoom}, {{ animate: false }})")
    wait_until(page, f"({INK})() > 0")
    page.wait_for_load_state("networkidle")


def test_a_parcel_says_its_columns_as_text(online: OfflinePage) -> None:
    page = online.page
    look(page, 14)
    box = page.locator(".folium-map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    record = page.locator("[data-tiles-record]").first
    number = SIDE * (SIDE // 2) + SIDE // 2
    assert role(record, "tiles-name").inner_text() == f"1401{number:06d}"
    assert HOSTILE in record.inner_text()
    assert record.locator("img").count() == 0
    assert role(record, "tiles-source").inner_text() == "未说明"


def test_from_afar_the_block_is_as_large_as_it_is(online: OfflinePage) -> None:
    page = online.page
    page.locator("[data-tiles-toggle]").nth(1).uncheck()
    for zoom in (8, 10, 12):
        look(page, zoom)
        width = SIDE * STEP / 360 * 256 * 2**zoom
        height = width * 1.269  # degrees of latitude are longer on the map, at 38 degrees
        wait_until(page, f"Math.abs(({INK})() / {width * height} - 1) < 0.2")


def test_it_is_switched_and_faded(online: OfflinePage) -> None:
    page = online.page
    look(page, 12)
    page.locator("[data-tiles-opacity]").first.fill("0.3")
    layers = page.locator(".leaflet-taixin-tiles-pane .leaflet-layer")
    shown = layers.evaluate_all(
        "nodes => nodes.map((node) => [node.style.zIndex, node.style.opacity])"
    )
    assert sorted(shown) == [["1", "0.3"], ["2", "1"]]
    for number in range(2):
        page.locator("[data-tiles-toggle]").nth(number).uncheck()
    assert page.locator(".leaflet-taixin-tiles-pane canvas").count() == 0


def test_a_page_opened_as_a_file_says_what_it_needs(offline_page: OfflinePage, site: Path) -> None:
    page = open_atlas(offline_page, site / "index.html")
    assert "请运行：taixin serve" in role(page, "tiles-problem").first.inner_text()
    assert page.locator("[data-tiles-toggle]:disabled").count() == 2
    role(page, "language").click()
    assert "Run: taixin serve FOLDER" in role(page, "tiles-problem").first.inner_text()
    offline_page.assert_quiet()


def test_only_a_page_with_tiles_may_read_and_carries_the_renderer(site: Path) -> None:
    with_tiles = (site / "index.html").read_text(encoding="utf-8")
    assert "connect-src 'self'" in with_tiles
    assert "openTiles:" in with_tiles
    without = samples.taixin_page()
    assert "connect-src" not in without
    assert "openTiles:" not in without


def test_what_is_no_tiles_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pmtiles"
    for content, sentence in (
        (b"nothing", "it is no PMTiles file"),
        (b"PMTiles\x03" + b"\xff" * 88 + b"\x01\x02\x02\x01" + bytes(27), "its end is missing"),
        (b"PMTiles\x02" + bytes(119), "it is no PMTiles file of version 3"),
    ):
        broken.write_bytes(content)
        ended = taixin("build", "--out", tmp_path / "site", "--tiles", broken)
        assert (ended.code, sentence in ended.err) == (2, True), ended.err
    assert not (tmp_path / "site").exists()
