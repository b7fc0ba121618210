"""Walls, slabs and clutter as arrays, ready to be seen from any access point.

Decides which obstacles are usable numbers and lays them out once for a scene. Refuses to know
access points and rasters.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
import shapely

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.radio.bands import BANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from wlantrack.radio.scene import ClutterArea, Slab, Wall

    FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Walls:
    """W vertical rectangles: ends (2, W) in metres, absolute heights (W,), losses (bands, W)."""

    start_xy: FloatArray
    end_xy: FloatArray
    bottom_m: FloatArray
    top_m: FloatArray
    loss_db: FloatArray


@dataclass(frozen=True)
class Edges:
    """The E directed edges of a polygon with its holes: (2, E) each, interior on the left."""

    start_xy: FloatArray
    end_xy: FloatArray


@dataclass(frozen=True)
class FlatSlab:
    """A horizontal polygon at an absolute height, losses (bands,)."""

    edges: Edges
    z_m: float
    loss_db: FloatArray


@dataclass(frozen=True)
class Prism:
    """A polygon between two absolute heights, losses (bands,) a metre inside."""

    edges: Edges
    bottom_m: float
    top_m: float
    db_per_m: FloatArray


@dataclass(frozen=True)
class Obstacles:
    """Everything in a building that a link can meet."""

    walls: Walls
    slabs: tuple[FlatSlab, ...]
    prisms: tuple[Prism, ...]


def find_base_m(floor_heights_m: Sequence[float], floor: int) -> float:
    """Give the height of a floor's base above the base of floor 0.

    Raises
    ------
    InvalidInput
        The building has no such floor, or a storey height is not a positive number.
    """
    if not all(math.isfinite(height) and height > 0 for height in floor_heights_m):
        message = msg("A storey height is not a positive number.")
        raise refuse(message, "floor_heights_m", tuple(floor_heights_m))
    if not 0 <= floor < len(floor_heights_m):
        message = msg("The building has no floor with index %(floor)s.", floor=floor)
        raise refuse(message, "floor", floor)
    return tuple(accumulate(floor_heights_m, initial=0.0))[floor]


def arrange_walls(walls: Sequence[Wall], floor_heights_m: Sequence[float]) -> Walls:
    """Lay walls out as arrays with absolute heights.

    Raises
    ------
    InvalidInput
        A number is not finite, a loss is negative or missing, or a wall ends below where it begins;
        the message names each such wall by its place in the sequence, counted from 1.
    """
    bases_m = {floor: find_base_m(floor_heights_m, floor) for floor in {w.floor for w in walls}}
    misshapen = [i for i, wall in enumerate(walls) if len(wall.loss_db) != len(BANDS)]
    if misshapen:
        raise InvalidInput(*(_wall_problem(walls[i], i + 1) for i in misshapen))
    rows = [
        (w.x1_m, w.y1_m, w.x2_m, w.y2_m, w.bottom_m, w.top_m, *w.loss_db, bases_m[w.floor])
        for w in walls
    ]
    table = np.array(rows, dtype=float).reshape(len(walls), 10).T.copy()
    is_bad = ~np.isfinite(table).all(axis=0) | (table[6:9] < 0).any(axis=0) | (table[4] > table[5])
    if is_bad.any():
        raise InvalidInput(
            *(_wall_problem(walls[i], i + 1) for i in np.flatnonzero(is_bad).tolist())
        )
    return Walls(table[0:2], table[2:4], table[4] + table[9], table[5] + table[9], table[6:9])


def arrange_slabs(slabs: Iterable[Slab]) -> tuple[FlatSlab, ...]:
    """Take slabs apart into edges.

    Raises
    ------
    InvalidInput
        A number is not finite, a loss is negative, or a polygon is not valid.
    """
    flat = []
    for number, slab in enumerate(slabs, 1):
        if not math.isfinite(slab.z_m) or not _are_losses(slab.loss_db):
            message = msg("Slab %(number)s has an unusable height or loss.", number=number)
            raise refuse(message, "slabs", slab)
        message = msg("The polygon of slab %(number)s is not valid.", number=number)
        flat.append(FlatSlab(_take_apart(slab.polygon, message), slab.z_m, np.array(slab.loss_db)))
    return tuple(flat)


def arrange_areas(
    areas: Iterable[ClutterArea], floor_heights_m: Sequence[float]
) -> tuple[Prism, ...]:
    """Take clutter areas apart into edges, with absolute heights.

    Raises
    ------
    InvalidInput
        A number is not finite, a loss is negative, an area ends below where it begins, or a
        polygon is not valid.
    """
    prisms = []
    for number, area in enumerate(areas, 1):
        is_upright = -math.inf < area.bottom_m <= area.top_m < math.inf
        if not is_upright or not _are_losses(area.db_per_m):
            message = msg("Clutter area %(number)s has unusable heights or loss.", number=number)
            raise refuse(message, "areas", area)
        message = msg("The polygon of clutter area %(number)s is not valid.", number=number)
        edges = _take_apart(area.polygon, message)
        base_m = find_base_m(floor_heights_m, area.floor)
        heights_m = (base_m + area.bottom_m, base_m + area.top_m)
        prisms.append(Prism(edges, *heights_m, np.array(area.db_per_m)))
    return tuple(prisms)


def refuse(message: Message, field: str, value: object) -> InvalidInput:
    """Build the refusal of a scene's part."""
    remedy = msg("Correct the drawing or the imported values.")
    return InvalidInput(Problem(message, remedy, field=field, value=str(value)))


def _are_losses(values_db: Sequence[float]) -> bool:
    """Tell whether there is one finite number of at least 0 for each band."""
    return len(values_db) == len(BANDS) and all(0 <= value < math.inf for value in values_db)


def _wall_problem(wall: Wall, number: int) -> Problem:
    return Problem(
        msg("Wall %(number)s has a coordinate, height or loss that cannot be used.", number=number),
        msg("Give finite coordinates, a bottom below the top and losses of at least 0 dB."),
        row=number,
        field="walls",
        value=str(wall),
    )


def _take_apart(polygon: shapely.Polygon | shapely.MultiPolygon, message: Message) -> Edges:
    """Split a polygon into directed edges, the interior always on their left."""
    is_area = polygon.geom_type in {"Polygon", "MultiPolygon"}
    is_finite = bool(np.isfinite(shapely.get_coordinates(polygon)).all())
    if not is_area or not is_finite or not polygon.is_valid:
        raise refuse(message, "polygon", polygon.wkt[:80])
    # orient_polygons: exterior rings anticlockwise, holes clockwise.
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(polygon)))
    corners = [shapely.get_coordinates(ring).T for ring in rings]
    if not corners:
        return Edges(np.empty((2, 0)), np.empty((2, 0)))
    starts = np.concatenate([ring[:, :-1] for ring in corners], axis=1)
    return Edges(starts, np.concatenate([ring[:, 1:] for ring in corners], axis=1))
