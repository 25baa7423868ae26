"""The year shown: what is not yet there fades, by the phases and dated statuses of the plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.atlas_page import open_atlas, painted_layer, role

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

#: The eleven start-up areas are the plan's near term, 2021 to 2025.
NEAR = "taixin-2035/start-up-areas"
#: The two axes belong to the whole term, 2021 to 2035.
TERM = "taixin-2035/axes"
#: What a plan covers is covered from its first day.
EXTENT = "taixin-2035/counties"


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page with the view in time open."""
    page = open_atlas(offline_page, site)
    role(page, "open-time").click()
    return page


def opacity(page: Page, layer: str) -> set[float]:
    return {feature["opacity"] for feature in painted_layer(page, layer)["features"]}


def go_to(page: Page, year: int) -> None:
    role(page, "time-slider").fill(str(year))
    page.wait_for_timeout(200)


def test_what_is_not_yet_there_fades(page: Page, offline_page: OfflinePage) -> None:
    seen = {}
    for year in (2018, 2023, 2025, 2035):
        go_to(page, year)
        assert role(page, "time-year").inner_text() == f"{year} 年"
        seen[year] = [opacity(page, layer) for layer in (NEAR, TERM, EXTENT)]
    (later,), (coming,), whole = seen[2018][1], seen[2023][1], {1.0}

    assert later < coming < 1
    assert seen[2018] == [{later}, {later}, {later}]
    assert seen[2023] == [{coming}, {coming}, whole]
    assert seen[2025] == [whole, {coming}, whole]
    assert seen[2035] == [whole, whole, whole]
    offline_page.assert_quiet()


def test_names_of_what_comes_later_are_left_out(page: Page) -> None:
    names = page.locator(".names text.plan")
    go_to(page, 2035)
    names.nth(5).wait_for(state="attached")
    go_to(page, 2018)
    expect(names).to_have_count(0)


def test_layers_that_open_later_fade_as_well(page: Page) -> None:
    go_to(page, 2023)
    page.locator(f"[data-toggle='{TERM}']").uncheck()
    page.locator(f"[data-toggle='{TERM}']").check()

    assert max(opacity(page, TERM)) < 1


def test_ending_it_makes_everything_whole_again(page: Page) -> None:
    go_to(page, 2018)
    role(page, "time-end").click()

    assert role(page, "time-bar").is_hidden()
    assert opacity(page, NEAR) == opacity(page, TERM) == {1.0}


def test_it_plays_and_pauses(page: Page) -> None:
    go_to(page, 2021)
    play = role(page, "time-play")
    play.click()
    expect(role(page, "time-slider")).to_have_value("2023", timeout=10_000)
    assert play.get_attribute("aria-label") == "暂停"
    play.click()
    year = role(page, "time-slider").input_value()
    page.wait_for_timeout(1500)
    assert role(page, "time-slider").input_value() == year


def test_with_reduced_motion_a_press_is_one_step(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    go_to(page, 2021)
    role(page, "time-play").click()
    page.wait_for_timeout(1500)

    assert role(page, "time-slider").input_value() == "2022"


def test_the_counts_and_phases_are_said(page: Page) -> None:
    go_to(page, 2025)
    said = role(page, "time-said").inner_text()

    assert "已有或期限已满" in said
    assert "近期" in role(page, "time-phases").inner_text()
    role(page, "language").click()
    assert role(page, "time-year").inner_text() == "2025"
    assert "Near term" in role(page, "time-phases").inner_text()
