"""The page for everyone: axe-core, the keyboard alone, small windows, large letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from taixin.atlas import Atlas
from taixin.audit import audit
from tests import samples
from tests.atlas_page import drawn, open_atlas, painted_layer, role

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.browsing import OfflinePage

AXE = samples.REPO / "src/taixin/viewer/node_modules/axe-core/axe.min.js"
SERIOUS = {"serious", "critical"}
WIDE, PHONE = (1440, 900), (360, 740)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page with the findings of the audit to a folder of its own."""
    library, facts, layers = samples.own()
    path = tmp_path_factory.mktemp("site") / "index.html"
    text = Atlas(layers, library, facts, findings=audit(library, layers, facts)).html()
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


#: What is done one after the other, as scripts: on a phone one panel would cover the next button.
STATES = {
    "start": "",
    "card": "role('hint-done').click(); ask()",
    "filters": "panel('tree'); role('filters').open = true; press('[data-expand$=\"/clusters\"]')",
    "table": "press('[data-table=\"taixin-2035/clusters\"]')",
    "audit": "role('audit-open').click()",
    "search": "type('xinzhou')",
    "theme": "role('dock-close').click(); press('[data-theme=ecology]')",
    "swipe": "role('open-compare').click()",
    "side": "role('compare-side').click(); ask()",
    "counties": "role('compare-counties').click()",
    "time": "role('county-compare').close(); role('open-time').click()",
    "measure": "role('time-end').click(); tool('measure')",
    "data": "tool('data')",
    "base": "tool('base')",
    "check": "tool('check')",
    "result": "check('112.7184, 38.1763', 3000)",
    "print": "role('open-print').click()",
    "share": "role('print').close(); role('open-share').click()",
    "colours": "role('share').close(); panel('legend'); role('palette').click()",
    "english": "role('language').click()",
    "about": "role('about-open').click()",
}
SCRIPT = """() => {
    const press = (selector) => document.querySelector(selector).click();
    const role = (name) => document.querySelector(`[data-role="${name}"]`);
    const panel = (name) => {
        const button = document.querySelector(`[data-panel="${name}"]`);
        if (button.getAttribute("aria-pressed") !== "true") button.click();
    };
    const map = window[document.querySelector(".folium-map").id];
    const ask = () => map.fire("click", { latlng: L.latLng(38.1763, 112.7184) });
    const type = (words) => {
        const box = role("find");
        box.focus();
        box.value = words;
        box.dispatchEvent(new Event("input"));
    };
    const tool = (tab) => {
        panel("tools");
        press(`[data-tab="${tab}"]`);
    };
    const check = (place, metres) => {
        role("check-point-input").value = place;
        role("check-radius").value = metres;
        role("check-run-point").click();
    };
    %s;
}"""
#: What a state adds to the page; it is waited for, and the rest is not looked at anew.
ADDED = {
    "swipe": ["compare-bar", "swipe-line"],
    "side": ["side-map", "compare-bar", "card"],
    "counties": ["county-compare"],
    "time": ["time-bar"],
    "measure": ["tools"],
    "data": ["tools"],
    "base": ["tools"],
    "check": ["tools"],
    "result": ["check-result"],
    "print": ["print"],
    "share": ["share"],
}


def violations(page: Page, roles: list[str]) -> list[dict[str, Any]]:
    """Ask axe-core what is wrong for somebody who cannot see, hear or hold a mouse."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; `npm ci` in src/taixin/viewer does it")
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        """async (roles) => {
            const parts = roles.map((name) => `[data-role="${name}"]`);
            const where = parts.length ? { include: parts } : document;
            return (await axe.run(where, { resultTypes: ["violations"] })).violations
                .map(({ id, impact, nodes }) => ({ id, impact, at: nodes.map((n) => n.html) }));
        }""",
        roles,
    )
    return [item for item in found if item["impact"] in SERIOUS]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_no_serious_violation_with_any_panel_open(
    size: tuple[int, int], offline_page: OfflinePage, site: Path
) -> None:
    page = open_atlas(offline_page, site, size)
    found = {}
    for state, steps in STATES.items():
        page.evaluate(SCRIPT % steps)
        added = ADDED.get(state, [])
        for name in added:
            role(page, name).wait_for()
        page.wait_for_timeout(200)
        found[state] = violations(page, added)

    assert {state: items for state, items in found.items() if items} == {}
    offline_page.assert_quiet()


@pytest.mark.parametrize("width", [360, 720])
def test_a_small_window_needs_no_sideways_scrolling(
    width: int, offline_page: OfflinePage, site: Path
) -> None:
    """720 px is what a 1440 px window has left when the page is enlarged to 200 %."""
    page = open_atlas(offline_page, site, (width, 640))
    for panel in ("tree", "legend", "card"):
        page.locator(f"[data-panel='{panel}']").click()
        box = page.locator(f".{'legend' if panel == 'legend' else f'panel-{panel}'}").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        page.locator(f"[data-panel='{panel}']").click(force=True)


def test_the_first_hint_leaves_a_phone_its_map(offline_page: OfflinePage, site: Path) -> None:
    page = open_atlas(offline_page, site, PHONE)
    for _language in ("zh", "en"):
        height = role(page, "hint").bounding_box()["height"]  # type: ignore[index]
        assert height < role(page, "stage").bounding_box()["height"] / 8  # type: ignore[index]
        role(page, "language").click()


def test_the_page_enlarged_to_200_percent_shows_all_its_controls(
    browser: Browser, site: Path
) -> None:
    """A 1440 by 900 window at 200 % lays out 720 by 450 pixels and paints each as four."""
    context = browser.new_context(
        viewport={"width": 720, "height": 450}, device_scale_factor=2, offline=True
    )
    page = context.new_page()
    page.goto(site.as_uri())
    page.wait_for_selector("html[data-ready='true']", state="attached")
    role(page, "hint-done").click()
    hidden = page.locator(".band button, .map-tools button").evaluate_all(
        """(nodes) => nodes.filter((node) => {
            const { left, top, right, bottom } = node.getBoundingClientRect();
            const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            return !node.contains(at) || left < 0 || right > innerWidth || bottom > innerHeight;
        }).map((node) => node.outerHTML.slice(0, 100))"""
    )

    assert hidden == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    assert page.locator(".folium-map").bounding_box()["height"] > 180  # type: ignore[index]
    context.close()


def test_the_chosen_colours_are_remembered(offline_page: OfflinePage, site: Path) -> None:
    page = open_atlas(offline_page, site, WIDE)
    before = painted_layer(page, "taixin-2035/core")["symbol"]["fill"]
    role(page, "palette").check()
    chosen = painted_layer(page, "taixin-2035/core")["symbol"]["fill"]
    page.goto("about:blank")
    page = open_atlas(offline_page, site, WIDE)

    assert before != chosen
    assert painted_layer(page, "taixin-2035/core")["symbol"]["fill"] == chosen
    assert role(page, "palette").is_checked()


def test_a_finger_can_enlarge_the_page(offline_page: OfflinePage, site: Path) -> None:
    page = open_atlas(offline_page, site, PHONE)
    content = page.locator("meta[name='viewport']").get_attribute("content") or ""

    assert "user-scalable" not in content
    assert "maximum-scale" not in content


def test_targets_are_large_enough_for_a_finger(offline_page: OfflinePage, site: Path) -> None:
    page = open_atlas(offline_page, site, PHONE)
    page.locator("[data-panel='tree']").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, summary, label.layer-label")]
            .map((node) => [node, node.getBoundingClientRect()])
            .filter(([node, box]) => box.width && (box.height < 24 || box.width < 24))
            .map(([node]) => node.outerHTML.slice(0, 120))"""
    )

    assert small == []


def tab_to(page: Page, selector: str, limit: int = 80) -> None:
    """Press Tab until a control has the focus, and see that the focus can be seen."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            outline = page.evaluate(
                "() => getComputedStyle(document.activeElement).outlineStyle + ' ' + "
                "getComputedStyle(document.activeElement).outlineWidth"
            )
            assert outline.startswith("solid")
            assert not outline.endswith(" 0px")
            return
    pytest.fail(f"{selector} cannot be reached with Tab")


def test_themes_tables_and_the_self_check_work_without_a_mouse(
    offline_page: OfflinePage, site: Path
) -> None:
    page = open_atlas(offline_page, site, WIDE)
    tab_to(page, "[data-role='audit-open']")
    page.keyboard.press("Enter")
    assert role(page, "audit").is_visible()
    page.keyboard.press("Escape")

    tab_to(page, "[data-theme='ecology']")
    page.keyboard.press("Enter")
    assert "taixin-2035/barriers" in drawn(page)

    tab_to(page, "[data-expand='taixin-2035/clusters']")
    page.keyboard.press("Enter")
    tab_to(page, "[data-table='taixin-2035/clusters']")
    page.keyboard.press("Enter")
    tab_to(page, "[data-sort='name']")
    page.keyboard.press("Enter")
    assert role(page, "table").locator("th[aria-sort='ascending']").count() == 1
    tab_to(page, "[data-role='table'] tbody th button")
    page.keyboard.press("Enter")
    role(page, "card").locator("article[data-feature]").wait_for()
    offline_page.assert_quiet()
