"""Writing the names of a map: places in order of importance, then halos, leaders, letters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import shapely
from shapely import affinity

from taixin.sheets.canvas import Pen
from taixin.sheets.courses import place_line
from taixin.sheets.names import Space, place_area, place_point

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.sheets.canvas import Canvas, Face
    from taixin.sheets.names import Glyph, Placed, Request
    from taixin.sheets.papers import Box, Paper
    from taixin.sheets.scene import Scene

__all__ = ["letter", "write_names"]

_HALO: Final = "#fdf9ee"
_WAYS: Final = {"area": place_area, "line": place_line, "point": place_point}
_LEADING: Final = 1.16
#: From the middle of a line of letters down to its baseline, in ems.
_DROP: Final = 0.37
_POINT, _LINE, _POLYGON = 0, 1, 2
#: How badly a name may not cross what is drawn, by kind of shape; rivers and borders count less.
_COSTS: Final = {_LINE: 0.35, _POLYGON: 0.08}
_BASE_COST: Final = 0.06
_CLEAR_PX: Final = 4.0


def letter(
    canvas: Canvas, scene: Scene, frame: Box, page: Paper, blocked: Iterable[Box]
) -> list[Placed]:
    """Find a place for as many names as there is room for.

    Parameters
    ----------
    canvas
        Measures text.
    scene
        What is drawn and what is to be named.
    frame
        The map.
    page
        The paper.
    blocked
        Boxes in the map that names keep clear of.

    Returns
    -------
    list[Placed]
        No two touch, and none reaches over the frame.
    """
    space = Space(frame.shrunk(page.mm(_CLEAR_PX)), page.mm(1), canvas.width)
    space.take([box.limits for box in blocked])
    for layer in scene.layers:
        for item in layer.items:
            dimension = int(shapely.get_dimensions(item.shape))
            if dimension == _POINT:
                reach = page.mm(layer.kind.symbol.size or 6.0) / 2
                space.take([shapely.buffer(point, reach).bounds
                            for point in shapely.get_parts(item.shape)])  # fmt: skip
            elif layer.kind.symbol.stroke:
                space.avoid(item.shape, _BASE_COST if layer.is_base else _COSTS[dimension])
    placed: list[Placed] = []
    written: set[str] = set()
    for request in sorted(scene.requests, key=lambda one: -one.priority):
        if not request.is_plan and _is_told(request, written):
            continue
        found = _place(request, space)
        if found is not None:
            space.take(found.boxes)
            placed.append(found)
            written.add(request.text)
    return placed


def _is_told(request: Request, written: set[str]) -> bool:
    """Say whether the plans have named a place or a river already: it is not named twice."""
    found = [name for name in written if request.text in name]
    return bool(found) if request.way == "line" else request.text in found


def _place(request: Request, space: Space) -> Placed | None:
    found = _WAYS[request.way](request, space)
    if found is None and request.other is not None:
        return _place(request.other, space)
    return found


def write_names(canvas: Canvas, placed: Sequence[Placed], page: Paper) -> None:
    """Write names: leaders first, then the least important, so that the first lies on top."""
    for one in placed:
        if one.leader:
            line = shapely.LineString([one.leader[:2], one.leader[2:]])
            canvas.stroke(line, Pen(_HALO, page.mm(2.4), 0.9))
            canvas.stroke(line, Pen(one.request.face.colour, page.mm(0.9), 0.8))
    for one in reversed(placed):
        if one.glyphs:
            _write_along(canvas, one)
        else:
            _write_block(canvas, one)


def _write_block(canvas: Canvas, placed: Placed) -> None:
    face = placed.request.face
    x, y = placed.middle
    top = y - (len(placed.lines) - 1) * face.em * _LEADING / 2
    starts = []
    for number, line in enumerate(placed.lines):
        left = x - canvas.width(line, face) / 2
        starts.append((left, top + number * face.em * _LEADING + face.em * _DROP, line))
    outlines = [
        outline
        for left, base, line in starts
        for outline in _outlines(canvas, line, face, left, base)
    ]
    _halo(canvas, outlines, placed.request.halo)
    for left, base, line in starts:
        canvas.write(left, base, line, face)


def _write_along(canvas: Canvas, placed: Placed) -> None:
    """Draw letters one by one as areas, and lay the name over them as a text to be found."""
    face = placed.request.face
    outlines = [outline for glyph in placed.glyphs for outline in _turned(canvas, glyph, face)]
    _halo(canvas, outlines, placed.request.halo)
    for outline in outlines:
        canvas.fill(outline, face.colour)
    first, last = placed.glyphs[0], placed.glyphs[-1]
    angle = math.atan2(last.y - first.y, last.x - first.x) if last is not first else 0.0

    def end(glyph: Glyph, side: int) -> tuple[float, float]:
        dx, dy = side * glyph.width / 2, face.em * _DROP
        return (
            glyph.x + dx * math.cos(angle) - dy * math.sin(angle),
            glyph.y + dx * math.sin(angle) + dy * math.cos(angle),
        )

    canvas.hidden(end(first, -1), end(last, 1), placed.request.text, face)


def _turned(canvas: Canvas, glyph: Glyph, face: Face) -> list[BaseGeometry]:
    left, base = glyph.x - glyph.width / 2, glyph.y + face.em * _DROP
    upright = _outlines(canvas, glyph.text, face, left, base)
    return [
        affinity.rotate(shape, glyph.angle, origin=(glyph.x, glyph.y), use_radians=True)
        for shape in upright
    ]


def _outlines(canvas: Canvas, text: str, face: Face, x: float, y: float) -> list[BaseGeometry]:
    """Give the letters of a text as areas on paper."""
    font = canvas.font(face)
    found = []
    for mark in text:
        shape = font.outline(mark)
        if not shape.is_empty:
            found.append(affinity.affine_transform(shape, [face.em, 0, 0, face.em, x, y]))
        x += canvas.width(mark, face)
    return found


def _halo(canvas: Canvas, outlines: Sequence[BaseGeometry], reach: float) -> None:
    """Lay a pale rim behind letters, so that they are read over any ground."""
    rim = shapely.union_all([shapely.buffer(shape, reach, quad_segs=3) for shape in outlines])
    canvas.fill(shapely.simplify(rim, 0.02), _HALO, 0.9)
