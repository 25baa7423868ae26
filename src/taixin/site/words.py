"""The words of the terminal table and of the report, in two languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["WORDS", "amount", "distance"]

_PAIRS: Final = {
    "title": ("地块规划核查报告", "Site check against the plans"),
    "site": ("地块", "Site"),
    "sites": ("地块", "Sites"),
    "number": ("序号", "No."),
    "source": ("来源", "Source"),
    "size": ("规模", "Size"),
    "crs": ("坐标系", "Coordinate system"),
    "extent": ("范围（经纬度）", "Extent (lon, lat)"),
    "notes": ("说明", "Notes"),
    "administrative": ("所在县（市、区）", "Counties"),
    "county": ("县（市、区）", "County"),
    "share": ("占地块", "Share of site"),
    "inside": ("涉及量", "Inside"),
    "plan": ("规划", "Plan"),
    "affected": ("涉及", "Affected"),
    "near": ("邻近", "Near"),
    "no_data": ("文件未给出位置", "No data: not located by the documents"),
    "no_data_short": ("无位置", "no data"),
    "not_affected": ("不涉及", "Not affected"),
    "feature": ("规划要素", "Feature"),
    "kind": ("类型", "Kind"),
    "answer": ("结论", "Answer"),
    "yes": ("涉及", "yes"),
    "possibly": ("可能涉及", "possibly"),
    "distance": ("距离", "Distance"),
    "accuracy": ("精度", "Accuracy"),
    "citation": ("出处", "Citation"),
    "host": ("所属", "Host"),
    "none": ("无", "None"),
    "access": ("产业准入", "Access rules"),
    "no_rule": (
        "该地块所在板块没有公布的准入规则。",
        "No published rule for the block the site lies in.",
    ),
    "role": ("定位", "Role"),
    "existing": ("现状产业", "Existing industry"),
    "leading": ("鼓励主导产业", "Welcome: leading industries"),
    "requirements": ("准入条件", "Conditions"),
    "negative_list": ("负面清单", "Forbidden: negative list"),
    "applies": ("适用", "applies"),
    "tolerances": ("判定与误差", "How answers are found, and tolerances"),
    "rule_yes": (
        (
            "“涉及”：面状要素，地块深入其边界超过该要素精度；"
            "线、点要素，地块四周各让出精度后仍含有该要素。"
        ),
        (
            "“yes”: for areas, the site reaches deeper into them than their accuracy; for lines "
            "and points, the site still holds some of them after shrinking by their accuracy."
        ),
    ),
    "rule_possibly": (
        (
            "“可能涉及”：地块与图上要素相距不超过其精度，但不足以判定“涉及”。"
            "小于精度的狭条不作“涉及”。"
        ),
        (
            "“possibly”: the site lies within the accuracy of the drawn feature, but not beyond "
            "doubt. A sliver thinner than the accuracy is never “yes”."
        ),
    ),
    "rule_near": (
        (
            "“邻近”：椭球面距离不超过 {within} 公里。"
            "面积、长度、距离均按 CGCS2000 椭球计算；地块坐标视为准确。"
        ),
        (
            "“near”: within {within} km on the ellipsoid. Areas, lengths and distances are those "
            "of the CGCS2000 ellipsoid; the site's own coordinates are taken as exact."
        ),
    ),
    "rule_no_data": (
        "“文件未给出位置”：文件提到但未定位，其所属县（市）与地块相同，因此不能排除。",
        (
            "“no data”: named by a document without a position, hosted by a county the site lies "
            "in; it cannot be ruled out."
        ),
    ),
    "map": ("示意图", "Map"),
    "around": ("整幅示意图位于其内", "The whole map lies in"),
    "same": ("图上重合", "Drawn alike"),
    "overview": ("概览", "Overview"),
    "cited": ("出处均为", "All cited from"),
    "legend": ("图例", "Legend"),
    "data": ("数据", "Data"),
    "data_date": ("规划文件日期至", "Plan documents up to"),
    "data_version": ("数据版本", "Data version"),
    "report_date": ("报告日期", "Report date"),
    "sources": ("资料来源", "Sources"),
    "disclaimer": (
        (
            "本报告由公开规划文件和示意图形自动生成，供内部工作参考，"
            "不是规划许可、行政决定或法律意见；以规划主管部门的正式成果为准。"
        ),
        (
            "Made automatically from published plan texts and schematic geometry, for internal "
            "work. It is no permit, decision or legal advice; the responsible authority's "
            "documents prevail."
        ),
    ),
    "totals": ("合计", "Totals"),
    "and_more": (
        "另有 {more} 个地块未列出，请用 --out 输出全表。",
        "{more} more sites are not listed; write them with --out.",
    ),
}  # fmt: skip
#: Language to word to text.
WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        lang: MappingProxyType({key: pair[index] for key, pair in _PAIRS.items()})
        for index, lang in enumerate(("zh", "en"))
    }
)
_UNITS: Final = {"zh": ("平方公里", "公里", "米", "处"), "en": ("km²", "km", "m", "points")}
_FAR_M: Final = 10_000
_SMALL_KM2: Final = 0.1


def amount(item: Mapping[str, object], lang: str) -> str:
    """Tell the area, length or number of an answer, whichever it has.

    Examples
    --------
    >>> amount({"area_km2": 0.02, "length_km": None, "count": None}, "en")
    '2.00 ha'
    """
    km2, km, _, points = _UNITS[lang]
    area_km2, length_km, count = (item.get(key) for key in ("area_km2", "length_km", "count"))
    if isinstance(length_km, float):
        return f"{length_km:,.2f} {km}" if length_km else "–"
    if isinstance(count, int):
        return f"{count} {points if count != 1 else points.removesuffix('s')}" if count else "–"
    if not isinstance(area_km2, float) or not area_km2:
        return "–"
    if area_km2 < _SMALL_KM2:
        return f"{area_km2 * 100:,.2f} {'公顷' if lang == 'zh' else 'ha'}"
    return f"{area_km2:,.3f} {km2}"


def distance(metres: object, lang: str) -> str:
    """Tell a distance or accuracy.

    Examples
    --------
    >>> distance(800, "en"), distance(12500.0, "en")
    ('800 m', '12.5 km')
    """
    _, km, m, _ = _UNITS[lang]
    if not isinstance(metres, int | float):
        return "–"
    return f"{metres / 1000:,.1f} {km}" if metres >= _FAR_M else f"{metres:,.0f} {m}"
