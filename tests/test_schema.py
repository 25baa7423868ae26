"""The JSON Schemas: every file of the project is right by them, ten wrong ones are not."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import jsonschema
import pytest

from taixin.plans import load_library
from taixin.schema import schemas
from tests.running import taixin
from tests.samples import NATURE, PLAN, REPO, SOURCES, STRUCTURE

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = schemas(load_library())
KIND_FILES = {f"{name}.toml": name for name in ("kinds", "figures", "words", "atlas")}
FILES = [
    *((REPO / "layers" / name, schema) for name, schema in KIND_FILES.items()),
    *((path, "plan") for path in sorted((REPO / "layers").glob("*/plan.toml"))),
    *(
        (path, "system")
        for path in sorted((REPO / "layers").glob("*/*.toml"))
        if path.name not in {"plan.toml", "left-out.toml"}
    ),
    (REPO / "geo" / "sources.toml", "sources"),
]
IDS = [path.relative_to(REPO).as_posix() for path, _ in FILES]
KIND = """\
[lake]
label = { zh = "湖", en = "Lake" }
geometry = "polygon"
order = 10
symbol = { fill = "#aabbcc" }
text = { colour = "#112233", size = 12, placement = "area" }
"""
SOUND = {"plan": PLAN, "system": STRUCTURE, "sources": SOURCES, "kinds": KIND}
WRONG = {
    "no title": ("plan", 'title = { zh = "两湖规划", en = "Lake plan" }\n', ""),
    "an unknown step": ("plan", '"adoption"', '"adopted"'),
    "three years": ("plan", "[2020, 2030]", "[2020, 2025, 2030]"),
    "an id with a blank": ("system", 'id = "west"', 'id = "the west"'),
    "a misspelt key": ("system", "term = ", "terms = "),
    "an unknown kind": ("system", '"settlement_cluster"', '"settlement_custer"'),
    "two source rules": ("system", "{ counties = [", '{ river = "湖河", counties = ['),
    "a width as a text": ("system", 'within = "clusters"', 'width_m = "4000"'),
    "a box without its north": ("sources", "117.0, 41.0", "117.0"),
    "a colour by name": ("kinds", '"#aabbcc"', '"blue"'),
}  # fmt: skip


def holds(name: str, text: str) -> bool:
    return jsonschema.Draft7Validator(SCHEMAS[name]).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize(("path", "name"), FILES, ids=IDS)
def test_every_file_of_the_project_is_right_by_its_schema(path: Path, name: str) -> None:
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(SCHEMAS[name]).validate(document)


@pytest.mark.parametrize(("name", "text"), SOUND.items(), ids=SOUND)
def test_what_the_wrong_ones_are_made_from_is_right(name: str, text: str) -> None:
    assert holds(name, text)
    assert name != "system" or holds(name, NATURE)


@pytest.mark.parametrize(("name", "old", "new"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_wrong_by_its_schema(name: str, old: str, new: str) -> None:
    assert old in SOUND[name]
    assert not holds(name, SOUND[name].replace(old, new, 1))


def test_a_rule_says_what_it_does() -> None:
    rule = SCHEMAS["system"]["definitions"]["Rule"]["properties"]["counties"]
    assert rule["description"] == "Unite whole administrative units along their shared borders."


def test_the_command_writes_them(tmp_path: Path) -> None:
    ended = taixin("schema", "--out", tmp_path / "schema")

    assert ended.code == 0
    written = {
        path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "schema").iterdir()
    }
    assert {name: json.loads(written[f"{name}.schema.json"]) for name in SCHEMAS} == SCHEMAS
    assert len(written) == len(SCHEMAS)
