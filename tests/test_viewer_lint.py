"""The rule that text never becomes markup or code on the page, held by a linter."""

from __future__ import annotations

import subprocess

import pytest

from tests.test_viewer_bundle import HOOK, REPO

VIEWER = REPO / HOOK.VIEWER
BAD = {
    "markup": "node.innerHTML = text;",
    "markup by a bracket": 'node["innerHTML"] = text;',
    "markup from a method": "node.insertAdjacentHTML('beforeend', text);",
    "a written document": "document.write(text);",
    "evaluation": "eval(text);",
    "a function from text": "new Function(text)();",
    "a late evaluation": "setTimeout('run()', 5);",
    "an address that runs": "link.href = 'javascript:run()';",
    "a handler as an attribute": "node.setAttribute('onclick', text);",
    "a rule switched off": "node.innerHTML = text; // eslint-disable-line",
}


def lint(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the viewer's linter, on its sources or on a text."""
    node = HOOK.node_on_path() or HOOK.node_from_package()
    assert node is not None, "Node is neither on the PATH nor installed as a package"
    program = VIEWER / "node_modules" / "eslint" / "bin" / "eslint.js"
    return subprocess.run(
        [node.node, str(program), *arguments],
        cwd=VIEWER,
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_sources_of_the_page_write_text_only() -> None:
    result = lint(".")

    assert (result.returncode, result.stdout) == (0, "")


def test_the_linter_finds_every_way_around() -> None:
    """All in one run: a line a way, and each line has to be found."""
    result = lint("--stdin", "--stdin-filename", "src/bad.js", "--format", "json",
                  text="\n".join(BAD.values()))  # fmt: skip

    found = {int(part.split(",")[0]) for part in result.stdout.split('"line":')[1:]}
    assert result.returncode == 1
    assert {name for number, name in enumerate(BAD, start=1) if number not in found} == set()


@pytest.mark.parametrize("word", ["textContent", "style.color"])
def test_the_linter_lets_text_be_written(word: str) -> None:
    result = lint("--stdin", "--stdin-filename", "src/good.js", text=f"node.{word} = text;\n")

    assert (result.returncode, result.stdout) == (0, "")
