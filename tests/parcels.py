"""A block of land parcels, as a survey would give them, with a text that means harm."""

from __future__ import annotations

import math

import geopandas
import shapely

SIDE = 40  # parcels along a side of the block
WEST, SOUTH, STEP = 112.5, 38.0, 0.002
HOSTILE = "<img src=x onerror=alert(1)>'; rm -rf $(echo {{7*7}})"


def parcels() -> geopandas.GeoDataFrame:
    """Make a block of 1600 parcels without a gap, some 175 by 220 m each."""
    corners = [(WEST + i * STEP, SOUTH + j * STEP) for j in range(SIDE) for i in range(SIDE)]
    shapes = [shapely.box(x, y, x + STEP, y + STEP) for x, y in corners]
    rows = {
        "地块编号": [f"1401{number:06d}" for number in range(len(shapes))],
        "面积": [1.5 if number % 2 else math.nan for number in range(len(shapes))],
        "用途": [HOSTILE] * len(shapes),
    }
    return geopandas.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4490")
