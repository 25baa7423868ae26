"""May we build here? A site checked against every plan, with the plans' own uncertainty."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from taixin import intake
from taixin.build import build_layers
from taixin.errors import InputError, Problem
from taixin.facts import load_facts
from taixin.plans import load_library
from taixin.site.answers import Checker

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taixin.intake import Chunk, Request

__all__ = ["NEAR_KM", "Checker", "check_chunks", "check_site", "load_checker"]

#: What is near, where the user does not say.
NEAR_KM: Final = 5.0
_MOST_SITES: Final = 5000


def check_site(  # noqa: PLR0913 - one parameter an option of the command
    site: str | Path,
    *,
    crs: str | None = None,
    plans: Path | None = None,
    geo: Path | None = None,
    only: Sequence[str] = (),
    within_km: float = NEAR_KM,
    lang: str = "zh",
) -> dict[str, object]:
    """Check a site against plans.

    Parameters
    ----------
    site
        ``lon,lat[,radius_m]``, a file (GeoJSON, KML, KMZ, GPX, Shapefile, GeoPackage, DXF, CSV) or
        a folder with a Shapefile.
    crs
        What the coordinates are in, where the data does not say: ``EPSG:4547``, ``gcj02`` …
    plans, geo
        Folders of plans and facts; the project's own when None.
    only
        Ids of the plans to check; all when empty.
    within_km
        How far off a feature still counts as near, kilometres on the ellipsoid.
    lang
        The language of names and rules, ``zh`` or ``en``.

    Returns
    -------
    dict[str, object]
        The document that ``taixin check --json`` prints.

    Raises
    ------
    InputError
        If the site cannot be used; says why and what to do.

    Examples
    --------
    >>> answer = check_site("112.72,38.18", only=["taixin-2035"], within_km=1, lang="en")
    >>> [county["name"] for county in answer["administrative"]]
    ['Yangqu County']
    """
    chunks = list(intake.read_sites(site, intake.Request(crs=crs)))
    checker = load_checker(plans, geo, only, lang)
    return check_chunks(chunks, checker, within_km, source_name(site))


def source_name(site: str | Path) -> str:
    """Name a site without the folder it lies in."""
    text = str(site)
    return text if intake.is_point(text) else Path(text).name


def load_checker(
    plans: Path | None, geo: Path | None, only: Sequence[str], lang: str
) -> Checker:
    """Read, build and index plans.

    Raises
    ------
    InputError
        If facts, plans or recipes have problems; lists all of them.
    """
    library, facts = load_library(plans), load_facts(geo)
    return Checker.of(build_layers(library, facts, only or None), facts, lang=lang)


def check_chunks(
    chunks: Iterable[Chunk], checker: Checker, within_km: float, source: str
) -> dict[str, object]:
    """Check sites that were read.

    Parameters
    ----------
    chunks
        From `taixin.intake.read_sites`.
    checker
        From `load_checker`.
    within_km
        How far off a feature still counts as near.
    source
        What the user named.

    Returns
    -------
    dict[str, object]
        One site's record, or ``sites`` and ``totals`` where there are several.

    Raises
    ------
    InputError
        If there are more sites than one document should hold.
    """
    records: list[dict[str, object]] = []
    notes: list[str] = []
    for chunk in chunks:
        notes.extend(chunk.notes)
        if len(records) + len(chunk.numbers) > _MOST_SITES:
            message = f"there are more than {_MOST_SITES} sites"
            raise InputError([Problem(source, "", message, "write a table with --out TABLE.csv")])
        if chunk.numbers:
            checked = checker.check(chunk, within_km * 1000)
            records.extend(checker.records(checked, source))
    for record in records:
        record["site"]["notes"] = [*notes, *record["site"]["notes"]]  # type: ignore[index]
    return records[0] if len(records) == 1 else {"sites": records, "totals": _totals(records)}


def _totals(records: list[dict[str, object]]) -> dict[str, object]:
    """Sum up many sites; areas of sites that overlap are counted for each."""
    features: dict[str, dict[str, object]] = {}
    for record in records:
        plans = record["plans"]
        for item in chain.from_iterable(plan["affected"] for plan in plans):  # type: ignore[attr-defined]
            total = features.setdefault(
                item["id"], {"id": item["id"], "name": item["name"], "yes": 0, "possibly": 0,
                             "area_km2": 0.0}
            )  # fmt: skip
            total[item["answer"]] += 1
            total["area_km2"] = round(total["area_km2"] + item["area_km2"], 8)  # type: ignore[operator]
    area_km2 = sum(record["site"]["area_km2"] for record in records)  # type: ignore[index]
    return {
        "features": len(records),
        "area_km2": round(area_km2, 8),
        "affected": list(features.values()),
    }
