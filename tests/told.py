"""What the project's own layers tell of a thing, by plan, layer and slug."""

from __future__ import annotations

import itertools
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from tests import samples

if TYPE_CHECKING:
    from taixin.build import Feature
    from taixin.model import StatedCount, System

TX: Final = "taixin-2035"
CL: Final = "cluster-2035"
TY: Final = "taiyuan-area-2021"
TP: Final = "taiyuan-145"
FC: Final = "five-cities-2023"


@cache
def features() -> dict[str, Feature]:
    """Give the features of all layers by their id."""
    return {feature.id: feature for layer in samples.own()[2] for feature in layer.features}


def told(identifier: str) -> dict[str, Any]:
    """Give the properties of a feature."""
    return dict(features()[identifier].properties)


def system_of(identifier: str) -> System:
    """Give a planning system, such as ``taixin-2035/structure``."""
    plan, name = identifier.split("/")
    (found,) = [each for each in samples.own()[0].plan(plan).systems if each.system == name]
    return found


def count_of(system: str, what: str) -> StatedCount:
    """Give the count of a system by what it counts, in Chinese."""
    (found,) = [count for count in system_of(system).count if count.what.zh == what]
    return found


def are_linked(*identifiers: str) -> bool:
    """Say whether each of these features refers to each other one."""
    return all(b in told(a)["see_also"] for a, b in itertools.permutations(identifiers, 2))
