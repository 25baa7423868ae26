"""One file for all layers: GeoPackage and File Geodatabase; one file a layer: FlatGeobuf, SHP."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import taixin
from taixin import archives, files, symbols
from taixin.errors import InputError, OutputError, Problem
from taixin.exports.dictionary import headings, short_names
from taixin.exports.geojson import only_layer
from taixin.exports.tables import geometry_name, table_name
from taixin.exports.vector import Table, dated, write_table
from taixin.vocabulary import REVIEW_STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from taixin.build import Layer
    from taixin.exports.tables import Delivery, Job

__all__ = ["NEAREST_IN_GBK", "outside_gbk", "write_fgb", "write_gdb", "write_gpkg", "write_shp"]

_STYLES: Final = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT, f_table_catalog TEXT, f_table_schema TEXT,
  f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME
)
"""
_ALIASES: Final = """
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
)
"""
_SCHEMA: Final = "http://www.geopackage.org/spec121/#extension_schema"
_ENCODINGS: Final = ("UTF-8", "GBK")
_DBASE_TEXT_BYTES: Final = 254
#: What Windows knows as Chinese in the header of a dBASE file, for programs that read no .cpg.
_DBASE_GBK: Final = (29, 0x4D)
#: GBK lacks these; what is written instead.
NEAREST_IN_GBK: Final[Mapping[str, str]] = MappingProxyType({"²": "2", "³": "3", "−": "-"})


def write_gpkg(job: Job) -> list[Path]:
    """Write all layers into one GeoPackage, styled for QGIS.

    Parameters
    ----------
    job
        ``out`` is the ``.gpkg`` file.

    Returns
    -------
    list[Path]
        The file.
    """
    data = job.data
    with files.replaced(job.out) as path, dated(data.date):
        titles = _titles(data.layers)
        for layer in data.layers:
            caption = layer.recipe.caption
            about = f"{caption.zh} {layer.attribution}" if caption else layer.attribution
            options = {"IDENTIFIER": titles[layer.id], "DESCRIPTION": about}
            if geometry_name(layer):
                options["GEOMETRY_NAME"] = "geom"
            table = replace(_table(layer, data, options), metadata=_metadata(layer, data))
            write_table(path, "GPKG", table, None if path.exists() else {"VERSION": "1.3"})
        with closing(sqlite3.connect(path)) as database, database:
            _add_styles(database, data)
            _add_aliases(database, data)
    return [job.out]


def _titles(layers: Iterable[Layer]) -> dict[str, str]:
    """Give each layer a title that no other has, as GeoPackage wants."""
    given: dict[str, str] = {}
    for layer in layers:
        title = layer.recipe.title.zh
        choices = (title, f"{title}（{layer.plan.short.zh}）", f"{title} {layer.id}")
        given[layer.id] = next(choice for choice in choices if choice not in given.values())
    return given


def _table(layer: Layer, data: Delivery, options: Mapping[str, str]) -> Table:
    records = data.records[layer.id]
    types = {column.key: column.type for column in data.columns}
    return Table(
        table_name(layer),
        {key: types[key] for key in records[0]},
        records,
        data.shapes[layer.id],
        geometry_name(layer),
        data.target.code,
        options=options,
    )


def _metadata(layer: Layer, data: Delivery) -> dict[str, str]:
    return {
        "id": layer.id,
        "title": layer.recipe.title.zh,
        "title_en": layer.recipe.title.en,
        "plan": layer.plan.title.zh,
        "system": layer.system.title.zh,
        "attribution": layer.attribution,
        "lineage": layer.lineage,
        "review": REVIEW_STATE[0],
        "program": f"taixin-atlas {taixin.__version__}",
        "data_date": data.date,
    }


def _add_styles(database: sqlite3.Connection, data: Delivery) -> None:
    """Add the table that QGIS reads styles from, and register it as a table of attributes."""
    aliases = headings(data.columns)
    now = f"{data.date}T00:00:00.000Z"
    database.execute(_STYLES)
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', 'QGIS styles', ?)",
        [now],
    )
    database.executemany(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
        "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
        "update_time) VALUES ('', '', ?, 'geom', ?, ?, ?, 1, ?, 'taixin', ?)",
        [
            (
                table_name(layer),
                layer.recipe.kind,
                symbols.qml(kind, aliases),
                symbols.sld(kind, table_name(layer)),
                kind.label.zh,
                now,
            )
            for layer in data.layers
            for kind in [data.library.kinds[layer.recipe.kind]]
            if geometry_name(layer)
        ],
    )


def _add_aliases(database: sqlite3.Connection, data: Delivery) -> None:
    """Add headings and meanings of the fields by the schema extension of GeoPackage."""
    aliases = headings(data.columns)
    meanings = {column.key: f"{column.meaning_zh} {column.meaning_en}" for column in data.columns}
    database.execute(_ALIASES)
    database.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, "
        "extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, "
        "CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name))"
    )
    database.execute(
        "INSERT INTO gpkg_extensions VALUES "
        "('gpkg_data_columns', NULL, 'gpkg_schema', ?, 'read-write')",
        [_SCHEMA],
    )
    database.executemany(
        "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
        [
            (table_name(layer), key, aliases[key], aliases[key], meanings[key])
            for layer in data.layers
            for key in data.records[layer.id][0]
        ],
    )


def write_gdb(job: Job) -> list[Path]:
    """Write all layers into one File Geodatabase for ArcGIS.

    Parameters
    ----------
    job
        ``out`` is the ``.gdb`` folder, or a ``.gdb.zip`` file that receives it.

    Raises
    ------
    OutputError
        If something else than a geodatabase stands there.
    """
    data = job.data
    zipped = job.out.suffix == ".zip"
    if not zipped and job.out.exists() and not (job.out / "gdb").is_file():
        msg = f"{job.out.name} is no File Geodatabase; name another .gdb with --out."
        raise OutputError(msg)
    name = f"{job.out.name.removesuffix('.zip').removesuffix('.gdb')}.gdb"
    with files.replaced(job.out) as made, dated(data.date):
        folder = made.parent / "packed" if zipped else made.parent
        folder.mkdir(exist_ok=True)
        for layer in data.layers:
            # 32-bit integers, as geodatabases before ArcGIS Pro 3.2 have no others
            table = _table(layer, data, {"LAYER_ALIAS": layer.recipe.title.zh})
            write_table(folder / name, "OpenFileGDB", replace(table, is_narrow=True))
        if zipped:
            archives.write_zip(made, folder, data.date)
    return [job.out]


def write_fgb(job: Job) -> list[Path]:
    """Write each layer as a FlatGeobuf file; unlocated features are kept, without an index.

    Parameters
    ----------
    job
        ``out`` is a folder, or a ``.fgb`` file for one layer.
    """

    def write(layer: Layer, path: Path) -> None:
        whole = len(layer.located) == len(layer.features)
        options = {
            "SPATIAL_INDEX": "YES" if whole else "NO",
            "TITLE": layer.recipe.title.zh,
            "DESCRIPTION": layer.attribution,
        }
        table = _table(layer, job.data, options)
        # the format has no table without geometry
        table = replace(table, geometry_type=table.geometry_type or "Unknown")
        write_table(path, "FlatGeobuf", table)

    return _one_file_a_layer(job, ".fgb", write)


def write_shp(job: Job) -> list[Path]:
    """Write each layer as a Shapefile with short ASCII field names.

    Parameters
    ----------
    job
        ``out`` is a folder, a ``.zip`` file that receives all, or a ``.shp`` file for one layer;
        ``encoding`` is ``UTF-8`` or ``GBK``.

    Raises
    ------
    InputError
        If the encoding is another one, or a text cannot be written in it.
    """
    data, encoding = job.data, job.encoding
    if encoding not in _ENCODINGS:
        problem = Problem("--encoding", encoding, "a Shapefile takes UTF-8 or GBK")
        raise InputError([problem])
    if encoding == "GBK" and not job.is_lenient:
        _refuse_outside_gbk(data)
    short = short_names(column.key for column in data.columns)
    shared = {"ENCODING": encoding, "DBF_DATE_LAST_UPDATE": data.date}

    def write(layer: Layer, path: Path) -> None:
        table = _table(layer, data, shared)
        records = [
            {short[key]: _cut(value, encoding) for key, value in record.items()}
            for record in table.records
        ]
        types = {short[key]: kind for key, kind in table.types.items()}
        table = replace(table, name=path.stem, types=types, records=records)
        write_table(path, "ESRI Shapefile", table)
        if encoding == "GBK":
            archives.set_byte(path.with_suffix(".dbf"), *_DBASE_GBK)

    return _one_file_a_layer(job, ".shp", write)


def _one_file_a_layer(job: Job, suffix: str, write: Callable[[Layer, Path], None]) -> list[Path]:
    """Write each layer to a file of its own: in a folder, in a zip, or the one that is named."""
    data, out = job.data, job.out
    if out.suffix == ".zip":
        with files.replaced(out) as made:
            folder = made.parent / "packed"
            folder.mkdir()
            for layer in data.layers:
                write(layer, folder / f"{table_name(layer)}{suffix}")
            archives.write_zip(made, folder, data.date)
        return [out]
    single = only_layer(job) if out.suffix == suffix else None
    folder = out.parent if single else out
    with files.staged_folder(folder) as stage:
        if single:
            write(single, stage / out.name)
            return [out]
        for layer in data.layers:
            write(layer, stage / f"{table_name(layer)}{suffix}")
    return [out / f"{table_name(layer)}{suffix}" for layer in data.layers]


def _cut(value: object, encoding: str) -> object:
    """Cut a text to the bytes of a dBASE field, between characters."""
    if not isinstance(value, str):
        return value
    known = value.translate(_GBK_TABLE) if encoding == "GBK" else value
    content = known.encode(encoding, errors="replace")
    return content[:_DBASE_TEXT_BYTES].decode(encoding, errors="ignore")


_GBK_TABLE: Final = MappingProxyType({ord(odd): near for odd, near in NEAREST_IN_GBK.items()})


def outside_gbk(text: str) -> str:
    """Give the letters of a text that a Shapefile in GBK cannot hold.

    Examples
    --------
    >>> outside_gbk("29 km²，㐀")
    '㐀'
    """
    letters = text.translate(_GBK_TABLE)
    return "".join(letter for letter in dict.fromkeys(letters) if not _in_gbk(letter))


def _refuse_outside_gbk(data: Delivery) -> None:
    problems = []
    for identifier, records in data.records.items():
        texts = {value for row in records for value in row.values() if isinstance(value, str)}
        for text in sorted(texts):
            if odd := outside_gbk(text):
                message = f"'{odd[0]}' in '{text[:30]}' does not exist in GBK"
                problems.append(Problem(identifier, "", message, "take --encoding UTF-8"))
    if problems:
        raise InputError(problems)


def _in_gbk(letter: str) -> bool:
    try:
        letter.encode("GBK")
    except UnicodeEncodeError:
        return False
    return True
