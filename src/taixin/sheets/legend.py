"""The legend of a sheet: every kind that is on it, with its real symbol, and the base map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely
from shapely import affinity

from taixin.sheets.canvas import Face, Pen
from taixin.sheets.marks import Item, draw_items
from taixin.sheets.setting import LEADING, Entry, break_lines, write_lines
from taixin.sheets.words import say
from taixin.vocabulary import GeometryType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taixin.model import Kind, Symbol
    from taixin.sheets.canvas import Canvas
    from taixin.sheets.papers import Paper

__all__ = ["Column", "Sign", "heading", "legend"]

_INK, _QUIET = "#2b2721", "#5f5646"
#: A swatch, in pixels of the screen, and what is drawn in it.
_SWATCH: Final = (34.0, 20.0)
_AREA: Final = shapely.Polygon([
    *((3.5, 4.5), (12, 2.5), (23, 4), (31, 3), (31.5, 12), (27, 17), (15, 16), (4.5, 17.5)),
    (2.5, 10),
])  # fmt: skip
_COURSE: Final = shapely.LineString([
    *((1.5, 14), (4.6, 10.3), (7.5, 9), (10.5, 9.8), (14, 11.6), (17.5, 12), (21, 10)),
    *((24, 8), (27, 6.6), (30, 5.7), (32.5, 5)),
])  # fmt: skip
_MIDDLE: Final = shapely.Point(17, 10)
_SHAPES: Final = {
    GeometryType.POLYGON: _AREA,
    GeometryType.LINE: _COURSE,
    GeometryType.POINT: _MIDDLE,
}
_LARGEST: Final = 16.0
_WIDEST: Final = 6.0
_EDGE: Final = 2.5


@dataclass(frozen=True, slots=True)
class Sign:
    """A kind on the sheet: how many of it, of which layers, and whether some are uncertain."""

    kind: Kind
    count: int
    titles: tuple[str, ...]
    has_uncertain: bool


def heading(canvas: Canvas, text: str, wide: float, page: Paper) -> Entry:
    """Give the heading of a block, over a thin line."""
    face = Face(page.points(12), bold=True)

    def draw(x: float, y: float) -> None:
        top = y + page.mm(7)
        write_lines(canvas, [text], (x, top), face)
        rule = top + face.em * 1.38
        canvas.stroke(shapely.LineString([(x, rule), (x + wide, rule)]), Pen("#d9cdb2", page.mm(1)))

    return Entry(page.mm(7) + face.em * 1.38 + page.mm(4), draw, is_heading=True)


@dataclass(frozen=True, slots=True)
class Column:
    """What rows are set for: a width on a page, a language, and whether they are brief."""

    page: Paper
    width: float
    lang: str
    brief: bool = False


def legend(
    canvas: Canvas, signs: Sequence[Sign], base: Sequence[Kind], column: Column
) -> list[Entry]:
    """Set the rows of a legend.

    Parameters
    ----------
    canvas
        Where it will be drawn.
    signs
        Kinds on the sheet, the topmost first.
    base
        Kinds of the base map.
    column
        Width and language; brief rows go without the titles of layers.
    """
    page, width, lang = column.page, column.width, column.lang
    entries = [heading(canvas, say("legend", lang), width, page)]
    for sign in signs:
        label = getattr(sign.kind.label, lang)
        own = [title for title in sign.titles if title != label and not column.brief]
        joined = ("、" if lang == "zh" else ", ").join(own)
        row = _Row(label, joined, sign.kind.symbol, sign.kind.geometry, count=sign.count)
        entries.append(_entry(canvas, row, page, width))
    for geometry, key in ((GeometryType.LINE, "uncertain_line"),
                          (GeometryType.POINT, "uncertain_point")):  # fmt: skip
        if any(sign.has_uncertain and sign.kind.geometry is geometry for sign in signs):
            row = _Row(say(key, lang), "", None, geometry)
            entries.append(_entry(canvas, row, page, width))
    for kind in base:
        row = _Row(getattr(kind.label, lang), "", kind.symbol, kind.geometry)
        entries.append(_entry(canvas, row, page, width))
    return entries


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    under: str
    symbol: Symbol | None
    geometry: GeometryType
    count: int = 0


def _entry(canvas: Canvas, row: _Row, page: Paper, wide: float) -> Entry:
    face, quiet = Face(page.points(11.5), _INK), Face(page.points(9.6), _QUIET)
    left = page.mm(_SWATCH[0] + 6)
    counted = f"{row.count}" if row.count > 1 else ""
    room = wide - left - (canvas.width(counted, quiet) + page.mm(4) if counted else 0)
    lines = break_lines(canvas, row.label, room, face)
    under = break_lines(canvas, row.under, wide - left, quiet) if row.under else []
    text = (len(lines) * face.em + len(under) * quiet.em) * LEADING
    high = max(text, page.mm(_SWATCH[1])) + page.mm(3)

    def draw(x: float, y: float) -> None:
        _swatch(canvas, row, page, (x, y))
        top = y + max(0.0, (page.mm(_SWATCH[1]) - text) / 2)
        write_lines(canvas, lines, (x + left, top), face)
        write_lines(canvas, under, (x + left, top + len(lines) * face.em * LEADING), quiet)
        end = x + wide - canvas.width(counted, quiet)
        write_lines(canvas, [counted] * bool(counted), (end, top + 0.1 * face.em), quiet)

    return Entry(high, draw)


def _swatch(canvas: Canvas, row: _Row, page: Paper, at: tuple[float, float]) -> None:
    px = page.mm(1)
    shape = affinity.affine_transform(_SHAPES[row.geometry], [px, 0, 0, px, *at])
    if row.symbol is not None:
        fitted = _fitted(row.symbol, row.geometry)
        draw_items(canvas, fitted, [Item(shape)], page.mm)
    elif row.geometry is GeometryType.LINE:
        canvas.stroke(shape, Pen(_QUIET, 3 * px, dash=(9 * px, 4 * px)))
    else:
        circle = shape.buffer(8 * px)
        canvas.fill(circle, _QUIET, 0.1)
        canvas.stroke(circle, Pen(_QUIET, px, dash=(3 * px, 3 * px)))


def _fitted(symbol: Symbol, geometry: GeometryType) -> Symbol:
    """Keep a symbol inside its swatch: it keeps its look, not its full size."""
    changes: dict[str, float] = {"casing_width": min(symbol.casing_width or 0.0, _EDGE)}
    if geometry is GeometryType.POINT:
        changes["size"] = min(symbol.size or 12.0, _LARGEST)
    elif geometry is GeometryType.LINE:
        changes["width"] = min(2.0 if symbol.width is None else symbol.width, _WIDEST)
    else:
        changes["soft"] = min(symbol.soft or 0.0, 1.6)
    return symbol.model_copy(update=changes)
