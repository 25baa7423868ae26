"""The plan of the synthetic nation: clusters, links, corridors, axes and sites, all made up."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import shapely

from taixin import crs
from taixin.notation import toml_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.refresh import Unit

__all__ = ["FACE", "PLAN", "Point", "full_name", "plan_texts", "provinces", "stops"]

PLAN: Final = "synthetic-nation"
SITES_A_FILE: Final = 2_500
UNLOCATED_EVERY: Final = 25  # one site in so many has a host but no position
LEAST, MOST = 3, 12  # counties of a cluster

PLAN_TOML: Final = f"""\
# 合成数据，非真实规划。Synthetic, no real plan.

id = "{PLAN}"
title = {{ zh = "合成全国规划（非真实规划）", en = "Synthetic plan of a nation (no real plan)" }}
short = {{ zh = "合成全国", en = "Synthetic nation" }}
issuer = {{ zh = "性能测试（虚构）", en = "A benchmark (invented)" }}
process_step = "elaboration"
horizon = [2026, 2035]

[[phase]]
id = "near"
title = {{ zh = "近期", en = "Near term" }}
from = 2026
to = 2030

[[document]]
id = "synthetic"
title = {{ zh = "合成文本（虚构）", en = "Synthetic text (invented)" }}
issuer = {{ zh = "性能测试（虚构）", en = "A benchmark (invented)" }}
date = "2026-01-01"

[[check]]
id = "units"
claim = {{ zh = "县级单位数", en = "Number of county-level units" }}
stated = COUNTIES
document = "synthetic"
found = "units('{PLAN}/counties')"

[[check]]
id = "area"
claim = {{ zh = "总面积", en = "Area altogether" }}
stated = AREA
unit = "km²"
document = "synthetic"
found = "area_km2('{PLAN}/counties')"
tolerance = 0.01

[[check]]
id = "sites"
claim = {{ zh = "点位数", en = "Number of sites" }}
stated = SITES
document = "synthetic"
found = "COUNTED"
"""
FACE: Final = """\
title = { zh = "合成全国图集（非真实规划）", en = "Atlas of a synthetic nation (no real plan)" }
subtitle = { zh = "只用于性能测试", en = "For measuring only" }
"""


class Item(NamedTuple):
    """One feature of the plan: what stands in its recipe beside the texts."""

    id: str
    zh: str
    en: str
    keys: dict[str, object]


class Point(NamedTuple):
    """One place: a seat or a site."""

    id: str
    zh: str
    en: str
    kind: str
    lon: float
    lat: float
    accuracy_m: int
    adcode: str


def plan_texts(
    units: Sequence[Unit],
    shapes: Sequence[BaseGeometry],
    names: dict[str, str],
    sites: Sequence[Point],
) -> Iterator[tuple[str, str]]:
    """Write the plan and its systems.

    Parameters
    ----------
    units, shapes
        The counties and their outlines, lon/lat.
    names
        English of Chinese names.
    sites
        The sites, in the order of the counties.

    Yields
    ------
    tuple[str, str]
        Name of a file and its text.
    """
    groups = _clusters(units, shapes)
    for name, text in _systems(units, names, groups, sites):
        yield f"{name}.toml", text
    area_km2 = sum(crs.geodesic_area_km2(shape) for shape in shapes)
    chunks = range(1, 1 + -(-len(sites) // SITES_A_FILE))
    counted = " + ".join(f"count('{PLAN}/sites-{number:03d}')" for number in chunks)
    text = PLAN_TOML.replace("COUNTIES", str(len(units))).replace("AREA", str(round(area_km2)))
    yield "plan.toml", text.replace("SITES", str(len(sites))).replace("COUNTED", counted)


def full_name(unit: Unit) -> str:
    """Name a county so that no other has the name."""
    return f"{unit.city}{unit.name}·{unit.adcode}"


def provinces(units: Sequence[Unit]) -> Iterator[tuple[str, list[Unit]]]:
    for province, members in itertools.groupby(units, key=lambda unit: unit.adcode[:2]):
        yield province, list(members)


def stops(members: Sequence[Unit], wanted: int = 8) -> list[Unit]:
    """Take some counties of a province, spread over its list."""
    return list(members[:: max(1, len(members) // wanted)])[:wanted]


def _neighbours(shapes: Sequence[BaseGeometry]) -> list[set[int]]:
    """Say which shapes share a border: two vertices or more."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    keys = np.round(points * 1e6).astype(np.int64) @ np.array([1 << 30, 1])
    owned = np.unique(np.column_stack([keys, owner]), axis=0)
    pairs = [
        np.column_stack([owned[:-step, 1], owned[step:, 1]])[owned[:-step, 0] == owned[step:, 0]]
        for step in (1, 2, 3)
    ]
    found, times = np.unique(np.concatenate(pairs), axis=0, return_counts=True)
    neighbours: list[set[int]] = [set() for _ in shapes]
    for (one, other), shared in zip(found.tolist(), times, strict=True):
        if shared > 1:
            neighbours[one].add(other)
            neighbours[other].add(one)
    return neighbours


def _clusters(units: Sequence[Unit], shapes: Sequence[BaseGeometry]) -> list[list[Unit]]:
    """Gather some neighbouring counties of a province, none of them twice."""
    neighbours = _neighbours(shapes)
    free = set(range(len(units)))
    groups: list[list[Unit]] = []
    for first in range(len(units)):
        wanted = LEAST + len(groups) % (MOST - LEAST + 1)
        group = [first] if first in free else []
        for member in group:
            near = sorted(neighbours[member] & free - set(group))
            own = [i for i in near if units[i].adcode[:2] == units[first].adcode[:2]]
            group += own[: wanted - len(group)]
        if len(group) >= LEAST:
            free -= set(group)
            groups.append([units[i] for i in group])
    return groups


def _systems(
    units: Sequence[Unit],
    names: dict[str, str],
    groups: Sequence[Sequence[Unit]],
    sites: Sequence[Point],
) -> Iterator[tuple[str, str]]:
    """Write the systems of the plan, one file each."""
    every, clusters = _county_items(units, names), list(_cluster_items(groups))
    yield "counties", _system("counties", "全国县级单元", "county_involved", every)
    yield "clusters", _system("clusters", "县域组团", "settlement_cluster", clusters)
    yield "links", _system("links", "组团联系", "development_corridor", list(_links(groups)))
    yield "corridors", _system("corridors", "省域通道", "road_line", list(_corridors(units)))
    yield "axes", _system("axes", "省际发展轴", "development_axis", list(_axes(units)))
    full = {unit.adcode: full_name(unit) for unit in units}
    for start in range(0, len(sites), SITES_A_FILE):
        number = start // SITES_A_FILE + 1
        chosen = sites[start : start + SITES_A_FILE]
        name, items = f"sites-{number:03d}", [_site_item(point, full) for point in chosen]
        yield name, _system(name, f"合成点位第{number}组", "site_project", items)


def _system(name: str, title: str, kind: str, items: Sequence[Item]) -> str:
    """Write a system of one layer as TOML."""
    both = toml_text({"zh": f"{title}（合成）", "en": f"{name.capitalize()} (synthetic)"})
    group = "projects" if name.startswith("sites") else "structure"
    head = f"""\
# 合成数据，非真实规划。Synthetic, no real plan.

system = "{name}"
title = {both}
group = "{group}"
document = "synthetic"
section = "合成"
summary = {{ zh = "为测量而虚构。", en = "Invented for measuring." }}

[[layer]]
id = "{name}"
title = {both}
kind = "{kind}"
visible = {str(name in ("counties", "axes")).lower()}
"""
    return head + "".join(_feature(item) for item in items)


def _feature(item: Item) -> str:
    keys = {
        "id": item.id,
        "name": {"zh": item.zh, "en": item.en},
        "term": item.zh,
        **item.keys,
        "summary": {"zh": "合成数据。", "en": "Synthetic."},
    }
    lines = [f"  {key} = {toml_text(value)}\n" for key, value in keys.items()]
    return "\n  [[layer.feature]]\n" + "".join(lines)


def _county_items(units: Sequence[Unit], names: dict[str, str]) -> list[Item]:
    return [
        Item(unit.adcode, unit.name, names[unit.name], {"rule": {"counties": [unit.adcode]}})
        for unit in units
    ]


def _cluster_items(groups: Sequence[Sequence[Unit]]) -> Iterator[Item]:
    for number, group in enumerate(groups, start=1):
        keys: dict[str, object] = {
            "rule": {"counties": [unit.adcode for unit in group]},
            "members": [full_name(unit) for unit in group],
            "phase": "near",
        }
        yield Item(f"c-{number}", f"合成组团{number}", f"Synthetic cluster {number}", keys)


def _links(groups: Sequence[Sequence[Unit]]) -> Iterator[Item]:
    """Join the seats of a cluster by a line, cut off at the cluster's border."""
    for number, group in enumerate(groups, start=1):
        seats = [f"seat-{unit.adcode}" for unit in group]
        keys: dict[str, object] = {
            "rule": {"through": seats, "within": f"clusters/c-{number}"},
            "members": [full_name(unit) for unit in group],
            "see_also": [f"{PLAN}/clusters/c-{number}"],
        }
        yield Item(f"l-{number}", f"合成联系{number}", f"Synthetic link {number}", keys)


def _corridors(units: Sequence[Unit]) -> Iterator[Item]:
    for province, members in provinces(units):
        halts = stops(members)
        if len(halts) > 1:
            keys: dict[str, object] = {
                "rule": {"route": f"road-{province}"},
                "members": [full_name(unit) for unit in halts],
            }
            names = (f"合成通道{province}", f"Synthetic corridor {province}")
            yield Item(f"r-{province}", *names, keys)


def _axes(units: Sequence[Unit]) -> Iterator[Item]:
    """Join the first county of every province with that of the next, and with the very first."""
    firsts = [members[0] for _, members in provinces(units)]
    pairs = [*itertools.pairwise(firsts), *((firsts[0], other) for other in firsts[2:])]
    if not pairs:
        pairs = [(units[0], units[-1])]
    for number, pair in enumerate(pairs, start=1):
        rule: dict[str, object] = {"rule": {"through": [f"seat-{unit.adcode}" for unit in pair]}}
        yield Item(f"a-{number}", f"合成轴{number}", f"Synthetic axis {number}", rule)


def _site_item(point: Point, full: dict[str, str]) -> Item:
    number = int(point.id.removeprefix("site-"))
    is_located = number % UNLOCATED_EVERY
    rule: dict[str, object] = {"place": point.id} if is_located else {"unlocated": True}
    host = "合成全国" if number == UNLOCATED_EVERY else full[point.adcode]  # one: the whole plan
    return Item(point.id, point.zh, point.en, {"rule": rule, "host": host})
