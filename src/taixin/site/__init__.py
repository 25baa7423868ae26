"""May we build here? A site checked against every plan, with the plans' own uncertainty."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from taixin import files
from taixin.errors import InputError, Problem
from taixin.intake.sites import Request, is_point, read_sites
from taixin.site import tables, workers
from taixin.site.answers import Checker
from taixin.site.tables import Form
from taixin.site.workers import Question, answer_batches, load_checker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa
    from shapely.geometry.base import BaseGeometry

    from taixin.intake.sites import Chunk

    Step = Callable[[str], None]

__all__ = [
    "NEAR_KM",
    "Checker",
    "Job",
    "Question",
    "Result",
    "answer_batches",
    "check_job",
    "check_site",
    "write_table",
]

#: What is near, where the user does not say.
NEAR_KM: Final = 5.0
_MOST_SITES: Final = 5000
_M_PER_KM: Final = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be checked, and against what.

    Parameters
    ----------
    site
        ``lon,lat[,radius_m]``, a file or a folder.
    request
        How to read it.
    plans, geo
        Folders of plans and facts; the project's own when None.
    only
        Ids of the plans to check; all when empty.
    within_km
        How far off a feature still counts as near, kilometres on the ellipsoid.
    lang
        The language of names and rules, ``zh`` or ``en``.
    """

    site: str | Path
    request: Request = field(default_factory=Request)
    plans: Path | None = None
    geo: Path | None = None
    only: Sequence[str] = ()
    within_km: float = NEAR_KM
    lang: str = "zh"

    @property
    def source(self) -> str:
        """The site's name without the folder it lies in."""
        text = str(self.site)
        return text if is_point(text) else Path(text).name

    @property
    def reading(self) -> Request:
        """The request, with the facts that tell where the plans are."""
        return replace(self.request, geo=files.folders(self.plans, self.geo)[1])

    def question(self, form: Form | None = None) -> Question:
        """Say what sites are checked against, as workers are told it."""
        form, run = form or Form(), uuid4().hex
        within_m = self.within_km * _M_PER_KM
        return Question(self.plans, self.geo, tuple(self.only), within_m, self.lang, form, run)

    def checker(self) -> Checker:
        """Read, build and index the plans.

        Raises
        ------
        InputError
            If facts, plans or recipes have problems; lists all of them.
        """
        return load_checker(self.question())


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What a check found.

    Parameters
    ----------
    document
        The contract of ``taixin check --json``.
    geometries
        The sites, lon/lat, in the order of the document.
    checker
        What they were checked against.
    """

    document: dict[str, Any]
    geometries: tuple[BaseGeometry, ...]
    checker: Checker


def _silent(_what: str) -> None:
    """Say nothing of the progress."""


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
    job = Job(site, Request(crs=crs), plans, geo, only, within_km, lang)
    return check_job(job).document


def check_job(job: Job, step: Step = _silent) -> Result:
    """Check a site; give also what it was checked against.

    Parameters
    ----------
    job
        Site and options.
    step
        Is told what is being done.

    Returns
    -------
    Result
        The document of `check_site`, the sites, and the plans made ready.

    Raises
    ------
    InputError
        As `check_site`; also where there are more sites than one document should hold.
    """
    chunks = []
    for chunk in read_sites(job.site, job.reading):
        chunks.append(chunk)
        if sum(len(each.numbers) for each in chunks) > _MOST_SITES:
            message = f"there are more than {_MOST_SITES} sites"
            remedy = "write a table with --out TABLE.csv"
            raise InputError([Problem(job.source, "", message, remedy)])
    step("reading facts and plans")
    checker = job.checker()
    step("checking")
    geometries = tuple(shape for chunk in chunks for shape in chunk.geometries)
    return Result(_document(chunks, checker, job), geometries, checker)


def write_table(
    job: Job, out: Path, step: Step = _silent, *, count: int = 1, scheduler: str | None = None
) -> tuple[int, int]:
    """Check any number of sites into a table; memory does not grow with them.

    Parameters
    ----------
    job
        Site and options.
    out
        Ends in ``.csv``, ``.gpkg`` or ``.parquet``.
    step
        Is told how many sites are done.
    count
        How many processes of this machine answer.
    scheduler
        Address of a Dask scheduler whose workers answer instead.

    Returns
    -------
    tuple[int, int]
        How many sites and rows there are.

    Raises
    ------
    InputError, OutputError
        If the sites cannot be used or the table cannot be written; nothing is left half-written.
    """
    tables.check_suffix(out)
    chunks = read_sites(job.site, job.reading)
    first = next(chunks)  # what cannot be read is told before plans are built
    step("reading facts and plans")
    question = job.question(tables.FORMS[out.suffix.lower()])
    parts = chain.from_iterable(map(workers.pieces, chain(iter([first]), chunks)))
    del first  # and the iterator lets go of it: nothing holds a chunk that is done
    sizes: deque[int] = deque()
    done = written = 0
    with tables.table_writer(out) as write:
        for table in workers.answers(_noted(parts, sizes), question, count, scheduler):
            write(table)
            written += len(table)
            done += sizes.popleft()
            step(f"{done} sites, {written} rows")
            del table  # before the next one is made
    return done, written


def _noted(parts: Iterator[pa.Table], sizes: deque[int]) -> Iterator[pa.Table]:
    """Note how many sites each piece has, on its way to whoever answers."""
    for part in parts:
        sizes.append(len(part))
        yield part


def _document(chunks: Sequence[Chunk], checker: Checker, job: Job) -> dict[str, Any]:
    notes = [note for chunk in chunks for note in chunk.notes]
    records: list[dict[str, Any]] = []
    for chunk in chunks:
        if chunk.numbers:
            checked = checker.check(chunk, job.within_km * _M_PER_KM)
            records.extend(checker.records(checked, job.source))
    for record in records:
        record["site"]["notes"] = [*notes, *record["site"]["notes"]]
    return records[0] if len(records) == 1 else {"sites": records, "totals": _totals(records)}


def _totals(records: list[dict[str, Any]]) -> dict[str, object]:
    """Sum up many sites; areas of sites that overlap are counted for each."""
    features: dict[str, dict[str, Any]] = {}
    for record in records:
        for item in chain.from_iterable(plan["affected"] for plan in record["plans"]):
            total = features.setdefault(
                item["id"], {"id": item["id"], "name": item["name"], "yes": 0, "possibly": 0,
                             "area_km2": 0.0}
            )  # fmt: skip
            total[item["answer"]] += 1
            total["area_km2"] = round(total["area_km2"] + item["area_km2"], 8)
    area_km2 = sum(record["site"]["area_km2"] for record in records)
    return {
        "features": len(records),
        "area_km2": round(area_km2, 8),
        "affected": list(features.values()),
    }
