"""How an output gets to its place: written elsewhere, brought to the disk, put there in one step.

What is being written lies in a workplace, ``.NAME.xxxxxxxx.part`` beside the output. Its maker
holds a lock on it for as long as it lives, so that a run can tell what a killed one left behind
from what another one is writing just now, and remove the one and leave the other.

Whoever is stopped, even by ``kill -9``, leaves the output as it was. The one exception: a folder
that also holds files of others is never exchanged as a whole, its files are renamed one after the
other; then a kill in that millisecond leaves some old and some new ones, each of them whole.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import signal
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from taixin.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

__all__ = ["cannot_write", "is_staged", "refuse_cut", "replaced", "staged_folder", "workplace"]

_SUFFIX: Final = ".part"
_WORKPLACE: Final = re.compile(r"\..+\.[a-z0-9_]{8}\.part")
#: Where nothing can be locked, only what is older than this is taken for left behind.
_DAY_S: Final = 86_400
_AT_ONCE: Final = 16
_AT_CWD: Final = -100
_EXCHANGE: Final = 2
_IN_THE_WAY: Final = (errno.EEXIST, errno.ENOTEMPTY)


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Make the sentence that says why an output cannot be written."""
    reason = error.strerror or str(error)
    message = f"{path}: the output cannot be written ({reason}); choose another folder with --out."
    return OutputError(message)


# ---- workplaces ----------------------------------------------------------------------------------


@contextmanager
def workplace(folder: Path, name: str) -> Iterator[Path]:
    """Give an empty folder to work in, gone afterwards, and remove those that killed runs left.

    Parameters
    ----------
    folder
        Where it is made.
    name
        What it is for; part of its own name.

    Yields
    ------
    Path
        The empty folder.
    """
    prefix = f".{name}."
    _sweep(folder, prefix)
    while True:
        made = Path(tempfile.mkdtemp(prefix=prefix, suffix=_SUFFIX, dir=folder))
        lock = _locked(made)
        if made.exists():  # else another run took it for left behind before it was locked
            break
        _unlock(lock)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        _unlock(lock)


def is_staged(path: Path) -> bool:
    """Say whether a path lies in a workplace."""
    return any(_WORKPLACE.fullmatch(part) for part in path.parts)


def _sweep(folder: Path, prefix: str) -> None:
    """Remove what runs that were killed left behind."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if entry.name.startswith(prefix) and entry.name.endswith(_SUFFIX):
                _remove_if_left(Path(entry.path))


def _remove_if_left(place: Path) -> None:
    with suppress(OSError):
        lock = _locked(place, wait=False)
        is_old = time.time() - place.stat().st_mtime > _DAY_S
        if lock is not None or is_old:
            shutil.rmtree(place, ignore_errors=True)
        _unlock(lock)


def _locked(folder: Path, *, wait: bool = True) -> int | None:
    """Lock a folder; None where that cannot be done.

    Raises
    ------
    BlockingIOError
        If another one holds it, and it is not to be waited for.
    """
    handle = None
    try:
        import fcntl

        handle = os.open(folder, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        _unlock(handle)
        raise
    except (ImportError, OSError):  # Windows, or a file system that knows no locks
        _unlock(handle)
        return None
    return handle


def _unlock(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


# ---- outputs -------------------------------------------------------------------------------------


@contextmanager
def replaced(out: Path) -> Iterator[Path]:
    """Give a path to write a file or folder to, and put it in the place of `out` if all went well.

    Parameters
    ----------
    out
        Where the file or folder shall stand in the end; one that stands there goes as a whole.

    Yields
    ------
    Path
        A path of the same name where nothing stands yet.

    Raises
    ------
    OutputError
        If it cannot be written; `out` is as it was.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with workplace(out.parent, out.name) as stage:
            made = stage / out.name
            yield made
            _bring_to_disk(made)
            with _undisturbed():
                if made.is_dir() and out.is_dir():
                    _exchange(made, out)
                else:
                    made.replace(out)
                _sync(out.parent)
    except OSError as error:
        raise cannot_write(out, error) from error


@contextmanager
def staged_folder(out: Path) -> Iterator[Path]:
    """Give a folder to write into, and put its files into `out` if all went well.

    Parameters
    ----------
    out
        Where the files shall stand in the end; created where missing. Files of the same name are
        replaced, others are left alone.

    Yields
    ------
    Path
        An empty folder, gone afterwards.

    Raises
    ------
    OutputError
        If a folder or file cannot be written; `out` is as it was.
    """
    try:
        place = out.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        # beside the folder, so that it can go there in one step; inside where that is impossible
        is_fixed = os.path.ismount(place) or not os.access(place.parent, os.W_OK)
        with workplace(place if place.exists() and is_fixed else place.parent, place.name) as stage:
            made = stage / place.name
            made.mkdir()
            yield made
            _bring_to_disk(made)
            with _undisturbed():
                _put(made, place)
                _sync(place.parent)
    except OSError as error:
        raise cannot_write(out, error) from error


def _put(made: Path, out: Path) -> None:
    """Put a folder in the place of another, or its files into it where others stand there too."""
    try:
        made.rename(out)  # nothing stands there, or an empty folder
    except OSError as error:
        if error.errno not in _IN_THE_WAY and not out.is_dir():
            raise
    else:
        return
    lock = _locked(out)
    try:
        if _is_all_ours(out, made):
            made.chmod(out.stat().st_mode)
            _exchange(made, out)
        else:
            _move_files(made, out)
    finally:
        _unlock(lock)


def _is_all_ours(out: Path, made: Path) -> bool:
    """Say whether a folder may go as a whole: nothing of others in it, and nobody stands in it."""
    if os.path.ismount(out) or out == Path.cwd() or out in Path.cwd().parents:
        return False
    before, after = out.stat(), made.stat()
    if (before.st_uid, before.st_gid) != (after.st_uid, after.st_gid):
        return False
    return all(
        (made / path.relative_to(out)).exists() and not path.is_symlink() for path in out.rglob("*")
    )


def _move_files(made: Path, out: Path) -> None:
    """Rename every file into its place; if one will not go, put the others back."""
    old = made.parent / "before"
    undo: list[Callable[[], object]] = []
    try:
        for source in _files_in(made):
            name = source.relative_to(made)
            target = out / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.exists():
                kept = old / name
                kept.parent.mkdir(parents=True, exist_ok=True)
                _keep(target, kept)
                undo.append(lambda kept=kept, target=target: kept.replace(target))  # type: ignore[misc]
            else:
                undo.append(target.unlink)
            source.replace(target)
    except OSError:
        for step in reversed(undo):
            with suppress(OSError):
                step()
        raise


def _keep(source: Path, kept: Path) -> None:
    try:
        os.link(source, kept)
    except OSError:  # a file system without links
        shutil.copy2(source, kept)


def _exchange(one: Path, other: Path) -> None:
    """Let two folders change places: in one step where the system can do that."""
    system: Any = ctypes.CDLL(None) if os.name == "posix" else None
    paths = os.fsencode(one), os.fsencode(other)
    result = -1
    if hasattr(system, "renameat2"):  # Linux
        result = system.renameat2(_AT_CWD, paths[0], _AT_CWD, paths[1], _EXCHANGE)
    elif hasattr(system, "renamex_np"):  # macOS
        result = system.renamex_np(*paths, _EXCHANGE)
    if result == 0:
        return
    aside = one.with_name("aside")
    other.rename(aside)
    try:
        one.rename(other)
    except OSError:
        aside.rename(other)
        raise
    aside.rename(one)


# ---- the disk and signals ------------------------------------------------------------------------


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _bring_to_disk(made: Path) -> None:
    """Wait until the disk has everything, so that a new name never stands for missing content."""
    is_folder = made.is_dir()
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # a disk takes many at once hardly later than one
        for _ in pool.map(_flush, _files_in(made) if is_folder else [made]):
            pass
        folders = [path for path in made.rglob("*") if path.is_dir()]
        for _ in pool.map(_sync, [*folders, made] if is_folder else ()):
            pass


def _flush(path: Path) -> None:
    refuse_cut(path)
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def refuse_cut(path: Path) -> None:
    """Refuse a file that the disk would not let grow: GDAL does not say when its end was lost.

    Raises
    ------
    OSError
        Says why not a single byte more goes into it.
    """
    with path.open("r+b") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.write(b"\0")
        stream.flush()
        stream.truncate(size)


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk, where a system can be asked for that."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back signals that would stop the program until the last file is in its place."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = ("SIGINT", "SIGTERM", "SIGHUP")
    came: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)

    before = {}
    for number in (getattr(signal, name) for name in names if hasattr(signal, name)):
        if callable(signal.getsignal(number)):  # not where it is ignored or kills outright
            before[number] = signal.signal(number, note)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came[:1]:
            signal.raise_signal(number)
