"""The door to GDAL for writing: GeoPackage, File Geodatabase, FlatGeobuf, Shapefile."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from taixin.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

__all__ = ["Table", "dated", "write_table"]

#: GDAL warns of what we know and have written into the kit.
_KNOWN_WARNINGS: Final = ("Normalized/laundered field name", "Value of field")


@dataclass(frozen=True)
class Table:
    """A table for GDAL to write.

    Parameters
    ----------
    name
        Of the table in its data source.
    frame
        Rows, with a column ``geometry`` where `geometry_type` is given.
    geometry_type
        In OGC words; None for a table without geometry.
    metadata
        Of the table, where the format holds any.
    options
        GDAL's layer creation options.
    """

    name: str
    frame: pd.DataFrame
    geometry_type: str | None
    metadata: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def dated(date: str) -> Iterator[None]:
    """Let GDAL write a fixed date instead of now, so that equal data gives equal files.

    Parameters
    ----------
    date
        ``YYYY-MM-DD``.
    """
    import pyogrio

    key = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(key)
    pyogrio.set_gdal_config_options({key: f"{date}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({key: before})


def write_table(
    path: Path, driver: str, table: Table, dataset_options: Mapping[str, str] | None = None
) -> None:
    """Write a table into a data source of GDAL, beside those that are there already.

    Parameters
    ----------
    path
        The data source; made where missing.
    driver
        GDAL's name of the format.
    table
        What to write.
    dataset_options
        GDAL's options for making the data source; given for its first table only.

    Raises
    ------
    OutputError
        If GDAL cannot write it.
    """
    import pandas as pd
    import pyogrio

    frame = table.frame
    arguments: dict[str, object] = {}
    if table.geometry_type is None:
        frame = pd.DataFrame(frame.drop(columns="geometry"))
    else:
        multi = table.geometry_type.startswith("Multi")
        arguments = {"geometry_type": table.geometry_type, "promote_to_multi": multi}
    try:
        with warnings.catch_warnings():
            for message in _KNOWN_WARNINGS:
                warnings.filterwarnings("ignore", message=message)
            pyogrio.write_dataframe(
                frame,
                path,
                layer=table.name,
                driver=driver,
                layer_metadata=dict(table.metadata) or None,
                layer_options=dict(table.options),
                dataset_options=dict(dataset_options or {}),
                **arguments,
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, OSError) as error:
        raise OutputError(f"{path.name}: GDAL cannot write {table.name} ({error}).") from error
