"""The site check: fifty sites whose answers are worked out here another way, and what surrounds it.

The other way: a plane laid through each site by pyproj (azimuthal equidistant), raw shapely there,
edges widened instead of areas shrunk, areas and distances by `pyproj.Geod` or in closed form.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyproj
import pytest
import shapely
from shapely.ops import nearest_points

from taixin import plane
from taixin.site.areas import project_sites
from tests import samples
from tests.ground import GEOD, WITHIN_M, answered, circle, moved, own_checker

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature
    from taixin.site.answers import Checker

TWELVE = ("尖草坪区", "杏花岭区", "迎泽区", "万柏林区", "古交市", "阳曲县",
          "忻府区", "定襄县", "原平市", "繁峙县", "代县", "五台县")  # fmt: skip


@pytest.fixture(scope="module")
def checker() -> Checker:
    return own_checker()


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


def beside_borders() -> dict[str, BaseGeometry]:
    """Sites in counties, and beside and across their borders."""
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
    return found


def at_places_and_corridors() -> dict[str, BaseGeometry]:
    """Sites outside, across the zone edge, on and beside corridors."""
    found: dict[str, BaseGeometry] = {}
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
    return found


def of_other_shapes() -> dict[str, BaseGeometry]:
    """Lines, rings, parts and points."""
    found: dict[str, BaseGeometry] = {}
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
    return found


def about_features() -> dict[str, BaseGeometry]:
    """Sites about a town and a barrier, a county, strips."""
    found: dict[str, BaseGeometry] = {}
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


@functools.cache
def sites() -> dict[str, BaseGeometry]:
    """Name fifty sites."""
    return beside_borders() | at_places_and_corridors() | of_other_shapes() | about_features()


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
    )
    accuracy_m = float(str(feature.properties["accuracy_m"]))
    s, f = (
        shapely.transform(
            shapely.segmentize(shape, 0.01),
            lambda xy: np.column_stack(here.transform(xy[:, 0], xy[:, 1])),
        )
        for shape in (site, feature.geometry)
    )
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
