"""KML and KMZ: folders by plan, system and layer, drawn as on the page."""

from __future__ import annotations

import html
from itertools import groupby
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import shapely

from taixin import archives, files
from taixin.dictionary import headings
from taixin.exports.icons import icon_pixels, png_icon
from taixin.exports.tables import printable, require_lonlat
from taixin.symbols import ink, kml_colour
from taixin.vocabulary import REVIEW_STATE, GeometryType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Layer
    from taixin.exports.tables import Delivery, Job
    from taixin.model import Kind

__all__ = ["write_kml", "write_kmz"]

_EARTH_ICON_PIXELS: Final = 32  # of an icon at scale 1
_EARTH_TEXT_PIXELS: Final = 16  # of a label at scale 1


def write_kmz(job: Job) -> list[Path]:
    """Write all layers and their point symbols into one KMZ file.

    Parameters
    ----------
    job
        ``out`` is the ``.kmz`` file.

    Returns
    -------
    list[Path]
        The file.
    """
    require_lonlat(job.data, "KMZ")
    members = [("doc.kml", _document(job.data, "icons/"))]
    members += [(f"icons/{name}.png", image) for name, image in _icons(job.data).items()]
    files.write_bytes(job.out, archives.zip_bytes(members, job.data.date))
    return [job.out]


def write_kml(job: Job) -> list[Path]:
    """Write all layers into one KML file, and their point symbols into a folder beside it.

    Parameters
    ----------
    job
        ``out`` is the ``.kml`` file; the symbols go to ``<name>-icons/``.

    Returns
    -------
    list[Path]
        The KML file first.
    """
    require_lonlat(job.data, "KML")
    folder = f"{job.out.stem}-icons"
    icons = {f"{folder}/{name}.png": image for name, image in _icons(job.data).items()}
    with files.staged_folder(job.out.parent) as stage:
        for name, image in icons.items():
            files.write_bytes(stage / name, image)
        files.write_bytes(stage / job.out.name, _document(job.data, f"{folder}/"))
    return [job.out, *(job.out.parent / name for name in icons)]


def _icons(data: Delivery) -> dict[str, bytes]:
    kinds = _kinds(data).items()
    return {
        name: png_icon(kind.symbol) for name, kind in kinds if kind.geometry is GeometryType.POINT
    }


def _kinds(data: Delivery) -> dict[str, Kind]:
    names = sorted({layer.recipe.kind for layer in data.layers})
    return {name: data.library.kinds[name] for name in names}


def _document(data: Delivery, icons: str) -> bytes:
    root = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    document = _child(root, "Document")
    _child(document, "name", "、".join(dict.fromkeys(item.plan.short.zh for item in data.layers)))
    sources = "; ".join(dict.fromkeys(item.attribution for item in data.layers))
    _child(document, "description", html.escape(f"{REVIEW_STATE[0]}。{sources}"))
    for name, kind in _kinds(data).items():
        _style(document, name, kind, icons)
    captions = headings(data.columns)
    for plan, of_plan in groupby(data.layers, key=lambda layer: layer.plan):
        plan_folder = _folder(document, plan.title.zh)
        for system, of_system in groupby(of_plan, key=lambda layer: layer.system):
            system_folder = _folder(plan_folder, system.title.zh)
            for layer in of_system:
                _layer(system_folder, layer, data, captions)
    ET.indent(root, " ")
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _child(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, tag)
    child.text = None if text is None else printable(text)
    return child


def _folder(parent: ET.Element, title: str) -> ET.Element:
    folder = _child(parent, "Folder")
    _child(folder, "name", title)
    return folder


def _style(document: ET.Element, name: str, kind: Kind, icons: str) -> None:
    symbol = kind.symbol
    style = ET.SubElement(document, "Style", id=name)
    if kind.geometry is GeometryType.POINT:
        icon = _child(style, "IconStyle")
        _child(icon, "scale", f"{icon_pixels(symbol) / _EARTH_ICON_PIXELS:.2f}")
        _child(_child(icon, "Icon"), "href", f"{icons}{name}.png")
    label = _child(style, "LabelStyle")
    _child(label, "color", kml_colour(kind.text.colour, None))
    _child(label, "scale", f"{kind.text.size / _EARTH_TEXT_PIXELS:.2f}")
    line = _child(style, "LineStyle")
    _child(line, "color", kml_colour(ink(kind), symbol.opacity))
    _child(line, "width", f"{symbol.width or 0:g}")
    if kind.geometry is GeometryType.POLYGON:
        area = _child(style, "PolyStyle")
        _child(area, "color", kml_colour(symbol.fill or "#ffffff", symbol.fill_opacity or 0.0))
        _child(area, "outline", "1" if symbol.width and not symbol.soft else "0")
    _child(_child(style, "BalloonStyle"), "text", "$[description]")


def _layer(parent: ET.Element, layer: Layer, data: Delivery, captions: Mapping[str, str]) -> None:
    folder = _folder(parent, layer.recipe.title.zh)
    shown = layer.recipe.visible and layer.plan is data.layers[0].plan
    for feature, record in zip(layer.features, data.records[layer.id], strict=True):
        placemark = _child(folder, "Placemark")
        _child(placemark, "name", str(record["name"]))
        _child(placemark, "visibility", "1" if shown else "0")
        _child(placemark, "description", _balloon(record, layer))
        _child(placemark, "styleUrl", f"#{layer.recipe.kind}")
        extended = _child(placemark, "ExtendedData")
        for key, value in record.items():
            if value is not None:
                entry = ET.SubElement(extended, "Data", name=key)
                _child(entry, "displayName", captions[key])
                _child(entry, "value", str(value))
        if feature.geometry is not None:
            _geometry(placemark, feature.geometry)


def _balloon(record: Mapping[str, object], layer: Layer) -> str:
    """Write the card of a feature; viewers read it as HTML, so every text is escaped."""
    accuracy_m = record["accuracy_m"]
    accuracy = "文件未给出位置" if accuracy_m is None else f"位置误差约 {accuracy_m} m"
    source = f"{layer.plan.short.zh}｜{record['section']}｜{record['term']}"
    lines = [record["name"], record["summary"], source, accuracy, record["note"]]
    first, *others = [html.escape(str(line)) for line in lines if line is not None]
    return "".join([f"<h3>{first}</h3>", *(f"<p>{line}</p>" for line in others)])


def _geometry(parent: ET.Element, geometry: BaseGeometry) -> None:
    parts = shapely.get_parts(shapely.orient_polygons(geometry))
    holder = parent if len(parts) == 1 else _child(parent, "MultiGeometry")
    for part in parts:
        if part.geom_type == "Polygon":
            polygon = _child(holder, "Polygon")
            for tag, ring in _rings(part):
                linear = _child(_child(polygon, tag), "LinearRing")
                _child(linear, "coordinates", _coordinates(ring))
        else:
            element = _child(holder, part.geom_type)
            if part.geom_type == "LineString":
                _child(element, "tessellate", "1")
            _child(element, "coordinates", _coordinates(part))


def _rings(polygon: shapely.Polygon) -> Iterator[tuple[str, BaseGeometry]]:
    yield "outerBoundaryIs", polygon.exterior
    for interior in polygon.interiors:
        yield "innerBoundaryIs", interior


def _coordinates(line: BaseGeometry) -> str:
    return " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in shapely.get_coordinates(line))
