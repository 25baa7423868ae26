"""Deliveries that are drawn: KML for globes, DXF for CAD, a project for QGIS."""

from __future__ import annotations

import re
import struct
import tomllib
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely

from taixin.errors import InputError
from taixin.exports.base_map import base_kinds
from taixin.exports.cad import APP_ID
from taixin.exports.icons import ICON_PIXELS, png_icon
from tests import samples
from tests.exporting import (
    FORMULA,
    MARKUP,
    MILLIMETRE_DEG,
    apart,
    delivery,
    lonlat_shapes,
    write,
)
from tests.readers import draw_with_qgis, read_with_qgis

if TYPE_CHECKING:
    from ezdxf.document import Drawing

    from tests.conftest import QgisPython

KML = "{http://www.opengis.net/kml/2.2}"
REPO = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("name", ["x.kml", "x.kmz"])
def test_qgis_reads_kml_with_names_values_shapes_and_features_without_position(
    name: str, qgis_python: QgisPython, tmp_path: Path
) -> None:
    path = write(name[2:], tmp_path / name)
    data, shapes = delivery(), lonlat_shapes(delivery())
    read = read_with_qgis(qgis_python, path)
    for layer in data.layers:
        found = read[layer.recipe.title.zh]
        assert len(found.rows) == len(layer.features)
        for row, record in zip(found.rows, data.records[layer.id], strict=True):
            assert row.values["Name"] == record["name"]
            for key in set(record) - {"name"}:
                given = row.values.get(key)
                assert given == (None if record[key] is None else str(record[key])), key
            shape = row.shape and shapely.force_2d(row.shape)
            assert apart(shape, shapes[str(record["id"])]) < MILLIMETRE_DEG
    assert read["一轴"].renderer == "embeddedSymbol"


def test_kml_is_in_folders_styled_and_runs_no_markup(tmp_path: Path) -> None:
    root = ET.parse(write("kml", tmp_path / "x.kml")).getroot()  # noqa: S314 - written by ourselves
    folders = [name.text for name in root.findall(f".//{KML}Folder/{KML}name")]
    assert folders == ["两湖规划", "两区一轴", "两区", "一轴", "一带两园", "一带", "两园", "两镇"]
    assert {style.get("id") for style in root.iter(f"{KML}Style")} == {
        layer.recipe.kind for layer in delivery().layers
    }
    (barrier,) = [
        mark for mark in root.iter(f"{KML}Placemark") if mark.findtext(f"{KML}name") == FORMULA
    ]
    card = barrier.findtext(f"{KML}description") or ""
    assert "&lt;b&gt;&amp;&quot;&#x27;{{ 7*7 }}" in card
    assert barrier.findtext(f"{KML}ExtendedData/{KML}Data[@name='summary']/{KML}value") == MARKUP
    href = root.findtext(f".//{KML}Style[@id='nature_park']/{KML}IconStyle/{KML}Icon/{KML}href")
    assert (tmp_path / str(href)).read_bytes().startswith(b"\x89PNG")


def test_a_kmz_is_a_doc_and_its_symbols(tmp_path: Path) -> None:
    with zipfile.ZipFile(write("kmz", tmp_path / "x.kmz")) as archive:
        assert archive.namelist() == ["doc.kml", "icons/nature_park.png"]
        assert b"icons/nature_park.png" in archive.read("doc.kml")


@pytest.mark.parametrize("form", ["kml", "kmz"])
def test_kml_refuses_any_other_crs(form: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="always longitude, latitude"):
        write(form, tmp_path / f"x.{form}", "EPSG:4547")


def test_an_icon_is_the_symbol_on_a_clear_ground() -> None:
    symbol = samples.own()[0].kinds["start_up_area"].symbol
    pixels = decoded(png_icon(symbol))
    middle = ICON_PIXELS // 2
    assert tuple(pixels[middle, middle]) == (0x7A, 0x3B, 0x94, 255)
    assert pixels[0, 0, 3] == pixels[-1, 0, 3] == 0
    assert pixels[middle, 4:12, 3].max() == 255


def decoded(png: bytes) -> np.ndarray:
    """Decode a PNG as this program writes it: RGBA, one chunk, no filter."""
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT")
    (size,) = struct.unpack(">I", png[start - 4 : start])
    lines = np.frombuffer(zlib.decompress(png[start + 4 : start + 4 + size]), np.uint8)
    pixels: np.ndarray = lines.reshape(height, 1 + 4 * width)[:, 1:].reshape(height, width, 4)
    return pixels


def drawing(path: Path) -> Drawing:
    """Read a drawing with ezdxf and assert that its audit finds nothing."""
    import ezdxf

    read = ezdxf.readfile(path)
    audit = read.audit()
    assert (audit.errors, audit.fixes) == ([], [])
    return read


@pytest.mark.parametrize("hatch", [False, True])
def test_a_drawing_passes_the_audit_and_holds_every_feature(tmp_path: Path, *, hatch: bool) -> None:
    read = drawing(write("dxf", tmp_path / "x.dxf", hatch=hatch))
    assert read.dxfversion == "AC1024"
    assert read.units == 6
    space = read.modelspace()
    lines: list[Any] = list(space.query("LWPOLYLINE[layer=='SETTLEMENT_CLUSTER']"))
    assert len(lines) == 4  # an area with a hole, an island in it, and another area
    assert all(line.closed for line in lines)
    assert len(space.query("HATCH")) == (4 if hatch else 0)
    assert len(space.query("POINT")) == 1
    known = {tag.value for entity in every(read) for tag in entity.get_xdata(APP_ID)}
    for feature in lonlat_shapes(delivery()):
        assert f"id={feature}" in known
    layer = read.layers.get("DEVELOPMENT_AXIS")
    assert layer.rgb == (0xC0, 0x34, 0x1D)
    assert 1 <= layer.color <= 249
    assert layer.description.startswith("发展轴")
    assert read.styles.get("CJK").dxf.font == "simsun.ttc"
    assert all(item.dxf.name.isascii() for item in read.layers)


def every(read: Drawing) -> list[Any]:
    """Give each entity that carries a feature's data, on whatever layout."""
    return [entity for layout in read.layouts for entity in layout if entity.has_xdata(APP_ID)]


def test_unlocated_features_are_listed_on_a_layout_of_their_own(tmp_path: Path) -> None:
    import ezdxf

    read = drawing(write("dxf", tmp_path / "x.dxf"))
    found: list[Any] = list(read.layouts.get("Unlocated").query("MTEXT"))
    texts = [ezdxf.decode_dxf_unicode(text.text) for text in found]
    assert texts[0].startswith("文件未给出位置的要素 2 ")
    assert [text.split()[0] for text in texts[1:]] == ["森林园", "甲镇"]


def test_qgis_reads_a_drawing_in_chinese_within_a_millimetre(
    qgis_python: QgisPython, tmp_path: Path
) -> None:
    path = write("dxf", tmp_path / "x.dxf")
    read = read_with_qgis(qgis_python, path, crs="EPSG:4547")["entities"]
    texts = {row.values["Text"] for row in read.rows if row.values["Layer"].endswith("_TEXT")}
    assert texts == {"西区", "东区", "湖路轴", FORMULA, "湖滨园"}
    by_layer: dict[str, list[shapely.Geometry]] = {}
    for row in read.rows:
        if row.shape is not None:
            by_layer.setdefault(row.values["Layer"], []).append(shapely.force_2d(row.shape))
    shapes = lonlat_shapes(delivery())
    pairs = {
        "DEVELOPMENT_AXIS": "lake-2030/axes/lake-axis",
        "NATURE_PARK": "lake-2030/parks/lakeside",
    }
    for layer, feature in pairs.items():
        assert apart(shapely.union_all(by_layer[layer]), shapes[feature]) < MILLIMETRE_DEG
    areas = [shapes["lake-2030/clusters/west"], shapes["lake-2030/clusters/east"]]
    borders = shapely.union_all([shapely.boundary(area) for area in areas])
    assert apart(shapely.union_all(by_layer["SETTLEMENT_CLUSTER"]), borders) < MILLIMETRE_DEG
    assert (tmp_path / "x.prj").read_text().startswith('PROJCS["CGCS2000_3_Degree_GK_CM_114E"')


def test_cad_draws_in_metres_only(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="drawn in metres"):
        write("dxf", tmp_path / "x.dxf", "EPSG:4490")


def test_qgis_opens_the_project_grouped_styled_and_without_a_word(
    qgis_python: QgisPython, tmp_path: Path
) -> None:
    path = write("qgz", tmp_path / "x.qgz")
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for item in (path, path.with_suffix(".gpkg"), path.with_name("x-base.gpkg")):
        item.rename(moved / item.name)
    extent = (324_000.0, 4_207_000.0, 414_000.0, 4_266_000.0)
    told = draw_with_qgis(qgis_python, moved / "x.qgz", tmp_path / "x.png", extent)
    assert told["is_read"]
    assert (told["error"], told["broken"], told["drawing_errors"]) == ("", [], [])
    assert told["messages"] == []
    assert told["crs"] == "EPSG:4547"
    assert [group[:2] for group in told["groups"]][:3] == [
        [["两湖规划", "空间格局", "两区一轴"], "两区"],
        [["两湖规划", "空间格局", "两区一轴"], "一轴"],
        [["两湖规划", "生态格局", "一带两园"], "一带"],
    ]
    assert {tuple(group[0]) for group in told["groups"]} >= {("底图",)}
    names = [name.removeprefix("map_layer_") for name in told["order"]]
    assert names.index("lake_2030_axes") < names.index("base_county_borders")
    assert names[-1] == "base_land"
    assert all(str(moved) in source for source in told["sources"])


def test_the_project_looks_like_the_page(qgis_python: QgisPython, tmp_path: Path) -> None:
    path = write("qgz", tmp_path / "x.qgz")
    extent = (324_000.0, 4_207_000.0, 414_000.0, 4_266_000.0)
    draw_with_qgis(qgis_python, path, tmp_path / "x.ppm", extent)
    content = (tmp_path / "x.ppm").read_bytes().split(b"\n255\n", 1)[1]
    pixels = np.frombuffer(content, np.uint8).reshape(-1, 3).astype(int)
    kinds = {**samples.own()[0].kinds, **base_kinds()}

    def share(colour: str, slack: int = 24) -> float:
        wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
        return float((np.abs(pixels - wanted).max(axis=1) <= slack).mean())

    assert share(kinds["development_axis"].symbol.stroke or "") > 0.002
    assert share(kinds["settlement_cluster"].symbol.casing or "") > 0.001
    assert share(kinds["base_land"].symbol.fill or "", 8) > 0.001
    assert share("#f7e6c8", 14) > 0.2  # the clusters' ochre at 40 % over the land


def test_base_map_has_the_colours_of_the_page() -> None:
    css = (REPO / "src/taixin/viewer/src/css/tokens.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--tx-([\w-]+): (#[0-9a-f]{6});", css))
    kinds = base_kinds()
    assert kinds["base_land"].symbol.fill == tokens["land"]
    assert kinds["base_rivers"].symbol.stroke == tokens["water"]
    assert kinds["base_rivers"].text.colour == tokens["water-name"]
    assert kinds["base_county_borders"].symbol.stroke == tokens["county-border"]
    assert kinds["base_city_borders"].symbol.stroke == tokens["city-border"]
    assert kinds["base_province_border"].symbol.stroke == tokens["province"]
    assert kinds["base_county_seats"].symbol.stroke == tokens["seat"]
    named = tomllib.loads((REPO / "src/taixin/templates/base-map.toml").read_text("utf-8"))
    assert set(named) == set(kinds)
