"""What a sheet is about: a planning system, or a theme across the plans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from taixin import files
from taixin.errors import InputError, Problem, nearest
from taixin.model import Text, Theme
from taixin.vocabulary import Group

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from taixin.build import Layer
    from taixin.model import FigureLabel, Finding, Plan, System
    from taixin.plans import Library

    Labels = Mapping[str, FigureLabel]

__all__ = ["Row", "Subject", "all_subjects", "find_subjects"]

_MOST_ROWS: Final = 8
#: One group of systems is two views of the page; these are the one of them.
_STARTUP_SYSTEMS: Final = ("startup", "access", "dayu")


@dataclass(frozen=True, slots=True)
class Row:
    """A key figure: what, and how much."""

    what: Text
    value: Text


@dataclass(frozen=True)
class Subject:
    """What one sheet shows.

    Parameters
    ----------
    id
        Such as ``taixin-2035/structure`` or ``transport``; also the name of its file.
    title, subtitle, caption
        In both languages.
    layers
        In the order of the plans.
    rows
        Key figures.
    """

    id: str
    title: Text
    subtitle: Text
    caption: Text
    layers: tuple[Layer, ...]
    rows: tuple[Row, ...]

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plans that its layers are of."""
        return tuple({layer.plan.id: layer.plan for layer in self.layers}.values())

    @property
    def file(self) -> str:
        """The name of its file, without a suffix."""
        return self.id.replace("/", "-")


def find_subjects(
    words: Sequence[str],
    layers: Sequence[Layer],
    library: Library,
    findings: Sequence[Finding] = (),
    *,
    only: Sequence[str] = (),
) -> list[Subject]:
    """Find what a user asks to see.

    Parameters
    ----------
    words
        Ids of systems, such as ``startup`` or ``taixin-2035/structure``, or of themes, which go
        first; none stands for every system of the plans.
    layers
        All layers there are.
    library
        What the figures of features mean.
    findings
        What the audit found, for key figures.
    only
        Ids of plans, where only systems of these are meant.

    Raises
    ------
    InputError
        If there is no such system or theme, or several plans have a system of that name.
    """
    chosen = [layer for layer in layers if not only or layer.plan.id in only]
    systems = _systems(chosen, library.figures, findings)
    themes = {} if only else _themes(layers, findings)
    if not words:
        return list(systems.values())
    problems, found = [], []
    for word in words:
        matches = [themes[word]] if word in themes else []
        matches += [s for name, s in systems.items() if not matches and _means(word, name)]
        if len(matches) != 1:
            problems.append(_unknown(word, matches, [*systems, *themes]))
        found += matches
    if problems:
        raise InputError(problems)
    return list({subject.id: subject for subject in found}.values())


def all_subjects(
    layers: Sequence[Layer], library: Library, findings: Sequence[Finding]
) -> list[Subject]:
    """Give the themes and then every system: the sheets of the atlas book."""
    systems = _systems(layers, library.figures, findings)
    return [*_themes(layers, findings).values(), *systems.values()]


def _means(word: str, name: str) -> bool:
    return word in {name, name.partition("/")[2]}


def _unknown(word: str, matches: Sequence[Subject], known: Sequence[str]) -> Problem:
    if matches:
        ids = ", ".join(subject.id for subject in matches)
        remedy = f"write one of {ids}"
        return Problem("SYSTEM", word, "several plans have a system of that name", remedy)
    names = {*known, *(name.partition("/")[2] for name in known)} - {""}
    hint = nearest(word, names) or "`taixin list --json` names the systems of every plan"
    return Problem("SYSTEM", word, "there is no such system or theme", hint)


def _systems(
    layers: Sequence[Layer], labels: Labels, findings: Sequence[Finding]
) -> dict[str, Subject]:
    found = {}
    for system in {id(layer.system): layer.system for layer in layers}.values():
        own = tuple(layer for layer in layers if layer.system is system)
        plan = own[0].plan
        name = f"{plan.id}/{system.system}"
        rows = (*_counts(system), *_measured(own, findings), *_stated(own, labels))
        unique = {row.what.zh: row for row in rows}
        shown = tuple(unique.values())[:_MOST_ROWS]
        found[name] = Subject(name, system.title, plan.title, system.summary, own, shown)
    return found


def _themes(layers: Sequence[Layer], findings: Sequence[Finding]) -> dict[str, Subject]:
    by_id = {layer.id: layer for layer in layers}
    by_finding = {finding.id: finding for finding in findings}
    found = {}
    for name, entry in files.read_toml("themes.toml").items():
        theme = Theme.model_validate(entry)
        named = [by_id[layer] for layer in theme.layers if layer in by_id]
        others = [one for one in layers if one.located and _theme_of(one.system) == name]
        shown = named or others
        if not shown:
            continue
        rows = [_row(by_finding[item]) for item in theme.figures if item in by_finding]
        plans = list({layer.plan.id: layer.plan for layer in shown}.values())
        subtitle = Text(
            zh="、".join(plan.short.zh for plan in plans),
            en=", ".join(plan.short.en for plan in plans),
        )
        # the captions tell of our own plans; of others no more than their names is known
        caption = theme.caption if named else subtitle
        found[name] = Subject(
            name, theme.title, subtitle, caption, tuple(shown), tuple(rows[:_MOST_ROWS])
        )
    return found


def _theme_of(system: System) -> str:
    """Name the view of a system: its group, except that one group is two views."""
    if system.group is not Group.STARTUP_INDUSTRY:
        return system.group.value
    return "startup" if system.system in _STARTUP_SYSTEMS else "industry"


def _counts(system: System) -> Iterable[Row]:
    for count in system.count:
        zh = f"{count.stated}，点名 {count.named}" if count.named != count.stated else count.stated
        en = f"{count.stated}, {count.named} named" if count.named != count.stated else count.stated
        yield Row(count.what, Text(zh=f"{zh}", en=f"{en}"))


def _measured(layers: Sequence[Layer], findings: Sequence[Finding]) -> Iterable[Row]:
    """Tell the findings with a unit that are about these layers."""
    own = {layer.id for layer in layers}
    for item in findings:
        if item.unit and item.where in own and item.stated:
            yield _row(item)


def _row(item: Finding) -> Row:
    stated = f"{_number(item.stated)} {item.unit}".strip()
    found = item.found
    if item.verdict == "conflict" or found is None or isinstance(found, str) or not item.unit:
        return Row(item.claim, Text(zh=stated, en=stated))
    measured = f"{_number(found)} {item.unit}"
    return Row(item.claim, Text(zh=f"{stated}（图上 {measured}）", en=f"{stated} (map {measured})"))


def _stated(layers: Sequence[Layer], labels: Labels) -> Iterable[Row]:
    """Tell the figures with a unit that the documents give for single features."""
    for layer in layers:
        for recipe in layer.recipe.feature:
            for key, value in recipe.figures.items():
                label = labels.get(key)
                if label is None or not label.unit or isinstance(value, bool | str):
                    continue
                what = Text(zh=f"{recipe.name.zh}：{label.zh}", en=f"{recipe.name.en}: {label.en}")
                told = f"{_number(value)} {label.unit}"
                yield Row(what, Text(zh=told, en=told))


def _number(value: float | str) -> str:
    """Write a number with its thousands, and no more digits than it needs."""
    if isinstance(value, str):
        return value
    whole = 100
    return f"{value:,.0f}" if abs(value) >= whole else f"{round(value, 2):,g}"
