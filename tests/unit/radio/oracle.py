"""A slow prediction that is obviously right: one link after the other, in exact arithmetic.

Numbers are read as the decimals a person would write (0.1 is a tenth), so that a tie is a tie.
So 0.9 - 1e-16, the work of a rounding, is nine tenths. No code or method is shared with the shadows.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    import numpy.typing as npt

    from wlantrack.geometry.grid import Grid
    from wlantrack.radio.coverage import Scene, Slab, Transmitter, Wall
    from wlantrack.radio.scene import ClutterArea

    Point = tuple[Fraction, Fraction, Fraction]
    Flat = tuple[Fraction, Fraction]

FREQUENCIES_HZ = (2.44175e9, 5.4375e9, 6.185e9)


@cache
def exact(value: float) -> Fraction:
    return Fraction(str(round(float(value), 12)))


def predict_slowly(scene: Scene, grid: Grid, floor: int = 0) -> npt.NDArray[np.float64]:
    """Levels (transmitter, band, ny, nx) of free-standing formulas, exponent from the scene."""
    levels = np.full((len(scene.transmitters), 3, grid.ny, grid.nx), np.nan)
    height = base(scene, floor) + exact(scene.receiver_height_m)
    for t, transmitter in enumerate(scene.transmitters):
        for row in range(grid.ny):
            for col in range(grid.nx):
                x = exact(grid.x0_m) + (col + Fraction(1, 2)) * exact(grid.cell_m)
                y = exact(grid.y0_m) + (row + Fraction(1, 2)) * exact(grid.cell_m)
                levels[t, :, row, col] = link_levels(scene, transmitter, (x, y, height))
    return levels


def link_levels(scene: Scene, transmitter: Transmitter, receiver: Point) -> list[float]:
    sender = (
        exact(transmitter.x_m),
        exact(transmitter.y_m),
        base(scene, transmitter.floor) + exact(transmitter.z_m),
    )
    distance = math.sqrt(sum((a - b) ** 2 for a, b in zip(sender, receiver, strict=True)))
    met = [wall.loss_db for wall in scene.walls if crosses_wall(scene, wall, sender, receiver)]
    met += [slab.loss_db for slab in scene.slabs if crosses_slab(slab, sender, receiver)]
    inside = [length_inside(scene, area, sender, receiver) for area in scene.areas]
    levels = []
    for band, power in enumerate(transmitter.eirp_dbm):
        at_1m = 20 * math.log10(4 * math.pi * FREQUENCIES_HZ[band] / 299_792_458)
        loss = sum(loss_db[band] for loss_db in met)
        loss += sum(
            area.db_per_m[band] * share * distance
            for area, share in zip(scene.areas, inside, strict=True)
        )
        spread = 10 * scene.path_loss.exponent * math.log10(max(distance, 1.0))  # type: ignore[attr-defined]
        levels.append(math.nan if power is None else power - at_1m - spread - loss)
    return levels


def base(scene: Scene, floor: int) -> Fraction:
    return sum((exact(height) for height in scene.floor_heights_m[:floor]), Fraction(0))


def crosses_wall(scene: Scene, wall: Wall, sender: Point, receiver: Point) -> bool:
    """Solve sender + t v = start + s d; crossed where 0 < t <= 1, 0 <= s <= 1 and the height fits."""
    start, end = (exact(wall.x1_m), exact(wall.y1_m)), (exact(wall.x2_m), exact(wall.y2_m))
    vx, vy = receiver[0] - sender[0], receiver[1] - sender[1]
    dx, dy = end[0] - start[0], end[1] - start[1]
    wx, wy = start[0] - sender[0], start[1] - sender[1]
    determinant = vx * dy - vy * dx
    if determinant == 0:
        return False
    t, s = (wx * dy - wy * dx) / determinant, (wx * vy - wy * vx) / determinant
    if not (0 < t <= 1 and 0 <= s <= 1):
        return False
    height = sender[2] + t * (receiver[2] - sender[2])
    floor = base(scene, wall.floor)
    return floor + exact(wall.bottom_m) <= height <= floor + exact(wall.top_m)


def crosses_slab(slab: Slab, sender: Point, receiver: Point) -> bool:
    rise = receiver[2] - sender[2]
    if rise == 0:
        return False
    t = (exact(slab.z_m) - sender[2]) / rise
    if not 0 < t <= 1:
        return False
    x, y = (sender[axis] + t * (receiver[axis] - sender[axis]) for axis in (0, 1))
    return covers(slab.polygon, (x, y))


def length_inside(scene: Scene, area: ClutterArea, sender: Point, receiver: Point) -> float:
    """Give the share of a link inside an area: cut to its heights, then laid over its polygon."""
    low = base(scene, area.floor) + exact(area.bottom_m)
    high = base(scene, area.floor) + exact(area.top_m)
    rise = receiver[2] - sender[2]
    if rise == 0:
        begin, end = (Fraction(0), Fraction(1)) if low <= sender[2] <= high else (Fraction(0),) * 2
    else:
        begin, end = sorted(((low - sender[2]) / rise, (high - sender[2]) / rise))
        begin, end = max(begin, Fraction(0)), min(end, Fraction(1))
    if end <= begin:
        return 0.0
    ends = [
        tuple(float(a + t * (b - a)) for a, b in zip(sender[:2], receiver[:2], strict=True))
        for t in (begin, end)
    ]
    line = shapely.LineString(ends)
    if line.length == 0:
        return float(end - begin) * area.polygon.covers(shapely.Point(ends[0]))
    return float(end - begin) * line.intersection(area.polygon).length / line.length


def covers(polygon: shapely.Polygon | shapely.MultiPolygon, point: Flat) -> bool:
    """Closed polygon: its boundary, holes' included, belongs to it."""
    edges = edges_of(polygon)
    if any(is_on_edge(point, a, b) for a, b in edges):
        return True
    return sum(is_right_of(point, a, b) for a, b in edges) % 2 == 1


@cache
def edges_of(polygon: shapely.Polygon | shapely.MultiPolygon) -> list[tuple[Flat, Flat]]:
    rings = [
        [(exact(x), exact(y)) for x, y in ring.coords]
        for part in getattr(polygon, "geoms", [polygon])
        for ring in (part.exterior, *part.interiors)
    ]
    return [edge for ring in rings for edge in pairwise(ring)]


def is_on_edge(point: Flat, a: Flat, b: Flat) -> bool:
    (x, y), (ax, ay), (bx, by) = point, a, b
    is_on_line = (bx - ax) * (y - ay) == (by - ay) * (x - ax)
    return is_on_line and min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by)


def is_right_of(point: Flat, a: Flat, b: Flat) -> bool:
    """Whether the edge is cut by the ray from the point to the left."""
    (x, y), (ax, ay), (bx, by) = point, a, b
    return (ay <= y) != (by <= y) and ax + (y - ay) * (bx - ax) / (by - ay) < x
