"""Print map sheets: PDF with text as text, and PNG of the same drawing."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taixin import files
from taixin.errors import InputError, Problem
from taixin.sheets.book import draw_book
from taixin.sheets.canvas import Canvas, pictures
from taixin.sheets.fonts import find_fonts
from taixin.sheets.sheet import Look, Sheet, World, draw_sheet
from taixin.sheets.subjects import all_subjects, find_subjects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from taixin.sheets.subjects import Subject

__all__ = [
    "Look",
    "Output",
    "Sheet",
    "World",
    "all_subjects",
    "draw_sheets",
    "find_subjects",
    "write_sheets",
]

_SUFFIXES = (".pdf", ".png")


@dataclass(frozen=True, slots=True)
class Output:
    """Where sheets are written, and with which font.

    Parameters
    ----------
    path
        A ``.pdf`` or ``.png`` file, else a folder.
    form
        ``pdf`` or ``png``; by the name of the file when empty, ``pdf`` in a folder.
    dpi
        Pixels per inch of a PNG.
    font
        A font file; one of the system when None.
    """

    path: Path
    form: str = ""
    dpi: int = 200
    font: Path | None = None

    @property
    def is_file(self) -> bool:
        """Whether everything goes into one file."""
        return self.path.suffix.lower() in _SUFFIXES

    @property
    def format(self) -> str:
        """``pdf`` or ``png``."""
        by_name = self.path.suffix.lower().removeprefix(".") if self.is_file else "pdf"
        return self.form or by_name


def draw_sheets(
    subjects: Sequence[Subject],
    world: World,
    look: Look,
    *,
    font: Path | None = None,
    is_book: bool = False,
    step: Callable[[str], None] = lambda _: None,
) -> tuple[bytes, list[Sheet]]:
    """Draw sheets into one PDF.

    Parameters
    ----------
    subjects
        What they show, from `find_subjects`.
    world
        Symbols, facts and base map.
    look
        Paper, language, scale and map review.
    font
        A font file; one of the system when None.
    is_book
        Whether a cover and an index go first.
    step
        Told which sheet is being drawn.

    Returns
    -------
    tuple
        The PDF, and what was drawn where.

    Raises
    ------
    InputError
        If no font has the characters, or a legend finds no room.
    """
    title = getattr((subjects[0] if len(subjects) == 1 else world).title, look.lang)
    fonts = find_fonts(_text_of(subjects, world), font)
    with closing(Canvas(fonts, title, look.lang)) as canvas:
        if is_book:
            made = draw_book(canvas, subjects, world, look, step)
        else:
            made = []
            for subject in subjects:
                step(getattr(subject.title, look.lang))
                made.append(draw_sheet(canvas, subject, world, look))
        return canvas.finished(), made


def write_sheets(
    subjects: Sequence[Subject],
    world: World,
    look: Look,
    out: Output,
    *,
    is_book: bool = False,
    step: Callable[[str], None] = lambda _: None,
) -> list[Path]:
    """Write sheets as PDF or PNG.

    Parameters
    ----------
    subjects, world, look, is_book, step
        As for `draw_sheets`.
    out
        Where to, and in which format.

    Returns
    -------
    list[Path]
        The files.

    Raises
    ------
    InputError
        If several sheets are to go into one picture, or they cannot be drawn.
    OutputError
        If they cannot be written; what stood there is as it was.
    """
    _check(out, 2 if is_book else len(subjects))
    jobs = [tuple(subjects)] if out.is_file or is_book else [(subject,) for subject in subjects]
    made: dict[str, bytes] = {}
    for job in jobs:
        pdf, _ = draw_sheets(job, world, look, font=out.font, is_book=is_book, step=step)
        name = "atlas" if is_book else job[0].file
        made[f"{name}.{out.format}"] = pdf if out.format == "pdf" else pictures(pdf, out.dpi)[0]
    if out.is_file:
        files.write_bytes(out.path, next(iter(made.values())))
        return [out.path]
    with files.staged_folder(out.path) as stage:
        for name, content in made.items():
            files.write_bytes(stage / name, content)
    return [out.path / name for name in made]


def _check(out: Output, count: int) -> None:
    if not count:
        raise InputError([Problem("SYSTEM", "", "there is nothing to draw", "name a system")])
    if out.is_file and out.form and not out.path.name.lower().endswith(out.form):
        message = f"the name of the file does not fit --format {out.form}"
        raise InputError([Problem("--out", out.path.name, message, f"end it in .{out.form}")])
    if out.format == "png" and out.is_file and count > 1:
        message = "a picture holds one sheet"
        raise InputError(
            [Problem("--out", out.path.name, message, "name a folder, or a .pdf file")]
        )
    if out.path.suffix and not out.is_file:
        message = "sheets are written as .pdf or .png"
        raise InputError(
            [Problem("--out", out.path.name, message, "name such a file, or a folder")]
        )


def _text_of(subjects: Sequence[Subject], world: World) -> str:
    """Give all the text that may come onto sheets, so that a font with its characters is chosen."""
    facts = world.facts
    texts = [world.title.model_dump_json()]
    texts += [source.model_dump_json() for source in facts.sources.values()]
    for subject in subjects:
        texts += [subject.title.zh, subject.title.en, subject.caption.zh, subject.caption.en]
        texts += [str(dict(f.properties)) for layer in subject.layers for f in layer.features]
    for table in (facts.counties, facts.rivers, facts.places):
        texts += [fact.name_zh for fact in table.facts]
    return "".join(mark for mark in "".join(texts) if mark.isprintable())
