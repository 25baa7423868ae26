"""The foot of a sheet: notes on sources, projection and accuracy, and the title block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from taixin.sheets.canvas import Face, Pen
from taixin.sheets.papers import Box
from taixin.sheets.setting import LEADING, break_lines, write_lines
from taixin.sheets.words import error_words, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from taixin.build import Feature
    from taixin.facts import Facts
    from taixin.model import Document
    from taixin.sheets.canvas import Canvas
    from taixin.sheets.ground import View
    from taixin.sheets.papers import Paper
    from taixin.sheets.subjects import Subject

__all__ = ["Foot", "Notes", "documents_of", "newest", "notes_of"]

_INK, _QUIET, _ACCENT = "#2b2721", "#4a4336", "#a3321b"
_SEATS: Final = ("city", "county_seat")


@dataclass(frozen=True, slots=True)
class Notes:
    """What is said under the map.

    Parameters
    ----------
    state
        The state of the map review, which is said first.
    paragraphs
        CRS, accuracy, documents, sources.
    cells
        Rows of the title block: what, and its value.
    """

    state: str
    paragraphs: tuple[str, ...]
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Foot:
    """Notes broken to the width of a page; how high they are is known before they are drawn."""

    canvas: Canvas
    notes: Notes
    page: Paper
    width: float

    @property
    def _block_width(self) -> float:
        return min(self.width * 0.42, self.page.mm(340))

    @property
    def _face(self) -> Face:
        return Face(8.6 * 0.75 * (0.35 + 0.65 * self.page.factor), _QUIET)

    @property
    def _cell(self) -> Face:
        return Face(self.page.points(10), _INK)

    def _lines(self) -> list[tuple[list[str], Face]]:
        face = self._face
        bold = Face(face.size, _ACCENT, bold=True)
        room = self.width - self._block_width - self.page.mm(14)
        return [
            (break_lines(self.canvas, text, room, style), style)
            for text, style in [
                (self.notes.state, bold),
                *((t, face) for t in self.notes.paragraphs),
            ]
        ]

    def _rows(self) -> list[tuple[str, list[str], float]]:
        face, pad = self._cell, self.page.mm(4)
        room = self._block_width - self._label_width - 2 * pad
        rows = []
        for label, value in self.notes.cells:
            lines = break_lines(self.canvas, value, room, face)
            rows.append((label, lines, len(lines) * face.em * LEADING + pad))
        return rows

    @property
    def _label_width(self) -> float:
        labels = [self.canvas.width(label, self._cell) for label, _ in self.notes.cells]
        return max(labels) + self.page.mm(10)

    @property
    def height(self) -> float:
        """The height of notes and title block, whichever is higher, in millimetres."""
        notes = sum(len(lines) * face.em * LEADING for lines, face in self._lines())
        return max(notes, sum(high for _, _, high in self._rows()))

    def draw(self, at: Box) -> None:
        """Draw the notes at the left and the title block at the right of a box."""
        y = at.y
        for lines, face in self._lines():
            write_lines(self.canvas, lines, (at.x, y), face)
            y += len(lines) * face.em * LEADING
        left = at.right - self._block_width
        y = at.y
        for label, lines, high in self._rows():
            row = Box(left, y, self._block_width, high)
            self._draw_row(row, label, lines)
            y += high
        split = left + self._label_width
        frame = Box(left, at.y, self._block_width, y - at.y).shape
        line = shapely.LineString([(split, at.y), (split, y)])
        self.canvas.stroke(line, Pen(_INK, self.page.mm(0.6)))
        self.canvas.stroke(shapely.boundary(frame), Pen(_INK, self.page.mm(1.4)))

    def _draw_row(self, row: Box, label: str, lines: Sequence[str]) -> None:
        canvas, page = self.canvas, self.page
        quiet = Face(self._cell.size, "#5f5646")
        top = row.y + page.mm(2)
        write_lines(canvas, [label], (row.x + page.mm(5), top), quiet)
        write_lines(canvas, lines, (row.x + self._label_width + page.mm(4), top), self._cell)
        rule = shapely.LineString([(row.x, row.bottom), (row.right, row.bottom)])
        canvas.stroke(rule, Pen(_INK, page.mm(0.5)))


def documents_of(subject: Subject) -> list[Document]:
    """Give the documents that the features of a sheet are taken from, each once."""
    found = {}
    for layer in subject.layers:
        cited = {str(feature.properties["document"]) for feature in layer.features}
        for document in layer.plan.document:
            if document.id in cited:
                found[layer.plan.id, document.id] = document
    return list(found.values())


def newest(documents: Iterable[Document]) -> str:
    """Give the date of the newest document: that of the sheet, whenever it is drawn."""
    return max((document.date for document in documents), default="")


def notes_of(
    subject: Subject, facts: Facts, view: View, page: Paper, shown: Sequence[Feature],
    options: Mapping[str, str],
) -> Notes:  # fmt: skip
    """Say what has to be said of a sheet.

    Parameters
    ----------
    subject
        What it shows.
    facts
        Sources.
    view
        Plane and scale.
    page
        The paper.
    shown
        The features on the map, for their accuracy.
    options
        ``lang``, ``state`` of the map review and ``number`` of the sheet.
    """
    lang, state = options["lang"], options["state"]
    documents = documents_of(subject)
    date = newest(documents)
    scale = f"{view.scale:,}".replace(",", " ")
    meridian = view.target.name.rpartition("CM ")[2].removesuffix("E")
    stop = "。" if lang == "zh" else ". "
    join = "；" if lang == "zh" else "; "
    cited = [f"{getattr(one.title, lang)}（{one.date}）" if lang == "zh"
             else f"{one.title.en} ({one.date})" for one in documents]  # fmt: skip
    crs = say("crs", lang).format(cm=meridian, code=view.target.code, scale=scale, paper=page.size)
    paragraphs = (
        crs,
        say("accuracy", lang).format(worst=_errors(shown, lang)),
        say("documents", lang) + join.join(cited) + stop,
        say("sources", lang) + join.join(_sources(subject, facts, lang)) + stop,
    )
    cells = (
        (say("title", lang), getattr(subject.title, lang)),
        (say("plan", lang), getattr(subject.subtitle, lang)),
        (say("scale", lang), f"1:{scale}"),
        (say("projection", lang), f"CGCS2000 / GK CM {meridian}°E, {view.target.code}"),
        (say("date", lang), date),
        (say("sheet", lang), options["number"]),
        (say("state", lang), state),
    )
    return Notes(f"{state}{stop}{say('date', lang)} {date}{stop}", paragraphs, cells)


def _errors(shown: Sequence[Feature], lang: str) -> str:
    metres = [float(str(feature.properties["accuracy_m"])) for feature in shown]
    if not metres:
        return ""
    best, worst = error_words(min(metres)), error_words(max(metres))
    return say("accuracy_worst", lang).format(best=best, worst=worst)


def _sources(subject: Subject, facts: Facts, lang: str) -> list[str]:
    """Tell sources and licences of what is on the sheet: its layers, and the base map."""
    used = {source for layer in subject.layers if layer.located for source in layer.sources}
    used |= {fact.source for fact in (*facts.counties.facts, *facts.rivers.facts)}
    used |= {fact.source for fact in facts.places.facts if fact.properties["kind"] in _SEATS}
    told = []
    for name, source in facts.sources.items():
        if name in used:
            title = getattr(source.title, lang)
            credit = source.attribution
            extra = "" if source.licence in credit else f", {source.licence}"
            told.append(
                f"{title}（{credit}{extra}）" if lang == "zh" else f"{title} ({credit}{extra})"
            )
    return told
