"""Pages of many vertices draw their first picture from few of them, and then have them all."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import pytest
import shapely

from taixin.atlas import Atlas
from taixin.overview import level_of
from taixin.pack import Collection, pack, pack_with_overview
from tests import samples
from tests.atlas_page import CANVAS, MAP, click_at, open_atlas, role, wait_until
from tests.in_node import answers_of
from tests.unpacking import Pack, data_blocks, unpack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.browsing import OfflinePage

BOUNDS = (105.0, 30.0, 118.0, 40.0)
TO_MERCATOR = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
WORLD_M = 2 * np.pi * 6_378_137
#: Reads packs of an overview, of its detail and of everything; tells what the page makes of them.
SCRIPT = """
import { createInterface } from "node:readline";
import { complete, geometriesFrom, readPack, unpack } from "./src/shapes/unpack.js";

const read = (vertices, count) => Array.from({ length: count }, (_, arc) => {
  vertices.need(arc);
  const { x, y, from, to } = vertices;
  return [Array.from(x.subarray(from[arc], to[arc])), Array.from(y.subarray(from[arc], to[arc]))];
});
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
for await (const line of createInterface({ input: process.stdin })) {
  const [overview, detail, whole] = JSON.parse(line).map((text) => Buffer.from(text, "base64"));
  const { level } = readPack(overview);
  const shapes = unpack(overview);
  const [{ arcs }] = shapes.values();
  const [{ arcs: all }] = unpack(whole).values();
  const at = (some, zoom) => read(some.at(zoom), some.count);
  const early = { finer: at(arcs, level + 3), own: at(arcs, level), fails: "" };
  try { arcs.exact(); } catch (error) { early.fails = error.message; }
  const enough = [arcs.suffices(level), arcs.suffices(level + 1)];
  complete(shapes, detail);
  console.log(JSON.stringify({
    fails: early.fails,
    enough: [...enough, arcs.suffices(level + 1)],
    boxes: same(Array.from(arcs.boxes), Array.from(all.boxes)),
    nodes: same(arcs.nodes(), all.nodes()),
    exact: same(read(arcs.exact(), arcs.count), read(all.exact(), all.count)),
    finer: same(at(arcs, level + 3), at(all, level + 3)),
    before: same(early.finer, at(all, level + 3)),
    own: same(early.own, at(arcs, level)),
    fewer: at(arcs, level).flat(2).length / at(all, level).flat(2).length,
  }));
}
"""


def shore(random: np.random.Generator, count: int) -> np.ndarray:
    """Walk from one end to the other as a coast does: every part of it is as rough as the whole."""
    steps = np.cumsum(random.normal(size=(count, 2)), axis=0)
    steps -= np.linspace(0, 1, count)[:, None] * steps[-1]
    return np.column_stack((np.linspace(0, 9, count), np.zeros(count))) + steps / 400


@pytest.fixture(scope="module")
def layers() -> list[Collection]:
    """Give two lands with a rough border between them, islands, places and rivers."""
    random = np.random.default_rng(5)
    border = shore(random, 30_000) + np.array((105, 35))
    north = shapely.Polygon([*border, (114, 40), (105, 40)])
    south = shapely.Polygon([*border, (114, 30), (105, 30)])
    angles = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ring = np.column_stack((np.cos(angles), np.sin(angles)))
    islands = [
        shapely.Polygon(centre + ring * size * random.uniform(0.8, 1, (60, 1)))
        for centre, size in zip(
            random.uniform((116, 30), (118, 40), (200, 2)),
            np.geomspace(1e-4, 0.3, 200),
            strict=True,
        )
    ]
    places = [shapely.Point(*spot) for spot in random.uniform((105, 30), (114, 40), (30, 2))]
    rivers = [shapely.LineString(shore(random, 2_000) + np.array((105, 38))), None]
    return [
        Collection("lands", [north, south]),
        Collection("islands", islands),
        Collection("places", places),
        Collection("rivers", rivers),
    ]


@pytest.fixture(scope="module")
def packs(layers: list[Collection]) -> tuple[bytes, bytes, bytes]:
    """Give their overview, its detail, and the pack that has everything in one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("taixin.pack._MANY", 1_000)
        overview, detail = pack_with_overview(layers, BOUNDS)
    assert detail is not None
    return overview, detail, pack(layers)


@pytest.fixture(scope="module")
def read(packs: Sequence[bytes]) -> list[Pack]:
    """Give the three as an independent reader has them."""
    return [unpack(each) for each in packs]


def pixels(arc: Sequence[Any] | np.ndarray, made: Pack, level: int) -> np.ndarray:
    """Project an arc to the pixels of a web map, with PROJ."""
    x, y = TO_MERCATOR.transform(*(np.array(arc) / made.scale).T)
    placed: np.ndarray = np.column_stack((x, y)) * (256 * 2**level / WORLD_M)
    return placed


# ---- what is packed -----------------------------------------------------------------------------


def test_few_vertices_make_one_pack() -> None:
    few = [Collection("one", [shapely.box(112, 38, 113, 39)])]

    assert pack_with_overview(few, (112, 38, 113, 39)) == (pack(few), None)


def test_the_detail_has_every_vertex_and_the_overview_every_feature(read: list[Pack]) -> None:
    overview, detail, whole = read

    assert detail.arcs == whole.arcs
    assert detail.sets == {}
    for name, features in whole.sets.items():
        told = [each and (each[0], each[2]) for each in overview.sets[name]]
        assert told == [each and (each[0], each[2]) for each in features]


def test_an_arc_of_the_overview_has_its_ends_and_its_box(read: list[Pack]) -> None:
    overview, _, whole = read
    for thin, arc in zip(overview.arcs, whole.arcs, strict=True):
        assert (thin[0], thin[-1]) == (arc[0], arc[-1])
        assert [min(axis) for axis in zip(*thin, strict=True)] == [
            *map(min, zip(*arc, strict=True))
        ]
        assert [max(axis) for axis in zip(*thin, strict=True)] == [
            *map(max, zip(*arc, strict=True))
        ]


def test_nobody_sees_at_its_level_what_the_overview_lacks(read: list[Pack]) -> None:
    overview, _, whole = read
    level = overview.header["level"]
    for thin, arc in zip(overview.arcs, whole.arcs, strict=True):
        if len(arc) > 1:
            seen, drawn = (shapely.LineString(pixels(each, whole, level)) for each in (thin, arc))
            # half a pixel beside the line of what is seen, which is within its own half pixel
            assert shapely.hausdorff_distance(seen, drawn) < 0.5 + 0.5 * 2**0.5
    assert overview.header["vertices"] < whole.header["vertices"] / 5


def test_its_level_is_that_of_the_opening_in_a_large_window(read: list[Pack]) -> None:
    level = read[0].header["level"]
    corners = np.reshape(BOUNDS, (2, 2)) * read[2].scale
    seen = np.ptp(pixels(corners, read[2], level), axis=0)

    assert (seen / 2 < (1600, 1000)).all()
    assert (seen * 2 > (1600, 1000)).any()


@pytest.mark.parametrize(
    ("bounds", "level"),
    [((-180.0, -90.0, 180.0, 90.0), 2), ((112.5, 37.8, 112.5, 37.8), 17), ((0.0,) * 4, 17)],
)
def test_its_level_is_one_of_a_web_map(
    bounds: tuple[float, float, float, float], level: int
) -> None:
    assert level_of(bounds) == level


# ---- what the page makes of it ------------------------------------------------------------------


def test_the_page_has_all_of_an_overview_once_its_detail_has_come(packs: Sequence[bytes]) -> None:
    [told] = answers_of(SCRIPT, [json.dumps([base64.b64encode(each).decode() for each in packs])])

    assert told.pop("fewer") < 1.5
    assert "before all of them have come" in told.pop("fails")
    assert told.pop("enough") == [True, False, True]
    assert told.pop("before") is False
    assert told == dict.fromkeys(("boxes", "nodes", "exact", "finer", "own"), True)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the Taixin plan as a page without an overview, with one, and with one for a phone."""
    library, facts, layers = samples.own()
    own = [layer for layer in layers if layer.plan.id == samples.TAIXIN]
    folder = tmp_path_factory.mktemp("overview")
    found = {}
    for name, many, window in (
        ("plain", 10**9, (1600, 1000)),
        ("overview", 1_000, (1600, 1000)),
        ("coarse", 1_000, (300, 400)),
    ):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("taixin.pack._MANY", many)
            patch.setattr("taixin.overview._MAP_PX", window)
            text = Atlas(own, library, facts).html()
        assert ("taixin-detail" in data_blocks(text)) == (name != "plain")
        found[name] = folder / f"{name}.html"
        found[name].write_text(text, encoding="utf-8", newline="\n")
    return found


PICTURE = """(node) => {
    const { width, height } = node;
    const { data } = node.getContext("2d").getImageData(0, 0, width, height);
    let text = "";
    for (let i = 0; i < data.length; i += 4096) {
        text += String.fromCharCode(...data.subarray(i, i + 4096));
    }
    return [width, height, btoa(text)];
}"""


def picture(offline_page: OfflinePage) -> np.ndarray:
    """Give the pixels of the map once it is painted and nothing moves any more."""
    offline_page.page.wait_for_timeout(500)
    wait_until(offline_page.page, "taixin.isDrawn()")
    width, height, content = offline_page.page.locator(CANVAS).evaluate(PICTURE)
    return np.frombuffer(base64.b64decode(content), np.uint8).reshape(height, width, 4)


def share_apart(one: np.ndarray, other: np.ndarray) -> float:
    """Tell which share of pixels is another in two pictures; bands may differ by a soft rim."""
    assert one.shape == other.shape
    return float((np.abs(one.astype(int) - other).max(axis=2) > 24).mean())


def opened(offline_page: OfflinePage, path: Path, zoom: int | None = None) -> np.ndarray:
    """Give the picture of a page as it opens, or further in."""
    page = open_atlas(offline_page, path)
    if zoom is not None:
        page.evaluate(f"{MAP}.setView([38.2, 112.6], {zoom}, {{ animate: false }})")
    return picture(offline_page)


@pytest.mark.parametrize(("name", "zoom"), [("overview", 11), ("coarse", None), ("coarse", 9)])
def test_beyond_its_level_the_map_is_drawn_with_every_vertex(
    name: str, zoom: int | None, offline_page: OfflinePage, pages: dict[str, Path]
) -> None:
    plain, found = (opened(offline_page, pages[each], zoom) for each in ("plain", name))

    assert share_apart(plain, found) < 0.0005


def test_as_it_opens_the_map_looks_the_same(
    offline_page: OfflinePage, pages: dict[str, Path]
) -> None:
    plain, overview = (opened(offline_page, pages[each]) for each in ("plain", "overview"))

    assert (plain[..., 3] > 0).mean() > 0.3
    assert share_apart(plain, overview) < 0.01


def test_what_is_clicked_and_measured_is_exact(
    offline_page: OfflinePage, pages: dict[str, Path]
) -> None:
    told = []
    for name in ("plain", "coarse"):
        page = open_atlas(offline_page, pages[name])
        click_at(page, 112.95, 38.45)
        told.append(role(page, "card").inner_text())

    assert told[0] == told[1]
    assert "定襄县" in told[0]


def test_a_link_to_a_place_opens_there_with_every_vertex(
    offline_page: OfflinePage, pages: dict[str, Path]
) -> None:
    page = open_atlas(offline_page, pages["overview"])
    page.evaluate(f"{MAP}.setView([38.2, 112.6], 11, {{ animate: false }})")
    page.wait_for_timeout(1_000)
    link = page.evaluate("location.hash")
    found = []
    for name in ("plain", "coarse"):
        offline_page.page.goto("about:blank")
        offline_page.page.goto(f"{pages[name].as_uri()}{link}")
        offline_page.page.wait_for_selector("html[data-ready='true']", state="attached")
        found.append(picture(offline_page))

    assert len(link) > 2
    assert share_apart(found[0], found[1]) < 0.0005
