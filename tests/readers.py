"""Scripts for readers that are not ours: they run in the Python of QGIS and print JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import QgisPython

_START = """
import json, sys
from qgis.core import *
from qgis.PyQt.QtCore import QSize, NULL
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
messages = []
QgsApplication.messageLog().messageReceived.connect(lambda text, tag, level: messages.append(text))
"""
_READ = (
    _START
    + """
lonlat = QgsCoordinateReferenceSystem("EPSG:4490")
found = {}
for path in sys.argv[2:]:
    layers = {}
    whole = QgsVectorLayer(path, "whole", "ogr")
    for text in whole.dataProvider().subLayers():
        name = text.split(QgsDataProvider.sublayerSeparator())[1]
        if name == "layer_styles":
            continue
        layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
        crs = QgsCoordinateReferenceSystem(sys.argv[1]) if sys.argv[1] else layer.crs()
        back = QgsCoordinateTransform(crs, lonlat, QgsCoordinateTransformContext())
        rows = []
        for feature in layer.getFeatures():
            row = {
                field.name(): None if value == NULL else value
                for field, value in zip(layer.fields(), feature.attributes())
            }
            geometry = feature.geometry()
            valid = None
            if not geometry.isNull():
                valid = geometry.isGeosValid()
                geometry.transform(back)
            wkb = None if geometry.isNull() else bytes(geometry.asWkb()).hex()
            rows.append({"values": row, "wkb": wkb, "valid": valid})
        layers.setdefault(name, {
            "crs": layer.crs().authid(),
            "renderer": layer.renderer().type() if layer.renderer() else None,
            "colour": layer.renderer().symbols(QgsRenderContext())[0].color().name()
            if layer.renderer() and layer.renderer().symbols(QgsRenderContext()) else None,
            "labels": layer.labelsEnabled(),
            "headings": {f.name(): layer.attributeAlias(i) for i, f in enumerate(layer.fields())},
            "rows": [],
        })["rows"] += rows
    found[path] = layers
print(json.dumps(found, default=str))
"""
)
#: Opens a project, says what it found, and draws it. Arguments: project, picture, pixels wide.
_DRAW = (
    _START
    + """
project = QgsProject.instance()
is_read = project.read(sys.argv[1])
root = project.layerTreeRoot()
groups = []
def walk(group, path):
    for child in group.children():
        if isinstance(child, QgsLayerTreeGroup):
            walk(child, path + [child.name()])
        else:
            groups.append([path, child.name(), child.isVisible()])
walk(root, [])
shown = [layer for layer in root.layerOrder() if root.findLayer(layer).isVisible()]
settings = QgsMapSettings()
settings.setLayers(shown)
settings.setDestinationCrs(project.crs())
settings.setBackgroundColor(project.backgroundColor())
settings.setOutputDpi(96)
extent = QgsRectangle(*[float(number) for number in sys.argv[4:8]])
width = int(sys.argv[3])
settings.setOutputSize(QSize(width, round(width * extent.height() / extent.width())))
settings.setExtent(extent)
job = QgsMapRendererSequentialJob(settings)
job.start()
job.waitForFinished()
job.renderedImage().save(sys.argv[2])
print(json.dumps({
    "is_read": is_read,
    "error": project.error(),
    "crs": project.crs().authid(),
    "broken": [layer.name() for layer in project.mapLayers().values() if not layer.isValid()],
    "ids": sorted(project.mapLayers()),
    "order": [layer.id() for layer in root.layerOrder()],
    "sources": sorted(layer.source() for layer in project.mapLayers().values()),
    "groups": groups,
    "drawing_errors": [error.message for error in job.errors()],
    "messages": messages,
}))
"""
)


@dataclass(frozen=True)
class Row:
    """A feature as a foreign reader gives it: its values, and its shape in lon/lat."""

    values: dict[str, Any]
    shape: shapely.Geometry | None
    is_valid: bool | None


@dataclass(frozen=True)
class Read:
    """A layer as QGIS reads it."""

    crs: str
    renderer: str | None
    colour: str | None
    has_labels: bool
    headings: dict[str, str]
    rows: list[Row]


def read_with_qgis(qgis: QgisPython, *paths: Path, crs: str = "") -> dict[str, Read]:
    """Read every layer of data sources with QGIS; ``crs`` where the format cannot say it.

    Returns
    -------
    dict[str, Read]
        Layer by its name, or ``path:name`` where several data sources are read.
    """
    found = json.loads(qgis(_READ, crs, *paths).splitlines()[-1])
    return {
        name if len(paths) == 1 else f"{path}:{name}": Read(
            layer["crs"],
            layer["renderer"],
            layer["colour"],
            layer["labels"],
            layer["headings"],
            [_row(row) for row in layer["rows"]],
        )
        for path, layers in found.items()
        for name, layer in layers.items()
    }


def _row(row: dict[str, Any]) -> Row:
    shape = None if row["wkb"] is None else shapely.from_wkb(bytes.fromhex(row["wkb"]))
    return Row(row["values"], shape, row["valid"])


def draw_with_qgis(
    qgis: QgisPython, project: Path, picture: Path, extent: tuple[float, ...]
) -> dict[str, Any]:
    """Open a project in QGIS, draw it, and say what it holds."""
    output = qgis(_DRAW, project, picture, "900", *(str(number) for number in extent))
    told: dict[str, Any] = json.loads(output.splitlines()[-1])
    return told
