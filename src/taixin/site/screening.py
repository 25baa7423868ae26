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
from taixin.site.cover import Cover
from taixin.site.nearest import Outlines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

__all__ = [
    "Answers",
    "AreaIndex",
    "Overlaps",
    "Screen",
    "Sites",
    "Target",
    "overlaps",
    "project_sites",
    "screen",
]

#: Lengths in the plane may be off by this share; candidates are sought that much farther out.
_SLACK: Final = 1.003
_PIECE_VERTICES: Final = 96
_ARC_SEGMENTS: Final = 32
#: From so many sites on, covering the targets with squares pays.
_MANY_SITES: Final = 2000
_POLYGON, _LINE = 2, 1


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
class Sites:
    """Sites in the equal-area plane, with their own measures.

    Parameters
    ----------
    shapes
        Geometries in metres.
    dimensions
        0, 1 or 2 for each.
    sizes
        Square metres of areas, ellipsoidal metres of lines, number of points.
    """

    shapes: np.ndarray
    dimensions: np.ndarray
    sizes: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """Which sites lie in which areas, and how much of them.

    Parameters
    ----------
    sites, areas
        Positions of the pairs, ordered by site, then area.
    sizes
        How much of the site lies inside: m², m or a number of points, as the site's own size.
    """

    sites: np.ndarray
    areas: np.ndarray
    sizes: np.ndarray


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


@dataclass(frozen=True, slots=True, eq=False)
class AreaIndex:
    """Areas in the plane: whole, and cut into pieces of few vertices, sorted by area."""

    shapes: np.ndarray
    pieces: np.ndarray
    starts: np.ndarray
    _covers: list[Cover] = field(default_factory=list, repr=False)

    @property
    def cover(self) -> Cover:
        """Squares that lie inside for certain; made when first needed."""
        if not self._covers:
            self._covers.append(Cover.of(self.shapes, self.shapes, np.zeros(len(self.shapes))))
        return self._covers[0]

    @classmethod
    def of(cls, shapes: np.ndarray) -> AreaIndex:
        """Cut up areas of the plane."""
        shapely.prepare(shapes)
        cuts = [_pieces(shape) for shape in shapes]
        starts = np.concatenate([[0], np.cumsum([len(parts) for parts in cuts], dtype=int)])
        pieces = np.array([part for parts in cuts for part in parts], dtype=object)
        return cls(shapes, pieces, starts)


@dataclass(frozen=True, eq=False)
class Screen:
    """Targets made ready once for any number of sites; see `Screen.of`."""

    targets: Sequence[Target]
    shapes: np.ndarray
    dimensions: np.ndarray
    accuracies_m: np.ndarray
    areas: AreaIndex
    area_of: np.ndarray
    outlines: Outlines
    _cores: dict[int, BaseGeometry] = field(default_factory=dict, repr=False)
    _covers: dict[float, Cover] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, targets: Sequence[Target]) -> Screen:
        """Take targets to the plane and cut up the areas among them."""
        shapes = plane.project(np.array([target.geometry for target in targets], dtype=object))
        dimensions = shapely.get_dimensions(shapes)
        accuracies_m = np.array([target.accuracy_m for target in targets], dtype=float)
        is_area = dimensions == _POLYGON
        area_of = np.where(is_area, np.cumsum(is_area) - 1, -1)
        shapely.prepare(shapes)
        areas, outlines = AreaIndex.of(shapes[is_area]), Outlines.of(shapes)
        return cls(targets, shapes, dimensions, accuracies_m, areas, area_of, outlines)

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


def project_sites(geometries: np.ndarray) -> Sites:
    """Take sites from lon/lat to the plane and measure them.

    Examples
    --------
    >>> sites = project_sites(np.array([shapely.box(112.5, 38, 112.6, 38.1)]))
    >>> sites.dimensions.tolist(), (sites.sizes / 1e6).round(2).tolist()
    ([2], [97.45])
    """
    shapes = plane.project(geometries)
    dimensions = shapely.get_dimensions(shapes)
    return Sites(shapes, dimensions, _measured(shapes, dimensions))


def _measured(shapes: np.ndarray, dimensions: np.ndarray) -> np.ndarray:
    """Measure each geometry as what its site is: m², ellipsoidal m, or points."""
    sizes = shapely.area(shapes)
    lines = np.flatnonzero(dimensions == _LINE)
    if len(lines):
        sizes[lines] = plane.lengths_m(shapes[lines])
    points = dimensions < _LINE
    sizes[points] = shapely.get_num_geometries(shapes[points])
    sizes[points & shapely.is_empty(shapes)] = 0
    return np.asarray(sizes)


# ---- areas ---------------------------------------------------------------------------------------


def _pieces(shape: BaseGeometry) -> list[BaseGeometry]:
    """Halve a polygon across its longer side until every piece has few vertices."""
    done: list[BaseGeometry] = []
    waiting = list(shapely.get_parts(shape))
    while waiting:
        part = waiting.pop()
        if shapely.get_num_coordinates(part) <= _PIECE_VERTICES:
            done.append(part)
            continue
        west, south, east, north = part.bounds
        x, y = (west + east) / 2, (south + north) / 2
        halves = (
            ((west, south, x, north), (x, south, east, north))
            if east - west > north - south
            else ((west, south, east, y), (west, y, east, north))
        )
        for half in halves:
            inside = shapely.intersection(part, shapely.box(*half))
            waiting.extend(p for p in shapely.get_parts(inside) if p.geom_type == "Polygon")
    return done


def overlaps(sites: Sites, areas: AreaIndex) -> Overlaps:
    """Find which sites lie in which areas, and measure the part inside.

    Parameters
    ----------
    sites
        From `project_sites`.
    areas
        From `AreaIndex.of`.

    Returns
    -------
    Overlaps
        Every pair that shares more than an edge.
    """
    count = max(len(areas.shapes), 1)
    if len(sites.shapes) >= _MANY_SITES:
        deep, open_ = areas.cover.pairs(sites.shapes, count)
    else:
        site_of, area_of = shapely.STRtree(areas.shapes).query(sites.shapes)
        deep, open_ = np.zeros(0, dtype=np.int64), np.sort(site_of * count + area_of)
    looked = _inside(sites, areas, *np.divmod(open_, count))
    sizes = np.concatenate([sites.sizes[deep // count], looked])
    pairs = np.concatenate([deep, open_])
    order = np.argsort(pairs)
    order = order[sizes[order] > 0]
    return Overlaps(*np.divmod(pairs[order], count), sizes[order])


def _inside(sites: Sites, areas: AreaIndex, site_of: np.ndarray, area_of: np.ndarray) -> np.ndarray:
    """Measure the part of a site inside an area, pair by pair; all of it where no edge is met."""
    shapes, others = sites.shapes[site_of], areas.shapes[area_of]
    whole = shapely.contains_properly(others, shapes)
    sizes = np.where(whole, sites.sizes[site_of], 0.0)
    cut = np.flatnonzero(~whole)
    cut = cut[shapely.intersects(others[cut], shapes[cut])]
    sizes[cut] = _exact(sites, areas, site_of[cut], area_of[cut])
    return np.asarray(sizes)


def _exact(sites: Sites, areas: AreaIndex, site_of: np.ndarray, area_of: np.ndarray) -> np.ndarray:
    """Measure what lies inside for pairs that cross an edge, piece by piece."""
    counts = areas.starts[area_of + 1] - areas.starts[area_of]
    before = np.cumsum(counts) - counts
    pair = np.repeat(np.arange(len(site_of)), counts)
    piece = np.arange(counts.sum()) + np.repeat(areas.starts[area_of] - before, counts)
    theirs = shapely.bounds(areas.pieces)[piece]
    mine = shapely.bounds(sites.shapes[site_of])[pair]
    meets = (theirs[:, :2] <= mine[:, 2:]).all(axis=1) & (theirs[:, 2:] >= mine[:, :2]).all(axis=1)
    pair, piece = pair[meets], piece[meets]
    parts = shapely.intersection(sites.shapes[site_of[pair]], areas.pieces[piece])
    sizes = np.zeros(len(site_of))
    np.add.at(sizes, pair, _measured(parts, sites.dimensions[site_of[pair]]))
    return np.asarray(np.minimum(sizes, sites.sizes[site_of]))


# ---- answers -------------------------------------------------------------------------------------


def screen(sites: Sites, ready: Screen, within_m: float) -> Answers:
    """Check sites against targets.

    Parameters
    ----------
    sites
        From `project_sites`.
    ready
        From `Screen.of`.
    within_m
        How far off a feature still counts as near, ellipsoidal metres.

    Returns
    -------
    Answers
        Every pair that is affected or near.
    """
    count = max(len(ready.targets), 1)
    if len(sites.shapes) >= _MANY_SITES:
        deep, open_ = ready.cover(within_m).pairs(sites.shapes, count)
    else:
        deep, open_ = np.zeros(0, dtype=np.int64), _candidates(sites, ready, within_m)
    looked = _looked_at(sites, ready, *np.divmod(open_, count), within_m)
    site_of, target_of = np.divmod(deep, count)
    zeros, trues = np.zeros(len(deep)), np.ones(len(deep), dtype=bool)
    easy = Answers(site_of, target_of, trues, trues, sites.sizes[site_of], zeros, zeros)
    return _merged(easy, looked)


def _candidates(sites: Sites, ready: Screen, within_m: float) -> np.ndarray:
    """Pair sites and targets that come near each other."""
    reach_m = ready.reach_m(within_m)
    grown = shapely.bounds(ready.shapes) + np.outer(reach_m, [-1, -1, 1, 1])
    boxes = np.asarray(shapely.box(*grown.T))
    site_of, target_of = shapely.STRtree(boxes).query(sites.shapes)
    others, shapes = ready.shapes[target_of], sites.shapes[site_of]
    close = shapely.dwithin(others, shapes, reach_m[target_of])
    return np.sort(site_of[close] * max(len(ready.targets), 1) + target_of[close])


def _merged(first: Answers, second: Answers) -> Answers:
    order = np.lexsort(
        [
            np.concatenate([first.targets, second.targets]),
            np.concatenate([first.sites, second.sites]),
        ]
    )
    columns = (
        np.concatenate([getattr(first, name), getattr(second, name)])[order]
        for name in Answers.__slots__
    )
    return Answers(*columns)


def _looked_at(
    sites: Sites, ready: Screen, site_of: np.ndarray, target_of: np.ndarray, within_m: float
) -> Answers:
    """Look at pairs one by one; this alone decides, for one site or a million."""
    shapes, others = sites.shapes[site_of], ready.shapes[target_of]
    touching = shapely.intersects(others, shapes)
    distances_m = np.zeros(len(site_of))
    apart = np.flatnonzero(~touching)
    distances_m[apart] = ready.outlines.distances_m(target_of[apart], sites.shapes, site_of[apart])
    in_band = distances_m <= ready.accuracies_m[target_of]
    certain = np.zeros(len(site_of), dtype=bool)
    inside, of_target = np.zeros(len(site_of)), np.zeros(len(site_of))
    is_area = ready.dimensions[target_of] == _POLYGON
    rows = np.flatnonzero(touching & is_area)
    certain[rows] = shapely.intersects(ready.cores(target_of[rows]), shapes[rows])
    inside[rows] = _inside(sites, ready.areas, site_of[rows], ready.area_of[target_of[rows]])
    rows = np.flatnonzero(touching & ~is_area & (sites.dimensions[site_of] == _POLYGON))
    certain[rows], of_target[rows] = _held(sites, ready, site_of[rows], target_of[rows])
    keep = in_band | (distances_m <= within_m)
    columns = (site_of, target_of, certain, in_band, inside, of_target, distances_m)
    return Answers(*(column[keep] for column in columns))


def _held(
    sites: Sites, ready: Screen, site_of: np.ndarray, target_of: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Say which sites, shrunk, still hold some of a line or point, and how much they hold."""
    shapes, others = sites.shapes[site_of], ready.shapes[target_of]
    by_m = ready.accuracies_m[target_of]
    inside = _measured(shapely.intersection(others, shapes), ready.dimensions[target_of])
    held = np.zeros(len(site_of), dtype=bool)
    bounds = shapely.bounds(shapes)
    narrowest = np.minimum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
    large = np.flatnonzero(narrowest > 2 * by_m)
    shrunk = shapely.buffer(shapes[large], -by_m[large], quad_segs=_ARC_SEGMENTS)
    held[large] = shapely.intersects(shrunk, others[large])
    return held, inside
