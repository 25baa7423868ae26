"""Names in a rule become shapes: facts, other features, numbers.

One resolver serves one build. It remembers every feature it made and every fact each rests on,
and it notices when features refer to each other in a circle.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import shapely

from taixin import rules
from taixin.errors import nearest
from taixin.plans import check_rule
from taixin.rules import Shape, Waypoint

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from taixin.facts import Fact, Facts, Table
    from taixin.model import FeatureRecipe, Plan
    from taixin.plans import Library

__all__ = ["CircleError", "Resolver", "RuleError", "SpoiltError"]

FeatureKey = tuple[str, str, str]
FactKey = tuple[str, str, str]


class RuleError(Exception):
    """A rule that cannot be carried out, with the key in the recipe and a remedy."""

    def __init__(self, key: str, message: str, remedy: str = "") -> None:
        self.key, self.message, self.remedy = key, message, remedy
        super().__init__(message)


class SpoiltError(RuleError):
    """What a feature refers to cannot be made; that feature's own problem says why."""


class CircleError(RuleError):
    """Features refer to each other in a circle; every one of them is told."""


@dataclass
class _Trail:
    """The facts a feature rests on, gathered while its rule is carried out."""

    facts: set[FactKey] = field(default_factory=set)


class Resolver:
    """Carries out the rules of a library of plans on a set of facts.

    Parameters
    ----------
    library
        All plans, since a feature may refer to one of another plan.
    facts
        What names stand for.
    """

    def __init__(self, library: Library, facts: Facts) -> None:
        self.facts = facts
        self._recipes: dict[FeatureKey, FeatureRecipe] = {
            (plan.id, layer.id, feature.id): feature
            for plan in library.plans
            for system in plan.systems
            for layer in system.layer
            for feature in layer.feature
        }
        self._of_layer: dict[tuple[str, str], list[FeatureKey]] = {}
        for key in self._recipes:
            self._of_layer.setdefault(key[:2], []).append(key)
        self._plans = library.plans
        self._shapes: dict[FeatureKey, Shape] = {}
        self._used: dict[FeatureKey, set[FactKey]] = {}
        self._under_way: list[FeatureKey] = []
        self._hosts: dict[str, dict[str, None]] = {}

    # ---- what a build asks ----------------------------------------------------------------------

    def feature(self, plan: str, layer: str, feature: str) -> Shape:
        """Make the shape of a feature.

        Raises
        ------
        RuleError
            If a name is unknown, a value has the wrong type, or features go in a circle.
        """
        key = (plan, layer, feature)
        if key in self._shapes:
            return self._shapes[key]
        if key in self._under_way:
            circle = [*self._under_way[self._under_way.index(key) :], key]
            path = " → ".join("/".join(step) for step in circle)
            message = f"the features refer to each other in a circle: {path}"
            raise CircleError("rule", message, "let one of them stand on facts")
        self._under_way.append(key)
        try:
            trail = _Trail()
            self._shapes[key] = self._run(self._recipes[key].rule, plan, trail)
            self._used[key] = trail.facts
        finally:
            self._under_way.pop()
        return self._shapes[key]

    def used(self, plan: str, layer: str, feature: str) -> set[FactKey]:
        """List the facts a made feature rests on, as table, id and source."""
        return self._used[(plan, layer, feature)]

    def fingerprint(self, table: str, identifier: str) -> bytes:
        """Give the bytes that change when a fact changes."""
        fact: Fact = getattr(self.facts, table).find(identifier)
        record = [table, identifier, fact.source, fact.accuracy_m]
        return json.dumps(record).encode() + shapely.to_wkb(fact.geometry, byte_order=1)

    def knows(self, reference: str) -> bool:
        """Say whether ``plan/layer/feature`` exists."""
        return tuple(reference.split("/")) in self._recipes

    def hosts(self, plan: Plan) -> Collection[str]:
        """List what an unlocated feature of a plan may belong to."""
        if plan.id not in self._hosts:
            places = [name for table in (self.facts.counties, self.facts.places)
                      for fact in table.facts for name in fact.names]  # fmt: skip
            own = [feature.name.zh for system in plan.systems for layer in system.layer
                   for feature in layer.feature]  # fmt: skip
            titles = [text for each in self._plans for text in (each.title.zh, each.short.zh)]
            region = self.facts.region.title.zh
            self._hosts[plan.id] = dict.fromkeys(
                (*places, *self.facts.city_names, region, *own, *titles)
            )
        return self._hosts[plan.id]

    # ---- carrying out a rule --------------------------------------------------------------------

    def _run(self, rule: Mapping[str, object], plan: str, trail: _Trail) -> Shape:
        for problem in check_rule("", "", rule):
            raise RuleError("rule", problem.message, problem.remedy)
        name = next(word for word in rule if word in rules.SOURCES)
        if name == "route":
            shape = rules.route(self._route(rule, trail))
        else:
            value = self._value(name, rule[name], plan, trail)
            extras = {key: _number(key, rule[key]) for key in rules.extra_keys(name)}
            shape = rules.SOURCES[name](value, **extras)
        for modifier, function in rules.MODIFIERS.items():
            done = modifier == "along" and name == "route"
            if modifier not in rule or done or shape.geometry is None:
                continue
            shape = function(shape, self._value(modifier, rule[modifier], plan, trail))
        return shape

    def _value(self, key: str, value: object, plan: str, trail: _Trail) -> object:
        readers: Final[Mapping[str, Callable[[], object]]] = {
            "counties": lambda: self._facts("counties", key, value, trail),
            "county_part": lambda: self._facts("counties", key, _one(key, value), trail)[0],
            "river": lambda: self._facts("rivers", key, _one(key, value), trail)[0],
            "range": lambda: self._facts("ranges", key, value, trail),
            "place": lambda: self._facts("places", key, _one(key, value), trail)[0],
            "area_symbol": lambda: self._facts("places", key, _one(key, value), trail)[0],
            "through": lambda: self._waypoints(key, value, trail),
            "along": lambda: self._waypoints(key, value, trail),
            "union": lambda: self._parts(value, plan, trail),
            "layer": lambda: self._reference(key, _one(key, value), plan, trail),
            "within": lambda: self._area(value, plan, trail),
            "width_m": lambda: _number(key, value),
            "unlocated": lambda: _true(key, value),
        }
        return readers[key]()

    def _find(self, table: Table, key: str, name: str, trail: _Trail) -> Fact:
        try:
            fact = table.find(name)
        except LookupError as error:
            message, _, remedy = str(error.args[0]).partition("; ")
            raise RuleError(f"rule.{key}", message, remedy) from None
        sources = fact.properties.get("sources") or [fact.source]
        trail.facts.update((table.name, fact.id, str(source)) for source in sources)  # type: ignore[attr-defined]
        return fact

    def _facts(self, table: str, key: str, value: object, trail: _Trail) -> list[Shape]:
        chosen: Table = getattr(self.facts, table)
        return [
            chosen.shape(self._find(chosen, key, name, trail).id) for name in _names(key, value)
        ]

    def _waypoints(self, key: str, value: object, trail: _Trail) -> list[Waypoint]:
        names = _names(key, value)
        if len(names) < 2 or (key == "along" and len(names) > 2):  # noqa: PLR2004 - two ends
            wanted = "exactly two places" if key == "along" else "two places or more"
            raise RuleError(
                f"rule.{key}", f"needs {wanted}, not {len(names)}", "name them in order"
            )
        found = [self._find(self.facts.places, key, name, trail) for name in names]
        return [Waypoint(fact.name_zh, *_xy(fact), fact.accuracy_m) for fact in found]

    def _route(self, rule: Mapping[str, object], trail: _Trail) -> Sequence[Waypoint]:
        fact = self._find(self.facts.routes, "route", _one("route", rule["route"]), trail)
        if "along" not in rule:
            return fact.waypoints
        names = [point.name for point in fact.waypoints]
        positions = []
        for end in _names("along", rule["along"]):
            if end not in names:
                hint = nearest(end, names)
                message = f"'{fact.name_zh}' has no waypoint '{end}'"
                raise RuleError("rule.along", message, hint)
            positions.append(names.index(end))
        if len(set(positions)) != 2:  # noqa: PLR2004 - a line has two ends
            raise RuleError("rule.along", "needs two different waypoints", "name both ends")
        return fact.waypoints[min(positions) : max(positions) + 1]

    def _parts(self, value: object, plan: str, trail: _Trail) -> list[Shape]:
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise RuleError("rule.union", "needs a list of rules", "write union = [{ … }, { … }]")
        for part in value:
            for problem in check_rule("", "", part):
                raise RuleError("rule.union", problem.message, problem.remedy)
        return [self._run(part, plan, trail) for part in value]

    def _reference(self, key: str, reference: str, plan: str, trail: _Trail) -> Shape:
        found = self._meant(reference, plan)
        if not found:
            known = {text for each in self._recipes if each[0] == plan
                     for text in (each[1], "/".join(each[1:]))}  # fmt: skip
            message = f"there is no layer or feature '{reference}'"
            raise RuleError(f"rule.{key}", message, nearest(reference, known))
        shapes = [self._referred(key, *each) for each in found]
        for each in found:
            trail.facts.update(self._used[each])
        located = [shape for shape in shapes if shape.geometry is not None]
        if not located:
            message = f"'{reference}' has no geometry to refer to"
            raise RuleError(f"rule.{key}", message, "refer to a located feature")
        return rules.union(located) if len(located) > 1 else located[0]

    def _meant(self, reference: str, plan: str) -> list[FeatureKey]:
        """Read ``layer``, ``layer/feature`` or ``plan/layer/feature``."""
        match reference.split("/"):
            case [layer]:
                return self._of_layer.get((plan, layer), [])
            case [layer, feature]:
                key = (plan, layer, feature)
            case [other, layer, feature]:
                key = (other, layer, feature)
            case _:
                return []
        return [key] if key in self._recipes else []

    def _referred(self, key: str, *feature: str) -> Shape:
        try:
            return self.feature(*feature)
        except CircleError:
            raise
        except RuleError as error:
            message = f"'{'/'.join(feature)}' cannot be made ({error.message})"
            raise SpoiltError(f"rule.{key}", message, "mend that feature") from None

    def _area(self, value: object, plan: str, trail: _Trail) -> Shape:
        if isinstance(value, list):
            return rules.counties(self._facts("counties", "within", value, trail))
        shape = self._reference("within", _one("within", value), plan, trail)
        if shapely.get_dimensions(shape.geometry) != 2:  # noqa: PLR2004 - polygons only
            raise RuleError("rule.within", f"'{value}' is no area", "refer to a polygon layer")
        return shape


def _xy(fact: Fact) -> tuple[float, float]:
    lon, lat = shapely.get_coordinates(fact.geometry)[0]
    return float(lon), float(lat)


def _names(key: str, value: object) -> list[str]:
    values: list[object] = value if isinstance(value, list) else [value]
    names = [item for item in values if isinstance(item, str) and item]
    if not names or len(names) != len(values):
        raise RuleError(f"rule.{key}", "needs names", 'write a name or a list, ["…", "…"]')
    return names


def _one(key: str, value: object) -> str:
    names = _names(key, value)
    if len(names) != 1:
        raise RuleError(f"rule.{key}", "needs one name, not several", "make a feature of each")
    return names[0]


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e7:  # noqa: PLR2004 - a sane upper bound in metres or km²
        raise RuleError(f"rule.{key}", "needs a positive number", "state it without a unit")
    return float(value)


def _true(key: str, value: object) -> bool:
    if value is not True:
        raise RuleError(f"rule.{key}", "can only be true", "write unlocated = true or use a rule")
    return True
