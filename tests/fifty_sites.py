"""Fifty sites of every kind: what the command and the page are asked, and answered another way.

Circles, steps and borders come from `pyproj.Geod` and shapely, nothing from the code under test.
"""

from __future__ import annotations

import functools
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.geometry import mapping

from tests import samples
from tests.ground import GEOD, circle, moved

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

DAYU: Final = (112.7184, 38.1763)
#: Sites that are typed, not drawn: longitude, latitude, radius in metres.
TYPED: Final = {"a point with a radius": (*DAYU, 800)}
TWELVE = ("尖草坪区", "杏花岭区", "迎泽区", "万柏林区", "古交市", "阳曲县",
          "忻府区", "定襄县", "原平市", "繁峙县", "代县", "五台县")  # fmt: skip


def county(name: str) -> BaseGeometry:
    return samples.own()[1].counties.find(name).geometry


def target(identifier: str) -> Any:  # noqa: ANN401 - a point, line or area
    for layer in samples.own()[2]:
        for feature in layer.located:
            if feature.id == identifier and feature.geometry is not None:
                return feature.geometry
    raise LookupError(identifier)


def on_border(first: str, second: str) -> tuple[float, float, float]:
    """Give the middle of the longest straight stretch of a shared border, and its bearing."""
    shared = shapely.line_merge(shapely.intersection(county(first), county(second)))
    stretches = [
        pair
        for line in shapely.get_parts(shared)
        for pair in zip(line.coords, line.coords[1:], strict=False)
    ]
    (x1, y1), (x2, y2) = max(stretches, key=lambda ends: math.dist(*ends))
    bearing, _, _ = GEOD.inv(x1, y1, x2, y2)
    return (x1 + x2) / 2, (y1 + y2) / 2, bearing


def beside_border(first: str, second: str, by_m: float) -> tuple[float, float]:
    """Give a point off a border, to the side of the first county."""
    lon, lat, bearing = on_border(first, second)
    sides = [moved(lon, lat, bearing + turn, by_m) for turn in (90, -90)]
    return next(side for side in sides if county(first).contains(shapely.Point(side)))


def beside_borders() -> dict[str, BaseGeometry]:
    """Sites in counties, and beside and across their borders."""
    found: dict[str, BaseGeometry] = {}
    for name in TWELVE:
        middle = county(name).representative_point()
        found[f"in {name}"] = circle(middle.x, middle.y, 350)
    for by_m in (300, 900, 1100, 1800):
        found[f"{by_m} m inside the border"] = circle(*beside_border("阳曲县", "忻府区", by_m), 60)
    lon, lat, _ = on_border("阳曲县", "忻府区")
    found["straddling two counties"] = circle(lon, lat, 2500)
    found["straddling by a sliver"] = circle(*beside_border("阳曲县", "忻府区", 480), 500)
    lon, lat, _ = on_border("原平市", "代县")
    found["straddling two other counties"] = shapely.box(
        lon - 0.04, lat - 0.03, lon + 0.05, lat + 0.02
    )
    for by_m in (400, 1600):
        out = beside_border("宁武县", "原平市", by_m)
        found[f"{by_m} m outside the plan"] = circle(*out, 50)
    return found


def at_places_and_corridors() -> dict[str, BaseGeometry]:
    """Sites outside, across the zone edge, on and beside corridors."""
    found: dict[str, BaseGeometry] = {}
    found["in Luliang, outside the plan"] = circle(111.2, 37.5, 800)
    found["outside Shanxi"] = circle(116.4, 39.9, 1000)
    found["far south in China"] = circle(110.3, 20.0, 1000)
    found["across 112.5 E"] = shapely.box(112.48, 38.3, 112.53, 38.34)
    found["a large site across 112.5 E"] = shapely.box(112.2, 38.0, 112.8, 38.5)
    for name in ("hutuo", "fen", "muma"):
        middle = target(f"taixin-2035/corridors/{name}").interpolate(0.5, normalized=True)
        found[f"on the {name} corridor"] = circle(middle.x, middle.y, 200)
    middle = target("taixin-2035/corridors/hutuo").interpolate(0.4, normalized=True)
    found["wide on the corridor"] = circle(middle.x, middle.y, 4500)
    found["beside the corridor"] = circle(*moved(middle.x, middle.y, 0, 2500), 100)
    return found


def of_other_shapes() -> dict[str, BaseGeometry]:
    """Lines, rings, parts and points."""
    found: dict[str, BaseGeometry] = {}
    found["a line site"] = shapely.LineString([(112.5, 38.2), (112.9, 38.5), (113.1, 38.9)])
    found["a line within a county"] = shapely.LineString([(112.66, 38.1), (112.68, 38.12)])
    found["a line along a border"] = shapely.LineString(
        [beside_border("阳曲县", "忻府区", 200), beside_border("忻府区", "阳曲县", 200)]
    )
    ring = circle(113.5, 39.0, 6000)
    found["a ring"] = ring.difference(circle(113.5, 39.0, 4000))
    found["several parts, one with a hole"] = shapely.union(
        ring.difference(circle(113.5, 39.0, 2000)), circle(113.0, 38.7, 900)
    )
    found["parts in two cities"] = shapely.MultiPolygon(
        [circle(112.5, 38.0, 700), circle(112.8, 38.45, 700)]
    )
    found["a point"] = shapely.Point(112.9, 38.6)
    found["a point beside a border"] = shapely.Point(beside_border("定襄县", "五台县", 500))
    found["points"] = shapely.MultiPoint([(112.9, 38.6), (113.4, 39.1), (116.0, 39.0)])
    return found


def about_features() -> dict[str, BaseGeometry]:
    """Sites about a town and a barrier, a county, strips."""
    found: dict[str, BaseGeometry] = {}
    town = target("taixin-2035/start-up-areas/dayu")
    for name, typed in TYPED.items():
        found[name] = circle(*typed, corners=1800)
    found["at a town"] = circle(*moved(town.x, town.y, 45, 200), 100)
    found["within the town's accuracy"] = circle(*moved(town.x, town.y, 120, 1350), 100)
    found["beyond the town's accuracy"] = circle(*moved(town.x, town.y, 120, 1800), 100)
    found["wide around the town"] = circle(town.x, town.y, 2200)
    found["a whole county"] = county("五台县")
    found["in a barrier"] = circle(113.62, 39.03, 500)
    found["edge of a barrier"] = circle(113.3, 38.85, 300)
    found["a thin strip"] = shapely.box(112.6, 38.2, 113.2, 38.2005)
    found["a strip across the zone"] = shapely.box(112.0, 38.6, 114.3, 38.62)
    found["a line through the province"] = shapely.LineString([(111.0, 36.0), (113.5, 40.0)])
    return found


@functools.cache
def sites() -> dict[str, BaseGeometry]:
    """Name fifty sites."""
    return beside_borders() | at_places_and_corridors() | of_other_shapes() | about_features()


NAMES = (
    *(f"in {name}" for name in TWELVE),
    *(
        "300 m inside the border",
        "900 m inside the border",
        "1100 m inside the border",
        "1800 m inside the border",
        "straddling two counties",
        "straddling by a sliver",
        "straddling two other counties",
        "400 m outside the plan",
        "1600 m outside the plan",
        "in Luliang, outside the plan",
        "outside Shanxi",
        "far south in China",
        "across 112.5 E",
        "a large site across 112.5 E",
        "on the hutuo corridor",
        "on the fen corridor",
        "on the muma corridor",
        "wide on the corridor",
        "beside the corridor",
        "a line site",
        "a line within a county",
        "a line along a border",
        "a ring",
        "several parts, one with a hole",
        "parts in two cities",
        "a point",
        "a point beside a border",
        "points",
        "a point with a radius",
        "at a town",
        "within the town's accuracy",
        "beyond the town's accuracy",
        "wide around the town",
        "a whole county",
        "in a barrier",
        "edge of a barrier",
        "a thin strip",
        "a strip across the zone",
        "a line through the province",
    ),
)


def site_file() -> bytes:
    """Write the sites that are drawn as GeoJSON, every digit kept."""
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": mapping(shape)}
        for name, shape in sites().items()
        if name not in TYPED
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@functools.cache
def told_by_the_command() -> dict[str, dict[str, Any]]:
    """Give what ``taixin check --json`` prints for each site, against all plans."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sites.geojson"
        path.write_bytes(site_file())
        drawn = _printed(str(path))["sites"]
    found = {record["site"]["name"]: record for record in drawn}
    for name, typed in TYPED.items():
        found[name] = _printed(",".join(map(str, typed)))
    return found


def _printed(site: str) -> Any:  # noqa: ANN401 - JSON
    run = subprocess.run(
        [sys.executable, "-m", "taixin.cli", "check", site, "--json"],
        env={**os.environ, "PYTHONPATH": str(samples.REPO / "src")},
        capture_output=True,
        check=True,
    )
    return json.loads(run.stdout)
