"""Paper, scales and boxes of a sheet; lengths are millimetres on paper, y downwards."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import shapely

from taixin.symbols import millimetres

if TYPE_CHECKING:
    from shapely import Polygon

__all__ = ["PAPERS", "Box", "Paper", "grid_step_km", "paper", "scale_to_fit"]

#: Short and long side in millimetres (ISO 216), and how large symbols and letters are beside those
#: of the screen: paper is held closer and printed sharper, a large sheet hangs farther away.
PAPERS: Final = MappingProxyType(
    {"A4": (210.0, 297.0, 0.78), "A3": (297.0, 420.0, 0.95), "A2": (420.0, 594.0, 1.25)}
)
_SCALES: Final = (
    *(100_000, 125_000, 150_000, 200_000, 250_000, 300_000, 350_000, 400_000, 450_000),
    *(500_000, 600_000, 700_000, 750_000, 800_000, 900_000, 1_000_000, 1_250_000, 1_500_000),
    *(1_750_000, 2_000_000, 2_250_000, 2_500_000, 3_000_000, 3_500_000, 4_000_000, 4_500_000),
    *(5_000_000, 6_000_000, 7_500_000, 10_000_000),
)
_GRID_STEPS_KM: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500)
_LEAST_GRID_MM: Final = 32.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on paper: its upper left corner, its width and its height."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.w

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.h

    @property
    def shape(self) -> Polygon:
        """The rectangle as a polygon."""
        return shapely.box(self.x, self.y, self.right, self.bottom)

    @property
    def limits(self) -> tuple[float, float, float, float]:
        """Left, upper, right and lower edge."""
        return self.x, self.y, self.right, self.bottom

    def shrunk(self, margin: float) -> Box:
        """Give the rectangle with every edge moved inwards."""
        return Box(self.x + margin, self.y + margin, self.w - 2 * margin, self.h - 2 * margin)


@dataclass(frozen=True, slots=True)
class Paper:
    """A page: its size, and how large symbols and letters are beside those of the screen."""

    size: str
    width: float
    height: float
    factor: float

    @property
    def is_wide(self) -> bool:
        """Whether the page lies on its long side."""
        return self.width > self.height

    def mm(self, pixels: float | None) -> float:
        """Turn a length of a symbol, in pixels of the screen, into millimetres on this page."""
        return millimetres(pixels) * self.factor

    def points(self, pixels: float) -> float:
        """Turn a size of letters, in pixels of the screen, into typographic points."""
        return pixels * 0.75 * self.factor


def paper(size: str, *, portrait: bool = False) -> Paper:
    """Give a page of a standard size.

    Examples
    --------
    >>> paper("A3").width
    420.0
    """
    short, long, factor = PAPERS[size]
    width, height = (short, long) if portrait else (long, short)
    return Paper(size, width, height, factor)


def scale_to_fit(width_m: float, height_m: float, box: Box) -> int:
    """Find the largest round scale at which a stretch of ground fits into a box.

    Parameters
    ----------
    width_m, height_m
        The ground, in metres.
    box
        Where it has to fit.

    Returns
    -------
    int
        The denominator of the scale; never under 100,000, since nothing here is known better.

    Examples
    --------
    >>> scale_to_fit(100_000, 50_000, Box(0, 0, 200, 200))
    500000
    """
    needed = max(width_m / box.w, height_m / box.h) * 1000
    return next((scale for scale in _SCALES if scale >= needed), round(needed))


def grid_step_km(scale: int) -> int:
    """Choose the spacing of the kilometre grid, some three to eight centimetres on paper.

    Examples
    --------
    >>> grid_step_km(500_000)
    20
    """
    fits = (step for step in _GRID_STEPS_KM if step * 1e6 / scale >= _LEAST_GRID_MM)
    return next(fits, _GRID_STEPS_KM[-1])
