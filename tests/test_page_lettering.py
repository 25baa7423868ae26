"""The names on the map: after the map, the same for the same view, at rest in a drag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.atlas_page import MAP, open_atlas, role, wait_for_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

#: Each name with where its first letter stands on the map, in pixels of the zoom level.
NAMES = f"""() => {{
    const origin = {MAP}.getPixelOrigin();
    return [...document.querySelectorAll("text[data-label]")].map((node) => {{
        const at = node.getStartPositionOfChar(0);
        return [node.dataset.label, node.textContent, Math.round(at.x + origin.x),
            Math.round(at.y + origin.y)];
    }}).sort();
}}"""
WHOLE = f"""(margin) => {{
    const map = {MAP}.getContainer().getBoundingClientRect();
    return [...document.querySelectorAll("text[data-label]")].filter((node) => {{
        const box = node.getBoundingClientRect();
        return box.left > map.left + margin && box.right < map.right - margin
            && box.top > map.top + margin && box.bottom < map.bottom - margin;
    }}).map((node) => node.dataset.label);
}}"""


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Iterator[Page]:
    page = open_atlas(offline_page, site)
    role(page, "hint-done").click()
    wait_for_names(page)
    yield page
    offline_page.assert_quiet()


def look(page: Page, lat: float, lon: float, zoom: float) -> list[Any]:
    """Set a view without animation and give its names."""
    page.evaluate(
        f"([at, zoom]) => {MAP}.setView(at, zoom, {{ animate: false }})", [[lat, lon], zoom]
    )
    wait_for_names(page)
    return list(page.evaluate(NAMES))


def test_a_view_has_the_same_names_each_time_it_is_looked_at(page: Page) -> None:
    first = look(page, 38.3, 112.7, 9.5)
    # a look at another place, broken off while it is being lettered
    page.evaluate(f"() => {MAP}.setView([37.9, 112.5], 12, {{ animate: false }})")

    assert look(page, 38.3, 112.7, 9.5) == first
    assert len(first) > 20


def test_the_map_does_not_wait_for_its_names(page: Page) -> None:
    look(page, 38.3, 112.7, 9.5)
    names, lettered = page.evaluate(
        f"""() => {{
            {MAP}.setView([38.3, 112.7], 10.5, {{ animate: false }});
            return [document.querySelectorAll("text[data-label]").length,
                document.documentElement.dataset.lettered];
        }}"""
    )
    assert (names, lettered) == (0, "false")
    wait_for_names(page)
    assert page.locator("text[data-label]").count() > 10


def test_names_stay_where_they_are_while_the_map_is_dragged(page: Page) -> None:
    before = {name[0]: name for name in look(page, 38.3, 112.7, 9.5)}
    inside = set(page.evaluate(WHOLE, 200))
    page.mouse.move(700, 420)
    page.mouse.down()
    page.mouse.move(640, 390, steps=5)
    during = {name[0]: name for name in page.evaluate(NAMES)}
    page.mouse.up()
    page.wait_for_timeout(300)
    wait_for_names(page)
    after = {name[0]: name for name in page.evaluate(NAMES)}

    assert during == before
    stayed = [name for name in inside if after.get(name) == before[name]]
    assert len(inside) > 4
    assert len(stayed) >= 0.8 * len(inside)
