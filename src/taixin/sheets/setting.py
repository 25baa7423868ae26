"""Set text: lines broken after the rules of Chinese, and columns that entries flow into."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from taixin.sheets.canvas import Canvas, Face
    from taixin.sheets.papers import Box

__all__ = ["LEADING", "Entry", "break_lines", "fitting", "lines_entries", "write_lines"]

LEADING: Final = 1.34
#: A baseline lies this share of an em below the top of its line.
_ASCENT: Final = 0.98
# a line does not begin with these, nor end with those
_NOT_FIRST: Final = "，。、；：！？）》」』”’,.;:!?)]%…"
_NOT_LAST: Final = "（《「『“‘(["
_PIECES: Final = re.compile(r"[0-9A-Za-z.,:/\-–’'()°′″%²³±]+ ?|[\s\S]")


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of a height that a column carries.

    Parameters
    ----------
    height
        In millimetres.
    draw
        Draws it with its upper left corner at a place.
    is_heading
        Whether it must not be the last in a column.
    """

    height: float
    draw: Callable[[float, float], None]
    is_heading: bool = False


def break_lines(canvas: Canvas, text: str, width_mm: float, face: Face) -> list[str]:
    """Break a text into lines of a width.

    Parameters
    ----------
    canvas
        Measures text.
    text
        Chinese breaks between any two characters, Latin between words.
    width_mm
        In millimetres.
    face
        How it will be written.
    """
    lines: list[list[str]] = [[]]
    pieces = [part for word in _PIECES.findall(text) for part in _cut(canvas, word, width_mm, face)]
    for piece in pieces:
        line = lines[-1]
        if line and canvas.width("".join(line) + piece.rstrip(), face) > width_mm:
            carried = [piece]
            while len(line) > 1 and (carried[0][0] in _NOT_FIRST or line[-1][-1] in _NOT_LAST):
                carried.insert(0, line.pop())
            lines.append(carried)
        else:
            line.append(piece)
    return [told for told in ("".join(line).strip() for line in lines) if told]


def _cut(canvas: Canvas, word: str, width_mm: float, face: Face) -> list[str]:
    """Cut a word that is wider than a whole line."""
    if len(word) == 1 or canvas.width(word.rstrip(), face) <= width_mm:
        return [word]
    return list(word)


def write_lines(canvas: Canvas, lines: Sequence[str], at: tuple[float, float], face: Face) -> None:
    """Write lines below each other, the upper left corner at a place."""
    x, y = at
    for number, line in enumerate(lines):
        canvas.write(x, y + (number * LEADING + _ASCENT) * face.em, line, face)


def lines_entries(canvas: Canvas, text: str, width_mm: float, face: Face) -> list[Entry]:
    """Give a text as entries of one line each, so that it may flow on in the next column."""
    return [
        Entry(
            face.em * LEADING,
            lambda x, y, line=line: write_lines(canvas, [line], (x, y), face),  # type: ignore[misc]
        )
        for line in break_lines(canvas, text, width_mm, face)
    ]


def fitting(entries: Sequence[Entry], columns: Sequence[Box]) -> list[tuple[Entry, float, float]]:
    """Put entries into columns, one below the other, as long as there is room."""
    found: list[tuple[Entry, float, float]] = []
    rest = list(columns)
    y = rest[0].y if rest else 0.0
    for number, entry in enumerate(entries):
        following = (
            entries[number + 1].height if entry.is_heading and number + 1 < len(entries) else 0
        )
        while rest and y + entry.height + following > rest[0].bottom + 0.01:
            rest.pop(0)
            y = rest[0].y if rest else 0.0
        if not rest:
            break
        found.append((entry, rest[0].x, y))
        y += entry.height
    return found
