"""Layers to delivery formats, one function each."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from taixin.exports.containers import write_fgb, write_gdb, write_gpkg, write_shp
from taixin.exports.geojson import write_geojson
from taixin.exports.tables import Delivery, Job

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["FORMATS", "Delivery", "Job"]

#: Name of a format to the function that writes it and returns the files written.
FORMATS: Final[Mapping[str, Callable[[Job], list[Path]]]] = MappingProxyType(
    {
        "geojson": write_geojson,
        "gpkg": write_gpkg,
        "gdb": write_gdb,
        "fgb": write_fgb,
        "shp": write_shp,
    }
)
