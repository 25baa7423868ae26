"""Reading what a page carries, written plainly after the description of its blocks and packs.

Nothing here is shared with the program: numbers are read one by one, lines are put together
vertex by vertex, and what comes out is GeoJSON.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Position = tuple[int, int]
#: The block that holds no data but the script of what stands around the map.
FURNITURE = "taixin-furniture"
BLOCK = re.compile(r'<script type="application/gzip" id="([\w-]+)">([A-Za-z0-9+/=]*)</script>')


def data_blocks(page: str) -> dict[str, Any]:
    """Give the data blocks of a page by their ids: JSON as values, shapes as packs."""
    found = {name: text for name, text in BLOCK.findall(page) if name != FURNITURE}
    return {name: read_block(text) for name, text in found.items()}


def inflate(text: str) -> bytes:
    """Give what a block holds, no longer compressed."""
    return gzip.decompress(base64.b64decode(text, validate=True))


def read_block(text: str) -> Any:  # noqa: ANN401 - whatever the JSON says
    """Read the text of one block of data."""
    content = inflate(text)
    return unpack(content) if content.startswith(b"TXPK") else json.loads(content)


def turned(geometry: dict[str, Any] | None) -> dict[str, Any] | None:
    """Give a GeoJSON geometry whose rings start at their smallest vertex: a pack keeps no start."""
    if geometry is None or "Polygon" not in geometry["type"]:
        return geometry

    def turn(rings: list[list[list[float]]]) -> list[list[list[float]]]:
        starts = [ring.index(min(ring)) for ring in rings]
        pairs = zip(rings, starts, strict=True)
        return [ring[start:-1] + ring[:start] + [ring[start]] for ring, start in pairs]

    coordinates = geometry["coordinates"]
    is_multi = geometry["type"] == "MultiPolygon"
    made = [turn(part) for part in coordinates] if is_multi else turn(coordinates)
    return {"type": geometry["type"], "coordinates": made}


def records(table: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the records of a table of columns."""
    found: list[dict[str, Any]] = [{} for _ in range(table["count"])]
    for key, values, *codes in table["columns"]:
        if isinstance(values, str):  # the name of an earlier column that says the same
            for record in found:
                record.update({key: record[values]} if values in record else {})
            continue
        numbers = codes[0] if codes else range(len(found)) if len(values) > 1 else [0] * len(found)
        for record, number in zip(found, numbers, strict=True):
            if number >= 0:
                record[key] = values[number]
    return found


class _Reader:
    """Bytes, and how far they have been read."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0

    def take(self, count: int) -> bytes:
        """Read so many bytes."""
        taken = self.content[self.at : self.at + count]
        assert len(taken) == count, "the pack ends too early"
        self.at += count
        return taken

    def number(self) -> int:
        """Read one varint."""
        value = shift = 0
        while True:
            (byte,) = self.take(1)
            value += (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def stream(self) -> list[int]:
        """Read a stream of varints."""
        inner = _Reader(self.take(self.number()))
        values = []
        while inner.at < len(inner.content):
            values.append(inner.number())
        return values

    def courses(self, lengths: list[int]) -> list[list[Position]]:
        """Read the vertices of lines."""
        firsts = list(zip(_running(self.stream()), _running(self.stream()), strict=True))
        sizes = iter(self.take(self.number()))
        content = self.take(self.number())
        bits = iter("".join(f"{byte:08b}"[::-1] for byte in content))
        lines = []
        for first, length in zip(firsts, lengths, strict=True):
            line, step = [first], (0, 0)
            for _ in range(length - 1):
                turns = [_signed(_sized(bits, size)) for size in divmod(next(sizes), 16)]
                step = (step[0] // 2 + turns[0], step[1] // 2 + turns[1])
                line.append((line[-1][0] + step[0], line[-1][1] + step[1]))
            lines.append(line)
        assert next(sizes, None) is None, "there are more vertices than the lines have"
        assert len(rest := list(bits)) < 8, "there are more bits than the vertices have"
        assert "1" not in rest
        return lines


def _sized(bits: Iterator[str], size: int) -> int:
    """Read a number that has so many bits, the highest of which is not written; 15 means 32."""
    if size < 2:
        return size
    written = 32 if size == 15 else size - 1
    value = int("".join(next(bits) for _ in range(written))[::-1], 2)
    return value if size == 15 else value + 2**written


def _signed(value: int) -> int:
    """Undo zigzag."""
    return value // 2 if value % 2 == 0 else -(value + 1) // 2


def _running(values: list[int]) -> list[int]:
    """Undo zigzag and deltas."""
    total, found = 0, []
    for value in values:
        total += _signed(value)
        found.append(total)
    return found


@dataclass
class Pack:
    """What a pack holds."""

    header: dict[str, Any]
    arcs: list[list[Position]]
    #: Type, coordinates on the grid and arc references of each feature, by set.
    sets: dict[str, list[tuple[str, Any, list[int]] | None]]

    @property
    def scale(self) -> int:
        """Grid steps a degree."""
        return int(10 ** self.header["digits"])

    def geometries(self, name: str) -> list[dict[str, Any] | None]:
        """Give the geometries of a set as GeoJSON in degrees."""
        scale = self.scale

        def degrees(value: object) -> object:
            if isinstance(value, tuple):
                return [value[0] / scale, value[1] / scale]
            assert isinstance(value, list)
            return [degrees(item) for item in value]

        return [
            item and {"type": item[0], "coordinates": degrees(item[1])} for item in self.sets[name]
        ]


def unpack(content: bytes) -> Pack:
    """Read a pack that is no longer compressed."""
    reader = _Reader(content)
    assert reader.take(5) == b"TXPK\x02"
    header = json.loads(reader.take(reader.number()))
    lengths = reader.stream()
    assert (len(lengths), sum(lengths)) == (header["arcs"], header["vertices"])
    arcs = reader.courses(lengths)
    sets = {each["id"]: _features(reader, each, arcs) for each in header["sets"]}
    assert reader.at == len(content), "the pack goes on after its last set"
    return Pack(header, arcs, sets)


def _line(refs: list[int], arcs: list[list[Position]]) -> list[Position]:
    """Join arcs; each begins where the one before it ended."""
    line: list[Position] = []
    for ref in refs:
        arc = arcs[ref // 2][::-1] if ref % 2 else arcs[ref // 2]
        assert not line or line[-1] == arc[0], "arcs of a line do not join"
        line += arc[1:] if line else arc
    return line


def _features(
    reader: _Reader, described: dict[str, Any], arcs: list[list[Position]]
) -> list[tuple[str, Any, list[int]] | None]:
    kind = described["type"]
    parts = reader.stream()
    assert len(parts) == described["count"]
    rings = iter(reader.stream()) if kind == "polygon" else None
    counts, refs = iter(reader.stream()), iter(_running(reader.stream()))
    features: list[tuple[str, Any, list[int]] | None] = []
    for each in parts:
        if not each:
            features.append(None)
            continue
        used: list[int] = []
        made = []
        for _ in range(each // 2):
            lines = []
            for _ in range(next(rings) if rings else 1):
                walked = [next(refs) for _ in range(next(counts))]
                used += walked
                lines.append(_line(walked, arcs))
            if kind == "polygon":
                assert all(line[0] == line[-1] for line in lines), "a ring is not closed"
            made.append(lines if kind == "polygon" else lines[0])
        name = {"polygon": "Polygon", "line": "LineString", "point": "Point"}[kind]
        shaped: list[Any] = [part[0] for part in made] if kind == "point" else made
        features.append(
            (f"Multi{name}" if each % 2 else name, shaped if each % 2 else shaped[0], used)
        )
    assert [*counts, *refs] == []
    return features


# ---- surveys ------------------------------------------------------------------------------------


@dataclass
class Chunk:
    """What a chunk of a survey holds: shapes, and the text of each cell by column and row."""

    pack: Pack
    columns: dict[str, list[str | None]]


def read_chunk(content: bytes) -> Chunk:
    """Read a chunk that is no longer compressed."""
    reader = _Reader(content)
    assert reader.take(5) == b"TXSV\x01"
    pack = unpack(reader.take(reader.number()))
    columns: dict[str, list[str | None]] = {}
    for described in json.loads(reader.take(reader.number())):
        starts = _running(reader.stream())
        assert len(starts) == described["texts"] + 1
        text = reader.take(reader.number())
        cells: list[str | None] = [None]
        cells += [text[a:b].decode() for a, b in pairwise(starts)]
        columns[described["name"]] = [cells[code] for code in _running(reader.stream())]
    assert reader.at == len(content)
    return Chunk(pack, columns)
