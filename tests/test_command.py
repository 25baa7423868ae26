"""The command: what it writes and prints, its exit codes, what it leaves when it fails."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import sys
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import click
import geopandas
import pytest

from taixin import __version__, cli
from tests import provide, samples
from tests.samples import edit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LAYER_IDS = [f"lake-2030/{name}" for name in ("clusters", "axes", "barriers", "parks")]
SITE = {"index.html", "data/catalog.json"} | {f"data/{name}.geojson" for name in LAYER_IDS}


class Result(NamedTuple):
    """How a run of the command ended, and what it said."""

    code: int
    out: str
    err: str

    def assert_refused(self, pattern: str, code: int = 2) -> None:
        """Assert that the run ended with a sentence on stderr and nothing else."""
        assert (self.code, self.out) == (code, "")
        assert re.search(pattern, self.err), self.err
        assert "Traceback" not in self.err
        assert self.err.endswith("\n")


class Command:
    """The command as `main` runs it, on a small world of facts and plans."""

    def __init__(
        self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]
    ) -> None:
        self.geo = samples.write_geo(folder / "geo")
        self.plans = samples.write_plans(folder / "layers")
        self.out = folder / "site"
        self._patch, self._capture = patch, capture

    def __call__(self, *arguments: str | Path) -> Result:
        """Run the command in this process."""
        self._patch.setattr(sys, "argv", ["taixin", *map(str, arguments)])
        self._capture.readouterr()
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = self._capture.readouterr()
        return Result(code, said.out, said.err)

    def on_small(self, *arguments: str | Path) -> Result:
        """Run the command on the small world."""
        return self(*arguments, "--plans", self.plans, "--geo", self.geo)

    def build(self) -> Result:
        """Build the small world's site."""
        return self.on_small("build", "--no-delivery", "--out", self.out)


@pytest.fixture
def taixin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Give the command with a small world to run on."""
    monkeypatch.chdir(tmp_path)
    return Command(tmp_path, monkeypatch, capsys)


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder, hidden ones too, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def page_and_data(folder: Path) -> dict[str, bytes]:
    """Give what a site holds beside the delivery kit, which tests of its own look into."""
    found = contents(folder)
    return {name: text for name, text in found.items() if not name.startswith("delivery/")}


# ---- build --------------------------------------------------------------------------------------


def test_build_writes_the_page_and_its_data_and_says_so(taixin: Command) -> None:
    result = taixin.build()

    assert (result.code, result.err) == (0, "")
    assert page_and_data(taixin.out).keys() == SITE
    assert result.out.splitlines()[0] == "1 plans, 4 layers, 6 features (5 located)"
    assert "index.html" in result.out


def test_build_writes_a_catalogue_of_its_data(taixin: Command) -> None:
    taixin.build()
    catalogue = json.loads((taixin.out / "data" / "catalog.json").read_text(encoding="utf-8"))

    assert [record["id"] for record in catalogue["datasets"]] == LAYER_IDS
    for record in catalogue["datasets"]:
        document = json.loads((taixin.out / "data" / record["file"]).read_text(encoding="utf-8"))
        assert len(document["features"]) == record["features"]
        assert record["licence"]
        assert record["lineage"] == document["lineage"]


def test_build_into_a_folder_in_use_leaves_other_files_alone(taixin: Command) -> None:
    taixin.build()
    before = page_and_data(taixin.out)
    (taixin.out / "notes.txt").write_text("mine", encoding="utf-8")

    assert taixin.build().code == 0
    assert page_and_data(taixin.out) == {**before, "notes.txt": b"mine"}


def test_build_of_one_plan_leaves_out_the_others(taixin: Command) -> None:
    (taixin.plans / "hill-2030").mkdir()
    for name, text in samples.PLAN_FILES.items():
        path = taixin.plans / "hill-2030" / name
        path.write_text(text.replace("lake-2030", "hill-2030"), encoding="utf-8")

    result = taixin.on_small("build", "--no-delivery", "--out", taixin.out, "--plan", "lake-2030")

    assert result.code == 0
    assert page_and_data(taixin.out).keys() == SITE


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_build_opens_the_page_in_the_language_asked_for(
    lang: str, tag: str, taixin: Command
) -> None:
    taixin.on_small("build", "--no-delivery", "--out", taixin.out, "--lang", lang)

    assert f'<html lang="{tag}">' in (taixin.out / "index.html").read_text(encoding="utf-8")


# ---- layers -------------------------------------------------------------------------------------


def test_layers_writes_what_is_missing_and_check_agrees(taixin: Command) -> None:
    wrote = taixin.on_small("layers")
    checked = taixin.on_small("layers", "--check")

    assert wrote == (0, "4 layers, 4 written, 0 removed\n", "")
    assert checked == (0, "4 layers equal their recipes\n", "")
    assert {path.stem for path in taixin.plans.glob("lake-2030/*.geojson")} == {
        *("clusters", "axes", "barriers", "parks")
    }


def test_layers_check_lists_what_differs_and_writes_nothing(taixin: Command) -> None:
    taixin.on_small("layers")
    plan = taixin.plans / "lake-2030"
    edit(plan / "axes.geojson", "湖路轴", "湖路")
    (plan / "parks.geojson").unlink()
    (plan / "old.geojson").write_text("{}", encoding="utf-8")
    before = contents(taixin.plans)

    code, out, err = taixin.on_small("layers", "--check")

    assert (code, err) == (1, "run: taixin layers\n")
    assert out.splitlines() == [
        "lake-2030/axes.geojson differs from its recipe",
        "lake-2030/parks.geojson differs from its recipe",
        "lake-2030/old.geojson has no recipe",
    ]
    assert contents(taixin.plans) == before


def test_layers_repairs_what_check_lists_and_touches_nothing_else(taixin: Command) -> None:
    taixin.on_small("layers")
    plan = taixin.plans / "lake-2030"
    before, untouched = contents(taixin.plans), (plan / "clusters.geojson").stat().st_ino
    edit(plan / "axes.geojson", "湖路轴", "湖路")
    (plan / "old.geojson").write_text("{}", encoding="utf-8")

    assert taixin.on_small("layers").out == "4 layers, 1 written, 1 removed\n"
    assert contents(taixin.plans) == before
    assert (plan / "clusters.geojson").stat().st_ino == untouched


# ---- list ---------------------------------------------------------------------------------------


def test_list_json_has_the_shape_of_the_contract(taixin: Command) -> None:
    code, out, err = taixin.on_small("list", "--json")
    (plan,) = json.loads(out)["plans"]

    assert (code, err) == (0, "")
    assert plan.keys() == {"id", "title", "systems"}
    assert [system.keys() for system in plan["systems"]] == [{"id", "title", "layers"}] * 2
    assert [system["id"] for system in plan["systems"]] == ["structure", "nature"]
    assert plan["systems"][1]["layers"][1] == {
        "id": "lake-2030/parks",
        "kind": "nature_park",
        "geometry_type": "point",
        "features": 2,
        "located": 1,
        "unlocated": 1,
    }


def test_list_gives_each_layer_a_line(taixin: Command) -> None:
    lines = taixin.on_small("list").out.splitlines()

    assert [line.split()[0] for line in lines] == LAYER_IDS
    assert all("两园" in line or "未定位" not in line for line in lines)
    assert re.search(r"parks +point +2 features, +1 located +两园$", lines[-1])


# ---- export -------------------------------------------------------------------------------------


def test_export_to_a_folder_writes_what_is_committed(taixin: Command) -> None:
    taixin.on_small("layers")
    result = taixin.on_small("export", "--format", "geojson", "--out", taixin.out)

    assert (result.code, result.err) == (0, "")
    assert str(taixin.out) in result.out
    assert contents(taixin.out) == {
        name: text for name, text in contents(taixin.plans).items() if name.endswith(".geojson")
    }


def test_export_of_one_layer_writes_one_file_that_geopandas_opens(taixin: Command) -> None:
    file = taixin.out / "parks.geojson"
    result = taixin.on_small(
        "export", "--format", "geojson", "--out", file, "--layer", "lake-2030/parks"
    )
    frame = geopandas.read_file(file)

    assert (result.code, result.err) == (0, "")
    assert str(file) in result.out
    assert list(frame["name"]) == ["湖滨园", "森林园"]
    assert list(frame.geometry.is_empty | frame.geometry.isna()) == [False, True]
    assert str(frame.crs) in {"OGC:CRS84", "EPSG:4326"}


EXPORTS = {
    "several layers into a file": (("--out", "all.geojson"), "all.geojson: .*one layer, not 4; .+"),
    "an unknown layer": (
        ("--out", "out", "--layer", "park"),
        r"--layer: park: there is no such layer; did you mean '(lake-2030/)?parks'\?",
    ),
    "an unknown plan": (
        ("--out", "out", "--plan", "lake"),
        r"--plan: lake: there is no such plan; did you mean 'lake-2030'\?",
    ),
    "another system of coordinates": (
        ("--out", "out", "--crs", "EPSG:4547"),
        r"--crs: EPSG:4547: (?i:geojson) is always longitude, latitude .*; leave --crs out",
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), EXPORTS.values(), ids=EXPORTS)
def test_export_refuses(
    arguments: tuple[str, ...], expected: str, taixin: Command, tmp_path: Path
) -> None:
    before = contents(tmp_path)

    taixin.on_small("export", "--format", "geojson", *arguments).assert_refused(expected)
    assert contents(tmp_path) == before


# ---- what can not be used -----------------------------------------------------------------------

USAGE = {
    "an unknown command": (("biuld",), "No such command 'biuld'"),
    "an unknown option": (("build", "--outt", "x"), "No such option.*--outt"),
    "an unknown format": (("export", "--format", "dwg", "--out", "x"), "'dwg' is not"),
    "an unknown language": (("build", "--lang", "fr"), "'fr' is not"),
    "a missing option": (("export", "--format", "geojson"), "Missing option '--out'"),
    "a folder of plans that is not there": (("list", "--plans", "nowhere"), "nowhere: .*"),
    "a folder of facts that is not there": (("list", "--geo", "nowhere"), "sources.toml: .*"),
}


@pytest.mark.parametrize(("arguments", "expected"), USAGE.values(), ids=USAGE)
def test_a_call_is_refused_for(
    arguments: tuple[str, ...], expected: str, taixin: Command, tmp_path: Path
) -> None:
    before = contents(tmp_path)

    taixin(*arguments).assert_refused(expected)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("action", ["build", "layers", "list", "export"])
def test_problems_of_recipes_are_told_and_nothing_is_touched(
    action: str, taixin: Command, tmp_path: Path
) -> None:
    taixin.build()
    taixin.on_small("layers")
    edit(taixin.plans / "lake-2030" / "structure.toml", '["西县"] }', '["西乡"] }')
    edit(taixin.plans / "lake-2030" / "nature.toml", '["北岭"]', '["南岭"]')
    before = contents(tmp_path)
    arguments = {"build": ("--out", taixin.out), "export": ("--format", "geojson", "--out", "x")}

    result = taixin.on_small(action, *arguments.get(action, ()))

    result.assert_refused("lake-2030/structure.toml: .*'西乡'.*'西县'")
    result.assert_refused("lake-2030/nature.toml: .*'南岭'")
    assert contents(tmp_path) == before


def unwritable_folders() -> list[str]:
    """List what stops a folder from being written; nothing read-only stops root."""
    ways = ["a file in the way", "a file by that name"]
    return ways if provide.is_root() else [*ways, "a read-only folder"]


@pytest.mark.parametrize("way", unwritable_folders())
def test_a_folder_that_can_not_be_written_is_told_with_a_remedy(
    way: str, taixin: Command, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    if way == "a read-only folder":
        taken.mkdir(mode=0o500)
    else:
        taken.write_text("a file", encoding="utf-8")
    out = taken if way == "a file by that name" else taken / "site"

    result = taixin.on_small("build", "--out", out)

    result.assert_refused(r"cannot be written \(.+\); choose another folder|is a file")
    assert str(taken) in result.err
    assert taken.is_dir() or taken.read_text(encoding="utf-8") == "a file"


def press_ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


def ask_to_end() -> None:
    signal.raise_signal(signal.SIGTERM)


def fill_the_disk() -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("is_first", [True, False], ids=["the first build", "a later build"])
@pytest.mark.parametrize(
    ("trouble", "code", "sentence"),
    [
        pytest.param(press_ctrl_c, 130, "stopped; the output is whole", id="interrupted"),
        pytest.param(ask_to_end, 143, "stopped; the output is whole", id="asked to end"),
        pytest.param(fill_the_disk, 2, "cannot be written .*No space left", id="a full disk"),
    ],
)
def test_a_build_that_is_stopped_half_way_leaves_what_stood_there(
    trouble: Callable[[], None],
    code: int,
    sentence: str,
    is_first: bool,  # noqa: FBT001 - a parameter of the test
    taixin: Command,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not is_first:
        taixin.build()
        edit(taixin.plans / "lake-2030" / "structure.toml", "湖路轴", "湖滨轴")
    before = contents(taixin.out)
    fsync, calls = os.fsync, []

    def failing(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 4:
            trouble()
        fsync(handle)

    monkeypatch.setattr(os, "fsync", failing)
    # whoever started this in the background may have had the signal ignored
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        taixin.build().assert_refused(sentence, code)
    finally:
        signal.signal(signal.SIGINT, heard)
    assert len(calls) >= 4
    assert contents(taixin.out) == before
    assert list(taixin.out.glob(".*")) == []


# ---- help ---------------------------------------------------------------------------------------


def test_every_command_and_every_option_is_explained() -> None:
    silent = [
        f"{name} {parameter.name}"
        for name, action in cli.command.commands.items()
        for parameter in action.params
        if isinstance(parameter, click.Option) and not (action.help and parameter.help)
    ]

    assert cli.command.commands.keys() >= {"build", "layers", "list", "export"}
    assert silent == []


@pytest.mark.parametrize("words", [(), ("build",), ("layers",), ("list",), ("export",)])
def test_help_is_printed_and_is_no_error(words: tuple[str, ...], taixin: Command) -> None:
    code, out, err = taixin(*words, "--help")

    assert (code, err) == (0, "")
    assert re.match(rf"Usage: .*taixin{''.join(f' {word}' for word in words)} \[OPTIONS\]", out)


def test_the_version_is_that_of_the_package(taixin: Command) -> None:
    assert taixin("--version").out == f"taixin, version {__version__}\n"
