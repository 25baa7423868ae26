"""GDAL's own ``ogrinfo``, Debian's, reads every format: layers, counts, Chinese names, values.

Two formats are not here. Parquet: Debian's GDAL has no driver for it, so pyarrow reads it, in
``test_exports.py`` and ``test_real_delivery.py``. PostGIS: the database itself is asked, in
``test_postgis.py``.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
import shapely

from taixin.exports.cad import layer_names
from taixin.exports.tables import table_name
from tests.exporting import FORMULA, delivery, lonlat_shapes, write

if TYPE_CHECKING:
    from pathlib import Path

    from taixin.build import Layer
    from tests.conftest import Gdal

#: Format to what it is written as: one file or folder with a layer each.
SOURCES = {
    "gpkg": "x.gpkg",
    "gdb": "x.gdb",
    "shp": "shapes",
    "kml": "x.kml",
    "kmz": "x.kmz",
    "xlsx": "x.xlsx",
    "csv": "tables",
}
#: Formats whose layers people see, and so have Chinese names.
TITLED = {"kml", "kmz", "xlsx"}
#: Field of the name where it is not ``name``.
NAME = {"kml": "Name", "kmz": "Name", "xlsx": "名称"}


def read(gdal: Gdal, source: Path) -> dict[str, str]:
    """Give what ``ogrinfo`` tells of each layer, by its name."""
    told = gdal("ogrinfo", "-ro", "-al", source, "--config", "OGR_XLSX_HEADERS", "FORCE")
    assert "Warning" not in told
    parts = re.split(r"^Layer name: (.+)$", told, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def assert_told(told: str, layer: Layer, field: str, marks: str = "") -> None:
    """Assert that a layer has all its features, by number and by name."""
    assert f"Feature Count: {len(layer.features)}\n" in told
    names = re.findall(rf"^  {field} \(String\) = (.*)$", told, re.MULTILINE)
    wanted = [str(feature.properties["name"]) for feature in layer.features]
    assert sorted(names) == sorted(f"{marks}{name}" if name == FORMULA else name for name in wanted)


@pytest.mark.parametrize("form", SOURCES)
def test_ogrinfo_counts_and_names_the_features_of_every_layer(
    form: str, gdal: Gdal, tmp_path: Path
) -> None:
    told = read(gdal, write(form, tmp_path / SOURCES[form]))
    marks = "'" if form == "csv" else ""  # so that no office program runs a name as a formula
    for layer in delivery().layers:
        name = layer.recipe.title.zh if form in TITLED else table_name(layer)
        assert_told(told[name], layer, NAME.get(form, "name"), marks)


@pytest.mark.parametrize("form", ["geojson", "fgb"])
def test_ogrinfo_reads_a_file_of_one_layer(form: str, gdal: Gdal, tmp_path: Path) -> None:
    folder = write(form, tmp_path / "folder")
    for layer in delivery().layers:
        name = layer.id if form == "geojson" else table_name(layer)
        (told,) = read(gdal, folder / f"{name}.{form}").values()
        assert_told(told, layer, "name")


def test_ogrinfo_reads_the_lines_and_names_of_a_drawing(gdal: Gdal, tmp_path: Path) -> None:
    data, shapes = delivery(), lonlat_shapes(delivery())
    told = read(gdal, write("dxf", tmp_path / "x.dxf"))["entities"]
    drawn: Counter[str] = Counter()
    names = []
    for layer in data.layers:
        on = layer_names(layer.recipe.kind)
        for feature in layer.located:
            for part in shapely.get_parts(shapes[feature.id]):
                rings = 1 + shapely.get_num_interior_rings(part)  # no ring is 0: one line
                drawn[on["line"]] += int(rings)
            drawn[on["text"]] += 1
            names.append(str(feature.properties["name"]))
    assert Counter(re.findall(r"^  Layer \(String\) = (.+)$", told, re.MULTILINE)) == drawn
    texts = re.findall(r"^  Text \(String\) = (.+)$", told, re.MULTILINE)
    assert sorted(texts) == sorted(names)
    assert drawn["SETTLEMENT_CLUSTER"] == 4  # an area with a hole, an island in it, another area
