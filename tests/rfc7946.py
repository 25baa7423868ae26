"""An independent reader of RFC 7946: what a GeoJSON text breaks, without shapely or GDAL.

Beyond the standard it holds the project's own form: one feature a line, at most six decimals, no
position twice in a row, keys in their order.
"""

from __future__ import annotations

import itertools
import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

DECIMALS = 6
FEATURE_KEYS = ("type", "id", "bbox", "geometry", "properties")
# RFC 7946, 7.1: a collection may not carry what belongs to other types
FOREIGN_TO_A_COLLECTION = {"coordinates", "geometries", "geometry", "properties", "crs"}
NESTING = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
Ring = list[list[Decimal]]


def faults(text: str) -> list[str]:
    """List everything that is wrong with a GeoJSON text; an empty list is a clean text."""
    try:
        document = json.loads(
            text,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repetition,
        )
    except ValueError as error:
        return [f"not JSON: {error}"]
    return [*_form(text, document), *_collection(document)]


def _refuse_constant(word: str) -> None:
    msg = f"{word} is no JSON number"
    raise ValueError(msg)


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        msg = f"a key stands twice among {[key for key, _ in pairs]}"
        raise ValueError(msg)
    return record


def _form(text: str, document: dict[str, Any]) -> Iterator[str]:
    """Check one feature a line, between a first line that opens and a last that closes."""
    lines = text.split("\n")
    features = document.get("features", [])
    if lines[-2:] != ["]}", ""] or len(lines) != len(features) + 3:
        yield f"{len(features)} features stand on {len(lines) - 3} lines"
        return
    for number, line in enumerate(lines[1:-2], 1):
        if not isinstance(json.loads(line.rstrip(",")), dict):
            yield f"line {number + 1} holds no feature"


def _collection(document: dict[str, Any]) -> Iterator[str]:
    if document.get("type") != "FeatureCollection":
        yield f"type is {document.get('type')}"
    if foreign := FOREIGN_TO_A_COLLECTION & set(document):
        yield f"the collection carries {sorted(foreign)}"
    features = document.get("features")
    if not isinstance(features, list):
        yield "features is no list"
        return
    positions: Ring = []
    for number, feature in enumerate(features, 1):
        for fault in _feature(feature):
            yield f"feature {number} ({feature.get('id')}): {fault}"
        positions.extend(_positions(feature.get("geometry")))
    yield from _bbox(document, positions)
    names = [feature.get("id") for feature in features]
    if len(set(names)) < len(names):
        yield "an id stands twice"


def _feature(feature: dict[str, Any]) -> Iterator[str]:
    if tuple(feature) != tuple(key for key in FEATURE_KEYS if key != "bbox" or key in feature):
        yield f"keys are {list(feature)}"
    if feature.get("type") != "Feature":
        yield f"type is {feature.get('type')}"
    if not isinstance(feature.get("id"), str):
        yield "the id is no text"
    if not isinstance(feature.get("properties"), dict):
        yield "properties are no object"
    geometry = feature.get("geometry")
    if geometry is not None:
        yield from _geometry(geometry)
    yield from _bbox(feature, _positions(geometry))


def _geometry(geometry: dict[str, Any]) -> Iterator[str]:
    kind = geometry.get("type")
    if kind not in NESTING or set(geometry) != {"type", "coordinates"}:
        yield f"a geometry of type {kind} with {sorted(geometry)}"
        return
    if _depth(geometry["coordinates"]) != NESTING[kind] + 1:
        yield f"coordinates of a {kind} are nested {_depth(geometry['coordinates'])} deep"
        return
    for position in _positions(geometry):
        yield from _position(position)
    lines = {"LineString": [geometry["coordinates"]], "MultiLineString": geometry["coordinates"]}
    for line in lines.get(kind, []):
        yield from _path(line, at_least=2)
    polygons = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    for rings in polygons.get(kind, []):
        for number, ring in enumerate(rings):
            yield from _ring(ring, is_exterior=number == 0)


def _depth(coordinates: object) -> int:
    """Count the brackets around the first number; -1 where they differ or stand around nothing."""
    if not isinstance(coordinates, list):
        return 0
    depths = {_depth(item) for item in coordinates}
    return 1 + depths.pop() if len(depths) == 1 and -1 not in depths else -1


def _position(position: list[Decimal]) -> Iterator[str]:
    if len(position) != len(("lon", "lat")):
        yield f"a position of {len(position)} numbers"
        return
    lon, lat = position
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        yield f"a position off the globe, {lon} {lat}"
    for number in position:
        exponent = number.as_tuple().exponent
        if not isinstance(exponent, int) or -exponent > DECIMALS:
            yield f"{number} has more than {DECIMALS} decimals"


def _path(line: Ring, at_least: int) -> Iterator[str]:
    if len(line) < at_least:
        yield f"a line or ring of {len(line)} positions"
    if any(here == there for here, there in itertools.pairwise(line)):
        yield "a position stands twice in a row"


def _ring(ring: Ring, *, is_exterior: bool) -> Iterator[str]:
    yield from _path(ring, at_least=4)
    if ring[0] != ring[-1]:
        yield "a ring is not closed"
    doubled = sum(
        (x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(ring)), start=Decimal(0)
    )
    if doubled == 0 or (doubled > 0) != is_exterior:
        yield f"{'an exterior' if is_exterior else 'an interior'} ring runs the wrong way"


def _positions(geometry: dict[str, Any] | None) -> Ring:
    nested = [] if geometry is None else [geometry.get("coordinates", [])]
    while nested and isinstance(nested[0], list) and nested[0] and isinstance(nested[0][0], list):
        nested = [item for part in nested for item in part]
    return nested


def _bbox(record: dict[str, Any], positions: Ring) -> Iterator[str]:
    """Check that a box is there and is the smallest, or that there is none around nothing."""
    flat = [position for position in positions if len(position) == len(("lon", "lat"))]
    if not flat:
        if "bbox" in record:
            yield "a bbox around nothing"
        return
    lons, lats = zip(*flat, strict=True)
    expected = [min(lons), min(lats), max(lons), max(lats)]
    found = record.get("bbox")
    if not isinstance(found, list) or not all(map(math.isfinite, found)) or found != expected:
        yield f"bbox is {found}, not {expected}"
