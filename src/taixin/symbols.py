"""One symbol record a kind, told in the languages of other programs: QML, SLD, KML, DXF.

The page reads the records as they are. Sizes are screen pixels at 96 dpi; QGIS and paper want
millimetres.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files as package_files
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from taixin.vocabulary import GeometryType

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

    from taixin.model import Kind

__all__ = ["ink", "kml_colour", "millimetres", "qml", "rgb", "sld"]

_MM_PER_PIXEL: Final = 25.4 / 96
#: Our markers in the words of QGIS and of SLD; SLD 1.1 knows neither diamond nor hexagon.
_QGIS_MARKERS: Final = MappingProxyType({"ring": "circle"})
_SLD_MARKERS: Final = MappingProxyType({"diamond": "square", "hexagon": "circle", "ring": "circle"})
_SLD_ROTATION: Final = MappingProxyType({"diamond": 45})
_FONT: Final = "Noto Sans CJK SC"


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


def qml(kind: Kind, aliases: Mapping[str, str] | None = None) -> str:
    """Write a kind's symbol and labels as a QGIS layer style.

    Parameters
    ----------
    kind
        Symbol and text style; labels show the field ``name``.
    aliases
        Field name to the heading people see.

    Returns
    -------
    str
        QML for QGIS 3.
    """
    return _render("style.qml.xml", kind, aliases=aliases or {})


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
    return _render("style.sld.xml", kind, name)


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template),
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


def _template(name: str) -> str:
    return (package_files("taixin") / "templates" / name).read_text(encoding="utf-8")


def _render(
    template: str, kind: Kind, name: str = "", aliases: Mapping[str, str] | None = None
) -> str:
    symbol = kind.symbol
    return (
        _environment()
        .get_template(template)
        .render(
            name=name,
            aliases=aliases or {},
            symbol=symbol,
            text=kind.text,
            geometry=kind.geometry.value,
            font=_FONT,
            hollow=symbol.marker == "ring",
            qgis_marker=_QGIS_MARKERS.get(symbol.marker or "", symbol.marker),
            sld_marker=_SLD_MARKERS.get(symbol.marker or "", symbol.marker),
            sld_rotation=_SLD_ROTATION.get(symbol.marker or "", 0),
        )
    )
