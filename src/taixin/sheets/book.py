"""The atlas book: a cover, an index, and a sheet of every theme and every planning system."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

import shapely
from shapely import affinity

from taixin.crs import gauss_kruger
from taixin.sheets.canvas import Face, Pen
from taixin.sheets.notes import documents_of, newest
from taixin.sheets.papers import Box, paper
from taixin.sheets.setting import break_lines, write_lines
from taixin.sheets.sheet import draw_sheet
from taixin.sheets.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.sheets.canvas import Canvas
    from taixin.sheets.papers import Paper
    from taixin.sheets.sheet import Look, Sheet, World
    from taixin.sheets.subjects import Subject

__all__ = ["draw_book"]

_INK, _QUIET, _ACCENT = "#2b2721", "#5f5646", "#a3321b"
_MARGIN_PX: Final = 60.0
_ROW_PX: Final = 20.0
_HEAD_PX: Final = 90.0
_COLUMN_PX: Final = 380.0
_GAP_PX: Final = 40.0


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the index: a heading, or a sheet with its number."""

    text: str
    number: int = 0


def draw_book(
    canvas: Canvas,
    subjects: Sequence[Subject],
    world: World,
    look: Look,
    step: Callable[[str], None],
) -> list[Sheet]:
    """Draw cover, index and sheets, with bookmarks.

    Parameters
    ----------
    canvas
        The document, empty.
    subjects
        What the sheets show, themes first.
    world, look
        As for `draw_sheet`; a book lies on its long side unless told otherwise.
    step
        Told which sheet is being drawn.

    Returns
    -------
    list[Sheet]
        The sheets, in their order.
    """
    lang = look.lang
    page = paper(look.size, portrait=bool(look.portrait))
    boxes = _columns(page)
    lines = _lines(subjects, lang)
    per_page = len(boxes) * _rows_of(boxes[0], page)
    pages = [lines[start : start + per_page] for start in range(0, len(lines), per_page)]
    _cover(canvas, subjects, world, look, page)
    before = 1 + len(pages)
    for part in pages:
        _index(canvas, part, lang, page, before)
    sheets = []
    for number, subject in enumerate(subjects, start=1):
        step(getattr(subject.title, lang))
        chapter = _chapter(subject, lang)
        is_first = number == 1 or chapter != _chapter(subjects[number - 2], lang)
        sheet = draw_sheet(
            canvas, subject, world, look, str(number), chapter=chapter if is_first else ""
        )
        sheets.append(sheet)
    return sheets


def _chapter(subject: Subject, lang: str) -> str:
    return getattr(subject.subtitle, lang) if "/" in subject.id else say("themes", lang)


def _lines(subjects: Sequence[Subject], lang: str) -> list[_Line]:
    """Give the lines of the index; an empty one stands before every chapter but the first."""
    numbered = list(enumerate(subjects, start=1))
    lines: list[_Line] = []
    for chapter, members in groupby(numbered, key=lambda pair: _chapter(pair[1], lang)):
        lines += [_Line("")] * bool(lines)
        lines.append(_Line(chapter))
        lines += [_Line(getattr(subject.title, lang), number) for number, subject in members]
    return lines


def _columns(page: Paper) -> list[Box]:
    margin, gap = page.mm(_MARGIN_PX), page.mm(_GAP_PX)
    inner = Box(0, 0, page.width, page.height).shrunk(margin)
    count = max(1, int((inner.w + gap) / (page.mm(_COLUMN_PX) + gap)))
    wide = (inner.w - (count - 1) * gap) / count
    top = inner.y + page.mm(_HEAD_PX)
    return [Box(inner.x + n * (wide + gap), top, wide, inner.bottom - top) for n in range(count)]


def _rows_of(box: Box, page: Paper) -> int:
    return int(box.h / page.mm(_ROW_PX))


def _cover(
    canvas: Canvas, subjects: Sequence[Subject], world: World, look: Look, page: Paper
) -> None:
    lang = look.lang
    canvas.page(page.width, page.height)
    title = getattr(world.title, lang)
    canvas.bookmark(title)
    box = Box(0, 0, page.width, page.height).shrunk(page.mm(_MARGIN_PX))
    canvas.stroke(shapely.boundary(box.shape), Pen(_INK, page.mm(3)))
    canvas.stroke(shapely.boundary(box.shrunk(page.mm(8)).shape), Pen(_INK, page.mm(1)))
    _silhouette(canvas, world, box.shrunk(page.mm(60)))
    left, room = box.x + page.mm(70), box.w * 0.62
    faces = (
        (title, Face(page.points(60), _INK, bold=True)),
        (say("book", lang).format(n=len(subjects)), Face(page.points(20), _QUIET)),
        (look.state, Face(page.points(16), _ACCENT, bold=True)),
        (f"{say('date', lang)} {_date(subjects)}", Face(page.points(14), _QUIET)),
    )
    y = box.y + box.h * 0.3
    for text, face in faces:
        lines = break_lines(canvas, text, room, face)
        write_lines(canvas, lines, (left, y), face)
        y += (len(lines) * 1.34 + 0.5) * face.em
    plans = {plan.id: plan for subject in subjects for plan in subject.plans}.values()
    face = Face(page.points(14), _QUIET)
    y = box.bottom - page.mm(60) - len(plans) * face.em * 1.7
    for number, plan in enumerate(plans):
        lines = break_lines(canvas, getattr(plan.title, lang), room, face)[:1]
        write_lines(canvas, lines, (left, y + number * face.em * 1.7), face)


def _date(subjects: Sequence[Subject]) -> str:
    return newest(document for subject in subjects for document in documents_of(subject))


def _silhouette(canvas: Canvas, world: World, box: Box) -> None:
    """Draw the land with its rivers at the right of the cover."""
    land = world.base.rows["base_land"][0][2]
    target = gauss_kruger(land.centroid.x)
    left, low, right, high = target.project(land).bounds
    k = min(box.w * 0.5 / (right - left), box.h / (high - low))
    dx, dy = box.right - right * k, box.y + box.h / 2 + (low + high) / 2 * k

    def placed(rows: Sequence[tuple[str, str, BaseGeometry]]) -> list[BaseGeometry]:
        moved = [affinity.affine_transform(target.project(shape), [k, 0, 0, -k, dx, dy])
                 for _, _, shape in rows]  # fmt: skip
        return [shapely.simplify(shape, 0.1) for shape in moved]

    for name, kind in world.base.kinds.items():
        symbol = kind.symbol
        for shape in placed(world.base.rows[name]):
            if name == "base_land":
                canvas.fill(shape, symbol.fill or _QUIET)
            elif symbol.stroke and not symbol.marker:
                canvas.stroke(shape, Pen(symbol.stroke, (symbol.width or 1.0) * 0.2, 0.8))


def _index(canvas: Canvas, lines: Sequence[_Line], lang: str, page: Paper, before: int) -> None:
    """Draw a page of the index; each line leads to its sheet."""
    canvas.page(page.width, page.height)
    canvas.bookmark(say("contents", lang))
    columns = _columns(page)
    head = Face(page.points(29), _INK, bold=True)
    margin = page.mm(_MARGIN_PX)
    write_lines(canvas, [say("contents", lang)], (margin, margin), head)
    rows = _rows_of(columns[0], page)
    for place, line in enumerate(lines):
        column, high = columns[place // rows], page.mm(_ROW_PX)
        row = Box(column.x, column.y + place % rows * high, column.w, high)
        face = Face(page.points(11.5), _INK, bold=not line.number)
        text = break_lines(canvas, line.text, row.w - page.mm(34), face)[:1]
        write_lines(canvas, text, (row.x, row.y), face)
        if line.number:
            number = f"{line.number}"
            end = row.right - canvas.width(number, face)
            write_lines(canvas, [number], (end, row.y), face)
            foot = row.y + face.em * 1.2
            start = row.x + canvas.width(text[0], face) + page.mm(6)
            dots = shapely.LineString([(start, foot), (end - page.mm(6), foot)])
            canvas.stroke(dots, Pen("#b9ac8d", page.mm(0.8), dash=(page.mm(0.8), page.mm(3))))
            canvas.link(row, before + line.number)
