"""Commands for layers too big for a page: cut them into tiles, serve a site that has some."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taixin.commands.shared import FILE, FOLDER, geo_option, layers_of, load, plans_option, progress
from taixin.errors import InputError, Problem, TaixinError, nearest

if TYPE_CHECKING:
    from taixin.build import Layer

__all__ = ["serve", "tiles"]


@click.command()
@click.argument("layer", metavar="LAYER")
@click.option("--out", type=FILE, required=True, metavar="FILE.pmtiles", help="Where to write.")
@click.option("--title", default="", help="What people call it; the name of the file or layer.")
@click.option("--attribution", default="", help="Who must be named beside it.")
@click.option("--accuracy-m", type=click.FloatRange(0.01, 100_000), metavar="M",
              help="How far its positions may be off.")  # fmt: skip
@click.option("--name-field", metavar="COLUMN", help="The column that names a feature.")
@click.option("--crs", metavar="CRS", help="What the coordinates are in: EPSG:4547, gcj02 …")
@click.option("--layer", "part", metavar="NAME", help="Which layer of a file with several.")
@click.option("--repair", is_flag=True, help="Repair invalid areas instead of refusing them.")
@click.option("--limits", "factor", type=click.FloatRange(0.01, 100), default=1.0, metavar="N",
              help="Raise every limit of size and time by this factor.")  # fmt: skip
@plans_option
@geo_option
def tiles(  # noqa: PLR0913 - one parameter an option
    *,
    layer: str,
    out: Path,
    title: str,
    attribution: str,
    accuracy_m: float | None,
    name_field: str | None,
    crs: str | None,
    part: str | None,
    repair: bool,
    factor: float,
    plans: Path | None,
    geo: Path | None,
) -> None:
    """Cut LAYER into vector tiles: a file of parcels, or a plan's layer such as PLAN/counties."""
    from taixin import tiling
    from taixin.intake.sites import Request

    path = Path(layer).expanduser()
    with progress("reading") as step:
        if path.exists() or "." in path.name:
            request = Request(crs, part, repair, tiling.LIMITS.times(factor), attributes=True)
            parts = tiling.of_file(path, request)
            name = title or path.stem
            about = tiling.Description(name, name, path.stem, attribution, accuracy_m, name_field)
        else:
            built = _plan_layer(layer, plans, geo)
            parts = tiling.of_layer(built)
            about = tiling.describe(built, title, attribution, accuracy_m, name_field)
        made = tiling.make_tiles(parts, out, about, step)
    for note in made.notes:
        click.echo(note, err=True)
    found = made.tileset
    size = f"{out.stat().st_size / 1e6:.1f} MB"
    zooms = f"zoom {found.min_zoom} to {found.max_zoom}"
    click.echo(f"{out}  {found.features} features, {len(found.columns)} columns, {zooms}, {size}")
    click.echo(f"show it: taixin build --tiles {out}, then: taixin serve")


@click.command()
@click.argument("folder", type=FOLDER, default=Path("site"))
@click.option("--port", type=click.IntRange(0, 65_535), default=8000, show_default=True,
              help="Where to listen; 0 for any port that is free.")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True,
              help="Address to listen at; any other is seen by the network.")  # fmt: skip
def serve(*, folder: Path, port: int, host: str) -> None:
    """Serve a built site to this machine's browsers, tiles included, until Ctrl-C."""
    try:
        from taixin import serving
    except ImportError:
        from taixin.tilesets import EXTRA

        message = f"Serving needs the libraries starlette and uvicorn; install them with: {EXTRA}"
        raise TaixinError(message) from None
    if not serving.is_loopback(host):
        warning = f"ATTENTION: whoever reaches {host} over the network can read all of {folder}."
        click.echo(warning, err=True)
    with suppress(KeyboardInterrupt):
        serving.serve(folder, host, port, lambda url: click.echo(f"{folder}  {url}  Ctrl-C ends"))
    click.echo("ended")


def _plan_layer(name: str, plans: Path | None, geo: Path | None) -> Layer:
    library, facts = load(plans, geo)
    built = {layer.id: layer for layer in layers_of(library, facts)}
    if name not in built:
        hint = nearest(name, built) or "name a file, or a layer as PLAN/LAYER"
        raise InputError([Problem(name, "", "there is no such file and no such layer", hint)])
    return built[name]
