"""From the ground to paper: the plane of the sheet, its scale, and what comes into the frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin.crs import gauss_kruger
from taixin.sheets.papers import scale_to_fit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from taixin.crs import Target
    from taixin.sheets.papers import Box

__all__ = ["View", "bounds_of", "view_of"]

#: Drawn beyond the frame, so that no cut edge shows; a fortieth of a millimetre is not seen.
_BLEED_MM: Final = 4.0
_THIN_MM: Final = 0.025
#: Metres for a pixel of a Web Mercator map at zoom 0 on the equator.
_ZOOM_0_M: Final = 156_543.034
_AIR: Final = 1.09
#: A single point is shown with so much ground around it.
_LEAST_GROUND_M: Final = 60_000.0


@dataclass(frozen=True, slots=True)
class View:
    """A stretch of a plane in metres, drawn into a box at a scale.

    Parameters
    ----------
    target
        The plane: a Gauss-Kruger zone of CGCS2000.
    scale
        The denominator.
    west, north
        The upper left corner of the box, in metres of the plane.
    box
        Where it lies on paper.
    """

    target: Target
    scale: int
    west: float
    north: float
    box: Box

    @property
    def per_metre(self) -> float:
        """Millimetres on paper for a metre of ground."""
        return 1000 / self.scale

    def placed(self, shape: BaseGeometry) -> BaseGeometry:
        """Lay a geometry of the plane onto paper."""
        k, box = self.per_metre, self.box

        def move(points: np.ndarray) -> np.ndarray:
            x = box.x + (points[:, 0] - self.west) * k
            y = box.y + (self.north - points[:, 1]) * k
            return np.column_stack([x, y])

        return shapely.transform(shape, move)

    def drawn(self, shape: BaseGeometry) -> BaseGeometry:
        """Lay a lon/lat geometry onto paper, cut to the frame and a little more."""
        placed = self.placed(self.target.project(shape))
        if not shapely.is_valid(placed):
            placed = shapely.make_valid(placed)
        thin = shapely.simplify(placed, _THIN_MM)
        frame = self.box.shrunk(-_BLEED_MM).shape
        return thin if frame.contains(thin) else shapely.intersection(thin, frame)

    def plane_at(self, x: float, y: float) -> tuple[float, float]:
        """Give the easting and northing of a place on paper, in metres."""
        return (
            self.west + (x - self.box.x) / self.per_metre,
            self.north - (y - self.box.y) / self.per_metre,
        )

    def lonlat_at(self, x: float, y: float) -> tuple[float, float]:
        """Give longitude and latitude, in degrees, of a place on paper."""
        point = self.target.unproject(shapely.Point(self.plane_at(x, y)))
        lon, lat = shapely.get_coordinates(point)[0]
        return float(lon), float(lat)

    @property
    def turn_deg(self) -> float:
        """The angle from grid north to true north in the middle of the sheet, clockwise."""
        middle = (self.box.x + self.box.w / 2, self.box.y + self.box.h / 2)
        lon, lat = self.lonlat_at(*middle)
        meridian = shapely.LineString([(lon, lat), (lon, lat + 0.01)])
        foot, head = shapely.get_coordinates(self.placed(self.target.project(meridian)))
        return math.degrees(math.atan2(head[0] - foot[0], foot[1] - head[1]))

    def zoom(self, factor: float) -> float:
        """Give the zoom of a screen map on which things are as large as here.

        Parameters
        ----------
        factor
            How large symbols and letters are beside those of the screen.
        """
        _, lat = self.lonlat_at(self.box.x + self.box.w / 2, self.box.y + self.box.h / 2)
        metres = self.scale * 0.0254 / 96
        return math.log2(_ZOOM_0_M * math.cos(math.radians(lat)) / metres / factor)


def bounds_of(shapes: Iterable[BaseGeometry]) -> tuple[float, float, float, float]:
    """Give west, south, east and north of lon/lat geometries, in degrees."""
    west, south, east, north = shapely.total_bounds(np.array(list(shapes), dtype=object))
    return float(west), float(south), float(east), float(north)


def view_of(shapes: Iterable[BaseGeometry], box: Box, scale: int | None = None) -> View:
    """Lay lon/lat geometries into the middle of a box, as large as a round scale allows.

    Parameters
    ----------
    shapes
        What has to be seen.
    box
        Where.
    scale
        The denominator, where the user has chosen one.

    Returns
    -------
    View
        In the Gauss-Kruger zone of the middle.
    """
    shapes = list(shapes)
    west, _, east, _ = bounds_of(shapes)
    target = gauss_kruger((west + east) / 2)
    left, low, right, high = bounds_of(target.project(shape) for shape in shapes)
    wide_m, high_m = (max(size * _AIR, _LEAST_GROUND_M) for size in (right - left, high - low))
    chosen = scale or scale_to_fit(wide_m, high_m, box)
    metres = chosen / 1000
    x = (left + right) / 2 - box.w / 2 * metres
    y = (low + high) / 2 + box.h / 2 * metres
    return View(target, chosen, x, y, box)
