"""Canonical GeoJSON: RFC 7946, always longitude and latitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taixin import archives, files
from taixin.errors import OutputError
from taixin.exports.tables import require_lonlat

if TYPE_CHECKING:
    from pathlib import Path

    from taixin.build import Layer
    from taixin.exports.tables import Job

__all__ = ["only_layer", "write_geojson"]


def write_geojson(job: Job) -> list[Path]:
    """Write layers as canonical GeoJSON.

    Parameters
    ----------
    job
        ``out`` is a file ending in ``.geojson`` for one layer, else a folder or a ``.zip`` file
        that receives ``<plan>/<layer>.geojson``.

    Returns
    -------
    list[Path]
        The files written.

    Raises
    ------
    InputError
        If another CRS than CRS84 is asked for.
    OutputError
        If several layers are to go into one file, or the disk refuses.
    """
    require_lonlat(job.data, "GeoJSON")
    if job.out.suffix == ".geojson":
        files.write_text(job.out, only_layer(job).text)
        return [job.out]
    texts = {f"{layer.id}.geojson": layer.text for layer in job.data.layers}
    if job.out.suffix == ".zip":
        members = [(name, text.encode()) for name, text in texts.items()]
        files.write_bytes(job.out, archives.zip_bytes(members, job.data.date))
        return [job.out]
    with files.staged_folder(job.out) as stage:
        for name, text in texts.items():
            files.write_text(stage / name, text)
    return [job.out / name for name in texts]


def only_layer(job: Job) -> Layer:
    """Give the one layer of a job whose format holds one layer a file.

    Raises
    ------
    OutputError
        If there are several.
    """
    if len(job.data.layers) != 1:
        msg = (
            f"{job.out.name}: one such file holds one layer, not {len(job.data.layers)}; "
            "name a folder with --out, or one layer with --layer."
        )
        raise OutputError(msg)
    return job.data.layers[0]
