"""Layers to delivery formats: one function each, and one that chooses among them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from taixin.crs import target
from taixin.errors import InputError, Problem, nearest
from taixin.exports.formats import (
    DATABASE,
    FORMATS,
    GEOGRAPHIC,
    Format,
    check_out,
    words,
)
from taixin.exports.kit import write_kit
from taixin.exports.postgis import write_postgis
from taixin.exports.tables import Delivery, Job
from taixin.staging import cannot_write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taixin.build import Layer
    from taixin.facts import Facts
    from taixin.model import Text
    from taixin.plans import Library

__all__ = [
    "DATABASE",
    "FORMATS",
    "Delivery",
    "Format",
    "Job",
    "Options",
    "Written",
    "export",
    "write_kit",
]


@dataclass(frozen=True, slots=True)
class Options:
    """How layers are exported.

    Parameters
    ----------
    crs
        Such as ``EPSG:4547``; the format's own when empty.
    encoding
        Of Shapefiles: ``UTF-8`` or ``GBK``.
    hatch
        Whether areas in a DXF are filled.
    """

    crs: str = ""
    encoding: str = "UTF-8"
    hatch: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote.

    Parameters
    ----------
    files
        Files, or tables of a database.
    axes
        A sentence on the CRS and the order of coordinates.
    warnings
        Sentences the user should know of, such as data beyond the zone of the CRS.
    loses
        What the format does not keep.
    """

    files: tuple[str, ...]
    axes: str
    warnings: tuple[str, ...]
    loses: Text


def export(
    layers: Sequence[Layer],
    form: str,
    out: Path | str,
    options: Options | None = None,
    *,
    library: Library | None = None,
    facts: Facts | None = None,
) -> Written:
    """Write layers in a format of GIS, CAD or office work.

    Parameters
    ----------
    layers
        Built layers, for example from `taixin.read_layer`.
    form
        A key of ``FORMATS``, or ``postgis``.
    out
        The file or folder to write; for ``postgis`` the address of the database.
    options
        CRS, encoding and hatch.
    library, facts
        What the layers were built from; the project's own when None.

    Returns
    -------
    Written
        Files, and what there is to say about them.

    Raises
    ------
    InputError
        If the format, the CRS or the name of the file cannot be used.
    OutputError
        If the result cannot be written; what stood there is as it was.

    Examples
    --------
    >>> import taixin, tempfile
    >>> axes = taixin.read_layer(taixin.load_plans()[0], "axes")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     written = taixin.export([axes], "gpkg", f"{folder}/axes.gpkg")
    >>> written.axes
    'EPSG:4490 China Geodetic Coordinate System 2000: longitude, latitude ...'
    """
    options = options or Options()
    if form not in FORMATS and form != DATABASE:
        hint = nearest(form, [*FORMATS, DATABASE])
        raise InputError([Problem("--format", form, "there is no such format", hint)])
    if not layers:
        raise InputError([Problem("--layer", "", "no layer is left to export", "name one")])
    facts = facts or _own_facts()
    default = GEOGRAPHIC if form == DATABASE else FORMATS[form].code(facts.home)
    found = target(options.crs or default)
    if found.code == "OGC:CRS84" and default != found.code:
        found = target("EPSG:4326")  # the same, by the name that all programs know
    data = Delivery(layers, library or _own_library(), facts, found)
    if form == DATABASE:
        files = write_postgis(data, str(out))
    else:
        check_out(form, Path(out))
        job = Job(data, Path(out), options.encoding, options.hatch)
        try:
            files = [str(path) for path in FORMATS[form].write(job)]
        except OSError as error:  # of a library that writes temporary files of its own
            raise cannot_write(job.out, error) from error
    beyond = found.outside(data.bbox) if data.bbox else ""
    return Written(tuple(files), found.axes, (beyond,) if beyond else (), words()[form].loses)


def _own_library() -> Library:
    from taixin.plans import load_library

    return load_library()


def _own_facts() -> Facts:
    from taixin.facts import load_facts

    return load_facts()
