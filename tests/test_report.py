"""The report of a site check: self-contained, escaped, reproducible, and whole on A4."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from taixin.errors import InputError
from taixin.site import Job, check_job
from taixin.site.report import report

if TYPE_CHECKING:
    from pathlib import Path

    from taixin.site import Result
    from tests.browsing import OfflinePage

HOSTILE = '<script>alert(1)</script>{{ 7*7 }}{% if %}"&'
PLANS = ("taixin-2035", "taiyuan-area-2021")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = tmp_path_factory.mktemp("report") / "sites.csv"
    rows = (
        f'"{HOSTILE.replace(chr(34), chr(34) * 2)}",112.72,38.18,1500',
        "五台山,113.6,39.0,20000",
        "省外,116.4,39.9,1000",
    )
    path.write_text("\n".join(["name,lon,lat,radius_m", *rows]), encoding="utf-8")
    return check_job(Job(path, only=PLANS))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_asks_for_nothing_and_holds_everything(result: Result, lang: str) -> None:
    page = report(result, 5, lang, "2026-01-31")
    assert not re.search(r"<script|<link|<iframe|\bsrc=|\bon\w+=|url\((?!#)|https?:", page)
    assert "default-src 'none'" in page
    assert page.count('<svg class="map"') == 3
    for word in ("2026-01-31", "taixin" if lang == "en" else "太忻", "CGCS2000"):
        assert word in page.lower() or word in page
    assert all(item["section"] in page for record in result.document["sites"]
               for plan in record["plans"] for item in plan["affected"])  # fmt: skip


def test_a_report_counts_numbers_and_cites_every_answer(result: Result) -> None:
    page = report(result, 5, "en", "2026-01-31")
    for record in result.document["sites"]:
        affected = [item for plan in record["plans"] for item in plan["affected"]]
        for number in range(1, len(affected) + 1):
            assert f'<span class="badge">{number}</span></td>' in page
        for plan in record["plans"]:
            answers = [item["answer"] for item in plan["affected"]]
            counts = [answers.count("yes"), answers.count("possibly"), len(plan["near"]),
                      len(plan["no_data"]), len(plan["not_affected"])]  # fmt: skip
            assert "".join(f'<td class="n">{count}</td>' for count in counts) in page


def test_what_looks_alike_is_drawn_once_and_named() -> None:
    point = check_job(Job("112.72,38.18,500", only=PLANS))
    page = report(point, 5, "en", "2026-01-31")
    everything = set(re.findall(r'<span class="badge">(\d+)</span></td>', page))
    picture, below = re.split(r"</svg>\s*<ul class=.legend.>", page, maxsplit=1)
    drawn = re.findall(r'text-anchor="middle" fill="#222222">(\d+)', picture)
    alike = re.search(r"Drawn alike: ([^<]*)", below)
    around = re.search(r"The whole map lies in: ([^<]*)", below)
    assert alike is not None
    assert around is not None
    others = {
        number for group in alike[1].split("; ") for number in group.split(" = ")[1].split(", ")
    }
    assert others & set(drawn) == set()
    assert others
    assert everything >= {*drawn, *others, *around[1].split(", ")}


def test_text_of_a_user_never_becomes_markup(result: Result) -> None:
    page = report(result, 5, "zh", "2026-01-31")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7*7 }}{% if %}&#34;&amp;" in page


def test_the_same_check_and_date_give_the_same_text(result: Result) -> None:
    assert report(result, 5, "zh", "2026-01-31") == report(result, 5, "zh", "2026-01-31")
    assert "2026-01-31" not in report(result, 5, "zh", "2026-02-01")


def test_a_date_that_is_none_is_refused(result: Result) -> None:
    with pytest.raises(InputError, match="this is no date"):
        report(result, 5, "zh", "31.1.2026")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_fits_on_a4(
    result: Result, tmp_path: Path, offline_page: OfflinePage, lang: str
) -> None:
    path = tmp_path / "report.html"
    path.write_text(report(result, 5, lang, "2026-01-31"), encoding="utf-8")
    page = offline_page.open(path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})  # A4 less its margins at 96 dpi
    wide = page.evaluate(
        "() => [...document.querySelectorAll('body, body *:not(svg *)')]"
        ".filter(e => e.getBoundingClientRect().right > 689 || e.scrollWidth > e.clientWidth + 1"
        " && getComputedStyle(e).display !== 'inline').map(e => e.tagName)"
    )
    assert wide == []
    assert page.locator("text=<script>alert(1)</script>").count() > 0
    tall = page.evaluate(
        "() => [...document.querySelectorAll('figure, tr, .box, .foot')]"
        ".map(e => e.getBoundingClientRect().height).filter(h => h > 1000)"
    )
    assert tall == []
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = set(re.findall(rb"/MediaBox \[([^\]]+)\]", pdf))
    assert {tuple(round(float(value)) for value in box.split()) for box in boxes} == {
        (0, 0, 595, 842)
    }
    offline_page.assert_quiet()
