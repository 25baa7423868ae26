"""The site check: what the command prints for fifty sites, worked out here another way.

The other way: a plane laid through each site by pyproj (azimuthal equidistant), raw shapely there,
edges widened instead of areas shrunk, areas and distances by `pyproj.Geod` or in closed form.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyproj
import pytest
import shapely
from shapely.ops import nearest_points

from taixin import plane
from taixin.site.areas import project_sites
from tests.fifty_sites import NAMES, TYPED, sites, told_by_the_command
from tests.ground import GEOD, PLANS, WITHIN_M, own_checker

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature
    from taixin.site.answers import Checker


@pytest.fixture(scope="module")
def checker() -> Checker:
    return own_checker()


def told(name: str) -> dict[str, Any]:
    """Give what the command prints for a site, against the plans that are worked out here."""
    record = told_by_the_command()[name]
    return {**record, "plans": [plan for plan in record["plans"] if plan["plan"] in PLANS]}


def test_there_are_fifty_sites() -> None:
    assert tuple(sites()) == NAMES
    assert len(NAMES) - len(TYPED) == 50
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
    record = told(name)
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
        either = found or near.get(feature.id)
        if either:
            assert either["distance_m"] == pytest.approx(wanted.distance_m, rel=2e-3, abs=2.0)
        elif not wanted.doubtful:
            assert wanted.distance_m > WITHIN_M * 0.998, feature.id


@pytest.mark.parametrize("name", NAMES)
def test_the_size_and_the_counties_of_a_site_are_right(name: str, checker: Checker) -> None:
    site = sites()[name]
    record = told(name)
    size = measure(site)
    entry = record["site"]
    dimension = int(shapely.get_dimensions(site))
    own = (entry["count"], (entry["length_km"] or 0) * 1e3, entry["area_km2"] * 1e6)[dimension]
    assert own == pytest.approx(size, rel=1e-5, abs=0.06)
    shares = {item["adcode"]: item["share"] for item in record["administrative"]}
    for fact in checker.facts.counties.facts:
        part = site.intersection(fact.geometry)
        same = shapely.get_dimensions(part) == dimension and not part.is_empty
        wanted = measure(part) / size if same else 0.0
        assert shares.get(fact.id, 0.0) == pytest.approx(wanted, abs=2e-4), fact.name_zh


@pytest.mark.parametrize("name", NAMES)
def test_every_feature_stands_in_exactly_one_group(name: str, checker: Checker) -> None:
    record = told(name)
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


def test_a_site_outside_shanxi_says_so() -> None:
    record = told("outside Shanxi")
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
