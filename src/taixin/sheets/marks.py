"""How kinds are drawn on paper: the same passes as on the page, as areas and lines.

The page draws in SVG (``viewer/src/draw/symbols.js`` and ``paint.js``); what SVG does by patterns,
clipping and filters is drawn here with geometry, so that it stays sharp at every size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from shapely import affinity

from taixin.exports.icons import marker_outline
from taixin.sheets.canvas import Pen
from taixin.symbols import MARKER_REACH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.model import Symbol
    from taixin.sheets.canvas import Canvas

    Millimetres = Callable[[float | None], float]

__all__ = ["Item", "draw_items"]

_POINT, _LINE, _POLYGON = 0, 1, 2
_TILE: Final = 9.0
#: Uneven on purpose: a regular grid of peaks would read as forest. Places and sizes in a tile.
_PEAKS: Final = (
    *((5, 9, 1.0), (22, 6, 0.8), (39, 11, 1.15), (14, 21, 1.2), (31, 24, 0.85)),
    *((47, 22, 0.9), (4, 34, 0.85), (21, 37, 1.1), (39, 38, 1.0)),
)
_PEAK_TILE: Final = (52.0, 42.0)
#: A peak: its two flanks, and the strokes of its shaded side.
_PEAK: Final = (
    ((-4, 0), (-2.2, -1.6), (-1, -3.5), (0, -6), (1.1, -3.6), (2.4, -1.7), (4.4, 0)),
    ((0.5, -4.6), (1.4, -0.6)),
    ((1.6, -2.8), (2.8, 0)),
)
_RIM_STEPS: Final = 5


@dataclass(frozen=True, slots=True)
class Item:
    """A thing to draw: its shape on paper, and how uncertain it is there in millimetres."""

    shape: BaseGeometry
    is_uncertain: bool = False
    error_mm: float = 0.0


def draw_items(canvas: Canvas, symbol: Symbol, items: Sequence[Item], mm: Millimetres) -> None:
    """Draw things of one kind, pass by pass, so that all casings lie under all lines.

    Parameters
    ----------
    canvas
        Where.
    symbol
        How, in pixels of the screen.
    items
        Shapes on paper.
    mm
        Turns pixels into millimetres.
    """
    for dimension, passes in ((_POLYGON, _AREA), (_LINE, _COURSE), (_POINT, _MARKER)):
        own = [item for item in items if _dimension(item.shape) == dimension]
        for draw in passes if own else ():
            for item in own:
                draw(canvas, symbol, item, mm)


def _dimension(shape: BaseGeometry) -> int:
    return -1 if shape.is_empty else int(shapely.get_dimensions(shape))


def _body(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    opacity = 0.4 if symbol.fill_opacity is None else symbol.fill_opacity
    if not symbol.fill or not opacity:
        return
    if not symbol.soft:
        canvas.fill(item.shape, symbol.fill, opacity)
        return
    # a rim that fades: ever smaller bodies, each as thin as makes their sum the stated opacity
    share = 1 - (1 - opacity) ** (1 / _RIM_STEPS)
    reach = mm(symbol.soft) * 0.45
    for step in range(_RIM_STEPS):
        body = item.shape.buffer(reach * (0.5 - step / (_RIM_STEPS - 1)), quad_segs=4)
        canvas.fill(shapely.simplify(body, 0.05), symbol.fill, share)


def _hatch(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    colour = symbol.stroke or symbol.fill or "#555555"
    if symbol.hatch in {None, "none"}:
        return
    if symbol.soft:
        strokes = _peaks(item.shape, mm(1))
        canvas.stroke(strokes, Pen(colour, mm(0.8), 0.5))
    elif symbol.hatch == "diagonal":
        canvas.stroke(_diagonals(item.shape, mm(_TILE)), Pen(colour, mm(1)))
    else:
        canvas.fill(_dots(item.shape, mm(_TILE), mm(1)), colour)


def _diagonals(shape: BaseGeometry, tile: float) -> BaseGeometry:
    """Cut parallels that rise to the right to an area; they keep their place from area to area."""
    left, top, right, bottom = shape.bounds
    first, last = int((left + top) // tile), int((right + bottom) // tile) + 1
    lines = [
        shapely.LineString([(left, n * tile - left), (right, n * tile - right)])
        for n in range(first, last + 1)
    ]
    return shapely.intersection(shapely.MultiLineString(lines), shape)


def _grid(
    shape: BaseGeometry, wide: float, high: float, places: Sequence[tuple[float, float]]
) -> Iterator[tuple[float, float, int]]:
    """Yield the places of a repeated tile that lie in an area, and their number in the tile."""
    left, top, right, bottom = shape.bounds
    shapely.prepare(shape)
    for row in range(int(top // high), int(bottom // high) + 1):
        for column in range(int(left // wide), int(right // wide) + 1):
            for number, (dx, dy) in enumerate(places):
                x, y = column * wide + dx, row * high + dy
                if shapely.contains_xy(shape, x, y):
                    yield x, y, number


def _dots(shape: BaseGeometry, tile: float, radius: float) -> BaseGeometry:
    places = [(tile * 0.25, tile * 0.25), (tile * 0.75, tile * 0.75)]
    found = [(x, y) for x, y, _ in _grid(shape, tile, tile, places)]
    return shapely.MultiPolygon(list(shapely.buffer(shapely.points(found), radius, quad_segs=4)))


def _peaks(shape: BaseGeometry, px: float) -> BaseGeometry:
    places = [(x * px, y * px) for x, y, _ in _PEAKS]
    lines = []
    for x, y, number in _grid(shape, _PEAK_TILE[0] * px, _PEAK_TILE[1] * px, places):
        k = _PEAKS[number][2] * px
        lines += [[(x + dx * k, y + dy * k) for dx, dy in line] for line in _PEAK]
    return shapely.MultiLineString(lines)


def _band(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    """Tint the inner edge, as on a hand-coloured map."""
    if not symbol.casing:
        return
    width = symbol.width if symbol.width is not None else 1.0
    reach = mm((2.0 if symbol.casing_width is None else symbol.casing_width) + width / 2)
    inner = item.shape.buffer(-reach, quad_segs=2)
    canvas.fill(shapely.difference(item.shape, inner), symbol.casing, 0.6)


def _outline(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    width = 1.0 if symbol.width is None else symbol.width
    if not symbol.stroke or not width:
        return
    dash = symbol.dash or ((7.0, 4.0) if item.is_uncertain else ())
    pen = Pen(symbol.stroke, mm(width), _opacity(symbol), tuple(map(mm, dash)))
    canvas.stroke(item.shape, pen)


def _opacity(symbol: Symbol) -> float:
    return 1.0 if symbol.opacity is None else symbol.opacity


def _line_dash(symbol: Symbol, item: Item) -> tuple[float, ...]:
    width = 2.0 if symbol.width is None else symbol.width
    guess = (width * 2.6 + 4, width * 0.8 + 2)  # gaps grow with the width: still one broken line
    return symbol.dash or (guess if item.is_uncertain else ())


def _casing(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    if symbol.casing and symbol.casing_width:
        width = (2.0 if symbol.width is None else symbol.width) + 2 * symbol.casing_width
        canvas.stroke(item.shape, Pen(symbol.casing, mm(width), is_round=False))


def _under(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    """Keep a pale body under a broad broken line, so that its course can be followed."""
    width = 2.0 if symbol.width is None else symbol.width
    broad = 3
    if symbol.stroke and item.is_uncertain and not symbol.dash and width >= broad:
        canvas.stroke(item.shape, Pen(symbol.stroke, mm(width), 0.38))


def _line(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    width = 2.0 if symbol.width is None else symbol.width
    colour = symbol.stroke or symbol.fill or "#555555"
    dash = tuple(map(mm, _line_dash(symbol, item)))
    canvas.stroke(item.shape, Pen(colour, mm(width), _opacity(symbol), dash))


def _halo(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    """Draw the circle of what a position may be off, in metres of the ground."""
    if not item.is_uncertain or not item.error_mm:
        return
    hue = symbol.fill if symbol.fill and symbol.fill.lower() != "#ffffff" else symbol.stroke
    circle = shapely.buffer(item.shape, item.error_mm, quad_segs=24)
    canvas.fill(circle, hue or "#555555", 0.09)
    canvas.stroke(circle, Pen(hue or "#555555", mm(1), 0.55, (mm(4), mm(4))))


def _marker(canvas: Canvas, symbol: Symbol, item: Item, mm: Millimetres) -> None:
    name = symbol.marker or "circle"
    radius = mm(symbol.size or 12.0) / 2 * MARKER_REACH.get(name, 1.0)
    shape = affinity.scale(marker_outline(name, radius), yfact=-1, origin=(0, 0))
    for x, y in np.round(shapely.get_coordinates(item.shape), 3):
        placed = affinity.translate(shape, x, y)
        if name != "ring" and symbol.fill:
            canvas.fill(placed, symbol.fill, _opacity(symbol))
        edge = symbol.stroke or "#ffffff"
        width = 1.5 if symbol.width is None else symbol.width
        canvas.stroke(placed, Pen(edge, mm(width), _opacity(symbol)))


_AREA: Final = (_body, _hatch, _band, _outline)
_COURSE: Final = (_casing, _under, _line)
_MARKER: Final = (_halo, _marker)
