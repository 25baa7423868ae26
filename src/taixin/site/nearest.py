"""How far sites are from features, for very many pairs.

A line is cut into short runs; the extents of site and run bound their distance from below. The run
that may be nearest is measured first, and then only those that may be nearer still. The nearest
points are found in the plane and the distance between them is measured on the ellipsoid.
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
#: Pairs at a time: all runs of all of them are looked at together, and little memory is taken.
_BLOCK_PAIRS: Final = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Lines, edges of areas and points, cut into runs; equal shapes are kept once.

    Parameters
    ----------
    runs
        Pieces of at most 16 vertices.
    bounds
        West, south, east, north of all runs, a row each.
    starts
        Where the runs of each different shape begin, and the end.
    shape_of
        Which of the different shapes each target has.
    """

    runs: np.ndarray
    bounds: np.ndarray
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
        bounds = np.ascontiguousarray(shapely.bounds(runs).T)
        return cls(runs, bounds, starts, np.array(shape_of, dtype=np.int64))

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
        least = _least(shapely.bounds(sites).T, self.bounds, pair, run)
        nearest = np.flatnonzero(least == np.minimum.reduceat(least, first)[pair])
        guess = nearest[np.unique(pair[nearest], return_index=True)[1]]
        lines = shapely.shortest_line(self.runs[run[guess]], sites)
        least[guess] = np.inf
        others = np.flatnonzero(least < shapely.length(lines)[pair])
        more = shapely.shortest_line(self.runs[run[others]], sites[pair[others]])
        lines = np.concatenate([lines, more])
        pair = np.concatenate([np.arange(len(sites)), pair[others]])
        order = np.lexsort([shapely.length(lines), pair])
        best = order[np.unique(pair[order], return_index=True)[1]]
        lonlat = plane.unproject(shapely.get_coordinates(lines[best]))
        return plane.distances_m(lonlat[::2], lonlat[1::2])


def _least(mine: np.ndarray, theirs: np.ndarray, pair: np.ndarray, run: np.ndarray) -> np.ndarray:
    """Give what the distance of site and run is at least: that of their extents."""
    squared = np.zeros(len(pair))
    for low, high in ((0, 2), (1, 3)):
        gap = np.maximum(theirs[low][run] - mine[high][pair], mine[low][pair] - theirs[high][run])
        squared += np.maximum(gap, 0.0) ** 2
    return np.sqrt(squared)


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
