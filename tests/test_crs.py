"""Areas, lengths and planes, against closed forms and an equal-area projection made here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pyproj
import pytest
import shapely

from taixin import crs

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

#: GRS 80, the ellipsoid of CGCS2000.
A_M: Final = 6_378_137.0
F: Final = 1 / 298.257222101
E: Final = math.sqrt(F * (2 - F))
ALBERS: Final = pyproj.Transformer.from_crs(
    "EPSG:4490",
    "+proj=aea +lat_1=36 +lat_2=40 +lat_0=0 +lon_0=112.5 +ellps=GRS80 +units=m",
    always_xy=True,
)
GEOD: Final = pyproj.Geod(ellps="GRS80")

L_SHAPE: Final = shapely.Polygon([(112, 38), (113, 38), (113, 38.3), (112.4, 38.3), (112.4, 39)])
HOLED: Final = shapely.box(112, 38, 113, 39).difference(shapely.box(112.2, 38.2, 112.5, 38.6))
SHAPES: Final[dict[str, BaseGeometry]] = {
    "a parcel of a hectare": shapely.box(112.7, 38.2, 112.70114, 38.2009),
    "an L": L_SHAPE,
    "a square with a hole": HOLED,
    "two parts": shapely.MultiPolygon([shapely.box(110, 35, 110.5, 36), L_SHAPE]),
    "a province": shapely.box(110.2, 34.6, 114.6, 40.7),
}


def equal_area_km2(geometry: BaseGeometry) -> float:
    """Measure in an Albers equal-area plane, after putting points on the edges."""
    projected = shapely.transform(geometry, lambda xy: np.column_stack(ALBERS.transform(*xy.T)))
    return float(shapely.area(projected)) / 1e6


def band_km2(south: float, north: float, width: float) -> float:
    """Give the closed form of the area between two parallels and two meridians, in degrees."""

    def authalic(lat: float) -> float:
        sine = math.sin(math.radians(lat))
        return sine / (1 - (E * sine) ** 2) + math.atanh(E * sine) / E

    b_km = A_M * (1 - F) / 1e3
    return b_km**2 / 2 * math.radians(width) * (authalic(north) - authalic(south))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_area_agrees_with_an_equal_area_plane(shape: BaseGeometry) -> None:
    dense = shapely.segmentize(shape, 0.005)

    assert crs.geodesic_area_km2(dense) == pytest.approx(equal_area_km2(dense), rel=1e-6)


@pytest.mark.parametrize(("south", "north"), [(38, 39), (34.5, 41), (0, 1), (89, 90)])
def test_area_between_parallels_agrees_with_the_closed_form(south: float, north: float) -> None:
    dense = shapely.segmentize(shapely.box(112, south, 113, north), 0.001)

    assert crs.geodesic_area_km2(dense) == pytest.approx(band_km2(south, north, 1), rel=1e-6)


def test_area_takes_off_a_hole_whichever_way_its_ring_runs() -> None:
    whole, hole = shapely.box(112, 38, 113, 39), shapely.box(112.2, 38.2, 112.5, 38.6)
    expected = crs.geodesic_area_km2(whole) - crs.geodesic_area_km2(hole)

    for ring in (hole.exterior, hole.exterior.reverse()):
        for shell in (whole.exterior, whole.exterior.reverse()):
            holed = shapely.Polygon(shell, [ring])
            assert expected == pytest.approx(crs.geodesic_area_km2(holed), rel=1e-9)


def test_area_of_parts_is_the_sum_whichever_way_each_runs() -> None:
    west, east = shapely.box(111, 38, 112, 39), shapely.box(113, 38, 114, 39)
    expected = crs.geodesic_area_km2(west) + crs.geodesic_area_km2(east)

    assert expected == pytest.approx(
        crs.geodesic_area_km2(shapely.MultiPolygon([west, east.reverse()])), rel=1e-12
    )


@pytest.mark.parametrize(
    "shape",
    [shapely.Point(112, 38), shapely.LineString([(112, 38), (113, 39), (113, 38)])],
    ids=["point", "line"],
)
def test_points_and_lines_have_no_area(shape: BaseGeometry) -> None:
    assert crs.geodesic_area_km2(shape) == 0


@pytest.mark.parametrize(
    ("ends", "length_km"),
    [
        pytest.param([(112, 0), (112, 90)], 10_001.965_729_3, id="a quarter of the meridian"),
        pytest.param([(112, 0), (113, 0)], math.radians(1) * A_M / 1e3, id="a degree of equator"),
    ],
)
def test_length_agrees_with_the_closed_form(
    ends: list[tuple[float, float]], length_km: float
) -> None:
    assert length_km == pytest.approx(crs.geodesic_length_km(shapely.LineString(ends)), abs=1e-6)


def test_length_of_parts_is_the_sum_and_a_gap_does_not_count() -> None:
    first, second = [(112, 38), (112.5, 38)], [(113, 38), (113.5, 38.2)]
    expected = sum(GEOD.inv(*here, *there)[2] for here, there in (first, second)) / 1e3

    assert expected == pytest.approx(
        crs.geodesic_length_km(shapely.MultiLineString([first, second])), rel=1e-12
    )


@pytest.mark.parametrize("azimuth", range(0, 360, 45))
@pytest.mark.parametrize(("lon", "lat"), [(112.7, 38.2), (110.3, 34.6), (114.5, 40.7)])
def test_a_metre_in_the_plane_is_a_metre_on_the_ground(
    lon: float, lat: float, azimuth: int
) -> None:
    centre = shapely.Point(lon, lat)
    far_lon, far_lat, _ = GEOD.fwd(lon, lat, azimuth, 40_000)
    plane = crs.plane_at(centre)
    here = crs.to_plane(centre, plane)

    assert here.distance(crs.to_plane(shapely.Point(far_lon, far_lat), plane)) == pytest.approx(
        40_000, rel=2e-5
    )


def test_the_plane_lies_in_the_middle_and_x_points_east() -> None:
    extent = shapely.box(112, 38, 113, 39)
    plane = crs.plane_at(extent)
    middle, east, north = (
        shapely.get_coordinates(crs.to_plane(shapely.Point(point), plane))[0]
        for point in [(112.5, 38.5), (112.6, 38.5), (112.5, 38.6)]
    )

    assert middle == pytest.approx([0, 0], abs=1e-6)
    assert east[0] == pytest.approx(8_724, abs=5)
    assert north[1] == pytest.approx(11_101, abs=5)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_to_the_plane_and_back_is_the_same_geometry(shape: BaseGeometry) -> None:
    before = shapely.to_wkb(shape)
    plane = crs.plane_at(shape)
    there = crs.to_plane(shape, plane)

    assert crs.from_plane(there, plane).equals_exact(shape, 1e-9)
    assert shapely.to_wkb(shape) == before
    assert not there.equals_exact(shape, 1)
