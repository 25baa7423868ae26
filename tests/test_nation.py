"""Plans of a nation: twice the plan, twice the steps; what makes it quick changes nothing."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from pypinyin import lazy_pinyin

from taixin import files, manifest
from taixin.audit import audit
from taixin.facts import load_facts
from taixin.hosts import Hosts
from taixin.pinyin import READINGS, spell
from taixin.units import Units
from tests import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

    from shapely.geometry.base import BaseGeometry

SIDE = 0.25


def grid(folder: Path, count: int) -> tuple[Path, Path]:
    """Write a world of square counties in rows of ten, and a plan that names each four times."""
    geo, plans = samples.write_geo(folder / "geo"), samples.write_plans(folder / "layers")
    counties, places, areas, lines, sites = [], samples.PLACES, "", "", ""
    for number in range(count):
        west, south = 112 + SIDE * (number % 10), 35 + SIDE * (number // 10)
        shape = samples.box(west, south, west + SIDE, south + SIDE)
        counties.append(samples.county(f"15{number:04d}", f"第{number}县", f"C{number}", shape))
        for end, lon in (("a", west + 0.05), ("b", west + 0.2)):
            name = f"第{number}县{end}"
            places += (
                f"{end}{number},{name},{end}{number},,town,{lon},{south + 0.1},"
                f"500,15{number:04d},gazetteer,,\n"
            )
        host = f"host = '第{number}县'"
        areas += feature(f"a{number}", f"{{ counties = ['第{number}县'] }}", host)
        rule = f"{{ through = ['a{number}', 'b{number}'], within = 'areas/a{number}' }}"
        lines += feature(f"l{number}", rule, f"members = ['第{number}县']")
        sites += feature(f"s{number}", f"{{ place = 'b{number}' }}", host)
        sites += feature(f"u{number}", "{ unlocated = true }", host)
    (geo / "counties.geojson").write_text(samples.collection(*counties), encoding="utf-8")
    (geo / "places.csv").write_text(places, encoding="utf-8")
    plan = plans / "lake-2030"
    (plan / "nature.toml").unlink()
    head = samples.STRUCTURE.partition("[[layer]]")[0]
    kinds = {"areas": "county_involved", "lines": "road_line", "sites": "site_project"}
    layers = (
        f"[[layer]]\nid = '{name}'\ntitle = {{ zh = '层', en = 'Layer' }}\n"
        f"kind = '{kinds[name]}'\n{body}"
        for name, body in (("areas", areas), ("lines", lines), ("sites", sites))
    )
    (plan / "structure.toml").write_text(head + "".join(layers), encoding="utf-8")
    return geo, plans


def feature(identifier: str, rule: str, more: str) -> str:
    """Write one feature of a recipe."""
    names = f"{{ zh = '要素{identifier}', en = '{identifier}' }}"
    return (
        f"[[layer.feature]]\nid = '{identifier}'\nname = {names}\nterm = 't'\n"
        f"summary = {names}\nrule = {rule}\n{more}\n"
    )


def steps_of(work: Callable[[], object]) -> int:
    """Count the bytecodes of this package that some work runs through."""
    count = 0

    def step(frame: FrameType, event: str, _argument: object) -> Any:  # noqa: ANN401 - as sys.settrace has it
        nonlocal count
        if "taixin" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def everything(geo: Path, plans: Path) -> None:
    """Do with a plan all that a build does before the page is drawn."""
    library, facts, layers = samples.build_small(geo, plans)
    findings = audit(library, layers, facts)
    manifest.page_manifest(layers, library, facts, findings=findings)
    manifest.catalog(layers, library, facts)
    manifest.plan_list(layers)
    assert len(layers[0].text) > len(facts.counties.facts)


def test_twice_the_counties_and_sites_take_twice_the_steps(tmp_path: Path) -> None:
    few, many = grid(tmp_path / "few", 60), grid(tmp_path / "many", 120)
    everything(*few)  # what is read once for all

    assert steps_of(lambda: everything(*many)) < 2.05 * steps_of(lambda: everything(*few))


# ---- what is quick says the same as what is plain ------------------------------------------------


@pytest.fixture(scope="module")
def outlines() -> np.ndarray:
    return np.array([fact.geometry for fact in load_facts().counties.facts], dtype=object)


def areas(outlines: np.ndarray) -> list[list[BaseGeometry]]:
    """Make areas that take counties in wholly, half, hardly or together."""
    spots = shapely.point_on_surface(outlines[::9])
    discs = list(shapely.buffer(spots, np.linspace(0.05, 1.5, len(spots))))
    west, south, east, north = shapely.total_bounds(outlines)
    strips = [shapely.box(west + i / 8, south, west + (i + 0.5) / 8, north) for i in range(20)]
    halves = [shapely.box(west, south, (west + east) / 2, north)]
    halves.append(shapely.box((west + east) / 2, south, east, north))
    return [*([disc] for disc in discs), list(outlines[:7]), strips, halves, discs]


def test_the_units_of_an_area_are_those_it_covers_by_half(outlines: np.ndarray) -> None:
    counties = load_facts().counties.facts
    units = Units(counties)
    sizes = []
    for parts in areas(outlines):
        together = shapely.union_all(parts)
        shares = shapely.area(shapely.intersection(outlines, together)) / shapely.area(outlines)
        expected = set(np.flatnonzero(shares >= 0.5).tolist())
        assert expected == units.covered(parts)
        sizes.append(len(expected))

    assert (min(sizes), max(sizes)) == (0, len(counties))


def test_a_name_of_a_county_and_of_its_city_stands_for_the_county(geo_of_two: Path) -> None:
    library, facts, layers = samples.build_small(geo_of_two, geo_of_two.parent / "layers")
    hosts = Hosts(layers, facts)
    plan = library.plans[0]
    park = next(item for layer in layers for item in layer.features if item.geometry is None)

    def found(host: str) -> set[int]:
        changed = type(park)(park.id, {**park.properties, "host": host}, None)
        return set(hosts.counties(changed, plan))

    assert {0} == found("西县")
    assert {1} == found("湖滨园区")  # the county around a place
    assert {0, 1} == found("湖市") == found("湖") == found("两湖") == found("")
    assert {0} == found("西区")  # a feature of the plan


def test_a_border_that_needs_no_rounding_still_becomes_flat_and_plain(geo_of_two: Path) -> None:
    corners = [[112.5, 38, 7], [112.5, 38.5, 9], [112, 38.5, 9], [112, 38, 7], [112, 38, 7]]
    raised = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    county = samples.county("140001", "西县", "West County", raised)
    other = samples.county("140002", "东县", "East County", samples.box(112.5, 38, 113, 38.5))
    text = samples.collection(county, other)
    (geo_of_two / "counties.geojson").write_text(text, encoding="utf-8")

    _, _, layers = samples.build_small(geo_of_two, geo_of_two.parent / "layers")

    [built] = [
        shapely.get_geometry(item.geometry, 0)
        for layer in layers
        for item in layer.features
        if item.properties["name"] == "西区"
    ]
    assert not shapely.has_z(built)
    assert built == shapely.normalize(shapely.box(112, 38, 112.5, 38.5))


@pytest.fixture
def geo_of_two(tmp_path: Path) -> Path:
    samples.write_plans(tmp_path / "layers")
    return samples.write_geo(tmp_path / "geo")


SHAPES: tuple[BaseGeometry, ...] = (
    shapely.Point(112.1234565, -0.0000001),
    shapely.Point(1.0000005, -2.5000015),
    shapely.MultiPoint([(0.1, 0.2), (1e-7, 179.9999995)]),
    shapely.LineString([(-1.5, 2.25), (3.3333335, 4.4444445)]),
    shapely.LineString([(1, 2, 3.1234567), (4, 5, 6)]),
    shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3), (4.00000049, 4)]]),
    shapely.box(0, 0, 5, 5) - shapely.box(1, 1, 2, 2) - shapely.box(3, 3, 4, 4),
    shapely.union(shapely.box(0, 0, 4, 4) - shapely.box(1, 1, 2, 2), shapely.box(5, 5, 6, 6)),
    shapely.MultiPolygon([shapely.box(7, 7, 8, 8)]),
    shapely.GeometryCollection([shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)])]),
)


def plain(value: Any) -> Any:  # noqa: ANN401 - coordinates as deep as they come
    """Round what stands in brackets, however deep."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return round(value, 6) + 0.0


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.wkt[:60])
def test_coordinates_are_written_as_each_by_itself_would_be(shape: BaseGeometry) -> None:
    record = json.loads(files.geojson_text({}, [("a", {}, shape)]))["features"][0]["geometry"]
    expected = json.loads(shapely.to_geojson(shapely.orient_polygons(shape)))

    assert expected["type"] == record["type"]
    for key in {"coordinates", "geometries"} & expected.keys():
        told = expected[key]
        assert (told if key == "geometries" else plain(told)) == record[key]


def test_a_number_between_two_decimals_is_rounded_as_python_does() -> None:
    random = np.random.default_rng(7)
    ties = (random.integers(-180_000_000, 180_000_000, 20_000) + 0.5) / 1e6
    line = shapely.LineString(np.column_stack([ties[:10_000], ties[10_000:]]))
    record = json.loads(files.geojson_text({}, [("a", {}, line)]))["features"][0]

    assert [[round(x, 6), round(y, 6)] for x, y in line.coords] == record["geometry"]["coordinates"]


def test_names_are_spelled_by_word_as_they_are_in_whole() -> None:
    names = {str(item.properties["name"]) for layer in samples.own()[2] for item in layer.features}
    ordinary = {name for name in names if name.isalpha() and not any(r in name for r in READINGS)}
    spelt = spell(ordinary)

    assert len(spelt) > 500
    assert {name: " ".join(lazy_pinyin(name)).lower() for name in spelt} == spelt
