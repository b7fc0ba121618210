"""Outlines and raster cells."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis.extra.numpy import arrays

from wlantrack.geometry.cells import find_window, mask_outline, outline_cells
from wlantrack.geometry.grid import Grid

GRID = Grid(-1.0, 2.0, 0.5, 7, 5)


def test_a_cell_belongs_to_the_outline_its_centre_lies_in() -> None:
    mask = mask_outline(GRID, shapely.box(-0.8, 2.2, 0.3, 3.0))
    assert np.argwhere(mask).tolist() == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]]


def test_an_outline_with_a_hole_leaves_its_cells_out() -> None:
    ring = shapely.box(-1, 2, 2.5, 4.5).difference(shapely.box(0, 3, 0.5, 3.5))
    assert np.argwhere(~mask_outline(GRID, ring)).tolist() == [[2, 2]]


def test_an_outline_between_the_centres_holds_no_cell() -> None:
    assert not mask_outline(GRID, shapely.box(0.05, 2.05, 0.15, 2.15)).any()


@pytest.mark.parametrize("outline", [None, shapely.Polygon(), shapely.box(90, 90, 91, 91)])
def test_nothing_and_what_lies_elsewhere_have_no_cells(outline: shapely.Polygon | None) -> None:
    assert not mask_outline(GRID, outline).any()


def test_the_window_holds_the_centres_in_the_bounding_box() -> None:
    assert find_window(GRID, shapely.box(-0.8, 2.2, 0.3, 3.0)) == (slice(0, 2), slice(0, 3))
    assert find_window(GRID, None) == (slice(0, 0), slice(0, 0))


@given(arrays(np.bool_, GRID.shape))
def test_the_outline_of_cells_has_their_area_and_gives_them_back(mask: np.ndarray) -> None:
    outline = outline_cells(GRID, mask)
    assert outline.is_valid
    assert outline.area == pytest.approx(np.count_nonzero(mask) * 0.25)
    assert np.array_equal(mask_outline(GRID, outline), mask)
