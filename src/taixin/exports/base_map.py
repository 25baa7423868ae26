"""The vector base map of the page as a GeoPackage: land, borders by rank, rivers, seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import shapely

from taixin import files, symbols
from taixin.exports.geopackage import Sheet, write_geopackage
from taixin.exports.vector import Table
from taixin.model import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.exports.tables import Delivery
    from taixin.facts import Facts

    Rows = list[tuple[str, str, str, BaseGeometry]]

__all__ = ["base_kinds", "base_tables", "write_base_map"]

_OGC: Final = {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "Point"}


def base_kinds() -> dict[str, Kind]:
    """Read the symbols of the base map, by table name."""
    entries = files.read_toml("base-map.toml")
    return {name: Kind.model_validate(entry) for name, entry in entries.items()}


def write_base_map(data: Delivery, path: Path) -> None:
    """Write the base map into a GeoPackage of its own, in the CRS of the delivery.

    Parameters
    ----------
    data
        Facts, CRS and date.
    path
        The ``.gpkg`` file, which must not exist.
    """
    tables = base_tables(data.facts)
    types = dict.fromkeys(("name", "name_en", "source"), "text")
    sheets = [
        Sheet(
            Table(
                name,
                types,
                [dict(zip(types, row, strict=False)) for row in tables[name]],
                [data.target.project(row[3]) for row in tables[name]],
                _OGC[kind.geometry],
                data.target.code,
            ),
            kind.label.zh,
            kind.label.en,
            style=(name, symbols.qml(kind), symbols.sld(kind, name), kind.label.zh),
        )
        for name, kind in base_kinds().items()
    ]
    write_geopackage(path, sheets, data.target, data.date)


def base_tables(facts: Facts) -> dict[str, Rows]:
    """Give the rows of each table of the base map: name, English name, source, lon/lat shape."""
    counties = facts.counties.facts
    source = counties[0].source
    title = facts.region.title
    province = facts.province.boundary
    cities = shapely.union_all([outline.boundary for outline in facts.cities.values()])
    every = shapely.union_all([county.geometry.boundary for county in counties])
    borders = {
        "base_province_border": province,
        "base_city_borders": shapely.difference(cities, province),
        "base_county_borders": shapely.difference(every, cities),
    }
    lines: dict[str, Rows] = {
        name: [] if border.is_empty else [(title.zh, title.en, source, shapely.line_merge(border))]
        for name, border in borders.items()
    }
    return lines | {
        "base_land": [(title.zh, title.en, source, facts.province)],
        "base_counties": [(f.name_zh, f.name_en, f.source, f.geometry) for f in counties],
        "base_rivers": [(f.name_zh, f.name_en, f.source, f.geometry) for f in facts.rivers.facts],
        "base_city_seats": _seats(facts, "city"),
        "base_county_seats": _seats(facts, "county_seat"),
    }


def _seats(facts: Facts, kind: str) -> Rows:
    return [
        (fact.name_zh, fact.name_en, fact.source, fact.geometry)
        for fact in facts.places.facts
        if fact.properties["kind"] == kind
    ]
