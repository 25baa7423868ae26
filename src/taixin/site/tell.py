"""The answer as lines for a terminal."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

from taixin.site.words import WORDS, amount, distance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["lines"]

_LISTED_SITES: Final = 20
_LISTED_NEAR: Final = 12


def lines(document: Mapping[str, Any], within_km: float, lang: str) -> Iterator[str]:
    """Tell a document of ``taixin check --json`` in lines.

    Parameters
    ----------
    document
        One site's record, or many with totals.
    within_km
        What was taken as near.
    lang
        ``zh`` or ``en``.

    Yields
    ------
    str
        A line without its end.
    """
    words = WORDS[lang]
    records = document.get("sites", [document])
    for record in records[:_LISTED_SITES]:
        yield from _site(record, lang)
        yield ""
    if "totals" in document:
        yield from _totals(document["totals"], lang)
        yield ""
    if len(records) > _LISTED_SITES:
        yield words["and_more"].format(more=len(records) - _LISTED_SITES)
    for key in ("rule_yes", "rule_possibly", "rule_near", "rule_no_data"):
        yield words[key].format(within=f"{within_km:g}")


def _site(record: Mapping[str, Any], lang: str) -> Iterator[str]:
    words = WORDS[lang]
    site = record["site"]
    name = " ".join(filter(None, [str(site["number"]), site["name"]]))
    size = amount(site, lang)
    yield f"{words['site']} {name}  {size}  {site['crs']}"
    for note in site["notes"]:
        yield f"  {note}"
    for county in record["administrative"]:
        yield f"  {county['name']} {county['adcode']}  {county['share']:.1%}"
    for plan in record["plans"]:
        yield from _plan(plan, lang)
    yield f"{words['access']}: {'' if record['access_rules'] else words['no_rule']}"
    for rule in record["access_rules"]:
        yield f"  {rule['block']} ({words[rule['applies']]})  {rule['document']}, {rule['section']}"
        for key in ("leading", "requirements", "negative_list"):
            yield f"    {words[key]}: {'; '.join(rule[key])}"


def _plan(plan: Mapping[str, Any], lang: str) -> Iterator[str]:
    words = WORDS[lang]
    counts = ", ".join(
        f"{words['no_data_short' if key == 'no_data' else key]} {len(plan[key])}"
        for key in ("affected", "near", "no_data", "not_affected")
    )
    yield f"{plan['plan']}  {counts}"
    rows = [
        (
            f"  {words[item['answer']]}",
            item["name"],
            f"{item['share']:.1%}" if item["share"] else "",
            amount(item, lang),
            distance(item["distance_m"], lang) if item["distance_m"] else "",
            f"± {distance(item['accuracy_m'], lang)}",
            item["section"],
        )
        for item in plan["affected"]
    ]
    rows += [
        (f"  {words['near']}", item["name"], "", "", distance(item["distance_m"], lang),
         f"± {distance(item['accuracy_m'], lang)}", item["section"])
        for item in plan["near"][:_LISTED_NEAR]
    ]  # fmt: skip
    rows += [
        (f"  {words['no_data_short']}", item["name"], "", "", "", item["host"] or "",
         item["section"])
        for item in plan["no_data"]
    ]  # fmt: skip
    yield from _aligned(rows)


def _totals(totals: Mapping[str, Any], lang: str) -> Iterator[str]:
    words = WORDS[lang]
    yield f"{words['totals']}: {totals['features']}  {totals['area_km2']:,.4f} km²"
    yield from _aligned(
        [
            (f"  {words['yes']} {item['yes']}", f"{words['possibly']} {item['possibly']}",
             f"{item['area_km2']:,.4f} km²", item["name"])
            for item in totals["affected"]
        ]
    )  # fmt: skip


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Line up columns; Chinese characters are two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _width(text: str) -> int:
    """Count the columns a text takes on a terminal.

    Examples
    --------
    >>> _width("太忻 1")
    6
    """
    return sum(1 + (unicodedata.east_asian_width(letter) in "WF") for letter in text)
