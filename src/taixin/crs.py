"""The one place that knows a coordinate reference system.

Everything outside this module is longitude, latitude in degrees on WGS 84 / CGCS2000, which are
taken as the same: they differ by far less than any accuracy stated here. Areas and lengths are
measured on the ellipsoid; construction in metres happens in a plane laid through the geometry.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import pyproj
import shapely
from pyproj.exceptions import CRSError

from taixin.errors import InputError, Problem
from taixin.zones import meridian_of, zone

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from shapely.geometry.base import BaseGeometry

    Transform = Callable[[np.ndarray], np.ndarray]

__all__ = [
    "LONLAT",
    "Target",
    "from_plane",
    "gauss_kruger",
    "geodesic_area_km2",
    "geodesic_length_km",
    "plane_at",
    "target",
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
    parts = shapely.get_parts(shapely.orient_polygons(geometry))
    polygons = parts[shapely.get_dimensions(parts) == 2]  # noqa: PLR2004 - two dimensions
    areas_m2 = [abs(_ELLIPSOID.geometry_area_perimeter(part)[0]) for part in polygons]
    return float(sum(areas_m2)) / _M2_PER_KM2


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


@dataclass(frozen=True, slots=True)
class Target:
    """A coordinate reference system that data is delivered in.

    Coordinates are always written east (or longitude) first, whatever order the register states.

    Parameters
    ----------
    code
        Such as ``EPSG:4547``.
    name
        The register's name.
    wkt
        WKT 1 in the words of Esri, as it stands in a ``.prj`` file.
    is_geographic
        Whether coordinates are degrees, not metres.
    stated_order
        The axis order the register states, such as ``northing, easting``.
    """

    code: str
    name: str
    wkt: str
    is_geographic: bool
    stated_order: str

    @property
    def ogc_wkt(self) -> str:
        """WKT 1 in the words of OGC and GDAL, as a GeoPackage wants it."""
        return pyproj.CRS(self.code).to_wkt("WKT1_GDAL")

    @property
    def axes(self) -> str:
        """What coordinates are written: the system, their order, and the order it is listed with.

        Examples
        --------
        >>> target("EPSG:4547").axes
        'EPSG:4547 CGCS2000 / 3-degree Gauss-Kruger CM 114E: easting, northing in metres ...'
        """
        order = "longitude, latitude" if self.is_geographic else "easting, northing in metres"
        return f"{self.code} {self.name}: {order} (listed as {self.stated_order})"

    def project(self, geometry: BaseGeometry) -> BaseGeometry:
        """Take a geometry from lon/lat in degrees to this system, east first."""
        return shapely.transform(geometry, _transformer(self.code, inverse=False))

    def unproject(self, geometry: BaseGeometry) -> BaseGeometry:
        """Take a geometry from this system, east first, back to lon/lat in degrees."""
        return shapely.transform(geometry, _transformer(self.code, inverse=True))

    def outside(self, bounds: tuple[float, float, float, float]) -> str:
        """Say how far lon/lat bounds reach beyond the area the system is meant for.

        Returns
        -------
        str
            A sentence with a remedy; empty where the data lies inside.
        """
        use = pyproj.CRS(self.code).area_of_use
        west, _, east, _ = bounds
        if use is None or (west >= use.west and east <= use.east):
            return ""
        return (
            f"The data ({west:.2f}° to {east:.2f}° E) reaches beyond the zone of {self.code} "
            f"({use.west:g}° to {use.east:g}° E); lengths there are off by more than the zone "
            "allows. Take the zone in which most of your work lies, or EPSG:4490."
        )


def target(text: str) -> Target:
    """Find the coordinate reference system that a user names.

    Parameters
    ----------
    text
        ``EPSG:4547``, ``4547``, ``OGC:CRS84`` or anything else PROJ knows by authority and code.

    Returns
    -------
    Target
        The system, ready to project into.

    Raises
    ------
    InputError
        If PROJ does not know it, or it is neither geographic nor projected in metres.

    Examples
    --------
    >>> target("4547").name
    'CGCS2000 / 3-degree Gauss-Kruger CM 114E'
    """
    name = f"EPSG:{text}" if text.isdigit() else text
    name = "OGC:CRS84" if text.upper() == "CRS84" else name
    try:
        found = pyproj.CRS.from_user_input(name)
        authority = found.to_authority()
    except CRSError:
        authority = None
    if authority is None:
        remedy = "name it by its code, for example EPSG:4490, EPSG:4546 or EPSG:4547"
        raise InputError([Problem("--crs", text, "no such coordinate reference system", remedy)])
    datum = (found.geodetic_crs or found).name
    if any(old in datum for old in ("Xian 1980", "Beijing 1954")):
        message = "no published parameters lead from CGCS2000 to this old Chinese datum"
        remedy = "take a CGCS2000 system such as EPSG:4547"
        raise InputError([Problem("--crs", text, message, remedy)])
    metric = found.is_projected and found.axis_info[0].unit_name == "metre"
    if not (found.is_geographic or metric):
        problem = Problem("--crs", text, "it is neither geographic nor projected in metres")
        raise InputError([problem])
    axes = ", ".join(axis.name.lower() for axis in found.axis_info[:2])
    wkt = found.to_wkt("WKT1_ESRI")
    return Target(":".join(authority), found.name, wkt, bool(found.is_geographic), axes)


def gauss_kruger(lon: float) -> Target:
    """Find the 3-degree Gauss-Kruger zone of CGCS2000 that a longitude lies in.

    Parameters
    ----------
    lon
        Degrees east; beyond China the nearest of its zones.

    Returns
    -------
    Target
        The zone without its number before the eastings.

    Examples
    --------
    >>> gauss_kruger(112.7).name
    'CGCS2000 / 3-degree Gauss-Kruger CM 114E'
    """
    return target(zone(meridian_of(lon)))
