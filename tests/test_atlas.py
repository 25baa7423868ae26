"""The atlas as text: what is in the page, what is not, and what may be added to it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import folium
import pytest
from folium.plugins import MarkerCluster, MiniMap
from shapely.geometry import shape

from taixin.atlas import Atlas
from taixin.errors import AssetError, InputError, OutputError
from taixin.overlays import PlanLayer
from tests import samples
from tests.unpacking import FURNITURE, inflate, read_block, records, turned

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from taixin import Layer, Plan
    from tests.unpacking import Pack

# folium leaves these without types
POLY_LINE: Any = folium.PolyLine
MARKER_CLUSTER: Any = MarkerCluster
BLOCKS = ("taixin-manifest", "taixin-base", "taixin-layers", "taixin-shapes")


class Parts(HTMLParser):
    """The parts of a page that could run, be fetched or be styled."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.inline: dict[str, list[str]] = {"script": [], "style": []}
        self.blocks: dict[str, Any] = {}
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.policy = ""
        self._open: tuple[str, dict[str, str | None]] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag asks for."""
        given = dict(attrs)
        self.links += [f"{tag} {given[key]}" for key in ("src", "href", "data") if given.get(key)]
        self.handlers += [key for key in given if key.startswith("on") or key == "style"]
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = str(given["content"])
        if tag in self.inline:
            self._open = (tag, given)

    def handle_data(self, data: str) -> None:
        """Keep what stands in a script or style."""
        if self._open is None:
            return
        tag, given = self._open
        if given.get("id") == FURNITURE:
            self.inline[tag].append(inflate(data).decode())
        elif given.get("type") == "application/gzip":
            self.blocks[str(given["id"])] = read_block(data)
        else:
            self.inline[tag].append(data)

    def handle_endtag(self, tag: str) -> None:
        """Close a script or style."""
        if tag in self.inline:
            self._open = None


@pytest.fixture(scope="module")
def parts() -> Parts:
    """Give the parts of the page of the project's own plans."""
    return Parts(samples.own_page())


@pytest.fixture
def atlas(tmp_path: Path) -> Atlas:
    """Give an atlas of the small world, to which something may be added."""
    geo, plans = samples.write_geo(tmp_path / "geo"), samples.write_plans(tmp_path / "layers")
    library, facts, layers = samples.build_small(geo, plans)
    return Atlas(layers, library, facts)


# ---- the page -----------------------------------------------------------------------------------


def test_the_page_asks_for_nothing(parts: Parts) -> None:
    assert [link for link in parts.links if not link.split()[1].startswith(("data:", "#"))] == []
    assert "http-equiv" not in " ".join(parts.links)


def test_the_page_has_no_inline_handlers_or_styles_that_its_policy_would_block(
    parts: Parts,
) -> None:
    assert parts.handlers == []


def test_the_policy_allows_just_the_scripts_and_styles_in_the_page(parts: Parts) -> None:
    policy = dict(part.strip().partition(" ")[::2] for part in parts.policy.split(";"))

    assert policy["default-src"] == "'none'"
    assert "connect-src" not in policy
    for kind in ("script", "style"):
        expected = {
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in parts.inline[kind]
        }
        assert set(policy[f"{kind}-src"].split()) == expected


def test_the_page_evaluates_nothing(parts: Parts) -> None:
    code = "\n".join(parts.inline["script"])

    assert re.findall(r"\beval\(|new Function\b|\bXMLHttpRequest\b|\bfetch\(", code) == []


def test_the_page_carries_every_layer_as_it_is_built(parts: Parts) -> None:
    assert parts.blocks.keys() == set(BLOCKS)
    layers = samples.own()[2]
    assert parts.blocks["taixin-layers"].keys() == {layer.id for layer in layers}
    for layer in layers:
        assert_carried(parts.blocks["taixin-layers"], parts.blocks["taixin-shapes"], layer)


def assert_carried(blocks: dict[str, Any], shapes: Pack, layer: Layer) -> None:
    """Assert that properties and shapes in a page make the layer's GeoJSON."""
    document = json.loads(layer.text)
    carried = blocks[layer.id]
    geometries = shapes.geometries(layer.id)

    told = [list(record.items()) for record in records(carried["features"])]
    assert told == [list(feature["properties"].items()) for feature in document["features"]]
    assert [turned(geometry) for geometry in geometries] == [
        turned(feature["geometry"]) for feature in document["features"]
    ]
    shown = {"type", "features", "bbox"}
    assert carried["members"] == {key: document[key] for key in document.keys() - shown}


def test_the_manifest_counts_what_the_layers_hold(parts: Parts) -> None:
    described = {
        info["id"]: info
        for plan in parts.blocks["taixin-manifest"]["plans"]
        for system in plan["systems"]
        for info in system["layers"]
    }

    assert described.keys() == {layer.id for layer in samples.own()[2]}
    for layer in samples.own()[2]:
        document = json.loads(layer.text)
        located = [feature for feature in document["features"] if feature["geometry"]]
        info = described[layer.id]
        assert info["features"] == len(document["features"])
        assert info["located"] == len(located)
        assert info["unlocated"] == len(document["features"]) - len(located)
        assert info["bbox"] == document.get("bbox")


def test_the_manifest_names_every_source_the_layers_rest_on(parts: Parts) -> None:
    sources = parts.blocks["taixin-manifest"]["sources"]
    named = {source["id"]: set(source["used_by"]) for source in sources}

    for layer in samples.own()[2]:
        assert {source for source in named if layer.id in named[source]} == set(layer.sources)
    assert all(source["licence"] and source["attribution"] for source in sources)


def test_the_page_carries_the_licences_of_others_work(parts: Parts) -> None:
    licences = {item["name"]: item for item in parts.blocks["taixin-manifest"]["licences"]}

    assert licences["leaflet"]["version"] == "1.9.4"
    assert "BSD" in licences["leaflet"]["licence"]
    assert all(len(item["text"]) > 200 for item in licences.values())


def test_the_base_map_is_ours_and_knows_the_counties(parts: Parts) -> None:
    base, shapes = parts.blocks["taixin-base"], parts.blocks["taixin-shapes"]

    assert base.keys() == {"counties", "rivers", "places", "stations"}
    assert len(base["counties"]["ids"]) == 117
    for name, told in base.items():
        assert len(shapes.geometries(f"base:{name}")) == len(told["ids"])
    counties = samples.own()[1].counties.facts
    assert base["counties"]["ids"] == [fact.id for fact in counties]
    said = records(base["counties"]["properties"])
    assert said == [json.loads(json.dumps(fact.properties)) for fact in counties]
    for fact, geometry in zip(counties, shapes.geometries("base:counties"), strict=True):
        assert shape(geometry).equals(fact.geometry)


def test_borders_of_the_base_map_are_stored_once_for_all_layers(parts: Parts) -> None:
    arcs = parts.blocks["taixin-shapes"].arcs
    edges = [frozenset(edge) for arc in arcs for edge in pairwise(arc)]

    assert len(edges) == len(set(edges))


def test_the_page_is_small() -> None:
    assert len(samples.own_page().encode()) < 1_150_000


def test_the_page_says_its_review_state_and_the_date_of_its_newest_document(parts: Parts) -> None:
    manifest = parts.blocks["taixin-manifest"]
    dates = [document["date"] for plan in manifest["plans"] for document in plan["documents"]]

    assert manifest["date"] == max(dates)
    assert manifest["review"]["zh"] == "内部工作图，未经审核"


def test_an_atlas_gives_the_same_page_twice(atlas: Atlas) -> None:
    assert atlas.html() == atlas.html()


def test_two_atlases_of_the_same_layers_give_the_same_page() -> None:
    library, facts, layers = samples.own()
    first, second = (Atlas(layers, library, facts).html() for _ in range(2))

    assert first == second


def test_an_atlas_without_layers_is_still_a_page(atlas: Atlas, tmp_path: Path) -> None:
    library, facts, _ = samples.build_small(tmp_path / "geo", tmp_path / "layers")
    page = Parts(Atlas((), library, facts).html())

    assert page.blocks["taixin-layers"] == {}
    assert len(page.blocks["taixin-base"]["counties"]["ids"]) == 2
    assert Parts(atlas.html()).blocks["taixin-layers"] != {}


# ---- saving -------------------------------------------------------------------------------------


def test_an_atlas_is_a_folium_map_that_saves_as_one_file(atlas: Atlas, tmp_path: Path) -> None:
    atlas.save(tmp_path / "out" / "atlas.html")

    assert isinstance(atlas, folium.Map)
    assert (tmp_path / "out" / "atlas.html").read_text(encoding="utf-8") == atlas.html()
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_saving_where_nothing_can_be_written_is_told(atlas: Atlas, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(OutputError, match="cannot be written"):
        atlas.save(tmp_path / "file" / "atlas.html")


def test_a_notebook_shows_the_page_in_a_frame(atlas: Atlas) -> None:
    shown = atlas._repr_html_()

    assert shown.startswith("<iframe srcdoc=")
    assert "<script" not in shown


# ---- what may be added --------------------------------------------------------------------------

ORDINARY: dict[str, Callable[[], Any]] = {
    "a marker": lambda: folium.Marker([38.2, 112.6]),
    "a circle": lambda: folium.CircleMarker([38.2, 112.6], radius=8),
    "a line": lambda: POLY_LINE([[38.2, 112.6], [38.3, 112.7]]),
    "GeoJSON": lambda: folium.GeoJson(samples.box(112.1, 38.1, 112.3, 38.3), name="site"),
    "a group": lambda: folium.FeatureGroup("group").add_child(folium.Marker([38.2, 112.6])),
}
WANTS_THE_NETWORK: dict[str, Callable[[], Any]] = {
    "a plugin from a CDN": lambda: MARKER_CLUSTER([[38.2, 112.6]]),
    "tiles": lambda: folium.TileLayer("OpenStreetMap"),
    "tiles of a map service": lambda: folium.WmsTileLayer("https://example.invalid/wms", "roads"),
    "an inset of tiles": MiniMap,
    "tiles in a group": lambda: folium.FeatureGroup("group").add_child(
        folium.TileLayer("https://example.invalid/{z}/{x}/{y}.png", attr="nobody")
    ),
    "a picture from elsewhere": lambda: folium.raster_layers.ImageOverlay(
        "https://example.invalid/plan.png", [[38, 112], [39, 113]]
    ),
    "an icon from elsewhere": lambda: folium.Marker(
        [38.2, 112.6], icon=folium.CustomIcon("https://example.invalid/icon.png")
    ),
}


@pytest.mark.parametrize("make", ORDINARY.values(), ids=ORDINARY)
def test_an_ordinary_folium_layer_may_be_added(make: Callable[[], Any], atlas: Atlas) -> None:
    before = atlas.html()
    make().add_to(atlas)
    page = Parts(atlas.html())

    assert atlas.html() != before
    assert [link for link in page.links if "//" in link] == []


@pytest.mark.parametrize("make", WANTS_THE_NETWORK.values(), ids=WANTS_THE_NETWORK)
def test_a_layer_that_wants_the_network_is_refused(
    make: Callable[[], Any], atlas: Atlas, tmp_path: Path
) -> None:
    make().add_to(atlas)

    with pytest.raises(AssetError, match=r"from the network.*Leave that layer out"):
        atlas.save(tmp_path / "atlas.html")
    assert not (tmp_path / "atlas.html").exists()


def test_an_atlas_leaves_folium_as_it_was(atlas: Atlas) -> None:
    before = (list(folium.Map.default_js), list(folium.Map.default_css))
    atlas.html()

    assert (folium.Map.default_js, folium.Map.default_css) == before
    assert atlas.default_js == []
    assert "leaflet.js" in folium.Map().get_root().render()


# ---- a plan layer on any map --------------------------------------------------------------------


def own_plan() -> Plan:
    return next(plan for plan in samples.own()[0].plans if plan.id == "taixin-2035")


def test_a_plan_layer_carries_its_collection_and_only_what_it_needs() -> None:
    figure = folium.Map(tiles=None)
    PlanLayer(own_plan(), "axes").add_to(figure)
    block, shapes = Parts(figure.get_root().render()).blocks.values()

    assert block["layers"].keys() == {"taixin-2035/axes"}
    assert_carried(block["layers"], shapes, samples.own_layer("taixin-2035/axes"))
    assert [system["id"] for system in block["plans"][0]["systems"]] == ["structure"]


def test_two_plan_layers_share_one_bundle() -> None:
    figure = folium.Map(tiles=None)
    for name in ("axes", "clusters"):
        PlanLayer(own_plan(), name).add_to(figure)
    page = Parts(figure.get_root().render())
    bundles = [text for text in page.inline["script"] if "planLayer" in text and len(text) > 5000]

    assert len(page.blocks) == 4
    assert len(bundles) == 1


def test_a_plan_layer_that_does_not_exist_is_answered_with_the_nearest() -> None:
    with pytest.raises(
        InputError, match=r"taixin-2035: axis: .*no such layer; did you mean 'axes'"
    ):
        PlanLayer(own_plan(), "axis")


def test_a_plan_layer_on_no_map_says_so() -> None:
    with pytest.raises(AssetError, match="stands on no map"):
        PlanLayer(own_plan(), "axes").render()
