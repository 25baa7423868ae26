"""Parcels as tiles: cut, served, opened and dragged, beside GDAL's own writer of PMTiles.

Run as ``python -m tests.benchmarks.bench_tiles [PARCELS] [GDAL]``: so many parcels through
``taixin tiles``, from GeoParquet, and a smaller number through both, since GDAL takes long. GDAL
writes the same zoom levels with its defaults, which leave out what makes a tile too large; ours
leaves out nothing. Memory is that of all processes at once. The page is opened by Chromium from
``taixin serve`` at the zoom level that shows everything, then dragged there and further in.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyogrio
from playwright.sync_api import sync_playwright

from taixin.tilesets import read_tileset
from tests import provide
from tests.atlas_page import MAP
from tests.benchmarks.bench_batch import watched
from tests.benchmarks.bench_page import FRAMES
from tests.benchmarks.bench_screening import parcels
from tests.running import taixin
from tests.serving import started

if TYPE_CHECKING:
    from playwright.sync_api import Page

CODES = ("0101", "0103", "0201", "0301", "0307", "0401", "0601", "0702", "1001", "1101")
FIRST_TILE = """() => new Promise((done) => {
    const look = () => [...document.querySelectorAll(".leaflet-taixin-tiles-pane canvas")]
        .some(({ width }) => width) ? done(performance.now()) : setTimeout(look, 4);
    look();
})"""
PENDING = ".leaflet-taixin-tiles-pane canvas:not(.leaflet-tile-loaded)"
ALL_TILES = f"() => !document.querySelector('{PENDING}')"
# what GDAL is asked to do in a process of its own
GDAL = """import sys, geopandas, pyogrio
frame = geopandas.read_parquet(sys.argv[1])
pyogrio.write_dataframe(frame, sys.argv[2], driver="PMTiles", MINZOOM=0, MAXZOOM=sys.argv[3])"""


def write_parcels(path: Path, count: int) -> None:
    """Write parcels with a number, a code of land use and an area."""
    frame = geopandas.GeoDataFrame(
        {
            "地块编号": [f"1401{number:08d}" for number in range(count)],
            "地类编码": [CODES[number % len(CODES)] for number in range(count)],
            "面积": np.arange(count) * 7 % 99_000 + 1000,
        },
        geometry=parcels(count),
        crs="EPSG:4490",
    )
    frame.to_parquet(path, row_group_size=20_000)


def cut(folder: Path, count: int) -> Path:
    """Cut parcels into tiles and print what that took."""
    source, out = folder / f"{count}.parquet", folder / f"{count}.pmtiles"
    write_parcels(source, count)
    command = [sys.executable, "-m", "taixin.cli", "tiles", str(source), "--out", str(out)]
    tell("taixin", count, watched(command), out)
    return out


def cut_with_gdal(folder: Path, count: int, deepest: int) -> None:
    """Do the same with GDAL."""
    out = folder / f"gdal-{count}.pmtiles"
    arguments = [str(folder / f"{count}.parquet"), str(out), str(deepest)]
    tell("GDAL", count, watched([sys.executable, "-c", GDAL, *arguments]), out)
    kept = pyogrio.read_dataframe(out, columns=["地块编号"], read_geometry=False)
    print(f"         {kept['地块编号'].nunique()} of them are in its deepest tiles")


def tell(name: str, count: int, took: tuple[float, float, float], out: Path) -> None:
    """Print a line of the table."""
    seconds, busy, memory_mb = took
    spent = f"{seconds:7.1f} s, {busy:.1f} s of processors, {memory_mb:.0f} MB"
    print(f"{name:<8} {count:8d} parcels {spent}, file {out.stat().st_size / 1e6:.1f} MB")


def dragged(page: Page) -> list[float]:
    """Drag the map about and give the times between frames."""
    page.evaluate(FRAMES)
    for number in range(3):
        page.mouse.move(640, 380)
        page.mouse.down()
        for step in range(1, 31):
            page.mouse.move(640 + (-1) ** number * 8 * step, 380 + 2 * step)
        page.mouse.up()
    times: list[float] = page.evaluate("() => (cancelAnimationFrame(ticking), frames_ms)")
    return times


def opened(site: Path) -> None:
    """Open the page and print how long it took until the first tile, and how the map moves."""
    served = started(site)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=provide.find_chromium(), args=provide.CHROMIUM_FLAGS
            )
            firsts = []
            for _ in range(3):
                page = browser.new_page(viewport={"width": 1366, "height": 768})
                page.goto(f"http://127.0.0.1:{served.port}/", wait_until="commit")
                page.wait_for_selector("html[data-ready='true']", state="attached")
                ready = page.evaluate("performance.now()")
                firsts.append((page.evaluate(FIRST_TILE), ready))
                page.wait_for_function(ALL_TILES)
            first, ready = map(statistics.median, zip(*firsts, strict=True))
            print(f"opened: page drawn {ready:.0f} ms, first tile {first:.0f} ms")
            for zoom in (8, 10, 12, 15):
                start = time.perf_counter()
                page.evaluate(f"{MAP}.setView([38.5, 113], {zoom}, {{ animate: false }})")
                page.wait_for_timeout(50)
                page.wait_for_function(ALL_TILES)
                filled = time.perf_counter() - start
                frames = dragged(page)
                middle, worst = np.percentile(frames, [50, 95])
                moved = f"frames {middle:.0f} / {worst:.0f} ms"
                print(f"zoom {zoom:2d}: filled {filled:.2f} s, {moved}")
            browser.close()
    finally:
        served.process.kill()
        served.process.communicate()


def main() -> None:
    """Cut, compare, serve, open."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    fewer = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cut_with_gdal(folder, fewer, read_tileset(cut(folder, fewer)).max_zoom)
        tiles = cut(folder, count)
        site = folder / "site"
        options = ("--plan", "taixin-2035", "--no-delivery", "--tiles", tiles, "--out", site)
        assert taixin("build", *options).code == 0
        opened(site)


if __name__ == "__main__":
    main()
