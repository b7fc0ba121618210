"""Doors and windows in walls: the gap that a drawing leaves becomes a piece of door or glass.

Decides which gap an opening fills, and cuts a wall that was drawn through. Refuses to know
materials; the piece carries the one its opening names.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from wlantrack.geometry.plan_walls import PlanWall

NARROWEST_M: Final = 0.3
WIDEST_M: Final = 8.0
REACH_M: Final = 0.35  # a door is drawn at a face of the wall, not on its centre line
LEAST_SHARE: Final = 0.6  # of a gap that its opening must cover


@dataclass(frozen=True)
class PlanOpening:
    """A door or window as drawn.

    Attributes
    ----------
    corners
        Corners of its footprint in metres, door leaf and swing included.
    width_m
        Clear width, where the drawing tells it.
    material
        Carried over to the piece of wall it becomes.
    """

    corners: tuple[tuple[float, float], ...]
    width_m: float | None = None
    material: str | None = None


@dataclass(frozen=True)
class FittedOpenings:
    """Walls with their openings: `pieces[k]` fills opening `fitted[k]`; some find no place."""

    walls: tuple[PlanWall, ...]
    pieces: tuple[PlanWall, ...]
    fitted: tuple[int, ...]
    unplaced: tuple[int, ...]


def fit_openings(walls: Sequence[PlanWall], openings: Sequence[PlanOpening]) -> FittedOpenings:
    """Give every opening its piece of wall.

    Parameters
    ----------
    walls
        Centre lines, with gaps at the openings or drawn through.
    openings
        Doors and windows.

    Returns
    -------
    FittedOpenings
        The walls (cut where one was drawn through an opening), and one piece an opening from wall
        end to wall end. The caller keeps the pieces, or leaves the gaps open.
    """
    gaps = _find_gaps(walls)
    tree = shapely.STRtree([_line(gap) for gap in gaps])
    kept = list(walls)
    pieces: list[PlanWall] = []
    fitted: list[int] = []
    unplaced: list[int] = []
    taken: set[int] = set()
    for number, opening in enumerate(openings):
        area = shapely.MultiPoint(opening.corners).convex_hull.buffer(REACH_M)
        near = [int(k) for k in tree.query(area) if int(k) not in taken]
        best = min(near, key=lambda k: _misfit(gaps[k], opening, area), default=None)
        if best is not None and math.isfinite(_misfit(gaps[best], opening, area)):
            taken |= {k for k in near if _line(gaps[k]).distance(_line(gaps[best]).centroid) < 0.01}
            piece: PlanWall | None = gaps[best]
        else:
            piece = _cut_through(kept, opening)
        if piece is None:
            unplaced.append(number)
        else:
            pieces.append(replace(piece, material=opening.material))
            fitted.append(number)
    return FittedOpenings(tuple(kept), tuple(pieces), tuple(fitted), tuple(unplaced))


def _line(wall: PlanWall) -> shapely.LineString:
    return shapely.LineString([(wall.x1_m, wall.y1_m), (wall.x2_m, wall.y2_m)])


def _misfit(gap: PlanWall, opening: PlanOpening, area: shapely.Geometry) -> float:
    """Tell how badly a gap fits, in metres; infinite if the opening is not in it."""
    covered = _line(gap).intersection(area).length
    if covered < LEAST_SHARE * gap.length_m:
        return math.inf
    footprint = shapely.MultiPoint(opening.corners).convex_hull
    off = float(_line(gap).centroid.distance(footprint))
    return off + (abs(gap.length_m - opening.width_m) if opening.width_m else gap.length_m)


def _find_gaps(walls: Sequence[PlanWall]) -> list[PlanWall]:
    """Look out of every wall end, straight on, to the next wall."""
    # Blunt ends: sight must reach the very end of the wall beyond the opening.
    bodies = [
        _line(wall).buffer((wall.thickness_m or 0.0) / 2 + 0.005, cap_style="flat")
        for wall in walls
    ]
    tree = shapely.STRtree(bodies)
    gaps = []
    for number, wall in enumerate(walls):
        ends = np.array([[wall.x1_m, wall.y1_m], [wall.x2_m, wall.y2_m]])
        direction = (ends[1] - ends[0]) / max(wall.length_m, 1e-9)
        for end, outward in ((ends[0], -direction), (ends[1], direction)):
            sight = shapely.LineString([end + 0.02 * outward, end + WIDEST_M * outward])
            hits = [int(k) for k in tree.query(sight, predicate="intersects") if k != number]
            distance = min((_first_hit(end, sight, bodies[k]) for k in hits), default=math.inf)
            if NARROWEST_M <= distance <= WIDEST_M:
                other = end + distance * outward
                gaps.append(_between(end, other, wall))
    return gaps


def _first_hit(
    end: npt.NDArray[np.float64], sight: shapely.LineString, body: shapely.Geometry
) -> float:
    return float(shapely.Point(end).distance(sight.intersection(body)))


def _between(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], like: PlanWall
) -> PlanWall:
    (x1, y1), (x2, y2) = start.tolist(), end.tolist()
    return replace(like, x1_m=x1, y1_m=y1, x2_m=x2, y2_m=y2)


def _cut_through(walls: list[PlanWall], opening: PlanOpening) -> PlanWall | None:
    """Cut the wall that was drawn through an opening, in place; give the piece cut out."""
    footprint = shapely.MultiPoint(opening.corners).convex_hull
    area = footprint.buffer(REACH_M)
    corners = np.array(opening.corners)
    best: tuple[float, int, float, float] | None = None
    for number, wall in enumerate(walls):
        covered = _line(wall).intersection(area).length
        if covered < NARROWEST_M:
            continue
        start = np.array([wall.x1_m, wall.y1_m])
        direction = (np.array([wall.x2_m, wall.y2_m]) - start) / wall.length_m
        along = (corners - start) @ direction
        low, high = max(float(along.min()), 0.0), min(float(along.max()), wall.length_m)
        # A swing seen from its side is as wide as the door, so the nearest wall decides.
        off = _line(wall).distance(footprint.centroid) - covered
        if high - low >= NARROWEST_M and (best is None or off < best[0]):
            best = (off, number, low, high)
    if best is None:
        return None
    _, number, low, high = best
    wall = walls[number]
    start = np.array([wall.x1_m, wall.y1_m])
    direction = (np.array([wall.x2_m, wall.y2_m]) - start) / wall.length_m
    cuts = [start + position * direction for position in (0.0, low, high, wall.length_m)]
    before, piece, after = (_between(cuts[k], cuts[k + 1], wall) for k in range(3))
    walls[number : number + 1] = [part for part in (before, after) if part.length_m > 0.02]
    return piece
