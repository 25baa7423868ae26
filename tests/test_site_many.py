"""The site check: many sites and tables, hosts, access rules, the contract."""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely

from taixin import cli, plane
from taixin.intake.sites import Request, read_sites
from taixin.site import Job, check_site, write_table
from taixin.site.answers import Checker
from taixin.site.areas import project_sites
from taixin.site.nearest import Outlines
from taixin.site.screening import screen
from tests import samples
from tests.ground import PLANS, WITHIN_M, answered, circle, moved, own_checker
from tests.site_files import PARCEL, RING, feature, frame, packed, polygon, shapefile

if TYPE_CHECKING:
    from pathlib import Path


BAD = {
    "no JSON": ("site.geojson", b"{", "not JSON"),
    "an open ring": (
        "site.geojson",
        json.dumps(feature(polygon(RING[:4]))).encode(),
        "a ring is not closed",
    ),
    "swapped": ("site.csv", b"lon,lat\n38.1,112.7\n", "longitude first"),
    "metres": ("site.csv", b"x,y\n387006,4220087\n", "EPSG:4547"),
    "outside": ("site.csv", b"lon,lat\n2.3,48.9\n", "outside China"),
    "a broken archive": ("site.zip", b"PK??", "damaged"),
    "no drawing": ("site.dxf", b"0\nEOF\n", ""),
    "empty": ("site.kml", b"", "empty"),
}


@pytest.fixture(scope="module")
def checker() -> Checker:
    return own_checker()


def parcels(count: int) -> np.ndarray:
    generator = np.random.default_rng(11)
    centres = generator.uniform((111.9, 37.6), (114.1, 39.5), (count, 2))
    sizes = generator.uniform(0.0005, 0.006, (count, 2))
    return np.asarray(shapely.box(*(centres - sizes).T, *(centres + sizes).T))


@pytest.mark.parametrize("within_m", [0.0, 3000.0])
def test_many_sites_are_answered_as_each_alone(checker: Checker, within_m: float) -> None:
    shapes = parcels(2500)
    many = screen(project_sites(shapes), checker.screen, within_m)
    for start in range(0, len(shapes), 500):  # few enough for the plain way
        part = screen(project_sites(shapes[start : start + 500]), checker.screen, within_m)
        rows = (many.sites >= start) & (many.sites < start + 500)
        assert (many.sites[rows] - start == part.sites).all()
        assert (many.targets[rows] == part.targets).all()
        assert (many.certain[rows] == part.certain).all()
        assert (many.within_band[rows] == part.within_band).all()
        assert many.inside[rows] == pytest.approx(part.inside, rel=1e-9, abs=1e-6)
        assert many.distances_m[rows] == pytest.approx(part.distances_m, abs=1e-6)


def test_the_nearest_run_of_a_winding_line_is_found() -> None:
    generator = np.random.default_rng(3)
    walks = generator.normal(0, 400, (12, 90, 2)).cumsum(axis=1)
    walks += generator.uniform(-2e4, 2e4, (12, 1, 2))
    lines = np.asarray(shapely.linestrings(walks))
    points = np.asarray(shapely.multipoints(walks[:4, ::9]))
    bodies = shapely.buffer(lines[:4], 700)
    targets = np.concatenate([lines, bodies, points, lines[:2]])  # two are there twice
    corners = generator.uniform(-3e4, 3e4, (300, 2))
    sites = np.concatenate([shapely.box(*corners.T, *(corners + 300).T), shapely.points(corners)])
    site_of, target_of = np.divmod(np.arange(len(sites) * len(targets)), len(targets))
    apart = ~shapely.intersects(sites[site_of], targets[target_of])
    site_of, target_of = site_of[apart], target_of[apart]
    told_m = Outlines.of(targets).distances_m(target_of, sites, site_of)
    plain_m = shapely.distance(targets[target_of], sites[site_of])  # true to 0.1 % here
    nearest = shapely.shortest_line(targets[target_of], sites[site_of])
    lonlat = plane.unproject(shapely.get_coordinates(nearest))
    true_m = plane.distances_m(lonlat[::2], lonlat[1::2])
    assert len(told_m) > 9000
    assert told_m == pytest.approx(true_m, abs=1e-3)
    assert told_m == pytest.approx(plain_m, rel=2e-3)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "sites.gpkg"
    shapes = [*parcels(300), circle(116.4, 39.9, 1000)]
    names = ["=HYPERLINK(1)", *(f"地块 {number}" for number in range(2, 302))]
    geopandas.GeoDataFrame({"name": names}, geometry=shapes, crs="EPSG:4326").to_file(path)
    return path


@pytest.mark.parametrize("suffix", [".csv", ".gpkg", ".parquet"])
def test_a_table_has_a_row_a_site_and_feature(many: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"table{suffix}"
    count, rows = write_table(Job(many, only=PLANS, within_km=0), out)
    assert count == 301
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    if suffix == ".csv":
        text = out.read_text(encoding="utf-8")
        assert text.startswith("\ufeff")
        found = list(csv.DictReader(text[1:].splitlines()))
        assert found[0]["site_name"] == "'=HYPERLINK(1)"
        table = [(row["site"], row["feature"], row["answer"], row["area_km2"]) for row in found]
    else:
        frame = geopandas.read_file(out) if suffix == ".gpkg" else geopandas.read_parquet(out)
        assert frame.crs is not None
        assert frame.crs.to_2d().equals("EPSG:4326", ignore_axis_order=True)
        assert frame["site_name"][0] == "=HYPERLINK(1)"
        columns = ("site", "feature", "answer", "area_km2")
        table = list(zip(*(frame[name] for name in columns), strict=True))
    assert len(table) == rows
    told = {(int(site), feature or "", answer): area for site, feature, answer, area in table}
    document = check_site(many, only=PLANS, within_km=0)
    wanted = {
        (record["site"]["number"], item["id"], item["answer"]): item["area_km2"]
        for record in document["sites"]  # type: ignore[attr-defined]
        for plan in record["plans"]
        for item in plan["affected"]
    }
    lonely = {key for key in told if key[2] == "no"}
    assert (301, "", "no") in {(site, str(name).replace("nan", "").replace("None", ""), answer)
                               for site, name, answer in lonely}  # fmt: skip
    assert set(wanted) == set(told) - lonely
    for key, area_km2 in wanted.items():
        assert float(told[key]) == pytest.approx(area_km2, abs=1e-7)


def test_totals_count_answers(many: Path) -> None:
    document = check_site(many, only=["taixin-2035"])
    totals: Any = document["totals"]
    answers: dict[str, int] = {}
    for record in document["sites"]:  # type: ignore[attr-defined]
        for item in record["plans"][0]["affected"]:
            answers[item["id"]] = answers.get(item["id"], 0) + 1
    assert {item["id"]: item["yes"] + item["possibly"] for item in totals["affected"]} == answers
    assert json.loads(json.dumps(document, allow_nan=False)) == document


# ---- hosts and access rules ----------------------------------------------------------------------


def small_checker(folder: Path, old: str = "", new: str = "") -> Checker:
    geo, plans = samples.write_geo(folder / "geo"), samples.write_plans(folder / "plans")
    if old:
        samples.edit(plans / "lake-2030" / "nature.toml", old, new)
    library, facts, layers = samples.build_small(geo, plans)
    return Checker.of(layers, library, facts)


@pytest.mark.parametrize(
    ("host", "counties"),
    [("西县", "W"), ("湖市", "WE"), ("两湖地区", "WE"), ("两湖规划", "WE"),
     ("西区", "W"), ("湖滨园区", "E"), ("东城", "E"), ("湖路轴", "WE")],
)  # fmt: skip
def test_a_host_stands_for_its_counties(tmp_path: Path, host: str, counties: str) -> None:
    old = 'rule = { unlocated = true }\n  host = "西县"'
    checker = small_checker(tmp_path, old, f'rule = {{ unlocated = true }}\n  host = "{host}"')
    for letter, lon in (("W", 112.25), ("E", 112.75)):
        record = answered(circle(lon, 38.2, 500), checker)
        listed = [item["id"] for item in record["plans"][0]["no_data"]]
        assert ("lake-2030/parks/forest" in listed) == (letter in counties)


RULE = """
[[access_rule]]
block = "lakeside"
document = "lake-text"
section = "准入"
role = { zh = "定位", en = "Role" }
existing = [{ zh = "渔业", en = "Fishing" }]
leading = [{ zh = "旅游", en = "Tourism" }]
entry_conditions = [{ zh = "清洁", en = "Clean" }]
negative_list = [{ zh = "化工", en = "Chemicals" }, { zh = "水泥", en = "Cement" }]

[[layer]]
id = "barriers\""""


@pytest.mark.parametrize(
    ("radius_m", "east_m", "applies"),
    [(200, 0, "possibly"), (200, 5500, "possibly"), (200, 6500, None), (9000, 0, "yes")],
)
def test_access_rules_apply_by_the_accuracy_of_their_block(
    tmp_path: Path, radius_m: float, east_m: float, applies: str | None
) -> None:
    checker = small_checker(tmp_path, '\n[[layer]]\nid = "barriers"', RULE)
    rules = answered(circle(*moved(112.6, 38.1, 90, east_m), radius_m), checker)["access_rules"]
    assert [rule["applies"] for rule in rules] == ([applies] if applies else [])
    if rules:
        assert rules[0]["block"] == "湖滨园"
        assert rules[0]["requirements"] == ["清洁"]
        assert rules[0]["negative_list"] == ["化工", "水泥"]
        assert rules[0]["section"] == "准入"


# ---- every way in and out ------------------------------------------------------------------------


def written(folder: Path, way: str) -> Path:
    """Write one parcel in one of the ways that users bring it."""
    parcel, path = frame(), folder / f"site.{way.rpartition(' ')[2]}"
    if way.startswith("Shapefile"):
        parts = shapefile(folder / "parts", encoding="GBK" if "GBK" in way else "UTF-8")
        return packed(parts, path) if way.endswith("zip") else parts
    if way == "kmz":
        pyogrio.write_dataframe(parcel, folder / "doc.kml", driver="LIBKML")
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(folder / "doc.kml", "doc.kml")
        return path
    if way == "csv":
        path.write_text(f'name,wkt\n地块一,"{PARCEL.wkt}"\n', encoding="utf-8")
        return path
    if way == "dxf":
        parcel = geopandas.GeoDataFrame(geometry=parcel.to_crs("EPSG:4547").geometry.exterior)
    pyogrio.write_dataframe(parcel, path, driver="LIBKML" if way == "kml" else None)
    return path


WAYS = ("geojson", "kml", "kmz", "gpkg", "csv", "dxf", "Shapefile", "Shapefile GBK",
        "Shapefile zip", "Shapefile GBK zip")  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_parcel_has_the_same_answer_in_every_wrapping(
    tmp_path: Path, checker: Checker, way: str
) -> None:
    chunks = list(
        read_sites(written(tmp_path, way), Request(crs="EPSG:4547" if way == "dxf" else None))
    )
    (told,) = checker.records(checker.check(chunks[0], WITHIN_M), "")
    wanted = answered(PARCEL, checker)
    for key in ("administrative", "access_rules"):
        assert told[key] == wanted[key]
    for own, other in zip(told["plans"], wanted["plans"], strict=True):  # type: ignore[call-overload]
        for group in ("affected", "near"):
            assert [item["id"] for item in own[group]] == [item["id"] for item in other[group]]
        assert [(item["answer"], item["area_km2"]) for item in own["affected"]] == [
            (item["answer"], pytest.approx(item["area_km2"], abs=1e-6))
            for item in other["affected"]
        ]
        assert own["not_affected"] == other["not_affected"]


@pytest.mark.parametrize("option", [["--json"], ["--html", "r.html"], ["--out", "t.csv"],
                                    ["--out", "t.gpkg", "--workers", "2"], []])  # fmt: skip
@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_ends_in_one_sentence_and_nothing_is_written(
    case: str,
    option: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    name, content, reason = BAD[case]
    (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(sys, "argv", ["taixin", "check", name, *option])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    said = capsys.readouterr()
    assert (stopped.value.code, said.out) == (2, "")
    assert re.fullmatch(rf"{re.escape(name)}: .*{reason}.*\.\n", said.err), said.err
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_public_function_returns_the_contract() -> None:
    document = check_site("112.72,38.18,500", only=["taixin-2035"])
    assert set(document) == {"site", "administrative", "plans", "access_rules"}
    site: Any = document["site"]
    assert {"source", "features", "area_km2", "crs", "bbox"} <= set(site)
    plan = document["plans"][0]  # type: ignore[index]
    assert set(plan) == {"plan", "affected", "near", "no_data", "not_affected"}
    keys = {"id", "name", "kind", "answer", "share", "area_km2", "distance_m", "accuracy_m",
            "document", "section"}  # fmt: skip
    assert all(keys <= set(item) for item in plan["affected"])
