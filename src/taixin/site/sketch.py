"""The report's map as plain data: paths, circles and places for numbers, in units of the drawing.

A template writes it as SVG. It is drawn in the equal-area plane, true to 0.1 % in length, with the
site in the middle; what lies outside the frame is cut off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from taixin import plane

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature
    from taixin.model import Kind, Symbol
    from taixin.site.answers import Checker

__all__ = ["marker", "sketch", "swatch"]

_WIDTH, _HEIGHT = 900.0, 560.0
_INSET: Final = 170.0
#: At least this much ground to either side of the middle, metres.
_LEAST_HALF_M: Final = 6000.0
_MARGIN: Final = 1.9
_EDGE: Final = 14.0
#: What is drawn beyond the frame, so that no cut edge shows.
_BLEED: Final = 12.0
#: Between numbers on the map, from one to the next line of them, and by which they give way.
_ROOM: Final = 17.0
_STEP: Final = 4.0
_LINE, _POLYGON = 1, 2
_CORNERS: Final[Mapping[str, tuple[int, float, float]]] = {
    "square": (4, 45.0, 1.0),
    "diamond": (4, 0.0, 1.0),
    "triangle": (3, -90.0, 1.0),
    "hexagon": (6, 0.0, 1.0),
    "star": (10, -90.0, 0.45),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """A window of the plane and the size it is drawn in."""

    west: float
    north: float
    per_metre: float
    width: float
    height: float

    @classmethod
    def around(
        cls, shape: BaseGeometry, size: tuple[float, float], *, margin: float, least_m: float
    ) -> Frame:
        """Lay a window of a size around a geometry of the plane."""
        width, height = size
        west, south, east, north = shape.bounds
        aspect = width / height
        half = max((east - west) / 2 * margin, (north - south) / 2 * margin * aspect, least_m)
        x, y = (west + east) / 2, (south + north) / 2
        return cls(x - half, y + half / aspect, width / (2 * half), width, height)

    @property
    def window(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres."""
        east = self.west + self.width / self.per_metre
        return self.west, self.north - self.height / self.per_metre, east, self.north

    def drawn(self, shape: BaseGeometry) -> BaseGeometry:
        """Cut a geometry to a little more than the window and give it in units of the drawing."""
        west, south, east, north = self.window
        more = _BLEED / self.per_metre
        window = shapely.box(west - more, south - more, east + more, north + more)
        cut = shapely.intersection(shape, window)
        moved = shapely.transform(
            cut, lambda xy: (xy - [self.west, self.north]) * [self.per_metre, -self.per_metre]
        )
        return shapely.simplify(moved, 0.2)


def path(shape: BaseGeometry) -> str:
    """Write lines and areas as the data of an SVG path.

    Examples
    --------
    >>> path(shapely.LineString([(0, 0), (10, 5)]))
    'M0,0L10,5'
    """
    parts: list[str] = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            rings = [part.exterior, *part.interiors]
            parts.extend(f"M{_points(ring)}Z" for ring in rings if not ring.is_empty)
        elif part.geom_type == "LineString":
            parts.append(f"M{_points(part)}")
    return "".join(parts)


def _points(line: BaseGeometry) -> str:
    return "L".join(f"{x:.4g},{y:.4g}" for x, y in shapely.get_coordinates(line).round(1))


def marker(symbol: Symbol, x: float, y: float) -> dict[str, object]:
    """Describe the marker of a point.

    Returns
    -------
    dict[str, object]
        ``points`` of a polygon, or ``r`` of a circle, at ``x, y``.
    """
    radius = (symbol.size or 10.0) / 2
    base = {"x": round(x, 1), "y": round(y, 1), "hollow": symbol.marker == "ring"}
    if symbol.marker not in _CORNERS:
        return {**base, "r": radius}
    count, turn_deg, inner = _CORNERS[symbol.marker or ""]
    corners = []
    for number in range(count):
        angle = math.radians(turn_deg + 360 / count * number)
        reach = radius * (inner if number % 2 and inner < 1 else 1.15)
        corners.append(f"{x + reach * math.cos(angle):.1f},{y + reach * math.sin(angle):.1f}")
    return {**base, "points": " ".join(corners)}


def swatch(kind: Kind) -> dict[str, object]:
    """Describe the small picture of a kind in the legend, 34 by 16 units."""
    geometry = kind.geometry.value
    drawn: dict[str, object] = {"symbol": kind.symbol, "geometry": geometry}
    if geometry == "point":
        drawn["marker"] = marker(kind.symbol, 17, 8)
    return drawn


def sketch(
    site: BaseGeometry, features: Sequence[tuple[int, Feature]], checker: Checker
) -> dict[str, Any]:
    """Draw a site with the features it affects.

    Parameters
    ----------
    site
        Lon/lat.
    features
        Number in the report and feature.
    checker
        Kinds and counties.

    Returns
    -------
    dict[str, Any]
        What the template ``report.html`` writes as SVG.
    """
    here = plane.project(np.array([site]))[0]
    frame = Frame.around(here, (_WIDTH, _HEIGHT), margin=_MARGIN, least_m=_LEAST_HALF_M)
    drawn = (_item(number, feature, frame, checker) for number, feature in features)
    found = [item for item in drawn if item is not None]
    found.sort(key=lambda item: (item["order"], item["number"]))
    around = [item for item in found if item["geometry"] == "polygon" and not item["badge"]]
    items = _one_of_each([item for item in found if item not in around])
    _keep_apart(items)
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "counties": _counties(frame, checker),
        "items": items,
        "around": sorted(item["number"] for item in around),
        "site": _site(frame.drawn(here)),
        "scale": _scale(frame),
        "inset": _inset(frame, checker),
    }


def _site(drawn: BaseGeometry) -> dict[str, Any]:
    dimension = int(shapely.get_dimensions(drawn))
    middle = drawn.representative_point()
    small = 8.0
    west, north, east, south = drawn.bounds
    is_small = max(east - west, south - north) < small
    spots = shapely.get_coordinates(drawn) if dimension < _LINE else np.zeros((0, 2))
    return {
        "path": path(drawn),
        "is_area": dimension == _POLYGON,
        "spots": [(round(x, 1), round(y, 1)) for x, y in spots],
        "ring": (round(middle.x, 1), round(middle.y, 1)) if is_small else None,
    }


def _item(number: int, feature: Feature, frame: Frame, checker: Checker) -> dict[str, Any] | None:
    kind = checker.kinds[str(feature.properties["kind"])]
    shape = plane.project(np.array([feature.geometry]))[0]
    dimension = int(shapely.get_dimensions(shape))
    drawn = frame.drawn(shape)
    item: dict[str, Any] = {
        "number": number,
        "order": kind.order,
        "kind": str(feature.properties["kind"]),
        "symbol": kind.symbol,
        "geometry": ("point", "line", "polygon")[dimension],
        "path": path(drawn),
        "markers": [],
        "bands": [],
        "badge": None,
        "same": [],
    }
    if dimension < _LINE:
        radius = float(str(feature.properties["accuracy_m"])) * frame.per_metre
        spots = shapely.get_coordinates(frame.drawn(shape))
        item["markers"] = [marker(kind.symbol, x, y) for x, y in spots]
        item["bands"] = [(round(x, 1), round(y, 1), round(radius, 1)) for x, y in spots]
    if drawn.is_empty:
        return item if item["bands"] else None
    item["badge"] = _badge(drawn, dimension)
    return item


def _badge(drawn: BaseGeometry, dimension: int) -> tuple[float, float] | None:
    """Find a place for the number: on the line, at the edge of the area, beside the point."""
    if dimension < _LINE:
        x, y = shapely.get_coordinates(drawn)[0]
        return round(x + 16, 1), round(y - 10, 1)
    inner = shapely.box(_EDGE, _EDGE, _WIDTH - _EDGE, _HEIGHT - _EDGE)
    edge = shapely.boundary(drawn) if dimension == _POLYGON else drawn
    seen = shapely.intersection(edge, inner)
    lines = [part for part in shapely.get_parts(seen) if shapely.length(part) > 0]
    if not lines:
        return None
    longest = max(lines, key=lambda line: float(line.length))
    spot = longest.interpolate(0.3, normalized=True)
    return round(spot.x, 1), round(spot.y, 1)


def _one_of_each(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Draw lines and areas that look the same in the window once, and tell whom they stand for."""
    last: dict[object, dict[str, Any]] = {}
    for item in items:
        key = (item["geometry"], item["path"]) if item["path"] else item["number"]
        before = last.pop(key, None)
        item["same"] = [*before["same"], before["number"]] if before else []
        last[key] = item  # the upper one is what would be seen
    for item in last.values():
        item["number"], *item["same"] = sorted([item["number"], *item["same"]])
    return list(last.values())


def _keep_apart(items: Sequence[dict[str, Any]]) -> None:
    """Write the numbers, and move those that would cover each other a little to the right."""
    taken: list[tuple[float, float, float]] = []
    for item in items:
        if item["badge"] is None:
            continue
        x, y = item["badge"]
        text = f"{item['number']} +{len(item['same'])}" if item["same"] else str(item["number"])
        half = max(9.0, 3.2 * len(text) + 3)
        while any(abs(x - a) < half + b and abs(y - c) < _ROOM for a, b, c in taken):
            x += _STEP
        x = round(min(x, _WIDTH - half - 1), 1)
        item["badge"] = {"x": x, "y": y, "half": half, "text": text}
        taken.append((x, half, y))


def _counties(frame: Frame, checker: Checker) -> list[dict[str, Any]]:
    found = []
    window = shapely.box(*frame.window)
    for fact, shape in zip(checker.facts.counties.facts, checker.counties.shapes, strict=True):
        if not shapely.intersects(shape, window):
            continue
        drawn = frame.drawn(shape)
        # clear of the north arrow and the scale bar
        seen = shapely.intersection(drawn, shapely.box(64, 24, frame.width - 64, frame.height - 44))
        spot = (drawn if seen.is_empty else seen).representative_point()
        name = fact.name_zh if checker.lang == "zh" else fact.name_en
        is_wide = not seen.is_empty and seen.bounds[2] - seen.bounds[0] > 60  # noqa: PLR2004 - room for a name
        found.append(
            {"path": path(drawn), "name": name if is_wide else "",
             "x": round(spot.x, 1), "y": round(spot.y, 1)}
        )  # fmt: skip
    if len(found) == 1:  # the name would lie on the site
        found[0].update(x=_WIDTH / 2, y=_HEIGHT - 24)
    return found


def _scale(frame: Frame) -> dict[str, object]:
    """Choose a round length for the scale bar, about a sixth of the width."""
    wanted_m = frame.width / frame.per_metre / 6
    power = 10 ** math.floor(math.log10(wanted_m))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= wanted_m)
    text = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"  # noqa: PLR2004 - a kilometre
    return {"width": round(length_m * frame.per_metre, 1), "text": text}


def _inset(frame: Frame, checker: Checker) -> dict[str, Any]:
    """Draw the province small, with the window of the map in it."""
    province = shapely.box(*shapely.total_bounds(checker.counties.shapes))
    small = Frame.around(province, (_INSET, _INSET * 1.35), margin=1.06, least_m=0.0)
    window = shapely.box(*frame.window)
    shapes = shapely.simplify(checker.counties.shapes, 2000)
    box = small.drawn(window)
    return {
        "width": _INSET,
        "height": round(_INSET * 1.35, 1),
        "counties": [path(small.drawn(shape)) for shape in shapes],
        "window": path(box),
        "spot": None if box.is_empty else (round(box.centroid.x, 1), round(box.centroid.y, 1)),
    }
