"""Which features a site meets, how deep, how much of it, how far off: for one site or a million.

Everything happens in the equal-area plane of `taixin.plane`, so areas are those of the ellipsoid;
a distance that is told or compared with an accuracy is measured on the ellipsoid.

When is an answer *yes*? Let ``a`` be a feature's ``accuracy_m``: its true position lies within
``a`` metres of the drawn one. The site itself is taken as exact.

- An area is met for certain where the site reaches into it deeper than ``a``, that is, into the
  area shrunk by ``a``. Whatever the basis: a boundary has a small ``a``; a schematic body or an
  equal-area circle has one so large that little or nothing is left of it after shrinking, so for
  these the answer is nearly always *possibly*, which is what the documents support.
- A line or point has no width. It is met for certain where the site would still hold some of it
  if it were moved by ``a`` in any direction, that is, where it reaches into the site shrunk by
  ``a``. A parcel smaller than that never gets a *yes* from an axis, a river or a town; a site as
  large as a county may. A site that is itself a line or point never does.
- Everything else within ``a`` of the drawn feature is *possibly*: on the wrong side of an uncertain
  edge, or on the right side and too close to it. So a sliver thinner than the accuracy is never
  *yes*.

Speed comes from asking few questions: one tree over the sites of a chunk, prepared features, and
exact areas only for sites that cross an edge, against pieces of at most 96 vertices.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin import plane
from taixin.site.areas import AreaIndex, inside, measured
from taixin.site.cover import Cover
from taixin.site.nearest import Outlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.site.areas import Sites

__all__ = ["Answers", "Screen", "Target", "screen"]

#: Lengths in the plane may be off by this share; candidates are sought that much farther out.
_SLACK: Final = 1.003
_ARC_SEGMENTS: Final = 32
#: From so many sites on, covering the targets with squares pays.
_MANY_SITES: Final = 2000
_POLYGON: Final = 2


@dataclass(frozen=True, slots=True)
class Target:
    """Something sites are checked against.

    Parameters
    ----------
    id
        The feature's id.
    geometry
        Lon/lat in degrees.
    accuracy_m
        How far it may be off.
    """

    id: str
    geometry: BaseGeometry
    accuracy_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the screen found, pair by pair, ordered by site, then target.

    Parameters
    ----------
    sites, targets
        Positions.
    certain
        True for *yes*.
    within_band
        True where the pair is affected at all: *yes* or *possibly*; False where it is only near.
    inside
        How much of the site lies inside an area: m², m or points, as the site's own size.
    of_target
        Of a line: ellipsoidal metres inside the site; of points: how many.
    distances_m
        Ellipsoidal metres between site and drawn feature; 0 where they meet.
    """

    sites: np.ndarray
    targets: np.ndarray
    certain: np.ndarray
    within_band: np.ndarray
    inside: np.ndarray
    of_target: np.ndarray
    distances_m: np.ndarray


@dataclass(frozen=True, eq=False)
class Distinct:
    """Targets that differ in shape or accuracy, in the plane, made ready for questions."""

    shapes: np.ndarray
    dimensions: np.ndarray
    accuracies_m: np.ndarray
    areas: AreaIndex
    area_of: np.ndarray
    outlines: Outlines
    _cores: dict[int, BaseGeometry] = field(default_factory=dict, repr=False)
    _covers: dict[float, Cover] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, shapes: np.ndarray, accuracies_m: np.ndarray) -> Distinct:
        """Cut up shapes of the plane."""
        dimensions = shapely.get_dimensions(shapes)
        is_area = dimensions == _POLYGON
        area_of = np.where(is_area, np.cumsum(is_area) - 1, -1)
        shapely.prepare(shapes)
        areas, outlines = AreaIndex.of(shapes[is_area]), Outlines.of(shapes)
        return cls(shapes, dimensions, accuracies_m, areas, area_of, outlines)

    def cores(self, targets: np.ndarray) -> np.ndarray:
        """Give areas shrunk by their accuracy, made when first needed; None for the others."""
        for target in map(int, np.unique(targets)):
            if target not in self._cores and self.dimensions[target] == _POLYGON:
                shape, by_m = self.shapes[target], -self.accuracies_m[target]
                core = shapely.buffer(shape, by_m, quad_segs=_ARC_SEGMENTS)
                shapely.prepare(core)
                self._cores[target] = core
        return np.array([self._cores.get(int(target)) for target in targets], dtype=object)

    def reach_m(self, within_m: float) -> np.ndarray:
        """Say for each target how far off a site still matters, with some slack for the plane."""
        return np.asarray(np.maximum(self.accuracies_m, within_m) * _SLACK)

    def cover(self, within_m: float) -> Cover:
        """Give the squares that answer for many sites at once; made when first needed."""
        if within_m not in self._covers:
            cores = self.cores(np.arange(len(self.shapes)))
            self._covers[within_m] = Cover.of(self.shapes, cores, self.reach_m(within_m))
        return self._covers[within_m]


@dataclass(frozen=True, slots=True, eq=False)
class Screen:
    """Targets made ready once for any number of sites; see `Screen.of`.

    Plans repeat each other, so targets that are equal in shape and accuracy are asked once.

    Parameters
    ----------
    shapes, dimensions, accuracies_m
        Of each target: geometry in the plane; 0, 1 or 2; metres.
    distinct
        The different ones among them.
    members, starts
        Which targets each of the different ones stands for, and where its part of `members` begins.
    """

    shapes: np.ndarray
    dimensions: np.ndarray
    accuracies_m: np.ndarray
    distinct: Distinct
    members: np.ndarray
    starts: np.ndarray

    @classmethod
    def of(cls, targets: Sequence[Target]) -> Screen:
        """Take targets to the plane and find the different ones."""
        shapes = plane.project(np.array([target.geometry for target in targets], dtype=object))
        accuracies_m = np.array([target.accuracy_m for target in targets], dtype=float)
        known: dict[tuple[bytes, float], int] = {}
        keys = zip(shapely.to_wkb(shapes), accuracies_m.tolist(), strict=True)
        kind_of = np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)
        members = np.argsort(kind_of, kind="stable")
        starts = np.searchsorted(kind_of[members], np.arange(len(known) + 1))
        first = members[starts[:-1]]
        distinct = Distinct.of(shapes[first], accuracies_m[first])
        dimensions = shapely.get_dimensions(shapes)
        return cls(shapes, dimensions, accuracies_m, distinct, members, starts)

    def expanded(self, kind_of: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give for rows of different ones the rows of all: whose row it was, and the target."""
        counts = self.starts[kind_of + 1] - self.starts[kind_of]
        row = np.repeat(np.arange(len(kind_of)), counts)
        place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        return row, self.members[self.starts[kind_of[row]] + place]


# ---- answers -------------------------------------------------------------------------------------


def screen(sites: Sites, ready: Screen, within_m: float) -> Answers:
    """Check sites against targets.

    Parameters
    ----------
    sites
        From `taixin.site.areas.project_sites`.
    ready
        From `Screen.of`.
    within_m
        How far off a feature still counts as near, ellipsoidal metres.

    Returns
    -------
    Answers
        Every pair that is affected or near.
    """
    targets = ready.distinct
    count = max(len(targets.shapes), 1)
    if len(sites.shapes) >= _MANY_SITES:
        deep, open_ = targets.cover(within_m).pairs(sites.shapes, count)
    else:
        deep, open_ = np.zeros(0, dtype=np.int64), _candidates(sites, targets, within_m)
    looked = _looked_at(sites, targets, *np.divmod(open_, count), within_m)
    site_of, target_of = np.divmod(deep, count)
    zeros, trues = np.zeros(len(deep)), np.ones(len(deep), dtype=bool)
    easy = Answers(site_of, target_of, trues, trues, sites.sizes[site_of], zeros, zeros)
    return _merged(easy, looked, ready)


def _merged(easy: Answers, looked: Answers, ready: Screen) -> Answers:
    """Put both together, for every target, ordered by site and target."""
    both = {
        name: np.concatenate([getattr(easy, name), getattr(looked, name)])
        for name in Answers.__slots__
    }
    row, target = ready.expanded(both["targets"])
    order = np.lexsort([target, both["sites"][row]])
    row, target = row[order], target[order]
    columns = (target if name == "targets" else both[name][row] for name in Answers.__slots__)
    return Answers(*columns)


def _candidates(sites: Sites, ready: Distinct, within_m: float) -> np.ndarray:
    """Pair sites and targets that come near each other."""
    reach_m = ready.reach_m(within_m)
    grown = shapely.bounds(ready.shapes) + np.outer(reach_m, [-1, -1, 1, 1])
    boxes = np.asarray(shapely.box(*grown.T))
    site_of, target_of = shapely.STRtree(boxes).query(sites.shapes)
    others, shapes = ready.shapes[target_of], sites.shapes[site_of]
    close = shapely.dwithin(others, shapes, reach_m[target_of])
    return np.sort(site_of[close] * max(len(ready.shapes), 1) + target_of[close])


def _looked_at(
    sites: Sites, ready: Distinct, site_of: np.ndarray, target_of: np.ndarray, within_m: float
) -> Answers:
    """Look at pairs one by one; this alone decides, for one site or a million."""
    shapes, others = sites.shapes[site_of], ready.shapes[target_of]
    touching = shapely.intersects(others, shapes)
    distances_m = np.zeros(len(site_of))
    apart = np.flatnonzero(~touching)
    distances_m[apart] = ready.outlines.distances_m(target_of[apart], sites.shapes, site_of[apart])
    in_band = distances_m <= ready.accuracies_m[target_of]
    certain = np.zeros(len(site_of), dtype=bool)
    within, of_target = np.zeros(len(site_of)), np.zeros(len(site_of))
    is_area = ready.dimensions[target_of] == _POLYGON
    rows = np.flatnonzero(touching & is_area)
    certain[rows] = shapely.intersects(ready.cores(target_of[rows]), shapes[rows])
    within[rows] = inside(sites, ready.areas, site_of[rows], ready.area_of[target_of[rows]])
    rows = np.flatnonzero(touching & ~is_area & (sites.dimensions[site_of] == _POLYGON))
    certain[rows], of_target[rows] = _held(sites, ready, site_of[rows], target_of[rows])
    keep = in_band | (distances_m <= within_m)
    columns = (site_of, target_of, certain, in_band, within, of_target, distances_m)
    return Answers(*(column[keep] for column in columns))


def _held(
    sites: Sites, ready: Distinct, site_of: np.ndarray, target_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Say which sites, shrunk, still hold some of a line or point, and how much they hold."""
    shapes, others = sites.shapes[site_of], ready.shapes[target_of]
    by_m = ready.accuracies_m[target_of]
    held_size = measured(shapely.intersection(others, shapes), ready.dimensions[target_of])
    held = np.zeros(len(site_of), dtype=bool)
    bounds = shapely.bounds(shapes)
    narrowest = np.minimum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    large = np.flatnonzero(narrowest > 2 * by_m)
    shrunk = shapely.buffer(shapes[large], -by_m[large], quad_segs=_ARC_SEGMENTS)
    held[large] = shapely.intersects(shrunk, others[large])
    return held, held_size
