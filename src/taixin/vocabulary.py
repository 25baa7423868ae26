"""Code lists: the closed sets of words that records may use, with their labels.

The codes are the field's own where a standard has them (INSPIRE planned land use for the process
step, ISO 19157 for what accuracy means); labels are Chinese first.
"""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "BASIS_LABELS",
    "GROUP_LABELS",
    "PROPERTIES",
    "REVIEW_STATE",
    "STATUS_LABELS",
    "UNITS",
    "Basis",
    "GeometryType",
    "Group",
    "ProcessStep",
    "Status",
]


class Basis(StrEnum):
    """How a geometry came about."""

    BOUNDARY = "boundary"
    CENTRELINE = "centreline"
    ALIGNMENT = "alignment"
    LOCATED = "located"
    SCHEMATIC = "schematic"
    AREA_SYMBOL = "area_symbol"
    UNLOCATED = "unlocated"


class GeometryType(StrEnum):
    """The one geometry type of a layer; single and multi parts count as the same."""

    POLYGON = "polygon"
    LINE = "line"
    POINT = "point"
    NONE = "none"


class ProcessStep(StrEnum):
    """Where a plan stands in its making (INSPIRE ``ProcessStepGeneralValue``)."""

    ELABORATION = "elaboration"
    ADOPTION = "adoption"
    LEGAL_FORCE = "legalForce"
    OBSOLETE = "obsolete"


class Status(StrEnum):
    """Where a project stands, as a dated document says."""

    EXISTING = "existing"
    COMPLETED = "completed"
    UNDER_CONSTRUCTION = "under_construction"
    RESUMED = "resumed"
    PLANNED = "planned"
    PRELIMINARY = "preliminary"
    STUDIED = "studied"
    PROPOSED = "proposed"


class Group(StrEnum):
    """The themes by which a planner finds a system."""

    STRUCTURE = "structure"
    ECOLOGY = "ecology"
    STARTUP_INDUSTRY = "startup_industry"
    TRANSPORT = "transport"
    WATER_ENERGY = "water_energy"
    TOURISM_HERITAGE = "tourism_heritage"
    SERVICES = "services"
    PROJECTS = "projects"


BASIS_LABELS: Final = MappingProxyType(
    {
        Basis.BOUNDARY: ("行政边界", "Administrative boundary"),
        Basis.CENTRELINE: ("河流中心线", "River centreline"),
        Basis.ALIGNMENT: ("沿途经点连线", "Line through known waypoints"),
        Basis.LOCATED: ("定位点", "Located point"),
        Basis.SCHEMATIC: ("示意", "Schematic"),
        Basis.AREA_SYMBOL: ("等面积示意圆", "Equal-area symbol"),
        Basis.UNLOCATED: ("文件未给出位置", "Not located by the document"),
    }
)

STATUS_LABELS: Final = MappingProxyType(
    {
        Status.EXISTING: ("现状", "Existing"),
        Status.COMPLETED: ("建成", "Completed"),
        Status.UNDER_CONSTRUCTION: ("在建", "Under construction"),
        Status.RESUMED: ("复工", "Resumed"),
        Status.PLANNED: ("规划", "Planned"),
        Status.PRELIMINARY: ("前期", "Preliminary work"),
        Status.STUDIED: ("谋划研究", "Under study"),
        Status.PROPOSED: ("拟设", "Proposed"),
    }
)

GROUP_LABELS: Final = MappingProxyType(
    {
        Group.STRUCTURE: ("空间格局", "Space structure"),
        Group.ECOLOGY: ("生态格局", "Ecology"),
        Group.STARTUP_INDUSTRY: ("启动区与产业", "Start-up areas and industry"),
        Group.TRANSPORT: ("交通", "Transport"),
        Group.WATER_ENERGY: ("水利能源", "Water and energy"),
        Group.TOURISM_HERITAGE: ("文旅与遗产", "Tourism and heritage"),
        Group.SERVICES: ("服务", "Services"),
        Group.PROJECTS: ("项目", "Projects"),
    }
)

#: The properties of every feature, in their order; figures stand between host and summary.
PROPERTIES: Final = (
    *("id", "name", "name_en", "kind", "plan", "system", "layer", "phase"),
    *("status", "status_date", "status_document", "members", "host"),
    *("summary", "summary_en", "document", "section", "term"),
    *("basis", "accuracy_m", "aliases", "see_also", "note", "note_en"),
)

#: What one of a Chinese unit is in English units; units that are not here are written alike.
UNITS: Final[Mapping[str, tuple[float, str]]] = MappingProxyType(
    {
        "亩": (1, "mu"),
        "万亩": (10_000, "mu"),
        "万 km²": (10_000, "km²"),
        "万 m²": (10_000, "m²"),
        "万 kW": (10_000, "kW"),
        "万吨": (10_000, "t"),
        "万件": (10_000, "pieces"),
        "万人": (10_000, "people"),
        "人": (1, "people"),
        "元": (1, "yuan"),
        "万元": (10_000, "yuan"),
        "亿元": (0.1, "billion yuan"),
        "亿元/km": (0.1, "billion yuan/km"),
        "万亿元": (1, "trillion yuan"),
        "家": (1, "firms"),
        "张": (1, "beds"),
        "条": (1, "items"),
        "台套": (1, "sets"),
    }
)

REVIEW_STATE: Final = ("内部工作图，未经审核", "Internal working map, not reviewed")
