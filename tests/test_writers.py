"""What was written before stands until the new is whole: killed, refused, full, or two at once."""

from __future__ import annotations

import random
import re
import shutil
import signal
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taixin import staging
from taixin.archives import sha256
from taixin.errors import OutputError
from taixin.exports import FORMATS
from tests import samples, warm
from tests.warm import Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="Windows has neither fork nor kill -9"
)

KILLS = 50
#: What an export may be named; the others take a file that ends in their own name.
FOLDERS = {"geojson": "out", "shp": "out", "fgb": "out", "csv": "out"}
PAGE_ONLY = "build --no-delivery"


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file below a folder, hidden ones too, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class World:
    """A small world, built once as it was and once with a changed word."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.geo = samples.write_geo(folder / "geo")
        self.plans = {name: samples.write_plans(folder / name) for name in ("old", "new")}
        samples.edit(self.plans["new"] / "lake-2030" / "structure.toml", "湖路轴", "湖滨轴")
        self.log = folder / "log.txt"
        folder.chmod(0o755)

    def arguments(self, age: str, *words: str) -> tuple[str, ...]:
        """Give the words of a command on the old or the new plans."""
        return (*words, "--plans", str(self.plans[age]), "--geo", str(self.geo))

    def run(
        self, age: str, *words: str, trouble: Trouble | None = None,
        stop: tuple[float, int] | None = None,
    ) -> warm.Ended:  # fmt: skip
        """Run the command to its end, or to the moment when it is stopped."""
        process = warm.started(
            self.log, warm.command, *self.arguments(age, *words), trouble=trouble
        )
        return warm.finish(process, self.log, stop=stop)

    def made(self, age: str, *words: str, place: Path) -> tuple[dict[str, bytes], float]:
        """Run the command undisturbed; give what it wrote and how long it took."""
        began = time.monotonic()
        ended = self.run(age, *words)
        assert ended.code == 0, ended.said
        return contents(place), time.monotonic() - began


@pytest.fixture
def quick() -> Iterator[Path]:
    """Give a folder in memory where there is one: there it costs nothing to wait for the disk."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def words(form: str, place: Path) -> tuple[str, ...]:
    """Give the words that write a form into a folder: the site, or one file of an export."""
    if form.startswith("build"):
        return (*form.split(), "--out", str(place / "site"))
    name = FOLDERS.get(form, f"out.{form}")
    return ("export", "--format", form, "--out", str(place / name))


def stopped_at_random(world: World, form: str, place: Path, moments: int, number: int) -> set[int]:
    """Stop runs at random moments; assert that each left the old or the new, all of it."""
    place.mkdir()
    new, _ = world.made("new", *words(form, place), place=place)
    shutil.rmtree(place)
    old, took = world.made("old", *words(form, place), place=place)
    assert old.keys() == new.keys()
    assert old != new
    chance = random.Random(f"{form} {moments}")  # noqa: S311 - a test that repeats itself
    codes = set()
    for _ in range(moments):
        codes.add(
            world.run("new", *words(form, place), stop=(chance.uniform(0, took), number)).code
        )
        left = {name: data for name, data in contents(place).items() if ".part/" not in name}
        assert left in (old, new)
        assert number == signal.SIGKILL or left == contents(place), "a tidy end leaves nothing"
        if left == new:
            assert world.run("old", *words(form, place)).code == 0
    assert world.run("new", *words(form, place)).code == 0
    assert contents(place) == new, "what the killed runs left is gone"
    return codes


def verify(folder: Path) -> int:
    """Compare files with the digests that stand beside them."""
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    for line in lines:
        digest, name = line.split("  ", 1)
        assert sha256(folder / name) == digest, name
    return len(lines)


def test_a_build_killed_at_any_moment_leaves_what_stood_there(world: World, quick: Path) -> None:
    place = quick / "place"

    codes = stopped_at_random(world, "build", place, KILLS // 5, signal.SIGKILL)
    codes |= stopped_at_random(world, PAGE_ONLY, quick / "page", KILLS, signal.SIGKILL)

    assert -signal.SIGKILL in codes
    assert verify(place / "site" / "delivery") > 10


@pytest.mark.parametrize("form", ["shp", "gdb", "gpkg", "geojson", "xlsx"])
def test_an_export_killed_at_any_moment_leaves_what_stood_there(
    form: str, world: World, quick: Path
) -> None:
    codes = stopped_at_random(world, form, quick / "place", KILLS // 5, signal.SIGKILL)

    assert -signal.SIGKILL in codes


def test_a_build_in_the_background_ends_tidily_when_asked_to(world: World, quick: Path) -> None:
    codes = stopped_at_random(world, PAGE_ONLY, quick / "place", 5, signal.SIGTERM)

    assert codes <= {0, 128 + signal.SIGTERM, -signal.SIGTERM}  # the last before it listens
    assert 128 + signal.SIGTERM in codes


# ---- every single step --------------------------------------------------------------------------


@pytest.mark.parametrize("write", [warm.write_folder, warm.write_file, warm.write_database])
def test_there_is_no_step_at_which_a_kill_does_harm(
    write: Callable[[Path, str], None], quick: Path
) -> None:
    out, log = quick / "out", quick / "log.txt"
    write(out, "new")
    new = contents(out)
    shutil.rmtree(out)
    write(out, "old")
    old = contents(out)
    killed = 0
    while True:
        trouble = Trouble(dies_at=killed + 1)
        ended = warm.finish(warm.started(log, write, out, "new", trouble=trouble), log)
        left = {name: data for name, data in contents(out).items() if ".part/" not in name}
        assert left in (old, new), f"killed at step {killed + 1}"
        if ended.code == 0:
            break
        assert ended.code == -signal.SIGKILL
        killed += 1
        if left == new:
            write(out, "old")
    assert killed > 5
    write(out, "new")
    assert list(quick.rglob("*.part")) == []
    assert contents(out) == new


def test_files_of_others_are_kept_and_a_failure_puts_ours_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    warm.write_folder(out, "old")
    (out / "data" / "mine.txt").write_text("mine", encoding="utf-8")
    before = contents(tmp_path)
    replace = type(out).replace

    def failing(self: Path, target: Path) -> Path:
        if target == out / "data" / "b.txt" and self.read_bytes() == b"new":
            raise PermissionError(13, "open in another program")
        return replace(self, target)

    monkeypatch.setattr(type(out), "replace", failing)
    with pytest.raises(OutputError, match="open in another program"):
        warm.write_folder(out, "new")
    assert contents(tmp_path) == before

    monkeypatch.undo()
    warm.write_folder(out, "new")
    assert contents(out) == {
        "a.dbf": b"new", "a.shp": b"new", "data/b.txt": b"new", "data/mine.txt": b"mine"
    }  # fmt: skip


def test_a_system_that_cannot_exchange_folders_renames_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm.write_database(tmp_path, "old")
    monkeypatch.setattr("ctypes.CDLL", lambda _name: object())
    warm.write_database(tmp_path, "new")
    assert contents(tmp_path) == {f"a.gdb/{number}.bin": b"new" for number in range(3)}


# ---- a full disk, no permission -----------------------------------------------------------------


@pytest.mark.parametrize("largest_file", [500, 2500])
@pytest.mark.parametrize("form", ["build", *FORMATS])
def test_a_full_disk_is_a_sentence_and_leaves_what_stood_there(
    form: str, largest_file: int, world: World, quick: Path
) -> None:
    place = quick / "place"
    old, _ = world.made("old", *words(form, place), place=place)

    if largest_file > max(map(len, old.values())):
        return
    ended = world.run("new", *words(form, place), trouble=Trouble(largest_file=largest_file))

    assert ended.code == 2, ended.said
    assert "Traceback" not in ended.said
    assert re.search("cannot (be written|write)", ended.said)
    assert contents(place) == old


def test_a_folder_that_is_not_ours_is_a_sentence(world: World, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o555)
    tmp_path.chmod(0o755)

    ended = world.run(
        "new", "build", "--out", str(locked / "site"), trouble=Trouble(is_nobody=True)
    )

    assert ended.code == 2
    assert "cannot be written (Permission denied); choose another folder" in ended.said
    assert contents(locked) == {}


# ---- two at once --------------------------------------------------------------------------------


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Path]:
    """Give the workplace of a run that is at work just now."""
    with staging.workplace(tmp_path, "out") as place:
        (place / "half.txt").write_text("half", encoding="utf-8")
        yield place


def test_what_another_run_is_writing_is_left_alone(held: Path, tmp_path: Path) -> None:
    warm.write_folder(tmp_path / "out", "new")

    assert (held / "half.txt").exists()


def test_two_runs_at_once_leave_the_output_of_one_of_them(world: World, quick: Path) -> None:
    expected = [
        world.made(age, *words(PAGE_ONLY, quick / age), place=quick / age)[0]
        for age in ("old", "new")
    ]
    place = quick / "place"
    for _ in range(3):
        runs = []
        for age in ("old", "new"):
            log = quick / f"{age}.txt"
            arguments = world.arguments(age, *words(PAGE_ONLY, place))
            runs.append((warm.started(log, warm.command, *arguments), log))
        assert [warm.finish(*run).code for run in runs] == [0, 0]
        assert contents(place) in expected
