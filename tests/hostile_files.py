"""More than two hundred files that are broken or mean harm, and what has to be said of each.

Ideas are from the JSON and GeoJSON test suites, the fuzzing corpora of GDAL and of zip programs,
and from what planning offices send. An empty text stands for any sentence; None for a file that is
read, as the parcel or the place that it holds.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

from tests.hostile_parts import (
    GOOD,
    GPX_POINT,
    KML_POINT,
    KML_RING,
    PARCEL,
    PLACE,
    WORDS,
    Case,
    document,
    geometry,
    gpx,
    kml,
    of,
    placemark,
    zipped,
)
from tests.site_files import RING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cases", "truncations"]


def cases() -> dict[str, Case]:
    """Give every file by its name, with its content and what is said of it."""
    found = {
        **_numbers(), **_shapes(), **_odd_shapes(), **_documents(), **_encodings(), **_texts(),
        **_names(), **_xml(), **_archives(), **_tables(), **_disguises(),
    }  # fmt: skip
    assert len(found) >= 200, len(found)
    return found


def _point(coordinates: str) -> bytes:
    return f'{{"type":"Point","coordinates":{coordinates}}}'.encode()


def _numbers() -> dict[str, Case]:
    broken = {
        "nan": "[NaN,38]", "infinity": "[Infinity,38]", "minus-infinity": "[-Infinity,38]",
        "1e308": "[1e308,38]", "1e309": "[1e309,38]", "minus-1e308": "[-1e308,-1e308]",
        "hex": "[0x70,38]", "octal": "[0112,38]", "plus": "[+112,38]", "dot": "[.5,38]",
        "trailing-dot": "[112.,38]", "comma": "[112,38,]", "comma-decimal": "[112,7,38,2]",
        "long": "[" + "9" * 5000 + ",38]", "exponent": "[1e99999999999,38]", "bool": "[true,38]",
        "null": "[null,38]", "text": '["112.7","38.1"]', "one": "[112]", "none": "[[]]",
        "nested": "[[112,38]]", "object": '{"x":112,"y":38}', "seven": "[112,38,0,1,2,3]",
        "swapped": "[38.1,112.7]", "degrees-minutes": "[11242.6,3806.6]",
        "metres": "[387006,4220087]",
        "prefixed": "[38387006,4220087]", "web-mercator": "[12546000,4600000]",
        "america": "[-100,38]", "south": "[112,-38]", "zero": "[0,0]", "pole": "[112,90]",
        "date-line": "[180,38]", "out-of-world": "[112,91]", "tiny": "[1e-320,1e-320]",
        "arabic": "[١١٢,٣٨]", "fullwidth": "[１１２,３８]",
    }  # fmt: skip
    read = ("seven",)
    found: dict[str, Case] = {
        f"number-{name}.geojson": (_point(text), None if name in read else "")
        for name, text in broken.items()
    }
    found["number-seven.geojson"] = (_point("[112.71,38.11,0,1,2,3]"), None)
    found["number-digits.geojson"] = (_point("[112.71" + "0" * 400 + ",38.11]"), None)
    found["number-height.geojson"] = (_point("[112.71,38.11,1e308]"), None)
    return found


def _shapes() -> dict[str, Case]:
    hole = [[112.705, 38.105], [112.71, 38.105], [112.71, 38.11], [112.705, 38.105]]
    bad: dict[str, object] = {
        "open-ring": geometry("Polygon", [RING[:-1]]),
        "two-points": geometry("Polygon", [[RING[0], RING[1], RING[0]]]),
        "bow-tie": geometry("Polygon", [[RING[0], RING[2], RING[1], RING[3], RING[0]]]),
        "flat": geometry("Polygon", [[RING[0], RING[1], RING[1], RING[0]]]),
        "spike": geometry("Polygon", [[*RING[:2], [113, 38.1], *RING[1:]]]),
        "hole-outside": geometry("Polygon", [RING, [[lon + 1, lat] for lon, lat in hole]]),
        "hole-is-shell": geometry("Polygon", [RING, RING]),
        "ring-of-numbers": geometry("Polygon", RING),
        "ring-too-deep": geometry("Polygon", [[RING]]),
        "ring-null": geometry("Polygon", [None]),
        "ring-text": geometry("Polygon", ["ring"]),
        "no-ring": geometry("Polygon", [[]]),
        "mixed-length": geometry("LineString", [[112, 38], [112.1, 38.1, 5]]),
        "line-of-one": geometry("LineString", [[112, 38]]),
        "line-of-same": geometry("LineString", [[112, 38], [112, 38]]),
        "overlap": geometry("MultiPolygon", [[RING], [RING]]),
        "parts-null": geometry("MultiPolygon", [None]),
        "circle": geometry("Circle", [112, 38], radius=5),
        "curve": geometry("CircularString", [[112, 38], [112.1, 38.1], [112.2, 38]]),
        "curve-polygon": geometry("CurvePolygon", [RING]),
        "lower-case": geometry("polygon", [RING]),
        "topology": {"type": "Topology", "arcs": []},
        "number": 5, "text": "POLYGON((0 0,1 1,1 0,0 0))", "list": [RING], "true": True,
        "no-type": {"coordinates": list(PLACE)}, "no-coordinates": {"type": "Point"},
        "coordinates-null": geometry("Point", None), "coordinates-number": geometry("Point", 5),
        "empty": geometry("Point", []), "empty-polygon": geometry("Polygon", []),
        "null": None, "empty-object": {},
        "collection-mixed": {"type": "GeometryCollection", "geometries": [
            geometry("Point", list(PLACE)), geometry("Polygon", [RING])]},
        "collection-of-nothing": {"type": "GeometryCollection", "geometries": []},
        "collection-no-list": {"type": "GeometryCollection", "geometries": 5},
        "feature-in-feature": of(geometry("Point", list(PLACE))),
    }  # fmt: skip
    deep: dict[str, Any] = geometry("Point", list(PLACE))
    for _ in range(40):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    bad["collection-deep"] = deep
    return {f"shape-{name}.geojson": (document(of(shape)), "") for name, shape in bad.items()}


def _odd_shapes() -> dict[str, Case]:
    with_heights = [[lon, lat, 800 + lon] for lon, lat in RING]
    good: dict[str, object] = {
        "heights": geometry("Polygon", [with_heights]),
        "measured": geometry("Polygon", [[[*point, 7] for point in with_heights]]),
        "clockwise": geometry("Polygon", [RING[::-1]]),
        "repeated": geometry("Polygon", [[point for point in RING for _ in range(2)]]),
        "multi-of-one": geometry("MultiPolygon", [[RING]]),
        "extra-members": geometry("Polygon", [RING], bbox=[1, 2, 3, 4], crs=None, __proto__=1),
    }
    return {f"shape-{name}.geojson": (document(of(shape)), None) for name, shape in good.items()}


def _documents() -> dict[str, Case]:
    ring = json.dumps(RING)
    texts: dict[str, str | None] = {
        "": "", "{": "", "[": "", "null": "", "5": "", '"text"': "", "{}": "", "[]": "", "\0\0": "",
        '{"type":5}': "", '{"type":"FeatureCollection"}': "",
        '{"type":"FeatureCollection","features":{}}': "",
        '{"type":"FeatureCollection","features":null}': "",
        '{"type":"FeatureCollection","features":[]}': "no feature",
        '{"type":"FeatureCollection","features":[null]}': "no Feature",
        '{"type":"FeatureCollection","features":[5,"x"]}': "no Feature",
        '{"type":"FeatureCollection","features":[{}]}': "no Feature",
        '{"type":"Feature"}': "", '{"type":"feature","geometry":null}': "",
        "[" * 100_000 + "]" * 100_000: "", '{"a":' * 100_000 + "1" + "}" * 100_000: "",
        '{"type":"Point","coordinates":' + "[" * 100_000 + "]" * 100_000 + "}": "nested",
        "<html><script>document.title='ran'</script>": "", "callback(" + GOOD.decode() + ")": "",
        GOOD.decode() + GOOD.decode(): "", GOOD.decode() + "\0": "", GOOD.decode() + " \n\t": None,
        "//comment\n" + GOOD.decode(): "", GOOD.decode().replace('"', "'"): "",
        GOOD.decode().replace('"type"', "type"): "", GOOD.decode()[:-1] + ",}": "",
        # the last of two equal keys counts, as in every other reader
        f'{{"type":"Polygon","coordinates":[[[0,0]]],"coordinates":[{ring}]}}': None,
        f'{{"type":"Point","type":"Polygon","coordinates":[{ring}]}}': None,
        '{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":'
        f"[{ring}]}}}}": None,
        '{"type":"Feature","properties":[1],"geometry":{"type":"Polygon","coordinates":'
        f"[{ring}]}}}}": None,
        f'{{"type":"Feature","geometry":{{"type":"Polygon","coordinates":[{ring}]}},"id":{{}}}}':
            None,
    }  # fmt: skip
    found = {
        f"document-{number}.geojson": (text.encode(), said)
        for number, (text, said) in enumerate(texts.items())
    }
    crs: dict[str, tuple[object, str | None]] = {
        "unknown": ({"type": "name", "properties": {"name": "EPSG:0"}}, "unknown"),
        "link": ({"type": "link", "properties": {"href": "http://x/y"}}, "names no"),
        "file": ({"type": "name", "properties": {"name": "/etc/passwd"}}, ""),
        "pipeline": ({"type": "name", "properties": {"name": "+proj=pipeline +step"}}, ""),
        "number": (5, "names no"),
        "list": ([], "names no"),
        "wrong-metres": ({"type": "name", "properties": {"name": "EPSG:4547"}}, ""),
        "xian": ({"type": "name", "properties": {"name": "EPSG:4610"}}, "Xi'an 1980"),
        "right": ({"type": "name", "properties": {"name": "EPSG:4490"}}, None),
        "null": (None, None),
    }
    for name, (member, said) in crs.items():
        found[f"crs-{name}.geojson"] = (document(PARCEL, crs=member), said)
    return found


def _encodings() -> dict[str, Case]:
    text = GOOD.decode()
    halves = text.encode("gb18030") + "\n太忻".encode()
    return {
        "utf8-bom.geojson": (text.encode("utf-8-sig"), None),
        "utf16.geojson": (text.encode("utf-16"), None),
        "utf16-no-bom.geojson": (text.encode("utf-16-le"), ""),
        "utf32.geojson": (text.encode("utf-32"), ""),
        "gbk.geojson": (text.encode("gbk"), None),
        "gb18030.geojson": (text.replace("地块", "地块㐀𠀀").encode("gb18030"), None),
        "big5.geojson": (text.replace("地块", "地塊").encode("big5"), None),
        "mixed.geojson": (halves, ""),
        "latin1.geojson": (text.replace("地块", "é\xff").encode("latin-1"), ""),
        "overlong.geojson": (GOOD.replace("地".encode(), b"\xc0\xaf"), ""),
        "surrogate.geojson": (GOOD.replace("地".encode(), b"\\ud800"), None),
        "nul-in-text.geojson": (GOOD.replace("地".encode(), b"\\u0000"), None),
        "nul-in-file.geojson": (GOOD.replace("地".encode(), b"\0"), ""),
        "line-separators.geojson": (text.replace(" ", "\u2028").encode(), ""),
        "gbk.csv": (f"名称,经度,纬度\n点,{PLACE[0]},{PLACE[1]}\n".encode("gbk"), None),
        "utf16.csv": (f"名称,经度,纬度\n点,{PLACE[0]},{PLACE[1]}\n".encode("utf-16"), None),
        "mac.csv": (f"name,lon,lat\ra,{PLACE[0]},{PLACE[1]}\r".encode(), None),
    }


def _texts() -> dict[str, Case]:
    shape = geometry("Polygon", [RING])
    found: dict[str, Case] = {}
    for number, word in enumerate(WORDS):
        found[f"word-{number}.geojson"] = (document(of(shape, name=word)), None)
        found[f"key-{number}.geojson"] = (document(of(shape, **{word: word})), None)
        bare = "".join(sign for sign in word if sign.isprintable())
        escaped = bare.replace("&", "&amp;").replace("<", "&lt;")
        found[f"word-{number}.kml"] = (kml(placemark(escaped, KML_RING)), None)
        found[f"data-{number}.kml"] = (kml(placemark(f"<![CDATA[{bare}]]>", KML_RING)), None)
        cell = bare.replace('"', '""')
        row = f'name,lon,lat\n"{cell}",{PLACE[0]},{PLACE[1]}\n'
        found[f"word-{number}.csv"] = (row.encode(), None)
        found[f"word-{number}.gpx"] = (gpx(GPX_POINT.replace("点", escaped)), None)
    found["ten-megabytes.geojson"] = (document(of(shape, name="长" * 3_500_000)), None)
    found["ten-megabyte-key.geojson"] = (document(of(shape, **{"k" * 10_000_000: 1})), None)
    found["six-hundred-keys.geojson"] = (
        document(of(shape, **{f"k{i}": i for i in range(600)})),
        "more than 500 attributes",
    )
    deep: object = 1
    for _ in range(500):
        deep = [deep]
    found["deep-property.geojson"] = (document(of(shape, name=deep)), None)
    found["prototype.geojson"] = (
        document(of(shape, __proto__={"x": 1}, constructor="x", toString="y")), None)  # fmt: skip
    return found


def _names() -> dict[str, Case]:
    names = (
        "<img src=x onerror=alert(1)>.geojson", "{{7*7}}.geojson", "a b'c\"d.geojson",
        "-rf.geojson", "--crs.geojson", "=1+1.geojson", "名称\u202egnp.geojson",
        "%2e%2e%2f.geojson",
        "vsizip.geojson", "MYSQL:x,user=y.geojson", "a" * 200 + ".geojson", "😀.geojson",
        "CON.geojson", ".geojson.geojson", "a\nb.geojson", "GEOJSON.GEOJSON",
    )  # fmt: skip
    return dict.fromkeys(names, (GOOD, None))


def _xml() -> dict[str, Case]:
    outside = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    remote = '<!DOCTYPE kml SYSTEM "http://localhost:9/evil.dtd">'
    parameter = '<!DOCTYPE kml [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]>'
    steps = (f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    laughs = f'<!DOCTYPE kml [<!ENTITY a "ha">{"".join(steps)}]>'
    link = "<NetworkLink><Link><href>http://localhost:9/x.kml</href></Link></NetworkLink>"
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'
    overlay = "<GroundOverlay><Icon><href>file:///etc/passwd</href></Icon></GroundOverlay>"
    good = placemark("地块", KML_RING)
    return {
        "xxe.kml": (kml(placemark("&x;", KML_RING), outside), "entit"),
        "xxe-remote.kml": (kml(good, remote), "entit"),
        "xxe-parameter.kml": (kml(good, parameter), "entit"),
        "laughs.kml": (kml(placemark("&j;", KML_RING), laughs), "entit"),
        "doctype.kml": (kml(good, "<!DOCTYPE kml>"), "entit"),
        "xxe.gpx": (gpx(GPX_POINT.replace("点", "&x;"), outside.replace("kml", "gpx")), "entit"),
        "laughs.gpx": (gpx(GPX_POINT.replace("点", "&j;"), laughs), "entit"),
        "utf16-xxe.kml": (
            kml(placemark("&x;", KML_RING), outside).decode().replace("UTF-8", "UTF-16")
            .encode("utf-16"), ""),
        "link.kml": (kml(link), ""),
        "link-and-parcel.kml": (kml(link + good), None),
        "include.kml": (kml(include + good), None),
        "overlay.kml": (kml(overlay + good), None),
        "style.kml": (kml("<Style><IconStyle><Icon><href>http://localhost:9/x</href></Icon>"
                          "</IconStyle></Style>" + good), None),
        "description.kml": (kml(placemark(
            "地块", "<description><![CDATA[<script>document.title='ran'</script>]]></description>"
            + KML_RING)), None),
        "empty.kml": (kml(""), ""),
        "no-kml.kml": (b"<html><body>hello</body></html>", ""),
        "unclosed.kml": (kml(good)[:-6], ""),
        "two-roots.kml": (kml(good) + kml(good), ""),
        "deep.kml": (kml("<Folder>" * 5000 + good + "</Folder>" * 5000), ""),
        "nan.kml": (kml(placemark("a", KML_POINT.replace("112.71", "nan"))), ""),
        "huge.kml": (kml(placemark("a", KML_POINT.replace("112.71", "1e308"))), ""),
        "letters.kml": (kml(placemark("a", KML_POINT.replace("112.71", "abc"))), ""),
        "no-coordinates.kml": (kml(placemark("a", "<Point/>")), ""),
        "track.kml": (kml(placemark("a", "<Model><Location/></Model>")), ""),
        "nan.gpx": (gpx(GPX_POINT.replace("112.71", "nan")), ""),
        "no-lon.gpx": (gpx('<wpt lat="38"/>'), ""),
        "empty.gpx": (gpx(""), ""),
        "good.kml": (kml(good), None),
        "good.gpx": (gpx(GPX_POINT), None),
    }  # fmt: skip


def _archives() -> dict[str, Case]:
    good = ("site.geojson", GOOD)
    outside = ("../site.geojson", "/site.geojson", "a/../../site.geojson",
               "C:\\site.geojson", "..\\site.geojson", "\\\\host\\share\\site.geojson",
               "file:site.geojson")  # fmt: skip
    found: dict[str, Case] = {
        f"outside-{number}.zip": (zipped((name, GOOD)), "points outside itself")
        for number, name in enumerate(outside)
    }
    whole = zipped(good)
    flagged = bytearray(whole)
    flagged[6] |= 1
    flagged[whole.index(b"PK\1\2") + 8] |= 1
    lying = bytearray(zipped(("site.geojson", GOOD + b" " * 5000)))
    place = lying.index(b"PK\1\2") + 24
    lying[place : place + 4] = struct.pack("<I", 10)
    method = bytearray(whole)
    method[whole.index(b"PK\1\2") + 10] = 99
    wrong = bytearray(whole)
    wrong[whole.index(b"PK\1\2") + 16] ^= 255
    return found | {
        "link.zip": (zipped(("site.geojson", b"/etc/passwd"), links=True), "holds a link"),
        "bomb.zip": (zipped(("site.geojson", b"0" * 60_000_000)), "unpacks to too much"),
        "many.zip": (zipped(*((f"{i}.txt", b"x") for i in range(1200))), "too many"),
        "nested.zip": (zipped(("a.zip", zipped(good))), "another archive"),
        "encrypted.zip": (bytes(flagged), "encrypted"),
        "lying.zip": (bytes(lying), ""),
        "unknown-method.zip": (bytes(method), ""),
        "wrong-sum.zip": (bytes(wrong), ""),
        "twice.zip": (zipped(good, ("b/site.geojson", GOOD)), "2 data sets"),
        "empty.zip": (zipped(), "no data"),
        "nothing.zip": (zipped(("readme.md", b"hello")), "no data"),
        "no-zip.zip": (b"hello", "damaged"),
        "rar.zip": (b"Rar!\x1a\x07\0" + b"x" * 100, "damaged"),
        "only-end.zip": (b"PK\5\6" + bytes(18), "no data"),
        "shorter.zip": (whole[:60] + whole[66:], "damaged"),
        "scrambled.zip": (whole[:45] + b"\xff" * 20 + whole[65:], "damaged"),
        "prefixed.zip": (b"#!/bin/sh\nrm -rf /\n" + whole, None),
        "script-names.zip": (zipped(("<script>alert(1)</script>/site.geojson", GOOD)), None),
        "mac.zip": (zipped(good, ("__MACOSX/._site.geojson", b"x")), None),
        "half-shapefile.zip": (zipped(("a.shp", b"\0\0\x27\x0a" + bytes(200))), "lacks its"),
        "bad.kmz": (zipped(("doc.txt", b"x")), ""),
        "outside.kmz": (zipped(("../doc.kml", kml(""))), "points outside itself"),
        "xxe.kmz": (zipped(("doc.kml", kml(
            placemark("&x;", KML_RING), '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ))), "entit"),
        "good.kmz": (zipped(("doc.kml", kml(placemark("地块", KML_RING)))), None),
        "good.zip": (whole, None),
    }  # fmt: skip


def _tables() -> dict[str, Case]:
    lon, lat = PLACE
    bad = {
        "no-columns": "a,b\n1,2\n", "no-rows": "lon,lat\n", "letters": "lon,lat\nx,y\n",
        "nan": f"lon,lat\nnan,{lat}\n", "infinite": f"lon,lat\ninf,{lat}\n",
        "huge": f"lon,lat\n1e308,{lat}\n", "empty-cell": f"lon,lat\n,{lat}\n",
        "swapped": f"lon,lat\n{lat},{lon}\n", "short": "name,lon,lat\na,112\n",
        "metres": "x,y\n387006,4220087\n", "quote": f'name,lon,lat\n"a,{lon},{lat}\n',
        "wide-cell": "name,lon,lat\n" + "x" * 200_000 + ",1,2\n",
        "binary": "\x01\x02\x03,\x04\n", "formula": f'lon,lat\n"=112+0.7",{lat}\n',
        "degree-signs": "lon,lat\n112°99'99\",38°6'\n",
    }  # fmt: skip
    good = {
        "twice": f"lon,lat,lon\n{lon},{lat},{lon}\n",
        "semicolons": f"name;lon;lat\na;{lon};{lat}\n",
        "tabs": f"name\tlon\tlat\na\t{lon}\t{lat}\n",
        "spaces": f" lon , lat \n {lon} , {lat} \n",
        "blank-lines": f"\n\nlon,lat\n\n{lon},{lat}\n\n",
    }
    return {f"table-{name}.csv": (text.encode(), "") for name, text in bad.items()} | {
        f"table-{name}.csv": (text.encode(), None) for name, text in good.items() if name != "twice"
    }


def _disguises() -> dict[str, Case]:
    vrt = (
        '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    bodies = {
        "vrt": vrt.encode(), "xlsx": b"PK\3\4" + bytes(60), "pdf": b"%PDF-1.4", "elf": b"\x7fELF",
        "png": b"\x89PNG\r\n\x1a\n", "sqlite": b"SQLite format 3\0" + bytes(200),
        "service": b"<GDAL_WFS><URL>http://localhost:9/</URL></GDAL_WFS>",
        "connection": b"PG:host=localhost dbname=x", "path": b"/vsicurl/http://localhost:9/x.json",
        "zeros": bytes(4000), "random": bytes(range(256)) * 16,
    }  # fmt: skip
    endings = ("geojson", "kml", "gpx", "gpkg", "dxf")
    found: dict[str, Case] = {
        f"is-{name}.{ending}": (body, "")
        for name, body in bodies.items()
        for ending in endings
        if not (name == "path" and ending == "dxf")
    }
    found["no-kind.docx"] = (GOOD, "no kind of file")
    found["no-ending"] = (GOOD, "no kind of file")
    return found


def truncations() -> Iterator[tuple[str, bytes]]:
    """Cut small files at every byte: GeoJSON, KML, GPX and a zip archive."""
    wholes = {
        "cut.geojson": GOOD,
        "cut.kml": kml(placemark("地块", KML_RING)),
        "cut.gpx": gpx(GPX_POINT),
        "cut.zip": zipped(("site.geojson", GOOD)),
    }
    for name, whole in wholes.items():
        for length in range(len(whole)):
            yield name, whole[:length]
