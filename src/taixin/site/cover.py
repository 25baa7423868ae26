"""Boxes that answer for most sites at once: deep inside a feature, or nowhere near it.

Each target is covered by squares, halved where they are neither. A site whose extent lies in a
*deep* square needs no geometry at all; one that meets only *mixed* squares is looked at exactly;
one that meets none is out of reach. This changes how fast an answer comes, never the answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely

__all__ = ["Cover"]

#: Squares are not halved below this side, or below a part of the reach where that is larger.
_LEAF_M: Final = 3000.0
_LEAF_SHARE: Final = 0.4
_MOST_LEVELS: Final = 14


@dataclass(frozen=True, slots=True, eq=False)
class Cover:
    """Squares over all targets, with a tree over the squares.

    Parameters
    ----------
    tree
        Over the squares.
    bounds
        West, south, east, north of each in metres.
    target_of
        Which target each belongs to.
    is_deep
        Whether it lies in the target's core.
    """

    tree: shapely.STRtree
    bounds: np.ndarray
    target_of: np.ndarray
    is_deep: np.ndarray

    @classmethod
    def of(cls, shapes: np.ndarray, cores: np.ndarray, reach_m: np.ndarray) -> Cover:
        """Cover targets.

        Parameters
        ----------
        shapes
            Prepared geometries in the plane.
        cores
            Of each the part in which the answer is certain; prepared, or None.
        reach_m
            How far from each a site still matters.
        """
        found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        west, south, east, north = (shapely.bounds(shapes) + np.outer(reach_m, [-1, -1, 1, 1])).T
        half = np.maximum(east - west, north - south) / 2
        x, y = (west + east) / 2, (south + north) / 2
        target = np.arange(len(shapes))
        for _ in range(_MOST_LEVELS):
            bounds = np.column_stack([x - half, y - half, x + half, y + half])
            squares = shapely.box(*bounds.T)
            is_deep = shapely.contains_properly(cores[target], squares)
            is_mixed = ~is_deep & shapely.dwithin(shapes[target], squares, reach_m[target])  # type: ignore[call-overload] # an array of distances is fine
            leaf = np.maximum(_LEAF_M, reach_m[target] * _LEAF_SHARE)
            is_leaf = is_mixed & (2 * half <= leaf)
            done = is_deep | is_leaf
            found.append((bounds[done], target[done], is_deep[done]))
            more = is_mixed & ~is_leaf
            if not more.any():
                break
            quarter = half[more] / 2
            x = np.concatenate([x[more] + sign * quarter for sign in (-1, 1, -1, 1)])
            y = np.concatenate([y[more] + sign * quarter for sign in (-1, -1, 1, 1)])
            half, target = np.tile(quarter, 4), np.tile(target[more], 4)
        else:
            bounds = np.column_stack([x - half, y - half, x + half, y + half])
            found.append((bounds, target, np.zeros(len(target), dtype=bool)))
        bounds, target_of, is_deep = (np.concatenate(part) for part in zip(*found, strict=True))
        # the tree only knows extents, and a diagonal has its square's with half the memory
        diagonals = np.asarray(shapely.linestrings(bounds.reshape(-1, 2, 2)))
        return cls(shapely.STRtree(diagonals), bounds, target_of, is_deep)

    def pairs(self, sites: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Sort sites into certain and open pairs.

        Parameters
        ----------
        sites
            Geometries in the plane.
        count
            How many targets there are.

        Returns
        -------
        tuple[np.ndarray, np.ndarray]
            Pairs as ``site * count + target``, each sorted: those deep inside, and those that
            must be looked at.
        """
        site_of, square = self.tree.query(sites)
        mine, theirs = shapely.bounds(sites)[site_of], self.bounds[square]
        holds = self.is_deep[square]
        holds &= (mine[:, :2] >= theirs[:, :2]).all(axis=1)
        holds &= (mine[:, 2:] <= theirs[:, 2:]).all(axis=1)
        keys = site_of * count + self.target_of[square]
        deep = np.sort(keys[holds])  # squares do not overlap, so each pair is there once
        others = np.unique(keys[~holds])
        return deep, np.setdiff1d(others, deep, assume_unique=True)
