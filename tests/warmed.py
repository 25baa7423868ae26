"""What the server of `tests.warm` does before it forks: everything once, so that all is loaded."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from taixin import cli
from tests import samples, warm

__all__ = ["warm"]

with tempfile.TemporaryDirectory() as name:
    world = ("--plans", str(samples.write_plans(Path(name, "plans"))),
             "--geo", str(samples.write_geo(Path(name, "geo"))))  # fmt: skip
    sys.argv = ["taixin", "build", "--out", f"{name}/site", *world]
    cli.main()
