"""Better geometry for known facts, in files of its own: ``geo/refined-001.geojson`` and so on.

The facts themselves stay as they are written; what is read here takes their place, the later file
before the earlier. To remove a file is to undo it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from taixin import files
from taixin.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

__all__ = ["PATTERN", "Refined", "read_refined"]

PATTERN: Final = "refined-*.geojson"
_TYPES: Final = {"rivers": ("LineString",), "routes": ("LineString",), "places": ("Point",)}


@dataclass(frozen=True, slots=True)
class Refined:
    """What takes the place of a fact's geometry.

    Parameters
    ----------
    geometry
        Lon/lat in degrees.
    accuracy_m
        How far it may be off, in metres.
    source
        An id in ``sources.toml``.
    waypoints
        Of a route: the number of the vertex at which each named waypoint lies.
    file
        Where it stands.
    """

    geometry: BaseGeometry
    accuracy_m: float
    source: str
    waypoints: Mapping[str, int]
    file: str


def read_refined(folder: Path) -> dict[tuple[str, str], Refined]:
    """Read the refined geometries of a folder of facts.

    Parameters
    ----------
    folder
        A ``geo`` folder.

    Returns
    -------
    dict[tuple[str, str], Refined]
        By table and id of the fact.

    Raises
    ------
    InputError
        If a file cannot be read or a feature of it says not all that is needed.
    """
    found = {}
    problems = []
    for path in files.listed(folder, PATTERN):
        for identifier, properties, geometry in files.read_features(path)[1]:
            made = _refined(dict(properties), geometry, path.name)
            if made is None:
                message = "the feature needs table, fact, accuracy_m, source and their geometry"
                problems.append(Problem(path.name, identifier, message, "import the data again"))
            else:
                found[(str(properties["table"]), str(properties["fact"]))] = made
    if problems:
        raise InputError(problems)
    return found


def _refined(
    properties: dict[str, Any], geometry: BaseGeometry | None, file: str
) -> Refined | None:
    types = _TYPES.get(str(properties.get("table")), ())
    waypoints = properties.get("waypoints", {})
    accuracy_m = properties.get("accuracy_m")
    is_whole = (
        geometry is not None
        and geometry.geom_type in types
        and "fact" in properties
        and isinstance(accuracy_m, int | float)
        and isinstance(waypoints, dict)
        and all(isinstance(index, int) for index in waypoints.values())
    )
    if not is_whole:
        return None
    shape = cast("BaseGeometry", geometry)
    return Refined(shape, float(accuracy_m or 0), str(properties.get("source")), waypoints, file)
