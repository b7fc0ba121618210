"""What must hold in every building, whatever stands in it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.geometry.grid import Grid
from wlantrack.radio.coverage import Scene, Slab, Transmitter, Wall, predict

LOSS = (4.0, 6.0, 7.0)
ALL_ON = (20.0, 20.0, 20.0)

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float32]
    Point = tuple[float, float, float]

GRID = Grid(-4, -4, 1, 8, 8)

places = st.floats(-6, 6).map(lambda value: round(value, 3))
heights = st.sampled_from([(0.0, 3.0), (0.0, 1.4), (1.8, 3.0)])
walls = st.builds(
    lambda x1, y1, x2, y2, height: Wall(x1, y1, x2, y2, LOSS, *height),
    places,
    places,
    places,
    places,
    heights,
)
many_walls = st.lists(walls, max_size=8).map(tuple)
transmitters = st.builds(
    lambda x, y, z: Transmitter("a", x, y, z, ALL_ON), places, places, st.floats(0.5, 2.9)
)


def levels(walls: tuple[Wall, ...], transmitter: Transmitter, grid: Grid = GRID) -> Array:
    slab = Slab(shapely.box(-1, -1, 2, 2), 2.0, LOSS)
    return predict(Scene(walls, (slab,), (transmitter,), (3.0,)), grid).layers[0]


@given(many_walls, walls, transmitters)
def test_a_further_wall_never_helps(
    walls: tuple[Wall, ...], further: Wall, transmitter: Transmitter
) -> None:
    before, after = levels(walls, transmitter), levels((*walls, further), transmitter)
    assert (after <= before + 1e-4).all()


@given(many_walls, transmitters)
def test_the_order_and_direction_of_walls_do_not_matter(
    walls: tuple[Wall, ...], transmitter: Transmitter
) -> None:
    turned = tuple(
        dataclasses.replace(w, x1_m=w.x2_m, y1_m=w.y2_m, x2_m=w.x1_m, y2_m=w.y1_m)
        for w in reversed(walls)
    )
    np.testing.assert_allclose(levels(walls, transmitter), levels(turned, transmitter), atol=1e-4)


@given(many_walls, transmitters, st.integers(-50, 50), st.integers(-50, 50))
def test_moving_everything_changes_nothing(
    walls: tuple[Wall, ...], transmitter: Transmitter, dx: int, dy: int
) -> None:
    moved_walls = tuple(
        dataclasses.replace(
            w, x1_m=w.x1_m + dx, y1_m=w.y1_m + dy, x2_m=w.x2_m + dx, y2_m=w.y2_m + dy
        )
        for w in walls
    )
    moved = dataclasses.replace(transmitter, x_m=transmitter.x_m + dx, y_m=transmitter.y_m + dy)
    slab = Slab(shapely.box(dx - 1, dy - 1, dx + 2, dy + 2), 2.0, LOSS)
    scene = Scene(moved_walls, (slab,), (moved,), (3.0,))
    there = predict(scene, Grid(dx - 4, dy - 4, 1, 8, 8)).rssi_dbm[0]
    np.testing.assert_allclose(there, levels(walls, transmitter), atol=1e-3)


@given(many_walls, transmitters)
def test_a_quarter_turn_turns_the_map(walls: tuple[Wall, ...], transmitter: Transmitter) -> None:
    turned_walls = tuple(
        dataclasses.replace(w, x1_m=-w.y1_m, y1_m=w.x1_m, x2_m=-w.y2_m, y2_m=w.x2_m) for w in walls
    )
    turned = dataclasses.replace(transmitter, x_m=-transmitter.y_m, y_m=transmitter.x_m)
    slab = Slab(shapely.box(-2, -1, 1, 2), 2.0, LOSS)
    there = predict(Scene(turned_walls, (slab,), (turned,), (3.0,)), GRID).rssi_dbm[0]
    # (x, y) goes to (-y, x): what was in column c is in row c, rows run backwards.
    expected = levels(walls, transmitter).transpose(0, 2, 1)[:, :, ::-1]
    np.testing.assert_allclose(there, expected, atol=1e-3)


@given(many_walls, places, places, st.floats(0.5, 2.9))
def test_both_ways_lose_the_same(
    walls: tuple[Wall, ...], x_m: float, y_m: float, height_m: float
) -> None:
    here, there = (x_m, y_m, height_m), (0.8125, -1.3125, 1.125)

    def level(sender: Point, receiver: Point) -> Array:
        grid = Grid(receiver[0] - 0.125, receiver[1] - 0.125, 0.25, 1, 1)
        tx = Transmitter("a", *sender, ALL_ON)
        scene = Scene(walls, (), (tx,), (3.0,), receiver_height_m=receiver[2])
        return predict(scene, grid).layers[0]

    # A wall on which one end stands counts for the other end only; see the ties.
    ends = np.array([here[:2], there[:2]])
    for wall in walls:
        normal = np.array([wall.y2_m - wall.y1_m, wall.x1_m - wall.x2_m])
        if (np.abs((ends - (wall.x1_m, wall.y1_m)) @ normal) < 1e-6).any():
            return
    np.testing.assert_allclose(level(here, there), level(there, here), atol=1e-3)


@given(many_walls, transmitters, st.floats(-20, 20))
def test_more_power_is_as_much_more_everywhere(
    walls: tuple[Wall, ...], transmitter: Transmitter, more_db: float
) -> None:
    louder = dataclasses.replace(transmitter, eirp_dbm=(20.0 + more_db,) * 3)
    difference = levels(walls, louder) - levels(walls, transmitter)
    np.testing.assert_allclose(difference, more_db, atol=1e-4)
