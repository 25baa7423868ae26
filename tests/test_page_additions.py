"""Ordinary folium layers on the atlas, and plan layers on an ordinary folium map, in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import pytest

from taixin.atlas import Atlas
from taixin.errors import AssetError
from taixin.overlays import PlanLayer
from tests import samples
from tests.atlas_page import click_at, drawn, look_at, open_atlas, role

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from tests.browsing import OfflinePage

LEAFLET = Path(__file__).resolve().parents[1] / "src/taixin/viewer/node_modules/leaflet/dist"
SITE = samples.box(112.1, 38.1, 112.4, 38.3)
SPOT = [38.2, 112.6]
POLY_LINE: Any = folium.PolyLine  # folium leaves it without types

#: What a folium user adds, and where it shows on the page.
ADDED: dict[str, tuple[Callable[[], Any], str]] = {
    "a marker": (lambda: folium.Marker(SPOT), ".leaflet-marker-icon"),
    "a circle": (lambda: folium.CircleMarker(SPOT), ".leaflet-overlay-pane path"),
    "a line": (lambda: POLY_LINE([SPOT, [38.3, 112.8]]), ".leaflet-overlay-pane path"),
    "GeoJSON": (lambda: folium.GeoJson(SITE, name="site"), ".leaflet-overlay-pane path"),
    "a group": (
        lambda: folium.FeatureGroup("group").add_child(folium.Marker(SPOT)),
        ".leaflet-marker-icon",
    ),
    "a marker with a tooltip": (
        lambda: folium.Marker(SPOT, tooltip="tip"),
        ".leaflet-marker-icon",
    ),
    "a marker with a popup": (lambda: folium.Marker(SPOT, popup="pop"), ".leaflet-marker-icon"),
    "a marker with an icon": (
        lambda: folium.Marker(SPOT, icon=folium.Icon(color="red")),
        ".leaflet-marker-icon",
    ),
    "a control of layers": (folium.LayerControl, ".leaflet-control-layers"),
}


@pytest.mark.parametrize(("make", "selector"), ADDED.values(), ids=ADDED)
def test_an_ordinary_layer_is_drawn_or_refused_and_never_breaks_the_page(
    make: Callable[[], Any], selector: str, offline_page: OfflinePage, tmp_path: Path
) -> None:
    geo, plans = samples.write_geo(tmp_path / "geo"), samples.write_plans(tmp_path / "layers")
    library, facts, layers = samples.build_small(geo, plans)
    atlas = Atlas(layers, library, facts)
    make().add_to(atlas)
    try:
        atlas.save(tmp_path / "index.html")
    except AssetError as error:
        assert "Leave that layer out" in str(error)  # noqa: PT017 - refusing is the other good end
        return
    page = open_atlas(offline_page, tmp_path / "index.html")

    assert page.locator(selector).count() >= 1
    assert len(drawn(page)["lake-2030/clusters"]) == 2
    offline_page.assert_quiet()


def serve_leaflet(route: Route) -> None:
    """Answer folium's CDN links: Leaflet from its npm package, the rest with nothing."""
    name = route.request.url.rsplit("/", 1)[-1]
    if route.request.url.startswith("file:"):
        route.continue_()
    elif name in {"leaflet.js", "leaflet.css"}:
        route.fulfill(path=LEAFLET / name)
    else:
        kind = "text/css" if name.endswith(".css") else "text/javascript"
        route.fulfill(body="", content_type=kind)


@pytest.fixture
def any_map(offline_page: OfflinePage, tmp_path: Path) -> Page:
    """Give an ordinary folium map with a marker and three layers of the Taixin plan."""
    library = samples.own()[0]
    plan = library.plan(samples.TAIXIN)
    figure = folium.Map([38.6, 112.9], zoom_start=9, tiles=None)
    folium.Marker([38.6, 112.9]).add_to(figure)
    for name in ("clusters", "axes", "start-up-areas"):
        PlanLayer(plan, name, library=library).add_to(figure)
    PlanLayer(plan, "corridors", library=library, show=False).add_to(figure)
    folium.LayerControl(collapsed=False).add_to(figure)
    figure.save(tmp_path / "map.html")
    offline_page.page.route("**/*", serve_leaflet)
    return offline_page.open(tmp_path / "map.html")


def test_plan_layers_are_drawn_beside_ordinary_layers(
    any_map: Page, offline_page: OfflinePage
) -> None:
    assert {name: len(ids) for name, ids in drawn(any_map).items()} == {
        "taixin-2035/clusters": 4,
        "taixin-2035/axes": 2,
        "taixin-2035/start-up-areas": 11,
    }
    assert any_map.locator(".leaflet-marker-icon").count() == 1
    assert (offline_page.console_errors, offline_page.page_errors) == ([], [])


def test_a_plan_layer_names_what_is_under_the_pointer(any_map: Page) -> None:
    x, y = look_at(any_map, 112.7184, 38.1763, 10)
    any_map.mouse.move(x - 2, y)
    any_map.mouse.move(x, y)

    any_map.locator(".leaflet-tooltip", has_text="阳曲县大盂镇").wait_for()


def test_a_plan_layer_opens_the_card_with_its_citation_as_a_popup(any_map: Page) -> None:
    click_at(any_map, 112.7184, 38.1763, 10)
    card = any_map.locator(".leaflet-popup article")
    card.first.wait_for()

    assert "阳曲县大盂镇" in card.first.inner_text()
    assert "启动区空间范围初步方案" in (role(card.first, "section").text_content() or "")


def test_a_plan_layer_is_switched_by_foliums_own_control(any_map: Page) -> None:
    title = samples.own_layer("taixin-2035/corridors").recipe.title.zh
    entry = any_map.locator(".leaflet-control-layers-overlays label", has_text=title)

    entry.locator("input").check()
    assert len(drawn(any_map)["taixin-2035/corridors"]) == 4
    entry.locator("input").uncheck()
    assert "taixin-2035/corridors" not in drawn(any_map)
