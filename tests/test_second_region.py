"""Another province's counties: an atlas of them takes the command and TOML, no line of Python."""

from __future__ import annotations

import json
import shutil
import zipfile
from typing import TYPE_CHECKING

import pyogrio
import pyproj
import pytest
import shapely

from tests.atlas_page import open_atlas, role
from tests.own_things import open_tab
from tests.running import taixin
from tests.samples import REPO, edit
from tests.unpacking import data_blocks

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browsing import OfflinePage

EXAMPLE = REPO / "src" / "taixin" / "examples" / "huangshan"
PLAN = "huangshan-2035"
NOT_REAL = "示例，非真实规划"
GEOD = pyproj.Geod(ellps="GRS80")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the atlas of the other region by the command."""
    out = tmp_path_factory.mktemp("huangshan") / "site"
    ended = taixin("build", "--plans", EXAMPLE, "--out", out)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("1 plans, 7 layers, 11 features (10 located)\n")
    return out


def test_it_builds_a_page_that_says_it_is_no_real_plan(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")

    assert "<title>黄山示例图集（示例，非真实规划）</title>" in page
    for path in sorted(EXAMPLE.glob("layers/*/*.toml")):
        assert NOT_REAL in path.read_text(encoding="utf-8").splitlines()[0]


def test_its_page_holds_nothing_of_shanxi(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    data = data_blocks(page)

    assert len(data) == 4
    assert [word for word in ("太原", "忻州", "山西") if word in str(data)] == []


def test_it_opens_where_it_lies(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    west, south, east, north = data_blocks(page)["taixin-manifest"]["bounds"]
    assert 117 < west < east < 119
    assert 29 < south < north < 31


def test_it_audits() -> None:
    ended = taixin("audit", "--plans", EXAMPLE, "--json")

    found = {item["id"]: item for item in json.loads(ended.out)["findings"]}
    assert ended.code == 0
    assert found[f"{PLAN}/units"]["found"] == 7
    area_km2 = found[f"{PLAN}/area"]["found"]
    assert area_km2 == pytest.approx(9807, rel=0.02)  # as the city's yearbook has it


def test_it_exports_in_the_zone_it_lies_in(tmp_path: Path) -> None:
    out = tmp_path / "huangshan.gpkg"
    # 3-degree zone, central meridian 117° E
    ended = taixin("export", "--plans", EXAMPLE, "--format", "gpkg", "--crs", "EPSG:4548",
                   "--out", out)  # fmt: skip

    assert ended.code == 0
    layers = {str(name) for name, kind in pyogrio.list_layers(out) if kind}
    assert len(layers) == 7
    frame = pyogrio.read_dataframe(out, layer=next(name for name in layers if "scope" in name))
    assert frame.crs.to_epsg() == 4548
    assert frame.area.sum() / 1e6 == pytest.approx(9687, rel=1e-3)


def test_it_checks_a_site(tmp_path: Path) -> None:
    place = tmp_path / "site.geojson"
    spot = shapely.box(118.30, 29.70, 118.31, 29.71)
    place.write_text(shapely.to_geojson(spot), encoding="utf-8")
    ended = taixin("check", place, "--plans", EXAMPLE, "--json")

    told = json.loads(ended.out)
    assert ended.code == 0
    [unit] = told["administrative"]
    assert (unit["adcode"], unit["name"]) == ("341002", "屯溪区")
    area_km2 = abs(GEOD.geometry_area_perimeter(spot)[0]) / 1e6
    assert told["site"]["area_km2"] == pytest.approx(area_km2, rel=1e-5)
    [plan] = told["plans"]
    answers = {item["id"]: item["answer"] for item in plan["affected"]}
    assert answers[f"{PLAN}/scope/city"] == "yes"
    assert answers[f"{PLAN}/corridors/xinan"] == "possibly"


def test_its_distances_are_true_south_of_the_plane_of_shanxi() -> None:
    ended = taixin("check", "118.4,29.60", "--plans", EXAMPLE, "--json", "--within", "60")
    told = json.loads(ended.out)

    [plan] = told["plans"]
    [village] = [item for item in plan["near"] if item["id"].endswith("/xidi")]
    assert village["distance_m"] == pytest.approx(GEOD.inv(118.4, 29.6, 117.99, 29.905)[2], abs=1)
    river = shapely.from_geojson(
        json.dumps(
            next(
                json.loads(line.rstrip(","))["geometry"]
                for line in (EXAMPLE / "geo" / "rivers.geojson").read_text("utf-8").splitlines()
                if '"id":"xinan-river"' in line
            )
        )
    )
    points = shapely.get_coordinates(shapely.segmentize(river, 0.0005))
    nearest_m = min(GEOD.inv(118.4, 29.6, lon, lat)[2] for lon, lat in points)
    [corridor] = [item for each in (plan["near"], plan["affected"]) for item in each
                  if item["id"].endswith("/xinan")]  # fmt: skip
    assert corridor["distance_m"] == pytest.approx(nearest_m, rel=2e-3)


#: In the middle of the region, as PROJ has it in the 3° zone of 117° E.
SPOT = (118.3, 29.71)
X, Y = pyproj.Transformer.from_crs(4490, 4548, always_xy=True).transform(*SPOT)


def test_its_metres_are_looked_for_in_its_own_zones() -> None:
    metres = f"{X:.0f},{Y:.0f}"
    unstated = taixin("check", metres, "--plans", EXAMPLE)
    doubtful = taixin("check", metres, "--crs", "EPSG:4547", "--plans", EXAMPLE, "--json")
    stated = taixin("check", metres, "--crs", "EPSG:4548", "--plans", EXAMPLE, "--json")

    assert unstated.code == 2
    assert "give --crs EPSG:4548" in unstated.err
    doubt = "in EPSG:4548 or EPSG:4509 it would not."
    assert any(doubt in note for note in json.loads(doubtful.out)["site"]["notes"])
    assert not any(doubt in note for note in json.loads(stated.out)["site"]["notes"])
    assert json.loads(stated.out)["administrative"][0]["name"] == "屯溪区"


def test_its_drawings_and_project_are_in_the_zone_it_lies_in(site: Path, tmp_path: Path) -> None:
    ended = taixin("export", "--plans", EXAMPLE, "--format", "dxf", "--out", tmp_path / "a.dxf")
    readme = (site / "delivery" / "README.md").read_text(encoding="utf-8")
    with zipfile.ZipFile(site / "delivery" / "atlas.qgz") as archive:
        project = archive.read("atlas.qgs").decode()

    assert "EPSG:4548 CGCS2000 / 3-degree Gauss-Kruger CM 117E" in ended.out
    assert "EPSG:4548" in project
    assert "117°E（EPSG:4548，带号 39 为 EPSG:4527）" in readme
    assert [word for word in ("4546", "4547", "太忻", "twelve") if word in readme + project] == []


def test_its_page_reads_metres_of_its_zone(site: Path, offline_page: OfflinePage) -> None:
    page = open_atlas(offline_page, site / "index.html", (1440, 900))
    body = open_tab(page, "measure")
    role(body, "goto-input").fill(f"X {Y:.0f} Y {X:.0f}")
    role(body, "goto-go").click()
    told = role(page, "goto-answer").locator("[data-system='wgs84'] output").inner_text()
    role(body, "goto-input").fill("112.7, 38.2")
    role(body, "goto-go").click()

    assert [float(part) for part in told.split(",")] == pytest.approx(SPOT, abs=2e-5)
    assert "在本图集的县域之外" in role(page, "goto-answer").inner_text()
    assert (role(body, "goto-input").get_attribute("placeholder") or "").startswith("118.05")
    page.click("[data-theme='structure']")
    assert role(page, "theme-note").is_visible()
    assert role(page, "theme-caption").count() == 0  # it tells of plans of Shanxi
    offline_page.assert_quiet()


STRUCTURE, ECOLOGY = "structure", "ecology"
MISTAKES = [  # file, what stands there, what is made of it, what is told
    (STRUCTURE, 'kind = "urban_core"', 'kind = "urban_cores"',
     "core.kind: 'urban_cores' is unknown; did you mean 'urban_core'?"),
    (STRUCTURE, 'rule = { place = "屯溪" }', 'rule = { place = "屯溪市" }',
     "core.feature.tunxi.rule.place: no place is called '屯溪市'; did you mean '屯溪'?"),
    (STRUCTURE, 'phase = "near"', 'phse = "near"',
     "core.feature.tunxi.phse: the key 'phse' is unknown; did you mean 'phase'?"),
    (STRUCTURE, 'route = "屯祁公路"', 'rout = "屯祁公路"',
     "axes.feature.tunxi-qimen.rule: the rule 'rout' is unknown; did you mean 'route'?"),
    (STRUCTURE, 'phase = "far"', 'phase = "farr"',
     "axes.feature.tunxi-qimen.phase: 'farr' is unknown; did you mean 'far'?"),
    (STRUCTURE, '  term = "中部组团"\n', "",
     ("clusters.feature.centre.term: the key 'term' is missing; "
      "write the exact words of the document that the feature stands for.")),
    (STRUCTURE, '["休宁县", "黟县", "祁门县"]', '["休宁县", "黟县", "祈门县"]',
     "clusters.feature.west.rule.counties: no county is called '祈门县'; did you mean '祁门县'?"),
    (ECOLOGY, "width_m = 6000", 'width_m = "6000"',
     ("barriers.feature.huang-mountains.rule.width_m: needs a positive number; "
      "state it without a unit.")),
    (ECOLOGY, 'within = "scope"', 'within = "scop"',
     ("corridors.feature.xinan.rule.within: there is no layer or feature 'scop'; "
      "did you mean 'scope'?")),
    (ECOLOGY, 'host = "歙县"\n', "",
     ("villages.feature.third: an unlocated feature has no host; "
      "name the county, city or plan it belongs to as host.")),
]  # fmt: skip


def test_ten_mistakes_give_ten_sentences(tmp_path: Path) -> None:
    plans = tmp_path / "huangshan"
    shutil.copytree(EXAMPLE, plans)
    for file, old, new, _ in MISTAKES:
        edit(plans / "layers" / PLAN / f"{file}.toml", old, new)
    ended = taixin("build", "--plans", plans, "--out", tmp_path / "site")

    wanted = [f"{PLAN}/{file}.toml: layer.{sentence}" for file, _, _, sentence in MISTAKES]
    assert (ended.code, ended.out) == (2, "")
    assert sorted(ended.err.splitlines()) == sorted(wanted)
    assert not (tmp_path / "site").exists()
