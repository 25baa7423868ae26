"""The report of an import in lines for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taixin.improve.imports import Report

__all__ = ["told"]


def told(report: Report) -> Iterator[str]:
    """Tell what an import did.

    Yields
    ------
    str
        A line for each fact that moved or was left, and how many were not found.
    """
    for change in report.changed:
        length = "" if change.length_km is None else f", {change.length_km:.1f} km"
        yield (
            f"{change.table}/{change.id} {change.name}: moved {change.moved_m:.0f} m, "
            f"at most {change.moved_most_m:.0f} m{length}; "
            f"± {change.accuracy_m_before:g} m -> ± {change.accuracy_m:g} m"
        )
    for table, identifier, name, why in report.left:
        yield f"{table}/{identifier} {name}: left as it is, {why}"
    names = "、".join(name for _, _, name in report.missing)
    yield f"{len(report.changed)} changed, {len(report.left)} left, {len(report.missing)} not found"
    if names:
        yield f"not found: {names}"
    yield from report.notes
    if report.file:
        yield f"geo/{report.file}; then: taixin layers. To take it back: taixin geo import --undo"
