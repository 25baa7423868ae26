"""Tables without a map: CSV for any program, XLSX for people."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import TYPE_CHECKING, Final

import shapely

from taixin import archives, files
from taixin.dictionary import HEADER, headings, rows
from taixin.exports.tables import table_name
from taixin.vocabulary import REVIEW_STATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from taixin.build import Layer
    from taixin.exports.tables import Delivery, Job

__all__ = ["csv_text", "neutral", "write_csv", "write_xlsx"]

#: Spreadsheets run a cell that begins so as a formula.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t")
_POSITION: Final = ("lon", "lat")
_BYTE_ORDER_MARK: Final = "\ufeff"
_SHEET_NAME: Final = 31
_NOT_IN_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_WIDEST: Final = 48
#: What a workbook says of when it was made and changed.
_NOW: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


def neutral(text: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run as a formula.

    Examples
    --------
    >>> neutral("=1+1"), neutral("太原"), neutral(-1)
    ("'=1+1", '太原', -1)
    """
    risky = isinstance(text, str) and text.startswith(_FORMULA_STARTS)
    return f"'{text}" if risky else text


def csv_text(columns: Sequence[str], records: Iterable[Mapping[str, object]]) -> str:
    """Write records as CSV with a byte order mark, so that a spreadsheet reads UTF-8.

    Parameters
    ----------
    columns
        Header, in order; a record may lack some.
    records
        Values; None becomes an empty cell, texts are made neutral.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([neutral(record.get(column)) for column in columns])
    return _BYTE_ORDER_MARK + buffer.getvalue()


def write_csv(job: Job) -> list[Path]:
    """Write layers as CSV: all columns, lon/lat of a point on the feature, and WKT.

    Parameters
    ----------
    job
        ``out`` is a folder that receives one file a layer, a ``.zip`` file of them, or one
        ``.csv`` file for all layers together.

    Returns
    -------
    list[Path]
        The files written.
    """
    data = job.data
    if job.out.suffix == ".csv":
        keys = [column.key for column in data.columns]
        records = [record for layer in data.layers for record in _with_position(layer, data)]
        files.write_text(job.out, csv_text([*keys, *_POSITION, "wkt"], records))
        return [job.out]
    texts = {f"{table_name(layer)}.csv": _layer_text(layer, data) for layer in data.layers}
    if job.out.suffix == ".zip":
        members = [(name, text.encode()) for name, text in sorted(texts.items())]
        files.write_bytes(job.out, archives.zip_bytes(members, data.date))
        return [job.out]
    with files.staged_folder(job.out) as stage:
        for name, text in texts.items():
            files.write_text(stage / name, text)
    return [job.out / name for name in texts]


def _layer_text(layer: Layer, data: Delivery) -> str:
    return csv_text([*data.records[layer.id][0], *_POSITION, "wkt"], _with_position(layer, data))


def _with_position(layer: Layer, data: Delivery) -> list[dict[str, object]]:
    """Add a point on each feature in degrees, and its WKT in the CRS of the delivery."""
    decimals = 9 if data.target.is_geographic else 4
    shapes = data.shapes[layer.id]
    return [
        record | position | {"wkt": None if shape is None else _wkt(shape, decimals)}
        for record, position, shape in zip(
            data.records[layer.id], _positions(layer), shapes, strict=True
        )
    ]


def _wkt(shape: shapely.Geometry, decimals: int) -> str:
    return shapely.to_wkt(shape, rounding_precision=decimals)


def _positions(layer: Layer) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for feature in layer.features:
        if feature.geometry is None:
            found.append(dict.fromkeys(_POSITION))
            continue
        point = shapely.point_on_surface(feature.geometry)
        found.append({"lon": round(point.x, 6), "lat": round(point.y, 6)})
    return found


def write_xlsx(job: Job) -> list[Path]:
    """Write one workbook: a list of layers, a sheet a layer, the sources, the dictionary.

    Parameters
    ----------
    job
        ``out`` is the ``.xlsx`` file.

    Returns
    -------
    list[Path]
        The file.
    """
    import openpyxl

    data = job.data
    book = openpyxl.Workbook()
    names = _sheet_names(data.layers)
    contents = book.worksheets[0]
    contents.title = "目录"
    _fill(contents, _CONTENTS, [_contents(layer, names[layer.id]) for layer in data.layers])
    for row, layer in enumerate(data.layers, start=2):
        contents.cell(row, 1).hyperlink = f"#'{names[layer.id]}'!A1"
    contents.append([])
    contents.append([f"{REVIEW_STATE[0]}；数据版本 {data.version}，资料截至 {data.date}"])
    captions = headings(data.columns) | {"lon": "经度（°）", "lat": "纬度（°）"}
    for layer in data.layers:
        records = [
            record | position
            for record, position in zip(data.records[layer.id], _positions(layer), strict=True)
        ]
        table = [{captions[key]: value for key, value in record.items()} for record in records]
        _fill(book.create_sheet(names[layer.id]), list(table[0]), table)
    sources = [source.model_dump(mode="json") for source in data.facts.sources.values()]
    flat = [source | {"title": source["title"]["zh"]} for source in sources]
    _fill(book.create_sheet("数据来源"), list(flat[0]), flat)
    _fill(book.create_sheet("数据字典"), list(HEADER), rows(data.columns))
    _save(book, job)
    return [job.out]


_CONTENTS: Final = ("工作表", "规划", "体系", "图层", "类别", "要素", "有位置", "无位置", "来源")


def _contents(layer: Layer, sheet: str) -> dict[str, object]:
    located = len(layer.located)
    cells = (
        *(sheet, layer.plan.title.zh, layer.system.title.zh, layer.id, layer.recipe.kind),
        *(len(layer.features), located, len(layer.features) - located, layer.attribution),
    )
    return dict(zip(_CONTENTS, cells, strict=True))


def _sheet_names(layers: Iterable[Layer]) -> dict[str, str]:
    """Name the sheets by the Chinese titles, cut and numbered where two would be equal."""
    given: dict[str, str] = {}
    taken = {"目录", "数据来源", "数据字典"}
    for layer in layers:
        title = _NOT_IN_SHEET_NAME.sub(" ", layer.recipe.title.zh).strip()[:_SHEET_NAME] or "图层"
        name, number = title, 1
        while name.lower() in taken:
            number += 1
            name = f"{title[: _SHEET_NAME - len(str(number))]}{number}"
        taken.add(name.lower())
        given[layer.id] = name
    return given


def _fill(
    sheet: Worksheet, columns: Sequence[str], records: Iterable[Mapping[str, object]]
) -> None:
    """Write a header and rows; a text is marked as text, whatever it begins with."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    widths = [len(column) * 2 for column in columns]
    sheet.append(list(columns))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row, record in enumerate(records, start=2):
        values = [record.get(column) for column in columns]
        sheet.append(values)
        for at, value in enumerate(values):
            if isinstance(value, str):
                widths[at] = max(widths[at], _display_width(value))
                if value.startswith(_FORMULA_STARTS):
                    cell = sheet.cell(row, at + 1)
                    cell.data_type = "s"
                    cell.quotePrefix = True
    for number, wide in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = min(wide + 2, _WIDEST)
    sheet.freeze_panes = "A2"


def _display_width(text: str) -> int:
    return min(_WIDEST, len(text) if text.isascii() else 2 * len(text))


def _save(book: Workbook, job: Job) -> None:
    """Save a workbook with the date of its data instead of now: equal data, equal bytes."""
    buffer = io.BytesIO()
    book.save(buffer)
    stamp = f"{job.data.date}T00:00:00Z".encode()
    with zipfile.ZipFile(buffer) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    dated = [(name, _NOW.sub(rb"\g<1>" + stamp, content)) for name, content in members]
    files.write_bytes(job.out, archives.zip_bytes(dated, job.data.date))
