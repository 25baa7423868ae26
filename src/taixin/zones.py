"""The Gauss-Kruger zones of CGCS2000, and which of them the coordinates of a region come in.

The register runs in steps of three degrees from 75° to 135° E: zones of 3° without and with their
number before the easting, then those of 6°.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["WEB_MERCATOR", "Home", "meridian_of", "twin", "zone", "zones_between"]

_FIRST, _LAST = 75, 135
_PLAIN, _NUMBERED, _WIDE_NUMBERED, _WIDE = 4534, 4513, 4491, 4502
#: Those of 6° have every second meridian: 75°, 81°, 87° …
_WIDE_STEP: Final = 6
WEB_MERCATOR: Final = "EPSG:3857"


def meridian_of(lon: float) -> int:
    """Give the central meridian of the 3° zone a longitude lies in; beyond China the nearest.

    Examples
    --------
    >>> meridian_of(112.7), meridian_of(118.1), meridian_of(20)
    (114, 117, 75)
    """
    return min(max(round(lon / 3) * 3, _FIRST), _LAST)


def zone(meridian: int) -> str:
    """Give the code of the 3° zone of a central meridian, without its number.

    Examples
    --------
    >>> zone(114)
    'EPSG:4547'
    """
    return f"EPSG:{_PLAIN + (meridian - _FIRST) // 3}"


def _numbered(meridian: int) -> str:
    return f"EPSG:{_NUMBERED + (meridian - _FIRST) // 3}"


def _wide(meridian: int, first: int = _WIDE_NUMBERED) -> str:
    return f"EPSG:{first + (meridian - _FIRST) // _WIDE_STEP}"


def zones_between(west: float, east: float) -> list[tuple[int, str, str]]:
    """List the 3° zones between two longitudes: meridian, code, code with the zone's number.

    Examples
    --------
    >>> zones_between(110.2, 114.6)
    [(111, 'EPSG:4546', 'EPSG:4525'), (114, 'EPSG:4547', 'EPSG:4526')]
    """
    meridians = range(meridian_of(west), meridian_of(east) + 1, 3)
    return [(meridian, zone(meridian), _numbered(meridian)) for meridian in meridians]


def twin(code: str) -> str:
    """Give the 6° zone that has the same coordinates as a 3° zone; empty where none has.

    Examples
    --------
    >>> twin("EPSG:4546"), twin("EPSG:4547")
    ('EPSG:4508', '')
    """
    place = int(code.removeprefix("EPSG:")) - _PLAIN
    is_twin = 0 <= place <= (_LAST - _FIRST) // 3 and place % 2 == 0
    return _wide(_FIRST + 3 * place, _WIDE) if is_twin else ""


@dataclass(frozen=True, slots=True)
class Home:
    """Where the counties of an atlas lie.

    Parameters
    ----------
    bbox
        West, south, east, north in degrees, with a little room around the counties.
    meridian
        Central meridian of the 3° zone in the middle of the region.
    """

    bbox: tuple[float, float, float, float]
    meridian: int

    @property
    def metric(self) -> str:
        """The system in metres of most work here."""
        return zone(self.meridian)

    @property
    def systems(self) -> tuple[str, ...]:
        """Systems in metres in which data of these counties comes, the likeliest first.

        Examples
        --------
        >>> Home((110.0, 34.3, 113.9, 41.0), 114).systems[:4]
        ('EPSG:4547', 'EPSG:4546', 'EPSG:4526', 'EPSG:4525')
        """
        west, _, east, _ = self.bbox
        near = sorted(zones_between(west, east), key=lambda each: abs(each[0] - self.meridian))
        first, last = (int((lon - _FIRST + 3) // _WIDE_STEP) for lon in (west, east))
        wide = (_wide(_FIRST + _WIDE_STEP * place) for place in range(max(first, 0), last + 1))
        plain, numbered = [code for _, code, _ in near], [code for _, _, code in near]
        return (*plain, *numbered, *wide, WEB_MERCATOR)
