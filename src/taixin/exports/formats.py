"""Every format of delivery: who writes it, what it is, and what it loses."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from taixin.errors import InputError, Problem
from taixin.exports.cad import write_dxf
from taixin.exports.containers import write_fgb, write_gdb, write_gpkg, write_shp
from taixin.exports.geojson import write_geojson
from taixin.exports.geoparquet import write_parquet
from taixin.exports.kml import write_kml, write_kmz
from taixin.exports.project import write_qgz
from taixin.exports.spreadsheets import write_csv, write_xlsx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from taixin.exports.tables import Job

__all__ = ["DATABASE", "FORMATS", "GEOGRAPHIC", "METRIC", "Format", "check_out"]

#: What data is delivered in unless one asks for another CRS.
GEOGRAPHIC: Final = "EPSG:4490"
METRIC: Final = "EPSG:4547"
_LONLAT: Final = "OGC:CRS84"
#: The one format that goes to no file.
DATABASE: Final = "postgis"


@dataclass(frozen=True, slots=True)
class Format:
    """A format of delivery.

    Parameters
    ----------
    write
        Writes a job and returns the files written.
    suffixes
        What the name of a file of it may end with.
    is_folder
        Whether a folder may be named instead, which receives a file a layer.
    crs
        What it is written in unless another one is asked for.
    about
        What it is for, in Chinese and English.
    loses
        What does not survive in it, in Chinese and English.
    """

    write: Callable[[Job], list[Path]]
    suffixes: tuple[str, ...]
    is_folder: bool
    crs: str
    about: tuple[str, str]
    loses: tuple[str, str]


_NOTHING: Final = ("无", "nothing")
_LISTS: Final = ("列表合并为以“;”分隔的文本", "lists become text joined by ';'")

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "geojson": Format(
            write_geojson, (".geojson",), True, _LONLAT,
            ("RFC 7946 标准数据，网页与程序通用", "the canonical data, RFC 7946"), _NOTHING,
        ),
        "gpkg": Format(
            write_gpkg, (".gpkg",), False, GEOGRAPHIC,
            ("GeoPackage，全部图层，QGIS 中自带样式与中文字段名",
             "GeoPackage with all layers, styles and field aliases for QGIS"), _LISTS,
        ),
        "gdb": Format(
            write_gdb, (".gdb", ".zip"), False, GEOGRAPHIC,
            ("文件地理数据库，供 ArcGIS 使用", "File Geodatabase for ArcGIS"),
            ("样式、中文字段别名；整数为 32 位，是否型为 0/1；列表合并为文本",
             "styles and field aliases; integers have 32 bits, truth values are 0 and 1; "
             "lists become text"),
        ),
        "shp": Format(
            write_shp, (".shp", ".zip"), True, GEOGRAPHIC,
            ("Shapefile，每层一个，UTF-8 或 GBK", "Shapefiles, one a layer, UTF-8 or GBK"),
            ("字段名缩短为 10 个 ASCII 字符（见字典）；文本超过 254 字节截断；样式；"
             "全无位置的图层只有 .dbf；GBK 中没有的“²”写作“2”",
             "field names cut to ten ASCII letters (see the dictionary); texts beyond 254 bytes "
             "cut; styles; a layer without any position is a .dbf alone; in GBK '²' becomes '2'"),
        ),
        "fgb": Format(
            write_fgb, (".fgb", ".zip"), True, GEOGRAPHIC,
            ("FlatGeobuf，每层一个，可按范围读取", "FlatGeobuf, one a layer, read by extent"),
            ("样式；有空间索引的图层要素次序改变；列表合并为文本",
             "styles; the order of features where there is a spatial index; lists become text"),
        ),
        "parquet": Format(
            write_parquet, (".parquet",), True, GEOGRAPHIC,
            ("GeoParquet 1.1，含坐标系与每行外包框，供数据分析",
             "GeoParquet 1.1 with CRS and a bounding box a row, for analysis"),
            ("样式；列表合并为文本", "styles; lists become text"),
        ),
        "kml": Format(
            write_kml, (".kml",), False, _LONLAT,
            ("KML，按规划与体系分文件夹，带样式；点符号在同名 -icons 文件夹",
             "KML in folders by plan and system, styled; point symbols in the -icons folder"),
            ("数字变为文本；虚线、图案填充；无位置的要素是没有几何的地标",
             "numbers become text; dashes and hatches; unlocated features are placemarks without "
             "geometry"),
        ),
        "kmz": Format(
            write_kmz, (".kmz",), False, _LONLAT,
            ("KMZ，同 KML，符号打包在内", "KMZ, as KML with the symbols inside"),
            ("同 KML", "as KML"),
        ),
        "dxf": Format(
            write_dxf, (".dxf",), False, METRIC,
            ("DXF R2010，按类别分层，单位米，X 为东、Y 为北；坐标系另存 .prj",
             "DXF R2010, layers by kind, metres, X east, Y north; the CRS in a .prj beside it"),
            ("属性只存标识、名称、出处、误差（XDATA“TAIXIN”）；无位置的要素列在布局 Unlocated；"
             "透明度与柔边",
             "of the attributes only id, name, source and accuracy are kept (XDATA 'TAIXIN'); "
             "unlocated features are listed in the layout Unlocated; transparency, soft rims"),
        ),
        "csv": Format(
            write_csv, (".csv", ".zip"), True, GEOGRAPHIC,
            ("CSV（UTF-8 带 BOM），含经纬度与 WKT", "CSV, UTF-8 with BOM, lon/lat and WKT"),
            ("样式、数据类型；以 = + - @ 开头的文本前加 '；Excel 会截断超长的 WKT",
             "styles and types; texts beginning with = + - @ get a ' in front; Excel cuts long "
             "WKT"),
        ),
        "xlsx": Format(
            write_xlsx, (".xlsx",), False, GEOGRAPHIC,
            ("Excel 工作簿，每层一表，另有目录、来源、字典",
             "Excel workbook, a sheet a layer, with contents, sources and dictionary"),
            ("几何：只有要素上一点的经纬度；样式；列表合并为文本",
             "geometry: only lon/lat of a point on the feature; styles; lists become text"),
        ),
        "qgz": Format(
            write_qgz, (".qgz",), False, GEOGRAPHIC,
            ("QGIS 工程（3.22 及以上），分组、带样式与底图，读取旁边的 .gpkg",
             "QGIS project (3.22 or later), grouped, styled, with base map; reads the .gpkg beside"),
            ("没有几何的图层只作属性表；位置图例与网页略有不同",
             "layers without geometry are tables; label positions differ from the page"),
        ),
    }
)  # fmt: skip


def check_out(name: str, out: Path) -> None:
    """Refuse a file name that does not fit a format, before anything is written.

    Raises
    ------
    InputError
        If the name ends otherwise than it must, or is that of a folder.
    """
    form = FORMATS[name]
    fits = out.suffix in form.suffixes
    if fits and (not out.is_dir() or out.suffix == ".gdb"):
        return
    if form.is_folder and not fits:
        return
    wanted = " or ".join(form.suffixes)
    message = f"'{out.name}' cannot be a {name} file"
    remedy = f"name a file that ends in {wanted}"
    raise InputError([Problem("--out", "", message, remedy)])
