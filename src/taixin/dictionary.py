"""The data dictionary, for deliveries and the page: what every column means, in two languages."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from taixin.build import Layer
    from taixin.plans import Library

__all__ = ["HEADER", "Column", "columns_of", "headings", "rows", "short_names"]

_SHAPEFILE_NAME: Final = 10
#: Columns of the dictionary itself.
HEADER: Final = ("name", "short_name", "zh", "en", "type", "unit", "meaning_zh", "meaning_en")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a delivered table.

    Parameters
    ----------
    key
        Name in GeoJSON, GeoPackage and the other formats without a limit.
    zh, en
        Short labels, used as field aliases.
    type
        ``text``, ``integer``, ``number``, ``boolean`` or ``list``; items of a list are text.
    unit
        Of numbers; empty where there is none.
    meaning_zh, meaning_en
        A sentence.
    """

    key: str
    zh: str
    en: str
    type: str
    unit: str
    meaning_zh: str
    meaning_en: str


def _column(key: str, labels: str, kind: str, meanings: str, unit: str = "") -> Column:
    zh, _, en = labels.partition("|")
    meaning_zh, _, meaning_en = meanings.partition("|")
    return Column(key, zh, en, kind, unit, meaning_zh, meaning_en)


_FIXED: Final = (
    _column("id", "标识|Identifier", "text", "规划/图层/要素，不变|plan/layer/feature, for ever"),
    _column("name", "名称|Name", "text", "中文名称|Chinese name"),
    _column("name_en", "英文名称|Name (English)", "text", "英文名称|English name"),
    _column("kind", "类别|Kind", "text", "要素类别代码|Code of the kind of feature"),
    _column("plan", "规划|Plan", "text", "规划标识|Id of the plan"),
    _column("system", "体系|System", "text", "规划体系标识|Id of the planning system"),
    _column("layer", "图层|Layer", "text", "图层标识|Id of the layer"),
    _column("phase", "期限|Phase", "text", "规划期标识|Id of the planning phase"),
    _column("status", "状态|Status", "text", "文件所述状态|Status as a document states it"),
    _column("status_date", "状态日期|Status date", "text", "该文件日期|Date of that document"),
    _column("status_document", "状态出处|Status document", "text", "该文件标识|Its id"),
    _column("members", "组成|Members", "list", "组成单元|Constituents"),
    _column("host", "所在单元|Host", "text", "所在县、市或规划|County, city or plan it belongs to"),
    _column("summary", "说明|Summary", "text", "自行归纳的说明|Summary in our own words"),
    _column("summary_en", "英文说明|Summary (English)", "text", "英文说明|The same in English"),
    _column("document", "文件|Document", "text", "出处文件标识|Id of the document cited"),
    _column("section", "章节|Section", "text", "出处章节|Heading in the document"),
    _column("term", "原文用词|Term", "text", "文件中的用词|Exact words of the document"),
    _column("basis", "成图方法|Basis", "text", "几何如何得来|How the geometry came about"),
    _column("accuracy_m", "位置误差|Accuracy", "integer",
            "真实位置应在此半径内|The true position should lie within this radius", "m"),
    _column("aliases", "别名|Aliases", "list", "其他写法|Other spellings"),
    _column("see_also", "参见|See also", "list", "相关要素标识|Ids of related features"),
    _column("note", "备注|Note", "text", "存疑与更正|Doubts and corrections"),
    _column("note_en", "英文备注|Note (English)", "text", "英文备注|The same in English"),
)  # fmt: skip

#: Columns of Chinese planning databases that a delivery adds; YSDM stays empty: our kinds have no
#: sure counterpart in the standard, and a wrong code is worse than none.
_PLANNING_DATABASE: Final = (
    _column("BSM", "标识码|Serial number", "integer", "图层内顺序号|Number within the layer"),
    _column("YSDM", "要素代码|Feature code", "text", "有意留空|Left empty on purpose"),
    _column("XZQDM", "行政区代码|Administrative code", "text",
            "所在县级或市级行政区代码|Code of the county or city it belongs to"),
    _column("XZQMC", "行政区名称|Administrative name", "text",
            "所在县级或市级行政区名称|Name of the county or city it belongs to"),
    _column("MJ", "椭球面积|Ellipsoidal area", "number",
            "面要素的椭球面积|Area of a polygon on the ellipsoid", "m²"),
)  # fmt: skip

_BY_KEY: Final[Mapping[str, Column]] = MappingProxyType(
    {column.key: column for column in (*_FIXED, *_PLANNING_DATABASE)}
)


def columns_of(layers: Iterable[Layer], library: Library) -> tuple[Column, ...]:
    """List every column that deliveries of these layers have, in their order.

    Parameters
    ----------
    layers
        Built layers.
    library
        Labels and units of the figures; all its plans together decide on a figure's type, so that
        it does not depend on which layers are delivered.

    Returns
    -------
    tuple[Column, ...]
        Fixed columns, then figures, then those of Chinese planning databases.
    """
    keys = dict.fromkeys(key for layer in layers for key in layer.features[0].properties)
    types = _figure_types(library)
    return (*_FIXED, *_figures(keys, library, types), *_PLANNING_DATABASE)


def _figures(keys: Iterable[str], library: Library, types: Mapping[str, str]) -> Iterator[Column]:
    for key in keys:
        if key not in _BY_KEY:
            label = library.figures[key]
            yield Column(
                key, label.zh, label.en, types[key], label.unit, "文件所述数字", "As stated"
            )


def _figure_types(library: Library) -> dict[str, str]:
    values: dict[str, set[type]] = {}
    for plan in library.plans:
        for system in plan.systems:
            for layer in system.layer:
                for feature in layer.feature:
                    for key, value in feature.figures.items():
                        values.setdefault(key, set()).add(type(value))
    return {key: _type_of(found) for key, found in values.items()}


def _type_of(found: set[type]) -> str:
    """Name the narrowest type that holds all values.

    Examples
    --------
    >>> _type_of({int, float}), _type_of({int, str}), _type_of({bool})
    ('number', 'text', 'boolean')
    """
    if found == {bool}:
        return "boolean"
    if found == {int}:
        return "integer"
    return "number" if found <= {int, float} else "text"


def headings(columns: Iterable[Column]) -> dict[str, str]:
    """Give each column the Chinese heading that people see, unit included, no two equal.

    Examples
    --------
    >>> headings([column for column in columns_of((), _no_plans()) if column.unit])
    {'accuracy_m': '位置误差（m）', 'MJ': '椭球面积（m²）'}
    """
    given: dict[str, str] = {}
    for column in columns:
        heading = f"{column.zh}（{column.unit}）" if column.unit else column.zh
        given[column.key] = f"{heading} {column.key}" if heading in given.values() else heading
    return given


def _no_plans() -> Library:
    from taixin.plans import Library

    return Library((), {}, {})


def short_names(keys: Iterable[str]) -> dict[str, str]:
    """Give each column an ASCII name of at most ten characters, for Shapefiles.

    Parameters
    ----------
    keys
        Full names, all ASCII.

    Returns
    -------
    dict[str, str]
        Full name to short name; no two are equal without regard to case.

    Examples
    --------
    >>> short_names(["name", "start_up_no", "start_up_names"])
    {'name': 'name', 'start_up_no': 'start_up_n', 'start_up_names': 'start_up_2'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        short, number = key[:_SHAPEFILE_NAME], 1
        while short.lower() in taken:
            number += 1
            mark = str(number)
            short = key[: _SHAPEFILE_NAME - len(mark)] + mark
        taken.add(short.lower())
        names[key] = short
    return names


def rows(columns: Iterable[Column]) -> list[dict[str, str]]:
    """Write the dictionary as a table with the columns of `HEADER`.

    Examples
    --------
    >>> rows(columns_of((), _no_plans()))[0]["zh"]
    '标识'
    """
    listed = tuple(columns)
    short = short_names(column.key for column in listed)
    return [
        {
            "name": column.key,
            "short_name": short[column.key],
            "zh": column.zh,
            "en": column.en,
            "type": column.type,
            "unit": column.unit,
            "meaning_zh": column.meaning_zh,
            "meaning_en": column.meaning_en,
        }
        for column in listed
    ]
