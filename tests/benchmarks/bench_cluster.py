"""The same table from one process, two, a Dask cluster that loses a worker, and Spark.

Run as ``python -m tests.benchmarks.bench_cluster [PARCELS] [--spark]``. Every table is compared row
by row with that of one process; where one differs, the script ends with 1. ``--spark`` needs
pyspark and Java, and runs the very lines that the documentation shows.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
from distributed import LocalCluster
from pyarrow import parquet

from taixin.intake.sites import Limits, Request
from taixin.site import Job, write_table
from tests.benchmarks.bench_screening import parcels

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

RECIPE = Path(__file__).parents[2] / "src" / "docs" / "en" / "many-parcels.md"
BLOCK = re.compile(r"^```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ORDER = [("site", "ascending"), ("feature", "ascending")]


def killed_worker(cluster: Any, job: Job, out: Path) -> None:  # noqa: ANN401 - untyped
    """Write a table with a cluster whose first worker is killed after the first piece."""
    victims = [next(iter(cluster.workers.values())).pid]

    def kill_after_the_first_piece(line: str) -> None:
        if line[0].isdigit() and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    write_table(job, out, kill_after_the_first_piece, scheduler=cluster.scheduler_address)


def in_spark(folder: Path) -> pa.Table:
    """Run what the documentation shows, in a Python of its own."""
    [recipe] = [block for block in BLOCK.findall(RECIPE.read_text("utf-8")) if "Spark" in block]
    (folder / "recipe.py").write_text(recipe, encoding="utf-8")
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": paths, "PYSPARK_PYTHON": sys.executable}
    subprocess.run([sys.executable, "recipe.py"], cwd=folder, env=environment, check=True)
    return parquet.read_table(folder / "answers.parquet")


def timed(name: str, work: Callable[[], object]) -> None:
    """Do something once and print how long it took."""
    start = time.perf_counter()
    work()
    print(f"{name:<32} {time.perf_counter() - start:7.1f} s", flush=True)


def same(alone: pa.Table, told: pa.Table) -> None:
    """Say whether all rows are the same; end where they are not."""
    if not told.sort_by(ORDER).equals(alone.sort_by(ORDER)):
        raise SystemExit("the answers differ")
    print(f"{'':<32} the same {len(told)} rows")


def main() -> None:
    """Check the same parcels in every way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=20_000)
    parser.add_argument("--spark", action="store_true")
    options = parser.parse_args()
    count: int = options.count
    frame = geopandas.GeoDataFrame(
        {"site": range(1, count + 1), "name": [f"地块 {number}" for number in range(count)]},
        geometry=parcels(count),
        crs="EPSG:4326",
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sites = folder / "parcels.gpkg"
        frame.to_file(sites)
        frame.rename(columns={"name": "site_name"}).to_parquet(folder / "parcels.parquet")
        job = Job(sites, Request(limits=Limits().times(10)), within_km=0)
        out = folder / "table.parquet"
        timed("one process", lambda: write_table(job, out))
        alone = parquet.read_table(out).replace_schema_metadata()
        timed("two processes", lambda: write_table(job, out, count=2))
        same(alone, parquet.read_table(out))
        with LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
        ) as cluster:
            address = cluster.scheduler_address
            timed("two Dask workers", lambda: write_table(job, out, scheduler=address))
            same(alone, parquet.read_table(out))
            timed("one of them killed", partial(killed_worker, cluster, job, out))
            same(alone, parquet.read_table(out))
        if options.spark:
            told: list[pa.Table] = []
            timed("Spark, local[2], its start included", lambda: told.append(in_spark(folder)))
            same(alone, told[0].replace_schema_metadata())


if __name__ == "__main__":
    main()
