"""Screening parcels against the plans, beside `geopandas.overlay` and PostGIS on the same parcels.

Run as ``python -m tests.benchmarks.bench_screening [PARCELS]...``; ``--help`` tells what can be
left out, or taken apart where a machine is busy. All sides get parcels and zones in the same
equal-area plane or take them there themselves, and all must find the same pairs and areas. Ours
answers more in its line of all answers: lines, points and accuracy bands as well. Ours and PostGIS
are measured on one core and on two; seconds of the processors stand beside those of the clock,
because other work may run on the same machine. PostGIS takes part where it is there: in a database
of its own, its zones subdivided and everything indexed before the clock starts. Linux only, because
cores are chosen.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import psycopg
import shapely

from taixin import plane
from taixin.intake.sites import Chunk
from taixin.site import Job, areas
from tests import provide
from tests.database import database_server

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from taixin.site import Checker

Pairs = tuple[np.ndarray, np.ndarray]

SEED = 20350101
COUNTS = (10_000, 100_000, 1_000_000)
CORES = (1, 2)
ALL_CORES = sorted(os.sched_getaffinity(0))
#: Parcels at a time: of ours as `taixin check` takes them, of overlay as memory allows.
PIECE = 2_500
OVERLAY_PIECE = 100_000
TINY_M2 = 1e-6
ZONES = 10_000  # more than there are: a pair is ``site * ZONES + zone``
REGION = (112.0, 37.7, 114.0, 39.4)
#: The parts of zones are summed up in a second step: in one, PostGIS would sort the geometries.
PARTS = (
    "SELECT p.id AS site, s.id AS zone, CASE WHEN ST_Covers(s.g, p.g) THEN ST_Area(p.g) "
    "ELSE ST_Area(ST_Intersection(p.g, s.g)) END AS m2 FROM p JOIN s ON ST_Intersects(p.g, s.g)"
)
SUMS = "SELECT site, zone, sum(m2) AS m2 FROM m GROUP BY 1, 2"
COPIED_ROW = np.dtype(
    [
        *(("fields", ">i2"), ("site_size", ">i4"), ("site", ">i4"), ("zone_size", ">i4")),
        *(("zone", ">i4"), ("m2_size", ">i4"), ("m2", ">f8")),
    ]
)
COPY_HEAD, COPY_TAIL = 19, 2


@dataclass(frozen=True, slots=True)
class Ground:
    """Parcels and what they are checked against; workers have it by being forked."""

    shapes: np.ndarray
    checker: Checker

    @property
    def zones(self) -> np.ndarray:
        """Give the positions of the features that are areas."""
        return np.flatnonzero(self.checker.screen.dimensions == 2)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that something took."""

    clock_s: float
    processor_s: float


def parcels(count: int) -> np.ndarray:
    """Make rectangles of 60 to 400 m, turned any way, lon/lat, all over the twelve counties."""
    generator = np.random.default_rng(SEED)
    west, south, east, north = REGION
    centres = generator.uniform((west, south), (east, north), (count, 2))
    sides_m = generator.uniform(60, 400, (count, 2))
    angle = generator.uniform(0, np.pi, count)
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)])
    local = corners[None] * sides_m[:, None]
    turned = np.stack(
        [
            local[..., 0] * np.cos(angle)[:, None] - local[..., 1] * np.sin(angle)[:, None],
            local[..., 0] * np.sin(angle)[:, None] + local[..., 1] * np.cos(angle)[:, None],
        ],
        axis=-1,
    )
    degrees = turned / np.array([87_500.0, 111_000.0])
    return np.asarray(shapely.polygons(centres[:, None] + degrees))


# ---- ours ----------------------------------------------------------------------------------------


def own_areas(ground: Ground, start: int) -> Pairs:
    """Find which of some parcels lie in which areas and how much of them: overlay's job."""
    distinct = ground.checker.screen.distinct
    kinds = np.flatnonzero(distinct.area_of >= 0)
    sites = areas.project_sites(ground.shapes[start : start + PIECE])
    parts = areas.overlaps(sites, distinct.areas)
    row, zone = ground.checker.screen.expanded(kinds[parts.areas])
    return (parts.sites[row] + start) * ZONES + zone, parts.sizes[row]


def own_answers(ground: Ground, start: int) -> int:
    """Answer for some parcels with lines, points and accuracy bands as well; count the met."""
    part = ground.shapes[start : start + PIECE]
    numbers = tuple(range(start, start + len(part)))
    chunk = Chunk(numbers, ("",) * len(part), part, "EPSG:4326")
    return int(ground.checker.check(chunk, 0).answers.within_band.sum())


_inherited: list[tuple[Callable[[Ground, int], Any], Ground]] = []


def _one(start: int) -> tuple[Any, float]:
    """Do one piece; say how long the processor of whichever process does it was busy with it."""
    [(work, ground)] = _inherited
    before = time.process_time()
    result = work(ground, start)
    return result, time.process_time() - before


def in_pieces(
    work: Callable[[Ground, int], Any], ground: Ground, workers: int, piece: int = PIECE
) -> tuple[list[Any], Spent]:
    """Do all pieces, in this process or in several; what is indexed is indexed before."""
    starts = range(0, len(ground.shapes), piece)
    _inherited[:] = [(work, ground)]
    os.sched_setaffinity(0, ALL_CORES[:workers])
    if workers == 1:
        clock, own = time.perf_counter(), 0.0
        told = [_one(start) for start in starts]
        clock = time.perf_counter() - clock
    else:
        with multiprocessing.get_context("fork").Pool(workers) as pool:
            pool.map(abs, range(workers))  # they have started
            clock, own = time.perf_counter(), time.process_time()
            told = pool.map(_one, starts, chunksize=1)
            clock, own = time.perf_counter() - clock, time.process_time() - own
    return [result for result, _ in told], Spent(clock, own + sum(busy for _, busy in told))


def joined(parts: Sequence[Pairs]) -> Pairs:
    """Put the pairs of all pieces together."""
    return np.concatenate([keys for keys, _ in parts]), np.concatenate([m2 for _, m2 in parts])


def indexed(ground: Ground) -> Spent:
    """Cover the areas and features with squares."""
    clock, own = time.perf_counter(), time.process_time()
    _ = ground.checker.screen.distinct.areas.cover
    ground.checker.screen.distinct.cover(0.0)
    return Spent(time.perf_counter() - clock, time.process_time() - own)


# ---- geopandas.overlay ---------------------------------------------------------------------------


def overlaid(ground: Ground, start: int) -> Pairs:
    """Do the areas of some parcels, as many as memory allows, with `geopandas.overlay`."""
    zones, crs = ground.zones, plane.EQUAL_AREA
    right = geopandas.GeoDataFrame(
        {"zone": zones}, geometry=ground.checker.screen.shapes[zones], crs=crs
    )
    shapes = plane.project(ground.shapes[start : start + OVERLAY_PIECE])
    sites = np.arange(start, start + len(shapes))
    left = geopandas.GeoDataFrame({"site": sites}, geometry=shapes, crs=crs)
    both = geopandas.overlay(left, right, how="intersection", keep_geom_type=True)
    return both["site"].to_numpy() * ZONES + both["zone"].to_numpy(), both.geometry.area.to_numpy()


# ---- PostGIS -------------------------------------------------------------------------------------


def load_postgis(address: str, ground: Ground) -> None:
    """Put parcels and zones into PostGIS, the zones cut up, both indexed; not timed."""
    zones = ground.zones
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS a, m, p, s, z")
        for name, ids, shapes in (
            ("p", range(len(ground.shapes)), plane.project(ground.shapes)),
            ("z", zones.tolist(), ground.checker.screen.shapes[zones]),
        ):
            cursor.execute(f"CREATE UNLOGGED TABLE {name} (id int, g geometry)".encode())
            with cursor.copy(f"COPY {name} FROM STDIN".encode()) as copy:
                for identifier, wkb in zip(ids, shapely.to_wkb(shapes, hex=True), strict=True):
                    copy.write_row((identifier, wkb))
        cursor.execute(
            "CREATE UNLOGGED TABLE s AS SELECT id, ST_Subdivide(g, 96) AS g FROM z;"
            "CREATE INDEX ON p USING gist (g); CREATE INDEX ON s USING gist (g); ANALYZE p, s"
        )


def in_postgis(address: str, cores: int) -> tuple[Pairs, Spent]:
    """Do the areas in PostGIS, with a parallel plan where there is more than one core."""
    with psycopg.connect(address, autocommit=True) as first:
        server = int(_fields(first.info.backend_pid)[1])
    os.sched_setaffinity(server, ALL_CORES[:cores])  # and all it will start
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            f"SET work_mem = '256MB'; SET max_parallel_workers_per_gather = {cores - 1};"
            "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;"
            "SET min_parallel_table_scan_size = 0".encode()
        )
        connection.execute("DROP TABLE IF EXISTS m, a")
        plan = connection.execute(f"EXPLAIN {PARTS}".encode()).fetchall()
        if cores > 1 and not any("Workers Planned" in line for (line,) in plan):
            print("         PostGIS plans no parallel workers")
        backend = connection.info.backend_pid
        clock, busy = time.perf_counter(), _busy_s(backend, server)
        connection.execute(f"CREATE UNLOGGED TABLE m AS {PARTS}".encode())
        connection.execute(f"CREATE UNLOGGED TABLE a AS {SUMS}".encode())
        spent = Spent(time.perf_counter() - clock, _busy_s(backend, server) - busy)
        rows = bytearray()
        with connection.cursor().copy("COPY a TO STDOUT BINARY") as copy:
            for block in copy:
                rows += block
    found = np.frombuffer(rows[COPY_HEAD:-COPY_TAIL], COPIED_ROW)
    return (found["site"].astype(np.int64) * ZONES + found["zone"], found["m2"]), spent


def _fields(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()


def _busy_s(backend: int, server: int) -> float:
    """Say how long the process of a connection was busy, and all that ended under the server."""
    own, ended = _fields(backend), _fields(server)
    ticks = sum(int(own[place]) for place in (11, 12)) + sum(map(int, ended[13:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


# ---- beside each other ---------------------------------------------------------------------------


def compared(name: str, ours: Pairs, theirs: Pairs) -> None:
    """Print whether both found the same pairs and areas; what shares only an edge is none."""
    (own_keys, own_m2), (their_keys, their_m2) = (_real(*pairs) for pairs in (ours, theirs))
    differ = len(np.setxor1d(own_keys, their_keys, assume_unique=True))
    _, mine, yours = np.intersect1d(own_keys, their_keys, assume_unique=True, return_indices=True)
    worst = np.abs(own_m2[mine] / their_m2[yours] - 1).max()
    print(
        f"pairs            {len(own_keys)}, in {name} {len(their_keys)}, "
        f"{differ} differ; area {worst:.1e}"
    )


def _real(keys: np.ndarray, m2: np.ndarray) -> Pairs:
    real = m2 > TINY_M2
    return keys[real], m2[real]


def told(name: str, cores: int, count: int, spent: Spent) -> None:
    """Print what something took."""
    print(
        f"{name:<8} {cores} core{' s'[cores > 1]} {spent.clock_s:9.2f} s "
        f"{spent.processor_s:9.2f} s of processors {count / spent.clock_s:9.0f} parcels/s "
        f"{spent.processor_s / count * 1e6:7.1f} us of processors a parcel",
        flush=True,
    )


def ratio(name: str, cores: int, theirs: Spent, ours: Spent) -> None:
    """Print how many times faster ours is."""
    clock, processor = theirs.clock_s / ours.clock_s, theirs.processor_s / ours.processor_s
    print(f"{name} / ours on {cores}: {clock:.1f} by the clock, {processor:.1f} by processors")


def measure(ground: Ground, options: argparse.Namespace, programs: str | None) -> None:
    """Measure one number of parcels."""
    count = len(ground.shapes)
    own: dict[int, Spent] = {}
    ours: Pairs | None = None
    for cores in options.cores:
        if "answers" not in options.without:
            found, spent = in_pieces(own_answers, ground, cores)
            told("answers", cores, count, spent)
            print(f"                 {sum(found)} pairs are yes or possibly")
        parts, own[cores] = in_pieces(own_areas, ground, cores)
        ours = joined(parts)
        told("areas", cores, count, own[cores])
    assert ours is not None
    if "overlay" not in options.without:
        processes: int = options.overlay_processes
        parts, spent = in_pieces(overlaid, ground, processes, OVERLAY_PIECE)
        told("overlay", processes, count, spent)
        for cores in options.cores:
            ratio("overlay", cores, spent, own[cores])
        compared("overlay", ours, joined(parts))
    if programs is None or "postgis" in options.without:
        return
    with database_server(Path(programs)) as address:
        load_postgis(address, ground)
        alone: Spent | None = None
        for cores in options.cores:
            theirs, spent = in_postgis(address, cores)
            alone = alone or spent
            told("postgis", cores, count, spent)
            compared("PostGIS", ours, theirs)
            ratio(f"PostGIS on {cores}", cores, spent, own[cores])
        if len(own) > 1 and alone is not None:
            ratio(f"PostGIS on {options.cores[0]}", cores, alone, own[cores])


def main() -> None:
    """Compare at one number of parcels after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, metavar="PARCELS")
    parser.add_argument("--plans", type=Path, help="plans of your own")
    parser.add_argument(
        "--cores", type=int, action="append", choices=CORES, help="both if not said"
    )
    parser.add_argument(
        "--without", action="append", choices=["answers", "overlay", "postgis"], default=[]
    )
    parser.add_argument(
        "--overlay-processes", type=int, default=1, metavar="N",
        help="overlay in several at once, where only its processor seconds are wanted",
    )  # fmt: skip
    options = parser.parse_args()
    options.cores = options.cores or CORES
    programs = provide.find_postgis()
    if programs is None:
        print("there is no PostGIS here")
    checker = Job("", plans=options.plans).checker()
    features, zones = len(checker.features), int((checker.screen.dimensions == 2).sum())
    areas.project_sites(parcels(100))  # PROJ loads its tables once
    squares = indexed(Ground(parcels(0), checker))
    print(
        f"{features} features, {zones} of them areas; squares over them {squares.clock_s:.2f} s, "
        f"{squares.processor_s:.2f} s of processors"
    )
    for count in options.counts:
        print(f"\n{count} parcels", flush=True)
        measure(Ground(parcels(count), checker), options, programs)


if __name__ == "__main__":
    main()
