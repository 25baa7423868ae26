"""Layers cut into tiles: nothing is lost, at no zoom level, as readers that are not ours see it."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import mapbox_vector_tile
import numpy as np
import pyogrio
import pytest
import shapely
from pmtiles.reader import MmapSource, Reader, all_tiles
from shapely.geometry import shape

from tests.parcels import HOSTILE, SIDE, parcels
from tests.running import taixin

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the parcels in two formats and coordinate systems, and cut the first into tiles."""
    folder = tmp_path_factory.mktemp("tiles")
    frame = parcels()
    frame.to_crs("EPSG:4547").to_file(folder / "parcels.gpkg", engine="pyogrio")
    frame.to_parquet(folder / "parcels.parquet")
    frame.to_file(folder / "parcels.fgb", engine="pyogrio")
    made = taixin(
        *("tiles", folder / "parcels.gpkg", "--out", folder / "parcels.pmtiles"),
        *("--title", HOSTILE, "--attribution", "某县自然资源局", "--accuracy-m", "0.5"),
    )
    assert (made.code, made.err) == (0, "")
    assert "1600 features, 3 columns" in made.out
    return folder


def tiles_of(path: Path) -> dict[int, dict[tuple[int, int], dict[str, Any]]]:
    """Read all tiles with the format's own reader: zoom to place to layers."""
    found: dict[int, dict[tuple[int, int], dict[str, Any]]] = {}
    with path.open("rb") as stream:
        for (zoom, x, y), packed in all_tiles(MmapSource(stream)):
            found.setdefault(zoom, {})[x, y] = mapbox_vector_tile.decode(gzip.decompress(packed))
    return found


def covered(tiles: dict[tuple[int, int], dict[str, Any]], zoom: int) -> float:
    """Measure what is covered in square metres of the map, each tile within its own square."""
    total = 0.0
    for layers in tiles.values():
        for layer in layers.values():
            extent = layer["extent"]
            shapes = shapely.make_valid([shape(item["geometry"]) for item in layer["features"]])
            inside = shapely.intersection(shapes, shapely.box(0, 0, extent, extent))
            total += float(shapely.area(inside).sum()) * (40_075_016.7 / 2**zoom / extent) ** 2
    return total


def test_every_parcel_is_in_the_deepest_tiles_with_its_columns(folder: Path) -> None:
    tiles = tiles_of(folder / "parcels.pmtiles")
    deepest = [layers["parcels"]["features"] for layers in tiles[max(tiles)].values()]
    named = {item["id"]: item["properties"] for items in deepest for item in items}
    wanted = {
        number: {key: value for key, value in row.items() if value == value}  # noqa: PLR0124 - NaN
        for number, row in enumerate(parcels().drop(columns="geometry").to_dict("records"), 1)
    }
    assert named == wanted


def test_no_zoom_level_loses_area(folder: Path) -> None:
    whole = float(shapely.area(parcels().to_crs("EPSG:3857").geometry).sum())
    tiles = tiles_of(folder / "parcels.pmtiles")
    assert sorted(tiles) == list(range(min(tiles), max(tiles) + 1))
    shares = {zoom: covered(tiles[zoom], zoom) / whole for zoom in tiles if zoom >= 6}
    assert len(shares) > 3
    assert {zoom: share for zoom, share in shares.items() if abs(share - 1) > 0.1} == {}


def test_gdal_finds_the_parcels_where_they_are(folder: Path) -> None:
    found = pyogrio.read_dataframe(folder / "parcels.pmtiles").dissolve("地块编号")
    there = parcels().set_index("地块编号").to_crs("EPSG:3857").geometry
    apart = shapely.hausdorff_distance(found.to_crs("EPSG:3857").geometry.sort_index(), there)
    assert float(np.max(apart)) < 1.0  # metres on the map


def test_the_file_says_what_it_is_and_nothing_of_this_machine(folder: Path) -> None:
    with (folder / "parcels.pmtiles").open("rb") as stream:
        said = Reader(MmapSource(stream)).metadata()
    assert said["attribution"] == "某县自然资源局"
    assert said["taixin"] == {
        "title": HOSTILE,
        "title_en": HOSTILE,
        "columns": ["地块编号", "面积", "用途"],
        "name_field": "地块编号",
        "accuracy_m": 0.5,
        "features": SIDE * SIDE,
    }
    assert str(folder) not in json.dumps(said)


@pytest.mark.parametrize("suffix", ["parquet", "fgb"])
def test_other_formats_give_the_same_tiles(folder: Path, suffix: str) -> None:
    out = folder / f"from-{suffix}.pmtiles"
    assert taixin("tiles", folder / f"parcels.{suffix}", "--out", out).code == 0
    items = [
        item["properties"]["地块编号"]
        for layers in list(tiles_of(out).values())[-1].values()
        for item in layers["parcels"]["features"]
    ]
    assert len(set(items)) == SIDE * SIDE


def test_a_layer_of_a_plan_keeps_its_source(folder: Path) -> None:
    out = folder / "counties.pmtiles"
    assert taixin("tiles", "taixin-2035/counties", "--out", out).code == 0
    with out.open("rb") as stream:
        said = Reader(MmapSource(stream)).metadata()
    assert "GS(2024)0650" in said["attribution"]
    assert (said["taixin"]["title_en"], said["taixin"]["features"]) == ("Counties involved", 12)


@pytest.mark.parametrize(
    ("layer", "options", "sentence"),
    [
        ("nowhere.gpkg", (), "there is no such file"),
        ("taixin-2035/countys", (), "did you mean 'taixin-2035/counties'?"),
        (
            "parcels.fgb",
            ("--name-field", "名"),
            "no column '名'; its columns are: 地块编号",
        ),
        ("parcels.fgb", ("--crs", "EPSG:4547"), "the file says EPSG:4490, --crs says EPSG:4547"),
        ("--help.geojson", (), "there is no such file"),
    ],
)
def test_what_cannot_be_cut_is_said_and_leaves_nothing(
    layer: str, options: tuple[str, ...], sentence: str, folder: Path
) -> None:
    out = folder / "never.pmtiles"
    path = layer if "/" in layer else folder / layer
    ended = taixin("tiles", *options, "--out", out, "--", path)
    assert ended.code == 2
    assert sentence in ended.err
    assert not out.exists()
    assert [path.name for path in folder.iterdir() if path.name.endswith(".part")] == []


def test_a_hostile_name_is_only_a_name(folder: Path) -> None:
    hostile = folder / "-o$(touch owned);`touch owned`.fgb"
    hostile.write_bytes((folder / "parcels.fgb").read_bytes())
    out = folder / "--version ;touch owned.pmtiles"
    assert taixin("tiles", "--out", out, "--", hostile).code == 0
    assert max(tiles_of(out)) > 8
    assert list(folder.rglob("owned")) == []


def test_without_the_program_a_sentence_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taixin.tiling.program.find_spec", lambda _name: None)
    ended = taixin("tiles", folder / "parcels.fgb", "--out", folder / "never.pmtiles")
    assert ended.code == 2
    assert 'pip install "taixin-atlas[tiles]"' in ended.err
