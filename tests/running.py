"""Run the command in this process, as a user would type it."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import TYPE_CHECKING, NamedTuple
from unittest import mock

from taixin import cli

if TYPE_CHECKING:
    from pathlib import Path


class Ended(NamedTuple):
    """How a run of the command ended, and what it said."""

    code: int
    out: str
    err: str


def taixin(*arguments: str | Path) -> Ended:
    """Run ``taixin`` with some arguments."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        mock.patch.object(sys, "argv", ["taixin", *map(str, arguments)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
    return Ended(code, out.getvalue(), err.getvalue())
