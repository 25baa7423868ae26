"""Layers as tables that any format can hold: flat columns, one geometry type, one CRS."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import taixin
from taixin.crs import geodesic_area_km2
from taixin.dictionary import columns_of
from taixin.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature, Layer
    from taixin.crs import Target
    from taixin.dictionary import Column
    from taixin.facts import Facts
    from taixin.plans import Library

__all__ = [
    "LIST_MARK",
    "Delivery",
    "Job",
    "geometry_name",
    "printable",
    "require_lonlat",
    "table_name",
]

#: Between the items of a list in a text column.
LIST_MARK: Final = ";"
_MULTI: Final[Mapping[str, str]] = MappingProxyType(
    {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "MultiPoint"}
)
_LONLAT: Final = frozenset({"OGC:CRS84", "EPSG:4326"})
#: Control characters and half characters, which XML, spreadsheets and DXF do not hold.
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Delivery:
    """Layers with all that is needed to write them: labels, names, CRS.

    Parameters
    ----------
    layers
        Built layers, in their order.
    library
        Kinds and figure labels.
    facts
        Sources, and names and codes of counties and cities.
    target
        The coordinate reference system of the delivery.
    """

    layers: Sequence[Layer]
    library: Library
    facts: Facts
    target: Target

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """Every column, in order."""
        return columns_of(self.layers, self.library)

    @cached_property
    def records(self) -> Mapping[str, list[dict[str, object]]]:
        """Layer id to the rows of its table as plain values, None for missing, no geometry.

        Lists are joined by ``;``; columns of Chinese planning databases follow those of the layer.
        """
        units = _units(self.facts)
        types = {column.key: column.type for column in self.columns}
        return {
            layer.id: [
                {key: _plain(value, types[key]) for key, value in row.items()}
                for row in (
                    {**feature.properties, **_planning_database(number, feature, units)}
                    for number, feature in enumerate(layer.features, start=1)
                )
            ]
            for layer in self.layers
        }

    @cached_property
    def shapes(self) -> Mapping[str, list[BaseGeometry | None]]:
        """Layer id to the geometry of each row, in the target system, east first."""
        project = self.target.project
        return {
            layer.id: [
                None if feature.geometry is None else project(feature.geometry)
                for feature in layer.features
            ]
            for layer in self.layers
        }

    @cached_property
    def date(self) -> str:
        """Date of the newest document cited, ``YYYY-MM-DD``: the date of the data.

        It stands in files that must carry a date, so that equal data gives equal files.
        """
        dates = (document.date for layer in self.layers for document in layer.plan.document)
        newest = max(dates, default="2000")
        return newest + "-01-01"[len(newest) - 4 :]

    @cached_property
    def version(self) -> str:
        """Version of program and data: equal for equal recipes, facts and program."""
        digest = hashlib.sha256()
        for layer in self.layers:
            digest.update(f"{layer.id} {layer.lineage}\n".encode())
        return f"{taixin.__version__}+{digest.hexdigest()[:12]}"

    @cached_property
    def bbox(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all layers in degrees; None where nothing is located."""
        boxes = [layer.bbox for layer in self.layers if layer.bbox is not None]
        if not boxes:
            return None
        west, south, east, north = zip(*boxes, strict=True)
        return (min(west), min(south), max(east), max(north))


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be exported, where to, and how.

    Parameters
    ----------
    data
        Layers and CRS.
    out
        The file or folder to write.
    encoding
        Of Shapefiles: ``UTF-8`` or ``GBK``.
    hatch
        Whether areas in a DXF are filled.
    is_lenient
        Whether letters that the encoding lacks become ``?``, not an error.
    """

    data: Delivery
    out: Path
    encoding: str = "UTF-8"
    hatch: bool = False
    is_lenient: bool = False


def geometry_name(layer: Layer) -> str | None:
    """Name the geometry type of a layer in OGC words; None where nothing is located.

    Points stay single where all of them are; lines and areas are always written as multi.
    """
    shapes = {feature.geometry and feature.geometry.geom_type for feature in layer.located}
    return "Point" if shapes == {"Point"} else _MULTI.get(layer.geometry_type)


def table_name(layer: Layer) -> str:
    """Name a layer so that a database takes it without quotes: ``taixin_2035_axes``."""
    return layer.id.replace("/", "_").replace("-", "_")


def require_lonlat(data: Delivery, format_name: str) -> None:
    """Refuse another CRS for a format that knows only longitude and latitude.

    Raises
    ------
    InputError
        If another CRS than CRS84 is asked for.
    """
    if data.target.code not in _LONLAT:
        message = f"{format_name} is always longitude, latitude on WGS 84"
        remedy = "leave --crs out, or take gpkg or shp"
        raise InputError([Problem("--crs", data.target.code, message, remedy)])


def printable(text: str) -> str:
    r"""Replace control characters, which XML, spreadsheets and DXF cannot hold, by a blank.

    Examples
    --------
    >>> printable("a\x0bb")
    'a b'
    """
    return _UNPRINTABLE.sub(" ", text)


def _plain(value: object, kind: str) -> object:
    if isinstance(value, list | tuple):
        return printable(LIST_MARK.join(map(str, value))) or None
    if value is None or kind not in {"text", "number"}:
        return value
    return printable(str(value)) if kind == "text" else float(str(value))


def _units(facts: Facts) -> dict[str, tuple[str, str]]:
    """Find code and name of a county or city by its name, where the name is unambiguous."""
    found: dict[str, set[tuple[str, str]]] = {}
    for fact in facts.counties.facts:
        city = str(fact.properties["city"])
        found.setdefault(city, set()).add((str(fact.properties["city_adcode"]), city))
        for name in fact.names:
            found.setdefault(name, set()).add((fact.id, fact.name_zh))
    return {name: next(iter(units)) for name, units in found.items() if len(units) == 1}


def _planning_database(
    number: int, feature: Feature, units: Mapping[str, tuple[str, str]]
) -> dict[str, object]:
    name, host = str(feature.properties["name"]), str(feature.properties["host"])
    code = units.get(name) or units.get(host) or (None, None)
    shape = feature.geometry
    area_m2 = None if shape is None else round(geodesic_area_km2(shape) * 1e6, 2)
    return {
        "BSM": number,
        "YSDM": None,
        "XZQDM": code[0],
        "XZQMC": code[1],
        "MJ": area_m2 or None,
    }
