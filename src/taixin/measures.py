"""Small expressions over layers, for the checks of a plan.

An expression is arithmetic over numbers and the functions listed in `Measures`, such as
``area_km2('taixin-2035/scope')`` or ``figure('taiyuan-area-2021/x/y', 'area_km2') * 2``. It is
parsed, never evaluated by Python: nothing else can be written in it. References are
``plan/layer`` or ``plan/layer/feature``.
"""

from __future__ import annotations

import ast
import operator
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import shapely

from taixin import crs
from taixin.errors import nearest
from taixin.units import Units

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature, Layer
    from taixin.facts import Facts
    from taixin.model import Plan

__all__ = ["ExpressionError", "Measures", "evaluate"]

_OPERATORS: Final = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
    }
)
_M2_PER_KM2: Final = 1e6
_POLYGON: Final = 2


class ExpressionError(Exception):
    """An expression that cannot be carried out; the message is a sentence without full stop."""


class Measures:
    """What can be measured on built layers; every public method is a word of the expressions.

    Parameters
    ----------
    layers
        All layers of all plans.
    facts
        Counties and the province.
    """

    def __init__(self, layers: Sequence[Layer], facts: Facts) -> None:
        self._layers = {layer.id: layer for layer in layers}
        self._facts = facts
        self._units = Units(facts.counties.facts)

    # ---- size ------------------------------------------------------------------------------------

    def area_km2(self, *references: str) -> float:
        """Measure the ellipsoidal area in km² of the features together, overlaps counted once."""
        return crs.geodesic_area_km2(self._united(references))

    def length_km(self, *references: str) -> float:
        """Measure the ellipsoidal length in km of all lines."""
        return sum(crs.geodesic_length_km(shape) for shape in self._geometries(references))

    def province_km2(self) -> float:
        """Measure the ellipsoidal area in km² of the whole province."""
        return crs.geodesic_area_km2(self._facts.province)

    def gap_m2(self, parts: str, whole: str) -> float:
        """Measure the area in m² by which parts miss or exceed a whole."""
        united = self._united([parts])
        body = self._united([whole])
        return crs.geodesic_area_km2(shapely.symmetric_difference(united, body)) * _M2_PER_KM2

    def overlap_m2(self, *references: str) -> float:
        """Measure the area in m² that features share with each other."""
        shapes = self._geometries(references)
        apart = sum(crs.geodesic_area_km2(shape) for shape in shapes)
        return abs(apart - self.area_km2(*references)) * _M2_PER_KM2

    # ---- number ----------------------------------------------------------------------------------

    def count(self, *references: str) -> int:
        """Count features."""
        return len(self._features(references))

    def located(self, *references: str) -> int:
        """Count the features that have a geometry."""
        return len([f for f in self._features(references) if f.geometry is not None])

    def count_with(self, key: str, *references: str) -> int:
        """Count the features that state a figure."""
        return len([f for f in self._features(references) if f.properties.get(key) is not None])

    def members(self, *references: str) -> int:
        """Count different members."""
        names = [f.properties["members"] for f in self._features(references)]
        return len({name for each in names for name in each})  # type: ignore[attr-defined]

    def hosts(self, *references: str) -> int:
        """Count different hosts."""
        return len({f.properties["host"] for f in self._features(references)} - {None})

    def units(self, *references: str) -> int:
        """Count the county-level units that the features cover by half or more."""
        return len(self._units.covered(self._geometries(references)))

    # ---- figures ---------------------------------------------------------------------------------

    def figure(self, reference: str, key: str) -> float:
        """Take the number a feature states under a key."""
        value = self._features([reference])[0].properties.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ExpressionError(f"'{reference}' states no number under '{key}'")
        return value

    def total(self, key: str, *references: str) -> float:
        """Sum what features state under a key; those that state none are left out."""
        values = [f.properties.get(key) for f in self._features(references)]
        return sum(v for v in values if isinstance(v, int | float) and not isinstance(v, bool))

    # ---- position --------------------------------------------------------------------------------

    def latitude(self, *references: str) -> float:
        """Give the latitude in degrees of the middle of the features."""
        return float(self._united(references).centroid.y)

    def inside(self, inner: str, outer: str) -> int:
        """Say 1 if one body lies inside another, up to rounding, else 0."""
        within = self._united([inner])
        around = self._united([outer])
        return int(shapely.difference(within, around).area <= 1e-6 * within.area)

    def distance_km(self, start: str, end: str) -> float:
        """Measure the ellipsoidal distance in km between the middles of two features."""
        ends = [self._united([name]).centroid for name in (start, end)]
        return crs.geodesic_length_km(shapely.LineString(ends))

    def passes(self, line: str, area: str) -> int:
        """Count the counties of an area that a line runs through for a kilometre or more."""
        course = self._united([line])
        units = sorted(self._units.covered(self._geometries([area])) & self._units.met([course]))
        inside = shapely.intersection(course, self._units.outlines[units])
        return len([part for part in inside if crs.geodesic_length_km(part) >= 1])

    def starts_north(self, line: str) -> int:
        """Say 1 if a line's first point lies north of its last, else 0."""
        points = shapely.get_coordinates(self._geometries([line])[0])
        return int(points[0][1] > points[-1][1])

    # ---- what a plan says of itself --------------------------------------------------------------

    def phase_years(self, plan: str, phase: str) -> int:
        """Count the years of a phase, first and last included."""
        found = [item for item in self._plan(plan).phase if item.id == phase]
        if not found:
            raise ExpressionError(f"plan '{plan}' has no phase '{phase}'")
        return found[0].end - found[0].start + 1

    def access_items(self, plan: str, field: str) -> int:
        """Count the items of a field of all access rules of a plan."""
        rules = [rule for system in self._plan(plan).systems for rule in system.access_rule]
        return sum(len(getattr(rule, field)) for rule in rules)

    def _plan(self, plan: str) -> Plan:
        for layer in self._layers.values():
            if layer.plan.id == plan:
                return layer.plan
        raise ExpressionError(f"there is no plan '{plan}'")

    # ---- geometry --------------------------------------------------------------------------------

    def _united(self, references: Sequence[str]) -> BaseGeometry:
        """Unite features; those that only share borders along these, which is far quicker."""
        shapes = self._geometries(references)
        areas = len(shapes) > 1 and bool((shapely.get_dimensions(shapes) == _POLYGON).all())
        if areas and shapely.coverage_is_valid(shapes):
            return shapely.coverage_union_all(shapes)
        return shapely.union_all(shapes)

    # ---- lookup ----------------------------------------------------------------------------------

    def _features(self, references: Sequence[str]) -> list[Feature]:
        found: list[Feature] = []
        for reference in references:
            plan_layer = "/".join(reference.split("/")[:2])
            layer = self._layers.get(plan_layer)
            wanted = [
                feature
                for feature in (layer.features if layer else ())
                if reference in (plan_layer, feature.id)
            ]
            if not wanted:
                known = [*self._layers, *(f.id for f in (layer.features if layer else ()))]
                raise ExpressionError(
                    f"there is no '{reference}'; {nearest(reference, known)}".removesuffix("; ")
                )
            found.extend(wanted)
        return found

    def _geometries(self, references: Sequence[str]) -> list[BaseGeometry]:
        shapes = [feature.geometry for feature in self._features(references)]
        located = [shape for shape in shapes if shape is not None]
        if not located:
            raise ExpressionError(f"nothing of '{', '.join(references)}' is located")
        return located


def evaluate(expression: str, measures: Measures) -> float:
    """Work out an expression.

    Parameters
    ----------
    expression
        Numbers, ``+ - * /``, brackets and calls of `Measures` with texts and numbers.
    measures
        What the words mean.

    Returns
    -------
    float
        The number found.

    Raises
    ------
    ExpressionError
        If something else is written, a word or reference is unknown, or nothing can be measured.
    """
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ExpressionError(f"'{expression}' is no expression") from None
    words = {name: getattr(measures, name) for name in dir(measures) if not name.startswith("_")}
    value = _value(tree.body, words)
    if isinstance(value, str):
        raise ExpressionError(f"'{expression}' is a text, not a number")
    return value


def _value(node: ast.expr, words: Mapping[str, Callable[..., float]]) -> float | str:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float | str):
        return node.value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left, words), _value(node.right, words)
        if isinstance(left, str) or isinstance(right, str):
            raise ExpressionError("texts cannot be added")
        if isinstance(node.op, ast.Div) and right == 0:
            raise ExpressionError("there is a division by zero")
        return float(_OPERATORS[type(node.op)](left, right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        operand = _value(node.operand, words)
        if not isinstance(operand, str):
            return -operand
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _called(node.func.id, [_value(argument, words) for argument in node.args], words)
    raise ExpressionError(f"'{ast.unparse(node)}' may not stand in an expression")


def _called(
    word: str, arguments: list[float | str], words: Mapping[str, Callable[..., float]]
) -> float:
    if word not in words:
        raise ExpressionError(f"'{word}' is unknown; {nearest(word, words)}")
    try:
        return words[word](*arguments)
    except (TypeError, AttributeError):
        raise ExpressionError(f"'{word}' was given the wrong arguments {arguments}") from None
