"""Checking a file of many parcels into a table: parcels a second, and memory beside their number.

Run as ``python -m tests.benchmarks.bench_batch [PARCELS]... [-- OPTION...]``; what follows ``--``
goes to ``taixin check``. The command runs as its users run it, from a GeoPackage to a Parquet
table, with every answer; its memory is that of all its processes at once, shared pages counted
once.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyogrio.raw
import shapely
from pyarrow import parquet

from tests.benchmarks.bench_screening import parcels

COUNTS = (20_000, 100_000)
EVERY_S = 0.25


def memory_mb(group: int) -> float:
    """Sum up the memory of a group of processes, what they share divided among them."""
    total_kb = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[2]) == group:
                rollup = (folder / "smaps_rollup").read_text()
                total_kb += int(rollup.split("Pss:", 1)[1].split()[0])
        except (OSError, IndexError):  # it ended meanwhile
            continue
    return total_kb / 1024


def watched(command: list[str]) -> tuple[float, float]:
    """Run a command; give its seconds and the most memory it took."""
    start = time.perf_counter()
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    most_mb = [0.0]

    def watch() -> None:
        while process.poll() is None:
            most_mb[0] = max(most_mb[0], memory_mb(process.pid))
            time.sleep(EVERY_S)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    watcher.join()
    if code:
        raise SystemExit(code)
    return time.perf_counter() - start, most_mb[0]


def main() -> None:
    """Check files of parcels, one size after the other."""
    given = sys.argv[1:]
    cut = given.index("--") if "--" in given else len(given)
    counts = [int(word) for word in given[:cut]] or COUNTS
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            sites, table = Path(folder) / "sites.gpkg", Path(folder) / "table.parquet"
            pyogrio.raw.write(
                sites,
                geometry=shapely.to_wkb(parcels(count)),
                field_data=[],
                fields=[],
                geometry_type="Polygon",
                crs="EPSG:4326",
            )
            command = [sys.executable, "-m", "taixin.cli", "check", str(sites), "--out", str(table)]
            seconds, most_mb = watched([*command, "--limits", "100", *given[cut + 1 :]])
            rows = parquet.ParquetFile(table).metadata.num_rows
            speed = f"{count / seconds:7.0f} parcels/s {rows / seconds:9.0f} rows/s"
            print(f"{count:8} parcels {rows:10} rows {seconds:8.1f} s {speed} {most_mb:6.0f} MB")
            sites.unlink()


if __name__ == "__main__":
    main()
