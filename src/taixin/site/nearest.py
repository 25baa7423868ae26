"""How far sites are from features, for very many pairs.

A line is cut into short runs; the extents of site and run bound their distance from below and
above, so of all runs of a line only one or two have to be measured. The nearest points are found in
the plane and the distance between them is measured on the ellipsoid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin import plane

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["Outlines"]

_RUN_VERTICES: Final = 16
_BLOCK_PAIRS: Final = 40_000


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Lines, edges of areas and points, cut into runs; equal shapes are kept once.

    Parameters
    ----------
    runs
        Pieces of at most 16 vertices.
    starts
        Where the runs of each different shape begin, and the end.
    shape_of
        Which of the different shapes each target has.
    """

    runs: np.ndarray
    starts: np.ndarray
    shape_of: np.ndarray

    @classmethod
    def of(cls, shapes: np.ndarray) -> Outlines:
        """Cut up the shapes of targets, in the plane."""
        known: dict[bytes, int] = {}
        shape_of = [known.setdefault(bytes(wkb), len(known)) for wkb in shapely.to_wkb(shapes)]
        _, first = np.unique(shape_of, return_index=True)
        cuts = [_runs(shape) for shape in shapes[first]]
        starts = np.concatenate([[0], np.cumsum([len(parts) for parts in cuts], dtype=int)])
        runs = np.array([part for parts in cuts for part in parts], dtype=object)
        return cls(runs, starts, np.array(shape_of, dtype=np.int64))

    def distances_m(
        self, target_of: np.ndarray, sites: np.ndarray, site_of: np.ndarray
    ) -> np.ndarray:
        """Measure pairs of target and site that do not touch.

        Parameters
        ----------
        target_of, site_of
            The pairs.
        sites
            Geometries in the plane.

        Returns
        -------
        np.ndarray
            Ellipsoidal metres, one for each pair.
        """
        count = len(self.starts)
        pairs, place = np.unique(site_of * count + self.shape_of[target_of], return_inverse=True)
        told = [
            self._block(sites[block // count], block % count)
            for block in np.split(pairs, range(_BLOCK_PAIRS, len(pairs), _BLOCK_PAIRS))
        ]
        return np.asarray(np.concatenate(told)[place])

    def _block(self, sites: np.ndarray, shape_of: np.ndarray) -> np.ndarray:
        if not len(sites):
            return np.zeros(0)
        counts = self.starts[shape_of + 1] - self.starts[shape_of]
        first = np.cumsum(counts) - counts
        pair = np.repeat(np.arange(len(sites)), counts)
        run = np.arange(counts.sum()) + np.repeat(self.starts[shape_of] - first, counts)
        mine, theirs = shapely.bounds(sites)[pair], shapely.bounds(self.runs)[run]
        one_way, other_way = theirs[:, :2] - mine[:, 2:], mine[:, :2] - theirs[:, 2:]
        least = np.hypot(*np.maximum(np.maximum(one_way, other_way), 0.0).T)
        most = np.hypot(*np.maximum(-one_way, -other_way).clip(0.0).T)
        near = least <= np.minimum.reduceat(np.maximum(most, least), first)[pair]
        pair, run = pair[near], run[near]
        lines = shapely.shortest_line(self.runs[run], sites[pair])
        lengths = shapely.length(lines)
        order = np.lexsort([lengths, pair])
        best = order[np.unique(pair[order], return_index=True)[1]]
        lonlat = plane.unproject(shapely.get_coordinates(lines[best]))
        return plane.distances_m(lonlat[::2], lonlat[1::2])


def _runs(shape: BaseGeometry) -> list[BaseGeometry]:
    """Cut lines and edges into runs of few vertices; points stay points."""
    runs: list[BaseGeometry] = []
    is_area = shapely.get_dimensions(shape) == 2  # noqa: PLR2004 - areas have edges
    for part in shapely.get_parts(shapely.boundary(shape) if is_area else shape):
        points = shapely.get_coordinates(part)
        if len(points) == 1:
            runs.append(part)
            continue
        step = _RUN_VERTICES - 1
        starts = range(0, len(points) - 1, step)
        runs.extend(shapely.LineString(points[start : start + step + 1]) for start in starts)
    return runs
