"""Screening parcels against the plans, beside `geopandas.overlay` on the same parcels and zones.

Run as ``python -m tests.benchmarks.bench_screening [PARCELS] [PLANS]``. Both sides get parcels and
zones in memory, in the same equal-area plane; both must find the same pairs and areas. Ours answers
more in its time: lines, points and accuracy bands as well. PostGIS takes part where it is there: in
a database of its own, its zones subdivided and everything indexed before the clock starts.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

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
    from collections.abc import Callable, Iterator

    from taixin.site import Checker

T = TypeVar("T")
Areas = dict[tuple[int, int], float]

SEED = 20350101
CHUNK = 20_000
TINY_M2 = 1e-6
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


def measured(shapes: np.ndarray, checker: Checker) -> Areas:
    """Find which parcels lie in which areas and how much of them, chunk by chunk: overlay's job."""
    distinct = checker.screen.distinct
    kinds = np.flatnonzero(distinct.area_of >= 0)
    found: Areas = {}
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


def overlaid(shapes: np.ndarray, checker: Checker) -> Areas:
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


def load_postgis(address: str, shapes: np.ndarray, checker: Checker) -> psycopg.Connection:
    """Put parcels and zones into PostGIS, the zones cut up, both indexed; not timed."""
    zones = zones_of(checker)
    connection = psycopg.connect(address)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE p (id int, g geometry)")
        cursor.execute("CREATE TEMP TABLE z (id int, g geometry)")
        for copied, ids, geometries in (
            ("COPY p FROM STDIN", range(len(shapes)), plane.project(shapes)),
            ("COPY z FROM STDIN", zones.tolist(), checker.screen.shapes[zones]),
        ):
            with cursor.copy(copied) as copy:
                for identifier, wkb in zip(ids, shapely.to_wkb(geometries, hex=True), strict=True):
                    copy.write_row((identifier, wkb))
        cursor.execute(
            "CREATE TEMP TABLE s AS SELECT id, ST_Subdivide(g, 96) AS g FROM z;"
            "CREATE INDEX ON p USING gist (g); CREATE INDEX ON s USING gist (g); ANALYZE p, s"
        )
    return connection


def in_postgis(connection: psycopg.Connection) -> None:
    """Do the areas in PostGIS."""
    connection.execute(
        "CREATE TEMP TABLE a AS SELECT p.id AS site, s.id AS zone, sum(CASE WHEN "
        "ST_Covers(s.g, p.g) THEN ST_Area(p.g) ELSE ST_Area(ST_Intersection(p.g, s.g)) END) AS m2 "
        "FROM p JOIN s ON ST_Intersects(p.g, s.g) GROUP BY 1, 2"
    )


def compared(name: str, ours: Areas, theirs: Areas) -> None:
    """Print whether both found the same pairs and areas; what shares only an edge is none."""
    mine = {key for key, area in ours.items() if area > TINY_M2}
    yours = {key for key, area in theirs.items() if area > TINY_M2}
    worst = max(abs(ours[key] / theirs[key] - 1) for key in mine & yours)
    differ = len(mine ^ yours)
    print(f"pairs    {len(mine)}, in {name} {len(yours)}, {differ} differ; area {worst:.1e}")


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
    found, answer_s = timed("answers", count, lambda: answered(shapes, checker))
    print(f"         {found} pairs are yes or possibly")
    ours, own_s = timed("areas", count, lambda: measured(shapes, checker))
    theirs, their_s = timed("overlay", count, lambda: overlaid(shapes, checker))
    print(f"ratio    {their_s / own_s:7.1f} for areas, {their_s / answer_s:.1f} for all answers")
    compared("overlay", ours, theirs)
    if (programs := provide.find_postgis()) is None:
        print("there is no PostGIS here")
        return
    with (
        database_server(Path(programs)) as address,
        load_postgis(address, shapes, checker) as connection,
    ):
        _, database_s = timed("postgis", count, lambda: in_postgis(connection))
        print(f"ratio    {database_s / own_s:7.1f} for areas")
        rows = connection.execute("SELECT site, zone, m2 FROM a").fetchall()
    compared("PostGIS", ours, {(site, zone): area for site, zone, area in rows})


if __name__ == "__main__":
    main()
