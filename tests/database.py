"""A PostgreSQL of its own for the tests: on loopback, in a folder that is gone afterwards."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests import provide

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 120
# The shell reads from the test process, and so learns of its end even if that is killed.
UNTIL_THE_TESTS_END = '"$@" & server=$!; read -r _; kill -INT $server; wait $server; rm -r "$0"'


def _someone_else() -> str | None:
    """Name the user to start the server as: PostgreSQL refuses to run as root."""
    return "postgres" if provide.is_root() else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def database_server(programs: Path) -> Iterator[str]:
    """Start a server, make a database with PostGIS in it, and give its address."""
    user, port = _someone_else(), _free_port()
    home = Path(tempfile.mkdtemp(prefix="taixin-postgres-"))
    if user:
        shutil.chown(home, user)
    data = str(home / "data")
    setup = [programs / "initdb", "-D", data, "-A", "trust", "-U", "tester", "--no-sync"]
    subprocess.run(
        [*map(str, setup), "-E", "UTF8", "--locale=C"],
        user=user,
        cwd=home,
        check=True,
        capture_output=True,
    )
    command = [programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", ""]
    server = subprocess.Popen(
        ["sh", "-c", UNTIL_THE_TESTS_END, home, *map(str, command), "-F"],
        user=user,
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"postgresql://tester@127.0.0.1:{port}"
        _wait(f"{address}/postgres")
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE atlas")
            connection.execute("CREATE DATABASE bare")
        with psycopg.connect(f"{address}/atlas", autocommit=True) as connection:
            connection.execute("CREATE EXTENSION postgis")
        yield f"{address}/atlas"
    finally:
        server.communicate(timeout=PATIENCE_S)
        shutil.rmtree(home, ignore_errors=True)


def _wait(address: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return
