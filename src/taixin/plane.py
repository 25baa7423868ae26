"""Many geometries at once: one equal-area plane, distances and circles on the ellipsoid.

Beside `taixin.crs`, which builds single shapes, this is for measuring. Areas in the plane are those
of the CGCS2000 ellipsoid; lengths in it are true to 0.1 % between 34 and 41° N, so a length that is
told to anybody is measured on the ellipsoid.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Final

import numpy as np
import pyproj
import shapely

from taixin.crs import LONLAT

__all__ = [
    "EQUAL_AREA",
    "circles",
    "distances_m",
    "lengths_m",
    "project",
    "unproject",
]

#: Albers equal-area on the ellipsoid of CGCS2000.
EQUAL_AREA: Final = (
    "+proj=aea +lat_1=35.5 +lat_2=39.8 +lat_0=37.6 +lon_0=112.7 +ellps=GRS80 +units=m +type=crs"
)
_ELLIPSOID: Final = pyproj.Geod(ellps="GRS80")
_CIRCLE_CORNERS: Final = 128
_LONGEST_EDGE_DEG: Final = 0.02


@lru_cache(maxsize=1)
def _albers() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(LONLAT, EQUAL_AREA, always_xy=True)


def _there(coordinates: np.ndarray) -> np.ndarray:
    return np.column_stack(_albers().transform(coordinates[:, 0], coordinates[:, 1]))


def project(geometries: np.ndarray) -> np.ndarray:
    """Take geometries from lon/lat in degrees to metres in the equal-area plane.

    An edge runs straight in longitude and latitude (RFC 7946), not in the plane, so long ones get
    vertices every 0.02 degrees; between them the two differ by less than 5 cm.

    Parameters
    ----------
    geometries
        An array of geometries, lon/lat.

    Returns
    -------
    np.ndarray
        The same geometries in `EQUAL_AREA`.

    Examples
    --------
    >>> from taixin.crs import geodesic_area_km2
    >>> box = shapely.box(112.5, 38, 112.6, 38.1)
    >>> plane_km2 = project(np.array([box]))[0].area / 1e6
    >>> bool(abs(plane_km2 / geodesic_area_km2(box) - 1) < 1e-6)
    True
    """
    if not len(geometries):
        return geometries
    west, south, east, north = shapely.bounds(geometries).T
    is_long = np.maximum(east - west, north - south) > _LONGEST_EDGE_DEG
    if is_long.any():
        geometries = geometries.copy()
        geometries[is_long] = shapely.segmentize(geometries[is_long], _LONGEST_EDGE_DEG)
    return np.asarray(shapely.transform(geometries, _there))


def unproject(coordinates: np.ndarray) -> np.ndarray:
    """Take points from metres in the equal-area plane back to lon/lat.

    Parameters
    ----------
    coordinates
        An array of ``x, y`` rows in metres.

    Returns
    -------
    np.ndarray
        Rows of ``lon, lat`` in degrees.
    """
    back = pyproj.enums.TransformDirection.INVERSE
    return np.column_stack(
        _albers().transform(coordinates[:, 0], coordinates[:, 1], direction=back)
    )


def distances_m(starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Measure the distances between pairs of points on the ellipsoid.

    Parameters
    ----------
    starts, ends
        Arrays of ``lon, lat`` rows in degrees, of the same length.

    Returns
    -------
    np.ndarray
        Metres, one for each pair.

    Examples
    --------
    >>> distances_m(np.array([[112.0, 38.0]]), np.array([[112.0, 38.01]])).round(2)
    array([1109.97])
    """
    if not len(starts):
        return np.zeros(0)
    pair = (starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])
    return np.asarray(_ELLIPSOID.inv(*pair)[2], dtype=float)


def lengths_m(lines: np.ndarray) -> np.ndarray:
    """Measure lines of the equal-area plane on the ellipsoid.

    Parameters
    ----------
    lines
        An array of line geometries in `EQUAL_AREA`; others have no length.

    Returns
    -------
    np.ndarray
        Metres, one for each line.

    Examples
    --------
    >>> line = project(np.array([shapely.LineString([(112, 38), (112, 38.01)])]))
    >>> lengths_m(line).round(2)
    array([1109.97])
    """
    parts, part_of = shapely.get_parts(lines, return_index=True)
    points, owner = shapely.get_coordinates(parts, return_index=True)
    total = np.zeros(len(lines))
    if len(points):
        lonlat = unproject(points)
        is_leg = (owner[1:] == owner[:-1]) & (shapely.get_dimensions(parts)[owner[1:]] == 1)
        legs_m = distances_m(lonlat[:-1][is_leg], lonlat[1:][is_leg])
        np.add.at(total, part_of[owner[1:][is_leg]], legs_m)
    return total


def circles(centres: np.ndarray, radii_m: np.ndarray) -> np.ndarray:
    """Draw circles on the ellipsoid; each polygon has its circle's area.

    Parameters
    ----------
    centres
        An array of ``lon, lat`` rows in degrees.
    radii_m
        One radius in metres for each centre.

    Returns
    -------
    np.ndarray
        Polygons of 128 corners, lon/lat; the corners lie 0.04 % outside the circle, so that the
        polygon is as large as the circle, see `taixin.rules.area_symbol`.

    Examples
    --------
    >>> from taixin.crs import geodesic_area_km2
    >>> circle = circles(np.array([[112.7, 38.2]]), np.array([1000.0]))[0]
    >>> round(geodesic_area_km2(circle), 4)
    3.1416
    """
    step = 2 * math.pi / _CIRCLE_CORNERS
    swell = math.sqrt(step / math.sin(step))
    bearings_deg = -np.degrees(np.arange(_CIRCLE_CORNERS) * step)  # counter-clockwise
    count = len(radii_m)
    lon, lat, _ = _ELLIPSOID.fwd(
        np.repeat(centres[:, 0], _CIRCLE_CORNERS),
        np.repeat(centres[:, 1], _CIRCLE_CORNERS),
        np.tile(bearings_deg, count),
        np.repeat(radii_m * swell, _CIRCLE_CORNERS),
    )
    corners = np.column_stack([lon, lat]).reshape(count, _CIRCLE_CORNERS, 2)
    return np.asarray(shapely.polygons(np.concatenate([corners, corners[:, :1]], axis=1)))
