"""All counties of the nation as a page, beside ``GeoDataFrame.explore()``, in one run.

Run as ``python -m tests.benchmarks.bench_national_page [COUNTIES]``. The outlines are those of
`tests.benchmarks.national`, at full resolution. Both pages are made from data in memory: explore's
of a GeoDataFrame with four columns beside the geometry, ours of loaded facts and plans, so that
building the layer is in its time. Explore's CDN is answered from memory, without a network.

First paint is the browser's word for it; our page also marks when its map was on the screen. All is
there once names are written and controls stand around the map. Heap and buffers are what the
browser's ``Runtime.getHeapUsage`` says after a collection of garbage: objects of JavaScript plus
the backing store of all typed arrays, for both pages alike. A zoom frame lasts from asking for a
zoom to the second frame after it.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import geopandas
import shapely
from playwright.sync_api import sync_playwright

from taixin.atlas import Atlas
from taixin.build import build_layers
from taixin.facts import load_facts
from taixin.plans import load_library
from tests import provide
from tests.benchmarks.bench_page import FLAGS, IDLE, MAP, MARKED, PAINTED, Cdn
from tests.benchmarks.national import COUNTIES, write_nation

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    from taixin.facts import Facts
    from taixin.plans import Library

OPENINGS: Final = 3
ZOOMS: Final = (5, 6, 7, 8, 10, 8, 6, 5)
DRAWN: Final = {
    "atlas": "document.documentElement.dataset.ready === 'true'",
    "explore": "document.querySelectorAll('path.leaflet-interactive').length >= {counties}",
}
ZOOM: Final = """async (zooms) => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const times = [];
    for (const zoom of zooms) {
        await frame();
        const start = performance.now();
        MAP.setView([34.5, 109.5], zoom, { animate: false });
        await frame();
        await frame();
        times.push(performance.now() - start);
    }
    return times;
}""".replace("MAP", MAP)


def only_counties(library: Library) -> Library:
    """Leave of the plan no more than its layer of all counties."""
    [plan] = library.plans
    systems = tuple(system for system in plan.systems if system.system == "counties")
    return replace(library, plans=(plan.model_copy(update={"systems": systems, "check": ()}),))


def make_atlas(library: Library, facts: Facts, path: Path) -> None:
    """Build the layer and write our page."""
    Atlas(build_layers(library, facts), library, facts).save(path)


def make_explore(frame: geopandas.GeoDataFrame, path: Path) -> None:
    """Write what geopandas makes of the counties."""
    frame.explore(tiles=None).save(path)


def frame_of(facts: Facts) -> geopandas.GeoDataFrame:
    """Give the counties as somebody with geopandas has them."""
    keys = ("adcode", "name_zh", "city", "area_km2")
    rows = [{key: fact.properties[key] for key in keys} for fact in facts.counties.facts]
    shapes = [fact.geometry for fact in facts.counties.facts]
    return geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def seconds(make: Callable[[], None]) -> float:
    """Take the seconds of the processor."""
    start = time.process_time()
    make()
    return time.process_time() - start


def measure(page: Page, url: str, condition: str) -> dict[str, float]:
    """Open a page, zoom it, and weigh it."""
    page.goto(url, wait_until="commit")
    look = IDLE.replace("DRAWN", condition).replace("NAMED", "true")
    drawn_ms, *_ = page.evaluate(look)
    painted_ms = page.evaluate(PAINTED) or drawn_ms
    mapped_ms = page.evaluate(MARKED, "taixin-map") or painted_ms
    frames = page.evaluate(ZOOM, list(ZOOMS))
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")
    return {
        "first paint (ms)": float(painted_ms),
        "map painted (ms)": float(mapped_ms),
        "all there (ms)": float(drawn_ms),
        "heap and buffers (MB)": (heap["usedSize"] + heap.get("backingStorageSize", 0)) / 1e6,
        "zoom frame, worst (ms)": max(frames),
        "zoom frame, median (ms)": statistics.median(frames),
    }


def opened(browser: Browser, pages: dict[str, Path], counties: int) -> dict[str, dict[str, float]]:
    """Open the pages in turns and take the medians."""
    cdn = Cdn()
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in pages}
    for number in range(OPENINGS + 1):
        for name, path in pages.items():
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            context.set_default_timeout(300_000)
            context.route("**/*", cdn.answer)
            told = measure(context.new_page(), path.as_uri(), DRAWN[name].format(counties=counties))
            if number:  # the first opening warms the browser up
                taken[name].append(told)
            context.close()
    return {
        name: {key: statistics.median(each[key] for each in times) for key in times[0]}
        for name, times in taken.items()
    }


def main() -> None:
    """Measure and print both, and how many times as much explore takes."""
    counties = int(sys.argv[1]) if len(sys.argv) > 1 else COUNTIES
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = Path(scratch)
        write_nation(folder, counties, counties)
        facts, library = load_facts(folder / "geo"), load_library(folder / "layers")
        library, frame = only_counties(library), frame_of(facts)
        pages = {"atlas": folder / "atlas.html", "explore": folder / "explore.html"}
        built = {
            "atlas": seconds(lambda: make_atlas(library, facts, pages["atlas"])),
            "explore": seconds(lambda: make_explore(frame, pages["explore"])),
        }
        browser = playwright.chromium.launch(executable_path=provide.find_chromium(), args=FLAGS)
        rows = {
            "bytes (MB)": {name: path.stat().st_size / 1e6 for name, path in pages.items()},
            "build (s of processor)": built,
        }
        taken = opened(browser, pages, counties)
        rows |= {key: {name: taken[name][key] for name in pages} for key in taken["atlas"]}
        vertices = int(shapely.get_num_coordinates(frame.geometry).sum())
        print(f"{counties} counties, {vertices} vertices; Chromium {browser.version}")
        print(f"{'':<26}{'atlas':>10}{'explore':>10}  explore / atlas")
        for title, row in rows.items():
            ratio = row["explore"] / row["atlas"]
            print(f"{title:<26}{row['atlas']:>10.2f}{row['explore']:>10.2f}  {ratio:.1f}")
        browser.close()


if __name__ == "__main__":
    main()
