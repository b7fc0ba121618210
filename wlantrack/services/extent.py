"""How far a floor reaches on a map, and over which area it is judged.

Decides from when on walls and rooms stand for the floor: as long as they enclose next to nothing of
what its plan shows, the drawing has only begun, and the plan's area counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from wlantrack.store.queries import demand as demand_queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor
    from wlantrack.store.queries.walls import WallRow

MARGIN_M = 3.0
"""Shown around what is drawn, so that one sees what leaves the building."""

EMPTY_FLOOR_M = (0.0, 0.0, 50.0, 30.0)
WIDEST_GAP_M = 1.5
"""Through a gap of this width walls still enclose: an open door or a passage."""

BEGUN_SHARE = 0.1
"""Share of the plan that must be enclosed before the drawing stands for the floor."""


@dataclass(frozen=True)
class Extent:
    """What a map of a floor shows, and the area its verdict is taken over unless rooms say it."""

    bounds_m: tuple[float, float, float, float]
    area: BaseGeometry


def find_extent(
    session: Session,
    floor: Floor,
    walls: Sequence[WallRow],
    positions_xy: Sequence[tuple[float, float]],
) -> Extent:
    """Give a floor's extent from its own walls, its rooms and plans, and its access points."""
    plan = shapely.union_all(place_queries.list_floor_plan_outlines(session, floor.id))
    lines = shapely.MultiLineString(
        [[(wall.x1_m, wall.y1_m), (wall.x2_m, wall.y2_m)] for wall in walls]
    )
    rooms = shapely.union_all(
        [
            room.outline
            for room in place_queries.list_rooms(session, floor.id)
            if room.outline is not None
        ]
    )
    walled = _enclose(lines)
    stands_for_floor = shapely.union_all([walled, rooms]).area > BEGUN_SHARE * plan.area
    zones = shapely.union_all(demand_queries.list_zone_outlines(session, floor.id))
    drawn = [lines, rooms, zones, *(() if stands_for_floor else (plan,))]
    shown = shapely.union_all([*drawn, shapely.MultiPoint(positions_xy)])
    if shown.is_empty:
        return Extent(EMPTY_FLOOR_M, shapely.box(*EMPTY_FLOOR_M))
    x0, y0, x1, y1 = shown.bounds
    bounds_m = (x0 - MARGIN_M, y0 - MARGIN_M, x1 + MARGIN_M, y1 + MARGIN_M)
    for area in (walled if stands_for_floor else plan, plan, walled):
        if area.area > 0:
            return Extent(bounds_m, area)
    return Extent(bounds_m, shapely.box(*bounds_m))


def _enclose(lines: shapely.MultiLineString) -> BaseGeometry:
    """Give the area that walls go round; empty as long as they lead nowhere."""
    if lines.is_empty:
        return shapely.Polygon()
    thick = lines.buffer(WIDEST_GAP_M / 2, quad_segs=2)
    if not any(part.interiors for part in shapely.get_parts(thick)):
        return shapely.Polygon()
    # A hull knows corners only: with points along the walls it follows them, not their gaps.
    return shapely.concave_hull(shapely.segmentize(lines, 1.0), ratio=0.3)
