"""The delivery kit of the project's own plans, every layer of it, as programs of others read it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import psycopg
import pyproj
import pytest
import shapely

from taixin.crs import geodesic_area_km2, target
from taixin.dictionary import short_names
from taixin.exports import Delivery, write_kit
from taixin.exports.tables import table_name
from tests import samples
from tests.exporting import MILLIMETRE_DEG, apart, lonlat_shapes
from tests.rfc7946 import faults

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Gdal, QgisPython

#: The GDAL of QGIS reads every layer of every source: names, values, shapes.
READ = """
import json, sys
from osgeo import gdal, ogr
ogr.UseExceptions()
found = {}
for source in sys.argv[1:]:
    data = ogr.Open(source)
    layers = found[source] = {}
    for layer in (data.GetLayer(number) for number in range(data.GetLayerCount())):
        crs = layer.GetSpatialRef()
        layers[layer.GetName()] = {
            "crs": crs and crs.GetAuthorityCode(None),
            "rows": [
                [row.items(), row.geometry() and bytes(row.geometry().ExportToWkb()).hex()]
                for row in layer
            ],
        }
print(json.dumps(found))
"""
SOURCES = {
    "gpkg": "{kit}/atlas.gpkg",
    "shp": "/vsizip/{kit}/shp-utf8.zip",
    "gbk": "/vsizip/{kit}/shp-gbk.zip",
    "kmz": "{kit}/atlas.kmz",
}
DBASE_BYTES = 254
#: Every zone in metres that the issue of deliveries names: of three degrees and of six.
ZONES = (
    *("EPSG:4546", "EPSG:4547", "EPSG:4525"),
    *("EPSG:4526", "EPSG:4497", "EPSG:4508"),
)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the kit of all plans."""
    library, facts, layers = samples.own()
    folder = tmp_path_factory.mktemp("kit")
    write_kit(layers, library, facts, folder)
    return folder


@pytest.fixture(scope="module")
def data() -> Delivery:
    """Give what must be in the kit."""
    library, facts, layers = samples.own()
    return Delivery(layers, library, facts, target("EPSG:4490"))


@pytest.fixture(scope="module")
def read(kit: Path, data: Delivery, qgis_python: QgisPython) -> dict[str, dict[str, Any]]:
    """Read all archives in one go; layers by name."""
    single = {form: path.format(kit=kit) for form, path in SOURCES.items()}
    bases = sorted(str(path) for path in (kit / "gdb").iterdir())
    flat = [f"/vsizip/{kit}/fgb.zip/{table_name(layer)}.fgb" for layer in data.layers]
    told = json.loads(qgis_python(READ, *single.values(), *bases, *flat).splitlines()[-1])
    return {
        **{form: told[path] for form, path in single.items()},
        "gdb": {name: layer for path in bases for name, layer in told[path].items()},
        "fgb": {name: layer for path in flat for name, layer in told[path].items()},
    }


def same(given: object, value: object, *, cut: bool) -> bool:
    """Say whether a reader gave a value; a dBASE file may have cut a long text."""
    if cut and isinstance(value, str) and len(value.encode()) > DBASE_BYTES:
        return isinstance(given, str) and value.startswith(given)
    return given == value or not (given or value)


@pytest.mark.parametrize("form", ["gpkg", "gdb", "fgb", "shp"])
def test_every_feature_of_every_layer_is_there_with_values_and_shape(
    form: str, read: dict[str, dict[str, Any]], data: Delivery
) -> None:
    keys = [column.key for column in data.columns]
    names = short_names(keys) if form == "shp" else dict(zip(keys, keys, strict=True))
    shapes = lonlat_shapes(data)
    assert set(read[form]) - {"layer_styles"} == {table_name(layer) for layer in data.layers}
    for layer in data.layers:
        found = read[form][table_name(layer)]
        rows = {values["id"]: (values, wkb) for values, wkb in found["rows"]}
        assert len(rows) == len(found["rows"]) == len(layer.features)
        assert found["crs"] == "4490" or not layer.located
        for record in data.records[layer.id]:
            values, wkb = rows[record["id"]]
            told = {key: values[names[key]] for key in record}
            wrong = [key for key in record if not same(told[key], record[key], cut=form == "shp")]
            assert wrong == []
            shape = wkb and shapely.from_wkb(bytes.fromhex(wkb))
            assert apart(shape, shapes[str(record["id"])]) < MILLIMETRE_DEG


def test_names_are_chinese_in_gbk_and_on_globes(
    read: dict[str, dict[str, Any]], data: Delivery
) -> None:
    names = sorted(str(record["name"]) for rows in data.records.values() for record in rows)
    for form, field in (("gbk", "name"), ("kmz", "Name")):
        rows = [row for layer in read[form].values() for row in layer["rows"]]
        assert sorted(values[field] for values, _ in rows) == names
        placed = sum(wkb is not None for _, wkb in rows)
        assert placed == sum(len(layer.located) for layer in data.layers)


def test_drawings_pass_the_audit_and_name_every_feature(kit: Path, data: Delivery) -> None:
    import ezdxf

    known = set()
    for path in kit.glob("dxf/*.dxf"):
        drawing = ezdxf.readfile(path)
        audit = drawing.audit()
        assert (audit.errors, audit.fixes) == ([], [])
        known |= {
            tag.value
            for layout in drawing.layouts
            for entity in layout
            if entity.has_xdata("TAIXIN")
            for tag in entity.get_xdata("TAIXIN")
        }
    assert {f"id={feature}" for feature in lonlat_shapes(data)} <= known


def test_tables_hold_every_feature(kit: Path, data: Delivery) -> None:
    import openpyxl
    import pyarrow.parquet as pq

    wanted = sorted(lonlat_shapes(data))
    assert sorted(pq.read_table(kit / "atlas.parquet")["id"].to_pylist()) == wanted
    book = openpyxl.load_workbook(kit / "atlas.xlsx", read_only=True)
    sheets = book.worksheets[1 : 1 + len(data.layers)]
    rows = [row for sheet in sheets for row in sheet.iter_rows(2, values_only=True)]
    assert sorted(str(row[0]) for row in rows) == wanted
    with zipfile.ZipFile(kit / "csv.zip") as archive:
        texts = [archive.read(name).decode("utf-8-sig") for name in archive.namelist()]
    assert sorted(row["id"] for text in texts for row in csv.DictReader(io.StringIO(text))) == (
        wanted
    )


def test_geojson_in_the_kit_is_rfc_7946(kit: Path, data: Delivery) -> None:
    with zipfile.ZipFile(kit / "geojson.zip") as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert found == {f"{layer.id}.geojson": layer.text for layer in data.layers}
    assert [name for name, text in found.items() if faults(text)] == []


def union_of(sources: list[tuple[Path | str, str]], column: str, path: Path) -> Path:
    """Write a GDAL source that is all layers in one: a table for each of them takes a minute."""
    root = ET.Element("OGRVRTDataSource")
    union = ET.SubElement(root, "OGRVRTUnionLayer", name="whole")
    for source, name in sources:
        one = ET.SubElement(union, "OGRVRTLayer", name=name)
        ET.SubElement(one, "SrcDataSource", shared="1").text = str(source)
    field = ET.SubElement(union, "GeometryField", name=column)
    ET.SubElement(field, "GeometryType").text = "wkbUnknown"
    ET.ElementTree(root).write(path, encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["geojson", "gpkg"])
def test_gdal_loads_every_layer_into_postgis(
    form: str, kit: Path, data: Delivery, gdal: Gdal, postgis: str, tmp_path: Path
) -> None:
    sources: list[tuple[Path | str, str]] = [
        (f"/vsizip/{kit}/geojson.zip/{layer.id}.geojson", layer.id)
        if form == "geojson"
        else (kit / "atlas.gpkg", table_name(layer))
        for layer in data.layers
    ]
    srid, column = {"geojson": (4326, ""), "gpkg": (4490, "geom")}[form]
    source = union_of(sources, column, tmp_path / "all.vrt")
    # lists become texts: of a list here and a text there, GDAL makes what is no JSON
    options = ["-overwrite", "-fieldTypeToString", "All", "-lco", "GEOMETRY_NAME=geom"]
    gdal("ogr2ogr", "-f", "PostgreSQL", f"PG:{postgis}", source, *options)

    with psycopg.connect(postgis) as connection:
        asked = "SELECT id, name, ST_SRID(geom), ST_IsValid(geom), ST_AsBinary(geom) FROM whole"
        rows = connection.execute(asked).fetchall()
    shapes = lonlat_shapes(data)
    names = {record["id"]: record["name"] for of in data.records.values() for record in of}
    assert sorted(row[:2] for row in rows) == sorted(names.items())
    for identifier, _, number, is_valid, wkb in rows:
        shape = wkb and shapely.from_wkb(bytes(wkb))
        assert apart(shape, shapes[identifier]) < MILLIMETRE_DEG
        assert (number, is_valid) == ((srid, True) if shape else (None, None)), identifier


@pytest.mark.parametrize("crs", ZONES)
def test_areas_differ_from_the_ellipsoid_only_by_the_known_distortion(
    crs: str, data: Delivery
) -> None:
    projection = pyproj.Proj(crs)
    back = pyproj.Transformer.from_crs(crs, "EPSG:4490", always_xy=True).transform
    written = [
        shape
        for rows in replace(data, target=target(crs)).shapes.values()
        for shape in rows
        if shape is not None and shape.area
    ]
    assert len(written) > 100
    for shape in written:
        # edges are straight in the plane: many points keep them so on the ellipsoid
        dense = shapely.transform(shape.segmentize(2_000), lambda xy: np.column_stack(back(*xy.T)))
        lon, lat = shapely.get_coordinates(dense).T
        scales: Any = projection.get_factors(lon, lat).areal_scale
        ratio = shape.area / 1e6 / geodesic_area_km2(dense)
        assert scales.min() - 1e-7 <= ratio <= scales.max() + 1e-7
