"""KML and KMZ: folders by plan, system and layer, drawn as on the page."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final, cast
from xml.etree import ElementTree as ET

import shapely

from taixin import archives, files
from taixin.exports.dictionary import headings
from taixin.exports.icons import ICON_PIXELS, png_icon
from taixin.exports.tables import printable, require_lonlat
from taixin.symbols import ink, kml_colour, text_of_figure
from taixin.vocabulary import REVIEW_STATE, GeometryType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature, Layer
    from taixin.exports.tables import Delivery, Job
    from taixin.model import Kind

__all__ = ["write_kml", "write_kmz"]

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_EARTH_ICON: Final = 32  # pixels of an icon at scale 1
_HALO: Final = 2
