"""Many sites as one table: a row for every site and feature, written chunk by chunk.

Nothing of an earlier chunk is kept, so a million sites take no more memory than twenty thousand;
the file stands under its name only when all of it is written.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from taixin import files
from taixin.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import pyarrow as pa

    from taixin.site.answers import Checked, Checker

    Write = Callable[[pa.Table], None]

__all__ = ["FORMS", "Form", "check_suffix", "rows", "table_writer"]


@dataclass(frozen=True, slots=True)
class Form:
    """What rows hold beside their answers.

    Parameters
    ----------
    neutral
        Whether texts that a spreadsheet would run are marked.
    shapes
        Whether each row has its site's geometry.
    """

    neutral: bool = False
    shapes: bool = True


#: What a table may end in, and what its rows hold.
FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {".csv": Form(neutral=True, shapes=False), ".gpkg": Form(), ".parquet": Form()}
)
_M2_PER_KM2: Final = 1e6
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_GEOMETRY: Final = "geometry"
_GEOPARQUET: Final = {
    "version": "1.1.0",
    "primary_column": _GEOMETRY,
    "columns": {_GEOMETRY: {"encoding": "WKB", "geometry_types": []}},
}
_LINE: Final = 1


def check_suffix(path: Path) -> None:
    """Refuse a table that ends in something else.

    Raises
    ------
    OutputError
        Names the endings that are known.
    """
    if path.suffix.lower() not in FORMS:
        message = f"{path.name}: a table ends in {', '.join(FORMS)}; choose one for --out."
        raise OutputError(message)
    if not path.parent.is_dir():
        raise OutputError(f"{path}: the folder does not exist; make it first.")


def _plain(text: str) -> str:
    """Put a mark before what a spreadsheet would take for a formula.

    Examples
    --------
    >>> _plain("=1+1"), _plain("parcel 7")
    ("'=1+1", 'parcel 7')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def rows(checked: Checked, checker: Checker, form: Form) -> pa.Table:
    """Tell what was found for a chunk of sites as a table.

    Parameters
    ----------
    checked, checker
        What was found, and what it refers to.
    form
        What else the rows hold.

    Returns
    -------
    pyarrow.Table
        One row a pair, ordered by site; a site that nothing affects has one row with the answer
        ``no`` and no feature. Areas in km², lengths in km, distances in m, on the ellipsoid;
        geometry as WKB, lon/lat.
    """
    import pyarrow as pa
    from pyarrow import compute

    pool = pa.system_memory_pool()  # gives back what a chunk took; Arrow's own keeps it
    answers, sites = checked.answers, checked.sites
    lonely = np.setdiff1d(np.arange(len(sites.shapes)), answers.sites)
    site_of = np.concatenate([answers.sites, lonely])
    order = np.argsort(site_of, kind="stable")
    site_of = site_of[order]

    def column(values: np.ndarray, missing: float = np.nan) -> np.ndarray:
        filled = np.concatenate([values, np.full(len(lonely), missing)])
        return np.asarray(filled[order])

    target_of = column(answers.targets, -1).astype(np.int64)
    known = target_of >= 0
    words = np.where(answers.certain, "yes", np.where(answers.within_band, "possibly", "near"))
    answer = np.concatenate([words, np.full(len(lonely), "no")])[order]
    area, length, count = _amounts(checked, checker, column(answers.inside, 0), site_of, target_of)
    own_km2 = np.where(sites.dimensions == 2, sites.sizes, 0.0) / _M2_PER_KM2  # noqa: PLR2004 - areas
    mark = _plain if form.neutral else str
    names = pa.array([mark(label) for label in checked.chunk.labels], pa.string(), memory_pool=pool)
    own_row = pa.array(site_of)
    numbers = np.array(checked.chunk.numbers, dtype=np.int64)
    share = np.where(known, column(answers.inside, 0) / sites.sizes[site_of], np.nan)
    table: dict[str, Any] = {
        "site": numbers[site_of],
        "site_name": compute.take(names, own_row, memory_pool=pool),
        "site_area_km2": own_km2[site_of],
        "plan": _texts(checker, "plan", target_of, mark),
        "feature": _texts(checker, "id", target_of, mark),
        "name": _texts(checker, "name" if checker.lang == "zh" else "name_en", target_of, mark),
        "kind": _texts(checker, "kind", target_of, mark),
        "answer": answer,
        "share": _number(share),
        "area_km2": _number(area),
        "length_km": _number(length),
        "count": _number(count),
        "distance_m": _number(column(answers.distances_m)),
        "accuracy_m": _number(checker.screen.accuracies_m[target_of], ~known),
        "document": _texts(checker, "document", target_of, mark),
        "section": _texts(checker, "section", target_of, mark),
    }
    if form.shapes:
        blobs = shapely.to_wkb(checked.chunk.geometries)
        shapes = pa.array(blobs, pa.binary(), memory_pool=pool)
        table[_GEOMETRY] = compute.take(shapes, own_row, memory_pool=pool)
    return pa.table(table)


def _amounts(
    checked: Checked,
    checker: Checker,
    inside: np.ndarray,
    site_of: np.ndarray,
    target_of: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Split what lies inside by its measure: km², km, number."""
    known = target_of >= 0
    of_target = np.zeros(len(target_of))
    of_target[known] = checked.answers.of_target
    own, theirs = checked.sites.dimensions[site_of], checker.screen.dimensions[target_of]
    area = np.where(known & (own > _LINE), inside / _M2_PER_KM2, np.nan)
    length = np.where(known & (own == _LINE), inside / 1000, np.nan)
    length = np.where(known & (theirs == _LINE), of_target / 1000, length)
    count = np.where(known & (own < _LINE), inside, np.nan)
    count = np.where(known & (theirs < _LINE), of_target, count)
    return area, length, count


def _number(values: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    import pyarrow as pa

    absent = np.isnan(values) if missing is None else missing
    return pa.array(values, pa.float64(), mask=absent, memory_pool=pa.system_memory_pool())


def _texts(
    checker: Checker, key: str, target_of: np.ndarray, mark: Callable[[str], str]
) -> pa.Array:
    import pyarrow as pa
    from pyarrow import compute

    pool = pa.system_memory_pool()
    words = [mark(str(feature.properties[key] or "")) for feature in checker.features]
    targets = pa.array(target_of, mask=target_of < 0, memory_pool=pool)
    return compute.take(pa.array(words, pa.string()), targets, memory_pool=pool)


@contextmanager
def table_writer(path: Path) -> Iterator[Write]:
    """Open a table; it appears under its name when everything went well.

    Parameters
    ----------
    path
        Ends in one of `FORMS`.

    Yields
    ------
    Callable
        Takes and writes rows of the form that `FORMS` has for the ending.

    Raises
    ------
    OutputError
        If the disk refuses; what stood there before is untouched.
    """
    check_suffix(path)
    writers = {".csv": _csv_writer, ".gpkg": _gpkg_writer, ".parquet": _parquet_writer}
    with files.replaced(path) as made, writers[path.suffix.lower()](made) as write:
        yield write


@contextmanager
def _csv_writer(path: Path) -> Iterator[Write]:
    from pyarrow import csv

    with path.open("wb") as sink:
        sink.write(b"\xef\xbb\xbf")
        is_first = [True]

        def write(table: pa.Table) -> None:
            csv.write_csv(table, sink, csv.WriteOptions(include_header=is_first[0]))
            is_first[0] = False

        yield write


@contextmanager
def _parquet_writer(path: Path) -> Iterator[Write]:
    from pyarrow import parquet

    opened: list[Any] = []

    def write(table: pa.Table) -> None:
        if not opened:
            schema = table.schema.with_metadata({"geo": json.dumps(_GEOPARQUET)})
            opened.append(parquet.ParquetWriter(path, schema, compression="zstd"))
        opened[0].write_table(table.cast(opened[0].schema))

    try:
        yield write
    finally:
        for writer in opened:
            writer.close()


@contextmanager
def _gpkg_writer(path: Path) -> Iterator[Write]:
    import pyogrio.raw

    def write(table: pa.Table) -> None:
        columns = table.to_pandas()
        names = [name for name in table.column_names if name != _GEOMETRY]
        pyogrio.raw.write(
            path,
            geometry=columns[_GEOMETRY].to_numpy(),
            field_data=[columns[name].to_numpy() for name in names],
            fields=names,
            geometry_type="Unknown",
            crs="EPSG:4326",
            driver="GPKG",
            layer="site_check",
            append=path.exists(),
        )

    yield write
