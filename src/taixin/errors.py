"""The exceptions of taixin, and the problem records they carry.

::

    TaixinError              anything the command reports as a sentence, exit code 2
    ├── InputError           one or many problems in facts, plans or recipes
    ├── OutputError          the result could not be written
    └── AssetError           the page cannot be put together
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["AssetError", "InputError", "OutputError", "Problem", "TaixinError", "nearest"]


class TaixinError(Exception):
    """Base class of every error that taixin raises on purpose."""


class OutputError(TaixinError):
    """The result could not be written; what stood there before is untouched."""


class AssetError(TaixinError):
    """The page's scripts or styles are missing, or something asked for the network."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with an input, and what to do about it.

    Parameters
    ----------
    file
        The file, as the user would name it.
    key
        Where in the file: a feature, a field, a line.
    message
        What is wrong, a sentence without its full stop.
    remedy
        What to do, a sentence without its full stop.

    Examples
    --------
    >>> print(Problem("axes.toml", "layer.axes", "kind 'ax' is unknown", "use 'development_axis'"))
    axes.toml: layer.axes: kind 'ax' is unknown; use 'development_axis'.
    """

    file: str
    key: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the problem as one line that ends with a full stop."""
        where = f"{self.file}: {self.key}" if self.key else self.file
        sentence = f"{self.message}; {self.remedy}" if self.remedy else self.message
        return f"{where}: {sentence}" + ("" if sentence.endswith("?") else ".")


class InputError(TaixinError):
    """Facts, plans or recipes cannot be used; carries every problem found at once.

    Parameters
    ----------
    problems
        At least one problem; they are kept sorted by file and key.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """Let the error travel from a worker to the process that asked."""
        return type(self), (self.problems,)


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest the known spelling that is nearest to a word.

    Parameters
    ----------
    word
        What the user wrote.
    known
        The spellings that would have been right.

    Returns
    -------
    str
        A remedy such as ``did you mean 'width_m'?``; the allowed words where
        nothing is near and they are few, else an empty string.

    Examples
    --------
    >>> nearest("widht_m", ["width_m", "within"])
    "did you mean 'width_m'?"
    """
    candidates = sorted(set(known))
    close = difflib.get_close_matches(word, candidates, n=1, cutoff=0.5)
    if close:
        return f"did you mean '{close[0]}'?"
    few = 16
    return f"use one of {', '.join(candidates)}" if 0 < len(candidates) <= few else ""
