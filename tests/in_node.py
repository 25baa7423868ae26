"""Running modules of the page without a browser."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from tests.test_viewer_bundle import HOOK, REPO

if TYPE_CHECKING:
    from collections.abc import Iterable


def answers_of(script: str, lines: Iterable[str], *arguments: str) -> list[Any]:
    """Run a module in the folder of the page's sources; it answers each line with one of JSON."""
    node = HOOK.node_on_path() or HOOK.node_from_package()
    assert node is not None, "Node is neither on the PATH nor installed as a package"
    result = subprocess.run(
        [node.node, "--input-type=module", "--eval", script, *arguments],
        cwd=REPO / HOOK.VIEWER,
        input="\n".join(lines),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in result.stdout.splitlines()]
