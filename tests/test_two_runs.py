"""The command as a process of its own: the same bytes twice, quiet off a terminal, short errors."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from taixin import cli
from tests import samples

if TYPE_CHECKING:
    from pathlib import Path

# whatever may differ between two machines: order of sets, language, time zone, folder
ENVIRONMENTS = (
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai", "COLUMNS": "40"},
)


def run(
    *arguments: str | Path, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, away from the checkout."""
    return subprocess.run(
        [sys.executable, "-m", "taixin.cli", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def page_and_data(site: dict[str, bytes]) -> dict[str, bytes]:
    """Give what a site holds beside the delivery kit."""
    return {name: text for name, text in site.items() if not name.startswith("delivery/")}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """Build the site of the project's own plans twice, in two processes that differ."""
    built = []
    for environment in ENVIRONMENTS:
        folder = tmp_path_factory.mktemp("two-runs")
        result = run("build", "--out", folder / "site", cwd=folder, environment=environment)
        assert (result.returncode, result.stderr) == (0, b"")
        built.append(contents(folder / "site"))
    return built


def test_two_processes_build_the_same_site_to_the_byte(sites: list[dict[str, bytes]]) -> None:
    first, second = (page_and_data(site) for site in sites)

    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_two_processes_build_the_same_delivery_to_the_byte(sites: list[dict[str, bytes]]) -> None:
    one, other = sites

    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_the_data_beside_the_page_is_what_is_committed(
    sites: list[dict[str, bytes]], repo: Path
) -> None:
    committed = {
        f"data/{path.parent.name}/{path.name}": path.read_bytes()
        for path in (repo / "layers").glob("*/*.geojson")
    }

    ours = page_and_data(sites[0])

    assert committed == {name: text for name, text in ours.items() if name.endswith(".geojson")}
    assert ours.keys() - committed.keys() == {"index.html", "data/catalog.json"}


def test_two_processes_write_the_same_layers_to_the_byte(tmp_path: Path, repo: Path) -> None:
    written = []
    for number, environment in enumerate(ENVIRONMENTS):
        plans = samples.copy_plans(tmp_path / str(number))
        for path in plans.glob("*/*.geojson"):
            path.unlink()
        result = run("layers", "--plans", plans, cwd=tmp_path, environment=environment)
        assert (result.returncode, result.stderr) == (0, b"")
        written.append({path.name: path.read_bytes() for path in plans.glob("*/*.geojson")})
    committed = {path.name: path.read_bytes() for path in (repo / "layers").glob("*/*.geojson")}

    assert written == [committed, committed]


def test_an_error_is_a_sentence_on_stderr_and_not_a_traceback(tmp_path: Path) -> None:
    plans = samples.write_plans(tmp_path / "layers")
    samples.edit(plans / "lake-2030" / "structure.toml", "members =", "member =")
    geo = samples.write_geo(tmp_path / "geo")

    result = run("build", "--plans", plans, "--geo", geo, cwd=tmp_path)

    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode() == (
        "lake-2030/structure.toml: layer.clusters.feature.west.member: "
        "the key 'member' is unknown; did you mean 'members'?\n"
    )
    assert not (tmp_path / "site").exists()


def test_chinese_is_printed_where_the_locale_knows_none(tmp_path: Path) -> None:
    plans = samples.write_plans(tmp_path / "layers")
    geo = samples.write_geo(tmp_path / "geo")
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    result = run("list", "--plans", plans, "--geo", geo, cwd=tmp_path, environment=bare)

    assert (result.returncode, result.stderr) == (0, b"")
    assert "两园" in result.stdout.decode("utf-8")


class Terminal:
    """A stream that says it is a terminal and keeps what is written to it."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.written = ""

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True

    def write(self, text: str) -> int:
        """Keep the text."""
        self.written += text
        return len(text)

    def flush(self) -> None:
        """Have nothing to do."""


def test_progress_is_shown_on_a_terminal_and_never_on_stdout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plans = samples.write_plans(tmp_path / "layers")
    geo = samples.write_geo(tmp_path / "geo")
    terminal = Terminal()
    words = ("layers", "--plans", str(plans), "--geo", str(geo))
    monkeypatch.setattr(sys, "argv", ["taixin", *words])
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")

    cli.main()

    assert "building layers" in terminal.written
    assert capsys.readouterr().out == "4 layers, 4 written, 0 removed\n"
