"""Surveys in the browser: read by a worker, drawn, clicked, faded, on the atlas and any map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import folium
import geopandas
import pytest
import shapely

import taixin
from taixin.atlas import Atlas
from tests import samples
from tests.atlas_page import click_at, drawn, open_atlas, painted, role, wait_until
from tests.test_hostile_text import HOSTILE, serve_leaflet

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

#: East of the two counties of the small world, where no plan has anything.
WEST, SOUTH = 113.4, 38.0
USES = ("水田", "林地" + HOSTILE)


def parcels(**options: Any) -> taixin.Survey:  # noqa: ANN401 - as wide as Survey itself
    """Make a survey of a hundred parcels; its texts want to be code."""
    spots = [(i, j) for i in range(10) for j in range(10)]
    frame = geopandas.GeoDataFrame(
        {
            "code": [f"P{i}-{j}{HOSTILE}" for i, j in spots],
            "use": [USES[(i + j) % 2] for i, j in spots],
            "owner" + HOSTILE: ["村集体" if i else None for i, _ in spots],
        },
        geometry=[
            shapely.box(x, y, x + 0.01, y + 0.01)
            for x, y in ((WEST + i / 100, SOUTH + j / 100) for i, j in spots)
        ],
        crs="EPSG:4490",
    )
    given: dict[str, Any] = {
        "title": {"zh": "地类图斑" + HOSTILE, "en": "Land parcels" + HOSTILE},
        "source": {"attribution": "国土调查" + HOSTILE, "licence": "CC-BY-4.0"},
        "accuracy_m": 5,
        "name": "code",
        "fill": "use",
    }
    return taixin.Survey(frame, **given | options)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write an atlas of the small world with two surveys, one of them shown."""
    folder = tmp_path_factory.mktemp("surveys")
    geo, plans = samples.write_geo(folder / "geo"), samples.write_plans(folder / "layers")
    library, facts, layers = samples.build_small(geo, plans)
    both = [parcels(id="parcels"), parcels(id="hidden", show=False)]
    Atlas(layers, library, facts, surveys=both).save(folder / "index.html")
    return folder / "index.html"


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page, opened and drawn, the survey read."""
    page = open_atlas(offline_page, site)
    wait_until(page, SHOWN.format("parcels"))
    return page


SHOWN = "taixin.drawn().some(({{ layer }}) => layer.startsWith('survey:{}'))"


def surveys_on(page: Page) -> set[str]:
    return {layer for layer in drawn(page) if layer.startswith("survey:")}


def assert_nothing_ran(page: Page) -> None:
    assert page.evaluate("window.__pwned") is None
    assert page.locator("img[src='x']").count() == 0


def test_a_survey_is_read_drawn_and_listed(page: Page, offline_page: OfflinePage) -> None:
    assert surveys_on(page) == {"survey:parcels#0#0", "survey:parcels#0#1"}
    branch = role(page, "surveys").inner_text()
    assert "现状数据" in branch
    assert branch.count("100 个要素") == 2
    legend = role(page, "legend").inner_text()
    assert legend.count("50 个要素") == 2
    assert USES[1] in legend
    assert_nothing_ran(page)
    offline_page.assert_quiet()


def test_a_click_shows_columns_source_and_accuracy(page: Page) -> None:
    click_at(page, WEST + 0.025, SOUTH + 0.035, 12)
    card = role(page, "card").locator("article[data-survey='parcels']")
    card.wait_for()

    assert role(card, "card-name").text_content() == f"P2-3{HOSTILE}"
    assert role(card, "survey-cells").locator("dt").all_text_contents() == [
        "code", "use", "owner" + HOSTILE,
    ]  # fmt: skip
    assert role(card, "survey-cells").locator("dd").all_text_contents() == [
        "P2-3" + HOSTILE, USES[1], "村集体",
    ]  # fmt: skip
    told = role(card, "survey-source").text_content() or ""
    assert "国土调查" + HOSTILE in told
    assert "CC-BY-4.0" in told
    assert "5 m" in (role(card, "survey-accuracy").text_content() or "").replace("米", "m")
    assert_nothing_ran(page)


def test_an_empty_cell_is_left_out(page: Page) -> None:
    click_at(page, WEST + 0.005, SOUTH + 0.005, 12)
    card = role(page, "card").locator("article[data-survey='parcels']")
    card.wait_for()

    assert role(card, "survey-cells").locator("dt").count() == 2


def test_surveys_are_put_on_faded_and_taken_off(page: Page) -> None:
    page.locator("[data-survey='hidden'][type=checkbox]").check()
    wait_until(page, SHOWN.format("hidden"))
    assert len(surveys_on(page)) == 4

    page.locator("[data-survey-opacity='hidden']").fill("0.3")
    faint = {layer["layer"]: layer["opacity"] for layer in painted(page)}
    assert faint["survey:hidden#0#0"] == 0.3
    assert faint["survey:parcels#0#0"] == 1

    for name in ("hidden", "parcels"):
        page.locator(f"[data-survey='{name}'][type=checkbox]").uncheck()
    assert surveys_on(page) == set()


def test_a_survey_speaks_the_language_of_the_page(page: Page) -> None:
    role(page, "language").click()

    assert "Existing data" in (role(page, "surveys").text_content() or "")
    assert "Land parcels" + HOSTILE in (role(page, "surveys").text_content() or "")
    assert "50 features" in role(page, "legend").inner_text()


def test_a_survey_stands_on_any_folium_map(offline_page: OfflinePage, tmp_path: Path) -> None:
    figure = folium.Map([SOUTH + 0.05, WEST + 0.05], zoom_start=12, tiles=None)
    parcels(lang="en").add_to(figure)
    folium.LayerControl(collapsed=False).add_to(figure)
    figure.save(tmp_path / "map.html")
    offline_page.page.route("**/*", serve_leaflet)
    page = offline_page.open(tmp_path / "map.html")
    wait_until(page, SHOWN.format("survey"))
    click_at(page, WEST + 0.025, SOUTH + 0.035, 12)
    card = page.locator("article[data-survey='survey']")
    card.wait_for()

    assert role(card, "card-name").text_content() == f"P2-3{HOSTILE}"
    assert "Land parcels" + HOSTILE in page.locator(".leaflet-control-layers-overlays").inner_text()
    page.locator(".leaflet-control-layers-overlays input").uncheck()
    assert drawn(page) == {}
    assert_nothing_ran(page)
