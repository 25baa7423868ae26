"""Archives and digests: the same content gives the same bytes on every system."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

from taixin import files, staging

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["members_of", "set_byte", "sha256", "write_zip", "zip_bytes"]


def sha256(path: Path) -> str:
    """Take the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def set_byte(path: Path, position: int, value: int) -> None:
    """Change one byte of a file that was written just now."""
    with path.open("r+b") as stream:
        stream.seek(position)
        stream.write(bytes([value]))


def zip_bytes(members: Iterable[tuple[str, bytes]], date: str) -> bytes:
    """Pack a zip archive that is the same for the same content.

    Parameters
    ----------
    members
        Name within the archive and content, in order.
    date
        ``YYYY-MM-DD``, given to every member.
    """
    stamp = (*(int(part) for part in date.split("-")), 0, 0, 0)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, stamp)  # type: ignore[arg-type] # three of date, three 0
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def members_of(folder: Path) -> list[tuple[str, bytes]]:
    """Give name and content of every file of a folder, sorted by name."""
    found = sorted(item for item in folder.rglob("*") if item.is_file())
    return [(item.relative_to(folder).as_posix(), item.read_bytes()) for item in found]


def write_zip(path: Path, folder: Path, date: str) -> None:
    """Pack files that were written just now, sorted by name, into a zip archive.

    Raises
    ------
    OutputError
        If the archive cannot be written, or the disk was full when the files were.
    """
    try:
        for item in folder.rglob("*"):
            if item.is_file():
                staging.refuse_cut(item)
    except OSError as error:
        raise staging.cannot_write(path, error) from error
    files.write_bytes(path, zip_bytes(members_of(folder), date))
