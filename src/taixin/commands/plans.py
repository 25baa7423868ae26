"""Commands that look into plans: their layers, their counts, their own numbers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from taixin.commands.shared import geo_option, layers_of, load, plan_option, plans_option, progress

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["audit_plans", "layers", "list_plans"]


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; list the files that differ, exit 1.")
@plans_option
@geo_option
def layers(*, check: bool, plans: Path | None, geo: Path | None) -> None:
    """Rebuild the layers of every plan from their recipes."""
    from taixin import build, files

    with progress("reading facts and plans") as step:
        library, facts = load(plans, geo)
        step("building layers")
        built = layers_of(library, facts)
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


@click.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@plans_option
@geo_option
def list_plans(*, as_json: bool, plans: Path | None, geo: Path | None) -> None:
    """List plans, systems, layers and feature counts."""
    from taixin import files, manifest

    library, facts = load(plans, geo)
    built = layers_of(library, facts)
    if as_json:
        click.echo(files.json_text(manifest.plan_list(built), indent=1))
        return
    for layer in built:
        counts = f"{len(layer.features):4d} features, {len(layer.located):4d} located"
        click.echo(f"{layer.id:<44} {layer.geometry_type:<8} {counts}  {layer.recipe.title.zh}")


@click.command(name="audit")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--all", "everything", is_flag=True, help="List also what agrees.")
@plan_option
@plans_option
@geo_option
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

    with progress("building layers") as step:
        library, facts = load(plans, geo)
        for identifier in only:
            library.plan(identifier)
        built = layers_of(library, facts)
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
