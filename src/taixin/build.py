"""Recipe and facts make a layer: names resolved, rules run, citation and accuracy attached.

The same recipe and facts give the same layer to the byte: features keep the recipe's order,
coordinates are rounded to what the accuracy justifies.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

import numpy as np
import shapely

from taixin import files
from taixin.errors import InputError, Problem, nearest
from taixin.facts import load_facts
from taixin.mending import is_about_a_stand_in
from taixin.plans import read_library
from taixin.resolve import Resolver, RuleError, SpoiltError
from taixin.rules import LOCATED_M
from taixin.vocabulary import Basis, GeometryType

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    import geopandas
    from shapely import Geometry
    from shapely.geometry.base import BaseGeometry

    from taixin.facts import Facts
    from taixin.model import FeatureRecipe, LayerRecipe, Plan, System
    from taixin.plans import Library
    from taixin.rules import Shape

__all__ = ["Feature", "Layer", "build_layers", "committed_files", "load", "read_layer"]

_TYPE_OF_DIMENSION: Final = {
    0: GeometryType.POINT,
    1: GeometryType.LINE,
    2: GeometryType.POLYGON,
}


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a layer: flat properties in their fixed order, and a geometry or None."""

    id: str
    properties: Mapping[str, object]
    geometry: BaseGeometry | None


@dataclass(frozen=True)
class Layer:
    """A built layer: features of one kind and one geometry type, with where they come from.

    Parameters
    ----------
    plan, system, recipe
        What the layer was declared as.
    features
        In the order of the recipe.
    sources
        Ids of the fact sources the geometry rests on.
    attribution
        What must be said where the layer is shown.
    lineage
        ``sha256:`` and a digest of the recipe and of every fact used.
    """

    plan: Plan
    system: System
    recipe: LayerRecipe
    features: tuple[Feature, ...]
    sources: tuple[str, ...]
    attribution: str
    lineage: str

    @property
    def id(self) -> str:
        """Plan and layer, such as ``taixin-2035/axes``."""
        return f"{self.plan.id}/{self.recipe.id}"

    @cached_property
    def located(self) -> tuple[Feature, ...]:
        """The features that have a geometry."""
        return tuple(feature for feature in self.features if feature.geometry is not None)

    @property
    def geometry_type(self) -> GeometryType:
        """The layer's one geometry type; ``none`` where nothing is located."""
        if not self.located:
            return GeometryType.NONE
        return _TYPE_OF_DIMENSION[int(shapely.get_dimensions(self.located[0].geometry))]

    @cached_property
    def bbox(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees; None where nothing is located."""
        if not self.located:
            return None
        bounds = shapely.total_bounds([feature.geometry for feature in self.located])
        return tuple(float(value) for value in bounds)  # type: ignore[return-value]

    @cached_property
    def frame(self) -> geopandas.GeoDataFrame:
        """The features as a GeoDataFrame in EPSG:4326, indexed by feature id."""
        import geopandas

        rows = [dict(feature.properties) for feature in self.features]
        geometry = cast("Sequence[Geometry]", [feature.geometry for feature in self.features])
        frame = geopandas.GeoDataFrame(rows, geometry=geometry, crs="EPSG:4326")
        return frame.set_index("id", drop=False).rename_axis(index=None)

    @property
    def members(self) -> dict[str, object]:
        """What the layer's GeoJSON says of the layer as a whole."""
        return {
            "name": self.id,
            "title": self.recipe.title.zh,
            "title_en": self.recipe.title.en,
            "plan": self.plan.id,
            "layer": self.recipe.id,
            "kind": self.recipe.kind,
            "attribution": self.attribution,
            "lineage": self.lineage,
        }

    @cached_property
    def text(self) -> str:
        """The canonical GeoJSON text of the layer, see `taixin.files.geojson_text`."""
        return files.geojson_text(
            self.members, ((item.id, item.properties, item.geometry) for item in self.features)
        )


def build_layers(
    library: Library, facts: Facts, only: Iterable[str] | None = None
) -> tuple[Layer, ...]:
    """Build the layers of plans from their recipes.

    Parameters
    ----------
    library
        Plans and kinds.
    facts
        What the recipes' names stand for.
    only
        Ids of the plans to build; all when None. Plans they refer to are resolved as needed.

    Returns
    -------
    tuple[Layer, ...]
        In the order of plans, systems and layers.

    Raises
    ------
    InputError
        Lists every feature that cannot be built, with its file, its key and a remedy.
    """
    wanted = [library.plan(plan) for plan in only] if only is not None else library.plans
    resolver = Resolver(library, facts)
    problems: list[Problem] = []
    followed: list[Problem] = []
    layers = []
    for plan in wanted:
        for system in plan.systems:
            for recipe in system.layer:
                file = f"{plan.id}/{system.system}.toml"
                shapes = _shapes(resolver, plan, recipe, file, problems, followed)
                problems.extend(_fit(shapes, library, recipe, file))
                if not problems and not followed:
                    layers.append(_assemble(plan, system, recipe, shapes, resolver))
    if problems or followed:
        raise InputError(problems or followed)
    return tuple(layers)


def load(plans: Path | None = None, geo: Path | None = None) -> tuple[Library, Facts]:
    """Load plans and facts; if something is wrong, say everything that is, in one go.

    Parameters
    ----------
    plans, geo
        A ``layers`` and a ``geo`` folder, see `taixin.files.folders`; the project's own when None.

    Raises
    ------
    InputError
        Lists the problems of the files and, as far as they can be read, those of the rules.
    """
    plans, geo = files.folders(plans, geo)
    reading = read_library(plans)
    problems = list(reading.problems)
    try:
        facts = load_facts(geo)
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if problems:
        try:
            build_layers(reading.library, facts)
        except InputError as error:
            problems += [each for each in error.problems if not is_about_a_stand_in(each)]
        raise InputError(problems)
    return reading.library, facts


def _shapes(
    resolver: Resolver,
    plan: Plan,
    recipe: LayerRecipe,
    file: str,
    problems: list[Problem],
    followed: list[Problem],
) -> dict[str, Shape]:
    shapes = {}
    for feature in recipe.feature:
        key = f"layer.{recipe.id}.feature.{feature.id}"
        try:
            shape = resolver.feature(plan.id, recipe.id, feature.id)
        except RuleError as error:
            told = followed if isinstance(error, SpoiltError) else problems
            told.append(Problem(file, f"{key}.{error.key}", error.message, error.remedy))
            continue
        shapes[feature.id] = shape
        problems.extend(_check_feature(file, key, feature, shape, resolver.hosts(plan)))
        problems.extend(
            Problem(file, f"{key}.see_also", f"no feature '{other}'", "write plan/layer/feature")
            for other in feature.see_also
            if not resolver.knows(other)
        )
    return shapes


def _check_feature(
    file: str, key: str, feature: FeatureRecipe, shape: Shape, hosts: Collection[str]
) -> Iterable[Problem]:
    if feature.host is not None and feature.host not in hosts:
        message = f"host '{feature.host}' is no county, city, place, plan or feature"
        yield Problem(file, f"{key}.host", message, nearest(feature.host, hosts))
    if shape.geometry is not None and shape.geometry.is_empty:
        message = "the rule leaves no geometry"
        yield Problem(file, f"{key}.rule", message, "check within and along")
    better = feature.accuracy_m is not None and feature.accuracy_m < (shape.accuracy_m or 0)
    if better:
        message = f"accuracy_m = {feature.accuracy_m:g} is better than the facts' and the rule's"
        remedy = f"leave it out or write at least {math.ceil(shape.accuracy_m or 0)}"
        yield Problem(file, f"{key}.accuracy_m", message, remedy)


def _fit(
    shapes: Mapping[str, Shape], library: Library, recipe: LayerRecipe, file: str
) -> Iterable[Problem]:
    if recipe.kind not in library.kinds:
        return
    wanted = library.kinds[recipe.kind].geometry
    for feature, shape in shapes.items():
        if shape.geometry is None or shape.geometry.is_empty:
            continue
        found = _TYPE_OF_DIMENSION[int(shapely.get_dimensions(shape.geometry))]
        if found is not wanted:
            key = f"layer.{recipe.id}.feature.{feature}.rule"
            message = f"the rule makes a {found}, but kind '{recipe.kind}' is a {wanted}"
            yield Problem(file, key, message, "change the rule, or move it to a layer of its kind")


def _assemble(
    plan: Plan,
    system: System,
    recipe: LayerRecipe,
    shapes: Mapping[str, Shape],
    resolver: Resolver,
) -> Layer:
    multi = any(_is_multi(shape.geometry) for shape in shapes.values())
    figure_keys = list(dict.fromkeys(key for item in recipe.feature for key in item.figures))
    features = tuple(
        _feature(plan, system, recipe, item, shapes[item.id], figure_keys, multi=multi)
        for item in recipe.feature
    )
    used = sorted(
        {fact for item in recipe.feature for fact in resolver.used(plan.id, recipe.id, item.id)}
    )
    sources = tuple(dict.fromkeys(source for _, _, source in used))
    attribution = "; ".join(
        dict.fromkeys(resolver.facts.sources[source].attribution for source in sources)
    )
    digest = hashlib.sha256()
    digest.update(recipe.model_dump_json(by_alias=True).encode())
    for table, identifier, _ in used:
        digest.update(resolver.fingerprint(table, identifier))
    lineage = f"sha256:{digest.hexdigest()}"
    return Layer(plan, system, recipe, features, sources, attribution, lineage)


def _is_multi(geometry: BaseGeometry | None) -> bool:
    return geometry is not None and geometry.geom_type.startswith("Multi")


def _feature(  # noqa: PLR0913 - the three levels of the declaration, and what was made of it
    plan: Plan,
    system: System,
    recipe: LayerRecipe,
    item: FeatureRecipe,
    shape: Shape,
    figure_keys: Sequence[str],
    *,
    multi: bool,
) -> Feature:
    accuracy_m = max(shape.accuracy_m or 0.0, item.accuracy_m or 0.0)
    is_rough = shape.basis is Basis.LOCATED and accuracy_m >= LOCATED_M
    basis = Basis.SCHEMATIC if is_rough else shape.basis
    identifier = f"{plan.id}/{recipe.id}/{item.id}"
    properties: dict[str, object] = {
        "id": identifier,
        "name": item.name.zh,
        "name_en": item.name.en,
        "kind": recipe.kind,
        "plan": plan.id,
        "system": system.system,
        "layer": recipe.id,
        "phase": item.phase,
        "status": item.status and item.status.value.value,
        "status_date": item.status and item.status.date,
        "status_document": item.status and item.status.document,
        "members": list(item.members),
        "host": item.host,
        **{key: item.figures.get(key) for key in figure_keys},
        "summary": item.summary.zh,
        "summary_en": item.summary.en,
        "document": item.document or system.document,
        "section": item.section or system.section,
        "term": item.term,
        "basis": basis.value,
        "accuracy_m": None if shape.geometry is None else math.ceil(accuracy_m),
        "aliases": list(item.aliases),
        "see_also": list(item.see_also),
        "note": item.note and item.note.zh,
        "note_en": item.note and item.note.en,
    }
    if shape.geometry is None:
        return Feature(identifier, properties, None)
    geometry = _rounded(shape.geometry, accuracy_m, basis)
    return Feature(identifier, properties, _promoted(geometry) if multi else geometry)


def _rounded(geometry: BaseGeometry, accuracy_m: float, basis: Basis) -> BaseGeometry:
    """Round to six decimals, or to four (some 10 m) where the accuracy is a kilometre or worse.

    Boundaries keep all six, so that shared borders stay shared.
    """
    rough = basis is not Basis.BOUNDARY and accuracy_m >= 1000  # noqa: PLR2004 - see above
    decimals = 4 if rough else 6
    if shapely.get_dimensions(geometry) == 2:  # noqa: PLR2004 - polygons only
        points = shapely.get_coordinates(geometry)
        # borders come rounded; to move nothing would take most of the time of a nation
        if basis is Basis.BOUNDARY and (np.round(points, decimals) == points).all():
            return shapely.remove_repeated_points(shapely.force_2d(shapely.normalize(geometry)))
        geometry = shapely.normalize(shapely.set_precision(geometry, 10.0**-decimals))
    rounded = shapely.transform(geometry, lambda points: np.round(points, decimals))
    rounded = shapely.remove_repeated_points(rounded)
    if rounded.geom_type != "MultiLineString":
        return rounded
    parts = shapely.get_parts(rounded)  # one that has shrunk to a point is no line
    return shapely.MultiLineString(list(parts[shapely.length(parts) > 0]))


def _promoted(geometry: BaseGeometry) -> BaseGeometry:
    make: Mapping[str, Callable[..., BaseGeometry]] = {
        "Point": shapely.multipoints,
        "LineString": shapely.multilinestrings,
        "Polygon": shapely.multipolygons,
    }
    multi = make.get(geometry.geom_type)
    return multi([geometry]) if multi else geometry


def committed_files(layers: Iterable[Layer]) -> tuple[dict[Path, str], list[Path]]:
    """Say which committed files the layers of whole plans should be.

    Parameters
    ----------
    layers
        All layers of the plans in question.

    Returns
    -------
    tuple
        The text each file should hold, and the files that no recipe makes any more.
    """
    wanted = {}
    folders = set()
    for layer in layers:
        folder = layer.plan.folder or files.data_folder("layers") / layer.plan.id
        folders.add(folder)
        wanted[folder / f"{layer.recipe.id}.geojson"] = layer.text
    present = [path for folder in sorted(folders) for path in files.listed(folder, "*.geojson")]
    return wanted, [path for path in present if path not in wanted]


def read_layer(plan: Plan, layer: str) -> Layer:
    """Read a built layer of a plan from its committed GeoJSON file.

    Parameters
    ----------
    plan
        A plan from `taixin.plans.load_plans`.
    layer
        The layer's id within the plan, such as ``axes``.

    Returns
    -------
    Layer
        The layer as it was built.

    Raises
    ------
    InputError
        If the plan has no such layer, or its file is missing or broken.
    """
    try:
        system, recipe = plan.layer_recipe(layer)
    except KeyError:
        known = [item.id for system in plan.systems for item in system.layer]
        problem = Problem(plan.id, layer, "the plan has no such layer", nearest(layer, known))
        raise InputError([problem]) from None
    folder = plan.folder or files.data_folder("layers") / plan.id
    members, records = files.read_features(folder / f"{layer}.geojson")
    features = tuple(Feature(name, properties, geometry) for name, properties, geometry in records)
    attribution, lineage = str(members.get("attribution", "")), str(members.get("lineage", ""))
    return Layer(plan, system, recipe, features, (), attribution, lineage)
