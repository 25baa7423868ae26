"""GeoPackage: valid for GDAL, indexed where that helps, styled and described for QGIS."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from taixin.exports import geopackage
from tests.exporting import small_world, write
from tests.readers import read_with_qgis

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Gdal, QgisPython


@pytest.mark.parametrize("has_index", [False, True])
def test_a_geopackage_is_valid_and_keeps_its_index_while_somebody_edits(
    qgis_python: QgisPython, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_index: bool
) -> None:
    if has_index:
        monkeypatch.setattr(geopackage, "_INDEX_FROM", 0)
    path = write("gpkg", tmp_path / "x.gpkg")
    with closing(sqlite3.connect(path)) as database:
        indexes = database.execute("SELECT name FROM sqlite_master WHERE name GLOB 'rtree_*_geom'")
        assert bool(indexes.fetchall()) == has_index
    script = """
import sys
from osgeo import ogr
from osgeo_utils.samples import validate_gpkg
ogr.UseExceptions()
validate_gpkg.check(sys.argv[1], extra_checks=True, warning_as_error=True)
source = ogr.Open(sys.argv[1], update=1)
layer = source.GetLayerByName("lake_2030_axes")
feature = ogr.Feature(layer.GetLayerDefn())
feature["id"] = "new"
feature.SetGeometry(ogr.CreateGeometryFromWkt("MULTILINESTRING((116 40,116.1 40.1))"))
layer.CreateFeature(feature)
source = layer = feature = None
source = ogr.Open(sys.argv[1])
layer = source.GetLayerByName("lake_2030_axes")
layer.SetSpatialFilterRect(115.9, 39.9, 116.2, 40.2)
print([feature["id"] for feature in layer])
"""
    assert "['new']" in qgis_python(script, path)


def test_a_geopackage_comes_styled_with_headings_and_metadata(
    qgis_python: QgisPython, gdal: Gdal, tmp_path: Path
) -> None:
    path = write("gpkg", tmp_path / "x.gpkg")
    read = read_with_qgis(qgis_python, path)
    kinds = small_world()[0].kinds
    axes = read["lake_2030_axes"]
    assert axes.renderer == "RuleRenderer"
    assert axes.colour == kinds["development_axis"].symbol.casing
    assert axes.has_labels
    assert axes.headings["name"] == "名称"
    assert axes.headings["accuracy_m"] == "位置误差（m）"
    told = gdal("ogrinfo", "-ro", "-so", path, "lake_2030_axes")
    assert "title=一轴" in told
    assert "lineage=sha256:" in told
    assert "attribution=" in told
