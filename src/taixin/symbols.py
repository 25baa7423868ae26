"""One symbol record a kind, told in the languages of other programs: QML, SLD, KML, DXF.

The page reads the records as they are. Sizes are screen pixels at 96 dpi; QGIS and paper want
millimetres.
"""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from taixin import files
from taixin.vocabulary import GeometryType

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

    from taixin.model import Kind

__all__ = ["MARKER_REACH", "ink", "is_uncertain", "kml_colour", "millimetres", "qml", "rgb", "sld"]

_MM_PER_PIXEL: Final = 25.4 / 96
#: Our markers in the words of QGIS and of SLD; SLD 1.1 knows neither diamond nor hexagon.
_QGIS_MARKERS: Final = MappingProxyType({"ring": "circle"})
_SLD_MARKERS: Final = MappingProxyType({"diamond": "square", "hexagon": "circle", "ring": "circle"})
_SLD_ROTATION: Final = MappingProxyType({"diamond": 45})
#: How much wider than its size the page draws a marker; a corner of it lies that far out.
MARKER_REACH: Final = MappingProxyType(
    {"square": 1.2, "diamond": 1.15, "triangle": 1.2, "hexagon": 1.05, "star": 1.1}
)
#: The same as sizes of QGIS, which measures a square along its side, a triangle along its height.
_QGIS_SIZES: Final = MappingProxyType({**MARKER_REACH, "square": 0.85, "triangle": 0.9})
#: What an office in China has, then what others have.
_FONTS: Final = ("Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC")
#: As on the page: a schematic course, or 2 km and more of possible error.
_DOUBTFUL_M: Final = 2000
_UNCERTAIN: Final = f"\"basis\" IN ('schematic', 'area_symbol') OR \"accuracy_m\" >= {_DOUBTFUL_M}"
_SCALE_AT_ZOOM_0: Final = 559_082_264 * 0.79  # Web Mercator at 96 dpi, at 38° north


def millimetres(pixels: float | None) -> float:
    """Turn screen pixels at 96 dpi into millimetres.

    Examples
    --------
    >>> millimetres(96)
    25.4
    """
    return round((pixels or 0.0) * _MM_PER_PIXEL, 3)


def rgb(colour: str) -> tuple[int, int, int]:
    """Split ``#rrggbb`` into its three numbers.

    Examples
    --------
    >>> rgb("#b5341c")
    (181, 52, 28)
    """
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def ink(kind: Kind) -> str:
    """Name the one colour that stands for a kind where a program knows only one.

    Returns
    -------
    str
        ``#rrggbb``: the stroke of areas and lines, the fill of points.
    """
    symbol = kind.symbol
    first, second = symbol.stroke, symbol.fill
    if kind.geometry is GeometryType.POINT:
        first, second = second, first
    return first or second or "#444444"


def is_uncertain(basis: str, accuracy_m: float) -> bool:
    """Say whether a feature is drawn visibly uncertain: dashed, or with the circle of its error.

    Parameters
    ----------
    basis
        How its geometry came about, a code of `taixin.vocabulary.Basis`.
    accuracy_m
        How far it may be off, in metres.

    Examples
    --------
    >>> is_uncertain("boundary", 1000), is_uncertain("schematic", 500)
    (False, True)
    """
    return basis in {"schematic", "area_symbol"} or accuracy_m >= _DOUBTFUL_M


def kml_colour(colour: str, opacity: float | None) -> str:
    """Write a colour as KML does: alpha, blue, green, red.

    Examples
    --------
    >>> kml_colour("#b5341c", 0.5)
    '801c34b5'
    """
    red, green, blue = rgb(colour)
    alpha = round((1.0 if opacity is None else opacity) * 255)
    return f"{alpha:02x}{blue:02x}{green:02x}{red:02x}"


def qml(kind: Kind, aliases: Mapping[str, str] | None = None, *, label_field: str = "name") -> str:
    """Write a kind's symbol and labels as a QGIS layer style.

    Parameters
    ----------
    kind
        Symbol and text style.
    aliases
        Field name to the heading people see.
    label_field
        The field that labels show.

    Returns
    -------
    str
        QML for QGIS 3.22 and later; uncertain features are drawn as on the page.
    """
    values = _values(kind, label_field) | {"aliases": aliases or {}}
    return _environment().get_template("style.qml.xml").render(values)


def sld(kind: Kind, name: str) -> str:
    """Write a kind's symbol as an OGC Styled Layer Descriptor 1.0.

    Parameters
    ----------
    kind
        Symbol and text style.
    name
        The layer's name in the data source.

    Returns
    -------
    str
        SLD text that QGIS and GeoServer read.
    """
    values = _values(kind, "name") | {"name": name}
    return _environment().get_template("style.sld.xml").render(values)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(files.read_template),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["mm"] = millimetres
    environment.filters["rgb"] = lambda colour: ",".join(map(str, rgb(colour)))
    environment.filters["alpha"] = lambda share: round(255 * (1.0 if share is None else share))
    environment.filters["share"] = lambda share: 1.0 if share is None else share
    return environment


def _values(kind: Kind, label_field: str) -> dict[str, object]:
    symbol = kind.symbol
    marker = symbol.marker or "circle"
    is_white = (symbol.fill or "").lower() == "#ffffff"
    return {
        "symbol": symbol,
        "text": kind.text,
        "geometry": kind.geometry.value,
        "label_field": label_field,
        "fonts": _FONTS,
        "hollow": marker == "ring",
        "hue": (None if is_white else symbol.fill) or symbol.stroke or "#555555",
        "uncertain": _UNCERTAIN,
        "shows_uncertain": kind.geometry is GeometryType.POINT
        or bool(symbol.width and not symbol.dash),
        "smallest_scale": round(_SCALE_AT_ZOOM_0 / 2**kind.text.min_zoom),
        "qgis_marker": _QGIS_MARKERS.get(marker, marker),
        "qgis_size": _QGIS_SIZES.get(marker, 1.0),
        "sld_marker": _SLD_MARKERS.get(marker, marker),
        "sld_rotation": _SLD_ROTATION.get(marker, 0),
    }
