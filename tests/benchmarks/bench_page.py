"""Opening and moving the atlas beside raw folium, on the same layers, in one run.

Run as ``python -m tests.benchmarks.bench_page``. Both pages hold all located features of all plans,
opened by the same Chromium without a network, in turns, each time with an empty cache. They are
measured twice: as the atlas opens, with the layers of one plan on, and with everything on.

What is fair: folium is ``folium.GeoJson`` a layer, without tiles, so neither page waits for a
server. Its CDN files are answered at once from memory: Leaflet with its npm package's files, what
Leaflet does not need to draw (jQuery, Bootstrap, icon fonts) with nothing. That saves folium bytes,
network and parsing, so its real numbers are worse. The atlas draws more: base map, names, symbols
with casings and error circles, tree, legend. What stands around the map and its names come after it
and have rows of their own, since folium has neither; the page marks when the map was on the screen
and when all around it was there. Memory is that of script, of buffers and of the browser's own
objects behind the page, from the same call for both; pixels of canvases and layers count for
neither.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import folium
from playwright.sync_api import sync_playwright

from taixin.atlas import Atlas
from tests import provide, samples

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

    from taixin.build import Layer

LEAFLET = samples.REPO / "src/taixin/viewer/node_modules/leaflet/dist"
BUILDS, OPENINGS, DRAGS = 1, 5, 2
FLAGS = (*provide.CHROMIUM_FLAGS, "--enable-precise-memory-info")
MAP = "window[document.querySelector('.folium-map').id]"
# what counts as drawn: nothing waits to be painted, or Leaflet has drawn the last of the layers
DRAWN = {
    "atlas": "document.querySelector('[data-role=atlas]') && taixin.isDrawn()",
    "folium": "document.querySelectorAll('path.leaflet-interactive').length >= {shapes}",
}
NAMED = {
    "atlas": "document.documentElement.dataset.ready === 'true'"
    " && document.documentElement.dataset.lettered === 'true'",
    "folium": "true",
}
#: When the map was painted; folium's is all that its page paints.
MARKED = """(name) => performance.getEntriesByName(name).map((mark) => mark.startTime)[0]"""
PAINTED = """() => performance.getEntriesByType("paint")
    .filter(({ name }) => name === "first-contentful-paint").map((paint) => paint.startTime)[0]"""
IDLE = """() => new Promise((done) => {
    const times = [];
    let asked = false;
    const look = () => {
        if (!asked && (asked = Boolean(DRAWN))) requestAnimationFrame(() => {
            times.push(performance.now());
            setTimeout(() => times.push(performance.now()), 0);
        });
        if (times.length > 1 && (NAMED)) done([...times, performance.now()]);
        else setTimeout(look, 4);
    };
    look();
})"""
ZOOM = """async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const until = async (done) => {
        do await frame(); while (!done());
    };
    const times = [];
    for (const step of [1, 1, -1, -1, 1, -1]) {
        await frame();
        const start = performance.now();
        MAP.setZoom(MAP.getZoom() + step, { animate: false });
        await until(() => DRAWN);
        await frame();
        const painted = performance.now() - start;
        await until(() => NAMED);
        times.push([painted, performance.now() - start]);
    }
    return times;
}""".replace("MAP", MAP)
FRAMES = """() => {
    window.frames_ms = [];
    let last = performance.now();
    const tick = (now) => {
        window.frames_ms.push(now - last);
        last = now;
        window.ticking = requestAnimationFrame(tick);
    };
    window.ticking = requestAnimationFrame(tick);
}"""
Times = dict[str, list[float]]


def make_atlas(path: Path) -> None:
    """Write the atlas of all plans."""
    library, facts, layers = samples.own()
    Atlas(layers, library, facts).save(path)


def make_folium(path: Path, *, everything: bool) -> None:
    """Write the same layers with folium alone; those the atlas hides at first can be hidden too."""
    layers = [layer for layer in samples.own()[2] if layer.located]
    figure = folium.Map(tiles=None)
    for layer in layers:
        located = layer.frame[layer.frame.geometry.notna()]
        group = folium.FeatureGroup(layer.recipe.title.zh, show=everything or is_first(layer))
        folium.GeoJson(located.to_json()).add_to(group)
        group.add_to(figure)
    folium.LayerControl().add_to(figure)
    shown = [layer.bbox for layer in layers if layer.bbox and is_first(layer)]
    west, south, east, north = zip(*shown, strict=True)
    figure.fit_bounds([[min(south), min(west)], [max(north), max(east)]])
    figure.save(path)


def is_first(layer: Layer) -> bool:
    """Tell whether the atlas opens with a layer on."""
    return layer.plan.id == samples.TAIXIN and layer.recipe.visible


class Cdn:
    """Answers a page's links from memory and counts the bytes."""

    def __init__(self) -> None:
        self.files = {path.name: path.read_bytes() for path in LEAFLET.glob("leaflet.[jc]s*")}
        self.served: dict[str, int] = {}

    def answer(self, route: Route) -> None:
        """Answer one request."""
        name = route.request.url.rsplit("/", 1)[-1]
        if route.request.url.startswith("file:"):
            route.continue_()
            return
        body = self.files.get(name, b"")
        self.served[name] = len(body)
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        route.fulfill(body=body, content_type=kind)


def filled(script: str, kind: str, shapes: int) -> str:
    """Put into a script what counts as drawn and as named on a page of a kind."""
    script = script.replace("DRAWN", DRAWN[kind].format(shapes=shapes))
    return script.replace("NAMED", NAMED[kind])


def measure(page: Page, url: str, kind: str, shapes: int) -> dict[str, float]:
    """Open a page, drag it about, zoom it, and give what that took."""
    page.goto(url, wait_until="load")
    drawn, free, named = page.evaluate(filled(IDLE, kind, shapes))
    mapped = page.evaluate(MARKED, "taixin-map") or drawn
    times = {
        "first paint (ms)": page.evaluate(PAINTED) or drawn,
        "map painted (ms)": mapped,
        "ready for input (ms)": max(mapped, page.evaluate(MARKED, "taixin-furnished") or free),
        "names written (ms)": named,
    }
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")
    times["JS heap (MB)"] = used["usedSize"] / 1e6
    buffers, objects = used.get("backingStorageSize", 0), used.get("embedderHeapUsedSize", 0)
    times["with buffers (MB)"] = (used["usedSize"] + buffers) / 1e6
    times["and page objects (MB)"] = (used["usedSize"] + buffers + objects) / 1e6
    page.evaluate(FRAMES)
    for number in range(DRAGS):
        page.mouse.move(640, 380)
        page.mouse.down()
        for step in range(1, 31):
            page.mouse.move(640 + (-1) ** number * 8 * step, 380 + 2 * step)
        page.mouse.up()
        page.wait_for_timeout(400)
    frames = page.evaluate(
        "() => { cancelAnimationFrame(window.ticking); return window.frames_ms; }"
    )
    times["pan frame, median (ms)"] = statistics.median(frames)
    times["pan frame, 95 % (ms)"] = statistics.quantiles(frames, n=20)[-1]
    steps = page.evaluate(filled(ZOOM, kind, shapes))
    times["zoom step, median (ms)"] = statistics.median(painted for painted, _ in steps)
    times["zoom step, worst (ms)"] = max(painted for painted, _ in steps)
    times["zoom step, named (ms)"] = statistics.median(named for _, named in steps)
    return times


def compared(browser: Browser, pages: dict[str, str], shapes: int, cdn: Cdn) -> dict[str, Times]:
    """Measure the pages in turns, so that a busy moment of the machine falls on both alike."""
    taken: dict[str, Times] = {name: {} for name in pages}
    for number in range(OPENINGS + 1):
        for name, url in pages.items():
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            context.route("**/*", cdn.answer)
            times = measure(context.new_page(), url, name, shapes)
            context.close()
            if number:  # the first opening warms the browser up
                for row, value in times.items():
                    taken[name].setdefault(row, []).append(value)
    return taken


def shapes_of(path: Path, browser: Browser, cdn: Cdn) -> int:
    """Count the paths and markers that a page of folium draws once it is done."""
    page = browser.new_page()
    page.route("**/*", cdn.answer)
    page.goto(path.as_uri(), wait_until="load")
    page.wait_for_timeout(4000)
    count: int = page.evaluate("document.querySelectorAll('path.leaflet-interactive').length")
    page.close()
    return count


def print_table(title: str, rows: dict[str, dict[str, float]]) -> None:
    """Print both, and how many times as much folium takes."""
    print(f"\n{title}\n{'':<24}{'atlas':>10}{'folium':>10}  folium / atlas")
    for name, row in rows.items():
        ratio = row["folium"] / row["atlas"]
        print(f"{name:<24}{row['atlas']:>10.2f}{row['folium']:>10.2f}  {ratio:.2f}")


def main() -> None:
    """Measure and print."""
    plans = [plan.id for plan in samples.own()[0].plans]
    everything = "#layers=" + ";".join(f"{plan}:*" for plan in plans)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=provide.find_chromium(), args=FLAGS)
        print(f"Chromium {browser.version}; medians of {OPENINGS} openings")
        atlas = Path(folder) / "atlas.html"
        for title, address, full in (
            ("as it opens", "", False),
            ("everything on", everything, True),
        ):
            plain = Path(folder) / f"folium-{full}.html"
            building: Times = {"atlas": [], "folium": []}
            for _ in range(BUILDS):
                start = time.perf_counter()
                make_atlas(atlas)
                building["atlas"].append(time.perf_counter() - start)
                start = time.perf_counter()
                make_folium(plain, everything=full)
                building["folium"].append(time.perf_counter() - start)
            cdn = Cdn()
            shapes = shapes_of(plain, browser, cdn)
            size = {"atlas": atlas.stat().st_size / 1e6}
            size["folium"] = (plain.stat().st_size + sum(cdn.served.values())) / 1e6
            pages = {"atlas": atlas.as_uri() + address, "folium": plain.as_uri()}
            taken = compared(browser, pages, shapes, cdn)
            rows = {
                "bytes (MB)": size,
                "build (s)": {name: statistics.median(times) for name, times in building.items()},
            }
            for row in taken["atlas"]:
                rows[row] = {name: statistics.median(times[row]) for name, times in taken.items()}
            print_table(f"{title}: {shapes} paths of folium", rows)
        browser.close()


if __name__ == "__main__":
    if not LEAFLET.is_dir():
        sys.exit("bench_page: build the viewer first, it needs Leaflet's npm package.")
    main()
