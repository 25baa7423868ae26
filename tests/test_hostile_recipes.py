"""Plans and facts from anywhere, and what a generator thinks of: a sentence or a sound layer."""

from __future__ import annotations

import json
import math
import re
import tomllib
from typing import TYPE_CHECKING

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from taixin.errors import InputError
from taixin.intake.geojson import Broken, read_geometry, read_records
from tests import samples
from tests.hostile_parts import GOOD, WORDS

if TYPE_CHECKING:
    from pathlib import Path

# the same examples every time: a run of the tests never depends on luck
BOUNDED = settings(derandomize=True, deadline=None, database=None, max_examples=150)
FILES = {
    **{f"plans/lake-2030/{name}": text for name, text in samples.PLAN_FILES.items()},
    "geo/sources.toml": samples.SOURCES,
    "geo/places.csv": samples.PLACES,
    "geo/routes.csv": samples.ROUTES,
}
#: What may stand in the place of a value of TOML.
VALUES = (
    *(
        "nan",
        "inf",
        "-inf",
        "1e308",
        "true",
        "0",
        "-1",
        "9" * 400,
        "9" * 5000,
        '""',
        "[]",
        "{}",
        "[[]]",
    ),
    *("1979-05-27", '"../../x"', '"/etc/passwd"', '"' + "x" * 100_000 + '"', "[1, [2, [3]]]"),
    *(json.dumps(word, ensure_ascii=False) for word in WORDS),
)
VALUE = re.compile(r'(?<== )("(?:[^"\\\n]|\\.)*"|[\d.-]+|\[[^\[\]\n]*\]|\{[^{}\n]*\})')
PLACES = [
    (name, match.span()) for name in FILES if name.endswith(".toml")
    for match in VALUE.finditer(FILES[name])
]  # fmt: skip


def spoilt() -> dict[str, tuple[str, bytes]]:
    """Give files that cannot be what they should be."""
    found: dict[str, tuple[str, bytes]] = {}
    for name, text in FILES.items():
        raw = text.encode()
        bad = {
            "empty": b"", "half": raw[: len(raw) // 2], "zeros": bytes(100),
            "gbk": text.encode("gbk"),
            "utf-16": text.encode("utf-16"), "control": raw.replace(b"=", b"=\x01", 1) + b"\x00",
            "twice": raw + raw, "deep": b"x = " + b"[" * 50_000, "binary": bytes(range(256)),
            "markup": b"<script>alert(1)</script>",
        }  # fmt: skip
        found |= {f"{name} {way}": (name, content) for way, content in bad.items()}
    return found


def built(folder: Path) -> str | None:
    """Build; give the sentence of a refusal, None where sound layers came out."""
    try:
        _, _, layers = samples.build_small(folder / "geo", folder / "plans")
    except InputError as error:
        return str(error)
    for layer in layers:
        assert re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", layer.id), "the name of a file"
        for feature in layer.features:
            if feature.geometry is not None:
                assert feature.geometry.is_valid
                assert all(map(math.isfinite, feature.geometry.bounds))
        json.loads(layer.text, parse_constant=pytest.fail)
    return None


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    samples.write_geo(folder / "geo")
    samples.write_plans(folder / "plans")
    assert built(folder) is None
    return folder


def test_a_broken_plan_or_fact_is_told_and_nothing_is_written(world: Path) -> None:
    before = sorted(world.rglob("*"))
    told = {}
    for case, (name, content) in spoilt().items():
        (world / name).write_bytes(content)
        told[case] = built(world)
        (world / name).write_text(FILES[name], encoding="utf-8")
    assert {case for case, said in told.items() if said is None} == set()
    assert sorted(world.rglob("*")) == before


@BOUNDED
@given(place=st.sampled_from(PLACES), value=st.sampled_from(VALUES))
def test_any_value_in_any_place_is_told_or_sound(
    world: Path, place: tuple[str, tuple[int, int]], value: str
) -> None:
    name, (start, end) = place
    text = FILES[name]
    (world / name).write_text(text[:start] + value + text[end:], encoding="utf-8")
    try:
        built(world)
    finally:
        (world / name).write_text(text, encoding="utf-8")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["type", "coordinates", "geometries", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
KINDS = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


@BOUNDED
@given(kind=st.sampled_from((*KINDS, "GeometryCollection")), value=JSON)
def test_any_coordinates_are_a_geometry_or_named_as_broken(kind: str, value: object) -> None:
    try:
        shape = read_geometry({"type": kind, "coordinates": value, "geometries": value})
    except Broken:
        pass
    else:
        assert shape is None or all(map(math.isfinite, shapely.get_coordinates(shape).flat))


@BOUNDED
@given(start=st.integers(0, len(GOOD)), length=st.integers(0, 9), filling=st.binary(max_size=9))
def test_any_bytes_in_a_site_file_are_features_or_named_as_broken(
    start: int, length: int, filling: bytes
) -> None:
    text = (GOOD[:start] + filling + GOOD[start + length :]).decode("utf-8", "replace")
    try:
        records = list(read_records(text))
    except Broken:
        pass
    else:
        json.loads(text)  # what was read is JSON to others as well
        assert records


def test_the_values_that_are_tried_are_toml() -> None:
    assert all(tomllib.loads(f"x = {value}") for value in VALUES if value != "9" * 5000)
