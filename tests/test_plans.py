"""Recipes that cannot be used: each mistake is told with its file, its key and a remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from taixin.build import build_layers, load
from taixin.errors import InputError
from taixin.plans import load_plans
from tests.samples import build_small, edit, write_geo, write_plans

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = re.compile(r"[\w./-]+: .+[.?]")
WEST = "structure.toml: layer.clusters.feature.west"
EAST = "structure.toml: layer.clusters.feature.east"
AXIS = "structure.toml: layer.axes.feature.lake-axis"
BELT = "nature.toml: layer.barriers.feature.north-belt"
PARK = "nature.toml: layer.parks.feature.lakeside"
FOREST = "nature.toml: layer.parks.feature.forest"


class World(NamedTuple):
    """A folder of facts, a folder of plans, and the folder of the one plan in it."""

    geo: Path
    plans: Path
    plan: Path

    def refusal(self) -> list[str]:
        """Give the sentences with which the plans are refused."""
        with pytest.raises(InputError) as caught:
            build_small(self.geo, self.plans)
        sentences = str(caught.value).splitlines()
        assert [s for s in sentences if not SENTENCE.fullmatch(s)] == []
        return sentences

    def assert_refused(self, *patterns: str) -> None:
        """Assert that just these problems are told, in this order."""
        sentences = self.refusal()
        assert len(patterns) == len(sentences), sentences
        for pattern, sentence in zip(patterns, sentences, strict=True):
            assert re.match(f"lake-2030/{pattern}", sentence), sentence


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give a small world whose facts and plans nothing is wrong with."""
    plans = write_plans(tmp_path / "layers")
    return World(write_geo(tmp_path / "geo"), plans, plans / "lake-2030")


def test_sound_plans_are_built_in_the_order_they_state(world: World) -> None:
    layers = build_small(world.geo, world.plans)[2]

    assert [layer.id for layer in layers] == [
        *("lake-2030/clusters", "lake-2030/axes", "lake-2030/barriers", "lake-2030/parks"),
    ]


NAMES = {
    "an unknown county": (
        '["西县"] }',
        '["西乡"] }',
        rf"{WEST}.rule.counties: no county is called '西乡'; did you mean '西县'\?",
    ),
    "an unknown route": (
        'route = "湖路"',
        'route = "环路"',
        rf"{AXIS}.rule.route: no route is called '环路'; .+",
    ),
    "an unknown range": ('["北岭"]', '["南岭"]', rf"{BELT}.rule.range: no range is called '南岭'"),
    "an unknown place": (
        'place = "湖滨园区"',
        'place = "湖滨区"',
        rf"{PARK}.rule.place: no place is called '湖滨区'; did you mean '湖滨园区'\?",
    ),
    "an unknown layer": (
        'within = "clusters"',
        'within = "cluster"',
        rf"{AXIS}.rule.within: there is no layer or feature 'cluster'; did you mean 'clusters'\?",
    ),
    "an unknown kind": (
        'kind = "development_axis"',
        'kind = "development_axes"',
        "structure.toml: layer.axes.kind: 'development_axes' is unknown; .*'development_axis'",
    ),
    "an unknown phase": (
        'phase = "near"',
        'phase = "nearer"',
        rf"{WEST}.phase: 'nearer' is unknown; did you mean 'near'\?",
    ),
    "an unknown document": (
        'document = "lake-text"\nsection = "总体',
        'document = "lake-txt"\nsection = "总体',
        r"structure.toml: document: 'lake-txt' is unknown; did you mean 'lake-text'\?",
    ),
    "an unknown document of a status": (
        'document = "lake-text", date',
        'document = "lake", date',
        rf"{PARK}.status(.document)?: 'lake' is unknown; .+",
    ),
    "an unknown status": ('"planned"', '"planed"', rf"{PARK}.status.value: .*planned.*"),
    "an unknown figure": (
        "{ area_km2 =",
        "{ area_km =",
        rf"{WEST}.figures.area_km: 'area_km' is unknown; did you mean 'area_km2'\?",
    ),
    "an unknown group": ('group = "ecology"', 'group = "nature"', "nature.toml: group: .*ecology"),
    "an unknown host": (
        'host = "西县"',
        'host = "西乡"',
        rf"{FOREST}.host: host '西乡' is no county.*; did you mean '西.'\?",
    ),
    "an unknown relative": (
        "lake-2030/axes/lake-axis",
        "lake-2030/axes/lake",
        rf"{EAST}.see_also: no feature 'lake-2030/axes/lake'; .+",
    ),
}
KEYS = {
    "of a feature": ("members =", "member =", rf"{WEST}.member: .* unknown; .*'members'"),
    "of a rule": ("width_m", "widht_m", rf"{BELT}.rule: the key 'widht_m' .* 'width_m'\?"),
    "that is the rule": (
        "counties =",
        "county =",
        rf"{WEST}.rule: the rule 'county' is unknown; did you mean 'count",
    ),
    "of a layer": ("stated = 1", "statd = 1", "structure.toml: layer.axes.statd: .*'stated'"),
    "of a system": (
        'group = "structure"',
        'group = "structure"\nsectoin = ""',
        "structure.toml: sectoin: .*'section'",
    ),
    "of a status": (", date =", ", date = '2020', dat =", rf"{PARK}.status.dat: .*'date'"),
    "of a text": ('en = "East part"', 'eng = "East part"', rf"{EAST}.name.en"),
}
MISSING = {
    "the document": (
        'document = "lake-text"\nsection = "总体',
        'section = "总体',
        "structure.toml: document: the key 'document' is missing; write the id",
    ),
    "the section": (
        'section = "总体结构"\n',
        "",
        "structure.toml: section: the key 'section' is missing; write the heading",
    ),
    "the term": (
        '  term = "西区"\n',
        "",
        f"{WEST}.term: the key 'term' is missing; write the exact words of the document",
    ),
    "the words of the term": ('term = "西区"', 'term = " "', rf"{WEST}.term: .+"),
    "the summary": (
        '  summary = { zh = "以西县为主。", en = "Mainly the western county." }\n',
        "",
        f"{WEST}.summary: the key 'summary' is missing; summarise in your own words",
    ),
    "the rule": (
        '  rule = { counties = ["西县"] }\n',
        "",
        f"{WEST}.rule: the key 'rule' is missing; say how the geometry is made",
    ),
    "the English name": (', en = "West part"', "", f"{WEST}.name.en: the key 'en' is missing"),
    "the date of a status": (', date = "2020-06"', "", f"{PARK}.status.date: the key 'date'"),
    "the host of what is unlocated": (
        '  host = "西县"\n',
        "",
        f"{FOREST}: an unlocated feature has no host; name the county",
    ),
    "the reason why it is less accurate": (
        '  accuracy_reason = "the road was moved"\n',
        "",
        f"{AXIS}: accuracy_m is given without accuracy_reason",
    ),
}
NO_FEATURES = """\
[[layer]]
id = "hubs"
title = { zh = "枢纽", en = "Hubs" }
kind = "transport_hub"
feature = []

"""
SENSELESS = {
    "two rules": (
        'counties = ["西县"]',
        'counties = ["西县"], place = "西城"',
        f"{WEST}.rule: a rule needs exactly one of .*, not 2; split it into two features",
    ),
    "no rule": ('counties = ["西县"]', "", f"{WEST}.rule: a rule needs exactly one of .*, not 0"),
    "only a modifier": (
        'counties = ["西县"]',
        "width_m = 5",
        f"{WEST}.rule: a rule needs exactly one of .*, not 0",
    ),
    "a rule without a name": ('["西县"] }', "[] }", f"{WEST}.rule.counties: needs names"),
    "a number for a name": ('["西县"] }', "140001 }", f"{WEST}.rule.counties: needs names"),
    "two names for one": (
        'place = "湖滨园区"',
        'place = ["西城", "东城"]',
        f"{PARK}.rule.place: needs one name, not several",
    ),
    "a text for a width": ("4000 }", '"4 km" }', f"{BELT}.rule.width_m: needs a positive number"),
    "a negative width": ("4000 }", "-4000 }", f"{BELT}.rule.width_m: needs a positive number"),
    "an endless width": ("4000 }", "inf }", f"{BELT}.rule.width_m: needs a positive number"),
    "a circle without a size": (
        'place = "湖滨园区"',
        'area_symbol = "湖滨园区"',
        f"{PARK}.rule: the rule 'area_symbol' needs the key 'area_km2'",
    ),
    "unlocated = false": ("unlocated = true", "unlocated = false", f"{FOREST}.rule.unlocated: can"),
    "one end of a stretch": (
        'within = "clusters"',
        'along = ["西城"]',
        f"{AXIS}.rule.along: needs two different waypoints",
    ),
    "an end that is not on the route": (
        'within = "clusters"',
        'along = ["西城", "湖滨园区"]',
        f"{AXIS}.rule.along: '湖路' has no waypoint '湖滨园区'",
    ),
    "a line to lie within": (
        'counties = ["东县"]',
        'counties = ["东县"], within = "parks"',
        f"{EAST}.rule.within: 'parks' is no area; refer to a polygon layer",
    ),
    "a union of names": ('counties = ["西县"]', 'union = ["西县"]', f"{WEST}.rule.union: needs a"),
    "a union of a rule that is none": (
        'counties = ["西县"]',
        'union = [{ county = "西县" }]',
        f"{WEST}.rule.union: the rule 'county' is unknown",
    ),
    "a line where the kind is an area": (
        'counties = ["西县"]',
        'route = "湖路"',
        f"{WEST}.rule: the rule makes a line, but kind 'settlement_cluster' is a polygon; change",
    ),
    "an area where the kind is a point": (
        'place = "湖滨园区"',
        'counties = ["东县"]',
        f"{PARK}.rule: the rule makes a polygon, but kind 'nature_park' is a point; change",
    ),
    "a clip that leaves nothing": (
        'place = "湖滨园区"',
        'place = "湖滨园区", within = ["西县"]',
        f"{PARK}.rule: the rule leaves no geometry; check within and along",
    ),
    "a reference to what is unlocated": (
        'place = "湖滨园区"',
        'layer = "parks/forest"',
        f"{PARK}.rule.layer: 'parks/forest' has no geometry to refer to",
    ),
    "an accuracy better than the facts'": (
        "accuracy_m = 4000",
        "accuracy_m = 40",
        rf"{AXIS}.accuracy_m: accuracy_m = 40 is better than .*; leave it out or write",
    ),
    "a feature id twice": (
        'id = "east"',
        'id = "west"',
        f"{WEST}: the feature id is used twice; make ids unique",
    ),
    "an id that is no slug": ('id = "west"', 'id = "West End"', ".*feature.West End.id: .+"),
    "a date that is none": ('date = "2020-06"', 'date = "June 2020"', rf"{PARK}.status.date: .+"),
    "a layer without features": (
        '[[layer]]\nid = "axes"',
        NO_FEATURES + '[[layer]]\nid = "axes"',
        "structure.toml: layer.hubs.feature: .+",
    ),
    "a system of another name": (
        'system = "nature"',
        'system = "ecology"',
        "nature.toml: system: system = 'ecology' is not the name of the file; write 'nature'",
    ),
}
CASES = {
    **{f"name: {name}": case for name, case in NAMES.items()},
    **{f"misspelt key: {name}": case for name, case in KEYS.items()},
    **{f"missing: {name}": case for name, case in MISSING.items()},
    **{f"senseless: {name}": case for name, case in SENSELESS.items()},
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_a_recipe_is_refused_for(old: str, new: str, expected: str, world: World) -> None:
    files = [world.plan / name for name in ("structure.toml", "nature.toml")]
    (file,) = [path for path in files if old in path.read_text(encoding="utf-8")][:1]
    edit(file, old, new)

    told = world.refusal()
    assert any(re.match(f"lake-2030/{expected}", sentence) for sentence in told), told
    assert all(sentence.startswith(f"lake-2030/{file.name}") for sentence in told), told


def test_features_that_refer_to_each_other_are_refused_with_the_circle(world: World) -> None:
    edit(world.plan / "structure.toml", 'counties = ["西县"]', 'layer = "clusters/east"')
    edit(world.plan / "structure.toml", 'counties = ["东县"]', 'layer = "clusters/west"')

    expected = (
        f"lake-2030/{WEST}.rule: the features refer to each other in a circle: "
        "lake-2030/clusters/west → lake-2030/clusters/east → lake-2030/clusters/west; "
        "let one of them stand on facts."
    )
    assert expected in world.refusal()


def test_a_layer_id_in_two_systems_is_refused(world: World) -> None:
    edit(world.plan / "nature.toml", 'id = "barriers"', 'id = "axes"')

    world.assert_refused(
        r"nature.toml: layer.axes: the layer id is used more than once in this plan; make layer",
        r"structure.toml: layer.axes: the layer id is used more than once in this plan",
    )


PLANS = {
    "broken TOML": ('id = "near"', "id = near", r"plan.toml: not TOML: .*line 10.*; mend that"),
    "the id of another folder": (
        'id = "lake-2030"',
        'id = "lake-2031"',
        "plan.toml: id: id = 'lake-2031' is not the name of the folder; write 'lake-2030'",
    ),
    "no document": (
        '[[document]]\nid = "lake-text"',
        '[[documents]]\nid = "lake-text"',
        "plan.toml: document: the key 'document' is missing",
    ),
    "a phase that ends before it starts": (
        "to = 2025",
        "to = 2019",
        "plan.toml: phase.near: phase 'near' ends in 2019, before it starts in 2020",
    ),
    "an unknown step": ('"adoption"', '"adopted"', "plan.toml: process_step: .*adoption"),
    "a date that is none": ('"2020-06-01"', '"1 June 2020"', "plan.toml: document.lake-text.date"),
}


@pytest.mark.parametrize(("old", "new", "expected"), PLANS.values(), ids=PLANS)
def test_a_plan_is_refused_for(old: str, new: str, expected: str, world: World) -> None:
    edit(world.plan / "plan.toml", old, new)

    told = world.refusal()
    assert any(re.match(f"lake-2030/{expected}", sentence) for sentence in told), told


@pytest.mark.parametrize("name", ["structure.toml", "plan.toml"])
def test_a_file_that_is_not_utf_8_is_refused(name: str, world: World) -> None:
    text = (world.plan / name).read_text(encoding="utf-8")
    (world.plan / name).write_bytes(text.encode("gb18030"))

    expected = re.compile(rf"lake-2030/{name}: byte \d+ is not UTF-8; save the file as UTF-8\.")
    assert any(expected.match(sentence) for sentence in world.refusal())


def test_a_system_without_layers_is_refused(world: World) -> None:
    head = (world.plan / "nature.toml").read_text(encoding="utf-8").partition("[[layer]]")[0]
    (world.plan / "nature.toml").write_text(head, encoding="utf-8")

    world.assert_refused("nature.toml: layer: the key 'layer' is missing; .+")


def test_a_plan_without_systems_is_refused(world: World) -> None:
    for name in ("structure.toml", "nature.toml"):
        (world.plan / name).unlink()

    world.assert_refused("plan.toml: the plan has no system; add a system file")


@pytest.mark.parametrize("is_there", [True, False], ids=["empty", "missing"])
def test_a_folder_without_plans_is_refused(is_there: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter of the test
    folder = tmp_path / "empty"
    if is_there:
        folder.mkdir()

    with pytest.raises(InputError, match=r"empty: no plan is here.*; name the folder that holds"):
        load_plans(folder)


def test_a_kind_is_refused_for_its_colour_and_its_misspelt_key(world: World) -> None:
    (world.plans / "kinds.toml").write_text(
        '[nature_park]\nlabel = { zh = "园", en = "Park" }\ngeometry = "point"\norder = 1\n'
        'symbol = { fill = "green", sise = 3 }\ntext = { colour = "#000000", size = 9, '
        'placement = "none" }\n',
        encoding="utf-8",
    )
    told = [sentence for sentence in world.refusal() if sentence.startswith("kinds.toml")]

    assert re.match(r"kinds.toml: nature_park.symbol.fill: .*the value is 'green'\.", told[0])
    assert re.match(r"kinds.toml: nature_park.symbol.sise: .*did you mean 'size'\?", told[1])


def test_a_system_without_a_plan_is_no_plan(world: World) -> None:
    (world.plans / "notes").mkdir()
    (world.plans / "notes" / "draft.toml").write_text("not = TOML at all", encoding="utf-8")

    assert [plan.id for plan in load_plans(world.plans)] == ["lake-2030"]


def test_all_problems_of_all_files_are_told_at_once(world: World) -> None:
    structure, nature = world.plan / "structure.toml", world.plan / "nature.toml"
    edit(structure, '["西县"] }', '["西乡"] }')
    edit(structure, "members =", "member =")
    edit(structure, '  term = "东区"\n', "")
    edit(structure, 'route = "湖路", within = "clusters"', 'place = "西城"')
    edit(nature, 'place = "湖滨园区"', 'layer = "parks/lakeside"')
    (world.plans / "broken").mkdir()
    (world.plans / "broken" / "plan.toml").write_text("id = broken", encoding="utf-8")

    (broken, circle, axis, east, member, county) = world.refusal()
    assert broken.startswith("broken/plan.toml: not TOML")
    assert circle.startswith(f"lake-2030/{PARK}.rule: the features refer to each other in a circle")
    assert axis.startswith(f"lake-2030/{AXIS}.rule: the rule makes a point, but kind")
    assert east.startswith(f"lake-2030/{EAST}.term: the key 'term' is missing")
    assert member.startswith(f"lake-2030/{WEST}.member: the key 'member' is unknown")
    assert county.startswith(f"lake-2030/{WEST}.rule.counties: no county is called '西乡'")


def test_what_follows_from_another_problem_is_not_told_again(world: World) -> None:
    edit(world.plan / "structure.toml", '["西县"] }', '["西乡"] }')

    world.assert_refused(rf"{WEST}.rule.counties: no county is called '西乡'")


def test_a_reference_to_what_can_not_be_made_is_told_where_only_that_is_built(
    world: World,
) -> None:
    other = world.plans / "hill-2030"
    other.mkdir()
    for path in world.plan.iterdir():
        text = path.read_text(encoding="utf-8").replace("lake-2030", "hill-2030")
        (other / path.name).write_text(text, encoding="utf-8")
    edit(other / "nature.toml", 'place = "湖滨园区"', 'layer = "lake-2030/parks/lakeside"')
    edit(world.plan / "nature.toml", 'place = "湖滨园区"', 'place = "湖滨区"')
    library, facts = load(world.plans, world.geo)

    with pytest.raises(
        InputError, match=r"hill.*lakeside.rule.layer: .* cannot be made \(no place"
    ):
        build_layers(library, facts, ["hill-2030"])
