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

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    """Areas in the plane: whole, cut into small pieces, and their edges in short runs."""

    shapes: np.ndarray
    pieces: np.ndarray
    piece_of: np.ndarray
    edges: np.ndarray
    edge_of: np.ndarray

    @classmethod
    def of(cls, shapes: np.ndarray) -> AreaIndex:
        """Cut up areas of the plane."""
        shapely.prepare(shapes)
        edges, edge_of = _parted(shapely.boundary(shapes), _runs)
        return cls(shapes, *_parted(shapes, _pieces), edges, edge_of)


@dataclass(frozen=True, eq=False)
class Screen:
    """Targets made ready once for any number of sites; see `Screen.of`."""

    targets: Sequence[Target]
    shapes: np.ndarray
    dimensions: np.ndarray
    accuracies_m: np.ndarray
    areas: AreaIndex
    area_targets: np.ndarray
    outlines: np.ndarray
    outline_of: np.ndarray
    _cores: dict[int, BaseGeometry] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, targets: Sequence[Target]) -> Screen:
        """Take targets to the plane and cut up the areas among them."""
        shapes = plane.project(np.array([target.geometry for target in targets], dtype=object))
        dimensions = shapely.get_dimensions(shapes)
        accuracies_m = np.array([target.accuracy_m for target in targets], dtype=float)
        area_targets = np.flatnonzero(dimensions == _POLYGON)
        others = np.flatnonzero(dimensions != _POLYGON)
        areas = AreaIndex.of(shapes[area_targets])
        runs, run_of = _parted(shapes[others], _runs)
        shapely.prepare(shapes)
        return cls(
            targets,
            shapes,
            dimensions,
            accuracies_m,
            areas,
            area_targets,
            np.concatenate([areas.edges, runs]),
            np.concatenate([area_targets[areas.edge_of], others[run_of]]),
        )

    def core(self, target: int) -> BaseGeometry:
        """Give an area shrunk by its accuracy; made when it is first needed, then kept."""
        if target not in self._cores:
            shape, by_m = self.shapes[target], -self.accuracies_m[target]
            core = shapely.buffer(shape, by_m, quad_segs=_ARC_SEGMENTS)
            shapely.prepare(core)
            self._cores[target] = core
        return self._cores[target]


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


# ---- cutting -------------------------------------------------------------------------------------


def _parted(
    shapes: np.ndarray, cut: Callable[[BaseGeometry], list[BaseGeometry]]
) -> tuple[np.ndarray, np.ndarray]:
    """Cut every shape; give the parts and which shape each comes from."""
    cuts = [cut(shape) for shape in shapes]
    owners = np.repeat(np.arange(len(cuts)), [len(parts) for parts in cuts])
    parts = [part for parts in cuts for part in parts]
    return np.array(parts, dtype=object), owners.astype(np.int64)


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


def _runs(shape: BaseGeometry) -> list[BaseGeometry]:
    """Cut lines into runs of few vertices; points stay points."""
    runs: list[BaseGeometry] = []
    for part in shapely.get_parts(shape):
        points = shapely.get_coordinates(part)
        if len(points) == 1:
            runs.append(part)
            continue
        step = _PIECE_VERTICES - 1
        ends = range(0, len(points) - 1, step)
        runs.extend(shapely.LineString(points[start : start + step + 1]) for start in ends)
    return runs


# ---- areas ---------------------------------------------------------------------------------------


def overlaps(sites: Sites, areas: AreaIndex, tree: shapely.STRtree | None = None) -> Overlaps:
    """Find which sites lie in which areas, and measure the part inside.

    Parameters
    ----------
    sites
        From `project_sites`.
    areas
        From `AreaIndex.of`.
    tree
        Over the sites' shapes, if there is one already.

    Returns
    -------
    Overlaps
        Every pair that shares more than an edge.
    """
    tree = tree or shapely.STRtree(sites.shapes)
    count = len(areas.shapes)
    met = _pairs(*tree.query(areas.shapes, predicate="intersects"), count)
    edge, site = tree.query(areas.edges, predicate="intersects")
    is_crossing = np.isin(met, _pairs(areas.edge_of[edge], site, count))
    site_of, area_of = np.divmod(met, max(count, 1))
    sizes = sites.sizes[site_of]
    sizes[is_crossing] = _exact(sites, areas, site_of[is_crossing], area_of[is_crossing])
    shared = sizes > 0
    return Overlaps(site_of[shared], area_of[shared], sizes[shared])


def _pairs(areas: np.ndarray, sites: np.ndarray, count: int) -> np.ndarray:
    """Write pairs as one number each, sorted by site, then area."""
    return np.unique(sites * count + areas)


def _exact(
    sites: Sites, areas: AreaIndex, site_of: np.ndarray, area_of: np.ndarray
) -> np.ndarray:
    """Measure what lies inside for pairs that cross an edge, piece by piece."""
    if not len(site_of):
        return np.zeros(0)
    order = np.argsort(areas.piece_of, kind="stable")
    starts = np.searchsorted(areas.piece_of[order], np.arange(len(areas.shapes) + 1))
    counts = starts[area_of + 1] - starts[area_of]
    pair = np.repeat(np.arange(len(site_of)), counts)
    first = np.repeat(starts[area_of] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
    piece = order[np.arange(counts.sum()) + first]
    boxes = shapely.bounds(areas.pieces)[piece]
    mine = shapely.bounds(sites.shapes)[site_of[pair]]
    near = (boxes[:, 0] <= mine[:, 2]) & (boxes[:, 2] >= mine[:, 0])
    near &= (boxes[:, 1] <= mine[:, 3]) & (boxes[:, 3] >= mine[:, 1])
    pair, piece = pair[near], piece[near]
    shapes = sites.shapes[site_of[pair]]
    parts = shapely.intersection(shapes, areas.pieces[piece])
    dimensions = sites.dimensions[site_of[pair]]
    sizes = np.zeros(len(site_of))
    np.add.at(sizes, pair, _measured(parts, dimensions))
    return np.minimum(sizes, sites.sizes[site_of])


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
    tree = shapely.STRtree(sites.shapes)
    count = len(ready.targets)
    touched = _pairs(*tree.query(ready.shapes, predicate="intersects"), count)
    reach_m = np.maximum(ready.accuracies_m, within_m)[ready.outline_of] * _SLACK
    outline, site = tree.query(ready.outlines, predicate="dwithin", distance=reach_m)
    reached = _pairs(ready.outline_of[outline], site, count)
    pairs = np.union1d(touched, reached)
    site_of, target_of = np.divmod(pairs, max(count, 1))
    touching = np.isin(pairs, touched)
    distances_m = np.zeros(len(pairs))
    distances_m[~touching] = _distances_m(
        sites.shapes[site_of[~touching]], ready.shapes[target_of[~touching]]
    )
    in_band = distances_m <= ready.accuracies_m[target_of]
    inside = np.zeros(len(pairs))
    found = overlaps(sites, ready.areas, tree)
    known = found.sites * count + ready.area_targets[found.areas]
    inside[np.searchsorted(pairs, known)] = found.sizes
    certain, of_target = np.zeros(len(pairs), dtype=bool), np.zeros(len(pairs))
    is_area = ready.dimensions[target_of] == _POLYGON
    certain[touching & is_area] = True
    close = touching & is_area & np.isin(pairs, reached)
    certain[close] = _deep(sites, ready, site_of[close], target_of[close])
    held = touching & ~is_area & (sites.dimensions[site_of] == _POLYGON)
    certain[held], of_target[held] = _held(sites, ready, site_of[held], target_of[held])
    keep = in_band | (distances_m <= within_m)
    columns = (site_of, target_of, certain, in_band, inside, of_target, distances_m)
    return Answers(*(column[keep] for column in columns))


def _distances_m(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Measure between the nearest points of pairs, found in the plane, on the ellipsoid."""
    if not len(first):
        return np.zeros(0)
    ends = shapely.get_coordinates(shapely.shortest_line(first, second))
    lonlat = plane.unproject(ends)
    return plane.distances_m(lonlat[::2], lonlat[1::2])


def _deep(
    sites: Sites, ready: Screen, site_of: np.ndarray, target_of: np.ndarray
) -> np.ndarray:
    """Say which sites reach into an area deeper than its accuracy."""
    deep = np.zeros(len(site_of), dtype=bool)
    for target in np.unique(target_of):
        rows = np.flatnonzero(target_of == target)
        deep[rows] = shapely.intersects(ready.core(int(target)), sites.shapes[site_of[rows]])
    return deep


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
