"""A site served by the command, as a user starts it."""

from __future__ import annotations

import http.client
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Served(NamedTuple):
    """A site that is being served."""

    folder: Path
    port: int
    process: subprocess.Popen[str]
    told: str

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask as the path is written, without a client tidying it up."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)


def started(folder: Path, *options: str) -> Served:
    """Start the command as a user does and wait for the address it tells."""
    command = [sys.executable, "-m", "taixin.cli", "serve", str(folder), "--port", "0", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    )
    assert process.stdout is not None
    told = ""
    while "http://" not in told:
        told += process.stdout.readline()
        assert process.poll() is None, told
    port = int(told.split("http://")[1].split("/")[0].rsplit(":", 1)[1])
    return Served(folder, port, process, told)
