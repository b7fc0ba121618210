"""A plan's pixels land where its transform says, turned and georeferenced or not."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image
from pyproj import Transformer

from tests.unit.maps.sample_map import FRAME
from wlantrack.geometry.frame import Affine, BuildingFrame, scale_by_metres_per_pixel
from wlantrack.maps.plan_warp import MapBounds, WarpedPlan, warp_plan, warp_raster

SIZE_PX = (400, 300)
MARKED_PX = (250, 80)
TO_BUILDING = scale_by_metres_per_pixel(0.1, SIZE_PX)


def _marked_plan() -> Image.Image:
    """White paper with one dark square of 5 x 5 pixels around the marked pixel."""
    plan = Image.new("RGB", SIZE_PX, "white")
    x, y = MARKED_PX
    plan.paste("black", (x - 2, y - 2, x + 3, y + 3))
    return plan


def _dark_centre(warped: WarpedPlan) -> tuple[float, float]:
    """The mark's centre of gravity in the result's pixels."""
    image = np.asarray(Image.open(io.BytesIO(warped.png)).convert("RGBA")).astype(float)
    weight = (255 - image[..., 0]) * (image[..., 3] > 0)
    rows, columns = np.indices(weight.shape) + 0.5
    total = weight.sum()
    return float((weight * columns).sum() / total), float((weight * rows).sum() / total)


def test_an_unturned_plan_stays_as_it_is() -> None:
    warped = warp_plan(_marked_plan(), TO_BUILDING)
    assert (warped.width_px, warped.height_px) == SIZE_PX
    assert warped.bounds.corners() == pytest.approx(np.array([[0.0, 0.0], [30.0, 40.0]]))
    pixels = np.asarray(Image.open(io.BytesIO(warped.png)).convert("RGB"))
    assert (pixels == np.asarray(_marked_plan())).all()


def test_a_plan_turned_in_its_building_keeps_its_marked_pixel_to_half_a_pixel() -> None:
    cos, sin = math.cos(math.radians(25)) * 0.1, math.sin(math.radians(25)) * 0.1
    turned = Affine(cos, sin, 3.0, sin, -cos, 7.0)
    warped = warp_plan(_marked_plan(), turned)
    column, row = _dark_centre(warped)
    x_m, y_m = turned.apply((MARKED_PX[0] + 0.5, MARKED_PX[1] + 0.5))
    assert column == pytest.approx((x_m - warped.bounds.west) / 0.1, abs=0.5)
    assert row == pytest.approx((warped.bounds.north - y_m) / 0.1, abs=0.5)


@pytest.mark.parametrize("max_side_px", [4096, 250])
def test_a_georeferenced_plan_keeps_its_marked_pixel_to_half_a_pixel(max_side_px: int) -> None:
    warped = warp_plan(_marked_plan(), TO_BUILDING, FRAME, max_side_px=max_side_px)
    marked_m = TO_BUILDING.apply((MARKED_PX[0] + 0.5, MARKED_PX[1] + 0.5))
    east, north = FRAME.to_web_mercator(marked_m)
    to_mercator = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    (x0, x1), (y0, y1) = to_mercator.transform(
        [warped.bounds.west, warped.bounds.east], [warped.bounds.south, warped.bounds.north]
    )
    column, row = _dark_centre(warped)
    assert column == pytest.approx((east - x0) / (x1 - x0) * warped.width_px, abs=0.5)
    assert row == pytest.approx((y1 - north) / (y1 - y0) * warped.height_px, abs=0.5)
    assert max(warped.width_px, warped.height_px) <= max_side_px


def test_what_lies_outside_a_turned_plan_is_transparent() -> None:
    warped = warp_plan(_marked_plan(), TO_BUILDING, FRAME)
    alpha = np.asarray(Image.open(io.BytesIO(warped.png)).convert("RGBA"))[..., 3]
    assert alpha[0, 0] == 0
    assert alpha[alpha.shape[0] // 2, alpha.shape[1] // 2] == 255


def test_an_unturned_plan_too_large_for_the_map_is_reduced_and_lies_as_before() -> None:
    warped = warp_plan(_marked_plan(), TO_BUILDING, max_side_px=200)
    assert (warped.width_px, warped.height_px) == (200, 150)
    assert warped.bounds.corners() == pytest.approx(np.array([[0.0, 0.0], [30.0, 40.0]]))
    assert _dark_centre(warped) == pytest.approx((125.25, 40.25), abs=0.1)


@pytest.mark.parametrize("frame", [None, FRAME])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_a_plan_of_any_mode_can_be_laid(mode: str, frame: BuildingFrame | None) -> None:
    plan = Image.new(mode, (20, 10))
    assert warp_plan(plan, scale_by_metres_per_pixel(0.1, plan.size), frame).width_px >= 20


def test_a_raster_without_georeference_is_not_touched() -> None:
    values = np.arange(6.0).reshape(2, 3)
    warped = warp_raster(values, (1.0, 2.0, 4.0, 4.0))
    assert warped.values is values
    assert warped.bounds == MapBounds(south=2.0, west=1.0, north=4.0, east=4.0)


def test_a_turned_raster_holds_its_own_values_and_nothing_between() -> None:
    values = np.array([[-40.0, -65.0], [-66.5, np.nan]], dtype=np.float32)
    warped = warp_raster(values, (0.0, 0.0, 2.0, 2.0), FRAME)
    found = {float(value) for value in np.unique(warped.values[~np.isnan(warped.values)])}
    assert found == {-40.0, -65.0, -66.5}


def test_each_corner_cell_of_a_turned_raster_lies_where_the_building_has_it() -> None:
    values = np.arange(1, 13, dtype=np.uint8).reshape(3, 4)
    warped = warp_raster(values, (0.0, 0.0, 8.0, 6.0), FRAME)
    rows, columns = warped.values.shape
    for row in range(3):
        for column in range(4):
            lon, lat = FRAME.to_wgs84((column * 2.0 + 1.0, row * 2.0 + 1.0))
            x = (lon - warped.bounds.west) / (warped.bounds.east - warped.bounds.west)
            y = (lat - warped.bounds.south) / (warped.bounds.north - warped.bounds.south)
            assert warped.values[int(y * rows), int(x * columns)] == values[row, column]


def test_outside_a_turned_raster_of_verdicts_nothing_is_known() -> None:
    warped = warp_raster(np.full((3, 4), 3, dtype=np.uint8), (0.0, 0.0, 8.0, 6.0), FRAME)
    assert warped.values[0, 0] == 0


def test_a_quarter_turn_swaps_the_sides() -> None:
    frame = BuildingFrame(500_000.0, 5_402_000.0, 90.0)
    rows, columns = warp_raster(np.zeros((10, 40)), (0, 0, 40, 10), frame).values.shape
    assert rows / columns == pytest.approx(4.0, rel=0.05)
