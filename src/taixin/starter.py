"""A plan of one's own to begin with: a few facts of a region, a commented plan, schemas.

What is written builds as it stands; that is tried before any of it appears at its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import shapely

from taixin import crs, files
from taixin.build import build_layers, load
from taixin.errors import InputError, Problem, nearest
from taixin.facts import load_facts
from taixin.notation import csv_text, toml_text
from taixin.plans import load_library
from taixin.schema import schemas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import jinja2

    from taixin.facts import Fact, Facts
    from taixin.model import Source

__all__ = ["Start", "write_start"]

_LINES: Final = ("rivers", "ranges")
_CENTRES: Final = ("city", "county_seat", "town")
_SLUG: Final = re.compile(r"[^a-z0-9]+")
_MARGIN_DEG: Final = 0.5
_SCHEMA_FILE: Final = "{}.schema.json"


@dataclass(frozen=True, slots=True)
class Start:
    """What was written.

    Parameters
    ----------
    plan
        Id of the plan.
    counties
        Names of its counties.
    layers, features
        How many the starter plan has.
    """

    plan: str
    counties: tuple[str, ...]
    layers: int
    features: int


def write_start(out: Path, region: Sequence[str] = (), geo: Path | None = None) -> Start:
    """Write a folder with a plan that builds, and the facts it stands on.

    Parameters
    ----------
    out
        A folder that does not exist yet or is empty.
    region
        Names of counties and cities; the first city of the facts where none is given.
    geo
        The facts to take from; the project's own when None.

    Returns
    -------
    Start
        What the plan holds.

    Raises
    ------
    InputError
        If something stands in the folder already, or a name of the region is unknown.
    OutputError
        If the folder cannot be written; nothing of it is left.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        message = "something stands there already, and nothing is overwritten"
        raise InputError([Problem(str(out), "", message, "name a folder that does not exist")])
    folder = geo or files.data_folder("geo")
    facts = load_facts(folder)
    counties = _counties(facts, region)
    chosen = _Chosen(facts, counties)
    plan = _SLUG.sub("-", out.resolve().name.lower()).strip("-") or "my-plan"
    values = chosen.values(plan, region)
    with files.replaced(out) as stage:
        for path, text in (_plan_texts(values) | chosen.texts(folder)).items():
            files.write_text(stage / path, text)
        for name, schema in schemas(load_library()).items():
            text = files.json_text(schema, indent=1) + "\n"
            files.write_text(stage / "schema" / _SCHEMA_FILE.format(name), text)
        layers = build_layers(*load(stage))
    total = sum(len(layer.features) for layer in layers)
    return Start(plan, tuple(fact.name_zh for fact in counties), len(layers), total)


def _counties(facts: Facts, region: Sequence[str]) -> list[Fact]:
    every = facts.counties.facts
    wanted = list(region) or [str(every[0].properties["city"])]
    found: dict[str, Fact] = {}
    problems = []
    for word in wanted:
        own = [fact for fact in every if word in (*fact.names, fact.properties.get("city"))]
        found.update({fact.id: fact for fact in own})
        if not own:
            known = [
                name for fact in every for name in (fact.name_zh, str(fact.properties["city"]))
            ]
            message = f"no county or city of the facts is called '{word}'"
            problems.append(Problem("--region", word, message, nearest(word, known)))
    if problems:
        raise InputError(problems)
    return [fact for fact in every if fact.id in found]


class _Chosen:
    """The facts that lie in some counties, as they stand in their files."""

    def __init__(self, facts: Facts, counties: Sequence[Fact]) -> None:
        self.facts, self.counties = facts, counties
        self.area = shapely.coverage_union_all([fact.geometry for fact in counties])
        tables = {
            name: getattr(facts, name).facts for name in ("rivers", "ranges", "routes", "places")
        }
        self.inside: dict[str, list[Fact]] = {
            name: [fact for fact in table if shapely.intersects(self.area, fact.geometry)]
            for name, table in tables.items()
        } | {"counties": list(counties)}

    def values(self, plan: str, region: Sequence[str]) -> dict[str, Any]:
        """Give what the templates are filled with."""
        kinds = [str(fact.properties["kind"]) for fact in self.inside["places"]]
        ranks = [_CENTRES.index(kind) if kind in _CENTRES else len(_CENTRES) for kind in kinds]
        order = sorted(range(len(ranks)), key=ranks.__getitem__)
        names = "、".join(region) or str(self.counties[0].properties["city"])
        longest = max(self.inside["rivers"], key=self._within_km, default=None)
        return {
            "plan": plan,
            "title": {"zh": f"{names}示例规划", "en": f"Example plan ({plan})"},
            "short": {"zh": "示例规划", "en": "Example plan"},
            "counties": [self._name(fact) for fact in self.counties],
            "area_km2": round(crs.geodesic_area_km2(self.area)),
            "places": [self.inside["places"][index] for index in order[:2]],
            "river": longest.name_zh if longest else None,
        }

    def _name(self, fact: Fact) -> str:
        """Give the name of a county, or its code where another one is called the same."""
        same = [each for each in self.counties if each.name_zh == fact.name_zh]
        return fact.name_zh if len(same) == 1 else fact.id

    def _within_km(self, river: Fact) -> float:
        return crs.geodesic_length_km(shapely.intersection(river.geometry, self.area))

    def texts(self, folder: Path) -> dict[str, str]:
        """Give the files of facts."""
        made = {f"geo/{name}.csv": self._rows(folder, name) for name in ("places", "routes")}
        for name in ("counties", *_LINES):
            facts = self.inside[name]
            features = [(fact.id, fact.properties, fact.geometry) for fact in facts]
            made[f"geo/{name}.geojson"] = files.geojson_text({"name": name}, features)
        return {**made, "geo/sources.toml": self._sources()}

    def _rows(self, folder: Path, name: str) -> str:
        key = {"places": "id", "routes": "route"}[name]
        kept = {fact.id for fact in self.inside[name]}
        rows = files.read_csv(folder / f"{name}.csv", [key])
        columns = files.read_text(folder / f"{name}.csv").splitlines()[0].split(",")
        return csv_text(columns, [row for row in rows if row[key] in kept])

    def _sources(self) -> str:
        facts = [fact for table in self.inside.values() for fact in table]
        used = {name for fact in facts for name in _sources_of(fact)}
        west, south, east, north = shapely.total_bounds([fact.geometry for fact in facts])
        bbox = [west - _MARGIN_DEG, south - _MARGIN_DEG, east + _MARGIN_DEG, north + _MARGIN_DEG]
        names = "、".join(fact.name_zh for fact in self.counties[:3])
        sources = [source for name, source in self.facts.sources.items() if name in used]
        return _filled(
            "geo.toml",
            {
                "title": {"zh": f"{names}一带", "en": "Region of the example plan"},
                "bbox": [round(float(value), 1) for value in bbox],
                "sources": [_given(source) for source in sources],
            },
        )


def _sources_of(fact: Fact) -> list[str]:
    several = fact.properties.get("sources")
    return [str(name) for name in several] if isinstance(several, list) else [fact.source]


def _given(source: Source) -> Mapping[str, object]:
    return source.model_dump(mode="json", exclude_defaults=True)


def _plan_texts(values: Mapping[str, Any]) -> dict[str, str]:
    folder = f"layers/{values['plan']}"
    return {
        "README.md": _filled("README.md", values),
        "layers/atlas.toml": _filled("atlas.toml", values),
        f"{folder}/plan.toml": _filled("plan.toml", values),
        f"{folder}/structure.toml": _filled("structure.toml", values),
    }


def _filled(template: str, values: Mapping[str, Any]) -> str:
    text = files.read_template(f"plan/{template}.jinja")
    return _environment().from_string(text).render(values)


def _environment() -> jinja2.Environment:
    import jinja2

    environment = jinja2.Environment(
        autoescape=False,  # noqa: S701 - TOML and Markdown, and nobody's browser
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["toml"] = toml_text
    return environment
