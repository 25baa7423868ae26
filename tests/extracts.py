"""Small OpenStreetMap extracts and survey files, made up for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry


class Extract:
    """An ``.osm`` file, made node by node and way by way."""

    def __init__(self) -> None:
        self._root = ET.Element("osm", version="0.6", generator="tests")
        self._ways: list[ET.Element] = []
        self._nodes: dict[tuple[float, float], str] = {}

    def node(self, lon: float, lat: float, tags: Mapping[str, str] | None = None) -> str:
        """Add a point; the one that is there already where it has no tags of its own."""
        key = (round(lon, 7), round(lat, 7))
        if tags is None and key in self._nodes:
            return self._nodes[key]
        number = str(len(self._root) + 1)
        element = ET.SubElement(
            self._root, "node", id=number, version="1", lat=f"{key[1]:.7f}", lon=f"{key[0]:.7f}"
        )
        _tag(element, tags or {})
        self._nodes.setdefault(key, number)
        return number

    def way(self, line: BaseGeometry, tags: Mapping[str, str]) -> None:
        """Add a line or the outline of an area."""
        shape = line.exterior if isinstance(line, shapely.Polygon) else line
        element = ET.Element("way", id=str(1000 + len(self._ways)), version="1")
        for lon, lat in shapely.get_coordinates(shape):
            ET.SubElement(element, "nd", ref=self.node(float(lon), float(lat)))
        _tag(element, tags)
        self._ways.append(element)

    def write(self, path: Path) -> Path:
        """Write the file: nodes first, then ways."""
        root = ET.Element("osm", self._root.attrib)
        root.extend([*self._root, *self._ways])
        ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
        return path


def _tag(element: ET.Element, tags: Mapping[str, str]) -> None:
    for key, value in tags.items():
        ET.SubElement(element, "tag", k=key, v=value)


def moved_north(line: BaseGeometry, metres: float) -> BaseGeometry:
    """Move a geometry north by metres, near enough for a test."""
    return shapely.transform(line, lambda xy: np.round(xy + np.array([0.0, metres / 111_000]), 7))


def halves(line: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Cut a line at its middle vertex; the second half runs backwards."""
    points = shapely.get_coordinates(line)
    middle = len(points) // 2
    return shapely.LineString(points[: middle + 1]), shapely.LineString(points[middle:][::-1])


def pbf_of_a_place(lon: float, lat: float, tags: Mapping[str, str]) -> bytes:
    """Write the binary form (Protocol Buffers) of an extract that holds one node."""
    words = [b"", *(word.encode() for pair in tags.items() for word in pair)]
    table = b"".join(_field(1, word) for word in words)
    keys = b"".join(_varint(number) for number in range(1, len(words), 2))
    values = b"".join(_varint(number) for number in range(2, len(words), 2))
    places = [_zigzag(round(degrees * 1e7)) for degrees in (lat, lon)]
    node = b"\x08" + _varint(_zigzag(1)) + _field(2, keys) + _field(3, values)
    node += b"\x40" + _varint(places[0]) + b"\x48" + _varint(places[1])
    block = _field(1, table) + _field(2, _field(1, node))
    header = _field(4, b"OsmSchema-V0.6")
    return _blob(b"OSMHeader", header) + _blob(b"OSMData", block)


def _blob(kind: bytes, content: bytes) -> bytes:
    blob = _field(1, content)
    head = _field(1, kind) + b"\x18" + _varint(len(blob))
    return len(head).to_bytes(4, "big") + head + blob


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(content)) + content


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _varint(value: int) -> bytes:
    text = bytearray()
    while value > 0x7F:
        text.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*text, value])
