"""The delivery kit: complete, explained, with right digests, the same bytes each time."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from typing import TYPE_CHECKING

import pytest

from taixin import cli
from taixin.exports.kit import SUMS, write_kit
from tests import samples
from tests.exporting import delivery, small_world

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Gdal

FILES = (
    *("README.md", "SHA256SUMS", "VERSION", "atlas-base.gpkg", "atlas.gpkg", "atlas.kmz"),
    *("atlas.parquet", "atlas.qgz", "atlas.xlsx", "csv.zip", "dictionary.csv"),
    *("dxf/lake-2030.dxf", "dxf/lake-2030.prj", "fgb.zip", "gdb/lake-2030.gdb.zip"),
    "geojson.zip",
    *("shp-gbk.zip", "shp-utf8.zip"),
)


@pytest.fixture(scope="module")
def kits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write the kit of the small world twice."""
    library, facts, layers = small_world()
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    for folder in (first, second):
        write_kit(layers, library, facts, folder)
    return first, second


def listed(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_kit_holds_every_format(kits: tuple[Path, Path]) -> None:
    assert tuple(listed(kits[0])) == FILES


def test_two_kits_are_the_same_to_the_byte(kits: tuple[Path, Path]) -> None:
    first, second = map(listed, kits)
    assert [name for name in first if first[name] != second[name]] == []


def test_identifiers_within_a_geodatabase_are_unique(kits: tuple[Path, Path], gdal: Gdal) -> None:
    path = kits[0] / "gdb/lake-2030.gdb.zip"
    told = gdal("ogrinfo", "-ro", "-oo", "LIST_ALL_TABLES=YES", "-al", path, "GDB_Items")
    identifiers = re.findall(r"UUID \(String\) = (\{\S+\})", told)
    assert len(identifiers) == len(set(identifiers)) > len(delivery().layers)


def test_digests_are_those_of_the_files(kits: tuple[Path, Path]) -> None:
    files = listed(kits[0])
    lines = files.pop(SUMS).decode().splitlines()
    told = {line[66:]: line[:64] for line in lines}
    assert told == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def test_the_readme_explains_every_file_source_licence_and_loss(kits: tuple[Path, Path]) -> None:
    text = (kits[0] / "README.md").read_text(encoding="utf-8")
    for name in {name.split("/")[0] for name in FILES} - {"README.md"}:
        assert f"`{name}" in text, name
    for word in (
        "内部工作图，未经审核",
        "not reviewed",
        "坐标次序",
        "Axis order",
        "不保留",
        "YSDM",
    ):
        assert word in text
    for source in ("地形测量", "CC-BY-4.0", "Public domain", "Office of names"):
        assert source in text
    assert f"`{delivery().version}`" in text
    assert "SETTLEMENT_CLUSTER" in text
    assert "\n\n\n\n" not in text


def test_the_version_changes_with_the_data_only(kits: tuple[Path, Path]) -> None:
    assert (kits[0] / "VERSION").read_text() == f"{delivery().version}\n"
    assert delivery(only="axes").version != delivery().version == delivery("EPSG:4547").version
    assert delivery().date == "2020-06-01"


def test_the_dictionary_is_a_table_with_short_names(kits: tuple[Path, Path]) -> None:
    text = (kits[0] / "dictionary.csv").read_text(encoding="utf-8-sig")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(text))}
    assert rows["status_document"]["short_name"] == "status_doc"
    assert rows["accuracy_m"]["zh"] == "位置误差"


def test_ogrinfo_reads_the_archives_as_they_are(kits: tuple[Path, Path], gdal: Gdal) -> None:
    for name in ("shp-utf8.zip", "shp-gbk.zip", "fgb.zip", "gdb/lake-2030.gdb.zip"):
        prefix = "/vsizip/" if name != "gdb/lake-2030.gdb.zip" else ""
        told = gdal("ogrinfo", "-ro", "-al", f"{prefix}{kits[0] / name}")
        assert "name (String) = 西区" in told, name


def test_build_writes_the_kit_unless_told_not_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    geo, plans = samples.write_geo(tmp_path / "geo"), samples.write_plans(tmp_path / "plans")
    arguments = ["taixin", "build", "--geo", str(geo), "--plans", str(plans), "--out"]
    monkeypatch.setattr("sys.argv", [*arguments, str(tmp_path / "with")])
    cli.main()
    assert "18 files for QGIS, ArcGIS, CAD and office" in capsys.readouterr().out
    assert (tmp_path / "with/delivery/atlas.qgz").is_file()
    monkeypatch.setattr("sys.argv", [*arguments, str(tmp_path / "without"), "--no-delivery"])
    cli.main()
    assert not (tmp_path / "without/delivery").exists()
