"""How building grows with the plans: from the first plan alone to all of them.

Run as ``python -m tests.benchmarks.bench_build``. Each step is the command itself, with and
without the delivery kit, and checks the plans as well. The peer is the first plan alone. Links from
plan to plan are left out, since they have nothing to point at until the last plan is there.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests import samples

LINKS = re.compile(r"^\s*see_also = \[[^\]]*\]\n", re.MULTILINE)


def build(plans: Path, out: Path, *options: str) -> tuple[float, int]:
    """Build the atlas of a folder of plans; return the seconds and the number of features."""
    command = [
        sys.executable,
        "-m",
        "taixin.cli",
        "build",
        "--plans",
        str(plans),
        "--out",
        str(out),
    ]
    start = time.perf_counter()
    result = subprocess.run([*command, *options], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    features = re.search(r"(\d+) features", result.stdout)
    assert features
    return seconds, int(features[1])


def without_links(plans: Path) -> Path:
    """Take the links to other plans out of a folder of copied plans."""
    for path in plans.glob("*/*.toml"):
        text = path.read_text(encoding="utf-8")
        path.write_text(LINKS.sub("", text), encoding="utf-8", newline="\n")
    return plans


def main() -> None:
    """Add one plan after another, in the order of the atlas, and print what each step took."""
    identifiers = [plan.id for plan in samples.own()[0].plans]
    first: tuple[float, int] | None = None
    with tempfile.TemporaryDirectory() as scratch:
        for count in range(1, len(identifiers) + 1):
            folder = Path(scratch) / str(count)
            plans = without_links(samples.copy_plans(folder / "layers", identifiers[:count]))
            seconds, features = build(plans, folder / "page", "--no-delivery")
            whole, _ = build(plans, folder / "all")
            first = first or (seconds, features)
            print(
                f"{count} plans, {features:4} features: page and data {seconds:5.1f} s,"
                f" with the delivery kit {whole:5.1f} s;"
                f" {features / first[1]:4.1f} times the features"
                f" in {seconds / first[0]:4.1f} times the time",
                flush=True,
            )


if __name__ == "__main__":
    main()
