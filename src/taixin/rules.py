"""Geometry rules: one idea, one pure function.

A recipe names a rule and its arguments; `taixin.build` resolves the names to shapes and calls the
function that stands under the rule's key in `SOURCES`: the key's value is its first argument, its
other parameters are further keys of the recipe. `MODIFIERS` then take the shape and return another,
in the order of that table.
All geometry is lon/lat in degrees, accuracies and widths are metres on the ground.

Accuracy is the radius, in metres, within which the true position should lie: the largest of the
inputs' plus what the rule adds.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import math
from collections.abc import Callable, Mapping  # noqa: TC003
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

import shapely
import shapely.ops

from taixin import crs
from taixin.vocabulary import Basis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

__all__ = ["LOCATED_M", "MODIFIERS", "SOURCES", "Shape", "Waypoint", "extra_keys"]

#: Between known waypoints a line may stray by about a tenth of their distance: the sagitta of an
#: arc that is 3 % longer than its chord.
STRAY_SHARE: Final = 0.10
#: Waypoints farther apart than this make a picture of a line, not an alignment.
ALIGNMENT_LEG_KM: Final = 15.0
#: What may be this far off is a hint, not a location.
LOCATED_M: Final = 5000.0
_CIRCLE_CORNERS: Final = 96


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry with how it came about and how far it may be off.

    Parameters
    ----------
    geometry
        Lon/lat in degrees; None where nothing is located.
    accuracy_m
        Positional uncertainty in metres; None where nothing is located.
    basis
        How the geometry came about.
    """

    geometry: BaseGeometry | None
    accuracy_m: float | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A named point that a line passes, lon/lat, with its accuracy in metres."""

    name: str
    lon: float
    lat: float
    accuracy_m: float


_SCHEMATIC_ORDER: Final = (
    Basis.UNLOCATED,
    Basis.SCHEMATIC,
    Basis.AREA_SYMBOL,
    Basis.ALIGNMENT,
    Basis.CENTRELINE,
    Basis.LOCATED,
    Basis.BOUNDARY,
)


def _joined(shapes: Sequence[Shape], geometry: BaseGeometry) -> Shape:
    basis = min((shape.basis for shape in shapes), key=_SCHEMATIC_ORDER.index)
    accuracy = max(shape.accuracy_m or 0.0 for shape in shapes)
    return Shape(geometry, accuracy, basis)


def _geometries(shapes: Sequence[Shape]) -> list[BaseGeometry]:
    return [shape.geometry for shape in shapes if shape.geometry is not None]


# ---- source rules: each makes a shape ---------------------------------------------------------


def counties(units: Sequence[Shape]) -> Shape:
    """Unite whole administrative units along their shared borders.

    Examples
    --------
    >>> west = Shape(shapely.box(112, 38, 113, 39), 500, Basis.BOUNDARY)
    >>> east = Shape(shapely.box(113, 38, 114, 39), 500, Basis.BOUNDARY)
    >>> counties([west, east]).geometry.bounds
    (112.0, 38.0, 114.0, 39.0)
    """
    outlines = _geometries(units)
    united = outlines[0] if len(outlines) == 1 else shapely.coverage_union_all(outlines)
    return replace(_joined(units, united), basis=Basis.BOUNDARY)


def county_part(unit: Shape) -> Shape:
    """Show the whole unit of which a document takes a part it does not outline.

    Examples
    --------
    >>> unit = Shape(shapely.box(112, 38, 113, 39), 1000, Basis.BOUNDARY)
    >>> county_part(unit) is unit
    True
    """
    return unit


def route(waypoints: Sequence[Waypoint]) -> Shape:
    """Join the waypoints of a road or railway in their order.

    An alignment where the waypoints are close together and well known, else schematic.

    Examples
    --------
    >>> legs = [Waypoint("a", 112.0, 38.0, 600), Waypoint("b", 112.1, 38.0, 1200)]
    >>> shape = route(legs)
    >>> shape.basis.value, round(shape.accuracy_m)
    ('alignment', 2078)
    """
    line, longest_km, accuracy_m = _joined_waypoints(waypoints)
    is_known = longest_km <= ALIGNMENT_LEG_KM and accuracy_m < LOCATED_M
    basis = Basis.ALIGNMENT if is_known else Basis.SCHEMATIC
    return Shape(line, accuracy_m, basis)


def through(waypoints: Sequence[Waypoint]) -> Shape:
    """Join places by a schematic line, in the order the document gives them.

    Examples
    --------
    >>> ends = [Waypoint("a", 112.0, 38.0, 600), Waypoint("b", 113.0, 38.0, 600)]
    >>> through(ends).basis.value
    'schematic'
    """
    line, _, accuracy_m = _joined_waypoints(waypoints)
    return Shape(line, accuracy_m, Basis.SCHEMATIC)


def _joined_waypoints(points: Sequence[Waypoint]) -> tuple[BaseGeometry, float, float]:
    legs = list(itertools.pairwise(points))
    lengths_km = [
        crs.geodesic_length_km(shapely.LineString([(a.lon, a.lat), (b.lon, b.lat)]))
        for a, b in legs
    ]
    accuracy_m = max(
        max(a.accuracy_m, b.accuracy_m) + STRAY_SHARE * length_km * 1000
        for (a, b), length_km in zip(legs, lengths_km, strict=True)
    )
    line = shapely.LineString([(point.lon, point.lat) for point in points])
    return line, max(lengths_km), accuracy_m


def river(course: Shape) -> Shape:
    """Take the course of a river, source to mouth.

    Examples
    --------
    >>> course = Shape(shapely.LineString([(112, 39), (112.5, 38)]), 2000, Basis.CENTRELINE)
    >>> river(course).geometry.coords[0]
    (112.0, 39.0)
    """
    return course


def mountain_range(bodies: Sequence[Shape]) -> Shape:
    """Take the ridges or bodies of mountain ranges; their extent is a cartographer's choice.

    Examples
    --------
    >>> ridge = Shape(shapely.LineString([(112, 38), (112.2, 38.4)]), 3000, Basis.CENTRELINE)
    >>> mountain_range([ridge]).basis.value
    'schematic'
    """
    united = shapely.union_all(_geometries(bodies))
    return replace(_joined(bodies, united), basis=Basis.SCHEMATIC)


def place(point: Shape) -> Shape:
    """Put a point at a known place; too rough a place is only a schematic position.

    Examples
    --------
    >>> place(Shape(shapely.Point(112, 38), 8000, Basis.LOCATED)).basis.value
    'schematic'
    """
    rough = point.accuracy_m is None or point.accuracy_m >= LOCATED_M
    return replace(point, basis=Basis.SCHEMATIC if rough else Basis.LOCATED)


def area_symbol(point: Shape, area_km2: float) -> Shape:
    """Draw a circle of a stated area around a known place.

    The polygon, not the circle around it, has the stated area: ``r = sqrt(2A / (n sin(2π/n)))``.
    The true outline is unknown, so the radius is added to the accuracy.

    Parameters
    ----------
    point
        The place, lon/lat.
    area_km2
        The stated area in square kilometres.

    Examples
    --------
    >>> town = Shape(shapely.Point(112.7, 38.2), 1500, Basis.LOCATED)
    >>> circle = area_symbol(town, area_km2=76)
    >>> round(crs.geodesic_area_km2(circle.geometry), 2), round(circle.accuracy_m)
    (76.0, 6420)
    """
    centre = cast("shapely.Point", point.geometry)
    plane = crs.plane_at(centre)
    middle = cast("shapely.Point", crs.to_plane(centre, plane))
    step = 2 * math.pi / _CIRCLE_CORNERS
    radius_m = math.sqrt(2 * area_km2 * 1e6 / (_CIRCLE_CORNERS * math.sin(step)))
    corners = [
        (middle.x + radius_m * math.cos(i * step), middle.y + radius_m * math.sin(i * step))
        for i in range(_CIRCLE_CORNERS)
    ]
    circle = crs.from_plane(shapely.Polygon(corners), plane)
    return Shape(circle, (point.accuracy_m or 0.0) + radius_m, Basis.AREA_SYMBOL)


def union(parts: Sequence[Shape]) -> Shape:
    """Unite shapes made by other rules; the least certain decides basis and accuracy.

    Examples
    --------
    >>> sure = Shape(shapely.box(112, 38, 113, 39), 1000, Basis.BOUNDARY)
    >>> vague = Shape(shapely.box(112.5, 38, 114, 39), 6000, Basis.SCHEMATIC)
    >>> both = union([sure, vague])
    >>> both.basis.value, both.accuracy_m, both.geometry.bounds
    ('schematic', 6000, (112.0, 38.0, 114.0, 39.0))
    """
    return _joined(parts, shapely.union_all(_geometries(parts)))


def layer(feature: Shape) -> Shape:
    """Take another feature of a plan, or all located features of one of its layers.

    Examples
    --------
    >>> other = Shape(shapely.Point(112.5, 37.9), 800, Basis.LOCATED)
    >>> layer(other) is other
    True
    """
    return feature


def unlocated(stated: bool) -> Shape:  # noqa: ARG001, FBT001 - a recipe says `unlocated = true`
    """Record that the document names something without saying where.

    Examples
    --------
    >>> unlocated(True).geometry is None
    True
    """
    return Shape(None, None, Basis.UNLOCATED)


# ---- modifiers: each takes a shape and returns another ------------------------------------------


def along(shape: Shape, ends: Sequence[Waypoint]) -> Shape:
    """Keep the part of a line between the points nearest to two places.

    Examples
    --------
    >>> line = Shape(shapely.LineString([(112, 38), (113, 38)]), 1500, Basis.CENTRELINE)
    >>> ends = [Waypoint("a", 112.2, 38.1, 500), Waypoint("b", 112.7, 38.1, 500)]
    >>> along(line, ends).geometry.bounds
    (112.2, 38.0, 112.7, 38.0)
    """
    line = cast("shapely.LineString", shapely.line_merge(shape.geometry))
    start, stop = sorted(
        float(shapely.line_locate_point(line, shapely.Point(end.lon, end.lat))) for end in ends
    )
    accuracy_m = max(shape.accuracy_m or 0.0, *(end.accuracy_m for end in ends))
    part = shapely.ops.substring(line, start, stop)
    return replace(shape, geometry=part, accuracy_m=accuracy_m)


def width_m(shape: Shape, width_m: float) -> Shape:
    """Give a line or point a body of a stated or chosen width in metres.

    Examples
    --------
    >>> ridge = Shape(shapely.LineString([(112, 38), (112.5, 38)]), 3000, Basis.SCHEMATIC)
    >>> body = width_m(ridge, 2000)
    >>> round(crs.geodesic_area_km2(body.geometry))
    91
    """
    geometry = cast("BaseGeometry", shape.geometry)
    plane = crs.plane_at(geometry)
    body = shapely.buffer(crs.to_plane(geometry, plane), width_m / 2, quad_segs=12)
    return replace(shape, geometry=crs.from_plane(body, plane))


def within(shape: Shape, area: Shape) -> Shape:
    """Clip a shape to an area; only what has the shape's own dimension is kept.

    Examples
    --------
    >>> line = Shape(shapely.LineString([(111, 38), (113, 38)]), 1500, Basis.CENTRELINE)
    >>> within(line, Shape(shapely.box(112, 37, 114, 39), 500, Basis.BOUNDARY)).geometry.bounds
    (112.0, 38.0, 113.0, 38.0)
    """
    clipped = shapely.intersection(shape.geometry, area.geometry)
    dimension = shapely.get_dimensions(shape.geometry)
    parts = shapely.get_parts(clipped)
    kept = parts[shapely.get_dimensions(parts) == dimension]
    united = shapely.union_all(kept)
    geometry = shapely.line_merge(united) if dimension == 1 else united
    accuracy_m = max(shape.accuracy_m or 0.0, area.accuracy_m or 0.0)
    return replace(shape, geometry=geometry, accuracy_m=accuracy_m)


SOURCES: Final[Mapping[str, Callable[..., Shape]]] = MappingProxyType(
    {
        "counties": counties,
        "county_part": county_part,
        "route": route,
        "through": through,
        "river": river,
        "range": mountain_range,
        "place": place,
        "area_symbol": area_symbol,
        "union": union,
        "layer": layer,
        "unlocated": unlocated,
    }
)
MODIFIERS: Final[Mapping[str, Callable[..., Shape]]] = MappingProxyType(
    {"along": along, "width_m": width_m, "within": within}
)


@functools.cache
def extra_keys(rule: str) -> tuple[str, ...]:
    """List the keys a source rule needs beside its own.

    Examples
    --------
    >>> extra_keys("area_symbol")
    ('area_km2',)
    """
    return tuple(inspect.signature(SOURCES[rule]).parameters)[1:]
