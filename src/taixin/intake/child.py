"""The process that reads a user's file, apart from the one that answers.

A file that makes GDAL hang, crash or eat memory ends this process and becomes a sentence in the
other. Only the one driver for the kind of file is there to open it, so content that pretends to be
something else opens nothing. The features go out in chunks over a pipe: a line of JSON with the
sizes, then their WKB.

Run as ``python -P -m taixin.intake.child KIND`` with a request as JSON on the standard input.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from taixin.intake.drivers import DRIVERS, SKIPPED
from taixin.intake.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from taixin.intake.features import Found

__all__ = ["main"]

_TRIED: Final = "TAIXIN_DRIVERS_FOUND"
_CHUNK_FEATURES: Final = 5000
_MEGABYTE: Final = 1_000_000


def main() -> None:
    """Read the file that the request names and write its features to the standard output."""
    kind = sys.argv[1]
    if kind in DRIVERS:
        _only_drivers(kind)
    request = json.loads(sys.stdin.read())
    limits = Limits(**request["limits"])
    _hold_memory(limits)
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints does not get between the frames
    for header, payload in _frames(kind, request, limits):
        _send(sink, header, payload)


def _only_drivers(kind: str) -> None:
    """Leave only the drivers of one kind of file; start again where GDAL has others still."""
    for name in ("geopandas", "pandas"):  # pyogrio can do without, and starts sooner
        sys.modules[name] = None  # type: ignore[assignment]
    import pyogrio

    others = set(pyogrio.list_drivers()) - set(DRIVERS[kind])
    if not others:
        return
    if _TRIED in os.environ:
        sys.exit(f"drivers remain: {others}")
    os.environ[_TRIED] = "1"
    os.environ["GDAL_SKIP"] = ",".join(sorted({*SKIPPED, *others} - set(DRIVERS[kind])))
    os.execv(sys.executable, [sys.executable, "-P", "-m", "taixin.intake.child", kind])  # noqa: S606 - this very program


def _hold_memory(limits: Limits) -> None:
    with suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        size = limits.memory_mb * _MEGABYTE
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _send(sink: BinaryIO, header: Mapping[str, object], payload: Iterable[bytes]) -> None:
    sink.write(json.dumps(header).encode() + b"\n")
    sink.writelines(payload)
    sink.flush()


def _frames(
    kind: str, request: Mapping[str, Any], limits: Limits
) -> Iterator[tuple[dict[str, object], list[bytes]]]:
    """Give chunk after chunk, then ``end``; or ``problems`` as soon as nothing can be read."""
    from taixin.intake.features import Check
    from taixin.intake.formats import read_found
    from taixin.intake.geojson import Broken

    check = Check(limits, repair=request["repair"], areas=kind == "dxf")
    crs: str | None = None
    try:
        for chunk in _chunks(read_found(kind, Path(request["path"]), request, limits)):
            crs = next((item.crs for item in chunk if item.crs), crs)
            yield check.chunk(chunk, crs)
            if check.is_hopeless:
                break
    except Broken as error:
        yield {"type": "refused", "message": str(error)}, []
    except MemoryError:
        message = f"reading it needs more than {limits.memory_mb} MB of memory"
        yield {"type": "refused", "message": message}, []
    except Exception as error:  # noqa: BLE001 - GDAL and GEOS raise many kinds on broken files
        said = str(error).replace(f"{Path(request['path']).parent}{os.sep}", "")
        reason = " ".join(said.split())[:200] or type(error).__name__
        yield {"type": "refused", "message": f"it cannot be read ({reason})"}, []
    else:
        yield check.end(), []


def _chunks(found: Iterator[Found]) -> Iterator[list[Found]]:
    for first in found:
        yield list(islice(chain([first], found), _CHUNK_FEATURES))


if __name__ == "__main__":
    main()
