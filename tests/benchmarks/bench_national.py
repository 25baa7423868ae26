"""How a plan of a nation builds: whether time and memory grow as its counties and sites do.

Run as ``python -m tests.benchmarks.bench_national [COUNTIES,SITES ...]``. Facts and recipes are
those of `tests.benchmarks.national`, written before the clock starts. Every size has a process of
its own. Seconds are those of the processor, since machines have other work to do; memory is the
most the process had held when a step was done. The last tables say what each further county and
each further site takes: where building is linear their rows stay flat.
"""

from __future__ import annotations

import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from taixin import audit, files, manifest
from taixin.atlas import Atlas
from taixin.build import build_layers
from taixin.facts import load_facts
from taixin.plans import load_library
from tests.benchmarks.national import COUNTIES, SITES

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Steps = dict[str, tuple[float, float]]

SIZES: Final = (
    *((250, 1_000), (700, 1_000), (1_400, 1_000), (COUNTIES, 1_000)),
    *((250, 10_000), (250, SITES), (COUNTIES, SITES)),
)


class Clock:
    """Takes seconds and memory of one step after the other."""

    def __init__(self) -> None:
        self.steps: Steps = {}

    def take(self, name: str, step: Callable[[], T]) -> T:
        """Carry out a step."""
        start = time.process_time()
        done = step()
        seconds = time.process_time() - start
        most_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        self.steps[name] = (seconds, most_mb)
        return done


def measure(folder: Path) -> Steps:
    """Build everything of a folder, step by step."""
    clock = Clock()
    facts = clock.take("facts read", lambda: load_facts(folder / "geo"))
    library = clock.take("plans read", lambda: load_library(folder / "layers"))
    layers = clock.take("layers built", lambda: build_layers(library, facts))
    found = clock.take("audit", lambda: audit.audit(library, layers, facts))
    if any(item.severity == "error" for item in found):
        sys.exit(f"bench_national: {[item.id for item in found if item.severity == 'error'][:5]}")
    clock.take("GeoJSON text", lambda: [layer.text for layer in layers])
    clock.take("list", lambda: manifest.plan_list(layers))
    clock.take("catalog", lambda: manifest.catalog(layers, library, facts))
    atlas = clock.take("manifest and base", lambda: Atlas(layers, library, facts, findings=found))
    page = clock.take("page", atlas.html)
    files.write_text(folder / "index.html", page)
    return clock.steps


def measured(counties: int, sites: int) -> Steps:
    """Write a nation and measure it in a process of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        run = [sys.executable, "-m"]
        size = (scratch, str(counties), str(sites))
        subprocess.run([*run, "tests.benchmarks.national", *size], check=True)
        command = [*run, "tests.benchmarks.bench_national", "--folder", scratch]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: Steps = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure every size and print seconds, memory and time by size."""
    sizes = [tuple(map(int, word.split(","))) for word in sys.argv[1:]] or list(SIZES)
    taken: dict[tuple[int, ...], Steps] = {}
    for counties, sites in sizes:
        steps = measured(counties, sites)
        taken[(counties, sites)] = steps
        total = sum(seconds for seconds, _ in steps.values())
        print(f"\n{counties} counties, {sites} sites: {total:.1f} s")
        for name, (seconds, most_mb) in steps.items():
            print(f"  {name:<20}{seconds:8.2f} s {most_mb:8.0f} MB", flush=True)
    for which, noun in enumerate(("county", "site")):
        print_growth(which, noun, taken)


def print_growth(which: int, noun: str, taken: dict[tuple[int, ...], Steps]) -> None:
    """Print what each further county, or site, takes from one size to the next."""
    rest = 1 - which
    ordered = sorted(taken, key=lambda size: (size[rest], size[which]))
    pairs = [pair for pair in itertools.pairwise(ordered) if pair[0][rest] == pair[1][rest]]
    if not pairs:
        return
    print(f"\nms for each further {noun}\n{'':<20}", end="")
    print("".join(f"{f'{less[which]} to {more[which]}':>18}" for less, more in pairs))
    for name in next(iter(taken.values())):
        values = (
            1e3 * (taken[more][name][0] - taken[less][name][0]) / (more[which] - less[which])
            for less, more in pairs
        )
        print(f"{name:<20}" + "".join(f"{value:18.3f}" for value in values))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--folder"]:
        print(json.dumps(measure(Path(sys.argv[2]))))
    else:
        main()
