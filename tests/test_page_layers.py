"""Tree, filters, order, legend and tables on the page of the project's own plans."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pyproj
import pytest
import shapely

from taixin.atlas import Atlas
from tests import samples
from tests.atlas_page import (
    MAP,
    click_at,
    drawn,
    has_colour,
    open_atlas,
    painted,
    painted_layer,
    role,
    wait_until,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browsing import OfflinePage

CLUSTERS = "taixin-2035/clusters"
SPOT = (112.9, 38.6)


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page, opened and drawn."""
    return open_atlas(offline_page, site, (1440, 900))


def stack(page: Page) -> list[str]:
    """Give the ids of the layers on the map, lowest first."""
    return [layer["layer"] for layer in painted(page)]


def choose(page: Page, name: str, value: str) -> None:
    """Choose a value of one of the filters."""
    filters = role(page, "filters")
    if filters.get_attribute("open") is None:
        filters.locator("summary").click()
    role(page, f"filter-{name}").select_option(value)


# ---- the tree -----------------------------------------------------------------------------------


def test_switching_a_layer_changes_its_row_in_place(page: Page) -> None:
    box = page.locator(f"[data-toggle='{CLUSTERS}']")
    page.evaluate("(box) => { box.closest('li').dataset.mark = 'same'; }", box.element_handle())
    box.uncheck()

    assert page.locator("li[data-mark='same']").count() == 1
    assert CLUSTERS not in drawn(page)


def test_the_tree_can_be_read_by_plan_and_by_theme(page: Page) -> None:
    tree = role(page, "tree")
    assert tree.locator("li.plan[data-plan]").count() == 5
    role(page, "tree-grouping").locator("[data-by='theme']").click()

    assert tree.locator("li.plan[data-theme]").count() == 9
    startup = tree.locator("li.plan[data-theme='startup']")
    assert startup.locator("[data-system='taixin-2035/startup']").count() == 1
    assert page.locator("[data-by='theme']").get_attribute("aria-pressed") == "true"


def test_every_layer_stands_in_the_tree_once_whichever_way_it_is_read(page: Page) -> None:
    for by in ("plan", "theme"):
        role(page, "tree-grouping").locator(f"[data-by='{by}']").click()
        for kind in ("plan", "system"):
            closed = page.locator(f".{kind}-branch[aria-expanded='false']")
            closed.evaluate_all("(buttons) => buttons.forEach((button) => button.click())")
        toggles: list[str] = page.locator("[data-toggle]").evaluate_all(
            "(nodes) => nodes.map((node) => node.dataset.toggle)"
        )
        assert sorted(toggles) == sorted(layer.id for layer in samples.own()[2])


def test_the_name_filter_opens_what_it_finds(page: Page) -> None:
    role(page, "tree-filter").fill("历史文化名城")

    row = page.locator("li.layer-row[data-layer='taixin-2035/historic-cities']")
    assert row.is_visible()
    assert page.locator(f"li.layer-row[data-layer='{CLUSTERS}']").is_hidden()
    role(page, "tree-filter").fill("没有这个图层")
    assert role(page, "tree-empty").is_visible()


@pytest.mark.parametrize(
    ("name", "value", "test"),
    [
        ("accuracy", "1000", lambda p: p["accuracy_m"] is not None and p["accuracy_m"] <= 1000),
        ("kind", "start_up_area", lambda p: p["kind"] == "start_up_area"),
        ("phase", "taixin-2035/near", lambda p: p["phase"] == "near"),
        ("plan", "cluster-2035", lambda p: p["plan"] == "cluster-2035"),
    ],
)
def test_a_filter_leaves_only_what_fits_on_the_map(
    name: str, value: str, test: object, page: Page
) -> None:
    assert callable(test)
    choose(page, name, value)
    expected = {
        str(feature["id"])
        for layer in samples.own()[2]
        if layer.plan.id == "taixin-2035" and layer.recipe.visible
        for feature in json.loads(layer.text)["features"]
        if feature["geometry"] and test(feature["properties"])
    }
    found = {i for layer, ids in drawn(page).items() if "/" in layer for i in ids}

    assert found == expected
    for row in role(page, "legend").locator(".legend-row .count").all_text_contents():
        assert not row.startswith("0")


def test_a_layer_tells_its_definition_counts_and_sources(page: Page) -> None:
    page.locator("[data-expand='taixin-2035/nature-parks']").click()
    info = role(page, "layer-info").first
    layer = samples.own_layer("taixin-2035/nature-parks")

    assert layer.system.summary.zh in role(info, "layer-definition").inner_text()
    assert "点名" in role(info, "layer-counts").inner_text()
    assert len(role(info, "layer-sources").inner_text()) > 3
    assert layer.system.section in role(info, "layer-citation").inner_text()


def test_a_layer_moves_up_and_down_among_those_that_are_on(page: Page) -> None:
    before = stack(page)
    at = before.index(CLUSTERS)
    page.locator(f"[data-expand='{CLUSTERS}']").click()
    page.locator(f"[data-raise='{CLUSTERS}']").click()

    after = stack(page)
    assert after.index(CLUSTERS) == at + 1
    assert after[at] == before[at + 1]
    page.locator(f"[data-lower='{CLUSTERS}']").click()
    assert stack(page) == before


def test_reset_brings_back_the_start(page: Page) -> None:
    before = drawn(page)
    page.locator(f"[data-toggle='{CLUSTERS}']").uncheck()
    choose(page, "accuracy", "500")
    page.locator("[data-theme='transport']").click()
    role(page, "tree-reset").click()

    assert drawn(page) == before
    assert role(page, "filter-accuracy").input_value() == ""
    assert role(page, "theme-note").is_hidden()


def test_the_legend_holds_what_is_on_the_map_and_counts_it(page: Page) -> None:
    for theme in ("ecology", "tourism_heritage"):
        page.locator(f"[data-theme='{theme}']").click()
        rows = role(page, "legend").locator(".legend-group[data-group] .legend-row")
        shown = [
            int("".join(filter(str.isdigit, text)))
            for text in rows.locator(".count").all_text_contents()
        ]
        located = sorted(len(ids) for layer, ids in drawn(page).items() if "/" in layer and ids)
        assert sorted(shown) == located


def test_the_safe_palette_changes_map_and_legend_together(page: Page) -> None:
    before = painted_layer(page, "taixin-2035/axes")["symbol"]["stroke"]
    role(page, "palette").check()
    axes = painted_layer(page, "taixin-2035/axes")
    after = axes["symbol"]["stroke"]
    swatch = role(page, "tree").locator("[data-layer='taixin-2035/axes'] .swatch g path").last

    assert after == "#d55e00" != before
    assert swatch.get_attribute("stroke") == after
    x0, y0, x1, y1 = axes["features"][0]["box"]
    assert has_colour(page, "#d55e00", (x0, y0, x1, y1))
    role(page, "palette").uncheck()
    assert painted_layer(page, "taixin-2035/axes")["symbol"]["stroke"] == before


def test_card_and_legend_do_not_cover_each_other(page: Page) -> None:
    click_at(page, *SPOT)
    card, legend = (role(page, name).bounding_box() for name in ("card", "legend"))
    assert card is not None
    assert legend is not None

    assert card["y"] + card["height"] <= legend["y"]


# ---- ask: what is nearest -----------------------------------------------------------------------


def geodesic_to(feature: dict[str, object]) -> float:
    """Give the distance in metres from the spot to a feature, the slow and sure way."""
    geod = pyproj.Geod(ellps="GRS80")
    line = shapely.geometry.shape(feature["geometry"])  # type: ignore[arg-type]
    points = shapely.get_coordinates(shapely.segmentize(line, 0.0005))
    lons, lats = zip(*points, strict=True)
    _, _, metres = geod.inv([SPOT[0]] * len(lons), [SPOT[1]] * len(lats), lons, lats)
    return float(min(metres))


def test_the_nearest_axes_corridors_hubs_and_stations_are_told_with_their_distance(
    page: Page,
) -> None:
    # not by the mouse, whose pixel is a hundred metres wide
    page.evaluate(
        f"([lng, lat]) => {MAP}.fire('click', {{ latlng: L.latLng(lat, lng) }})", list(SPOT)
    )
    features = {
        str(feature["id"]): feature
        for layer in samples.own()[2]
        for feature in json.loads(layer.text)["features"]
        if feature["geometry"]
    }
    for place in samples.own()[1].places.facts:
        if place.properties["kind"] in {"station", "airport"}:
            geometry = shapely.geometry.mapping(place.geometry)
            properties = {"kind": "a station"}
            features[f"stations/{place.id}"] = {"geometry": geometry, "properties": properties}
    for sort, ending in (
        *(("axes", "_axis"), ("corridors", "_corridor")),
        *(("hubs", "transport_hub"), ("stations", "a station")),
    ):
        rows = role(page, "nearest").locator(f"[data-nearest='{sort}'] button")
        told = {
            str(row.get_attribute("data-feature")): float(row.get_attribute("data-metres") or 0)
            for row in rows.all()
        }
        assert len(told) == 2
        for identifier, metres in told.items():
            assert metres == pytest.approx(geodesic_to(features[identifier]), rel=1e-4, abs=5)
        asked = [f for f in features.values() if str(f["properties"]["kind"]).endswith(ending)]
        asked = [f for f in asked if "Polygon" not in f["geometry"]["type"]]
        assert min(told.values()) == pytest.approx(min(map(geodesic_to, asked)), rel=1e-4, abs=5)


def test_a_station_among_the_nearest_is_shown_where_it_lies(page: Page) -> None:
    places = samples.own()[1].places.facts
    place = next(place for place in places if place.properties["name_zh"] == "忻州西站")
    lon, lat = shapely.get_coordinates(place.geometry)[0]
    page.evaluate(
        f"([lng, lat]) => {MAP}.fire('click', {{ latlng: L.latLng(lat, lng) }})", [lon, lat]
    )
    page.locator(f"[data-nearest='stations'] [data-feature='stations/{place.id}']").click()

    wait_until(page, f"{MAP}.getCenter().distanceTo([{lat}, {lon}]) < 500")
    assert page.locator(".tx-marked circle").count() > 0


# ---- tables -------------------------------------------------------------------------------------


def open_table(page: Page, layer: str) -> Locator:
    """Open the table of a layer whose row is in sight."""
    page.locator(f"[data-expand='{layer}']").click()
    page.locator(f"[data-table='{layer}']").click()
    return role(page, "table")


def names(table: Locator) -> list[str]:
    return table.locator("tbody th button").all_text_contents()


def test_a_table_shows_every_feature_sorts_and_filters(page: Page) -> None:
    table = open_table(page, "taixin-2035/counties")
    everything = names(table)
    assert len(everything) == 12

    table.locator("[data-sort='name']").click()
    rising = names(table)
    table.locator("[data-sort='name']").click()
    assert names(table) == rising[::-1]
    assert sorted(rising) == sorted(everything)
    assert table.locator("th[aria-sort='descending']").count() == 1

    role(page, "table-text").fill("繁峙")
    assert names(table) == ["繁峙县"]
    assert "1 / 12" in role(page, "table-state").inner_text()


def test_a_row_opens_the_card_and_arrows_walk_the_rows(page: Page) -> None:
    table = open_table(page, "taixin-2035/start-up-areas")
    buttons = table.locator("tbody th button")
    buttons.first.focus()
    page.keyboard.press("ArrowDown")
    identifier = buttons.nth(1).get_attribute("data-feature")
    page.keyboard.press("Enter")

    role(page, "card").locator(f"article[data-feature='{identifier}']").wait_for()
    page.keyboard.press("Escape")


def test_the_csv_has_a_mark_and_every_row(page: Page, tmp_path: Path) -> None:
    open_table(page, "taixin-2035/start-up-areas")
    with page.expect_download() as started:
        role(page, "table-csv").click()
    path = tmp_path / started.value.suggested_filename
    started.value.save_as(path)
    raw = path.read_bytes()
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    expected = [
        str(f.properties["name"]) for f in samples.own_layer("taixin-2035/start-up-areas").features
    ]

    assert path.suffix == ".csv"
    assert raw.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in rows[1:]] == expected
    assert len({len(row) for row in rows}) == 1


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(
    offline_page: OfflinePage, tmp_path: Path
) -> None:
    geo, plans = samples.write_geo(tmp_path / "geo"), samples.write_plans(tmp_path / "plans")
    for name in ("kinds.toml", "figures.toml"):
        (plans / name).write_text((samples.REPO / "layers" / name).read_text("utf-8"), "utf-8")
    structure = plans / "lake-2030" / "structure.toml"
    samples.edit(structure, 'term = "西区"', 'term = "=1+1"')
    samples.edit(structure, 'term = "东区"', 'term = "@cmd"')
    library, facts, layers = samples.build_small(geo, plans)
    path = tmp_path / "index.html"
    path.write_text(Atlas(layers, library, facts).html(), encoding="utf-8", newline="\n")
    page = open_atlas(offline_page, path)
    open_table(page, "lake-2030/clusters")
    with page.expect_download() as started:
        role(page, "table-csv").click()
    started.value.save_as(tmp_path / "out.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "out.csv").read_text("utf-8-sig"))))

    assert {"'=1+1", "'@cmd"} <= {cell for row in rows for cell in row}
    assert [cell for row in rows for cell in row if cell[:1] in "=+-@" and cell] == []
