"""Packs of geometries: everything comes back, what is shared is there once."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from taixin.errors import InputError
from taixin.pack import Collection, gzipped, pack
from tests import samples
from tests.unpacking import Pack, turned, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry


def packed(*sets: Sequence[Any], digits: int = 6) -> Pack:
    """Pack and unpack sets, called by their numbers."""
    collections = [Collection(str(number), each) for number, each in enumerate(sets)]
    return unpack(pack(collections, digits=digits))


def back(*geometries: BaseGeometry | None) -> list[Any]:
    """Give geometries as they come back from a pack of them."""
    return shapes_of(packed(geometries), "0")


def shapes_of(made: Pack, name: str) -> list[Any]:
    """Give the geometries of a set."""
    return [each and shape(each) for each in made.geometries(name)]


def edges_of(line: Sequence[Any]) -> list[frozenset[Any]]:
    return [frozenset(edge) for edge in pairwise(line)]


def grid(width: int, height: int) -> list[Any]:
    """Give fields that lie side by side, their corners a little out of true."""
    moved = np.random.default_rng(7).integers(-300, 300, (width + 1, height + 1, 2))
    x, y = np.meshgrid(np.arange(width + 1), np.arange(height + 1), indexing="ij")
    corners = np.stack((112 + x / 1000, 38 + y / 1000), axis=2) + moved / 1e6
    return [
        shapely.Polygon(
            [corners[i, j], corners[i + 1, j], corners[i + 1, j + 1], corners[i, j + 1]]
        )
        for i in range(width)
        for j in range(height)
    ]


# ---- everything comes back ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def everything() -> Pack:
    """Give the pack of all layers of the project's own plans, unpacked."""
    layers = samples.own()[2]
    return unpack(
        pack([Collection(layer.id, [item.geometry for item in layer.features]) for layer in layers])
    )


def test_every_layer_comes_back_to_the_last_decimal(everything: Pack) -> None:
    for layer in samples.own()[2]:
        features = json.loads(layer.text)["features"]
        found = everything.geometries(layer.id)
        assert len(found) == len(features)
        for feature, geometry in zip(features, found, strict=True):
            assert turned(geometry) == turned(feature["geometry"]), feature["id"]


def test_layers_tell_their_types_and_counts(everything: Pack) -> None:
    described = {item["id"]: (item["type"], item["count"]) for item in everything.header["sets"]}

    assert described == {
        layer.id: (layer.geometry_type.value, len(layer.features)) for layer in samples.own()[2]
    }


def test_no_edge_of_any_layer_is_stored_twice(everything: Pack) -> None:
    edges = [edge for arc in everything.arcs for edge in edges_of(arc)]

    assert len(edges) == len(set(edges))


def test_holes_and_many_parts_come_back() -> None:
    hole = shapely.box(0, 0, 10, 10) - shapely.box(2, 2, 4, 4) - shapely.box(5, 5, 7, 7)
    island: Any = shapely.box(20, 20, 21, 21)
    many = shapely.MultiPolygon([hole, shapely.box(12, 0, 13, 1)])  # type: ignore[list-item]

    found = back(hole, many, shapely.MultiPolygon([island]), island)

    assert [item.geom_type for item in found] == [
        *("Polygon", "MultiPolygon", "MultiPolygon", "Polygon")
    ]
    for one, other in zip(found, (hole, many, island, island), strict=True):
        assert one.equals(other)


def test_lines_that_meet_and_part_come_back() -> None:
    trunk = shapely.LineString([(0, 0), (1, 0), (2, 0), (3, 1)])
    branch = shapely.LineString([(5, 5), (2, 0), (1, 0), (0, 5)])
    loop = shapely.LineString([(7, 7), (8, 7), (8, 8), (7, 7)])
    many = shapely.MultiLineString([trunk, [(2, 0), (9, 9)]])

    assert back(trunk, branch, loop, many) == [trunk, branch, loop, many]


def test_points_come_back_and_cut_nothing() -> None:
    point, many = shapely.Point(1, 0), shapely.MultiPoint([(3, 3), (1, 0)])
    line = shapely.LineString([(0, 0), (1, 0), (2, 0)])

    made = packed([point, many], [line])

    assert [shape(item) for item in made.geometries("0") if item] == [point, many]
    assert made.arcs == [[(1, 0)], [(3, 3)], [(0, 0), (1, 0), (2, 0)]]


def test_what_has_no_place_stays_a_gap() -> None:
    point = shapely.Point(1, 2)

    assert back(None, point, shapely.Point(), None) == [None, point, None, None]
    assert packed([None, None], []).header["sets"] == [
        {"id": "0", "type": "none", "count": 2},
        {"id": "1", "type": "none", "count": 0},
    ]
    assert packed().sets == {}


def test_the_south_and_the_west_come_back() -> None:
    far = shapely.Polygon([(-180, -90), (180, -90), (180, 90), (-180, 90)])
    line = shapely.LineString([(-70.123456, -33.654321), (-0.000001, 0.000001)])

    [area] = back(far)
    assert area.equals(far)
    assert back(line) == [line]


def test_repeated_vertices_go_and_what_shrinks_to_a_point_stays_a_place() -> None:
    line = shapely.LineString([(0, 0), (0.0000001, 0), (1, 1), (1, 1)])
    speck = shapely.box(3, 3, 3.0000001, 3.0000001)

    assert back(line) == [shapely.LineString([(0, 0), (1, 1)])]
    assert packed([speck]).sets["0"] == [("Polygon", [[(3, 3)]], [0])]


@st.composite
def tangles(draw: st.DrawFn) -> list[list[tuple[int, int]]]:
    """Draw paths over few places, so that they meet, overlap and turn back on themselves."""
    place = st.tuples(st.integers(0, 3), st.integers(0, 2))
    return draw(st.lists(st.lists(place, min_size=3, max_size=9), min_size=1, max_size=6))


def without_repeats(line: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [place for i, place in enumerate(line) if not i or place != line[i - 1]]


@settings(max_examples=400, deadline=None)
@given(tangles(), tangles())
def test_whatever_tangle_lines_and_rings_make_comes_back(
    lines: list[list[tuple[int, int]]], rings: list[list[tuple[int, int]]]
) -> None:
    areas = [shapely.Polygon(ring) for ring in rings]
    made = packed([shapely.LineString(line) for line in lines], areas, digits=0)

    for item, line in zip(made.sets["0"], lines, strict=True):
        assert item is not None
        assert item[1] == without_repeats(line)
    for item, area in zip(made.sets["1"], areas, strict=True):
        assert item is not None
        drawn = [(int(x), int(y)) for x, y in area.exterior.coords]
        ring = item[1][0][:-1] or item[1][0]
        turned = [ring[i:] + ring[:i] for i in range(len(ring))]
        expected = without_repeats(drawn)
        expected = expected[:-1] or expected
        assert expected in turned or expected[::-1] in turned
    stored = [min(tuple(arc), tuple(arc[::-1])) for arc in made.arcs]
    assert len(stored) == len(set(stored))


# ---- shared once --------------------------------------------------------------------------------


def test_neighbours_share_their_border() -> None:
    fields = grid(12, 9)
    made = packed(fields)

    assert len(made.arcs) == 12 * 10 + 13 * 9 - 4  # a corner of the whole field parts nothing
    stored = sum(float(shapely.length(shapely.LineString(arc))) for arc in made.arcs) / made.scale
    assert stored == pytest.approx(shapely.union_all(shapely.boundary(fields)).length, rel=1e-9)


def test_a_border_is_stored_once_for_all_layers() -> None:
    fields = grid(6, 6)
    both = packed(fields, [shapely.union_all(fields)], fields[:5])

    assert len(both.arcs) == len(packed(fields).arcs)


def test_counties_of_the_project_share_their_borders() -> None:
    counties = [fact.geometry for fact in samples.own()[1].counties.facts]
    made = packed(counties)

    assert shapely.coverage_is_valid(counties)
    borders = shapely.union_all(shapely.boundary(counties))
    stored = sum(float(shapely.length(shapely.LineString(arc))) for arc in made.arcs) / made.scale
    assert stored == pytest.approx(borders.length, rel=1e-9)
    users: dict[int, int] = {}
    for item in made.sets["0"]:
        assert item is not None
        for ref in item[2]:
            users[ref // 2] = users.get(ref // 2, 0) + 1
    assert set(users.values()) == {1, 2}  # an outer border, or one between two counties


def test_an_island_in_a_lake_is_one_closed_arc() -> None:
    lake = shapely.box(0, 0, 10, 10) - shapely.box(4, 4, 6, 6)
    made = packed([lake, shapely.box(4, 4, 6, 6)])

    assert len(made.arcs) == 2
    assert made.arcs[1][0] == made.arcs[1][-1] == (4, 4)
    (around, hole), (island,) = [item[2] for item in made.sets["0"] if item]
    assert around // 2 == 0
    assert {hole, island} == {2, 3}  # the same arc in both directions


# ---- the same bytes, and refusals ---------------------------------------------------------------


def test_the_same_geometries_give_the_same_bytes() -> None:
    one, other = (gzipped(pack([Collection("fields", grid(5, 4))])) for _ in range(2))

    assert one == other
    assert one[4:10] == b"\x00\x00\x00\x00\x00\xff"  # no clock, no system
    assert unpack(gzip.decompress(one)).header["arcs"] == 5 * 5 + 6 * 4 - 4


def test_a_mixture_is_refused_by_name() -> None:
    for mixed in (
        [shapely.Point(1, 2), shapely.box(0, 0, 1, 1)],
        [shapely.GeometryCollection([shapely.Point(1, 2), shapely.Point(2, 2)])],
    ):
        with pytest.raises(InputError, match="fields: points, lines and areas are mixed"):
            pack([Collection("fields", mixed)])


@pytest.mark.parametrize("x", ["500000", "-180.5", "inf", "nan"])
def test_what_is_no_degree_is_refused_by_name(x: str) -> None:
    with np.errstate(invalid="ignore"):  # shapely's own, about a number that is none
        line = shapely.from_wkt(f"LINESTRING (112 38, {x} 38)")

    with pytest.raises(InputError, match=r"fields: a coordinate is no longitude.*EPSG:4326"):
        pack([Collection("fields", [line])])


def test_the_grid_is_the_coarsest_that_loses_nothing() -> None:
    fine, coarse = shapely.Point(112.123456, 38.5), shapely.Point(112.12, 38.5)

    assert packed([fine, coarse]).header["digits"] == 6
    assert packed([coarse]).header["digits"] == 2
    assert packed([coarse], digits=1).header["digits"] == 1


def test_what_two_layers_show_alike_is_stored_once() -> None:
    shell = [(112, 38), (113, 38), (113, 39), (112, 39), (112, 38)]
    hole = [(112.2, 38.2), (112.4, 38.2), (112.4, 38.4), (112.2, 38.4), (112.2, 38.2)]
    field = shapely.Polygon(shell, [hole])
    turned = shapely.Polygon([*shell[2:], *shell[1:3]], [hole[::-1]])
    line = shapely.LineString(shell)
    made = packed([field], [turned, shapely.box(120, 30, 121, 31)], [line])

    assert len(made.arcs) == 3
    assert shapes_of(made, "0")[0].equals(field)
    assert shapes_of(made, "1")[0].equals(field)
    assert shapes_of(made, "2")[0].equals(line)


def test_what_differs_by_less_than_the_grid_is_stored_once() -> None:
    field = shapely.box(112, 38, 113, 39)
    moved = shapely.transform(field, lambda places: places + 1e-8)
    made = packed([field], [moved])

    assert len(made.arcs) == 1
    assert shapes_of(made, "0") == shapes_of(made, "1")
