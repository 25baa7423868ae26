"""The numbers and consistencies that can be tested: each is a finding, and none is invented.

`CODES` names, for every row of the list of checks, the findings that answer it. The verdicts below
are written by hand from the documents, not taken from what the audit says.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

from taixin.audit import audit
from tests import samples
from tests.documents import FILES, plain, text_of

if TYPE_CHECKING:
    from pathlib import Path

    from taixin.model import Check, Finding

TAIXIN: Final = {
    "CK-001": "scope-area",
    "CK-002": "scope-units",
    "CK-003": "taiyuan-units xinzhou-units",
    "CK-004": "xinzhou-area",
    "CK-005": "zone-is-part",
    "CK-006": "clusters-tile clusters-apart clusters-members",
    "CK-007": "phases-fill-term phases-term",
    "CK-008": "axes axis-1-ends-at-xinzhou",
    "CK-009": "barriers corridors",
    "CK-010": "ecology-count-3",
    "CK-011": "ecology-count-4",
    "CK-012": "world-heritage",
    "CK-013": "historic-cities",
    "CK-014": "heritage-count-3",
    "CK-015": "heritage-count-4",
    "CK-016": "heritage-count-5",
    "CK-017": "heritage-count-6",
    "CK-018": "startup-areas",
    "CK-019": "startup-counties",
    "CK-020": "startup-areas",
    "CK-021": "service-core service-poles",
    "CK-022": "tourism-areas tourism-centres tourism-cores",
    "CK-023": "tourism-north-south",
    "CK-024": "access-blocks",
    "CK-025": "entry-conditions",
    "CK-026": "negative-list",
    "CK-027": "expressways roads",
    "CK-028": "ring-after-north-west",
    "CK-029": "rails rail-services",
    "CK-129": "core-name",
    "CK-130": "axis-name",
    "CK-131": "wutai-rail",
    "CK-133": "grain-park-name",
    "CK-135": "zhongbei-name",
    "CK-136": "xinzhou-zone-name",
    "CK-141": "gujiao-fangshan-name",
    "CK-142": "fanshi-wutai-name",
    "CK-143": "qingyin-link-name",
    "CK-144": "clusters-of-plans",
    "CK-146": "no-geometry",
}
CLUSTER: Final = {
    "CK-030": "area",
    "CK-031": "area-share",
    "CK-032": "population-share",
    "CK-033": "gdp-share",
    "CK-034": "core belts clusters",
    "CK-035": "belts-tile belts-apart all-units",
    "CK-036": "fen-valley-units fen-valley-clusters",
    "CK-037": "xiongxin-units xiongxin-same",
    "CK-038": "yellow-river-units",
    "CK-039": "taihang-units",
    "CK-040": "cluster-core-units cluster-roles",
    "CK-041": "cluster-linked",
    "CK-042": "li-liu-in-belt jiao-fen-in-belt ping-jie-in-belt xin-ding-in-belt yu-ping-in-belt",
    "CK-043": "zones-share national-zones-share scope-count-3 scope-count-4",
    "CK-044": "key-development-units",
    "CK-045": "industry-poles industry-corridors industry-clusters industry-cities",
    "CK-046": "box1-grid box1-gas box1-water",
    "CK-047": "box2",
    "CK-048": "data-agglomerations",
    "CK-049": "box3",
    "CK-050": "box4-chains",
    "CK-051": "box6",
    "CK-052": "box7",
    "CK-053": "tourism-corridors tourism-corridor-nodes",
    "CK-054": "fen-strip-order",
    "CK-055": "general-airfields",
    "CK-056": "rooftop-solar",
    "CK-057": "pumped-storage",
    "CK-058": "school-bases",
    "CK-059": "transfer-chains",
    "CK-060": "pages-missing",
    "CK-061": "folios",
    "CK-062": "third-corridor",
    "CK-063": "computing-centre",
    "CK-064": "waste-base",
    "CK-134": "airport-name",
    "CK-137": "ev-site-name",
    "CK-139": "qixian-lishi",
    "CK-140": "explosives-works",
    "CK-145": "coverage",
}
TAIYUAN_AREA: Final = {
    "CK-065": "area",
    "CK-066": "area-units area-same-as-taixin",
    "CK-067": "axis-parts cores clusters industries",
    "CK-068": "clusters-tile",
    "CK-069": "dayu-core-inside dayu-startup-inside dayu-mu dayu-startup-mu dayu-core-mu",
    "CK-070": "dayu-spelling",
    "CK-071": "jiancaoping-area",
    "CK-072": "jiancaoping-usable",
    "CK-073": "xiangyang-remainder xiangyang-usable",
    "CK-074": "corridor-land",
    "CK-075": "jiancaoping-blocks jiancaoping-corridors",
    "CK-076": "yangqu-area yangqu-inside-county",
    "CK-077": "yangqu-new-materials",
    "CK-078": "tourism-brands",
    "CK-079": "business-circles",
    "CK-080": "carriers",
    "CK-081": "restoration",
    "CK-082": "farm-buildings-sum farm-buildings-fit",
    "CK-083": "farm-money",
    "CK-085": "page-break",
    "CK-086": "editor-names",
    "CK-087": "launch-year",
    "CK-138": "synthetic-biology-place",
}
TAIYUAN_145: Final = {
    "CK-084": (
        "farm-display farm-growing farm-arch farm-solar farm-nursery farm-seedling farm-coir "
        "farm-control farm-sum"
    ),
    "CK-088": "box1-projects box1-money",
    "CK-089": "box2-projects box2-money",
    "CK-090": "box3-projects box3-money",
    "CK-091": "box4-projects box4-money",
    "CK-092": "box5-projects box5-money",
    "CK-093": "boxes-projects boxes-money",
    "CK-094": "dayu-yuxian-length",
    "CK-095": "dayu-yuxian-cost",
    "CK-096": "suide-length",
    "CK-097": "runway",
    "CK-098": "passenger-ring-length passenger-ring-main",
    "CK-099": "ring-naming",
    "CK-100": "metro-lines",
    "CK-101": "g108-yangqu-length",
    "CK-102": "nixiang-length",
    "CK-103": "fen-reach",
    "CK-104": "fen-tributaries box4-fen-count-2 box4-fen-count-3",
    "CK-105": "technology-corridor",
    "CK-106": "railway-pattern rail-count-1",
    "CK-107": "travel-times",
    "CK-108": "g208-name",
    "CK-109": "tongfang",
    "CK-110": "units",
    "CK-111": "districts",
    "CK-112": "base-count-2 base-count-3",
}
FIVE_CITIES: Final = {
    "CK-113": "cities",
    "CK-114": "streets streets-named",
    "CK-115": "longcheng-area",
    "CK-116": "xiurong-area",
    "CK-117": "lvliang-chains",
    "CK-118": "lvliang-yellow-river",
    "CK-119": "lvliang-plain",
    "CK-120": "specialty-provincial specialty-city",
    "CK-121": "data-valley",
    "CK-122": "yuxian-storage",
    "CK-123": "power-units",
    "CK-124": "scan-error",
    "CK-125": "corridors",
    "CK-126": "north-west-ring",
    "CK-127": "xingxian-time",
    "CK-128": "stations-5g",
    "CK-132": "liquor-town",
}
CODES: Final = {
    "taixin-2035": TAIXIN,
    "cluster-2035": CLUSTER,
    "taiyuan-area-2021": TAIYUAN_AREA,
    "taiyuan-145": TAIYUAN_145,
    "five-cities-2023": FIVE_CITIES,
}
#: What the documents state, what is found by other means, and the share it may be off.
AGREEMENTS: Final = {
    "taixin-2035/scope-area": (16_800, 16_787, 1e-4),
    "taixin-2035/xinzhou-area": (12_367, 16_787 - 4_427, 1e-4),
    "taixin-2035/clusters-members": (12, 12, 0),
    "taixin-2035/startup-areas": (11, 11, 0),
    "cluster-2035/area": (74_100, 74_106, 1e-4),
    "cluster-2035/area-share": (47.3, 47.3, 1e-3),
    "cluster-2035/all-units": (53, 8 + 6 + 17 + 10 + 12, 0),
    "cluster-2035/cluster-core-units": (19, 4 + 4 + 3 + 4 + 4, 0),
    "taiyuan-area-2021/area": (4_433, 4_427, 1e-4),
    "taiyuan-area-2021/jiancaoping-area": (90, 18.35 + 71.65, 1e-9),
    "taiyuan-area-2021/jiancaoping-usable": (6.23, 4.4 + 1.83, 1e-9),
    "taiyuan-area-2021/xiangyang-remainder": (38, 71.65 - 15.29 - 18.36, 1e-9),
    "taiyuan-area-2021/xiangyang-usable": (0.79, 1.83 - 0.37 - 0.67, 1e-9),
    "taiyuan-area-2021/yangqu-area": (255.65, 28.8 + 77.45 + 141.4 + 8, 1e-9),
    "taiyuan-area-2021/farm-buildings-sum": (355_674, 355_674, 0),
    "taiyuan-145/farm-sum": (295_049, 295_049, 0),
    "taiyuan-145/passenger-ring-length": (125.41, 84.85 + 40.56, 1e-9),
    "taiyuan-145/boxes-money": (3_949.11, 1_438.7 + 585 + 10 + 917.07 + 998.34, 1e-9),
    "taiyuan-145/boxes-projects": (38, 18 + 6 + 1 + 3 + 10, 0),
}
#: Parts that fill a whole: what they miss or share, in m².
TILES: Final = (
    "taixin-2035/clusters-tile",
    "taixin-2035/clusters-apart",
    "cluster-2035/belts-tile",
    "cluster-2035/belts-apart",
    "cluster-2035/fen-valley-clusters",
    "cluster-2035/xiongxin-same",
    "cluster-2035/xin-ding-same",
    "taiyuan-area-2021/clusters-tile",
    "taiyuan-area-2021/area-same-as-taixin",
)
#: Where two documents say different things of one thing; nothing else is a conflict.
CONFLICTS: Final = {
    "taixin-2035/core-name",
    "taixin-2035/axis-name",
    "taixin-2035/clusters-of-plans",
    "taixin-2035/wutai-rail",
    "cluster-2035/waste-base",
    "cluster-2035/qixian-lishi",
    "taiyuan-area-2021/synthetic-biology-place",
    "taiyuan-145/ring-naming",
    "taiyuan-145/technology-corridor",
    "five-cities-2023/lvliang-yellow-river",
    "five-cities-2023/corridors",
}
#: The farm park in the Taiyuan plan less the same in the report, in m².
FARM_PARK: Final = {
    "display": 9_537 - 9_450,
    "growing": 96_310 - 95_940,
    "arch": 7_193 - 84_982,
    "solar": 145_325 - 33_390,
    "nursery": 23_074 - 30_368,
    "seedling": 2_349 - 2_304,
    "coir": 1_767 - 1_728,
    "control": 2_852 - 9_432,
}
#: Other declared checks in which a plan does not bear itself out.
DIFFERENCES: Final = {
    "taixin-2035/startup-counties": (12, 9),
    "cluster-2035/fen-strip-order": (0, -0.206),
    "cluster-2035/key-development-units": (17, 0),
    "taiyuan-area-2021/dayu-startup-mu": (29, 29.333),
    "taiyuan-area-2021/restoration": (34, 0),
    "five-cities-2023/specialty-city": (6, 2),
}


@cache
def findings() -> dict[str, Finding]:
    library, facts, layers = samples.own()
    return {finding.id: finding for finding in audit(library, layers, facts)}


def declared() -> dict[str, Check]:
    """Give the checks that the plans declare, by plan and id."""
    plans = samples.own()[0].plans
    return {f"{plan.id}/{check.id}": check for plan in plans for check in plan.check}


# ---- every row is tested ------------------------------------------------------------------------


def test_every_row_of_the_list_of_checks_is_answered(spec: Path) -> None:
    with (spec / "checks.csv").open(encoding="utf-8-sig", newline="") as lines:
        listed = [row["id"] for row in csv.DictReader(lines)]
    answered = [code for codes in CODES.values() for code in codes]

    assert sorted(answered) == listed
    assert len(listed) == 146


@pytest.mark.parametrize(
    ("plan", "code"), [(plan, code) for plan, codes in CODES.items() for code in codes]
)
def test_the_answer_to_a_check_is_a_finding(plan: str, code: str) -> None:
    for identifier in CODES[plan][code].split():
        assert f"{plan}/{identifier}" in findings()


def test_the_audit_finds_no_error_at_all() -> None:
    assert [name for name, finding in findings().items() if finding.severity == "error"] == []


# ---- what it says -------------------------------------------------------------------------------


@pytest.mark.parametrize(("identifier", "expected"), AGREEMENTS.items(), ids=AGREEMENTS)
def test_a_known_agreement_is_reproduced(
    identifier: str, expected: tuple[float, float, float]
) -> None:
    stated, found, share = expected
    finding = findings()[identifier]

    assert (finding.verdict, finding.severity) == ("agrees", "info")
    assert finding.stated == stated
    assert finding.found == pytest.approx(found, rel=share)
    assert finding.deviation == pytest.approx((found - stated) / stated, abs=share + 1e-6)


@pytest.mark.parametrize("identifier", TILES)
def test_parts_that_should_fill_a_whole_leave_no_gap(identifier: str) -> None:
    finding = findings()[identifier]

    assert (finding.verdict, finding.stated, finding.unit) == ("agrees", 0, "m²")
    assert abs(float(finding.found or 0)) < 0.5


def test_just_the_known_conflicts_are_found() -> None:
    found = {name: item for name, item in findings().items() if item.verdict == "conflict"}

    assert found.keys() == CONFLICTS
    assert {item.severity for item in found.values()} == {"warning"}


@pytest.mark.parametrize(("building", "difference"), FARM_PARK.items(), ids=FARM_PARK)
def test_a_building_of_the_farm_park_differs_between_two_documents(
    building: str, difference: float
) -> None:
    finding = findings()[f"taiyuan-145/farm-{building}"]

    assert (finding.verdict, finding.severity) == ("differs", "warning")
    assert finding.found == difference


def test_the_farm_park_costs_the_same_in_both_documents_and_has_land_in_one() -> None:
    money, land = (findings()[f"taiyuan-145/farm-{word}"] for word in ("money", "land"))

    assert (money.verdict, money.stated, money.found) == ("agrees", 4.1, 4.1)
    assert land.verdict == "unverifiable"
    assert findings()["taiyuan-area-2021/farm-buildings-fit"].found == pytest.approx(
        809 * 2000 / 3 - 355_674, abs=0.001
    )


def test_a_plan_that_does_not_bear_itself_out_is_a_warning_and_no_error() -> None:
    warned = {
        name: (finding.stated, finding.found)
        for name, finding in findings().items()
        if name in declared() and (finding.verdict, finding.severity) == ("differs", "warning")
    }
    farm = {name for name in warned if name.startswith("taiyuan-145/farm-")}

    assert {name: warned[name] for name in warned.keys() - farm} == DIFFERENCES
    assert farm == {f"taiyuan-145/farm-{building}" for building in FARM_PARK}


def test_missing_pages_can_not_be_verified() -> None:
    finding = findings()["cluster-2035/pages-missing"]

    assert (finding.verdict, finding.found, finding.deviation) == ("unverifiable", None, None)
    assert "25—26、54—55" in finding.claim.zh


def test_a_stated_count_without_names_is_a_warning_with_both_numbers() -> None:
    reserves = findings()["taixin-2035/ecology-count-3"]

    assert (reserves.stated, reserves.found) == (5, 1)
    assert (reserves.verdict, reserves.severity) == ("differs", "warning")
    assert reserves.deviation == -0.8


# ---- how it is declared -------------------------------------------------------------------------


def test_every_place_a_finding_names_exists() -> None:
    library, _, layers = samples.own()
    known = {layer.id for layer in layers}
    known |= {feature.id for layer in layers for feature in layer.features}
    known |= {plan.id for plan in library.plans}
    known |= {f"{plan.id}/{system.system}" for plan in library.plans for system in plan.systems}

    assert [
        (name, place)
        for name, check in declared().items()
        for place in check.where
        if place not in known
    ] == []


def test_names_and_spellings_are_those_of_their_documents(documents: Path) -> None:
    texts = {identifier: text_of(documents, identifier) for identifier in FILES}
    misquoted = [
        (name, document, value)
        for name, check in declared().items()
        if check.blame == "spelling" or name in CONFLICTS - {"cluster-2035/waste-base"}
        for document, value in [
            (check.document or name.partition("/")[0], check.stated),
            *((quote.document, quote.value) for quote in check.other),
        ]
        if isinstance(value, str)
        and not all(plain(word) in texts[document] for word in value.split("（")[0].split("、"))
    ]

    assert misquoted == []


def test_a_check_of_our_own_layers_allows_for_no_more_than_rounding_and_surveying() -> None:
    loose = {
        name: check.tolerance
        for name, check in declared().items()
        if check.blame == "layers" and check.unit != "m²" and check.tolerance > 0.01
    }

    assert loose == {}
