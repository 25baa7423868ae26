"""The inventory of what the documents name: every row is a feature and every figure is kept.

The inventory is read from outside the repository, so these tests are skipped where it is missing;
what was built is compared with it row by row and system by system.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from tests import samples

if TYPE_CHECKING:
    from taixin.model import System

LAYERS: Final = Path(__file__).resolve().parents[1] / "layers"
#: What the inventory calls a figure, and what the recipes call it.
RENAMED: Final = {"phase": "phase_no"}  # a phase of the plan is a property of its own
#: A document without a place for these: drawn all the same, from facts, with a wide accuracy.
DRAWN_WITHOUT_A_PLACE: Final = {
    "taixin-2035/start-up-areas/wutai-agri-core": 10_000,
    "taixin-2035/start-up-areas/gujiao-etdz": 6_000,
    "taixin-2035/start-up-areas/daixian-park": 2_500,
}
#: Counties linked to a cluster: the inventory has them as members of its row.
BEYOND_THE_INVENTORY: Final = [
    "cluster-2035/cluster-linked/linked-li-liu-zhong-fang",
    "cluster-2035/cluster-linked/linked-jiao-fen-wen-xiao",
]
#: Counts that no document writes; the inventory counted, so the features are counted.
COUNTED: Final = {
    ("CL-BELTS", "clusters"): ("clusters", 5),
    ("CL-COUNTY-ROLES", "counties_with_role"): ("county-roles", 19),
    ("CL-PARKS", "named"): ("parks-zones parks-agri", 9),
    ("CL-RAIL", "hsr_build"): ("rail-hsr-build", 3),
    ("CL-RAIL", "hsr_study"): ("rail-hsr-study", 2),
    ("CL-TRANSIT", "metro"): ("transit-metro/metro-", 3),
    ("CL-TRANSIT", "suburban"): ("transit-suburban/taiyuan-wutai", 1),
    ("CL-ROAD", "expressways_complete"): ("road-complete", 3),
    ("CL-ROAD", "start"): (
        "road-start/fanshi-wutai road-start/gujiao-loufan-fangshan",
        2,
    ),
    ("CL-ROAD", "new"): ("road-start/xinzhou-jingle road-start/fanshi-fuping", 2),
    ("CL-ROAD", "arterials"): ("road-trunk", 3),
    ("CL-ROAD", "national_upgrade"): ("road-national", 3),
    # four sites: the fourth, 青龙古镇, is a feature of the layout
    ("TY-TOURISM", "sites"): ("tourism-heritage tourism-projects", 3),
}
#: Stated elsewhere than in a count or a figure: in the plan's document, a check or a summary.
ELSEWHERE: Final = {
    ("TX-SCOPE", "approval"): 'date = "2022-02-11"',
    ("TY-SCOPE", "launch"): 'date = "2021-12-08"',
    ("TY-YANGQU", "area_sum_km2"): "stated = 255.65",
    ("TP-GOALS", "signed_deals_growth_pct"): "增长15%以上",
}
FIELDS: Final = {
    "现状产业": "existing",
    "主导产业": "leading",
    "准入条件": "entry_conditions",
    "负面清单": "negative_list",
}
BLOCKS: Final = {"五台山风景名胜区板块": "mount-wutai", "大盂板块": "dayu"}


class Row(NamedTuple):
    """An element of the inventory, with the plan and the system it belongs to."""

    plan: str
    system: str
    element: str
    rule: str
    figures: dict[str, str]
    composed: bool

    def is_told_by(self, record: dict[str, Any]) -> bool:
        """Say whether a feature stands for this row, by its term or, if composed, by its name."""
        return self.element == record["term"] or (self.composed and self.element == record["name"])

    def has_its_figures_in(self, record: dict[str, Any]) -> bool:
        """Say whether a feature states all figures of this row, as numbers where they are."""
        return all(is_same(value, record.get(key)) for key, value in self.figures.items())


def is_same(stated: str, kept: object) -> bool:
    """Compare a cell of the inventory with a figure of a recipe."""
    if isinstance(kept, int | float) and not isinstance(kept, bool):
        return re.fullmatch(r"-?\d+(\.\d+)?", stated) is not None and float(stated) == kept
    return stated.replace("(name only)", "（仅为名称）") == kept


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def figures_of(cell: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in cell.split(";") if part]
    return {RENAMED.get(key.strip(), key.strip()): value.strip() for key, _, value in pairs}


@pytest.fixture(scope="module")
def systems(spec: Path) -> dict[str, dict[str, str]]:
    """Give the planning systems by their id in the inventory."""
    return {row["system_id"]: row for row in rows_of(spec / "systems.csv")}


@pytest.fixture(scope="module")
def inventory(spec: Path, systems: dict[str, dict[str, str]]) -> list[Row]:
    """Give every element that can be on a map."""
    return [
        Row(
            row["doc"],
            systems[row["system_id"]]["name_zh"],
            row["element"],
            row["geometry_rule"],
            figures_of(row["figures"]),
            row["note"].startswith("composed:"),
        )
        for row in rows_of(spec / "inventory.csv")
        if row["geometry_rule"] != "not_mappable"
    ]


@pytest.fixture(scope="module")
def built() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Give the properties of all features by plan and title of their system."""
    records: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for layer in samples.own()[2]:
        features = [dict(feature.properties) for feature in layer.features]
        records[layer.plan.id, layer.system.title.zh].extend(features)
    return records


def left_out() -> set[tuple[str, str, str]]:
    """Give what is left out, as plan, system and element; a reason must stand beside each."""
    found = set()
    for path in LAYERS.glob("*/left-out.toml"):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["left_out"]:
            assert entry["reason"]["zh"], entry
            assert entry["reason"]["en"], entry
            found.add((path.parent.name, entry["system"], entry["element"]))
    return found


# ---- elements -----------------------------------------------------------------------------------


def test_every_system_of_the_inventory_is_a_system_of_its_plan(
    systems: dict[str, dict[str, str]],
) -> None:
    wanted = {(row["doc"], row["name_zh"]) for row in systems.values()}
    plans = samples.own()[0].plans

    assert {(plan.id, system.title.zh) for plan in plans for system in plan.systems} == wanted
    assert len(wanted) == len(systems) == 80


def test_every_element_that_can_be_on_a_map_is_found_by_its_exact_words(
    inventory: list[Row], built: dict[tuple[str, str], list[dict[str, Any]]]
) -> None:
    wanted: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    missing = []
    for row in inventory:
        place = (row.plan, row.system)
        wanted[place] += 1
        if any(row.is_told_by(record) for record in built[place]):
            found[place] += 1
        else:
            missing.append((row.plan, row.system, row.element))
    for (plan, system), number in wanted.items():
        print(f"{found[plan, system] / number:7.1%} {number:4} {plan} {system}")

    assert set(missing) == left_out()
    assert sum(wanted.values()) == 992


def test_an_element_that_stands_twice_is_two_features(
    inventory: list[Row], built: dict[tuple[str, str], list[dict[str, Any]]]
) -> None:
    times = Counter((row.plan, row.system, row.element) for row in inventory if not row.composed)
    for (plan, system, element), number in times.items():
        features = [record for record in built[plan, system] if record["term"] == element]
        assert len(features) >= number, (plan, system, element)


def test_no_feature_stands_for_nothing(
    inventory: list[Row], built: dict[tuple[str, str], list[dict[str, Any]]]
) -> None:
    told = defaultdict(list)
    for row in inventory:
        told[row.plan, row.system].append(row)
    invented = [
        record["id"]
        for place, records in built.items()
        for record in records
        if not any(row.is_told_by(record) for row in told[place])
    ]

    assert invented == BEYOND_THE_INVENTORY


def test_every_figure_of_an_element_is_kept_as_stated(
    inventory: list[Row], built: dict[tuple[str, str], list[dict[str, Any]]]
) -> None:
    lost = [
        (row.plan, row.system, row.element, row.figures)
        for row in inventory
        if not any(
            row.is_told_by(record) and row.has_its_figures_in(record)
            for record in built[row.plan, row.system]
        )
    ]

    assert lost == []
    assert sum(len(row.figures) for row in inventory) == 552


def test_what_a_document_does_not_locate_is_not_drawn(
    inventory: list[Row], built: dict[tuple[str, str], list[dict[str, Any]]]
) -> None:
    drawn = {
        record["id"]: record["accuracy_m"]
        for row in inventory
        if row.rule == "stated_not_located"
        for record in built[row.plan, row.system]
        if row.is_told_by(record) and record["basis"] != "unlocated"
    }

    assert drawn == DRAWN_WITHOUT_A_PLACE


def test_a_union_of_counties_is_drawn_from_boundaries_and_nothing_finer(
    inventory: list[Row], built: dict[tuple[str, str], list[dict[str, Any]]]
) -> None:
    for row in inventory:
        if row.rule in {"county_union", "county_part"}:
            records = [each for each in built[row.plan, row.system] if row.is_told_by(each)]
            assert {each["basis"] for each in records} == {"boundary"}, row


# ---- counts -------------------------------------------------------------------------------------


def is_kept(system: System, stated: float, named: int | None) -> bool:
    """Say whether a system states a number: in a count, a layer or a figure."""
    counts = [(float(count.stated), count.named) for count in system.count]
    if named is not None:
        return (stated, named) in counts
    layers = [layer.stated for layer in system.layer]
    figures = [
        value
        for layer in system.layer
        for feature in layer.feature
        for value in feature.figures.values()
    ]
    return stated in [number for number, _ in counts] or stated in [*layers, *figures]


def features_of(plan: str, references: str) -> int:
    """Count the features of a plan whose id begins with one of these."""
    starts = tuple(f"{plan}/{reference}" for reference in references.split())
    ids = [feature.id for layer in samples.own()[2] for feature in layer.features]
    return len([name for name in ids if name.startswith(starts)])


def test_every_count_a_document_states_is_a_count_of_its_system(
    systems: dict[str, dict[str, str]],
) -> None:
    own = {
        (plan.id, system.title.zh): system
        for plan in samples.own()[0].plans
        for system in plan.systems
    }
    missing = []
    for identifier, row in systems.items():
        system = own[row["doc"], row["name_zh"]]
        for key, value in figures_of(row["stated_counts"].removeprefix("-")).items():
            if (identifier, key) in COUNTED or (identifier, key) in ELSEWHERE:
                continue
            named = re.search(r"named (\d+)", value)
            plain = re.sub(r"\(.*?\)", "", value)
            missing += [
                (identifier, key, value)
                for number in re.findall(r"\d+(?:\.\d+)?", plain)
                if not is_kept(system, float(number), int(named[1]) if named else None)
            ]

    assert missing == [("CL-HUB", "hubs", "5+")]
    assert features_of("cluster-2035", "hub-") >= 5


@pytest.mark.parametrize(("place", "expected"), COUNTED.items(), ids=map("/".join, COUNTED))
def test_what_only_the_inventory_counts_is_as_many_features(
    place: tuple[str, str], expected: tuple[str, int], systems: dict[str, dict[str, str]]
) -> None:
    references, number = expected

    assert features_of(systems[place[0]]["doc"], references) == number


@pytest.mark.parametrize(("place", "words"), ELSEWHERE.items(), ids=map("/".join, ELSEWHERE))
def test_what_is_no_count_stands_in_the_plan(
    place: tuple[str, str], words: str, systems: dict[str, dict[str, str]]
) -> None:
    plan = LAYERS / systems[place[0]]["doc"]
    texts = [path.read_text(encoding="utf-8") for path in plan.glob("*.toml")]

    assert any(words in text for text in texts)


def test_a_count_that_the_system_names_says_how_many_of_them_are_features(
    systems: dict[str, dict[str, str]],
) -> None:
    reserves = figures_of(systems["TX-ECO"]["stated_counts"])

    assert reserves["reserves"] == "5(named 1)"
    assert features_of("taixin-2035", "nature-reserves") == 2  # the named one, and the total


# ---- access rules -------------------------------------------------------------------------------


def test_every_access_rule_stands_with_its_block_in_its_order(spec: Path) -> None:
    rules = {
        rule.block: rule
        for plan in samples.own()[0].plans
        for system in plan.systems
        for rule in system.access_rule
    }
    wanted = defaultdict(list)
    for row in rows_of(spec / "access_rules.csv"):
        wanted[BLOCKS[row["block"]], row["field"]].append(row["paraphrase"])

    for (block, field), paraphrases in wanted.items():
        kept = [rules[block].role] if field == "定位" else getattr(rules[block], FIELDS[field])
        zh, en = ([paraphrase.split(" / ")[side] for paraphrase in paraphrases] for side in (0, 1))
        if field == "定位":
            zh, en = ["；".join(zh)], ["; ".join(en)]
        assert [text.zh for text in kept] == zh
        assert [text.en.lower() for text in kept] == [text.lower() for text in en]
    assert set(rules) == set(BLOCKS.values())


def test_a_block_with_access_rules_is_a_feature_that_says_how_many() -> None:
    numbers = {
        feature.id.rpartition("/")[2]: (record["entry_conditions"], record["negative_items"])
        for feature in samples.own_layer("taixin-2035/access-blocks").features
        for record in [feature.properties]
    }

    assert numbers == {"mount-wutai": (2, 4), "dayu": (3, 5)}
