"""Commands that publish plans: the atlas, map sheets, deliveries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from taixin.commands.shared import (
    FILE,
    FOLDER,
    geo_option,
    lang_option,
    layers_of,
    load,
    plan_option,
    plans_option,
    progress,
)
from taixin.errors import InputError, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taixin.build import Layer
    from taixin.tilesets import Tileset

__all__ = ["FORMATS", "build", "export", "sheet"]

#: Keys of `taixin.exports.FORMATS`, which are not imported to show the help, and postgis.
FORMATS: Final = (
    *("geojson", "gpkg", "shp", "kml", "kmz", "dxf", "gdb", "fgb", "parquet", "csv", "xlsx"),
    *("qgz", "postgis"),
)


@click.command()
@click.option("--out", type=FOLDER, default=Path("site"), show_default=True, help="Where to write.")
@plan_option
@plans_option
@geo_option
@lang_option("Language the page opens in.")
@click.option(
    "--tianditu-key", metavar="K", help="Your own Tianditu key, kept in the page you build."
)
@click.option("--no-delivery", is_flag=True, help="Leave out the kit for GIS, CAD and office.")
@click.option("--tiles", "tile_files", multiple=True, type=FILE, metavar="FILE.pmtiles",
              help="A layer made by taixin tiles, shown when served; repeatable.")  # fmt: skip
def build(  # noqa: PLR0913 - one parameter an option
    *,
    out: Path,
    only: tuple[str, ...],
    plans: Path | None,
    geo: Path | None,
    lang: str,
    tianditu_key: str | None,
    no_delivery: bool,
    tile_files: tuple[Path, ...],
) -> None:
    """Build the atlas: one offline HTML page, its data files, and the delivery kit."""
    from taixin import audit, files, manifest
    from taixin.atlas import Atlas
    from taixin.exports import write_kit
    from taixin.surveys import read_surveys
    from taixin.tilesets import read_tileset

    tiles = [read_tileset(path) for path in tile_files]
    with progress("reading facts and plans") as step:
        library, facts = load(plans, geo)
        surveys = read_surveys(files.folders(plans, geo)[1], facts, library.kinds)
        step("building layers")
        layers = layers_of(library, facts, only)
        step("checking the plans")
        plan_ids = {layer.plan.id for layer in layers}
        every = layers if not only else layers_of(library, facts)
        found = [item for item in audit.audit(library, every, facts) if item.plan in plan_ids]
        step("drawing the page")
        page = Atlas(
            layers, library, facts, findings=found, lang=lang, tianditu_key=tianditu_key,
            surveys=surveys, tiles=tiles,
        ).html()  # fmt: skip
        step("writing")
        with files.staged_folder(out) as stage:
            catalog = manifest.catalog(layers, library, facts)
            files.write_text(stage / "index.html", page)
            _write_data(stage, layers, catalog, tiles)
            if not no_delivery:
                step("packing the delivery kit")
                kit = write_kit(layers, library, facts, stage / "delivery")
    _tell(layers)
    click.echo(f"{out / 'index.html'}  {len(page.encode()) / 1e6:.1f} MB, opens offline")
    served = f", {len(tiles)} layers as tiles: taixin serve {out}" if tiles else ""
    click.echo(f"{out / 'data'}  {len(layers)} GeoJSON files and catalog.json{served}")
    if not no_delivery:
        click.echo(f"{out / 'delivery'}  {len(kit)} files for QGIS, ArcGIS, CAD and office")


def _write_data(
    out: Path, layers: Sequence[Layer], catalog: Mapping[str, object], tiles: Sequence[Tileset]
) -> None:
    from taixin import files
    from taixin.tilesets import page_records

    for layer in layers:
        files.write_text(out / "data" / f"{layer.id}.geojson", layer.text)
    files.write_text(out / "data" / "catalog.json", files.json_text(catalog, indent=1) + "\n")
    for each, record in zip(tiles, page_records(tiles), strict=True):
        files.copy(each.path, out / str(record["href"]))


def _tell(layers: Sequence[Layer]) -> None:
    located = sum(len(layer.located) for layer in layers)
    total = sum(len(layer.features) for layer in layers)
    names = len({layer.plan.id for layer in layers})
    click.echo(f"{names} plans, {len(layers)} layers, {total} features ({located} located)")


@click.command()
@click.argument("subjects", nargs=-1, metavar="[SYSTEM | PLAN/SYSTEM | THEME]...")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="PATH",
              help="A .pdf or .png file, or a folder with a file for each sheet.")  # fmt: skip
@plan_option
@click.option("--system", "systems", multiple=True, metavar="ID", help="As SYSTEM; repeatable.")
@click.option("--all", "everything", is_flag=True,
              help="The atlas book: cover, index, every theme and system.")  # fmt: skip
@click.option("--paper", "--size", "size", type=click.Choice(["A4", "A3", "A2"]), default="A3",
              show_default=True, help="Size of the paper.")  # fmt: skip
@click.option("--landscape/--portrait", "landscape", default=None,
              help="How the paper lies; whichever shows more.")  # fmt: skip
@click.option("--scale", type=click.IntRange(10_000, 10_000_000), metavar="N",
              help="Draw at 1:N; the largest round scale that fits.")  # fmt: skip
@lang_option("Language of the sheet.")
@click.option("--format", "form", type=click.Choice(["pdf", "png"]),
              help="By the name of the file; pdf in a folder.")  # fmt: skip
@click.option("--dpi", type=click.IntRange(50, 600), default=200, show_default=True,
              help="Pixels per inch of a PNG.")  # fmt: skip
@click.option("--font", type=FILE, help="A font file with Chinese instead of the system's.")
@click.option("--review", default="", metavar="NUMBER",
              help="Number of the map review; without it there is a watermark.")  # fmt: skip
@plans_option
@geo_option
def sheet(  # noqa: PLR0913 - one parameter an option
    *,
    subjects: tuple[str, ...],
    out: Path,
    only: tuple[str, ...],
    systems: tuple[str, ...],
    everything: bool,
    size: str,
    landscape: bool | None,
    scale: int | None,
    lang: str,
    form: str | None,
    dpi: int,
    font: Path | None,
    review: str,
    plans: Path | None,
    geo: Path | None,
) -> None:
    """Print map sheets of planning systems or themes, as PDF or PNG."""
    from taixin import audit, sheets

    look = sheets.Look(size, None if landscape is None else not landscape, lang, scale, review)
    output = sheets.Output(out, form or "", dpi, font)
    with progress("building layers") as step:
        library, facts = load(plans, geo)
        for identifier in only:
            library.plan(identifier)
        built = layers_of(library, facts)
        found = audit.audit(library, built, facts)
        words = (*subjects, *systems)
        if everything:
            chosen = sheets.all_subjects(built, library, found)
        else:
            chosen = sheets.find_subjects(words, built, library, found, only=only)
        written = sheets.write_sheets(
            chosen,
            sheets.World.of(library, facts, built),
            look,
            output,
            is_book=everything,
            step=step,
        )
    click.echo(f"{len(chosen)} sheets on {size}, first: {chosen[0].title.zh}")
    for path in written[:1]:
        click.echo(f"{path}" + f" and {len(written) - 1} more" * (len(written) > 1))


@click.command()
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What to write.")
@click.option("--out", required=True, metavar="PATH", help="File or folder; postgresql://… too.")
@plan_option
@click.option("--layer", "chosen", multiple=True, metavar="ID", help="Only this layer; repeatable.")
@click.option("--crs", default="", metavar="EPSG:…",
              help="EPSG:4490 if not given; dxf metres, geojson and kml CRS84.")  # fmt: skip
@click.option("--encoding", type=click.Choice(["UTF-8", "GBK"], case_sensitive=False),
              default="UTF-8", show_default=True, help="Of Shapefiles.")  # fmt: skip
@click.option("--hatch", is_flag=True, help="Fill the areas of a DXF.")
@plans_option
@geo_option
def export(  # noqa: PLR0913 - one parameter an option
    *,
    form: str,
    out: str,
    only: tuple[str, ...],
    chosen: tuple[str, ...],
    crs: str,
    encoding: str,
    hatch: bool,
    plans: Path | None,
    geo: Path | None,
) -> None:
    """Export layers to a format of GIS, CAD or office work, or into PostGIS."""
    from taixin import exports

    options = exports.Options(crs, encoding, hatch)
    with progress("building layers") as step:
        library, facts = load(plans, geo)
        built = _chosen(layers_of(library, facts, only), chosen)
        step("writing")
        written = exports.export(built, form, out, options, library=library, facts=facts)
    located = sum(len(layer.located) for layer in built)
    total = sum(len(layer.features) for layer in built)
    click.echo(f"{len(built)} layers, {total} features ({located} located)")
    click.echo(
        f"{written.files[0]}" + f" and {len(written.files) - 1} more" * (len(written.files) > 1)
    )
    click.echo(written.axes)
    click.echo(f"not kept: {written.loses.en}")
    for sentence in written.warnings:
        click.echo(sentence, err=True)


def _chosen(built: Sequence[Layer], chosen: Sequence[str]) -> list[Layer]:
    names = {name: layer for layer in built for name in (layer.id, layer.recipe.id)}
    for word in chosen:
        if word not in names:
            hint = nearest(word, names)
            raise InputError([Problem("--layer", word, "there is no such layer", hint)])
    wanted = set(chosen)
    return [item for item in built if not wanted or wanted & {item.id, item.recipe.id}]
