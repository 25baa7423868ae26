"""Checking a file of many parcels into a table: parcels a second, and memory beside their number.

Run as ``python -m tests.benchmarks.bench_batch [PARCELS]... [-- OPTION...]``; what follows ``--``
goes to ``taixin check``. The command runs as its users run it, from a GeoPackage to a Parquet
table, with every answer; its memory is that of all its processes at once.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pyogrio.raw
import shapely
from pyarrow import parquet

from tests.benchmarks.bench_screening import parcels

COUNTS = (10_000, 100_000, 1_000_000)
EVERY_S = 0.25


@dataclass(slots=True)
class Memory:
    """What a group of processes takes at one time: their own, and each mapped file once.

    A library that two of the processes have loaded counts once, and wholly: the kernel's
    proportional size (PSS) would divide it by all processes of the machine that have it loaded.
    """

    own_kb: int = 0
    mapped_kb: dict[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def all_mb(self) -> float:
        """Sum up both."""
        return (self.own_kb + sum(self.mapped_kb.values())) / 1024

    def add(self, smaps: str) -> None:
        """Add a process by what the kernel tells of its mappings."""
        place: tuple[str, ...] = ()
        resident_kb = 0
        for line in smaps.splitlines():
            name, value, *more = line.split()
            if not name.endswith(":"):
                place = tuple(more[:3])  # offset, device, inode
            elif name == "Rss:":
                resident_kb = int(value)
            elif name == "Anonymous:":
                self.own_kb += int(value)
                shared_kb = resident_kb - int(value)
                self.mapped_kb[place] = max(self.mapped_kb.get(place, 0), shared_kb)


def memory_mb(group: int) -> float:
    """Sum up the memory of a group of processes."""
    memory = Memory()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int((folder / "stat").read_text().rsplit(")", 1)[1].split()[2]) == group:
                memory.add((folder / "smaps").read_text())
        except (OSError, IndexError):  # it ended meanwhile
            continue
    return memory.all_mb


def watched(command: list[str]) -> tuple[float, float, float]:
    """Run a command; give its seconds, those of its processors, and the most memory it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
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
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy, most_mb[0]


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
            options = ["--limits", "100", *given[cut + 1 :]]
            seconds, busy, most_mb = watched([*command, *options])
            rows = parquet.ParquetFile(table).metadata.num_rows
            print(
                f"{count:8} parcels {rows:10} rows {seconds:8.1f} s {busy:8.1f} s of processors "
                f"{count / seconds:7.0f} parcels/s {busy / count * 1e6:7.1f} us of processors "
                f"a parcel {most_mb:6.0f} MB",
                flush=True,
            )
            sites.unlink()


if __name__ == "__main__":
    main()
