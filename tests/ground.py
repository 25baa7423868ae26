"""Circles and steps on the ellipsoid, and one site's answer, for tests of the site check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj
import shapely

from taixin.intake.sites import Chunk
from taixin.site.answers import Checker
from tests import samples

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GEOD: Final = pyproj.Geod(ellps="GRS80")
PLANS: Final = ("taixin-2035", "taiyuan-area-2021")
WITHIN_M: Final = 5000.0


def own_checker() -> Checker:
    """Make two of the project's own plans ready."""
    library, facts, layers = samples.own()
    return Checker.of([layer for layer in layers if layer.plan.id in PLANS], library, facts)


def circle(lon: float, lat: float, radius_m: float, corners: int = 72) -> shapely.Polygon:
    """Give a circle by its corners on the ellipsoid."""
    bearings = np.linspace(360, 0, corners, endpoint=False)
    x, y, _ = GEOD.fwd([lon] * corners, [lat] * corners, bearings, [radius_m] * corners)
    return shapely.Polygon(zip(x, y, strict=True))


def moved(lon: float, lat: float, bearing_deg: float, by_m: float) -> tuple[float, float]:
    x, y, _ = GEOD.fwd(lon, lat, bearing_deg, by_m)
    return float(x), float(y)


def answered(shape: BaseGeometry, checker: Checker) -> dict[str, Any]:
    chunk = Chunk((1,), ("",), np.array([shape], dtype=object), "EPSG:4326")
    return checker.records(checker.check(chunk, WITHIN_M), "test")[0]
