"""The notebooks: committed without outputs, run in a fresh interpreter, and they only read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((REPO / "notebooks").glob("*.ipynb"))

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def files_of_the_checkout() -> dict[Path, int]:
    """Note what stands in the folders a notebook could write to by mistake."""
    folders = (REPO / "notebooks", REPO / "geo", REPO / "layers")
    return {
        path: path.stat().st_mtime_ns
        for folder in folders
        for path in folder.rglob("*")
        if ".ipynb_checkpoints" not in path.parts
    }


def run(path: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run a notebook where it stands, as Jupyter does."""
    return subprocess.run(
        [sys.executable, REPO / "tests" / "run_notebook.py", path],
        env={**os.environ, "IPYTHONDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=path.parent,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@every_notebook
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    left = [(cell["outputs"], cell["execution_count"]) for cell in code]
    assert left == [([], None)] * len(code)
    assert "widgets" not in notebook["metadata"]
    assert notebook["cells"][0]["cell_type"] == "markdown", "a notebook begins with its purpose"


@every_notebook
def test_a_notebook_runs_and_only_reads(path: Path, tmp_path: Path) -> None:
    before = files_of_the_checkout()
    result = run(path, tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert files_of_the_checkout() == before


FAULTS = {
    "a cell that raises": "1 / 0",
    "a warning": "import warnings\nwarnings.warn('old', DeprecationWarning)",
    "a syntax error": "for",
    "a value that can not be shown": (
        "class Bad:\n    def _repr_html_(self):\n        raise ValueError\nBad()"
    ),
}


@pytest.mark.parametrize("source", FAULTS.values(), ids=FAULTS)
def test_a_fault_in_a_notebook_is_found_out(source: str, tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": text} for text in ("a = 1", source, "print('after')")]
    path = tmp_path / "faulty.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    result = run(path, tmp_path)
    assert "cell 2 failed" in result.stderr
    assert "after" not in result.stdout
