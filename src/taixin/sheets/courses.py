"""Names along lines.

Chinese the classical way: characters upright, spaced along the line, read from left to right or
from top to bottom. Latin letters turn with the line.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely.ops import substring

from taixin.sheets.names import Glyph, Placed, is_chinese

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.sheets.names import Limits, Request, Space

__all__ = ["place_line", "spine"]

_FRACTIONS: Final = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82, 0.1, 0.9)
#: Wide spacing first, as on a wall map; tight where the line is short or crowded.
_SPACINGS: Final = (0.5, 0.28, 0.0)
_UNITS: Final = re.compile(r"[0-9A-Za-z.]+|[\s\S]")
_SAMPLES: Final = 96
_SHARPEST: Final = (1.0, 0.24)  # radians from one letter to the next, upright and turned
_FULL: Final = 0.96
_LONG_NAME: Final = 6


def place_line(request: Request, space: Space) -> Placed | None:
    """Find a place for the name of a line, along its longest visible stretch."""
    chinese = is_chinese(request.text)
    step = request.face.em * (0.8 if chinese else 1.8)
    line = _stretch(request.shape, space, step)
    if line is None:
        return None
    best: Placed | None = None
    for number, share in enumerate(_SPACINGS if chinese else (0.0,)):
        parts = _parts(request, space, line.length, share, chinese=chinese)
        found = _best(request, space, line, parts, chinese=chinese)
        if found is not None:
            found = replace(found, cost=found.cost + number * 1.2)
            if found.cost <= request.limit and (best is None or found.cost < best.cost):
                best = found
        if best is not None and best.cost < 1:
            break
    return best


def _stretch(shape: BaseGeometry, space: Space, step: float) -> shapely.LineString | None:
    """Give the longest visible part of a line, calmed, so that letters do not jump at its bends."""
    seen = shapely.intersection(shape, space.frame.shape)
    merged = shapely.line_merge(seen) if seen.geom_type.startswith("Multi") else seen
    parts = [part for part in shapely.get_parts(merged) if part.geom_type == "LineString"]
    longest = max(parts, key=lambda part: part.length, default=None)
    if longest is None or longest.length < 30 * space.px:
        return longest
    count = max(2, math.ceil(longest.length / step))
    shares = np.linspace(0, longest.length, count + 1)
    points = shapely.get_coordinates(shapely.line_interpolate_point(longest, shares))
    calm = [points[max(0, i - 2) : i + 3].mean(axis=0) for i in range(count + 1)]
    return shapely.LineString(calm)


def _parts(
    request: Request, space: Space, room: float, share: float, *, chinese: bool
) -> list[tuple[str, float, float]]:
    """Give the pieces of a name with their width and how far the next one is."""
    texts = _UNITS.findall(request.text) if chinese else list(request.text)
    widths = [space.measure(text, request.face) for text in texts]
    em = request.face.em
    gap = 0.6 * space.px
    if chinese:
        most = 0.6 if len(texts) > _LONG_NAME else 1.6  # far apart, long names read as scattered
        gap = max(em * 0.12, min(em * most, (room * share - sum(widths)) / len(texts)))
    return [(text, width, width + gap) for text, width in zip(texts, widths, strict=True)]


def _best(
    request: Request,
    space: Space,
    line: shapely.LineString,
    parts: Sequence[tuple[str, float, float]],
    *,
    chinese: bool,
) -> Placed | None:
    """Give the best of the places that one spacing allows."""
    length = sum(advance for _, _, advance in parts)
    if length > line.length * _FULL:
        return None
    em = request.face.em
    side = request.reach + em * 0.62 + space.px
    best: Placed | None = None
    for number, fraction in enumerate(_FRACTIONS):
        start = max(0.0, min(line.length - length, line.length * fraction - length / 2))
        course = _reading(line, start, start + length)
        for offset, price in [(0.0, 0.0)] if request.is_centred else [(-side, 0.0), (side, 0.4)]:
            cost = number * 0.5 + price
            if best is not None and cost >= best.cost:
                continue
            glyphs = _glyphs(course, parts, offset, em, turn=not chinese)
            boxes = tuple(_box(glyph, em, space.px) for glyph in glyphs)
            if not _is_legible(glyphs, em, turn=not chinese) or not space.is_free(boxes):
                continue
            total = cost + space.cost(boxes)
            if best is None or total < best.cost:
                best = Placed(request, boxes, total, glyphs=tuple(glyphs))
    return best


def _reading(line: shapely.LineString, start: float, end: float) -> shapely.LineString:
    """Cut a part out of a line, in reading order: rightwards, or downwards where it is steep."""
    part = shapely.LineString(substring(line, start, end).coords)
    (ax, ay), *_, (bx, by) = part.coords
    is_steep = abs(by - ay) > abs(bx - ax) * 1.1
    return part if (by - ay if is_steep else bx - ax) >= 0 else shapely.reverse(part)


def _glyphs(
    course: shapely.LineString,
    parts: Sequence[tuple[str, float, float]],
    offset: float,
    em: float,
    *,
    turn: bool,
) -> list[Glyph]:
    """Set the pieces of a name along a course, moved sideways by an offset."""
    ends = np.cumsum([advance for _, _, advance in parts])
    middles = ends - np.array([advance for _, _, advance in parts]) / 2
    here = shapely.get_coordinates(shapely.line_interpolate_point(course, middles))
    before = shapely.get_coordinates(
        shapely.line_interpolate_point(course, np.maximum(middles - em * 0.9, 0))
    )
    after = shapely.get_coordinates(
        shapely.line_interpolate_point(course, np.minimum(middles + em * 0.9, course.length))
    )
    angles = np.arctan2(*(after - before).T[::-1])
    return [
        Glyph(
            text,
            float(x - math.sin(angle) * offset),
            float(y + math.cos(angle) * offset),
            width,
            float(angle) if turn else 0.0,
            float(angle),
        )
        for (text, width, _), (x, y), angle in zip(parts, here, angles, strict=True)
    ]


def _is_legible(glyphs: Sequence[Glyph], em: float, *, turn: bool) -> bool:
    """Refuse letters that bunch up or turn sharply from one to the next."""
    for a, b in pairwise(glyphs):
        bend = abs((b.course - a.course + 3 * math.pi) % (2 * math.pi) - math.pi)
        if bend > _SHARPEST[turn]:
            return False
        if not turn and math.dist((a.x, a.y), (b.x, b.y)) < (a.width + b.width) / 2 + em * 0.05:
            return False
    return True


def _box(glyph: Glyph, em: float, px: float) -> Limits:
    half = max(em, glyph.width * abs(math.cos(glyph.angle))) / 2 + px
    high = em * 0.56 + glyph.width * abs(math.sin(glyph.angle)) / 2
    return (glyph.x - half, glyph.y - high, glyph.x + half, glyph.y + high)


def spine(body: BaseGeometry) -> shapely.LineString:
    """Find the middle line of a long body such as a range, for a name that runs through it.

    The two points of the outline farthest from each other are its ends; the halves of the outline
    between them are walked in step.

    Examples
    --------
    >>> line = spine(shapely.box(0, 0, 40, 4))
    >>> 30 < line.length < 45
    True
    """
    parts = shapely.get_parts(body)
    ring = max(parts, key=lambda part: part.area).exterior
    at = np.arange(_SAMPLES) / _SAMPLES * ring.length
    points = shapely.get_coordinates(shapely.line_interpolate_point(ring, at))
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    i, j = sorted(np.unravel_index(int(apart.argmax()), apart.shape))
    there, back = points[i : j + 1], np.vstack([points[j:], points[: i + 1]])[::-1]
    count = max(len(there), len(back))
    middle = (_in_step(there, count) + _in_step(back, count)) / 2
    reach = 4  # the halves run unevenly round bends: a moving mean calms their middle
    calm = [middle[max(0, n - reach) : n + reach + 1].mean(axis=0) for n in range(count)]
    return shapely.LineString(calm)


def _in_step(chain: np.ndarray, count: int) -> np.ndarray:
    picked = np.rint(np.linspace(0, len(chain) - 1, count)).astype(int)
    return np.asarray(chain[picked])
