"""Make the documentation: ``python src/docs/make.py OUT``.

What the code says by itself is written from it first: the commands from their help, the Python
interface from its docstrings, the files from their schemas. Warnings are errors.
"""

from __future__ import annotations

import inspect
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from sphinx.cmd.build import build_main

import taixin
from taixin import rules
from taixin.cli import command
from taixin.plans import load_library
from taixin.schema import NAMES, schemas

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["make", "pages"]

SOURCE = Path(__file__).resolve().parent
FEW = 12


def pages() -> dict[str, str]:
    """Write the reference pages.

    Returns
    -------
    dict[str, str]
        Markdown by the name of its file below ``reference``.
    """
    return {
        "commands.md": "\n".join(_commands()),
        "python.md": "\n".join(_python()),
        "rules.md": "\n".join(_rules()),
        "files.md": "\n".join(_files()),
    }


def _commands() -> Iterator[str]:
    yield "# Commands 命令\n"
    yield "Exit codes: 0 fine, 1 a check found something, 2 the input could not be used.\n"
    yield "退出码：0 正常，1 检查发现问题，2 输入不能使用。\n"
    for path, found in _walk(command, "taixin"):
        context = click.Context(found, info_name=path, terminal_width=88, max_content_width=88)
        yield f"## {path}\n\n```text\n{found.get_help(context)}\n```\n"


def _walk(group: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, found in sorted(getattr(group, "commands", {}).items()):
        if isinstance(found, click.Group):
            yield from _walk(found, f"{path} {name}")
        else:
            yield f"{path} {name}", found


def _python() -> Iterator[str]:
    yield "# Python interface Python 接口\n"
    yield "Everything is imported from `taixin`; a layer's features are a GeoDataFrame.\n"
    for name in sorted(set(taixin.__all__) - {"__version__"}):
        made = getattr(taixin, name)
        if inspect.isclass(made):
            yield f"## {name}\n\n```{{eval-rst}}\n.. autoclass:: {made.__module__}.{name}\n```\n"
        else:
            yield f"## {name}\n\n```{{eval-rst}}\n.. autofunction:: {made.__module__}.{name}\n```\n"


def _rules() -> Iterator[str]:
    yield "# Rules 成图规则\n"
    yield "A recipe has one rule that makes the shape, and any of the modifiers below it.\n"
    yield "一条配方有且只有一个成图规则，可再加下面的修饰。\n"
    tables = (("Rules that make a shape 成图", rules.SOURCES), ("Modifiers 修饰", rules.MODIFIERS))
    for title, table in tables:
        yield f"## {title}\n"
        for name, function in table.items():
            extras = rules.extra_keys(name) if table is rules.SOURCES else ()
            keys = "".join(f", `{key}`" for key in extras)
            summary = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
            yield f"`{name}`{keys}\n: {summary}\n"


def _files() -> Iterator[str]:
    yield "# Files 文件\n"
    yield "From the schemas that `taixin schema` writes. 由 `taixin schema` 所写的模式生成。\n"
    for name, schema in schemas(load_library()).items():
        yield f"## {name}.schema.json: `{NAMES[name]}`\n"
        for title, record in {"": schema, **schema.get("definitions", {})}.items():
            if "properties" in record and title != "Rule":
                yield from _record(title, record)


def _record(title: str, record: Mapping[str, Any]) -> Iterator[str]:
    needed = set(record.get("required", ()))
    if title:
        yield f"**{title}.** {record.get('description', '')}\n"
    yield "| key | value | needed |\n|---|---|---|"
    for key, value in record["properties"].items():
        yield f"| `{key}` | {_value(value)} | {'yes' if key in needed else ''} |"
    yield ""


def _value(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_value(each) for each in schema["anyOf"])
    if "enum" in schema:
        words = [json.dumps(word, ensure_ascii=False) for word in schema["enum"]]
        return "one of " + (", ".join(words) if len(words) <= FEW else f"{len(words)} words")
    if schema.get("type") == "array":
        items = schema.get("items", {})
        return f"{len(items)} values" if isinstance(items, list) else f"list of {_value(items)}"
    kind = str(schema.get("type", "anything"))
    return {"object": "table"}.get(kind, kind)


def make(out: Path) -> int:
    """Build the site; return the exit code of Sphinx, in which a warning counts as an error."""
    with tempfile.TemporaryDirectory(prefix="taixin-docs-") as name:
        folder = Path(name) / "docs"
        shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "reference").mkdir()
        for page, text in pages().items():
            (folder / "reference" / page).write_text(text + "\n", encoding="utf-8")
        options = ["-q", "-W", "--keep-going", "-E", "-b", "html"]
        return build_main([*options, "-d", f"{name}/trees", str(folder), str(out)])


if __name__ == "__main__":
    raise SystemExit(make(Path(sys.argv[1] if len(sys.argv) > 1 else "site/docs")))
