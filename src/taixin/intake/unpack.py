"""From what a user names to one plain local file of a known kind.

Archives are inspected before anything is taken out of them, a Shapefile's parts are gathered, text
encodings are told apart. Everything GDAL will open is copied under a name of ours into a folder of
ours, so no neighbouring file can slip in and nothing is written beside the user's data.
"""

from __future__ import annotations

import codecs
import lzma
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final

from taixin.errors import InputError, Problem
from taixin.staging import workplace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from taixin.intake.limits import Limits

__all__ = ["KINDS", "Plain", "plain_file"]

#: File suffix to kind of file.
KINDS: Final[Mapping[str, str]] = {
    ".geojson": "geojson",
    ".json": "geojson",
    ".kml": "kml",
    ".gpx": "gpx",
    ".shp": "shapefile",
    ".gpkg": "gpkg",
    ".fgb": "flatgeobuf",
    ".parquet": "parquet",
    ".geoparquet": "parquet",
    ".dxf": "dxf",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
}
#: What is read beside these where they are asked for: data to import, not sites.
_EXTRACTS: Final[Mapping[str, str]] = {".osm": "osm", ".pbf": "osm"}
_ARCHIVES: Final = (".zip", ".kmz")
_NEEDED_PARTS: Final = (".shp", ".shx", ".dbf")
_PARTS: Final = (*_NEEDED_PARTS, ".prj", ".cpg")
_MEGABYTE: Final = 1_000_000
_MOST_ENTRIES: Final = 1000
_BOMB_RATIO: Final = 200
_CHUNK: Final = 1 << 20
_UTF8_NAMES: Final = 0x800
_ENCRYPTED: Final = 0x1
# what a file of a kind begins with, after a byte order mark and blanks
_MARKS: Final[Mapping[str, re.Pattern[bytes]]] = {
    "kml": re.compile(rb"<"),
    "gpx": re.compile(rb"<"),
    "shapefile": re.compile(rb"\x00\x00\x27\x0a"),
    "gpkg": re.compile(rb"SQLite format 3\x00"),
    "flatgeobuf": re.compile(rb"fgb\x03"),
    "parquet": re.compile(rb"PAR1"),
    "dxf": re.compile(rb"(?:\d+\s|AutoCAD Binary DXF)"),
    "geojson": re.compile(rb"\{"),
    "osm": re.compile(rb"<|\x00{3}.\x0a\x09OSMHeader", re.DOTALL),
}
_XML: Final = ("kml", "gpx")
#: What may stand before a DOCTYPE; one within an element, as in a description, is only text.
_PROLOG: Final = re.compile(rb"\A[^<]*(?>(?:<\?.*?\?>|<!--.*?-->)\s*)*+<!DOCTYPE", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Plain:
    """One local file that is what it says.

    Parameters
    ----------
    kind
        One of the values of `KINDS`.
    path
        Where it is; for most kinds a copy of ours.
    name
        What the user calls it.
    encoding
        Of its text, where that had to be found out.
    notes
        What was decided on the way, in sentences.
    """

    kind: str
    path: Path
    name: str
    encoding: str | None = None
    notes: tuple[str, ...] = ()


def _refusal(name: str, message: str, remedy: str = "") -> InputError:
    return InputError([Problem(name, "", message, remedy)])


@contextmanager
def plain_file(site: Path, limits: Limits, *, extracts: bool = False) -> Iterator[Plain]:
    """Give one plain local file for what the user named; copies are gone afterwards.

    Parameters
    ----------
    site
        A file, or a folder that holds a Shapefile.
    limits
        How large it may be.
    extracts
        Whether OpenStreetMap extracts are read, too.

    Yields
    ------
    Plain
        The file, ready for the reader.

    Raises
    ------
    InputError
        If it does not exist, is of no known kind, is too large, or an archive is not harmless.
    """
    if re.match(r"[a-z][a-z0-9+.-]*:/", str(site), re.IGNORECASE):
        raise _refusal(str(site), "this is an address, not a file", "download it first")
    try:
        is_file, is_folder = site.is_file(), site.is_dir()
    except (OSError, ValueError):
        is_file = is_folder = False
    if not is_file and not is_folder:
        remedy = "name a file, a folder with a Shapefile, or lon,lat[,radius_m]"
        raise _refusal(site.name or str(site), "there is no such file or folder", remedy)
    with workplace(Path(tempfile.gettempdir()), "taixin") as folder:
        try:
            kinds = {**KINDS, **_EXTRACTS} if extracts else KINDS
            yield _opened(site, folder, limits, kinds, is_folder=is_folder)
        except (zipfile.BadZipFile, NotImplementedError, EOFError, struct.error):
            raise _refusal(site.name, "the archive is damaged", "pack it again") from None


def _opened(
    site: Path, folder: Path, limits: Limits, kinds: Mapping[str, str], *, is_folder: bool
) -> Plain:
    if is_folder:
        members = {path.name: path for path in sorted(site.iterdir()) if path.is_file()}
        main = _single(site.name, [name for name in members if name.lower().endswith(".shp")])
        return _shapefile(site.name, main, members, folder, limits)
    suffix = site.suffix.lower()
    if suffix in _ARCHIVES:
        return _from_archive(site, folder, limits)
    kind = kinds.get(suffix)
    if kind is None:
        remedy = (
            "use GeoJSON, KML, KMZ, GPX, Shapefile, GeoPackage, GeoParquet, FlatGeobuf, DXF or CSV"
        )
        raise _refusal(site.name, f"'{suffix or 'no suffix'}' is no kind of file read here", remedy)
    if kind == "shapefile":
        members = {path.name: path for path in sorted(site.parent.iterdir()) if path.is_file()}
        return _shapefile(site.name, site.name, members, folder, limits)
    if site.stat().st_size > limits.megabytes * _MEGABYTE:
        raise _too_large(site.name, limits)
    target = folder / f"site{suffix}"
    shutil.copyfile(site, target)
    journal = site.with_name(f"{site.name}-wal")
    if kind == "gpkg" and journal.is_file():  # edits that a GIS still holds open
        shutil.copyfile(journal, folder / f"{target.name}-wal")
    return _checked(Plain(kind, target, site.name))


def _too_large(name: str, limits: Limits) -> InputError:
    message = f"the file is larger than {limits.megabytes} MB"
    return _refusal(name, message, "split it, or raise the limits with --limits 10")


def _single(name: str, found: list[str]) -> str:
    if not found:
        raise _refusal(name, "no Shapefile is inside", "name the file itself")
    if len(found) > 1:
        listed = ", ".join(sorted(found)[:6])
        raise _refusal(name, f"{len(found)} data sets are inside ({listed})", "name one of them")
    return found[0]


def _checked(plain: Plain) -> Plain:
    """Refuse a file that does not begin as its kind does; find the encoding of a text."""
    with plain.path.open("rb") as stream:
        start = stream.read(256)
        more = stream.read(_MEGABYTE) if plain.kind in _XML else b""
    if not start.strip(b"\x00 \t\r\n"):
        raise _refusal(plain.name, "the file is empty", "export it again")
    mark = _MARKS.get(plain.kind)
    is_binary = plain.kind in {"shapefile", "osm", "flatgeobuf", "parquet"}
    body = start if is_binary else start.removeprefix(codecs.BOM_UTF8).lstrip()
    if mark and not mark.match(body) and not start.startswith(codecs.BOM_UTF16_LE):
        raise _refusal(
            plain.name, f"the content is not that of a {plain.kind} file", "export it again"
        )
    if plain.kind in _XML and _PROLOG.match((start + more).replace(b"\x00", b"")):
        message = "it declares a DOCTYPE, with which a file can bring in entities and other files"
        raise _refusal(plain.name, message, "export it again, without one")
    return plain


# ---- Shapefiles ----------------------------------------------------------------------------------


def _shapefile(
    name: str, main: str, members: Mapping[str, Path], folder: Path, limits: Limits
) -> Plain:
    stem = main[: -len(".shp")].lower()
    parts = {
        Path(member).suffix.lower(): path
        for member, path in members.items()
        if Path(member).stem.lower() == stem and Path(member).suffix.lower() in _PARTS
    }
    missing = [part for part in _NEEDED_PARTS if part not in parts]
    if missing:
        message = f"the Shapefile lacks its {', '.join(missing)} part"
        raise _refusal(name, message, "a Shapefile is .shp, .shx and .dbf together, with .prj")
    total = sum(path.stat().st_size for path in parts.values())
    if total > limits.megabytes * _MEGABYTE:
        raise _too_large(name, limits)
    for suffix, path in parts.items():
        target = folder / f"site{suffix}"
        if path != target:
            shutil.copyfile(path, target)
    rows = _check_parts(name, folder)
    encoding, note = _dbf_encoding(folder, rows)
    (folder / "site.cpg").unlink(missing_ok=True)
    return _checked(Plain("shapefile", folder / "site.shp", name, encoding, note))


def _check_parts(name: str, folder: Path) -> int:
    """Compare what the headers promise with what is there; return the number of records."""
    with (folder / "site.dbf").open("rb") as stream:
        head = stream.read(32)
    shortest = 32
    if len(head) < shortest:
        raise _refusal(name, "the .dbf part is cut off", "export the Shapefile again")
    rows, header_bytes, row_bytes = struct.unpack("<xxxxIHH", head[:12])
    if (folder / "site.dbf").stat().st_size < header_bytes + rows * row_bytes:
        raise _refusal(name, "the .dbf part is cut off", "export the Shapefile again")
    shapes = ((folder / "site.shx").stat().st_size - 100) // 8
    if shapes != rows:
        message = f"the .shx part lists {shapes} shapes, the .dbf part {rows} rows"
        raise _refusal(name, message, "export the Shapefile again")
    with (folder / "site.shp").open("rb") as stream:
        words = struct.unpack(">i", stream.read(28)[24:28])[0]
    if (folder / "site.shp").stat().st_size < 2 * words:
        raise _refusal(name, "the .shp part is cut off", "export the Shapefile again")
    return int(rows)


def _dbf_encoding(folder: Path, rows: int) -> tuple[str, tuple[str, ...]]:
    """Find the encoding of the attributes: as stated, else UTF-8 if it is, else GB18030."""
    stated = folder / "site.cpg"
    if stated.is_file():
        word = stated.read_bytes()[:40].decode("ascii", "replace").strip().lower()
        if "utf" in word or word == "65001":
            return "UTF-8", ()
        if re.search(r"gb|936|cp936", word):
            return "GB18030", ()
    body = (folder / "site.dbf").read_bytes()
    if not rows or body.isascii():
        return "UTF-8", ()
    try:
        body[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030", ("The .dbf part says no encoding; it was read as GBK.",)
    return "UTF-8", ("The .dbf part says no encoding; it was read as UTF-8.",)


# ---- archives ------------------------------------------------------------------------------------


def _from_archive(site: Path, folder: Path, limits: Limits) -> Plain:
    # opened here, so that what the disk has to say is not taken for damage
    with site.open("rb") as file, _archive(file) as archive:
        entries = {
            name: entry
            for name, entry in _harmless(site.name, archive.infolist(), limits)
            if not PurePosixPath(name).name.startswith("._")
        }
        is_kmz = site.suffix.lower() == ".kmz"
        suffixes = (".kml",) if is_kmz else tuple(KINDS)
        found = [name for name in entries if name.lower().endswith(suffixes)]
        texts = (".txt", ".json")  # notes and metadata often lie beside the data
        serious = [name for name in found if not name.lower().endswith(texts)]
        if is_kmz:
            serious = [name for name in serious if name.lower() == "doc.kml"] or serious[:1]
        if not found:
            nested = [name for name in entries if name.lower().endswith((".zip", ".rar", ".7z"))]
            message = "another archive is inside" if nested else "no data is inside that is read"
            raise _refusal(site.name, message, "unpack it and name the file itself")
        main = _single(site.name, serious or found)
        if main.lower().endswith(".shp"):
            return _packed_shapefile(site.name, archive, main, entries, folder, limits)
        target = folder / f"site{PurePosixPath(main).suffix.lower()}"
        _take(archive, entries[main], target)
        return _checked(Plain(KINDS[target.suffix], target, site.name))


def _packed_shapefile(
    name: str,
    archive: zipfile.ZipFile,
    main: str,
    entries: Mapping[str, zipfile.ZipInfo],
    folder: Path,
    limits: Limits,
) -> Plain:
    place = PurePosixPath(main)
    members = {}
    for member, entry in entries.items():
        path = PurePosixPath(member)
        is_part = path.suffix.lower() in _PARTS and path.stem.lower() == place.stem.lower()
        if path.parent == place.parent and is_part:
            target = folder / f"site{path.suffix.lower()}"
            _take(archive, entry, target)
            members[place.stem + path.suffix] = target
    return _shapefile(name, place.name, members, folder, limits)


def _harmless(
    name: str, entries: Iterable[zipfile.ZipInfo], limits: Limits
) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    total = 0
    for number, entry in enumerate(entries):
        member = _member_name(entry)
        path = PurePosixPath(member.replace("\\", "/"))
        total += entry.file_size
        checks: dict[str, Callable[[], bool]] = {
            "holds too many entries": lambda n=number: n >= _MOST_ENTRIES,  # type: ignore[misc]
            "points outside itself": lambda p=path: _escapes(p),  # type: ignore[misc]
            "holds a link": lambda e=entry: stat.S_ISLNK(e.external_attr >> 16),  # type: ignore[misc]
            "is encrypted": lambda e=entry: bool(e.flag_bits & _ENCRYPTED),  # type: ignore[misc]
            "unpacks to too much": lambda e=entry: _swells(e),  # type: ignore[misc]
            f"unpacks to more than {limits.megabytes} MB": lambda t=total: (  # type: ignore[misc]
                t > limits.megabytes * _MEGABYTE
            ),
        }
        for reason, is_bad in checks.items():
            if is_bad():
                raise _refusal(name, f"the archive {reason}", "unpack it and name the file itself")
        if not entry.is_dir() and "__MACOSX" not in path.parts:
            yield str(path), entry


def _member_name(entry: zipfile.ZipInfo) -> str:
    """Decode a name as old Windows programs wrote it."""
    if entry.flag_bits & _UTF8_NAMES:
        return entry.filename
    raw = entry.filename.encode("cp437", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _escapes(path: PurePosixPath) -> bool:
    return path.is_absolute() or ".." in path.parts or ":" in str(path)


def _swells(entry: zipfile.ZipInfo) -> bool:
    harmless = 10 * _MEGABYTE
    return entry.file_size > harmless and entry.file_size > _BOMB_RATIO * entry.compress_size


def _take(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    """Write one entry to a file of ours, and never more than the archive said."""
    left = entry.file_size
    with target.open("wb") as sink:
        for piece in _pieces(archive, entry):
            left -= len(piece)
            if left < 0:
                raise zipfile.BadZipFile(entry.filename)
            sink.write(piece)


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (OSError, ValueError) as error:  # offsets before the file's start, names in no encoding
        raise zipfile.BadZipFile(str(error)) from None


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack one entry; whatever a damaged one makes Python say is the same to us."""
    try:
        with archive.open(entry) as source:
            while piece := source.read(_CHUNK):
                yield piece
    except (OSError, ValueError, RuntimeError, lzma.LZMAError, zlib.error) as error:
        raise zipfile.BadZipFile(str(error)) from None
