"""Walls as centre lines with a thickness, and how they meet at corners."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from wlantrack.geometry.plan_lines import Segments, directions_of, near_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

SHORTEST_WALL_M: Final = 0.02
SLACK_M: Final = 0.02  # how inexactly people draw
CORNER_SLACK_M: Final = 0.05
CORNER_SINE: Final = math.sin(math.radians(10.0))


@dataclass(frozen=True)
class PlanWall:
    """A wall's centre line in metres; `thickness_m` is ``None`` where only one line was drawn.

    `material` is carried along, and nothing here asks what it means.
    """

    x1_m: float
    y1_m: float
    x2_m: float
    y2_m: float
    thickness_m: float | None = None
    material: str | None = None

    @property
    def length_m(self) -> float:
        """Length of the centre line."""
        return math.hypot(self.x2_m - self.x1_m, self.y2_m - self.y1_m)


def wall_body(wall: PlanWall, slack_m: float = SLACK_M) -> shapely.Polygon:
    """Give the area of a wall with its ends squared off, a little larger by `slack_m`."""
    line = shapely.LineString([(wall.x1_m, wall.y1_m), (wall.x2_m, wall.y2_m)])
    body: shapely.Polygon = line.buffer((wall.thickness_m or 0.0) / 2 + slack_m, cap_style="square")
    return body


def close_corners(walls: Sequence[PlanWall]) -> list[PlanWall]:
    """Lengthen or shorten walls that end at one corner, so that their centre lines meet there."""
    if len(walls) < 2:
        return list(walls)
    rows = np.array([(w.x1_m, w.y1_m, w.x2_m, w.y2_m) for w in walls])
    half = np.array([(wall.thickness_m or 0.0) / 2 for wall in walls])
    moves: dict[tuple[int, int], tuple[float, Segments]] = {}
    for i, j, corner, reach in _crossings(rows, half):
        end_i, gap_i = _nearest_end(rows[i], corner)
        end_j, gap_j = _nearest_end(rows[j], corner)
        meets_i, meets_j = abs(gap_i) <= reach[0], abs(gap_j) <= reach[1]
        # A wall that meets the middle of another one ends at its face; a line reaches the line.
        if meets_i and (meets_j or (not half[j] and 0 < gap_i <= CORNER_SLACK_M)):
            _propose(moves, (i, end_i), abs(gap_i), corner)
        if meets_j and (meets_i or (not half[i] and 0 < gap_j <= CORNER_SLACK_M)):
            _propose(moves, (j, end_j), abs(gap_j), corner)
    for (number, end), (_, corner) in moves.items():
        rows[number, 2 * end : 2 * end + 2] = corner
    return [
        replace(wall, x1_m=x1, y1_m=y1, x2_m=x2, y2_m=y2)
        for (x1, y1, x2, y2), wall in zip(rows.tolist(), walls, strict=True)
        if math.hypot(x2 - x1, y2 - y1) > SHORTEST_WALL_M
    ]


def _propose(
    moves: dict[tuple[int, int], tuple[float, Segments]],
    key: tuple[int, int],
    gap_m: float,
    corner: Segments,
) -> None:
    if key not in moves or gap_m < moves[key][0]:
        moves[key] = (gap_m, corner)


def _crossings(
    rows: Segments, half: npt.NDArray[np.float64]
) -> Iterator[tuple[int, int, Segments, tuple[float, float]]]:
    """Give pairs of walls that could meet, where, and how far their ends may be from there."""
    i, j = near_pairs(rows, 2 * float(half.max()) + 2 * CORNER_SLACK_M)
    directions = directions_of(rows)
    sine = directions[i, 0] * directions[j, 1] - directions[i, 1] * directions[j, 0]
    keep = np.abs(sine) > CORNER_SINE
    i, j, sine = i[keep], j[keep], sine[keep]
    step = rows[j, :2] - rows[i, :2]
    along = (step[:, 0] * directions[j, 1] - step[:, 1] * directions[j, 0]) / sine
    corners = rows[i, :2] + along[:, None] * directions[i]
    cotangent = np.sqrt(1 - np.minimum(sine**2, 1.0)) / np.abs(sine)
    reach_i = half[j] / np.abs(sine) + half[i] * cotangent + CORNER_SLACK_M
    reach_j = half[i] / np.abs(sine) + half[j] * cotangent + CORNER_SLACK_M
    for k in range(len(i)):
        yield int(i[k]), int(j[k]), corners[k], (float(reach_i[k]), float(reach_j[k]))


def _nearest_end(row: Segments, point: Segments) -> tuple[int, float]:
    """Tell which end is nearer, and how far the point lies beyond it (negative: before it)."""
    length = float(np.hypot(*(row[2:] - row[:2])))
    along = float((point - row[:2]) @ (row[2:] - row[:2])) / length
    return (0, -along) if along < length / 2 else (1, along - length)
