"""The facts of ``geo/``: what the world is, each with its source and accuracy.

Reading refuses a fact without a source, a duplicate id, a coordinate outside the region, and an
accuracy that is not a positive number of metres; all problems are reported at once.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeVar

import shapely
from pydantic import ValidationError

from taixin import files
from taixin.errors import InputError, Problem, nearest
from taixin.model import Region, Source
from taixin.refined import read_refined
from taixin.rules import Shape, Waypoint
from taixin.vocabulary import Basis
from taixin.zones import Home, meridian_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.refined import Refined

__all__ = ["Fact", "Facts", "Table", "load_facts"]

T = TypeVar("T")

_PLACE_COLUMNS: Final = (
    *("id", "name_zh", "name_en", "aliases", "kind", "lon", "lat"),
    *("accuracy_m", "adcode", "source", "detail", "note"),
)
_ROUTE_COLUMNS: Final = (
    *("route", "name_zh", "name_en", "aliases", "kind", "seq", "place"),
    *("lon", "lat", "accuracy_m", "source", "detail"),
)
_ROOM_DEG: Final = 0.3
_FILES: Final = {
    "counties": "counties.geojson",
    "rivers": "rivers.geojson",
    "ranges": "ranges.geojson",
    "places": "places.csv",
    "routes": "routes.csv",
}
_BASIS_OF_TABLE: Final = {
    "counties": Basis.BOUNDARY,
    "rivers": Basis.CENTRELINE,
    "ranges": Basis.SCHEMATIC,
    "places": Basis.LOCATED,
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing in the world: its names, where it is, who says so, how far it may be off.

    Parameters
    ----------
    geometry
        Lon/lat in degrees; for a route the line through its waypoints.
    accuracy_m
        Positional uncertainty in metres; for a route that of its worst waypoint.
    properties
        What else the file says, such as ``adcode``, ``kind`` or ``note``.
    waypoints
        The ordered points of a route; empty for anything else.
    """

    id: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...]
    geometry: BaseGeometry
    accuracy_m: float
    source: str
    properties: Mapping[str, object] = field(default_factory=dict)
    waypoints: tuple[Waypoint, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every word under which the fact may be looked up."""
        return tuple(dict.fromkeys((self.name_zh, self.id, *self.aliases)))


@dataclass(frozen=True)
class Table:
    """The facts of one file, found by name, alias or id.

    Parameters
    ----------
    name
        ``counties``, ``rivers``, ``ranges``, ``places`` or ``routes``.
    facts
        In the order of the file.
    """

    name: str
    facts: tuple[Fact, ...]

    @cached_property
    def _by_name(self) -> dict[str, list[Fact]]:
        index: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            for name in fact.names:
                index[name].append(fact)
        return index

    def find(self, name: str) -> Fact:
        """Find the one fact of a name.

        Parameters
        ----------
        name
            Chinese name, alias or id. An own name wins over another fact's alias.

        Returns
        -------
        Fact
            The fact.

        Raises
        ------
        LookupError
            If no fact or several have that name; the message is a sentence with a remedy.
        """
        found = self._by_name.get(name, [])
        own = [fact for fact in found if name in (fact.name_zh, fact.id)]
        matches = own or found
        if len(matches) == 1:
            return matches[0]
        singular = {"counties": "county"}.get(self.name, self.name.removesuffix("s"))
        if not matches:
            hint = nearest(name, self._by_name)
            msg = f"no {singular} is called '{name}'; {hint or f'add it to geo/{self.name}'}"
        else:
            ids = ", ".join(fact.id for fact in matches)
            msg = f"several {self.name} are called '{name}'; write the id, one of {ids}"
        raise LookupError(msg)

    def shape(self, name: str) -> Shape:
        """Find a fact and give it as a shape for the geometry rules.

        Raises
        ------
        LookupError
            As in `find`.
        """
        fact = self.find(name)
        return Shape(fact.geometry, fact.accuracy_m, _BASIS_OF_TABLE[self.name])


@dataclass(frozen=True)
class Facts:
    """All facts of one folder.

    Parameters
    ----------
    region
        What part of the world the facts cover.
    sources
        By id.
    """

    region: Region
    sources: Mapping[str, Source]
    counties: Table
    rivers: Table
    ranges: Table
    places: Table
    routes: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """All five tables."""
        return (self.counties, self.rivers, self.ranges, self.places, self.routes)

    @cached_property
    def city_names(self) -> tuple[str, ...]:
        """Names of the prefecture-level cities, in the order of their first counties."""
        named = (str(county.properties["city"]) for county in self.counties.facts)
        return tuple(dict.fromkeys(named))

    @cached_property
    def cities(self) -> dict[str, BaseGeometry]:
        """Outlines of the prefecture-level cities, united from their counties' shared borders."""
        members: dict[str, list[BaseGeometry]] = defaultdict(list)
        for county in self.counties.facts:
            members[str(county.properties["city"])].append(county.geometry)
        return {city: shapely.coverage_union_all(parts) for city, parts in members.items()}

    @cached_property
    def province(self) -> BaseGeometry:
        """The outline of all counties together."""
        return shapely.coverage_union_all(list(self.cities.values()))

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all counties together, in degrees."""
        bounds = shapely.total_bounds([county.geometry for county in self.counties.facts])
        return tuple(float(value) for value in bounds)  # type: ignore[return-value]

    @cached_property
    def home(self) -> Home:
        """Where the counties lie, and in which zone the middle of the region."""
        west, south = (round(value - _ROOM_DEG, 2) for value in self.bounds[:2])
        east, north = (round(value + _ROOM_DEG, 2) for value in self.bounds[2:])
        middle = (self.region.bbox[0] + self.region.bbox[2]) / 2
        return Home((west, south, east, north), meridian_of(middle))


def load_facts(folder: Path | None = None) -> Facts:
    """Read the facts of a folder.

    Parameters
    ----------
    folder
        A ``geo`` folder; the project's own when None.

    Returns
    -------
    Facts
        The tables, checked.

    Raises
    ------
    InputError
        Lists every fact that cannot be used, with its file and id.
    """
    folder = folder or files.data_folder("geo")
    problems: list[Problem] = []
    tables = {}
    for name, file in _FILES.items():
        read = _READERS.get(name, _load_features)
        tables[name] = _collected(read, folder / file, problems) or []
    register = _collected(_load_sources, folder / "sources.toml", problems)
    if register is None:
        raise InputError(problems)
    region, sources = register
    refined = _collected(read_refined, folder, problems) or {}
    tables = {name: _with_refined(name, facts, refined) for name, facts in tables.items()}
    for name, facts in tables.items():
        problems.extend(_check(_FILES[name], facts, region, sources))
    if problems:
        raise InputError(problems)
    made = {name: Table(name, tuple(facts)) for name, facts in tables.items()}
    return Facts(region, sources, **made)


def _with_refined(
    table: str, facts: Iterable[Fact], refined: Mapping[tuple[str, str], Refined]
) -> list[Fact]:
    """Put better geometry in the place of what the files of facts hold."""
    found = []
    for fact in facts:
        better = refined.get((table, fact.id))
        if better is None:
            found.append(fact)
            continue
        own = {"accuracy_m": better.accuracy_m, "source": better.source}
        sources = {"sources": [better.source]} if "sources" in fact.properties else {}
        names = {index: name for name, index in better.waypoints.items()}
        waypoints = tuple(
            Waypoint(names.get(index, ""), float(lon), float(lat), better.accuracy_m)
            for index, (lon, lat) in enumerate(shapely.get_coordinates(better.geometry))
            if fact.waypoints
        )
        properties = {**fact.properties, **own, **sources}
        found.append(
            replace(fact, geometry=better.geometry, **own, properties=properties,  # type: ignore[arg-type]
                    waypoints=waypoints)
        )  # fmt: skip
    return found


def _collected(read: Callable[[Path], T], path: Path, problems: list[Problem]) -> T | None:
    try:
        return read(path)
    except InputError as error:
        problems.extend(error.problems)
        return None


def _load_sources(path: Path) -> tuple[Region, dict[str, Source]]:
    document = files.read_toml(path)
    problems = []
    sources = {}
    region = None
    try:
        region = Region.model_validate(document.get("region"))
    except ValidationError as error:
        first = error.errors()[0]
        problems.append(Problem(path.name, "region", first["msg"], "give title and bbox"))
    entries = document.get("source")
    for number, entry in enumerate(entries if isinstance(entries, list) else (), start=1):
        try:
            source = Source.model_validate(entry)
        except ValidationError as error:
            for detail in error.errors():
                key = ".".join(str(part) for part in ("source", number, *detail["loc"]))
                problems.append(Problem(path.name, key, detail["msg"]))
        else:
            if source.id in sources:
                message = "the id is used more than once"
                problems.append(Problem(path.name, source.id, message, "make ids unique"))
            sources[source.id] = source
    if problems or region is None:
        raise InputError(problems)
    return region, sources


def _load_features(path: Path) -> list[Fact]:
    facts = []
    problems = []
    for identifier, properties, geometry in files.read_features(path)[1]:
        if geometry is None:
            problems.append(Problem(path.name, identifier, "the fact has no geometry", "add it"))
            continue
        facts.append(_fact(identifier, dict(properties), geometry))
    if problems:
        raise InputError(problems)
    return facts


def _fact(identifier: str, properties: dict[str, object], geometry: BaseGeometry) -> Fact:
    aliases = properties.get("aliases") or ()
    return Fact(
        identifier,
        str(properties.get("name_zh") or ""),
        str(properties.get("name_en") or ""),
        tuple(aliases.split(";") if isinstance(aliases, str) else map(str, aliases)),  # type: ignore[call-overload]
        geometry,
        _number(properties.get("accuracy_m")),
        str(properties.get("source") or ""),
        properties,
    )


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def _is_accuracy(metres: float) -> bool:
    return 0 < metres < math.inf


def _load_places(path: Path) -> list[Fact]:
    return [
        _fact(row["id"], dict(row), shapely.Point(_number(row["lon"]), _number(row["lat"])))
        for row in files.read_csv(path, _PLACE_COLUMNS)
    ]


def _load_routes(path: Path) -> list[Fact]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in files.read_csv(path, _ROUTE_COLUMNS):
        rows[row["route"]].append(row)
    facts = []
    problems = []
    for identifier, members in rows.items():
        if [row["seq"] for row in members] != [str(i + 1) for i in range(len(members))]:
            message = "seq does not run 1, 2, 3 … in the order of the rows"
            problems.append(Problem(path.name, identifier, message, "number the waypoints anew"))
        if len(members) == 1:
            message = "a route needs two waypoints"
            problems.append(Problem(path.name, identifier, message, "add the other end"))
            continue
        facts.append(_route(identifier, members))
    if problems:
        raise InputError(problems)
    return facts


_READERS: Final[Mapping[str, Callable[[Path], list[Fact]]]] = {
    "places": _load_places,
    "routes": _load_routes,
}


def _route(identifier: str, rows: list[dict[str, str]]) -> Fact:
    waypoints = tuple(
        Waypoint(row["place"], *(_number(row[key]) for key in ("lon", "lat", "accuracy_m")))
        for row in rows
    )
    first = rows[0]
    accuracies = [point.accuracy_m for point in waypoints]
    sources = {row["source"] for row in rows}
    properties: dict[str, object] = {"kind": first["kind"], "sources": sorted(sources)}
    return Fact(
        identifier,
        first["name_zh"],
        first["name_en"],
        tuple(filter(None, first["aliases"].split(";"))),
        shapely.LineString([(point.lon, point.lat) for point in waypoints]),
        max(accuracies) if all(map(_is_accuracy, accuracies)) else math.nan,
        "" if "" in sources else first["source"],
        properties,
        waypoints,
    )


def _check(
    file: str, facts: Iterable[Fact], region: Region, sources: Mapping[str, Source]
) -> Iterable[Problem]:
    facts = tuple(facts)
    for identifier, times in Counter(fact.id for fact in facts).items():
        if times > 1:
            yield Problem(file, identifier, f"the id is used {times} times", "make ids unique")
    for fact in facts:
        if not fact.name_zh:
            yield Problem(file, fact.id, "name_zh is empty", "name the fact")
        for source in fact.properties.get("sources") or [fact.source]:  # type: ignore[attr-defined]
            if not source:
                yield Problem(file, fact.id, "the fact has no source", "add it to sources.toml")
            elif source not in sources:
                hint = nearest(source, sources)
                yield Problem(file, fact.id, f"source '{source}' is not in sources.toml", hint)
        if not _is_accuracy(fact.accuracy_m):
            yield Problem(
                file, fact.id, "accuracy_m is not a positive number of metres", "state it"
            )
        yield from _check_geometry(file, fact, region)


def _check_geometry(file: str, fact: Fact, region: Region) -> Iterable[Problem]:
    west, south, east, north = region.bbox
    x, y = shapely.get_coordinates(fact.geometry).T
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    if not inside.all():
        lon, lat = x[~inside][0], y[~inside][0]
        message = f"coordinate {lon:.5f}, {lat:.5f} lies outside the region {region.bbox}"
        yield Problem(file, fact.id, message, "check for swapped or projected coordinates")
    elif shapely.is_empty(fact.geometry):
        yield Problem(file, fact.id, "the geometry is empty", "draw it or remove the fact")
    elif not shapely.is_valid(fact.geometry):
        message = f"the geometry is not valid ({shapely.is_valid_reason(fact.geometry)})"
        yield Problem(file, fact.id, message, "mend it in a GIS")
