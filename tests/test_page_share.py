"""Links to a view: what they hold, what they refuse, the browser's history, embedding."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.atlas_page import MAP, drawn, open_atlas, role

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browsing import OfflinePage

#: Longer than the page waits before it writes the address.
WRITTEN = 600
AXES = "taixin-2035/axes"
CARD = "feature:taixin-2035/clusters/xinfu-dingxiang-yuanping"
NAME = {"zh": "忻府-定襄-原平组团", "en": "Xinfu-Dingxiang-Yuanping cluster"}


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page in its start view."""
    return open_atlas(offline_page, site)


def hash_of(page: Page) -> str:
    page.wait_for_timeout(WRITTEN)
    text: str = page.evaluate("location.hash")
    return text


def visit(page: Page, text: str) -> None:
    """Open the page anew with a hash, as somebody does who was sent a link."""
    address = page.url.partition("#")[0]
    page.goto("about:blank")
    page.goto(address + text)
    page.wait_for_selector("html[data-ready='true']", state="attached")


def assert_quiet(offline_page: OfflinePage) -> None:
    """Assert that nothing but the page itself was asked for, however often it was opened."""
    offline_page.requests[:] = sorted(set(offline_page.requests))
    offline_page.assert_quiet()


def card_name(page: Page) -> str:
    return role(page, "card-name").inner_text()


def test_a_link_opens_the_same_view_again(offline_page: OfflinePage, page: Page) -> None:
    role(page, "language").click()
    page.locator(f"[data-toggle='{AXES}']").uncheck()
    page.evaluate(f"{MAP}.setView([38.4, 112.9], 9.25, {{ animate: false }})")
    role(page, "open-time").click()
    sent = hash_of(page)

    visit(page, sent)

    assert hash_of(page) == sent
    assert page.evaluate("document.documentElement.lang") == "en"
    assert AXES not in drawn(page)
    assert page.evaluate(f"{MAP}.getZoom()") == pytest.approx(9.25)
    assert role(page, "time-bar").is_visible()
    assert_quiet(offline_page)


def test_a_link_opens_a_card_in_its_language(page: Page) -> None:
    for lang, name in NAME.items():
        visit(page, f"#lang={lang}&card={CARD}")
        assert card_name(page) == name


def test_a_link_brings_the_note_of_the_theme_and_the_colours(page: Page) -> None:
    page.locator("[data-theme='ecology']").click()
    role(page, "palette").check()
    sent = hash_of(page)
    page.evaluate("localStorage.clear()")

    visit(page, sent)

    assert "生态格局" in role(page, "theme-note").inner_text()
    assert page.locator("[data-theme='ecology'][aria-pressed='true']").count() == 1
    assert role(page, "palette").is_checked()


def test_the_start_view_needs_no_address(page: Page) -> None:
    assert hash_of(page) == ""


def test_the_browser_goes_back_and_forward_through_what_was_done(page: Page) -> None:
    role(page, "language").click()
    english = hash_of(page)
    page.locator(f"[data-toggle='{AXES}']").uncheck()
    without = hash_of(page)
    assert english != without

    page.go_back()
    assert hash_of(page) == english
    assert AXES in drawn(page)
    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    page.go_forward()
    page.go_forward()

    assert hash_of(page) == without
    assert AXES not in drawn(page)


HOSTILE = {
    "markup": "#card=feature:<img src=x onerror=alert(1)>&lang=<b>&compare=swipe/<b>/<i>",
    "prototype": "#__proto__=x&constructor=y&layers=__proto__:x&fade=constructor:0.5,toString:1",
    "numbers": "#map=99/1e9/NaN&time=1e99&split=-1&fade=taixin-2035/axes:7",
    "escapes": "#card=%E0%A4%A&%=%&lang=%00",
    "foreign": "#key=secret&tk=123&card=county:999999&compare=swipe/plan:none/theme:none&time=1800",
    "endless": "#layers=" + "taixin-2035:axes;" * 4000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_a_link_must_not_say_is_ignored(
    text: str, offline_page: OfflinePage, page: Page
) -> None:
    before = drawn(page)

    visit(page, text)
    page.wait_for_timeout(WRITTEN)

    assert drawn(page) == before
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert not role(page, "card").locator("article").count()
    assert not page.locator("img[src='x']").count()
    assert role(page, "time-bar").is_hidden()
    assert role(page, "compare-bar").is_hidden()
    assert_quiet(offline_page)


def test_a_bad_part_does_not_spoil_the_good_ones(page: Page) -> None:
    visit(page, f"#map=99/99/999&lang=xx&layers=none:none;taixin-2035:axes,nothing&card={CARD}")

    assert list(drawn(page).keys() & {AXES, "taixin-2035/core"}) == [AXES]
    assert card_name(page) == NAME["zh"]


def test_the_address_never_holds_what_the_page_did_not_write(page: Page) -> None:
    visit(page, "#tk=0123456789abcdef&lang=en")
    role(page, "open-time").click()

    assert re.fullmatch(r"#map=[\d./]+&lang=en&time=\d{4}", hash_of(page))


def test_the_link_can_be_copied(page: Page) -> None:
    role(page, "language").click()
    role(page, "open-share").click()

    link = role(page, "share-link").input_value()
    assert link.endswith("&lang=en")
    assert "#embed&amp;map=" in role(page, "share-embed").input_value()
    role(page, "share-link-copy").click()
    role(page, "share-link-said").get_by_text("Copied").wait_for()
    page.keyboard.press("Escape")
    assert role(page, "share").is_hidden()


def test_embedded_there_is_only_map_and_legend(offline_page: OfflinePage, page: Page) -> None:
    visit(page, "#embed&map=9/38.2/112.7&layers=taixin-2035:axes")

    for name in ("header", "tree", "card", "footer", "open-share"):
        assert role(page, name).is_hidden(), name
    for name in ("legend", "scale", "north", "embed-line"):
        assert role(page, name).is_visible(), name
    assert "未经审核" in role(page, "embed-line").inner_text()
    assert "embed" not in (role(page, "embed-open").get_attribute("href") or "embed")
    assert list(drawn(page).keys() & {AXES, "taixin-2035/core"}) == [AXES]
    assert_quiet(offline_page)
