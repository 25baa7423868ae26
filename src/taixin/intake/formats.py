"""One reader for each kind of file; all give the same: number, label, geometry.

GDAL reads what has no simpler reader, in the child process only, from a file of ours and with one
driver allowed; see `taixin.intake.child`.
"""

from __future__ import annotations

import json
import math
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from taixin.intake.features import Found
from taixin.intake.geojson import Broken, Record, read_geometry, read_records
from taixin.intake.points import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from taixin.intake.limits import Limits

__all__ = ["label_column", "label_of", "read_found", "shapes_of"]

#: Attributes that name a site, the best first; upper and lower case are the same.
_LABELS: Final = (
    *("name", "名称", "项目名称", "地块名称", "地块编号", "编号", "xmmc", "dkmc", "dkbh", "title"),
    *("地块", "地块号", "宗地号", "name_zh", "id", "bsm", "objectid", "layer"),
)
_LONGEST_LABEL: Final = 120
_CRS84_NAMES: Final = ("urn:ogc:def:crs:ogc:1.3:crs84", "urn:ogc:def:crs:ogc::crs84", "ogc:crs84")
_TEXT_ENTITIES: Final = ("AcDbText", "AcDbMText", "AcDbDimension", "AcDbAttribute")
_BATCH: Final = 5000
#: Of an extract only what can be found by a name or a number is of use.
_NAMED: Final = "name IS NOT NULL OR other_tags LIKE '%\"ref\"=>%'"


def label_column(columns: Iterable[str]) -> str | None:
    """Choose the attribute that names a site.

    Examples
    --------
    >>> label_column(["OBJECTID", "地块编号"])
    '地块编号'
    """
    known = {column.strip().lower(): column for column in columns}
    return next((known[name] for name in _LABELS if name in known), None)


def label_of(properties: Mapping[str, object], request: Mapping[str, Any]) -> str:
    """Name a feature, or give all its attributes as JSON where these are asked for."""
    if request.get("attributes"):
        given = {key: _finite(value) for key, value in properties.items()}
        return json.dumps(given, ensure_ascii=False, default=str)
    column = label_column(properties)
    value = properties[column] if column else None
    return "" if value is None else str(value)[:_LONGEST_LABEL]


def _finite(value: object) -> object:
    """Give a value as JSON knows it: what is no number is nothing."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def read_found(
    kind: str, path: Path, request: Mapping[str, Any], limits: Limits
) -> Iterator[Found]:
    """Read a file feature by feature.

    Parameters
    ----------
    kind
        One of the values of `taixin.intake.unpack.KINDS`.
    path
        A plain local file.
    request
        ``layer``, ``encoding`` and ``repair``, as the user or the unpacking decided.
    limits
        How many fields a feature may have.

    Yields
    ------
    Found
        Each feature in turn, in the file's own coordinates.

    Raises
    ------
    Broken
        If the file cannot be read; the message says why.
    """
    if kind == "geojson":
        yield from _from_geojson(path, request, limits)
    elif kind == "csv":
        yield from _from_csv(path, request, limits)
    elif kind == "parquet":
        from taixin.intake.geoparquet import from_geoparquet

        yield from from_geoparquet(path, request, limits)
    else:
        yield from _from_gdal(kind, path, request, limits)


# ---- texts ---------------------------------------------------------------------------------------


def _text(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace"), ""
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030"), "The text is not UTF-8; it was read as GBK."
    except UnicodeDecodeError:
        raise Broken("its text is neither UTF-8 nor GBK") from None


def _from_geojson(path: Path, request: Mapping[str, Any], limits: Limits) -> Iterator[Found]:
    text, note = _text(path)
    crs = _stated_crs(text) if '"crs"' in text else None
    for record in read_records(text):
        if record.number == 0:
            continue
        if len(record.properties) > limits.fields:
            raise Broken(f"feature {record.number} has more than {limits.fields} attributes")
        label = label_of(record.properties, request)
        try:
            geometry = read_geometry(record.geometry, close=bool(request["repair"]))
        except Broken as error:
            yield Found(record.number, label, None, problem=str(error), crs=crs, note=note)
        else:
            yield Found(record.number, label, geometry, crs=crs, note=note)


def _stated_crs(text: str) -> str | None:
    """Read the ``crs`` member of the format before RFC 7946; refuse one that says nothing."""
    last = Record(0, {}, None)
    for record in read_records(text):
        last = record
    member = last.crs
    if member is None:
        return None
    name = member.get("properties") if isinstance(member, dict) else None
    name = name.get("name") if isinstance(name, dict) else None
    if not isinstance(name, str) or not isinstance(member, dict) or member.get("type") != "name":
        raise Broken(
            "its crs member names no coordinate reference system; remove it and give --crs"
        )
    word = name.strip().lower()
    if word in _CRS84_NAMES:
        return "OGC:CRS84"
    code = word.rsplit(":", 1)[-1]
    if not word.startswith(("epsg:", "urn:ogc:def:crs:epsg:")) or not code.isdigit():
        raise Broken(f"its crs member names '{name[:60]}', which is unknown; give --crs instead")
    return f"EPSG:{code}"


def _from_csv(path: Path, request: Mapping[str, Any], limits: Limits) -> Iterator[Found]:
    text, note = _text(path)
    for row in read_rows(text):
        if len(row.properties) > limits.fields:
            raise Broken(f"the table has more than {limits.fields} columns")
        label = label_of(row.properties, request)
        yield Found(
            row.number, label, row.geometry, radius_m=row.radius_m, problem=row.problem, note=note
        )


# ---- what GDAL reads -----------------------------------------------------------------------------


def _from_gdal(
    kind: str, path: Path, request: Mapping[str, Any], limits: Limits
) -> Iterator[Found]:
    import pyogrio

    tables = _tables(path) if kind == "gpkg" else None
    layers = [
        str(name)
        for name, geometry_type in pyogrio.list_layers(path)
        if geometry_type is not None and (tables is None or name in tables)
    ]
    if kind == "gpx":
        layers = [name for name in layers if name in {"waypoints", "routes", "tracks"}]
    if kind == "osm":
        layers = [name for name in layers if name != "other_relations"]
    several = kind in {"kml", "gpx", "osm"} or bool(request.get("extracts"))
    chosen = _chosen_layers(layers, request.get("layer"), several=several)
    number = 0
    for layer in chosen:
        for found in _layer(kind, path, layer, request, limits):
            number += 1
            yield found.numbered(number)


def _tables(path: Path) -> set[str]:
    """List the real tables of a GeoPackage: a view may never end."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%'"
            )
            return {str(name) for (name,) in rows}
    except sqlite3.Error as error:
        raise Broken(f"it is no GeoPackage ({error})") from None


def _chosen_layers(layers: list[str], wanted: str | None, *, several: bool) -> list[str]:
    if wanted is not None:
        if wanted not in layers:
            listed = ", ".join(layers[:8]) or "none"
            raise Broken(f"it has no layer '{wanted}'; its layers are: {listed}")
        return [wanted]
    if not layers:
        raise Broken("it has no layer with geometry")
    if len(layers) > 1 and not several:
        listed = ", ".join(layers[:8])
        raise Broken(f"it has {len(layers)} layers ({listed}); choose one with --layer NAME")
    return layers


def _layer(
    kind: str, path: Path, layer: str, request: Mapping[str, Any], limits: Limits
) -> Iterator[Found]:
    import pyogrio
    import pyogrio.raw

    encoding = request.get("encoding")
    information = pyogrio.read_info(path, layer=layer, encoding=encoding)
    fields = [str(field) for field in information["fields"]]
    if len(fields) > limits.fields:
        raise Broken(f"it has {len(fields)} attributes, more than {limits.fields}")
    is_dxf = kind == "dxf"
    label = "Layer" if is_dxf else label_column(fields)
    columns = [name for name in (label, "SubClasses" if is_dxf else None) if name]
    wants_all = bool(request.get("attributes")) and not is_dxf
    crs = information["crs"]
    options = {"layer": layer, "columns": columns, "batch_size": _BATCH, "encoding": encoding}
    if wants_all:
        options |= {"columns": fields, "where": _NAMED if kind == "osm" else None}
    with pyogrio.raw.open_arrow(path, use_pyarrow=True, **options) as (meta, batches):
        column = meta["geometry_name"] or "wkb_geometry"
        for batch in batches:
            shapes = shapes_of(batch.column(column).to_pylist())
            names = batch.column(label).to_pylist() if label else [None] * len(shapes)
            if wants_all:
                values = [batch.column(field).to_pylist() for field in fields]
                rows = zip(*values, strict=True)
                names = [label_of(dict(zip(fields, row, strict=True)), request) for row in rows]
            skip = [False] * len(shapes)
            if is_dxf:
                skip = [_is_text(value) for value in batch.column("SubClasses").to_pylist()]
            for (shape, problem), name, skipped in zip(shapes, names, skip, strict=True):
                text = "" if name is None else str(name)
                text = text if wants_all else text[:_LONGEST_LABEL]
                yield Found(0, text, shape, problem=problem, crs=crs, skip=skipped)


def _is_text(subclasses: str | None) -> bool:
    return any(name in (subclasses or "") for name in _TEXT_ENTITIES)


def shapes_of(values: list[bytes | None]) -> list[tuple[Any, str]]:
    """Give the geometry of each WKB, and what is wrong with it where it cannot be read."""
    raw = np.array(values, dtype=object)
    shapes = shapely.from_wkb(raw, on_invalid="ignore")
    unreadable = "its geometry cannot be read; turn curves into lines"
    return [
        (shape, unreadable if shape is None and value is not None else "")
        for shape, value in zip(shapes, values, strict=True)
    ]
