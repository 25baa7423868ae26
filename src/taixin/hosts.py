"""Where features without a position may be: the counties of their host.

A document may name something and say no more than the county, the city or the plan it belongs to.
Such a feature is *no data* for every site in the host's counties: it may be there.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin.vocabulary import Basis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature, Layer
    from taixin.facts import Facts
    from taixin.model import Plan

__all__ = ["Hosts"]

#: A county belongs to an area that covers this share of it.
_COVERED_SHARE: Final = 0.5
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
        self._outlines = np.array([fact.geometry for fact in facts.counties.facts], dtype=object)
        self._sizes = shapely.area(self._outlines)
        self._tree = shapely.STRtree(self._outlines)
        self._of_plan: dict[str, frozenset[int]] = {}
        self._named = cache(self._look_up)  # few hosts are named again and again

    def counties(self, feature: Feature, plan: Plan) -> frozenset[int]:
        """Give the positions, in the table of counties, where an unlocated feature may be.

        A county stands for itself, a city for its counties, a place for the county around it,
        another feature of the plan for the counties it covers or crosses; the region, a plan, or
        no host at all stands for every county of the plan.
        """
        host = str(feature.properties.get("host") or "")
        return self._named(host) or self._of_feature(host, plan) or self.of_plan(plan.id)

    def of_plan(self, plan: str) -> frozenset[int]:
        """Give the counties of a plan.

        They are those that its areas with real boundaries cover, and those that its features name
        as hosts; where there are none, those that its located features touch.
        """
        if plan not in self._of_plan:
            own = [layer for layer in self._layers if layer.plan.id == plan]
            features = [feature for layer in own for feature in layer.located]
            found: set[int] = set()
            for feature in features:
                if feature.properties["basis"] == Basis.BOUNDARY and feature.geometry is not None:
                    found |= self._covered(feature.geometry)
            for layer in own:
                for feature in layer.features:
                    found |= self._named(str(feature.properties.get("host") or ""))
            if not found:
                shapes = [feature.geometry for feature in features]
                found.update(int(i) for i in self._tree.query(shapes, predicate="intersects")[1])
            self._of_plan[plan] = frozenset(found)
        return self._of_plan[plan]

    def _look_up(self, host: str) -> frozenset[int]:
        facts = self._facts.counties.facts
        counties = {i for i, fact in enumerate(facts) if host in fact.names}
        cities = {
            i for i, fact in enumerate(facts)
            if host and host in (fact.properties["city"], str(fact.properties["city"])[:-1])
        }  # fmt: skip
        if counties or cities:
            return frozenset(counties or cities)
        try:
            place = self._facts.places.find(host)
        except LookupError:
            return frozenset()
        return frozenset(map(int, self._tree.query(place.geometry, predicate="intersects")))

    def _of_feature(self, host: str, plan: Plan) -> frozenset[int]:
        for layer in self._layers:
            for feature in layer.located if layer.plan.id == plan.id else ():
                if host == feature.properties["name"] and feature.geometry is not None:
                    return frozenset(self._covered(feature.geometry))
        return frozenset()

    def _covered(self, shape: BaseGeometry) -> set[int]:
        met = self._tree.query(shape, predicate="intersects")
        if shapely.get_dimensions(shape) == _POLYGON:
            inside = shapely.area(shapely.intersection(self._outlines[met], shape))
            met = met[inside >= _COVERED_SHARE * self._sizes[met]]
        return {int(index) for index in met}
