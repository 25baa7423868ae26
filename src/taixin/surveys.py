"""Surveys: big layers of existing data beside the plans, such as land parcels.

A survey is no plan statement: one file, one source and one accuracy for all of it, no recipe for
each feature. It goes into the page in chunks of rows and columns, read and packed one after the
other, so that a million parcels take no more memory than two hundred thousand.

A chunk, before it is compressed: ``TXSV``, one byte version, a pack (see `taixin.pack`) with one
set for each colour, and a JSON list of columns, each after its length. Then for each column three
streams: where its texts start, and the last one ends, as differences; the texts that occur in it,
each once; and as differences the number of each row's text, from 1, or 0 where there is none. Rows
follow the features of the pack.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from taixin import files
from taixin.errors import InputError, Problem, nearest
from taixin.intake.limits import Limits
from taixin.intake.sites import Request, read_sites
from taixin.model import Credit, SurveyRecord, Symbol
from taixin.pack import DIGITS, Collection, gzipped, pack
from taixin.plans import validated
from taixin.streams import differences, framed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import geopandas
    import pandas as pd
    from numpy.typing import NDArray

    from taixin.facts import Facts
    from taixin.model import Kind

    Batch = tuple[pd.DataFrame, NDArray[Any]]

__all__ = ["PackedSurvey", "check_page", "pack_survey", "read_surveys"]

_FILE: Final = "surveys.toml"
_MAGIC: Final = b"TXSV\x01"
_ROWS: Final = 200_000
#: What a page carries; beyond, tiles stand beside it.
_MOST: Final = {"features": 1_000_000, "vertices": 10_000_000, "bytes": 30_000_000}
_MOST_COLOURS: Final = 24
#: Data no better than this is kept to a metre, else to a decimetre.
_ROUGH_M: Final = 5
_TYPES: Final = {0: "point", 1: "line", 2: "polygon"}
_WHOLE: Final = 1e15  # whole numbers below are written without a point
_PLAIN: Final = "#9a8c78"
#: Colours of a column's values, told apart side by side (after ColorBrewer, Set3 and Paired).
_COLOURS: Final = (
    *("#8dd3c7", "#fdb462", "#bebada", "#fb8072", "#80b1d3", "#b3de69", "#fccde5", "#d9d9d9"),
    *("#bc80bd", "#ccebc5", "#ffed6f", "#a6cee3", "#1f78b4", "#b2df8a", "#33a02c", "#fb9a99"),
    *("#e31a1c", "#fdbf6f", "#ff7f00", "#cab2d6", "#6a3d9a", "#e5d8a0", "#b15928", "#ffffb3"),
)


@dataclass(frozen=True, slots=True)
class PackedSurvey:
    """A survey as a page carries it.

    Parameters
    ----------
    about
        What the page says of it: title, source, accuracy, counts, columns, colours.
    chunks
        Its rows, compressed.
    """

    about: Mapping[str, Any]
    chunks: tuple[bytes, ...]


def pack_survey(
    data: geopandas.GeoDataFrame | Path, record: SurveyRecord, credit: Credit, kind: Kind | None
) -> PackedSurvey:
    """Pack a survey for a page.

    Parameters
    ----------
    data
        Features of one geometry type with a coordinate system, or a file that GDAL reads.
    record
        Its title, accuracy and look.
    credit
        Whose data it is.
    kind
        The kind that `record` names.

    Raises
    ------
    InputError
        If it cannot be read, mixes points, lines and areas, lacks a column, or is too large for a
        page.
    """
    read = _file_batches if isinstance(data, Path) else _frame_batches
    made = _Chunks(record)
    for rows, geometries in _in_chunks(read(data, record)):  # type: ignore[arg-type]
        made.add(rows, geometries)
    if not made.chunks:
        raise _refusal(record, "it has no feature with a geometry", "give a layer that has some")
    return PackedSurvey(made.about(credit, kind), tuple(made.chunks))


def check_page(surveys: Sequence[PackedSurvey]) -> None:
    """Refuse surveys that are too much for one page, or share an id.

    Raises
    ------
    InputError
        Says which of the limits is passed, and what to do.
    """
    for name, times in Counter(survey.about["id"] for survey in surveys).items():
        if times > 1:
            message = f"{times} surveys have this id"
            raise InputError([Problem(_FILE, name, message, "give each an id of its own")])
    sums = {unit: sum(survey.about[unit] for survey in surveys) for unit in _MOST}
    for unit, most in _MOST.items():
        if sums[unit] > most:
            message = f"the surveys of a page may have {most:,} {unit}, and these {sums[unit]:,}"
            raise InputError([Problem(_FILE, "", message, _tiles("FILE"))])


def read_surveys(
    geo: Path | None, facts: Facts, kinds: Mapping[str, Kind]
) -> tuple[PackedSurvey, ...]:
    """Read what ``surveys.toml`` in a folder of facts declares.

    Parameters
    ----------
    geo
        The folder; the project's own when None.
    facts
        Whose sources the surveys name.
    kinds
        The kinds that they may be drawn as.

    Raises
    ------
    InputError
        Lists everything that is wrong with the declarations; then what is wrong with a file.
    """
    folder = geo or files.data_folder("geo")
    if not files.listed(folder, _FILE):
        return ()
    problems: list[Problem] = []
    document = files.read_toml(folder / _FILE)
    entries = document.pop("survey", [])
    problems += [Problem(_FILE, key, "the key is unknown", "write [[survey]]") for key in document]
    records = []
    for number, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        named = isinstance(entry, dict) and entry.get("id")
        key = ("survey", str(named or number))
        record = validated(SurveyRecord, entry, _FILE, key, problems)
        if record is not None:
            problems.extend(_check(record, ".".join(key), folder, facts, kinds))
            records.append(record)
    if problems:
        raise InputError(problems)
    surveys = tuple(
        pack_survey(
            folder / record.file, record, _credit(record, facts), kinds.get(record.kind or "")
        )
        for record in records
    )
    check_page(surveys)
    return surveys


def _check(
    record: SurveyRecord, key: str, folder: Path, facts: Facts, kinds: Mapping[str, Kind]
) -> Iterator[Problem]:
    if not (folder / record.file).exists():
        message = f"there is no file '{record.file}' in {folder}"
        yield Problem(_FILE, f"{key}.file", message, "write its path from that folder")
    if record.source not in facts.sources:
        message = f"source '{record.source}' is not in sources.toml"
        yield Problem(_FILE, f"{key}.source", message, nearest(record.source, facts.sources))
    if record.kind is not None and record.kind not in kinds:
        message = f"'{record.kind}' is unknown"
        yield Problem(_FILE, f"{key}.kind", message, nearest(record.kind, kinds))


def _credit(record: SurveyRecord, facts: Facts) -> Credit:
    source = facts.sources[record.source]
    return Credit(
        attribution=source.attribution,
        licence=source.licence,
        title=source.title,
        issuer=source.issuer,
        date=source.date,
    )


def _refusal(record: SurveyRecord, message: str, remedy: str) -> InputError:
    return InputError([Problem(record.file, "", message, remedy)])


def _tiles(name: str) -> str:
    out = Path(name).with_suffix(".pmtiles").name
    return f"make tiles that stand beside the page: taixin tiles {name} --out {out}"


# ---- rows and geometries -------------------------------------------------------------------------


def _frame_batches(frame: geopandas.GeoDataFrame, record: SurveyRecord) -> Iterator[Batch]:
    if frame.crs is None:
        message = "the table does not say in which system its coordinates are"
        raise _refusal(record, message, "set it: frame.set_crs('EPSG:4490')")
    columns = [name for name in frame.columns if name != frame.geometry.name]
    for start in range(0, len(frame), _ROWS):
        part = frame.iloc[start : start + _ROWS].to_crs("EPSG:4326")
        yield part[columns], np.asarray(part.geometry.values, dtype=object)


def _file_batches(path: Path, record: SurveyRecord) -> Iterator[Batch]:
    import pandas as pd

    limits = Limits().times(10)  # the page's own ceiling is lower than these
    request = Request(crs=record.crs, layer=record.layer, limits=limits, attributes=True)
    for chunk in read_sites(path, request):
        if chunk.numbers:
            yield pd.DataFrame([json.loads(label) for label in chunk.labels]), chunk.geometries


def _in_chunks(batches: Iterable[Batch]) -> Iterator[Batch]:
    """Join small batches; what has no geometry is left out."""
    import pandas as pd

    held: list[Batch] = []
    for rows, geometries in batches:
        is_located = ~(shapely.is_missing(geometries) | shapely.is_empty(geometries))
        held.append((rows[is_located], geometries[is_located]))
        if sum(len(found) for _, found in held) >= _ROWS:
            yield pd.concat([each for each, _ in held]), np.concatenate([each for _, each in held])
            held = []
    if any(len(found) for _, found in held):
        yield pd.concat([each for each, _ in held]), np.concatenate([each for _, each in held])


class _Chunks:
    """Packs chunk after chunk and counts what the page says of all of them."""

    def __init__(self, record: SurveyRecord) -> None:
        self._record = record
        self._digits = DIGITS if record.accuracy_m < _ROUGH_M else DIGITS - 1
        self._types: set[int] = set()
        self._columns: dict[str, None] = {}
        self._values: Counter[str] = Counter()
        self._boxes: list[NDArray[np.float64]] = []
        self._sums: Counter[str] = Counter()
        self.chunks: list[bytes] = []

    def add(self, rows: pd.DataFrame, geometries: NDArray[Any]) -> None:
        """Pack a chunk of rows."""
        self._types.update(map(int, np.unique(shapely.get_dimensions(geometries))))
        if len(self._types) > 1:
            message = "points, lines and areas are mixed"
            raise _refusal(self._record, message, "give each a survey of its own")
        self._count("features", len(geometries))
        self._count("vertices", int(shapely.get_num_coordinates(geometries).sum()))
        self._boxes.append(shapely.total_bounds(geometries))
        rows = self._named(rows)
        values, of = self._coloured(rows)
        order = np.argsort(of, kind="stable")
        found, starts = np.unique(of[order], return_index=True)
        parts = zip(found, np.split(geometries[order], starts[1:]), strict=True)
        packed = pack([Collection(values[i], part) for i, part in parts], digits=self._digits)
        shown = [column for column in self._shown() if column in rows.columns]
        table = b"".join(_table(rows[shown].iloc[order]))
        made = gzipped(_MAGIC + framed(packed) + table)
        self._count("bytes", math.ceil(len(made) / 3) * 4)  # as base64
        self.chunks.append(made)

    def _count(self, unit: str, more: int) -> None:
        self._sums[unit] += more
        if self._sums[unit] > _MOST[unit]:
            message = f"it has more than {_MOST[unit]:,} {unit}, which is what a page carries"
            raise _refusal(self._record, message, _tiles(self._record.file))

    def _coloured(self, rows: pd.DataFrame) -> tuple[list[str], NDArray[np.int64]]:
        """Give the texts that colours stand for in this chunk, and which of them each row has."""
        if self._record.fill is None:
            self._values[""] += len(rows)
            return [""], np.zeros(len(rows), np.int64)
        codes, texts = _coded(rows[self._record.fill])
        values = sorted({"", *texts})
        if len(self._values.keys() | set(values)) > _MOST_COLOURS + 1:
            message = f"column '{self._record.fill}' has more than {_MOST_COLOURS} values"
            raise _refusal(self._record, message, "fill by a column with fewer")
        of = np.array([values.index(text) for text in ("", *texts)])[codes]
        self._values.update({values[i]: int(n) for i, n in enumerate(np.bincount(of)) if n})
        return values, of

    def _named(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Give rows with text as column names, and with those columns that only other rows have."""
        rows = rows.set_axis([str(column) for column in rows.columns], axis=1)
        self._columns.update(dict.fromkeys(rows.columns))
        missing = [column for column in self._asked() if column not in rows.columns]
        return rows.assign(**dict.fromkeys(missing)) if missing else rows

    def _asked(self) -> list[str]:
        record = self._record
        return list(
            dict.fromkeys(filter(None, (record.name, *(record.columns or ()), record.fill)))
        )

    def _shown(self) -> list[str]:
        """Give the columns that a card shows; without a wish, all that there are."""
        record = self._record
        wanted = record.columns or tuple(self._columns)
        return list(dict.fromkeys((*filter(None, [record.name]), *wanted)))

    def about(self, credit: Credit, kind: Kind | None) -> dict[str, Any]:
        """Tell what the page says of the survey."""
        record = self._record
        for column in self._asked():
            if column not in self._columns:
                hint = nearest(column, self._columns)
                raise _refusal(record, f"it has no column '{column}'", hint)
        shown = _TYPES[max(self._types)]
        if kind is not None and kind.geometry.value != shown:
            message = f"kind '{record.kind}' is a {kind.geometry}, but the survey has {shown}s"
            raise _refusal(record, message, "choose a kind of that geometry, or leave it out")
        boxes = np.array(self._boxes)
        box = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
        return {
            "id": record.id,
            "title": record.title.model_dump(),
            "source": credit.model_dump(mode="json"),
            "accuracy_m": record.accuracy_m,
            "name": record.name,
            "fill": record.fill,
            "visible": record.visible,
            "type": shown,
            **self._sums,
            "bbox": [round(float(edge), DIGITS) for edge in box],
            "columns": self._shown(),
            "chunks": len(self.chunks),
            "sets": [
                {"value": value, "features": self._values[value], "symbol": symbol}
                for value, symbol in self._symbols(kind, shown)
            ],
        }

    def _symbols(self, kind: Kind | None, shown: str) -> Iterator[tuple[str, dict[str, object]]]:
        values = sorted(self._values)
        free = [colour for colour in _COLOURS if colour not in self._record.colours.values()]
        for value in values:
            colour = _PLAIN
            if self._record.fill is not None and value:
                colour = self._record.colours.get(value) or free.pop(0)
            symbol = kind.symbol if kind else _symbol(colour, shown)
            yield value, symbol.model_dump(mode="json", exclude_none=True)


def _symbol(colour: str, shown: str) -> Symbol:
    if shown == "line":
        return Symbol(stroke=colour, width=1.6)
    if shown == "point":
        return Symbol(fill=colour, fill_opacity=0.9, stroke="#4d4d4d", width=0.6,
                      marker="circle", size=6)  # fmt: skip
    return Symbol(fill=colour, fill_opacity=0.55, stroke="#6b6256", width=0.5)


# ---- columns -------------------------------------------------------------------------------------


def _table(rows: pd.DataFrame) -> Iterator[bytes]:
    columns = [(str(name), *_coded(rows[name])) for name in rows.columns]
    told = [{"name": name, "texts": len(texts)} for name, _, texts in columns]
    yield framed(files.json_text(told).encode())
    for _, codes, texts in columns:
        encoded = [text.encode() for text in texts]
        yield differences(np.cumsum([0, *map(len, encoded)]))
        yield framed(b"".join(encoded))
        yield differences(codes)


def _coded(values: pd.Series[Any]) -> tuple[NDArray[np.int64], list[str]]:
    """Give each value the number of its text, from 1, or 0 where it has none."""
    import pandas as pd

    try:
        codes, unique = pd.factorize(values)
    except TypeError:  # lists and records inside
        codes, unique = pd.factorize(values.map(files.json_text))
    return codes.astype(np.int64) + 1, [_text(value) for value in unique]


def _text(value: object) -> str:
    """Write a value of a cell as people do."""
    if isinstance(value, float | np.floating):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < _WHOLE else repr(number)
    return str(value)
