"""Map sheets: what a reader finds on paper, read back from the PDF by a program of its own."""

from __future__ import annotations

import functools
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import pytest
import shapely
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from taixin import audit, cli, sheets
from taixin.sheets.names import wrap
from tests import paper, provide, samples
from tests.test_two_runs import ENVIRONMENTS, run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from taixin.sheets.names import Limits

if provide.find_chinese_font() is None:
    pytest.skip("no font for Chinese; `python -m tests` obtains one", allow_module_level=True)

SUBJECTS = ("taixin-2035/structure", "ecology", "taixin-2035/startup", "transport")
#: ISO 216, short side first.
SIZES = {"A4": (210, 297), "A3": (297, 420), "A2": (420, 594)}


@functools.cache
def drawn() -> tuple[tuple[paper.Page, ...], tuple[sheets.Sheet, ...]]:
    """Draw some sheets of the project's own plans, once for all tests."""
    library, facts, layers = samples.own()
    found = audit.audit(library, layers, facts)
    subjects = sheets.find_subjects(SUBJECTS, layers, library, found)
    world = sheets.World.of(library, facts, layers)
    pdf, made = sheets.draw_sheets(subjects, world, sheets.Look("A4"))
    return tuple(paper.pages(pdf)), tuple(made)


def sheet_of(number: int) -> tuple[paper.Page, sheets.Sheet]:
    pages, made = drawn()
    return pages[number], made[number]


every_sheet = pytest.mark.parametrize("number", range(len(SUBJECTS)), ids=SUBJECTS)


@every_sheet
def test_every_name_can_be_found_as_text(number: int) -> None:
    page, sheet = sheet_of(number)
    for layer in sheet.subject.layers:
        for feature in layer.features:
            name = "".join(str(feature.properties["name"]).split())
            is_written = feature.geometry is None or layer.recipe.kind not in {
                *("plan_scope", "county_involved", "stated_extent"),  # named by base map and legend
            }
            assert name in page.words or not is_written, name


@every_sheet
def test_no_name_lies_on_another_or_over_the_neat_line(number: int) -> None:
    _, sheet = sheet_of(number)
    frame = shapely.box(*sheet.view.box.limits)
    boxes = [[shapely.box(*limits) for limits in name.boxes] for name in sheet.names]
    assert len(boxes) > 10
    for one in boxes:
        assert all(frame.covers(box) for box in one)
    for one, other in combinations(boxes, 2):
        shared = shapely.area(
            shapely.intersection(shapely.union_all(one), shapely.union_all(other))
        )
        assert shared < 1e-9


def test_letters_stand_where_their_boxes_say() -> None:
    page, sheet = sheet_of(2)
    lines = 0
    for name in sheet.names:
        for line in name.lines:
            box = shapely.box(*grown(name.boxes[0], 0.2))
            found = [shapely.box(*limits) for limits in page.places(line)]
            assert any(box.covers(letters) for letters in found), line
            lines += 1
    assert lines > 20


def grown(limits: Limits, by: float) -> Limits:
    left, top, right, bottom = limits
    return left - by, top - by, right + by, bottom + by


def test_the_scale_bar_is_true_on_paper() -> None:
    page, sheet = sheet_of(2)
    layer = next(layer for layer in sheet.subject.layers if layer.recipe.id == "start-up-areas")
    places = [feature.geometry.centroid for feature in layer.located if feature.geometry]
    inside = shapely.box(*sheet.view.box.limits)
    sizes = Counter(round(path.right - path.left, 2) for path in page.paths
                    if path.fill == "#7a3b94")  # fmt: skip
    ((size, _),) = sizes.most_common(1)
    marks = [
        path.middle
        for path in page.paths
        if path.fill == "#7a3b94"
        and round(path.right - path.left, 2) == size
        and inside.contains(shapely.Point(path.middle[0], page.height - path.middle[1]))
    ]
    assert len(marks) == len(places) == 11
    (first, last), ground_km = farthest(places)
    on_paper = shapely.Point(marks[first]).distance(shapely.Point(marks[last]))

    told = re.search(r"\s0\s+[\d.]+\s+([\d.]+) km", page.text)
    assert told
    length_km, bar_mm = float(told[1]), bar_length(page)

    assert bar_mm / length_km == pytest.approx(on_paper / ground_km, rel=0.005)
    assert bar_mm / length_km == pytest.approx(1e6 / sheet.view.scale, rel=0.001)
    assert f"1:{sheet.view.scale:,}".replace(",", "") in page.words


def farthest(places: Sequence[shapely.Point]) -> tuple[tuple[int, int], float]:
    """Give the two places farthest apart, and their distance on the ellipsoid in kilometres."""
    geod = pyproj.Geod(ellps="GRS80")
    apart = {
        (i, j): geod.inv(a.x, a.y, b.x, b.y)[2] / 1000
        for (i, a), (j, b) in combinations(enumerate(places), 2)
    }
    pair = max(apart, key=lambda one: apart[one])
    return pair, apart[pair]


def bar_length(page: paper.Page) -> float:
    """Measure the row of four fields, dark and light in turn, that a scale bar is."""
    rows: dict[tuple[float, float], list[paper.Path]] = {}
    for path in page.paths:
        if path.fill in {"#2b2721", "#fbf7ec"}:
            size = (round(path.bottom, 1), round(path.right - path.left, 1))
            rows.setdefault(size, []).append(path)
    (fields,) = [row for row in rows.values() if len(row) == 4]
    assert sorted(path.fill or "" for path in fields) == ["#2b2721"] * 2 + ["#fbf7ec"] * 2
    return max(path.right for path in fields) - min(path.left for path in fields)


@every_sheet
def test_the_legend_has_every_kind_on_the_map_and_no_other(number: int) -> None:
    page, sheet = sheet_of(number)
    kinds = samples.own()[0].kinds
    ground = ground_of(sheet)
    shown = {
        layer.recipe.kind
        for layer in sheet.subject.layers
        for feature in layer.located
        if feature.geometry is not None and feature.geometry.intersects(ground)
    }
    assert shown
    for name, kind in kinds.items():
        label = kind.label.zh
        is_named = bool(page.places(label))
        if name in shown:
            assert is_named, label
            hues = {kind.symbol.fill if kind.symbol.fill_opacity != 0 else None, kind.symbol.stroke}
            hollow = {kind.symbol.fill} if kind.symbol.marker == "ring" else set()
            assert {hue for hue in hues - hollow if hue} <= page.colours
        elif name in {"airport", "urban_core", "metro_line", "data_centre"}:
            assert not is_named, label


def ground_of(sheet: sheets.Sheet) -> shapely.Geometry:
    """Give the ground inside the neat line, by a projection of the test's own."""
    view = sheet.view
    back = pyproj.Transformer.from_crs(view.target.code, "EPSG:4326", always_xy=True)
    east = view.west + view.box.w * view.scale / 1000
    south = view.north - view.box.h * view.scale / 1000
    corners = [(view.west, south), (east, south), (east, view.north), (view.west, view.north)]
    return shapely.Polygon([back.transform(*corner) for corner in corners])


@every_sheet
def test_a_sheet_says_what_has_to_be_said(number: int) -> None:
    page, sheet = sheet_of(number)
    for text in ("内部工作图未经审核", "EPSG:4547", "CGCS2000", "资料截至20", "不得用于用地审批",
                 "GS(2024)0650", "CCBY4.0", "规划文件：", "图例", "区位"):  # fmt: skip
        assert text in page.words
    for row in sheet.subject.rows:
        assert "".join(row.what.zh.split()) in page.words


def test_no_symbol_lies_under_the_scale_bar_or_the_arrow() -> None:
    for page, sheet in (sheet_of(number) for number in range(len(SUBJECTS))):
        (left, top, right, bottom) = page.places("比例尺 1:")[0]
        panel = shapely.box(left, top, right, bottom + 5)
        for layer in sheet.scene.layers:
            for item in () if layer.is_base else layer.items:
                if item.shape.geom_type == "Point":
                    assert not panel.intersects(item.shape)


@pytest.mark.parametrize(
    ("size", "turn"), [("A4", "landscape"), ("A3", "portrait"), ("A2", "landscape")]
)
def test_the_page_has_the_size_of_the_paper(
    size: str, turn: str, small: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "sheet.pdf"

    assert command("nature", "--out", out, "--size", size, f"--{turn}", small=small) == 0

    (page,) = paper.pages(out.read_bytes())
    short, long = SIZES[size]
    wanted = (long, short) if turn == "landscape" else (short, long)
    assert (page.width, page.height) == pytest.approx(wanted, abs=0.01)
    assert "两湖规划" in page.words
    assert "森林园（西县）" in page.words  # it has no position, and is told


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Write a small world: its facts and its plans."""
    folder = tmp_path_factory.mktemp("small")
    return samples.write_geo(folder / "geo"), samples.write_plans(folder / "layers")


def command(*arguments: str | Path, small: tuple[Path, Path]) -> int:
    """Run ``taixin sheet`` in this process and give its exit code."""
    geo, plans = small
    words = ["sheet", *map(str, arguments), "--geo", str(geo), "--plans", str(plans)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["taixin", *words])
        try:
            cli.main()
        except SystemExit as stop:
            return int(stop.code or 0)
    return 0


def test_the_book_has_cover_index_and_bookmarks(small: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "book.pdf"

    assert command("--all", "--out", out, "--paper", "A4", small=small) == 0

    cover, index, *others = paper.pages(out.read_bytes())
    assert "两湖规划" in cover.words
    outline = paper.bookmarks(out.read_bytes())
    titles = [title for level, title, _ in outline if level == 1]
    assert titles == ["空间格局", "生态格局", "两区一轴", "一带两园"]
    assert len(others) == len(titles)
    assert [page for level, _, page in outline if level == 1] == [2, 3, 4, 5]
    for title in titles:
        assert title in index.words


def test_a_picture_shows_the_same_sheet(small: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "sheets"

    assert command("--out", out, "--format", "png", "--dpi", "100", small=small) == 0

    assert {path.name for path in out.iterdir()} == {
        "lake-2030-structure.png",
        "lake-2030-nature.png",
    }
    with Image.open(out / "lake-2030-structure.png") as picture:
        assert sorted(picture.size) == pytest.approx([297 / 25.4 * 100, 420 / 25.4 * 100], abs=1.5)
        pixels = np.asarray(picture.convert("RGB"), dtype=int)
    ochre = (0xF6, 0xE6, 0xC6)  # of the clusters, at 40 % over the land
    assert (np.abs(pixels - ochre).max(axis=2) < 3).mean() > 0.1


def test_a_reviewed_map_has_its_number_and_no_watermark(
    small: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "sheet.pdf"

    command("structure", "--out", out, "--review", "晋S(2026)001号", "--lang", "en", small=small)

    (page,) = paper.pages(out.read_bytes())
    assert "Mapreviewnumber:晋S(2026)001号" in page.words
    assert "NOTREVIEWED" not in page.words
    assert "Spacestructure" in page.words
    assert "Westpart" in page.words


def test_two_runs_write_the_same_bytes(small: tuple[Path, Path], tmp_path: Path) -> None:
    geo, plans = small
    made = []
    for number, environment in enumerate(ENVIRONMENTS):
        out = tmp_path / f"{number}.pdf"
        words = ("sheet", "ecology", "--out", out, "--geo", geo, "--plans", plans)
        result = run(*words, cwd=tmp_path, environment=environment)
        assert (result.returncode, result.stderr) == (0, b"")
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    geo, plans = samples.write_geo(tmp_path / "geo"), samples.write_plans(tmp_path / "layers")
    nasty = r"(x) Tj ET </text>{{7*7}}${1}\) <script>"
    text = (plans / "lake-2030" / "nature.toml").read_text(encoding="utf-8")
    text = text.replace('zh = "湖滨园"', f"zh = {json.dumps(nasty)}")
    text = text.replace('zh = "森林园"', 'zh = "森林\\u202e园\\u0007"')
    (plans / "lake-2030" / "nature.toml").write_text(text, encoding="utf-8")
    out = tmp_path / "sheet.pdf"

    assert command("lake-2030/nature", "--out", out, small=(geo, plans)) == 0

    (page,) = paper.pages(out.read_bytes())
    assert "".join(nasty.split()) in page.words
    assert "森林园" in page.words


REFUSALS = {
    "an unknown system": (("structur", "--out", "x.pdf"), "structur: .*did you mean 'structure'"),
    "an unknown plan": (("--plan", "lake-2031", "--out", "x.pdf"), "did you mean 'lake-2030'"),
    "several in one picture": (("--out", "x.png"), "a picture holds one sheet; name a folder"),
    "another format": (("--out", "x.svg"), r"x.svg: sheets are written as .pdf or .png"),
    "two formats": (("nature", "--out", "x.pdf", "--format", "png"), "does not fit --format png"),
    "no such font": (("nature", "--out", "x.pdf", "--font", "none.ttf"), "the file cannot be read"),
    "no font": (
        ("nature", "--out", "x.pdf", "--font", "no.ttf"),
        "no.ttf: the font cannot be read",
    ),
    "a Latin font": (("nature", "--out", "x.pdf", "--font", "latin.ttf"), r"has no .*\(U\+"),
    "no scale": (("nature", "--out", "x.pdf", "--scale", "5"), "5 is not in the range"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_bad_input_is_told_in_a_sentence_and_nothing_is_written(
    case: str,
    small: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments, sentence = REFUSALS[case]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.pdf").write_bytes(b"before")
    (tmp_path / "no.ttf").write_bytes(b"no font at all")
    (tmp_path / "latin.ttf").write_bytes(latin_font(tmp_path))
    before = {path.name for path in tmp_path.iterdir()}

    code = command(*arguments, small=small)

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    assert re.search(sentence, said.err), said.err
    assert "Traceback" not in said.err
    assert (tmp_path / "x.pdf").read_bytes() == b"before"
    assert {path.name for path in tmp_path.iterdir()} == before


def latin_font(folder: Path) -> bytes:
    """Make a font that has nothing but the letter A."""
    pen = TTGlyphPen(None)
    for point in ((0, 0), (500, 0), (250, 700)):
        (pen.lineTo if point[0] else pen.moveTo)(point)
    pen.closePath()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({ord("A"): "A"})
    builder.setupGlyf({".notdef": pen.glyph(), "A": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (600, 0), "A": (600, 0)})
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "Latin", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path = folder / "made.ttf"
    builder.save(path)
    content = path.read_bytes()
    path.unlink()
    return content


def test_the_themes_are_those_of_the_page() -> None:
    script = (samples.REPO / "src/taixin/viewer/src/themes.js").read_text(encoding="utf-8")
    block = script.partition("export const THEMES = ")[2].partition("\n];")[0] + "]"
    block = re.sub(r"^\s*(\w+):", r'"\1":', block, flags=re.MULTILINE)
    block = re.sub(r"(?<=[{,] )(zh|en):", r'"\1":', block)
    page = json.loads(re.sub(r",(?=\s*[\]}])", "", block))
    own = tomllib.loads((samples.REPO / "src/taixin/templates/themes.toml").read_text("utf-8"))

    assert [theme["id"] for theme in page] == list(own)
    for theme in page:
        assert {key: value for key, value in theme.items() if key != "id"} == own[theme["id"]]


def test_the_help_needs_no_drawing_library(tmp_path: Path) -> None:
    heavy = "{'fpdf', 'fontTools', 'pypdfium2'}"
    check = f"import sys, taixin.cli; print(sorted({heavy} & set(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", check], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


def test_names_are_broken_after_a_dash_or_in_the_middle() -> None:
    assert wrap("繁峙-代县-五台组团", 9) == ["繁峙-代县-", "五台组团"]
    assert wrap("五台山", 9) == ["五台山"]
    assert wrap("1 国道108阳曲段改造", 9) == ["1 国道108", "阳曲段改造"]
