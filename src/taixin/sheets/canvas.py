"""The one door to the libraries that write PDF and turn it into pictures.

Everything is given in millimetres from the upper left corner of the page. Text is always written as
text, so that it can be selected and found; what lies behind letters is drawn as areas.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely
from fpdf import FPDF
from fpdf.drawing import Close, Line, Move, PaintedPath
from fpdf.drawing_primitives import Point
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from taixin.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.sheets.fonts import Font, Fonts
    from taixin.sheets.papers import Box

__all__ = ["MM_PER_POINT", "Canvas", "Face", "Pen", "pictures"]

MM_PER_POINT: Final = 25.4 / 72
#: A PDF tells when it was made; ours tells only what it is made of.
_NO_DATE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_POLYGON: Final = 2


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line is drawn: colour ``#rrggbb``, widths and dashes in millimetres."""

    colour: str
    width: float
    opacity: float = 1.0
    dash: tuple[float, ...] = ()
    is_round: bool = True


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is written: size in points, colour ``#rrggbb``."""

    size: float
    colour: str = "#2b2721"
    bold: bool = False
    opacity: float = 1.0

    @property
    def em(self) -> float:
        """The size in millimetres."""
        return self.size * MM_PER_POINT


class Canvas:
    """A document of pages to draw on.

    Parameters
    ----------
    fonts
        The two weights of its letters.
    title, lang
        What the file says of itself.
    """

    def __init__(self, fonts: Fonts, title: str, lang: str) -> None:
        self.fonts = fonts
        self._missing: set[str] = set()
        pdf = FPDF(unit="mm")
        pdf.set_auto_page_break(auto=False)
        pdf.set_margin(0)
        pdf.set_creation_date(_NO_DATE)
        pdf.set_title(title)
        pdf.set_lang("zh-CN" if lang == "zh" else "en")
        pdf.set_creator("Taixin Atlas")
        pdf.set_producer("Taixin Atlas, fpdf2")
        for style, font in (("", fonts.regular), ("B", fonts.bold)):
            pdf.add_font("map", style, font.path, collection_font_number=font.number)
        self._pdf = pdf

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return int(self._pdf.pages_count)

    def page(self, width_mm: float, height_mm: float) -> None:
        """Begin a page."""
        self._pdf.add_page(format=(width_mm, height_mm))

    def bookmark(self, text: str, level: int = 0) -> None:
        """Name the present page in the outline of the document."""
        self._pdf.start_section(_clean(text), level, strict=False)

    def link(self, box: Box, page: int) -> None:
        """Make a box lead to another page when it is clicked."""
        target = self._pdf.add_link(page=page)
        self._pdf.link(box.x, box.y, box.w, box.h, target)

    @contextmanager
    def clipped(self, box: Box) -> Iterator[None]:
        """Draw only what lies inside a box."""
        with self._pdf.rect_clip(box.x, box.y, box.w, box.h):
            yield

    def fill(self, shape: BaseGeometry, colour: str, opacity: float = 1.0) -> None:
        """Fill areas; holes stay open."""
        path = PaintedPath()
        path.style.fill_color = colour
        path.style.fill_opacity = opacity
        path.style.stroke_color = None
        path.style.paint_rule = "fill_evenodd"
        self._draw(path, shape)

    def stroke(self, shape: BaseGeometry, pen: Pen) -> None:
        """Draw lines, or the edges of areas."""
        path = PaintedPath()
        path.style.fill_color = None
        path.style.stroke_color = pen.colour
        path.style.stroke_opacity = pen.opacity
        path.style.stroke_width = pen.width
        path.style.stroke_join_style = "round"
        path.style.stroke_cap_style = "round" if pen.is_round and not pen.dash else "butt"
        path.style.stroke_dash_pattern = pen.dash or None
        path.style.paint_rule = "stroke"
        self._draw(path, shape)

    def _draw(self, path: PaintedPath, shape: BaseGeometry) -> None:
        path.auto_close = False
        lines = list(_lines_of(shape))
        if not lines:
            return
        for points, is_closed in lines:
            first, *others = points
            path.add_path_element(Move(Point(*first)), clone=False)
            for point in others:
                path.add_path_element(Line(Point(*point)), clone=False)
            if is_closed:
                path.add_path_element(Close(), clone=False)
        with self._pdf.drawing_context() as context:
            context.add_item(path, clone=False)

    def font(self, face: Face) -> Font:
        """Give the font of a face."""
        return self.fonts.of(bold=face.bold)

    def width(self, text: str, face: Face) -> float:
        """Measure a text in millimetres."""
        return self.font(face).width(_clean(text), face.em)

    def write(self, x: float, y: float, text: str, face: Face, angle_deg: float = 0.0) -> None:
        """Write a text whose baseline begins at a point, turned clockwise by an angle."""
        self._text(x, y, text, face, angle_deg, TextMode.FILL, 0.0)

    def hidden(
        self, start: tuple[float, float], end: tuple[float, float], text: str, face: Face
    ) -> None:
        """Lay a text that only readers and searches see along the line from start to end."""
        span = math.dist(start, end)
        angle_deg = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
        gap = (span - self.width(text, face)) / max(1, len(text) - 1)
        self._text(*start, text, face, angle_deg, TextMode.INVISIBLE, gap)

    def _text(  # noqa: PLR0913, PLR0917 - where, what, how
        self, x: float, y: float, text: str, face: Face, angle_deg: float, mode: TextMode,
        gap: float,
    ) -> None:  # fmt: skip
        text = _clean(text)
        self._missing.update(self.font(face).lacks(text))
        pdf = self._pdf
        with pdf.local_context(text_mode=mode, fill_opacity=face.opacity):
            pdf.set_font("map", "B" if face.bold else "", face.size)
            pdf.set_text_color(face.colour)
            pdf.set_char_spacing(gap / MM_PER_POINT)
            if angle_deg:
                with pdf.rotation(-angle_deg, x, y):
                    pdf.text(x, y, text)
            else:
                pdf.text(x, y, text)

    def close(self) -> None:
        """Let go of the font files."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def finished(self) -> bytes:
        """Give the document as a PDF file.

        Raises
        ------
        InputError
            If something was written that the font has no characters for.
        """
        missing = sorted(self._missing - {" "})
        if missing:
            shown = " ".join(f"{mark} (U+{ord(mark):04X})" for mark in missing[:6])
            name = self.fonts.regular.path.name
            remedy = "name a font that has them with --font"
            raise InputError([Problem("--font", name, f"the font has no {shown}", remedy)])
        return bytes(self._pdf.output())


def _clean(text: str) -> str:
    """Leave out what no font draws: line breaks and other controls, marks of direction."""
    return "".join(mark if mark.isprintable() else " " for mark in text)


def _lines_of(shape: BaseGeometry) -> Iterator[tuple[Sequence[tuple[float, float]], bool]]:
    for part in shapely.get_parts(shape):
        if part.is_empty:
            continue
        if shapely.get_dimensions(part) == _POLYGON:
            for ring in (part.exterior, *part.interiors):
                yield shapely.get_coordinates(ring).tolist()[:-1], True
        elif part.geom_type == "LinearRing":
            yield shapely.get_coordinates(part).tolist()[:-1], True
        elif part.geom_type == "LineString":
            yield shapely.get_coordinates(part).tolist(), False


def pictures(pdf: bytes, dpi: int) -> list[bytes]:
    """Turn the pages of a PDF file into PNG files.

    Parameters
    ----------
    pdf
        From `Canvas.finished`.
    dpi
        Pixels per inch.
    """
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_picture(page, dpi) for page in document]
    finally:
        document.close()


def _picture(page: object, dpi: int) -> bytes:
    image = page.render(scale=dpi / 72).to_pil()  # type: ignore[attr-defined] # no types
    stream = io.BytesIO()
    image.save(stream, "PNG", dpi=(dpi, dpi))
    return stream.getvalue()
