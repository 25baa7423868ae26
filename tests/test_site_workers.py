"""Very many sites: the same table from one process, several, or a cluster that loses a worker."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import re
import signal
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pyarrow as pa
import pytest
import shapely
from distributed import LocalCluster, Nanny
from pyarrow import parquet

from taixin.errors import InputError, OutputError, Problem
from taixin.site import Job, Question, answer_batches, write_table
from tests.ground import PLANS
from tests.samples import REPO

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SITES = 16_000  # more than three pieces


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """Write parcels all over the twelve counties to a file."""
    generator = np.random.default_rng(5)
    centres = generator.uniform((111.9, 37.6), (114.1, 39.5), (SITES, 2))
    sizes = generator.uniform(0.0005, 0.004, (SITES, 2))
    shapes = shapely.box(*(centres - sizes).T, *(centres + sizes).T)
    path = tmp_path_factory.mktemp("many") / "sites.gpkg"
    names = [f"地块 {number}" for number in range(SITES)]
    geopandas.GeoDataFrame({"name": names}, geometry=shapes, crs="EPSG:4326").to_file(path)
    return Job(path, only=PLANS[:1], within_km=0)


@pytest.fixture(scope="module")
def alone(job: Job, tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """Give the table that one process writes."""
    out = tmp_path_factory.mktemp("alone") / "table.parquet"
    assert write_table(job, out)[0] == SITES
    return parquet.read_table(out)


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Start a scheduler and two workers, processes of their own, on loopback."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
    ) as started:
        yield started


def test_two_processes_write_the_same_table(job: Job, alone: pa.Table, tmp_path: Path) -> None:
    out = tmp_path / "table.parquet"
    said: list[str] = []
    count, rows = write_table(job, out, said.append, count=2)
    assert (count, rows) == (SITES, len(alone))
    assert parquet.read_table(out).equals(alone)
    assert [line.split()[0] for line in said[1:]] == [
        "2500",
        "5000",
        "7500",
        "10000",
        "12500",
        "15000",
        "16000",
    ]
    assert multiprocessing.active_children() == []


def test_a_cluster_that_loses_a_worker_writes_the_same_table(
    job: Job, alone: pa.Table, tmp_path: Path, cluster: LocalCluster
) -> None:
    out = tmp_path / "table.parquet"
    first: Any = next(iter(cluster.workers.values()))
    assert isinstance(first, Nanny)
    killed: list[int] = []

    def kill_after_the_first_piece(line: str) -> None:
        if line[0].isdigit() and not killed:
            killed.append(first.pid)
            os.kill(first.pid, signal.SIGKILL)

    write_table(job, out, kill_after_the_first_piece, scheduler=cluster.scheduler_address)
    assert killed
    assert parquet.read_table(out).equals(alone)


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no Dask scheduler answers there"):
        write_table(Job("112.7,38.2"), tmp_path / "table.csv", scheduler="tcp://127.0.0.1:9")
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_killed_ends_in_a_sentence(job: Job, tmp_path: Path) -> None:
    def kill_after_the_first_piece(line: str) -> None:
        if line[0].isdigit():
            for child in multiprocessing.active_children():
                child.kill()

    with pytest.raises(OutputError, match="a worker process ended"):
        write_table(job, tmp_path / "table.csv", kill_after_the_first_piece, count=2)
    assert list(tmp_path.iterdir()) == []


def test_a_problem_found_by_a_worker_is_told_as_elsewhere(job: Job, tmp_path: Path) -> None:
    wrong = Job(job.site, only=["taixin-2053"], within_km=0)
    with pytest.raises(InputError, match="taixin-2035"):
        write_table(wrong, tmp_path / "table.csv", count=2)
    assert list(tmp_path.iterdir()) == []
    error = InputError([Problem("a", "b", "c", "d")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems  # noqa: S301 - our own


def test_batches_of_spark_are_answered_alike(job: Job, alone: pa.Table) -> None:
    frame = geopandas.read_file(job.site)
    blobs = shapely.to_wkb(frame.geometry.to_numpy())
    numbers = np.arange(1, SITES + 1)
    batches = [
        pa.record_batch({"site": numbers[part], "geometry": blobs[part]})
        for part in (slice(0, 7000), slice(7000, 7000), slice(7000, SITES))
    ]
    told = pa.Table.from_batches(answer_batches(batches, Question(only=PLANS[:1])))
    for name in ("site", "feature", "answer", "accuracy_m", "geometry"):
        assert told.column(name).to_pylist() == alone.column(name).to_pylist()


def test_the_columns_that_the_guide_gives_spark_are_those_of_the_answers(alone: pa.Table) -> None:
    text = (REPO / "src" / "docs" / "en" / "many-parcels.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^COLUMNS = \((.*?)^\)", text, re.DOTALL | re.MULTILINE)
    words = [pair.split() for pair in re.sub(r'["\n]', "", shown).strip().split(", ")]
    of_spark = {"int64": "long", "binary": "binary", "double": "double", "string": "string"}
    assert words == [[field.name, of_spark[str(field.type)]] for field in alone.schema]
