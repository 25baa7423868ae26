"""The delivery kit: every format of all layers in one folder, explained, with digests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final

from taixin import archives, files
from taixin.crs import target
from taixin.dictionary import HEADER, rows
from taixin.exports.base_map import write_base_map
from taixin.exports.containers import outside_gbk
from taixin.exports.formats import FORMATS, GEOGRAPHIC, METRIC, words
from taixin.exports.project import project_bytes
from taixin.exports.spreadsheets import csv_text
from taixin.exports.tables import Delivery, Job
from taixin.model import Text
from taixin.vocabulary import REVIEW_STATE
from taixin.zones import zones_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from taixin.build import Layer
    from taixin.facts import Facts
    from taixin.plans import Library
    from taixin.zones import Home

__all__ = ["SUMS", "write_kit"]

SUMS: Final = "SHA256SUMS"
_LONLAT: Final = "OGC:CRS84"
_GBK: Final = "shp-gbk.zip"
#: File of the kit, and the format it is written in.
_FILES: Final = {
    "atlas.gpkg": "gpkg",
    "shp-utf8.zip": "shp",
    _GBK: "shp",
    "atlas.kmz": "kmz",
    "atlas.xlsx": "xlsx",
    "csv.zip": "csv",
    "atlas.parquet": "parquet",
    "fgb.zip": "fgb",
    "geojson.zip": "geojson",
}
_BASE: Final = "atlas-base.gpkg"


@dataclass(frozen=True)
class _Kit:
    layers: Sequence[Layer]
    library: Library
    facts: Facts

    @cached_property
    def deliveries(self) -> dict[str, Delivery]:
        codes = {GEOGRAPHIC: GEOGRAPHIC, METRIC: self.facts.home.metric, _LONLAT: _LONLAT}
        return {crs: Delivery(*self._inputs, target(code)) for crs, code in codes.items()}

    @property
    def data(self) -> Delivery:
        return self.deliveries[GEOGRAPHIC]

    @property
    def _inputs(self) -> tuple[Sequence[Layer], Library, Facts]:
        return self.layers, self.library, self.facts


def write_kit(layers: Sequence[Layer], library: Library, facts: Facts, folder: Path) -> list[str]:
    """Write the delivery kit into a folder, which should be empty.

    Parameters
    ----------
    layers
        Built layers of one or more plans.
    library, facts
        What they were built from.
    folder
        Where to write; the caller moves it to its place as a whole.

    Returns
    -------
    list[str]
        The files written, by their names in the folder, sorted.
    """
    kit = _Kit(layers, library, facts)
    for name, form in _FILES.items():
        data = kit.deliveries[FORMATS[form].crs]
        encoding = "GBK" if name == _GBK else "UTF-8"
        FORMATS[form].write(Job(data, folder / name, encoding, is_lenient=True))
    write_base_map(kit.data, folder / _BASE)
    project = project_bytes(kit.data, "atlas.gpkg", _BASE)
    files.write_bytes(folder / "atlas.qgz", project)
    for plan, of_plan in groupby(layers, key=lambda layer: layer.plan.id):
        chosen = tuple(of_plan)
        drawing = replace(kit.deliveries[METRIC], layers=chosen)
        FORMATS["dxf"].write(Job(drawing, folder / "dxf" / f"{plan}.dxf"))
        database = replace(kit.data, layers=chosen)
        FORMATS["gdb"].write(Job(database, folder / "gdb" / f"{plan}.gdb.zip"))
    files.write_text(folder / "dictionary.csv", csv_text(HEADER, rows(kit.data.columns)))
    files.write_text(folder / "VERSION", f"{kit.data.version}\n")
    files.write_text(folder / "README.md", _readme(kit))
    return _sums(folder)


def _sums(folder: Path) -> list[str]:
    names = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    lines = [f"{archives.sha256(folder / name)}  {name}\n" for name in names]
    files.write_text(folder / SUMS, "".join(lines))
    return [*names, SUMS]


def _readme(kit: _Kit) -> str:
    import jinja2

    environment = jinja2.Environment(
        autoescape=False,  # noqa: S701 - Markdown, and nobody's browser
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_in_a_cell,
    )
    data, metric = kit.data, kit.deliveries[METRIC].target
    beyond = metric.outside(data.bbox) if data.bbox else ""
    used = {source for layer in kit.layers for source in layer.sources}
    texts = {value for row in _all_records(data) for value in row.values()}
    odd = outside_gbk("".join(sorted(text for text in texts if isinstance(text, str))))
    kinds = {layer.recipe.kind for layer in kit.layers}
    plans = list({layer.plan.id: layer.plan for layer in kit.layers}.values())
    template = environment.from_string(files.read_template("delivery.md"))
    return template.render(
        title="、".join(plan.short.zh for plan in plans),
        review=REVIEW_STATE,
        version=data.version,
        date=data.date,
        layers=kit.layers,
        total=sum(len(layer.features) for layer in kit.layers),
        located=sum(len(layer.located) for layer in kit.layers),
        metric=f"{metric.code} {metric.name}",
        geographic=GEOGRAPHIC,
        files=list(_listed(kit.facts.home)),
        zones=zones_between(*(data.bbox or kit.facts.province.bounds)[::2]),
        beyond_zh=f"数据超出 {metric.code} 的分带，边缘长度变形较大。" if beyond else "",
        beyond_en=beyond,
        odd=" ".join(odd),
        sources=[source for name, source in kit.facts.sources.items() if name in used],
        plans=plans,
        dictionary=rows(data.columns),
        kinds={name: kit.library.kinds[name] for name in sorted(kinds)},
    )


def _in_a_cell(value: object) -> object:
    """Keep a text from breaking the table it stands in."""
    return " ".join(value.split()).replace("|", "\\|") if isinstance(value, str) else value


def _all_records(data: Delivery) -> Iterator[Mapping[str, object]]:
    for records in data.records.values():
        yield from records


def _listed(home: Home) -> Iterator[dict[str, object]]:
    """Say of each file what it is, its CRS, and what it loses."""
    named = {"atlas.qgz": "qgz", **_FILES, "gdb/": "gdb", "dxf/": "dxf"}
    for name, form in named.items():
        said = words()[form]
        yield {
            "name": name,
            "about": said.about,
            "loses": said.loses,
            "crs": FORMATS[form].code(home),
        }
    others = {
        _BASE: ("底图：行政区界、河流、驻地", "base map: borders, rivers, seats", GEOGRAPHIC),
        "dictionary.csv": ("数据字典", "data dictionary", "-"),
        "VERSION": ("数据版本", "version of the data", "-"),
        SUMS: ("各文件的 SHA-256", "SHA-256 of every file", "-"),
    }
    nothing = Text(zh="无", en="nothing")
    for name, (zh, en, crs) in others.items():
        yield {"name": name, "about": Text(zh=zh, en=en), "loses": nothing, "crs": crs}
