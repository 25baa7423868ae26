"""What the page knows beside the features: one manifest for tree, legend, card and catalogue.

Everything here is plain data for JSON, made from plans, layers and facts; nothing is drawn.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import taixin
from taixin import assets
from taixin.dictionary import columns_of, rows
from taixin.hosts import Hosts
from taixin.notation import table
from taixin.pack import Collection
from taixin.pinyin import spelling
from taixin.vocabulary import BASIS_LABELS, GROUP_LABELS, REVIEW_STATE, STATUS_LABELS, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from taixin.build import Layer
    from taixin.facts import Fact, Facts
    from taixin.files import Feature
    from taixin.model import Finding, Plan, System
    from taixin.plans import Library

__all__ = [
    "base_map",
    "base_records",
    "catalog",
    "data_version",
    "layer_manifest",
    "layer_records",
    "layer_shapes",
    "opening_bounds",
    "page_manifest",
    "plan_list",
]

_BASE_PLACES = ("city", "county_seat")
_STATIONS = ("station", "airport")
_ON_PAGE = (*_BASE_PLACES, *_STATIONS)


def _pair(labels: tuple[str, str]) -> dict[str, str]:
    return {"zh": labels[0], "en": labels[1]}


def page_manifest(
    layers: Sequence[Layer],
    library: Library,
    facts: Facts,
    *,
    findings: Sequence[Finding] = (),
    lang: str = "zh",
    tianditu_key: str | None = None,
) -> dict[str, object]:
    """Describe plans, systems, layers, kinds and sources for the atlas page.

    Parameters
    ----------
    layers
        The layers on the page, in order.
    library, facts
        What they were built from.
    findings
        What the audit of these plans found; shown on the page.
    lang
        The language the page opens in, ``zh`` or ``en``.
    tianditu_key
        The user's own key for Tianditu tiles, if given.

    Returns
    -------
    dict[str, object]
        Plain data; the keys are those that ``viewer/src`` reads.
    """
    plans = list({layer.plan.id: layer.plan for layer in layers}.values())
    dates = [document.date for plan in plans for document in plan.document]
    return {
        "title": library.face.title.model_dump(),
        "subtitle": library.face.subtitle.model_dump(),
        "lang": lang,
        "version": taixin.__version__,
        "date": max(dates, default=None),
        "data_version": data_version(layers),
        "review": _pair(REVIEW_STATE),
        "bounds": _bounds(layers),
        "home": {"bbox": facts.home.bbox, "systems": facts.home.systems},
        "tianditu_key": tianditu_key,
        "groups": [{"id": group, "title": _pair(text)} for group, text in GROUP_LABELS.items()],
        "basis": {code: _pair(text) for code, text in BASIS_LABELS.items()},
        "status": {code: _pair(text) for code, text in STATUS_LABELS.items()},
        **_shared(library),
        "words": _words(layers, library, facts),
        "plans": [_plan(plan, layers) for plan in plans],
        "hosts": _unlocated_hosts(layers, facts),
        "sources": _sources(layers, facts),
        "dictionary": rows(columns_of(layers, library)),
        "pinyin": spelling(_names(layers, plans, facts)),
        "findings": [_finding(finding, library) for finding in findings],
        "licences": json.loads(assets.load_licences()),
    }


def opening_bounds(layers: Sequence[Layer]) -> tuple[float, float, float, float]:
    """Give the bounds of what the page shows first: of one plan, the layers that are visible."""
    first = [layer for layer in layers if layer.plan.id == layers[0].plan.id]
    shown = [layer for layer in first if layer.recipe.visible and layer.bbox]
    return _bounds(shown or layers)


def _bounds(layers: Iterable[Layer]) -> tuple[float, float, float, float]:
    boxes = [layer.bbox for layer in layers if layer.bbox]
    west, south, east, north = zip(*boxes, strict=True) if boxes else ((0,), (0,), (0,), (0,))
    return min(west), min(south), max(east), max(north)


def data_version(layers: Sequence[Layer]) -> str:
    """Name the state of recipes and facts that layers were built from, in twelve letters."""
    return hashlib.sha256("".join(layer.lineage for layer in layers).encode()).hexdigest()[:12]


def _names(layers: Sequence[Layer], plans: Sequence[Plan], facts: Facts) -> Iterator[str]:
    """Yield the Chinese names that somebody may look for on the page."""
    for layer in layers:
        yield layer.recipe.title.zh
        for feature in layer.features:
            yield str(feature.properties["name"])
            yield from map(str, feature.properties["aliases"])  # type: ignore[call-overload]
    for plan in plans:
        yield from (plan.title.zh, plan.short.zh)
        yield from (document.title.zh for document in plan.document)
    for fact in (*facts.counties.facts, *facts.rivers.facts, *_towns(facts, _ON_PAGE)):
        yield str(fact.properties["name_zh"])
        yield from map(str, fact.properties.get("aliases") or ())
        yield str(fact.properties.get("city") or "")


def layer_manifest(layer: Layer, library: Library, *, lang: str) -> dict[str, object]:
    """Describe one layer for an ordinary folium map.

    Returns
    -------
    dict[str, object]
        The part of the page manifest that symbols, names and the card of this layer need.
    """
    return {
        "lang": lang,
        "basis": {code: _pair(text) for code, text in BASIS_LABELS.items()},
        "status": {code: _pair(text) for code, text in STATUS_LABELS.items()},
        **_shared(library),
        "plans": [_plan(layer.plan, [layer])],
        "layer": layer.id,
        "layers": layer_records([layer]),
    }


def _shared(library: Library) -> dict[str, object]:
    dump = {"mode": "json", "exclude_none": True}
    return {
        "kinds": {name: kind.model_dump(**dump) for name, kind in library.kinds.items()},  # type: ignore[arg-type]
        "figures": {key: label.model_dump() for key, label in library.figures.items()},
        "units": {unit: {"times": times, "en": en} for unit, (times, en) in UNITS.items()},
        "words": dict(library.words),
    }


def _words(layers: Iterable[Layer], library: Library, facts: Facts) -> dict[str, str]:
    """Give the English of what features name as members or hosts: words, cities, plans, facts."""
    known = {
        **{name: fact.name_en for table in facts.tables for fact in table.facts
           for name in fact.names},
        **{str(fact.properties["city"]): str(fact.properties["city_en"])
           for fact in facts.counties.facts},
        **{fact.name_zh: fact.name_en for fact in facts.counties.facts},
        **{plan.short.zh: plan.short.en for plan in library.plans},
    }  # fmt: skip
    said = {
        str(name)
        for layer in layers
        for feature in layer.features
        for name in (*feature.properties["members"], feature.properties["host"])  # type: ignore[misc]
    }
    return {name: known[name] for name in sorted(said & known.keys())} | dict(library.words)


def _finding(finding: Finding, library: Library) -> dict[str, object]:
    """Describe a finding; where nothing could be tested, with the reason in both languages."""
    own = finding.id.removeprefix(f"{finding.plan}/")
    checks = library.plan(finding.plan).check
    reason = next((check.reason for check in checks if check.id == own), None)
    return finding.model_dump(mode="json") | {"reason": reason and reason.model_dump()}


def _plan(plan: Plan, layers: Sequence[Layer]) -> dict[str, object]:
    record = plan.model_dump(
        mode="json", by_alias=True, include={"id", "title", "short", "issuer", "process_step"}
    )
    own = [layer for layer in layers if layer.plan.id == plan.id]
    systems = list({layer.system.system: layer.system for layer in own}.values())
    return {
        **record,
        "horizon": list(plan.horizon),
        "phases": [phase.model_dump(mode="json", by_alias=True) for phase in plan.phase],
        "documents": [document.model_dump(mode="json") for document in plan.document],
        "systems": [_system(system, own) for system in systems],
    }


def _system(system: System, layers: Sequence[Layer]) -> dict[str, object]:
    return {
        "id": system.system,
        "title": system.title.model_dump(),
        "group": system.group,
        "document": system.document,
        "section": system.section,
        "summary": system.summary.model_dump(),
        "counts": [count.model_dump() for count in system.count],
        "access_rules": [rule.model_dump() for rule in system.access_rule],
        "layers": [_layer(layer) for layer in layers if layer.system is system],
    }


def _layer(layer: Layer) -> dict[str, object]:
    accuracies = [feature.properties["accuracy_m"] for feature in layer.located]
    caption = layer.recipe.caption
    return {
        "id": layer.id,
        "title": layer.recipe.title.model_dump(),
        "kind": layer.recipe.kind,
        "geometry_type": layer.geometry_type,
        "visible": layer.recipe.visible,
        "caption": caption and caption.model_dump(),
        "features": len(layer.features),
        "located": len(layer.located),
        "unlocated": len(layer.features) - len(layer.located),
        "stated": layer.recipe.stated,
        "accuracy_m": max(accuracies, default=None),  # type: ignore[type-var]
        "attribution": layer.attribution,
        "bbox": layer.bbox and [round(value, 6) for value in layer.bbox],
    }


def _unlocated_hosts(layers: Sequence[Layer], facts: Facts) -> dict[str, object]:
    """Say in which counties features without a position may be, for the page's site check.

    Many features share a host, so each set of adcodes is written once.
    """
    hosts = Hosts(layers, facts)
    sets: dict[frozenset[int], int] = {}
    of = {
        feature.id: sets.setdefault(hosts.counties(feature, layer.plan), len(sets))
        for layer in layers
        for feature in layer.features
        if feature.geometry is None
    }
    adcodes = [fact.id for fact in facts.counties.facts]
    return {"sets": [[adcodes[i] for i in sorted(found)] for found in sets], "of": of}


def _sources(layers: Iterable[Layer], facts: Facts) -> list[dict[str, object]]:
    used: dict[str, list[str]] = {}
    for layer in layers:
        for source in layer.sources:
            used.setdefault(source, []).append(layer.id)
    for fact in (*facts.counties.facts, *facts.rivers.facts, *_towns(facts, _ON_PAGE)):
        used.setdefault(fact.source, [])
    return [
        {**facts.sources[source].model_dump(mode="json"), "used_by": used[source]}
        for source in facts.sources
        if source in used
    ]


def _towns(facts: Facts, kinds: Sequence[str] = _BASE_PLACES) -> list:  # type: ignore[type-arg]
    return [fact for fact in facts.places.facts if fact.properties["kind"] in kinds]


def _place(fact: Fact) -> dict[str, object]:
    kept = {key: fact.properties[key] for key in ("name_zh", "name_en", "kind", "adcode")}
    return kept | {"accuracy_m": fact.accuracy_m}


def base_map(facts: Facts) -> dict[str, list[Feature]]:
    """Make the vector base of the page: counties, rivers and seats.

    What the counties are together, and where cities part, the page finds from their borders.

    Returns
    -------
    dict[str, list[Feature]]
        ``(id, properties, geometry)`` each, under ``counties``, ``rivers``, ``places`` and
        ``stations``.
    """
    features: dict[str, list[Feature]] = {
        "counties": [(f.id, f.properties, f.geometry) for f in facts.counties.facts],
        "rivers": [(f.id, f.properties, f.geometry) for f in facts.rivers.facts],
    }
    for block, kinds in (("places", _BASE_PLACES), ("stations", _STATIONS)):
        features[block] = [(f.id, _place(f), f.geometry) for f in _towns(facts, kinds)]
    return features


def base_records(base: Mapping[str, Sequence[Feature]]) -> dict[str, object]:
    """Give what the features of the base map say; their geometry goes into the pack."""
    return {
        name: {
            "ids": [identifier for identifier, _, _ in features],
            "properties": table([told for _, told, _ in features]),
        }
        for name, features in base.items()
    }


def layer_records(layers: Iterable[Layer]) -> dict[str, object]:
    """Give what layers and their features say, by layer; their geometry goes into the pack."""
    return {
        layer.id: {
            "members": layer.members,
            "features": table([feature.properties for feature in layer.features]),
        }
        for layer in layers
    }


def layer_shapes(layers: Iterable[Layer]) -> Iterator[Collection]:
    """Give the geometries of layers, to be packed."""
    for layer in layers:
        yield Collection(layer.id, [feature.geometry for feature in layer.features])


def plan_list(layers: Sequence[Layer]) -> dict[str, object]:
    """List plans, systems, layers and feature counts: the contract of ``taixin list --json``."""
    plans = list({layer.plan.id: layer.plan for layer in layers}.values())
    keep = ("id", "kind", "geometry_type", "features", "located", "unlocated")
    listed = []
    for plan in plans:
        record = _plan(plan, layers)
        systems = [
            {
                "id": system["id"],
                "title": system["title"],
                "layers": [{key: item[key] for key in keep} for item in system["layers"]],
            }
            for system in record["systems"]  # type: ignore[attr-defined]
        ]
        listed.append({"id": plan.id, "title": record["title"], "systems": systems})
    return {"plans": listed}


def catalog(layers: Sequence[Layer], library: Library, facts: Facts) -> dict[str, object]:
    """Describe the data files beside the page, one record a layer (after DCAT).

    Returns
    -------
    dict[str, object]
        Titles, files, counts, accuracy, attribution, licences, dates and lineage.
    """
    return {
        "title": library.face.title.model_dump(),
        "version": taixin.__version__,
        "crs": "OGC:CRS84",
        "review": _pair(REVIEW_STATE),
        "datasets": [
            {
                **_layer(layer),
                "file": f"{layer.id}.geojson",
                "media_type": "application/geo+json",
                "plan": layer.plan.id,
                "system": layer.system.system,
                "description": layer.system.summary.model_dump(),
                "section": layer.system.section,
                "document": layer.system.document,
                "publisher": layer.plan.issuer.model_dump(),
                "temporal": list(layer.plan.horizon),
                "modified": max(document.date for document in layer.plan.document),
                "licence": [facts.sources[source].licence for source in layer.sources],
                "lineage": layer.lineage,
            }
            for layer in layers
        ],
    }
