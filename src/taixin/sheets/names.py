"""Placing names: requests in order of importance, each at its best free place or not at all.

The same rules as on the page (``viewer/src/labels``): areas inside, lines along, points beside
their symbol or farther off with a leader. No library does this for areas and lines; adjustText
moves the names of points about and may leave them overlapping.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

    from taixin.sheets.canvas import Face
    from taixin.sheets.papers import Box

    Measure = Callable[[str, Face], float]

__all__ = ["Glyph", "Placed", "Request", "Space", "is_chinese", "place_area", "place_point", "wrap"]

_CHINESE: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")
#: Numbers and Latin words are not broken.
_TOGETHER: Final = re.compile(r"[0-9A-Za-z.]{2}")
_BREAKS: Final = re.compile(r"[\s\u2014\u2013\-·、，,/（(]")
#: Beside a point: right first, as the eye reads; then left, above, below; corners cost least.
_NEAR: Final = (
    *((1, 0, 0), (-1, 0, 0.8), (0, -1, 1.2), (0, 1, 1.4)),
    *((0.75, -0.75, 0.5), (0.75, 0.75, 0.7), (-0.75, -0.75, 1.5), (-0.75, 0.75, 1.6)),
)
_REACHES: Final = (16, 26, 38, 54, 74, 100, 130)
_DIRECTIONS: Final = tuple(number * math.pi / 8 for number in range(16))
_SPOTS: Final = 7
_LEADING: Final = 1.16
Limits = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Request:
    """A name that is wanted.

    Parameters
    ----------
    id, text
        Whose, and what.
    way
        ``area``, ``line`` or ``point``.
    shape
        What is named, on paper.
    priority
        Higher is placed first.
    face, halo
        How it is written, and how far the pale rim reaches, in millimetres.
    reach
        Half the size of a point's symbol, or of a line's width.
    leader
        ``near``: never one; ``far``: always; else where it is needed.
    is_centred
        Whether letters stand on the line, not beside it.
    limit
        The cost above which the name is left out.
    need
        Share of the rim of an area's name that must lie inside.
    other
        Another way to write it, if this one finds no place.
    is_plan
        Whether the plans ask for it, not the base map.
    """

    id: str
    text: str
    way: str
    shape: BaseGeometry
    priority: float
    face: Face
    halo: float
    reach: float = 0.0
    leader: str = ""
    is_centred: bool = False
    limit: float = math.inf
    need: float = 0.75
    other: Request | None = None
    is_plan: bool = False


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character, or some that stay together, with its middle on paper and its turn."""

    text: str
    x: float
    y: float
    width: float
    angle: float = 0.0
    course: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A name in its place: lines of text around a middle, or glyphs along a line."""

    request: Request
    boxes: tuple[Limits, ...]
    cost: float
    lines: tuple[str, ...] = ()
    middle: tuple[float, float] = (0.0, 0.0)
    glyphs: tuple[Glyph, ...] = ()
    leader: tuple[float, float, float, float] | None = None


@dataclass
class Space:
    """What is taken: boxes no name may touch, and spots that names rather avoid.

    Parameters
    ----------
    frame
        Where names may stand.
    px
        A pixel of the page in millimetres on this paper.
    measure
        Gives the width of a text.
    """

    frame: Box
    px: float
    measure: Measure
    _taken: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))
    _spots: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))

    def take(self, boxes: Iterable[Limits]) -> None:
        """Let no name touch these boxes any more."""
        self._taken = np.vstack([self._taken, *(np.array([box]) for box in boxes)])

    def avoid(self, shape: BaseGeometry, weight: float) -> None:
        """Let names rather not cross a line, or the edge of an area."""
        lines = shapely.boundary(shape) if shapely.get_dimensions(shape) > 1 else shape
        points = shapely.get_coordinates(shapely.segmentize(lines, 4 * self.px))
        added = np.column_stack([points, np.full(len(points), weight)])
        self._spots = np.vstack([self._spots, added])

    def is_free(self, boxes: Sequence[Limits]) -> bool:
        """Say whether boxes lie inside the frame and touch nothing."""
        x0, y0, x1, y1 = np.array(boxes).T
        if not self.frame.shape.covers(shapely.box(x0.min(), y0.min(), x1.max(), y1.max())):
            return False
        left, top, right, bottom = self._taken.T[:, :, None]
        meets = (left < x1) & (right > x0) & (top < y1) & (bottom > y0)
        return not bool(meets.any())

    def cost(self, boxes: Sequence[Limits]) -> float:
        """Add up what lies under boxes that they had better not cover."""
        s = self._spots
        total = 0.0
        for x0, y0, x1, y1 in boxes:
            under = (s[:, 0] > x0) & (s[:, 0] < x1) & (s[:, 1] > y0) & (s[:, 1] < y1)
            total += float(s[under, 2].sum())
        return total


def is_chinese(text: str) -> bool:
    """Say whether a text has Chinese characters."""
    return _CHINESE.search(text) is not None


def wrap(text: str, most: int) -> list[str]:
    """Break a name into balanced lines of at most about so many characters.

    Examples
    --------
    >>> wrap("繁峙-代县-五台组团生态", 8)
    ['繁峙-代县-', '五台组团生态']
    """
    room = most if is_chinese(text) else round(most * 1.9)
    if len(text) <= room:
        return [text]
    middle = len(text) / 2
    places = [n for n in range(1, len(text)) if _BREAKS.match(text[n - 1])]
    places = [n - 1 if text[n - 1] in "（(" else n for n in places]
    best = min(places, key=lambda n: abs(n - middle), default=0)
    far = 2
    if is_chinese(text) and (not best or abs(best - middle) > far):
        best = math.ceil(middle)
        while best < len(text) and _TOGETHER.match(text, best - 1):
            best += 1
    if not best:
        return [text]
    halves = [text[:best].strip(), text[best:].strip()]
    if len(text) > room * 2:
        return [line for half in halves for line in wrap(half, most)]
    return halves


def _block(request: Request, space: Space, most: int) -> tuple[list[str], float, float]:
    """Break a name into lines, and measure them."""
    lines = wrap(request.text, most)
    width = max(space.measure(line, request.face) for line in lines) + 2 * request.halo
    return lines, width, len(lines) * request.face.em * _LEADING + request.halo


def _around(x: float, y: float, wide: float, high: float) -> Limits:
    return (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def place_point(request: Request, space: Space) -> Placed | None:
    """Find a place for the name of a point."""
    x, y = shapely.get_coordinates(request.shape)[0]
    left, top, right, bottom = space.frame.limits
    if not (left <= x <= right and top <= y <= bottom):
        return None
    lines, width, height = _block(request, space, 9)
    best: Placed | None = None
    for cost, cx, cy, leader in _positions((x, y), (width, height), request, space.px):
        if best and cost >= best.cost:
            continue
        boxes = (_around(cx, cy, width, height), *_leader_boxes(leader, space.px))
        if not space.is_free(boxes):
            continue
        # a leader that runs over an axis misleads more than a name beside one
        total = cost + space.cost(boxes)
        if total <= request.limit and (best is None or total < best.cost):
            best = Placed(request, boxes, total, tuple(lines), (cx, cy), leader=leader)
    return best


def _positions(
    at: tuple[float, float], size: tuple[float, float], request: Request, px: float
) -> Iterator[tuple[float, float, float, tuple[float, float, float, float] | None]]:
    """Yield cost, middle and leader of each place for a block of a size, the cheaper first."""
    (x, y), (width, height) = at, size
    gap = request.reach + 2.5 * px
    for dx, dy, cost in _NEAR if request.leader != "far" else ():
        side = np.sign(dy) * (0.9 if dx else 1.0)
        cx = x + dx * gap + np.sign(dx) * width / 2
        yield cost, cx, y + dy * gap + side * height / 2, None
    for ring, reach in enumerate(_REACHES if request.leader != "near" else ()):
        for angle in _DIRECTIONS:
            dx, dy = math.cos(angle), math.sin(angle)
            cx = x + dx * (gap + reach * px) + dx * width / 2
            cy = y + dy * (gap + reach * px) + dy * height / 2
            start = (x + dx * (gap - 2 * px), y + dy * (gap - 2 * px))
            end_x = min(max(x, cx - width / 2), cx + width / 2)
            end_y = min(max(y, cy - height / 2), cy + height / 2)
            yield 4 + ring * 2.2, cx, cy, (*start, end_x, end_y)


def _leader_boxes(leader: tuple[float, float, float, float] | None, px: float) -> list[Limits]:
    """Cover a leader with small boxes, so that no name lies across it."""
    if leader is None:
        return []
    x0, y0, x1, y1 = leader
    count = int(math.hypot(x1 - x0, y1 - y0) / (6 * px))
    shares = [(n + 1) / count for n in range(count - 1)]
    return [
        _around(x0 + share * (x1 - x0), y0 + share * (y1 - y0), 2 * px, 2 * px) for share in shares
    ]


def place_area(request: Request, space: Space) -> Placed | None:
    """Find a place for the name of an area: at its pole, or elsewhere inside."""
    seen = shapely.intersection(request.shape, space.frame.shape)
    parts = [part for part in shapely.get_parts(seen) if part.geom_type == "Polygon"]
    body = max(parts, key=lambda part: part.area, default=None)
    least_px = 300
    if body is None or body.area < least_px * space.px**2:
        return None
    body = shapely.Polygon(body.exterior.simplify(2 * space.px))
    shapely.prepare(body)
    lines, width, height = _block(request, space, 8)
    best: Placed | None = None
    for x, y, far in _spots(body, space.px):
        if best and far >= best.cost:
            break
        area = _around(x, y, width, height)
        if _inside(body, area) < request.need or not space.is_free((area,)):
            continue
        total = far + space.cost((area,))
        if total <= request.limit and (best is None or total < best.cost):
            best = Placed(request, (area,), total, tuple(lines), (x, y))
    return best


def _spots(body: Polygon, px: float) -> list[tuple[float, float, float]]:
    """Give places to try in an area with what they cost: its pole, then those nearer to it."""
    pole = shapely.get_coordinates(shapely.maximum_inscribed_circle(body, tolerance=3 * px))[0]
    left, top, right, bottom = body.bounds
    span = max(right - left, bottom - top)
    shares = np.arange(1, _SPOTS) / _SPOTS
    places = [(left + (right - left) * i, top + (bottom - top) * j) for i in shares for j in shares]
    found = [
        (x, y, math.dist((x, y), pole) / span * 8 + 0.5)
        for x, y in places
        if shapely.contains_xy(body, x, y)
    ]
    return [(float(pole[0]), float(pole[1]), 0.0), *sorted(found, key=lambda spot: spot[2])]


def _inside(body: BaseGeometry, area: Limits) -> float:
    """Give the share of eight points of a box's rim that lie in an area."""
    x0, y0, x1, y1 = area
    mx, my = (x0 + x1) / 2, (y0 + y1) / 2
    xs = [x0, mx, x1, x0, x1, x0, mx, x1]
    ys = [y0, y0, y0, my, my, y1, y1, y1]
    return float(shapely.contains_xy(body, xs, ys).mean())
