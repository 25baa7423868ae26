"""The loader of ``geo/``: what it refuses, and how it says so."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from taixin.errors import InputError
from taixin.facts import load_facts
from tests.samples import box, collection, county, edit, line, write_geo

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    *("sources.toml", "places.csv", "routes.csv"),
    *("counties.geojson", "rivers.geojson", "ranges.geojson"),
}
SEAT = "112.2,38.2,800,140001,gazetteer"
OUTSIDE = r"west-seat: coordinate .* lies outside the region .*; check for swapped or projected"


@pytest.fixture
def geo(tmp_path: Path) -> Path:
    """Give a folder of facts that nothing is wrong with."""
    return write_geo(tmp_path / "geo")


def refusal(folder: Path) -> list[str]:
    """Give the sentences with which a folder of facts is refused."""
    with pytest.raises(InputError) as caught:
        load_facts(folder)
    sentences = [str(problem) for problem in caught.value.problems]
    assert str(caught.value).splitlines() == sentences
    for sentence in sentences:
        assert re.fullmatch(r"[\w.]+: .+[.?]", sentence), sentence
    return sentences


def assert_refused(folder: Path, *patterns: str) -> None:
    """Assert that just these problems are told, in this order."""
    sentences = refusal(folder)
    assert len(patterns) == len(sentences), sentences
    for pattern, sentence in zip(patterns, sentences, strict=True):
        assert re.match(pattern, sentence), sentence


def test_sound_facts_are_loaded_with_source_and_accuracy(geo: Path) -> None:
    facts = load_facts(geo)
    road = facts.routes.find("湖路")

    assert facts.places.find("西城").accuracy_m == 800
    assert facts.counties.find("140002").source == "survey"
    assert [point.name for point in road.waypoints] == ["西城", "湖口", "东城"]
    assert road.accuracy_m == 1200
    assert facts.cities["湖市"].equals(facts.province)
    assert (facts.city_names, facts.bounds) == (("湖市",), (112.0, 38.0, 113.0, 38.5))


def test_a_fact_is_found_by_name_id_and_alias(geo: Path) -> None:
    places = load_facts(geo).places

    assert {"west-seat"} == {places.find(name).id for name in ("西城", "west-seat", "西城镇")}


def test_an_own_name_wins_over_the_alias_of_another(geo: Path) -> None:
    edit(geo / "places.csv", "东城,Dongcheng,,", "东城,Dongcheng,西城,")

    assert load_facts(geo).places.find("西城").id == "west-seat"


def test_an_unknown_name_is_answered_with_the_nearest(geo: Path) -> None:
    with pytest.raises(LookupError, match="no county is called '西乡'; did you mean '西县'"):
        load_facts(geo).counties.find("西乡")


def test_a_name_of_two_facts_is_answered_with_their_ids(geo: Path) -> None:
    edit(geo / "places.csv", "东城,Dongcheng,,", "东城,Dongcheng,双城,")
    edit(geo / "places.csv", "西城镇", "双城")

    with pytest.raises(LookupError, match=r"several places are called '双城'.*west-seat"):
        load_facts(geo).places.find("双城")


ROWS = {
    "no source": ("gazetteer", "", "west-seat: the fact has no source; add it to sources.toml"),
    "an unknown source": (
        "gazetteer",
        "gazeteer",
        r"west-seat: source 'gazeteer' is not in sources.toml; did you mean 'gazetteer'\?",
    ),
    "swapped coordinates": ("112.2,38.2", "38.2,112.2", OUTSIDE),
    "projected coordinates": ("112.2,38.2", "430000,4230000", OUTSIDE),
    "a coordinate that is no number": ("112.2,38.2", "112°12',38.2", OUTSIDE),
    "an empty coordinate": ("112.2,38.2", ",38.2", OUTSIDE),
    "an endless coordinate": ("112.2,38.2", "inf,38.2", OUTSIDE),
    **{
        f"accuracy {value or 'missing'}": (
            "38.2,800",
            f"38.2,{value}",
            "west-seat: accuracy_m is not a positive number of metres; state it",
        )
        for value in ("", "0", "-5", "nan", "inf", "about 800")
    },
    "no name": ("西城,", ",", "west-seat: name_zh is empty; name the fact"),
    "an id twice": (
        "west-seat",
        "east-seat",
        "east-seat: the id is used 2 times; make ids unique",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), ROWS.values(), ids=ROWS)
def test_a_place_is_refused_for(old: str, new: str, expected: str, geo: Path) -> None:
    edit(geo / "places.csv", old, new)

    assert_refused(geo, f"places.csv: {expected}")


@pytest.mark.parametrize("file", ["counties.geojson", "rivers.geojson", "ranges.geojson"])
def test_a_feature_is_refused_for_its_source_accuracy_and_position(file: str, geo: Path) -> None:
    document = json.loads((geo / file).read_text(encoding="utf-8"))
    feature = document["features"][0]
    feature["properties"].update(source="nobody", accuracy_m=-1)
    feature["geometry"] = box(38, 112, 38.5, 112.5)
    (geo / file).write_text(json.dumps(document), encoding="utf-8")

    name = re.escape(f"{file}: {feature['id']}")
    assert_refused(
        geo,
        f"{name}: accuracy_m is not a positive number",
        rf"{name}: coordinate .* lies outside the region",
        rf"{name}: source 'nobody' is not in sources.toml; use one of gazetteer, survey\.",
    )


def test_a_county_twice_is_refused(geo: Path) -> None:
    west = county("140001", "西县", "West County", box(112, 38, 112.5, 38.5))
    (geo / "counties.geojson").write_text(collection(west, west), encoding="utf-8")

    assert_refused(geo, "counties.geojson: 140001: the id is used 2 times; make ids unique")


GEOMETRIES = {
    "of no type": {"coordinates": []},
    "of an unknown type": {"type": "Circle", "coordinates": [112, 38]},
    "without coordinates": {"type": "Polygon"},
    "of one point": {"type": "LineString", "coordinates": [[112, 38]]},
    "of words": {"type": "LineString", "coordinates": [["112", "38"], ["a", "b"]]},
    "that is empty": {"type": "Polygon", "coordinates": []},
    "that is not there": None,
    "that crosses itself": {
        "type": "Polygon",
        "coordinates": [[[112, 38], [113, 39], [113, 38], [112, 39], [112, 38]]],
    },
}


@pytest.mark.parametrize("geometry", GEOMETRIES.values(), ids=GEOMETRIES)
def test_a_county_is_refused_for_a_geometry(geometry: object, geo: Path) -> None:
    west = county("140001", "西县", "West County", geometry)
    (geo / "counties.geojson").write_text(collection(west), encoding="utf-8")

    assert_refused(geo, "counties.geojson: (140001|feature 1): .*geometry.*; .+")


ROUTES = {
    "waypoints out of order": (
        "road,2,",
        "road,5,",
        r"lake-road: seq does not run 1, 2, 3 .*; number the waypoints anew",
    ),
    "a waypoint without a source": ("1200,survey", "1200,", "lake-road: the fact has no source"),
    "a waypoint of an unknown source": (
        "1200,survey",
        "1200,map",
        "lake-road: source 'map' is not in sources.toml",
    ),
    "a waypoint outside": ("112.5,38.25", "12.5,38.25", "lake-road: coordinate 12.50000, 38.25000"),
    "a waypoint without accuracy": (
        "38.25,1200",
        "38.25,",
        "lake-road: accuracy_m is not a positive number of metres",
    ),
}


@pytest.mark.parametrize(("old", "new", "expected"), ROUTES.values(), ids=ROUTES)
def test_a_route_is_refused_for(old: str, new: str, expected: str, geo: Path) -> None:
    edit(geo / "routes.csv", old, new)

    assert_refused(geo, f"routes.csv: {expected}")


def test_a_route_of_one_waypoint_is_refused(geo: Path) -> None:
    lines = (geo / "routes.csv").read_text(encoding="utf-8").splitlines()
    (geo / "routes.csv").write_text("\n".join(lines[:2]) + "\n", encoding="utf-8")

    assert_refused(geo, "routes.csv: lake-road: a route needs two waypoints; add the other end")


def test_every_ragged_row_is_named(geo: Path) -> None:
    edit(geo / "places.csv", f"{SEAT},,", f"{SEAT},,,,")
    edit(geo / "places.csv", "140002,gazetteer,,", "140002,gazetteer")

    assert_refused(
        geo,
        "places.csv: row 2: the row has not as many cells as the header",
        "places.csv: row 3: the row has not as many cells as the header",
    )


def test_a_missing_column_is_named(geo: Path) -> None:
    edit(geo / "places.csv", "accuracy_m,", "precision,")

    assert_refused(geo, "places.csv: header: column accuracy_m is missing; add it to the first row")


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_that_is_not_utf_8_is_refused(file: str, geo: Path) -> None:
    text = (geo / file).read_text(encoding="utf-8")
    (geo / file).write_bytes(text.encode("gb18030"))

    assert_refused(geo, f"{re.escape(file)}: byte [0-9]+ is not UTF-8; save the file as UTF-8")


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_missing_file_is_named(file: str, geo: Path) -> None:
    (geo / file).unlink()

    assert_refused(geo, f"{re.escape(file)}: the file does not exist in .*; add it")


def test_a_missing_folder_is_refused_with_every_file_it_should_hold(tmp_path: Path) -> None:
    assert {sentence.split(":")[0] for sentence in refusal(tmp_path / "nowhere")} == FILES


COLLECTIONS = {
    "cut off": '{"type":"FeatureCollection","features":[{"type":"Fea',
    "a list": "[]",
    "a feature": '{"type":"Feature","geometry":null,"properties":{}}',
    "without features": '{"type":"FeatureCollection"}',
    "empty": "",
    "a hundred thousand brackets": "[" * 100_000,
}


@pytest.mark.parametrize("text", COLLECTIONS.values(), ids=COLLECTIONS)
def test_what_is_no_feature_collection_is_refused(text: str, geo: Path) -> None:
    (geo / "rivers.geojson").write_text(text, encoding="utf-8")

    assert_refused(geo, "rivers.geojson: not a GeoJSON FeatureCollection; export it as one")


@pytest.mark.parametrize("record", ["17", "null", '{"type":"Feature","geometry":null}'])
def test_a_record_that_is_no_feature_is_named_by_its_number(record: str, geo: Path) -> None:
    sound = json.dumps(line("river", "河", [112, 38], [113, 38]))
    text = f'{{"type":"FeatureCollection","features":[{sound},{record}]}}'
    (geo / "rivers.geojson").write_text(text, encoding="utf-8")

    assert_refused(geo, "rivers.geojson: feature 2: the feature has no id, properties or usable")


REGISTER = {
    "broken TOML": ('id = "survey"', "id = survey", "not TOML: .*line 6.*; mend that line"),
    "no licence": ('licence = "CC-BY-4.0"\n', "", r"source\.1\.licence: .*"),
    "a misspelt key": ("issuer =", "isuer =", r"source\.1\.(isuer|issuer): .*"),
    "no region": ("[region]", "[area]", "region: .*; give title and bbox"),
    "half a box": ("[110.0, 34.0, 117.0, 41.0]", "[110.0, 34.0]", "region: .*; give title"),
    "an id twice": ('id = "gazetteer"', 'id = "survey"', "survey: the id is used more than"),
}


@pytest.mark.parametrize(("old", "new", "expected"), REGISTER.values(), ids=REGISTER)
def test_the_register_of_sources_is_refused_for(
    old: str, new: str, expected: str, geo: Path
) -> None:
    edit(geo / "sources.toml", old, new)

    told = [sentence for sentence in refusal(geo) if sentence.startswith("sources.toml")]
    assert any(re.match(f"sources.toml: {expected}", sentence) for sentence in told), told


def test_all_problems_of_all_files_are_told_at_once(geo: Path) -> None:
    edit(geo / "places.csv", SEAT, "38.2,112.2,0,140001,")
    edit(geo / "routes.csv", "1200,survey", "1200,nobody")
    edit(geo / "rivers.geojson", '"accuracy_m": 2000', '"accuracy_m": null')
    (geo / "ranges.geojson").write_text("not JSON", encoding="utf-8")
    (geo / "counties.geojson").unlink()

    assert_refused(
        geo,
        "counties.geojson: the file does not exist",
        "places.csv: west-seat: accuracy_m is not a positive number",
        "places.csv: west-seat: coordinate 38.20000, 112.20000 lies outside",
        "places.csv: west-seat: the fact has no source",
        "ranges.geojson: not a GeoJSON FeatureCollection",
        "rivers.geojson: lake-river: accuracy_m is not a positive number",
        "routes.csv: lake-road: source 'nobody' is not in sources.toml",
    )
