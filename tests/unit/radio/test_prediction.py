"""Prediction against exact arithmetic, in ties, and in cases worked out by hand."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from tests.unit.radio.oracle import predict_slowly
from tests.unit.radio.scenes import draw_case
from wlantrack.errors import InvalidInput
from wlantrack.geometry.grid import Grid
from wlantrack.radio.coverage import (
    ClutterArea,
    Scene,
    Slab,
    Transmitter,
    Wall,
    predict,
    predict_transmitter,
)
from wlantrack.radio.propagation import DistancePowerLoss

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float32]

LOSS = (10.0, 15.0, 18.0)
ALL_ON = (20.0, 20.0, 20.0)
GRID = Grid(0, 0, 1, 8, 6)


def lost_db(
    *walls: Wall,
    slabs: tuple[Slab, ...] = (),
    areas: tuple[ClutterArea, ...] = (),
    at: tuple[float, float, float] = (1.5, 2.5, 2.5),
    grid: Grid = GRID,
    receiver_height_m: float = 1.0,
) -> Array:
    """What obstacles take at 2.4 GHz in every cell: the level without less the level with them."""
    tx = Transmitter("a", *at, eirp_dbm=ALL_ON)
    scene = Scene(walls, slabs, (tx,), (6.0,), receiver_height_m=receiver_height_m, areas=areas)
    free = dataclasses.replace(scene, walls=(), slabs=(), areas=())
    with_db, without_db = (predict(s, grid).rssi_dbm[0, 0] for s in (scene, free))
    lost: Array = np.round(without_db - with_db, 3)
    return lost


@pytest.mark.parametrize("seed", range(200))
def test_equals_exact_arithmetic_in_every_cell_of_a_random_building(seed: int) -> None:
    case = draw_case(seed)
    expected = predict_slowly(case.scene, case.grid, case.floor)
    rssi_dbm = predict(case.scene, case.grid, case.floor).rssi_dbm
    np.testing.assert_allclose(rssi_dbm, expected, rtol=0, atol=1e-3)


# By hand ------------------------------------------------------------------------------------------


def test_free_space_at_ten_metres() -> None:
    grid = Grid(9.5, -0.5, 1, 1, 1)
    tx = Transmitter("a", 0, 0, 1.0, eirp_dbm=(20.0, 23.0, 23.0))
    rssi_dbm = predict(Scene((), (), (tx,), (3.0,)), grid).rssi_dbm[0, :, 0, 0]
    # 20 - 40.202 - 20 and so on: ITU-R P.525 gives 40.202, 47.156 and 48.275 dB at 1 m.
    np.testing.assert_allclose(rssi_dbm, (-40.202, -44.156, -45.275), atol=1e-3)


def test_nearer_than_a_metre_the_level_stays() -> None:
    grid = Grid(0, 0, 0.1, 1, 1)
    near, at_1m = (Transmitter("a", 0.05, 0.05, 1.0 + d, ALL_ON) for d in (0.2, 1.0))
    scene = Scene((), (), (), (3.0,))
    levels = [predict_transmitter(scene, grid, tx)[0, 0, 0] for tx in (near, at_1m)]
    assert levels[0] == levels[1]


def test_a_radio_that_is_off_is_not_a_number_in_its_band_alone() -> None:
    tx = Transmitter("a", 1, 1, 2.5, eirp_dbm=(20.0, None, 20.0))
    rssi_dbm = predict(Scene((), (), (tx,), (3.0,)), GRID).rssi_dbm
    assert np.isnan(rssi_dbm).all(axis=(0, 2, 3)).tolist() == [False, True, False]
    assert rssi_dbm.dtype == np.float32


def test_a_low_partition_hides_only_what_is_close_behind_it() -> None:
    # From 2.5 m down to 1 m: the link to column 7 (6 m away) passes x = 5 at 2.5 - 1.5 * 3.5 / 6
    # = 1.625 m, the one to column 5 (4 m away) at 1.1875 m.
    lost = lost_db(Wall(5, 0, 5, 6, LOSS, top_m=1.3))
    assert lost[2].tolist() == [0, 0, 0, 0, 0, 10, 0, 0]


def test_a_hanging_wall_lets_the_link_pass_below() -> None:
    # At x = 5 the link to column 5 is at 1.1875 m, to column 7 at 1.625 m.
    lost = lost_db(Wall(5, 0, 5, 6, LOSS, bottom_m=1.4, top_m=3.0))
    assert lost[2].tolist() == [0, 0, 0, 0, 0, 0, 10, 10]


def test_each_band_pays_its_own_loss() -> None:
    tx = Transmitter("a", 1.5, 2.5, 2.5, ALL_ON)
    scene = Scene((Wall(5, 0, 5, 6, LOSS),), (), (tx,), (3.0,))
    free = dataclasses.replace(scene, walls=())
    lost = predict(free, GRID).rssi_dbm - predict(scene, GRID).rssi_dbm
    np.testing.assert_allclose(lost[0, :, 2, 7], LOSS, atol=1e-3)


def test_an_atrium_lets_the_upper_floor_down() -> None:
    slab = Slab(shapely.box(3, 0, 8, 6), 3.0, LOSS)
    # From (4.5, 3.5, 5.5) to 1 m, the plane z = 3 is met 0.5556 of the way: at x = 2.278 for
    # column 0 and at x = 3.389 for column 2; column 1 is met at 2.833.
    lost = lost_db(slabs=(slab,), at=(4.5, 3.5, 5.5))
    assert lost[3].tolist() == [0, 0, 10, 10, 10, 10, 10, 10]


def test_overlapping_slabs_both_count() -> None:
    slabs = (Slab(shapely.box(-9, -9, 20, 20), 3.0, LOSS), Slab(shapely.box(4, 0, 9, 9), 3.2, LOSS))
    lost = lost_db(slabs=slabs, at=(6.5, 2.5, 5.0))
    # 1.8 m of 4 m down, the link to column 0 is at x = 3.8: beside the upper slab.
    assert lost[2].tolist() == [10, 20, 20, 20, 20, 20, 20, 20]


def test_a_slab_in_two_parts_counts_where_they_are() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 2, 6), shapely.box(6, 0, 8, 6)])
    # 2 m above the slab's plane, 2 m below: met half-way from x = 3.5, at 2 + column / 2.
    lost = lost_db(slabs=(Slab(parts, 3.0, LOSS),), at=(3.5, 2.5, 5.0))
    assert lost[2].tolist() == [10, 0, 0, 0, 0, 0, 0, 0]


def test_links_between_floors_cross_the_walls_of_both() -> None:
    walls = (Wall(3, 0, 3, 6, LOSS, floor=1), Wall(5, 0, 5, 6, LOSS, floor=0))
    tx = Transmitter("up", 1.5, 2.5, 2.5, ALL_ON, floor=1)
    scene = Scene(walls, (), (tx,), (3.0, 3.0))
    free = dataclasses.replace(scene, walls=())
    lost = np.round(predict(free, GRID).rssi_dbm - predict(scene, GRID).rssi_dbm, 3)
    # 5.5 m down to 1 m. To column 3 (2 m) the link is at 2.125 m when it meets x = 3: below the
    # upper floor. To column 4 (3 m) it is at 3.25 m there; from column 5 on it also meets x = 5
    # on the lower floor, to column 7 (6 m) at 2.875 m.
    assert lost[0, 0, 2].tolist() == [0, 0, 0, 0, 10, 20, 20, 20]


# Ties: behind ----------------------------------------------------------------------------------


def test_a_cell_centre_on_the_wall_is_behind_it() -> None:
    assert lost_db(Wall(4.5, 0, 4.5, 6, LOSS))[2].tolist() == [0, 0, 0, 0, 10, 10, 10, 10]


def test_a_cell_centre_in_line_with_the_wall_s_end_is_behind_it() -> None:
    # From (1.5, 2.5) the end (3.5, 3.5) is in line with the centres (5.5, 4.5) and (7.5, 5.5).
    lost = lost_db(Wall(3.5, 3.5, 3.5, 1.0, LOSS))
    assert [lost[3, 3], lost[4, 5], lost[5, 7]] == [10, 10, 10]
    assert [lost[4, 4], lost[5, 6]] == [0, 0]


def test_two_walls_that_meet_in_a_corner_leave_no_gap() -> None:
    walls = (Wall(3.5, 3.5, 3.5, 0, LOSS), Wall(3.5, 3.5, 0, 3.5, LOSS))
    assert lost_db(*walls)[4, 5] == 20


def test_passing_a_wall_exactly_at_its_top_or_bottom_crosses_it() -> None:
    # 3 m down to 1 m over 4 m: at half-way, x = 3.5, the link is at 2 m.
    for bottom, top in ((0.0, 2.0), (2.0, 3.0)):
        lost = lost_db(Wall(3.5, 0, 3.5, 6, LOSS, bottom, top), at=(1.5, 2.5, 3.0))
        assert lost[2, 5] == 10


def test_an_access_point_on_a_wall_does_not_see_it() -> None:
    assert not lost_db(Wall(1.5, 0, 1.5, 6, LOSS)).any()
    assert not lost_db(Wall(1.5, 2.5, 6, 2.5, LOSS)).any()
    assert not lost_db(Wall(0.3, 0.1, 6.3, 4.1, LOSS), at=(3.3, 2.1, 2.5)).any()


def test_an_access_point_in_line_with_a_wall_sees_its_edge_only() -> None:
    assert not lost_db(Wall(4, 2.5, 6, 2.5, LOSS)).any()


def test_a_wall_without_length_hides_nothing() -> None:
    assert not lost_db(Wall(3.5, 2.5, 3.5, 2.5, LOSS)).any()


def test_level_links_cross_walls_that_reach_their_height() -> None:
    at = (1.5, 2.5, 1.0)
    for bottom, top, expected in ((0, 3, 10), (0, 1, 10), (1, 3, 10), (0, 0.9, 0), (1.1, 3, 0)):
        assert lost_db(Wall(4, 0, 4, 6, LOSS, bottom, top), at=at)[2, 7] == expected


def test_straight_below_no_wall_is_met() -> None:
    assert lost_db(Wall(1.6, 0, 1.6, 6, LOSS))[2, 1] == 0


def test_a_slab_at_the_access_point_s_own_height_does_not_count() -> None:
    assert not lost_db(slabs=(Slab(shapely.box(-9, -9, 20, 20), 2.5, LOSS),)).any()


def test_a_slab_at_the_receivers_height_counts() -> None:
    assert (lost_db(slabs=(Slab(shapely.box(-9, -9, 20, 20), 1.0, LOSS),)) == 10).all()


def test_a_slab_in_the_plane_of_a_level_link_does_not_count() -> None:
    slab = Slab(shapely.box(-9, -9, 20, 20), 1.0, LOSS)
    assert not lost_db(slabs=(slab,), at=(1.5, 2.5, 1.0)).any()


def test_a_slab_above_or_below_the_link_does_not_count() -> None:
    for z_m in (0.0, 3.0):
        assert not lost_db(slabs=(Slab(shapely.box(-9, -9, 20, 20), z_m, LOSS),)).any()


def test_a_slab_s_edges_belong_to_it_on_all_sides() -> None:
    slab = Slab(shapely.box(2.5, 1.5, 5.5, 3.5), 1.0, LOSS)
    lost = lost_db(slabs=(slab,))
    expected = np.zeros(GRID.shape)
    expected[1:4, 2:6] = 10
    np.testing.assert_array_equal(lost, expected)


def test_a_hole_s_edges_belong_to_the_slab() -> None:
    hole = shapely.box(2.5, 1.5, 5.5, 3.5).exterior
    polygon = shapely.Polygon(shapely.box(-9, -9, 20, 20).exterior, [hole])
    lost = lost_db(slabs=(Slab(polygon, 1.0, LOSS),))
    expected = np.full(GRID.shape, 10.0)
    expected[2, 3:5] = 0
    np.testing.assert_array_equal(lost, expected)


def test_very_many_walls_all_count() -> None:
    walls = tuple(Wall(3.5, 0, 3.5, 6, (0.01, 0.01, 0.01)) for _ in range(4500))
    assert lost_db(*walls)[2].tolist() == [0, 0, 0, 45, 45, 45, 45, 45]


# Clutter --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_clutter_costs_the_metres_inside_it(seed: int) -> None:
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, 2 * math.pi, 6))
    radii = rng.uniform(1, 4, 6)
    corners = np.column_stack((4 + radii * np.cos(angles), 3 + radii * np.sin(angles)))
    polygon = shapely.Polygon(corners)
    if seed % 2:
        with_hole = polygon.difference(shapely.Point(4, 3).buffer(0.7))
        assert isinstance(with_hole, shapely.Polygon)
        polygon = with_hole
    bottom, top = 0.5, 1.9
    x, y, z = rng.uniform(0, 8), rng.uniform(0, 6), 2.5
    lost = lost_db(areas=(ClutterArea(polygon, LOSS, bottom, top),), at=(x, y, z))
    for row, col in np.ndindex(GRID.shape):
        receiver = (GRID.x_m[col], GRID.y_m[row])
        begin = (z - top) / (z - 1.0)  # of the way down to 1 m the link is below the top
        entry = (x + begin * (receiver[0] - x), y + begin * (receiver[1] - y))
        flat = shapely.LineString([entry, receiver]).intersection(polygon).length
        slant = math.dist((x, y, z), (*receiver, 1.0)) / math.dist((x, y), receiver)
        assert lost[row, col] == pytest.approx(10.0 * flat * slant, abs=2e-3)


@pytest.mark.parametrize(
    "at",
    [
        (-4.0, 3.1),  # beside it on all four sides, and over its corners
        (12.0, 2.9),
        (4.1, -5.0),
        (3.9, 11.0),
        (-2.0, -2.0),
        (10.0, 8.0),
        (4.0, 3.0),  # in it, in its notch, on its edge and on its corner
        (5.5, 3.0),
        (2.0, 3.0),
        (2.0, 1.0),
    ],
)
def test_clutter_is_found_from_every_side(at: tuple[float, float]) -> None:
    notched = shapely.box(2, 1, 6, 5).difference(shapely.box(5, 2.5, 6, 3.5))
    assert isinstance(notched, shapely.Polygon)
    areas = (
        ClutterArea(notched, (1.0, 2.0, 3.0), 0.0, 1.7),
        ClutterArea(shapely.box(6.5, 0, 7.5, 6), (0.5, 0.5, 0.5), 0.5, 2.0),
    )
    tx = Transmitter("a", *at, 2.5, (20.0, 20.0, 20.0))
    scene = Scene((), (), (tx,), (3.0,), areas=areas)
    np.testing.assert_allclose(
        predict(scene, GRID).rssi_dbm, predict_slowly(scene, GRID), atol=1e-3
    )


def test_straight_below_clutter_costs_its_height() -> None:
    area = ClutterArea(shapely.box(1, 2, 2, 3), LOSS, 0.0, 1.75)
    assert lost_db(areas=(area,))[2, 1] == 7.5  # 0.75 m above the receiver


def test_a_level_link_runs_through_clutter_of_its_height() -> None:
    area = ClutterArea(shapely.box(3, 0, 5, 6), LOSS, 0.0, 1.2)
    assert lost_db(areas=(area,), at=(1.5, 2.5, 1.0))[2, 7] == 20
    assert lost_db(areas=(area,), at=(1.5, 2.5, 1.0), receiver_height_m=1.0)[2, 3] == 5


# Refusals ----------------------------------------------------------------------------------------


def scene_with(**changes: object) -> Scene:
    tx = Transmitter("a", 1, 1, 2.5, ALL_ON)
    scene = Scene((), (), (tx,), (3.0,))
    return dataclasses.replace(scene, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wall",
    [
        Wall(math.nan, 0, 1, 1, LOSS),
        Wall(0, math.inf, 1, 1, LOSS),
        Wall(0, 0, 1, 1, (1.0, math.nan, 1.0)),
        Wall(0, 0, 1, 1, (1.0, -1.0, 1.0)),
        Wall(0, 0, 1, 1, (1.0, 1.0)),  # type: ignore[arg-type]
        Wall(0, 0, 1, 1, LOSS, bottom_m=2.0, top_m=1.0),
    ],
)
def test_names_the_wall_that_cannot_be_used(wall: Wall) -> None:
    scene = scene_with(walls=(Wall(0, 0, 1, 1, LOSS), wall))
    with pytest.raises(InvalidInput, match="Wall 2 ") as caught:
        predict(scene, GRID)
    assert [problem.row for problem in caught.value.problems] == [2]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slabs": (Slab(shapely.box(0, 0, 1, 1), math.nan, LOSS),)}, "Slab 1 "),
        ({"slabs": (Slab(shapely.box(0, 0, 1, 1), 3.0, (1.0, 1.0, math.inf)),)}, "Slab 1 "),
        (
            {"slabs": (Slab(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), 3.0, LOSS),)},
            "polygon of slab 1",
        ),
        ({"slabs": (Slab(shapely.Point(0, 0), 3.0, LOSS),)}, "polygon of slab 1"),  # type: ignore[arg-type]
        ({"areas": (ClutterArea(shapely.box(0, 0, 1, 1), LOSS, 2.0, 1.0),)}, "Clutter area 1 "),
        ({"transmitters": (Transmitter("x9", math.nan, 0, 1, ALL_ON),)}, "Access point x9 "),
        ({"transmitters": (Transmitter("x9", 0, 0, 1, (math.inf, 1, 1)),)}, "Access point x9 "),
        ({"transmitters": (Transmitter("x9", 0, 0, 1, ALL_ON, floor=1),)}, "no floor with index 1"),
        ({"walls": (Wall(0, 0, 1, 1, LOSS, floor=-1),)}, "no floor with index -1"),
        ({"floor_heights_m": (math.nan,)}, "storey height"),
        ({"floor_heights_m": ()}, "no floor with index 0"),
        ({"receiver_height_m": math.nan}, "receiver height"),
    ],
)
def test_names_the_part_that_cannot_be_used(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        predict(scene_with(**changes), GRID)


def test_an_empty_building_without_access_points_has_no_layers() -> None:
    assert predict(Scene((), (), (), (3.0,)), GRID).rssi_dbm.shape == (0, 3, 6, 8)


def test_a_plan_without_walls_may_use_another_model() -> None:
    tx = Transmitter("a", 0, 0, 1.0, ALL_ON)
    scene = Scene((), (), (tx,), (3.0,), path_loss=DistancePowerLoss())
    level = predict(scene, Grid(9.5, -0.5, 1, 1, 1)).rssi_dbm[0, 0, 0, 0]
    # 20 log10(2441.75) + 30 - 28 = 69.754 dB at 10 m.
    assert level == pytest.approx(20 - 69.754, abs=1e-3)
