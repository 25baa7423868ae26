"""GeoParquet: tables for analysis, with CRS and a bounding box a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taixin import files
from taixin.exports.tables import table_name

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas

    from taixin.exports.tables import Job

__all__ = ["write_parquet"]


def write_parquet(job: Job) -> list[Path]:
    """Write layers as GeoParquet 1.1.

    Parameters
    ----------
    job
        ``out`` is a folder that receives one file a layer, or one ``.parquet`` file for all
        layers together, which then lacks no column and mixes geometry types.

    Returns
    -------
    list[Path]
        The files written.
    """
    import pandas as pd

    data = job.data
    if job.out.suffix == ".parquet":
        whole = pd.concat([data.frames[layer.id] for layer in data.layers], ignore_index=True)
        keys = [column.key for column in data.columns]
        with files.replaced(job.out) as path:
            _write(whole.reindex(columns=[*keys, "geometry"]), path)
        return [job.out]
    with files.staged_folder(job.out) as stage:
        for layer in data.layers:
            _write(data.frames[layer.id], stage / f"{table_name(layer)}.parquet")
    return [job.out / f"{table_name(layer)}.parquet" for layer in data.layers]


def _write(frame: geopandas.GeoDataFrame, path: Path) -> None:
    frame.to_parquet(path, index=False, write_covering_bbox=True, schema_version="1.1.0")
