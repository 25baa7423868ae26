"""One file for all layers: GeoPackage and File Geodatabase; one file a layer: FlatGeobuf, SHP."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import taixin
from taixin import archives, files, symbols
from taixin.dictionary import headings, short_names
from taixin.errors import InputError, OutputError, Problem
from taixin.exports.geojson import only_layer
from taixin.exports.geopackage import Sheet, write_geopackage
from taixin.exports.tables import geometry_name, table_name
from taixin.exports.vector import Table, counted_identifiers, write_table
from taixin.vocabulary import REVIEW_STATE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from taixin.build import Layer
    from taixin.exports.tables import Delivery, Job

__all__ = ["NEAREST_IN_GBK", "outside_gbk", "write_fgb", "write_gdb", "write_gpkg", "write_shp"]

_ENCODINGS: Final = ("UTF-8", "GBK")
_DBASE_TEXT_BYTES: Final = 254
#: What Windows knows as Chinese in the header of a dBASE file, for programs that read no .cpg.
_DBASE_GBK: Final = (29, 0x4D)
#: GBK lacks these; what is written instead.
NEAREST_IN_GBK: Final[Mapping[str, str]] = MappingProxyType({"²": "2", "³": "3", "−": "-"})


def write_gpkg(job: Job) -> list[Path]:
    """Write all layers into one GeoPackage, styled for QGIS.

    Parameters
    ----------
    job
        ``out`` is the ``.gpkg`` file.

    Returns
    -------
    list[Path]
        The file.
    """
    data = job.data
    titles = _titles(data.layers)
    captions = headings(data.columns)
    meanings = {item.key: f"{item.meaning_zh} {item.meaning_en}" for item in data.columns}
    sheets = (_sheet(layer, data, titles[layer.id], captions, meanings) for layer in data.layers)
    with files.replaced(job.out) as path:
        write_geopackage(path, sheets, data.target, data.date)
    return [job.out]


def _sheet(
    layer: Layer,
    data: Delivery,
    title: str,
    captions: Mapping[str, str],
    meanings: Mapping[str, str],
) -> Sheet:
    table = _table(layer, data, {})
    caption = layer.recipe.caption
    kind = data.library.kinds[layer.recipe.kind]
    own = {key: captions[key] for key in table.types}
    style = (
        layer.recipe.kind,
        symbols.qml(kind, own),
        symbols.sld(kind, table.name),
        kind.label.zh,
    )
    return Sheet(
        table,
        title,
        f"{caption.zh} {layer.attribution}" if caption else layer.attribution,
        own,
        meanings,
        _metadata(layer, data),
        style if table.geometry_type else None,
    )


def _titles(layers: Iterable[Layer]) -> dict[str, str]:
    """Give each layer a title that no other has, as GeoPackage wants."""
    given: dict[str, str] = {}
    for layer in layers:
        title = layer.recipe.title.zh
        choices = (title, f"{title}（{layer.plan.short.zh}）", f"{title} {layer.id}")
        given[layer.id] = next(choice for choice in choices if choice not in given.values())
    return given


def _table(layer: Layer, data: Delivery, options: Mapping[str, str]) -> Table:
    records = data.records[layer.id]
    types = {column.key: column.type for column in data.columns}
    return Table(
        table_name(layer),
        {key: types[key] for key in records[0]},
        records,
        data.shapes[layer.id],
        geometry_name(layer),
        data.target.code,
        options=options,
    )


def _metadata(layer: Layer, data: Delivery) -> dict[str, str]:
    return {
        "id": layer.id,
        "title": layer.recipe.title.zh,
        "title_en": layer.recipe.title.en,
        "plan": layer.plan.title.zh,
        "system": layer.system.title.zh,
        "attribution": layer.attribution,
        "lineage": layer.lineage,
        "review": REVIEW_STATE[0],
        "program": f"taixin-atlas {taixin.__version__}",
        "data_date": data.date,
    }


def write_gdb(job: Job) -> list[Path]:
    """Write all layers into one File Geodatabase for ArcGIS.

    Parameters
    ----------
    job
        ``out`` is the ``.gdb`` folder, or a ``.gdb.zip`` file that receives it.

    Raises
    ------
    OutputError
        If something else than a geodatabase stands there.
    """
    data = job.data
    zipped = job.out.suffix == ".zip"
    if not zipped and job.out.exists() and not (job.out / "gdb").is_file():
        msg = f"{job.out.name} is no File Geodatabase; name another .gdb with --out."
        raise OutputError(msg)
    name = f"{job.out.name.removesuffix('.zip').removesuffix('.gdb')}.gdb"
    with files.replaced(job.out) as made, counted_identifiers():
        folder = made.parent / "packed" if zipped else made.parent
        folder.mkdir(exist_ok=True)
        for layer in data.layers:
            # 32-bit integers, as geodatabases before ArcGIS Pro 3.2 have no others
            table = _table(layer, data, {"LAYER_ALIAS": layer.recipe.title.zh})
            write_table(folder / name, "OpenFileGDB", replace(table, is_narrow=True))
        if zipped:
            archives.write_zip(made, folder, data.date)
    return [job.out]


def write_fgb(job: Job) -> list[Path]:
    """Write each layer as a FlatGeobuf file; unlocated features are kept, without an index.

    Parameters
    ----------
    job
        ``out`` is a folder, or a ``.fgb`` file for one layer.
    """

    def write(layer: Layer, path: Path) -> None:
        whole = len(layer.located) == len(layer.features)
        options = {
            "SPATIAL_INDEX": "YES" if whole else "NO",
            "TITLE": layer.recipe.title.zh,
            "DESCRIPTION": layer.attribution,
        }
        table = _table(layer, job.data, options)
        # the format has no table without geometry
        table = replace(table, geometry_type=table.geometry_type or "Unknown")
        write_table(path, "FlatGeobuf", table)

    return _one_file_a_layer(job, ".fgb", write)


def write_shp(job: Job) -> list[Path]:
    """Write each layer as a Shapefile with short ASCII field names.

    Parameters
    ----------
    job
        ``out`` is a folder, a ``.zip`` file that receives all, or a ``.shp`` file for one layer;
        ``encoding`` is ``UTF-8`` or ``GBK``.

    Raises
    ------
    InputError
        If the encoding is another one, or a text cannot be written in it.
    """
    data, encoding = job.data, job.encoding
    if encoding not in _ENCODINGS:
        problem = Problem("--encoding", encoding, "a Shapefile takes UTF-8 or GBK")
        raise InputError([problem])
    if encoding == "GBK" and not job.is_lenient:
        _refuse_outside_gbk(data)
    short = short_names(column.key for column in data.columns)
    shared = {"DBF_DATE_LAST_UPDATE": data.date}

    def write(layer: Layer, path: Path) -> None:
        table = _table(layer, data, shared)
        records = [
            {short[key]: _cut(value, encoding) for key, value in record.items()}
            for record in table.records
        ]
        types = {short[key]: kind for key, kind in table.types.items()}
        table = replace(table, name=path.stem, types=types, records=records, encoding=encoding)
        write_table(path, "ESRI Shapefile", table)
        if encoding == "GBK":
            archives.set_byte(path.with_suffix(".dbf"), *_DBASE_GBK)

    return _one_file_a_layer(job, ".shp", write)


def _one_file_a_layer(job: Job, suffix: str, write: Callable[[Layer, Path], None]) -> list[Path]:
    """Write each layer to a file of its own: in a folder, in a zip, or the one that is named."""
    data, out = job.data, job.out
    if out.suffix == ".zip":
        with files.replaced(out) as made:
            folder = made.parent / "packed"
            folder.mkdir()
            for layer in data.layers:
                write(layer, folder / f"{table_name(layer)}{suffix}")
            archives.write_zip(made, folder, data.date)
        return [out]
    single = only_layer(job) if out.suffix == suffix else None
    folder = out.parent if single else out
    with files.staged_folder(folder) as stage:
        if single:
            write(single, stage / out.name)
            return [out]
        for layer in data.layers:
            write(layer, stage / f"{table_name(layer)}{suffix}")
    return [out / f"{table_name(layer)}{suffix}" for layer in data.layers]


def _cut(value: object, encoding: str) -> object:
    """Cut a text to the bytes of a dBASE field, between characters."""
    if not isinstance(value, str):
        return value
    known = value.translate(_GBK_TABLE) if encoding == "GBK" else value
    content = known.encode(encoding, errors="replace")
    return content[:_DBASE_TEXT_BYTES].decode(encoding, errors="ignore")


_GBK_TABLE: Final = MappingProxyType({ord(odd): near for odd, near in NEAREST_IN_GBK.items()})


def outside_gbk(text: str) -> str:
    """Give the letters of a text that a Shapefile in GBK cannot hold.

    Examples
    --------
    >>> outside_gbk("29 km²，㐀")
    '㐀'
    """
    letters = text.translate(_GBK_TABLE)
    return "".join(letter for letter in dict.fromkeys(letters) if not _in_gbk(letter))


def _refuse_outside_gbk(data: Delivery) -> None:
    problems = []
    for identifier, records in data.records.items():
        texts = {value for row in records for value in row.values() if isinstance(value, str)}
        for text in sorted(texts):
            if odd := outside_gbk(text):
                message = f"'{odd[0]}' in '{text[:30]}' does not exist in GBK"
                problems.append(Problem(identifier, "", message, "take --encoding UTF-8"))
    if problems:
        raise InputError(problems)


def _in_gbk(letter: str) -> bool:
    try:
        letter.encode("GBK")
    except UnicodeEncodeError:
        return False
    return True
