"""Lines as a map of small scale shows them: a fraction of their vertices looks the same there.

A page draws its first picture from these, before the rest has been read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[Any]
    Flags = NDArray[np.bool_]
    Bounds = tuple[float, float, float, float]

__all__ = ["Lines", "level_of", "outline"]

#: Map tiles at level 0 are one of so many pixels.
_TILE_PX: Final = 256
#: What a large window leaves to the map, in pixels; beyond, a page draws its first picture twice.
_MAP_PX: Final = (1600, 1000)
#: Zoom goes in steps of a quarter, up to where an area would be this small at level 0.
_STEPS: Final = 4
_LEAST_PX: Final = 0.01
#: Just short of a pole, in radians.
_FARTHEST: Final = 1.57
#: A line may run beside itself by half a pixel, and of what is in the same half one vertex is seen.
_SEEN_PX: Final = 0.5


class Lines(NamedTuple):
    """Vertices of lines on a grid of ``10 ** -digits`` degrees, one line after the other."""

    x: Numbers
    y: Numbers
    lengths: Numbers
    digits: int


def level_of(bounds: Bounds) -> int:
    """Tell the whole zoom level up to which a large window shows all of an area.

    Parameters
    ----------
    bounds
        West, south, east and north in degrees.

    Returns
    -------
    int
        As in web maps: at level 0 the world is 256 pixels wide.
    """
    west, south, east, north = np.radians(bounds)
    pixels = _TILE_PX / (2 * np.pi)
    extents = (east - west) * pixels, float(np.ptp(_northings([south, north]))) * pixels
    zoom = min(
        np.log2(room / max(extent, _LEAST_PX))
        for room, extent in zip(_MAP_PX, extents, strict=True)
    )
    return max(0, int(np.ceil(np.floor(zoom * _STEPS) / _STEPS)))


def outline(lines: Lines, level: int) -> Flags:
    """Choose the vertices that lines need on a map of some level.

    Parameters
    ----------
    lines
        Any lines; those of one vertex are points.
    level
        A whole zoom level of web maps.

    Returns
    -------
    numpy.ndarray
        True for each vertex that is seen there. The ends of a line and its outermost vertices are
        always, so that lines meet where they met and their boxes stay what they were.
    """
    first, last = _ends(lines.lengths)
    of = np.repeat(np.arange(len(lines.lengths)), lines.lengths)
    pixels = _pixels(lines, level)
    chosen = np.zeros(len(of), np.bool_)
    chosen[first] = chosen[last] = True
    candidates = chosen.copy()
    for axis in pixels:
        cells = np.floor(axis / _SEEN_PX)
        candidates[1:] |= cells[1:] != cells[:-1]
    at = np.flatnonzero(candidates & (lines.lengths > 1)[of])
    chosen[_simplified([axis[at] for axis in pixels], at, of[at])] = True
    for axis, most in ((a, m) for a in (lines.x, lines.y) for m in (np.minimum, np.maximum)):
        outermost = np.flatnonzero(axis == most.reduceat(axis, first)[of])
        chosen[outermost[np.unique(of[outermost], return_index=True)[1]]] = True
    return chosen


def _ends(lengths: Numbers) -> tuple[Numbers, Numbers]:
    ends = np.cumsum(lengths)
    return ends - lengths, ends - 1


def _pixels(lines: Lines, level: int) -> tuple[Numbers, Numbers]:
    """Project vertices to the pixels of a web map; y grows northwards."""
    pixels = _TILE_PX * 2.0**level / (2 * np.pi)
    x, y = (np.radians(axis / 10.0**lines.digits) for axis in (lines.x, lines.y))
    return x * pixels, _northings(y) * pixels


def _northings(latitudes: Numbers | list[float]) -> Numbers:
    """Give the northings of Web Mercator on a sphere of radius 1, to where its square ends."""
    northings: Numbers = np.arctanh(np.sin(np.clip(latitudes, -_FARTHEST, _FARTHEST)))
    return np.clip(northings, -np.pi, np.pi)


def _simplified(pixels: list[Numbers], at: Numbers, of: Numbers) -> Numbers:
    """Give those of some vertices that lines keep, after Douglas and Peucker."""
    if not len(at):
        return at
    number = np.cumsum(np.diff(of, prepend=of[0]) != 0)
    # the third coordinate tells which vertex each was
    lines = shapely.linestrings(np.column_stack((*pixels, at)), indices=number)
    kept = shapely.simplify(lines, _SEEN_PX, preserve_topology=False)
    return shapely.get_coordinates(kept, include_z=True)[:, 2].astype(np.int64)
