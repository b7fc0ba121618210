"""Outlines and the cells of a raster: which cells an outline holds, and the outline of chosen cells.

Decides that a cell belongs to the outline its centre lies in. Refuses to know what a cell holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from wlantrack.geometry.grid import Grid

    Mask = npt.NDArray[np.bool_]


def find_window(grid: Grid, outline: BaseGeometry | None) -> tuple[slice, slice]:
    """Give the rows and columns whose centres lie in an outline's bounding box; may be empty."""
    if outline is None or outline.is_empty:
        return slice(0, 0), slice(0, 0)
    x0, y0, x1, y1 = outline.bounds
    rows = np.searchsorted(grid.y_m, (y0, y1))
    columns = np.searchsorted(grid.x_m, (x0, x1))
    return slice(int(rows[0]), int(rows[1])), slice(int(columns[0]), int(columns[1]))


def mask_outline(grid: Grid, outline: BaseGeometry | None) -> Mask:
    """Give True (ny, nx) in the cells whose centre lies inside an outline; it may hold none."""
    mask = np.zeros(grid.shape, dtype=bool)
    rows, columns = find_window(grid, outline)
    if outline is not None and rows.stop > rows.start and columns.stop > columns.start:
        x, y = np.meshgrid(grid.x_m[columns], grid.y_m[rows])
        mask[rows, columns] = shapely.contains_xy(outline, x, y)
    return mask


def outline_cells(grid: Grid, mask: Mask) -> BaseGeometry:
    """Give the outline of the True cells of a mask; its area is theirs, an empty mask gives none.

    Returns
    -------
    Polygon or MultiPolygon in building metres along the cells' edges.
    """
    padded = np.zeros((grid.ny, grid.nx + 2), dtype=np.int8)
    padded[:, 1:-1] = mask
    steps = np.diff(padded, axis=1)
    # Every run of cells in a row is one box; row by row starts and ends come in the same order.
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    boxes = shapely.box(
        grid.x0_m + starts * grid.cell_m,
        grid.y0_m + rows * grid.cell_m,
        grid.x0_m + ends * grid.cell_m,
        grid.y0_m + (rows + 1) * grid.cell_m,
    )
    # Edges of neighbouring rows are the same number only after rounding to a fraction of a cell.
    return shapely.union_all(boxes, grid_size=grid.cell_m / 1024)
