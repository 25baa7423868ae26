"""What a file says that may be a known fact: its names, its kind, its geometry."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import shapely

from taixin.intake.sites import Request, read_sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from taixin.facts import Fact
    from taixin.intake.limits import Limits

__all__ = ["Find", "Finds", "plain_name", "read_finds"]

_NAME_KEYS: Final = (
    *("name", "name:zh", "official_name", "short_name", "alt_name", "old_name", "loc_name"),
    *("ref", "int_ref", "nat_ref", "reg_ref", "name_zh", "名称", "id"),
)
_TAG: Final = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
#: Which tags a river, a kind of route or a kind of place may carry; one of them is enough.
_RIVER_TAGS: Final = ("waterway",)
_ROAD_TAGS: Final = ("highway",)
_RAIL_TAGS: Final = ("railway",)
_NATURE_TAGS: Final = (
    *("leisure", "boundary", "natural", "tourism", "historic", "landuse", "protect_class"),
)
_SETTLED_TAGS: Final = ("place",)
_TAGS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("road", "expressway", "tourism"), _ROAD_TAGS),
    **dict.fromkeys(("rail", "hsr", "metro"), _RAIL_TAGS),
    **dict.fromkeys(("city", "county_seat", "town", "heritage_town"), _SETTLED_TAGS),
    "heritage_village": (*_SETTLED_TAGS, "historic", "tourism"),
    "station": ("railway", "public_transport"),
    "airport": ("aeroway",),
    "mountain_peak": ("natural",),
    "pass": ("natural", "mountain_pass", "historic", "place"),
    "reservoir": ("natural", "water", "landuse", "waterway"),
    "power_station": ("power", "landuse"),
    "development_zone": ("landuse", "place", "industrial"),
    **dict.fromkeys(("nature_park", "nature_reserve", "scenic"), _NATURE_TAGS),
}
#: Tags that say what a thing is; one that carries none is known by its geometry alone.
_TELLING: Final = frozenset(
    {tag for tags in _TAGS.values() for tag in tags} | {"waterway", "building", "amenity", "shop"}
)
_DIMENSION: Final = {"rivers": 1, "routes": 1}


@dataclass(frozen=True, slots=True)
class Find:
    """A feature of the file with the names and tags it carries; lon/lat in degrees."""

    geometry: BaseGeometry
    tags: Mapping[str, str]

    @property
    def names(self) -> set[str]:
        """Every word it goes by, plain, see `plain_name`."""
        words = [word for key in _NAME_KEYS for word in self.tags.get(key, "").split(";")]
        return {plain_name(word) for word in words} - {""}


@dataclass
class Finds:
    """The named features of a file, by name.

    Parameters
    ----------
    notes
        What was decided while the file was read.
    """

    notes: tuple[str, ...] = ()
    _by_name: dict[str, list[Find]] = field(default_factory=lambda: defaultdict(list))

    def add(self, find: Find) -> None:
        """Keep a feature under each of its names."""
        for name in sorted(find.names):
            self._by_name[name].append(find)

    def of(self, table: str, fact: Fact) -> list[Find]:
        """Give the features that go by a name of the fact and may be of its kind."""
        kind = str(fact.properties.get("kind") or "")
        tags = _RIVER_TAGS if table == "rivers" else _TAGS.get(kind, ())
        words = {plain_name(name): None for name in fact.names}
        named = {id(find): find for word in words for find in self._by_name.get(word, ())}
        return [find for find in named.values() if _may_be(find, table, tags)]


def plain_name(word: str) -> str:
    """Write a name so that spellings of it are equal: width, blanks, dashes and case.

    Examples
    --------
    >>> plain_name(" Ｇ108 "), plain_name("繁峙－五台")
    ('g108', '繁峙—五台')
    """
    text = unicodedata.normalize("NFKC", word).casefold()
    return re.sub(r"[-‐–—－]", "—", re.sub(r"\s+", "", text))


def _may_be(find: Find, table: str, tags: tuple[str, ...]) -> bool:
    dimension = int(shapely.get_dimensions(find.geometry))
    wanted = _DIMENSION.get(table)
    if (wanted is not None and dimension != wanted) or (wanted is None and dimension == 1):
        return False
    told = _TELLING & set(find.tags)
    return not told or not tags or bool(told & set(tags))


def read_finds(
    path: Path,
    limits: Limits,
    box: tuple[float, float, float, float],
    geo: Path | None = None,
) -> Finds:
    """Read the named features of a file that reach into a region.

    Parameters
    ----------
    path
        ``.osm``, ``.osm.pbf``, or any vector file that a site may be in.
    limits
        How large it may be.
    box
        West, south, east, north in degrees.
    geo
        The facts of the region; the project's own when None.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    request = Request(repair=True, limits=limits, attributes=True, extracts=True, geo=geo)
    finds = Finds()
    region = shapely.box(*box)
    shapely.prepare(region)
    for chunk in read_sites(path, request):
        finds.notes = (*finds.notes, *chunk.notes)
        near = shapely.intersects(region, chunk.geometries) if len(chunk.labels) else ()
        for label, geometry, is_near in zip(chunk.labels, chunk.geometries, near, strict=True):
            if is_near:
                finds.add(Find(geometry, dict(_tags(json.loads(label)))))
    return finds


def _tags(attributes: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Take apart what GDAL keeps of an extract's tags in one text."""
    yield from _unescaped(_TAG.findall(str(attributes.get("other_tags", ""))))
    for key, value in attributes.items():
        if key != "other_tags" and value is not None and str(value).strip():
            yield key.lower(), str(value).strip()


def _unescaped(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for key, value in pairs:
        yield re.sub(r"\\(.)", r"\1", key), re.sub(r"\\(.)", r"\1", value)
