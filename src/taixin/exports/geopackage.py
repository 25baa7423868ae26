"""GeoPackage 1.3, written with SQLite itself: 300 layers in a second, and the same bytes each time.

GDAL opens a GeoPackage anew for every layer that is added, which takes minutes for all plans. The
tables here are those that GDAL makes; GDAL's own validator and QGIS read the result in the tests.
Only large tables get a spatial index: each one brings ten tables and triggers, which QGIS reads
anew with every layer it opens, so that 300 small layers would take minutes to open.
"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import shapely

from taixin.errors import OutputError
from taixin.exports.vector import promoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.crs import Target
    from taixin.exports.vector import Table

__all__ = ["Sheet", "write_geopackage"]

_APPLICATION: Final = 0x47504B47  # "GPKG"
_VERSION: Final = 10300
_GEOMETRY: Final = "geom"
_INDEX_FROM: Final = 1_000  # rows; fewer are read faster than an index of them
_TYPES: Final = {
    "text": "TEXT",
    "list": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "boolean": "BOOLEAN",
}
_WGS84: Final = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS: Final = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
    ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84),
)
_CUSTOM_SYSTEM: Final = 100_000  # where an authority does not number its systems
_SPEC: Final = "http://www.geopackage.org/spec130/"
_SCHEMA: Final = """
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT,
  f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME);
"""
_INDEX: Final = 'CREATE VIRTUAL TABLE "{index}" USING rtree(id, minx, maxx, miny, maxy);'
#: Triggers of the extension ``gpkg_rtree_index``: they keep the index while somebody edits.
_TRIGGERS: Final = """
CREATE TRIGGER "{index}_insert" AFTER INSERT ON "{table}"
 WHEN (new."{geom}" NOT NULL AND NOT ST_IsEmpty(NEW."{geom}"))
 BEGIN INSERT OR REPLACE INTO "{index}" VALUES (NEW."fid", {box}); END;
CREATE TRIGGER "{index}_update1" AFTER UPDATE OF "{geom}" ON "{table}"
 WHEN OLD."fid" = NEW."fid" AND (NEW."{geom}" NOTNULL AND NOT ST_IsEmpty(NEW."{geom}"))
 BEGIN INSERT OR REPLACE INTO "{index}" VALUES (NEW."fid", {box}); END;
CREATE TRIGGER "{index}_update2" AFTER UPDATE OF "{geom}" ON "{table}"
 WHEN OLD."fid" = NEW."fid" AND (NEW."{geom}" ISNULL OR ST_IsEmpty(NEW."{geom}"))
 BEGIN DELETE FROM "{index}" WHERE id = OLD."fid"; END;
CREATE TRIGGER "{index}_update3" AFTER UPDATE ON "{table}"
 WHEN OLD."fid" != NEW."fid" AND (NEW."{geom}" NOTNULL AND NOT ST_IsEmpty(NEW."{geom}"))
 BEGIN DELETE FROM "{index}" WHERE id = OLD."fid";
 INSERT OR REPLACE INTO "{index}" VALUES (NEW."fid", {box}); END;
CREATE TRIGGER "{index}_update4" AFTER UPDATE ON "{table}"
 WHEN OLD."fid" != NEW."fid" AND (NEW."{geom}" ISNULL OR ST_IsEmpty(NEW."{geom}"))
 BEGIN DELETE FROM "{index}" WHERE id IN (OLD."fid", NEW."fid"); END;
CREATE TRIGGER "{index}_delete" AFTER DELETE ON "{table}" WHEN old."{geom}" NOT NULL
 BEGIN DELETE FROM "{index}" WHERE id = OLD."fid"; END;
"""
_BOX: Final = (
    'ST_MinX(NEW."{geom}"), ST_MaxX(NEW."{geom}"), ST_MinY(NEW."{geom}"), ST_MaxY(NEW."{geom}")'
)


@dataclass(frozen=True)
class Sheet:
    """A table of a GeoPackage with what is told about it.

    Parameters
    ----------
    table
        Rows and geometry.
    title
        For people; no two sheets may have the same.
    about
        A description.
    headings, meanings
        Of the fields: what people see, and a sentence.
    metadata
        Further keys and values.
    style
        Name, QML, SLD and label, where QGIS shall draw it.
    """

    table: Table
    title: str
    about: str
    headings: Mapping[str, str] = field(default_factory=dict)
    meanings: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    style: tuple[str, str, str, str] | None = None


def write_geopackage(path: Path, sheets: Iterable[Sheet], crs: Target, date: str) -> None:
    """Write tables into a GeoPackage that does not exist yet.

    Parameters
    ----------
    path
        The ``.gpkg`` file.
    sheets
        What to write.
    crs
        Of all geometry.
    date
        ``YYYY-MM-DD``, stated as the date of the last change.

    Raises
    ------
    OutputError
        If SQLite cannot write it.
    """
    now = f"{date}T00:00:00.000Z"
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as database:
            for pragma in (
                f"application_id = {_APPLICATION}",
                f"user_version = {_VERSION}",
                "journal_mode = OFF",  # the file takes its place only when it is whole
                "synchronous = OFF",
            ):
                database.execute(f"PRAGMA {pragma}")
            database.execute("BEGIN")
            srs = _prepare(database, crs, now)
            has_index = _has_rtree(database)
            for sheet in sheets:
                _describe(database, sheet, srs, now)
                _fill(database, sheet.table, srs, has_index=has_index)
            database.execute("COMMIT")
    except (sqlite3.Error, OSError) as error:
        raise OutputError(f"{path.name}: SQLite cannot write it ({error}).") from error


def _run(database: sqlite3.Connection, script: str) -> None:
    """Run statements inside the open transaction, which ``executescript`` would end."""
    statement = ""
    for line in script.strip().splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            database.execute(statement)
            statement = ""


def _has_rtree(database: sqlite3.Connection) -> bool:
    return ("ENABLE_RTREE",) in database.execute("PRAGMA compile_options").fetchall()


def _prepare(database: sqlite3.Connection, crs: Target, now: str) -> int:
    """Make the tables that every GeoPackage has, and say the number of the CRS."""
    _run(database, _SCHEMA)
    authority, _, code = crs.code.partition(":")
    number = int(code) if authority == "EPSG" else _CUSTOM_SYSTEM
    own = (crs.name, number, authority, int(code) if code.isdigit() else number, crs.ogc_wkt)
    systems = {system[1]: system for system in (*_SYSTEMS, own)}
    database.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", systems.values()
    )
    database.executemany(
        "INSERT INTO gpkg_extensions VALUES (?, NULL, ?, ?, 'read-write')",
        [
            ("gpkg_data_columns", "gpkg_schema", f"{_SPEC}#extension_schema"),
            ("gpkg_data_column_constraints", "gpkg_schema", f"{_SPEC}#extension_schema"),
            ("gpkg_metadata", "gpkg_metadata", f"{_SPEC}#extension_metadata"),
            ("gpkg_metadata_reference", "gpkg_metadata", f"{_SPEC}#extension_metadata"),
        ],
    )
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles', 'QGIS styles', ?)",
        [now],
    )
    return number


def _describe(database: sqlite3.Connection, sheet: Sheet, srs: int, now: str) -> None:
    table = sheet.table
    shapes = [shape for shape in table.shapes if shape is not None]
    has_geometry = table.geometry_type is not None
    bounds = map(float, shapely.total_bounds(shapes)) if shapes else (None,) * 4
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(table.name, "features" if has_geometry else "attributes", sheet.title, sheet.about),
            *(now, *bounds, srs if has_geometry else 0),
        ],
    )
    if table.geometry_type is not None:
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, 0, 0)",
            [table.name, _GEOMETRY, table.geometry_type.upper(), srs],
        )
    database.executemany(
        "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, NULL)",
        [
            (table.name, key, heading, heading, sheet.meanings.get(key))
            for key, heading in sheet.headings.items()
        ],
    )
    if sheet.metadata:
        made = database.execute(
            "INSERT INTO gpkg_metadata (md_standard_uri, metadata) VALUES ('http://gdal.org', ?)",
            [_metadata(sheet.metadata)],
        )
        database.execute(
            "INSERT INTO gpkg_metadata_reference VALUES ('table', ?, NULL, NULL, ?, ?, NULL)",
            [table.name, now, made.lastrowid],
        )
    if sheet.style is not None:
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
            "f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, "
            "update_time) VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, 'taixin', ?)",
            [table.name, _GEOMETRY, *sheet.style, now],
        )


def _metadata(values: Mapping[str, str]) -> str:
    """Write keys and values in the words of GDAL, which shows them with the layer."""
    root = ET.Element("GDALMultiDomainMetadata")
    holder = ET.SubElement(root, "Metadata")
    for key, value in sorted(values.items()):
        ET.SubElement(holder, "MDI", key=key).text = value
    return ET.tostring(root, encoding="unicode")


def _fill(database: sqlite3.Connection, table: Table, srs: int, *, has_index: bool) -> None:
    """Make a table, put the rows in; a large one gets a spatial index and triggers that keep it."""
    kind = table.geometry_type
    columns = ['"fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL']
    columns += [f'"{_GEOMETRY}" {kind.upper()}'] if kind else []
    columns += [f'"{key}" {_TYPES[type_]}' for key, type_ in table.types.items()]
    database.execute(f'CREATE TABLE "{table.name}" ({", ".join(columns)})')
    names = ["fid", *([_GEOMETRY] if kind else []), *table.types]
    quoted, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    database.executemany(
        f'INSERT INTO "{table.name}" ({quoted}) VALUES ({marks})',  # noqa: S608 - names of our own
        _rows(table, srs),
    )
    if not (kind and has_index) or len(table.records) < _INDEX_FROM:
        return
    index = f"rtree_{table.name}_{_GEOMETRY}"
    words = {"index": index, "table": table.name, "geom": _GEOMETRY}
    _run(database, _INDEX.format(**words))
    database.executemany(
        f'INSERT INTO "{index}" VALUES (?, ?, ?, ?, ?)',  # noqa: S608 - a name of our own
        _boxes(table),
    )
    _run(database, _TRIGGERS.format(**words, box=_BOX.format(**words)))
    database.execute(
        "INSERT INTO gpkg_extensions VALUES (?, ?, 'gpkg_rtree_index', ?, 'write-only')",
        [table.name, _GEOMETRY, f"{_SPEC}#extension_rtree"],
    )


def _rows(table: Table, srs: int) -> Iterator[list[object]]:
    for number, (record, shape) in enumerate(
        zip(table.records, table.shapes, strict=True), start=1
    ):
        row: list[object] = [number]
        if table.geometry_type is not None:
            row.append(
                None if shape is None else _binary(promoted(shape, table.geometry_type), srs)
            )
        yield [*row, *(record[key] for key in table.types)]


def _boxes(table: Table) -> Iterator[tuple[float, ...]]:
    for number, shape in enumerate(table.shapes, start=1):
        if shape is not None:
            west, south, east, north = shape.bounds
            yield (number, west, east, south, north)


def _binary(shape: BaseGeometry, srs: int) -> bytes:
    """Write a geometry as GeoPackage does: a header with its box, then WKB, little-endian."""
    west, south, east, north = shape.bounds
    has_box = shape.geom_type != "Point"
    header = struct.pack("<2sBBi", b"GP", 0, 0b11 if has_box else 0b01, srs)
    box = struct.pack("<4d", west, east, south, north) if has_box else b""
    return header + box + shapely.to_wkb(shape, byte_order=1)
