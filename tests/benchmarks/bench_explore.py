"""Building and opening the atlas beside ``GeoDataFrame.explore()``, on the same layers, in one run.

Run as ``python -m tests.benchmarks.bench_explore``. Both pages are made of the built layers of the
Taixin plan, opened by the same Chromium without a network, in turns, with an empty cache.

What is fair: explore draws without tiles, so neither page waits for a server. Its CDN files are
answered from memory as in `tests.benchmarks.bench_page`, which saves explore bytes, network and
parsing, so its real numbers are worse. The atlas draws more: base map, names, tree, legend.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import folium
from playwright.sync_api import sync_playwright

from taixin.atlas import Atlas
from tests import provide, samples
from tests.benchmarks import bench_page
from tests.benchmarks.bench_page import LEAFLET, PAINTED, Cdn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Browser

    from taixin.build import Layer

BUILDS, OPENINGS = 5, 9
# what counts as drawn: the page says so, or Leaflet has drawn the last of the layers; the names of
# the atlas, which come after the map, are not waited for, since explore has none
DRAWN = {
    "atlas": bench_page.DRAWN["atlas"],
    "explore": "document.querySelectorAll('path.leaflet-interactive').length >= {features}",
}


class Opening(NamedTuple):
    """When a page was first painted and when it was drawn, in ms after it was asked for."""

    painted_ms: float
    drawn_ms: float


def make_atlas(layers: Sequence[Layer], path: Path) -> None:
    """Write the atlas of some layers."""
    library, facts, _ = samples.own()
    Atlas(layers, library, facts).save(path)


def make_explore(layers: Sequence[Layer], path: Path) -> None:
    """Write what geopandas makes of the same layers, names and properties in the tooltip."""
    figure = folium.Map(tiles=None)
    for layer in layers:
        located = layer.frame[layer.frame.geometry.notna()]
        located.explore(m=figure, name=layer.recipe.title.zh, tiles=None)
    folium.LayerControl().add_to(figure)
    west, south, east, north = zip(*(layer.bbox for layer in layers if layer.bbox), strict=True)
    figure.fit_bounds([[min(south), min(west)], [max(north), max(east)]])
    figure.save(path)


def build_s(
    make: Callable[[Sequence[Layer], Path], None], layers: list[Layer], path: Path
) -> float:
    """Take the time of making a page."""
    start = time.perf_counter()
    make(layers, path)
    return time.perf_counter() - start


def open_page(browser: Browser, path: Path, condition: str, cdn: Cdn) -> Opening:
    """Open a page in a fresh context and take its times."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.route("**/*", cdn.answer)
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="load")
    page.evaluate(
        f"""() => new Promise((done) => {{
            const look = () => ({condition}) ? requestAnimationFrame(done) : setTimeout(look, 4);
            look();
        }})"""
    )
    drawn_ms = float(page.evaluate("performance.now()"))
    painted_ms = float(page.evaluate(PAINTED) or drawn_ms)
    context.close()
    return Opening(painted_ms, drawn_ms)


def openings(pages: dict[str, Path], features: int, cdn: Cdn) -> dict[str, list[Opening]]:
    """Open the pages in turns, so that a busy moment of the machine falls on both alike."""
    taken: dict[str, list[Opening]] = {name: [] for name in pages}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=provide.find_chromium(), args=provide.CHROMIUM_FLAGS
        )
        for number in range(OPENINGS + 1):
            for name, path in pages.items():
                condition = DRAWN[name].format(features=features)
                opening = open_page(browser, path, condition, cdn)
                if number:  # the first opening warms the browser up
                    taken[name].append(opening)
        browser.close()
    return taken


def main() -> None:
    """Measure and print both, and how many times as much explore takes."""
    layers = [layer for layer in samples.own()[2] if layer.plan.id == samples.TAIXIN]
    layers = [layer for layer in layers if layer.located and layer.recipe.visible]
    features = sum(len(layer.located) for layer in layers)
    makers = {"atlas": make_atlas, "explore": make_explore}
    with tempfile.TemporaryDirectory() as folder:
        pages = {name: Path(folder) / f"{name}.html" for name in makers}
        building: dict[str, list[float]] = {name: [] for name in makers}
        for _ in range(BUILDS):
            for name, make in makers.items():
                building[name].append(build_s(make, layers, pages[name]))
        cdn = Cdn()
        taken = openings(pages, features, cdn)
        sizes = {name: path.stat().st_size for name, path in pages.items()}
    sizes["explore"] += sum(cdn.served.values())
    rows = {
        "bytes (MB)": {name: size / 1e6 for name, size in sizes.items()},
        "build (s)": {name: statistics.median(times) for name, times in building.items()},
        "first paint (ms)": {
            name: statistics.median(each.painted_ms for each in times)
            for name, times in taken.items()
        },
        "drawn (ms)": {
            name: statistics.median(each.drawn_ms for each in times)
            for name, times in taken.items()
        },
    }
    print(f"{len(layers)} layers, {features} features; medians of {BUILDS} and {OPENINGS}")
    print(f"{'':<18}{'atlas':>10}{'explore':>10}  explore / atlas")
    for title, row in rows.items():
        ratio = row["explore"] / row["atlas"]
        print(f"{title:<18}{row['atlas']:>10.2f}{row['explore']:>10.2f}  {ratio:.2f}")


if __name__ == "__main__":
    if not LEAFLET.is_dir():
        sys.exit("bench_explore: build the viewer first, it needs Leaflet's npm package.")
    main()
