"""What stands in and around the map: frame and grid, scale bar, north arrow, inset, watermark."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import shapely
from shapely import affinity

from taixin.sheets.canvas import Face, Pen
from taixin.sheets.papers import Box, grid_step_km
from taixin.sheets.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.sheets.canvas import Canvas
    from taixin.sheets.ground import View
    from taixin.sheets.papers import Paper

__all__ = [
    "BAND_PX",
    "bar_size",
    "draw_frame",
    "draw_grid",
    "draw_inset",
    "draw_north",
    "draw_scale_bar",
    "draw_watermark",
    "north_size",
]

_INK, _QUIET, _PAPER = "#2b2721", "#5f5646", "#fbf7ec"
#: How wide the band between the two lines of the frame is; the grid is labelled there.
BAND_PX: Final = 17.0
_BAR_STEPS: Final = (1, 2, 4, 5, 10)
_WIDEST_BAR_MM: Final = 75.0


def _line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString(points)


def _grid_lines(view: View) -> Iterator[tuple[bool, int, float]]:
    """Yield whether a line runs north, its kilometre, and where it meets the frame."""
    step, box = grid_step_km(view.scale), view.box
    west, north = view.plane_at(box.x, box.y)
    east, south = view.plane_at(box.right, box.bottom)
    for km in range(math.ceil(west / 1000 / step) * step, math.floor(east / 1000) + 1, step):
        yield True, km, box.x + (km * 1000 - west) * view.per_metre
    for km in range(math.ceil(south / 1000 / step) * step, math.floor(north / 1000) + 1, step):
        yield False, km, box.y + (north - km * 1000) * view.per_metre


def draw_grid(canvas: Canvas, view: View, page: Paper) -> None:
    """Draw the kilometre grid of the plane over the map."""
    box = view.box
    pen = Pen("#7a6c55", page.mm(0.6), 0.38)
    for runs_north, _, at in _grid_lines(view):
        ends = ((at, box.y), (at, box.bottom)) if runs_north else ((box.x, at), (box.right, at))
        canvas.stroke(_line(*ends), pen)


def draw_frame(canvas: Canvas, view: View, page: Paper) -> None:
    """Draw the neat line and the frame, with kilometres at the grid and degrees at the corners."""
    box, band = view.box, page.mm(BAND_PX)
    canvas.stroke(shapely.boundary(box.shape), Pen(_INK, page.mm(1)))
    canvas.stroke(shapely.boundary(box.shrunk(-band).shape), Pen(_INK, page.mm(2.6)))
    face = Face(page.points(9.5), _QUIET)
    clear = 26 * face.em * 0.55  # the corners belong to the degrees
    for runs_north, km, at in _grid_lines(view):
        text = f"{km}"
        wide = canvas.width(text, face)
        tick = Pen(_INK, page.mm(0.8))
        if runs_north:
            for edge, away in ((box.y, -1), (box.bottom, 1)):
                if box.x + clear < at < box.right - clear - wide:
                    canvas.stroke(_line((at, edge), (at, edge + away * band)), tick)
                    y = edge + away * band / 2 + face.em * 0.37
                    canvas.write(at + page.mm(3), y, text, face)
        else:
            for edge, away in ((box.x, -1), (box.right, 1)):
                if box.y + band < at - wide and at < box.bottom - band:
                    canvas.stroke(_line((edge, at), (edge + away * band, at)), tick)
                    x = edge + away * band / 2 + face.em * 0.37
                    canvas.write(x, at - page.mm(3), text, face, -90)
    _corners(canvas, view, page)


def _corners(canvas: Canvas, view: View, page: Paper) -> None:
    box, band = view.box, page.mm(BAND_PX)
    face = Face(page.points(8.6), _QUIET)
    for x, y, is_right in ((box.x, box.y, False), (box.right, box.y, True),
                           (box.x, box.bottom, False), (box.right, box.bottom, True)):  # fmt: skip
        lon, lat = view.lonlat_at(x, y)
        text = f"{_degrees(lon)}E  {_degrees(lat)}N"
        left = x - canvas.width(text, face) if is_right else x
        middle = y + (band / 2 if y > box.y else -band / 2)
        canvas.write(left, middle + face.em * 0.37, text, face)


def _degrees(value: float) -> str:
    minutes = round(value * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′"


def _bar_length(view: View) -> float:
    """Choose the roundest length, in metres, whose bar takes at most a fifth of the frame."""
    most = min(view.box.w * 0.24, _WIDEST_BAR_MM) / view.per_metre
    power = 10.0 ** math.floor(math.log10(most))
    lengths = [step * power / part for step in _BAR_STEPS for part in (1, 10)]
    return max(length for length in lengths if length <= most)


def bar_size(canvas: Canvas, view: View, page: Paper, lang: str) -> tuple[float, float]:
    """Give width and height of the box that the scale bar takes."""
    wide = _bar_length(view) * view.per_metre
    face = Face(page.points(12.5), bold=True)
    return max(wide + page.mm(34), canvas.width(_ratio(view, lang), face) + page.mm(16)), page.mm(
        48
    )


def north_size(page: Paper) -> tuple[float, float]:
    """Give width and height of the box that the north arrow takes."""
    return page.mm(52), page.mm(62)


def _ratio(view: View, lang: str) -> str:
    return f"{say('scale', lang)} 1:{view.scale:,}".replace(",", " ")


def draw_scale_bar(canvas: Canvas, view: View, page: Paper, lang: str, box: Box) -> None:
    """Draw numeric scale and bar, both true on paper."""
    canvas.fill(box.shape, _PAPER, 0.9)
    length = _bar_length(view)
    wide = length * view.per_metre
    x, y = box.x + page.mm(10), box.y + page.mm(34)
    face, small = Face(page.points(12.5), _INK, bold=True), Face(page.points(10), _INK)
    canvas.write(x, box.y + page.mm(16), _ratio(view, lang), face)
    high = page.mm(5)
    for number in range(4):
        field = Box(x + number * wide / 4, y, wide / 4, high).shape
        canvas.fill(field, _PAPER if number % 2 else _INK)
        canvas.stroke(field, Pen(_INK, page.mm(0.7)))
    unit, one = ("km", 1000) if length >= 1000 else ("m", 1)  # noqa: PLR2004 - metres to kilometres
    for share in (0, 0.5, 1):
        text = f"{length * share / one:g}"
        at = x + wide * share - canvas.width(text, small) / 2
        canvas.write(at, y - page.mm(3), text + (f" {unit}" if share == 1 else ""), small)


def draw_north(canvas: Canvas, view: View, page: Paper, lang: str, box: Box) -> None:
    """Draw an arrow to true north, which is not quite straight up on a Gauss-Kruger sheet."""
    px = page.mm(1)
    x, y = box.x + box.w / 2, box.y + 33 * px
    canvas.fill(shapely.Point(x, y + 2 * px).buffer(25 * px), _PAPER, 0.82)

    def turned(*points: tuple[float, float]) -> BaseGeometry:
        shape = affinity.affine_transform(shapely.Polygon(points), [px, 0, 0, px, x, y])
        return affinity.rotate(shape, view.turn_deg, origin=(x, y))

    canvas.fill(turned((0, -8), (-8.5, 21), (0, 14.5)), _INK)
    light = turned((0, -8), (8.5, 21), (0, 14.5))
    canvas.fill(light, _PAPER)
    canvas.stroke(light, Pen(_INK, 0.8 * px))
    face = Face(page.points(12), _INK, bold=True)
    letter = say("north", lang)
    canvas.write(x - canvas.width(letter, face) / 2, y - 11 * px, letter, face)


def draw_watermark(canvas: Canvas, view: View, text: str) -> None:
    """Write across the map that nobody has reviewed it."""
    box = view.box
    angle = math.atan2(box.h, box.w) * 0.8
    size = Face(100.0, bold=True)
    reach = min(box.w / math.cos(angle), box.h / math.sin(angle)) * 0.78
    points = min(100.0 * reach / canvas.width(text, size), box.h * 0.5)
    face = Face(points, "#a3321b", bold=True, opacity=0.07)
    wide = canvas.width(text, face)
    x = box.x + box.w / 2 - wide / 2 * math.cos(angle) + face.em * 0.37 * math.sin(angle)
    y = box.y + box.h / 2 + wide / 2 * math.sin(angle) + face.em * 0.37 * math.cos(angle)
    canvas.write(x, y, text, face, -math.degrees(angle))


def draw_inset(
    canvas: Canvas, view: View, province: BaseGeometry, borders: Sequence[BaseGeometry], box: Box
) -> None:
    """Draw the province with the part that the sheet shows; no border but its own."""
    target = view.target
    land = target.project(province)
    west, north = view.plane_at(view.box.x, view.box.y)
    east, south = view.plane_at(view.box.right, view.box.bottom)
    shown = shapely.box(west, south, east, north)
    left, low, right, high = shapely.union(land.envelope, shown).bounds
    k = min(box.w / (right - left), box.h / (high - low)) * 0.94
    dx = box.x + box.w / 2 - (left + right) / 2 * k
    dy = box.y + box.h / 2 + (low + high) / 2 * k

    def placed(shape: BaseGeometry) -> BaseGeometry:
        moved = affinity.affine_transform(shape, [k, 0, 0, -k, dx, dy])
        return shapely.simplify(moved, 0.1)

    canvas.fill(placed(land), "#f1e7cd")
    for border in borders:
        canvas.stroke(placed(target.project(border)), Pen("#c9bb9c", 0.12))
    canvas.stroke(placed(land), Pen("#7a6c55", 0.25))
    canvas.fill(placed(shown), "#a3321b", 0.12)
    canvas.stroke(placed(shown), Pen("#a3321b", 0.4))
