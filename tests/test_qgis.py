"""QGIS opens every committed layer as a planner drags it in, and says nothing against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import QgisPython

FILES = sorted((Path(__file__).resolve().parents[1] / "layers").glob("*/*.geojson"))
CRS84 = {"OGC:CRS84", "EPSG:4326"}
TYPES = {"Point": 0, "LineString": 1, "Polygon": 2}
SCRIPT = """
import json, os, sys
from qgis.core import Qgis, QgsApplication, QgsVectorLayer
application = QgsApplication([], False)
application.initQgis()
said = []
log = lambda text, tag, level: said.append([tag, text, int(level)])
QgsApplication.messageLog().messageReceived[str, str, Qgis.MessageLevel].connect(log)
found = {}
for path in sys.argv[1:]:
    del said[:]
    layer = QgsVectorLayer(path, "layer", "ogr")
    features = list(layer.getFeatures())
    found[path] = {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "type": int(layer.geometryType()),
        "names": [feature["name"] for feature in features],
        "members": [feature["members"] for feature in features],
        "located": [feature.hasGeometry() for feature in features],
        "broken": [
            feature["id"] for feature in features
            if feature.hasGeometry() and not feature.geometry().isGeosValid()
        ],
        "extent": [
            layer.extent().xMinimum(), layer.extent().yMinimum(),
            layer.extent().xMaximum(), layer.extent().yMaximum(),
        ],
        "said": [message for message in said if message[2] in (1, 2)],
    }
print(json.dumps(found, default=str), flush=True)
os._exit(0)  # QGIS may crash on its way out, when nothing is left to do
"""


@pytest.fixture(scope="module")
def opened(qgis_python: QgisPython) -> dict[str, Any]:
    """Open every committed layer in one QGIS."""
    found: dict[str, Any] = json.loads(qgis_python(SCRIPT, *FILES).splitlines()[-1])
    return found


every_file = pytest.mark.parametrize(
    "path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES]
)


@every_file
def test_qgis_opens_a_layer_without_a_warning(path: Path, opened: dict[str, Any]) -> None:
    layer = opened[str(path)]

    assert layer["valid"]
    assert (layer["said"], layer["broken"]) == ([], [])
    if any(layer["located"]):  # to QGIS, what is nowhere has no system of coordinates
        assert layer["crs"] in CRS84


def test_qgis_has_something_against_a_broken_file(qgis_python: QgisPython, tmp_path: Path) -> None:
    broken = tmp_path / "broken.geojson"
    broken.write_text(FILES[0].read_text(encoding="utf-8")[:-40], encoding="utf-8")
    (layer,) = json.loads(qgis_python(SCRIPT, broken).splitlines()[-1]).values()

    assert layer["said"] or not layer["valid"]


@every_file
def test_qgis_reads_what_is_written(path: Path, opened: dict[str, Any]) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    layer, features = opened[str(path)], document["features"]

    assert layer["count"] == len(features)
    assert layer["names"] == [feature["properties"]["name"] for feature in features]
    assert layer["members"] == [feature["properties"]["members"] for feature in features]
    assert layer["located"] == [feature["geometry"] is not None for feature in features]
    if document.get("bbox"):
        first = next(feature["geometry"]["type"] for feature in features if feature["geometry"])
        assert layer["type"] == TYPES[first.removeprefix("Multi")]
        assert layer["extent"] == pytest.approx(document["bbox"], abs=1e-9)
