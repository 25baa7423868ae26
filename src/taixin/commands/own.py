"""Commands for plans of one's own: begin one, describe its files, better its facts."""

from __future__ import annotations

from pathlib import Path

import click

from taixin.commands.shared import FOLDER, geo_option

__all__ = ["new", "schema"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--region", multiple=True, metavar="NAME",
              help="A county or city of the facts; repeatable. The first city.")  # fmt: skip
@geo_option
def new(*, folder: Path, region: tuple[str, ...], geo: Path | None) -> None:
    """Begin a plan of your own in FOLDER: recipes, facts, schemas; it builds as it is."""
    from taixin.starter import write_start

    start = write_start(folder, region, geo)
    click.echo(f"{folder}  {start.layers} layers, {start.features} features")
    click.echo(f"{'、'.join(start.counties)}")
    click.echo(f"edit {folder / 'layers' / start.plan}, then: taixin build --plans {folder}")


@click.command()
@click.option("--out", type=FOLDER, default=Path("schema"), show_default=True,
              help="Where to write.")  # fmt: skip
@click.option("--plans", type=FOLDER, help="Folder of plans whose kinds and figures count.")
def schema(*, out: Path, plans: Path | None) -> None:
    """Write JSON Schemas of the TOML files, for editors to complete and check."""
    from taixin import files
    from taixin.plans import load_library
    from taixin.schema import NAMES, schemas

    made = schemas(load_library(plans))
    with files.staged_folder(out) as stage:
        for name, described in made.items():
            text = files.json_text(described, indent=1) + "\n"
            files.write_text(stage / f"{name}.schema.json", text)
    for name in made:
        click.echo(f"{out / name}.schema.json  {NAMES[name]}")
