"""From many pieces of a road or river to one course between its two known ends."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin import plane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    Node = tuple[float, float]

__all__ = ["apart_m", "course"]

#: Pieces that end within this distance of each other are joined.
GAP_M: Final = 2000.0
#: A gap costs more than its length, so that a piece that closes it is preferred.
_GAP_WEIGHT: Final = 3.0
_SAMPLE_DEG: Final = 0.002


def course(
    pieces: Sequence[BaseGeometry], start: Node, end: Node, reach_m: float
) -> BaseGeometry | str:
    """Find the way along the pieces from one end to the other.

    Parameters
    ----------
    pieces
        Lines, lon/lat in degrees.
    start, end
        Where the course is known to begin and to end.
    reach_m
        How near to them the pieces must come.

    Returns
    -------
    BaseGeometry | str
        The line from start to end; or why there is none, a sentence without full stop.

    Examples
    --------
    >>> pieces = [shapely.LineString([(112, 38), (112.1, 38)]),
    ...           shapely.LineString([(112.3, 38), (112.1, 38)])]
    >>> print(course(pieces, (112, 38), (112.3, 38), 1000))
    LINESTRING (112 38, 112.1 38, 112.3 38)
    >>> course(pieces, (112, 38), (112.6, 38), 1000)
    'the data ends 26.3 km from its far end'
    """
    lines = [part for piece in pieces for part in shapely.get_parts(piece)]
    edges = _edges(lines)
    nodes = np.array(list(edges))
    ends = []
    for name, point in (("near", start), ("far", end)):
        away_m = plane.distances_m(np.repeat([point], len(nodes), axis=0), nodes)
        nearest = int(away_m.argmin())
        if away_m[nearest] > reach_m:
            return f"the data ends {away_m[nearest] / 1000:.1f} km from its {name} end"
        ends.append((float(nodes[nearest][0]), float(nodes[nearest][1])))
    if ends[0] == ends[1]:
        return "both its ends are nearest to the same point of the data"
    path = _shortest(edges, ends[0], ends[1])
    if path is None:
        return f"its pieces lie more than {GAP_M / 1000:g} km apart"
    return shapely.LineString(path)


def _edges(lines: Sequence[BaseGeometry]) -> dict[Node, list[tuple[Node, float]]]:
    edges: dict[Node, list[tuple[Node, float]]] = defaultdict(list)
    loose: dict[Node, int] = defaultdict(int)
    for line in lines:
        points = [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]
        lengths = plane.distances_m(np.array(points[:-1]), np.array(points[1:]))
        for one, other, length_m in zip(points[:-1], points[1:], lengths, strict=True):
            edges[one].append((other, float(length_m)))
            edges[other].append((one, float(length_m)))
        loose[points[0]] += 1
        loose[points[-1]] += 1
    _bridge(edges, [node for node, times in loose.items() if times == 1])
    return edges


def _bridge(edges: dict[Node, list[tuple[Node, float]]], loose: Sequence[Node]) -> None:
    """Join each loose end to what lies near it."""
    nodes = list(edges)
    tree = shapely.STRtree(shapely.points(nodes))
    for node in loose:
        reach_deg = GAP_M / (111_000 * math.cos(math.radians(node[1])))
        near = tree.query(shapely.box(*(np.array(node) - reach_deg), *(np.array(node) + reach_deg)))
        others = np.array([nodes[index] for index in near])
        away_m = plane.distances_m(np.repeat([node], len(others), axis=0), others)
        for other, gap_m in zip(others, away_m, strict=True):
            if 0 < gap_m <= GAP_M:
                there = (float(other[0]), float(other[1]))
                edges[node].append((there, _GAP_WEIGHT * float(gap_m)))
                edges[there].append((node, _GAP_WEIGHT * float(gap_m)))


def _shortest(
    edges: dict[Node, list[tuple[Node, float]]], start: Node, end: Node
) -> list[Node] | None:
    """Walk the edges as Dijkstra did."""
    came: dict[Node, Node] = {}
    known = {start: 0.0}
    waiting = [(0.0, start)]
    while waiting:
        far_m, node = heapq.heappop(waiting)
        if node == end:
            path = [end]
            while path[-1] != start:
                path.append(came[path[-1]])
            return path[::-1]
        for other, length_m in edges[node] if far_m <= known[node] else ():
            if far_m + length_m < known.get(other, math.inf):
                known[other] = far_m + length_m
                came[other] = node
                heapq.heappush(waiting, (far_m + length_m, other))
    return None


def apart_m(new: BaseGeometry, old: BaseGeometry) -> tuple[float, float]:
    """Measure how far a geometry lies from the one before, on the ellipsoid.

    Returns
    -------
    tuple[float, float]
        Metres: the middle and the largest of the distances along the new one.

    Examples
    --------
    >>> line = shapely.LineString([(112, 38), (112.5, 38)])
    >>> moved = shapely.LineString([(112, 38.01), (112.5, 38.01)])
    >>> [round(value, -1) for value in apart_m(moved, line)]
    [1110.0, 1110.0]
    """
    samples = shapely.get_coordinates(shapely.segmentize(new, _SAMPLE_DEG))
    points = plane.project(np.asarray(shapely.points(samples)))
    [before] = plane.project(np.array([old], dtype=object))
    pairs = shapely.get_coordinates(shapely.shortest_line(points, before)).reshape(-1, 2, 2)
    metres = plane.distances_m(plane.unproject(pairs[:, 0]), plane.unproject(pairs[:, 1]))
    return float(np.median(metres)), float(metres.max())
