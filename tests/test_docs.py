"""The documentation: it builds without a warning, and every command and recipe in it runs."""

from __future__ import annotations

import html.parser
import importlib.util
import re
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from taixin.rules import SOURCES
from tests.running import taixin
from tests.samples import REPO, edit

if TYPE_CHECKING:
    from pathlib import Path

DOCS = REPO / "src" / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if path.name != "README.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"`([\w./-]+\.(?:geojson|toml|osm))`")
HOSTS = {"www.sphinx-doc.org", "github.com", "pradyunsg.me"}  # those of the theme's footer


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """List the code blocks of a page: language, content, the last file named before it."""
    text = page.read_text(encoding="utf-8")
    found = []
    for block in BLOCK.finditer(text):
        named = FILE.findall(text[: block.start()])
        found.append((block[1], block[2], named[-1] if named else ""))
    return found


@pytest.mark.parametrize("page", PAGES, ids=[path.relative_to(DOCS).as_posix() for path in PAGES])
def test_everything_on_a_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for language, content, file in blocks(page):
        if language in {"json", "toml", "xml"}:
            path = tmp_path / file
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text(encoding="utf-8") + "\n" if path.exists() else ""
            path.write_text(before + content, encoding="utf-8")
        elif language == "python":
            exec(compile(content, page.name, "exec"), names)  # noqa: S102 - it is ours
        elif language == "sh":
            for line in content.splitlines():
                program, *words = shlex.split(line, comments=True)
                ended = taixin(*words)
                assert (program, ended.code) == ("taixin", 0), f"{line}\n{ended.err}"
        else:
            assert language in {"text", "toctree"}, language


def test_the_guide_is_the_same_in_both_languages() -> None:
    for name in ("write-a-plan", "better-facts", "many-parcels", "big-layers"):
        chinese, english = (blocks(DOCS / lang / f"{name}.md") for lang in ("zh", "en"))
        assert len(chinese) >= 3
        assert [each[:2] for each in chinese] == [each[:2] for each in english]


def test_the_guide_shows_every_rule() -> None:
    text = (DOCS / "en" / "write-a-plan.md").read_text(encoding="utf-8")
    assert [rule for rule in SOURCES if f"rule = {{ {rule} = " not in text] == []


def test_the_mistake_that_the_guide_shows_is_told_so(tmp_path: Path) -> None:
    shown = blocks(DOCS / "en" / "write-a-plan.md")
    [sentence] = [content.strip() for language, content, _ in shown if language == "text"]
    [transport] = [content for _, content, file in shown if file.endswith("/transport.toml")][:1]
    assert taixin("new", tmp_path / "my-plan", "--region", "忻州市").code == 0
    path = tmp_path / "my-plan" / "layers" / "my-plan" / "transport.toml"
    path.write_text(transport, encoding="utf-8")
    edit(path, 'phase = "far"', 'phase = "fat"')

    ended = taixin("list", "--plans", tmp_path / "my-plan")
    assert (ended.code, ended.err.strip()) == (2, sentence)


class Links(html.parser.HTMLParser):
    """Collects where a page leads and which anchors it has."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note links and anchors."""
        given = dict(attrs)
        self.anchors.add(given.get("id") or "")
        link = given.get("href") if tag in {"a", "link"} else given.get("src")
        if link:
            self.links.append(link)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the site, warnings being errors."""
    out = tmp_path_factory.mktemp("docs") / "site"
    made = subprocess.run(
        [sys.executable, DOCS / "make.py", out], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr[-4000:]
    return out


def test_every_link_leads_somewhere(built: Path) -> None:
    pages = {path.resolve(): Links(path) for path in built.rglob("*.html")}
    broken = []
    outside = set()
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                outside.add(parts.netloc)
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages.get(target)
            is_there = target.is_file() and (
                not parts.fragment or known is None or unquote(parts.fragment) in known.anchors
            )
            if not is_there:
                broken.append(f"{path.name}: {link}")
    assert broken == []
    assert outside <= HOSTS


def test_the_reference_is_made_from_the_code(built: Path) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in built.glob("reference/*.html")}

    assert "taixin geo import" in texts["commands"]
    assert "--dry-run" in texts["commands"]
    assert "Open a plan" not in texts["python"]
    assert "A layer of a plan, for any folium map." in texts["python"]
    assert "Unite whole administrative units along their shared borders." in texts["rules"]
    assert "entry_conditions" in texts["files"]
    for lang, words in (("zh", "未经审核"), ("en", "not reviewed")):
        assert words in (built / lang / "accuracy.html").read_text(encoding="utf-8")


def test_the_makers_pages_name_every_command() -> None:
    specification = importlib.util.spec_from_file_location("make_docs", DOCS / "make.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    text = module.pages()["commands.md"]

    assert {"new", "schema", "build", "audit", "check"} <= set(re.findall(r"## taixin (\w+)", text))
