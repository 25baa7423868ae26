"""The answer as one page of HTML that prints on A4: maps, tables, citations, tolerances.

Text of plans and of the user's file goes through a template that escapes it, and the page forbids
itself scripts and the network, so nothing in the data becomes markup.
"""

from __future__ import annotations

import datetime as dt
from importlib.resources import files as package_files
from typing import TYPE_CHECKING, Any, Final

import jinja2

import taixin
from taixin.errors import InputError, Problem
from taixin.manifest import data_version
from taixin.site.sketch import sketch, swatch
from taixin.site.words import WORDS, amount, distance
from taixin.vocabulary import BASIS_LABELS, REVIEW_STATE, Basis

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taixin.build import Feature
    from taixin.site import Result
    from taixin.site.answers import Checker

__all__ = ["report"]

_MOST_SITES: Final = 30
_GROUPS: Final = ("affected", "near", "no_data")


def report(result: Result, within_km: float, lang: str, date: str | None = None) -> str:
    """Write the report of a check.

    Parameters
    ----------
    result
        From `taixin.site.check_job`.
    within_km
        What was taken as near.
    lang
        ``zh`` or ``en``.
    date
        Date of the report, ISO 8601; today when None.

    Returns
    -------
    str
        One self-contained HTML page; the same input and date give the same text.

    Raises
    ------
    InputError
        If the date is none.
    """
    checker = result.checker
    records = result.document.get("sites", [result.document])
    shown = list(zip(records, result.geometries, strict=True))[:_MOST_SITES]
    template = _environment(lang).get_template("report.html.jinja")
    return template.render(
        lang=lang,
        words=WORDS[lang],
        date=_date(date),
        within=f"{within_km:g}",
        sites=[_site(record, shape, checker) for record, shape in shown],
        more=len(records) - len(shown),
        totals=result.document.get("totals"),
        facts=_facts(checker),
        version=taixin.__version__,
        review=REVIEW_STATE[lang == "en"],
    )


def _date(date: str | None) -> str:
    if date is None:
        return dt.datetime.now(tz=dt.UTC).astimezone().date().isoformat()
    try:
        return dt.date.fromisoformat(date).isoformat()
    except ValueError:
        problem = Problem("--date", date, "this is no date", "write it as 2026-01-31")
        raise InputError([problem]) from None


def _environment(lang: str) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_template),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["amount"] = lambda item: amount(item, lang)
    environment.filters["metres"] = lambda metres: distance(metres, lang)
    environment.filters["percent"] = lambda share: f"{share:.1%}"
    return environment


def _template(name: str) -> str:
    return (package_files("taixin") / "templates" / name).read_text(encoding="utf-8")


def _site(record: Mapping[str, Any], shape: Any, checker: Checker) -> dict[str, Any]:  # noqa: ANN401 - a geometry; only the sketch looks at it
    by_id = {feature.id: feature for feature in checker.features}
    numbered: dict[str, int] = {}
    for plan in record["plans"]:
        for item in plan["affected"]:
            numbered[item["id"]] = len(numbered) + 1
    drawn = [(number, by_id[name]) for name, number in numbered.items()]
    return {
        **record,
        "plans": [_plan(plan, numbered, checker) for plan in record["plans"]],
        "map": sketch(shape, drawn, checker),
        "legend": list(_legend(drawn, checker)),
        "access_rules": [
            {**rule, "document_title": _documents(checker, rule["plan"]).get(rule["document"])}
            for rule in record["access_rules"]
        ],
    }


def _documents(checker: Checker, plan: str) -> dict[str, str]:
    """Give the titles of a plan's documents by their ids."""
    own = next(each for each in checker.plans if each.id == plan)
    return {document.id: getattr(document.title, checker.lang) for document in own.document}


def _plan(plan: Mapping[str, Any], numbered: Mapping[str, int], checker: Checker) -> dict[str, Any]:
    own = next(each for each in checker.plans if each.id == plan["plan"])
    documents = _documents(checker, own.id)
    names = {
        feature.id: str(feature.properties["name" if checker.lang == "zh" else "name_en"])
        for layer in checker.layers
        if layer.plan.id == own.id
        for feature in layer.features
    }

    def told(item: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **item,
            "number": numbered.get(item["id"]),
            "kind_label": getattr(checker.kinds[item["kind"]].label, checker.lang),
            "basis_label": BASIS_LABELS[Basis(item["basis"])][checker.lang == "en"],
            "document_title": documents.get(item["document"], item["document"]),
        }

    told_items = [item for group in _GROUPS for item in plan[group]]
    cited = {item["document"] for item in told_items}
    answers = [item["answer"] for item in plan["affected"]]
    return {
        "title": getattr(own.title, checker.lang),
        "issuer": getattr(own.issuer, checker.lang),
        "cited": documents.get(cited.pop()) if len(cited) == 1 else None,
        "yes": answers.count("yes"),
        "possibly": answers.count("possibly"),
        "affected": [told(item) for item in plan["affected"]],
        "near": [told(item) for item in plan["near"]],
        "no_data": [told(item) for item in plan["no_data"]],
        "not_affected": [names[name] for name in plan["not_affected"]],
    }


def _legend(drawn: Sequence[tuple[int, Feature]], checker: Checker) -> Iterator[dict[str, object]]:
    numbers: dict[str, list[int]] = {}
    for number, feature in drawn:
        numbers.setdefault(str(feature.properties["kind"]), []).append(number)
    for name, own in numbers.items():
        kind = checker.kinds[name]
        yield {
            "label": getattr(kind.label, checker.lang),
            "numbers": ", ".join(map(str, own)),
            "swatch": swatch(kind),
        }


def _facts(checker: Checker) -> dict[str, object]:
    """Say which data the answer rests on."""
    dates = [document.date for plan in checker.plans for document in plan.document]
    used = {source for layer in checker.layers for source in layer.sources}
    used.update(fact.source for fact in checker.facts.counties.facts)
    return {
        "data_date": max(dates, default=""),
        "data_version": data_version(checker.layers),
        "sources": [
            {"title": getattr(source.title, checker.lang), "attribution": source.attribution}
            for name, source in checker.facts.sources.items()
            if name in used
        ],
        "documents": [
            {
                "title": getattr(document.title, checker.lang),
                "issuer": getattr(document.issuer, checker.lang),
                "date": document.date,
            }
            for plan in checker.plans
            for document in plan.document
        ],
    }
