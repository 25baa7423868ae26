"""The site check: fifty sites whose answers are worked out here another way, and what surrounds it.

The other way: a plane laid through each site by pyproj (azimuthal equidistant), raw shapely there,
edges widened instead of areas shrunk, areas and distances by `pyproj.Geod` or in closed form.
"""

from __future__ import annotations

import csv
import functools
import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import geopandas
import numpy as np
import pyproj
import pytest
import shapely
from shapely.ops import nearest_points, transform

from taixin import plane
from taixin.intake.sites import Chunk
from taixin.site import Job, check_site, write_table
from taixin.site.answers import Checker
from taixin.site.screening import project_sites, screen
from tests import samples

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature

GEOD = pyproj.Geod(ellps="GRS80")
TWELVE = ("尖草坪区", "杏花岭区", "迎泽区", "万柏林区", "古交市", "阳曲县",
          "忻府区", "定襄县", "原平市", "繁峙县", "代县", "五台县")  # fmt: skip
PLANS = ("taixin-2035", "taiyuan-area-2021")
WITHIN_M = 5000.0


@pytest.fixture(scope="module")
def checker() -> Checker:
    library, facts, layers = samples.own()
    return Checker.of([layer for layer in layers if layer.plan.id in PLANS], library, facts)


def circle(lon: float, lat: float, radius_m: float, corners: int = 72) -> shapely.Polygon:
    """Give a circle by its corners on the ellipsoid."""
    bearings = np.linspace(360, 0, corners, endpoint=False)
    x, y, _ = GEOD.fwd([lon] * corners, [lat] * corners, bearings, [radius_m] * corners)
    return shapely.Polygon(zip(x, y, strict=True))


def moved(lon: float, lat: float, bearing_deg: float, by_m: float) -> tuple[float, float]:
    x, y, _ = GEOD.fwd(lon, lat, bearing_deg, by_m)
    return float(x), float(y)


def county(name: str) -> BaseGeometry:
    return samples.own()[1].counties.find(name).geometry


def target(identifier: str) -> Any:  # noqa: ANN401 - a point, line or area
    for layer in samples.own()[2]:
        for feature in layer.located:
            if feature.id == identifier and feature.geometry is not None:
                return feature.geometry
    raise LookupError(identifier)


def on_border(first: str, second: str) -> tuple[float, float, float]:
    """Give the middle of the longest straight stretch of a shared border, and its bearing."""
    shared = shapely.line_merge(shapely.intersection(county(first), county(second)))
    stretches = [
        pair
        for line in shapely.get_parts(shared)
        for pair in zip(line.coords, line.coords[1:], strict=False)
    ]
    (x1, y1), (x2, y2) = max(stretches, key=lambda ends: math.dist(*ends))
    bearing, _, _ = GEOD.inv(x1, y1, x2, y2)
    return (x1 + x2) / 2, (y1 + y2) / 2, bearing


def beside_border(first: str, second: str, by_m: float) -> tuple[float, float]:
    """Give a point off a border, to the side of the first county."""
    lon, lat, bearing = on_border(first, second)
    sides = [moved(lon, lat, bearing + turn, by_m) for turn in (90, -90)]
    return next(side for side in sides if county(first).contains(shapely.Point(side)))


@functools.cache
def sites() -> dict[str, BaseGeometry]:
    """Name fifty sites."""
    found: dict[str, BaseGeometry] = {}
    for name in TWELVE:
        middle = county(name).representative_point()
        found[f"in {name}"] = circle(middle.x, middle.y, 350)
    for by_m in (300, 900, 1100, 1800):
        found[f"{by_m} m inside the border"] = circle(*beside_border("阳曲县", "忻府区", by_m), 60)
    lon, lat, _ = on_border("阳曲县", "忻府区")
    found["straddling two counties"] = circle(lon, lat, 2500)
    found["straddling by a sliver"] = circle(*beside_border("阳曲县", "忻府区", 480), 500)
    lon, lat, _ = on_border("原平市", "代县")
    found["straddling two other counties"] = shapely.box(
        lon - 0.04, lat - 0.03, lon + 0.05, lat + 0.02
    )
    for by_m in (400, 1600):
        out = beside_border("宁武县", "原平市", by_m)
        found[f"{by_m} m outside the plan"] = circle(*out, 50)
    found["in Luliang, outside the plan"] = circle(111.2, 37.5, 800)
    found["outside Shanxi"] = circle(116.4, 39.9, 1000)
    found["far south in China"] = circle(110.3, 20.0, 1000)
    found["across 112.5 E"] = shapely.box(112.48, 38.3, 112.53, 38.34)
    found["a large site across 112.5 E"] = shapely.box(112.2, 38.0, 112.8, 38.5)
    for name in ("hutuo", "fen", "muma"):
        middle = target(f"taixin-2035/corridors/{name}").interpolate(0.5, normalized=True)
        found[f"on the {name} corridor"] = circle(middle.x, middle.y, 200)
    middle = target("taixin-2035/corridors/hutuo").interpolate(0.4, normalized=True)
    found["wide on the corridor"] = circle(middle.x, middle.y, 4500)
    found["beside the corridor"] = circle(*moved(middle.x, middle.y, 0, 2500), 100)
    found["a line site"] = shapely.LineString([(112.5, 38.2), (112.9, 38.5), (113.1, 38.9)])
    found["a line within a county"] = shapely.LineString([(112.66, 38.1), (112.68, 38.12)])
    found["a line along a border"] = shapely.LineString(
        [beside_border("阳曲县", "忻府区", 200), beside_border("忻府区", "阳曲县", 200)]
    )
    ring = circle(113.5, 39.0, 6000)
    found["a ring"] = ring.difference(circle(113.5, 39.0, 4000))
    found["several parts, one with a hole"] = shapely.union(
        ring.difference(circle(113.5, 39.0, 2000)), circle(113.0, 38.7, 900)
    )
    found["parts in two cities"] = shapely.MultiPolygon(
        [circle(112.5, 38.0, 700), circle(112.8, 38.45, 700)]
    )
    found["a point"] = shapely.Point(112.9, 38.6)
    found["a point beside a border"] = shapely.Point(beside_border("定襄县", "五台县", 500))
    found["points"] = shapely.MultiPoint([(112.9, 38.6), (113.4, 39.1), (116.0, 39.0)])
    town = target("taixin-2035/start-up-areas/dayu")
    found["at a town"] = circle(*moved(town.x, town.y, 45, 200), 100)
    found["within the town's accuracy"] = circle(*moved(town.x, town.y, 120, 1350), 100)
    found["beyond the town's accuracy"] = circle(*moved(town.x, town.y, 120, 1800), 100)
    found["wide around the town"] = circle(town.x, town.y, 2200)
    found["a whole county"] = county("五台县")
    found["in a barrier"] = circle(113.62, 39.03, 500)
    found["edge of a barrier"] = circle(113.3, 38.85, 300)
    found["a thin strip"] = shapely.box(112.6, 38.2, 113.2, 38.2005)
    found["a strip across the zone"] = shapely.box(112.0, 38.6, 114.3, 38.62)
    found["a line through the province"] = shapely.LineString([(111.0, 36.0), (113.5, 40.0)])
    return found


NAMES = (
    *(f"in {name}" for name in TWELVE),
    *(
        "300 m inside the border",
        "900 m inside the border",
        "1100 m inside the border",
        "1800 m inside the border",
        "straddling two counties",
        "straddling by a sliver",
        "straddling two other counties",
        "400 m outside the plan",
        "1600 m outside the plan",
        "in Luliang, outside the plan",
        "outside Shanxi",
        "far south in China",
        "across 112.5 E",
        "a large site across 112.5 E",
        "on the hutuo corridor",
        "on the fen corridor",
        "on the muma corridor",
        "wide on the corridor",
        "beside the corridor",
        "a line site",
        "a line within a county",
        "a line along a border",
        "a ring",
        "several parts, one with a hole",
        "parts in two cities",
        "a point",
        "a point beside a border",
        "points",
        "at a town",
        "within the town's accuracy",
        "beyond the town's accuracy",
        "wide around the town",
        "a whole county",
        "in a barrier",
        "edge of a barrier",
        "a thin strip",
        "a strip across the zone",
        "a line through the province",
    ),
)


def test_there_are_fifty_sites() -> None:
    assert tuple(sites()) == NAMES
    assert len(NAMES) == 50
    assert all(shapely.is_valid(list(sites().values())))


class Expected(NamedTuple):
    """What the other way finds for a site and a feature."""

    answer: str
    inside: float
    distance_m: float
    doubtful: bool


def measure(shape: BaseGeometry) -> float:
    """Measure on the ellipsoid what a shape is: m², m, or points; edges straight in lon/lat."""
    fine = shapely.segmentize(shape, 0.004)
    parts = [part for part in shapely.get_parts(fine) if not part.is_empty]
    dimension = max((shapely.get_dimensions(part) for part in parts), default=0)
    same = [part for part in parts if shapely.get_dimensions(part) == dimension]
    if dimension == 2:
        oriented = (shapely.orient_polygons(part) for part in same)
        return float(sum(abs(GEOD.geometry_area_perimeter(part)[0]) for part in oriented))
    return float(sum(GEOD.geometry_length(part) for part in same)) if dimension else len(same)


def expected(site: BaseGeometry, feature: Feature) -> Expected:
    """Work out one pair in a plane of the site's own."""
    assert feature.geometry is not None
    if site.distance(feature.geometry) > 0.3:
        return Expected("no", 0.0, math.inf, doubtful=False)
    middle = site.centroid
    here = pyproj.Transformer.from_crs(
        "EPSG:4326",
        f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +ellps=GRS80 +units=m",
        always_xy=True,
    ).transform
    accuracy_m = float(str(feature.properties["accuracy_m"]))
    s, f = (transform(here, shapely.segmentize(g, 0.01)) for g in (site, feature.geometry))
    meet = s.intersection(f)
    if meet.is_empty:
        first, second = nearest_points(site, feature.geometry)
        plane_m = s.distance(f)
        near_m = GEOD.line_length([first.x, second.x], [first.y, second.y])
        distance_m = min(plane_m, near_m) if plane_m < 100_000 else near_m
        answer = "possibly" if distance_m <= accuracy_m else "no"
        doubtful = abs(distance_m - accuracy_m) < 3 + accuracy_m * 0.002
        return Expected(answer, 0.0, distance_m, doubtful)
    around = shapely.box(*s.bounds).buffer(accuracy_m * 1.05 + 100, join_style="mitre")
    f = f.intersection(around)  # edges farther off than the accuracy do not matter
    edges, whole = (f, meet) if shapely.get_dimensions(f) == 2 else (s, meet)
    deep = [
        not whole.difference(edges.boundary.buffer(accuracy_m * share)).is_empty
        if shapely.get_dimensions(edges) == 2 else False
        for share in (0.99, 1.0, 1.01)
    ]  # fmt: skip
    same = shapely.get_dimensions(feature.geometry) == 2
    inside = measure(site.intersection(feature.geometry)) if same else 0.0
    if shapely.get_dimensions(meet) < shapely.get_dimensions(s):
        inside = 0.0
    return Expected("yes" if deep[1] else "possibly", inside, 0.0, deep[0] != deep[2])


def answered(shape: BaseGeometry, checker: Checker) -> dict[str, Any]:
    chunk = Chunk((1,), ("",), np.array([shape], dtype=object), "EPSG:4326")
    return checker.records(checker.check(chunk, WITHIN_M), "test")[0]


@pytest.mark.parametrize("name", NAMES)
def test_a_site_is_answered_as_worked_out_another_way(name: str, checker: Checker) -> None:
    site = sites()[name]
    record = answered(site, checker)
    affected = {item["id"]: item for plan in record["plans"] for item in plan["affected"]}
    near = {item["id"]: item for plan in record["plans"] for item in plan["near"]}
    kind = ("count", "length_km", "area_km2")[int(shapely.get_dimensions(site))]
    factor = {"count": 1, "length_km": 1e3, "area_km2": 1e6}[kind]
    for feature in checker.features:
        wanted = expected(site, feature)
        found = affected.get(feature.id)
        if not wanted.doubtful:
            assert (found["answer"] if found else "no") == wanted.answer, feature.id
        if found and shapely.get_dimensions(feature.geometry) == 2:
            inside = (found[kind] or 0) * factor
            assert inside == pytest.approx(wanted.inside, rel=1e-3, abs=6.0), feature.id
        told = found or near.get(feature.id)
        if told:
            assert told["distance_m"] == pytest.approx(wanted.distance_m, rel=2e-3, abs=2.0)
        elif not wanted.doubtful:
            assert wanted.distance_m > WITHIN_M * 0.998, feature.id


@pytest.mark.parametrize("name", NAMES)
def test_the_size_and_the_counties_of_a_site_are_right(name: str, checker: Checker) -> None:
    site = sites()[name]
    record = answered(site, checker)
    size = measure(site)
    told = record["site"]
    dimension = int(shapely.get_dimensions(site))
    own = (told["count"], (told["length_km"] or 0) * 1e3, told["area_km2"] * 1e6)[dimension]
    assert own == pytest.approx(size, rel=1e-5, abs=0.06)
    shares = {item["adcode"]: item["share"] for item in record["administrative"]}
    for fact in checker.facts.counties.facts:
        part = site.intersection(fact.geometry)
        same = shapely.get_dimensions(part) == dimension and not part.is_empty
        wanted = measure(part) / size if same else 0.0
        assert shares.get(fact.id, 0.0) == pytest.approx(wanted, abs=2e-4), fact.name_zh


@pytest.mark.parametrize("name", NAMES)
def test_every_feature_stands_in_exactly_one_group(name: str, checker: Checker) -> None:
    record = answered(sites()[name], checker)
    for plan in record["plans"]:
        listed = [item["id"] for key in ("affected", "near", "no_data") for item in plan[key]]
        listed += plan["not_affected"]
        every = [
            feature.id
            for layer in checker.layers
            if layer.plan.id == plan["plan"]
            for feature in layer.features
        ]
        assert sorted(listed) == sorted(every)


def test_a_site_outside_shanxi_says_so(checker: Checker) -> None:
    record = answered(sites()["outside Shanxi"], checker)
    assert record["administrative"] == []
    assert record["access_rules"] == []
    assert "位于所有规划之外" in record["site"]["notes"][0]
    assert all(plan["affected"] == plan["near"] == plan["no_data"] == []
               for plan in record["plans"])  # fmt: skip


def test_areas_agree_with_a_closed_form() -> None:
    west, south, east, north = 112.50, 38.10, 112.56, 38.15
    e = math.sqrt(GEOD.es)

    def half(lat_deg: float) -> float:
        s = math.sin(math.radians(lat_deg))
        return s / (1 - GEOD.es * s * s) + math.log((1 + e * s) / (1 - e * s)) / (2 * e)

    zone = GEOD.b**2 / 2 * math.radians(east - west) * (half(north) - half(south))
    (size,) = project_sites(np.array([shapely.box(west, south, east, north)])).sizes
    assert size == pytest.approx(zone, rel=1e-6)


def test_the_plane_keeps_areas_everywhere_in_the_region() -> None:
    generator = np.random.default_rng(7)
    corners = generator.uniform((110, 34.3), (115, 41), (400, 2))
    boxes = np.asarray(shapely.box(*corners.T, *(corners + 0.003).T))
    ellipsoidal = [abs(GEOD.geometry_area_perimeter(box)[0]) for box in boxes]
    assert shapely.area(plane.project(boxes)) == pytest.approx(ellipsoidal, rel=1e-7)


# ---- many sites ----------------------------------------------------------------------------------


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


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("many") / "sites.gpkg"
    shapes = [*parcels(300), sites()["outside Shanxi"]]
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
