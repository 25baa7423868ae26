"""The one place that touches the disk: TOML, CSV, canonical GeoJSON.

How a file that is written gets to its place is told in `taixin.staging`.

GeoJSON written here is canonical: RFC 7946 (CRS84, exterior rings counter-clockwise, bbox), keys
and features in the order given, one feature a line, a newline at the end. Two equal inputs give
equal bytes.
"""

from __future__ import annotations

import csv
import json
import shutil
import tomllib
from importlib.resources import files as package_files
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from taixin.errors import InputError, Problem
from taixin.staging import cannot_write, is_staged, replaced, staged_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry

    Feature = tuple[str, Mapping[str, object], BaseGeometry | None]

__all__ = [
    "copy",
    "data_folder",
    "folders",
    "geojson_text",
    "holds",
    "json_text",
    "listed",
    "read_bytes",
    "read_csv",
    "read_features",
    "read_template",
    "read_text",
    "read_toml",
    "remove",
    "replaced",
    "staged_folder",
    "write_bytes",
    "write_text",
]

_DECIMALS: Final = 6
_MIDDLE: Final = 1e-3


def data_folder(name: str) -> Path:
    """Find the facts or the plans that come with the project.

    Parameters
    ----------
    name
        ``geo`` or ``layers``.

    Returns
    -------
    Path
        The folder inside the installed package, else the one of the checkout.
    """
    package = Path(__file__).resolve().parent
    shipped = package / name
    return shipped if shipped.is_dir() else package.parents[1] / name


def folders(plans: Path | None, geo: Path | None) -> tuple[Path | None, Path | None]:
    """Find the plans and the facts that go with what a user named.

    Parameters
    ----------
    plans
        A folder of plans, or one that holds them as ``layers``; None for the project's own.
    geo
        A folder of facts. None takes the ``geo`` in or beside the folder that was named, and the
        project's own where there is neither.

    Returns
    -------
    tuple
        The folder of plans and the one of facts; None stands for the project's own.
    """
    if plans is None:
        return plans, geo
    found = plans / "layers" if (plans / "layers").is_dir() else plans
    near = (plans / "geo", found.resolve().parent / "geo")
    return found, geo or next((each for each in near if (each / "sources.toml").is_file()), None)


def read_template(name: str) -> str:
    """Read one of the texts that come with the program, such as ``style.qml.xml``."""
    return (package_files("taixin") / "templates" / name).read_text(encoding="utf-8")


def read_bytes(path: Path) -> bytes:
    """Read a file as it is.

    Raises
    ------
    InputError
        If the file is missing or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
        raise InputError([Problem(str(path), "", message, "check its name and folder")]) from None


def read_text(path: Path) -> str:
    """Read a UTF-8 text file.

    Raises
    ------
    InputError
        If the file is missing, is no file, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problem = Problem(path.name, "", f"the file does not exist in {path.parent}", "add it")
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not UTF-8"
        problem = Problem(path.name, "", message, "save the file as UTF-8")
    except OSError as error:
        problem = Problem(path.name, "", f"the file cannot be read ({error.strerror})")
    raise InputError([problem])


def read_toml(path: Path | str) -> dict[str, object]:
    """Read a TOML file, or one of the program's own templates by its name.

    Raises
    ------
    InputError
        If the file cannot be read or is not TOML; says the line and column.
    """
    text = read_template(path) if isinstance(path, str) else read_text(path)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of 5000 digits, brackets without end
        name = path if isinstance(path, str) else path.name
        raise InputError([Problem(name, "", f"not TOML: {error}", "mend that line")]) from None


def read_csv(path: Path, columns: Iterable[str]) -> list[dict[str, str]]:
    """Read a CSV file whose header must hold certain columns.

    Parameters
    ----------
    path
        UTF-8, comma separated, first row the header.
    columns
        The columns that must be there.

    Returns
    -------
    list[dict[str, str]]
        One record a row; empty cells are empty strings.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing or a row has too many or too few cells.
    """
    reader = csv.DictReader(read_text(path).splitlines(), strict=True)
    missing = sorted(set(columns) - set(reader.fieldnames or ()))
    if missing:
        message = f"column {', '.join(missing)} is missing"
        raise InputError([Problem(path.name, "header", message, "add it to the first row")])
    rows = list(reader)
    ragged = [
        Problem(path.name, f"row {number}", "the row has not as many cells as the header")
        for number, row in enumerate(rows, start=2)
        if None in row or None in row.values()
    ]
    if ragged:
        raise InputError(ragged)
    return rows


def read_features(path: Path) -> tuple[dict[str, object], list[Feature]]:
    """Read one of the project's own GeoJSON files.

    Parameters
    ----------
    path
        A FeatureCollection in lon/lat.

    Returns
    -------
    tuple
        The collection's other members, and ``(id, properties, geometry)`` of each feature.

    Raises
    ------
    InputError
        If the file is no FeatureCollection, or a feature lacks an id or has a broken geometry.
    """
    from shapely.geometry import shape

    document = _collection(path)
    records = document.pop("features")
    features: list[Feature] = []
    problems = []
    for number, record in enumerate(cast("list[dict[str, Any]]", records), start=1):
        try:
            properties = dict(record["properties"])
            name = str(record["id"] if "id" in record else properties["id"])
            geometry = shape(record["geometry"]) if record["geometry"] else None
        except Exception as error:  # noqa: BLE001 - shapely raises many kinds on broken geometry
            reason = " ".join(str(error).split())
            message = f"the feature has no id, properties or usable geometry ({reason})"
            problems.append(Problem(path.name, f"feature {number}", message, "mend or remove it"))
        else:
            features.append((name, properties, geometry))
    if problems:
        raise InputError(problems)
    return document, features


def _collection(path: Path) -> dict[str, object]:
    try:
        document = json.loads(read_text(path))
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        records = document.get("features")
        if isinstance(records, list):
            return document
    problem = Problem(path.name, "", "not a GeoJSON FeatureCollection", "export it as one")
    raise InputError([problem])


def json_text(value: object, *, indent: int | None = None) -> str:
    """Write a value as JSON: Chinese as itself, no NaN, fixed separators.

    Examples
    --------
    >>> json_text({"name": "太忻"})
    '{"name":"太忻"}'
    """
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators
    )


def _rounded(values: Iterable[float]) -> list[float]:
    return [round(float(value), _DECIMALS) + 0.0 for value in values]  # no negative zero


def _geometry(geometry: BaseGeometry) -> dict[str, object]:
    """Write a geometry as GeoJSON; array by array, since a border has thousands of points."""
    import numpy as np
    import shapely
    from shapely.geometry import mapping

    if geometry.geom_type == "GeometryCollection":
        return dict(mapping(geometry))
    points = shapely.get_coordinates(geometry, include_z=bool(shapely.has_z(geometry)))
    scaled = points * 10.0**_DECIMALS
    rounded = np.rint(scaled) / 10.0**_DECIMALS + 0.0
    # so near the middle the product may have crossed it; Python rounds the number itself
    for place in np.argwhere(np.abs(np.abs(scaled % 1.0) - 0.5) < _MIDDLE).tolist():
        rounded[*place] = _rounded([points[*place]])[0]
    coordinates: list[Any] = rounded.tolist()
    parts = shapely.get_parts(geometry)
    match shapely.get_dimensions(geometry):
        case 2:
            rings, of_part = shapely.get_rings(parts, return_index=True)
            coordinates = _cut(coordinates, shapely.get_num_coordinates(rings))
            coordinates = _cut(coordinates, np.bincount(of_part))
        case 1:
            coordinates = _cut(coordinates, shapely.get_num_coordinates(parts))
    is_multi = geometry.geom_type.startswith("Multi") or not coordinates
    return {
        "type": geometry.geom_type,
        "coordinates": coordinates if is_multi else coordinates[0],
    }


def _cut(items: list[Any], sizes: Iterable[int]) -> list[Any]:
    rest = iter(items)
    return [list(islice(rest, int(size))) for size in sizes]


def geojson_text(members: Mapping[str, object], features: Iterable[Feature]) -> str:
    """Write features as a canonical GeoJSON FeatureCollection.

    Parameters
    ----------
    members
        Foreign members of the collection, such as ``name`` and ``attribution``.
    features
        ``(id, properties, geometry)`` each; a geometry of None is an unlocated feature.

    Returns
    -------
    str
        RFC 7946 text, lon/lat with at most six decimals, one feature a line.
    """
    import shapely

    lines = []
    bounds = []
    for name, properties, geometry in features:
        record: dict[str, object] = {"type": "Feature", "id": name}
        if geometry is not None:
            oriented = shapely.orient_polygons(geometry)
            record["bbox"] = _rounded(oriented.bounds)
            record["geometry"] = _geometry(oriented)
            bounds.append(oriented.bounds)
        else:
            record["geometry"] = None
        record["properties"] = dict(properties)
        lines.append(json_text(record))
    head: dict[str, object] = {"type": "FeatureCollection", **members}
    if bounds:
        west, south, east, north = zip(*bounds, strict=True)
        head["bbox"] = _rounded((min(west), min(south), max(east), max(north)))
    body = ",\n".join(lines)
    return f'{json_text(head)[:-1]},"features":[\n{body}\n]}}\n'


def holds(path: Path, text: str) -> bool:
    """Say whether a file exists and holds exactly this text."""
    return path.is_file() and path.read_bytes() == text.encode()


def listed(folder: Path, pattern: str) -> list[Path]:
    """List the files of a folder that match a pattern, sorted by name."""
    return sorted(path for path in folder.glob(pattern) if path.is_file())


def remove(path: Path) -> None:
    """Remove a file.

    Raises
    ------
    OutputError
        If the file cannot be removed.
    """
    try:
        path.unlink()
    except OSError as error:
        raise cannot_write(path, error) from error


def write_text(path: Path, text: str) -> None:
    """Write a text file so that it is either whole or as it was.

    Raises
    ------
    OutputError
        If the file cannot be written; the old one still stands.
    """
    write_bytes(path, text.encode())


def copy(source: Path, path: Path) -> None:
    """Copy a file of any size into a stage.

    Raises
    ------
    OutputError
        If the copy cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, path)
    except OSError as error:
        raise cannot_write(path, error) from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file so that it is either whole or as it was.

    Raises
    ------
    OutputError
        If the file cannot be written; the old one still stands.
    """
    if not is_staged(path):
        with replaced(path) as made:
            made.write_bytes(content)
        return
    try:  # the stage as a whole will get to its place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise cannot_write(path, error) from error
