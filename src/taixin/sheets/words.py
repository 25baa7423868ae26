"""The words of a sheet in both languages."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

__all__ = ["error_words", "say"]

_WORDS: Final = MappingProxyType({
    "accuracy": (
        "精度：本图按规划文本示意生成；虚线表示走向不确定，圆圈表示位置误差范围。{worst}不得用于用地审批。",
        ("Accuracy: drawn from plan texts; dashes mark uncertain courses, circles the error of "
         "positions. {worst}Not for land approval."),
    ),
    "accuracy_worst": (
        "图上要素误差 {best}–{worst}。", "Features here may be off by {best} to {worst}. "
    ),
    "book": ("图件 {n} 幅", "{n} sheets"),
    "caption": ("概要", "Summary"),
    "contents": ("目录", "Contents"),
    "crs": (
        ("坐标系：CGCS2000 / 3° 带高斯-克吕格投影，中央经线 {cm}°E（{code}）；方里网单位 km；"
         "比例尺 1:{scale}（{paper} 按实际大小打印时成立）。"),
        ("Coordinates: CGCS2000 / 3° Gauss-Kruger, central meridian {cm}°E ({code}); grid in km; "
         "scale 1:{scale} when printed at actual size on {paper}."),
    ),
    "date": ("资料截至", "Documents up to"),
    "documents": ("规划文件：", "Documents: "),
    "figures": ("关键指标", "Key figures"),
    "inset": ("区位", "Location"),
    "legend": ("图例", "Legend"),
    "more": ("……另有 {n} 项，见图集页面", "… and {n} more, see the atlas page"),
    "north": ("北", "N"),
    "plan": ("规划", "Plan"),
    "projection": ("坐标系", "Coordinates"),
    "reviewed": ("审图号：{number}", "Map review number: {number}"),
    "scale": ("比例尺", "Scale"),
    "sheet": ("图号", "Sheet"),
    "sources": ("数据来源及许可：", "Sources and licences: "),
    "state": ("审核状态", "Map review"),
    "themes": ("专题", "Themes"),
    "title": ("图名", "Title"),
    "uncertain_line": ("虚线：走向为示意", "Dashed: schematic course"),
    "uncertain_point": ("圆圈：位置误差范围", "Circle: error of the position"),
    "shown": ("图上要素及位置误差", "Features on the map and their position error"),
    "unlocated": ("文件未给出位置（{n} 项，未上图）", "Not located by documents ({n}, not drawn)"),
    "unwritten": ("已上图、图面未注名（{n} 项）", "Drawn without a name, for want of room ({n})"),
    "watermark": ("内部工作图  未经审核", "INTERNAL  NOT REVIEWED"),
    "within": ("（{host}）", " ({host})"),
})  # fmt: skip


def say(key: str, lang: str) -> str:
    """Give a text of the sheet; its gaps are filled with `str.format`.

    Examples
    --------
    >>> say("more", "en").format(n=3)
    '… and 3 more, see the atlas page'
    """
    return _WORDS[key][lang == "en"]


def error_words(metres: float) -> str:
    """Tell an error with no more digits than it has.

    Examples
    --------
    >>> error_words(8609), error_words(800)
    ('8.6 km', '800 m')
    """
    kilometre = 1000
    return f"{metres / kilometre:.2g} km" if metres >= kilometre else f"{metres:g} m"
