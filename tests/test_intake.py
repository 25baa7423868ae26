"""Files as users bring them: what is read. What is refused stands in test_intake_refusals.py."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from taixin.intake.gcj02 import from_gcj02, to_gcj02
from tests.site_files import (
    PARCEL,
    RING,
    frame,
    geojson,
    packed,
    polygon,
    read,
    shapefile,
    shapes,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_a_point_with_a_radius_becomes_a_circle_of_that_area() -> None:
    (circle,) = shapes("112.7,38.2,500")
    east, north = 87_600.0, 111_000.0
    assert circle.area * east * north == pytest.approx(np.pi * 500**2, rel=0.003)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:4490", "EPSG:4546", "EPSG:4547", "EPSG:4525",
                                 "EPSG:4526", "EPSG:4508", "EPSG:4497", "EPSG:3857"])  # fmt: skip
@pytest.mark.parametrize("suffix", ["gpkg", "shp"])
def test_any_stated_system_lands_in_the_same_place(tmp_path: Path, crs: str, suffix: str) -> None:
    path = tmp_path / f"site.{suffix}"
    pyogrio.write_dataframe(frame(crs), path)
    (shape,) = shapes(path)
    assert shapely.hausdorff_distance(shape, PARCEL) < 1e-7


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4546", "EPSG:4547", "EPSG:4525", "EPSG:4526",
                                 "EPSG:4508", "EPSG:4497", "EPSG:3857"])  # fmt: skip
def test_a_declared_system_is_taken_where_the_file_says_none(tmp_path: Path, crs: str) -> None:
    path = tmp_path / "site.dxf"
    moved = frame(crs)
    lines = geopandas.GeoDataFrame(geometry=moved.geometry.exterior)
    pyogrio.write_dataframe(lines, path)
    (chunk, last) = read(path, crs=crs)
    assert shapely.hausdorff_distance(chunk.geometries[0], PARCEL) < 1e-7
    assert last.notes == ("1 closed lines were taken as areas.",)


@pytest.mark.parametrize("suffix", ["kml", "gpx", "geojson"])
def test_formats_of_lon_lat_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"site.{suffix}"
    lines = geopandas.GeoDataFrame({"name": ["线路"]}, geometry=[PARCEL.exterior], crs="EPSG:4326")
    options = {"layer": "tracks", "geometry_type": "MultiLineString"} if suffix == "gpx" else {}
    if suffix == "gpx":
        lines.geometry = [shapely.MultiLineString([PARCEL.exterior])]
    driver = "LIBKML" if suffix == "kml" else None
    pyogrio.write_dataframe(lines, path, driver=driver, **options)
    (chunk, *_) = read(path)
    assert chunk.labels == ("线路",)
    assert shapely.hausdorff_distance(chunk.geometries[0], PARCEL.exterior) < 1e-6


def test_a_kmz_is_unpacked(tmp_path: Path) -> None:
    pyogrio.write_dataframe(frame(), tmp_path / "doc.kml", driver="LIBKML")
    with zipfile.ZipFile(tmp_path / "site.kmz", "w") as archive:
        archive.write(tmp_path / "doc.kml", "doc.kml")
    assert shapely.hausdorff_distance(shapes(tmp_path / "site.kmz")[0], PARCEL) < 1e-9


@pytest.mark.parametrize("inside", ["", "资料/地块/"])
def test_a_zipped_shapefile_is_read_also_from_a_folder_inside(tmp_path: Path, inside: str) -> None:
    archive = packed(shapefile(tmp_path / "parts"), tmp_path / "site.zip", inside)
    assert len(shapes(archive)) == 1
    assert len(shapes(tmp_path / "parts")) == 1


@pytest.mark.parametrize("keeps_cpg", [True, False])
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_chinese_attributes_survive(tmp_path: Path, encoding: str, *, keeps_cpg: bool) -> None:
    folder = shapefile(tmp_path / "parts", encoding=encoding, name=["东黄水镇产业园"])
    if not keeps_cpg:
        (folder / "地块.cpg").unlink()
        dbf = (folder / "地块.dbf").read_bytes()
        (folder / "地块.dbf").write_bytes(dbf[:29] + b"\0" + dbf[30:])  # and no language mark
    assert read(folder)[0].labels == ("东黄水镇产业园",)


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("名称,经度,纬度\n甲,112.71,38.11\n", None),
        ("name;lon;lat\nA;112.71;38.11\n", None),
        ('name,wkt\nA,"POINT (112.71 38.11)"\n', None),
        ("name\teasting\tnorthing\nA\t386863.28\t4220493.87\n", "EPSG:4547"),
    ],
)
def test_tables_with_coordinate_columns_are_read(
    tmp_path: Path, text: str, crs: str | None
) -> None:
    path = tmp_path / "site.csv"
    path.write_bytes(text.encode("gb18030"))
    (point,) = shapes(path, crs=crs)
    assert point.distance(shapely.Point(112.71, 38.11)) < 1e-3


def test_height_is_left_out_and_empty_features_are_counted(tmp_path: Path) -> None:
    high = {"type": "Point", "coordinates": [112.7, 38.1, 900, 1]}
    empty = {"type": "Point", "coordinates": []}
    path = geojson(tmp_path / "site.geojson", high, None, empty)
    first, last = read(path)
    assert not shapely.has_z(first.geometries).any()
    assert last.notes == ("Without geometry and left out: feature 2, 3.",)


def test_gcj02_is_taken_back_exactly_where_declared(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    points = generator.uniform((110, 34), (115, 41), (2000, 2))
    assert np.abs(from_gcj02(to_gcj02(points)) - points).max() < 1e-10
    # eviltransform's own test values
    there = to_gcj02(np.array([[121.5272106, 31.1774276]]))
    assert there == pytest.approx(np.array([[121.531541859215, 31.17530398364597]]), abs=1e-9)
    shifted = to_gcj02(shapely.get_coordinates(PARCEL))
    path = geojson(tmp_path / "site.geojson", polygon(shifted.tolist()))
    (shape,) = shapes(path, crs="gcj02")
    assert shapely.hausdorff_distance(shape, PARCEL) < 1e-9


def test_invalid_areas_are_repaired_when_asked(tmp_path: Path) -> None:
    bowtie = [RING[0], RING[2], RING[1], RING[3], RING[0]]
    path = geojson(tmp_path / "site.geojson", polygon(bowtie), polygon(RING[:4]))
    first, last = read(path, repair=True)
    assert shapely.is_valid(first.geometries).all()
    assert "Feature 1 was repaired (Self-intersection" in last.notes[0]


def test_more_than_a_chunk_is_read_in_chunks(tmp_path: Path) -> None:
    rows = "\n".join(f"{112 + i * 1e-6:.6f},38" for i in range(12_000))
    path = tmp_path / "site.csv"
    path.write_text(f"lon,lat\n{rows}\n", encoding="utf-8")
    assert [len(chunk.numbers) for chunk in read(path)] == [5000, 5000, 2000, 0]
