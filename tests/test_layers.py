"""Every committed layer and every feature in it; the numbers of the Taixin plan; its terms."""

from __future__ import annotations

import itertools
import json
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import shape

from taixin.build import committed_files
from taixin.vocabulary import Basis, Status
from tests import samples
from tests.documents import plain, text_of
from tests.rfc7946 import faults

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

LAYERS: Final = Path(__file__).resolve().parents[1] / "layers"
FILES: Final = sorted(LAYERS.glob("*/*.geojson"))
GEOD: Final = pyproj.Geod(ellps="GRS80")
ALBERS: Final = pyproj.Transformer.from_crs(
    "EPSG:4490", "+proj=aea +lat_1=36 +lat_2=40 +lon_0=112.7 +ellps=GRS80", always_xy=True
)
BEFORE_FIGURES: Final = (
    *("id", "name", "name_en", "kind", "plan", "system", "layer", "phase"),
    *("status", "status_date", "status_document", "members", "host"),
)
AFTER_FIGURES: Final = (
    *("summary", "summary_en", "document", "section", "term"),
    *("basis", "accuracy_m", "aliases", "see_also", "note", "note_en"),
)
COLLECTION_KEYS: Final = (
    *("type", "name", "title", "title_en", "plan", "layer", "kind"),
    *("attribution", "lineage", "bbox", "features"),
)
#: A section may name chapter, section and box one after the other.
HEADINGS: Final = re.compile(r"[ ·、]|(?<=章)(?=第)")
#: Names and numbers may be those of the document, a clause may not.
LONGEST_QUOTE: Final = 15
TYPES: Final = {"Point": 0, "LineString": 1, "Polygon": 2}

every_file = pytest.mark.parametrize(
    "path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES]
)


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def features_of(plan: str, layer: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = read(LAYERS / plan / f"{layer}.geojson")["features"]
    return features


def properties_of(layer: str) -> list[dict[str, Any]]:
    return [feature["properties"] for feature in features_of("taixin-2035", layer)]


def shapes_of(layer: str) -> dict[str, BaseGeometry]:
    return {
        feature["properties"]["name"]: shape(feature["geometry"])
        for feature in features_of("taixin-2035", layer)
    }


def equal_area_m2(geometry: BaseGeometry) -> float:
    plane = shapely.transform(geometry, lambda xy: np.column_stack(ALBERS.transform(*xy.T)))
    return float(shapely.area(plane))


def declaration(path: Path) -> dict[str, Any]:
    return tomllib.loads((path.parent / "plan.toml").read_text(encoding="utf-8"))


# ---- every layer --------------------------------------------------------------------------------


def test_the_taixin_plan_is_among_the_layers() -> None:
    assert {path.stem for path in FILES if path.parent.name == "taixin-2035"} >= {
        *("scope", "halves", "counties", "core", "axes", "clusters", "barriers", "corridors"),
        *("nature-reserves", "nature-parks", "start-up-areas", "core-area"),
    }


def test_no_recipe_lacks_its_file_and_no_file_its_recipe() -> None:
    wanted, stale = committed_files(samples.own()[2])

    assert sorted(wanted) == FILES
    assert stale == []


@every_file
def test_a_layer_equals_its_recipe(path: Path) -> None:
    layer = samples.own_layer(f"{path.parent.name}/{path.stem}")

    assert layer.text == path.read_text(encoding="utf-8")


@every_file
def test_an_independent_checker_finds_nothing(path: Path) -> None:
    assert faults(path.read_bytes().decode("utf-8")) == []


@every_file
def test_a_layer_says_what_it_is_and_what_it_rests_on(path: Path) -> None:
    document = read(path)
    is_located = any(feature["geometry"] for feature in document["features"])

    assert list(document) == [key for key in COLLECTION_KEYS if key != "bbox" or is_located]
    assert document["name"] == f"{path.parent.name}/{path.stem}"
    assert (document["plan"], document["layer"]) == (path.parent.name, path.stem)
    assert document["title"]
    assert document["title_en"]
    assert bool(document["attribution"]) == is_located
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", document["lineage"])


@every_file
def test_a_layer_has_one_geometry_type_and_valid_geometry(path: Path) -> None:
    types = set()
    for feature in read(path)["features"]:
        if feature["geometry"] is None:
            continue
        types.add(feature["geometry"]["type"])
        assert shapely.is_valid_reason(shape(feature["geometry"])) == "Valid Geometry"

    assert len(types) <= 1, "single and multi parts may not be mixed in a layer either"


@every_file
def test_the_kind_of_a_layer_is_declared_with_a_symbol(path: Path) -> None:
    kinds = tomllib.loads((LAYERS / "kinds.toml").read_text(encoding="utf-8"))

    assert read(path)["kind"] in kinds


@every_file
def test_properties_stand_in_their_order(path: Path) -> None:
    figures = tomllib.loads((LAYERS / "figures.toml").read_text(encoding="utf-8"))
    for feature in read(path)["features"]:
        keys = tuple(feature["properties"])
        between = keys[len(BEFORE_FIGURES) : -len(AFTER_FIGURES)]

        assert keys == (*BEFORE_FIGURES, *between, *AFTER_FIGURES)
        assert set(between) <= set(figures)


# ---- every feature ------------------------------------------------------------------------------


@every_file
def test_a_feature_is_named_by_plan_layer_and_slug(path: Path) -> None:
    for feature in read(path)["features"]:
        record = feature["properties"]
        plan, layer, slug = feature["id"].split("/")

        assert record["id"] == feature["id"]
        assert (record["plan"], record["layer"]) == (plan, layer) == (path.parent.name, path.stem)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)


@every_file
def test_a_feature_has_names_and_a_summary_in_both_languages(path: Path) -> None:
    for feature in read(path)["features"]:
        record = feature["properties"]
        for key in ("name", "name_en", "summary", "summary_en"):
            assert record[key].strip(), f"{feature['id']}: {key}"
        assert re.search(r"[A-Za-z]", record["name_en"])
        for key in ("name_en", "summary_en", "note_en"):
            assert not re.search(r"[\u4e00-\u9fff]", record[key] or ""), f"{feature['id']}: {key}"
        assert (record["note"] is None) == (record["note_en"] is None), feature["id"]


@every_file
def test_a_feature_is_cited_from_a_document_of_its_plan(path: Path) -> None:
    documents = {document["id"] for document in declaration(path)["document"]}
    for feature in read(path)["features"]:
        record = feature["properties"]

        assert record["document"] in documents, feature["id"]
        assert record["section"].strip(), feature["id"]
        assert record["term"].strip(), feature["id"]


@every_file
def test_phase_and_status_are_those_of_the_plan_and_dated(path: Path) -> None:
    plan = declaration(path)
    phases = {phase["id"] for phase in plan["phase"]} | {None}
    documents = {document["id"] for document in plan["document"]}
    for feature in read(path)["features"]:
        record = feature["properties"]
        status = [record[key] for key in ("status", "status_date", "status_document")]

        assert record["phase"] in phases, feature["id"]
        if record["status"] is None:
            assert status == [None, None, None], feature["id"]
        else:
            assert record["status"] in set(Status), feature["id"]
            assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", record["status_date"]), feature["id"]
            assert record["status_document"] in documents, feature["id"]


@every_file
def test_a_feature_says_how_it_came_about_and_how_far_it_may_be_off(path: Path) -> None:
    for feature in read(path)["features"]:
        record = feature["properties"]
        is_located = feature["geometry"] is not None

        assert record["basis"] in set(Basis), feature["id"]
        assert (record["basis"] != Basis.UNLOCATED) == is_located, feature["id"]
        if is_located:
            assert isinstance(record["accuracy_m"], int), feature["id"]
            assert record["accuracy_m"] >= 1, feature["id"]
        else:
            assert record["accuracy_m"] is None, feature["id"]
            assert record["host"], f"{feature['id']} is neither located nor hosted"


def test_no_id_stands_in_two_layers_and_relatives_exist() -> None:
    features = [feature for path in FILES for feature in read(path)["features"]]
    ids = [feature["id"] for feature in features]
    related = {other for feature in features for other in feature["properties"]["see_also"]}

    assert len(set(ids)) == len(ids)
    assert related - set(ids) == set()


# ---- what the documents say ---------------------------------------------------------------------


@every_file
def test_the_terms_of_a_layer_stand_in_the_document(path: Path, documents: Path) -> None:
    missing = {
        feature["id"]: record["term"]
        for feature in read(path)["features"]
        for record in [feature["properties"]]
        if plain(record["term"]) not in text_of(documents, record["document"])
    }

    assert missing == {}


@every_file
def test_the_headings_of_a_section_stand_in_the_document(path: Path, documents: Path) -> None:
    missing = {
        feature["id"]: heading
        for feature in read(path)["features"]
        for record in [feature["properties"]]
        for heading in HEADINGS.split(re.sub("（.*?）", "", record["section"]))
        if plain(heading) not in text_of(documents, record["document"])
    }

    assert missing == {}


def longest_run(text: str, other: str) -> str:
    """Give the longest run of characters of a text that stands in another."""
    best = ""
    for start in range(len(text)):
        while len(best) < len(text) - start and text[start : start + len(best) + 1] in other:
            best = text[start : start + len(best) + 1]
    return best


@every_file
def test_summaries_are_our_own_words(path: Path, documents: Path) -> None:
    copied = {
        feature["id"]: run
        for feature in read(path)["features"]
        for record in [feature["properties"]]
        for run in [longest_run(plain(record["summary"]), text_of(documents, record["document"]))]
        if len(run) > LONGEST_QUOTE
    }

    assert copied == {}


# ---- the Taixin plan ----------------------------------------------------------------------------

TAIYUAN: Final = {"尖草坪区", "杏花岭区", "迎泽区", "万柏林区", "古交市", "阳曲县"}
XINZHOU: Final = {"忻府区", "定襄县", "原平市", "繁峙县", "代县", "五台县"}


@pytest.mark.parametrize(
    ("layer", "features", "dimension"),
    [
        ("scope", 1, 2),
        ("halves", 2, 2),
        ("counties", 12, 2),
        ("core", 1, 0),
        ("axes", 2, 1),
        ("clusters", 4, 2),
        ("barriers", 2, 2),
        ("corridors", 4, 1),
        ("start-up-areas", 11, 0),
    ],
)
def test_the_plan_has(layer: str, features: int, dimension: int) -> None:
    found = features_of("taixin-2035", layer)
    types = {TYPES[feature["geometry"]["type"].removeprefix("Multi")] for feature in found}

    assert features == len(found)
    assert {dimension} == types


def test_the_twelve_counties_are_those_of_the_plan() -> None:
    assert {record["name"] for record in properties_of("counties")} == TAIYUAN | XINZHOU
    (scope,) = properties_of("scope")
    assert set(scope["members"]) == TAIYUAN | XINZHOU
    assert [set(half["members"]) for half in properties_of("halves")] == [TAIYUAN, XINZHOU]


def test_the_scope_has_the_stated_area_on_the_ellipsoid() -> None:
    (scope,) = shapes_of("scope").values()
    area_m2 = abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(scope))[0])

    assert area_m2 / 1e6 == pytest.approx(16_800, rel=0.01)
    assert equal_area_m2(scope) == pytest.approx(area_m2, rel=1e-6)


@pytest.mark.parametrize("layer", ["scope", "halves", "clusters"])
def test_a_layer_of_whole_counties_is_captioned_as_such(layer: str) -> None:
    caption = samples.own_layer(f"taixin-2035/{layer}").recipe.caption

    assert caption is not None
    assert re.search("涉及|全域", caption.zh)
    assert re.search("(?i)units", caption.en)


@pytest.mark.parametrize("layer", ["scope", "halves", "clusters"])
def test_a_layer_of_whole_counties_tiles_the_twelve(layer: str) -> None:
    parts = list(shapes_of(layer).values())
    counties = list(shapes_of("counties").values())
    overlaps_m2 = [
        equal_area_m2(shapely.intersection(one, other))
        for group in (parts, counties)
        for one, other in itertools.combinations(group, 2)
    ]
    covered, wanted = shapely.union_all(parts), shapely.union_all(counties)

    assert max(overlaps_m2, default=0) < 1
    assert equal_area_m2(shapely.difference(covered, wanted)) < 1
    assert equal_area_m2(shapely.difference(wanted, covered)) < 1


def test_each_cluster_is_just_its_three_counties() -> None:
    counties, clusters = shapes_of("counties"), shapes_of("clusters")
    for record in properties_of("clusters"):
        members = [counties[name] for name in record["members"]]
        own = shapely.symmetric_difference(clusters[record["name"]], shapely.union_all(members))

        assert len(members) == 3
        assert equal_area_m2(own) < 1


def test_axes_and_corridors_run_inside_the_scope() -> None:
    (scope,) = shapes_of("scope").values()
    for layer in ("axes", "corridors"):
        for name, course in shapes_of(layer).items():
            outside = shapely.difference(course, shapely.buffer(scope, 1e-3))
            assert shapely.is_empty(outside), name


def test_every_start_up_area_lies_in_the_county_that_hosts_it() -> None:
    counties = shapes_of("counties")
    points = shapes_of("start-up-areas")
    for record in properties_of("start-up-areas"):
        host, point = counties[record["host"]], points[record["name"]]
        across = shapely.shortest_line(host, point)

        assert GEOD.geometry_length(across) <= record["accuracy_m"], record["name"]


def test_the_size_of_dayu_is_that_of_the_documents() -> None:
    (dayu,) = [record for record in properties_of("start-up-areas") if "大盂镇" in record["name"]]
    circles = features_of("taiyuan-area-2021", "dayu-extents")
    drawn = {
        feature["properties"]["area_km2"]: equal_area_m2(shape(feature["geometry"])) / 1e6
        for feature in circles
    }

    assert (dayu["start_up_area_km2"], dayu["new_town_area_km2"]) == (29, 76)
    assert drawn == pytest.approx({29: 29, 76: 76, 4: 4}, rel=1e-3)


@pytest.mark.parametrize(
    ("layer", "stated", "named"), [("nature-reserves", 5, 1), ("nature-parks", 22, 1)]
)
def test_what_is_stated_without_a_name_is_counted_and_not_drawn(
    layer: str, stated: int, named: int
) -> None:
    found = features_of("taixin-2035", layer)
    located = [feature for feature in found if feature["geometry"] is not None]
    (total,) = [feature["properties"] for feature in found if feature["geometry"] is None]

    assert named == len(located)
    assert (stated, named) == (total["stated_count"], total["named_count"])


def test_the_core_area_is_recorded_and_not_drawn() -> None:
    (core,) = features_of("taixin-2035", "core-area")

    assert core["geometry"] is None
    assert core["properties"]["basis"] == Basis.UNLOCATED


def test_the_phases_of_the_plan_are_2021_to_2025_and_2026_to_2035() -> None:
    plan = next(plan for plan in samples.own()[0].plans if plan.id == "taixin-2035")
    phases = {phase.id: (phase.start, phase.end) for phase in plan.phase}

    assert phases["near"] == (2021, 2025)
    assert phases["far"] == (2026, 2035)
    assert {record["phase"] for record in properties_of("start-up-areas")} == {"near"}
