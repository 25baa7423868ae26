"""Surveys: existing data packed in chunks of rows and columns, and what is refused."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import shape

import taixin
from taixin import surveys
from taixin.atlas import Atlas
from taixin.errors import InputError
from taixin.facts import load_facts
from tests import samples
from tests.unpacking import Chunk, read_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TITLE = {"zh": "地类图斑", "en": "Land parcels"}
SOURCE = {"attribution": "国土调查 Land survey", "licence": "CC-BY-4.0"}
USES = ["水田", "林地", None, "水田", "旱地", "林地"]
TOML = """\
[[survey]]
id = "parcels"
title = { zh = "地类图斑", en = "Land parcels" }
file = "parcels.gpkg"
source = "survey"
accuracy_m = 2
name = "code"
fill = "use"
colours = { "林地" = "#228833" }
"""


def fields() -> geopandas.GeoDataFrame:
    """Give six fields in two rows, with what people say of them."""
    spots = [(112 + i / 10, 38 + j / 10) for j in range(2) for i in range(3)]
    squares = [shapely.box(x, y, x + 0.1, y + 0.1) for x, y in spots]
    boxes = shapely.transform(squares, lambda corners: np.round(corners, 1))
    columns = {
        "code": [f"P{number}" for number in range(6)],
        "use": USES,
        "area": [1.5, 2.0, None, 3.25, 1e20, 4.0],
        "count": [1, 2, 3, 4, 5, 6],
    }
    return geopandas.GeoDataFrame(columns, geometry=boxes, crs="EPSG:4490")


def survey(data: Any, **options: Any) -> taixin.Survey:  # noqa: ANN401 - as wide as Survey itself
    given: dict[str, Any] = {"title": TITLE, "source": SOURCE, "accuracy_m": 2} | options
    return taixin.Survey(data, **given)


def chunks(made: taixin.Survey) -> list[Chunk]:
    return [read_chunk(gzip.decompress(chunk)) for chunk in made.packed.chunks]


def rows(made: taixin.Survey) -> Iterator[tuple[str, dict[str, str | None], Any]]:
    """Give each row of a survey: the value it is coloured by, its cells, its shape."""
    for chunk in chunks(made):
        number = 0
        for described in chunk.pack.header["sets"]:
            for geometry in chunk.pack.geometries(described["id"]):
                cells = {name: column[number] for name, column in chunk.columns.items()}
                yield described["id"], cells, geometry and shape(geometry)
                number += 1


# ---- rows and columns ---------------------------------------------------------------------------


def test_every_row_comes_back_with_its_shape_and_its_text() -> None:
    frame = fields()
    made = {cells["code"]: (value, cells, geometry) for value, cells, geometry in
            rows(survey(frame, fill="use", name="code"))}  # fmt: skip

    assert len(made) == 6
    for i, (code, use) in enumerate(zip(frame["code"], USES, strict=True)):
        value, cells, geometry = made[code]
        assert value == (use or "")
        assert cells["use"] == use
        assert geometry.equals(frame.geometry[i])
    areas = [made[code][1]["area"] for code in frame["code"]]
    assert areas == ["1.5", "2", None, "3.25", "1e+20", "4"]
    assert made["P4"][1]["count"] == "5"


def test_borders_of_parcels_are_stored_once() -> None:
    (chunk,) = chunks(survey(fields(), fill="use"))

    edges = sum(float(shapely.length(shapely.LineString(arc))) for arc in chunk.pack.arcs)
    assert edges / chunk.pack.scale == pytest.approx(
        shapely.union_all(fields().boundary).length, rel=1e-9
    )


def test_a_survey_says_what_it_is() -> None:
    about = survey(fields(), fill="use", name="code", columns=("use",), id="parcels").packed.about

    assert (about["features"], about["vertices"], about["type"]) == (6, 30, "polygon")
    assert about["columns"] == ["code", "use"]
    assert about["bbox"] == [112.0, 38.0, 112.3, 38.2]
    assert {item["value"]: item["features"] for item in about["sets"]} == {
        "": 1, "旱地": 1, "林地": 2, "水田": 2,
    }  # fmt: skip
    colours = [item["symbol"]["fill"] for item in about["sets"]]
    assert len(set(colours)) == 4
    assert about["source"]["licence"] == "CC-BY-4.0"


def test_other_coordinate_systems_become_degrees() -> None:
    projected = fields().to_crs("EPSG:4547")

    for (_, _, one), (_, _, other) in zip(
        rows(survey(projected)), rows(survey(fields())), strict=True
    ):
        assert shapely.hausdorff_distance(one, other) < 2e-6


def test_rough_data_is_kept_to_a_metre_and_fine_data_to_a_decimetre() -> None:
    point = geopandas.GeoDataFrame(geometry=[shapely.Point(112.1234567, 38.1)], crs="EPSG:4326")
    found = [next(rows(survey(point, accuracy_m=accuracy)))[2].x for accuracy in (1, 4.9, 5, 1000)]

    assert found == [112.123457, 112.123457, 112.12346, 112.12346]


def test_many_rows_go_into_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surveys, "_ROWS", 4)
    made = survey(fields(), fill="use", name="code")

    assert [sum(item["count"] for item in chunk.pack.header["sets"]) for chunk in chunks(made)] == [
        4,
        2,
    ]
    assert sorted(cells["code"] or "" for _, cells, _ in rows(made)) == list(fields()["code"])
    assert made.packed.about["chunks"] == 2


def test_two_packings_are_the_same() -> None:
    assert survey(fields(), fill="use").packed == survey(fields(), fill="use").packed


def test_a_survey_is_drawn_as_a_kind() -> None:
    made = survey(fields(), kind="settlement_cluster").packed

    [only] = made.about["sets"]
    kind = samples.own()[0].kinds["settlement_cluster"]
    assert only["symbol"] == kind.symbol.model_dump(mode="json", exclude_none=True)


# ---- what is refused ----------------------------------------------------------------------------


def nowhere() -> geopandas.GeoDataFrame:
    """Give the fields without a word on their coordinate system."""
    return geopandas.GeoDataFrame(
        fields().drop(columns="geometry"), geometry=list(fields().geometry)
    )


@pytest.mark.parametrize(
    ("data", "options", "message"),
    [
        (nowhere(), {}, "in which system.*set_crs"),
        (fields().iloc[:0], {}, "no feature with a geometry"),
        (fields(), {"name": "cod"}, "no column 'cod'; did you mean 'code'"),
        (fields(), {"columns": ("code", "owner")}, "no column 'owner'"),
        (fields(), {"fill": "uses"}, "no column 'uses'; did you mean 'use'"),
        (fields(), {"kind": "settlement_clusters"}, "unknown; did you mean 'settlement_cluster'"),
        (fields(), {"kind": "development_axis"}, "is a line, but the survey has polygons"),
        (fields(), {"kind": "development_axis", "fill": "use"}, "kind and fill are both given"),
        (fields(), {"accuracy_m": 0}, "accuracy_m"),
        (fields(), {"source": {"attribution": "somebody"}}, "licence' is missing"),
        (fields(), {"title": {"zh": "图斑"}}, "en' is missing"),
    ],
)
def test_what_cannot_be_used_is_told(
    data: geopandas.GeoDataFrame, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        survey(data, **options)


def test_a_mixture_of_points_and_areas_is_refused() -> None:
    shapes = [*fields().geometry[:5], shapely.Point(112, 38)]
    mixed = fields().set_geometry(shapes, crs="EPSG:4490")

    with pytest.raises(InputError, match=r"points, lines and areas are mixed.*survey of its own"):
        survey(mixed)


def test_a_column_with_too_many_values_is_refused_for_colours() -> None:
    many = geopandas.GeoDataFrame(
        {"number": [str(i) for i in range(25)]},
        geometry=[shapely.Point(112 + i / 100, 38) for i in range(25)],
        crs="EPSG:4326",
    )

    assert len(survey(many.iloc[:24], fill="number").packed.about["sets"]) == 24
    with pytest.raises(InputError, match="'number' has more than 24 values; fill by a column"):
        survey(many, fill="number")


@pytest.mark.parametrize("unit", ["features", "vertices", "bytes"])
def test_what_is_too_large_for_a_page_is_sent_to_tiles(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(surveys._MOST, unit, 4)

    with pytest.raises(InputError, match=f"more than 4 {unit}.*taixin tiles .* --out .*pmtiles"):
        survey(fields())


def test_surveys_that_are_too_large_together_are_sent_to_tiles(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = [survey(fields(), id=name).packed for name in ("one", "two")]
    surveys.check_page(both)
    monkeypatch.setitem(surveys._MOST, "features", 11)

    with pytest.raises(InputError, match="11 features, and these 12; make tiles"):
        surveys.check_page(both)
    library, facts, layers = samples.own()
    with pytest.raises(InputError, match="one: 2 surveys have this id"):
        Atlas(layers[:1], library, facts, surveys=[both[0], both[0]])


# ---- declared in a file -------------------------------------------------------------------------


@pytest.fixture
def geo(tmp_path: Path) -> Path:
    """Write the facts of the small world with a survey among them."""
    folder = samples.write_geo(tmp_path / "geo")
    fields().to_file(folder / "parcels.gpkg")
    (folder / "surveys.toml").write_text(TOML, encoding="utf-8")
    return folder


def read(geo: Path) -> tuple[surveys.PackedSurvey, ...]:
    return surveys.read_surveys(geo, load_facts(geo), samples.own()[0].kinds)


def test_a_survey_is_declared_without_python(geo: Path) -> None:
    [made] = read(geo)
    (chunk,) = (read_chunk(gzip.decompress(chunk)) for chunk in made.chunks)

    assert made.about["source"]["attribution"] == "Survey office, CC BY 4.0"
    assert made.about["name"] == "code"
    colours = {item["value"]: item["symbol"]["fill"] for item in made.about["sets"]}
    assert colours["林地"] == "#228833"
    assert sorted(value or "" for value in chunk.columns["code"]) == list(fields()["code"])
    assert sorted(value or "" for value in chunk.columns["use"]) == sorted(u or "" for u in USES)


def test_without_the_file_there_are_no_surveys(geo: Path) -> None:
    (geo / "surveys.toml").unlink()

    assert read(geo) == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("accuracy_m = 2", "acuracy_m = 2", r"survey.parcels.acuracy_m: .*did you mean 'accuracy"),
        ('source = "survey"', 'source = "surveys"', "'surveys' is not in sources.toml; did you me"),
        ('source = "survey"\n', "", "survey.parcels.source: the key 'source' is missing"),
        ("parcels.gpkg", "parcel.gpkg", "survey.parcels.file: there is no file 'parcel.gpkg'"),
        ('fill = "use"', 'kind = "settlment_cluster"', "colours are given without fill"),
        ("[[survey]]", "[[surveys]]", r"surveys: the key is unknown; write \[\[survey\]\]"),
        ("#228833", "green", "survey.parcels.colours.林地"),
    ],
)
def test_a_wrong_declaration_is_told_with_its_place(
    old: str, new: str, message: str, geo: Path
) -> None:
    samples.edit(geo / "surveys.toml", old, new)

    with pytest.raises(InputError, match=message):
        read(geo)


def test_a_large_survey_takes_as_many_chunks_as_it_needs() -> None:
    count = 30_000
    x = 112 + np.arange(count) / 1e5
    many = geopandas.GeoDataFrame(
        {"id": np.arange(count)}, geometry=shapely.points(x, 38), crs="EPSG:4326"
    )
    made = survey(many)

    assert made.packed.about["features"] == count
    assert json.dumps(made.packed.about)
    assert [cells["id"] for _, cells, _ in rows(made)] == list(map(str, range(count)))
