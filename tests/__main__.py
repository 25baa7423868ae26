"""The test command: obtain browsers, Chinese fonts, QGIS, GDAL and PostGIS, then run pytest.

Arguments go to pytest: ``python -m tests -k atlas -x``, or ``-n 0`` for a single process. A
Chromium is needed always, the others only in CI; elsewhere the tests that want them are skipped and
say why.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.provide import (
    Unobtainable,
    in_ci,
    obtain_chinese_font,
    obtain_chromium,
    obtain_firefox,
    obtain_gdal,
    obtain_postgis,
    obtain_qgis,
)

REPO = Path(__file__).resolve().parents[1]
# a process a core, each with a browser of its own; a file stays together, as its fixtures are dear
PROCESSES = ("-n", "auto", "--maxprocesses", "8", "--dist", "loadfile")


def main(arguments: list[str]) -> int:
    """Obtain what the tests need, run them, return pytest's exit code (2: nothing was run)."""
    environment = dict(os.environ)
    for name, obtain, is_needed in (
        ("TAIXIN_CHROMIUM", obtain_chromium, True),
        ("TAIXIN_FIREFOX", obtain_firefox, in_ci()),
        ("TAIXIN_CHINESE_FONT", obtain_chinese_font, in_ci()),
        ("TAIXIN_QGIS_PYTHON", obtain_qgis, in_ci()),
        ("TAIXIN_GDAL_BIN", obtain_gdal, in_ci()),
        ("TAIXIN_POSTGRES_BIN", obtain_postgis, in_ci()),
    ):
        try:
            environment[name] = obtain()
        except Unobtainable as error:
            print(f"tests: {error}", file=sys.stderr, flush=True)
            if is_needed:
                return 2
        else:
            print(f"tests: {name}={environment[name]}", flush=True)
    command = [sys.executable, "-m", "pytest", *PROCESSES, *arguments]
    return subprocess.run(command, cwd=REPO, env=environment, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
