"""GCJ-02, the shifted coordinates of Chinese web maps, and the way back to WGS 84.

The forward formula is the one that became public as ``eviltransform`` (googollee and contributors,
https://github.com/googollee/eviltransform, MIT licence). It cannot be solved in closed form; the
way back iterates, and stops when the forward formula gives the input again.

A lone file does not show that it is shifted, so nothing here guesses: the user declares it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

__all__ = ["from_gcj02", "to_gcj02"]

# Krasovsky 1940, on which the formula was written
_SEMI_MAJOR_M: Final = 6378245.0
_ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
# the formula turns about this point and shifts nothing outside this box
_ORIGIN_LON_DEG: Final = 105.0
_ORIGIN_LAT_DEG: Final = 35.0
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
_CLOSE_DEG: Final = 1e-11
_MOST_STEPS: Final = 30


def _waves(values: np.ndarray, *terms: tuple[float, float]) -> np.ndarray:
    total = np.zeros_like(values)
    for height, frequency in terms:
        total += height * np.sin(values * frequency * np.pi)
    return total * 2.0 / 3.0


def _shift_m(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    root, product = np.sqrt(np.abs(x)), x * y
    short = _waves(x, (20, 6), (20, 2))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * product + 0.2 * root + short
    north += _waves(y, (20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * product + 0.1 * root + short
    east += _waves(x, (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30))
    return east, north


def to_gcj02(coordinates: np.ndarray) -> np.ndarray:
    """Shift WGS 84 coordinates to GCJ-02.

    Parameters
    ----------
    coordinates
        An array of ``lon, lat`` rows, degrees, WGS 84.

    Returns
    -------
    np.ndarray
        The same rows in GCJ-02; what lies outside China is left where it is.

    Examples
    --------
    >>> to_gcj02(np.array([[112.55, 37.87]])).round(5).tolist()
    [[112.5563, 37.87052]]
    """
    lon, lat = coordinates[:, 0], coordinates[:, 1]
    east_m, north_m = _shift_m(lon - _ORIGIN_LON_DEG, lat - _ORIGIN_LAT_DEG)
    sine = np.sin(np.radians(lat))
    bulge = 1 - _ECCENTRICITY_SQUARED * sine * sine
    meridian_m = _SEMI_MAJOR_M * (1 - _ECCENTRICITY_SQUARED) / (bulge * np.sqrt(bulge))
    parallel_m = _SEMI_MAJOR_M / np.sqrt(bulge) * np.cos(np.radians(lat))
    shift = np.column_stack([np.degrees(east_m / parallel_m), np.degrees(north_m / meridian_m)])
    inside = (lon > _WEST) & (lon < _EAST) & (lat > _SOUTH) & (lat < _NORTH)
    return coordinates + np.where(inside[:, None], shift, 0.0)


def from_gcj02(coordinates: np.ndarray) -> np.ndarray:
    """Take GCJ-02 coordinates back to WGS 84, to a micrometre.

    Parameters
    ----------
    coordinates
        An array of ``lon, lat`` rows, degrees, GCJ-02.

    Returns
    -------
    np.ndarray
        The same rows, degrees, WGS 84.

    Examples
    --------
    >>> wgs84 = np.array([[112.55, 37.87], [113.9, 39.2]])
    >>> bool(np.abs(from_gcj02(to_gcj02(wgs84)) - wgs84).max() < 1e-10)
    True
    """
    guess = coordinates.astype(float)
    for _ in range(_MOST_STEPS):
        error = coordinates - to_gcj02(guess)
        guess += error
        if error.size == 0 or float(np.abs(error).max()) < _CLOSE_DEG:
            break
    return guess
