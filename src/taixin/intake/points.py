"""Sites written as numbers: ``lon,lat[,radius_m]``, and tables with coordinate columns."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin.intake.geojson import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

__all__ = ["Row", "parse_point", "read_rows"]

_NUMBER: Final = r"[-+]?\d+(?:\.\d+)?"
_POINT: Final = re.compile(rf"\s*({_NUMBER})\s*[,，]\s*({_NUMBER})\s*(?:[,，]\s*({_NUMBER})\s*)?")
_X: Final = (
    *("lon", "lng", "long", "longitude", "经度", "东经"),
    *("easting", "east", "x", "东坐标", "横坐标"),
)
_Y: Final = (
    *("lat", "latitude", "纬度", "北纬"),
    *("northing", "north", "y", "北坐标", "纵坐标"),
)
_WKT: Final = ("wkt", "geometry", "geom", "the_geom")
_RADIUS: Final = ("radius_m", "radius", "半径", "半径m", "半径(m)", "半径（米）")
_LONGEST_CELL: Final = 5_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table as a site.

    Parameters
    ----------
    number
        Of the row of data, from 1.
    properties
        Every cell by its column.
    geometry
        In the table's own coordinates; None where the cells are empty.
    radius_m
        Of the circle meant around a point; None for none.
    problem
        What is wrong with the row, if anything.
    """

    number: int
    properties: Mapping[str, str]
    geometry: BaseGeometry | None
    radius_m: float | None = None
    problem: str = ""


def parse_point(text: str) -> tuple[float, float, float | None] | None:
    """Read ``lon,lat`` or ``lon,lat,radius_m``; give None for anything else.

    Examples
    --------
    >>> parse_point("112.7, 38.2, 500")
    (112.7, 38.2, 500.0)
    >>> parse_point("parcel.geojson") is None
    True
    """
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    lon, lat, radius = match.groups()
    return float(lon), float(lat), None if radius is None else float(radius)


def read_rows(text: str) -> Iterator[Row]:
    r"""Read a table with columns for x and y, or for WKT.

    Parameters
    ----------
    text
        Comma, semicolon or tab separated; the first row names the columns, such as ``lon,lat``,
        ``经度,纬度``, ``easting,northing``, ``wkt``; ``radius_m`` is optional.

    Yields
    ------
    Row
        Each row of data in turn.

    Raises
    ------
    Broken
        If the columns are not there, or the table is no table.

    Examples
    --------
    >>> [row.geometry for row in read_rows("name,lon,lat\nA,112.7,38.2\n")]
    [<POINT (112.7 38.2)>]
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(text), delimiter=mark, strict=True)
    try:
        columns = {name.strip().lower(): name for name in reader.fieldnames or () if name}
        x, y, wkt = (_column(columns, names) for names in (_X, _Y, _WKT))
        if wkt is None and (x is None or y is None):
            raise Broken(
                "no coordinate columns are found; name them lon and lat, easting and northing, "
                "or wkt"
            )
        radius = _column(columns, _RADIUS)
        for number, cells in enumerate(reader, start=1):
            named = {key: value or "" for key, value in cells.items() if isinstance(key, str)}
            chosen = (wkt,) if wkt else (str(x), str(y))
            yield _row(number, named, chosen, radius)
    except csv.Error as error:
        raise Broken(f"it is no table ({error})") from None


def _column(columns: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((columns[name] for name in names if name in columns), None)


def _row(number: int, cells: Mapping[str, str], columns: Sequence[str], radius: str | None) -> Row:
    values = [cells.get(column, "").strip() for column in columns]
    if not all(values):
        return Row(number, cells, None)
    try:
        if len(columns) == 1:
            return Row(number, cells, shapely.from_wkt(values[0]))
        point = np.array([float(value) for value in values])
        size = cells.get(radius, "").strip() if radius else ""
        radius_m = float(size) if size else None
    except (ValueError, shapely.errors.ShapelyError):
        return Row(number, cells, None, None, f"'{', '.join(values)[:60]}' are no coordinates")
    if not np.isfinite(point).all() or not (radius_m is None or 0 < radius_m < 1e6):  # noqa: PLR2004 - a thousand kilometres
        return Row(number, cells, None, None, "a coordinate or the radius is out of range")
    return Row(number, cells, shapely.Point(point), radius_m)
