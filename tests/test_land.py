"""The land of the base map: what all counties cover, found in the page from their borders."""

from __future__ import annotations

import base64
import functools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import shapely

from taixin.pack import Collection, pack
from tests import samples
from tests.in_node import answers_of
from tests.test_pack import grid

if TYPE_CHECKING:
    from collections.abc import Sequence

Ring = list[list[float]]

SIDE = 5
#: Reads packs, one a line, with the sources of the page; writes the rings of what they cover.
SCRIPT = """
import { createInterface } from "node:readline";
import { coveredBy } from "./src/shapes/borders.js";
import { geojsonAt } from "./src/shapes/shape-at.js";
import { unpack } from "./src/shapes/unpack.js";

for await (const line of createInterface({ input: process.stdin })) {
  const land = geojsonAt(coveredBy(unpack(Buffer.from(line, "base64")).get("areas")), 0);
  console.log(JSON.stringify(land && land.coordinates));
}
"""


def lands(*regions: Sequence[Any]) -> list[list[Ring] | None]:
    """Let the page find the land of regions, each a list of areas."""
    packs = (base64.b64encode(pack([Collection("areas", areas)])).decode() for areas in regions)
    return answers_of(SCRIPT, packs)


def filled(rings: Sequence[Ring]) -> Any:  # noqa: ANN401 - shapely's own
    """Fill what an odd number of rings goes around, as the painted map does."""
    areas = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings]
    return functools.reduce(shapely.symmetric_difference, areas)


def wound(rings: Sequence[Ring]) -> float:
    """Add up what rings go around: more than nothing to the left, less to the right."""
    x, y = zip(*(np.array(ring).T - [[rings[0][0][0]], [rings[0][0][1]]] for ring in rings),
               strict=True)  # fmt: skip
    return sum(
        float((a[:-1] * b[1:] - a[1:] * b[:-1]).sum()) / 2 for a, b in zip(x, y, strict=True)
    )


def assert_covers(rings: list[Ring] | None, areas: Sequence[Any]) -> None:
    """Assert that closed rings bound the union of areas, whichever rule they are filled by."""
    together = shapely.union_all(areas)
    assert rings is not None
    assert all(ring[0] == ring[-1] for ring in rings)
    assert filled(rings).equals(together)
    assert wound(rings) == pytest.approx(together.area, rel=1e-9)


def test_it_is_the_union_of_the_projects_counties() -> None:
    counties = [fact.geometry for fact in samples.own()[1].counties.facts]

    [rings] = lands(counties)

    assert_covers(rings, counties)


def test_it_is_the_union_of_any_fields_that_touch_at_sides_or_corners() -> None:
    fields = shapely.transform(np.array(grid(SIDE, SIDE)), lambda places: np.round(places, 6))
    chosen = (
        np.random.default_rng(11).random((200, SIDE * SIDE)) < np.linspace(0.1, 0.9, 200)[:, None]
    )
    regions = [list(fields[each]) for each in chosen if each.any()]

    for rings, areas in zip(lands(*regions), regions, strict=True):
        assert_covers(rings, areas)


def test_lakes_are_left_open_and_islands_in_them_are_land() -> None:
    lake = shapely.box(0, 0, 10, 10) - shapely.box(2, 2, 8, 8)
    island, corner = shapely.box(4, 4, 6, 6), shapely.box(2, 2, 4, 4)
    far: Any = shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(30, 0, 31, 1)])
    regions = [
        [lake],
        [lake, island],
        [lake, island, corner],
        [lake, shapely.box(2, 2, 8, 8)],
        [far],
    ]

    found = lands(*regions)

    assert [len(rings or ()) for rings in found[:2]] == [2, 3]
    for rings, areas in zip(found, regions, strict=True):
        assert_covers(rings, areas)


def test_areas_that_overlap_or_are_there_twice_still_have_closed_rings_around_them() -> None:
    one, other = shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)
    regions = [[one, other], [one, one]]

    for rings, areas in zip(lands(*regions), regions, strict=True):
        assert rings is not None
        assert all(ring[0] == ring[-1] for ring in rings)
        assert shapely.union_all([shapely.Polygon(ring) for ring in rings]).equals(
            shapely.union_all(areas)
        )


def test_where_nothing_lies_there_is_no_land() -> None:
    assert lands([], [None]) == [None, None]
