"""The plan that CONTRIBUTING.md shows how to add is one that builds."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

NAMED_BLOCK = re.compile(r"`layers/([\w./-]+\.toml)`[^`]*```toml\n(.*?)```", re.DOTALL)


@pytest.fixture
def plans(repo: Path, tmp_path: Path) -> Path:
    """Write the files that CONTRIBUTING.md shows into a folder of plans."""
    text = (repo / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name, content in NAMED_BLOCK.findall(text):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return tmp_path


def test_the_plan_shown_builds_its_layer(plans: Path) -> None:
    taixin = [sys.executable, "-m", "taixin.cli", "layers", "--plans", str(plans)]
    subprocess.run(taixin, check=True)
    subprocess.run([*taixin, "--check"], check=True)
    layer = plans / "wutai-2030" / "clusters.geojson"
    assert "wutai-2030/clusters/fanshi-daixian-wutai" in layer.read_text(encoding="utf-8")
