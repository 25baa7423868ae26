"""Better geometry for rivers, roads, railways and places, from an extract or a survey."""

from __future__ import annotations

from taixin.improve.imports import Change, Origin, Report, import_file, undo
from taixin.improve.tell import told

__all__ = ["Change", "Origin", "Report", "import_file", "told", "undo"]
