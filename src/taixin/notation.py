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
        ``count`` and ``columns``: of each key its name, its values and, unless all records have the
        same one or each its own, of every record the number of its value, or -1 where it has none.

    Examples
    --------
    >>> table([{"kind": "axis", "name": "雄忻"}, {"kind": "axis", "name": "108"}])
    {'count': 2, 'columns': [['kind', ['axis']], ['name', ['雄忻', '108']]]}
    >>> table([{"host": None}, {"host": None}, {}])
    {'count': 3, 'columns': [['host', [None], [0, 0, -1]]]}
    """
    keys = dict.fromkeys(key for record in records for key in record)
    return {"count": len(records), "columns": [_column(key, records) for key in keys]}


def _column(key: str, records: Sequence[Mapping[str, object]]) -> list[object]:
    known: dict[object, int] = {}
    values: list[object] = []
    codes = []
    for record in records:
        if key not in record:
            codes.append(_ABSENT)
            continue
        value = record[key]
        same = value if isinstance(value, str) else (type(value), json_text(value))
        if known.setdefault(same, len(values)) == len(values):
            values.append(value)
        codes.append(known[same])
    is_plain = len(values) == 1 or len(values) == len(records)
    return [key, values] if is_plain and _ABSENT not in codes else [key, values, codes]
