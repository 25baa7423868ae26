"""Which county-level units an area takes in, among hundreds or thousands of them.

A unit belongs to an area that covers half of it or more. Overlaying outlines of many vertices is
slow, so it is the last resort: extents that share too little, a unit wholly inside, and a border
in common with nothing behind it are told sooner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.facts import Fact

__all__ = ["Units"]

#: A unit belongs to an area that covers this share of it.
_COVERED_SHARE: Final = 0.5


class Units:
    """Outlines of county-level units with a tree over them.

    Parameters
    ----------
    counties
        The units, in the order of their table; the answers are positions in it.
    """

    def __init__(self, counties: Sequence[Fact]) -> None:
        self.outlines = np.array([fact.geometry for fact in counties], dtype=object)
        self._wanted = _COVERED_SHARE * shapely.area(self.outlines)
        self._bounds = shapely.bounds(self.outlines)
        self._tree = shapely.STRtree(self.outlines)

    def met(self, shapes: Sequence[BaseGeometry]) -> set[int]:
        """Find the units that one of the shapes touches or crosses."""
        return set(self._tree.query(list(shapes), predicate="intersects")[1].tolist())

    def covered(self, areas: Sequence[BaseGeometry]) -> set[int]:
        """Find the units of which the areas together cover half or more.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> boxes = (shapely.box(i, 0, i + 1, 1) for i in range(3))
        >>> units = Units([SimpleNamespace(geometry=box) for box in boxes])
        >>> sorted(units.covered([shapely.box(0, 0, 1.4, 1), shapely.box(1.4, 0, 1.6, 1)]))
        [0, 1]
        """
        bodies = np.array(areas, dtype=object)
        shapely.prepare(bodies)
        area, unit = self._tree.query(bodies)
        at_most = _shared_extent(shapely.bounds(bodies)[area], self._bounds[unit])
        is_enough = at_most >= self._wanted[unit]
        found: set[int] = set()
        for i, j in zip(area[is_enough], unit[is_enough].tolist(), strict=True):
            if j not in found and self._is_covered(j, bodies[i]):
                found.add(j)
        together = np.bincount(unit, at_most, len(self.outlines))
        for j in np.flatnonzero(together >= self._wanted).tolist():
            parts = bodies[area[unit == j]] if j not in found else ()
            if len(parts) > 1 and self._is_half(j, shapely.union_all(parts)):
                found.add(j)
        return found

    def _is_covered(self, unit: int, body: BaseGeometry) -> bool:
        outline = self.outlines[unit]
        if shapely.covers(body, outline):
            return True
        return not shapely.touches(body, outline) and self._is_half(unit, body)

    def _is_half(self, unit: int, body: BaseGeometry) -> bool:
        inside = shapely.intersection(self.outlines[unit], body)
        return bool(shapely.area(inside) >= self._wanted[unit])


def _shared_extent(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Measure what pairs of west, south, east, north have in common, in square degrees."""
    sides = np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2])
    return np.asarray(np.prod(np.maximum(sides, 0), axis=1))
