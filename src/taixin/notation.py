"""Values written as TOML and CSV, the way `taixin.files` reads them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from taixin.files import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["csv_text", "toml_text"]


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
