"""How much of sites lies in areas: for one site or very many, exactly where an edge is crossed.

Everything is in the equal-area plane of `taixin.plane`, so areas are those of the ellipsoid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin import plane
from taixin.site.cover import Cover

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["AreaIndex", "Overlaps", "Sites", "inside", "measured", "overlaps", "project_sites"]

_PIECE_VERTICES: Final = 96
#: From so many sites on, covering the areas with squares pays.
_MANY_SITES: Final = 2000
_LINE: Final = 1


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


def project_sites(geometries: np.ndarray) -> Sites:
    """Take sites from lon/lat to the plane and measure them.

    Examples
    --------
    >>> sites = project_sites(np.array([shapely.box(112.5, 38, 112.6, 38.1)]))
    >>> sites.dimensions.tolist(), (sites.sizes / 1e6).round(2).tolist()
    ([2], [97.43])
    """
    shapes = plane.project(geometries)
    dimensions = shapely.get_dimensions(shapes)
    return Sites(shapes, dimensions, measured(shapes, dimensions))


def measured(shapes: np.ndarray, dimensions: np.ndarray) -> np.ndarray:
    """Measure each geometry as what its site is: m², ellipsoidal m, or points."""
    sizes = shapely.area(shapes)
    lines = np.flatnonzero(dimensions == _LINE)
    if len(lines):
        sizes[lines] = plane.lengths_m(shapes[lines])
    points = dimensions < _LINE
    sizes[points] = shapely.get_num_geometries(shapes[points])
    sizes[points & shapely.is_empty(shapes)] = 0
    return np.asarray(sizes)


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
    looked = inside(sites, areas, *np.divmod(open_, count))
    sizes = np.concatenate([sites.sizes[deep // count], looked])
    pairs = np.concatenate([deep, open_])
    order = np.argsort(pairs)
    order = order[sizes[order] > 0]
    return Overlaps(*np.divmod(pairs[order], count), sizes[order])


def inside(sites: Sites, areas: AreaIndex, site_of: np.ndarray, area_of: np.ndarray) -> np.ndarray:
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
    np.add.at(sizes, pair, measured(parts, sites.dimensions[site_of[pair]]))
    return np.asarray(np.minimum(sizes, sites.sizes[site_of]))
