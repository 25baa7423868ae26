"""The independent GeoJSON checker: what it is to find, it finds."""

from __future__ import annotations

import pytest

from tests.rfc7946 import faults

LINE = "[[112.1,38.1],[112.2,38.3]]"
RING = "[[112,38],[113,38],[113,39],[112,39],[112,38]]"
HOLE = "[[112.2,38.2],[112.2,38.4],[112.4,38.4],[112.4,38.2],[112.2,38.2]]"


def feature(geometry: str, bbox: str = "") -> str:
    box = f'"bbox":{bbox},' if bbox else ""
    return f'{{"type":"Feature","id":"a",{box}"geometry":{geometry},"properties":{{}}}}'


def text(*features: str, bbox: str = "") -> str:
    body, box = ",\n".join(features), f'"bbox":{bbox},' if bbox else ""
    return f'{{"type":"FeatureCollection",{box}"features":[\n{body}\n]}}\n'


def area(*rings: str, box: str = "[112,38,113,39]") -> str:
    geometry = f'{{"type":"Polygon","coordinates":[{",".join(rings)}]}}'
    return text(feature(geometry, box), bbox=box)


def road(coordinates: str, box: str = "[112.1,38.1,112.2,38.3]") -> str:
    geometry = f'{{"type":"LineString","coordinates":{coordinates}}}'
    return text(feature(geometry, box), bbox=box)


CLEAN = {
    "a line": road(LINE),
    "an area with a hole": area(RING, HOLE),
    "a feature without a position": text(feature("null")),
}
FAULTY = {
    "cut off": (road(LINE)[:-9], "not JSON"),
    "not a number": (road("[[112.1,38.1],[NaN,38.3]]"), "NaN is no JSON number"),
    "a key twice": (road(LINE).replace('"id":"a"', '"id":"a","id":"b"'), "a key stands twice"),
    "all on one line": (road(LINE).replace("\n", ""), "features stand on"),
    "no newline at the end": (road(LINE).rstrip("\n"), "features stand on"),
    "a feature by itself": (feature("null"), "type is Feature"),
    "a crs": (road(LINE).replace('"features"', '"crs":null,"features"'), "carries ['crs']"),
    "keys in disorder": (
        road(LINE).replace('"type":"Feature","id":"a"', '"id":"a","type":"Feature"'),
        "keys are",
    ),
    "no id": (road(LINE).replace('"id":"a",', ""), "the id is no text"),
    "no properties": (road(LINE).replace('"properties":{}', '"properties":null'), "no object"),
    "an id twice": (text(feature("null"), feature("null")), "an id stands twice"),
    "an unknown type": (road(LINE).replace("LineString", "Line"), "a geometry of type Line"),
    "wrong nesting": (road(f"[{LINE}]"), "nested 3 deep"),
    "one point": (road("[[112.1,38.1]]", "[112.1,38.1,112.1,38.1]"), "ring of 1 positions"),
    "a height": (road("[[112.1,38.1,0],[112.2,38.3,0]]"), "a position of 3 numbers"),
    "metres": (road("[[500000,38.1],[500001,38.3]]", "[500000,38.1,500001,38.3]"), "off the globe"),
    "seven decimals": (
        road("[[112.1000001,38.1],[112.2,38.3]]", "[112.1000001,38.1,112.2,38.3]"),
        "more than 6 decimals",
    ),
    "a point twice": (road("[[112.1,38.1],[112.1,38.1],[112.2,38.3]]"), "twice in a row"),
    "an open ring": (area("[[112,38],[113,38],[113,39],[112,39]]"), "not closed"),
    "an exterior clockwise": (
        area("[[112,38],[112,39],[113,39],[113,38],[112,38]]"),
        "an exterior ring runs the wrong way",
    ),
    "a hole counter-clockwise": (
        area(RING, "[[112.2,38.2],[112.4,38.2],[112.4,38.4],[112.2,38.2]]"),
        "an interior ring runs the wrong way",
    ),
    "no bbox": (road(LINE, "").replace('"bbox":,', ""), "bbox is None"),
    "a bbox too large": (road(LINE, "[112,38,113,39]"), "bbox is"),
    "a bbox around nothing": (text(feature("null", "[0,0,0,0]")), "a bbox around nothing"),
}


@pytest.mark.parametrize("geojson", CLEAN.values(), ids=CLEAN)
def test_nothing_is_found_in(geojson: str) -> None:
    assert faults(geojson) == []


@pytest.mark.parametrize(("geojson", "expected"), FAULTY.values(), ids=FAULTY)
def test_a_fault_is_found(geojson: str, expected: str) -> None:
    assert [fault for fault in faults(geojson) if expected in fault] != []
