"""One sheet: title, map, panel and foot, put together on a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import shapely

from taixin.errors import InputError, Problem
from taixin.hosts import Hosts
from taixin.sheets import furniture
from taixin.sheets.canvas import Face
from taixin.sheets.ground import view_of
from taixin.sheets.lettering import letter, write_names
from taixin.sheets.marks import draw_items
from taixin.sheets.notes import Foot, notes_of
from taixin.sheets.panel import Panel
from taixin.sheets.papers import Box, paper
from taixin.sheets.scene import base_of, scene_of
from taixin.sheets.setting import break_lines, write_lines
from taixin.sheets.words import say
from taixin.vocabulary import REVIEW_STATE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature, Layer
    from taixin.facts import Facts
    from taixin.model import Kind, Text
    from taixin.plans import Library
    from taixin.sheets.canvas import Canvas
    from taixin.sheets.ground import View
    from taixin.sheets.names import Placed
    from taixin.sheets.papers import Paper
    from taixin.sheets.scene import Base, Scene
    from taixin.sheets.subjects import Subject

__all__ = ["Look", "Sheet", "World", "draw_sheet"]

_INK, _QUIET, _OUTSIDE, _ACCENT = "#2b2721", "#5f5646", "#e7e2d3", "#a3321b"
_MARGIN_PX: Final = 36.0
_GAP_PX: Final = 12.0
_TITLE_PX: Final = 54.0
_COLUMN_PX: Final = 236.0
_SPARE_PX: Final = 12.0
_USUAL_FOOT_PX: Final = 130.0
#: Columns beside the map, or shares of the page below it, that are tried one after the other.
_STEPS: Final = 4
_LEAST_BELOW, _STEP_BELOW = 0.22, 0.07
#: The grid lies over the land and under borders and features with a course or a place.
_GRID_ORDER: Final = 400
#: Corners from the upper left to the lower right, the best first for scale bar and for arrow.
_FOR_BAR, _FOR_ARROW = "2301", "1032"
#: How bad it is to hide part of a point, a line or an area.
_HIDES: Final = (100.0, 3.0, 1.0)
_SYMBOL_MM: Final = 3.0
#: Of latitude, for a margin around points.
_METRES_PER_DEGREE: Final = 111_000.0


@dataclass(frozen=True)
class World:
    """What every sheet of a run shares: title, symbols, facts, base map, English of hosts."""

    title: Text
    kinds: Mapping[str, Kind]
    facts: Facts
    base: Base
    english: Mapping[str, str]
    hosts: Hosts

    @classmethod
    def of(cls, library: Library, facts: Facts, layers: Sequence[Layer]) -> World:
        """Bring together what plans, facts and all built layers give."""
        names = _english(library, facts)
        hosts = Hosts(layers, facts)
        return cls(library.face.title, library.kinds, facts, base_of(facts), names, hosts)


@dataclass(frozen=True, slots=True)
class Look:
    """How sheets are drawn.

    Parameters
    ----------
    size
        Of the paper, a key of `taixin.sheets.papers.PAPERS`.
    portrait
        Whether the paper stands; None stands for whichever shows more.
    lang
        ``zh`` or ``en``.
    scale
        The denominator of the user's choice; the largest that fits when None.
    review
        The number of the map review; empty while there is none.
    """

    size: str = "A3"
    portrait: bool | None = None
    lang: str = "zh"
    scale: int | None = None
    review: str = ""

    @property
    def state(self) -> str:
        """The state of the map review in words."""
        if self.review:
            return say("reviewed", self.lang).format(number=self.review)
        return REVIEW_STATE[self.lang == "en"]


@dataclass(frozen=True)
class Sheet:
    """A sheet as it was drawn, for tests and reports.

    Parameters
    ----------
    subject
        What it shows.
    view
        Plane, scale and frame.
    scene
        What is on the map.
    names
        The names on the map.
    """

    subject: Subject
    view: View
    scene: Scene
    names: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """The division of a page: title, map with its band, columns of the panel, foot."""

    title: Box
    map: Box
    columns: tuple[Box, ...]
    foot: Box


def draw_sheet(
    canvas: Canvas,
    subject: Subject,
    world: World,
    look: Look,
    number: str = "",
    *,
    chapter: str = "",
) -> Sheet:
    """Draw a sheet on a page of its own.

    Parameters
    ----------
    canvas
        The document.
    subject
        What to show.
    world
        Symbols, facts and base map.
    look
        Paper, language, scale and map review.
    number
        The sheet's number in a book; its id when empty.
    chapter
        The chapter of a book that begins with the sheet.

    Returns
    -------
    Sheet
        What was drawn where.

    Raises
    ------
    InputError
        If the legend finds no room on the paper.
    """
    lang = look.lang
    options = {
        "lang": lang,
        "state": look.state,
        "number": number or subject.id,
        "watermark": "" if look.review else say("watermark", lang),
    }
    shapes = _ground(subject, world)
    page = _page(shapes, look)
    canvas.page(page.width, page.height)
    if chapter:
        canvas.bookmark(chapter)
    canvas.bookmark(getattr(subject.title, lang), 1 if number else 0)
    foot = _foot(canvas, subject, world, page, options)
    for parts, brief in _divisions(page, foot):
        view = view_of(shapes, parts.map, look.scale)
        scene = scene_of(subject.layers, world.kinds, world.base, view, page, lang)
        panel = Panel(canvas, subject, page, lang, parts.columns, world.english)
        fixed = panel.fixed(view, scene, world.base, brief=brief)
        if panel.fits(fixed):
            break
    else:
        message = f"the legend finds no room on {page.size}"
        raise InputError([Problem("--paper", subject.id, message, "take larger paper")])
    _draw_title(canvas, subject, page, parts.title, options)
    names = _draw_map(canvas, view, scene, page, options)
    panel.draw(fixed, scene, names)
    notes = notes_of(subject, world.facts, view, page, scene.shown, options)
    Foot(canvas, notes, page, parts.foot.w).draw(parts.foot)
    return Sheet(subject, view, scene, tuple(names))


def _english(library: Library, facts: Facts) -> dict[str, str]:
    """Give the English of whatever may be called the host of something: places, plans, features."""
    names = {}
    for fact in (*facts.places.facts, *facts.counties.facts):
        names[fact.name_zh] = fact.name_en
        if "city" in fact.properties:
            names[str(fact.properties["city"])] = str(fact.properties.get("city_en") or "")
    for plan in library.plans:
        texts = [plan.title, plan.short]
        texts += [one.name for system in plan.systems for layer in system.layer
                  for one in layer.feature]  # fmt: skip
        names.update({text.zh: text.en for text in texts})
    return names


def _ground(subject: Subject, world: World) -> list[BaseGeometry]:
    """Give what the map must show: the features, else the counties that they may be in."""
    features = [(layer.plan, feature) for layer in subject.layers for feature in layer.features]
    located = [feature for layer in subject.layers for feature in layer.located]
    if located:
        return [_reach(feature) for feature in located]
    counties = world.facts.counties.facts
    hosts = {n for plan, feature in features for n in world.hosts.counties(feature, plan)}
    return [counties[n].geometry for n in sorted(hosts)] or [world.base.rows["base_land"][0][2]]


def _reach(feature: Feature) -> BaseGeometry:
    """Give the ground of a feature: of a point, the circle of its error as well."""
    shape = feature.geometry or shapely.Point()
    if shapely.get_dimensions(shape) > 0:
        return shape
    degrees = float(str(feature.properties["accuracy_m"])) / _METRES_PER_DEGREE
    return shapely.buffer(shape, degrees)


def _page(shapes: Sequence[BaseGeometry], look: Look) -> Paper:
    """Turn the paper as the user wants it, or so that the map becomes the larger."""
    if look.portrait is not None:
        return paper(look.size, portrait=look.portrait)
    scales = {}
    for portrait in (False, True):
        page = paper(look.size, portrait=portrait)
        parts, _ = next(_divisions(page, page.mm(_USUAL_FOOT_PX)))
        scales[portrait] = view_of(shapes, parts.map).scale
    return paper(look.size, portrait=scales[True] < scales[False])


def _foot(
    canvas: Canvas, subject: Subject, world: World, page: Paper, options: Mapping[str, str]
) -> float:
    """Say how high the notes may become; the scale is not known yet, and hardly matters."""
    inner = _inner(page)
    view = view_of(_ground(subject, world), inner)
    shown = [feature for layer in subject.layers for feature in layer.located]
    notes = notes_of(subject, world.facts, view, page, shown, options)
    return Foot(canvas, notes, page, inner.w).height + page.mm(_SPARE_PX)


def _inner(page: Paper) -> Box:
    return Box(0, 0, page.width, page.height).shrunk(page.mm(_MARGIN_PX))


def _divisions(page: Paper, foot: float) -> Iterator[tuple[_Parts, bool]]:
    """Yield divisions of a page, the largest map first, and whether the legend is brief.

    A page on its long side has its panel at the right, one on its short side below the map.
    """
    inner, gap = _inner(page), page.mm(_GAP_PX)
    title = Box(inner.x, inner.y, inner.w, page.mm(_TITLE_PX))
    under = Box(inner.x, inner.bottom - foot, inner.w, foot)
    room = Box(inner.x, title.bottom, inner.w, under.y - gap - title.bottom)
    band = page.mm(furniture.BAND_PX)
    most = max(1, int((inner.w + gap) / (page.mm(_COLUMN_PX) + gap)))
    for brief in (False, True):
        for step in range(_STEPS):
            if page.is_wide:
                wide = (step + 1) * (page.mm(_COLUMN_PX) + gap)
                outer = Box(room.x, room.y, room.w - wide, room.h)
                panel = Box(outer.right + gap, room.y, wide - gap, room.h)
                columns = _columns(panel, step + 1, gap)
            else:
                high = room.h * (_LEAST_BELOW + step * _STEP_BELOW)
                outer = Box(room.x, room.y, room.w, room.h - high - gap)
                panel = Box(room.x, outer.bottom + gap, room.w, high)
                columns = _columns(panel, most, gap)
            yield _Parts(title, outer.shrunk(band), columns, under), brief


def _columns(panel: Box, count: int, gap: float) -> tuple[Box, ...]:
    wide = (panel.w - (count - 1) * gap) / count
    return tuple(Box(panel.x + n * (wide + gap), panel.y, wide, panel.h) for n in range(count))


def _draw_title(
    canvas: Canvas, subject: Subject, page: Paper, box: Box, options: Mapping[str, str]
) -> None:
    lang, told = options["lang"], options["state"]
    title, under = getattr(subject.title, lang), getattr(subject.subtitle, lang)
    face = Face(page.points(29), _INK, bold=True)
    if canvas.width(title, face) > box.w:
        face = Face(face.size * box.w / canvas.width(title, face), _INK, bold=True)
    quiet = Face(page.points(13), _QUIET)
    canvas.write(box.x, box.y + face.em * 0.9, title, face)
    lines = break_lines(canvas, under, box.w, quiet)[:1]
    write_lines(canvas, lines, (box.x, box.y + page.mm(34)), quiet)
    state = Face(page.points(12), _ACCENT, bold=True)
    left = box.right - canvas.width(told, state)
    if left > box.x + max(canvas.width(title, face), canvas.width(lines[0], quiet)):
        canvas.write(left, box.y + page.mm(34) + quiet.em, told, state)


def _draw_map(
    canvas: Canvas, view: View, scene: Scene, page: Paper, options: Mapping[str, str]
) -> list[Placed]:
    """Draw the map with everything that lies in its frame, and give its names."""
    lang, box = options["lang"], view.box
    has_grid = False
    with canvas.clipped(box):
        canvas.fill(box.shape, _OUTSIDE)
        for layer in scene.layers:
            if not has_grid and layer.kind.order >= _GRID_ORDER:
                furniture.draw_grid(canvas, view, page)
                has_grid = True
            draw_items(canvas, layer.kind.symbol, layer.items, page.mm)
        if options["watermark"]:
            furniture.draw_watermark(canvas, view, options["watermark"])
        bar = _corner(box, furniture.bar_size(canvas, view, page, lang), scene, _FOR_BAR)
        arrow = _corner(box, furniture.north_size(page), scene, _FOR_ARROW, bar)
        names = letter(canvas, scene, box, page, (bar, arrow))
        write_names(canvas, names, page)
        furniture.draw_scale_bar(canvas, view, page, lang, bar)
        furniture.draw_north(canvas, view, page, lang, arrow)
    furniture.draw_frame(canvas, view, page)
    return names


def _corner(
    frame: Box, size: tuple[float, float], scene: Scene, wanted: str, taken: Box | None = None
) -> Box:
    """Choose the corner of the map in which a box hides least of what the plans show.

    Parameters
    ----------
    frame
        The map.
    size
        Width and height of the box.
    scene
        What is drawn.
    wanted
        The corners as numbers, the best first.
    taken
        A box that stands in a corner already.
    """
    wide, high = size
    corners = [
        Box(x, y, wide, high)
        for y in (frame.y, frame.bottom - high)
        for x in (frame.x, frame.right - wide)
    ]
    free = [corners[int(n)] for n in wanted]
    if taken is not None:
        free = [box for box in free if not shapely.intersects(box.shape, taken.shape)]
    shapes = [
        (item.shape, _HIDES[int(shapely.get_dimensions(item.shape))])
        for layer in scene.layers
        if not layer.is_base
        for item in layer.items
    ]

    def hidden(box: Box) -> float:
        near = box.shrunk(-_SYMBOL_MM).shape
        return sum(weight for shape, weight in shapes if shapely.intersects(shape, near))

    return min(free, key=hidden)
