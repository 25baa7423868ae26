"""Layers straight into PostGIS: a schema a plan, a table a layer, all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from taixin.dictionary import headings
from taixin.errors import InputError, OutputError, Problem
from taixin.exports.tables import geometry_name
from taixin.exports.vector import promoted
from taixin.vocabulary import REVIEW_STATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import psycopg
    from psycopg import sql
    from shapely.geometry.base import BaseGeometry

    from taixin.build import Layer
    from taixin.dictionary import Column
    from taixin.exports.tables import Delivery

__all__ = ["ADDRESS_STARTS", "write_postgis"]

#: What the address of a database begins with.
ADDRESS_STARTS: Final = ("postgresql://", "postgres://")
_MARK: Final = "taixin-atlas:"
_TYPES: Final = {
    "text": "text",
    "list": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
}
_EPSG: Final = "EPSG:"


def write_postgis(data: Delivery, address: str) -> list[str]:
    """Write layers into a PostGIS database in one transaction.

    Parameters
    ----------
    data
        Layers and their CRS, which must be one of EPSG.
    address
        ``postgresql://user@host/database``; a password may stand in it, in ``PGPASSWORD`` or in
        ``~/.pgpass``, and is never repeated.

    Returns
    -------
    list[str]
        The tables written, as ``schema.table``. Tables of ours that stand there are replaced.

    Raises
    ------
    InputError
        If the address is none, the CRS is not of EPSG, or psycopg is not installed.
    OutputError
        If the database refuses, has no PostGIS, or a table of others is in the way.
    """
    if not address.startswith(ADDRESS_STARTS):
        remedy = "write --out postgresql://user@host/database"
        raise InputError([Problem("--out", "", "this is no address of a database", remedy)])
    if not data.target.code.startswith(_EPSG):
        problem = Problem("--crs", data.target.code, "PostGIS knows only systems of EPSG")
        raise InputError([problem])
    try:
        import psycopg
    except ImportError:
        message = "writing into PostGIS needs the package psycopg"
        remedy = "install it with: pip install 'taixin-atlas[postgis]'"
        raise InputError([Problem("--format", "postgis", message, remedy)]) from None
    try:
        with psycopg.connect(address) as connection:  # commits at the end, or rolls all back
            _require_postgis(connection)
            return [_write_layer(connection, layer, data) for layer in data.layers]
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise OutputError(f"The database refused, and nothing was written: {reason}") from error


def _require_postgis(connection: psycopg.Connection) -> None:
    found = connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'").fetchone()
    if found is None:
        msg = "The database has no PostGIS; run there as its owner: CREATE EXTENSION postgis;"
        raise OutputError(msg)


def _write_layer(connection: psycopg.Connection, layer: Layer, data: Delivery) -> str:
    from psycopg import sql

    schema, name = (part.replace("-", "_") for part in layer.id.split("/"))
    table = sql.Identifier(schema, name)
    types = {column.key: column for column in data.columns}
    columns = [types[key] for key in data.records[layer.id][0]]
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(schema)))
    _comment(connection, "SCHEMA", sql.Identifier(schema), layer.plan.title.zh)
    _make_way(connection, table, schema, name)
    connection.execute(_create(table, columns, layer, data))
    _copy(connection, table, columns, layer, data)
    if geometry_name(layer):
        index = sql.Identifier(f"{name}_geom"[:63])
        statement = sql.SQL("CREATE INDEX {} ON {} USING gist (geom)").format(index, table)
        connection.execute(statement)
    about = f"{_MARK} {layer.recipe.title.zh}｜{REVIEW_STATE[0]}｜{layer.attribution}"
    _comment(connection, "TABLE", table, f"{about}｜{data.version}")
    captions = headings(data.columns)
    for column in columns:
        target = sql.Identifier(schema, name, column.key)
        _comment(connection, "COLUMN", target, f"{captions[column.key]}：{column.meaning_zh}")
    connection.execute(sql.SQL("ANALYZE {}").format(table))
    return f"{schema}.{name}"


def _make_way(
    connection: psycopg.Connection, table: sql.Identifier, schema: str, name: str
) -> None:
    """Drop a table that an earlier export wrote; refuse to touch one of somebody else."""
    from psycopg import sql

    row = connection.execute(
        "SELECT obj_description(c.oid, 'pg_class') FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %s AND c.relname = %s",
        (schema, name),
    ).fetchone()
    if row is None:
        return
    if not str(row[0] or "").startswith(_MARK):
        msg = f"{schema}.{name} stands there and is none of ours; rename it, or take another base."
        raise OutputError(msg)
    connection.execute(sql.SQL("DROP TABLE {}").format(table))


def _create(
    table: sql.Identifier, columns: Sequence[Column], layer: Layer, data: Delivery
) -> sql.Composed:
    from psycopg import sql

    fields: list[sql.Composable] = [
        sql.SQL("{} {}").format(sql.Identifier(column.key), sql.SQL(_TYPES[column.type]))
        for column in columns
    ]
    geometry = geometry_name(layer)
    if geometry:
        srid = data.target.code.removeprefix(_EPSG)
        kind = sql.SQL(f"geom geometry({geometry}, {int(srid)})")
        fields.append(kind)
    fields.append(sql.SQL("PRIMARY KEY (id)"))
    return sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join(fields))


def _copy(
    connection: psycopg.Connection,
    table: sql.Identifier,
    columns: Sequence[Column],
    layer: Layer,
    data: Delivery,
) -> None:
    from psycopg import sql

    keys = [column.key for column in columns] + (["geom"] if geometry_name(layer) else [])
    names = sql.SQL(", ").join(map(sql.Identifier, keys))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in _rows(layer, data):
            copy.write_row(row)


def _rows(layer: Layer, data: Delivery) -> Iterator[list[object]]:
    geometry = geometry_name(layer)
    srid = int(data.target.code.removeprefix(_EPSG))
    shapes = data.shapes[layer.id]
    for record, shape in zip(data.records[layer.id], shapes, strict=True):
        row = list(record.values())
        if geometry:
            row.append(None if shape is None else _ewkb(promoted(shape, geometry), srid))
        yield row


def _ewkb(shape: BaseGeometry, srid: int) -> str:
    return shapely.to_wkb(shapely.set_srid(shape, srid), hex=True, include_srid=True)


def _comment(connection: psycopg.Connection, what: str, target: sql.Identifier, text: str) -> None:
    from psycopg import sql

    kind = sql.SQL(what)
    statement = sql.SQL("COMMENT ON {} {} IS {}").format(kind, target, sql.Literal(text))
    connection.execute(statement)
