"""The painted map: the picture of a moved map, of a fine screen, of a faded layer, of borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.atlas_page import (
    CANVAS,
    MAP,
    click_at,
    open_atlas,
    painted,
    painted_layer,
    pixel_at,
    role,
    wait_until,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browsing import OfflinePage

#: How much the pixels of a canvas differ from those that were kept before.
DIFFERENCE = """(node) => {
    const now = node.getContext("2d").getImageData(0, 0, node.width, node.height).data;
    let worst = 0, many = 0;
    now.forEach((value, i) => {
        const off = Math.abs(value - window.kept[i]);
        worst = Math.max(worst, off);
        if (off > 24) many++;
    });
    return [worst, many / now.length];
}"""
KEEP = """(node) => {
    window.kept = node.getContext("2d").getImageData(0, 0, node.width, node.height).data;
}"""
STAR = (112.549, 37.87)


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page, opened and drawn."""
    return open_atlas(offline_page, site)


def settled(page: Page) -> None:
    """Wait until nothing moves and nothing waits to be painted."""
    page.wait_for_timeout(400)
    wait_until(page, "taixin.isDrawn()")


def drag(page: Page, dx: float, dy: float) -> None:
    """Drag the map by so many pixels."""
    page.mouse.move(680, 420)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(680 + dx * step / 5, 420 + dy * step / 5)
    # held still for a moment, or the map would glide on
    page.wait_for_timeout(150)
    page.mouse.up()
    settled(page)


def test_a_dragged_map_shows_what_a_fresh_one_would(page: Page) -> None:
    role(page, "hint-done").click()
    for dx, dy in ((-310, 120), (275, 190), (40, -333)):
        drag(page, dx, dy)
    canvas = page.locator(CANVAS)
    canvas.evaluate(KEEP)
    page.evaluate(f"{MAP}.fire('taixin:restyle')")
    settled(page)
    worst, share = canvas.evaluate(DIFFERENCE)

    assert canvas.evaluate("(node) => node.width * node.height") > 500_000
    # a soft rim may differ by a shade where two pieces meet
    assert share < 0.0005, worst


def test_a_map_painted_in_bands_is_the_one_painted_at_once(page: Page) -> None:
    canvas = page.locator(CANVAS)
    canvas.evaluate(KEEP)
    # what takes long is parted: the first time it is measured, the second time parted
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 12})
    for _ in range(2):
        page.evaluate(f"{MAP}.fire('taixin:restyle')")
        settled(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    _, share = canvas.evaluate(DIFFERENCE)

    assert share < 0.0005


def test_a_layer_lets_through_what_lies_below_as_one_picture(page: Page) -> None:
    red, green, blue, _ = pixel_at(page, *STAR)
    assert (red, green, blue) == pytest.approx((178, 24, 43), abs=40)
    page.locator("[data-expand='taixin-2035/core']").click()
    page.locator("[data-opacity='taixin-2035/core']").fill("0.3")
    settled(page)
    faded = pixel_at(page, *STAR)

    assert painted_layer(page, "taixin-2035/core")["opacity"] == 0.3
    page.locator("[data-toggle='taixin-2035/core']").uncheck()
    settled(page)
    below = pixel_at(page, *STAR)
    expected = [0.3 * a + 0.7 * b for a, b in zip((red, green, blue), below, strict=False)]
    assert faded[:3] == pytest.approx(expected, abs=6)


def test_a_fine_screen_gets_a_fine_picture(browser: Browser, site: Path) -> None:
    context = browser.new_context(
        viewport={"width": 900, "height": 700}, device_scale_factor=1.25, offline=True
    )
    page = context.new_page()
    page.goto(site.as_uri())
    page.wait_for_selector("html[data-ready='true']", state="attached")
    canvas = page.locator(CANVAS)
    ratio = canvas.evaluate("(node) => node.width / node.offsetWidth")
    assert ratio == pytest.approx(1.25, abs=0.01)
    drag(page, -111, 57)
    canvas.evaluate(KEEP)
    page.evaluate(f"{MAP}.fire('taixin:restyle')")
    settled(page)
    assert canvas.evaluate(DIFFERENCE)[1] < 0.0005
    context.close()


def test_a_new_view_is_painted_before_the_next_frame(page: Page) -> None:
    canvas = page.locator(CANVAS)
    is_drawn = canvas.evaluate(
        f"""(node) => {{
            {MAP}.setView([38.2, 112.7], 9.5, {{ animate: false }});
            ({KEEP})(node);
            return taixin.isDrawn();
        }}"""
    )
    settled(page)

    assert is_drawn
    assert canvas.evaluate(DIFFERENCE)[1] < 0.0005


def test_a_jump_and_a_zoom_leave_nothing_unpainted(page: Page) -> None:
    for zoom, least in ((6, 0.03), (11.25, 0.99), (14, 0.99), (8.5, 0.5)):
        page.evaluate(f"{MAP}.setView([38.2, 112.7], {zoom}, {{ animate: false }})")
        settled(page)
        share = page.locator(CANVAS).evaluate(
            """(node) => {
                const { data } = node.getContext("2d").getImageData(0, 0, node.width, node.height);
                return data.filter((value, i) => i % 4 === 3 && value > 0).length * 4 / data.length;
            }"""
        )
        assert share > least


def test_everything_on_is_painted_and_can_be_asked(page: Page, site: Path) -> None:
    page.goto(site.as_uri() + "#layers=taixin-2035:*;cluster-2035:*")
    page.reload()
    page.wait_for_selector("html[data-ready='true']", state="attached")
    settled(page)

    assert sum(len(layer["features"]) for layer in painted(page)) > 200
    click_at(page, 112.7184, 38.1763, 10)
    assert role(page, "hits").locator("button").count() > 3
