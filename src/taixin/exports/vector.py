"""The door to GDAL for writing: File Geodatabase, FlatGeobuf, Shapefile."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

__all__ = ["Table", "counted_identifiers", "promoted", "write_table"]

#: GDAL warns of what we know and have written into the kit.
_KNOWN_WARNINGS: Final = (
    "Normalized/laundered field name",
    r"Value \S+ of field \w+ of feature \d+ not successfully written",  # zeros at its end
)
_WIDE: Final = MappingProxyType({"integer": "int64", "number": "float64", "boolean": "bool"})
_NARROW: Final = MappingProxyType({"integer": "int32", "number": "float64", "boolean": "int16"})


@dataclass(frozen=True)
class Table:
    """A table for GDAL to write.

    Parameters
    ----------
    name
        Of the table in its data source.
    types
        Field name to ``text``, ``list``, ``integer``, ``number`` or ``boolean``, in order.
    records
        The rows, with a value or None for each field.
    shapes
        Geometry or None of each row.
    geometry_type
        In OGC words; None for a table without geometry.
    crs
        Of the geometry, such as ``EPSG:4490``.
    options
        GDAL's layer creation options.
    is_narrow
        Whether integers must fit 32 bits and truth values 16.
    encoding
        Of texts, where the format does not fix it.
    """

    name: str
    types: Mapping[str, str]
    records: Sequence[Mapping[str, object]]
    shapes: Sequence[BaseGeometry | None]
    geometry_type: str | None
    crs: str
    options: Mapping[str, str] = field(default_factory=dict)
    is_narrow: bool = False
    encoding: str = "UTF-8"


@contextmanager
def counted_identifiers() -> Iterator[None]:
    """Let GDAL count the identifiers within a geodatabase instead of drawing them by lot.

    They need to be unique within one geodatabase only, and equal data gives equal files.
    """
    import pyogrio

    key = "OPENFILEGDB_REPRODUCIBLE_UUID"
    before = pyogrio.get_gdal_config_option(key)
    pyogrio.set_gdal_config_options({key: True})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({key: before})


def write_table(path: Path, driver: str, table: Table) -> None:
    """Write a table into a data source of GDAL, beside those that are there already.

    Parameters
    ----------
    path
        The data source; made where missing.
    driver
        GDAL's name of the format.
    table
        What to write.

    Raises
    ------
    OutputError
        If GDAL cannot write it.
    """
    import pyogrio

    fields = [_field(table, name) for name in table.types]
    geometry = table.geometry_type and shapely.to_wkb(np.array(table.shapes, dtype=object))
    try:
        with warnings.catch_warnings():
            for message in _KNOWN_WARNINGS:
                warnings.filterwarnings("ignore", message=message)
            pyogrio.raw.write(
                path,
                geometry,
                [values for values, _ in fields],
                list(table.types),
                [mask for _, mask in fields],
                layer=table.name,
                driver=driver,
                geometry_type=table.geometry_type,
                crs=table.crs,
                encoding=table.encoding,
                promote_to_multi=(table.geometry_type or "").startswith("Multi"),
                layer_options=dict(table.options),
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError) as error:
        raise OutputError(f"{path.name}: GDAL cannot write {table.name} ({error}).") from error


def promoted(shape: BaseGeometry, geometry_type: str | None) -> BaseGeometry:
    """Give a geometry as the multi type of its table, where that is one.

    Examples
    --------
    >>> promoted(shapely.Point(1, 2), "MultiPoint").geom_type
    'MultiPoint'
    """
    kind = geometry_type or ""
    if not kind.startswith("Multi") or shape.geom_type == kind:
        return shape
    multi: BaseGeometry = getattr(shapely, kind)([shape])
    return multi


def _field(table: Table, name: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Give the values of a field and which of them are missing."""
    values = [record[name] for record in table.records]
    kind = table.types[name]
    if kind in {"text", "list"}:
        return np.array(values, dtype=object), None
    dtype = (_NARROW if table.is_narrow else _WIDE)[kind]
    missing = np.array([value is None for value in values])
    return np.array([value or 0 for value in values], dtype=dtype), missing
