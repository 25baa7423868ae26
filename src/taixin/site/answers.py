"""The answer for a site: plan by plan what it affects, what is near, what nobody can say.

`Checker` holds everything that is made once; `Checker.check` answers for a chunk of sites; the
records that leave here are the contract of ``taixin check --json``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from taixin import plane
from taixin.errors import InputError, Problem
from taixin.hosts import Hosts
from taixin.site import areas, screening

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taixin.build import Feature, Layer
    from taixin.facts import Facts
    from taixin.intake.sites import Chunk
    from taixin.model import AccessRule, Kind, Plan, Text
    from taixin.plans import Library
    from taixin.site.areas import AreaIndex, Overlaps, Sites
    from taixin.site.screening import Answers, Screen

__all__ = ["Checked", "Checker", "Rule"]

_M2_PER_KM2: Final = 1e6
_M_PER_KM: Final = 1e3
_LINE, _POLYGON = 1, 2


@dataclass(frozen=True, slots=True)
class Rule:
    """An access rule with the feature that stands for its block."""

    plan: Plan
    rule: AccessRule
    feature: Feature


@dataclass(frozen=True, eq=False)
class Checked:
    """What was found for a chunk of sites.

    Parameters
    ----------
    chunk
        The sites.
    sites
        The same in the equal-area plane.
    answers
        Pairs of site and located feature.
    outlines
        Of the counties.
    """

    chunk: Chunk
    sites: Sites
    answers: Answers
    outlines: AreaIndex

    @cached_property
    def counties(self) -> Overlaps:
        """Pairs of site and county."""
        return areas.overlaps(self.sites, self.outlines)


@dataclass(frozen=True, eq=False)
class Checker:
    """Plans made ready for any number of sites; see `Checker.of`.

    Parameters
    ----------
    plans
        In their order.
    features
        Every located feature, in the order of plans and layers: the targets of `screen`.
    unlocated
        Features without a position, with the counties they may be in.
    rules
        Access rules with their blocks.
    facts
        Counties.
    layers
        What all this was made from.
    kinds
        How each kind of feature is called and drawn.
    lang
        ``zh`` or ``en``: the language of names and rules.
    """

    plans: tuple[Plan, ...]
    features: tuple[Feature, ...]
    unlocated: tuple[tuple[Feature, frozenset[int]], ...]
    rules: tuple[Rule, ...]
    facts: Facts
    screen: Screen
    counties: AreaIndex
    layers: tuple[Layer, ...]
    kinds: Mapping[str, Kind]
    lang: str = "zh"
    _starts: Mapping[str, tuple[int, int]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, layers: Sequence[Layer], library: Library, facts: Facts, *, lang: str = "zh"
    ) -> Checker:
        """Make layers ready.

        Parameters
        ----------
        layers
            Whole plans, as built.
        library
            Kinds.
        facts
            Counties, cities and places.
        lang
            The language of names and rules, ``zh`` or ``en``.
        """
        plans = tuple({layer.plan.id: layer.plan for layer in layers}.values())
        located = tuple(feature for layer in layers for feature in layer.located)
        hosts = Hosts(layers, facts)
        unlocated = tuple(
            (feature, hosts.counties(feature, layer.plan))
            for layer in layers
            for feature in layer.features
            if feature.geometry is None
        )
        targets = [
            screening.Target(feature.id, feature.geometry, _number(feature, "accuracy_m"))
            for feature in located
            if feature.geometry is not None
        ]
        outlines = plane.project(np.array([fact.geometry for fact in facts.counties.facts]))
        starts, position = {}, 0
        sizes = Counter(str(feature.properties["plan"]) for feature in located)
        for plan in plans:
            starts[plan.id] = (position, position + sizes[plan.id])
            position += sizes[plan.id]
        return cls(
            plans,
            located,
            unlocated,
            tuple(_rules(layers)),
            facts,
            screening.Screen.of(targets),
            areas.AreaIndex.of(outlines),
            tuple(layers),
            library.kinds,
            lang,
            starts,
        )

    def check(self, chunk: Chunk, within_m: float) -> Checked:
        """Answer for a chunk of sites; `records` and the tables tell it."""
        sites = areas.project_sites(chunk.geometries)
        answers = screening.screen(sites, self.screen, within_m)
        return Checked(chunk, sites, answers, self.counties)

    # ---- records ---------------------------------------------------------------------------------

    def records(self, checked: Checked, source: str) -> list[dict[str, object]]:
        """Tell what was found as the contract of ``taixin check --json``, site by site.

        Parameters
        ----------
        checked
            From `check`.
        source
            What the user named.

        Returns
        -------
        list[dict[str, object]]
            Plain data; areas in km², distances in metres, both on the ellipsoid.
        """
        return [self._record(checked, index, source) for index in range(len(checked.sites.shapes))]

    def _record(self, checked: Checked, index: int, source: str) -> dict[str, object]:
        shape = checked.chunk.geometries[index]
        rows = np.flatnonzero(checked.answers.sites == index)
        inside = checked.counties.sites == index
        counties = [int(i) for i in checked.counties.areas[inside]]
        shares = checked.counties.sizes[inside]
        size = Size.of(checked.sites, index)
        return {
            "site": {
                "source": source,
                "number": checked.chunk.numbers[index],
                "name": checked.chunk.labels[index],
                "features": 1,
                **size.whole(),
                "crs": checked.chunk.crs,
                "bbox": [round(float(value), 7) for value in shape.bounds],
                "notes": self._notes(checked, index, counties),
            },
            "administrative": [
                {
                    "adcode": self.facts.counties.facts[county].id,
                    "name": self._name_of_county(county),
                    **size.part(float(share)),
                }
                for county, share in sorted(
                    zip(counties, shares, strict=True), key=lambda pair: -pair[1]
                )
            ],
            "plans": [self._plan(plan, checked, rows, size, counties) for plan in self.plans],
            "access_rules": self._access(checked, rows, counties),
        }

    def _notes(self, checked: Checked, index: int, counties: list[int]) -> list[str]:
        if counties:
            return []
        outside = {
            "zh": "该地块不在本图集任何县（市、区）内，位于所有规划之外。",
            "en": "The site lies in no county of this atlas and outside all plans.",
        }
        answers = checked.answers
        touched = ((answers.sites == index) & answers.within_band).any()
        return [] if touched else [outside[self.lang]]

    def _plan(
        self, plan: Plan, checked: Checked, rows: np.ndarray, size: Size, counties: list[int]
    ) -> dict[str, object]:
        answers = checked.answers
        first, last = self._starts[plan.id]
        own = rows[(answers.targets[rows] >= first) & (answers.targets[rows] < last)]
        affected = own[answers.within_band[own]]
        affected = affected[np.argsort(~answers.certain[affected], kind="stable")]
        near = own[~answers.within_band[own]]
        near = near[np.argsort(answers.distances_m[near], kind="stable")]
        met = {int(target) for target in answers.targets[own]}
        here = set(counties)
        unlocated = [
            (feature, bool(hosts & here))
            for feature, hosts in self.unlocated
            if feature.properties["plan"] == plan.id
        ]
        return {
            "plan": plan.id,
            "affected": [self._affected(answers, int(row), size) for row in affected],
            "near": [self._near(answers, int(row)) for row in near],
            "no_data": [self._no_data(feature) for feature, is_here in unlocated if is_here],
            "not_affected": [
                *(self.features[i].id for i in range(first, last) if i not in met),
                *(feature.id for feature, is_here in unlocated if not is_here),
            ],
        }

    def _affected(self, answers: Answers, row: int, size: Size) -> dict[str, object]:
        target = int(answers.targets[row])
        feature = self.features[target]
        dimension = int(self.screen.dimensions[target])
        of_target = float(answers.of_target[row])
        measures = size.part(float(answers.inside[row]))
        if dimension == _LINE:
            measures["length_km"] = round(of_target / _M_PER_KM, 4)
        elif dimension < _LINE:
            measures["count"] = round(of_target)
        return {
            **self._named(feature),
            "answer": "yes" if answers.certain[row] else "possibly",
            **measures,
            "distance_m": round(float(answers.distances_m[row]), 1),
            **_cited(feature),
        }

    def _near(self, answers: Answers, row: int) -> dict[str, object]:
        feature = self.features[int(answers.targets[row])]
        distance_m = round(float(answers.distances_m[row]), 1)
        return {**self._named(feature), "distance_m": distance_m, **_cited(feature)}

    def _no_data(self, feature: Feature) -> dict[str, object]:
        host = feature.properties.get("host")
        return {**self._named(feature), "host": host, **_cited(feature)}

    def _named(self, feature: Feature) -> dict[str, object]:
        name = feature.properties["name" if self.lang == "zh" else "name_en"]
        return {"id": feature.id, "name": name, "kind": feature.properties["kind"]}

    def _name_of_county(self, county: int) -> str:
        fact = self.facts.counties.facts[county]
        return fact.name_zh if self.lang == "zh" else fact.name_en

    def _access(
        self, checked: Checked, rows: np.ndarray, counties: list[int]
    ) -> list[dict[str, object]]:
        answers = checked.answers
        by_feature = {self.features[int(answers.targets[row])].id: int(row) for row in rows}
        may_be = {feature.id for feature, hosts in self.unlocated if hosts & set(counties)}
        found = []
        for item in self.rules:
            row = by_feature.get(item.feature.id)
            if row is not None and answers.within_band[row]:
                applies = "yes" if answers.certain[row] else "possibly"
            elif item.feature.id in may_be:
                applies = "possibly"
            else:
                continue
            found.append(self._rule(item, applies))
        return found

    def _rule(self, item: Rule, applies: str) -> dict[str, object]:
        def told(texts: Sequence[Text]) -> list[str]:
            return [getattr(text, self.lang) for text in texts]

        rule = item.rule
        return {
            "block": self._named(item.feature)["name"],
            "id": item.feature.id,
            "plan": item.plan.id,
            "applies": applies,
            "role": getattr(rule.role, self.lang),
            "existing": told(rule.existing),
            "leading": told(rule.leading),
            "requirements": told(rule.entry_conditions),
            "negative_list": told(rule.negative_list),
            "accuracy_m": item.feature.properties["accuracy_m"],
            "document": rule.document,
            "section": rule.section,
        }


@dataclass(frozen=True, slots=True)
class Size:
    """How large a site is, in the measure of its kind.

    Parameters
    ----------
    dimension
        0, 1 or 2.
    amount
        Points, metres or square metres.
    """

    dimension: int
    amount: float

    @classmethod
    def of(cls, sites: Sites, index: int) -> Size:
        """Take the size of one of many sites."""
        return cls(int(sites.dimensions[index]), float(sites.sizes[index]))

    def whole(self) -> dict[str, object]:
        """Give the size of the whole site."""
        measures = self.part(self.amount)
        del measures["share"]
        return measures

    def part(self, amount: float) -> dict[str, object]:
        """Give the size of a part of the site and its share.

        Examples
        --------
        >>> Size(2, 4e6).part(1e6)
        {'share': 0.25, 'area_km2': 1.0, 'length_km': None, 'count': None}
        """
        is_area, is_line = self.dimension == _POLYGON, self.dimension == _LINE
        return {
            "share": round(amount / self.amount, 6) if self.amount else 0.0,
            "area_km2": round(amount / _M2_PER_KM2, 8) if is_area else 0.0,
            "length_km": round(amount / _M_PER_KM, 4) if is_line else None,
            "count": None if is_area or is_line else round(amount),
        }


def _cited(feature: Feature) -> dict[str, object]:
    return {key: feature.properties[key] for key in ("accuracy_m", "basis", "document", "section")}


def _number(feature: Feature, key: str) -> float:
    return float(str(feature.properties[key] or 0))


def _rules(layers: Sequence[Layer]) -> list[Rule]:
    """Join access rules with the features of their system that stand for the blocks."""
    found, problems = [], []
    systems = {(layer.plan.id, layer.system.system): (layer.plan, layer.system) for layer in layers}
    for plan, system in systems.values():
        features = {
            feature.id.rsplit("/", 1)[-1]: feature
            for layer in layers
            if layer.system is system
            for feature in layer.features
        }
        for rule in system.access_rule:
            if rule.block in features:
                found.append(Rule(plan, rule, features[rule.block]))
            else:
                file = f"{plan.id}/{system.system}.toml"
                message = f"no feature of this system has the id '{rule.block}'"
                problems.append(Problem(file, "access_rule", message, "add it, or mend block"))
    if problems:
        raise InputError(problems)
    return found
