"""The plan documents as running text, to look terms and spellings up in."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILES", "plain", "text_of"]

#: The first digits of the file that holds each document.
FILES: Final = MappingProxyType(
    {
        "taixin-2035": "000",
        "cluster-2035": "001",
        "taiyuan-area-2021": "002",
        "taiyuan-145": "003",
        "five-cities-2023": "004",
    }
)


def plain(text: str) -> str:
    """Take away what differs between two settings of the same words: spaces and widths."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@cache
def text_of(folder: Path, identifier: str) -> str:
    """Give a document as one run of characters, without page marks: they stand within words."""
    (path,) = folder.glob(f"{FILES[identifier]}*.txt")
    text = path.read_text(encoding="utf-8")
    return plain(re.sub(r"^\s*—\s*\d+\s*—\s*$", "", text, flags=re.MULTILINE))
