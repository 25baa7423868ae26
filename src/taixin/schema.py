"""JSON Schema of the TOML files, made from the records that read them, for editors.

An editor that knows TOML (taplo, and Even Better TOML in VS Code) takes the schema that the first
line of a file names, ``#:schema ../../schema/plan.schema.json``. What only the program can check
stays with it: whether a name is known, whether a rule fits its kind.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

from taixin import rules
from taixin.model import Face, FigureLabel, Kind, Plan, Region, Source, SurveyRecord, System

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taixin.plans import Library

__all__ = ["NAMES", "schemas"]

#: Which TOML files a schema is for.
NAMES: Final[Mapping[str, str]] = {
    "plan": "layers/<plan>/plan.toml",
    "system": "layers/<plan>/<system>.toml",
    "kinds": "layers/kinds.toml",
    "figures": "layers/figures.toml",
    "words": "layers/words.toml",
    "atlas": "layers/atlas.toml",
    "sources": "geo/sources.toml",
    "surveys": "geo/surveys.toml",
}
_DIALECT: Final = "http://json-schema.org/draft-07/schema#"  # the one that taplo knows
#: Keys of a plan that its folder gives, not its file.
_NOT_IN_THE_FILE: Final = ("systems", "folder")
_NAME: Final[Mapping[str, object]] = {"type": "string", "minLength": 1}
_LIST: Final[Mapping[str, object]] = {"type": "array", "items": _NAME, "minItems": 1}
_NUMBER: Final[Mapping[str, object]] = {
    "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1e7,
}  # fmt: skip
_ENDS: Final[Mapping[str, object]] = {**_LIST, "minItems": 2}
_EITHER: Final[Mapping[str, object]] = {"anyOf": [_NAME, _LIST]}
_VALUES: Final[Mapping[str, Mapping[str, object]]] = {
    "counties": _EITHER,
    "range": _EITHER,
    "through": _ENDS,
    "along": {**_ENDS, "maxItems": 2},
    "within": _EITHER,
    "width_m": _NUMBER,
    "area_km2": _NUMBER,
    "union": {"type": "array", "items": {"$ref": "#/definitions/Rule"}, "minItems": 1},
    "unlocated": {"const": True},
}


def schemas(library: Library | None = None) -> dict[str, dict[str, Any]]:
    """Describe every kind of TOML file.

    Parameters
    ----------
    library
        Whose kinds and figures a system may name; any word of their form when None.

    Returns
    -------
    dict[str, dict[str, Any]]
        JSON Schema, draft 7, by the names of `NAMES`.

    Examples
    --------
    >>> sorted(schemas())
    ['atlas', 'figures', 'kinds', 'plan', 'sources', 'surveys', 'system', 'words']
    >>> schemas()["system"]["definitions"]["LayerRecipe"]["required"]
    ['id', 'title', 'kind', 'feature']
    """
    plan = _of(Plan)
    for key in _NOT_IN_THE_FILE:
        del plan["properties"][key]
    system = _of(System)
    definitions = system["definitions"]
    definitions["FeatureRecipe"]["properties"]["rule"] = {"$ref": "#/definitions/Rule"}
    definitions["Rule"] = _rule()
    if library is not None:
        definitions["LayerRecipe"]["properties"]["kind"]["enum"] = sorted(library.kinds)
        figures = definitions["FeatureRecipe"]["properties"]["figures"]
        figures["propertyNames"] = {"enum": sorted(library.figures)}
    found = {
        "plan": plan,
        "system": system,
        "kinds": _table(_of(Kind)),
        "figures": _table(_of(FigureLabel)),
        "atlas": _of(Face),
        "sources": _sources(),
        "surveys": _surveys(),
        "words": {"type": "object", "additionalProperties": _NAME, "definitions": {}},
    }
    for name, schema in found.items():
        _drop_unused(schema)
        schema["title"] = NAMES[name]
    return {name: {"$schema": _DIALECT, **_plain(schema)} for name, schema in found.items()}


def _of(model: Any) -> dict[str, Any]:  # noqa: ANN401 - any record; this module does not import pydantic
    schema: dict[str, Any] = model.model_json_schema(
        by_alias=True, ref_template="#/definitions/{model}"
    )
    schema["definitions"] = schema.pop("$defs", {})
    return schema


def _table(record: dict[str, Any]) -> dict[str, Any]:
    """Describe a file whose every table is the same record, under a name of its own."""
    definitions = record.pop("definitions")
    name = str(record["title"])
    entry = {"$ref": f"#/definitions/{name}"}
    return {
        "type": "object",
        "additionalProperties": entry,
        "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
        "definitions": {**definitions, name: record},
    }


def _sources() -> dict[str, Any]:
    region, source = _of(Region), _of(Source)
    definitions = {**region.pop("definitions"), **source.pop("definitions")}
    return {
        "type": "object",
        "required": ["region", "source"],
        "additionalProperties": False,
        "properties": {
            "region": {"$ref": "#/definitions/Region"},
            "source": {"type": "array", "items": {"$ref": "#/definitions/Source"}},
        },
        "definitions": {**definitions, "Region": region, "Source": source},
    }


def _surveys() -> dict[str, Any]:
    survey = _of(SurveyRecord)
    definitions = survey.pop("definitions")
    return {
        "type": "object",
        "required": ["survey"],
        "additionalProperties": False,
        "properties": {"survey": {"type": "array", "items": {"$ref": "#/definitions/Survey"}}},
        "definitions": {**definitions, "Survey": survey},
    }


def _rule() -> dict[str, Any]:
    """Describe a rule: exactly one source rule with the keys it needs, and any modifiers."""
    modifiers = list(rules.MODIFIERS)
    choices = [
        {
            "description": _summary(rules.SOURCES[name]),
            "required": [name, *rules.extra_keys(name)],
            "propertyNames": {"enum": [name, *rules.extra_keys(name), *modifiers]},
        }
        for name in rules.SOURCES
    ]
    extras = [key for name in rules.SOURCES for key in rules.extra_keys(name)]
    functions = {**rules.SOURCES, **rules.MODIFIERS}
    properties = {
        name: {**_VALUES.get(name, _NAME), "description": _summary(functions.get(name))}
        for name in (*rules.SOURCES, *extras, *modifiers)
    }
    return {"type": "object", "properties": properties, "oneOf": choices}


def _summary(function: object) -> str:
    text = inspect.getdoc(function) if function is not None else None
    return (text or "a number, without its unit").split("\n\n")[0].replace("\n", " ")


def _drop_unused(schema: dict[str, Any]) -> None:
    definitions: dict[str, Any] = schema["definitions"]
    used: set[str] = set()
    waiting: list[object] = [{key: value for key, value in schema.items() if key != "definitions"}]
    while waiting:
        name = _reference(waiting[-1])
        here = waiting.pop()
        if name and name not in used:
            used.add(name)
            waiting.append(definitions[name])
        waiting.extend(_children(here))
    for name in sorted(set(definitions) - used):
        del definitions[name]


def _reference(node: object) -> str:
    link = node.get("$ref") if isinstance(node, dict) else None
    return link.rsplit("/", 1)[-1] if isinstance(link, str) else ""


def _children(node: object) -> Sequence[object]:
    if isinstance(node, dict):
        return list(node.values())
    return node if isinstance(node, list) else ()


def _plain(node: Any) -> Any:  # noqa: ANN401 - JSON
    """Take from pydantic's schema what an editor would show and nobody needs.

    TOML knows no null, so a key that may be left out is simply of its other type; draft 7
    calls ``prefixItems`` ``items``.
    """
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if not isinstance(node, dict):
        return node
    node = {"items" if key == "prefixItems" else key: value for key, value in node.items()}
    if "title" in node and isinstance(node["title"], str) and "properties" not in node:
        node.pop("title")
    if node.get("default", ...) is None:
        node.pop("default")
    choices = [each for each in node.get("anyOf", ()) if each != {"type": "null"}]
    if "anyOf" in node and len(choices) == 1:
        node = {**{key: value for key, value in node.items() if key != "anyOf"}, **choices[0]}
    elif "anyOf" in node:
        node["anyOf"] = choices
    if isinstance(node.get("description"), str):
        node["description"] = node["description"].split("\n\n")[0].replace("\n", " ")
    return {key: _plain(value) for key, value in node.items()}
