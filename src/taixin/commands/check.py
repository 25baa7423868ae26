"""The command that checks a site against the plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from taixin.commands.shared import (
    FILE,
    geo_option,
    lang_option,
    plan_option,
    plans_option,
    progress,
)

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["check"]


@click.command()
@click.argument("site")
@click.option("--crs", metavar="CRS", help="What the coordinates are in: EPSG:4547, gcj02 …")
@plan_option
@click.option("--within", "within_km", type=click.FloatRange(0, 500), metavar="KM",
              help="How far off is still near; 5 km, in a table 0.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--html", type=FILE, help="A report that prints on A4.")
@click.option("--out", type=FILE, help="A table, .csv .gpkg .parquet: a row a site and feature.")
@lang_option("Language of the report.")
@click.option("--layer", metavar="NAME", help="Which layer of a file with several.")
@click.option("--repair", is_flag=True, help="Repair invalid areas instead of refusing them.")
@click.option("--limits", "factor", type=click.FloatRange(0.01, 100), default=1.0, metavar="N",
              help="Raise every limit of size and time by this factor.")  # fmt: skip
@click.option("--date", metavar="YYYY-MM-DD", help="Date of the report; today.")
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, metavar="N",
              help="Processes that work on a table.")  # fmt: skip
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler whose workers do instead.")
@plans_option
@geo_option
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
    workers: int,
    scheduler: str | None,
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
    with progress("reading the site") as step:
        if out is not None:
            sites, rows = write_table(job, out, step, count=workers, scheduler=scheduler)
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
