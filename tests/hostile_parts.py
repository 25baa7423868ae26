"""What hostile files are put together from: shapes, words, and the wrappings of each format."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from typing import Any

from tests.site_files import RING

__all__ = [
    "CORNERS",
    "GOOD",
    "GPX_POINT",
    "KML_POINT",
    "KML_RING",
    "PARCEL",
    "PLACE",
    "POINT",
    "WORDS",
    "Case",
    "document",
    "geometry",
    "gpx",
    "kml",
    "of",
    "placemark",
    "zipped",
]

PLACE = (112.71, 38.11)
WORDS = (
    "<script>document.title='ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    "{{ 7*7 }}{% raw %}",
    '=HYPERLINK("http://x","y")',
    "../../../../etc/passwd",
    "\u202e\u0000\ufffe\U0001f4a9",
    "javascript:alert(1)",
    "'; DROP TABLE sites; --",
    "%s%s%n${jndi:ldap://x}",
)
Case = tuple[bytes, str | None]


def geometry(kind: str, coordinates: object, **more: object) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates, **more}


def document(*features: object, **members: object) -> bytes:
    text = {"type": "FeatureCollection", "features": list(features), **members}
    return json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")


def of(shape: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties, "geometry": shape}


PARCEL = of(geometry("Polygon", [RING]), name="地块")
GOOD = document(PARCEL)
POINT = of(geometry("Point", list(PLACE)), name="点")


def kml(body: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{body}</Document></kml>"
    ).encode()


def placemark(name: str, inside: str) -> str:
    return f"<Placemark><name>{name}</name>{inside}</Placemark>"


CORNERS = " ".join(f"{lon},{lat},0" for lon, lat in RING)
KML_RING = (
    "<Polygon><outerBoundaryIs><LinearRing><coordinates>"
    f"{CORNERS}</coordinates></LinearRing></outerBoundaryIs></Polygon>"
)
KML_POINT = f"<Point><coordinates>{PLACE[0]},{PLACE[1]}</coordinates></Point>"


def gpx(body: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0"?>{head}<gpx version="1.1" '
        f'xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'
    ).encode()


GPX_POINT = f'<wpt lat="{PLACE[1]}" lon="{PLACE[0]}"><name>点</name></wpt>'


def zipped(*members: tuple[str, bytes], links: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            if links:
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, content)
    return out.getvalue()
