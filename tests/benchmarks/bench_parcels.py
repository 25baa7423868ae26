"""Land parcels in one page: 100,000 beside ``folium.GeoJson`` with a style function, and a million.

Run as ``python -m tests.benchmarks.bench_parcels [--alone] [PARCELS ...]``. Both are ordinary
folium maps with one layer, ours `taixin.Survey`; parcels are those of `bench_screening`, coloured
by one of eight uses. Folium's CDN is answered from memory. With ``--alone`` folium is left out: a
million is more than it can draw.

First paint is when the first parcels are on the screen, drawn when all of them are.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import folium
import geopandas
import numpy as np
from playwright.sync_api import sync_playwright

import taixin
from tests import provide
from tests.benchmarks.bench_page import FLAGS, IDLE, Cdn
from tests.benchmarks.bench_screening import REGION, parcels

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Browser

USES: Final = ("水田", "旱地", "果园", "林地", "草地", "住宅", "工业", "道路")
COLOURS: Final = dict(
    zip(
        USES,
        ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#bbbbbb", "#222255"),
        strict=True,
    )
)
#: What each page says once the first parcels, and once all of them, are drawn.
FIRST: Final = {
    "taixin": "window.taixin && taixin.drawn().length && taixin.isDrawn()",
    "folium": "document.querySelectorAll('path.leaflet-interactive').length",
}
ALL: Final = {
    "taixin": "taixin.drawn().length >= {sets} && taixin.isDrawn()",
    "folium": "document.querySelectorAll('path.leaflet-interactive').length >= {count}",
}
TIMEOUT_MS: Final = 900_000


def table(count: int) -> geopandas.GeoDataFrame:
    """Make parcels with a code and a use."""
    uses = np.array(USES)[np.random.default_rng(5).integers(0, len(USES), count)]
    codes = [f"{number:09d}" for number in range(count)]
    return geopandas.GeoDataFrame(
        {"code": codes, "use": uses}, geometry=parcels(count), crs="EPSG:4326"
    )


def blank() -> folium.Map:
    """Make a map of the parcels' region without tiles."""
    west, south, east, north = REGION
    figure = folium.Map(tiles=None)
    figure.fit_bounds([[south, west], [north, east]])
    return figure


def make_ours(frame: geopandas.GeoDataFrame, path: Path) -> int:
    """Write our page; give how many sets of parcels it draws."""
    survey = taixin.Survey(
        frame,
        title={"zh": "地类图斑", "en": "Land parcels"},
        source={"attribution": "Synthetic", "licence": "CC0-1.0"},
        accuracy_m=5,
        fill="use",
        colours=COLOURS,
    )
    survey.add_to(figure := blank())
    figure.save(path)
    return int(survey.packed.about["chunks"]) * len(USES)


def make_folium(frame: geopandas.GeoDataFrame, path: Path) -> None:
    """Write what folium makes of them."""

    def style(feature: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
        colour = COLOURS[feature["properties"]["use"]]
        return {"fillColor": colour, "color": "#555555", "weight": 0.5, "fillOpacity": 0.6}

    folium.GeoJson(frame.to_json(), style_function=style).add_to(figure := blank())
    figure.save(path)


def seconds(make: Callable[[], object]) -> float:
    """Take the seconds of the processor."""
    start = time.process_time()
    make()
    return time.process_time() - start


def opened(browser: Browser, path: Path, conditions: tuple[str, str]) -> tuple[float, float]:
    """Open a page and say when its first parcels and all of them were drawn, in ms."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    context.set_default_timeout(TIMEOUT_MS)
    context.route("**/*", Cdn().answer)
    page = context.new_page()
    page.goto(path.as_uri(), wait_until="commit")
    first, drawn = (
        page.evaluate(IDLE.replace("DRAWN", condition).replace("NAMED", "true"))[0]
        for condition in conditions
    )
    context.close()
    return float(first), float(drawn)


def measure(count: int, browser: Browser, folder: Path, *, alone: bool) -> None:
    """Make and open the pages of so many parcels, and print."""
    frame = table(count)
    sets = 0

    def ours() -> None:
        nonlocal sets
        sets = make_ours(frame, folder / "taixin.html")

    built = {"taixin": seconds(ours)}
    print(f"{count} parcels; memory at most so far {_peak_mb():.0f} MB, the table among it")
    if not alone:
        built["folium"] = seconds(lambda: make_folium(frame, folder / "folium.html"))
    for name, busy in built.items():
        path = folder / f"{name}.html"
        conditions = FIRST[name], ALL[name].format(sets=sets, count=count)
        first, drawn = opened(browser, path, conditions)
        size = path.stat().st_size / 1e6
        print(
            f"{name:<8} {size:8.1f} MB, built in {busy:6.1f} s of processor, "
            f"first paint {first:8.0f} ms, drawn {drawn:8.0f} ms",
            flush=True,
        )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def main() -> None:
    """Measure each number of parcels."""
    words = sys.argv[1:]
    alone = "--alone" in words
    counts = [int(word) for word in words if word != "--alone"] or [100_000]
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=provide.find_chromium(), args=FLAGS)
        print(f"Chromium {browser.version}")
        for count in counts:
            measure(count, browser, Path(scratch), alone=alone)
        browser.close()


if __name__ == "__main__":
    main()
