"""``taixin new``: a plan of one's own that builds, audits, and never writes over anything."""

from __future__ import annotations

import json
import shlex
import shutil
import tomllib
from typing import TYPE_CHECKING

import jsonschema
import pytest

from taixin import files
from taixin.errors import OutputError
from taixin.starter import write_start
from tests import samples
from tests.running import taixin
from tests.unpacking import data_blocks, records

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Begin a plan of one city by the command."""
    folder = tmp_path_factory.mktemp("own") / "my-plan"
    ended = taixin("new", folder, "--region", "忻州市")
    assert (ended.code, ended.err) == (0, "")
    assert "6 layers, 7 features" in ended.out
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_it_begins_builds_from_its_own_facts(begun: Path, tmp_path: Path) -> None:
    ended = taixin("build", "--plans", begun, "--out", tmp_path, "--no-delivery")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("1 plans, 6 layers, 7 features (6 located)\n")
    catalog = json.loads((tmp_path / "data" / "catalog.json").read_text(encoding="utf-8"))
    assert catalog["title"] == {"zh": "忻州市示例规划", "en": "Example plan (my-plan)"}
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    base = data_blocks(page)["taixin-base"]
    names = {county["name_zh"] for county in records(base["counties"]["properties"])}
    assert "五台县" in names
    assert "阳曲县" not in names


def test_what_it_begins_passes_its_audit(begun: Path) -> None:
    ended = taixin("audit", "--plans", begun, "--json")

    found = {item["id"]: item for item in json.loads(ended.out)["findings"]}
    assert ended.code == 0
    assert found["my-plan/units"]["found"] == 14
    assert {item["verdict"] for item in found.values()} == {"agrees"}


def test_a_folder_of_layers_finds_the_facts_beside_it(begun: Path) -> None:
    assert taixin("list", "--plans", begun / "layers") == taixin("list", "--plans", begun)


def test_its_facts_are_the_projects_facts_of_that_region(begun: Path) -> None:
    for name in ("counties", "rivers", "ranges"):
        own = dict_of(samples.REPO / "geo" / f"{name}.geojson")
        chosen = dict_of(begun / "geo" / f"{name}.geojson")
        assert 0 < len(chosen) < len(own)
        assert chosen == {key: own[key] for key in chosen}
    for name in ("places", "routes"):
        own_rows = (samples.REPO / "geo" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        rows = (begun / "geo" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert 2 < len(rows) < len(own_rows)
        assert rows[0] == own_rows[0]


def dict_of(path: Path) -> dict[str, object]:
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {feature["id"]: feature for feature in features}


def test_nothing_is_written_over(begun: Path) -> None:
    before = contents(begun)
    ended = taixin("new", begun)

    assert (ended.code, ended.out) == (2, "")
    assert "nothing is overwritten; name a folder that does not exist" in ended.err
    assert contents(begun) == before


def test_a_disk_that_fails_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, times = files.write_text, []

    def failing(path: Path, text: str) -> None:
        times.append(path)
        if len(times) == 4:
            raise OutputError("the disk is full.")
        write(path, text)

    monkeypatch.setattr(files, "write_text", failing)
    with pytest.raises(OutputError):
        write_start(tmp_path / "plan")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_region_is_told_with_the_nearest(tmp_path: Path) -> None:
    ended = taixin("new", tmp_path / "plan", "--region", "阳全市")

    assert ended.code == 2
    assert ended.err == (
        "--region: 阳全市: no county or city of the facts is called '阳全市'; "
        "did you mean '阳泉市'?\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_every_city_of_the_facts_makes_a_plan(tmp_path: Path) -> None:
    facts = samples.own()[1]
    for number, city in enumerate(facts.cities):
        start = write_start(tmp_path / f"plan-{number}", [city])
        assert start.features >= 3, city


def test_a_small_world_makes_a_plan_too(tmp_path: Path) -> None:
    geo = samples.write_geo(tmp_path / "geo")
    ended = taixin("new", tmp_path / "lakes", "--geo", geo, "--region", "西县", "--region", "东县")

    assert (ended.code, ended.err) == (0, "")
    assert taixin("audit", "--plans", tmp_path / "lakes").code == 0


def test_every_file_names_a_schema_that_holds_for_it(begun: Path) -> None:
    paths = sorted(begun.rglob("*.toml"))
    assert len(paths) == 4
    for path in paths:
        text = path.read_text(encoding="utf-8")
        link = text.splitlines()[0].removeprefix("#:schema ")
        schema = json.loads((path.parent / link).read_text(encoding="utf-8"))
        jsonschema.Draft7Validator(schema).validate(tomllib.loads(text))


def test_the_commands_of_its_readme_run(
    begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "plan"
    shutil.copytree(begun, folder)
    monkeypatch.chdir(folder)
    block = (folder / "README.md").read_text(encoding="utf-8").split("```")[1]
    commands = [shlex.split(line, comments=True)[1:] for line in block.strip().splitlines()]

    assert [words[0] for words in commands] == ["build", "audit", "list", "layers"]
    for words in commands:
        assert taixin(*words).code == 0, words
    assert (folder / "layers" / "my-plan" / "scope.geojson").is_file()
