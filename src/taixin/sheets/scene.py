"""What is on the map of a sheet: features and base map on paper, and the names they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin.exports.base_map import base_kinds, base_tables
from taixin.sheets.canvas import Face
from taixin.sheets.courses import spine
from taixin.sheets.legend import Sign
from taixin.sheets.marks import Item
from taixin.sheets.names import Request
from taixin.symbols import is_uncertain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature, Layer
    from taixin.facts import Facts
    from taixin.model import Kind
    from taixin.sheets.ground import View
    from taixin.sheets.papers import Paper

__all__ = ["Base", "Drawn", "Scene", "base_of", "scene_of"]

_BOLD: Final = 600
_POINT, _LINE, _POLYGON = 0, 1, 2
_WAYS: Final = {_POINT: "point", _LINE: "line", _POLYGON: "area"}
#: Areas and axes have few places to go, so they come first; a leader can carry points' names away.
_RANKS: Final = {"area": (880, 25), "line": (700, 4), "point": (800, 25)}
_FIRST: Final = 950
_SUFFIX: Final = re.compile(r"^([\u4e00-\u9fff]{2,})[县市区]$")
_ONE_THING_MM: Final = 6.0
#: Names of the base map: how large, how far in front, and from which zoom of the page on.
_COUNTY_ZOOM, _INVOLVED_ZOOM, _SEAT_ZOOM, _RIVER_ZOOM = 8.4, 7.6, 10.0, 7.5
_OUTLINES: Final = ("base_land", "base_counties")


@dataclass(frozen=True, slots=True)
class Base:
    """The base map in lon/lat: rows of names and shapes by kind."""

    kinds: Mapping[str, Kind]
    rows: Mapping[str, Sequence[tuple[str, str, BaseGeometry]]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A layer of the map: a kind, its shapes on paper, and whether it is of the base map."""

    kind: Kind
    items: tuple[Item, ...]
    is_base: bool = False


@dataclass(frozen=True)
class Scene:
    """All that a map shows.

    Parameters
    ----------
    layers
        In drawing order, the lowest first.
    requests
        Names that are wanted.
    signs
        Kinds of the plans that are seen, the topmost first.
    base
        Kinds of the base map that are seen.
    shown
        The features that are seen.
    """

    layers: tuple[Drawn, ...]
    requests: tuple[Request, ...]
    signs: tuple[Sign, ...]
    base: tuple[Kind, ...]
    shown: tuple[Feature, ...]


def base_of(facts: Facts) -> Base:
    """Make the base map of a folder of facts."""
    rows = {
        name: [(zh, en, shape) for zh, en, _, shape in found]
        for name, found in base_tables(facts).items()
    }
    return Base(base_kinds(), rows)


def scene_of(
    layers: Sequence[Layer], kinds: Mapping[str, Kind], base: Base, view: View, page: Paper,
    lang: str,
) -> Scene:  # fmt: skip
    """Lay layers and base map onto paper.

    Parameters
    ----------
    layers
        What the sheet is about.
    kinds
        Their symbols.
    base
        What lies beneath.
    view
        Where on paper.
    page
        How large symbols and letters are.
    lang
        Language of the names.
    """
    frame = view.box.shape
    drawn: list[Drawn] = []
    requests: list[Request] = []
    signs: dict[str, Sign] = {}
    shown: list[Feature] = []
    for layer in layers:
        kind = kinds[layer.recipe.kind]
        seen = [(feature, _item(feature, view)) for feature in layer.located]
        seen = [pair for pair in seen if shapely.intersects(pair[1].shape, frame)]
        if not seen:
            continue
        drawn.append(Drawn(kind, tuple(item for _, item in seen)))
        shown += [feature for feature, _ in seen]
        title = getattr(layer.recipe.title, lang)
        signs[layer.recipe.kind] = _joined(signs.get(layer.recipe.kind), kind, seen, title)
        for feature, item in seen:
            requests += _feature_names(feature, item, kind, page, lang)
    under = _base_layers(base, view)
    involved = _involved(shown)
    names = _base_names(base, view, page, lang, involved)
    requests = [*_once(requests), *(name for name in names if not name.shape.is_empty)]
    order = sorted([*drawn, *under.values()], key=lambda one: one.kind.order)
    return Scene(
        tuple(order),
        tuple(requests),
        tuple(sorted(signs.values(), key=lambda sign: -sign.kind.order)),
        tuple(one.kind for name, one in under.items() if name not in _OUTLINES),
        tuple(shown),
    )


def _item(feature: Feature, view: View) -> Item:
    properties = feature.properties
    accuracy_m = float(properties["accuracy_m"] or 0)  # type: ignore[arg-type] # a number or None
    uncertain = is_uncertain(str(properties["basis"]), accuracy_m)
    shape = view.drawn(feature.geometry) if feature.geometry else shapely.Point()
    return Item(shape, uncertain, accuracy_m * view.per_metre)


def _joined(
    before: Sign | None, kind: Kind, seen: Sequence[tuple[Feature, Item]], title: str
) -> Sign:
    uncertain = any(item.is_uncertain for _, item in seen)
    if before is None:
        return Sign(kind, len(seen), (title,), uncertain)
    titles = tuple(dict.fromkeys((*before.titles, title)))
    return Sign(kind, before.count + len(seen), titles, before.has_uncertain or uncertain)


def _base_layers(base: Base, view: View) -> dict[str, Drawn]:
    found = {}
    for name, kind in base.kinds.items():
        items = [Item(view.drawn(shape)) for _, _, shape in base.rows[name]]
        seen = tuple(item for item in items if not item.shape.is_empty)
        if seen:
            found[name] = Drawn(kind, seen, is_base=True)
    return found


def _name(properties: Mapping[str, object], lang: str) -> str:
    return str(properties["name_en" if lang == "en" else "name"] or properties["name"])


def _feature_names(
    feature: Feature, item: Item, kind: Kind, page: Paper, lang: str
) -> Iterator[Request]:
    style, symbol = kind.text, kind.symbol
    dimension = int(shapely.get_dimensions(item.shape))
    if style.placement == "none" or dimension not in _WAYS:
        return
    way = _WAYS[dimension]
    start, slope = _RANKS[way]
    face = Face(page.points(style.size), style.colour, bold=style.weight >= _BOLD)
    reach = (symbol.size or 6.0) / 2
    if way == "line":
        reach = (symbol.width or 2.0) / 2 + (symbol.casing_width or 0.0)
    request = Request(
        feature.id,
        _name(feature.properties, lang),
        way,
        item.shape,
        1000 if kind.order >= _FIRST else start + kind.order / slope,
        face,
        page.mm(1.8),
        page.mm(reach),
        is_plan=True,
    )
    yield _with_other_ways(request, page, is_soft=bool(symbol.soft))


def _with_other_ways(request: Request, page: Paper, *, is_soft: bool) -> Request:
    """Add what is tried where a name finds no place the first way."""
    small = replace(request.face, size=request.face.size * 0.85)
    if request.way == "line":
        middle = _middle(request.shape)
        beside = replace(request, way="point", shape=middle, face=small, leader="far")
        return replace(request, other=replace(request, face=small, other=beside))
    if request.way == "point":
        return replace(request, other=replace(request, face=small))
    inner = shapely.point_on_surface(request.shape)
    beside = replace(request, way="point", shape=inner, reach=page.mm(1), leader="far", face=small)
    if is_soft:
        across = replace(request, need=0.4, other=beside)
        return replace(
            request, way="line", shape=spine(request.shape), is_centred=True, other=across
        )
    return replace(request, other=replace(request, face=small, need=0.6, other=beside))


def _middle(shape: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shape)
    longest = parts[int(np.argmax(shapely.length(parts)))]
    return shapely.Point(shapely.line_interpolate_point(longest, 0.5, normalized=True))


def _once(requests: Iterable[Request]) -> list[Request]:
    """Name a thing once, however many layers show it."""
    kept: list[Request] = []
    for request in sorted(requests, key=lambda one: -one.priority):
        if not any(_is_same(request, other) for other in kept):
            kept.append(request)
    return kept


def _is_same(one: Request, other: Request) -> bool:
    if one.text != other.text:
        return False
    is_point = "point" in {one.way, other.way}
    return not is_point or bool(shapely.distance(one.shape, other.shape) < _ONE_THING_MM)


def _involved(shown: Sequence[Feature]) -> set[str]:
    """Name the counties that areas on the map are made of: they are written more strongly."""
    names: set[str] = set()
    for feature in shown:
        if feature.geometry is not None and shapely.get_dimensions(feature.geometry) == _POLYGON:
            names.add(str(feature.properties["name"]))
            names.update(map(str, feature.properties["members"]))  # type: ignore[call-overload]
    return names


def _base_names(
    base: Base, view: View, page: Paper, lang: str, involved: set[str]
) -> Iterator[Request]:
    zoom = view.zoom(page.factor)
    english = lang == "en"

    def request(  # noqa: PLR0913, PLR0917 - what is said of a name
        kind: str, number: int, text: str, way: str, shape: BaseGeometry, priority: float,
        face: Face, reach: float = 0.0,
    ) -> Request:  # fmt: skip
        leader = "near" if kind == "seat" else ""
        identity = f"{kind}-{number}"
        return Request(
            identity, text, way, shape, priority, face, page.mm(1.5), page.mm(reach), leader
        )

    for number, (zh, en, shape) in enumerate(base.rows["base_city_seats"]):
        face = Face(page.points(17), "#211d18", bold=True)
        text = en if english else zh
        yield request("city", number, text, "point", view.drawn(shape), 960, face, 5)
    for number, (zh, en, shape) in enumerate(base.rows["base_counties"]):
        inside = zh in involved
        if zoom < (_INVOLVED_ZOOM if inside else _COUNTY_ZOOM):
            continue
        face = Face(page.points(13 if inside else 11.5), "#4f4638" if inside else "#857a66")
        text = en if english else zh
        priority = 690 if inside else 380
        yield request("county", number, text, "area", view.drawn(shape), priority, face)
    for number, (zh, en, shape) in enumerate(base.rows["base_county_seats"]):
        if zoom >= _SEAT_ZOOM:
            face = Face(page.points(11), "#51483b")
            text = en if english else _SUFFIX.sub(r"\1", zh)
            yield request("seat", number, text, "point", view.drawn(shape), 300, face, 3)
    for number, (zh, en, shape) in enumerate(base.rows["base_rivers"]):
        if zoom >= _RIVER_ZOOM:
            face = Face(page.points(12), "#36708f")
            text = re.sub(r"\s*[（(].*$", "", en if english else zh)
            found = request("river", number, text, "line", view.drawn(shape), 450, face, 1)
            yield replace(found, limit=6.0)
