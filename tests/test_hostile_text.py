"""Text that wants to be code: it appears as it is written, in the atlas and on any folium map."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import folium
import pytest

from taixin.atlas import Atlas
from taixin.overlays import PlanLayer
from tests import samples
from tests.atlas_page import click_at, drawn, open_atlas, role

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Dialog, Page, Route

    from tests.browsing import OfflinePage

    OpenMap = Callable[[str, str], Page]

HOSTILE = (
    "</script><script>window.__pwned = 1</script>"
    "<img src=x onerror=\"window.__pwned = 2; alert('pwned')\">"
    "{{ 7*7 }}{% if %}{# x #}${window.__pwned = 3}${1+1}`+alert(4)+`"
    "'\"\\u003cb\\u003e&lt;b&gt;]]>--><!-- "
    "\u202eعكس\u202c \U0001f684 \u2028\u2029 \\ 忻"
)
TEXT_KEYS = "zh|en|term|section|note|accuracy_reason|issuer|attribution|licence|unit"
QUOTED = re.compile(rf'\b({TEXT_KEYS}) = ("(?:[^"\\]|\\.)*")')
LEAFLET = Path(__file__).resolve().parents[1] / "src/taixin/viewer/node_modules/leaflet/dist"


def poison(text: str) -> str:
    """Add the hostile text to every text of a TOML file that people read."""

    def longer(match: re.Match[str]) -> str:
        value = json.dumps(json.loads(match[2]) + HOSTILE, ensure_ascii=False)
        return f"{match[1]} = {value}"

    poisoned = QUOTED.sub(longer, text)
    aliases = json.dumps(["L1轴" + HOSTILE], ensure_ascii=False)
    return poisoned.replace('aliases = ["L1轴"]', f"aliases = {aliases}")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write a small world in which every text is hostile: facts, plan, kinds, figure labels."""
    folder = tmp_path_factory.mktemp("hostile")
    geo, plans = samples.write_geo(folder / "geo"), samples.write_plans(folder / "layers")
    for name in ("kinds.toml", "figures.toml"):
        text = (samples.REPO / "layers" / name).read_text(encoding="utf-8")
        (plans / name).write_text(text, encoding="utf-8")
    for path in (*plans.rglob("*.toml"), geo / "sources.toml"):
        path.write_text(poison(path.read_text(encoding="utf-8")), encoding="utf-8")
    counties = json.loads((geo / "counties.geojson").read_text(encoding="utf-8"))
    for county in counties["features"]:
        county["properties"].update(name_en="County" + HOSTILE, city="湖市" + HOSTILE)
    (geo / "counties.geojson").write_text(json.dumps(counties), encoding="utf-8")
    return geo, plans


@pytest.fixture(scope="module")
def atlas_file(world: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the atlas of the hostile world."""
    library, facts, layers = samples.build_small(*world)
    path = tmp_path_factory.mktemp("site") / "index.html"
    Atlas(layers, library, facts).save(path)
    return path


class Guard:
    """Notices whatever runs that should not."""

    def __init__(self, offline_page: OfflinePage) -> None:
        self.dialogs: list[str] = []
        self._opened = offline_page
        offline_page.page.on("dialog", self._note)

    def _note(self, dialog: Dialog) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def assert_nothing_ran(self) -> None:
        """Assert that no hostile code ran, drew an element or asked for a file."""
        page = self._opened.page
        page.wait_for_timeout(200)
        assert page.evaluate("window.__pwned") is None
        assert self.dialogs == []
        assert page.locator("img[src='x']").count() == 0
        assert self._opened.page_errors == []
        assert [url for url in self._opened.requests if url.endswith("/x")] == []


@pytest.fixture
def guard(offline_page: OfflinePage) -> Guard:
    """Give the guard of the page of this test."""
    return Guard(offline_page)


def text(page: Page, name: str) -> str:
    return role(page, name).first.text_content() or ""


def test_every_text_of_the_small_world_was_made_hostile(world: tuple[Path, Path]) -> None:
    library, facts, layers = samples.build_small(*world)
    axis = next(layer for layer in layers if layer.id.endswith("axes")).features[0].properties

    for key in ("name", "name_en", "summary", "summary_en", "section", "term", "note"):
        assert str(axis[key]).endswith(HOSTILE), key
    assert axis["aliases"] == ["L1轴" + HOSTILE]
    assert library.kinds["development_axis"].label.zh.endswith(HOSTILE)
    assert facts.sources["survey"].attribution.endswith(HOSTILE)


def test_the_atlas_opens_and_nothing_runs(
    guard: Guard, offline_page: OfflinePage, atlas_file: Path
) -> None:
    page = open_atlas(offline_page, atlas_file)
    role(page, "about-open").click()

    assert drawn(page)["lake-2030/clusters"] == [
        "lake-2030/clusters/west",
        "lake-2030/clusters/east",
    ]
    assert HOSTILE in text(page, "about")
    assert HOSTILE in text(page, "tree")
    assert HOSTILE in text(page, "legend")
    assert HOSTILE in text(page, "footer")
    guard.assert_nothing_ran()
    offline_page.assert_quiet()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_card_shows_hostile_text_as_it_is_written(
    lang: str, guard: Guard, offline_page: OfflinePage, atlas_file: Path
) -> None:
    page = open_atlas(offline_page, atlas_file)
    if lang == "en":
        role(page, "language").click()
    click_at(page, 112.5, 38.25)
    role(page, "card").locator("[data-feature='lake-2030/axes/lake-axis']").first.click()
    card = page.locator("article[data-feature='lake-2030/axes/lake-axis']")
    name = {"zh": "湖路轴", "en": "Lake road axis"}[lang]

    assert role(card, "card-name").text_content() == name + HOSTILE
    for part in ("summary", "kind", "system", "aliases", "note", "section", "term", "document"):
        assert HOSTILE in (role(card, part).text_content() or ""), part
    guard.assert_nothing_ran()
    offline_page.assert_quiet()


def test_hostile_names_stand_beside_the_pointer_and_on_the_map(
    guard: Guard, offline_page: OfflinePage, atlas_file: Path
) -> None:
    page = open_atlas(offline_page, atlas_file)
    click_at(page, 112.25, 38.2, 11)
    page.mouse.move(600, 400)
    page.mouse.move(604, 402)
    role(page, "hover").wait_for()

    assert "</script>" in text(page, "hover")
    guard.assert_nothing_ran()


def test_a_county_lists_what_is_not_located_in_it(
    guard: Guard, offline_page: OfflinePage, atlas_file: Path
) -> None:
    page = open_atlas(offline_page, atlas_file)
    click_at(page, 112.05, 38.05, 11)
    role(page, "hits").locator("[data-county='140001']").click()

    assert "森林园" + HOSTILE in text(page, "county-unlocated")
    assert "湖市" + HOSTILE in text(page, "city")
    guard.assert_nothing_ran()


def test_a_layer_with_hostile_text_is_downloaded_as_it_is(
    guard: Guard, offline_page: OfflinePage, atlas_file: Path, world: tuple[Path, Path]
) -> None:
    page = open_atlas(offline_page, atlas_file)
    page.locator("[data-expand='lake-2030/axes']").click()
    with page.expect_download() as started:
        page.locator("[data-download='lake-2030/axes']").click()
    layers = samples.build_small(*world)[2]
    ours = next(layer for layer in layers if layer.id == "lake-2030/axes").text

    assert json.loads(started.value.path().read_text(encoding="utf-8")) == json.loads(ours)
    guard.assert_nothing_ran()


# ---- on any folium map --------------------------------------------------------------------------


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
def any_map(world: tuple[Path, Path], offline_page: OfflinePage, tmp_path: Path) -> OpenMap:
    """Give a function that opens an ordinary folium map with a layer of the hostile plan."""
    library, _, layers = samples.build_small(*world)
    (plan,) = library.plans
    for layer in layers:
        assert plan.folder is not None
        (plan.folder / f"{layer.recipe.id}.geojson").write_text(layer.text, encoding="utf-8")

    def open_map(name: str, lang: str) -> Page:
        figure = folium.Map([38.25, 112.5], zoom_start=10, tiles=None)
        PlanLayer(plan, name, library=library, lang=lang).add_to(figure)
        folium.LayerControl(collapsed=False).add_to(figure)
        figure.save(tmp_path / "map.html")
        offline_page.page.route("**/*", serve_leaflet)
        return offline_page.open(tmp_path / "map.html")

    return open_map


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_layer_shows_hostile_text_as_it_is_written(
    lang: str, guard: Guard, any_map: OpenMap
) -> None:
    page = any_map("axes", lang)
    click_at(page, 112.5, 38.25)
    card = page.locator("article[data-feature='lake-2030/axes/lake-axis']")
    name = {"zh": "湖路轴", "en": "Lake road axis"}[lang]

    assert drawn(page) == {"lake-2030/axes": ["lake-2030/axes/lake-axis"]}
    assert role(card, "card-name").text_content() == name + HOSTILE
    assert HOSTILE in (role(card, "summary").text_content() or "")
    guard.assert_nothing_ran()


def test_a_plan_layer_is_switched_by_foliums_own_control(guard: Guard, any_map: OpenMap) -> None:
    page = any_map("clusters", "zh")
    entry = page.locator(".leaflet-control-layers-overlays label")

    assert (entry.text_content() or "").strip() == "两区" + HOSTILE
    page.locator(".leaflet-control-layers-overlays input").uncheck()
    assert drawn(page) == {}
    guard.assert_nothing_ran()
