"""How far a link runs through shelves, plants or machines.

Decides the exact length of every link inside a prism. Refuses to know what a metre of it costs.

Only links within the angle under which the access point sees a prism can meet it, and they cut a
raster row in one interval: the cost follows these cells, not the raster.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.radio.shadows import TIE_M

if TYPE_CHECKING:
    import numpy.typing as npt

    from wlantrack.radio.obstacles import Prism
    from wlantrack.radio.shadows import Sight

    FloatArray = npt.NDArray[np.float64]
    IntArray = npt.NDArray[np.intp]

_HALF_TURN = math.pi - 1e-3
"""An angle this wide bounds nothing: the access point is inside, or as good as."""

_MARGIN_M = 1e-6
"""So that no cell on the angle's edge is lost to rounding; cells beyond it get zero anyway."""


def measure_part_inside(sight: Sight, prism: Prism) -> tuple[IntArray, FloatArray]:
    """Measure which part of every link that may meet it, 0 to 1, lies inside a prism.

    Returns
    -------
    cells
        Indices into the flattened raster; all other cells have no part inside.
    parts
        One for each of them; times the link's length it is metres. A link that runs along an edge
        of the polygon counts as either inside or outside there.

    Notes
    -----
    The heights bound the same part [begin, end] of all links. Where the link's line leaves the
    polygon at t, min(t, end) - begin is added; where it enters, it is taken away. Crossings before
    ``begin`` give nothing, so only those ahead are looked at.
    """
    begin, end = sight.part_between(np.array(prism.bottom_m), np.array(prism.top_m))
    if end <= begin:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    edges = _edges_from(sight, prism)
    cells = _find_cells(sight, edges[:2])
    rows, columns = np.divmod(cells, sight.grid.nx)
    vx, vy = sight.grid.x_m[columns] - sight.x_m, sight.rows_m[rows]
    # Straight below the access point there is no direction; any one will do, infinitely far.
    vx = np.where(np.abs(vx) < TIE_M, TIE_M, vx)
    inside = np.zeros(len(cells))
    for px, py, qx, qy in edges.T:
        is_p_left, is_q_left = vx * py - vy * px >= 0, vx * qy - vy * qx >= 0
        turn = vx * (qy - py) - vy * (qx - px)
        is_met = is_p_left != is_q_left
        part = (px * qy - py * qx) / np.where(is_met, turn, 1.0)
        ahead = np.clip(part, begin, end) - begin
        inside += np.where(is_met, np.where(is_q_left, ahead, -ahead), 0.0)
    return cells, inside


def _edges_from(sight: Sight, prism: Prism) -> FloatArray:
    """Give the polygon's edges (4, edges) as seen from the access point."""
    here = np.array([[sight.x_m], [sight.y_m]])
    return np.concatenate((prism.edges.start_xy - here, prism.edges.end_xy - here))


def _find_cells(sight: Sight, corners_xy: FloatArray) -> IntArray:
    """Give the cells within the angle of some corners, row by row."""
    shape = sight.grid.shape
    middle_x, middle_y = corners_xy.mean(axis=1)
    turns = np.arctan2(
        middle_x * corners_xy[1] - middle_y * corners_xy[0],
        middle_x * corners_xy[0] + middle_y * corners_xy[1],
    )
    is_near = math.hypot(middle_x, middle_y) < TIE_M or np.hypot(*corners_xy).min() < TIE_M
    if is_near or np.ptp(turns) >= _HALF_TURN:
        return np.arange(shape[0] * shape[1])
    heading = math.atan2(middle_y, middle_x)
    low_m, high_m = np.full(shape[0], -np.inf), np.full(shape[0], np.inf)
    # Left of the right side and right of the left one: cross(right, v) >= 0 <= cross(v, left).
    for turn, side in ((turns.min(), 1.0), (turns.max(), -1.0)):
        slope_x, slope_y = side * math.cos(heading + turn), side * math.sin(heading + turn)
        reach = slope_x * sight.rows_m + _MARGIN_M
        if abs(slope_y) < TIE_M:
            high_m[reach < 0] = -np.inf
        elif slope_y > 0:
            high_m = np.minimum(high_m, reach / slope_y)
        else:
            low_m = np.maximum(low_m, reach / slope_y)
    first = np.clip(np.ceil(sight.find_columns(low_m)), 0, shape[1]).astype(np.intp)
    last = np.clip(np.floor(sight.find_columns(high_m)), -1, shape[1] - 1).astype(np.intp)
    counts = np.maximum(last - first + 1, 0)
    starts = np.arange(shape[0]) * shape[1] + first - (np.cumsum(counts) - counts)
    return np.repeat(starts, counts) + np.arange(counts.sum())
