"""A site is served in pieces, to this machine only, and nothing else of the machine is."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.running import taixin
from tests.serving import Served, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = bytes(range(256)) * 4000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a small site beside which a secret lies."""
    outer = tmp_path_factory.mktemp("serve")
    (outer / "secret.txt").write_text("secret", encoding="utf-8")
    folder = outer / "site"
    (folder / "data" / ".git").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>页</title>", encoding="utf-8")
    (folder / "data" / "x.pmtiles").write_bytes(CONTENT)
    (folder / "data" / "层 1.geojson").write_text("{}", encoding="utf-8")
    (folder / ".env").write_text("secret", encoding="utf-8")
    (folder / "data" / ".git" / "config").write_text("secret", encoding="utf-8")
    (folder / "out.txt").symlink_to(outer / "secret.txt")
    (folder / "outside").symlink_to(outer, target_is_directory=True)
    (folder / "shown.txt").symlink_to(folder / ".env")
    running = started(folder)
    yield running
    running.process.kill()
    running.process.communicate()


def test_a_page_and_its_data_come_with_their_kind(served: Served) -> None:
    page = served.ask("/")
    assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["x-content-type-options"] == "nosniff"
    tiles = served.ask("/data/x.pmtiles", "HEAD")
    assert (tiles.status, tiles.body) == (200, b"")
    assert tiles.headers["content-type"] == "application/vnd.pmtiles"
    assert tiles.headers["content-length"] == str(len(CONTENT))
    assert (
        served.ask("/data/%E5%B1%82%201.geojson").headers["content-type"] == "application/geo+json"
    )


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [
        ("bytes=0-126", 0, 127),
        ("bytes=1000-", 1000, len(CONTENT)),
        ("bytes=-16", len(CONTENT) - 16, len(CONTENT)),
        ("bytes=1023999-99999999999999999999", 1_023_999, len(CONTENT)),
    ],
)
def test_a_range_gives_just_its_bytes(served: Served, wanted: str, start: int, end: int) -> None:
    answer = served.ask("/data/x.pmtiles", Range=wanted)
    assert (answer.status, answer.body) == (206, CONTENT[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(CONTENT)}"


def test_several_ranges_come_as_parts(served: Served) -> None:
    answer = served.ask("/data/x.pmtiles", Range="bytes=0-9,100-109")
    assert answer.status == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")
    assert b"\r\n\r\n" + CONTENT[100:110] in answer.body


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        (f"bytes={len(CONTENT)}-", 416),
        ("bytes=99999999999999999999-", 416),
        ("bytes=9-1", 400),
        ("lines=1-2", 400),
        ("bytes=" + ",".join(["0-"] * 5000), 200),
    ],
)
def test_a_range_that_makes_no_sense_gets_no_more_than_the_file(
    served: Served, wanted: str, status: int
) -> None:
    answer = served.ask("/data/x.pmtiles", Range=wanted)
    assert answer.status == status
    assert len(answer.body) <= len(CONTENT)


def test_what_a_browser_has_is_not_sent_again(served: Served) -> None:
    tag = served.ask("/data/x.pmtiles", "HEAD").headers["etag"]
    assert served.ask("/data/x.pmtiles", If_None_Match=tag).status == 304
    part = served.ask("/data/x.pmtiles", Range="bytes=0-9", If_Range=tag)
    assert (part.status, part.body) == (206, CONTENT[:10])
    stale = served.ask("/data/x.pmtiles", Range="bytes=0-9", If_Range='"old"')
    assert (stale.status, len(stale.body)) == (200, len(CONTENT))


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret.txt", "/%2e%2e/secret.txt", "/data/../../secret.txt", "/..%2fsecret.txt"),
        *("/%2e%2e%5csecret.txt", "/..%c0%afsecret.txt", "//etc/passwd", "/%2fetc/passwd"),
        *("/out.txt", "/outside/secret.txt", "/shown.txt", "/.env", "/data/.git/config"),
        *("/data/%2egit/config", "/index.html%00.txt", "/data/", "/data", "/" + "a" * 5000),
    ],
)
def test_nothing_else_is_given_out(served: Served, path: str) -> None:
    answer = served.ask(path)
    assert answer.status in {400, 404}
    assert b"secret" not in answer.body
    assert b"root:" not in answer.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_written(served: Served, method: str) -> None:
    assert served.ask("/index.html", method).status == 405


def test_a_page_elsewhere_cannot_read_under_a_name_of_its_own(served: Served) -> None:
    assert served.ask("/", Host="attacker.example").status == 400
    assert served.ask("/", Host=f"localhost:{served.port}").status == 200


def test_only_this_machine_is_answered(served: Served) -> None:
    assert "ATTENTION" not in served.told
    others = {str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)}
    for address in others - {"127.0.0.1", "127.0.1.1", "::1"}:
        with pytest.raises(OSError, match=r"."):
            socket.create_connection((address, served.port), timeout=2)


def test_many_ask_at_once(served: Served) -> None:
    def part(number: int) -> bool:
        answer = served.ask("/data/x.pmtiles", Range=f"bytes={number * 256}-{number * 256 + 255}")
        return answer.body == bytes(range(256))

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(part, range(200)))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_another_address_is_said_loudly_and_ctrl_c_ends_quietly(served: Served) -> None:
    running = started(served.folder, "--host", "0.0.0.0")  # noqa: S104 - that is what is tested
    assert "ATTENTION: whoever reaches 0.0.0.0 over the network can read all of" in running.told
    with socket.create_connection(("127.0.0.1", running.port)):
        running.process.send_signal(signal.SIGINT)
        rest, _ = running.process.communicate(timeout=30)
    assert (running.process.returncode, rest) == (0, "ended\n")


def test_what_cannot_be_served_is_said(served: Served, tmp_path: Path) -> None:
    ended = taixin("serve", tmp_path)
    assert (ended.code, "there is no index.html inside" in ended.err) == (2, True)
    # in a process of its own: a browser test before may have left an event loop running in this
    words = ("-m", "taixin.cli", "serve", str(served.folder), "--port", str(served.port))
    other = subprocess.run(
        [sys.executable, *words], capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert (other.returncode, "choose another one with --port" in other.stderr) == (2, True)
