"""Whose work is shipped or needed, on what terms; `python -m tests.licences` writes the list.

Versions stay out of it, so that the list changes only when a name or a licence does.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement

from taixin.assets import load_licences
from taixin.files import read_toml, write_text

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ALLOWED", "LIST", "all_needed", "licences", "needed", "of_page", "sources", "text"]

REPO = Path(__file__).resolve().parents[1]
LIST = REPO / ".github" / "LICENCES.md"
FACTS = ("geo", "src/taixin/examples/huangshan/geo")
# how packages write a licence -> the family that the list tells; the first that fits counts
FAMILIES = {
    r"\bA(ffero )?GPL|Affero": "AGPL",
    r"\bLGPL|Lesser General Public": "LGPL",
    r"\bGPL|General Public": "GPL",
    r"\bMPL|Mozilla Public": "MPL",
    r"\bApache": "Apache-2.0",
    r"\b0BSD": "0BSD",
    r"\bBSD": "BSD",
    r"\bMIT(-0)?\b|\bMIT-CMU": "MIT",
    r"\bISC\b": "ISC",
    r"\bPSF|Python Software Foundation|\bPython-2": "PSF",
    r"\bHPND|Historical Permission": "HPND",
    r"\bZlib": "Zlib",
    r"\bCC0": "CC0",
    r"\bUnlicense": "Unlicense",
}
ALLOWED = set(FAMILIES.values()) - {"AGPL", "GPL"}
HEAD = """# Licences of what is shipped and needed

Written by `python -m tests.licences`, and a test compares: change the sources of this list instead.

## In the wheel

The program, the plans in `layers/` and the page are this project's own: MIT, see `LICENSE`. Facts
come from the sources below.

"""
PAGE = """
## In the page

npm packages bundled into every atlas; their full texts are in it, under "Software licences".

"""
PYTHON = """
## Beside the wheel

Python packages that pip installs with it or with an extra; none is copied into the wheel. The
licence is the family that the package itself states first; a binary wheel may hold further
libraries, whose licences are in its own `.dist-info`.

"""


def licences(package: str) -> list[str]:
    """Give the families of licence that an installed package states, its own first."""
    about = metadata(package).json
    stated = str(about.get("license_expression") or about.get("license") or "")
    kinds = [line for line in about.get("classifier", ()) if line.startswith("License ::")]
    # some put the whole text there; its title is enough, and a text without one has a classifier
    parts = re.split(r"\bAND\b|\bOR\b|[,;/]", stated.strip().partition("\n")[0])
    return list(dict.fromkeys(filter(None, map(_family, [*parts, *kinds]))))


def _family(words: str) -> str | None:
    return next((name for known, name in FAMILIES.items() if re.search(known, words)), None)


def needed() -> dict[str, str]:
    """Give the packages of pyproject.toml that running needs, with what for."""
    project = read_toml(REPO / "pyproject.toml")["project"]
    assert isinstance(project, dict)
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {
        Requirement(line).name: f"extra `{group}`" if group else "always"
        for group, lines in groups.items()
        for line in lines
    }


def all_needed() -> set[str]:
    """Give the packages of `needed` and all that these need here, as far as installed."""
    found: set[str] = set()
    waiting = list(needed())
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            lines = requires(name) or []
        except PackageNotFoundError:
            assert name not in needed(), name
            continue
        found.add(name)
        wanted = map(Requirement, lines)
        waiting += [
            item.name for item in wanted if not item.marker or item.marker.evaluate({"extra": ""})
        ]
    return found


def of_page() -> list[dict[str, str]]:
    """Give the npm packages that are bundled into the page."""
    found: list[dict[str, str]] = json.loads(load_licences())
    return found


def sources() -> list[dict[str, object]]:
    """Give the sources of all facts that the wheel carries, the example's too."""
    found: dict[str, dict[str, object]] = {}
    for folder in FACTS:
        table = read_toml(REPO / folder / "sources.toml")["source"]
        assert isinstance(table, list)
        found |= {str(source["id"]): source for source in reversed(table)}
    return [found[name] for name in sorted(found)]


def text() -> str:
    """Give the whole list as Markdown."""
    data = [
        (f"`{source['id']}`", str(source["attribution"]), str(source["licence"]))
        for source in sources()
    ]
    page = [(package["name"], package["licence"]) for package in of_page()]
    python = [(name, use, licences(name)[0]) for name, use in sorted(needed().items())]
    return (
        HEAD
        + _table(("Source", "Credit", "Licence"), data)
        + PAGE
        + _table(("Package", "Licence"), page)
        + PYTHON
        + _table(("Package", "Needed", "Licence"), python)
    )


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    write_text(LIST, text())
    print(f"{LIST.relative_to(REPO)} written")
