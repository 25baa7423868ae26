"""The notebooks: committed without outputs, run in a fresh kernel, and they only read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

REPO = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((REPO / "notebooks").glob("*.ipynb"))
# In a process of its own: nbclient and Playwright both want this thread's event loop.
RUN = """\
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
strict = nbformat.v4.new_code_cell("import warnings; warnings.simplefilter('error')")
notebook.cells.insert(0, strict)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=sys.argv[2])
"""

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


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS


@every_notebook
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    notebook = nbformat.from_dict(json.loads(path.read_text(encoding="utf-8")))
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)
    assert "widgets" not in notebook.metadata
    assert notebook.cells[0].cell_type == "markdown", "a notebook begins with what it is for"


@every_notebook
def test_a_notebook_runs_and_only_reads(path: Path, tmp_path: Path) -> None:
    before = files_of_the_checkout()
    own_folders = {
        "IPYTHONDIR": str(tmp_path / "ipython"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    result = subprocess.run(
        [sys.executable, "-c", RUN, path, path.parent],
        env={**os.environ, **own_folders},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert files_of_the_checkout() == before
