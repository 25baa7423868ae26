"""Layers in PostGIS: counts, SRID, index, comments, one transaction; and what GDAL loads there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import shapely

from taixin.errors import InputError, OutputError
from taixin.exports import FORMATS, Job
from taixin.exports.postgis import write_postgis
from taixin.exports.tables import table_name
from tests.exporting import FORMULA, MILLIMETRE_DEG, apart, delivery, lonlat_shapes

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Gdal

TABLES = [f"lake_2030.{name}" for name in ("clusters", "axes", "barriers", "parks", "towns")]


def asked(address: str, question: str, *values: object) -> list[tuple[Any, ...]]:
    """Ask the database something."""
    with psycopg.connect(address) as connection:
        return connection.execute(question, values).fetchall()


@pytest.fixture
def filled(postgis: str) -> str:
    """Give a database that holds the small world, written twice."""
    for _ in range(2):
        assert write_postgis(delivery(), postgis) == TABLES
    return postgis


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4547"])
def test_every_feature_arrives_with_its_values_srid_and_a_valid_shape(
    crs: str, postgis: str
) -> None:
    data = delivery(crs)
    write_postgis(data, postgis)
    shapes = lonlat_shapes(data)
    for layer in data.layers:
        name = f"lake_2030.{layer.recipe.id}"
        records = {str(row["id"]): row for row in data.records[layer.id]}
        columns = ", ".join(f'"{key}"' for key in next(iter(records.values())))
        found = asked(postgis, f"SELECT {columns} FROM {name}")  # noqa: S608 - our own names
        keys = list(next(iter(records.values())))
        assert {row[0]: dict(zip(keys, row, strict=True)) for row in found} == records
        if not layer.located:
            continue
        geometry = asked(
            postgis,
            "SELECT id, ST_SRID(geom), ST_IsValid(geom), "  # noqa: S608 - our own names
            f"ST_AsBinary(ST_Transform(geom, 4490)) FROM {name}",
        )
        for identifier, srid, is_valid, wkb in geometry:
            shape = wkb and shapely.from_wkb(bytes(wkb))
            assert apart(shape, shapes[identifier]) < MILLIMETRE_DEG
            assert (srid, is_valid) == ((int(crs[5:]), True) if shape else (None, None))


def test_tables_have_index_key_and_comments(filled: str) -> None:
    indexes = dict(
        asked(
            filled,
            "SELECT tablename, indexname FROM pg_indexes "
            "WHERE indexdef ~ 'gist' AND schemaname = 'lake_2030'",
        )
    )
    assert set(indexes) == {"clusters", "axes", "barriers", "parks"}
    (comment,) = asked(filled, "SELECT obj_description('lake_2030.axes'::regclass)")[0]
    assert comment.startswith("taixin-atlas: 一轴｜内部工作图，未经审核")
    (heading,) = asked(
        filled,
        "SELECT col_description('lake_2030.axes'::regclass, attnum) FROM pg_attribute "
        "WHERE attrelid = 'lake_2030.axes'::regclass AND attname = 'accuracy_m'",
    )[0]
    assert heading.startswith("位置误差（m）")
    (schema,) = asked(filled, "SELECT obj_description('lake_2030'::regnamespace)")[0]
    assert schema == "两湖规划"


def test_texts_are_values_and_never_statements(filled: str) -> None:
    assert asked(filled, "SELECT name FROM lake_2030.barriers") == [(FORMULA,)]


def test_a_table_of_somebody_else_is_left_alone_and_nothing_is_written(postgis: str) -> None:
    with psycopg.connect(postgis, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS lake_2030 CASCADE")
        connection.execute("CREATE SCHEMA lake_2030")
        connection.execute("CREATE TABLE lake_2030.parks AS SELECT 1 AS mine")
    with pytest.raises(OutputError, match=r"lake_2030\.parks stands there and is none of ours"):
        write_postgis(delivery(), postgis)
    tables = asked(postgis, "SELECT tablename FROM pg_tables WHERE schemaname = 'lake_2030'")
    assert tables == [("parks",)]
    assert asked(postgis, "SELECT mine FROM lake_2030.parks") == [(1,)]
    with psycopg.connect(postgis, autocommit=True) as connection:
        connection.execute("DROP SCHEMA lake_2030 CASCADE")


def test_a_database_without_postgis_is_refused_with_a_remedy(postgis: str) -> None:
    with pytest.raises(OutputError, match="CREATE EXTENSION postgis"):
        write_postgis(delivery(), postgis.replace("/atlas", "/bare"))


def test_an_unreachable_database_is_a_sentence_without_the_password() -> None:
    with pytest.raises(OutputError, match="nothing was written") as error:
        write_postgis(delivery(), "postgresql://me:s3cret@127.0.0.1:1/none?connect_timeout=3")
    assert "s3cret" not in str(error.value)


def test_without_the_driver_the_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(InputError, match=r"pip install 'taixin-atlas\[postgis\]'"):
        write_postgis(delivery(), "postgresql://127.0.0.1/none")


@pytest.mark.parametrize("form", ["gpkg", "geojson"])
def test_gdal_loads_our_files_into_postgis_as_they_are(
    form: str, postgis: str, gdal: Gdal, tmp_path: Path
) -> None:
    data = delivery(FORMATS[form].crs)
    out = tmp_path / ("x.gpkg" if form == "gpkg" else "data")
    FORMATS[form].write(Job(data, out))
    srid = 4490 if form == "gpkg" else 4326
    for layer in data.layers:
        source = (
            [str(out), table_name(layer)] if form == "gpkg" else [str(out / f"{layer.id}.geojson")]
        )
        name = f"{form}_{layer.recipe.id}"
        options = ["-nln", name, "-overwrite", "-lco", "GEOMETRY_NAME=geom"]
        if layer.located and form == "geojson":
            options += ["-nlt", "PROMOTE_TO_MULTI"]
        gdal("ogr2ogr", "-f", "PostgreSQL", f"PG:{postgis}", *source, *options)
        (count,) = asked(postgis, f"SELECT count(*) FROM {name}")[0]  # noqa: S608 - our own names
        assert count == len(layer.features)
        if layer.located:
            found = asked(
                postgis,
                "SELECT DISTINCT ST_SRID(geom), ST_IsValid(geom) "  # noqa: S608 - our own names
                f"FROM {name} WHERE geom IS NOT NULL",
            )
            assert found == [(srid, True)]
