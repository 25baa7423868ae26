"""Where features without a position may be: the counties of their host.

A document may name something and say no more than the county, the city or the plan it belongs to.
Such a feature is *no data* for every site in the host's counties: it may be there.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

import shapely

from taixin.units import Units
from taixin.vocabulary import Basis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature, Layer
    from taixin.facts import Fact, Facts
    from taixin.model import Plan

__all__ = ["Hosts"]

_POLYGON: Final = 2


class Hosts:
    """Finds the counties that a host stands for.

    Parameters
    ----------
    layers
        All layers of the plans that are checked.
    facts
        Counties, cities and places.
    """

    def __init__(self, layers: Sequence[Layer], facts: Facts) -> None:
        self._facts = facts
        self._layers = layers
        self._of_plan: dict[str, frozenset[int]] = {}
        self._named = cache(self._look_up)  # few hosts are named again and again
        self._of_feature = cache(self._look_among)

    @cached_property
    def _units(self) -> Units:
        return Units(self._facts.counties.facts)

    @cached_property
    def _of_name(self) -> dict[str, frozenset[int]]:
        return _positions(self._facts.counties.facts)

    def counties(self, feature: Feature, plan: Plan) -> frozenset[int]:
        """Give the positions, in the table of counties, where an unlocated feature may be.

        A county stands for itself, a city for its counties, a place for the county around it,
        another feature of the plan for the counties it covers or crosses; the region, a plan, or
        no host at all stands for every county of the plan.
        """
        host = str(feature.properties.get("host") or "")
        return self._named(host) or self._of_feature(host, plan.id) or self.of_plan(plan.id)

    def of_plan(self, plan: str) -> frozenset[int]:
        """Give the counties of a plan.

        They are those that its areas with real boundaries cover, and those that its features name
        as hosts; where there are none, those that its located features touch.
        """
        if plan not in self._of_plan:
            own = [layer for layer in self._layers if layer.plan.id == plan]
            features = [feature for layer in own for feature in layer.located]
            found: set[int] = set()
            bounded = [item for item in features if item.properties["basis"] == Basis.BOUNDARY]
            for feature in bounded:
                if feature.geometry is not None:
                    found |= self._covered(feature.geometry)
            for host in {item.properties.get("host") for layer in own for item in layer.features}:
                found |= self._named(str(host or ""))
            if not found:
                found = self._units.met(
                    [feature.geometry for feature in features if feature.geometry is not None]
                )
            self._of_plan[plan] = frozenset(found)
        return self._of_plan[plan]

    def _look_up(self, host: str) -> frozenset[int]:
        if host in self._of_name:
            return self._of_name[host]
        try:
            place = self._facts.places.find(host)
        except LookupError:
            return frozenset()
        return frozenset(self._units.met([place.geometry]))

    def _look_among(self, host: str, plan: str) -> frozenset[int]:
        for layer in self._layers:
            for feature in layer.located if layer.plan.id == plan else ():
                if host == feature.properties["name"] and feature.geometry is not None:
                    return frozenset(self._covered(feature.geometry))
        return frozenset()

    def _covered(self, shape: BaseGeometry) -> set[int]:
        is_area = shapely.get_dimensions(shape) == _POLYGON
        return self._units.covered([shape]) if is_area else self._units.met([shape])


def _positions(counties: Sequence[Fact]) -> dict[str, frozenset[int]]:
    """List where the counties of each name stand; a county's own name wins over its city's."""
    own: dict[str, set[int]] = defaultdict(set)
    cities: dict[str, set[int]] = defaultdict(set)
    for position, fact in enumerate(counties):
        city = str(fact.properties["city"])
        for name in fact.names:
            own[name].add(position)
        for name in (city, city[:-1]):
            cities[name].add(position)
    cities.pop("", None)
    return {name: frozenset(found) for name, found in {**cities, **own}.items()}
