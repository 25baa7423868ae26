"""Run a notebook from top to bottom in a fresh interpreter: ``python run_notebook.py PATH``.

The cells run in IPython's own shell, without the sockets of a Jupyter kernel: libzmq now and then
aborts on a busy machine, which says nothing about a notebook. It is stricter than a kernel, too: an
exception while a value is displayed fails the run, and so does a warning.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


class StrictShell(InteractiveShell):
    """A shell that remembers whether anything went wrong, be it while showing a value."""

    has_failed = False

    def showtraceback(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401, D102
        self.has_failed = True
        super().showtraceback(*arguments, **options)


def main(path: Path) -> int:
    """Run the code cells in order; stop at the first that fails and show it."""
    quiet = Config(
        {"HistoryManager": {"enabled": False}, "InteractiveShell": {"colors": "nocolor"}}
    )
    shell = StrictShell.instance(config=quiet)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    with warnings.catch_warnings(action="error"):
        for number, cell in enumerate(cells, 1):
            if cell["cell_type"] != "code":
                continue
            source = "".join(cell["source"])
            result = shell.run_cell(source, store_history=False)  # type: ignore[no-untyped-call]
            if shell.has_failed or not result.success:
                print(f"{path.name}: cell {number} failed", file=sys.stderr)
                return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
