"""Numbers as streams of bytes that a page can read: varints, differences, courses of lines.

A stream stands after its length in bytes. Its numbers are LEB128 varints, seven bits a byte, the
lowest first; where they may be negative they are zigzag: 0, -1, 1, -2, …

A course is made for what does not come in whole bytes. The vertices of a line go on much as they
came, so of each but the first stands how far its step differs from half the step before it, halves
rounded down, zigzag. One stream has a byte a vertex, ``16 * bits of x + bits of y``; the next has
these bits, the lowest first, without the leading one, which is known to be there. What needs 15
bits or more is told by a 15, and has 32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]  # int32 of coordinates, int64 of indices

__all__ = ["courses", "differences", "framed", "varints"]

_LONG: Final = 15
_WORD: Final = 64


def framed(content: bytes) -> bytes:
    """Put the length of a stream in front of it."""
    return _varints(np.array([len(content)])) + content


def differences(values: Ints) -> bytes:
    """Write numbers as a stream of the differences between them, the first from zero."""
    return framed(_varints(_zigzag(np.diff(values, prepend=values.dtype.type(0)))))


def varints(values: Ints) -> bytes:
    """Write numbers that are not negative as a stream."""
    return framed(_varints(values))


def courses(x: Ints, y: Ints, lengths: Ints) -> bytes:
    """Write the vertices of lines, in four streams.

    Parameters
    ----------
    x, y
        Of the vertices of all lines, one line after the other, as int32 on a grid.
    lengths
        Vertices of each line, at least one.

    Returns
    -------
    bytes
        Differences between the first x of the lines, between their first y, and the two streams of
        a course for all other vertices.
    """
    first = np.cumsum(lengths) - lengths
    (x_sizes, x_bits, x_counts), (y_sizes, y_bits, y_counts) = (
        _sized(_zigzag(_turns(axis, first))) for axis in (x, y)
    )
    sizes = (x_sizes << 4 | y_sizes).astype(np.uint8).tobytes()
    values, counts = np.stack((x_bits, y_bits), axis=1), np.stack((x_counts, y_counts), axis=1)
    bits = _in_bits(values.ravel(), counts.ravel())
    return b"".join((differences(x[first]), differences(y[first]), framed(sizes), framed(bits)))


def _turns(values: Ints, first: Ints) -> Ints:
    """Tell of each vertex but the first of a line how its step differs from half the one before."""
    steps = np.diff(values, prepend=values[:1])
    steps[first] = 0
    turns = steps.copy()
    turns[1:] -= steps[:-1] >> 1
    return np.delete(turns, first)


def _zigzag(values: Ints) -> Ints:
    return (values << 1) ^ (values >> (8 * values.itemsize - 1))


def _sized(values: Ints) -> tuple[Ints, Ints, Ints]:
    """Give the bits that numbers have, what is written of them, and how many bits that is."""
    sizes = np.frexp(values.astype(np.float64))[1]
    is_long = sizes >= _LONG
    counts = np.where(is_long, 32, np.maximum(sizes - 1, 0))
    bits = values.astype(np.uint64)
    bits -= np.where(is_long | (sizes == 0), 0, 1 << counts).astype(np.uint64)
    return np.minimum(sizes, _LONG), bits, counts


def _in_bits(values: Ints, counts: Ints) -> bytes:
    """Write numbers of so many bits one after the other, the lowest bit first."""
    if not len(values):
        return b""
    ends = np.cumsum(counts, dtype=np.int64)
    word, shift = np.divmod(ends - counts, _WORD)
    shift = shift.astype(np.uint64)
    opens = np.flatnonzero(np.diff(word, prepend=-1))
    words = np.zeros(int(word[-1]) + 2, "<u8")
    words[word[opens]] = np.bitwise_or.reduceat(values << shift, opens)
    # what does not fit goes on in the next word; nothing can be shifted by all 64 bits at once
    rest = values >> (_WORD - 1 - shift).astype(np.uint64) >> np.uint64(1)
    words[word[opens] + 1] |= np.bitwise_or.reduceat(rest, opens)
    return words.tobytes()[: (int(ends[-1]) + 7) // 8]


def _varints(values: Ints) -> bytes:
    """Write numbers as LEB128: seven bits a byte, the lowest first."""
    lengths = np.ones(len(values), np.int64)
    for bits in range(7, 63, 7):
        longer = values >> bits > 0
        if not longer.any():
            break
        lengths += longer
    ends = np.cumsum(lengths)
    made = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    for place in range(int(lengths.max(initial=0))):
        reaches = lengths > place
        more = (lengths[reaches] > place + 1) * 128
        at = (ends - lengths)[reaches] + place
        made[at] = (values[reaches] >> (7 * place)) & 127 | more
    return made.tobytes()
