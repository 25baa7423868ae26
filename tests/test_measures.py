"""Expressions of the audit: what may be written, what it means, and what is refused."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely

from taixin.build import build_layers
from taixin.facts import load_facts
from taixin.measures import ExpressionError, Measures, evaluate
from taixin.plans import load_library

ALBERS = "+proj=aea +lat_1=35 +lat_2=40 +lon_0=112.5 +ellps=GRS80 +units=m"


@pytest.fixture(scope="module")
def measures() -> Measures:
    facts = load_facts()
    return Measures(build_layers(load_library(), facts, ["taixin-2035"]), facts)


def test_an_area_agrees_with_an_equal_area_projection(measures: Measures) -> None:
    counties = [fact.geometry for fact in load_facts().counties.facts]
    albers = pyproj.Transformer.from_crs("EPSG:4326", ALBERS, always_xy=True)
    plane = shapely.transform(
        counties, lambda xy: np.column_stack(albers.transform(xy[:, 0], xy[:, 1]))
    )
    expected = float(shapely.area(plane).sum()) / 1e6

    assert expected == pytest.approx(evaluate("province_km2()", measures), rel=1e-4)


def test_arithmetic_is_worked_out_in_the_usual_order(measures: Measures) -> None:
    assert evaluate("18.35 + 71.65 * 2 / 4 - -1", measures) == pytest.approx(55.175)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("count('taixin-2035/clusters')", 4),
        ("members('taixin-2035/clusters')", 12),
        ("units('taixin-2035/scope')", 12),
        ("hosts('taixin-2035/start-up-areas')", 9),
        ("total('startup_no', 'taixin-2035/start-up-areas')", 66),
        ("count_with('startup_no', 'taixin-2035/start-up-areas')", 11),
        ("figure('taixin-2035/scope/taixin', 'area_10k_km2')", 1.68),
        ("inside('taixin-2035/halves/taiyuan', 'taixin-2035/scope')", 1),
        ("inside('taixin-2035/scope', 'taixin-2035/halves/taiyuan')", 0),
    ],
)
def test_a_word_measures_what_it_says(measures: Measures, expression: str, expected: float) -> None:
    assert evaluate(expression, measures) == pytest.approx(expected)


def test_parts_that_miss_a_piece_leave_a_gap_of_its_size(measures: Measures) -> None:
    half = evaluate("area_km2('taixin-2035/halves/taiyuan')", measures)
    gap = evaluate("gap_m2('taixin-2035/halves/xinzhou', 'taixin-2035/scope')", measures)

    assert half == pytest.approx(gap / 1e6, rel=1e-3)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("__import__('os')", "'__import__' is unknown"),
        ("count.__class__", "may not stand"),
        ("(lambda: 1)()", "may not stand"),
        ("[1][0]", "may not stand"),
        ("2 ** 9", "may not stand"),
        ("1 / 0", "division by zero"),
        ("count(", "is no expression"),
        ("'text'", "is a text"),
        ("count('a') + 'b'", "there is no 'a'"),
        ("cuont('taixin-2035/axes')", "did you mean 'count'"),
        ("count('taixin-2035/axis')", "did you mean 'taixin-2035/axes'"),
        ("area_km2('taixin-2035/core-area')", "is located"),
        ("figure('taixin-2035/axes/g108', 'area_km2')", "states no number"),
        ("figure('taixin-2035/axes/g108')", "wrong arguments"),
    ],
)
def test_what_may_not_be_written_is_refused_in_a_sentence(
    measures: Measures, expression: str, message: str
) -> None:
    with pytest.raises(ExpressionError, match=message.replace("(", r"\(")):
        evaluate(expression, measures)
