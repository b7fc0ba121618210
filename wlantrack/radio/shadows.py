"""Shadows instead of rays: which cells lie behind a wall or slab, row by row.

Decides, exactly to the cell centre, what a link from one access point crosses. Refuses to know
what the crossing costs beyond a number per wall, and anything about power.

Seen from an access point, the cells behind a wall at the receivers' height form one convex
polygon, and a convex polygon cuts a raster row in one interval. So every wall is one interval a
row: its loss is added where the interval starts, taken back after its end, and summed along the
row. The cost is walls x rows + cells instead of walls x cells.

Ties count as behind: a cell centre on a shadow's edge is in the shadow, within ``TIE_M``. An
access point on a wall's line, or at a slab's height, does not see that wall or slab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from wlantrack.geometry.grid import Grid
    from wlantrack.radio.obstacles import FlatSlab, Walls

    FloatArray = npt.NDArray[np.float64]
    BoolArray = npt.NDArray[np.bool_]
    IntArray = npt.NDArray[np.intp]
    Interval = tuple[FloatArray, FloatArray]
    Cuts = tuple[IntArray, IntArray, IntArray, IntArray]

TIE_M = 1e-9
"""Lengths closer than this are equal: far above rounding in a building, far below a millimetre."""

_TINY = 1e-100
"""Stands for zero in a divisor: the quotient becomes huge but stays finite."""


_SHADOWS_AT_ONCE = 128
"""So few that shadows x rows stay in the processor's cache."""


@dataclass(frozen=True)
class Sight:
    """One access point (absolute coordinates) looking at the receivers' plane of one floor."""

    x_m: float
    y_m: float
    z_m: float
    receiver_z_m: float
    grid: Grid

    def part_at(self, z_m: float) -> float | None:
        """Tell at which part of every link a height is reached: above 0, at most 1, or never."""
        way_m, rise_m = z_m - self.z_m, self.receiver_z_m - self.z_m
        is_level = abs(way_m) <= TIE_M or abs(rise_m) <= TIE_M
        if is_level or way_m * rise_m < 0 or abs(way_m) > abs(rise_m) + TIE_M:
            return None
        return way_m / rise_m

    @property
    def rows_m(self) -> FloatArray:
        """Cell centres of the rows, seen from the access point."""
        return self.grid.y_m - self.y_m

    def ways_m(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Give x, y and z of every link; together they broadcast to (ny, nx)."""
        rise_m = np.array(self.receiver_z_m - self.z_m)
        return self.grid.x_m - self.x_m, self.rows_m[:, None], rise_m

    def distances_m(self) -> npt.NDArray[np.float32]:
        """Length of every link, (ny, nx)."""
        x, y, z = self.ways_m()
        along = np.square(x).astype(np.float32)
        across = (np.square(y) + np.square(z)).astype(np.float32)
        distances: npt.NDArray[np.float32] = np.sqrt(along + across)
        return distances

    def find_columns(self, x_m: FloatArray) -> FloatArray:
        """Turn positions seen from the access point into columns; 0.0 is the first centre."""
        return (x_m + (self.x_m - float(self.grid.x_m[0]))) / self.grid.cell_m

    def part_between(self, bottom_m: FloatArray, top_m: FloatArray) -> Interval:
        """Give the part of every link (0 access point, 1 receiver) between two heights.

        All links of one sight rise or fall alike, so the part is the same for all cells. It is
        empty where the second number is below the first.
        """
        rise_m = (self.receiver_z_m - self.z_m) or _TINY
        at_bottom = (bottom_m - TIE_M - self.z_m) / rise_m
        at_top = (top_m + TIE_M - self.z_m) / rise_m
        begin, end = np.minimum(at_bottom, at_top), np.maximum(at_bottom, at_top)
        return np.maximum(begin, 0.0), np.minimum(end, 1.0)


def cast_wall_shadows(sight: Sight, walls: Walls) -> FloatArray:
    """Sum the losses of the walls every link crosses.

    Parameters
    ----------
    sight
        The access point and the receivers' plane.
    walls
        Vertical rectangles with losses (bands, W) in dB.

    Returns
    -------
    Array of shape (bands, ny, nx) in dB.
    """
    shadows = _bound_shadows(sight, walls)
    begins = range(0, max(len(shadows.wall), 1), _SHADOWS_AT_ONCE)
    blocks = [shadows.part(slice(begin, begin + _SHADOWS_AT_ONCE)) for begin in begins]
    cuts = [_cut_rows(sight, block) for block in blocks]
    wall, row, first, past = (np.concatenate(parts) for parts in zip(*cuts, strict=True))
    loss_db = np.take(walls.loss_db, wall, axis=1)
    return _add_along_rows(sight.grid.shape, row, first, past, loss_db)


@dataclass(frozen=True)
class _Shadows:
    """S convex shadows in the receivers' plane, seen from the access point.

    Which wall casts each; the half-planes a x + b y + c >= 0 that bound it, as (3, half-planes, S);
    and how far it reaches in y.
    """

    wall: IntArray
    half_planes: FloatArray
    lowest_m: FloatArray
    highest_m: FloatArray

    def part(self, some: slice) -> _Shadows:
        return _Shadows(
            self.wall[some],
            self.half_planes[..., some],
            self.lowest_m[some],
            self.highest_m[some],
        )


def _bound_shadows(sight: Sight, walls: Walls) -> _Shadows:
    """Bound the shadow of every wall that casts one.

    Notes
    -----
    With p and q the wall's ends, q to the left, d = q - p and v a receiver, the link meets the
    wall's line at t = cross(p, d) / cross(v, d). It crosses the wall if v lies between the rays
    through p and q and t lies in the part of the link between the wall's bottom and top; both
    bounds of t are lines parallel to the wall.
    """
    here = np.array([[sight.x_m], [sight.y_m]])
    p, q = walls.start_xy - here, walls.end_xy - here
    cross = p[0] * q[1] - p[1] * q[0]
    p, q = np.where(cross < 0, q, p), np.where(cross < 0, p, q)
    begin, end = sight.part_between(walls.bottom_m, walls.top_m)
    is_seen = (np.abs(cross) > TIE_M * np.hypot(*(q - p))) & (end > 0) & (begin <= end)
    p, q, cross = p[:, is_seen], q[:, is_seen], np.abs(cross[is_seen])
    near, far = 1 / end[is_seen], 1 / np.maximum(begin[is_seen], _TINY)
    d, zero = q - p, np.zeros_like(cross)
    left_of_p = (-p[1], p[0], zero)
    right_of_q = (q[1], -q[0], zero)
    beyond_near_line = (d[1], -d[0], -cross * near)
    before_far_line = (-d[1], d[0], cross * far)
    half_planes = [left_of_p, right_of_q, beyond_near_line]
    if begin[is_seen].any():  # otherwise every shadow is unbounded
        half_planes.append(before_far_line)
    corners_y = np.array((p[1] * near, q[1] * near, p[1] * far, q[1] * far))
    return _Shadows(
        np.flatnonzero(is_seen),
        np.array(half_planes).transpose(1, 0, 2),
        corners_y.min(axis=0),
        corners_y.max(axis=0),
    )


def _cut_rows(sight: Sight, shadows: _Shadows) -> Cuts:
    """Cut shadows with the rows they reach.

    Returns wall, row, first column and the column past the last, for every cut that has cells.
    """
    rows_m = sight.rows_m
    first_row = np.searchsorted(rows_m, shadows.lowest_m - TIE_M)
    count = np.searchsorted(rows_m, shadows.highest_m + TIE_M, side="right") - first_row
    row = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count - first_row, count)
    a, b, c = shadows.half_planes
    a = np.where(a == 0, _TINY, a)
    slopes = -b / a / sight.grid.cell_m
    offsets = sight.find_columns(-(c + TIE_M * np.hypot(a, b)) / a)
    columns = np.repeat(slopes, count, axis=1) * rows_m[row]
    columns += np.repeat(offsets, count, axis=1)
    is_lower = np.repeat(a > 0, count, axis=1)
    begin = np.max(columns, axis=0, where=is_lower, initial=-np.inf)
    end = np.min(columns, axis=0, where=~is_lower, initial=np.inf)
    first, past = _find_cells(begin, end, sight.grid.nx)
    cut = np.flatnonzero(first < past)
    return np.repeat(shadows.wall, count)[cut], row[cut], first[cut], past[cut]


def cast_slab_shadow(sight: Sight, slab: FlatSlab) -> BoolArray:
    """Tell which links cross a slab; its holes let them through.

    Returns
    -------
    Array of shape (ny, nx), true where the link crosses.

    Notes
    -----
    Links pierce the slab's plane in a shrunken image of the raster. Along a row of that image the
    polygon's edges toggle between outside and inside; cells on an edge are added, for a tie
    counts as behind.
    """
    part = sight.part_at(slab.z_m)
    if part is None:
        return np.zeros(sight.grid.shape, dtype=bool)
    low, high, row = _meet_rows(sight, slab, part * sight.rows_m)
    y = part * sight.rows_m[row]
    step = high - low
    rise = np.where(step[1] == 0, _TINY, step[1])
    x = low[0] + (y - low[1]) * step[0] / rise
    margin = TIE_M * np.hypot(step[0], step[1]) / rise
    left = np.maximum(x - margin, np.minimum(low[0], high[0]) - TIE_M)
    right = np.minimum(x + margin, np.maximum(low[0], high[0]) + TIE_M)
    is_toggle = (low[1] <= y) & (y < high[1])

    def count(begin: FloatArray, end: FloatArray, row: IntArray) -> IntArray:
        columns = sight.find_columns(begin / part), sight.find_columns(end / part)
        first, past = _find_cells(*columns, sight.grid.nx)
        ones = np.ones((1, len(row)))
        sums = _add_along_rows(sight.grid.shape, row, first, np.maximum(first, past), ones)
        counts: IntArray = np.rint(sums[0]).astype(np.intp)
        return counts

    to_the_border = np.full(np.count_nonzero(is_toggle), np.inf)
    toggles = count(x[is_toggle], to_the_border, row[is_toggle])
    is_crossed: BoolArray = (toggles % 2 == 1) | (count(left, right, row) > 0)
    return is_crossed


def _meet_rows(
    sight: Sight, slab: FlatSlab, rows_m: FloatArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Pair the slab's edges, seen from the access point, with the rows they meet.

    Returns lower ends (2, pairs), upper ends (2, pairs) and rows (pairs,).
    """
    here = np.array([[sight.x_m], [sight.y_m]])
    start, end = slab.edges.start_xy - here, slab.edges.end_xy - here
    is_rising = start[1] <= end[1]
    low, high = np.where(is_rising, start, end), np.where(is_rising, end, start)
    is_met = (low[1, :, None] - TIE_M <= rows_m) & (rows_m <= high[1, :, None] + TIE_M)
    edge, row = np.nonzero(is_met)
    return low[:, edge], high[:, edge], row


def _find_cells(begin: FloatArray, end: FloatArray, count: int) -> tuple[IntArray, IntArray]:
    """Give the first cell centre at or after ``begin`` and the first one past ``end``."""
    first = np.clip(np.ceil(begin), 0, count).astype(np.intp)
    return first, np.clip(np.floor(end) + 1, 0, count).astype(np.intp)


def _add_along_rows(
    shape: tuple[int, int], row: IntArray, first: IntArray, past: IntArray, values: FloatArray
) -> FloatArray:
    """Sum intervals of cells: each row of ``values`` (n, intervals) gives one raster (n, ny, nx).

    A value is added where its interval begins, subtracted where it is past, and summed along the
    row.
    """
    ny, nx = shape
    here = np.concatenate((row * (nx + 1) + first, row * (nx + 1) + past))
    sums = np.empty((len(values), ny, nx + 1))
    for value, total in zip(values, sums, strict=True):
        steps = np.bincount(here, np.concatenate((value, -value)), ny * (nx + 1))
        np.cumsum(steps.reshape(ny, nx + 1), axis=1, out=total)
    return sums[..., :nx]
