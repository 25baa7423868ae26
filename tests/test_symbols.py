"""Symbols in the words of other programs: every kind of ours, read by QGIS."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest

from taixin import symbols
from taixin.exports.base_map import base_kinds
from tests import samples

if TYPE_CHECKING:
    from tests.conftest import QgisPython

KINDS: Final = dict(samples.own()[0].kinds) | base_kinds()
GEOMETRY: Final = {"polygon": "Polygon", "line": "LineString", "point": "Point"}
SLD: Final = "{http://www.opengis.net/sld}"

LOAD = """
import json, sys
from qgis.core import *
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
messages = []
QgsApplication.messageLog().messageReceived.connect(lambda text, tag, level: messages.append(text))
found = {}
for name, style in json.load(open(sys.argv[1], encoding="utf-8")).items():
    layer = QgsVectorLayer(style["geometry"] + "?crs=EPSG:4490&field=id:string&field=name:string"
        "&field=basis:string&field=accuracy_m:integer", name, "memory")
    told = {}
    for form in ("qml", "sld"):
        path = f"{sys.argv[2]}/{name}.{form}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(style[form])
        text, ok = layer.loadNamedStyle(path) if form == "qml" else layer.loadSldStyle(path)
        context = QgsRenderContext()
        layers = [
            part for symbol in layer.renderer().symbols(context) for part in symbol.symbolLayers()
        ]
        told[form] = {
            "ok": ok,
            "text": text,
            "rules": len(layer.renderer().symbols(context)),
            "types": [part.layerType() for part in layers],
            "colours": [part.color().name() for part in layers]
            + [part.strokeColor().name() for part in layers],
            "labels": layer.labelsEnabled(),
            "scale": layer.labeling().settings().minimumScale if layer.labeling() else None,
        }
    found[name] = told
print(json.dumps({"found": found, "messages": messages}))
"""


@pytest.fixture(scope="module")
def loaded(qgis_python: QgisPython, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:  # type: ignore[type-arg] # JSON
    """Let QGIS load the styles of every kind."""
    folder = tmp_path_factory.mktemp("styles")
    styles = {
        name: {
            "geometry": GEOMETRY[kind.geometry],
            "qml": symbols.qml(kind, {"name": "名称"}),
            "sld": symbols.sld(kind, name),
        }
        for name, kind in KINDS.items()
    }
    (folder / "styles.json").write_text(json.dumps(styles), encoding="utf-8")
    told = json.loads(qgis_python(LOAD, folder / "styles.json", folder).splitlines()[-1])
    assert told["messages"] == []
    found: dict[str, dict] = told["found"]  # type: ignore[type-arg] # JSON
    return found


@pytest.mark.parametrize("name", KINDS)
def test_qgis_draws_every_kind_in_its_own_colour(name: str, loaded: dict[str, dict]) -> None:  # type: ignore[type-arg] # JSON
    kind = KINDS[name]
    for form in ("qml", "sld"):
        style = loaded[name][form]
        assert style["ok"], style["text"]
        if kind.symbol.fill_opacity or kind.symbol.width:
            expected = {symbols.ink(kind).lower(), kind.symbol.fill if kind.symbol.soft else None}
            assert expected & set(style["colours"]), form
        assert style["labels"] == (kind.text.placement != "none"), form


def test_uncertain_features_have_a_rule_of_their_own(loaded: dict[str, dict]) -> None:  # type: ignore[type-arg] # JSON
    assert loaded["development_axis"]["qml"]["rules"] == 2
    assert loaded["development_axis"]["sld"]["rules"] == 2
    assert loaded["start_up_area"]["qml"]["rules"] == 2
    assert loaded["rail_line"]["qml"]["rules"] == 1  # dashed by itself


def test_soft_bodies_and_hatches_survive(loaded: dict[str, dict]) -> None:  # type: ignore[type-arg] # JSON
    assert "ShapeburstFill" in loaded["ecological_barrier"]["qml"]["types"]
    assert "LinePatternFill" in loaded["industry_cluster"]["qml"]["types"]


def test_names_appear_at_the_scale_of_the_page(loaded: dict[str, dict]) -> None:  # type: ignore[type-arg] # JSON
    axis, park = (loaded[name]["qml"]["scale"] for name in ("development_axis", "heritage"))
    assert axis == pytest.approx(4 * park, rel=1e-3)  # zoom 7 and zoom 9
    assert 3_000_000 < axis < 4_000_000


@pytest.mark.parametrize("name", KINDS)
def test_styles_are_well_formed_and_the_same_each_time(name: str) -> None:
    kind = KINDS[name]
    first, second = ((symbols.qml(kind, {"a": "<&>"}), symbols.sld(kind, "<&>")) for _ in range(2))
    assert first == second
    for text in first:
        ET.fromstring(text)  # noqa: S314 - written by ourselves


def test_the_name_of_a_layer_cannot_break_out_of_a_style() -> None:
    kind = KINDS["heritage"]
    root = ET.fromstring(symbols.sld(kind, "</Name><x>"))  # noqa: S314 - written by ourselves
    assert root.findtext(f"{SLD}NamedLayer/{SLD}Name") == "</Name><x>"


def test_every_kind_has_one_ink() -> None:
    assert all(symbols.ink(kind).startswith("#") for kind in KINDS.values())
