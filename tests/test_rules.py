"""Geometry rules, each against a truth found in another way: closed forms, geodesics, shapely."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pyproj
import pytest
import shapely

from taixin import rules
from taixin.rules import Shape, Waypoint
from taixin.vocabulary import Basis

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shapely.geometry.base import BaseGeometry

GEOD: Final = pyproj.Geod(ellps="GRS80")
ALBERS: Final = pyproj.Transformer.from_crs(
    "EPSG:4490", "+proj=aea +lat_1=36 +lat_2=40 +lon_0=112.5 +ellps=GRS80", always_xy=True
)
#: From what is only a picture to what is a boundary: the design's order of certainty.
LEAST_TO_MOST_CERTAIN: Final = (
    *(Basis.UNLOCATED, Basis.SCHEMATIC, Basis.AREA_SYMBOL, Basis.ALIGNMENT),
    *(Basis.CENTRELINE, Basis.LOCATED, Basis.BOUNDARY),
)
WEST: Final = Shape(shapely.box(112, 38, 112.5, 38.5), 500, Basis.BOUNDARY)
EAST: Final = Shape(shapely.box(112.5, 38, 113, 38.5), 900, Basis.BOUNDARY)
RIVER: Final = Shape(
    shapely.LineString([(111.8, 38.2), (112.6, 38.2), (112.6, 38.7), (112.2, 38.4)]),
    2000,
    Basis.CENTRELINE,
)
TOWN: Final = Shape(shapely.Point(112.7, 38.2), 1500, Basis.LOCATED)


def equal_area_km2(geometry: BaseGeometry | None) -> float:
    dense = shapely.segmentize(geometry, 0.002)
    plane = shapely.transform(dense, lambda xy: np.column_stack(ALBERS.transform(*xy.T)))
    return float(shapely.area(plane)) / 1e6


def metres(here: tuple[float, float], there: tuple[float, float]) -> float:
    return float(GEOD.inv(*here, *there)[2])


def row_of_waypoints(legs_m: Sequence[float], accuracies_m: Sequence[float]) -> list[Waypoint]:
    """Place waypoints one leg after the other towards the north-east, on the ellipsoid."""
    lon, lat = 112.0, 37.0
    points = [Waypoint("0", lon, lat, accuracies_m[0])]
    for number, (leg_m, accuracy_m) in enumerate(zip(legs_m, accuracies_m[1:], strict=True), 1):
        lon, lat, _ = GEOD.fwd(lon, lat, 35, leg_m)
        points.append(Waypoint(str(number), lon, lat, accuracy_m))
    return points


# ---- areas --------------------------------------------------------------------------------------


def test_counties_leave_no_inner_border_and_keep_the_area() -> None:
    shape = rules.counties([WEST, EAST])

    assert shapely.box(112, 38, 113, 38.5).equals(shape.geometry)
    assert equal_area_km2(WEST.geometry) + equal_area_km2(EAST.geometry) == pytest.approx(
        equal_area_km2(shape.geometry), rel=1e-9
    )


def test_counties_are_as_accurate_as_the_worst_of_them() -> None:
    shape = rules.counties([WEST, EAST])

    assert (shape.accuracy_m, shape.basis) == (900, Basis.BOUNDARY)


@pytest.mark.parametrize("area_km2", [0.6, 4, 29, 76, 1000])
@pytest.mark.parametrize(("lon", "lat"), [(112.7, 38.2), (110.3, 34.6), (114.5, 40.7)])
def test_an_area_symbol_has_the_stated_area(lon: float, lat: float, area_km2: float) -> None:
    circle = rules.area_symbol(Shape(shapely.Point(lon, lat), 800, Basis.LOCATED), area_km2)

    assert area_km2 == pytest.approx(equal_area_km2(circle.geometry), rel=1e-4)


@pytest.mark.parametrize("area_km2", [4, 76])
def test_an_area_symbol_is_round_and_lies_around_its_place(area_km2: float) -> None:
    circle = rules.area_symbol(TOWN, area_km2)
    reaches_m = [metres((112.7, 38.2), (x, y)) for x, y in shapely.get_coordinates(circle.geometry)]

    assert max(reaches_m) == pytest.approx(min(reaches_m), rel=1e-4)
    assert shapely.distance(shapely.centroid(circle.geometry), TOWN.geometry) < 1e-5


@pytest.mark.parametrize("area_km2", [4, 76])
def test_an_area_symbol_may_be_off_by_its_radius_more_than_its_place(area_km2: float) -> None:
    circle = rules.area_symbol(TOWN, area_km2)
    radius_m = math.sqrt(area_km2 * 1e6 / math.pi)

    assert circle.accuracy_m == pytest.approx(1500 + radius_m, rel=2e-3)
    assert circle.basis is Basis.AREA_SYMBOL


# ---- lines through waypoints --------------------------------------------------------------------


@pytest.mark.parametrize("rule", [rules.route, rules.through])
def test_a_line_through_waypoints_passes_them_in_order(
    rule: Callable[[Sequence[Waypoint]], Shape],
) -> None:
    points = row_of_waypoints([9000, 4000, 12_000], [600, 600, 600, 600])

    assert [(point.lon, point.lat) for point in points] == [
        tuple(xy) for xy in shapely.get_coordinates(rule(points).geometry)
    ]


@pytest.mark.parametrize("rule", [rules.route, rules.through])
@pytest.mark.parametrize(
    ("legs_m", "accuracies_m", "expected_m"),
    [
        pytest.param([10_000], [600, 1200], 2200, id="the worse end and a tenth of the leg"),
        pytest.param([10_000, 2000], [600, 600, 3000], 3200, id="the worst leg, not the longest"),
        pytest.param([2000, 30_000], [600, 600, 600], 3600, id="the longest leg"),
    ],
)
def test_a_line_may_stray_by_a_tenth_of_a_leg(
    legs_m: list[float],
    accuracies_m: list[float],
    expected_m: float,
    rule: Callable[[Sequence[Waypoint]], Shape],
) -> None:
    assert expected_m == pytest.approx(rule(row_of_waypoints(legs_m, accuracies_m)).accuracy_m)


@pytest.mark.parametrize(
    ("legs_m", "basis"),
    [
        ([14_900, 14_900], Basis.ALIGNMENT),
        ([15_100], Basis.SCHEMATIC),
        ([900, 15_100, 900], Basis.SCHEMATIC),
    ],
)
def test_a_route_is_an_alignment_where_no_leg_is_longer_than_15_km(
    legs_m: list[float], basis: Basis
) -> None:
    assert basis is rules.route(row_of_waypoints(legs_m, [600] * (len(legs_m) + 1))).basis


def test_a_line_through_places_is_always_schematic() -> None:
    assert rules.through(row_of_waypoints([900], [50, 50])).basis is Basis.SCHEMATIC


# ---- one fact -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [rules.river, rules.county_part, rules.layer])
def test_a_rule_that_takes_one_fact_takes_it_as_it_is(rule: Callable[[Shape], Shape]) -> None:
    assert rule(RIVER) is RIVER


@pytest.mark.parametrize(
    ("accuracy_m", "basis"),
    [
        (30, Basis.LOCATED),
        (4999, Basis.LOCATED),
        (5000, Basis.SCHEMATIC),
        (8000, Basis.SCHEMATIC),
        (None, Basis.SCHEMATIC),
    ],
)
def test_a_place_that_may_be_5_km_off_is_only_schematic(
    accuracy_m: float | None, basis: Basis
) -> None:
    shape = rules.place(Shape(shapely.Point(112, 38), accuracy_m, Basis.LOCATED))

    assert (accuracy_m, basis) == (shape.accuracy_m, shape.basis)


def test_unlocated_has_neither_position_nor_accuracy() -> None:
    assert Shape(None, None, Basis.UNLOCATED) == rules.unlocated(stated=True)


# ---- several shapes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vague", "sure"), list(itertools.combinations(LEAST_TO_MOST_CERTAIN[1:], 2))
)
def test_a_union_is_as_certain_as_the_least_certain_part(vague: Basis, sure: Basis) -> None:
    parts = [Shape(WEST.geometry, 500, sure), Shape(EAST.geometry, 200, vague)]

    for order in (parts, parts[::-1]):
        assert (vague, 500) == (rules.union(order).basis, rules.union(order).accuracy_m)


def test_a_union_covers_just_what_its_parts_cover() -> None:
    other = Shape(shapely.box(112.3, 38.2, 112.9, 38.9), 100, Basis.SCHEMATIC)
    overlap = shapely.intersection(WEST.geometry, other.geometry)
    expected = (
        equal_area_km2(WEST.geometry) + equal_area_km2(other.geometry) - equal_area_km2(overlap)
    )

    assert expected == pytest.approx(equal_area_km2(rules.union([WEST, other]).geometry), rel=1e-9)


def test_mountain_ranges_are_schematic_however_sure_their_ridges() -> None:
    shape = rules.mountain_range([RIVER, Shape(RIVER.geometry, 300, Basis.BOUNDARY)])

    assert (shape.accuracy_m, shape.basis) == (2000, Basis.SCHEMATIC)


# ---- modifiers ----------------------------------------------------------------------------------


def test_along_keeps_the_part_between_the_nearest_points() -> None:
    ends = [Waypoint("a", 112.1, 38.25, 500), Waypoint("b", 112.65, 38.5, 500)]

    for order in (ends, ends[::-1]):
        kept = rules.along(RIVER, order)
        assert shapely.LineString([(112.1, 38.2), (112.6, 38.2), (112.6, 38.5)]).equals_exact(
            shapely.simplify(kept.geometry, 0), 1e-9
        )


def test_along_joins_the_parts_of_a_line_first() -> None:
    parts = Shape(
        shapely.MultiLineString([[(112.5, 38), (113, 38)], [(112, 38), (112.5, 38)]]),
        500,
        Basis.CENTRELINE,
    )
    ends = [Waypoint("a", 112.2, 38, 500), Waypoint("b", 112.8, 38, 500)]

    bounds = shapely.bounds(rules.along(parts, ends).geometry).tolist()
    assert bounds == pytest.approx([112.2, 38, 112.8, 38])


def test_along_is_as_accurate_as_the_line_and_its_ends() -> None:
    ends = [Waypoint("a", 112.1, 38.2, 700), Waypoint("b", 112.5, 38.2, 4000)]

    assert rules.along(RIVER, ends).accuracy_m == 4000
    assert rules.along(RIVER, [ends[0], Waypoint("c", 112.5, 38.2, 900)]).accuracy_m == 2000


def test_along_keeps_what_the_line_is() -> None:
    ends = [Waypoint("a", 112.1, 38.2, 700), Waypoint("b", 112.5, 38.2, 700)]

    assert rules.along(RIVER, ends).basis is Basis.CENTRELINE


@pytest.mark.parametrize("width_m", [200, 2000, 10_400])
def test_a_body_reaches_half_its_width_to_either_side(width_m: float) -> None:
    meridian = Shape(shapely.LineString([(112.7, 38), (112.7, 38.4)]), 3000, Basis.SCHEMATIC)
    across = shapely.LineString([(112, 38.2), (113.4, 38.2)])
    body = rules.width_m(meridian, width_m).geometry
    west, _, east, _ = shapely.bounds(shapely.intersection(body, across))

    assert width_m / 2 == pytest.approx(metres((112.7, 38.2), (west, 38.2)), rel=1e-3)
    assert width_m / 2 == pytest.approx(metres((112.7, 38.2), (east, 38.2)), rel=1e-3)


@pytest.mark.parametrize("width_m", [200, 2000, 10_400])
def test_a_body_has_the_area_of_its_strip_and_two_half_discs(width_m: float) -> None:
    meridian = Shape(shapely.LineString([(112.7, 38), (112.7, 38.4)]), 3000, Basis.SCHEMATIC)
    expected_m2 = metres((112.7, 38), (112.7, 38.4)) * width_m + math.pi * (width_m / 2) ** 2
    body = rules.width_m(meridian, width_m)

    assert expected_m2 / 1e6 == pytest.approx(equal_area_km2(body.geometry), rel=1e-3)
    assert (body.accuracy_m, body.basis) == (3000, Basis.SCHEMATIC)


def test_a_body_around_a_point_is_a_disc() -> None:
    disc = rules.width_m(TOWN, 4000)

    assert math.pi * 4 == pytest.approx(equal_area_km2(disc.geometry), rel=5e-3)


def test_within_keeps_each_stretch_of_a_line_that_lies_inside() -> None:
    kept = rules.within(RIVER, WEST)

    assert shapely.equals(shapely.intersection(RIVER.geometry, WEST.geometry), kept.geometry)
    assert shapely.get_num_geometries(kept.geometry) == 2


def test_within_keeps_only_what_has_the_dimension_of_the_shape() -> None:
    touching = Shape(
        shapely.union(shapely.box(112.5, 38, 112.6, 38.1), shapely.box(112, 38, 112.2, 38.2)),
        100,
        Basis.BOUNDARY,
    )
    kept = rules.within(touching, WEST).geometry

    assert shapely.box(112, 38, 112.2, 38.2).equals(kept)
    assert kept is not None
    assert kept.geom_type == "Polygon"


@pytest.mark.parametrize(
    "shape", [RIVER, TOWN, EAST], ids=["a line", "a point", "an area at the border"]
)
def test_within_an_area_elsewhere_nothing_is_left(shape: Shape) -> None:
    elsewhere = Shape(shapely.box(113, 38, 113.5, 38.5), 500, Basis.BOUNDARY)

    assert shapely.is_empty(rules.within(shape, elsewhere).geometry)


def test_within_is_as_accurate_as_the_shape_and_the_area() -> None:
    vague = Shape(WEST.geometry, 6000, Basis.SCHEMATIC)

    assert rules.within(RIVER, vague).accuracy_m == 6000
    assert rules.within(RIVER, WEST).accuracy_m == 2000


# ---- all rules ----------------------------------------------------------------------------------


def test_the_rules_are_those_of_the_design() -> None:
    assert set(rules.SOURCES) | set(rules.MODIFIERS) == {
        *("counties", "county_part", "route", "river", "range", "place", "area_symbol"),
        *("through", "union", "layer", "unlocated", "width_m", "along", "within"),
    }


def test_only_an_area_symbol_needs_a_key_of_its_own() -> None:
    needed = {name: rules.extra_keys(name) for name in rules.SOURCES}

    assert {name: keys for name, keys in needed.items() if keys} == {"area_symbol": ("area_km2",)}


def test_no_rule_changes_what_it_is_given() -> None:
    given = (WEST, EAST, RIVER, TOWN)
    before = [shapely.to_wkb(shape.geometry) for shape in given]
    ends = [Waypoint("a", 112, 38.2, 1), Waypoint("b", 112.5, 38.2, 1)]

    rules.counties([WEST, EAST])
    rules.union([WEST, RIVER, TOWN])
    rules.area_symbol(TOWN, 9)
    rules.along(RIVER, ends)
    rules.width_m(RIVER, 500)
    rules.within(RIVER, WEST)

    assert before == [shapely.to_wkb(shape.geometry) for shape in given]
