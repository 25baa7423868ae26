"""Fonts for Chinese: finding one, how wide its text is, and the outlines behind its letters."""

from __future__ import annotations

import io
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shapely
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.ttCollection import TTCollection

from taixin import files
from taixin.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

__all__ = ["Font", "Fonts", "find_fonts"]

#: Files of regular and of bold letters, the better for a map first.
_KNOWN: Final = (
    ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf"),
    ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"),
    ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"),
    ("SourceHanSansSC-Regular.otf", "SourceHanSansSC-Bold.otf"),
    ("SourceHanSansCN-Regular.otf", "SourceHanSansCN-Bold.otf"),
    ("SourceHanSans.ttc", "SourceHanSans-Bold.ttc"),
    ("msyh.ttc", "msyhbd.ttc"),
    ("PingFang.ttc", "PingFang.ttc"),
    ("Hiragino Sans GB.ttc", "Hiragino Sans GB.ttc"),
    ("STHeiti Light.ttc", "STHeiti Medium.ttc"),
    ("Deng.ttf", "Dengb.ttf"),
    ("simhei.ttf", "simhei.ttf"),
    ("wqy-microhei.ttc", "wqy-microhei.ttc"),
    ("wqy-zenhei.ttc", "wqy-zenhei.ttc"),
    ("DroidSansFallbackFull.ttf", "DroidSansFallbackFull.ttf"),
    ("simsun.ttc", "simsun.ttc"),
)
_FOLDERS: Final = {
    "win32": (r"%WINDIR%\Fonts", r"%LOCALAPPDATA%\Microsoft\Windows\Fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
}
_ELSEWHERE: Final = (
    *("~/.local/share/fonts", "~/.fonts", "/usr/local/share/fonts", "/usr/share/fonts"),
)
#: How the face for simplified Chinese is called in a collection.
_SIMPLIFIED: Final = (" SC", " CN", " GB", "YaHei")
_CURVE_STEPS: Final = 4
#: Bytes; a font with the characters of Chinese is large.
_LARGE: Final = 3_000_000
_SHOWN: Final = 6


class _Outline(BasePen):  # type: ignore[misc] # fontTools ships no types
    """Collects the contours of a glyph as lists of points, curves as a few short lines."""

    def __init__(self, glyphs: object) -> None:
        super().__init__(glyphs)
        self.contours: list[list[tuple[float, float]]] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - named by fontTools
        self.contours.append([pt])

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802 - named by fontTools
        self.contours[-1].append(pt)

    def _curveToOne(  # noqa: N802 - named by fontTools
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        start = self.contours[-1][-1]
        for number in range(1, _CURVE_STEPS + 1):
            t = number / _CURVE_STEPS
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            pairs = [
                sum(w * p[axis] for w, p in zip(weights, (start, pt1, pt2, pt3), strict=True))
                for axis in (0, 1)
            ]
            self.contours[-1].append((pairs[0], pairs[1]))


@dataclass(frozen=True)
class Font:
    """One face of a font file.

    Parameters
    ----------
    path
        The file.
    number
        Which face of a collection; 0 for a file with one.
    """

    path: Path
    number: int = 0

    @cached_property
    def _face(self) -> TTFont:
        data = io.BytesIO(files.read_bytes(self.path))
        return TTFont(data, fontNumber=self.number, lazy=True)

    @cached_property
    def _names(self) -> dict[int, str]:
        return dict(self._face.getBestCmap() or {})

    @cached_property
    def _advances(self) -> dict[str, float]:
        metrics, em = self._face["hmtx"].metrics, self._face["head"].unitsPerEm
        return {name: metrics[name][0] / em for name in set(self._names.values())}

    @cached_property
    def _outlines(self) -> dict[str, BaseGeometry]:
        return {}

    @cached_property
    def name(self) -> str:
        """The family's name."""
        return str(self._face["name"].getDebugName(1) or self.path.stem)

    def lacks(self, text: str) -> str:
        """Give the characters of a text that the font does not have, each once."""
        return "".join(sorted({mark for mark in text if ord(mark) not in self._names}))

    def width(self, text: str, size: float) -> float:
        """Measure a text, in the unit of `size`, which is that of an em."""
        wide = (self._advances[self._names[ord(m)]] for m in text if ord(m) in self._names)
        return sum(wide) * size

    def outline(self, mark: str) -> BaseGeometry:
        """Give a character as an area, one em high, its baseline at 0, y downwards."""
        name = self._names.get(ord(mark))
        if name is None:
            return shapely.Polygon()
        known: dict[str, BaseGeometry] = self._outlines
        if name not in known:
            glyphs = self._face.getGlyphSet()
            pen = _Outline(glyphs)
            glyphs[name].draw(pen)
            em = self._face["head"].unitsPerEm
            rings = [[(x / em, -y / em) for x, y in part] for part in pen.contours if len(part) > 2]  # noqa: PLR2004 - a ring has three corners
            known[name] = _area(rings)
        return known[name]


def _area(rings: Sequence[Sequence[tuple[float, float]]]) -> BaseGeometry:
    """Join contours to an area, the largest first: one that runs the other way is a hole."""
    shapes = sorted((shapely.Polygon(ring) for ring in rings), key=lambda shape: -shape.area)
    area: BaseGeometry = shapely.Polygon()
    for shape in shapes:
        is_solid = shapely.is_ccw(shape.exterior) == shapely.is_ccw(shapes[0].exterior)
        join = shapely.union if is_solid else shapely.difference
        area = join(area, shapely.make_valid(shape))
    return area


@dataclass(frozen=True, slots=True)
class Fonts:
    """The two weights that a sheet is written in."""

    regular: Font
    bold: Font

    def of(self, *, bold: bool) -> Font:
        """Choose by weight."""
        return self.bold if bold else self.regular


def find_fonts(text: str, file: Path | None = None) -> Fonts:
    """Find a font that has every character of a text.

    Parameters
    ----------
    text
        What will be written.
    file
        A font file of the user's own; fonts of the system are looked for when None.

    Raises
    ------
    InputError
        If the file is no font, or no font at hand has all the characters.
    """
    wanted = "".join(mark for mark in sorted(set(text)) if not mark.isspace())
    found = []
    for fonts in _system_fonts() if file is None else [Fonts(*[_face(file)] * 2)]:
        if not fonts.regular.lacks(wanted):
            return fonts
        found.append(fonts)
    if not found:
        message = "no font for Chinese is installed"
        remedy = "install Noto Sans CJK, or name a .ttf, .otf or .ttc file with --font"
        raise InputError([Problem("--font", "", message, remedy)])
    best = min((fonts.regular for fonts in found), key=lambda font: len(font.lacks(wanted)))
    lacking = best.lacks(wanted)
    shown = " ".join(f"{mark} (U+{ord(mark):04X})" for mark in lacking[:_SHOWN])
    more = len(lacking) - _SHOWN
    message = f"the font has no {shown}" + (f" and {more} more characters" * (more > 0))
    remedy = "name a font that has them with --font, such as Noto Sans CJK SC"
    raise InputError([Problem("--font", best.path.name, message, remedy)])


def _system_fonts() -> Iterator[Fonts]:
    names = _FOLDERS.get(sys.platform, _ELSEWHERE)
    folders = [Path(os.path.expandvars(name)).expanduser() for name in names]
    present: dict[str, Path] = {}
    for folder in reversed(folders):
        for path in sorted(folder.rglob("*.[to]t[fc]")):
            present[path.name] = path
    for regular, bold in _KNOWN:
        if regular in present:
            yield Fonts(_face(present[regular]), _face(present.get(bold, present[regular])))
    known = {name for pair in _KNOWN for name in pair}
    for name, path in present.items():
        if name not in known and path.stat().st_size > _LARGE:
            yield Fonts(_face(path), _face(path))


def _face(path: Path) -> Font:
    """Choose the face for simplified Chinese where a file holds several."""
    data = io.BytesIO(files.read_bytes(path))
    try:
        if path.suffix.lower() not in {".ttc", ".otc"}:
            TTFont(data, lazy=True)["cmap"]
            return Font(path)
        faces = TTCollection(data, lazy=True).fonts
        names = [str(face["name"].getDebugName(1) or "") for face in faces]
    except (TTLibError, KeyError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        message = f"the font cannot be read ({reason})"
        remedy = "name a .ttf, .otf or .ttc file"
        raise InputError([Problem("--font", path.name, message, remedy)]) from None
    fitting = [
        number
        for number, name in enumerate(names)
        if any(name.endswith(word) or f"{word} " in name for word in _SIMPLIFIED)
        and "Mono" not in name
    ]
    return Font(path, (fitting or [0])[0])
