"""Layers too big for a page, cut into vector tiles: a PMTiles file, read piece by piece."""

from taixin.tiling.make import Description, Made, describe, make_tiles
from taixin.tiling.sources import LIMITS, Part, of_file, of_layer

__all__ = ["LIMITS", "Description", "Made", "Part", "describe", "make_tiles", "of_file", "of_layer"]
