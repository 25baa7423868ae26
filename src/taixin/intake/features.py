"""What was found in a file, made fit to be checked: flat, finite, valid, of one dimension."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.intake.limits import Limits

__all__ = ["Check", "Found"]

_MOST_PROBLEMS: Final = 20
_MULTI: Final = (shapely.MultiPoint, shapely.MultiLineString, shapely.MultiPolygon)
_SMALLEST_RING: Final = 4
_POLYGON: Final = 2


@dataclass(frozen=True, slots=True)
class Found:
    """One feature as a reader gives it, in the file's own coordinates.

    Parameters
    ----------
    number
        Its place in the file, from 1.
    label
        What names it.
    geometry
        None where it has none.
    radius_m
        Of the circle meant around a point.
    problem
        Why it cannot be used, if so.
    crs
        What the file says its coordinates are: a code or WKT.
    note
        What the reader decided, a sentence.
    skip
        Whether it is lettering, not a site.
    """

    number: int
    label: str
    geometry: BaseGeometry | None
    radius_m: float | None = None
    problem: str = ""
    crs: str | None = None
    note: str = ""
    skip: bool = False

    def numbered(self, number: int) -> Found:
        """Give the same feature another number."""
        return replace(self, number=number)


class Check:
    """Goes through chunk after chunk and remembers what the report at the end needs.

    Parameters
    ----------
    limits
        How many features and vertices there may be.
    repair
        Whether invalid areas are repaired; else they are refused.
    areas
        Whether closed lines stand for areas, as in drawings.
    """

    def __init__(self, limits: Limits, *, repair: bool, areas: bool) -> None:
        self._limits, self._repair, self._areas = limits, repair, areas
        self._problems: list[tuple[int, str]] = []
        self._count = 0
        self._used = 0
        self._empty: list[int] = []
        self._skipped = 0
        self._closed = 0
        self._repaired: list[str] = []
        self._notes: dict[str, None] = {}

    @property
    def is_hopeless(self) -> bool:
        """Whether so much is wrong that nobody would read more of it."""
        return len(self._problems) >= _MOST_PROBLEMS or self._count > self._limits.features

    def chunk(
        self, found: Sequence[Found], crs: str | None
    ) -> tuple[dict[str, object], list[bytes]]:
        """Check one chunk; give its header and the WKB of its features.

        Features without geometry and lettering are left out and counted; those that cannot be
        used are kept for the report at the end.
        """
        self._count += len(found)
        fit = [
            (item, shape)
            for item in found
            if (shape := self._fit(item)) is not None
        ]  # fmt: skip
        shapes = np.array([shape for _, shape in fit], dtype=object)
        kept = [index for index, is_fine in enumerate(self._valid(fit, shapes)) if is_fine]
        blobs = [bytes(blob) for blob in shapely.to_wkb(shapes[kept])] if kept else []
        items = [fit[index][0] for index in kept]
        self._used += len(items)
        header: dict[str, object] = {
            "type": "chunk",
            "crs": crs,
            "numbers": [item.number for item in items],
            "labels": [item.label for item in items],
            "radii": [item.radius_m for item in items],
            "sizes": [len(blob) for blob in blobs],
        }
        return header, blobs

    def end(self) -> dict[str, object]:
        """Give the report: problems, or what should be known about the features."""
        if self._count > self._limits.features:
            message = (
                f"it has more than {self._limits.features} features; "
                "split it, or raise the limits with --limits 10"
            )
            return {"type": "refused", "message": message}
        if self._problems:
            return {"type": "problems", "problems": self._problems}
        if not self._used:
            return {"type": "refused", "message": "no feature with a geometry is inside"}
        notes = list(self._notes)
        if self._empty:
            listed = ", ".join(map(str, self._empty[:10]))
            more = f" and {len(self._empty) - 10} more" if len(self._empty) > 10 else ""  # noqa: PLR2004 - ten are listed
            notes.append(f"Without geometry and left out: feature {listed}{more}.")
        if self._skipped:
            notes.append(f"{self._skipped} entities that are lettering were left out.")
        if self._closed:
            notes.append(f"{self._closed} closed lines were taken as areas.")
        notes.extend(self._repaired[:_MOST_PROBLEMS])
        return {"type": "end", "notes": notes}

    # ---- one feature -----------------------------------------------------------------------------

    def _problem(self, item: Found, message: str) -> None:
        self._problems.append((item.number, message))

    def _fit(self, item: Found) -> BaseGeometry | None:
        if item.note:
            self._notes[item.note] = None
        if item.problem:
            self._problem(item, item.problem)
            return None
        if item.skip:
            self._skipped += 1
            return None
        if item.geometry is None or item.geometry.is_empty:
            self._empty.append(item.number)
            return None
        if shapely.get_num_coordinates(item.geometry) > self._limits.vertices:
            self._problem(item, f"it has more than {self._limits.vertices} vertices")
            return None
        shape = self._of_one_dimension(item, shapely.force_2d(item.geometry))
        if shape is not None and not np.isfinite(shapely.get_coordinates(shape)).all():
            self._problem(item, "a coordinate is not finite")
            return None
        return self._area(shape) if self._areas and shape is not None else shape

    def _of_one_dimension(self, item: Found, shape: BaseGeometry) -> BaseGeometry | None:
        if shape.geom_type == "LinearRing":
            return shapely.Polygon(shapely.get_coordinates(shape))
        if shape.geom_type != "GeometryCollection":
            return shape
        parts = _flat_parts(shape)
        dimensions = {int(shapely.get_dimensions(part)) for part in parts}
        if len(dimensions) > 1:
            self._problem(item, "it mixes points, lines and areas; make a feature of each")
            return None
        if not dimensions:
            self._empty.append(item.number)
            return None
        return _MULTI[dimensions.pop()](parts)

    def _area(self, shape: BaseGeometry) -> BaseGeometry:
        """Turn the closed lines of a drawing into areas."""
        if shape.geom_type != "LineString" or not shapely.is_closed(shape):
            return shape
        if shapely.get_num_coordinates(shape) < _SMALLEST_RING:
            return shape
        self._closed += 1
        return shapely.Polygon(shapely.get_coordinates(shape))

    # ---- validity --------------------------------------------------------------------------------

    def _valid(self, fit: Sequence[tuple[Found, Any]], shapes: np.ndarray) -> list[bool]:
        if not len(shapes):
            return []
        is_valid = shapely.is_valid(shapes)
        for index in np.flatnonzero(~is_valid):
            item, shape = fit[int(index)]
            reason = str(shapely.is_valid_reason(shape))
            mended = self._mended(shape) if self._repair else None
            if mended is None:
                hint = "" if self._repair else "; mend it, or let --repair try"
                self._problem(item, f"its geometry is not valid ({reason}){hint}")
                continue
            shapes[index] = mended
            is_valid[index] = True
            self._repaired.append(f"Feature {item.number} was repaired ({reason}).")
        return [bool(value) for value in is_valid]

    @staticmethod
    def _mended(shape: BaseGeometry) -> BaseGeometry | None:
        if shapely.get_dimensions(shape) != _POLYGON:
            return None
        mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        parts = [part for part in _flat_parts(mended) if part.geom_type == "Polygon"]
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _flat_parts(shape: BaseGeometry) -> list[Any]:
    """Take collections apart down to single parts."""
    parts = []
    for part in shapely.get_parts(shape):
        nested = part.geom_type.startswith(("Multi", "Geometry"))
        parts.extend(_flat_parts(part) if nested else [part])
    return [part for part in parts if not part.is_empty]
