"""Which GDAL drivers may open which kind of file, and which are taken away before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DRIVERS", "SKIPPED"]

#: Kind of file to the drivers that may open it, the better one first.
DRIVERS: Final[Mapping[str, tuple[str, ...]]] = {
    "kml": ("LIBKML", "KML"),
    "gpx": ("GPX",),
    "shapefile": ("ESRI Shapefile",),
    "gpkg": ("GPKG",),
    "dxf": ("DXF",),
    "flatgeobuf": ("FlatGeobuf",),
    "osm": ("OSM",),  # only where extracts are asked for
}
#: Every vector driver of GDAL 3.12 that is not needed here; what a newer one adds is found anew.
SKIPPED: Final = (
    *("ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CSV", "CSW", "Carto", "DGN"),
    *("EDIGEO", "EEDA", "ESRIJSON", "Elasticsearch", "FlatGeobuf", "GDALG", "GML", "GPSBabel"),
    *("GTFS", "GeoJSON", "GeoJSONSeq", "GeoRSS", "HTTP", "Idrisi", "JML", "JSONFG", "LVBAG"),
    *("MBTiles", "MEM", "MVT", "MapInfo File", "MapML", "MiraMonVector", "NGW", "OAPIF", "ODS"),
    *("OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "OpenFileGDB", "PCIDSK", "PDF", "PDS4"),
    *("PGDUMP", "PLSCENES", "PMTiles", "S57", "SQLite", "SXF", "Selafin", "TopoJSON", "VDV"),
    *("VFK", "VICAR", "WAsP", "WFS", "XLSX"),
)
