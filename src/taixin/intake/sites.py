"""Sites that were read: chunks of lon/lat geometry, from text, a file or a folder.

The file is opened in another process, see `taixin.intake.child`; this one decides what its
coordinates are and gives the features in chunks, so that a large file takes little memory.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from taixin import plane
from taixin.errors import InputError, Problem
from taixin.facts import load_facts
from taixin.intake import claims
from taixin.intake.drivers import DRIVERS, SKIPPED
from taixin.intake.limits import Limits
from taixin.intake.points import parse_point
from taixin.intake.unpack import plain_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taixin.intake.claims import Claim
    from taixin.intake.unpack import Plain
    from taixin.zones import Home

__all__ = ["Chunk", "Limits", "Request", "is_point", "read_sites"]

_PACKAGES: Final = Path(__file__).resolve().parents[2]
_LISTED_PROBLEMS: Final = 20
_LARGEST_RADIUS_M: Final = 500_000.0
_GONE: Final = "reading the file ended without a result; it may be damaged"


@dataclass(frozen=True, slots=True)
class Request:
    """How a site is to be read.

    Parameters
    ----------
    crs
        What the user declares with ``--crs``; None where the data says it.
    layer
        Which layer of a file with several.
    repair
        Whether invalid areas are repaired.
    limits
        How large the file may be.
    attributes
        Whether labels are all attributes of a feature as JSON.
    extracts
        Whether OpenStreetMap extracts can be read, and of any file all its layers.
    geo
        The facts whose counties say what zone metres may be in; the project's own when None.
    """

    crs: str | None = None
    layer: str | None = None
    repair: bool = False
    limits: Limits = field(default_factory=Limits)
    attributes: bool = False
    extracts: bool = False
    geo: Path | None = None

    def home(self) -> Home:
        """Tell where the counties of the facts lie."""
        return _home(self.geo)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Some features of a site file.

    Parameters
    ----------
    numbers
        Their places in the file, from 1.
    labels
        What names each; empty where nothing does.
    geometries
        Lon/lat in degrees.
    crs
        The system their coordinates were in.
    notes
        What was decided on the way, sentences that no earlier chunk brought.
    """

    numbers: tuple[int, ...]
    labels: tuple[str, ...]
    geometries: np.ndarray
    crs: str
    notes: tuple[str, ...] = ()


def is_point(text: str) -> bool:
    """Say whether a text is ``lon,lat[,radius_m]``."""
    return parse_point(text) is not None


def read_sites(site: str | Path, request: Request | None = None) -> Iterator[Chunk]:
    """Read what a user wants checked.

    Parameters
    ----------
    site
        ``lon,lat[,radius_m]``, a file, or a folder with a Shapefile.
    request
        How to read it.

    Yields
    ------
    Chunk
        At most 5,000 features at a time; the last one may bring only notes.

    Raises
    ------
    InputError
        If it cannot be used; says why and what to do. This may come after some chunks, so nothing
        may be published before the last.

    Examples
    --------
    >>> [chunk] = read_sites("112.7,38.2")
    >>> chunk.geometries[0], chunk.crs
    (<POINT (112.7 38.2)>, 'EPSG:4326')
    """
    request = request or Request()
    given = claims.declared(request.crs) if request.crs else None
    point = parse_point(site) if isinstance(site, str) else None
    if point is not None:
        yield _from_text(str(site), point, given, request)
        return
    path = Path(site).expanduser()
    with plain_file(path, request.limits, extracts=request.extracts) as plain:
        yield from _from_file(plain, request, given)


@lru_cache(maxsize=4)
def _home(geo: Path | None) -> Home:
    return load_facts(geo).home


def _from_text(
    text: str, point: tuple[float, float, float | None], given: Claim | None, request: Request
) -> Chunk:
    x, y, radius_m = point
    if radius_m is not None and not 0 < radius_m <= _LARGEST_RADIUS_M:
        message = f"the radius of {radius_m:g} m is out of range"
        raise InputError([Problem(text, "", message, "give metres above 0, up to 500000")])
    bounds = np.array([x, y, x, y])
    claim, _ = claims.settle(bounds, given, None, text, request.home)
    header = {"numbers": [1], "labels": [text], "radii": [radius_m]}
    shapes = np.array([shapely.Point(x, y)])
    chunk, problems = _placed(header, shapes, claim, text, request)
    if problems:
        raise InputError([Problem(text, "", found.message, found.remedy) for found in problems])
    return replace(chunk, notes=tuple(filter(None, [claims.doubt(bounds, claim, request.home)])))


def _from_file(plain: Plain, request: Request, given: Claim | None) -> Iterator[Chunk]:
    problems: list[Problem] = []
    notes = plain.notes
    claim: Claim | None = None
    for header, payload in _frames(plain, request):
        if header["type"] == "refused":
            raise InputError([Problem(plain.name, "", header["message"])])
        if header["type"] == "problems":
            problems.extend(
                Problem(plain.name, f"feature {number}", message)
                for number, message in header["problems"]
            )
        elif header["type"] == "end":
            notes = (*notes, *header["notes"])
            if claim is not None:
                yield Chunk((), (), np.empty(0, dtype=object), claim.label, notes)
        elif header["sizes"]:
            shapes = _shapes(header["sizes"], payload)
            if claim is None:
                said = claims.stated(header["crs"], plain.name) if header["crs"] else None
                bounds = shapely.total_bounds(shapes)
                claim, note = claims.settle(bounds, given, said, plain.name, request.home)
                note = "" if plain.kind == "geojson" and said is None else note  # RFC 7946 says it
                doubt = claims.doubt(bounds, claim, request.home)
                notes = (*notes, *filter(None, (note, doubt)))
            chunk, found = _placed(header, shapes, claim, plain.name, request)
            problems.extend(found)
            if len(problems) > _LISTED_PROBLEMS:
                break
            yield chunk
    if problems:
        raise InputError(_first(problems, plain.name))


def _first(problems: list[Problem], name: str) -> list[Problem]:
    listed = problems[:_LISTED_PROBLEMS]
    if len(problems) > len(listed):
        more = "there may be more of these; only the first are listed"
        listed.append(Problem(name, "~", more))
    return listed


def _shapes(sizes: list[int], payload: bytes) -> np.ndarray:
    ends = np.cumsum(sizes)
    raw = [payload[end - size : end] for end, size in zip(ends, sizes, strict=True)]
    return np.asarray(shapely.from_wkb(np.array(raw, dtype=object)))


def _placed(
    header: dict[str, Any], shapes: np.ndarray, claim: Claim, name: str, request: Request
) -> tuple[Chunk, list[Problem]]:
    """Take features to lon/lat, draw the circles meant around points, refuse the impossible."""
    moved = np.asarray(shapely.transform(shapes, lambda points: claims.to_lonlat(points, claim)))
    before, after = shapely.bounds(shapes), shapely.bounds(moved)
    west, south, east, north = claims.CHINA
    inside = (after[:, 0] >= west) & (after[:, 1] >= south)
    inside &= (after[:, 2] <= east) & (after[:, 3] <= north)
    problems = [
        Problem(name, f"feature {header['numbers'][index]}",
                *claims.why_outside(before[index], after[index], claim, request.home))
        for index in map(int, np.flatnonzero(~inside)[: _LISTED_PROBLEMS + 1])
    ]  # fmt: skip
    radii = np.array([value or 0.0 for value in header["radii"]])
    drawn = np.flatnonzero((radii > 0) & inside)
    if len(drawn):
        moved[drawn] = plane.circles(shapely.get_coordinates(moved[drawn]), radii[drawn])
    labels = tuple(header["labels"])
    return Chunk(tuple(header["numbers"]), labels, moved, claim.label), problems


# ---- the other process ---------------------------------------------------------------------------


def _frames(plain: Plain, request: Request) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Give what the reading process sends; stop it where it takes too long."""
    limits = request.limits
    with _reading(plain, request) as frames:
        while True:
            try:
                frame = frames.get(timeout=limits.seconds)
            except queue.Empty:
                message = f"reading it took more than {limits.seconds} s and was stopped"
                remedy = "simplify the data, or raise the limits with --limits 10"
                raise InputError([Problem(plain.name, "", message, remedy)]) from None
            if frame is None:
                raise InputError([Problem(plain.name, "", _GONE, "export it again")])
            yield frame
            if frame[0]["type"] != "chunk":
                return


@contextmanager
def _reading(
    plain: Plain, request: Request
) -> Iterator[queue.Queue[tuple[dict[str, Any], bytes] | None]]:
    limits = request.limits
    body = {
        "path": str(plain.path),
        "encoding": plain.encoding,
        "layer": request.layer,
        "repair": request.repair,
        "attributes": request.attributes,
        "extracts": request.extracts,
        "limits": {name: getattr(limits, name) for name in limits.__slots__},
    }
    command = [sys.executable, "-P", "-m", "taixin.intake.child", plain.kind]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(plain.kind),
        cwd=plain.path.parent,
    )
    frames: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue(maxsize=2)
    stop = threading.Event()
    reader = threading.Thread(target=_receive, args=(process, body, frames, stop), daemon=True)
    reader.start()
    try:
        yield frames
    finally:
        stop.set()
        process.kill()
        process.wait()
        reader.join()


def _receive(
    process: subprocess.Popen[bytes],
    body: dict[str, object],
    frames: queue.Queue[tuple[dict[str, Any], bytes] | None],
    stop: threading.Event,
) -> None:
    frame: tuple[dict[str, Any], bytes] | None
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        return
    try:
        with stdin, stdout:
            stdin.write(json.dumps(body).encode())
            stdin.close()
            while line := stdout.readline():
                header = json.loads(line)
                payload = stdout.read(sum(header.get("sizes", ())))
                frame = (header, payload)
                _put(frames, frame, stop)
    except (OSError, ValueError):  # the process ended in the middle
        pass
    _put(frames, None, stop)


def _put(
    frames: queue.Queue[tuple[dict[str, Any], bytes] | None],
    frame: tuple[dict[str, Any], bytes] | None,
    stop: threading.Event,
) -> None:
    while not stop.is_set():
        try:
            frames.put(frame, timeout=0.1)
        except queue.Full:
            continue
        return


def _environment(kind: str) -> dict[str, str]:
    """Give the environment of the reading process: ours, without its settings for GDAL."""
    foreign = ("GDAL_", "OGR_", "CPL_", "SHAPE_", "PYTHON", "TAIXIN_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    allowed = DRIVERS.get(kind, ())
    skipped = [name for name in SKIPPED if name not in allowed]
    others = {name for names in DRIVERS.values() for name in names if name not in allowed}
    skip = ",".join([*skipped, *sorted(others)])
    return {**kept, "PYTHONPATH": str(_PACKAGES), "GDAL_SKIP": skip, "PYTHONDONTWRITEBYTECODE": "1"}
