"""Lines of a drawing before they become walls: without rubbish, doubles and needless cuts.

Decides when two lines are one. Refuses to know what the lines stand for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

Segments: TypeAlias = "npt.NDArray[np.float64]"
"""Rows of x1, y1, x2, y2 in metres, shape (n, 4)."""

SHORTEST_M: Final = 0.001
TOUCHING_M: Final = 0.005
PARALLEL_SINE: Final = math.sin(math.radians(0.5))


def clean_segments(segments: npt.ArrayLike) -> Segments:
    """Drop segments with a coordinate that is not finite, those shorter than 1 mm, and copies.

    Parameters
    ----------
    segments
        Rows of x1, y1, x2, y2 in metres, shape (n, 4); may be empty.
    """
    rows = np.asarray(segments, dtype=np.float64).reshape(-1, 4)
    rows = rows[np.isfinite(rows).all(axis=1)]
    rows = rows[lengths_of(rows) >= SHORTEST_M]
    _, first = np.unique(rows, axis=0, return_index=True)
    return rows[np.sort(first)]


def lengths_of(segments: Segments) -> npt.NDArray[np.float64]:
    """Measure each segment in metres, shape (n,)."""
    return np.hypot(segments[:, 2] - segments[:, 0], segments[:, 3] - segments[:, 1])


def directions_of(segments: Segments) -> npt.NDArray[np.float64]:
    """Give each segment's unit vector, shape (n, 2)."""
    directions: npt.NDArray[np.float64] = (segments[:, 2:] - segments[:, :2]) / lengths_of(
        segments
    )[:, None]
    return directions


def to_lines(segments: Segments) -> npt.NDArray[np.object_]:
    """Make shapely lines of segments, shape (n,)."""
    return np.asarray(shapely.linestrings(segments.reshape(-1, 2, 2)), dtype=np.object_)


def near_pairs(
    segments: Segments, distance_m: float
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Find all pairs (i < j) of segments not farther apart than `distance_m`."""
    lines = to_lines(segments)
    first, second = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=distance_m)
    keep = first < second
    return first[keep], second[keep]


def connected_groups(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Group 0 ... `count` - 1 so that the members of a pair are in one group."""
    parent = list(range(count))

    def find(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for first, second in pairs:
        parent[find(first)] = find(second)
    groups: dict[int, list[int]] = {}
    for item in range(count):
        groups.setdefault(find(item), []).append(item)
    return list(groups.values())


def merge_collinear(segments: Segments) -> Segments:
    """Join segments that lie on one line and touch or overlap; doubles become one.

    A chain that bends (the chords of an arc) is left as it is.
    """
    if len(segments) < 2:
        return segments
    first, second = near_pairs(segments, TOUCHING_M)
    directions = directions_of(segments)
    sine = np.abs(_cross(directions[first], directions[second]))
    start, end = (segments[second, k : k + 2] - segments[first, :2] for k in (0, 2))
    off = np.maximum(
        np.abs(_cross(directions[first], start)), np.abs(_cross(directions[first], end))
    )
    same = (sine < PARALLEL_SINE) & (off < TOUCHING_M)
    pairs = zip(first[same].tolist(), second[same].tolist(), strict=True)
    groups = connected_groups(len(segments), pairs)
    return np.concatenate([_join(segments[group]) for group in groups])


def _join(group: Segments) -> Segments:
    if len(group) == 1:
        return group
    longest: Segments = group[np.argmax(lengths_of(group))]
    origin, direction = longest[:2], directions_of(longest[None])[0]
    points = group.reshape(-1, 2) - origin
    if np.abs(_cross(direction, points)).max() > 2 * TOUCHING_M:
        return group
    along = points @ direction
    first, last = origin + along.min() * direction, origin + along.max() * direction
    return np.array([[*first, *last]])


def _cross(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    crossed: npt.NDArray[np.float64] = (
        first[..., 0] * second[..., 1] - first[..., 1] * second[..., 0]
    )
    return crossed
