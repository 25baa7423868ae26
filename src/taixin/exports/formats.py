"""Every format of delivery: who writes it, what it is called, what it is for and what it loses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from taixin import files
from taixin.errors import InputError, Problem
from taixin.exports.cad import write_dxf
from taixin.exports.containers import write_fgb, write_gdb, write_gpkg, write_shp
from taixin.exports.geojson import write_geojson
from taixin.exports.geoparquet import write_parquet
from taixin.exports.kml import write_kml, write_kmz
from taixin.exports.project import write_qgz
from taixin.exports.spreadsheets import write_csv, write_xlsx
from taixin.model import Record, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from taixin.exports.tables import Job
    from taixin.zones import Home

__all__ = ["DATABASE", "FORMATS", "GEOGRAPHIC", "METRIC", "Format", "Words", "check_out", "words"]

#: What data is delivered in unless one asks for another CRS.
GEOGRAPHIC: Final = "EPSG:4490"
#: In metres: the zone in the middle of the region, see `taixin.zones.Home`.
METRIC: Final = "metric"
_LONLAT: Final = "OGC:CRS84"
#: The one format that goes to no file.
DATABASE: Final = "postgis"


@dataclass(frozen=True, slots=True)
class Format:
    """A format of delivery.

    Parameters
    ----------
    write
        Writes a job and returns the files written.
    suffixes
        What the name of a file of it may end with.
    crs
        What it is written in unless another one is asked for; `METRIC` is one of the region's.
    is_folder
        Whether a folder may be named instead, which receives a file a layer.
    """

    write: Callable[[Job], list[Path]]
    suffixes: tuple[str, ...]
    crs: str = GEOGRAPHIC
    is_folder: bool = False

    def code(self, home: Home) -> str:
        """Name the system it is written in for a region."""
        return home.metric if self.crs == METRIC else self.crs


class Words(Record):
    """What a format is for, and what does not survive in it."""

    about: Text
    loses: Text


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "geojson": Format(write_geojson, (".geojson", ".zip"), _LONLAT, is_folder=True),
        "gpkg": Format(write_gpkg, (".gpkg",)),
        "gdb": Format(write_gdb, (".gdb", ".zip")),
        "shp": Format(write_shp, (".shp", ".zip"), is_folder=True),
        "fgb": Format(write_fgb, (".fgb", ".zip"), is_folder=True),
        "parquet": Format(write_parquet, (".parquet",), is_folder=True),
        "kml": Format(write_kml, (".kml",), _LONLAT),
        "kmz": Format(write_kmz, (".kmz",), _LONLAT),
        "dxf": Format(write_dxf, (".dxf",), METRIC),
        "csv": Format(write_csv, (".csv", ".zip"), is_folder=True),
        "xlsx": Format(write_xlsx, (".xlsx",)),
        "qgz": Format(write_qgz, (".qgz",)),
    }
)


@lru_cache(maxsize=1)
def words() -> Mapping[str, Words]:
    """Read what there is to say about each format, ``postgis`` included."""
    entries = files.read_toml("formats.toml")
    read = {name: Words.model_validate(entry) for name, entry in entries.items()}
    return MappingProxyType(read)


def check_out(name: str, out: Path) -> None:
    """Refuse a file name that does not fit a format, before anything is written.

    Raises
    ------
    InputError
        If the name ends otherwise than it must, or is that of a folder.
    """
    form = FORMATS[name]
    fits = out.suffix in form.suffixes
    if fits and (not out.is_dir() or out.suffix == ".gdb"):
        return
    if form.is_folder and not fits:
        return
    message = f"'{out.name}' cannot be a {name} file"
    remedy = f"name a file that ends in {' or '.join(form.suffixes)}"
    raise InputError([Problem("--out", "", message, remedy)])
