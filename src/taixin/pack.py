"""Geometries of a page as one small binary pack: shared borders once, deltas, varints.

A vertex where lines part, or where one ends, is a junction; what runs between two junctions is an
arc. Neighbours walk the same arc in opposite directions, so a border that two or ten layers share
is stored once, and stays one line however it is thinned afterwards.

The pack: ``TXPK``, one byte version, a JSON header after its length, then streams as
`taixin.streams` describes them: vertices of each arc; the courses of the arcs on a grid of
``10 ** -digits`` degrees; and of each set in the order of the header: parts of each feature (times
two, plus one where its type is a Multi type; 0 where it is not located), rings of each part (areas
only), arcs of each ring, line or point, and the arcs themselves as differences of
``2 * arc + backwards``.

Of many vertices a page needs few for its first picture, so they are packed twice. The overview is a
pack of thinner arcs; its header says up to which zoom ``level`` nobody sees the difference. The
other has the same arcs with all their vertices, and no sets.
"""

from __future__ import annotations

import gzip
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from taixin import files
from taixin.errors import InputError, Problem
from taixin.overview import Lines, level_of, outline
from taixin.streams import courses, differences, framed, varints

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely import Geometry

    from taixin.overview import Bounds

    Ints = NDArray[Any]  # int32 of coordinates, int64 of indices
    Flags = NDArray[np.bool_]

__all__ = ["DIGITS", "Collection", "gzipped", "pack", "pack_with_overview"]

#: Decimals of a degree that coordinates are kept to: a decimetre, as in our GeoJSON.
DIGITS: Final = 6
#: Fewer vertices are read before anybody could see an overview of them.
_MANY: Final = 200_000
_MAGIC: Final = b"TXPK\x02"
_TYPES: Final = {-1: "none", 0: "point", 1: "line", 2: "polygon"}
_POLYGON: Final = 2
_FIRST_MULTI: Final = 4  # shapely's type ids: point, line, ring, polygon, then the Multi types
_COLLECTION: Final = 7
_LEVEL: Final = 6
_FARTHEST: Final = (180.0, 90.0)
_NONE: Final = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Collection:
    """Geometries of one type in lon/lat, which become one set of a pack.

    Parameters
    ----------
    id
        What the set is called in the header.
    geometries
        One a feature; None where it is not located.
    """

    id: str
    geometries: Sequence[Geometry | None] | NDArray[np.object_]


class _Set(NamedTuple):
    """How the paths of one collection make its features."""

    id: str
    type: str
    parts: Ints  # 2 * parts + multi, a feature
    rings: Ints  # rings a part; of areas only
    paths: Ints  # numbers of its rings, lines or points among those of the pack


class _Paths(NamedTuple):
    """Vertices of rings, lines and points on the grid, one path after the other."""

    x: Ints
    y: Ints
    of: Ints  # the path of each vertex
    is_ring: Flags  # of each path


class _Arcs(NamedTuple):
    """The arcs that paths are made of, each once, and how the paths walk them."""

    lengths: Ints
    vertices: Ints  # indices into the vertices of the paths
    refs: Ints  # 2 * arc + backwards, in the order of the paths
    per_path: Ints


def pack(collections: Iterable[Collection], *, digits: int = DIGITS) -> bytes:
    """Pack geometries so that what they share is stored once.

    Parameters
    ----------
    collections
        The sets of the pack, each of one geometry type.
    digits
        Decimals of a degree to keep; at most six, which is what a page can tell apart.

    Returns
    -------
    bytes
        The pack, not yet compressed; equal input gives equal bytes.

    Raises
    ------
    InputError
        If a collection mixes points, lines and areas, or a coordinate is no degree.

    Examples
    --------
    >>> left, right = shapely.box(112, 38, 113, 39), shapely.box(113, 38, 114, 39)
    >>> pack([Collection("pair", [left, right])])[:4]
    b'TXPK'
    """
    sets, paths, digits = _prepared(collections, digits)
    return _packed(sets, paths, _cut(paths), {"digits": digits})


def pack_with_overview(
    collections: Iterable[Collection], bounds: Bounds
) -> tuple[bytes, bytes | None]:
    """Pack geometries for a page that draws its first picture before it has read all of them.

    Parameters
    ----------
    collections
        As for `pack`.
    bounds
        West, south, east and north of that picture, in degrees.

    Returns
    -------
    tuple[bytes, bytes | None]
        An overview, and a pack of all vertices of its arcs; where there are not many vertices, a
        pack of everything and None.

    Raises
    ------
    InputError
        As `pack` does.
    """
    sets, paths, digits = _prepared(collections, DIGITS)
    arcs = _cut(paths)
    header = {"digits": digits}
    if len(arcs.vertices) < _MANY:
        return _packed(sets, paths, arcs, header), None
    lines = Lines(paths.x[arcs.vertices], paths.y[arcs.vertices], arcs.lengths, digits)
    level = level_of(bounds)
    seen = outline(lines, level)
    first = np.cumsum(arcs.lengths) - arcs.lengths
    thin = arcs._replace(
        lengths=np.add.reduceat(seen, first, dtype=np.int64), vertices=arcs.vertices[seen]
    )
    overview = _packed(sets, paths, thin, header | {"level": level})
    return overview, _packed([], paths, arcs, header)


def _prepared(collections: Iterable[Collection], digits: int) -> tuple[list[_Set], _Paths, int]:
    sets, paths = _read(collections, digits)
    return sets, *_coarsest(paths, digits)


def _packed(sets: Sequence[_Set], paths: _Paths, arcs: _Arcs, header: dict[str, int]) -> bytes:
    described = {
        **header,
        "arcs": len(arcs.lengths),
        "vertices": len(arcs.vertices),
        "sets": [{"id": each.id, "type": each.type, "count": len(each.parts)} for each in sets],
    }
    text = files.json_text(described).encode()
    return b"".join((_MAGIC, framed(text), *_streams(sets, paths, arcs)))


def gzipped(content: bytes) -> bytes:
    """Compress bytes; the result knows neither clock nor system."""
    made = gzip.compress(content, _LEVEL, mtime=0)
    return made[:9] + b"\xff" + made[10:]  # Python 3.11 names the system, later ones do not


def _read(collections: Iterable[Collection], digits: int) -> tuple[list[_Set], _Paths]:
    sets: list[_Set] = []
    read = [_Paths(np.empty(0, np.int32), np.empty(0, np.int32), _NONE, np.empty(0, np.bool_))]
    known: dict[tuple[str, bytes], int] = {}
    for collection in collections:
        made, lines = _taken(collection)
        places, of = _on_grid(collection.id, lines, digits)
        before = len(known)
        # the county that a layer shows is the one of the base map: what is known is not cut again
        keys = zip(itertools.repeat(made.type), _texts(places, of, len(lines)), strict=False)
        numbers = np.array([known.setdefault(key, len(known)) for key in keys], np.int64)
        found, first = np.unique(numbers, return_index=True)
        new = first[found >= before]
        if len(new) < len(lines):
            rank = np.full(len(lines), -1)
            rank[new] = np.arange(len(new))
            is_new = rank[of] >= 0
            places, of = places[is_new], rank[of[is_new]]
        is_ring = np.full(len(new), made.type == "polygon")
        x, y = places.T
        read.append(_without_repeats(_Paths(x, y, of, is_ring), before))
        sets.append(made._replace(paths=numbers))
    return sets, _Paths(*map(np.concatenate, zip(*read, strict=True)))


def _coarsest(paths: _Paths, digits: int) -> tuple[_Paths, int]:
    """Take the coarsest grid that loses nothing: borders of a nation have no more than five."""
    x, y = paths.x, paths.y
    while digits and len(x) and not (x % 10).any() and not (y % 10).any():
        x, y, digits = x // 10, y // 10, digits - 1
    return paths._replace(x=x, y=y), digits


def _on_grid(name: str, lines: NDArray[Any], digits: int) -> tuple[Ints, Ints]:
    """Round the vertices of lines to the grid; with them goes which line each belongs to."""
    degrees, of = shapely.get_coordinates(lines, return_index=True)
    # axis by axis: along rows of two numbers it takes forty times as long
    reached = [max(-axis.min(initial=0), axis.max(initial=0)) for axis in degrees.T]
    if not np.less_equal(reached, _FARTHEST).all():  # no number is not within either
        message = "a coordinate is no longitude and latitude in degrees"
        raise InputError([Problem(name, "", message, "give the layer in EPSG:4326")])
    degrees *= 10.0**digits
    np.rint(degrees, out=degrees)
    return degrees.astype(np.int32), of


def _texts(places: Ints, of: Ints, count: int) -> Iterable[bytes]:
    """Give the bytes of each line: what is alike on the grid is alike in the pack."""
    content, width = places.tobytes(), places.itemsize * 2
    ends = (np.cumsum(np.bincount(of, minlength=count)) * width).tolist()
    return (content[start:end] for start, end in itertools.pairwise([0, *ends]))


def _taken(collection: Collection) -> tuple[_Set, NDArray[Any]]:
    """Take a collection apart into rings, lines or points."""
    geometries: NDArray[Any] = np.empty(len(collection.geometries), dtype=object)
    geometries[:] = collection.geometries
    is_located = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
    located = geometries[is_located]
    kinds = np.unique(shapely.get_dimensions(located))
    types = shapely.get_type_id(located)
    if len(kinds) > 1 or (types == _COLLECTION).any():
        message = "points, lines and areas are mixed"
        raise InputError([Problem(collection.id, "", message, "give each a layer of its own")])
    dimension = int(kinds[0]) if len(kinds) else -1
    if dimension == _POLYGON:  # one beginning for each ring, so that equal ones are seen to be
        located = shapely.orient_polygons(shapely.normalize(located))
    lines, feature = shapely.get_parts(located, return_index=True)
    is_filled = ~shapely.is_empty(lines)
    lines, feature = lines[is_filled], feature[is_filled]
    parts = np.zeros(len(geometries), np.int64)
    parts[is_located] = 2 * np.bincount(feature, minlength=len(located)) + (types >= _FIRST_MULTI)
    rings: Ints = _NONE
    if dimension == _POLYGON:
        count = len(lines)
        lines, part = shapely.get_rings(lines, return_index=True)
        is_filled = ~shapely.is_empty(lines)
        lines, part = lines[is_filled], part[is_filled]
        rings = np.bincount(part, minlength=count)
    return _Set(collection.id, _TYPES[dimension], parts, rings, _NONE), lines


def _without_repeats(paths: _Paths, before: int) -> _Paths:
    """Leave out what repeats the vertex before it, and the last of a ring, which is its first."""
    x, y, of, is_ring = paths
    kept = np.ones(len(x), np.bool_)
    kept[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1]) | (of[1:] != of[:-1])
    x, y, of = x[kept], y[kept], of[kept]
    _, is_last = _edges(of)
    counts = np.bincount(of, minlength=len(is_ring))
    kept = ~(is_last & (is_ring & (counts > 1))[of])
    return _Paths(x[kept], y[kept], of[kept] + before, is_ring)


def _cut(paths: _Paths) -> _Arcs:
    """Cut paths at junctions and number the arcs in the order of their first use."""
    keys = (paths.x.astype(np.int64) << 32) + paths.y  # one number a vertex, no two alike
    counts = np.bincount(paths.of, minlength=len(paths.is_ring))
    is_junction = _junctions(keys, paths, counts)
    walk, of = _walk(keys, is_junction, paths, counts)
    is_first, is_last = _edges(of)
    cuts = np.flatnonzero(is_junction[walk] | is_first | is_last)
    is_start = ~is_last[cuts] | is_first[cuts]  # a single vertex is both, and an arc of its own
    starts = cuts[is_start]
    following = np.append(cuts[1:], 0)[: len(cuts)]
    ends = np.where(is_last[cuts], cuts, following)[is_start]
    number, is_backwards, first = _numbered(keys[walk], starts, ends)
    return _Arcs(
        lengths=ends[first] - starts[first] + 1,
        vertices=walk[_runs(starts[first], ends[first], is_backwards[first])],
        refs=2 * number + is_backwards,
        per_path=np.bincount(of[starts], minlength=len(counts)),
    )


def _edges(of: Ints) -> tuple[Flags, Flags]:
    """Mark the first and the last of each run of equal numbers."""
    is_first, is_last = np.ones(len(of), np.bool_), np.ones(len(of), np.bool_)
    is_first[1:] = is_last[:-1] = of[1:] != of[:-1]
    return is_first, is_last


def _junctions(keys: Ints, paths: _Paths, counts: Ints) -> Flags:
    """Find the vertices that are met with different neighbours, or where a line ends."""
    is_first, is_last = _edges(paths.of)
    before, after = np.roll(keys, 1), np.roll(keys, -1)
    before[is_first], after[is_last] = keys[is_last], keys[is_first]
    low, high = np.minimum(before, after), np.maximum(before, after)
    found = (is_first | is_last) & ~paths.is_ring[paths.of]
    of_lines = np.flatnonzero(counts[paths.of] > 1)  # a point cuts nothing
    order = of_lines[np.argsort(keys[of_lines])]
    is_new, _ = _edges(keys[order])
    low, high, differs = low[order], high[order], found[order]
    differs[1:] |= ~is_new[1:] & ((low[1:] != low[:-1]) | (high[1:] != high[:-1]))
    group = np.cumsum(is_new) - 1
    parts_lines = np.zeros(len(order), np.bool_)
    parts_lines[group[differs]] = True
    found[order] = parts_lines[group]
    return found


def _walk(keys: Ints, is_junction: Flags, paths: _Paths, counts: Ints) -> tuple[Ints, Ints]:
    """Give the vertices of all paths in walking order, with the path of each; rings are closed.

    A ring starts at its first junction; one without starts at its smallest vertex.
    """
    ends = np.cumsum(counts)
    starts = ends - counts
    is_closed = paths.is_ring & (counts > 1)
    smallest = np.minimum.reduceat(keys, starts) if len(counts) else keys
    junction = _first(is_junction, starts, ends)
    shift = np.where(junction < counts, junction, _first(keys == smallest[paths.of], starts, ends))
    shift[~is_closed] = 0
    lengths = counts + is_closed
    of = np.repeat(np.arange(len(counts)), lengths)
    step = np.arange(len(of)) - (np.cumsum(lengths) - lengths)[of]
    return starts[of] + (step + shift[of]) % counts[of], of


def _first(flags: Flags, starts: Ints, ends: Ints) -> Ints:
    """Count how far the first flagged vertex of each path is from its start."""
    at = np.append(np.flatnonzero(flags), len(flags))
    found = at[np.searchsorted(at, starts)]
    return np.where(found < ends, found - starts, ends - starts)


def _numbered(keys: Ints, starts: Ints, ends: Ints) -> tuple[Ints, Flags, Ints]:
    """Give arcs their numbers, equal ones alike in whichever direction they are walked.

    Between its ends an arc meets no junction, so its first edge decides where it goes. Its length
    tells a ring that is walked twice from one walked once.
    """
    head, tail = keys[starts], keys[ends]
    second = keys[np.minimum(starts + 1, ends)]
    last = keys[np.maximum(ends - 1, starts)]
    is_backwards = (head > tail) | ((head == tail) & (second > last))
    first_edge = np.where(is_backwards, (tail, last), (head, second))
    order = np.lexsort((ends - starts, first_edge[1], first_edge[0]))
    described = np.vstack((first_edge, ends - starts))[:, order]
    is_new = np.append(np.ones(min(1, len(order)), np.bool_), np.diff(described).any(axis=0))
    first = order[is_new]
    by_use = np.argsort(first)
    rank = np.empty(len(first), np.int64)
    rank[by_use] = np.arange(len(first))
    number = np.empty(len(order), np.int64)
    number[order] = rank[np.cumsum(is_new) - 1]
    return number, is_backwards, first[by_use]


def _runs(starts: Ints, ends: Ints, is_backwards: Flags) -> Ints:
    """Give the numbers from each start to each end, or from end to start."""
    lengths = ends - starts + 1
    step = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    sign = np.where(is_backwards, -1, 1)
    run = np.repeat(np.where(is_backwards, ends, starts), lengths)
    run += step * np.repeat(sign, lengths)
    return run


def _streams(sets: Sequence[_Set], paths: _Paths, arcs: _Arcs) -> Iterable[bytes]:
    yield varints(arcs.lengths)
    yield courses(paths.x[arcs.vertices], paths.y[arcs.vertices], arcs.lengths)
    ends = np.cumsum(arcs.per_path)
    for each in sets:
        counts = arcs.per_path[each.paths]
        yield varints(each.parts)
        if each.type == "polygon":
            yield varints(each.rings)
        yield varints(counts)
        step = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        yield differences(arcs.refs[np.repeat((ends - arcs.per_path)[each.paths], counts) + step])
