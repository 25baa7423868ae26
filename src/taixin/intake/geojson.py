"""GeoJSON that comes from outside, read strictly and one feature at a time.

GDAL takes texts for numbers, drops what it does not understand and refuses a whole file for one
open ring. Here every feature is either read as it is meant or named with what is wrong with it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from shapely.geometry.base import BaseGeometry

__all__ = ["Broken", "Record", "read_geometry", "read_records"]

_BLANK: Final = re.compile(r"[ \t\n\r]*")
_GEOMETRIES: Final = (
    *("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"),
    "GeometryCollection",
)
_FEWEST_OF_RING: Final = 4
_DEEPEST: Final = 8


class Broken(Exception):  # noqa: N818 - it is the data that is broken
    """The text or a geometry cannot be read; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One feature as it stands in the text.

    Parameters
    ----------
    number
        Its place in the file, from 1.
    properties
        Its attributes.
    geometry
        The geometry's JSON; None where the feature has none.
    crs
        The file's ``crs`` member, on the record after which it was met.
    """

    number: int
    properties: Mapping[str, object]
    geometry: object
    crs: object = None


def _no_number(word: str) -> float:
    raise Broken(f"'{word}' is no number in JSON")


def _decoder() -> json.JSONDecoder:
    return json.JSONDecoder(parse_constant=_no_number)


def read_records(text: str) -> Iterator[Record]:
    """Read features one by one, so that a large file takes no more memory than its text.

    Parameters
    ----------
    text
        A FeatureCollection, a Feature or a geometry.

    Yields
    ------
    Record
        Each feature in turn; a file without features gives one record numbered 0 that carries
        the ``crs`` member, if there is one.

    Raises
    ------
    Broken
        If the text is not JSON, or not GeoJSON.

    Examples
    --------
    >>> text = '{"type": "Point", "coordinates": [112.7, 38.2]}'
    >>> [record.geometry["type"] for record in read_records(text)]
    ['Point']
    """
    try:
        yield from _records(text)
    except RecursionError:
        raise Broken("it is nested too deeply") from None
    except ValueError as error:
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "a number is too long"
        raise Broken(f"it is not JSON ({reason})") from None


def _records(text: str) -> Iterator[Record]:
    members: dict[str, Any] = {}
    number = 0
    for key, value in _members(text):
        if key is None:
            number += 1
            yield _record(number, value, members.get("crs"))
        else:
            members[key] = value
    kind = members.get("type")
    if kind == "FeatureCollection":
        if "features" not in members:
            raise Broken("the collection has no list of features")
        yield Record(0, {}, None, members.get("crs"))
    elif kind == "Feature" and number == 0:
        yield _record(1, members, members.get("crs"))
    elif kind in _GEOMETRIES and number == 0:
        yield Record(1, {}, members, members.get("crs"))
    else:
        raise Broken(f"its type is {json.dumps(kind)[:40]}, not FeatureCollection or Feature")


def _record(number: int, value: object, crs: object) -> Record:
    if not isinstance(value, dict) or value.get("type") != "Feature":
        return Record(number, {}, Broken("it is no Feature"), crs)
    properties = value.get("properties")
    known = properties if isinstance(properties, dict) else {}
    return Record(number, known, value.get("geometry"), crs)


class _Scan:
    """Finds its way between the values of a JSON text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def after_blank(self, position: int) -> int:
        """Go past blanks."""
        match = _BLANK.match(self._text, position)
        return match.end() if match else position

    def expect(self, position: int, mark: str) -> int:
        """Go past a mark that must come, and the blanks around it."""
        position = self.after_blank(position)
        if self._text[position : position + 1] != mark:
            raise json.JSONDecodeError(f"Expecting '{mark}'", self._text, position)
        return self.after_blank(position + 1)

    def next_item(self, position: int, end: str) -> int:
        """Go past a comma, after which there must be one more, or stay before the end."""
        position = self.after_blank(position)
        if self._text[position : position + 1] == end:
            return position
        position = self.expect(position, ",")
        if self._text[position : position + 1] == end:
            raise json.JSONDecodeError("Expecting a value", self._text, position)
        return position


def _members(text: str) -> Iterator[tuple[str | None, Any]]:
    """Walk through the top object; elements of ``features`` come alone, with the key None."""
    decode = _decoder().raw_decode
    scan = _Scan(text)
    position = scan.expect(0, "{")
    while text[position : position + 1] != "}":
        key, position = decode(text, position)
        position = scan.expect(position, ":")
        if key == "features" and text[position : position + 1] == "[":
            yield "features", True
            position = scan.after_blank(position + 1)
            while text[position : position + 1] != "]":
                value, position = decode(text, position)
                yield None, value
                position = scan.next_item(position, "]")
            position = scan.after_blank(position + 1)
        else:
            value, position = decode(text, position)
            yield str(key), value
            position = scan.after_blank(position)
        position = scan.next_item(position, "}")
    if scan.after_blank(position + 1) != len(text):
        raise json.JSONDecodeError("Extra data", text, position + 1)


def read_geometry(value: object, *, close: bool = False, depth: int = 0) -> BaseGeometry | None:
    """Read one geometry, in the file's own coordinates and in two dimensions.

    Parameters
    ----------
    value
        The JSON of the geometry, or None.
    close
        Whether open rings are closed; else they are refused.
    depth
        How deep in collections this geometry lies.

    Returns
    -------
    BaseGeometry | None
        None where there is nothing: no geometry, or one without coordinates.

    Raises
    ------
    Broken
        If it is not a geometry of GeoJSON.

    Examples
    --------
    >>> read_geometry({"type": "LineString", "coordinates": [[112, 38, 900], [113, 38, 870]]})
    <LINESTRING (112 38, 113 38)>
    """
    if value is None:
        return None
    if isinstance(value, Broken):
        raise value
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(value, dict) or kind not in _GEOMETRIES:
        raise Broken(f"its geometry type is {json.dumps(kind)[:40]}")
    if kind == "GeometryCollection":
        return _collection(value, close=close, depth=depth)
    coordinates = value.get("coordinates")
    if not isinstance(coordinates, list):
        raise Broken("its coordinates are no list")
    return _shape(str(kind), coordinates, close=close) if coordinates else None


def _shape(kind: str, coordinates: list[Any], *, close: bool) -> BaseGeometry:
    if kind == "Point":
        return shapely.Point(_positions([coordinates])[0])
    if kind == "MultiPoint":
        return shapely.MultiPoint(_positions(coordinates))
    if kind == "LineString":
        return _line(coordinates)
    if kind == "MultiLineString":
        return shapely.MultiLineString([_line(part) for part in coordinates])
    if kind == "Polygon":
        return _polygon(coordinates, close=close)
    return shapely.MultiPolygon([_polygon(part, close=close) for part in coordinates])


def _collection(value: Mapping[str, Any], *, close: bool, depth: int) -> BaseGeometry | None:
    parts = value.get("geometries")
    if not isinstance(parts, list) or depth > _DEEPEST:
        raise Broken("its geometries are no list, or nested too deeply")
    read = (read_geometry(part, close=close, depth=depth + 1) for part in parts)
    found = [part for part in read if part is not None]
    return shapely.GeometryCollection(found) if found else None


def _positions(values: object) -> np.ndarray:
    try:
        array = np.array(values)
    except (ValueError, OverflowError):
        raise Broken("its positions are not all lists of numbers of one length") from None
    is_rows = array.ndim == 2 and array.shape[1] >= 2  # noqa: PLR2004 - rows of x, y
    if not is_rows or array.dtype.kind not in "iuf":
        raise Broken("its positions are not lists of two or three numbers")
    positions = array[:, :2].astype(float)
    if not np.isfinite(positions).all():
        raise Broken("a coordinate is not finite")
    return positions


def _line(values: object) -> shapely.LineString:
    positions = _positions(values)
    if len(positions) < 2:  # noqa: PLR2004 - a line has two ends
        raise Broken("a line has only one position")
    return shapely.LineString(positions)


def _polygon(values: object, *, close: bool) -> shapely.Polygon:
    if not isinstance(values, list) or not values:
        raise Broken("a polygon has no ring")
    shell, *holes = (_ring(ring, close=close) for ring in values)
    return shapely.Polygon(shell, holes)


def _ring(values: object, *, close: bool) -> np.ndarray:
    positions = _positions(values)
    if (positions[0] != positions[-1]).any():
        if not close:
            raise Broken("a ring is not closed")
        positions = np.vstack([positions, positions[:1]])
    if len(positions) < _FEWEST_OF_RING:
        raise Broken("a ring has fewer than four positions")
    return positions
