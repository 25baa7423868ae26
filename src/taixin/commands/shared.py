"""What the commands share: options, loading, progress on a terminal."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taixin.build import Layer
    from taixin.facts import Facts
    from taixin.plans import Library

__all__ = [
    "FILE",
    "FOLDER",
    "geo_option",
    "lang_option",
    "layers_of",
    "load",
    "plan_option",
    "plans_option",
    "progress",
]

P = ParamSpec("P")
R = TypeVar("R")

FOLDER: Final = click.Path(file_okay=False, path_type=Path)
FILE: Final = click.Path(dir_okay=False, path_type=Path)
plans_option = click.option(
    "--plans", type=FOLDER, help="Folder of plans instead of the project's own."
)
geo_option = click.option(
    "--geo", type=FOLDER, help="Folder of facts instead of the project's own."
)
plan_option = click.option(
    "--plan", "only", multiple=True, metavar="ID", help="Only this plan; repeatable."
)


def lang_option(what: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make the option of the language that something is written in."""
    return click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
                        help=what)  # fmt: skip


def load(plans: Path | None, geo: Path | None) -> tuple[Library, Facts]:
    """Load plans and facts, the project's own where no folder is given."""
    from taixin import build

    return build.load(plans, geo)


def layers_of(library: Library, facts: Facts, only: Sequence[str] = ()) -> tuple[Layer, ...]:
    """Build the layers of all plans, or of some."""
    from taixin.build import build_layers

    return build_layers(library, facts, only or None)


@contextmanager
def progress(first: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done on a terminal; say nothing elsewhere."""
    from rich.console import Console

    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    with console.status(first) as status:
        yield status.update
