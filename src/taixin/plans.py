"""Plans and recipes: ``layers/**/*.toml`` read, validated, and every problem listed at once.

Plans are found by folder, not by registration: each folder below ``layers/`` that holds a
``plan.toml`` is a plan, each other TOML file in it one planning system.
"""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from taixin import files, rules
from taixin.errors import InputError, Problem, nearest
from taixin.mending import is_about_a_stand_in, mend
from taixin.model import (
    AccessRule,
    Check,
    Document,
    Face,
    FeatureRecipe,
    FigureLabel,
    Kind,
    LayerRecipe,
    Phase,
    Plan,
    Quote,
    StatedCount,
    Statement,
    Symbol,
    System,
    Text,
    TextStyle,
    Words,
)
from taixin.vocabulary import PROPERTIES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

__all__ = [
    "Library",
    "Reading",
    "check_rule",
    "load_library",
    "load_plans",
    "read_library",
    "validated",
]

R = TypeVar("R", bound=BaseModel)

_MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "layer": LayerRecipe,
    "feature": FeatureRecipe,
    "count": StatedCount,
    "status": Statement,
    "access_rule": AccessRule,
    "check": Check,
    "other": Quote,
    "phase": Phase,
    "document": Document,
    "symbol": Symbol,
    "text": TextStyle,
}
_REMEDIES: Final[Mapping[str, str]] = {
    "term": "write the exact words of the document that the feature stands for",
    "section": "write the heading of the document under which it stands",
    "document": "write the id of a [[document]] in plan.toml",
    "rule": 'say how the geometry is made, for example rule = { counties = ["…"] }',
    "summary": 'summarise in your own words, { zh = "…", en = "…" }',
}


#: What stands above an atlas of no plan.
_NAMELESS: Final = Face(
    title=Text(zh="规划图集", en="Atlas of plans"),
    subtitle=Text(zh="规划图集", en="Atlas of plans"),
)


@dataclass(frozen=True)
class Library:
    """All plans of a folder with the kinds and figure labels they share.

    Parameters
    ----------
    plans
        In their stated order, then by id.
    kinds
        Kind name to label, symbol and drawing order.
    figures
        Figure key to label and unit.
    face
        Title and subtitle of the atlas.
    words
        Chinese words of members, hosts and values, with their English.
    """

    plans: tuple[Plan, ...]
    kinds: Mapping[str, Kind]
    figures: Mapping[str, FigureLabel]
    face: Face = _NAMELESS
    words: Mapping[str, str] = field(default_factory=dict)

    def plan(self, identifier: str) -> Plan:
        """Find a plan by its id.

        Raises
        ------
        InputError
            If there is no such plan; names the nearest.
        """
        for plan in self.plans:
            if plan.id == identifier:
                return plan
        hint = nearest(identifier, [plan.id for plan in self.plans])
        raise InputError([Problem("--plan", identifier, "there is no such plan", hint)])


@dataclass(frozen=True)
class Reading:
    """What could be read of a folder of plans, and what is wrong with its files."""

    library: Library
    problems: tuple[Problem, ...]


def load_plans(folder: Path | None = None) -> tuple[Plan, ...]:
    """Read the plans of a folder.

    Parameters
    ----------
    folder
        A ``layers`` folder or the one that holds it; the project's own when None.

    Returns
    -------
    tuple[Plan, ...]
        The plans with their systems and recipes.

    Raises
    ------
    InputError
        Lists every problem of every file.
    """
    return load_library(folder).plans


def load_library(folder: Path | None = None) -> Library:
    """Read plans, kinds and figure labels of a folder.

    Parameters
    ----------
    folder
        A ``layers`` folder; the project's own when None. A folder without ``kinds.toml``
        or ``figures.toml`` uses the project's own.

    Raises
    ------
    InputError
        Lists every problem of every file.
    """
    reading = read_library(folder)
    if reading.problems:
        raise InputError(reading.problems)
    return reading.library


def read_library(folder: Path | None = None) -> Reading:
    """Read what can be read of a folder of plans, with everything that is wrong in its files.

    Parameters
    ----------
    folder
        As in `load_library`.

    Returns
    -------
    Reading
        Where it has problems, its library has stand-ins for what is wrong or missing, so that the
        rest can be checked too; nothing may be built of it.
    """
    own = files.data_folder("layers")
    folder = files.folders(folder, None)[0] or own
    problems: list[Problem] = []
    kinds = _load_table(_own_or(folder, own, "kinds.toml"), Kind, problems)
    figures = _load_table(_own_or(folder, own, "figures.toml"), FigureLabel, problems)
    path = folder / "words.toml"  # the words of its plans, which are nobody else's
    said = (_read(path, path.name, problems) if path.is_file() else None) or {}
    words = validated(Words, said, path.name, (), problems)
    plans = []
    for path in files.listed(folder, "*/plan.toml"):
        plan = _load_plan(path, problems)
        if plan is not None:
            problems.extend(_check_plan(plan, kinds, figures))
            plans.append(plan)
    if not plans and not problems:
        message = "no plan is here: there is no folder with a plan.toml"
        problems.append(Problem(folder.name, "", message, "name the folder that holds the plans"))
    ordered = tuple(sorted(plans, key=lambda plan: (plan.order, plan.id)))
    face = _load_face(folder, ordered, problems)
    own_problems = tuple(each for each in problems if not is_about_a_stand_in(each))
    library = Library(ordered, kinds, figures, face, words.root if words else {})
    return Reading(library, own_problems)


def _load_face(folder: Path, plans: Sequence[Plan], problems: list[Problem]) -> Face:
    """Read the title of the atlas; without an ``atlas.toml`` its first plan names it."""
    path = folder / "atlas.toml"
    document = _read(path, path.name, problems) if path.is_file() else None
    face = validated(Face, document, path.name, (), problems) if document is not None else None
    if face is None and plans:
        face = Face(title=plans[0].title, subtitle=plans[0].issuer)
    return face or _NAMELESS


def _own_or(folder: Path, own: Path, name: str) -> Path:
    return folder / name if (folder / name).is_file() else own / name


def _load_table(path: Path, model: type[R], problems: list[Problem]) -> dict[str, R]:
    try:
        document = files.read_toml(path)
    except InputError as error:
        problems.extend(error.problems)
        return {}
    table = {}
    for name, entry in document.items():
        record = validated(model, entry, path.name, (name,), problems)
        if record is not None:
            table[name] = record
    return table


def _load_plan(path: Path, problems: list[Problem]) -> Plan | None:
    folder = path.parent
    systems = []
    for system_path in files.listed(folder, "*.toml"):
        if system_path == path or system_path.name == "left-out.toml":
            continue
        name = f"{folder.name}/{system_path.name}"
        document = _read(system_path, name, problems)
        system = None if document is None else _mended_system(document, name, problems)
        if system:
            if system.system != system_path.stem:
                message = f"system = '{system.system}' is not the name of the file"
                problems.append(Problem(name, "system", message, f"write '{system_path.stem}'"))
            systems.append(system)
    name = f"{folder.name}/plan.toml"
    document = _read(path, name, problems)
    if document is None:
        return None
    if document.get("id") != folder.name:
        message = f"id = '{document.get('id')}' is not the name of the folder"
        problems.append(Problem(name, "id", message, f"write '{folder.name}'"))
    plan = validated(Plan, document, name, (), problems)
    ordered = tuple(sorted(systems, key=lambda system: (system.order, system.system)))
    return plan and plan.model_copy(update={"systems": ordered, "folder": folder})


def _read(path: Path, name: str, problems: list[Problem]) -> dict[str, object] | None:
    try:
        return files.read_toml(path)
    except InputError as error:
        problems.extend(
            Problem(name, found.key, found.message, found.remedy) for found in error.problems
        )
        return None


def validated(
    model: type[R],
    entry: object,
    file: str,
    prefix: Sequence[str],
    problems: list[Problem],
) -> R | None:
    """Make a record of what a file says at a place; what is wrong with it joins the problems."""
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        details = _own_errors(error)
        problems.extend(_problem(detail, entry, file, prefix, model) for detail in details)
        return None


def _own_errors(error: ValidationError) -> list[ErrorDetails]:
    """Leave out that a list is too short where that only follows from what is wrong in it."""
    details = error.errors()
    inside = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    return [each for each in details if each["type"] != "too_short" or each["loc"] not in inside]


def _mended_system(
    document: dict[str, object], file: str, problems: list[Problem]
) -> System | None:
    """Validate a system; if something is wrong, note it and go on with stand-ins."""
    system = validated(System, document, file, (), problems)
    mended = copy.deepcopy(document) if system is None else {}
    rounds = 4  # what is taken out because it is wrong may then be missing
    while system is None and rounds:
        rounds -= 1
        try:
            system = System.model_validate(mended)
        except ValidationError as error:
            for detail in _own_errors(error):
                mend(mended, detail)
    return system


def _problem(
    detail: ErrorDetails, entry: object, file: str, prefix: Sequence[str], model: type[BaseModel]
) -> Problem:
    key = ".".join([*prefix, *_named(detail["loc"], entry)])
    last = str(detail["loc"][-1]) if detail["loc"] else ""
    if detail["type"] == "missing":
        remedy = _REMEDIES.get(last, "add it")
        return Problem(file, key, f"the key '{last}' is missing", remedy)
    if detail["type"] == "extra_forbidden":
        parents = [str(part) for part in detail["loc"][:-1] if isinstance(part, str)]
        owner = _MODELS.get(parents[-1], Text) if parents else model
        known = [field.alias or name for name, field in owner.model_fields.items()]
        return Problem(file, key, f"the key '{last}' is unknown", nearest(last, known))
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(file, key, message[0].lower() + message[1:], _given(detail["input"]))


def _given(value: object) -> str:
    longest = 60
    text = repr(value)
    return f"the value is {text}" if len(text) <= longest else ""


def _named(location: Sequence[str | int], entry: object) -> Iterator[str]:
    """Replace list positions by the ids that stand there, so a user finds the place."""
    here = entry
    for part in location:
        try:
            here = here[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            here = None
        named = isinstance(part, int) and isinstance(here, dict) and isinstance(here.get("id"), str)
        yield str(here["id"]) if named and isinstance(here, dict) else str(part)


class _Known(NamedTuple):
    """The words that the features of one plan may use."""

    documents: set[str]
    phases: set[str]
    figures: Mapping[str, FigureLabel]


def _check_plan(
    plan: Plan, kinds: Mapping[str, Kind], figures: Mapping[str, FigureLabel]
) -> Iterator[Problem]:
    documents, phases = ({record.id for record in part} for part in (plan.document, plan.phase))
    known = _Known(documents, phases, figures)
    times = Counter(layer.id for system in plan.systems for layer in system.layer)
    if not plan.systems:
        yield Problem(f"{plan.id}/plan.toml", "", "the plan has no system", "add a system file")
    for system in plan.systems:
        file = f"{plan.id}/{system.system}.toml"
        yield from _check_known(file, "document", system.document, documents)
        for layer in system.layer:
            key = f"layer.{layer.id}"
            if times[layer.id] > 1:
                message = "the layer id is used more than once in this plan"
                yield Problem(file, key, message, "make layer ids unique within the plan")
            yield from _check_known(file, f"{key}.kind", layer.kind, kinds)
            repeated = Counter(feature.id for feature in layer.feature)
            for feature in layer.feature:
                where = f"{key}.feature.{feature.id}"
                if repeated[feature.id] > 1:
                    yield Problem(file, where, "the feature id is used twice", "make ids unique")
                yield from _check_feature(file, where, feature, known)


def _check_known(
    file: str, key: str, word: str | None, known: set[str] | Mapping[str, object]
) -> Iterator[Problem]:
    if word is not None and word not in known:
        yield Problem(file, key, f"'{word}' is unknown", nearest(word, known))


def _check_feature(file: str, key: str, feature: FeatureRecipe, known: _Known) -> Iterator[Problem]:
    yield from _check_known(file, f"{key}.document", feature.document, known.documents)
    yield from _check_known(file, f"{key}.phase", feature.phase, known.phases)
    if feature.status is not None:
        yield from _check_known(file, f"{key}.status", feature.status.document, known.documents)
    for figure in feature.figures:
        if figure in PROPERTIES:
            message = f"'{figure}' is a property of every feature and cannot be a figure"
            yield Problem(file, f"{key}.figures.{figure}", message, "give the figure another key")
        yield from _check_known(file, f"{key}.figures.{figure}", figure, known.figures)
    yield from check_rule(file, f"{key}.rule", feature.rule)
    if "unlocated" in feature.rule and feature.host is None:
        message = "an unlocated feature has no host"
        yield Problem(file, key, message, "name the county, city or plan it belongs to as host")


def check_rule(file: str, key: str, rule: Mapping[str, object]) -> Iterator[Problem]:
    """Check the keys of a rule against the rule functions.

    Parameters
    ----------
    file, key
        Where the rule stands, for the problems.
    rule
        The rule as read from the recipe.

    Yields
    ------
    Problem
        An unknown key, a missing one, or not exactly one source rule.
    """
    sources = [word for word in rule if word in rules.SOURCES]
    if len(sources) != 1:
        unknown = [word for word in rule if word not in rules.MODIFIERS and word not in sources]
        if unknown and not sources:
            hint = nearest(unknown[0], rules.SOURCES)
            yield Problem(file, key, f"the rule '{unknown[0]}' is unknown", hint)
            return
        message = f"a rule needs exactly one of {', '.join(rules.SOURCES)}, not {len(sources)}"
        yield Problem(file, key, message, "split it into two features or use union")
        return
    needed = rules.extra_keys(sources[0])
    allowed = {sources[0], *needed, *rules.MODIFIERS}
    for word in rule:
        if word not in allowed:
            yield Problem(file, key, f"the key '{word}' is unknown", nearest(word, allowed))
    for word in needed:
        if word not in rule:
            message = f"the rule '{sources[0]}' needs the key '{word}'"
            yield Problem(file, key, message, "add it")
