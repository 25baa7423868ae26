"""Files as users bring them: what is refused, with one sentence and exit code 2."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from taixin.intake import claims
from taixin.intake.sites import Limits
from tests.site_files import (
    RING,
    feature,
    frame,
    geojson,
    packed,
    polygon,
    read,
    refusal,
    shapefile,
    shapes,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOT_FINITE = '{"type":"Point","coordinates":[NaN,38]}'
INFINITE = '{"type":"Point","coordinates":[1e999,38]}'
DEEP = '{"type":"Point","coordinates":' + "[" * 100_000 + "]" * 100_000 + "}"
LONG_NUMBER = '{"type":"Point","coordinates":[' + "9" * 5000 + ",38]}"
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "haha">'
    + "".join(f'<!ENTITY a{i} "{"&a;" * 10 if i == 0 else f"&a{i - 1};" * 10}">' for i in range(9))
    + "]><kml><Document><Placemark><name>&a8;</name></Placemark></Document></kml>"
)
XIAN80 = (
    '{"type":"Point","coordinates":[112,38],"crs":{"type":"name",'
    '"properties":{"name":"EPSG:4610"}}}'
)
TEXTS = {
    "not-json.geojson": ("{", "not JSON"),
    "not-finite.geojson": (NOT_FINITE, "'NaN' is no number"),
    "infinite.geojson": (INFINITE, "not finite"),
    "out-of-range.geojson": ('{"type":"Point","coordinates":[1e308,38]}', "are no degrees"),
    "strings.geojson": ('{"type":"Point","coordinates":["112","38"]}', "lists of two or three"),
    "null.geojson": ('{"type":"Point","coordinates":[null,38]}', "lists of two or three"),
    "nested.geojson": ('{"type":"LineString","coordinates":[[[112,38]]]}', "lists of two"),
    "deep.geojson": (DEEP, "nested too deeply"),
    "long-number.geojson": (LONG_NUMBER, "too long"),
    "other.geojson": ('{"type":"Topology"}', "not FeatureCollection"),
    "array.geojson": ("[1, 2]", "not that of a geojson"),
    "vrt.geojson": (VRT, "not that of a geojson"),
    "vrt.kml": (VRT, "vrt.kml"),
    "hidden-vrt.kml": (f"<kml><!-- {VRT} --></kml>", "hidden-vrt.kml"),
    "laughs.kml": (LAUGHS, "laughs.kml"),
    "swapped.geojson": ('{"type":"Point","coordinates":[38.1,112.7]}', "write longitude first"),
    "metres.geojson": ('{"type":"Point","coordinates":[387006,4220087]}', "EPSG:4547"),
    "prefixed.geojson": ('{"type":"Point","coordinates":[38387006,4220087]}', "EPSG:4526"),
    "america.geojson": ('{"type":"Point","coordinates":[-100,38]}', "outside China"),
    "linked-crs.geojson": (
        '{"type":"Point","coordinates":[112,38],"crs":{"type":"link","properties":{"href":"x"}}}',
        "names no coordinate reference system",
    ),
    "unknown-crs.geojson": (
        '{"type":"Point","coordinates":[112,38],"crs":{"type":"name","properties":{"name":"x"}}}',
        "unknown",
    ),
    "xian80.geojson": (XIAN80, "Xi'an 1980"),
    "no-features.geojson": ('{"type":"FeatureCollection","features":[]}', "no feature"),
    "empty.geojson": ("", "empty"),
    "no-columns.csv": ("a,b\n1,2\n", "no coordinate columns"),
    "no-number.csv": ("lon,lat\n112,x\n", "are no coordinates"),
    "nan.csv": ("lon,lat\nnan,38\n", "out of range"),
    "northing-first.csv": ("x,y\n4220087,387006\n", "northing seems to stand before easting"),
    "site.docx": ("hello", "no kind of file"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_bad_text_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    text, reason = TEXTS[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    sentence = refusal(path)
    assert reason in sentence
    assert sentence.startswith(name)
    assert "Traceback" not in sentence


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        (polygon(RING[:4]), "a ring is not closed"),
        (polygon([RING[0], RING[0]]), "fewer than four"),
        (polygon([RING[0], RING[2], RING[1], RING[3], RING[0]]), "Self-intersection"),
        (polygon(RING, [[113, 39], [113.1, 39], [113.1, 39.1], [113, 39]]), "Hole lies outside"),
        ({"type": "MultiPolygon", "coordinates": [[RING], [RING]]}, "not valid"),
        ({"type": "LineString", "coordinates": [[112, 38], [112, 38]]}, "not valid"),
        ({"type": "Circle", "coordinates": [112, 38]}, "geometry type"),
        ({"type": "Polygon"}, "no list"),
        (
            {"type": "GeometryCollection", "geometries": [
                {"type": "Point", "coordinates": [112, 38]}, polygon(RING)]},
            "mixes points, lines and areas",
        ),
    ],
)  # fmt: skip
def test_a_bad_geometry_is_named_with_its_feature(
    tmp_path: Path, geometry: object, reason: str
) -> None:
    path = geojson(tmp_path / "site.geojson", polygon(RING), geometry)
    sentence = refusal(path)
    assert "site.geojson: feature 2: " in sentence
    assert reason in sentence


def zip_with(path: Path, name: str, data: bytes = b"x", *, link: bool = False) -> Path:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    if link:
        entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, data)
    return path


def without(part: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        parts = shapefile(folder / "parts")
        (parts / f"地块{part}").unlink()
        return packed(parts, folder / "site.zip")

    return make


def cut(part: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        parts = shapefile(folder / "parts")
        data = (parts / f"地块{part}").read_bytes()
        (parts / f"地块{part}").write_bytes(data[:-8])
        return parts

    return make


def endless_view(folder: Path) -> Path:
    path = folder / "site.gpkg"
    pyogrio.write_dataframe(frame(), path, layer="real")
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM gpkg_contents")
        connection.execute(
            "CREATE VIEW trap AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS fid, NULL AS geom FROM n"
        )
        connection.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, srs_id) "
            "VALUES ('trap', 'features', 4326)"
        )
        connection.execute("DELETE FROM gpkg_geometry_columns")
        connection.execute("INSERT INTO gpkg_geometry_columns VALUES "
                           "('trap', 'geom', 'POLYGON', 4326, 0, 0)")  # fmt: skip
    return path


def two_layers(folder: Path) -> Path:
    path = folder / "site.gpkg"
    pyogrio.write_dataframe(frame(), path, layer="一")
    pyogrio.write_dataframe(frame(), path, layer="二")
    return path


def wide(folder: Path) -> Path:
    path = folder / "site.geojson"
    properties = {f"k{i}": i for i in range(600)}
    path.write_text(json.dumps(feature(polygon(RING), **properties)), encoding="utf-8")
    return path


def old_datum(folder: Path) -> Path:
    pyogrio.write_dataframe(frame(), folder / "site.shp")
    (folder / "site.prj").write_text(
        'GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954",SPHEROID["Krasovsky_1940",6378245.0,'
        '298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]',
        encoding="ascii",
    )
    return folder / "site.shp"


def no_statement(folder: Path) -> Path:
    pyogrio.write_dataframe(frame("EPSG:4547"), folder / "site.shp")
    (folder / "site.prj").unlink()
    return folder / "site.shp"


def garbage(folder: Path) -> Path:
    path = folder / "site.shp"
    pyogrio.write_dataframe(frame(), path)
    data = path.read_bytes()
    path.write_bytes(data[:108] + struct.pack("<i", 77) + os.urandom(len(data) - 112))
    return path


MADE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "nothing there": (lambda folder: folder / "none.geojson", "there is no such file"),
    "an empty folder": (lambda folder: folder, "no Shapefile is inside"),
    "an archive that climbs out": (
        lambda folder: zip_with(folder / "site.zip", "../x.shp"), "points outside itself"),
    "an archive with an absolute name": (
        lambda folder: zip_with(folder / "site.zip", "/etc/x.shp"), "points outside itself"),
    "an archive with a link": (
        lambda folder: zip_with(folder / "site.zip", "x.shp", link=True), "holds a link"),
    "an archive that swells": (
        lambda folder: zip_with(folder / "site.zip", "x.geojson", b"0" * 50_000_000),
        "unpacks to too much"),
    "an archive in an archive": (
        lambda folder: zip_with(folder / "site.zip", "x.zip"), "another archive is inside"),
    "a KMZ that climbs out": (
        lambda folder: zip_with(folder / "site.kmz", "../doc.kml"), "points outside itself"),
    "no archive at all": (lambda folder: _bytes(folder / "site.zip", b"PK??"), "damaged"),
    "a Shapefile without its index": (without(".shx"), "lacks its .shx"),
    "a Shapefile without its table": (without(".dbf"), "lacks its .dbf"),
    "a Shapefile with its table cut off": (cut(".dbf"), "is cut off"),
    "a Shapefile cut off": (cut(".shp"), "is cut off"),
    "a Shapefile of garbage": (garbage, "site.shp"),
    "a Shapefile on an old datum": (old_datum, "Beijing 1954"),
    "metres that nobody explains": (no_statement, "EPSG:4547"),
    "a GeoPackage with an endless view": (endless_view, "no layer with geometry"),
    "a GeoPackage with two layers": (two_layers, "choose one with --layer"),
    "a GeoPackage that is none": (
        lambda folder: _bytes(folder / "site.gpkg", b"SQLite format 3\0" + b"x" * 200),
        "site.gpkg"),
    "too many attributes": (wide, "more than 500 attributes"),
    "a drawing of nothing": (lambda folder: _bytes(folder / "site.dxf", b"0\nEOF\n"), "site.dxf"),
}  # fmt: skip


def _bytes(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("case", MADE)
def test_a_bad_file_is_refused_with_its_reason(tmp_path: Path, case: str) -> None:
    make, reason = MADE[case]
    path = make(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert reason in refusal(path)
    assert sorted(tmp_path.rglob("*")) == before


def test_limits_are_sentences_and_can_be_raised(tmp_path: Path) -> None:
    path = geojson(tmp_path / "site.geojson", *[polygon(RING)] * 30)
    tight = Limits(features=10)
    assert "more than 10 features" in refusal(path, limits=tight)
    assert len(shapes(path, limits=tight.times(10))) == 30
    assert "more than 3 vertices" in refusal(path, limits=Limits(vertices=3))
    assert "larger than 0 MB" in refusal(path, limits=Limits(megabytes=0))


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    star = generator.uniform((112.0, 38.0), (112.1, 38.1), (2000, 2)).round(6).tolist()
    path = geojson(tmp_path / "site.geojson", polygon([*star, star[0]]))
    assert "not valid (Self-intersection" in refusal(path)
    assert "took more than 1 s" in refusal(path, repair=True, limits=Limits(seconds=1))


@pytest.mark.parametrize(
    ("site", "crs", "reason"),
    [
        ("38.2,112.7", None, "write longitude first: 112.70000,38.20000"),
        ("387006,4220087", None, "give --crs EPSG:4547"),
        ("112.7,38.2,0", None, "radius"),
        ("112.7,38.2", "EPSG:2436", "Beijing 1954"),
        ("112.7,38.2", "EPSG:4610", "Xi'an 1980"),
        ("112.7,38.2", "bd09", "BD-09 is not read"),
        ("112.7,38.2", "EPSG:999999", "unknown"),
        ("112.7,38.2", "+init=epsg:4326 +nadgrids=/etc/passwd", "no such coordinate"),
        ("387006,4220087", "EPSG:4526", "the numbers fit EPSG:4547"),
        ("https://example.org/site.geojson", None, "an address"),
        ("/vsicurl/https://example.org/site.geojson", None, "no such file"),
        ('{"type":"Point","coordinates":[112,38]}', None, "no such file"),
    ],
)
def test_a_bad_text_on_the_command_line_is_refused(site: str, crs: str | None, reason: str) -> None:
    assert reason in refusal(site, crs=crs)


def test_a_wrong_zone_is_doubted() -> None:
    (chunk,) = read("387006,4220087", crs="EPSG:4546")
    assert "in EPSG:4547 it would not" in chunk.notes[0]


def test_a_statement_and_a_declaration_may_not_contradict(tmp_path: Path) -> None:
    pyogrio.write_dataframe(frame("EPSG:4547"), tmp_path / "site.gpkg")
    sentence = refusal(tmp_path / "site.gpkg", crs="EPSG:4546")
    assert "the file says EPSG:4547, --crs says EPSG:4546" in sentence


@pytest.mark.parametrize("zone", ["EPSG:4546", "EPSG:4547", "EPSG:4525", "EPSG:4526", "EPSG:4497"])
def test_the_likely_zone_is_named(zone: str) -> None:
    point = {"4546": 111.3, "4525": 111.3, "4497": 112.2}.get(zone[-4:], 113.4)
    site = geopandas.GeoSeries([shapely.Point(point, 38.0)], crs="EPSG:4326").to_crs(zone)
    sentence = refusal(f"{site.x[0]:.1f},{site.y[0]:.1f}")
    assert zone in sentence or (zone == "EPSG:4497" and "EPSG:4525" in sentence)


@pytest.mark.parametrize("option", [["--json"], ["--html", "out.html"], ["--out", "out.csv"]])
def test_the_command_says_one_sentence_and_writes_nothing(
    tmp_path: Path, repo: Path, option: list[str]
) -> None:
    path = geojson(tmp_path / "site.geojson", polygon(RING[:4]))
    result = subprocess.run(
        [sys.executable, "-m", "taixin.cli", "check", path.name, *option],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(repo / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    expected = "site.geojson: feature 1: a ring is not closed.\n"
    assert (result.returncode, result.stdout, result.stderr) == (2, "", expected)
    assert [entry.name for entry in tmp_path.iterdir()] == ["site.geojson"]


def test_claims_know_their_own_examples() -> None:
    assert claims.declared(" cgcs2000 ").label == "EPSG:4490"
