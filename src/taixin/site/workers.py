"""Very many sites, piece by piece: in this process, in several, or on the workers of a cluster.

`answer` is the one function that answers for a piece. Everywhere it is the same, pieces are
written in the order of the sites, and only a few are on their way at a time; so the table is the
same wherever it was worked out, and memory does not grow with the number of sites.
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import shapely

from taixin.build import build_layers, load
from taixin.errors import OutputError
from taixin.intake.sites import Chunk
from taixin.site.answers import Checker
from taixin.site.tables import Form, rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

__all__ = ["Question", "answer", "answer_batches", "answers", "load_checker", "pieces"]

#: So many sites are answered for at a time: enough for the fast path, little enough for memory.
_PIECE_SITES: Final = 2500
#: Pieces on their way for each worker, so that none waits for the next.
_AHEAD: Final = 2
_CONNECT_S: Final = 10
#: How often a piece is given to another worker when one died over it.
_RETRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Question:
    """What sites are checked against and what is told; the same on every worker.

    Parameters
    ----------
    plans, geo
        Folders of plans and facts, which every worker must see; the project's own when None.
    only
        Ids of the plans to check; all when empty.
    within_m
        How far off a feature still counts as near, metres on the ellipsoid.
    lang
        The language of names, ``zh`` or ``en``.
    form
        What the rows hold.
    run
        Whatever tells this run from others: a worker that has lived through an earlier one reads
        plans anew.
    """

    plans: Path | None = None
    geo: Path | None = None
    only: tuple[str, ...] = ()
    within_m: float = 0.0
    lang: str = "zh"
    form: Form = field(default_factory=Form)
    run: str = ""


class Ahead(Protocol):
    """An answer that is on its way."""

    def result(self) -> Any:  # noqa: ANN401 - a table; futures of several libraries give it
        """Wait for the answer."""


def load_checker(question: Question) -> Checker:
    """Read, build and index the plans of a question.

    Raises
    ------
    InputError
        If facts, plans or recipes have problems; lists all of them.
    """
    library, facts = load(question.plans, question.geo)
    layers = build_layers(library, facts, question.only or None)
    return Checker.of(layers, library, facts, lang=question.lang)


#: What a worker keeps from piece to piece.
_ready = lru_cache(maxsize=1)(load_checker)


def answer(piece: pa.Table, question: Question) -> pa.Table:
    """Answer for a piece.

    Parameters
    ----------
    piece
        Columns ``site`` (a number), ``geometry`` (WKB, lon/lat, valid) and, if there is one,
        ``site_name``.
    question
        What is asked.

    Returns
    -------
    pyarrow.Table
        See `taixin.site.tables.rows`.
    """
    return _told(piece, _ready(question), question)


def _told(piece: pa.Table, checker: Checker, question: Question) -> pa.Table:
    import pyarrow as pa

    pa.default_memory_pool().release_unused()  # of the piece before, so that memory stays flat
    count = len(piece)
    has_names = "site_name" in piece.column_names
    labels = piece.column("site_name").to_pylist() if has_names else [""] * count
    blobs = np.array([*piece.column("geometry").to_pylist(), None], dtype=object)[:-1]
    numbers = tuple(piece.column("site").to_pylist())
    chunk = Chunk(numbers, tuple(labels), np.asarray(shapely.from_wkb(blobs)), "EPSG:4326")
    return rows(checker.check(chunk, question.within_m), checker, question.form)


def answer_batches(
    batches: Iterable[pa.RecordBatch], question: Question | None = None
) -> Iterator[pa.RecordBatch]:
    """Answer for a stream of record batches: what Spark's ``mapInArrow`` wants.

    Parameters
    ----------
    batches
        Columns as in `answer`.
    question
        What is asked; everything of the project's own when None.

    Yields
    ------
    pyarrow.RecordBatch
        Rows as in `taixin.site.tables.rows`.

    Examples
    --------
    In Spark, for a frame of parcels ``site long, geometry binary``::

        ask = functools.partial(answer_batches, question=Question(only=("taixin-2035",)))
        answers = parcels.mapInArrow(ask, schema)

    where ``schema`` is a Spark schema of the columns that are asked for here:

    >>> import pyarrow as pa
    >>> site = shapely.to_wkb(shapely.Point(112.72, 38.18))
    >>> parcels = pa.record_batch({"site": [7], "geometry": [site]})
    >>> (first, *_) = answer_batches([parcels], Question(only=("taixin-2035",)))
    >>> first.column("site")[0].as_py(), first.schema.names[-3:]
    (7, ['document', 'section', 'geometry'])
    """
    import pyarrow as pa

    for batch in batches:
        for start in range(0, batch.num_rows, _PIECE_SITES):
            piece = pa.table(batch.slice(start, _PIECE_SITES))
            yield from answer(piece, question or Question()).to_batches()


def pieces(chunk: Chunk) -> Iterator[pa.Table]:
    """Cut a chunk of sites into pieces that a worker takes at once."""
    import pyarrow as pa

    for start in range(0, len(chunk.numbers), _PIECE_SITES):
        own = slice(start, start + _PIECE_SITES)
        yield pa.table(
            {
                "site": pa.array(chunk.numbers[own], pa.int64()),
                "site_name": pa.array(chunk.labels[own], pa.string()),
                "geometry": pa.array(shapely.to_wkb(chunk.geometries[own]), pa.binary()),
            }
        )


def answers(
    parts: Iterable[pa.Table], question: Question, workers: int = 1, scheduler: str | None = None
) -> Iterator[pa.Table]:
    """Answer for pieces, in their order.

    Parameters
    ----------
    parts
        From `pieces`; read as far as answers are taken, and a few more.
    question
        What is asked.
    workers
        How many processes of this machine answer; one is this process.
    scheduler
        Address of a Dask scheduler whose workers answer instead; they need this package.

    Yields
    ------
    pyarrow.Table
        The rows of one piece.

    Raises
    ------
    InputError, OutputError
        If the plans cannot be used, the cluster is not there, or workers keep dying.
    """
    if scheduler is not None:
        with _cluster(scheduler) as (ask, ahead):
            yield from _in_order(parts, question, ask, ahead)
    elif workers > 1:
        with _processes(workers) as ask:
            yield from _in_order(parts, question, ask, workers * _AHEAD)
    else:
        checker = load_checker(question)
        yield from (_told(part, checker, question) for part in parts)


def _in_order(
    parts: Iterable[pa.Table],
    question: Question,
    ask: Callable[[pa.Table, Question], Ahead],
    ahead: int,
) -> Iterator[pa.Table]:
    waiting: deque[Ahead] = deque()
    for part in parts:
        waiting.append(ask(part, question))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


@contextmanager
def _processes(count: int) -> Iterator[Callable[[pa.Table, Question], Ahead]]:
    """Start processes that share nothing with this one, on every system alike."""
    pool = ProcessPoolExecutor(count, multiprocessing.get_context("spawn"))
    try:
        yield lambda part, question: pool.submit(answer, part, question)
    except (BrokenProcessPool, OSError):  # the latter where one ends while others start
        message = "a worker process ended, perhaps for lack of memory; take fewer --workers."
        raise OutputError(message) from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Callable[[pa.Table, Question], Ahead], int]]:
    """Speak with a Dask scheduler; a piece whose worker dies goes to another."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        message = "--scheduler needs dask.distributed: pip install 'taixin-atlas[cluster]'."
        raise OutputError(message) from None
    try:
        client = Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise OutputError(f"{address}: no Dask scheduler answers there ({error}).") from None
    with client:
        count = len(client.nthreads())
        if not count:
            raise OutputError(f"{address}: the scheduler has no workers; start some first.")
        try:
            yield (
                (
                    lambda part, question: client.submit(
                        answer, part, question, pure=False, retries=_RETRIES
                    )
                ),
                count * _AHEAD,
            )
        except KilledWorker as error:
            raise OutputError(
                f"{address}: workers keep dying over the same sites ({error})."
            ) from None
