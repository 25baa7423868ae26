"""Frozen, validated records: what a plan, a recipe, a kind and a source are.

Every record refuses unknown keys, so a misspelt key in a TOML file is found at the door.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    model_validator,
)

from taixin.vocabulary import GeometryType, Group, ProcessStep, Status

__all__ = [
    "AccessRule",
    "Check",
    "Credit",
    "Document",
    "Face",
    "FeatureRecipe",
    "FigureLabel",
    "Finding",
    "Kind",
    "LayerRecipe",
    "Phase",
    "Plan",
    "Quote",
    "Region",
    "Source",
    "StatedCount",
    "Statement",
    "SurveyRecord",
    "Symbol",
    "System",
    "Text",
    "TextStyle",
    "Theme",
    "Words",
]

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
KindName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Filled = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Share = Annotated[float, Field(ge=0, le=1)]
Pixels = Annotated[float, Field(ge=0, le=200)]
IsoDate = Annotated[str, StringConstraints(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")]
Figure = bool | int | float | str


class Record(BaseModel):
    """Base of all records: frozen, and strict about keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Record):
    """A text in the two languages of the product's face."""

    zh: Filled
    en: Filled


class Region(Record):
    """Where facts may lie: a title and ``west, south, east, north`` in degrees."""

    title: Text
    bbox: tuple[float, float, float, float]


class Source(Record):
    """Where facts come from, on what terms, and how far they may be off."""

    id: Slug
    title: Text
    issuer: Filled
    date: str
    licence: Filled
    attribution: Filled
    scale: str = ""
    accuracy_m: float | None = Field(default=None, gt=0)
    url: str = ""
    retrieved: str = ""
    note: str = ""


class Credit(Record):
    """Whose data something is, and on what terms."""

    attribution: Filled
    licence: Filled
    title: Text | None = None
    issuer: str = ""
    date: str = ""


class SurveyRecord(Record):
    """Existing data to be shown beside the plans: a file, its source, and its accuracy.

    It is drawn as a kind is, or filled with a colour for each value of a column.
    """

    id: Slug
    title: Text
    file: Filled
    source: Slug
    accuracy_m: float = Field(gt=0)
    layer: Filled | None = None
    crs: Filled | None = None
    name: Filled | None = None
    kind: KindName | None = None
    fill: Filled | None = None
    colours: dict[str, Colour] = {}
    columns: tuple[Filled, ...] | None = None
    visible: bool = False

    @model_validator(mode="after")
    def _one_look(self) -> Self:
        if self.kind is not None and self.fill is not None:
            msg = "kind and fill are both given; leave one out"
            raise ValueError(msg)
        if self.colours and self.fill is None:
            msg = "colours are given without fill, the column whose values they are for"
            raise ValueError(msg)
        return self


class Document(Record):
    """A document a plan is published in."""

    id: Slug
    title: Text
    issuer: Text
    date: IsoDate
    note: Text | None = None


class Phase(Record):
    """A planning phase, first and last year included."""

    id: Slug
    title: Text
    start: int = Field(alias="from", ge=1900, le=2200)
    end: int = Field(alias="to", ge=1900, le=2200)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            msg = f"phase '{self.id}' ends in {self.end}, before it starts in {self.start}"
            raise ValueError(msg)
        return self


class StatedCount(Record):
    """How many a document states and how many it names."""

    what: Text
    stated: int = Field(ge=0)
    named: int = Field(ge=0)
    open_ended: bool = False


class Statement(Record):
    """The status of something, always with the document and the date that say so."""

    value: Status
    document: Slug
    date: IsoDate


class FeatureRecipe(Record):
    """How one feature is made, and which words of the document it stands for."""

    id: Slug
    name: Text
    term: Filled
    rule: dict[str, object]
    summary: Text
    phase: Slug | None = None
    status: Statement | None = None
    members: tuple[Filled, ...] = ()
    host: Filled | None = None
    figures: dict[str, Figure] = {}
    document: Slug | None = None
    section: Filled | None = None
    aliases: tuple[Filled, ...] = ()
    see_also: tuple[Filled, ...] = ()
    accuracy_m: float | None = Field(default=None, gt=0)
    accuracy_reason: Filled | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _says_why_worse(self) -> Self:
        if self.accuracy_m is not None and self.accuracy_reason is None:
            msg = "accuracy_m is given without accuracy_reason"
            raise ValueError(msg)
        return self


class LayerRecipe(Record):
    """One layer: features of one kind and one geometry type."""

    id: Slug
    title: Text
    kind: KindName
    caption: Text | None = None
    visible: bool = True
    stated: int | None = Field(default=None, ge=0)
    feature: tuple[FeatureRecipe, ...] = Field(min_length=1)


class AccessRule(Record):
    """What a plan lets into an industrial block and what it keeps out, in our own words."""

    block: Slug
    document: Slug
    section: Filled
    role: Text
    existing: tuple[Text, ...]
    leading: tuple[Text, ...]
    entry_conditions: tuple[Text, ...]
    negative_list: tuple[Text, ...]


class System(Record):
    """One planning system of a plan, such as one core, two axes, four clusters."""

    system: Slug
    title: Text
    group: Group
    document: Slug
    section: Filled
    summary: Text
    order: int = 0
    count: tuple[StatedCount, ...] = ()
    access_rule: tuple[AccessRule, ...] = ()
    layer: tuple[LayerRecipe, ...] = Field(min_length=1)


class Quote(Record):
    """What another document says about the same thing."""

    document: Slug
    value: int | float | str


class Check(Record):
    """A number or name a plan states, and how it can be tested.

    Either `found` is an expression over the layers (see `taixin.measures`), or `other` holds what
    other documents say, or `reason` tells why nothing can be tested.
    """

    id: Slug
    claim: Text
    stated: int | float | str
    unit: str = ""
    document: Slug | None = None
    found: Filled | None = None
    tolerance: float = Field(default=0.0, ge=0, le=0.5)
    at_least: bool = False
    blame: Literal["layers", "plan", "spelling"] = "layers"
    other: tuple[Quote, ...] = ()
    reason: Text | None = None
    where: tuple[Filled, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = sum([self.found is not None, bool(self.other), self.reason is not None])
        if ways != 1:
            msg = f"check '{self.id}' needs exactly one of found, other, reason"
            raise ValueError(msg)
        if self.found is not None and isinstance(self.stated, str):
            msg = f"check '{self.id}' compares a number, but stated is a text"
            raise ValueError(msg)
        return self


class Finding(Record):
    """What became of one check."""

    id: str
    plan: str
    claim: Text
    stated: int | float | str
    found: int | float | str | None
    unit: str
    deviation: float | None
    verdict: Literal["agrees", "differs", "unverifiable", "conflict"]
    severity: Literal["info", "warning", "error"]
    where: str


class Plan(Record):
    """A plan: who issued it, how far it reaches, and its systems."""

    id: Slug
    title: Text
    short: Text
    issuer: Text
    process_step: ProcessStep
    horizon: tuple[int, int]
    phase: tuple[Phase, ...] = Field(min_length=1)
    document: tuple[Document, ...] = Field(min_length=1)
    order: int = 0
    check: tuple[Check, ...] = ()
    systems: tuple[System, ...] = ()
    folder: Path | None = Field(default=None, exclude=True)

    def layer_recipe(self, layer: str) -> tuple[System, LayerRecipe]:
        """Find a layer of this plan by its id.

        Parameters
        ----------
        layer
            The layer's id within the plan, such as ``axes``.

        Returns
        -------
        tuple[System, LayerRecipe]
            The system that holds the layer, and the layer's recipe.

        Raises
        ------
        KeyError
            If the plan has no such layer.
        """
        for system in self.systems:
            for recipe in system.layer:
                if recipe.id == layer:
                    return system, recipe
        raise KeyError(layer)


class Face(Record):
    """What stands above an atlas page: its title, and a line below it."""

    title: Text
    subtitle: Text


class FigureLabel(Record):
    """What a key of ``figures`` means, and its unit."""

    zh: Filled
    en: Filled
    unit: str = ""


class Words(RootModel[dict[Filled, Filled]]):
    """Chinese words that are no facts and no features, with their English."""


class Symbol(Record):
    """How a kind is drawn; lengths in screen pixels, opacities 0 to 1."""

    fill: Colour | None = None
    fill_opacity: Share | None = None
    stroke: Colour | None = None
    width: Pixels | None = None
    opacity: Share | None = None
    dash: tuple[Pixels, ...] = ()
    casing: Colour | None = None
    casing_width: Pixels | None = None
    hatch: Literal["none", "diagonal", "dots"] | None = None
    soft: Pixels | None = None
    marker: Literal["circle", "square", "diamond", "triangle", "star", "hexagon", "ring"] | None = (
        None
    )
    size: Pixels | None = None


class TextStyle(Record):
    """How the names of a kind are written on the map."""

    colour: Colour
    size: Pixels
    weight: int = Field(default=400, ge=100, le=900)
    placement: Literal["area", "line", "point", "none"]
    min_zoom: float = 0


class Kind(Record):
    """A kind of feature: label, symbol, drawing order and standard code."""

    label: Text
    geometry: GeometryType
    order: int
    symbol: Symbol
    text: TextStyle
    standard: str = ""


class Theme(Record):
    """A view across the plans: what it shows, and the findings whose numbers it tells."""

    title: Text
    caption: Text
    layers: tuple[Filled, ...]
    figures: tuple[Filled, ...]
