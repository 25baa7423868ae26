"""The site check inside the page: the same answers as the command, for the same sites."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from taixin import manifest, site
from tests import samples
from tests.atlas_page import click_at, open_atlas, role
from tests.fifty_sites import NAMES, TYPED, site_file, told_by_the_command
from tests.own_things import collection, draw, feature, load_sketches, open_tab
from tests.site_files import PARCEL, packed, shapefile

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of the project's own plans to a folder of its own."""
    path = tmp_path_factory.mktemp("site") / "index.html"
    path.write_text(samples.own_page(), encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def page(offline_page: OfflinePage, built: Path) -> Page:
    """Give the page, opened and drawn."""
    return open_atlas(offline_page, built, (1440, 900))


def record_of(page: Page) -> dict[str, Any]:
    """Wait for the answer and give the record that the page offers as a file."""
    role(page, "check-result").wait_for()
    with page.expect_download() as download:
        role(page, "check-json").click()
    record: dict[str, Any] = json.loads(download.value.path().read_text("utf-8"))
    return record


def check_point(page: Page, place: str, radius: str = "") -> None:
    body = open_tab(page, "check")
    role(body, "check-point-input").fill(place)
    role(body, "check-radius").fill(radius)
    role(body, "check-run-point").click()


def assert_alike(ours: Any, theirs: Any, where: str) -> None:  # noqa: ANN401 - parts of JSON
    """Assert that two records say the same: texts exactly, areas within 0.1 %."""
    if isinstance(theirs, dict):
        assert set(ours) == set(theirs), where
        for key, value in theirs.items():
            assert_alike(ours[key], value, f"{where}.{key}")
    elif isinstance(theirs, list):
        assert len(ours) == len(theirs), f"{where}: {ours} / {theirs}"
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            assert_alike(one, other, f"{where}[{index}]")
    elif isinstance(theirs, float):
        close_by = 0.11 if where.endswith("distance_m") else 2e-4
        assert ours == pytest.approx(theirs, rel=1e-4, abs=close_by), where
    else:
        assert ours == theirs, where


def assert_same_answer(ours: Any, name: str) -> None:  # noqa: ANN401 - JSON
    """Assert that the page answers for one of the fifty sites as the command does."""
    theirs = told_by_the_command()[name]
    for key in ("administrative", "plans", "access_rules"):
        assert_alike(ours[key], theirs[key], f"{name}.{key}")
    for key in ("area_km2", "length_km", "count", "crs", "bbox", "notes"):
        assert_alike(ours["site"][key], theirs["site"][key], f"{name}.{key}")


def test_page_and_command_agree(page: Page, offline_page: OfflinePage) -> None:
    load_sketches(page, site_file())
    drawn = [name for name in NAMES if name not in TYPED]
    for index, name in enumerate(drawn):
        open_tab(page, "measure")
        row = page.locator("[data-sketch]").nth(index)
        row.locator("button").first.click()
        role(row, "sketch-check").click()
        assert_same_answer(record_of(page), name)
    offline_page.assert_quiet()


@pytest.mark.parametrize("name", TYPED)
def test_a_point_with_a_radius_is_that_of_the_command(page: Page, name: str) -> None:
    lon, lat, radius = TYPED[name]
    check_point(page, f"{lon}, {lat}", str(radius))

    assert_same_answer(record_of(page), name)


def test_how_near_is_near_can_be_set(page: Page) -> None:
    check_point(page, "112.7184, 38.1763")
    role(page, "check-result").wait_for()
    role(page, "check-within").fill("1")
    role(page, "check-within").press("Tab")

    theirs = site.check_site("112.7184,38.1763", within_km=1)
    assert_alike(record_of(page)["plans"], theirs["plans"], "plans")


def test_the_answer_names_groups_citations_and_tolerances(page: Page) -> None:
    check_point(page, "112.7184, 38.1763", "500")
    result = role(page, "check-result")
    result.wait_for()

    item = result.locator("[data-group='affected'] [data-answer='yes']").first
    assert "阳曲县" in result.inner_text()
    assert "±" in item.inner_text()
    for group in ("affected", "no_data", "not_affected"):
        assert result.locator(f"[data-group='{group}']").count()
    assert "本报告由公开规划文件" in result.inner_text()
    item.locator("button").click()
    role(page, "card").locator("article").wait_for()


def test_access_rules_are_told_where_there_are_some_and_only_there(page: Page) -> None:
    check_point(page, "112.7184, 38.1763", "500")
    role(page, "check-result").wait_for()
    rules = page.locator("[data-rule]")
    assert rules.count()
    assert {"准入条件", "负面清单"} <= set(rules.first.locator("h5").all_inner_texts())

    check_point(page, "113.9, 39.4", "50")
    page.wait_for_function("() => !document.querySelector('[data-rule]')")
    assert "没有公布的准入规则" in role(page, "check-access").inner_text()


def test_a_drawn_site_is_checked(page: Page) -> None:
    open_tab(page, "check")
    role(page, "check-polygon").click()
    for x, y in ((800, 300), (900, 300), (850, 400)):
        page.mouse.click(x, y)
    page.keyboard.press("Enter")

    assert record_of(page)["site"]["area_km2"] > 0


def test_an_outline_that_crosses_itself_is_refused(page: Page) -> None:
    bowtie = [[112.5, 38.0], [112.6, 38.1], [112.6, 38.0], [112.5, 38.1], [112.5, 38.0]]
    load_sketches(page, collection(feature("Polygon", [bowtie])))
    page.locator("[data-sketch] > button").click()
    role(page, "sketch-check").click()

    assert "自相交" in role(page, "check-message").inner_text()
    assert not role(page, "check-result").count()


def test_the_report_prints_on_a4_without_cuts(page: Page, tmp_path: Path) -> None:
    check_point(page, "112.7184, 38.1763", "500")
    record = record_of(page)
    page.evaluate("window.print = () => {}")
    role(page, "check-print").click()
    page.emulate_media(media="print")
    report = role(page, "check-report")

    assert report.is_visible()
    assert not page.locator(".atlas").is_visible()
    told = report.inner_text()
    for plan in record["plans"]:
        for item in plan["affected"] + plan["near"] + plan["no_data"]:
            assert item["name"] in told
    affected = [item["id"] for plan in record["plans"] for item in plan["affected"]]
    assert report.locator("td .badge").all_inner_texts() == [
        str(number + 1) for number in range(len(affected))
    ]
    legend = ", ".join(report.locator(".report-legend .badge").all_inner_texts())
    assert sorted(map(int, legend.split(", "))) == list(range(1, len(affected) + 1))
    assert manifest.data_version(samples.own()[2]) in told
    assert "坐标系" in told
    assert "判定与误差" in told
    path = tmp_path / "report.pdf"
    page.pdf(path=path, prefer_css_page_size=True)
    media = {
        tuple(map(float, box.split()))
        for box in re.findall(rb"/MediaBox \[([^\]]+)\]", path.read_bytes())
    }
    assert not role(page, "print-sheets").is_visible()
    assert all(box[2:] == pytest.approx((595, 842), abs=1) for box in media)
    wide = report.evaluate("(node) => node.scrollWidth - node.clientWidth")
    assert wide <= 1


def test_a_dropped_file_is_checked_as_the_command_does(page: Page, tmp_path: Path) -> None:
    parts = shapefile(tmp_path / "parts", crs="EPSG:4547", encoding="GBK")
    archive = packed(parts, tmp_path / "地块.zip")
    body = open_tab(page, "data")
    role(body, "data-file").set_input_files(archive)
    role(body, "data-add").click()
    page.locator("[data-own-layer]").wait_for()
    click_at(page, PARCEL.centroid.x, PARCEL.centroid.y, 13)
    role(page, "own-check").click()

    ours, theirs = record_of(page), site.check_site(archive)
    for key in ("administrative", "plans", "access_rules"):
        assert_alike(ours[key], theirs[key], key)
    for key in ("source", "number", "name", "area_km2", "crs", "bbox"):
        assert_alike(ours["site"][key], theirs["site"][key], key)  # type: ignore[index]


def test_the_check_speaks_english(page: Page) -> None:
    role(page, "language").click()
    check_point(page, "112.7184, 38.1763", "500")
    record = record_of(page)

    theirs = site.check_site("112.7184,38.1763,500", lang="en")
    assert_alike(record["plans"], theirs["plans"], "plans")
    assert_alike(record["access_rules"], theirs["access_rules"], "access_rules")


def test_drawing_and_checking_leave_the_map_alone(page: Page, offline_page: OfflinePage) -> None:
    draw(page, "polygon", [(112.9, 38.0), (113.2, 38.0), (113.2, 38.3)])
    role(page, "sketch-check").click()
    role(page, "check-result").wait_for()
    role(page, "check-clear").click()

    assert not page.locator("[data-layer^='site-']").count()
    assert page.locator("[data-sketch]").count() == 1
    offline_page.assert_quiet()
