"""GeoParquet: tables for analysis, with CRS and a bounding box a row."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from taixin import files
from taixin.exports.tables import table_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from shapely import Geometry

    from taixin.build import Layer
    from taixin.exports.tables import Delivery, Job

__all__ = ["write_parquet"]

_DTYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "string",
        "list": "string",
        "integer": "Int64",
        "number": "Float64",
        "boolean": "boolean",
    }
)


def write_parquet(job: Job) -> list[Path]:
    """Write layers as GeoParquet 1.1.

    Parameters
    ----------
    job
        ``out`` is a folder that receives one file a layer, or one ``.parquet`` file for all
        layers together, with every column and mixed geometry types.

    Returns
    -------
    list[Path]
        The files written.
    """
    data = job.data
    if job.out.suffix == ".parquet":
        keys = [column.key for column in data.columns]
        with files.replaced(job.out) as path:
            _write(data, data.layers, keys, path)
        return [job.out]
    with files.staged_folder(job.out) as stage:
        for layer in data.layers:
            keys = list(data.records[layer.id][0])
            _write(data, [layer], keys, stage / f"{table_name(layer)}.parquet")
    return [job.out / f"{table_name(layer)}.parquet" for layer in data.layers]


def _write(data: Delivery, layers: Iterable[Layer], keys: Sequence[str], path: Path) -> None:
    import geopandas
    import pandas as pd

    listed = list(layers)
    types = {column.key: _DTYPES[column.type] for column in data.columns}
    records = [record for layer in listed for record in data.records[layer.id]]
    series = {
        key: pd.Series([record.get(key) for record in records], dtype=types[key]) for key in keys
    }
    shapes = [shape for layer in listed for shape in data.shapes[layer.id]]
    geometry = geopandas.GeoSeries(
        cast("list[Geometry]", shapes),  # None stands for unlocated
        crs=data.target.code,
    )
    frame = geopandas.GeoDataFrame(pd.DataFrame(series), geometry=geometry)
    frame.to_parquet(path, index=False, write_covering_bbox=True, schema_version="1.1.0")
