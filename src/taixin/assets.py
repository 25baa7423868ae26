"""The one place that knows the page's scripts and styles, which the wheel's build hook bundles."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from taixin import files
from taixin.errors import AssetError, InputError

__all__ = ["Bundle", "load_bundle", "load_furniture", "load_licences"]

_FOLDER: Final = Path(__file__).resolve().parent / "viewer" / "dist"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One script and one stylesheet, ready to be put into a page."""

    script: str
    style: str


def load_bundle(name: str) -> Bundle:
    """Read a bundle of the viewer.

    Parameters
    ----------
    name
        ``atlas`` (with Leaflet, for the atlas page) or ``plan-layer`` (without, for any map).

    Returns
    -------
    Bundle
        Script and stylesheet as text.

    Raises
    ------
    AssetError
        If the bundle was not built.
    """
    return Bundle(_read(f"{name}.js"), _read(f"{name}.css"))


def load_furniture() -> str:
    """Read the script of what stands around the atlas's map, which runs once that is painted.

    Raises
    ------
    AssetError
        If the bundle was not built.
    """
    return _read("furniture.js")


def load_licences() -> str:
    """Read the licences of everything third-party in the bundles, as JSON text.

    Raises
    ------
    AssetError
        If the bundle was not built.
    """
    return _read("licences.json")


def _read(name: str) -> str:
    try:
        return files.read_text(_FOLDER / name)
    except InputError:
        message = (
            f"The page's bundle {name} is missing from the installation; install taixin again "
            "with access to the npm registry: pip install --force-reinstall ."
        )
        raise AssetError(message) from None
