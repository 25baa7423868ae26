"""A small plan that is hard to export: Chinese, formulas, markup, holes, parts, no positions."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from taixin.crs import target
from taixin.exports import FORMATS, Delivery, Job
from tests import samples

if TYPE_CHECKING:
    from taixin.build import Layer
    from taixin.facts import Facts
    from taixin.plans import Library

#: One millimetre in degrees, at its smallest here.
MILLIMETRE_DEG = 9e-9
FORMULA, MARKUP = "=1+1 湖", "<b>&\"'{{ 7*7 }}"


@functools.cache
def small_world() -> tuple[Library, Facts, tuple[Layer, ...]]:
    """Build the small world with hostile texts, a hole, parts, and a layer without positions."""
    with tempfile.TemporaryDirectory() as folder:
        geo = samples.write_geo(Path(folder) / "geo")
        plans = samples.write_plans(Path(folder) / "plans")
        nature = plans / "lake-2030" / "nature.toml"
        samples.edit(nature, 'zh = "北岭带"', f"zh = '{FORMULA}'")
        samples.edit(nature, 'zh = "沿山脊。"', f"zh = '''{MARKUP}'''")
        samples.edit(nature, 'zh = "在湖边。"', f'zh = "{"湖边很长" * 60}"')
        nature.write_text(nature.read_text(encoding="utf-8") + _NOWHERE, encoding="utf-8")
        library, facts, layers = samples.build_small(geo, plans)
    return library, facts, tuple(_with_hole(layer) for layer in layers)


_NOWHERE = """
[[layer]]
id = "towns"
title = { zh = "两镇", en = "Two towns" }
kind = "nature_park"

  [[layer.feature]]
  id = "first"
  name = { zh = "甲镇", en = "First" }
  term = "甲镇"
  rule = { unlocated = true }
  host = "西县"
  figures = { length_class = "一级", area_km2 = 3 }
  summary = { zh = "未定位。", en = "Nowhere." }
"""


def _with_hole(layer: Layer) -> Layer:
    """Give the first area a hole and a second part."""
    if layer.recipe.id != "clusters":
        return layer
    first, *others = layer.features
    assert first.geometry is not None
    hole, island = shapely.box(112.1, 38.1, 112.2, 38.2), shapely.box(112.12, 38.12, 112.15, 38.15)
    shape = shapely.normalize(shapely.union(first.geometry.difference(hole), island))
    features = (replace(first, geometry=shape), *others)
    return replace(layer, features=features)


def delivery(crs: str = "EPSG:4490", only: str = "") -> Delivery:
    """Give the small world as a delivery in a CRS; ``only`` one layer if named."""
    library, facts, layers = small_world()
    chosen = tuple(layer for layer in layers if only in {"", layer.recipe.id})
    return Delivery(chosen, library, facts, target(crs))


def lonlat_shapes(data: Delivery) -> dict[str, shapely.Geometry | None]:
    """Give the true shape of each feature in lon/lat, by id."""
    return {feature.id: feature.geometry for layer in data.layers for feature in layer.features}


def apart(one: shapely.Geometry | None, other: shapely.Geometry | None) -> float:
    """Give how far two shapes are apart at worst, in degrees; none and none are the same."""
    if one is None or other is None:
        return 0.0 if one is other else float("inf")
    return float(shapely.hausdorff_distance(one, other))


def write(form: str, out: Path, crs: str = "", **options: Any) -> Path:  # noqa: ANN401 - of Job
    """Write the small world in a format."""
    data = delivery(crs or FORMATS[form].code(small_world()[1].home))
    FORMATS[form].write(Job(data, out, **options))
    return out
