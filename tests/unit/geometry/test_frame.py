"""Plans are laid over buildings, and buildings over the globe, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.errors import InvalidInput
from wlantrack.geometry.frame import (
    Affine,
    BuildingFrame,
    fit_building_frame,
    fit_control_points,
    scale_by_drawing,
    scale_by_known_width,
    scale_by_metres_per_pixel,
    scale_by_two_points,
)

SIZE_PX = (1000.0, 800.0)
MARKTPLATZ_LON_LAT = (9.1786, 48.7754)
# Krueger's series to the fourth order on GRS80, computed apart from PROJ.
MARKTPLATZ_EASTING_NORTHING = (513121.8885, 5402503.9359)


def test_an_affine_maps_a_point_by_its_six_numbers() -> None:
    assert Affine(2, 0, 1, 0, 3, -1).apply([(10.0, 10.0)]).tolist() == [[21.0, 29.0]]


def test_an_affine_maps_arrays_of_any_leading_shape() -> None:
    assert Affine(1, 0, 5, 0, 1, 0).apply(np.zeros((4, 3, 2))).shape == (4, 3, 2)


def test_composing_applies_the_inner_map_first() -> None:
    shift, double = Affine(1, 0, 5, 0, 1, 0), Affine(2, 0, 0, 0, 2, 0)
    assert double.compose(shift).apply((1.0, 1.0)).tolist() == [12.0, 2.0]


def test_scale_and_rotation_are_read_off_a_similarity() -> None:
    turned = Affine(0.0, -0.05, 0.0, 0.05, 0.0, 0.0)
    assert turned.scale == pytest.approx(0.05)
    assert turned.rotation_deg == pytest.approx(90.0)


@given(st.floats(0.001, 10), st.floats(-180, 180), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_inverse_leads_back(scale: float, angle_deg: float, c: float, f: float) -> None:
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
    there = Affine(scale * cos, scale * sin, c, scale * sin, -scale * cos, f)
    back = there.inverse().compose(there).apply((123.0, 456.0))
    assert back == pytest.approx((123.0, 456.0), abs=1e-4)


@pytest.mark.parametrize("numbers", [(0, 0, 1, 0, 0, 1), (1, 2, 0, 2, 4, 0), (math.nan,) * 6])
def test_a_map_that_cannot_be_undone_is_refused(numbers: tuple[float, ...]) -> None:
    with pytest.raises(InvalidInput, match="cannot be undone"):
        Affine(*numbers)


def test_the_bottom_left_corner_of_the_plan_is_the_origin_and_y_points_up() -> None:
    frame = scale_by_metres_per_pixel(0.05, SIZE_PX)
    corners = frame.apply([(0.0, 800.0), (1000.0, 800.0), (0.0, 0.0)])
    assert corners == pytest.approx(np.array([(0.0, 0.0), (50.0, 0.0), (0.0, 40.0)]))


def test_two_points_ten_metres_apart_set_the_scale() -> None:
    frame = scale_by_two_points([(100, 100), (400, 500)], 10.0, SIZE_PX)
    assert frame.scale == pytest.approx(0.02)


def test_a_known_width_sets_the_scale() -> None:
    assert scale_by_known_width(60.0, SIZE_PX).scale == pytest.approx(0.06)


def test_a_drawing_of_one_to_a_hundred_at_254_pixels_per_inch_has_a_centimetre_a_pixel() -> None:
    assert scale_by_drawing(100.0, 254.0, SIZE_PX).scale == pytest.approx(0.01)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_scale_that_is_no_positive_number_is_refused_with_its_field(value: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        scale_by_metres_per_pixel(value, SIZE_PX)
    problem = refused.value.problems[0]
    assert problem.field == "metres_per_pixel"
    assert problem.value == str(value)
    assert problem.remedy is not None


def test_a_distance_of_zero_metres_is_refused() -> None:
    with pytest.raises(InvalidInput, match="distance_m"):
        scale_by_two_points([(0, 0), (10, 0)], 0.0, SIZE_PX)


@pytest.mark.parametrize("second", [(10.0, 10.0), (10.4, 10.0)])
def test_coincident_points_set_no_scale(second: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput, match="Points 1 and 2 coincide"):
        scale_by_two_points([(10, 10), second], 5.0, SIZE_PX)


def test_a_point_off_the_plan_is_named() -> None:
    with pytest.raises(InvalidInput, match="Point 2 lies off the plan") as refused:
        scale_by_two_points([(10, 10), (1001, 10)], 5.0, SIZE_PX)
    assert refused.value.problems[0].value == "(1001.0, 10.0)"


def test_three_points_set_no_single_scale() -> None:
    with pytest.raises(InvalidInput, match="exactly two"):
        scale_by_two_points([(1, 1), (10, 1), (1, 10)], 5.0, SIZE_PX)


@pytest.mark.parametrize("points", [[(math.nan, 1), (2, 2)], ["a", "b"], [(1, 2, 3)] * 2, []])
def test_what_is_no_list_of_points_is_refused(points: list[object]) -> None:
    with pytest.raises(InvalidInput):
        fit_control_points(points, [(0, 0), (1, 1)], SIZE_PX)  # type: ignore[arg-type]  # on purpose


def _true_similarity(pixels: np.ndarray) -> np.ndarray:
    """0.02 m a pixel, turned by 30 degrees, y flipped, moved to a UTM position."""
    cos, sin = math.cos(math.pi / 6), math.sin(math.pi / 6)
    x, y = pixels[:, 0] * 0.02, -pixels[:, 1] * 0.02
    return np.stack((513_000 + cos * x - sin * y, 5_402_000 + sin * x + cos * y), axis=1)


PIXELS = np.array([(0, 0), (1000, 0), (1000, 800), (0, 800), (500, 300)], dtype=float)


def test_exact_control_points_give_back_scale_rotation_and_place() -> None:
    fit = fit_control_points(PIXELS, _true_similarity(PIXELS), SIZE_PX)
    assert fit.transform.scale == pytest.approx(0.02)
    assert fit.transform.rotation_deg == pytest.approx(30.0)
    assert max(fit.residuals_m) < 1e-6
    assert fit.is_verified


def test_a_fitted_plan_is_never_mirrored() -> None:
    fit = fit_control_points(PIXELS, _true_similarity(PIXELS), SIZE_PX)
    assert fit.transform.determinant < 0


def test_a_mirrored_set_of_points_is_refused() -> None:
    mirrored = _true_similarity(PIXELS) * (-1, 1)
    with pytest.raises(InvalidInput, match="does not fit"):
        fit_control_points(PIXELS, mirrored, SIZE_PX)


def test_residuals_match_the_closed_form_of_three_collinear_points() -> None:
    # Targets 0, 10, 20.3 on a line: least squares leaves 0.05, -0.1, 0.05.
    fit = fit_control_points(
        [(0, 400), (100, 400), (200, 400)], [(0, 0), (10, 0), (20.3, 0)], SIZE_PX
    )
    assert fit.residuals_m == pytest.approx((0.05, 0.1, 0.05))
    assert fit.worst_point == 1


def test_a_wrong_point_among_five_is_named_even_where_its_neighbours_suffer_more() -> None:
    wrong = _true_similarity(PIXELS)
    wrong[2] += (2.0, -1.0)
    with pytest.raises(InvalidInput, match="Control point 3") as refused:
        fit_control_points(PIXELS, wrong, SIZE_PX)
    assert refused.value.problems[0].field == "control_point_3"


def test_two_points_alone_are_not_verified() -> None:
    fit = fit_control_points(PIXELS[:2], _true_similarity(PIXELS[:2]), SIZE_PX)
    assert fit.residuals_m == pytest.approx((0.0, 0.0), abs=1e-6)
    assert not fit.is_verified
    assert fit.scale_ratio is None


def test_two_points_that_agree_with_the_known_scale_are_verified() -> None:
    fit = fit_control_points(
        PIXELS[:2], _true_similarity(PIXELS[:2]), SIZE_PX, known_metres_per_pixel=0.02
    )
    assert fit.is_verified
    assert fit.scale_ratio == pytest.approx(1.0)


def test_two_points_that_contradict_the_known_scale_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"differs by 1\.00 m"):
        fit_control_points(
            PIXELS[:2], _true_similarity(PIXELS[:2]), SIZE_PX, known_metres_per_pixel=0.019
        )


def test_coincident_control_points_are_refused_in_either_frame() -> None:
    with pytest.raises(InvalidInput, match="Points 1 and 3 coincide"):
        fit_control_points([(1, 1), (9, 9), (1, 1)], [(0, 0), (1, 1), (2, 2)], SIZE_PX)
    with pytest.raises(InvalidInput, match="Points 2 and 3 coincide"):
        fit_control_points([(1, 1), (9, 9), (1, 8)], [(0, 0), (1, 1), (1, 1)], SIZE_PX)


def test_points_without_counterpart_are_refused() -> None:
    with pytest.raises(InvalidInput, match="3 points do not pair up with 2"):
        fit_control_points([(1, 1), (9, 9)], [(0, 0), (1, 1), (2, 3)], SIZE_PX)


def test_a_quarter_turn_puts_the_building_s_x_axis_northwards() -> None:
    frame = BuildingFrame(513_000.0, 5_402_000.0, 90.0)
    assert frame.to_crs([(10.0, 0.0)]).tolist() == [[513_000.0, 5_402_010.0]]


def test_marktplatz_lies_where_kruegers_series_puts_it() -> None:
    frame = BuildingFrame(*MARKTPLATZ_EASTING_NORTHING)
    lon, lat = frame.to_wgs84((0.0, 0.0))
    metres_per_degree = 111_300.0
    assert abs(lon - MARKTPLATZ_LON_LAT[0]) * metres_per_degree < 0.001
    assert abs(lat - MARKTPLATZ_LON_LAT[1]) * metres_per_degree < 0.001


def test_marktplatz_comes_back_from_the_globe_within_a_millimetre() -> None:
    frame = BuildingFrame(513_050.0, 5_402_550.0, 23.5)
    local = frame.from_wgs84(MARKTPLATZ_LON_LAT)
    assert frame.to_crs(local) == pytest.approx(MARKTPLATZ_EASTING_NORTHING, abs=0.001)


def test_web_mercator_of_marktplatz_matches_its_closed_form() -> None:
    frame = BuildingFrame(*MARKTPLATZ_EASTING_NORTHING)
    radius_m = 6_378_137.0
    lon, lat = (math.radians(angle) for angle in MARKTPLATZ_LON_LAT)
    expected = (radius_m * lon, radius_m * math.asinh(math.tan(lat)))
    assert frame.to_web_mercator((0.0, 0.0)) == pytest.approx(expected, abs=0.002)
    assert frame.from_web_mercator(expected) == pytest.approx((0.0, 0.0), abs=0.002)


def test_a_building_s_frame_is_found_from_two_points() -> None:
    true = BuildingFrame(513_000.0, 5_402_000.0, 12.0)
    local = [(0.0, 0.0), (60.0, 0.0)]
    frame, residuals_m = fit_building_frame(local, true.to_crs(local))
    assert frame.rotation_deg == pytest.approx(12.0)
    assert frame.origin_easting_m == pytest.approx(513_000.0)
    assert residuals_m == pytest.approx((0.0, 0.0), abs=1e-6)


def test_a_building_is_not_stretched_to_fit() -> None:
    _, residuals_m = fit_building_frame([(0, 0), (60, 0)], [(0, 0), (60.6, 0)])
    assert residuals_m == pytest.approx((0.3, 0.3))
    with pytest.raises(InvalidInput, match="does not fit"):
        fit_building_frame([(0, 0), (60, 0)], [(0, 0), (62, 0)])


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:999999", "nonsense", ""])
def test_a_crs_that_is_unknown_or_not_in_metres_is_refused(crs: str) -> None:
    with pytest.raises(InvalidInput, match="coordinate system"):
        BuildingFrame(0.0, 0.0, 0.0, crs)


def test_an_origin_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidInput, match="origin_easting_m"):
        BuildingFrame(math.nan, 0.0)


def test_a_position_beyond_the_projection_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not defined"):
        BuildingFrame(1e30, 1e30).to_wgs84((0.0, 0.0))
