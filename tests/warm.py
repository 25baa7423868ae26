"""Runs of the command that start at once, in processes of their own that may be killed.

A server process has built once and forks for each run, so fifty runs take seconds.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import struct
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from taixin import cli, files, staging

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess
    from pathlib import Path

__all__ = ["Ended", "Trouble", "command", "finish", "started"]

#: What touches the disk, as Python announces it before it happens.
TOUCHES = {"ctypes.dlsym", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir"} | {
    *("open", "shutil.rmtree"),
}
CAPABILITIES = 0x20080522


class Ended(NamedTuple):
    """How a run ended: its exit code, minus the signal that ended it, and what it said."""

    code: int
    said: str


@dataclass(frozen=True)
class Trouble:
    """What a run has to cope with.

    Parameters
    ----------
    largest_file
        Bytes after which the system refuses to write on, as a full disk does; 0 for no limit.
    is_nobody
        Whether the run may write only what everybody may.
    dies_at
        Before which touch of the disk the run is killed, from 1; 0 for never.
    """

    largest_file: int = 0
    is_nobody: bool = False
    dies_at: int = 0


def started(
    log: Path, what: Callable[..., None], *arguments: object, trouble: Trouble | None = None
) -> BaseProcess:
    """Start a run; what it says goes into a file."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.warmed"])
    process = context.Process(target=_run, args=(log, what, arguments, trouble or Trouble()))
    process.start()
    return process


def finish(process: BaseProcess, log: Path, *, stop: tuple[float, int] | None = None) -> Ended:
    """Wait for a run, after sending it a signal at a moment if `stop` says so."""
    if stop is not None:
        time.sleep(stop[0])
        if process.pid is not None and process.is_alive():
            os.kill(process.pid, stop[1])
    process.join(120)
    code = process.exitcode
    assert code is not None, "the run hangs"
    return Ended(code, log.read_text(encoding="utf-8") if log.exists() else "")


def command(*arguments: str) -> None:
    """Run the command."""
    sys.argv = ["taixin", *arguments]
    cli.main()


def write_folder(out: Path, word: str) -> None:
    """Write a folder of three files."""
    with staging.staged_folder(out) as stage:
        for name in ("a.shp", "a.dbf", "data/b.txt"):
            files.write_text(stage / name, word)


def write_file(out: Path, word: str) -> None:
    """Write one file."""
    files.write_text(out / "a.txt", word)


def write_database(out: Path, word: str) -> None:
    """Write a folder that is one thing."""
    with staging.replaced(out / "a.gdb") as made:
        made.mkdir()
        for number in range(3):
            (made / f"{number}.bin").write_text(word, encoding="utf-8")


def _run(
    log: Path, what: Callable[..., None], arguments: tuple[object, ...], trouble: Trouble
) -> None:
    with log.open("wb") as stream:
        for number in (1, 2):
            os.dup2(stream.fileno(), number)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the background of a shell
    if trouble.largest_file:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (trouble.largest_file, trouble.largest_file))
    if trouble.is_nobody and os.geteuid() == 0:  # root without its powers: Linux's capset
        assert ctypes.CDLL(None).capset(struct.pack("Ii", CAPABILITIES, 0), bytes(24)) == 0
    if trouble.dies_at:
        _die_at(trouble.dies_at)
    what(*arguments)


def _die_at(number: int) -> None:
    left = [number]

    def count(event: str, _arguments: tuple[object, ...]) -> None:
        if event in TOUCHES:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
