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

from wlantrack.geometry.plan_walls import SHORTEST_WALL_M, PlanWall

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


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
    if not openings:
        return FittedOpenings(tuple(walls), (), (), ())
    search = _Search(walls)
    pieces: list[PlanWall] = []
    fitted: list[int] = []
    for number, opening in enumerate(openings):
        piece = search.find_gap(opening) or search.cut_through(opening)
        if piece is not None:
            pieces.append(replace(piece, material=opening.material))
            fitted.append(number)
    unplaced = sorted(set(range(len(openings))) - set(fitted))
    return FittedOpenings(search.cut_walls(), tuple(pieces), tuple(fitted), tuple(unplaced))


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


class _Search:
    """Finds the gap, or else the stretch of a wall, in which an opening lies."""

    def __init__(self, walls: Sequence[PlanWall]) -> None:
        self.walls = walls
        # Blunt ends: sight must reach the very end of the wall beyond the opening.
        self.bodies = [
            _line(wall).buffer((wall.thickness_m or 0.0) / 2 + 0.005, cap_style="flat")
            for wall in walls
        ]
        self.tree = shapely.STRtree(self.bodies)
        rows = np.array([(w.x1_m, w.y1_m, w.x2_m, w.y2_m) for w in walls]).reshape(-1, 2)
        self.ends = shapely.STRtree([shapely.Point(row) for row in rows])
        self.taken: list[shapely.Point] = []
        self.cuts: dict[int, list[tuple[float, float]]] = {}

    def find_gap(self, opening: PlanOpening) -> PlanWall | None:
        """Give the gap an opening lies in, if there is one that no other opening has."""
        area = shapely.MultiPoint(opening.corners).convex_hull.buffer(REACH_M)
        x1, y1, x2, y2 = area.bounds
        longest = min(math.hypot(x2 - x1, y2 - y1), WIDEST_M)
        best: tuple[float, PlanWall] | None = None
        for number in self.ends.query(area, predicate="intersects").tolist():
            gap = self._look(number // 2, number % 2, longest)
            if gap is None or any(_line(gap).centroid.distance(p) < 0.01 for p in self.taken):
                continue
            misfit = _misfit(gap, opening, area)
            if math.isfinite(misfit) and (best is None or misfit < best[0]):
                best = (misfit, gap)
        if best is None:
            return None
        self.taken.append(_line(best[1]).centroid)
        return best[1]

    def _look(self, number: int, end: int, longest_m: float) -> PlanWall | None:
        wall = self.walls[number]
        points = np.array([[wall.x1_m, wall.y1_m], [wall.x2_m, wall.y2_m]])
        start = points[end]
        outward = (start - points[1 - end]) / max(wall.length_m, 1e-9)
        sight = shapely.LineString([start + 0.02 * outward, start + longest_m * outward])
        hits = [k for k in self.tree.query(sight, predicate="intersects") if k != number]
        origin = shapely.Point(start)
        distance = min(
            (float(origin.distance(sight.intersection(self.bodies[k]))) for k in hits),
            default=math.inf,
        )
        if not NARROWEST_M <= distance <= WIDEST_M:
            return None
        return _between(start, start + distance * outward, wall)

    def cut_through(self, opening: PlanOpening) -> PlanWall | None:
        """Cut the wall that was drawn through an opening; give the piece cut out."""
        footprint = shapely.MultiPoint(opening.corners).convex_hull
        area = footprint.buffer(REACH_M)
        best: tuple[float, int, float, float] | None = None
        for number in self.tree.query(area, predicate="intersects").tolist():
            line = _line(self.walls[number])
            low, high = self._shadow(number, opening)
            is_cut = any(low < b and high > a for a, b in self.cuts.get(number, ()))
            # A swing seen from its side is as wide as the door, so the nearest wall decides.
            off = line.distance(footprint.centroid) - line.intersection(area).length
            if high - low >= NARROWEST_M and not is_cut and (best is None or off < best[0]):
                best = (off, number, low, high)
        if best is None:
            return None
        _, number, low, high = best
        self.cuts.setdefault(number, []).append((low, high))
        return _part(self.walls[number], low, high)

    def _shadow(self, number: int, opening: PlanOpening) -> tuple[float, float]:
        """Give the stretch of a wall beside an opening, in metres from the wall's start."""
        wall = self.walls[number]
        start = np.array([wall.x1_m, wall.y1_m])
        direction = (np.array([wall.x2_m, wall.y2_m]) - start) / max(wall.length_m, 1e-9)
        along = (np.array(opening.corners) - start) @ direction
        return max(float(along.min()), 0.0), min(float(along.max()), wall.length_m)

    def cut_walls(self) -> tuple[PlanWall, ...]:
        """Give all walls without the stretches cut out."""
        parts: list[PlanWall] = []
        for number, wall in enumerate(self.walls):
            position = 0.0
            for low, high in [*sorted(self.cuts.get(number, ())), (wall.length_m, wall.length_m)]:
                if number not in self.cuts:
                    parts.append(wall)
                elif low - position > SHORTEST_WALL_M:
                    parts.append(_part(wall, position, low))
                position = high
        return tuple(parts)


def _part(wall: PlanWall, low: float, high: float) -> PlanWall:
    start = np.array([wall.x1_m, wall.y1_m])
    direction = (np.array([wall.x2_m, wall.y2_m]) - start) / wall.length_m
    return _between(start + low * direction, start + high * direction, wall)


def _between(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], like: PlanWall
) -> PlanWall:
    (x1, y1), (x2, y2) = start.tolist(), end.tolist()
    return replace(like, x1_m=x1, y1_m=y1, x2_m=x2, y2_m=y2)
