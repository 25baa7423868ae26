"""Files from anywhere: none crashes, hangs, runs or writes; each is a sentence or read rightly."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pyogrio
import pytest
import shapely

from taixin.errors import InputError
from taixin.intake import sites
from taixin.intake.sites import Request, read_sites
from tests import hostile_files
from tests.hostile_parts import PLACE
from tests.reading import Readers
from tests.site_files import PARCEL, frame, shapefile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CASES = hostile_files.cases()
CELL_DEG = 1e-9


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """Give reading processes that serve many files."""
    readers = Readers()
    yield readers
    readers.close()


@pytest.fixture
def folder(
    readers: Readers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Path:  # fmt: skip
    """Give an empty folder; what is read goes through the processes that serve many."""
    monkeypatch.setattr(sites, "_frames", readers.frames)
    workplaces = tmp_path / "temporary"
    workplaces.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(workplaces))
    (tmp_path / "given").mkdir()
    return tmp_path / "given"


def outcome(path: Path) -> str | None:
    """Read a file; give the sentence it was refused with, None if it was read rightly."""
    try:
        chunks = list(read_sites(path, Request()))
    except InputError as error:
        sentence = str(error)
        assert sentence.endswith((".", "?")), sentence
        assert len(sentence.splitlines()) <= 21
        return sentence
    found = [shape for chunk in chunks for shape in chunk.geometries]
    whole = (PARCEL, shapely.Point(PLACE))
    wrong = [
        shape.wkt
        for shape in found
        if not any(shapely.hausdorff_distance(shape, item) < CELL_DEG for item in whole)
    ]
    return f"READ WRONGLY: {wrong[:3] or 'nothing'}" if wrong or not found else None


def test_there_are_more_than_two_hundred() -> None:
    assert len(CASES) > 300


def test_each_hostile_file_is_a_sentence_or_is_read_rightly(folder: Path, readers: Readers) -> None:
    wrong = {}
    for name, (content, expected) in CASES.items():
        path = folder / name
        path.write_bytes(content)
        said = outcome(path)
        if (expected is None) != (said is None) or (expected and said and expected not in said):
            wrong[name] = (expected, said)
        path.unlink()
        assert set(folder.parent.rglob("*")) == {folder.parent / "temporary", folder}, name
    assert wrong == {}
    assert readers.crashed == []


def test_a_file_cut_at_any_byte_is_a_sentence(folder: Path, readers: Readers) -> None:
    read = []
    for name, content in hostile_files.truncations():
        path = folder / name
        path.write_bytes(content)
        if outcome(path) is None:
            read.append((name, len(content)))
    assert read == []
    assert readers.crashed == []


def test_a_shapefile_with_a_part_cut_at_any_byte_is_a_sentence(
    folder: Path, readers: Readers
) -> None:
    shapefile(folder)
    parts = {path.suffix: path for path in folder.iterdir()}
    whole = {suffix: path.read_bytes() for suffix, path in parts.items()}
    read: dict[str, list[int]] = {}
    for suffix in (".shp", ".shx", ".dbf", ".prj"):
        for length in range(len(whole[suffix])):
            parts[suffix].write_bytes(whole[suffix][:length])
            if outcome(folder) is None:
                read.setdefault(suffix, []).append(length)
        parts[suffix].write_bytes(whole[suffix])
    # what ends a table may be missing; an empty statement of a system is none
    assert {suffix: lengths for suffix, lengths in read.items() if suffix != ".prj"} in (
        {}, {".dbf": [len(whole[".dbf"]) - 1]}
    )  # fmt: skip
    assert readers.crashed == []


@pytest.mark.parametrize("ending", ["gpkg", "dxf"])
def test_a_cut_binary_file_is_a_sentence_or_whole(
    ending: str, folder: Path, readers: Readers
) -> None:
    path = folder / f"site.{ending}"
    table = frame()[["geometry"]] if ending == "dxf" else frame()
    pyogrio.write_dataframe(table, path, driver="DXF" if ending == "dxf" else "GPKG")
    whole = path.read_bytes()
    for length in range(0, len(whole), len(whole) // 60):
        path.write_bytes(whole[:length])
        outcome(path)
    assert set(readers.crashed) <= {path.name}


@pytest.mark.parametrize("name", ["xxe.kml", "shape-open-ring.geojson", "outside-0.zip"])
def test_the_command_ends_with_2_and_one_sentence(name: str, tmp_path: Path, repo: Path) -> None:
    (tmp_path / name).write_bytes(CASES[name][0])
    result = subprocess.run(
        [sys.executable, "-m", "taixin.cli", "check", name],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(repo / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(name)
    assert len(result.stderr.splitlines()) == 1
