"""Site files for tests: one parcel in every wrapping, and what reading them gives."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING, Any

import geopandas
import pyogrio
import pytest
import shapely

from taixin.errors import InputError
from taixin.intake.sites import Request, read_sites

if TYPE_CHECKING:
    from pathlib import Path

    from taixin.intake.sites import Chunk

PARCEL = shapely.box(112.70, 38.10, 112.72, 38.12)
RING = [[112.7, 38.1], [112.72, 38.1], [112.72, 38.12], [112.7, 38.12], [112.7, 38.1]]


def read(site: Path | str, **options: Any) -> list[Chunk]:  # noqa: ANN401 - of a request
    return list(read_sites(site, Request(**options)))


def shapes(site: Path | str, **options: Any) -> list[Any]:  # noqa: ANN401 - of a request
    return [shape for chunk in read(site, **options) for shape in chunk.geometries]


def refusal(site: Path | str, **options: Any) -> str:  # noqa: ANN401 - of a request
    with pytest.raises(InputError) as caught:
        read(site, **options)
    return str(caught.value)


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def polygon(*rings: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def geojson(path: Path, *geometries: object, **members: object) -> Path:
    features = [feature(geometry) for geometry in geometries]
    document = {"type": "FeatureCollection", **members, "features": features}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def frame(crs: str = "EPSG:4326", **columns: list[object]) -> geopandas.GeoDataFrame:
    data = columns or {"name": ["地块一"]}
    count = len(next(iter(data.values())))
    shapes = geopandas.GeoSeries([PARCEL] * count, crs="EPSG:4326")
    return geopandas.GeoDataFrame(data, geometry=shapes).to_crs(crs)


def shapefile(folder: Path, **options: Any) -> Path:  # noqa: ANN401 - of a frame
    folder.mkdir(exist_ok=True)
    encoding = options.pop("encoding", "UTF-8")
    pyogrio.write_dataframe(frame(**options), folder / "地块.shp", encoding=encoding)
    return folder


def packed(folder: Path, archive: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(archive, "w") as target:
        for path in folder.iterdir():
            target.write(path, inside + path.name)
    return archive
