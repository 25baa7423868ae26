"""Values written as TOML, CSV and tables for the page, the way those who read them want them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from taixin.files import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["csv_text", "table", "toml_text"]

_ABSENT: Final = -1


def csv_text(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Write rows as CSV with a header, as `read_csv` reads it."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def toml_text(value: object) -> str:
    """Write a text, a number, or a list or table of them as TOML on one line.

    Examples
    --------
    >>> print(toml_text({"zh": "河流", "en": "Rivers"}))
    { zh = "河流", en = "Rivers" }
    """
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {toml_text(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_text, value)) + "]"
    # a JSON string is a basic string of TOML but for this one character
    return json_text(value).replace("\x7f", "\\u007f")


def table(records: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """Turn records into columns in which a value that many of them share stands once.

    Parameters
    ----------
    records
        Plain data, as for JSON.

    Returns
    -------
    dict[str, object]
        ``count`` and ``columns``, of each key a list of its name and its values: the one that all
        records have; or one a record; or, where that is shorter or some have none, each value
        once, and of every record the number of its value, or -1. A key of which all records say
        what they say of an earlier one has the name of that instead of values.

    Examples
    --------
    >>> table([{"kind": "axis", "name": "雄忻"}, {"kind": "axis", "name": "108"}])
    {'count': 2, 'columns': [['kind', ['axis']], ['name', ['雄忻', '108']]]}
    >>> table([{"name": "雄忻", "term": "雄忻"}, {"name": "108", "term": "108"}])["columns"]
    [['name', ['雄忻', '108']], ['term', 'name']]
    >>> table([{"host": None}, {"host": None}, {}])
    {'count': 3, 'columns': [['host', [None], [0, 0, -1]]]}
    """
    keys = dict.fromkeys(key for record in records for key in record)
    told: dict[str, list[list[object]]] = {}
    columns: list[list[object]] = []
    for key in keys:
        column = _column(key, records)
        same = next((name for name, other in told.items() if _says_as(column, other)), None)
        columns.append([key, same] if same is not None else [key, *column])
        if len(column[0]) > 1:  # one value is shorter than the name of a key
            told[key] = column
    return {"count": len(records), "columns": columns}


def _says_as(column: list[list[object]], other: list[list[object]]) -> bool:
    """Tell whether two columns are the same as JSON, where 1 is not true as it is in Python."""
    return column == other and json_text(column) == json_text(other)


def _column(key: str, records: Sequence[Mapping[str, object]]) -> list[list[object]]:
    known: dict[object, int] = {}
    values: list[object] = []
    codes: list[object] = []
    for record in records:
        if key not in record:
            codes.append(_ABSENT)
            continue
        value = record[key]
        plain = json_text(value) if isinstance(value, list | dict) else value
        same = value if isinstance(value, str) else (type(value), plain)
        if known.setdefault(same, len(values)) == len(values):
            values.append(value)
        codes.append(known[same])
    if _ABSENT in codes or 1 < len(values) <= len(records) / 2:
        return [values, codes]
    return [values] if len(values) == 1 else [[record[key] for record in records]]
