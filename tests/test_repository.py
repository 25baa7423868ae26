"""What is committed: the fixed top level, nothing of others, no trace of a machine."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
TOP_LEVEL = {"pyproject.toml", "README.md", "LICENSE", "geo", "layers", "src", "notebooks", "tests"}
DOT_FILES = {".ci", ".gitattributes", ".github", ".gitignore", ".npmrc"}
LARGEST_FILE_BYTES = 2 * 1024 * 1024

# spelt with brackets, so that this file holds none of them
MACHINE_PATH = re.compile(r"/(wor[k]|roo[t]|hom[e]|tm[p]|far[m])/|\.pyen[v]/|\.librar[y]/")
REGISTRY_HOST = re.compile(r"np[m]js\.|py[p]i\.(org|io)|python[h]osted|deb\.de[b]ian")
FOREIGN_NAMES = re.compile(
    r"(^|/)(node_modules|vendor|third_party|dist)/|\.min\.(js|css)$"
    r"|\.(whl|tgz|zip|gz|jar|exe|so|dll|woff2?|ttf|otf|gpkg|shp|pdf)$"
)
FOREIGN_NOTICE = re.compile(r"@(?:license|preserve)\b|Copyright \(c\)|SPDX-License-Identifier")


def committed_files() -> list[str]:
    """List what git tracks or would track; in a copy without git there is nothing to check."""
    if shutil.which("git") is None or not (REPO / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    names = {name for name in listing.stdout.split("\0") if name}
    return sorted(name for name in names if (REPO / name).is_file())


def texts() -> dict[str, str]:
    """Read every committed file that is text."""
    contents = {name: (REPO / name).read_bytes() for name in committed_files()}
    return {
        name: content.decode("utf-8")
        for name, content in contents.items()
        if b"\0" not in content[:8000]
    }


def test_top_level_is_what_the_design_fixes() -> None:
    assert {name.split("/")[0] for name in committed_files()} - TOP_LEVEL - DOT_FILES == set()


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE_PATH.search(line) or REGISTRY_HOST.search(line)
    ]
    assert found == []


def test_nothing_of_others_is_committed() -> None:
    assert [name for name in committed_files() if FOREIGN_NAMES.search(name)] == []
    code = {name: text for name, text in texts().items() if name.startswith("src/")}
    assert [name for name, text in code.items() if FOREIGN_NOTICE.search(text)] == []


def test_files_are_small_enough_to_review() -> None:
    sizes = {name: (REPO / name).stat().st_size for name in committed_files()}
    assert {name: size for name, size in sizes.items() if size > LARGEST_FILE_BYTES} == {}


def test_text_files_end_with_one_newline_and_have_no_carriage_returns() -> None:
    untidy = [
        name
        for name, text in texts().items()
        if "\r" in text or (text and (not text.endswith("\n") or text.endswith("\n\n")))
    ]
    assert untidy == []


def test_ci_runs_exactly_the_test_command_of_the_readme() -> None:
    command = (REPO / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert command.endswith("python -m tests")
    assert command in (REPO / "README.md").read_text(encoding="utf-8")


def test_every_test_that_the_threat_model_names_exists(repo: Path) -> None:
    text = (repo / ".github" / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", text)
    missing = [
        f"{file}::{test}"
        for file, test in named
        if not re.search(
            rf"^def {test}\(", (repo / "tests" / file).read_text(encoding="utf-8"), re.MULTILINE
        )
    ]
    assert len(named) > 15
    assert missing == []
