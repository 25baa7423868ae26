"""Reads GeoParquet batch by batch with pyarrow, which knows no drivers and follows no address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from taixin.intake.features import Found
from taixin.intake.formats import label_column, label_of, shapes_of
from taixin.intake.geojson import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from taixin.intake.limits import Limits

__all__ = ["from_geoparquet"]

_BATCH: Final = 10_000


def from_geoparquet(path: Path, request: Mapping[str, Any], limits: Limits) -> Iterator[Found]:
    """Read a GeoParquet file feature by feature.

    Parameters
    ----------
    path
        A plain local file.
    request
        ``attributes``: whether labels are all attributes.
    limits
        How many features and fields there may be.

    Yields
    ------
    Found
        Each feature in turn, in the file's own coordinates.

    Raises
    ------
    Broken
        If it holds no geometry that can be read.
    """
    with pa.OSFile(str(path)) as source:
        table = pq.ParquetFile(source)
        column, crs = _geometry(table.schema_arrow.metadata or {})
        names = [str(name) for name in table.schema_arrow.names]
        if column not in names:
            raise Broken(f"its geometry column '{column[:60]}' is missing")
        fields = [name for name in names if name != column]
        if len(fields) > limits.fields:
            raise Broken(f"it has {len(fields)} columns, more than {limits.fields}")
        label = label_column(fields)
        wanted = fields if request.get("attributes") else [label] if label else []
        number = 0
        for batch in table.iter_batches(_BATCH, columns=[column, *wanted]):
            values = [batch.column(name).to_pylist() for name in wanted]
            rows = zip(*values, strict=True) if wanted else ((),) * batch.num_rows
            shapes = shapes_of(batch.column(column).to_pylist())
            for (shape, problem), row in zip(shapes, rows, strict=True):
                number += 1
                text = label_of(dict(zip(wanted, row, strict=True)), request)
                yield Found(number, text, shape, problem=problem, crs=crs)


def _geometry(metadata: Mapping[bytes, bytes]) -> tuple[str, str | None]:
    """Give the name of the geometry column, and what the file says its coordinates are."""
    if b"geo" not in metadata:
        raise Broken("it is Parquet without a geometry; write it as GeoParquet")
    geo = json.loads(metadata[b"geo"])
    name = geo["primary_column"]
    about = geo["columns"][name]
    if about["encoding"] != "WKB":
        raise Broken(f"its geometry is encoded as {about['encoding']!r}; write it as WKB")
    crs = about.get("crs", "OGC:CRS84")  # what the format says where nothing stands
    if isinstance(crs, dict):
        code = crs.get("id")
        if isinstance(code, dict) and {"authority", "code"} <= set(code):
            return name, f"{code['authority']}:{code['code']}"
        return name, json.dumps(crs)
    return name, crs
