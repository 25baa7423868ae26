"""Deliveries: what is written, and that what is read back by others is the same."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import pytest
import shapely

import taixin
from taixin import cli, exports
from taixin.commands import publish
from taixin.crs import geodesic_area_km2, target
from taixin.dictionary import rows, short_names
from taixin.errors import InputError, OutputError
from taixin.exports import FORMATS, Job, Options
from taixin.exports.formats import words
from taixin.exports.tables import table_name
from tests import samples
from tests.exporting import (
    FORMULA,
    MARKUP,
    MILLIMETRE_DEG,
    apart,
    delivery,
    lonlat_shapes,
    small_world,
    write,
)
from tests.readers import read_with_qgis

if TYPE_CHECKING:
    from tests.conftest import QgisPython
    from tests.readers import Read

SYSTEMS = (
    *("EPSG:4326", "EPSG:4490", "EPSG:4546", "EPSG:4547"),
    *("EPSG:4525", "EPSG:4526", "EPSG:4497", "EPSG:4508"),
)
#: Format to what QGIS opens of it.
READABLE = {
    "gpkg": "x.gpkg",
    "gdb": "x.gdb",
    "fgb": "folder/{table}.fgb",
    "shp": "folder/{table}.shp",
}


def assert_same(read: Read, layer: str, *, short: bool = False, cut: int = 0) -> None:
    """Assert that a foreign reader finds the values, and the shapes within a millimetre."""
    data = delivery()
    records = {str(row["id"]): row for row in data.records[f"lake-2030/{layer}"]}
    keys = [column.key for column in data.columns]
    names = short_names(keys) if short else dict(zip(keys, keys, strict=True))
    shapes = lonlat_shapes(data)
    assert {row.values["id"] for row in read.rows} == set(records)
    assert len(read.rows) == len(records)
    for row in read.rows:
        for key, value in records[row.values["id"]].items():
            given = row.values[names[key]]
            if cut and isinstance(value, str) and len(value.encode()) > cut:
                assert value.startswith(given)
                assert len(given.encode()) > cut - 4
            else:
                assert (given or None) == (value or None), key
        assert apart(row.shape, shapes[row.values["id"]]) < MILLIMETRE_DEG
        assert row.is_valid in {True, None}


@pytest.fixture(scope="module")
def foreign(qgis_python: QgisPython, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    """Write every format and CRS, and read all of it in one start of QGIS."""
    folder = tmp_path_factory.mktemp("foreign")
    for form, name in READABLE.items():
        write(form, folder / form / name.split("/")[0])
    for crs in SYSTEMS:
        write("gpkg", folder / crs[5:] / "x.gpkg", crs)
    sources = [
        *folder.glob("*/x.*"),
        *folder.glob("fgb/*/*.fgb"),
        *folder.glob("shp/*/*.shp"),
        folder / "shp/folder/lake_2030_towns.dbf",
    ]
    read = read_with_qgis(qgis_python, *sources)
    return {f"{Path(name).relative_to(folder).parts[0]}:{name.rpartition(':')[2]}": layer
            for name, layer in read.items()}  # fmt: skip


@pytest.mark.parametrize("form", READABLE)
@pytest.mark.parametrize("layer", ["clusters", "axes", "barriers", "parks", "towns"])
def test_qgis_reads_back_every_feature_value_and_shape(
    form: str, layer: str, foreign: dict[str, Read]
) -> None:
    read = foreign[f"{form}:lake_2030_{layer}"]
    short, cut = form == "shp", 254 if form == "shp" else 0
    assert_same(read, layer, short=short, cut=cut)
    assert read.crs == ("EPSG:4490" if layer != "towns" else "")


@pytest.mark.parametrize("crs", SYSTEMS)
def test_every_crs_comes_back_within_a_millimetre(crs: str, foreign: dict[str, Read]) -> None:
    for layer in delivery().layers:
        read = foreign[f"{crs[5:]}:{table_name(layer)}"]
        assert_same(read, layer.recipe.id)
        assert read.crs == (crs if layer.located else "")


@pytest.mark.parametrize("crs", SYSTEMS[2:])
def test_areas_differ_from_the_ellipsoid_only_by_the_known_distortion(crs: str) -> None:
    projection = pyproj.Proj(crs)
    back = pyproj.Transformer.from_crs(crs, "EPSG:4490", always_xy=True).transform
    for written in delivery(crs, "clusters").shapes["lake-2030/clusters"]:
        assert written is not None
        # the same edges on the ellipsoid: straight in the plane, so they need many points there
        dense = shapely.transform(written.segmentize(100), lambda xy: np.column_stack(back(*xy.T)))
        lon, lat = shapely.get_coordinates(dense).T
        scales: Any = projection.get_factors(lon, lat).areal_scale
        ratio = written.area / 1e6 / geodesic_area_km2(dense)
        assert scales.min() - 1e-7 <= ratio <= scales.max() + 1e-7


def test_coordinates_are_written_east_first_whatever_the_register_says() -> None:
    x, y = shapely.get_coordinates(delivery("EPSG:4547").shapes["lake-2030/parks"][0])[0]
    assert 300_000 < x < 700_000
    assert 4_000_000 < y < 4_500_000
    assert "easting, northing" in target("EPSG:4547").axes
    x, y = shapely.get_coordinates(delivery("EPSG:4525").shapes["lake-2030/parks"][0])[0]
    assert 37_000_000 < x < 38_000_000


def test_a_shapefile_in_gbk_is_read_as_chinese(qgis_python: QgisPython, tmp_path: Path) -> None:
    write("shp", tmp_path / "folder", encoding="GBK")
    path = tmp_path / "folder" / "lake_2030_clusters.shp"
    read = read_with_qgis(qgis_python, path)["lake_2030_clusters"]
    assert [row.values["name"] for row in read.rows] == ["西区", "东区"]
    content = path.with_suffix(".dbf").read_bytes()
    assert "西区".encode("GBK") in content
    assert content[29] == 0x4D
    assert path.with_suffix(".cpg").read_text() == "GBK"
    assert path.with_suffix(".prj").read_text().startswith("GEOGCS")
    assert_short_names(content)


def assert_short_names(content: bytes) -> None:
    """Assert that the fields of a dBASE file have ASCII names of ten letters, no two equal."""
    starts = range(32, int.from_bytes(content[8:10], "little") - 1, 32)
    names = [content[at : at + 11].split(b"\0")[0].decode("ascii") for at in starts]
    assert max(map(len, names)) <= 10
    assert len({name.upper() for name in names}) == len(names)


def test_gbk_refuses_letters_it_lacks_and_names_them(tmp_path: Path) -> None:
    data = delivery()
    data.records["lake-2030/axes"][0]["note"] = "㐀字"
    try:
        with pytest.raises(InputError, match="'㐀' in '㐀字' does not exist in GBK"):
            FORMATS["shp"].write(Job(data, tmp_path / "folder", "GBK"))
        FORMATS["shp"].write(Job(data, tmp_path / "folder", "GBK", is_lenient=True))
        with pytest.raises(InputError, match="UTF-8 or GBK"):
            FORMATS["shp"].write(Job(data, tmp_path / "folder", "Big5"))
    finally:
        del data


def test_geojson_is_rfc_7946_and_refuses_any_other_crs(tmp_path: Path) -> None:
    write("geojson", tmp_path / "data")
    for layer in delivery().layers:
        assert_rfc_7946(json.loads((tmp_path / "data" / f"{layer.id}.geojson").read_text()))
    for crs in ("EPSG:4547", "EPSG:4490"):
        with pytest.raises(InputError, match="always longitude, latitude"):
            write("geojson", tmp_path / "other", crs)
    with pytest.raises(OutputError, match="one such file holds one layer, not 5"):
        write("geojson", tmp_path / "all.geojson")


def assert_rfc_7946(collection: dict[str, Any]) -> None:
    """Assert what RFC 7946 asks for."""
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for feature in collection["features"]:
        assert set(feature) <= {"type", "id", "bbox", "geometry", "properties"}
        if feature["geometry"] is None:
            continue
        shape = shapely.geometry.shape(feature["geometry"])
        assert feature["bbox"] == pytest.approx(shape.bounds, abs=1e-9)
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw
                assert not any(ring.is_ccw for ring in part.interiors)


def test_csv_is_neutral_and_carries_position_and_shape(tmp_path: Path) -> None:
    write("csv", tmp_path / "folder")
    write("csv", tmp_path / "all.csv", "EPSG:4547")
    content = (tmp_path / "folder" / "lake_2030_barriers.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    (barrier,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert barrier["name"] == f"'{FORMULA}"
    assert barrier["summary"] == MARKUP
    shape = shapely.from_wkt(barrier["wkt"])
    assert apart(shape, lonlat_shapes(delivery())[barrier["id"]]) < MILLIMETRE_DEG
    assert shape.covers(shapely.Point(float(barrier["lon"]), float(barrier["lat"])))
    text = (tmp_path / "all.csv").read_text(encoding="utf-8-sig")
    every = list(csv.DictReader(io.StringIO(text)))
    assert len(every) == sum(len(layer.features) for layer in delivery().layers)
    assert [row["lon"] for row in every if row["basis"] == "unlocated"] == ["", ""]


def test_a_workbook_holds_every_layer_and_runs_no_formula(tmp_path: Path) -> None:
    import openpyxl

    data = delivery()
    book = openpyxl.load_workbook(write("xlsx", tmp_path / "x.xlsx"))
    titles = [layer.recipe.title.zh for layer in data.layers]
    assert book.sheetnames == ["目录", *titles, "数据来源", "数据字典"]
    for layer in data.layers:
        header, *found = book[layer.recipe.title.zh].values
        records = data.records[layer.id]
        assert [dict(zip(header, row, strict=True))["标识"] for row in found] == [
            record["id"] for record in records
        ]
        for row, record in zip(found, records, strict=True):
            assert row[: len(record)] == tuple(record.values())
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    (formula,) = [cell for cell in cells if cell.value == FORMULA]
    assert formula.quotePrefix
    assert book["数据字典"].max_row == len(data.columns) + 1
    assert book["数据来源"].max_row == len(data.facts.sources) + 1


@pytest.mark.parametrize("name", ["folder", "all.parquet"])
def test_parquet_is_geoparquet_with_crs_and_boxes(name: str, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    data = delivery("EPSG:4547")
    out = write("parquet", tmp_path / name, "EPSG:4547")
    paths = [out] if out.is_file() else sorted(out.iterdir())
    found = {}
    for path in paths:
        table = pq.read_table(path)
        geo = json.loads(table.schema.metadata[b"geo"])
        column = geo["columns"]["geometry"]
        assert geo["version"] == "1.1.0"
        assert column["crs"]["id"] == {"authority": "EPSG", "code": 4547}
        assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
        for row in table.to_pylist():
            found[row.pop("id")] = row
    shapes = {
        str(record["id"]): (record, shape)
        for layer in data.layers
        for record, shape in zip(data.records[layer.id], data.shapes[layer.id], strict=True)
    }
    assert set(found) == set(shapes)
    for name_, (record, shape) in shapes.items():
        row = found[name_]
        given = row["geometry"] and shapely.from_wkb(row["geometry"])
        assert given == shape
        assert {key: row[key] for key in record if key != "id"} == {
            key: value for key, value in record.items() if key != "id"
        }


def test_dictionary_explains_every_column() -> None:
    data = delivery()
    told = {row["name"]: row for row in rows(data.columns)}
    for records in data.records.values():
        assert set(records[0]) <= set(told)
    assert all(row["zh"] and row["en"] and row["meaning_zh"] for row in told.values())
    assert told["accuracy_m"]["unit"] == "m"
    assert told["length_class"]["type"] == "text"
    assert told["area_km2"]["type"] == "number"


def test_codes_of_planning_databases_are_given_only_where_they_are_sure() -> None:
    west, east = delivery().records["lake-2030/clusters"]
    assert {row["YSDM"] for row in (west, east)} == {None}
    (park, forest) = delivery().records["lake-2030/parks"]
    assert (park["XZQDM"], park["XZQMC"]) == ("140002", "东县")
    assert (forest["XZQDM"], forest["MJ"]) == ("140001", None)
    (lake, *_) = delivery().layers[0].features[1:]
    assert lake.geometry is not None
    assert east["MJ"] == pytest.approx(geodesic_area_km2(lake.geometry) * 1e6, abs=0.01)


def test_the_public_function_says_axes_losses_and_what_crosses_the_zone(tmp_path: Path) -> None:
    library, facts, layers = small_world()
    written = taixin.export(
        layers, "dxf", tmp_path / "x.dxf", Options(crs="4526"), library=library, facts=facts
    )
    assert written.files[0].endswith("x.dxf")
    assert "easting, northing" in written.axes
    assert "reaches beyond the zone of EPSG:4526" in written.warnings[0]
    assert "XDATA" in written.loses.en
    inside = taixin.export(layers, "gpkg", tmp_path / "x.gpkg", library=library, facts=facts)
    assert inside.warnings == ()
    assert inside.axes.startswith("EPSG:4490")


@pytest.mark.parametrize(
    ("form", "out", "sentence"),
    [
        ("gpkg", "x.shp", r"ends in \.gpkg"),
        ("gdb", "x", r"ends in \.gdb or \.zip"),
        ("gkpg", "x.gpkg", "did you mean 'gpkg'"),
        ("postgis", "x", "no address of a database"),
    ],
)
def test_a_name_that_does_not_fit_is_refused_with_a_remedy(
    form: str, out: str, sentence: str, tmp_path: Path
) -> None:
    library, facts, layers = small_world()
    with pytest.raises(InputError, match=sentence):
        taixin.export(layers, form, str(tmp_path / out), library=library, facts=facts)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_geodatabase_is_never_replaced(tmp_path: Path) -> None:
    other = tmp_path / "x.gdb"
    other.mkdir()
    (other / "thesis.docx").write_text("years")
    with pytest.raises(OutputError, match="no File Geodatabase"):
        write("gdb", other)
    assert (other / "thesis.docx").read_text() == "years"


def test_a_failed_export_leaves_what_stood_there(tmp_path: Path) -> None:
    path = write("gpkg", tmp_path / "x.gpkg")
    before = path.read_bytes()
    data = delivery("EPSG:4547")
    data.records["lake-2030/axes"][0]["id"] = object()
    with pytest.raises(OutputError, match="cannot write"):
        FORMATS["gpkg"].write(Job(data, path))
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["x.gpkg"]


def test_zips_hold_what_the_folders_hold(tmp_path: Path) -> None:
    for form in ("shp", "fgb", "csv"):
        write(form, tmp_path / form)
        write(form, tmp_path / f"{form}.zip")
        with zipfile.ZipFile(tmp_path / f"{form}.zip") as archive:
            packed = {name: archive.read(name) for name in archive.namelist()}
        assert packed == {path.name: path.read_bytes() for path in (tmp_path / form).iterdir()}


def test_the_command_names_every_format_and_every_format_is_explained() -> None:
    assert set(publish.FORMATS) == {*FORMATS, exports.DATABASE} == set(words())


def test_the_command_exports_and_warns_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    geo, plans = samples.write_geo(tmp_path / "geo"), samples.write_plans(tmp_path / "plans")
    out = tmp_path / "out" / "x.gpkg"
    arguments = ["export", "--format", "gpkg", "--crs", "EPSG:4547", "--out", str(out)]
    monkeypatch.setattr(
        "sys.argv", ["taixin", *arguments, "--geo", str(geo), "--plans", str(plans)]
    )
    cli.main()
    said = capsys.readouterr()
    assert "4 layers, 6 features (5 located)" in said.out
    assert "easting, northing in metres" in said.out
    assert "reaches beyond the zone" in said.err
    assert out.is_file()
