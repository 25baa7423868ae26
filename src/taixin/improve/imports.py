"""An import: facts found in a file take its geometry; all of it in one new file, to be undone."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from taixin import crs, files, plane
from taixin.errors import InputError, Problem
from taixin.facts import Facts, load_facts
from taixin.improve.course import apart_m, course
from taixin.improve.finds import read_finds
from taixin.intake.limits import Limits
from taixin.notation import toml_text
from taixin.refined import PATTERN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.facts import Fact
    from taixin.improve.finds import Find

__all__ = ["Change", "Origin", "Report", "import_file", "undo"]

_TABLES: Final = ("rivers", "routes", "places")
#: A course is looked for up to this far from where its ends are known to be.
_REACH_M: Final = 3000.0
#: A place is the same if it lies within this of where it should, beyond its accuracy.
_SLACK_M: Final = 2000.0
_LEG_DEG: Final = 0.005
_DEG_PER_M: Final = 1 / 111_000
#: A line keeps its form to within this share of its accuracy.
_SIMPLER: Final = 5
_MARK: Final = "# taixin geo import: {}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the data comes from and on what terms.

    Parameters
    ----------
    title, attribution, licence
        As they stand in ``sources.toml``.
    accuracy_m
        How far its positions may be off, in metres.
    date
        What the data shows, if known.
    """

    title: str
    attribution: str
    licence: str
    accuracy_m: float
    date: str = ""
    url: str = ""

    @classmethod
    def openstreetmap(cls, accuracy_m: float | None, date: str) -> Origin:
        """Give the terms of OpenStreetMap: the Open Database Licence, and its contributors."""
        return cls(
            "OpenStreetMap",
            "© OpenStreetMap contributors, ODbL 1.0",
            "ODbL-1.0",
            accuracy_m or 50.0,
            date,
            "https://www.openstreetmap.org/copyright",
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that moved: by how much, and how much surer it is now."""

    table: str
    id: str
    name: str
    accuracy_m_before: float
    accuracy_m: float
    moved_m: float
    moved_most_m: float
    length_km: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did.

    Parameters
    ----------
    file
        The file of facts that holds the new geometry; empty where nothing changed.
    changed
        The facts that moved.
    left
        Facts that were found but left as they are: table, id, name and why.
    missing
        Facts of which the file says nothing: table, id and name.
    notes
        What was decided while the file was read.
    """

    file: str
    changed: tuple[Change, ...]
    left: tuple[tuple[str, str, str, str], ...]
    missing: tuple[tuple[str, str, str], ...]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """Give the report as plain data."""
        return asdict(self)


def import_file(
    path: Path, geo: Path, origin: Origin, limits: Limits | None = None, *, dry: bool = False
) -> Report:
    """Take better geometry for known facts from a file.

    Parameters
    ----------
    path
        An OpenStreetMap extract or another vector file.
    geo
        The folder of facts to better.
    origin
        Where the data comes from.
    limits
        How large the file may be.
    dry
        Whether only the report is made.

    Returns
    -------
    Report
        What changed, what was left and why, what was not found.

    Raises
    ------
    InputError
        If the facts or the file cannot be used.
    OutputError
        If the folder cannot be written.
    """
    facts = load_facts(geo)
    finds = read_finds(path, limits or Limits(), facts.region.bbox, geo)
    made: list[tuple[Change, BaseGeometry, dict[str, int]]] = []
    left, missing = [], []
    for table in _TABLES:
        for fact in getattr(facts, table).facts:
            found = finds.of(table, fact)
            if not found:
                missing.append((table, fact.id, fact.name_zh))
                continue
            better = _better(table, fact, found, origin.accuracy_m, facts)
            if isinstance(better, str):
                left.append((table, fact.id, fact.name_zh, better))
            else:
                made.append((_change(table, fact, better[0], origin), *better))
    name = _next_name(geo) if made else ""
    if made and not dry:
        _write(path, geo, name, origin, made)
    changed = tuple(change for change, _, _ in made)
    return Report(name, changed, tuple(left), tuple(missing), finds.notes)


def undo(geo: Path) -> str:
    """Take back the latest import: remove its file, and its source from ``sources.toml``.

    Returns
    -------
    str
        The name of the file that was removed.

    Raises
    ------
    InputError
        If nothing was imported, or the source was changed by hand since.
    """
    present = files.listed(geo, PATTERN)
    if not present:
        raise InputError([Problem(str(geo), "", "nothing was imported here")])
    path = present[-1]
    register = geo / "sources.toml"
    text = files.read_text(register)
    mark = _MARK.format(path.stem)
    before, _, block = text.partition(f"\n{mark}\n")
    after = block.partition(f"{mark}, end\n")
    if not after[1]:
        message = f"the lines between '{mark}' and its end are not there"
        raise InputError([Problem(register.name, "", message, "remove the source by hand")])
    files.remove(path)
    files.write_text(register, before + after[2])
    return path.name


# ---- one fact ------------------------------------------------------------------------------------


def _better(
    table: str, fact: Fact, found: Sequence[Find], accuracy_m: float, facts: Facts
) -> tuple[BaseGeometry, dict[str, int]] | str:
    """Give a fact's new geometry and, of a route, where its waypoints lie; or why there is none."""
    if accuracy_m >= fact.accuracy_m:
        return f"it is known to {fact.accuracy_m:g} m already"
    if table == "places":
        return _place(fact, found)
    points = shapely.get_coordinates(fact.geometry)
    ends = [(float(lon), float(lat)) for lon, lat in points[[0, -1]]]
    reach_m = max(_REACH_M, 1.5 * fact.accuracy_m)
    line = course([find.geometry for find in found], ends[0], ends[1], reach_m)
    if isinstance(line, str):
        return line
    line = shapely.simplify(line, accuracy_m / _SIMPLER * _DEG_PER_M)
    if not shapely.covers(shapely.box(*facts.region.bbox), line):
        return "it leaves the region"
    if table == "rivers":
        return line, {}
    line = shapely.segmentize(line, _LEG_DEG)
    return line, _waypoints(fact, line)


def _place(fact: Fact, found: Sequence[Find]) -> tuple[BaseGeometry, dict[str, int]] | str:
    """Take the nearest find; an area is stood for by a point inside it."""
    points = [shapely.point_on_surface(find.geometry) for find in found]
    away_m = [_away_m(fact.geometry, point) for point in points]
    nearest = int(np.argmin(away_m))
    if away_m[nearest] > fact.accuracy_m + _SLACK_M:
        return f"what goes by its name lies {away_m[nearest] / 1000:.1f} km away"
    return points[nearest], {}


def _away_m(one: BaseGeometry, other: BaseGeometry) -> float:
    return float(plane.distances_m(shapely.get_coordinates(one), shapely.get_coordinates(other))[0])


def _waypoints(fact: Fact, line: BaseGeometry) -> dict[str, int]:
    """Find the vertex at which each named waypoint lies, in their order along the line."""
    vertices = shapely.get_coordinates(line)
    found: dict[str, int] = {}
    last = -1
    for number, point in enumerate(fact.waypoints):
        still = len(fact.waypoints) - number - 1  # vertices the ones behind it need
        ahead = vertices[last + 1 : len(vertices) - still]
        if not len(ahead):
            break
        here = np.repeat([(point.lon, point.lat)], len(ahead), axis=0)
        last += 1 + int(plane.distances_m(here, ahead).argmin())
        if point.name:
            found[point.name] = last
    return found


def _change(table: str, fact: Fact, geometry: BaseGeometry, origin: Origin) -> Change:
    is_line = table != "places"
    moved = apart_m(geometry, fact.geometry) if is_line else (_away_m(fact.geometry, geometry),) * 2
    length_km = round(crs.geodesic_length_km(geometry), 3) if is_line else None
    middle_m, most_m = (round(value, 1) for value in moved)
    return Change(
        table,
        fact.id,
        fact.name_zh,
        fact.accuracy_m,
        origin.accuracy_m,
        middle_m,
        most_m,
        length_km,
    )


# ---- writing -------------------------------------------------------------------------------------


def _next_name(geo: Path) -> str:
    present = files.listed(geo, PATTERN)
    number = int(present[-1].stem.rpartition("-")[2]) + 1 if present else 1
    return f"refined-{number:03d}.geojson"


def _write(
    path: Path,
    geo: Path,
    name: str,
    origin: Origin,
    made: Sequence[tuple[Change, BaseGeometry, dict[str, int]]],
) -> None:
    """Write the source first and then the geometry that names it, so that facts always load."""
    stem = name.removesuffix(".geojson")
    source = f"import-{stem.rpartition('-')[2]}"
    digest = hashlib.sha256(files.read_bytes(path)).hexdigest()
    record = {
        "id": source,
        "title": {"zh": origin.title, "en": origin.title},
        "issuer": origin.title,
        "date": origin.date or "not stated",
        "licence": origin.licence,
        "attribution": origin.attribution,
        "accuracy_m": origin.accuracy_m,
        "url": origin.url,
        "retrieved": f"taixin geo import {path.name}, SHA-256 {digest}",
    }
    mark = _MARK.format(stem)
    lines = [f"{key} = {toml_text(value)}" for key, value in record.items() if value]
    block = "\n".join([mark, "[[source]]", *lines, f"{mark}, end"])
    register = geo / "sources.toml"
    files.write_text(register, f"{files.read_text(register)}\n{block}\n")
    features = [
        (f"{change.table}/{change.id}", _properties(change, source, waypoints), geometry)
        for change, geometry, waypoints in made
    ]
    members = {"name": stem, "source": source, "attribution": origin.attribution}
    files.write_text(geo / name, files.geojson_text(members, features))


def _properties(change: Change, source: str, waypoints: dict[str, int]) -> dict[str, Any]:
    known = {
        "table": change.table,
        "fact": change.id,
        "name_zh": change.name,
        "accuracy_m": change.accuracy_m,
        "source": source,
    }
    return known | ({"waypoints": waypoints} if waypoints else {})
