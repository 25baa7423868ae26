"""Point symbols as small PNG images, for formats that draw points only by an image."""

from __future__ import annotations

import math
import struct
import zlib
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin.symbols import MARKER_REACH, rgb

if TYPE_CHECKING:
    from shapely import Polygon

    from taixin.model import Symbol

__all__ = ["ICON_PIXELS", "icon_pixels", "marker_outline", "png_icon"]

#: Edge of an image.
ICON_PIXELS: Final = 64
_FINER: Final = 4  # each pixel is the mean of 4 x 4 samples
_CORNERS: Final = {"triangle": 3, "diamond": 4, "square": 4, "hexagon": 6, "star": 5}
_TURNS: Final = {"square": math.pi / 4}  # all others stand on or point with a corner
_STAR_WAIST: Final = 0.42
_HOLLOW: Final = ("ring",)


def marker_outline(marker: str, radius: float = 1.0) -> Polygon:
    """Draw a marker around the origin, y upwards.

    Parameters
    ----------
    marker
        A name as in `taixin.model.Symbol`.
    radius
        From the middle to the farthest corner.

    Examples
    --------
    >>> len(marker_outline("hexagon").exterior.coords)
    7
    """
    corners = _CORNERS.get(marker)
    if corners is None:
        return shapely.Point(0, 0).buffer(radius, quad_segs=16)
    is_star = marker == "star"
    count = corners * (2 if is_star else 1)
    points = []
    for number in range(count):
        angle = math.pi / 2 + _TURNS.get(marker, 0.0) + number * 2 * math.pi / count
        reach = radius * (_STAR_WAIST if is_star and number % 2 else 1.0)
        points.append((reach * math.cos(angle), reach * math.sin(angle)))
    return shapely.Polygon(points)


def icon_pixels(symbol: Symbol) -> float:
    """Say how many pixels of the screen the whole image stands for."""
    reach = MARKER_REACH.get(symbol.marker or "circle", 1.0)
    return (symbol.size or 10.0) * reach + (symbol.width or 0.0) + 2


def png_icon(symbol: Symbol) -> bytes:
    """Paint a point symbol as a square PNG image with a clear background.

    Parameters
    ----------
    symbol
        Of a kind of points.

    Returns
    -------
    bytes
        A PNG file; the same symbol gives the same bytes.
    """
    size, line = symbol.size or 10.0, symbol.width or 0.0
    marker = symbol.marker or "circle"
    reach = MARKER_REACH.get(marker, 1.0)
    scale = ICON_PIXELS / icon_pixels(symbol)
    body = marker_outline(marker, size / 2 * reach * scale)
    edge = body.boundary.buffer(line / 2 * scale)
    paints = [(edge, symbol.stroke or "#ffffff", symbol.opacity)]
    if symbol.marker not in _HOLLOW and symbol.fill:
        paints.insert(0, (body, symbol.fill, symbol.opacity))
    samples = ICON_PIXELS * _FINER
    ticks = (np.arange(samples) + 0.5) / _FINER - ICON_PIXELS / 2
    x, y = np.meshgrid(ticks, -ticks)
    image = np.zeros((samples, samples, 4))
    for shape, colour, opacity in paints:
        shapely.prepare(shape)
        alpha = 1.0 if opacity is None else opacity
        image[shapely.contains_xy(shape, x, y)] = (*(part / 255 for part in rgb(colour)), alpha)
    return _png(_averaged(image))


def _averaged(image: np.ndarray) -> np.ndarray:
    """Take the mean of the samples of each pixel; colours count by their opacity."""
    cells = image.reshape(ICON_PIXELS, _FINER, ICON_PIXELS, _FINER, 4)
    alpha = cells[..., 3:].mean(axis=(1, 3))
    colour = (cells[..., :3] * cells[..., 3:]).mean(axis=(1, 3)) / np.maximum(alpha, 1e-9)
    pixels: np.ndarray = np.rint(np.concatenate([colour, alpha], axis=-1) * 255)
    return pixels.astype(np.uint8)


def _png(pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape
    lines = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = zlib.crc32(name + content)
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)
