"""Vector tiles in one file (PMTiles): what it says of itself, and how that is written.

The page gets what it must know before a single tile is there from here: title, columns, source,
accuracy. Nobody's word is taken for it: a header that does not fit its file is refused.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from taixin import files
from taixin.errors import InputError, Problem, TaixinError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["EXTRA", "OWN", "Tileset", "page_records", "read_tileset", "write_metadata"]

#: What to install where a library of the tiles is missing.
EXTRA: Final = 'pip install "taixin-atlas[tiles]"'
#: The member of the metadata that holds what only this program writes.
OWN: Final = "taixin"
_HEADER: Final = 127
_MOST_METADATA: Final = 4_000_000
_DEGREES: Final = 1e-7
_LONGEST_TEXT: Final = 2000
_BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Tileset:
    """A file of vector tiles.

    Parameters
    ----------
    path
        Where it is.
    title, title_en
        What people call it.
    attribution
        Who must be named beside it; empty where the file does not say.
    accuracy_m
        How far its positions may be off; None where the file does not say.
    name_field
        The column that names a feature; empty where none does.
    columns
        All columns, in their order.
    layers
        Its vector layers.
    features
        How many there are; None where the file does not say.
    min_zoom, max_zoom
        The zoom levels it has tiles of.
    bounds
        West, south, east, north in degrees.
    """

    path: Path
    title: str
    title_en: str
    attribution: str
    accuracy_m: float | None
    name_field: str
    columns: tuple[str, ...]
    layers: tuple[str, ...]
    features: int | None
    min_zoom: int
    max_zoom: int
    bounds: tuple[float, float, float, float]


def read_tileset(path: Path) -> Tileset:
    """Read what a PMTiles file says of itself.

    Parameters
    ----------
    path
        The file, from `taixin tiles` or another maker.

    Raises
    ------
    InputError
        If it holds no vector tiles that the page can draw, or is cut off.
    TaixinError
        If the library that knows the format is not installed.
    """
    if not path.is_file():
        raise _refusal(path, "there is no such file", "make it with: taixin tiles LAYER --out FILE")
    with path.open("rb") as stream:
        header = _header(path, stream)
        metadata = _metadata(path, stream, header)
    ours = metadata.get(OWN)
    ours = ours if isinstance(ours, dict) else {}
    layers, fields = _layers(metadata)
    if not layers:
        raise _refusal(path, "it says of no vector layer", "make it with taixin tiles")
    title = _text(ours.get("title")) or _text(metadata.get("name")) or path.stem
    columns = [_text(name) for name in ours.get("columns") or () if _text(name) in fields]
    name_field = _text(ours.get("name_field"))
    return Tileset(
        path=path,
        title=title,
        title_en=_text(ours.get("title_en")) or title,
        attribution=_text(metadata.get("attribution")),
        accuracy_m=_number(ours.get("accuracy_m")),
        name_field=name_field if name_field in fields else "",
        columns=(*columns, *(name for name in fields if name not in columns)),
        layers=layers,
        features=int(_number(ours.get("features")) or 0) or None,
        min_zoom=header["min_zoom"],
        max_zoom=header["max_zoom"],
        bounds=_bounds(path, header),
    )


def page_records(tilesets: Sequence[Tileset]) -> list[dict[str, Any]]:
    """Give what the page must know of its tiles; ``href`` is where a file stands beside the page.

    Examples
    --------
    >>> from pathlib import Path
    >>> one = Tileset(Path("a b.pmtiles"), "", "", "", None, "", (), ("a",), 1, 0, 9, (0, 0, 1, 1))
    >>> [record["href"] for record in page_records([one, one])]
    ['data/tiles/a-b.pmtiles', 'data/tiles/a-b-2.pmtiles']
    """
    records: list[dict[str, Any]] = []
    for each in tilesets:
        slug = re.sub(r"[^0-9A-Za-z_]+", "-", each.path.stem).strip("-") or "tiles"
        name, number = slug, 2
        while any(record["id"].lower() == name.lower() for record in records):
            name, number = f"{slug}-{number}", number + 1
        records.append(
            {
                "id": name,
                "href": f"data/tiles/{name}.pmtiles",
                "title": {"zh": each.title, "en": each.title_en},
                "attribution": each.attribution,
                "accuracy_m": each.accuracy_m,
                "name_field": each.name_field,
                "columns": list(each.columns),
                "layers": list(each.layers),
                "features": each.features,
                "max_zoom": each.max_zoom,
                "bounds": list(each.bounds),
            }
        )
    return records


def write_metadata(made: Path, out: Path, members: Mapping[str, object]) -> None:
    """Copy a PMTiles file with other metadata: its maker's tells its command line and our folders.

    Parameters
    ----------
    made
        The file as its maker left it.
    out
        Where the copy goes.
    members
        What takes the place of its metadata; ``vector_layers`` stays.
    """
    from pmtiles.tile import serialize_header

    with made.open("rb") as source:
        header = _header(made, source)
        kept = {"vector_layers": _metadata(made, source, header)["vector_layers"]}
        text = files.json_text({**members, **kept}).encode()
        packed = zlib.compress(text, 9, wbits=31)
        parts: list[tuple[int, int]] = []
        end = _HEADER
        for name in ("root", "metadata", "leaf_directory", "tile_data"):
            size = len(packed) if name == "metadata" else header[f"{name}_length"]
            parts.append((header[f"{name}_offset"], size))
            header = {**header, f"{name}_offset": end, f"{name}_length": size}
            end += size
        with out.open("wb") as target:
            target.write(serialize_header(header))
            for number, (offset, size) in enumerate(parts):
                if number == 1:
                    target.write(packed)
                else:
                    _copy(source, target, offset, size)


def _copy(source: BinaryIO, target: BinaryIO, offset: int, size: int) -> None:
    source.seek(offset)
    while size > 0 and (block := source.read(min(size, _BLOCK))):
        target.write(block)
        size -= len(block)


# ---- what a file says ----------------------------------------------------------------------------


def _refusal(path: Path, message: str, remedy: str = "") -> InputError:
    return InputError([Problem(path.name, "", message, remedy)])


def _header(path: Path, stream: BinaryIO) -> dict[str, Any]:
    """Read the header; refuse what is no PMTiles file, is cut off, or holds no vector tiles."""
    try:
        from pmtiles.tile import (
            Compression,
            MagicNumberNotFound,
            SpecVersionUnsupported,
            TileType,
            deserialize_header,
        )
    except ImportError:
        message = f"Reading tiles needs the library pmtiles; install it with: {EXTRA}"
        raise TaixinError(message) from None
    raw = stream.read(_HEADER)
    try:
        header: dict[str, Any] = dict(deserialize_header(raw))
    except (MagicNumberNotFound, SpecVersionUnsupported, ValueError, IndexError):
        message = "it is no PMTiles file of version 3"
        raise _refusal(path, message, "make it with taixin tiles") from None
    size = path.stat().st_size
    names = ("root", "metadata", "leaf_directory", "tile_data")
    if any(header[f"{name}_offset"] + header[f"{name}_length"] > size for name in names):
        raise _refusal(path, "its end is missing", "copy it again, or make it again")
    readable = {Compression.NONE, Compression.GZIP}
    if header["tile_type"] is not TileType.MVT:
        raise _refusal(path, "its tiles are pictures, not vectors", "make it with taixin tiles")
    if not {header["internal_compression"], header["tile_compression"]} <= readable:
        raise _refusal(path, "a browser cannot unpack its tiles", "pack them with gzip")
    return header


def _metadata(path: Path, stream: BinaryIO, header: Mapping[str, Any]) -> dict[str, Any]:
    from pmtiles.tile import Compression

    stream.seek(header["metadata_offset"])
    raw = stream.read(min(header["metadata_length"], _MOST_METADATA))
    try:
        if header["internal_compression"] is Compression.GZIP:
            raw = zlib.decompressobj(wbits=31).decompress(raw, _MOST_METADATA)
        found = json.loads(raw)
    except (zlib.error, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _refusal(path, "what it says of itself cannot be read", "make it again")
    return found


def _layers(metadata: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the vector layers and all their columns."""
    listed = metadata.get("vector_layers")
    layers = [
        item
        for item in (listed if isinstance(listed, list) else ())
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]
    fields = [item["fields"] for item in layers if isinstance(item.get("fields"), dict)]
    columns = dict.fromkeys(_text(name) for each in fields for name in each)
    return tuple(item["id"] for item in layers), tuple(columns)


def _bounds(path: Path, header: Mapping[str, Any]) -> tuple[float, float, float, float]:
    names = ("min_lon", "min_lat", "max_lon", "max_lat")
    west, south, east, north = (round(header[f"{name}_e7"] * _DEGREES, 7) for name in names)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):  # noqa: PLR2004 - degrees
        raise _refusal(path, "it lies nowhere on earth", "make it again")
    return west, south, east, north


def _text(value: object) -> str:
    return value[:_LONGEST_TEXT] if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) and value > 0 else None  # type: ignore[arg-type,operator]
