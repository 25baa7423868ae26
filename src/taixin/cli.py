"""The command: arguments in, files and sentences out. The only module that prints."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from taixin import __version__
from taixin.errors import InputError, OutputError, Problem, TaixinError, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taixin.build import Layer
    from taixin.facts import Facts
    from taixin.plans import Library

_FOLDER: Final = click.Path(file_okay=False, path_type=Path)
#: Keys of `taixin.exports.FORMATS`, which are not imported to show the help, and postgis.
_FORMATS: Final = (
    *("geojson", "gpkg", "shp", "kml", "kmz", "dxf", "gdb", "fgb", "parquet", "csv", "xlsx"),
    *("qgz", "postgis"),
)
_FILE: Final = click.Path(dir_okay=False, path_type=Path)
_plans = click.option("--plans", type=_FOLDER, help="Folder of plans instead of the project's own.")
_geo = click.option("--geo", type=_FOLDER, help="Folder of facts instead of the project's own.")
_plan = click.option(
    "--plan", "only", multiple=True, metavar="ID", help="Only this plan; repeatable."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="taixin")
def command() -> None:
    """Spatial plans as code: build the atlas, the layers and the exports."""


@command.command()
@click.option(
    "--out", type=_FOLDER, default=Path("site"), show_default=True, help="Where to write."
)
@_plan
@_plans
@_geo
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
              help="Language the page opens in.")  # fmt: skip
@click.option(
    "--tianditu-key", metavar="K", help="Your own Tianditu key, kept in the page you build."
)
@click.option("--no-delivery", is_flag=True, help="Leave out the kit for GIS, CAD and office.")
def build(  # noqa: PLR0913 - one parameter an option
    *,
    out: Path,
    only: tuple[str, ...],
    plans: Path | None,
    geo: Path | None,
    lang: str,
    tianditu_key: str | None,
    no_delivery: bool,
) -> None:
    """Build the atlas: one offline HTML page, its data files, and the delivery kit."""
    from taixin import audit, files, manifest
    from taixin.atlas import Atlas
    from taixin.exports import write_kit

    with _progress("reading facts and plans") as step:
        library, facts = _load(plans, geo)
        step("building layers")
        layers = _layers(library, facts, only)
        step("checking the plans")
        plan_ids = {layer.plan.id for layer in layers}
        every = layers if not only else _layers(library, facts)
        found = [item for item in audit.audit(library, every, facts) if item.plan in plan_ids]
        step("drawing the page")
        atlas = Atlas(layers, library, facts, findings=found, lang=lang, tianditu_key=tianditu_key)
        page = atlas.html()
        step("writing")
        with files.staged_folder(out) as stage:
            for layer in layers:
                files.write_text(stage / "data" / f"{layer.id}.geojson", layer.text)
            catalog = files.json_text(manifest.catalog(layers, facts), indent=1)
            files.write_text(stage / "data" / "catalog.json", catalog + "\n")
            files.write_text(stage / "index.html", page)
            if not no_delivery:
                step("packing the delivery kit")
                kit = write_kit(layers, library, facts, stage / "delivery")
    located = sum(len(layer.located) for layer in layers)
    total = sum(len(layer.features) for layer in layers)
    names = len({layer.plan.id for layer in layers})
    click.echo(f"{names} plans, {len(layers)} layers, {total} features ({located} located)")
    click.echo(f"{out / 'index.html'}  {len(page.encode()) / 1e6:.1f} MB, opens offline")
    click.echo(f"{out / 'data'}  {len(layers)} GeoJSON files and catalog.json")
    if not no_delivery:
        click.echo(f"{out / 'delivery'}  {len(kit)} files for QGIS, ArcGIS, CAD and office")


@command.command()
@click.option("--check", is_flag=True, help="Write nothing; list the files that differ, exit 1.")
@_plans
@_geo
def layers(*, check: bool, plans: Path | None, geo: Path | None) -> None:
    """Rebuild the layers of every plan from their recipes."""
    from taixin import build, files

    with _progress("reading facts and plans") as step:
        library, facts = _load(plans, geo)
        step("building layers")
        built = _layers(library, facts)
    wanted, stale = build.committed_files(built)
    differing = [path for path, text in wanted.items() if not files.holds(path, text)]
    if check:
        for path in differing:
            click.echo(f"{path.parent.name}/{path.name} differs from its recipe")
        for path in stale:
            click.echo(f"{path.parent.name}/{path.name} has no recipe")
        if differing or stale:
            click.echo("run: taixin layers", err=True)
            sys.exit(1)
        click.echo(f"{len(wanted)} layers equal their recipes")
        return
    for path in differing:
        files.write_text(path, wanted[path])
    for path in stale:
        files.remove(path)
    click.echo(f"{len(wanted)} layers, {len(differing)} written, {len(stale)} removed")


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@_plans
@_geo
def list_plans(*, as_json: bool, plans: Path | None, geo: Path | None) -> None:
    """List plans, systems, layers and feature counts."""
    from taixin import files, manifest

    library, facts = _load(plans, geo)
    built = _layers(library, facts)
    if as_json:
        click.echo(files.json_text(manifest.plan_list(built), indent=1))
        return
    for layer in built:
        counts = f"{len(layer.features):4d} features, {len(layer.located):4d} located"
        click.echo(f"{layer.id:<44} {layer.geometry_type:<8} {counts}  {layer.recipe.title.zh}")


@command.command(name="audit")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--all", "everything", is_flag=True, help="List also what agrees.")
@_plan
@_plans
@_geo
def audit_plans(
    *,
    as_json: bool,
    everything: bool,
    only: tuple[str, ...],
    plans: Path | None,
    geo: Path | None,
) -> None:
    """Test plans against their own numbers, their layers and each other."""
    from taixin import audit, files

    with _progress("building layers") as step:
        library, facts = _load(plans, geo)
        for identifier in only:
            library.plan(identifier)
        built = _layers(library, facts)
        step("checking")
        found = audit.audit(library, built, facts)
    chosen = [item for item in found if not only or item.plan in only]
    total = audit.summary(chosen)
    if as_json:
        rows = [{**item.model_dump(), "claim": item.claim.zh} for item in chosen]
        click.echo(files.json_text({"findings": rows, "summary": total}, indent=1))
    else:
        for item in chosen:
            if everything or item.verdict != "agrees":
                unit = f" {item.unit}" if item.unit else ""
                result = f"stated {item.stated}{unit}, found {item.found}"
                click.echo(f"{item.severity:<7} {item.verdict:<12} {item.claim.zh}  {result}")
        click.echo(", ".join(f"{count} {word}" for word, count in total.items()))
    if total["error"]:
        sys.exit(1)


@command.command()
@click.option("--format", "form", type=click.Choice(_FORMATS), required=True, help="What to write.")
@click.option("--out", required=True, metavar="PATH", help="File or folder; postgresql://… too.")
@_plan
@click.option("--layer", "chosen", multiple=True, metavar="ID", help="Only this layer; repeatable.")
@click.option("--crs", default="", metavar="EPSG:…",
              help="EPSG:4490 if not given; dxf 4547, geojson and kml always CRS84.")  # fmt: skip
@click.option("--encoding", type=click.Choice(["UTF-8", "GBK"], case_sensitive=False),
              default="UTF-8", show_default=True, help="Of Shapefiles.")  # fmt: skip
@click.option("--hatch", is_flag=True, help="Fill the areas of a DXF.")
@_plans
@_geo
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
    with _progress("building layers") as step:
        library, facts = _load(plans, geo)
        built = _chosen(_layers(library, facts, only), chosen)
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


@command.command()
@click.argument("site")
@click.option("--crs", metavar="CRS", help="What the coordinates are in: EPSG:4547, gcj02 …")
@_plan
@click.option("--within", "within_km", type=click.FloatRange(0, 500), metavar="KM",
              help="How far off is still near; 5 km, in a table 0.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--html", type=_FILE, help="A report that prints on A4.")
@click.option("--out", type=_FILE, help="A table, .csv .gpkg .parquet: a row a site and feature.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
              help="Language of the report.")  # fmt: skip
@click.option("--layer", metavar="NAME", help="Which layer of a file with several.")
@click.option("--repair", is_flag=True, help="Repair invalid areas instead of refusing them.")
@click.option("--limits", "factor", type=click.FloatRange(0.01, 100), default=1.0, metavar="N",
              help="Raise every limit of size and time by this factor.")  # fmt: skip
@click.option("--date", metavar="YYYY-MM-DD", help="Date of the report; today.")
@_plans
@_geo
def check(  # noqa: PLR0913 - one parameter an option
    *,
    site: str,
    crs: str | None,
    only: tuple[str, ...],
    within_km: float | None,
    as_json: bool,
    html: Path | None,
    out: Path | None,
    lang: str,
    layer: str | None,
    repair: bool,
    factor: float,
    date: str | None,
    plans: Path | None,
    geo: Path | None,
) -> None:
    """Check a site against the plans: SITE is lon,lat[,radius_m], a file or a folder."""
    from taixin import files
    from taixin.intake.sites import Limits, Request
    from taixin.site import NEAR_KM, Job, check_job, write_table

    request = Request(crs, layer, repair, Limits().times(factor))
    within = (0.0 if out else NEAR_KM) if within_km is None else within_km
    job = Job(site, request, plans, geo, only, within, lang)
    with _progress("reading the site") as step:
        if out is not None:
            sites, rows = write_table(job, out, step)
            click.echo(f"{out}  {sites} sites, {rows} rows")
            return
        result = check_job(job, step)
        if html is not None:
            from taixin.site.report import report

            step("drawing the report")
            files.write_text(html, report(result, within, lang, date))
            click.echo(f"{html}  prints on A4")
            return
    if as_json:
        click.echo(files.json_text(result.document, indent=1))
        return
    from taixin.site.tell import lines

    for line in lines(result.document, within, lang):
        click.echo(line)


@command.command()
@click.argument("subjects", nargs=-1, metavar="[SYSTEM | PLAN/SYSTEM | THEME]...")
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="PATH",
              help="A .pdf or .png file, or a folder with a file for each sheet.")  # fmt: skip
@_plan
@click.option("--system", "systems", multiple=True, metavar="ID", help="As SYSTEM; repeatable.")
@click.option("--all", "everything", is_flag=True,
              help="The atlas book: cover, index, every theme and system.")  # fmt: skip
@click.option("--paper", "--size", "size", type=click.Choice(["A4", "A3", "A2"]), default="A3",
              show_default=True, help="Size of the paper.")  # fmt: skip
@click.option("--landscape/--portrait", "landscape", default=None,
              help="How the paper lies; whichever shows more.")  # fmt: skip
@click.option("--scale", type=click.IntRange(10_000, 10_000_000), metavar="N",
              help="Draw at 1:N; the largest round scale that fits.")  # fmt: skip
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True,
              help="Language of the sheet.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["pdf", "png"]),
              help="By the name of the file; pdf in a folder.")  # fmt: skip
@click.option("--dpi", type=click.IntRange(50, 600), default=200, show_default=True,
              help="Pixels per inch of a PNG.")  # fmt: skip
@click.option("--font", type=_FILE, help="A font file with Chinese instead of the system's.")
@click.option("--review", default="", metavar="NUMBER",
              help="Number of the map review; without it there is a watermark.")  # fmt: skip
@_plans
@_geo
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
    with _progress("building layers") as step:
        library, facts = _load(plans, geo)
        for identifier in only:
            library.plan(identifier)
        built = _layers(library, facts)
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


def _load(plans: Path | None, geo: Path | None) -> tuple[Library, Facts]:
    from taixin.build import load

    return load(plans, geo)


def _layers(library: Library, facts: Facts, only: Sequence[str] = ()) -> tuple[Layer, ...]:
    from taixin.build import build_layers

    return build_layers(library, facts, only or None)


def _chosen(built: Sequence[Layer], chosen: Sequence[str]) -> list[Layer]:
    names = {name: layer for layer in built for name in (layer.id, layer.recipe.id)}
    for word in chosen:
        if word not in names:
            hint = nearest(word, names)
            raise InputError([Problem("--layer", word, "there is no such layer", hint)])
    wanted = set(chosen)
    return [item for item in built if not wanted or wanted & {item.id, item.recipe.id}]


@contextmanager
def _progress(first: str) -> Iterator[Callable[[str], None]]:
    """Show what is being done on a terminal; say nothing elsewhere."""
    from rich.console import Console

    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    with console.status(first) as status:
        yield status.update


def main() -> None:
    """Run the command; errors become sentences, never a traceback."""
    try:
        command(standalone_mode=False)
    except (InputError, OutputError, TaixinError) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; what stood in the output before is untouched.", err=True)
        sys.exit(130)


if __name__ == "__main__":
    main()
