"""What a planner does on the atlas page, as functions: look somewhere, click, read the card.

The map is folium's own, found by the id of its element, so positions on the screen come from
Leaflet and not from the code under test.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import shapely
from PIL import Image
from shapely.geometry import shape

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from tests.browsing import OfflinePage

MAP = "window[document.querySelector('.folium-map').id]"
#: The painted map of the page's own layers.
CANVAS = ".leaflet-taixin-features-pane canvas"
_PIXEL = """(node, [lon, lat]) => {
    const map = MAP;
    const place = map.latLngToLayerPoint([lat, lon]).subtract(L.DomUtil.getPosition(node));
    const ratio = node.width / node.offsetWidth;
    const { data } = node.getContext("2d").getImageData(place.x * ratio, place.y * ratio, 1, 1);
    return Array.from(data);
}""".replace("MAP", MAP)
#: What the start view draws of the Taixin plan, by layer.
DRAWN = {
    "counties": 12,
    "core": 1,
    "axes": 2,
    "clusters": 4,
    "barriers": 2,
    "corridors": 4,
    "start-up-areas": 11,
}


def open_atlas(offline_page: OfflinePage, path: Path, size: tuple[int, int] = (1366, 768)) -> Page:
    """Open a built page in a window of a size and wait until it says that it is drawn."""
    offline_page.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = offline_page.open(path)
    page.wait_for_selector("html[data-ready='true']", state="attached")
    return page


def wait_for_names(page: Page) -> None:
    """Wait until the names of what the map shows now are written."""
    page.wait_for_selector("html[data-lettered='true']", state="attached")


def role(page: Page | Locator, name: str) -> Locator:
    """Find what has a role on the page."""
    return page.locator(f"[data-role='{name}']")


def box_of(page: Page, name: str) -> dict[str, float]:
    """Give where the first node of a role stands in the window."""
    box = role(page, name).first.bounding_box()
    assert box is not None, f"{name} is not shown"
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def overlap(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    """Tell whether two boxes lie over each other by more than a pixel."""
    return all(
        one[start] + 1 < other[start] + other[length]
        and other[start] + 1 < one[start] + one[length]
        for start, length in (("x", "width"), ("y", "height"))
    )


def painted(page: Page, pane: str | None = None) -> list[dict[str, Any]]:
    """Give what the page says it has painted, layer by layer from bottom to top; see HOOKS.md."""
    wait_until(page, "taixin.isDrawn()")
    found: list[dict[str, Any]] = page.evaluate("taixin.drawn()")
    return [layer for layer in found if pane in {None, layer["pane"]}]


def drawn(page: Page) -> dict[str, list[str]]:
    """Give the ids of the features that are drawn, by layer."""
    return {
        layer["layer"]: [feature["id"] for feature in layer["features"]] for layer in painted(page)
    }


def own_drawn(page: Page) -> list[dict[str, Any]]:
    """Give the features of the user's own files that are drawn."""
    return [
        feature
        for layer in painted(page)
        if layer["layer"].startswith("own-")
        for feature in layer["features"]
    ]


def painted_layer(page: Page, name: str) -> dict[str, Any]:
    """Give what the page says of one painted layer."""
    return next(layer for layer in painted(page) if layer["layer"] == name)


def pixel_at(page: Page, lon: float, lat: float) -> tuple[int, int, int, int]:
    """Give red, green, blue and opacity of what is painted at a place, without what lies below."""
    wait_until(page, "taixin.isDrawn()")
    red, green, blue, alpha = page.locator(CANVAS).evaluate(_PIXEL, [lon, lat])
    return red, green, blue, alpha


def box_of_map(page: Page) -> dict[str, float]:
    """Give where the map stands in the window."""
    box = page.locator(".folium-map").first.bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"]}


def has_colour(page: Page, colour: str, box: tuple[float, float, float, float]) -> bool:
    """Look at the screen: whether a colour, such as ``#d55e00``, is in a box of the map."""
    frame = box_of_map(page)
    x0, y0, x1, y1 = box
    clip = {"x": frame["x"] + x0, "y": frame["y"] + y0, "width": x1 - x0, "height": y1 - y0}
    picture = Image.open(io.BytesIO(page.screenshot(clip=clip)))  # type: ignore[arg-type]
    wanted = tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    seen = {rgb for _, rgb in picture.convert("RGB").getcolors(1_000_000) or []}
    return any(max(abs(a - b) for a, b in zip(rgb, wanted, strict=True)) <= 16 for rgb in seen)  # type: ignore[arg-type]


def look_at(
    page: Page, lon: float, lat: float, zoom: float = 10, across: float = 0.25
) -> tuple[float, float]:
    """Move the map so that a place lies left of its middle, clear of card and legend.

    Gives the pixel of the window where the place lies.
    """
    point = page.evaluate(
        f"""([lon, lat, zoom, across]) => {{
            const map = {MAP};
            const size = map.getSize();
            const off = [size.x * (0.5 - across), size.y * 0.05];
            const middle = map.project([lat, lon], zoom).add(off);
            map.setView(map.unproject(middle, zoom), zoom, {{ animate: false }});
            const at = map.latLngToContainerPoint([lat, lon]);
            const box = map.getContainer().getBoundingClientRect();
            return [box.x + at.x, box.y + at.y];
        }}""",
        [lon, lat, zoom, across],
    )
    return float(point[0]), float(point[1])


def wait_until(page: Page, condition: str) -> None:
    """Wait for an expression to be true; Playwright's own wait needs the forbidden eval."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {condition}")


def click_at(page: Page, lon: float, lat: float, zoom: float = 10) -> None:
    """Click on the map where a place lies."""
    page.mouse.click(*look_at(page, lon, lat, zoom))


def spot_on(feature: dict[str, Any]) -> tuple[float, float]:
    """Give a position on a feature: in an area, on a line, of a point."""
    geometry = shape(feature["geometry"])
    if shapely.get_dimensions(geometry) == 1:
        longest = max(shapely.get_parts(geometry), key=shapely.length)
        geometry = shapely.line_interpolate_point(longest, 0.4, normalized=True)
    point = shapely.point_on_surface(geometry)
    return float(shapely.get_x(point)), float(shapely.get_y(point))


def hits(page: Page) -> list[str]:
    """Give the ids of everything the card lists at the clicked point, or of the one card."""
    card = role(page, "card")
    listed = role(card, "hits").locator("button")
    items = listed if listed.count() else card.locator("article")
    ids: list[str] = items.evaluate_all(
        "(nodes) => nodes.map((node) => node.dataset.feature || node.dataset.county)"
    )
    return ids


def open_feature(page: Page, feature: dict[str, Any]) -> Locator:
    """Click on a feature on the map and open its card, from the list if others lie above it."""
    click_at(page, *spot_on(feature))
    identifier = feature["id"]
    assert identifier in hits(page), f"a click on {identifier} found {hits(page)}"
    card = role(page, "card").locator(f"article[data-feature='{identifier}']")
    if not card.count():
        role(page, "hits").locator(f"[data-feature='{identifier}']").click()
    card.wait_for()
    return card
