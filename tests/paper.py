"""Reading back a sheet with a program that did not write it: PDFium tells text, paths, colours."""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    from collections.abc import Iterator

MM = 25.4 / 72


@dataclass(frozen=True)
class Path:
    """A path on the page: its box in millimetres from the lower left, and its colours or None."""

    left: float
    bottom: float
    right: float
    top: float
    fill: str | None
    stroke: str | None

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the box."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


@dataclass(frozen=True)
class Page:
    """A page as it can be read back; lengths in millimetres."""

    width: float
    height: float
    text: str
    paths: tuple[Path, ...]
    letters: tuple[tuple[float, float, float, float], ...]

    def places(self, word: str) -> list[tuple[float, float, float, float]]:
        """Give the boxes in which a word stands: left, upper, right and lower edge."""
        starts = [match.start() for match in re.finditer(re.escape(word), self.text)]
        found = []
        for start in starts:
            left, top, right, bottom = zip(*self.letters[start : start + len(word)], strict=True)
            found.append((min(left), min(top), max(right), max(bottom)))
        return found

    @property
    def words(self) -> str:
        """The text without spaces and line breaks: a name is found however it was broken."""
        return "".join(self.text.replace("\ufffe", "-").split())

    @property
    def colours(self) -> set[str]:
        """Every colour that something is painted in."""
        return {hue for path in self.paths for hue in (path.fill, path.stroke) if hue}


def pages(pdf: bytes) -> list[Page]:
    """Read the pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        width, height = page.get_size()
        reader = page.get_textpage()
        text = reader.get_text_range()
        boxes = [reader.get_charbox(number) for number in range(reader.count_chars())]
        letters = tuple(
            (left * MM, (height - top) * MM, right * MM, (height - bottom) * MM)
            for left, bottom, right, top in boxes
        )
        found.append(Page(width * MM, height * MM, text, tuple(_paths(page)), letters))
    document.close()
    return found


def bookmarks(pdf: bytes) -> list[tuple[int, str, int]]:
    """Give level, title and page of every entry of a PDF's outline."""
    document = pypdfium2.PdfDocument(pdf)
    found = [
        (entry.level, entry.get_title(), entry.get_dest().get_index())
        for entry in document.get_toc()
    ]
    document.close()
    return found


def _paths(page: pypdfium2.PdfPage) -> Iterator[Path]:
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        mode, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item.raw, mode, stroke)
        left, bottom, right, top = (value * MM for value in item.get_bounds())
        fill_of, stroke_of = pdfium.FPDFPageObj_GetFillColor, pdfium.FPDFPageObj_GetStrokeColor
        yield Path(
            *(left, bottom, right, top),
            _colour(item, fill_of) if mode.value else None,
            _colour(item, stroke_of) if stroke.value else None,
        )


def _colour(item: pypdfium2.PdfObject, ask: object) -> str:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    ask(item.raw, red, green, blue, alpha)  # type: ignore[operator] # a function of the library
    return f"#{red.value:02x}{green.value:02x}{blue.value:02x}"
