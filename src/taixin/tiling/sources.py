"""What is cut into tiles, in parts: a user's file through the one door, or a layer of a plan."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from taixin.intake.sites import Limits, read_sites

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from taixin.build import Layer
    from taixin.intake.sites import Request

__all__ = ["LIMITS", "Part", "of_file", "of_layer"]

#: Tiles are for what is large: only what no office machine would get through is refused.
LIMITS: Final = Limits(megabytes=20_000, features=20_000_000)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some features, as many as fit into memory with ease.

    Parameters
    ----------
    geometries
        Lon/lat in degrees, none empty.
    properties
        The columns of each.
    notes
        What was decided on the way, in sentences.
    """

    geometries: np.ndarray
    properties: tuple[dict[str, object], ...]
    notes: tuple[str, ...] = ()


def of_file(path: Path, request: Request) -> Iterator[Part]:
    """Read a user's file; see `taixin.intake.sites.read_sites`.

    Raises
    ------
    InputError
        If it cannot be used.
    """
    for chunk in read_sites(path, request):
        yield Part(chunk.geometries, tuple(map(json.loads, chunk.labels)), chunk.notes)


def of_layer(layer: Layer) -> Iterator[Part]:
    """Give the located features of a plan's layer."""
    geometries = np.empty(len(layer.located), dtype=object)
    geometries[:] = [feature.geometry for feature in layer.located]
    yield Part(geometries, tuple(_flat(dict(item.properties)) for item in layer.located))


def _flat(properties: dict[str, object]) -> dict[str, object]:
    """Write lists of names as people do; tiles know no lists."""
    return {
        key: "、".join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in properties.items()
        if value is not None
    }
