"""Lines as the page unpacks them: whole to the last step, thinned by less than a pixel shows."""

from __future__ import annotations

import base64
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from taixin.pack import Collection, pack
from tests import samples
from tests.in_node import answers_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

WORLD = 2**31
LEVELS = (5, 8, 11)
#: Reads packs, one a line; writes the arcs of each, whole and at each level, in grid world units.
SCRIPT = """
import { createInterface } from "node:readline";
import { geometriesFrom, readPack } from "./src/shapes/unpack.js";

const read = (vertices, count) => Array.from({ length: count }, (_, arc) => {
  vertices.need(arc);
  const { x, y, from, to } = vertices;
  return Array.from(x.subarray(from[arc], to[arc]), (value, i) => [value, y[from[arc] + i]]);
});
for await (const line of createInterface({ input: process.stdin })) {
  const [{ arcs }] = geometriesFrom(readPack(Buffer.from(line, "base64"))).values();
  const levels = [arcs.exact(), ...process.argv.slice(1).map((level) => arcs.at(Number(level)))];
  console.log(JSON.stringify(levels.map((vertices) => read(vertices, arcs.count))));
}
"""
Arcs = list[list[list[int]]]


def unpacked(*layers: Sequence[BaseGeometry]) -> list[list[Arcs]]:
    """Let the page unpack layers: of each all arcs, whole and at each level."""
    packs = (base64.b64encode(pack([Collection("lines", each)])).decode() for each in layers)
    return answers_of(SCRIPT, packs, *map(str, LEVELS))


def world(degrees: np.ndarray) -> np.ndarray:
    """Project longitudes and latitudes to grid world units, after the textbook."""
    lon, lat = np.radians(degrees).T
    x = (lon / (2 * np.pi) + 0.5) * WORLD
    y = (0.5 - np.arctanh(np.sin(lat)) / (2 * np.pi)) * WORLD
    return np.stack((x, y), axis=1)


def test_lines_come_back_whole_however_far_they_jump() -> None:
    random = np.random.default_rng(11)
    lines = [
        shapely.LineString(np.round(random.uniform((-179, -84), (179, 84), (count, 2)), 6))
        for count in (2, 3, 40)
    ]
    lines.append(shapely.LineString([(112, 38), (112.000001, 38), (112.000001, 38.000001)]))

    [[whole, *_]] = unpacked(lines)

    assert len(whole) == len(lines)
    for line, arc in zip(lines, whole, strict=True):
        drawn = world(shapely.get_coordinates(line))
        off = [np.abs(np.array(walked) - drawn).max() for walked in (arc, arc[::-1])]
        assert min(off) <= 1


@pytest.fixture(scope="module")
def borders() -> list[Arcs]:
    """Give the borders of all counties, whole and at each level."""
    [levels] = unpacked([fact.geometry for fact in samples.own()[1].counties.facts])
    return levels


@pytest.mark.parametrize("number", range(len(LEVELS)))
def test_a_thinned_border_keeps_its_ends_and_its_course(number: int, borders: list[Arcs]) -> None:
    whole, thinned = borders[0], borders[1 + number]
    pixel = WORLD / (256 * 2 ** LEVELS[number])
    assert len(whole) == len(thinned)
    for line, few in zip(whole, thinned, strict=True):
        assert (few[0], few[-1]) == (line[0], line[-1])
        apart = shapely.hausdorff_distance(shapely.LineString(line), shapely.LineString(few))
        # what is too near to be seen may come on top of what is too straight
        assert apart < 1.5 * pixel


def test_thinner_levels_have_fewer_vertices(borders: list[Arcs]) -> None:
    counts = [sum(map(len, level)) for level in (*borders[1:], borders[0])]
    assert all(few < many for few, many in pairwise(counts))
    assert counts[0] < counts[-1] / 3
