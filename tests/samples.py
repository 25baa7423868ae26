"""A small world for tests, two counties and a plan of them, and the project's own plans built once.

The texts are written out, so that a test can break one line of them and see it named.
"""

from __future__ import annotations

import functools
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taixin.atlas import Atlas
from taixin.build import build_layers, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taixin.build import Layer
    from taixin.facts import Facts
    from taixin.plans import Library

TAIXIN = "taixin-2035"
REPO = Path(__file__).resolve().parents[1]

SOURCES = """\
[region]
title = { zh = "两湖地区", en = "Lake country" }
bbox = [110.0, 34.0, 117.0, 41.0]

[[source]]
id = "survey"
title = { zh = "地形测量", en = "Land survey" }
issuer = "Survey office"
date = "2020"
licence = "CC-BY-4.0"
attribution = "Survey office, CC BY 4.0"

[[source]]
id = "gazetteer"
title = { zh = "地名录", en = "Gazetteer" }
issuer = "Office of names"
date = "2019-05"
licence = "Public domain"
attribution = "Office of names"
"""
PLACES = """\
id,name_zh,name_en,aliases,kind,lon,lat,accuracy_m,adcode,source,detail,note
west-seat,西城,Xicheng,西城镇,county_seat,112.2,38.2,800,140001,gazetteer,,
east-seat,东城,Dongcheng,,county_seat,112.8,38.3,800,140002,gazetteer,,
lake-park,湖滨园区,Lakeside Park,,park,112.6,38.1,6000,140002,gazetteer,,
"""
ROUTES = """\
route,name_zh,name_en,aliases,kind,seq,place,lon,lat,accuracy_m,source,detail
lake-road,湖路,Lake Road,L1,road,1,西城,112.2,38.2,800,survey,
lake-road,湖路,Lake Road,L1,road,2,湖口,112.5,38.25,1200,survey,
lake-road,湖路,Lake Road,L1,road,3,东城,112.8,38.3,800,gazetteer,
"""
PLAN = """\
id = "lake-2030"
order = 1
title = { zh = "两湖规划", en = "Lake plan" }
short = { zh = "两湖", en = "Lakes" }
issuer = { zh = "两湖政府", en = "Lake government" }
process_step = "adoption"
horizon = [2020, 2030]

[[phase]]
id = "near"
title = { zh = "近期", en = "Near term" }
from = 2020
to = 2025

[[document]]
id = "lake-text"
title = { zh = "两湖规划文本", en = "Text of the lake plan" }
issuer = { zh = "两湖政府", en = "Lake government" }
date = "2020-06-01"
"""
STRUCTURE = """\
system = "structure"
order = 1
title = { zh = "两区一轴", en = "Two parts, one axis" }
group = "structure"
document = "lake-text"
section = "总体结构"
summary = { zh = "东西两区由一条轴相连。", en = "An axis joins two parts." }

[[layer]]
id = "clusters"
title = { zh = "两区", en = "Two parts" }
kind = "settlement_cluster"

  [[layer.feature]]
  id = "west"
  name = { zh = "西区", en = "West part" }
  term = "西区"
  rule = { counties = ["西县"] }
  phase = "near"
  members = ["西县"]
  figures = { area_km2 = 2430.5 }
  summary = { zh = "以西县为主。", en = "Mainly the western county." }

  [[layer.feature]]
  id = "east"
  name = { zh = "东区", en = "East part" }
  term = "东区"
  rule = { counties = ["东县"] }
  members = ["东县"]
  summary = { zh = "以东县为主。", en = "Mainly the eastern county." }
  see_also = ["lake-2030/axes/lake-axis"]

[[layer]]
id = "axes"
title = { zh = "一轴", en = "One axis" }
kind = "development_axis"
stated = 1

  [[layer.feature]]
  id = "lake-axis"
  name = { zh = "湖路轴", en = "Lake road axis" }
  term = "湖路轴线"
  rule = { route = "湖路", within = "clusters" }
  aliases = ["L1轴"]
  summary = { zh = "连接两区。", en = "It joins the two parts." }
  accuracy_m = 4000
  accuracy_reason = "the road was moved"
  note = { zh = "线位未定", en = "The line is not settled" }
"""
NATURE = """\
system = "nature"
order = 2
title = { zh = "一带两园", en = "One belt, two parks" }
group = "ecology"
document = "lake-text"
section = "生态格局"
summary = { zh = "山体与园区。", en = "Hills and parks." }

[[layer]]
id = "barriers"
title = { zh = "一带", en = "One belt" }
kind = "ecological_barrier"

  [[layer.feature]]
  id = "north-belt"
  name = { zh = "北岭带", en = "North ridge belt" }
  term = "北岭"
  rule = { range = ["北岭"], width_m = 4000 }
  summary = { zh = "沿山脊。", en = "Along the ridge." }

[[layer]]
id = "parks"
title = { zh = "两园", en = "Two parks" }
kind = "nature_park"
caption = { zh = "只知其一", en = "Only one is located" }
stated = 2

  [[layer.feature]]
  id = "lakeside"
  name = { zh = "湖滨园", en = "Lakeside park" }
  term = "湖滨"
  rule = { place = "湖滨园区" }
  host = "东县"
  status = { value = "planned", document = "lake-text", date = "2020-06" }
  summary = { zh = "在湖边。", en = "By the lake." }

  [[layer.feature]]
  id = "forest"
  name = { zh = "森林园", en = "Forest park" }
  term = "森林园"
  rule = { unlocated = true }
  host = "西县"
  summary = { zh = "位置未给出。", en = "No position is given." }
"""
PLAN_FILES = {"plan.toml": PLAN, "structure.toml": STRUCTURE, "nature.toml": NATURE}


def box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """Give a rectangle as a GeoJSON geometry, counter-clockwise."""
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def county(adcode: str, name: str, name_en: str, geometry: object) -> dict[str, Any]:
    """Give a county as a GeoJSON feature."""
    names = {"id": adcode, "adcode": adcode, "name_zh": name, "name_en": name_en, "aliases": []}
    city = {"city": "湖市", "city_en": "Lake City", "city_adcode": "140000"}
    properties = {**names, **city, "area_km2": 2430.5, "accuracy_m": 500, "source": "survey"}
    return {"type": "Feature", "id": adcode, "geometry": geometry, "properties": properties}


def line(identifier: str, name: str, *points: list[float]) -> dict[str, Any]:
    """Give a river or ridge as a GeoJSON feature."""
    names = {"id": identifier, "name_zh": name, "name_en": identifier, "aliases": []}
    properties = {**names, "accuracy_m": 2000, "source": "survey"}
    geometry = {"type": "LineString", "coordinates": list(points)}
    return {"type": "Feature", "id": identifier, "geometry": geometry, "properties": properties}


def collection(*features: dict[str, Any]) -> str:
    """Give features as GeoJSON text, one a line."""
    body = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'


def write_geo(folder: Path) -> Path:
    """Write the facts of the small world."""
    folder.mkdir(parents=True, exist_ok=True)
    west = county("140001", "西县", "West County", box(112, 38, 112.5, 38.5))
    east = county("140002", "东县", "East County", box(112.5, 38, 113, 38.5))
    texts = {
        "sources.toml": SOURCES,
        "places.csv": PLACES,
        "routes.csv": ROUTES,
        "counties.geojson": collection(west, east),
        "rivers.geojson": collection(line("lake-river", "湖河", [112.1, 38.4], [112.9, 38.1])),
        "ranges.geojson": collection(line("north-ridge", "北岭", [112.1, 38.45], [112.9, 38.42])),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def write_plans(folder: Path) -> Path:
    """Write the plan of the small world; symbols and figure labels are the project's own."""
    plan = folder / "lake-2030"
    plan.mkdir(parents=True, exist_ok=True)
    for name, text in PLAN_FILES.items():
        (plan / name).write_text(text, encoding="utf-8")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first of what must stand in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} does not hold {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def build_small(geo: Path, plans: Path) -> tuple[Library, Facts, tuple[Layer, ...]]:
    """Load and build a folder of facts and one of plans."""
    library, facts = load(plans, geo)
    return library, facts, build_layers(library, facts)


@functools.cache
def own() -> tuple[Library, Facts, tuple[Layer, ...]]:
    """Load and build the project's own plans, once for all tests."""
    return build_small(REPO / "geo", REPO / "layers")


@functools.cache
def own_page() -> str:
    """Draw the page of the project's own plans, once for all tests."""
    library, facts, layers = own()
    return Atlas(layers, library, facts).html()


@functools.cache
def taixin_page() -> str:
    """Draw the page of the Taixin plan alone: what most browser tests look at."""
    library, facts, layers = own()
    return Atlas([layer for layer in layers if layer.plan.id == TAIXIN], library, facts).html()


def own_layer(identifier: str) -> Layer:
    """Give one of the project's own layers, such as ``taixin-2035/axes``."""
    return next(layer for layer in own()[2] if layer.id == identifier)


def copy_plans(folder: Path, only: Sequence[str] = ()) -> Path:
    """Copy the project's own plans, all or some, to a folder that a test may change."""
    plans = REPO / "layers"
    chosen = [path for path in plans.iterdir() if path.is_dir() and (path.name in only or not only)]
    for path in chosen:
        shutil.copytree(path, folder / path.name)
    for name in ("atlas.toml", "kinds.toml", "figures.toml"):
        shutil.copy(plans / name, folder / name)
    return folder
