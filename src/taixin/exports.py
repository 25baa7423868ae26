"""Layers to delivery formats, one function each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taixin import files
from taixin.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from taixin.build import Layer

__all__ = ["export_geojson"]


def export_geojson(layers: Sequence[Layer], out: Path) -> list[Path]:
    """Write layers as canonical GeoJSON (RFC 7946, CRS84).

    Parameters
    ----------
    layers
        What to write.
    out
        A file ending in ``.geojson`` for one layer, else a folder that receives
        ``<plan>/<layer>.geojson``.

    Returns
    -------
    list[Path]
        The files written.

    Raises
    ------
    OutputError
        If several layers are to go into one file, or the disk refuses.
    """
    if out.suffix == ".geojson":
        if len(layers) != 1:
            msg = (
                f"{out.name}: one GeoJSON file holds one layer, not {len(layers)}; "
                "name a folder with --out, or one layer with --layer."
            )
            raise OutputError(msg)
        files.write_text(out, layers[0].text)
        return [out]
    with files.staged_folder(out) as stage:
        for layer in layers:
            files.write_text(stage / f"{layer.id}.geojson", layer.text)
    return [out / f"{layer.id}.geojson" for layer in layers]
