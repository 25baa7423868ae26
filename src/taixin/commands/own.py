"""Commands for plans of one's own: begin one, describe its files, better its facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from taixin.commands.shared import FOLDER
from taixin.errors import InputError, Problem

if TYPE_CHECKING:
    from taixin.improve import Origin

__all__ = ["geo", "new", "schema"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--region", multiple=True, metavar="NAME",
              help="A county or city of the facts; repeatable. The first city.")  # fmt: skip
@click.option("--geo", "facts", type=FOLDER, help="Folder of facts to take from.")
def new(*, folder: Path, region: tuple[str, ...], facts: Path | None) -> None:
    """Begin a plan of your own in FOLDER: recipes, facts, schemas; it builds as it is."""
    from taixin.starter import write_start

    start = write_start(folder, region, facts)
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


@click.group()
def geo() -> None:
    """Better the facts a plan stands on."""


@geo.command(name="import")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--undo", "takes_back", is_flag=True, help="Take the latest import back.")
@click.option("--dry-run", is_flag=True, help="Report what would change; write nothing.")
@click.option("--accuracy-m", type=click.FloatRange(0.01, 100_000), metavar="M",
              help="How far its positions may be off; 50 for OpenStreetMap.")  # fmt: skip
@click.option("--title", help="What the data is called; OpenStreetMap for its extracts.")
@click.option("--licence", help="On what terms it may be used.")
@click.option("--attribution", help="Who must be named beside it.")
@click.option("--date", default="", help="What date the data shows.")
@click.option("--limits", "factor", type=click.FloatRange(0.01, 100), default=1.0, metavar="N",
              help="Raise every limit of size and time by this factor.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--plans", type=FOLDER, help="Folder of plans whose facts are meant.")
@click.option("--geo", "folder", type=FOLDER, help="Folder of facts instead of the project's own.")
def import_geo(  # noqa: PLR0913 - one parameter an option
    *,
    file: Path | None,
    takes_back: bool,
    dry_run: bool,
    accuracy_m: float | None,
    title: str | None,
    licence: str | None,
    attribution: str | None,
    date: str,
    factor: float,
    as_json: bool,
    plans: Path | None,
    folder: Path | None,
) -> None:
    """Refine rivers, railways, roads, places and protected areas from FILE.

    FILE is an OpenStreetMap extract (.osm, .osm.pbf) or any vector file. Facts are matched by name
    and kind; recipes stay as they are.
    """
    from taixin import files, improve
    from taixin.intake.limits import Limits

    where = files.folders(plans, folder)[1] or files.data_folder("geo")
    if takes_back:
        click.echo(f"{where / improve.undo(where)} was taken back")
        return
    origin = _origin(file, accuracy_m, (title, licence, attribution), date)
    report = improve.import_file(file or Path(), where, origin, Limits().times(factor), dry=dry_run)
    if as_json:
        click.echo(files.json_text(report.as_json(), indent=1))
        return
    for line in improve.told(report):
        click.echo(line)


def _origin(
    file: Path | None, accuracy_m: float | None, terms: tuple[str | None, ...], date: str
) -> Origin:
    from taixin.improve import Origin

    if file is None:
        raise InputError([Problem("taixin geo import", "", "no file is named", "name one")])
    if file.suffix.lower() in {".osm", ".pbf"}:
        return Origin.openstreetmap(accuracy_m, date)
    title, licence, attribution = terms
    wanted = {
        "--accuracy-m": accuracy_m,
        "--title": title,
        "--licence": licence,
        "--attribution": attribution,
    }
    missing = [name for name, value in wanted.items() if not value]
    if missing or not (title and licence and attribution and accuracy_m):
        message = f"nothing says where the data comes from: {', '.join(missing)} missing"
        remedy = "every fact has a source with its terms and accuracy; give these options"
        raise InputError([Problem(file.name, "", message, remedy)])
    return Origin(title, attribution, licence, accuracy_m, date)
