"""Screening parcels against the plans, beside `geopandas.overlay` on the same parcels and zones.

Run as ``python -m tests.benchmarks.bench_screening [PARCELS] [PLANS]``. Both sides get parcels and
zones in memory, in the same equal-area plane; both must find the same pairs and areas. Ours answers
more in its time: lines, points and accuracy bands as well. PostGIS takes part where a database is
named in ``TAIXIN_POSTGIS`` and psycopg is there.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import geopandas
import numpy as np
import shapely

from taixin import plane
from taixin.intake.sites import Chunk
from taixin.site import Job, areas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taixin.site import Checker

T = TypeVar("T")

SEED = 20350101
CHUNK = 20_000
REGION = (112.0, 37.7, 114.0, 39.4)


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


def chunks(shapes: np.ndarray) -> Iterator[Chunk]:
    """Give parcels as the reader would."""
    for start in range(0, len(shapes), CHUNK):
        part = shapes[start : start + CHUNK]
        numbers = tuple(range(start, start + len(part)))
        yield Chunk(numbers, ("",) * len(part), part, "EPSG:4326")


def zones_of(checker: Checker) -> np.ndarray:
    """Give the positions of the features that are areas."""
    return np.flatnonzero(checker.screen.dimensions == 2)


def measured(shapes: np.ndarray, checker: Checker) -> dict[tuple[int, int], float]:
    """Find which parcels lie in which areas and how much of them, chunk by chunk: overlay's job."""
    distinct = checker.screen.distinct
    kinds = np.flatnonzero(distinct.area_of >= 0)
    found: dict[tuple[int, int], float] = {}
    for chunk in chunks(shapes):
        parts = areas.overlaps(areas.project_sites(chunk.geometries), distinct.areas)
        row, zone = checker.screen.expanded(kinds[parts.areas])
        sites = parts.sites[row] + chunk.numbers[0]
        keys = zip(sites.tolist(), zone.tolist(), strict=True)
        found.update(zip(keys, parts.sizes[row].tolist(), strict=True))
    return found


def answered(shapes: np.ndarray, checker: Checker) -> int:
    """Answer for every parcel with lines, points and accuracy bands as well."""
    found = (checker.check(chunk, 0).answers.within_band for chunk in chunks(shapes))
    return sum(int(each.sum()) for each in found)


def overlaid(shapes: np.ndarray, checker: Checker) -> dict[tuple[int, int], float]:
    """Do the areas with `geopandas.overlay`."""
    zones = zones_of(checker)
    left = geopandas.GeoDataFrame(
        {"site": np.arange(len(shapes))}, geometry=plane.project(shapes), crs=plane.EQUAL_AREA
    )
    right = geopandas.GeoDataFrame(
        {"zone": zones}, geometry=checker.screen.shapes[zones], crs=plane.EQUAL_AREA
    )
    both = geopandas.overlay(left, right, how="intersection", keep_geom_type=True)
    keys = zip(both["site"].tolist(), both["zone"].tolist(), strict=True)
    return dict(zip(keys, both.geometry.area.tolist(), strict=True))


def in_postgis(shapes: np.ndarray, checker: Checker) -> float | None:
    """Do the areas in PostGIS, indexed and subdivided; give the seconds of the query."""
    database = os.environ.get("TAIXIN_POSTGIS")
    try:
        import psycopg
    except ImportError:
        return None
    if database is None:
        return None
    zones = zones_of(checker)
    with psycopg.connect(database) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE p (id int, g geometry)")
        cursor.execute("CREATE TEMP TABLE z (id int, g geometry)")
        for table, ids, geometries in (
            ("p", range(len(shapes)), plane.project(shapes)),
            ("z", zones.tolist(), checker.screen.shapes[zones]),
        ):
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for identifier, wkb in zip(ids, shapely.to_wkb(geometries, hex=True), strict=True):
                    copy.write_row((identifier, wkb))
        cursor.execute(
            "CREATE TEMP TABLE s AS SELECT id, ST_Subdivide(g, 96) AS g FROM z;"
            "CREATE INDEX ON p USING gist (g); CREATE INDEX ON s USING gist (g); ANALYZE p, s"
        )
        start = time.perf_counter()
        cursor.execute(
            "SELECT count(*) FROM (SELECT p.id, s.id, sum(CASE WHEN ST_Covers(s.g, p.g) "
            "THEN ST_Area(p.g) ELSE ST_Area(ST_Intersection(p.g, s.g)) END) "
            "FROM p JOIN s ON ST_Intersects(p.g, s.g) GROUP BY 1, 2) AS a"
        )
        return time.perf_counter() - start


def timed(name: str, count: int, work: Callable[[], T]) -> tuple[T, float]:
    """Do something once and print how long it took, and the most memory up to then."""
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:<8} {seconds:7.2f} s  {count / seconds:9.0f} parcels/s  {peak_mb:.0f} MB at most")
    return result, seconds


def main() -> None:
    """Compare on one set of parcels and print rows a second."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    plans = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    checker = Job("", plans=plans).checker()
    shapes = parcels(count)
    zones = len(zones_of(checker))
    print(f"{count} parcels, {len(checker.features)} features, {zones} of them areas")
    areas.project_sites(shapes[:100])  # PROJ loads its tables once
    rows, answer_s = timed("answers", count, lambda: answered(shapes, checker))
    print(f"         {rows} pairs are yes or possibly")
    ours, own_s = timed("areas", count, lambda: measured(shapes, checker))
    theirs, their_s = timed("overlay", count, lambda: overlaid(shapes, checker))
    print(f"ratio    {their_s / own_s:7.1f} for areas, {their_s / answer_s:.1f} for all answers")
    tiny_m2 = 1e-6
    mine = {key for key, area in ours.items() if area > tiny_m2}
    yours = {key for key, area in theirs.items() if area > tiny_m2}
    worst = max(abs(ours[key] / theirs[key] - 1) for key in mine & yours)
    print(f"pairs    {len(mine)} and {len(yours)}, {len(mine ^ yours)} differ; area {worst:.1e}")
    if (seconds := in_postgis(shapes, checker)) is not None:
        print(f"postgis  {seconds:7.2f} s  {count / seconds:9.0f} parcels/s")


if __name__ == "__main__":
    main()
