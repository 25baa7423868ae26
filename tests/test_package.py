"""What is shipped: the wheel, the source distribution, and an install without Node."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from taixin.archives import sha256

BUNDLE = {"atlas.js", "atlas.css", "plan-layer.js", "plan-layer.css", "licences.json"}


def uv(*arguments: str | Path, **options: Any) -> None:  # noqa: ANN401 - of subprocess.run
    """Run the uv that runs these tests."""
    program = os.environ.get("UV")
    if program is None:
        pytest.skip("these tests run under `uv run`, which can build and install")
    result = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, check=False, **options
    )
    assert result.returncode == 0, result.stderr


@pytest.fixture(scope="module")
def distributions(repo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution from the checkout, and from that the wheel."""
    folder = tmp_path_factory.mktemp("distributions")
    uv("build", "--quiet", "--out-dir", folder, repo)
    return folder


def test_the_wheel_ships_facts_plans_and_the_bundle_but_no_sources_of_it(
    distributions: Path, repo: Path
) -> None:
    (wheel,) = distributions.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("geo", "layers"):
        shipped = {name.removeprefix("taixin/") for name in names if f"taixin/{folder}/" in name}
        here = {
            path.relative_to(repo).as_posix()
            for path in (repo / folder).rglob("*")
            if path.is_file()
        }
        assert shipped == here != set()
    viewer = {Path(name) for name in names if name.startswith("taixin/viewer/")}
    assert {path.parent.as_posix() for path in viewer} == {"taixin/viewer/dist"}
    assert {path.name for path in viewer} > BUNDLE
    assert "taixin/py.typed" in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"taixin"}


def test_the_source_distribution_carries_the_bundle(distributions: Path) -> None:
    (source,) = distributions.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {Path(*Path(name).parts[1:]).as_posix() for name in archive.getnames()}
    assert names > {f"src/taixin/viewer/dist/{name}" for name in BUNDLE}
    assert not any("node_modules" in name for name in names)


def test_an_install_from_the_source_distribution_needs_no_node_and_works_anywhere(
    distributions: Path, tmp_path: Path
) -> None:
    (source,) = distributions.glob("*.tar.gz")
    target = tmp_path / "installed"
    without_node = {**os.environ, "PATH": str(tmp_path / "empty")}
    uv(
        *("pip", "install", "--quiet", "--no-deps", "--python", sys.executable),
        *("--target", target, source),
        env=without_node,
    )
    script = (
        "import runpy, sys, taixin\n"
        "from pathlib import Path\n"
        "assert Path(taixin.__file__).is_relative_to(sys.argv.pop(1)), taixin.__file__\n"
        "runpy.run_module('taixin.cli', run_name='__main__')\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, target, "list", "--json"],
        env={**without_node, "PYTHONPATH": str(target)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    plans = json.loads(result.stdout)["plans"]
    assert "taixin-2035" in {plan["id"] for plan in plans}


def test_two_builds_of_the_wheel_are_the_same(
    distributions: Path, repo: Path, tmp_path: Path
) -> None:
    uv("build", "--quiet", "--wheel", "--out-dir", tmp_path, repo)
    (one,), (other,) = distributions.glob("*.whl"), tmp_path.glob("*.whl")

    assert sha256(one) == sha256(other)
