"""Walls out of the lines of a drawing: two parallel faces become one centre line.

Decides which two lines are the faces of one wall, and what is left over.
Refuses to know layers, materials and file formats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import shapely

from wlantrack.geometry.plan_lines import (
    Segments,
    clean_segments,
    connected_groups,
    directions_of,
    lengths_of,
    merge_collinear,
    near_pairs,
    to_lines,
)
from wlantrack.geometry.plan_walls import PlanWall, close_corners, wall_body

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

PARALLEL_SINE: Final = math.sin(math.radians(2.0))
SHORTEST_PIECE_M: Final = 0.02
SHORTEST_SINGLE_M: Final = 0.15
SAME_THICKNESS_M: Final = 0.015

Interval: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class _Piece:
    """Where faces i and j run side by side: an interval on each, in metres from its start."""

    i: int
    j: int
    on_i: Interval
    on_j: Interval
    thickness_m: float
    side_of_i: int
    side_of_j: int


def centre_lines(
    segments: npt.ArrayLike,
    min_thickness_m: float = 0.04,
    max_thickness_m: float = 0.6,
    *,
    widest_first: bool = False,
) -> tuple[PlanWall, ...]:
    """Reduce double lines to centre lines, so that no wall counts twice.

    Parameters
    ----------
    segments
        Rows of x1, y1, x2, y2 in metres, shape (n, 4); rows that are not finite or have no length
        are dropped.
    min_thickness_m, max_thickness_m
        Distance two faces of one wall may have.
    widest_first
        Pair the farthest faces instead of the nearest: right for windows, which are drawn as
        three or four lines.

    Returns
    -------
    tuple of PlanWall
        Paired faces with their thickness; lines without a partner as they are. A wall ends at
        the face of the wall it meets, and at an opening; at a corner the centre lines meet.

    Notes
    -----
    Every stretch of a face is used once. Pairs are taken nearest first, so the two sides of a
    wall find one another before the far side of a narrow room could. In a first pass a wall must
    be longer than thick, or the ends of a wall at two sides of a narrow opening would pair across
    it; what is left on the outline of walls found (ends, corners, faces opposite a junction) is
    dropped, and only then are columns paired.
    """
    rows = clean_segments(segments)
    if not len(rows):
        return ()
    origin = rows.reshape(-1, 2).mean(axis=0)
    # Near the origin, or an angle measured at 3,500 km northing would cost millimetres.
    rows = merge_collinear(rows - np.tile(origin, 2))
    limits = (min_thickness_m, max_thickness_m)
    walls, rest = _pair_faces(rows, limits, 1.0, widest_first=widest_first)
    rest = _uncovered(rest, walls)
    columns, rest = _pair_faces(rest, limits, 0.0, widest_first=widest_first)
    walls = close_corners([*walls, *columns])
    singles = [
        PlanWall(*row)
        for row in _uncovered(rest, walls).tolist()
        if math.dist(row[:2], row[2:]) >= SHORTEST_SINGLE_M
    ]
    return tuple(_shift(wall, origin) for wall in close_corners([*walls, *singles]))


def _shift(wall: PlanWall, origin: npt.NDArray[np.float64]) -> PlanWall:
    x, y = float(origin[0]), float(origin[1])
    return PlanWall(wall.x1_m + x, wall.y1_m + y, wall.x2_m + x, wall.y2_m + y, wall.thickness_m)


def _pair_faces(
    rows: Segments, limits: tuple[float, float], least_ratio: float, *, widest_first: bool
) -> tuple[list[PlanWall], Segments]:
    """Pair what can be paired; return the walls, and the stretches of faces left over."""
    if len(rows) < 2:
        return [], rows
    candidates = _candidates(rows, limits)
    order = np.lexsort((-candidates.overlap_m, np.round(candidates.distance_m, 2)))
    if widest_first:
        order = order[::-1]
    free: list[list[Interval]] = [[(0.0, length)] for length in lengths_of(rows).tolist()]
    pieces = [
        piece for index in order.tolist() for piece in _take(candidates, index, free, least_ratio)
    ]
    walls = [_join_pieces(rows, [pieces[k] for k in group]) for group in _bridge(pieces, limits[1])]
    directions = directions_of(rows)
    rest = [
        (*(rows[i, :2] + a * directions[i]), *(rows[i, :2] + b * directions[i]))
        for i, intervals in enumerate(free)
        for a, b in intervals
        if b - a > SHORTEST_PIECE_M
    ]
    return walls, np.array(rest, dtype=np.float64).reshape(-1, 4)


@dataclass(frozen=True)
class _Candidates:
    """Pairs of faces that could be one wall, as arrays of the same length."""

    i: npt.NDArray[np.intp]
    j: npt.NDArray[np.intp]
    start_m: npt.NDArray[np.float64]  # overlap on face i
    end_m: npt.NDArray[np.float64]
    shift_m: npt.NDArray[np.float64]  # position on j = shift + sense * position on i
    sense: npt.NDArray[np.float64]
    distance_m: npt.NDArray[np.float64]
    side: npt.NDArray[np.float64]  # of face j on which face i lies: 1 is left

    @property
    def overlap_m(self) -> npt.NDArray[np.float64]:
        """Length along which the two faces run side by side."""
        return self.end_m - self.start_m


def _candidates(rows: Segments, limits: tuple[float, float]) -> _Candidates:
    i, j = near_pairs(rows, limits[1])
    directions, lengths = directions_of(rows), lengths_of(rows)
    ui, uj = directions[i], directions[j]
    start, end = rows[j, :2] - rows[i, :2], rows[j, 2:] - rows[i, :2]
    along = np.stack([(start * ui).sum(axis=1), (end * ui).sum(axis=1)])
    low = np.maximum(along.min(axis=0), 0.0)
    high = np.minimum(along.max(axis=0), lengths[i])
    # Faces that are not quite parallel: their distance in the middle of the overlap counts.
    middle = (rows[i, :2] + ((low + high) / 2)[:, None] * ui) - rows[j, :2]
    across = uj[:, 0] * middle[:, 1] - uj[:, 1] * middle[:, 0]
    sense = np.sign((ui * uj).sum(axis=1))
    sine = np.abs(ui[:, 0] * uj[:, 1] - ui[:, 1] * uj[:, 0])
    keep = (
        (sine < PARALLEL_SINE)
        & (high - low > SHORTEST_PIECE_M)
        & (np.abs(across) >= limits[0])
        & (np.abs(across) <= limits[1])
    )
    shift = -(start * uj).sum(axis=1)
    columns = (i, j, low, high, shift, sense, np.abs(across), np.sign(across))
    return _Candidates(*(column[keep] for column in columns))


def _take(
    candidates: _Candidates, index: int, free: list[list[Interval]], least_ratio: float
) -> Iterator[_Piece]:
    """Use up what is still free on both faces of a candidate."""
    i, j = int(candidates.i[index]), int(candidates.j[index])
    if not free[i] or not free[j]:
        return
    shift, sense = float(candidates.shift_m[index]), float(candidates.sense[index])
    distance = float(candidates.distance_m[index])
    least = max(SHORTEST_PIECE_M, least_ratio * distance)
    window = [(float(candidates.start_m[index]), float(candidates.end_m[index]))]
    on_i = _intersect(free[i], window)
    mirrored = [tuple(sorted(((a - shift) * sense, (b - shift) * sense))) for a, b in free[j]]
    for a, b in _intersect(on_i, [(low, high) for low, high in mirrored]):
        if b - a < least:
            continue
        low, high = sorted((shift + sense * a, shift + sense * b))
        free[i], free[j] = _subtract(free[i], (a, b)), _subtract(free[j], (low, high))
        side = int(candidates.side[index])
        yield _Piece(i, j, (a, b), (low, high), distance, int(-sense) * side, side)


def _intersect(first: Sequence[Interval], second: Sequence[Interval]) -> list[Interval]:
    return [(max(a, c), min(b, d)) for a, b in first for c, d in second if min(b, d) > max(a, c)]


def _subtract(intervals: Sequence[Interval], taken: Interval) -> list[Interval]:
    left = [(a, min(b, taken[0])) for a, b in intervals]
    right = [(max(a, taken[1]), b) for a, b in intervals]
    return sorted((a, b) for a, b in {*left, *right} if b - a > 1e-6)


def _bridge(pieces: Sequence[_Piece], longest_gap_m: float) -> list[list[int]]:
    """Group pieces that one face connects past a junction on the other side."""
    by_face: dict[tuple[int, int], list[tuple[Interval, int]]] = {}
    for number, piece in enumerate(pieces):
        by_face.setdefault((piece.i, piece.side_of_i), []).append((piece.on_i, number))
        by_face.setdefault((piece.j, piece.side_of_j), []).append((piece.on_j, number))
    pairs = []
    for stretches in by_face.values():
        stretches.sort()
        for (one, first), (two, second) in pairwise(stretches):
            same = abs(pieces[first].thickness_m - pieces[second].thickness_m) < SAME_THICKNESS_M
            if same and two[0] - one[1] <= longest_gap_m:
                pairs.append((first, second))
    return connected_groups(len(pieces), pairs)


def _join_pieces(rows: Segments, pieces: Sequence[_Piece]) -> PlanWall:
    """Draw one centre line along pieces that follow one another."""
    ends = np.concatenate([_centre_ends(rows, piece) for piece in pieces])
    longest = max(pieces, key=lambda piece: piece.on_i[1] - piece.on_i[0])
    start, end = _centre_ends(rows, longest)
    direction = (end - start) / np.linalg.norm(end - start)
    along = (ends - start) @ direction
    first, last = start + along.min() * direction, start + along.max() * direction
    return PlanWall(
        float(first[0]), float(first[1]), float(last[0]), float(last[1]), longest.thickness_m
    )


def _centre_ends(rows: Segments, piece: _Piece) -> npt.NDArray[np.float64]:
    ends = []
    for face, interval in ((piece.i, piece.on_i), (piece.j, piece.on_j)):
        start, direction = rows[face, :2], directions_of(rows[face][None])[0]
        ends.append(np.array([start + position * direction for position in interval]))
    if np.dot(ends[0][1] - ends[0][0], ends[1][1] - ends[1][0]) < 0:
        ends[1] = ends[1][::-1]
    middle: npt.NDArray[np.float64] = (ends[0] + ends[1]) / 2
    return middle


def _uncovered(rows: Segments, walls: Sequence[PlanWall]) -> Segments:
    """Cut away what lies on or in the bodies of walls: their ends, corners and junctions."""
    if not len(rows) or not walls:
        return rows
    bodies = [wall_body(wall) for wall in walls]
    tree = shapely.STRtree(bodies)
    left: list[tuple[float, ...]] = []
    for line in to_lines(rows):
        covers = [bodies[k] for k in tree.query(line)]
        open_line = shapely.difference(line, shapely.union_all(covers)) if covers else line
        left.extend(
            (*part.coords[0], *part.coords[-1])
            for part in shapely.get_parts(open_line)
            if part.length > SHORTEST_PIECE_M
        )
    return np.array(left, dtype=np.float64).reshape(-1, 4)
