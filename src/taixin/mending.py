"""What is wrong in a recipe is mended with stand-ins, so that the rest of it can be checked too."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic_core import ErrorDetails

    from taixin.errors import Problem

__all__ = ["is_about_a_stand_in", "mend"]

#: Stands where a recipe lacks something.
_STAND_IN: Final = "not-given-here"
_STAND_INS: Final[Mapping[str, object]] = {
    **{key: {"zh": _STAND_IN, "en": _STAND_IN} for key in ("name", "title", "summary", "what")},
    "rule": {"layer": _STAND_IN},
    "kind": _STAND_IN.replace("-", "_"),
    "group": "structure",
    "value": "planned",
    "date": "2000",
    "stated": 0,
    "named": 0,
}


def mend(document: dict[str, object], detail: ErrorDetails) -> None:
    """Take out what is wrong at a place, or put a stand-in where something is missing."""
    *path, last = detail["loc"] or ("",)
    owner: object = document
    for part in path:
        owner = owner[part] if isinstance(owner, dict | list) else None  # type: ignore[index]
    if not isinstance(owner, dict):
        record = owner[last] if isinstance(owner, list) and isinstance(last, int) else None
        if isinstance(record, dict):  # what does not fit together in a feature
            record.pop("accuracy_m", None)
    elif detail["type"] == "missing":
        owner[str(last)] = copy.deepcopy(_STAND_INS.get(str(last), _STAND_IN))
    else:
        owner.pop(last, None)


def is_about_a_stand_in(problem: Problem) -> bool:
    """Say whether a problem only follows from another one, that was told."""
    return _STAND_IN in problem.message.replace("_", "-")
