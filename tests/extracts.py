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
