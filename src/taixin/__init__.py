"""Taixin Atlas: spatial plans as code, honest geometry, one offline atlas.

Examples
--------
>>> import taixin
>>> [plan.id for plan in taixin.load_plans()][0]
'taixin-2035'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from taixin.atlas import Atlas
    from taixin.build import Layer, read_layer
    from taixin.exports import export
    from taixin.model import Plan
    from taixin.overlays import PlanLayer, Survey
    from taixin.plans import load_plans

__all__ = [
    "Atlas",
    "Layer",
    "Plan",
    "PlanLayer",
    "Survey",
    "__version__",
    "export",
    "load_plans",
    "read_layer",
]
__version__: Final = "0.1.0"

_HOMES: Final = {
    "Atlas": "taixin.atlas",
    "PlanLayer": "taixin.overlays",
    "Survey": "taixin.overlays",
    "Layer": "taixin.build",
    "read_layer": "taixin.build",
    "Plan": "taixin.model",
    "load_plans": "taixin.plans",
    "export": "taixin.exports",
}


def __getattr__(name: str) -> object:
    """Import the public names where they are first used: the command starts at once."""
    if name not in _HOMES:
        msg = f"module 'taixin' has no attribute '{name}'"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)
