"""A planner's own files on the page: read, put where they belong, harmless whatever they hold."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyproj
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from taixin.intake.gcj02 import to_gcj02
from tests.atlas_page import box_of_map, open_atlas, own_drawn, role
from tests.own_things import (
    add,
    clear,
    collection,
    feature,
    found_at,
    give,
    layers,
    open_tab,
    pixel_of,
    zipped,
)

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import FilePayload, Page

    from tests.browsing import OfflinePage

PLACE = (112.7184, 38.1763)
HOSTILE = "<img src=x onerror=\"document.title='ran'\">{{7*7}}</script>"
HOME = box(112.70, 38.16, 112.74, 38.20)


@pytest.fixture
def page(offline_page: OfflinePage, site: Path) -> Page:
    """Give the page, opened and drawn."""
    return open_atlas(offline_page, site, (1440, 900))


# ---- doing --------------------------------------------------------------------------------------


def bbox_of_first(page: Page) -> list[float]:
    """Check the first own feature in sight and give its extent as the check tells it."""
    role(page, "own-check").first.click()
    role(page, "check-result").wait_for()
    with page.expect_download() as download:
        role(page, "check-json").click()
    record = json.loads(download.value.path().read_text("utf-8"))
    box_deg: list[float] = record["site"]["bbox"]
    return box_deg


# ---- files --------------------------------------------------------------------------------------


def frame(crs: int = 4490) -> gpd.GeoDataFrame:
    rows = {"名称": ["阳曲地块", "大盂"], "面积": [12.5, None]}
    return gpd.GeoDataFrame(
        rows, geometry=[HOME, box(112.8, 38.2, 112.82, 38.22)], crs=4490
    ).to_crs(crs)


def shapefile(folder: Path, *, crs: int = 4490, encoding: str = "UTF-8") -> dict[str, bytes]:
    folder.mkdir(exist_ok=True)
    frame(crs).to_file(folder / "地块.shp", encoding=encoding, engine="pyogrio")
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def kml(name: str, encoding: str = "utf-8") -> bytes:
    ring = " ".join(f"{lon},{lat},0" for lon, lat in HOME.exterior.coords)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document><Placemark><name>{name}</name><Polygon><outerBoundaryIs><LinearRing>"
        f"<coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "</Placemark></Document></kml>"
    ).encode(encoding)


GPX = (
    '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><wpt lat="38.1763" '
    'lon="112.7184"><name>踏勘点</name></wpt></gpx>'
).encode()


def ring_in(crs: int) -> list[list[float]]:
    project = pyproj.Transformer.from_crs(4490, crs, always_xy=True)
    return [list(project.transform(x, y)) for x, y in HOME.exterior.coords]


# ---- what is read -------------------------------------------------------------------------------


def test_every_format_is_read(page: Page, offline_page: OfflinePage, tmp_path: Path) -> None:
    ring = [list(point) for point in HOME.exterior.coords]
    shape = shapefile(tmp_path / "utf8")
    files = {
        "a.geojson": (collection(feature("Polygon", [ring], name="甲")), "甲"),
        "b.kml": (kml("乙"), "乙"),
        "c.kmz": (zipped({"doc.kml": kml("丙")}), "丙"),
        "d.gpx": (GPX, "踏勘点"),
        "e.zip": (zipped(shape), "阳曲地块"),
        "f.zip": (zipped(shape, "内部/资料/"), "阳曲地块"),
        "g.csv": (f"名称,经度,纬度\n丁,{PLACE[0]},{PLACE[1]}\n".encode("utf-8-sig"), "丁"),
        "h.csv": (f'name;lat;lon\n"a;""b""";{PLACE[1]};{PLACE[0]}\n'.encode(), 'a;"b"'),
    }
    for name, (content, words) in files.items():
        assert "已加到图上" in add(page, (name, content)), name
        assert words in found_at(page, *PLACE), name
        clear(page)
    loose = [(name, content) for name, content in shape.items()]
    assert "已加到图上：2" in add(page, *loose)
    offline_page.assert_quiet()


def test_chinese_text_is_read_in_its_encoding(page: Page, tmp_path: Path) -> None:
    gbk = shapefile(tmp_path / "gbk", encoding="GBK")
    undeclared = {name: content for name, content in gbk.items() if not name.endswith(".cpg")}
    table = f"名称,经度,纬度\n大盂镇,{PLACE[0]},{PLACE[1]}\n".encode("gbk")
    files = {
        "declared.zip": (zipped(gbk), "阳曲地块"),
        "undeclared.zip": (zipped(undeclared), "阳曲地块"),
        "table.csv": (table, "大盂镇"),
        "mislabelled.kml": (kml("大盂镇", "gbk"), "大盂镇"),
    }
    for name, (content, words) in files.items():
        body = give(page, (name, content))
        if name != "declared.zip":
            assert role(body, "data-encoding").input_value() == "gb18030", name
            assert words in role(body, "data-sample").inner_text(), name
        role(body, "data-add").click()
        assert words in found_at(page, *PLACE), name
        clear(page)


def test_the_encoding_can_be_chosen(page: Page, tmp_path: Path) -> None:
    parts = shapefile(tmp_path / "utf8")
    bare = {name: content for name, content in parts.items() if not name.endswith(".cpg")}
    body = give(page, ("bare.zip", zipped(bare)))
    role(body, "data-encoding").select_option("gb18030")
    page.wait_for_function(
        "() => !document.querySelector('[data-role=data-sample]')?.textContent.includes('阳曲地块')"
    )
    role(body, "data-encoding").select_option("utf-8")
    page.wait_for_function(
        "() => document.querySelector('[data-role=data-sample]')?.textContent.includes('阳曲地块')"
    )


def test_a_table_may_hold_shapes_as_text_and_circles(page: Page) -> None:
    shapes = MultiPolygon([box(112.6, 38.1, 112.62, 38.12), HOME, box(112.82, 38.2, 112.84, 38.25)])
    for number, shape in enumerate((HOME, shapes, LineString(HOME.exterior))):
        row = f'{number};"{shape.wkt}"'
        body = give(page, ("wkt.csv", f"nr;WKT\n{row}\n9;POLYGON ((1 2, 3\n".encode()))
        assert "2" in body.locator(".warning").first.inner_text()
        role(body, "data-add").click()
        page.wait_for_timeout(1200)
        (feature_drawn,) = own_drawn(page)
        frame = box_of_map(page)
        west, south, east, north = shape.bounds
        left, top = pixel_of(page, west, north)
        right, bottom = pixel_of(page, east, south)
        x0, y0, x1, y1 = feature_drawn["box"]
        assert (frame["x"] + x0, frame["y"] + y0) == pytest.approx((left, top), abs=1)
        assert (x1 - x0, y1 - y0) == pytest.approx((right - left, bottom - top), abs=1)
        clear(page)

    circle = f"名称,lon,lat,半径\n园,{PLACE[0]},{PLACE[1]},2500\n点,112.72,38.22,\n坏,112,38,-4\n"
    body = give(page, ("circle.csv", circle.encode()))
    assert "3" in body.locator(".warning").first.inner_text()
    role(body, "data-add").click()
    found_at(page, *PLACE)
    west, south, east, north = bbox_of_first(page)
    geod = pyproj.Geod(ellps="GRS80")

    # as wide as the circle, within the swelling of a polygon of 128 corners
    assert geod.inv(west, PLACE[1], east, PLACE[1])[2] == pytest.approx(5000, rel=1e-3)
    assert geod.inv(PLACE[0], south, PLACE[0], north)[2] == pytest.approx(5000, rel=1e-3)


# ---- coordinate systems -------------------------------------------------------------------------


@pytest.mark.parametrize("crs", [4547, 4526, 3857])
def test_metres_are_recognised_and_land_where_they_belong(crs: int, page: Page) -> None:
    body = give(page, ("metres.geojson", collection(feature("Polygon", [ring_in(crs)]))))
    assert role(body, "data-system").input_value() == f"EPSG:{crs}"
    role(body, "data-add").click()
    found_at(page, *PLACE)

    assert bbox_of_first(page) == pytest.approx(list(HOME.bounds), abs=2e-7)


def test_a_shapefile_says_its_system(page: Page, tmp_path: Path) -> None:
    parts = shapefile(tmp_path / "gk", crs=4547)
    body = give(page, ("gk.zip", zipped(parts)))

    assert role(body, "data-system").input_value() == "EPSG:4547"
    role(body, "data-add").click()
    found_at(page, *PLACE)
    assert bbox_of_first(page) == pytest.approx(list(HOME.bounds), abs=2e-7)


def test_gcj02_is_undone_when_declared(page: Page) -> None:
    shifted = to_gcj02(np.array([PLACE]))[0]
    table = f"高德经度,lon,lat\nx,{shifted[0]!r},{shifted[1]!r}\n".replace("np.float64", "")
    table = table.replace("(", "").replace(")", "")
    body = give(page, ("amap.csv", table.encode()))
    assert body.locator("[data-warning='looks_shifted']").count()
    role(body, "data-system").select_option("GCJ-02")
    role(body, "data-add").click()
    found_at(page, *PLACE)

    assert bbox_of_first(page) == pytest.approx([*PLACE, *PLACE], abs=2e-7)


def test_swapped_coordinates_are_noticed(page: Page) -> None:
    for name, point in {
        "degrees": (PLACE[1], PLACE[0]),
        "metres": pyproj.Transformer.from_crs(4490, 4547).transform(PLACE[1], PLACE[0]),
    }.items():
        content = collection(feature("Point", [float(value) for value in point], name="点"))
        body = give(page, (f"{name}.geojson", content))
        assert body.locator("[data-warning='looks_swapped']").count(), name
        assert role(body, "data-swap").is_checked(), name
        role(body, "data-add").click()
        assert "点" in found_at(page, *PLACE), name
        clear(page)


def test_a_system_that_cannot_be_is_refused(page: Page) -> None:
    told = add(page, ("a.geojson", collection(feature("Point", list(PLACE)))), system="EPSG:4547")
    assert "以米为单位" in told
    far = collection(feature("Point", [500000.0, 100.0]))
    assert "不在中国范围" in add(page, ("b.geojson", far), system="EPSG:4547")
    assert layers(page) == 0


# ---- what must not happen -----------------------------------------------------------------------


def bomb() -> bytes:
    return zipped({"bomb.geojson": b"0" * 60_000_000})


def cut_shapefile(folder: Path, ending: str) -> bytes:
    parts = shapefile(folder)
    return zipped(
        {
            name: content[: len(content) * 2 // 3] if name.endswith(ending) else content
            for name, content in parts.items()
        }
    )


def lying_shapefile(folder: Path) -> bytes:
    parts = shapefile(folder)
    name = next(name for name in parts if name.endswith(".shp"))
    content = bytearray(parts[name])
    content[100 + 8 + 36 : 100 + 8 + 44] = struct.pack("<ii", 2_000_000_000, 2_000_000_000)
    return zipped(parts | {name: bytes(content)})


def hostile_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    whole = zipped({"a.geojson": collection(feature("Point", list(PLACE)))})
    parts = shapefile(folder / "whole")
    old = {
        name: content.replace(b"China_2000", b"Beijing_1954") if name.endswith(".prj") else content
        for name, content in parts.items()
    }
    return {
        "bomb.zip": (bomb(), "压缩比"),
        "cut.zip": (whole[:-40], "损坏"),
        "empty.zip": (zipped({"readme.md": b"hello"}), "没有可读的数据"),
        "cut-shp.zip": (cut_shapefile(folder / "shp", ".shp"), "被截断"),
        "cut-dbf.zip": (cut_shapefile(folder / "dbf", ".dbf"), "被截断"),
        "lying.zip": (lying_shapefile(folder / "lie"), ""),
        "no-dbf.zip": (zipped({k: v for k, v in parts.items() if "dbf" not in k}), "缺少 .dbf"),
        "old.zip": (zipped(old), "北京 54"),
        "deep.geojson": (b"[" * 200_000 + b"]" * 200_000, ""),
        "deep.kml": (b"<kml>" + b"<Folder>" * 90_000 + b"</Folder>" * 90_000 + b"</kml>", "嵌套"),
        "cut.geojson": (collection(feature("Point", list(PLACE)))[:-8], "截断"),
        "cut.kml": (kml("x")[:-30], "XML"),
        "laughs.kml": (b'<!DOCTYPE kml [<!ENTITY a "&b;&b;">]><kml>&a;</kml>', "实体"),
        "page.kml": (b"<html><script>document.title='ran'</script></html>", "html"),
        "nan.geojson": (b'{"type":"Point","coordinates":[NaN,38]}', "JSON"),
        "huge.geojson": (b'{"type":"Point","coordinates":[1e308,38]}', "没有可用的要素"),
        "text.csv": (b"a,b\n1,2\n", "坐标列"),
        "quote.csv": (b'lon,lat,n\n112,38,"never', "引号"),
        "bytes.geojson": (bytes(range(256)) * 40, "JSON"),
        "run.exe": (b"MZ", "格式"),
        "keys.geojson": (
            collection(feature("Point", list(PLACE), **{f"k{i}": i for i in range(2000)})),
            "属性超过",
        ),
    }  # fmt: skip


def test_hostile_files_are_a_sentence_and_change_nothing(
    page: Page, offline_page: OfflinePage, tmp_path: Path
) -> None:
    assert "已加到图上" in add(page, ("first.geojson", collection(feature("Point", list(PLACE)))))
    before = len(own_drawn(page))
    for name, (content, sentence) in hostile_files(tmp_path).items():
        told = add(page, (name, content))
        assert told, name
        assert sentence in told, f"{name}: {told}"
        assert layers(page) == 1, name
        assert len(own_drawn(page)) == before, name
    assert page.title() == "太忻规划图集"
    offline_page.assert_quiet()


def test_hostile_words_never_run(page: Page, offline_page: OfflinePage) -> None:
    content = collection(
        feature("Point", list(PLACE), **{"name": HOSTILE, "__proto__": "x", HOSTILE: HOSTILE})
    )
    add(page, (f"{HOSTILE.replace('/', '')}.geojson", content))
    told = found_at(page, *PLACE)

    assert HOSTILE in told
    assert page.title() == "太忻规划图集"
    assert (
        page.evaluate("({}).x === undefined && document.querySelectorAll('img[src=x]').length") == 0
    )
    offline_page.assert_quiet()


def test_a_file_of_a_hundred_megabytes_is_refused_at_once(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "large.geojson"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    role(open_tab(page, "data"), "data-file").set_input_files(path)

    message = role(page, "data-message")
    page.wait_for_function("(node) => node.textContent", arg=message.element_handle())
    assert "100.0 MB" in message.inner_text()


def many(count: int) -> bytes:
    rng = np.random.default_rng(1)
    points = rng.uniform((111.5, 37.5), (113.5, 39.5), (count, 2)).round(6)
    return collection(*(feature("Point", point.tolist(), n=i) for i, point in enumerate(points)))


def test_a_large_file_shows_progress_and_can_be_cancelled(page: Page) -> None:
    content = many(20_000)
    body = open_tab(page, "data")
    kind = "application/json"
    payload: FilePayload = {"name": "many.geojson", "mimeType": kind, "buffer": content}
    # pressed as soon as it is there: a quick machine has the file read before a slow hand comes
    body.evaluate(
        """(node) => new MutationObserver((_, watch) => {
            const stop = node.querySelector("[data-role='data-stop']");
            if (stop) { watch.disconnect(); stop.click(); }
        }).observe(node, { childList: true, subtree: true })"""
    )
    role(body, "data-file").set_input_files([payload])
    role(body, "data-message").get_by_text("已取消").wait_for()
    page.wait_for_timeout(1500)
    assert not role(body, "data-form").count()
    assert layers(page) == 0
    assert "20,000" in add(page, ("many.geojson", content)).replace("20000", "20,000")


def test_a_large_file_is_painted_and_answers_clicks(page: Page) -> None:
    add(page, ("many.geojson", many(5000)))
    assert len(own_drawn(page)) == 5000
    canvas = page.locator(".leaflet-taixin-own-pane canvas")
    count = """(node) => node.getContext("2d").getImageData(0, 0, node.width, node.height).data
        .filter((value, i) => i % 4 === 3 && value > 0).length"""
    assert canvas.evaluate(count) > 20_000
    point = json.loads(many(5000))["features"][7]["geometry"]["coordinates"]
    assert "7" in found_at(page, *point)
    page.locator("[data-own-layer] input").uncheck()
    assert not own_drawn(page)
    assert canvas.evaluate(count) == 0


def test_too_many_features_are_refused(page: Page) -> None:
    assert "上限" in add(page, ("many.geojson", many(60_000)))


def test_a_file_may_be_dropped_anywhere(page: Page, offline_page: OfflinePage) -> None:
    text = collection(feature("Point", list(PLACE), name="拖入")).decode()
    page.evaluate(
        """(text) => {
            const files = new DataTransfer();
            files.items.add(new File([text], "dropped.geojson"));
            for (const type of ["dragenter", "dragover", "drop"]) {
                const init = { bubbles: true, cancelable: true, dataTransfer: files };
                document.querySelector(".stage").dispatchEvent(new DragEvent(type, init));
            }
        }""",
        text,
    )
    role(page, "data-add").click()
    assert "拖入" in found_at(page, *PLACE)
    assert not role(page, "drop-veil").is_visible()
    offline_page.assert_quiet()


def test_layers_are_hidden_shown_and_removed(page: Page) -> None:
    add(page, ("a.geojson", collection(feature("Point", list(PLACE)))))
    box_ = page.locator("[data-own-layer] input")
    assert len(own_drawn(page)) == 1
    box_.uncheck()
    assert not own_drawn(page)
    box_.check()
    assert len(own_drawn(page)) == 1
    clear(page)
    assert not own_drawn(page)


def test_an_own_feature_is_checked_against_the_plans(page: Page) -> None:
    ring = [list(point) for point in Polygon(HOME.exterior).exterior.coords]
    add(page, ("a.geojson", collection(feature("Polygon", [ring], name="阳曲地块"))))
    found_at(page, *PLACE)
    found = bbox_of_first(page)

    assert found == pytest.approx(list(HOME.bounds))
    assert "阳曲地块" in role(page, "check-result").inner_text()
    assert Point(PLACE).within(box(found[0], found[1], found[2], found[3]))


def test_the_data_tab_speaks_english(page: Page) -> None:
    role(page, "language").click()
    body = give(page, ("a.geojson", collection(feature("Point", list(PLACE)))))

    assert not [letter for letter in body.inner_text() if "\u4e00" <= letter <= "\u9fff"]
