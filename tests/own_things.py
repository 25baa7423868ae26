"""What a planner does with tools of their own on the page: draw, drop a file, read what is told."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from tests.atlas_page import look_at, role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import FilePayload, Locator, Page

LonLat = tuple[float, float]
#: How far across the map the panel of tools leaves it free, in a wide window.
RIGHT_OF_THE_PANEL = 0.58


def feature(geometry_type: str, coordinates: object, **properties: object) -> dict[str, Any]:
    """Make a GeoJSON feature."""
    geometry = {"type": geometry_type, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any]) -> bytes:
    """Write features as a GeoJSON file."""
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return text.encode()


def open_tab(page: Page, name: str) -> Locator:
    """Open the panel of tools at a tab and give the tab's body."""
    panel = role(page, "tools")
    if not panel.is_visible():
        page.click("[data-panel='tools']")
    panel.locator(f"[data-tab='{name}']").click()
    body = role(panel, f"tab-{name}")
    body.wait_for()
    return body


def draw(page: Page, kind: str, corners: Sequence[LonLat], zoom: float = 9) -> None:
    """Draw a line or an area with the mouse: click every corner, end with Enter."""
    west, south = (min(values) for values in zip(*corners, strict=True))
    east, north = (max(values) for values in zip(*corners, strict=True))
    open_tab(page, "measure").locator(f"[data-measure='{kind}']").click()
    for corner in corners:
        look_at(page, (west + east) / 2, (south + north) / 2, zoom, across=RIGHT_OF_THE_PANEL)
        page.mouse.click(*pixel_of(page, *corner))
    if kind != "point":
        page.keyboard.press("Enter")


def pixel_of(page: Page, lon: float, lat: float) -> LonLat:
    """Give the pixel of the window where a place lies, leaving the map where it is."""
    point = page.evaluate(
        """([lon, lat]) => {
            const map = window[document.querySelector('.folium-map').id];
            const at = map.latLngToContainerPoint([lat, lon]);
            const box = map.getContainer().getBoundingClientRect();
            return [box.x + at.x, box.y + at.y];
        }""",
        [lon, lat],
    )
    return float(point[0]), float(point[1])


def load_sketches(page: Page, content: bytes) -> str:
    """Load a file of drawings and give what the page says to it."""
    body = open_tab(page, "measure")
    message = role(body, "sketches-message")
    message.evaluate("(node) => { node.textContent = ''; }")
    payload: FilePayload = {
        "name": "own.geojson",
        "mimeType": "application/geo+json",
        "buffer": content,
    }
    role(body, "sketches-file").set_input_files([payload])
    page.wait_for_function("(node) => node.textContent", arg=message.element_handle())
    return message.inner_text()


def saved_sketches(page: Page) -> list[dict[str, Any]]:
    """Save the drawings and give the features of the file."""
    with page.expect_download() as download:
        role(page, "sketches-save").click()
    features: list[dict[str, Any]] = json.loads(download.value.path().read_text("utf-8"))[
        "features"
    ]
    return features


def give(page: Page, *files: tuple[str, bytes]) -> Locator:
    """Choose files and wait until the page asks how to read them or says why not."""
    body = open_tab(page, "data")
    role(body, "data-message").evaluate("(node) => { node.textContent = ''; }")
    payloads = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files
    ]
    role(body, "data-file").set_input_files(payloads)  # type: ignore[arg-type]
    page.wait_for_function(
        """() => document.querySelector('[data-role=data-form]') ||
                 document.querySelector('[data-role=data-message]').textContent""",
        timeout=60_000,
    )
    return body


def add(page: Page, *files: tuple[str, bytes], system: str | None = None) -> str:
    """Put files onto the map and give what the page says."""
    body = give(page, *files)
    if not role(body, "data-form").count():
        return role(body, "data-message").inner_text()
    if system:
        role(body, "data-system").select_option(system)
    role(body, "data-add").click()
    message = role(body, "data-message")
    page.wait_for_function("(node) => node.textContent", arg=message.element_handle())
    return message.inner_text()


def layers(page: Page) -> int:
    """Count the files on the map."""
    return page.locator("[data-own-layer]").count()


def clear(page: Page) -> None:
    """Take all files off the map."""
    while layers(page):
        role(page.locator("[data-own-layer]").first, "own-remove").click()


def found_at(page: Page, lon: float, lat: float) -> str:
    """Click at a place and give the attributes of the own feature there."""
    before, here = None, pixel_of(page, lon, lat)
    while here != before:  # the map still flies to the layer
        page.wait_for_timeout(400)
        before, here = here, pixel_of(page, lon, lat)
    page.mouse.click(*here)
    card = role(page, "own-feature").first
    card.wait_for(timeout=15_000)
    return card.inner_text()


def zipped(parts: dict[str, bytes], folder: str = "") -> bytes:
    """Pack files into a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(folder + name, content)
    return out.getvalue()
