"""The reading process of `taixin.intake`, kept for many files, so that a file takes milliseconds.

It has the drivers, the limits and the code of the one that reads a single file; where it ends or
hangs, that is told as the real one's end would be, and the next file gets a new one.
"""

from __future__ import annotations

import json
import select
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from taixin.errors import InputError, Problem
from taixin.intake import child, sites
from taixin.intake.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taixin.intake.sites import Request
    from taixin.intake.unpack import Plain

__all__ = ["Readers"]

LIMIT_S = 30


def main() -> None:
    """Read what each line of the standard input names."""
    for line in sys.stdin:
        request = json.loads(line)
        limits = Limits(**request["limits"])
        for header, payload in child._frames(sys.argv[1], request, limits):
            child._send(sys.stdout.buffer, header, payload)


class Readers:
    """One process for each kind of file, in the place of `sites._frames`."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.crashed: list[str] = []

    def frames(self, plain: Plain, request: Request) -> Iterator[tuple[dict[str, Any], bytes]]:
        """Give what the process of this kind sends for a file."""
        process = self._running.get(plain.kind) or self._start(plain.kind)
        assert process.stdin is not None
        assert process.stdout is not None
        body = {
            "path": str(plain.path),
            "encoding": plain.encoding,
            "layer": request.layer,
            "repair": request.repair,
            "limits": {name: getattr(request.limits, name) for name in Limits.__slots__},
        }
        process.stdin.write(json.dumps(body).encode() + b"\n")
        process.stdin.flush()
        answer: list[tuple[dict[str, Any], bytes]] = []
        while not answer or answer[-1][0]["type"] == "chunk":
            ready, _, _ = select.select([process.stdout], [], [], LIMIT_S)
            line = process.stdout.readline() if ready else b""
            if not line:
                self._end(plain)
                raise InputError([Problem(plain.name, "", sites._GONE, "export it again")])
            header = json.loads(line)
            payload = b""
            while len(payload) < sum(header.get("sizes", ())):
                payload += process.stdout.read(sum(header["sizes"]) - len(payload))
            answer.append((header, payload))
        yield from answer

    def _start(self, kind: str) -> subprocess.Popen[bytes]:
        self._running[kind] = subprocess.Popen(
            [sys.executable, "-m", "tests.reading", kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=sites._environment(kind),
            bufsize=0,
        )
        return self._running[kind]

    def _end(self, plain: Plain) -> None:
        process = self._running.pop(plain.kind)
        process.kill()
        process.wait()
        self.crashed.append(plain.name)

    def close(self) -> None:
        """End them all."""
        for process in self._running.values():
            process.kill()
            with suppress(OSError):
                process.communicate()


if __name__ == "__main__":
    main()
