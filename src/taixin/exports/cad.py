r"""DXF for CAD: layers by kind, closed polylines, names as text, metres in a chosen zone.

The file is UTF-8, as DXF R2010 says, but GDAL and QGIS take it for Latin. So what they show is
ASCII: names of layers, and Chinese text as MTEXT in ``\U+XXXX``, which CAD programs read as well.
Sizes are those of a plot at 1:500,000.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import shapely

from taixin import files
from taixin.errors import InputError, Problem
from taixin.exports.tables import printable
from taixin.symbols import ink, millimetres, rgb
from taixin.vocabulary import REVIEW_STATE, GeometryType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from ezdxf.document import Drawing
    from ezdxf.entities import DXFGraphic
    from ezdxf.layouts import Modelspace
    from shapely.geometry.base import BaseGeometry

    from taixin.build import Layer
    from taixin.exports.tables import Delivery, Job
    from taixin.model import Kind

__all__ = ["APP_ID", "layer_names", "write_dxf"]

#: Under this name each entity carries the id, name, accuracy and source of its feature as XDATA.
APP_ID: Final = "TAIXIN"
_METRES_PER_MM: Final = 500
_TEXT_STYLE: Final = "CJK"
_TEXT_FONT: Final = "simsun.ttc"
_TEXT_FAMILY: Final = "SimSun"
_UNLOCATED: Final = "UNLOCATED"
#: Circle with a cross, two per cent of the screen.
_POINT_LOOK: Final = {"$PDMODE": 35, "$PDSIZE": -2.0}
_LINE_WEIGHTS: Final = (13, 18, 25, 30, 35, 50, 70, 100, 140, 200)
_XDATA: Final = ("id", "name", "plan", "kind", "basis", "accuracy_m", "host", "section", "term")
_XDATA_BYTES: Final = 250
_MIDDLE_LEFT, _MIDDLE_CENTRE = 4, 5  # attachment points of MTEXT
_ASCII_END: Final = 128
_BY_LAYER: Final = 256
_PATTERNS: Final = MappingProxyType({"diagonal": "ANSI31", "dots": "DOTS"})


def layer_names(kind: str) -> dict[str, str]:
    """Name the CAD layers of a kind: ASCII, geometry and names and fill apart.

    Examples
    --------
    >>> layer_names("development_axis")["text"]
    'DEVELOPMENT_AXIS_TEXT'
    """
    name = kind.upper()
    return {"line": name, "text": f"{name}_TEXT", "hatch": f"{name}_HATCH"}


def write_dxf(job: Job) -> list[Path]:
    """Write all layers into one drawing, DXF R2010, and its CRS into a ``.prj`` beside it.

    Parameters
    ----------
    job
        ``out`` is the ``.dxf`` file; ``hatch`` fills the areas. Unlocated features are listed in
        a paper layout of their own.

    Returns
    -------
    list[Path]
        The drawing and the ``.prj`` file.

    Raises
    ------
    InputError
        If the CRS is geographic: CAD draws in metres.
    """
    import ezdxf

    data = job.data
    if data.target.is_geographic:
        remedy = "take EPSG:4546, EPSG:4547 or another zone in metres"
        problem = Problem("--crs", data.target.code, "a DXF is drawn in metres", remedy)
        raise InputError([problem])
    with _same_every_time():
        drawing = ezdxf.new("R2010", units=6)
        _set_up(drawing, job)
        space = drawing.modelspace()
        by_order = sorted(
            data.layers, key=lambda layer: data.library.kinds[layer.recipe.kind].order
        )
        for layer in by_order:
            _draw(space, layer, job)
        _list_unlocated(drawing, data)
        buffer = io.StringIO()
        drawing.write(buffer)
    projection = job.out.with_suffix(".prj")
    files.write_text(job.out, buffer.getvalue())
    files.write_text(projection, data.target.wkt)
    return [job.out, projection]


@contextmanager
def _same_every_time() -> Iterator[None]:
    """Keep time and random identifiers out of the drawing."""
    import ezdxf

    before = ezdxf.options.write_fixed_meta_data_for_testing
    ezdxf.options.write_fixed_meta_data_for_testing = True
    try:
        yield
    finally:
        ezdxf.options.write_fixed_meta_data_for_testing = before


def _set_up(drawing: Drawing, job: Job) -> None:
    data = job.data
    for name, value in _POINT_LOOK.items():
        drawing.header[name] = value
    drawing.header["$MEASUREMENT"] = 1
    properties = drawing.header.custom_vars
    properties.append("CRS", f"{data.target.code} {data.target.name}")
    properties.append("AXES", "X = easting, Y = northing, metres")
    properties.append("REVIEW", REVIEW_STATE[0])
    properties.append("DATA", f"{data.version} {data.date}")
    style = drawing.styles.add(_TEXT_STYLE, font=_TEXT_FONT)
    style.set_extended_font_data(_TEXT_FAMILY)
    drawing.appids.add(APP_ID)
    for name in sorted({layer.recipe.kind for layer in data.layers}):
        _add_layers(drawing, name, data.library.kinds[name], hatch=job.hatch)


def _add_layers(drawing: Drawing, name: str, kind: Kind, *, hatch: bool) -> None:
    symbol, names = kind.symbol, layer_names(name)
    linetype = "CONTINUOUS"
    if symbol.dash:
        linetype = f"{names['line']}_DASH"
        pattern = [
            millimetres(pixels) * _METRES_PER_MM * (-1 if number % 2 else 1)
            for number, pixels in enumerate(symbol.dash)
        ]
        total = sum(map(abs, pattern))
        drawing.linetypes.add(linetype, [total, *pattern], description=kind.label.zh)
    colours = {"line": ink(kind), "text": kind.text.colour, "hatch": symbol.fill or ink(kind)}
    for role, layer_name in names.items():
        if role == "hatch" and not (hatch and kind.geometry is GeometryType.POLYGON):
            continue
        layer = drawing.layers.add(layer_name, true_color=_true_colour(colours[role]))
        layer.dxf.color = nearest_aci(colours[role])
        layer.description = f"{kind.label.zh} {kind.label.en} {role}"
        if role == "line":
            layer.dxf.linetype = linetype
            layer.dxf.lineweight = _line_weight(symbol.width)
        if role == "hatch":
            layer.transparency = 1 - (1.0 if symbol.fill_opacity is None else symbol.fill_opacity)


def _true_colour(colour: str) -> int:
    red, green, blue = rgb(colour)
    return red << 16 | green << 8 | blue


def nearest_aci(colour: str) -> int:
    """Find the AutoCAD colour index nearest to a colour.

    Examples
    --------
    >>> nearest_aci("#ff0000")
    1
    """
    from ezdxf.colors import aci2rgb

    wanted = rgb(colour)
    return min(
        range(1, 250),
        key=lambda index: sum((a - b) ** 2 for a, b in zip(aci2rgb(index), wanted, strict=True)),
    )


def _line_weight(pixels: float | None) -> int:
    """Choose the line weight, hundredths of a millimetre, nearest to a width on the screen."""
    wanted = millimetres(pixels) * 100
    return min(_LINE_WEIGHTS, key=lambda weight: abs(weight - wanted))


def _draw(space: Modelspace, layer: Layer, job: Job) -> None:
    data = job.data
    kind = data.library.kinds[layer.recipe.kind]
    names = layer_names(layer.recipe.kind)
    shapes = data.shapes[layer.id]
    for record, shape in zip(data.records[layer.id], shapes, strict=True):
        if shape is None:
            continue
        for part in shapely.get_parts(shape):
            for entity in _entities(space, part, names, kind, hatch=job.hatch):
                _label_with(entity, record)
        if kind.text.placement != "none":
            _write_name(space, str(record["name"]), shape, kind, names["text"])


def _entities(
    space: Modelspace, part: BaseGeometry, names: Mapping[str, str], kind: Kind, *, hatch: bool
) -> Iterator[DXFGraphic]:
    on = {"layer": names["line"]}
    if isinstance(part, shapely.Point):
        yield space.add_point((part.x, part.y), dxfattribs=on)
    elif isinstance(part, shapely.LineString):
        yield space.add_lwpolyline(_points(part), dxfattribs=on)
    elif isinstance(part, shapely.Polygon):
        rings = [_points(ring)[:-1] for ring in (part.exterior, *part.interiors)]
        if hatch:
            yield _hatch(space, rings, names["hatch"], kind)
        for ring in rings:
            yield space.add_lwpolyline(ring, close=True, dxfattribs=on)


def _hatch(
    space: Modelspace, rings: list[list[tuple[float, float]]], layer: str, kind: Kind
) -> DXFGraphic:
    fill = space.add_hatch(color=_BY_LAYER, dxfattribs={"layer": layer})
    pattern = _PATTERNS.get(kind.symbol.hatch or "")
    if pattern:
        fill.set_pattern_fill(pattern, color=_BY_LAYER, scale=2 * _METRES_PER_MM)
    for number, ring in enumerate(rings):
        fill.paths.add_polyline_path(ring, is_closed=True, flags=1 if number == 0 else 16)
    return fill


def _points(line: BaseGeometry) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]


def _label_with(entity: DXFGraphic, record: Mapping[str, object]) -> None:
    """Attach what a feature is as extended data, one ``key=value`` text each."""
    texts = [f"{key}={record[key]}" for key in _XDATA if record[key] is not None]
    entity.set_xdata(APP_ID, [(1000, _fitting(text)) for text in texts])


def _fitting(text: str) -> str:
    """Cut a text to one line and to the bytes that a string of XDATA holds."""
    return " ".join(text.split()).encode()[:_XDATA_BYTES].decode(errors="ignore")


def mtext(text: str) -> str:
    r"""Write a text as MTEXT does: one line, ASCII, its own signs escaped.

    Examples
    --------
    >>> mtext("太原 {1}")
    '\\U+592A\\U+539F \\{1\\}'
    """
    line = " ".join(printable(text).split())
    for sign in ("\\", "{", "}"):
        line = line.replace(sign, f"\\{sign}")
    units = line.replace("^", "^ ").encode("utf-16-be")
    codes = (int.from_bytes(units[at : at + 2]) for at in range(0, len(units), 2))
    return "".join(chr(code) if code < _ASCII_END else f"\\U+{code:04X}" for code in codes)


def _write_name(space: Modelspace, name: str, shape: BaseGeometry, kind: Kind, layer: str) -> None:
    height_m = millimetres(kind.text.size) * _METRES_PER_MM
    point = shapely.point_on_surface(shape)
    is_point = kind.geometry is GeometryType.POINT
    look = {
        "layer": layer,
        "style": _TEXT_STYLE,
        "char_height": height_m,
        "attachment_point": _MIDDLE_LEFT if is_point else _MIDDLE_CENTRE,
        "insert": (point.x + (height_m if is_point else 0.0), point.y),
    }
    space.add_mtext(mtext(name), dxfattribs=look)


def _list_unlocated(drawing: Drawing, data: Delivery) -> None:
    """List what has no position in a paper layout: a drawing has no other place for it."""
    rows = [
        (record, f"{record['name']}  {record['host']}  {layer.plan.short.zh}  {record['id']}")
        for layer in data.layers
        for record, feature in zip(data.records[layer.id], layer.features, strict=True)
        if feature.geometry is None
    ]
    layout = drawing.layouts.new("Unlocated")
    layer = drawing.layers.add(_UNLOCATED, color=7)
    layer.description = "文件未给出位置的要素 Features without a position"
    look = {"layer": _UNLOCATED, "style": _TEXT_STYLE, "char_height": 3.0}
    heading = f"文件未给出位置的要素 {len(rows)} Features without a position"
    layout.add_mtext(mtext(heading), dxfattribs={**look, "insert": (10, 285)})
    for number, (record, line) in enumerate(rows):
        place = {"insert": (10, 278 - 5 * number)}
        _label_with(layout.add_mtext(mtext(line), dxfattribs=look | place), record)
