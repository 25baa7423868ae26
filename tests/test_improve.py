"""``taixin geo import``: better geometry for known facts, and one command that takes it back."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pyproj
import pytest
import shapely

from taixin.build import build_layers
from taixin.facts import load_facts
from tests.extracts import Extract, halves, moved_north, pbf_of_a_place
from tests.running import taixin
from tests.samples import REPO, own, write_geo, write_plans

if TYPE_CHECKING:
    from pathlib import Path

    from taixin.facts import Facts

GEOD = pyproj.Geod(ellps="GRS80")
RIVER_M, ROAD_M = 900.0, 400.0


def river_of(facts: Facts) -> Any:  # noqa: ANN401 - a fact
    return facts.rivers.find("滹沱河")


def xy(facts: Facts, place: str) -> tuple[float, float]:
    lon, lat = shapely.get_coordinates(facts.places.find(place).geometry)[0]
    return float(lon), float(lat)


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make an extract: the river and the road moved north in pieces, and what must not count."""
    facts = own()[1]
    made = Extract()
    for piece in halves(moved_north(river_of(facts).geometry, RIVER_M)):
        made.way(piece, {"waterway": "river", "name": "滹沱河"})
    for piece in halves(moved_north(facts.routes.find("g108").geometry, ROAD_M)):
        made.way(piece, {"highway": "trunk", "name": "京昆线", "ref": "G108"})
    fen = facts.rivers.find("汾河").geometry
    made.way(moved_north(fen, 500), {"highway": "residential", "name": "汾河"})  # a street
    made.way(
        halves(facts.rivers.find("牧马河").geometry)[0], {"waterway": "river", "name": "牧马河"}
    )
    lon, lat = xy(facts, "东黄水镇")
    made.node(lon + 0.005, lat, {"place": "town", "name": "东黄水镇"})
    lon, lat = xy(facts, "大盂镇")
    made.node(lon + 0.5, lat, {"place": "town", "name": "大盂镇"})
    reserve = next(f for f in facts.places.facts if f.properties["kind"] == "nature_reserve")
    area = shapely.box(*(reserve.geometry.buffer(0.01).bounds))
    made.way(area, {"boundary": "protected_area", "name": reserve.name_zh})
    return made.write(tmp_path_factory.mktemp("osm") / "shanxi.osm")


@pytest.fixture(scope="module")
def geo(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """Import the extract into a copy of the project's facts; give the folder and the report."""
    folder = tmp_path_factory.mktemp("improved") / "geo"
    shutil.copytree(REPO / "geo", folder)
    ended = taixin("geo", "import", extract, "--geo", folder, "--json", "--date", "2026-10")
    assert (ended.code, ended.err) == (0, "")
    return folder, json.loads(ended.out)


def test_the_river_and_the_road_move_to_the_new_geometry(geo: tuple[Path, dict[str, Any]]) -> None:
    before, after = own()[1], load_facts(geo[0])

    for table, name, metres in (("rivers", "滹沱河", RIVER_M), ("routes", "g108", ROAD_M)):
        old, new = getattr(before, table).find(name), getattr(after, table).find(name)
        wanted = moved_north(old.geometry, metres)
        assert shapely.buffer(wanted, 11 / 111_000).covers(new.geometry)
        assert new.geometry.length > 0.99 * wanted.length  # it is cut where the old one ended
        assert (old.accuracy_m > 1000, new.accuracy_m) == (True, 50)
    names = [point.name for point in before.routes.find("g108").waypoints]
    kept = [point.name for point in after.routes.find("g108").waypoints if point.name]
    assert kept == names


def test_the_report_tells_how_far_they_moved(geo: tuple[Path, dict[str, Any]]) -> None:
    changed = {item["id"]: item for item in geo[1]["changed"]}
    river, road = changed["hutuo-river"], changed["g108"]

    # a line moved north lies nearer than that, where it does not run east
    assert 0.4 * RIVER_M < river["moved_m"] <= river["moved_most_m"] < 1.02 * RIVER_M
    assert 0.02 * ROAD_M < road["moved_m"] <= road["moved_most_m"] < 1.02 * ROAD_M
    line = load_facts(geo[0]).rivers.find("滹沱河").geometry
    assert river["length_km"] == pytest.approx(GEOD.geometry_length(line) / 1000, abs=0.01)
    lon, lat = xy(own()[1], "东黄水镇")
    moved_m = GEOD.inv(lon, lat, lon + 0.005, lat)[2]
    assert changed["donghuangshui-town"]["moved_m"] == pytest.approx(moved_m, abs=0.1)
    assert len(changed) == 4  # and one reserve


def test_what_is_only_called_the_same_is_left(geo: tuple[Path, dict[str, Any]]) -> None:
    left = {item[1]: item[3] for item in geo[1]["left"]}
    missing = {item[1] for item in geo[1]["missing"]}

    assert set(left) == {"muma-river", "dayu-town"}
    assert "km from its far end" in left["muma-river"]
    assert left["dayu-town"].startswith("what goes by its name lies 43")
    assert "fen-river" in missing


def test_everything_else_stays_byte_identical(geo: tuple[Path, dict[str, Any]]) -> None:
    folder = geo[0]
    for path in (REPO / "geo").iterdir():
        text, other = path.read_bytes(), (folder / path.name).read_bytes()
        assert other == text or (path.name == "sources.toml" and other.startswith(text))
    new = {path.name for path in folder.iterdir()} - {
        path.name for path in (REPO / "geo").iterdir()
    }
    assert new == {"refined-001.geojson"}
    library, _, layers = own()
    now = {layer.id: layer for layer in build_layers(library, load_facts(folder))}
    touched = {layer.id for layer in layers if now[layer.id].text != layer.text}
    rests_on = {layer.id for layer in layers for source in now[layer.id].sources
                if source == "import-001"}  # fmt: skip
    assert touched
    assert touched == rests_on


def test_features_of_the_recipes_become_surer(geo: tuple[Path, dict[str, Any]]) -> None:
    library, _, layers = own()
    before = {feature.id: feature for layer in layers for feature in layer.features}
    built = build_layers(library, load_facts(geo[0]), ["taixin-2035"])
    after = {feature.id: feature for layer in built for feature in layer.features}
    moved = {key for key in after if after[key].geometry != before[key].geometry}

    rows = [[float(str(each[key].properties["accuracy_m"])) for each in (before, after)]
            for key in sorted(moved)]  # fmt: skip
    assert rows
    assert all(new <= old for old, new in rows)
    assert any(new < old for old, new in rows)
    named = {str(after[key].properties["name"]) for key in moved}
    assert any("滹沱河" in name for name in named)


def test_the_licence_is_recorded(geo: tuple[Path, dict[str, Any]]) -> None:
    source = load_facts(geo[0]).sources["import-001"]

    assert (source.licence, source.accuracy_m, source.date) == ("ODbL-1.0", 50, "2026-10")
    assert source.attribution == "© OpenStreetMap contributors, ODbL 1.0"
    assert "SHA-256" in source.retrieved


def test_a_second_import_and_two_undos_leave_the_folder_as_it_was(
    geo: tuple[Path, dict[str, Any]], extract: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "geo"
    shutil.copytree(geo[0], folder)
    again = taixin("geo", "import", extract, "--geo", folder, "--accuracy-m", "20", "--json")
    assert json.loads(again.out)["file"] == "refined-002.geojson"
    assert load_facts(folder).rivers.find("滹沱河").accuracy_m == 20

    first = taixin("geo", "import", "--undo", "--geo", folder)
    assert "refined-002.geojson was taken back" in first.out
    assert load_facts(folder).rivers.find("滹沱河").accuracy_m == 50
    assert taixin("geo", "import", "--undo", "--geo", folder).code == 0
    assert contents(folder) == contents(REPO / "geo")
    assert taixin("geo", "import", "--undo", "--geo", folder).code == 2


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_dry_run_writes_nothing(extract: Path, tmp_path: Path) -> None:
    folder = tmp_path / "geo"
    shutil.copytree(REPO / "geo", folder)
    ended = taixin("geo", "import", extract, "--geo", folder, "--dry-run")

    assert "rivers/hutuo-river 滹沱河: moved" in ended.out
    assert "4 changed, 2 left" in ended.out
    assert contents(folder) == contents(REPO / "geo")


def test_an_extract_may_be_binary(tmp_path: Path) -> None:
    path = tmp_path / "lakes.osm.pbf"
    path.write_bytes(pbf_of_a_place(112.21, 38.2, {"place": "town", "name": "西城镇"}))
    geo = write_geo(tmp_path / "geo")
    ended = taixin("geo", "import", path, "--geo", geo)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("places/west-seat 西城: moved 87")
    assert xy(load_facts(geo), "西城") == (112.21, 38.2)


def test_a_survey_file_states_its_terms(tmp_path: Path) -> None:
    geo, plans = write_geo(tmp_path / "geo"), write_plans(tmp_path / "layers")
    line = moved_north(load_facts(geo).rivers.find("湖河").geometry, 300)
    survey = tmp_path / "survey.geojson"
    feature = {
        "type": "Feature",
        "properties": {"name": "湖河"},
        "geometry": json.loads(shapely.to_geojson(line)),
    }
    survey.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")

    refused = taixin("geo", "import", survey, "--plans", plans)
    assert refused.code == 2
    assert "--accuracy-m, --title, --licence, --attribution missing" in refused.err
    terms = ("--title", "River survey", "--licence", "CC-BY-4.0", "--attribution", "Survey office")
    ended = taixin("geo", "import", survey, "--plans", plans, "--accuracy-m", "5", *terms)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("rivers/lake-river 湖河: moved 2")
    river = load_facts(geo).rivers.find("湖河")
    assert (river.accuracy_m, river.source) == (5, "import-001")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.osm", b"", "the file is empty"),
        ("text.osm", b"no xml", "the content is not that of a osm file"),
        ("broken.osm", b"<osm version='0.6'><node", "cannot be read|no feature|broken.osm"),
        ("fake.pbf", b"SQLite format 3\x00", "the content is not that of a osm file"),
        ("nothing.xyz", b"1", "'.xyz' is no kind of file read here|says where"),
    ],
)
def test_a_file_that_is_none_is_refused(
    name: str, content: bytes, sentence: str, tmp_path: Path
) -> None:
    geo = write_geo(tmp_path / "geo")
    before = contents(geo)
    path = tmp_path / name
    path.write_bytes(content)
    ended = taixin("geo", "import", path, "--geo", geo)

    assert (ended.code, ended.out) == (2, "")
    assert any(word in ended.err for word in sentence.split("|"))
    assert contents(geo) == before
