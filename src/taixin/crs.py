"""The one place that knows a coordinate reference system.

Everything outside this module is longitude, latitude in degrees on WGS 84 / CGCS2000, which are
taken as the same: they differ by far less than any accuracy stated here. Areas and lengths are
measured on the ellipsoid; construction in metres happens in a plane laid through the geometry.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pyproj
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from shapely.geometry.base import BaseGeometry

    Transform = Callable[[np.ndarray], np.ndarray]

__all__ = [
    "LONLAT",
    "from_plane",
    "geodesic_area_km2",
    "geodesic_length_km",
    "plane_at",
    "to_plane",
]

LONLAT: Final = "EPSG:4326"
_ELLIPSOID: Final = pyproj.Geod(ellps="GRS80")
_M2_PER_KM2: Final = 1e6
_M_PER_KM: Final = 1e3


def geodesic_area_km2(geometry: BaseGeometry) -> float:
    """Measure the area of a geometry on the CGCS2000 ellipsoid.

    Parameters
    ----------
    geometry
        Any geometry, lon/lat in degrees; points and lines have no area.

    Returns
    -------
    float
        Area in square kilometres, never negative; holes are taken off.

    Notes
    -----
    Karney's polygon area as given by PROJ: edges are geodesics, holes count as holes.

    Examples
    --------
    >>> round(geodesic_area_km2(shapely.box(112, 38, 113, 39)), 1)
    9683.2
    """
    oriented = shapely.orient_polygons(geometry)
    return abs(_ELLIPSOID.geometry_area_perimeter(oriented)[0]) / _M2_PER_KM2


def geodesic_length_km(geometry: BaseGeometry) -> float:
    """Measure the length of a line on the CGCS2000 ellipsoid.

    Parameters
    ----------
    geometry
        A line or several, lon/lat in degrees.

    Returns
    -------
    float
        Length in kilometres.

    Examples
    --------
    >>> round(geodesic_length_km(shapely.LineString([(112, 38), (113, 38)])), 2)
    87.83
    """
    return float(_ELLIPSOID.geometry_length(geometry)) / _M_PER_KM


def plane_at(geometry: BaseGeometry) -> str:
    """Name the plane, in metres, in which a geometry may be built.

    Parameters
    ----------
    geometry
        Any geometry, lon/lat in degrees.

    Returns
    -------
    str
        PROJ definition of a transverse Mercator (k = 1) through the middle of the geometry's
        extent; metres are true to 2e-5 within 40 km of that meridian.
    """
    west, south, east, north = geometry.bounds
    lon, lat = round((west + east) / 2, 4), round((south + north) / 2, 4)
    return f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +ellps=GRS80 +units=m +type=crs"


@lru_cache(maxsize=256)
def _transformer(plane: str, *, inverse: bool) -> Transform:
    pair = (plane, LONLAT) if inverse else (LONLAT, plane)
    transform = pyproj.Transformer.from_crs(*pair, always_xy=True).transform

    def apply(coordinates: np.ndarray) -> np.ndarray:
        x, y = transform(coordinates[:, 0], coordinates[:, 1])
        moved = coordinates.copy()
        moved[:, 0], moved[:, 1] = x, y
        return moved

    return apply


def to_plane(geometry: BaseGeometry, plane: str) -> BaseGeometry:
    """Take a geometry from lon/lat in degrees to metres in a plane.

    Parameters
    ----------
    geometry
        Any geometry, lon/lat.
    plane
        A definition from `plane_at`.

    Returns
    -------
    BaseGeometry
        The same geometry in metres.
    """
    return shapely.transform(geometry, _transformer(plane, inverse=False))


def from_plane(geometry: BaseGeometry, plane: str) -> BaseGeometry:
    """Take a geometry from metres in a plane back to lon/lat in degrees.

    Parameters
    ----------
    geometry
        Any geometry, in metres.
    plane
        The definition it was taken to the plane with.

    Returns
    -------
    BaseGeometry
        The same geometry in lon/lat.

    Examples
    --------
    >>> point = shapely.Point(112.7, 38.2)
    >>> plane = plane_at(point)
    >>> from_plane(to_plane(point, plane), plane).distance(point) < 1e-9
    True
    """
    return shapely.transform(geometry, _transformer(plane, inverse=True))
