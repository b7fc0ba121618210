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
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    walled: BaseGeometry | None = None
    """What walls and rooms enclose; None as long as the drawing has only begun."""


def find_extent(
    session: Session,
    floor: Floor,
    walls: Sequence[WallRow],
    positions_xy: Sequence[tuple[float, float]],
) -> Extent:
    """Give a floor's extent from its own walls, its rooms and plans, and its access points."""
    plan, lines = _load_plan(session, floor.id), _lines_of(walls)
    rooms = _load_rooms(session, floor.id)
    walled = _enclose(lines)
    stands_for_floor = shapely.union_all([walled, rooms]).area > BEGUN_SHARE * plan.area
    zones = shapely.union_all(demand_queries.list_zone_outlines(session, floor.id))
    drawn = [lines, rooms, zones, *(() if stands_for_floor else (plan,))]
    shown = shapely.GeometryCollection([*drawn, shapely.MultiPoint(positions_xy)])
    if shown.is_empty:
        return Extent(EMPTY_FLOOR_M, shapely.box(*EMPTY_FLOOR_M))
    x0, y0, x1, y1 = shown.bounds
    bounds_m = (x0 - MARGIN_M, y0 - MARGIN_M, x1 + MARGIN_M, y1 + MARGIN_M)
    is_walled = stands_for_floor and not walled.is_empty
    inside = shapely.union_all([walled, rooms]) if is_walled else None
    for area in (walled if stands_for_floor else plan, plan, walled):
        if area.area > 0:
            return Extent(bounds_m, area, inside)
    return Extent(bounds_m, shapely.box(*bounds_m), inside)


def find_walled_area(session: Session, floor_id: int) -> BaseGeometry | None:
    """Give what a floor's walls and rooms enclose; None as long as the drawing has only begun."""
    walled = _enclose(_lines_of(wall_queries.list_walls(session, [floor_id])))
    if walled.is_empty:
        return None
    inside: BaseGeometry = shapely.union_all([walled, _load_rooms(session, floor_id)])
    return inside if inside.area > BEGUN_SHARE * _load_plan(session, floor_id).area else None


def _load_plan(session: Session, floor_id: int) -> BaseGeometry:
    return shapely.union_all(place_queries.list_floor_plan_outlines(session, floor_id))


def _load_rooms(session: Session, floor_id: int) -> BaseGeometry:
    rooms = place_queries.list_rooms(session, floor_id)
    return shapely.union_all([room.outline for room in rooms if room.outline is not None])


def _lines_of(walls: Iterable[WallRow]) -> shapely.MultiLineString:
    return shapely.MultiLineString(
        [[(wall.x1_m, wall.y1_m), (wall.x2_m, wall.y2_m)] for wall in walls]
    )


def _enclose(lines: shapely.MultiLineString) -> BaseGeometry:
    """Give the area that walls go round; empty as long as they lead nowhere."""
    if lines.is_empty:
        return shapely.Polygon()
    # One by one: a buffer of all at once takes gigabytes where a thousand walls cross each other.
    thick = shapely.union_all(
        shapely.buffer(shapely.get_parts(lines), WIDEST_GAP_M / 2, quad_segs=2)
    )
    if not any(part.interiors for part in shapely.get_parts(thick)):
        return shapely.Polygon()
    # A hull knows corners only: with points along the walls it follows them, not their gaps.
    return shapely.concave_hull(shapely.segmentize(lines, 1.0), ratio=0.3)
