"""Where cells lie, and which rasters are refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wlantrack.errors import InvalidInput
from wlantrack.geometry.grid import MAX_CELLS, Grid


def test_cell_centres_lie_half_a_cell_inside_the_corner() -> None:
    grid = Grid(x0_m=10.0, y0_m=-2.0, cell_m=0.5, nx=3, ny=2)
    assert grid.x_m.tolist() == [10.25, 10.75, 11.25]
    assert grid.y_m.tolist() == [-1.75, -1.25]
    assert grid.shape == (2, 3)
    assert grid.bounds == (10.0, -2.0, 11.5, -1.0)
    assert grid.cell_area_m2 == 0.25


def test_cell_centres_cannot_be_changed() -> None:
    grid = Grid(0, 0, 1, 2, 2)
    with pytest.raises(ValueError, match="read-only"):
        grid.x_m[0] = 5.0


def test_covers_bounds_with_whole_cells() -> None:
    assert Grid.cover((1.0, 2.0, 11.2, 4.0), 0.5) == Grid(1.0, 2.0, 0.5, 21, 4)


@pytest.mark.parametrize(
    ("length", "cell", "count"), [(10.0, 0.1, 100), (0.3, 0.1, 3), (0.05, 1.0, 1)]
)
def test_rounding_adds_no_column(length: float, cell: float, count: int) -> None:
    assert Grid.cover((0, 0, length, cell), cell).nx == count


@pytest.mark.parametrize(
    "values",
    [
        (math.nan, 0, 1, 2, 2),
        (0, math.inf, 1, 2, 2),
        (0, 0, 0, 2, 2),
        (0, 0, -1, 2, 2),
        (0, 0, math.nan, 2, 2),
        (0, 0, 1, 0, 2),
        (0, 0, 1, 2, -1),
        (0, 0, 1, MAX_CELLS, 2),
    ],
)
def test_refuses_a_raster_that_cannot_be(values: tuple[float, float, float, int, int]) -> None:
    with pytest.raises(InvalidInput):
        Grid(*values)


@pytest.mark.parametrize(
    ("bounds", "cell"),
    [
        ((0, 0, 0, 5), 1.0),
        ((0, 5, 5, 0), 1.0),
        ((0, 0, math.inf, 5), 1.0),
        ((0, 0, 5, 5), 0.0),
        ((0, 0, 1e6, 1e6), 0.25),
        ((0, 0, 5, 5), 1e-300),
    ],
)
def test_refuses_to_cover_nothing_or_too_much(
    bounds: tuple[float, float, float, float], cell: float
) -> None:
    with pytest.raises(InvalidInput):
        Grid.cover(bounds, cell)


def test_the_refusal_says_what_to_check() -> None:
    with pytest.raises(InvalidInput, match="Check the scale of the plan and the cell size"):
        Grid.cover((0, 0, 5000, 5000), 0.25)


def test_centres_are_doubles() -> None:
    assert Grid(0, 0, 1, 2, 2).x_m.dtype == np.float64
