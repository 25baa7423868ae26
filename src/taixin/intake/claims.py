"""What coordinates claim to be, and whether they can be.

A file states a coordinate reference system, or the user does, or nobody does; then the numbers
decide, and only where they leave no doubt. Whatever lands outside China is refused with the most
likely reason: latitude and longitude swapped, metres taken for degrees, a wrong zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pyproj
from pyproj.exceptions import CRSError, ProjError

from taixin.crs import LONLAT
from taixin.errors import InputError, Problem
from taixin.intake.gcj02 import from_gcj02
from taixin.zones import WEB_MERCATOR, Home, twin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CHINA", "Claim", "declared", "doubt", "settle", "stated", "to_lonlat", "why_outside"]

#: West, south, east, north in degrees: nobody checks a site beyond.
CHINA: Final = (73.0, 3.0, 136.0, 54.0)
_GCJ02: Final = "GCJ-02"
_CODE: Final = re.compile(r"(?:EPSG:)?(\d{4,6})", re.IGNORECASE)
_ALIASES: Final[Mapping[str, str]] = {
    "wgs84": "EPSG:4326",
    "crs84": "EPSG:4326",
    "ogc:crs84": "EPSG:4326",
    "cgcs2000": "EPSG:4490",
}
_OLD_DATUMS: Final = re.compile(r"beijing|xian", re.IGNORECASE)
#: Where more zones than this fit, naming them is of no use.
_FEW: Final = 4


@dataclass(frozen=True, slots=True)
class Claim:
    """A coordinate reference system that coordinates are said to be in.

    Parameters
    ----------
    label
        What people call it: ``EPSG:4547``, ``GCJ-02``.
    definition
        What PROJ is given; empty for GCJ-02.
    is_geographic
        Whether coordinates are degrees.
    """

    label: str
    definition: str
    is_geographic: bool


_PLAIN: Final = Claim("EPSG:4326", "EPSG:4326", is_geographic=True)


def declared(text: str) -> Claim:
    """Read what the user gives with ``--crs``.

    Parameters
    ----------
    text
        ``EPSG:4547``, ``4547``, ``gcj02`` or another code that PROJ knows.

    Raises
    ------
    InputError
        If it is unknown, or nothing leads from it to CGCS2000.

    Examples
    --------
    >>> declared("4547").label, declared("gcj02").label
    ('EPSG:4547', 'GCJ-02')
    """
    word = text.strip().lower()
    if word.replace("-", "") == "gcj02":
        return Claim(_GCJ02, "", is_geographic=True)
    if word.replace("-", "") in {"bd09", "bd09ll", "bd09mc"}:
        message = "BD-09 is not read"
        raise InputError([Problem("--crs", text, message, "export the data as GCJ-02 or WGS 84")])
    code = _CODE.fullmatch(text.strip())
    name = _ALIASES.get(word) or (f"EPSG:{code.group(1)}" if code else None)
    if name is None:
        remedy = "name it by its code, such as EPSG:4490 or EPSG:4547, or write gcj02"
        raise InputError([Problem("--crs", text, "no such coordinate reference system", remedy)])
    return _claim(name, "--crs", text)


def stated(definition: str, file: str) -> Claim:
    """Read what a file states, a code or WKT.

    Raises
    ------
    InputError
        If PROJ does not understand it, or nothing leads from it to CGCS2000.
    """
    return _claim("EPSG:4326" if definition == "OGC:CRS84" else definition, file, "")


@lru_cache(maxsize=64)
def _claim(definition: str, file: str, key: str) -> Claim:
    try:
        found = pyproj.CRS(definition)
        found = found.sub_crs_list[0] if found.is_compound else found.to_2d()
        code = found.to_epsg(min_confidence=70)
    except CRSError:
        message = "the coordinate reference system is unknown"
        raise InputError(
            [Problem(file, key, message, "give it with --crs, such as EPSG:4547")]
        ) from None
    datum = found.geodetic_crs
    if _OLD_DATUMS.search(f"{found.name} {datum.name if datum else ''} {_datum_name(found)}"):
        message = (
            f"{found.name} rests on the Beijing 1954 or Xi'an 1980 datum, from which no published "
            "parameters lead to CGCS2000"
        )
        remedy = "have the data converted by the surveying authority"
        raise InputError([Problem(file, key, message, remedy)])
    if not (found.is_geographic or found.is_projected):
        problem = Problem(file, key, f"{found.name} is neither geographic nor projected")
        raise InputError([problem])
    name = f"EPSG:{code}" if code else found.to_wkt()
    label = f"EPSG:{code}" if code else found.name
    try:
        _to_lonlat(name)
    except ProjError:
        message = f"PROJ knows no way from {found.name} to CGCS2000"
        raise InputError([Problem(file, key, message, "give --crs, such as EPSG:4547")]) from None
    return Claim(label, name, is_geographic=bool(found.is_geographic))


def _datum_name(found: pyproj.CRS) -> str:
    return found.datum.name if found.datum else ""


@lru_cache(maxsize=64)
def _to_lonlat(definition: str) -> pyproj.Transformer:
    """Find the way to CGCS2000 or to WGS 84, whichever the register knows; never a rough one."""
    try:
        return pyproj.Transformer.from_crs(
            definition, "EPSG:4490", always_xy=True, allow_ballpark=False
        )
    except ProjError:
        return pyproj.Transformer.from_crs(definition, LONLAT, always_xy=True, allow_ballpark=False)


def to_lonlat(coordinates: np.ndarray, claim: Claim) -> np.ndarray:
    """Take coordinates, x or longitude first, to lon/lat in degrees on CGCS2000 / WGS 84.

    Examples
    --------
    >>> to_lonlat(np.array([[386000.0, 4230000.0]]), declared("EPSG:4547")).round(2).tolist()
    [[112.7, 38.2]]
    """
    if claim.label == _GCJ02:
        return from_gcj02(coordinates)
    if claim.label in {"EPSG:4326", "EPSG:4490"}:
        return coordinates
    x, y = _to_lonlat(claim.definition).transform(coordinates[:, 0], coordinates[:, 1])
    return np.column_stack([x, y])


def settle(
    bounds: np.ndarray,
    given: Claim | None,
    said: Claim | None,
    file: str,
    home: Callable[[], Home],
) -> tuple[Claim, str]:
    """Decide in which system a file's coordinates are.

    Parameters
    ----------
    bounds
        West, south, east, north of the first features, in the file's own coordinates.
    given
        What the user declared with ``--crs``.
    said
        What the file states.
    file
        The file, as the user would name it.
    home
        Tells where the plans are; asked only where zones are to be guessed.

    Returns
    -------
    tuple[Claim, str]
        The system, and a sentence where it was assumed or corrected.

    Raises
    ------
    InputError
        If the two contradict each other, or nobody says and the numbers are no degrees.
    """
    if given is not None and said is not None and given.label != said.label:
        shifts = given.label == _GCJ02 and said.label in {"EPSG:4326", "EPSG:4490"}
        alike = {given.label, said.label} == {"EPSG:4326", "EPSG:4490"}
        if not (shifts or alike):
            message = f"the file says {said.label}, --crs says {given.label}"
            raise InputError(
                [Problem(file, "", message, "leave --crs out, or correct the file's own statement")]
            )
        note = f"The file says {said.label}; it was read as {given.label}, as declared."
        return (given, note) if shifts else (said, "")
    if given is not None or said is not None:
        return given or said or _PLAIN, ""
    if _in_degrees(bounds):
        return _PLAIN, "The file states no coordinate system; longitude, latitude was assumed."
    raise InputError([Problem(file, "", *_unstated(bounds, home()))])


def _in_degrees(bounds: np.ndarray) -> bool:
    return bool(np.abs(bounds).max() <= 180)  # noqa: PLR2004 - degrees


def _within(lon: float, lat: float, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west <= lon <= east and south <= lat <= north


def _unstated(bounds: np.ndarray, home: Home) -> tuple[str, str]:
    x, y = float(bounds[0]), float(bounds[1])
    where = f"the coordinates (x {x:.10g}, y {y:.10g}) are no degrees and no system is stated"
    likely = _zones(x, y, home)
    if len(likely) > _FEW:
        return where, f"they fit {len(likely)} zones; give the right one with --crs"
    if likely:
        return where, f"if they are metres of {_named(likely)}, give --crs {likely[0]}"
    turned = _zones(y, x, home)
    if turned:
        return (
            f"{where}; northing seems to stand before easting",
            f"put easting first and give --crs, likely {_named(turned)}",
        )
    return where, "give the system with --crs"


def _zones(x: float, y: float, home: Home) -> list[str]:
    """List the systems in which a point would lie among the counties."""
    found = []
    for name in home.systems:
        lon, lat = _to_lonlat(name).transform(x, y)
        use = pyproj.CRS(name).area_of_use
        west, east = (use.west, use.east) if use and name != WEB_MERCATOR else (-180, 180)
        if _within(lon, lat, home.bbox) and west - 0.3 <= lon <= east + 0.3:
            found.append(name)
    return found


def _named(systems: list[str]) -> str:
    """Name systems, and of each the one that has the same coordinates."""
    if len(systems) > _FEW:
        return f"one of {len(systems)} zones"
    return " or ".join(filter(None, (code for name in systems for code in (name, twin(name)))))


def why_outside(
    bounds: np.ndarray, lonlat: np.ndarray, claim: Claim, home: Callable[[], Home]
) -> tuple[str, str]:
    """Say why a feature cannot be where its coordinates put it; empty where it can.

    Parameters
    ----------
    bounds
        West, south, east, north of the feature in its own coordinates.
    lonlat
        The same in degrees.
    claim
        The system they were read in.
    home
        Tells where the plans are; asked only where zones are to be guessed.

    Returns
    -------
    tuple[str, str]
        What is wrong, and what to do.
    """
    west, south, east, north = (float(value) for value in lonlat)
    if np.isfinite(lonlat).all() and all(
        (CHINA[0] <= west, CHINA[1] <= south, east <= CHINA[2], north <= CHINA[3])
    ):
        return "", ""
    x, y = float(bounds[0]), float(bounds[1])
    if claim.is_geographic and not _in_degrees(bounds):
        likely = _zones(x, y, home())
        zone = f", likely of {_named(likely)}" if likely else ""
        message = f"the coordinates ({x:.10g}, {y:.10g}) are read as degrees but look like metres"
        return f"{message}{zone}", "give the system with --crs, or correct the file's statement"
    if claim.is_geographic and _within(y, x, CHINA):
        message = f"longitude {x:.5f} and latitude {y:.5f} seem to be swapped"
        return message, f"write longitude first: {y:.5f},{x:.5f}"
    if not claim.is_geographic:
        likely = _zones(x, y, home())
        hint = f"the numbers fit {_named(likely)}" if likely else "check --crs"
        lands = f"they would lie at {west:.2f}, {south:.2f}" if np.isfinite(lonlat).all() else ""
        message = f"the coordinates ({x:.10g}, {y:.10g}) do not fit {claim.label}"
        return f"{message}; {lands}" if lands else message, hint
    return f"the site at {west:.4f}, {south:.4f} lies outside China", "check its coordinates"


def doubt(bounds: np.ndarray, claim: Claim, home: Callable[[], Home]) -> str:
    """Say so where metres lie away from the counties in the system given, but not in another.

    Parameters
    ----------
    bounds
        West, south, east, north of the features in their own coordinates.
    claim
        The system they were read in.
    home
        Tells where the plans are.

    Returns
    -------
    str
        A sentence; empty where there is nothing to doubt.

    Examples
    --------
    >>> counties = Home((110.0, 34.3, 115.0, 41.0), 114)
    >>> spot = np.array([386000.0, 4230000.0, 386000.0, 4230000.0])
    >>> print(doubt(spot, declared("4546"), lambda: counties))
    Read in EPSG:4546 the site lies away from all counties of the atlas; in EPSG:4547 it would not.
    """
    if claim.is_geographic:
        return ""
    corner = np.array([bounds[:2]])
    lon, lat = to_lonlat(corner, claim)[0]
    x, y = (float(value) for value in corner[0])
    likely = [] if _within(lon, lat, home().bbox) else _zones(x, y, home())
    if not likely:
        return ""
    away = f"Read in {claim.label} the site lies away from all counties of the atlas"
    return f"{away}; in {_named(likely)} it would not."
