"""A QGIS project, written without QGIS: layers grouped by plan, theme and system, and styled.

The project looks for its GeoPackages beside itself, so a folder can be moved as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import shapely

from taixin import archives, files, symbols
from taixin.crs import target
from taixin.dictionary import headings
from taixin.exports.base_map import base_kinds, write_base_map
from taixin.exports.containers import write_gpkg
from taixin.exports.tables import geometry_name, printable, table_name
from taixin.vocabulary import GROUP_LABELS, REVIEW_STATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from taixin.build import Layer
    from taixin.crs import Target
    from taixin.exports.tables import Delivery, Job
    from taixin.model import Kind

__all__ = ["project_bytes", "write_qgz"]

#: The project shows the map in metres, true to shape, whatever the data is stored in.
_VERSION: Final = "3.22.16-Białowieża"
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
_OUTSIDE: Final = ("231", "226", "211")  # the page's colour of what lies beyond the province
_NO_GEOMETRY: Final = "No geometry"
_QGIS_GEOMETRY: Final[Mapping[str | None, str]] = MappingProxyType(
    {"MultiPolygon": "Polygon", "MultiLineString": "Line", "MultiPoint": "Point", "Point": "Point"}
)
_MARGIN: Final = 0.04


@dataclass(frozen=True, slots=True)
class _Entry:
    """A layer of the project: its table, file, title, symbol, and what it was built from."""

    table: str
    file: str
    title: str
    kind: Kind
    layer: Layer | None

    @property
    def id(self) -> str:
        """QGIS gives a layer a random id where its own has ten letters or fewer."""
        return f"map_layer_{self.table}"

    @property
    def source(self) -> str:
        return f"./{self.file}|layername={self.table}"

    @property
    def geometry(self) -> str:
        if self.layer is None:
            return self.kind.geometry.value.capitalize()
        return _QGIS_GEOMETRY.get(geometry_name(self.layer), _NO_GEOMETRY)


def write_qgz(job: Job) -> list[Path]:
    """Write a QGIS project with the two GeoPackages it shows beside it.

    Parameters
    ----------
    job
        ``out`` is the ``.qgz`` file; ``<name>.gpkg`` and ``<name>-base.gpkg`` are written too.

    Returns
    -------
    list[Path]
        The project, the layers and the base map.
    """
    layers, base = job.out.with_suffix(".gpkg"), job.out.with_name(f"{job.out.stem}-base.gpkg")
    write_gpkg(replace(job, out=layers))
    with files.replaced(base) as path:
        write_base_map(job.data, path)
    files.write_bytes(job.out, project_bytes(job.data, layers.name, base.name))
    return [job.out, layers, base]


def project_bytes(data: Delivery, layers: str, base: str) -> bytes:
    """Make the zipped project.

    Parameters
    ----------
    data
        What is shown.
    layers, base
        Names of the GeoPackages of the layers and of the base map.

    Returns
    -------
    bytes
        A ``.qgz`` file; equal data gives equal bytes.
    """
    kinds = data.library.kinds
    plans = [
        _Entry(table_name(item), layers, item.recipe.title.zh, kinds[item.recipe.kind], item)
        for item in data.layers
    ]
    ground = [_Entry(name, base, kind.label.zh, kind, None) for name, kind in base_kinds().items()]
    title = "、".join(dict.fromkeys(item.plan.short.zh for item in data.layers))
    root = _child(None, "qgis", attributes={"projectname": title, "version": _VERSION})
    _child(root, "homePath", attributes={"path": ""})
    _child(root, "title", title)
    _child(root, "projectCrs").append(_srs(target(data.facts.home.metric)))
    _tree(root, plans, ground)
    _canvas(root, data)
    holder = _child(root, "projectlayers")
    captions = headings(data.columns)
    holder.extend(_map_layer(entry, data, captions) for entry in (*plans, *ground))
    _properties(root)
    metadata = _child(root, "projectMetadata")
    _child(metadata, "title", title)
    about = f"{REVIEW_STATE[0]}；数据版本 {data.version}，资料截至 {data.date}"
    _child(metadata, "abstract", about)
    ET.indent(root, " ")
    text = f"{_DOCTYPE}{ET.tostring(root, encoding='unicode')}\n"
    name = layers.removesuffix(".gpkg") + ".qgs"
    return archives.zip_bytes([(name, text.encode())], data.date)


def _child(
    parent: ET.Element | None,
    tag: str,
    text: str | None = None,
    attributes: Mapping[str, str] | None = None,
) -> ET.Element:
    clean = {key: printable(value) for key, value in (attributes or {}).items()}
    child = ET.Element(tag, clean) if parent is None else ET.SubElement(parent, tag, clean)
    child.text = None if text is None else printable(text)
    return child


def _srs(crs: Target) -> ET.Element:
    system = _child(None, "spatialrefsys")
    _child(system, "srsid", "1")  # any number of QGIS's own register makes it believe the authid
    _child(system, "authid", crs.code)
    _child(system, "description", crs.name)
    _child(system, "geographicflag", "true" if crs.is_geographic else "false")
    return system


def _tree(root: ET.Element, plans: Sequence[_Entry], ground: Sequence[_Entry]) -> None:
    """Write the tree of layers: plan, theme, system; the drawing order is that of the kinds."""
    tree = _group(root, "", is_on=True, is_open=True)
    first = plans[0].layer and plans[0].layer.plan
    for plan, of_plan in groupby(plans, key=lambda entry: _layer(entry).plan):
        is_first = plan is first
        plan_group = _group(tree, plan.title.zh, is_on=is_first, is_open=is_first)
        for theme, of_theme in groupby(of_plan, key=lambda entry: _layer(entry).system.group):
            theme_group = _group(plan_group, GROUP_LABELS[theme][0], is_on=True, is_open=is_first)
            for system, entries in groupby(of_theme, key=lambda entry: _layer(entry).system):
                group = _group(theme_group, system.title.zh, is_on=True, is_open=is_first)
                for entry in entries:
                    _leaf(group, entry, is_on=_layer(entry).recipe.visible)
    base_group = _group(tree, "底图", is_on=True, is_open=False)
    top_first = sorted((*plans, *ground), key=lambda entry: -entry.kind.order)
    for entry in top_first:
        if entry.layer is None:
            _leaf(base_group, entry, is_on=True)
    order = _child(tree, "custom-order", attributes={"enabled": "1"})
    for entry in top_first:
        _child(order, "item", entry.id)


def _layer(entry: _Entry) -> Layer:
    if entry.layer is None:
        raise TypeError(entry.table)
    return entry.layer


def _group(parent: ET.Element, name: str, *, is_on: bool, is_open: bool) -> ET.Element:
    attributes = {
        "name": name,
        "checked": "Qt::Checked" if is_on else "Qt::Unchecked",
        "expanded": "1" if is_open else "0",
    }
    return _child(parent, "layer-tree-group", attributes=attributes if name else None)


def _leaf(group: ET.Element, entry: _Entry, *, is_on: bool) -> None:
    attributes = {
        "id": entry.id,
        "name": entry.title,
        "source": entry.source,
        "providerKey": "ogr",
        "checked": "Qt::Checked" if is_on else "Qt::Unchecked",
        "expanded": "0",
    }
    _child(group, "layer-tree-layer", attributes=attributes)


def _canvas(root: ET.Element, data: Delivery) -> None:
    """Open the map on what is shown at first."""
    canvas = _child(root, "mapcanvas", attributes={"name": "theMapCanvas"})
    _child(canvas, "units", "meters")
    first = data.layers[0].plan
    shown = [item for item in data.layers if item.plan is first and item.recipe.visible]
    bbox = replace(data, layers=shown).bbox or data.bbox or data.facts.province.bounds
    box = shapely.box(*bbox)
    west, south, east, north = target(data.facts.home.metric).project(box.segmentize(0.1)).bounds
    extra = _MARGIN * max(east - west, north - south)
    extent = _child(canvas, "extent")
    for tag, value in (
        ("xmin", west - extra),
        ("ymin", south - extra),
        ("xmax", east + extra),
        ("ymax", north + extra),
    ):
        _child(extent, tag, f"{value:.0f}")
    _child(canvas, "rotation", "0")
    _child(canvas, "destinationsrs").append(_srs(target(data.facts.home.metric)))


def _map_layer(entry: _Entry, data: Delivery, captions: Mapping[str, str]) -> ET.Element:
    attributes = {
        "type": "vector",
        "geometry": entry.geometry,
        "styleCategories": "AllStyleCategories",
    }
    element = _child(None, "maplayer", attributes=attributes)
    _child(element, "id", entry.id)
    _child(element, "datasource", entry.source)
    _child(element, "layername", entry.title)
    if entry.geometry != _NO_GEOMETRY:
        _child(element, "srs").append(_srs(data.target))
    _child(element, "provider", "ogr", {"encoding": "UTF-8"})
    if entry.layer is not None:
        _describe(element, entry.layer)
    _child(element, "flags")
    if entry.geometry == _NO_GEOMETRY:
        return element
    shown = {} if entry.layer is None else {key: captions[key] for key in _fields(entry, data)}
    style = ET.fromstring(symbols.qml(entry.kind, shown))  # noqa: S314 - written by ourselves
    element.set("labelsEnabled", style.get("labelsEnabled", "0"))
    element.extend(style)
    _child(element, "previewExpression", '"name"')
    return element


def _describe(element: ET.Element, layer: Layer) -> None:
    """Tell title, description and attribution, which QGIS shows with the layer."""
    caption = layer.recipe.caption or layer.system.summary
    _child(element, "title", layer.recipe.title.zh)
    _child(element, "abstract", caption.zh)
    _child(element, "attribution", layer.attribution, {"href": ""})
    metadata = _child(element, "resourceMetadata")
    _child(metadata, "identifier", layer.id)
    _child(metadata, "title", layer.recipe.title.zh)
    _child(metadata, "abstract", caption.zh)
    _child(metadata, "rights", layer.attribution)


def _fields(entry: _Entry, data: Delivery) -> Iterable[str]:
    return data.records[_layer(entry).id][0]


def _properties(root: ET.Element) -> None:
    properties = _child(root, "properties")
    paths = _child(properties, "Paths")
    _child(paths, "Absolute", "false", {"type": "bool"})
    gui = _child(properties, "Gui")
    for tag, value in zip(("Red", "Green", "Blue"), _OUTSIDE, strict=True):
        _child(gui, f"CanvasColor{tag}Part", value, {"type": "int"})
    placement = _child(properties, "PAL")
    _child(placement, "PlacementEngineVersion", "1", {"type": "int"})
    reference = _child(properties, "SpatialRefSys")
    _child(reference, "ProjectionsEnabled", "1", {"type": "int"})
    measure = _child(properties, "Measure")
    _child(measure, "Ellipsoid", "GRS80", {"type": "QString"})
