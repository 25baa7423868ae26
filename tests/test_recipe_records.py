"""Every recipe in ``layers/``: read here without the loader, and measured by other means."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import shape

from taixin.manifest import page_manifest
from tests import documents as plan_documents
from tests import samples
from tests.documents import plain, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry

REPO: Final = Path(__file__).resolve().parents[1]
LAYERS: Final = REPO / "layers"
FILES: Final = sorted(
    path for path in LAYERS.glob("*/*.toml") if path.name not in {"plan.toml", "left-out.toml"}
)
#: A transverse Mercator through the middle of Shanxi; true to 0.1 % in the province.
PLANE: Final = pyproj.Transformer.from_crs(
    "EPSG:4326", "+proj=tmerc +lon_0=112.5 +k=1 +ellps=GRS80 +units=m", always_xy=True
)
HAN: Final = re.compile(r"[\u4e00-\u9fff]")
#: A run of more Chinese characters than this is a clause, unless it is a name.
LONGEST_RUN: Final = 14
#: Texts that stand for themselves: names and headings are those of the document.
NAMES: Final = {"term", "name", "title", "section", "rule", "members", "host", "aliases", "short"}
#: Names of documents' things that our own words need, longer than a run may be.
PROPER_NAMES: Final = {
    "太原中北高新技术产业开发区拓展区",
    "山西合成生物产业生态园区",
    "阳曲农投现代农业科技示范产业园",
}
#: What the last part of a figure's key says about its unit.
UNITS: Final = {
    "km2": "km²",
    "m2": "m²",
    "km": "km",
    "m": "m",
    "mu": "亩",
    "cny": "元",
    "pct": "%",
    "kv": "kV",
    "kw": "kW",
    "mw": "MW",
    "gw": "GW",
    "gwh": "GWh",
    "t": "吨",
    "kmh": "km/h",
}
FACTORS: Final = {"10k": "万", "100m": "亿", "trillion": "万亿"}
DIMENSIONS: Final = {"Point": "point", "LineString": "line", "Polygon": "polygon"}
#: Points of several cities, whose members are not all counties or cities.
SEATS_AND_STATIONS: Final = {
    "cluster-2035/air-ports-of-entry/taiyuan-wutaishan-ports",
    "cluster-2035/chains-equipment/coal-machinery-clusters",
    "cluster-2035/hub-linked/airport-coaches",
    "cluster-2035/services-sites/hub-economy",
    "taixin-2035/core/taiyuan",
    "taixin-2035/position-cities/taiyuan",
    "taixin-2035/position-cities/xinzhou",
    "taixin-2035/service-core/taiyuan",
}

every_system = pytest.mark.parametrize(
    "path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES]
)


@cache
def recipe(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def recipes_of(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the features that a file declares, by their full id."""
    for layer in recipe(path)["layer"]:
        for feature in layer["feature"]:
            yield f"{path.parent.name}/{layer['id']}/{feature['id']}", feature


@cache
def every_recipe() -> dict[str, dict[str, Any]]:
    return {name: feature for path in FILES for name, feature in recipes_of(path)}


@cache
def built(path: Path) -> list[dict[str, Any]]:
    """Give the committed features of the layers that a file declares."""
    names = [layer["id"] for layer in recipe(path)["layer"]]
    texts = [(path.parent / f"{name}.geojson").read_text(encoding="utf-8") for name in names]
    return [feature for text in texts for feature in json.loads(text)["features"]]


def metres(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: np.column_stack(PLANE.transform(*xy.T)))


@cache
def areas() -> dict[str, BaseGeometry]:
    """Give counties and cities in metres, by name."""
    text = (REPO / "geo" / "counties.geojson").read_text(encoding="utf-8")
    found: dict[str, BaseGeometry] = {}
    cities = defaultdict(list)
    for feature in json.loads(text)["features"]:
        body = metres(shape(feature["geometry"]))
        found[feature["properties"]["name_zh"]] = body
        cities[feature["properties"]["city"]].append(body)
    return found | {name: shapely.union_all(parts) for name, parts in cities.items()}


# ---- what a recipe says -------------------------------------------------------------------------


@every_system
def test_a_feature_says_where_its_words_stand_and_how_it_is_made(path: Path) -> None:
    system = recipe(path)
    assert system["document"].strip()
    assert system["section"].strip()
    for name, feature in recipes_of(path):
        assert feature["term"].strip() == feature["term"] != "", name
        assert feature["rule"], name
        assert set(feature["name"]) == set(feature["summary"]) == {"zh", "en"}, name
        assert HAN.search(feature["name"]["zh"]), name
        assert not HAN.search(feature["summary"]["en"]), name


@every_system
def test_a_note_is_told_in_both_languages(path: Path) -> None:
    for name, feature in recipes_of(path):
        note = feature.get("note", {"zh": "无", "en": "None."})
        assert set(note) == {"zh", "en"}, name
        assert HAN.search(note["zh"]), name
        assert re.search(r"[a-z]", note["en"]), name
        assert not HAN.search(note["en"]), name


def test_what_members_hosts_values_and_units_say_has_an_english() -> None:
    library, facts, layers = samples.own()
    page: dict[str, Any] = page_manifest(layers, library, facts, lang="en")
    words, units = page["words"], page["units"]
    names: dict[str, set[str]] = defaultdict(set)  # a name leads to a feature of the same plan
    for name, feature in every_recipe().items():
        names[name.split("/")[0]] |= {feature["name"]["zh"], *feature.get("aliases", [])}
    said: set[str] = set()
    for name, feature in every_recipe().items():
        said |= {*feature.get("members", []), feature.get("host", "")} - names[name.split("/")[0]]
        said |= {str(value) for value in feature.get("figures", {}).values()}
    labels = tomllib.loads((LAYERS / "figures.toml").read_text(encoding="utf-8"))
    checks = [check for path in LAYERS.glob("*/plan.toml") for check in recipe(path)["check"]]
    measured = {each.get("unit", "") for each in (*labels.values(), *checks)}

    assert [word for word in sorted(said) if HAN.search(word) and word not in words] == []
    assert [text for text in words.values() if HAN.search(text)] == []
    assert [unit for unit in sorted(measured) if HAN.search(unit) and unit not in units] == []


@every_system
def test_an_accuracy_of_its_own_has_a_reason_and_a_geometry(path: Path) -> None:
    for name, feature in recipes_of(path):
        assert ("accuracy_m" in feature) == ("accuracy_reason" in feature), name
        if "accuracy_m" in feature:
            assert feature["accuracy_m"] > 0, name
            assert "unlocated" not in feature["rule"], name
            assert len(feature["accuracy_reason"].split()) > 4, name


@every_system
def test_what_is_not_located_has_a_host(path: Path) -> None:
    for name, feature in recipes_of(path):
        if "unlocated" in feature["rule"]:
            assert feature["rule"] == {"unlocated": True}, name
            assert feature["host"].strip(), name


@every_system
def test_counts_name_no_more_than_is_stated(path: Path) -> None:
    for count in recipe(path).get("count", []):
        assert 0 <= count["named"] <= count["stated"], count
    for name, feature in recipes_of(path):
        figures = feature.get("figures", {})
        stated, named = figures.get("stated_count"), figures.get("named_count")
        if isinstance(stated, int) and isinstance(named, int):  # "5+" is an open list
            assert named <= stated, name


def test_every_figure_has_a_label_and_its_unit_is_that_of_its_key() -> None:
    labels = tomllib.loads((LAYERS / "figures.toml").read_text(encoding="utf-8"))
    used = {key for feature in every_recipe().values() for key in feature.get("figures", {})}
    wrong = {}
    for key, label in labels.items():
        *before, last = key.split("_")
        if last in UNITS and before:
            factor = FACTORS.get(before[-1], "")
            wanted = f"{factor} {UNITS[last]}" if UNITS[last].isascii() else factor + UNITS[last]
            if label.get("unit", "").replace(" ", "") != wanted.replace(" ", ""):
                wrong[key] = (label.get("unit"), wanted)

    assert used == set(labels)
    assert all(label["zh"] and label["en"] for label in labels.values())
    assert wrong == {}


def test_every_kind_a_layer_names_exists_and_few_are_spare() -> None:
    kinds = set(tomllib.loads((LAYERS / "kinds.toml").read_text(encoding="utf-8")))
    used = {layer["kind"] for path in FILES for layer in recipe(path)["layer"]}

    assert used - kinds == set()
    assert kinds - used == {"block"}  # areas of a block: none has an outline yet


@every_system
def test_a_layer_has_one_geometry_type_and_it_is_that_of_its_kind(path: Path) -> None:
    kinds = tomllib.loads((LAYERS / "kinds.toml").read_text(encoding="utf-8"))
    wanted = {layer["id"]: kinds[layer["kind"]]["geometry"] for layer in recipe(path)["layer"]}
    for feature in built(path):
        if feature["geometry"] is not None:
            found = DIMENSIONS[feature["geometry"]["type"].removeprefix("Multi")]
            assert found == wanted[feature["properties"]["layer"]], feature["id"]


# ---- ids and links ------------------------------------------------------------------------------


def test_ids_are_used_once_and_layers_of_a_plan_are_in_one_file() -> None:
    names = Counter(name for path in FILES for name, _ in recipes_of(path))
    layers = Counter(
        (path.parent.name, layer["id"]) for path in FILES for layer in recipe(path)["layer"]
    )

    assert [name for name, times in (names | layers).items() if times > 1] == []
    assert len(names) == 1000


@every_system
def test_links_are_mutual_and_lead_to_other_features(path: Path) -> None:
    for name, feature in recipes_of(path):
        links = feature.get("see_also", [])
        assert len(set(links)) == len(links), name
        assert name not in links
        one_sided = [
            other for other in links if name not in every_recipe()[other].get("see_also", [])
        ]
        assert one_sided == [], name


def test_plans_are_linked_with_each_other() -> None:
    pairs = Counter(
        frozenset((name.split("/")[0], other.split("/")[0]))
        for name, feature in every_recipe().items()
        for other in feature.get("see_also", [])
    )
    between = {
        tuple(sorted(plans)): times // 2 for plans, times in pairs.items() if len(plans) == 2
    }

    assert len(between) == 10  # each of the five with each other one
    assert sum(between.values()) == 290


# ---- where a point lies -------------------------------------------------------------------------


@every_system
def test_a_point_lies_in_its_host_by_its_accuracy(path: Path) -> None:
    for feature in built(path):
        record = feature["properties"]
        if feature["geometry"] is None or not feature["geometry"]["type"].endswith("Point"):
            continue
        if record["host"] in areas():
            hosts = [record["host"]]
        elif record["host"] or feature["id"] in SEATS_AND_STATIONS:
            hosts = [name for name in areas() if name.endswith("市")]
        else:
            hosts = record["members"]
        home = shapely.union_all([areas()[name] for name in hosts])
        for point in shapely.get_parts(metres(shape(feature["geometry"]))):
            assert home.distance(point) <= record["accuracy_m"], feature["id"]


@every_system
def test_a_county_named_as_a_member_of_a_line_is_passed_by_it(path: Path) -> None:
    for feature in built(path):
        record = feature["properties"]
        if feature["geometry"] is None or not feature["geometry"]["type"].endswith("LineString"):
            continue
        course = metres(shape(feature["geometry"]))
        missed = [
            name
            for name in record["members"]
            if name in areas() and areas()[name].distance(course) > record["accuracy_m"]
        ]
        assert missed == [], feature["id"]


# ---- our own words ------------------------------------------------------------------------------


@cache
def runs_of(documents: Path) -> tuple[str, frozenset[str]]:
    """Give the documents as one text, and every run in it that is one character too long."""
    text = "\n".join(text_of(documents, identifier) for identifier in plan_documents.FILES)
    size = LONGEST_RUN + 1
    return text, frozenset(text[i : i + size] for i in range(len(text) - size + 1))


def copied(text: str, documents: Path) -> Iterator[str]:
    """Give the longest runs of a text that stand in a document and are more than a name."""
    whole, runs = runs_of(documents)
    text = plain(text)
    start, size = 0, LONGEST_RUN + 1
    while start <= len(text) - size:
        if text[start : start + size] not in runs:
            start += 1
            continue
        end = start + size
        while end < len(text) and text[start : end + 1] in whole:
            end += 1
        if len(HAN.findall(text[start:end])) > LONGEST_RUN:
            yield text[start:end]
        start = end - size + 2


def prose(value: object, key: str = "") -> Iterator[str]:
    """Give the Chinese texts of a recipe that are our own words."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in NAMES and name != "en":
                yield from prose(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from prose(inner, key)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(
    "path",
    sorted(LAYERS.glob("*/*.toml")),
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_no_sentence_of_a_recipe_is_one_of_a_document(path: Path, documents: Path) -> None:
    found = [run for text in prose(recipe(path)) for run in copied(text, documents)]

    assert [run for run in found if not any(run in name for name in PROPER_NAMES)] == []


def test_no_other_file_holds_more_of_a_document_than_a_name(documents: Path) -> None:
    if not (REPO / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    names = {plain(text) for each in every_recipe().values()
             for text in (each["term"], each["name"]["zh"])}  # fmt: skip
    names |= {plain(recipe(path)["title"]["zh"]) for path in LAYERS.glob("*/*.toml")}
    quoted = []
    for name in listing.stdout.split("\0"):
        path = REPO / name
        if name.startswith("layers/") or not path.is_file() or b"\0" in path.read_bytes()[:8000]:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            runs = copied(line, documents)
            quoted += [(name, run) for run in runs if not any(run in known for known in names)]

    assert quoted == []
