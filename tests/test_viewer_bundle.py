"""The build hook: bundles when stale, asks for Node only when it must, says why it can not."""

from __future__ import annotations

import os
import re
import shutil
import stat
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hatchling.bridge.app import Application

REPO = Path(__file__).resolve().parents[1]
# a Node that knows three things: its version, `npm ci` and `build.mjs`
PRETEND_NODE = """\
import pathlib, sys
here = pathlib.Path.cwd()
with open(here.parent / "calls.txt", "a") as calls:
    calls.write(" ".join(sys.argv[1:2]) + "\\n")
if sys.argv[1] == "--version":
    print("v{version}.0.0")
elif sys.argv[1] == "ci" and {failure!r}:
    sys.exit({failure!r})
elif sys.argv[1] == "build.mjs":
    (here / "dist").mkdir(exist_ok=True)
    for name in {written!r}:
        (here / "dist" / name).write_text("made")
"""


def load_hook() -> ModuleType:
    """Load the hook as hatchling does: run from its path, never registered as a module."""
    hook = ModuleType("viewer_bundle")
    path = REPO / "src" / "hooks" / "viewer_bundle.py"
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), vars(hook))  # noqa: S102
    return hook


HOOK = load_hook()


class Checkout:
    """A checkout with a viewer of two files, and a Node of the test's making on the PATH."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.root = folder
        self.viewer = folder / HOOK.VIEWER
        (self.viewer / "src").mkdir(parents=True)
        for name in ("package.json", "package-lock.json", "build.mjs", "src/atlas.js"):
            (self.viewer / name).write_text("{}\n", encoding="utf-8")
        self.programs = folder / "programs"
        self.programs.mkdir()
        patch.setenv("PATH", str(self.programs))
        patch.delenv(HOOK.SKIP_SWITCH, raising=False)

    def install_node(
        self, version: int = 22, failure: str = "", written: tuple[str, ...] | None = None
    ) -> None:
        """Put a Node of this version on the PATH; ``failure`` is how its npm fails."""
        names = HOOK.BUNDLE if written is None else written
        script = PRETEND_NODE.format(version=version, failure=failure, written=names)
        for name in ("node", "npm"):
            program = self.programs / name
            program.write_text(f"#!{sys.executable}\n{script}", encoding="utf-8")
            program.chmod(program.stat().st_mode | stat.S_IXUSR)

    def hook(self) -> Any:  # noqa: ANN401 - the class exists only in the loaded hook
        """Make the hook as hatchling does for a wheel."""
        return HOOK.ViewerBundle(str(self.root), {}, None, None, "", "wheel", Application())

    def build(self, version: str = "standard") -> dict[str, Any]:
        """Run the hook; return what it adds to the build."""
        build_data: dict[str, Any] = {"force_include": {}}
        self.hook().initialize(version, build_data)
        return build_data

    def calls(self) -> list[str]:
        """List what Node and npm were asked to do, in order."""
        log = self.viewer.parent / "calls.txt"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        return [line for line in lines if line != "--version"]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    if os.name == "nt":
        pytest.skip("the pretended Node is a script with a first line that names Python")
    return Checkout(tmp_path, monkeypatch)


def test_a_stale_bundle_is_made_once(checkout: Checkout) -> None:
    checkout.install_node()
    checkout.build()
    checkout.build()
    assert checkout.calls() == ["ci", "build.mjs"]


def test_a_changed_source_makes_the_bundle_anew_without_fetching(checkout: Checkout) -> None:
    checkout.install_node()
    checkout.build()
    (checkout.viewer / "src" / "card.js").write_text("export {};\n", encoding="utf-8")
    checkout.build()
    assert checkout.calls() == ["ci", "build.mjs", "build.mjs"]


def test_a_changed_lock_file_fetches_again(checkout: Checkout) -> None:
    checkout.install_node()
    checkout.build()
    (checkout.viewer / "package-lock.json").write_text('{"new": 1}\n', encoding="utf-8")
    checkout.build()
    assert checkout.calls() == ["ci", "build.mjs", "ci", "build.mjs"]


@pytest.mark.parametrize("lost", ["dist/atlas.js", "dist/sources.sha256"])
def test_a_lost_file_makes_the_bundle_anew(lost: str, checkout: Checkout) -> None:
    checkout.install_node()
    checkout.build()
    (checkout.viewer / lost).unlink()
    checkout.build()
    assert checkout.calls() == ["ci", "build.mjs", "build.mjs"]


def test_a_fresh_bundle_needs_no_node(checkout: Checkout) -> None:
    checkout.install_node()
    checkout.build()
    shutil.rmtree(checkout.programs)
    shutil.rmtree(checkout.viewer / "node_modules")
    assert checkout.hook().dependencies() == []
    checkout.build()


@pytest.mark.parametrize(("version", "expected"), [(18, [HOOK.NODE_PACKAGE]), (20, [])])
def test_node_is_asked_for_when_the_one_here_is_too_old(
    version: int, expected: list[str], checkout: Checkout
) -> None:
    checkout.install_node(version)
    assert checkout.hook().dependencies() == expected


def test_node_is_asked_for_when_there_is_none(checkout: Checkout) -> None:
    assert checkout.hook().dependencies() == [HOOK.NODE_PACKAGE]


def test_the_switch_goes_without_the_viewer(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOOK.SKIP_SWITCH, "1")
    assert checkout.hook().dependencies() == []
    checkout.build()
    assert not (checkout.viewer / "dist").exists()


def test_only_a_real_wheel_carries_facts_and_plans(checkout: Checkout) -> None:
    checkout.install_node()
    carried = {"geo": "taixin/geo", "layers": "taixin/layers"}
    assert checkout.build("standard")["force_include"] == carried
    assert checkout.build("editable")["force_include"] == {}


@pytest.mark.parametrize(
    ("node", "sentence"),
    [
        ({"failure": "npm error code ENOTFOUND"}, r"could not reach its registry \(ENOTFOUND\)"),
        ({"failure": "npm error code EUSAGE"}, "npm ci failed in src/taixin/viewer:\nnpm error"),
        ({"written": ("atlas.js",)}, "did not write atlas.css, furniture.js"),
    ],
    ids=["no network", "bad lock file", "half a bundle"],
)
def test_a_failure_is_told_and_leaves_no_stamp(
    node: dict[str, Any], sentence: str, checkout: Checkout, capfd: pytest.CaptureFixture[str]
) -> None:
    checkout.install_node(**node)
    with pytest.raises(SystemExit):
        checkout.build()
    told = capfd.readouterr()
    assert re.search(sentence, told.out + told.err)
    assert not (checkout.viewer / "dist" / HOOK.STAMP).exists()


def test_a_missing_source_is_named(checkout: Checkout, capfd: pytest.CaptureFixture[str]) -> None:
    checkout.install_node()
    (checkout.viewer / "build.mjs").unlink()
    with pytest.raises(SystemExit):
        checkout.build()
    told = capfd.readouterr()
    assert "src/taixin/viewer/build.mjs is missing" in told.out + told.err
