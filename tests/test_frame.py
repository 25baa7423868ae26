"""A built layer as a GeoDataFrame: an ordinary one, that geopandas can do everything with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas
import pandas as pd
import pytest

from taixin import read_layer
from taixin.errors import InputError
from tests import samples

if TYPE_CHECKING:
    from pathlib import Path

    from taixin.build import Layer


@pytest.fixture
def layer() -> Layer:
    """Give a layer of which one feature is located and one is not."""
    return samples.own_layer("taixin-2035/nature-parks")


def test_a_frame_is_indexed_by_the_id_of_its_features(layer: Layer) -> None:
    ids = [feature.id for feature in layer.features]

    assert list(layer.frame.index) == list(layer.frame["id"]) == ids
    assert str(layer.frame.crs) == "EPSG:4326"


def test_a_frame_keeps_every_property_and_the_missing_geometry(layer: Layer) -> None:
    for feature, row in zip(layer.features, layer.frame.to_dict("records"), strict=True):
        known = {key: value for key, value in feature.properties.items() if value is not None}
        assert {key: row[key] for key in known} == known
        assert all(pd.isna(row[key]) for key in feature.properties.keys() - known.keys())
        assert row["geometry"] is feature.geometry


def test_a_frame_can_be_indexed_anew_and_joined(layer: Layer) -> None:
    plain = layer.frame.reset_index(drop=True)
    joined = layer.frame.reset_index().merge(plain[["id", "name"]], on="id")

    assert list(joined["name_x"]) == list(joined["name_y"]) == list(plain["name"])


def test_what_geopandas_writes_of_a_frame_it_reads_again(layer: Layer, tmp_path: Path) -> None:
    path = tmp_path / "layer.geojson"
    layer.frame.to_file(path, driver="GeoJSON")
    again = geopandas.read_file(path)

    assert list(again["name"]) == list(layer.frame["name"])
    assert list(again.geometry.isna()) == list(layer.frame.geometry.isna())


@pytest.mark.parametrize("name", ["axes", "nature-parks", "core-area", "clusters"])
def test_a_committed_layer_is_read_as_it_was_built(name: str) -> None:
    built = samples.own_layer(f"taixin-2035/{name}")
    read = read_layer(samples.own()[0].plan(samples.TAIXIN), name)

    assert read.text == built.text
    assert json.loads(read.text) == json.loads(built.text)
    assert read.geometry_type is built.geometry_type


def test_reading_a_layer_whose_file_is_missing_says_so(tmp_path: Path) -> None:
    library = samples.build_small(
        samples.write_geo(tmp_path / "geo"), samples.write_plans(tmp_path / "layers")
    )[0]

    with pytest.raises(InputError, match=r"axes\.geojson: the file does not exist"):
        read_layer(library.plans[0], "axes")
