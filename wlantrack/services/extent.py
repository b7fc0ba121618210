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


@dataclass(frozen=True)
class Drawing:
    """What is drawn of a floor, as areas; all of them may be empty.

    ``walled`` is what its walls go round, ``inside`` that and its rooms.
    """

    plan: BaseGeometry
    walled: BaseGeometry
    inside: BaseGeometry
    lines: BaseGeometry
    zones: BaseGeometry

    @property
    def stands_for_floor(self) -> bool:
        """Tell whether so much is drawn that the floor is what walls and rooms enclose."""
        return bool(self.inside.area > BEGUN_SHARE * self.plan.area)

    @property
    def walled_area(self) -> BaseGeometry | None:
        """Give what walls and rooms enclose; None as long as the drawing has only begun."""
        return self.inside if self.stands_for_floor and not self.walled.is_empty else None

    def extent_with(self, positions_xy: Sequence[tuple[float, float]]) -> Extent:
        """Give the floor's extent when its access points hang at these places."""
        judged = self.walled if self.stands_for_floor else self.plan
        drawn = [self.lines, self.inside, self.zones]
        if not self.stands_for_floor:
            drawn.append(self.plan)
        shown = shapely.GeometryCollection([*drawn, shapely.MultiPoint(positions_xy)])
        if shown.is_empty:
            return Extent(EMPTY_FLOOR_M, shapely.box(*EMPTY_FLOOR_M))
        x0, y0, x1, y1 = shown.bounds
        bounds_m = (x0 - MARGIN_M, y0 - MARGIN_M, x1 + MARGIN_M, y1 + MARGIN_M)
        for area in (judged, self.plan, self.walled):
            if area.area > 0:
                return Extent(bounds_m, area, self.walled_area)
        return Extent(bounds_m, shapely.box(*bounds_m), self.walled_area)


def load_drawing(session: Session, floor_id: int) -> Drawing:
    """Load what is drawn of a floor: its plans, walls, rooms and zones."""
    walls = wall_queries.list_walls(session, [floor_id])
    lines, rooms = _lines_of(walls), _load_rooms(session, floor_id)
    walled = _enclose(lines)
    return Drawing(
        plan=shapely.union_all(place_queries.list_floor_plan_outlines(session, floor_id)),
        walled=walled,
        inside=shapely.union_all([walled, rooms]),
        lines=lines,
        zones=shapely.union_all(demand_queries.list_zone_outlines(session, floor_id)),
    )


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
