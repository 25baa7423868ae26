"""The plan checks itself: what it states against what its layers and other documents hold.

Three kinds of findings: the checks a plan declares, the counts it states and names, and what must
hold in any plan (points in their host county, lines through their members, no duplicates, valid
geometry). A contradiction inside our own layers is an error; one inside the plan, or between
plans, is a warning the planner wants to see.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from taixin import crs
from taixin.errors import InputError, Problem
from taixin.measures import ExpressionError, Measures, evaluate
from taixin.model import Check, Finding, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from shapely.geometry.base import BaseGeometry

    from taixin.build import Feature, Layer
    from taixin.facts import Facts
    from taixin.model import Plan
    from taixin.plans import Library

__all__ = ["audit", "summary"]

_ROUNDING: Final = 1e-9


def audit(library: Library, layers: Sequence[Layer], facts: Facts) -> tuple[Finding, ...]:
    """Check plans against their own numbers, their layers and each other.

    Parameters
    ----------
    library
        The plans, with the checks they declare.
    layers
        The built layers of all of them.
    facts
        Counties and the province.

    Returns
    -------
    tuple[Finding, ...]
        Declared checks first, plan by plan, then stated counts, then what holds for any plan.

    Raises
    ------
    InputError
        If a check has an expression that cannot be carried out; lists all of them.
    """
    measures = Measures(layers, facts)
    findings: list[Finding] = []
    problems: list[Problem] = []
    for plan in library.plans:
        for check in plan.check:
            try:
                findings.append(_declared(plan, check, measures))
            except ExpressionError as error:
                key = f"check.{check.id}.found"
                problems.append(Problem(f"{plan.id}/plan.toml", key, str(error)))
        findings.extend(_stated_counts(plan))
    if problems:
        raise InputError(problems)
    for rule in _ANY_PLAN:
        findings.extend(rule(layers, facts))
    return tuple(findings)


def summary(findings: Iterable[Finding]) -> dict[str, int]:
    """Count findings by verdict and by severity."""
    findings = tuple(findings)
    verdicts = Counter(finding.verdict for finding in findings)
    severities = Counter(finding.severity for finding in findings)
    words = ("agrees", "differs", "unverifiable", "conflict")
    grades = ("info", "warning", "error")
    return {
        "findings": len(findings),
        **{word: verdicts[word] for word in words},  # type: ignore[index]
        **{grade: severities[grade] for grade in grades},  # type: ignore[index]
    }


# ---- what a plan declares ------------------------------------------------------------------------


def _declared(plan: Plan, check: Check, measures: Measures) -> Finding:
    where = ", ".join(check.where)
    if check.other:
        return _between_documents(plan, check, where)
    if check.found is None or isinstance(check.stated, str):
        reason = check.reason.zh if check.reason else ""
        return _finding(plan, check, None, "unverifiable", "info", reason or where)
    found = evaluate(check.found, measures)
    deviation = _deviation(check.stated, found)
    allowed = check.tolerance + _ROUNDING
    fits = found >= check.stated if check.at_least else abs(deviation) <= allowed
    severity = (
        "info" if fits else {"layers": "error", "plan": "warning", "spelling": "info"}[check.blame]
    )
    verdict = "agrees" if fits else "differs"
    return _finding(plan, check, round(found, 3), verdict, severity, where or check.found)


def _between_documents(plan: Plan, check: Check, where: str) -> Finding:
    says = "; ".join(f"{quote.document}: {quote.value}" for quote in check.other)
    same = all(quote.value == check.stated for quote in check.other)
    verdict, severity = ("agrees", "info") if same else ("conflict", "warning")
    if not same and check.blame == "spelling":  # one thing under several names
        verdict, severity = "differs", "info"
    return _finding(plan, check, says, verdict, severity, where)


def _deviation(stated: float, found: float) -> float:
    """Relative difference; absolute where nothing or zero is stated."""
    return (found - stated) / stated if stated else found


def _finding(
    plan: Plan,
    check: Check,
    found: float | str | None,
    verdict: str,
    severity: str,
    where: str,
) -> Finding:
    numbers = isinstance(found, int | float) and not isinstance(check.stated, str)
    return Finding.model_validate(
        {
            "id": f"{plan.id}/{check.id}",
            "plan": plan.id,
            "claim": check.claim,
            "stated": check.stated,
            "found": found,
            "unit": check.unit,
            "deviation": round(_deviation(float(check.stated), float(found or 0)), 6)
            if numbers
            else None,
            "verdict": verdict,
            "severity": severity,
            "where": where,
        }
    )


def _stated_counts(plan: Plan) -> Iterator[Finding]:
    """Compare how many a document states with how many it names."""
    for system in plan.systems:
        for number, count in enumerate(system.count, start=1):
            agrees = count.stated == count.named
            yield Finding(
                id=f"{plan.id}/{system.system}-count-{number}",
                plan=plan.id,
                claim=Text(
                    zh=f"{system.title.zh}：{count.what.zh}（文件所称与点名）",
                    en=f"{system.title.en}: {count.what.en} (stated and named)",
                ),
                stated=count.stated,
                found=count.named,
                unit="",
                deviation=round(_deviation(count.stated, count.named), 6),
                verdict="agrees" if agrees else "differs",
                severity="info" if agrees else "warning",
                where=f"{plan.id}/{system.system}",
            )


# ---- what must hold in any plan ------------------------------------------------------------------


def _located(layers: Iterable[Layer]) -> Iterator[tuple[Feature, BaseGeometry]]:
    for layer in layers:
        for feature in layer.located:
            if feature.geometry is not None:
                yield feature, feature.geometry


def _distance_m(point: BaseGeometry, area: BaseGeometry) -> float:
    if shapely.intersects(point, area):
        return 0.0
    return 1000 * crs.geodesic_length_km(shapely.shortest_line(point, area))


def _areas(facts: Facts) -> dict[str, BaseGeometry]:
    """Give the outline that each name stands for; names of several counties stand for none."""
    named = Counter(name for fact in facts.counties.facts for name in fact.names)
    return {
        name: fact.geometry
        for fact in facts.counties.facts
        for name in fact.names
        if named[name] == 1
    }


def _points_in_host(layers: Sequence[Layer], facts: Facts) -> Iterator[Finding]:
    """Check that a point lies in its host county or city, or within its accuracy of it."""
    areas = _areas(facts) | facts.cities
    shapely.prepare(list(areas.values()))
    for feature, geometry in _located(layers):
        area = areas.get(str(feature.properties["host"]))
        if area is None or shapely.get_dimensions(geometry) != 0:
            continue
        away_m = _distance_m(geometry, area)
        fits = away_m <= float(str(feature.properties["accuracy_m"]))
        host = str(feature.properties["host"])
        yield _general(
            feature, "in-host", ("点位于所在县市内", "the point lies in its host"),
            (host, host if fits else f"{away_m:.0f} m", fits),
        )  # fmt: skip


def _lines_through_members(layers: Sequence[Layer], facts: Facts) -> Iterator[Finding]:
    """Check that a line passes the counties it names as members, within its accuracy."""
    areas = _areas(facts)
    for feature, geometry in _located(layers):
        members: Sequence[str] = feature.properties["members"]  # type: ignore[assignment]
        named = [name for name in members if name in areas]
        if not named or shapely.get_dimensions(geometry) != 1:
            continue
        accuracy_m = float(str(feature.properties["accuracy_m"]))
        missed = [name for name in named if _distance_m(geometry, areas[name]) > accuracy_m]
        yield _general(
            feature, "through-members", ("线经过所列县市", "the line passes its members"),
            ("、".join(named), f"未经过 {'、'.join(missed)}" if missed else "、".join(named),
             not missed),
        )  # fmt: skip


def _valid_geometry(layers: Sequence[Layer], _facts: Facts) -> Iterator[Finding]:
    """Check that every geometry is valid and not empty; one finding a layer."""
    for layer in layers:
        shapes = [feature.geometry for feature in layer.located]
        is_bad = ~shapely.is_valid(shapes) | shapely.is_empty(shapes)
        bad = [layer.located[i].id for i in np.flatnonzero(is_bad)]
        yield _of_layer(layer, "valid", ("几何有效", "geometries are valid"), bad)


def _no_duplicates(layers: Sequence[Layer], _facts: Facts) -> Iterator[Finding]:
    """Check that no two features of a layer share term, name and geometry."""
    for layer in layers:
        texts = shapely.to_wkb([feature.geometry for feature in layer.located])
        seen = Counter(
            (feature.properties["term"], feature.properties["name"], text)
            for feature, text in zip(layer.located, texts, strict=True)
        )
        twice = [str(name) for (_, name, _), times in seen.items() if times > 1]
        yield _of_layer(layer, "unique", ("没有重复要素", "no feature stands twice"), twice)


def _of_layer(layer: Layer, check: str, claim: tuple[str, str], bad: list[str]) -> Finding:
    title = layer.recipe.title
    return Finding(
        id=f"{layer.id}#{check}",
        plan=layer.plan.id,
        claim=Text(zh=f"{title.zh}：{claim[0]}", en=f"{title.en}: {claim[1]}"),
        stated=len(layer.located),
        found=len(layer.located) - len(bad),
        unit="",
        deviation=float(-len(bad)),
        verdict="differs" if bad else "agrees",
        severity="error" if bad else "info",
        where=", ".join(bad) or layer.id,
    )


def _general(
    feature: Feature, check: str, claim: tuple[str, str], outcome: tuple[str, str, bool]
) -> Finding:
    stated, found, fits = outcome
    name, name_en = feature.properties["name"], feature.properties["name_en"]
    return Finding(
        id=f"{feature.id}#{check}",
        plan=str(feature.properties["plan"]),
        claim=Text(zh=f"{name}：{claim[0]}", en=f"{name_en}: {claim[1]}"),
        stated=stated,
        found=found,
        unit="",
        deviation=None,
        verdict="agrees" if fits else "differs",
        severity="info" if fits else "error",
        where=feature.id,
    )


_ANY_PLAN: Final[tuple[Callable[[Sequence[Layer], Facts], Iterator[Finding]], ...]] = (
    _points_in_host,
    _lines_through_members,
    _valid_geometry,
    _no_duplicates,
)
