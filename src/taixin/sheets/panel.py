"""The panel of a sheet: summary, inset, legend, key figures, and what is not on the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from taixin.sheets.canvas import Face
from taixin.sheets.furniture import draw_inset
from taixin.sheets.legend import Column, heading, legend
from taixin.sheets.papers import Box
from taixin.sheets.setting import LEADING, Entry, break_lines, fitting, lines_entries, write_lines
from taixin.sheets.words import error_words, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taixin.sheets.canvas import Canvas
    from taixin.sheets.ground import View
    from taixin.sheets.names import Placed
    from taixin.sheets.papers import Paper
    from taixin.sheets.scene import Base, Scene
    from taixin.sheets.subjects import Row, Subject

__all__ = ["Panel"]

_INK, _QUIET = "#2b2721", "#5f5646"
_INSET_PX: Final = 150.0
_SMALL_PX: Final = 10.2
#: Lines kept for the list of what has no position.
_LEAST_LINES: Final = 4


@dataclass(frozen=True)
class Panel:
    """Sets the blocks of the panel to the width of its columns.

    Parameters
    ----------
    canvas
        Where it is drawn.
    subject
        What the sheet shows.
    page
        The paper.
    lang
        ``zh`` or ``en``.
    columns
        The columns, filled one after the other.
    english
        English names of hosts.
    """

    canvas: Canvas
    subject: Subject
    page: Paper
    lang: str
    columns: tuple[Box, ...]
    english: Mapping[str, str]

    @property
    def _width(self) -> float:
        return self.columns[0].w

    @property
    def _face(self) -> Face:
        return Face(self.page.points(_SMALL_PX), _QUIET)

    def _heading(self, text: str) -> Entry:
        return heading(self.canvas, text, self._width, self.page)

    def fixed(self, view: View, scene: Scene, base: Base, *, brief: bool) -> list[Entry]:
        """Give what must be there whole: summary, inset, legend and key figures."""
        lang = self.lang
        ink = Face(self.page.points(_SMALL_PX), _INK)
        column = Column(self.page, self._width, lang, brief)
        entries = [
            self._inset(view, base),
            *legend(self.canvas, scene.signs, scene.base, column),
            self._heading(say("caption", lang)),
            *lines_entries(self.canvas, getattr(self.subject.caption, lang), self._width, ink),
        ]  # fmt: skip
        if self.subject.rows:
            entries.append(self._heading(say("figures", lang)))
            entries += [self._figure(row) for row in self.subject.rows]
        return entries

    def fits(self, entries: Sequence[Entry]) -> bool:
        """Say whether entries find room, with some left for what is not on the map."""
        spare = self._face.em * LEADING * _LEAST_LINES + self.page.mm(26)
        reserve = [Entry(spare, lambda _x, _y: None)] * bool(self._unlocated())
        wanted = [*entries, *reserve]
        return len(fitting(wanted, self.columns)) == len(wanted)

    def draw(self, fixed: Sequence[Entry], scene: Scene, names: Sequence[Placed]) -> None:
        """Draw the panel, with lists of what is not named or not located as far as room goes."""
        entries = list(fixed)
        for key, items in (("unwritten", self._unwritten(scene, names)),
                           ("unlocated", self._unlocated()),
                           ("shown", self._shown(scene))):  # fmt: skip
            if items:
                entries += self._list(entries, key, items)
        for entry, x, y in fitting(entries, self.columns):
            entry.draw(x, y)

    def _inset(self, view: View, base: Base) -> Entry:
        title = self._heading(say("inset", self.lang))
        high = self.page.mm(_INSET_PX)
        land = base.rows["base_land"][0][2]
        borders = [shape for _, _, shape in base.rows["base_city_borders"]]

        def draw(x: float, y: float) -> None:
            title.draw(x, y)
            box = Box(x, y + title.height, self._width, high)
            draw_inset(self.canvas, view, land, borders, box)

        return Entry(title.height + high, draw)

    def _figure(self, row: Row) -> Entry:
        canvas, face = self.canvas, self._face
        bold = Face(face.size, _INK, bold=True)
        value = getattr(row.value, self.lang)
        lines = break_lines(canvas, getattr(row.what, self.lang), self._width, face)
        told = break_lines(canvas, value, self._width, bold)
        gap = self.page.mm(8)
        beside = (
            len(told) == 1
            and canvas.width(lines[-1], face) + gap + canvas.width(value, bold) <= self._width
        )
        count = len(lines) + (0 if beside else len(told))

        def draw(x: float, y: float) -> None:
            write_lines(canvas, lines, (x, y), face)
            top = y + (len(lines) - beside) * face.em * LEADING
            for number, line in enumerate(told):
                left = x + self._width - canvas.width(line, bold)
                write_lines(canvas, [line], (left, top + number * face.em * LEADING), bold)

        return Entry(count * face.em * LEADING + self.page.mm(2), draw)

    def _unlocated(self) -> list[str]:
        names = [
            self._named(feature.properties, with_host=True)
            for layer in self.subject.layers
            for feature in layer.features
            if feature.geometry is None
        ]
        return list(dict.fromkeys(names))

    def _named(self, properties: object, *, with_host: bool = False) -> str:
        known = dict(properties)  # type: ignore[call-overload]
        name = str((known["name_en"] if self.lang == "en" else "") or known["name"])
        host = known["host"] if with_host else None
        if host and self.lang == "en":
            host = self.english.get(str(host)) or host
        return f"{name}{say('within', self.lang).format(host=host)}" if host else name

    def _unwritten(self, scene: Scene, names: Sequence[Placed]) -> list[str]:
        wanted = [request.text for request in scene.requests if request.is_plan]
        written = {one.request.text for one in names}
        return [name for name in dict.fromkeys(wanted) if name not in written]

    def _shown(self, scene: Scene) -> list[str]:
        told = []
        for feature in scene.shown:
            metres = float(str(feature.properties["accuracy_m"]))
            told.append(f"{self._named(feature.properties)} ±{error_words(metres)}")
        return list(dict.fromkeys(told))

    def _list(self, before: Sequence[Entry], key: str, items: Sequence[str]) -> list[Entry]:
        """Set as many names of a list as there is room for, and say how many more there are."""
        title = self._heading(say(key, self.lang).format(n=len(items)))
        for count in range(len(items), 0, -1):
            entries = [title, *self._lines(items, count)]
            if len(fitting([*before, *entries], self.columns)) == len(before) + len(entries):
                return entries
        return [title]

    def _lines(self, items: Sequence[str], count: int) -> list[Entry]:
        join = "；" if self.lang == "zh" else "; "
        text = join.join(items[:count])
        if count < len(items):
            text += say("more", self.lang).format(n=len(items) - count)
        return lines_entries(self.canvas, text, self._width, self._face)
