"""Where an access point may lie: on the plan, within the walls, in which room and wing.

Decides what is refused (off the plan, a foreign wing or room) and what is only warned of (indoors by
its record, but outside the walls drawn so far).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services.extent import load_drawing
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.access_points import AccessPointValues
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Floor, Room, Wing

WALL_SLACK_M = 0.5
"""On an outer wall, whose line is its middle, an access point is still inside."""


@dataclass(frozen=True)
class Whereabouts:
    """In which room and wing a point of a floor lies, as far as outlines tell."""

    room: Room | None
    wing: Wing | None


def locate(floor: Floor, rooms: Iterable[Room], x_m: float, y_m: float) -> Whereabouts:
    """Tell in which of a floor's rooms and wings a point lies; the wing by its room, else by its outline.

    The rooms' wings and the building's wings must be loaded.
    """
    point = shapely.Point(x_m, y_m)
    for room in rooms:
        if room.outline is not None and room.outline.covers(point):
            return Whereabouts(room, room.wing or _wing_around(floor, point))
    return Whereabouts(None, _wing_around(floor, point))


def _wing_around(floor: Floor, point: shapely.Point) -> Wing | None:
    for wing in floor.building.wings:
        if wing.outline is not None and wing.outline.covers(point):
            return wing
    return None


def load_plan_areas(session: Session) -> dict[int, BaseGeometry]:
    """Give the area that the current scaled plans of each floor cover, by floor id."""
    areas: dict[int, list[shapely.Polygon]] = {}
    for floor_id, outline in place_queries.list_plan_outlines(session):
        areas.setdefault(floor_id, []).append(outline)
    return {floor_id: shapely.union_all(parts) for floor_id, parts in areas.items()}


def check_place(point: AccessPointValues | AccessPoint, area: BaseGeometry | None) -> None:
    """Refuse an indoor access point that lies off its floor's plan; without a plan all is well.

    Raises
    ------
    InvalidInput
        Names the coordinates and the plan's extent.
    """
    if area is None or point.is_outdoor or area.covers(shapely.Point(point.x_m, point.y_m)):
        return
    x0, y0, x1, y1 = area.bounds
    raise InvalidInput(
        Problem(
            msg(
                "The position lies off the plan, which covers x %(x0).1f to %(x1).1f m and"
                " y %(y0).1f to %(y1).1f m.",
                x0=x0,
                x1=x1,
                y0=y0,
                y1=y1,
            ),
            msg("Check both coordinates, or mark the access point as outdoor."),
            field="x_m",
            value=f"{point.x_m:g}, {point.y_m:g}",
        )
    )


def check_belonging(floor: Floor, wing: Wing | None, room: Room | None) -> None:
    """Refuse a wing of another building, or a room of another floor.

    Raises
    ------
    InvalidInput
        Names the wing or the room.
    """
    if wing is not None and wing.building_id != floor.building_id:
        raise InvalidInput(
            Problem(
                msg("The wing belongs to another building than the floor."),
                msg("Name a wing of the floor's building, or leave the wing empty."),
                field="wing",
                value=wing.code,
            )
        )
    if room is not None and room.floor_id != floor.id:
        raise InvalidInput(
            Problem(
                msg("The room lies on another floor."),
                msg("Name a room of this floor, or leave the room empty."),
                field="room",
                value=room.number,
            )
        )


def warn_of_place(point: AccessPoint, walled: BaseGeometry | None) -> list[Problem]:
    """Tell that an indoor access point lies outside the walls; without walls nobody knows."""
    if walled is None or point.is_outdoor:
        return []
    place = shapely.Point(point.x_m, point.y_m)
    if walled.distance(place) <= WALL_SLACK_M:
        return []
    return [
        Problem(
            msg(
                "The position x %(x)g m, y %(y)g m lies outside the walls drawn on this floor.",
                x=point.x_m,
                y=point.y_m,
            ),
            msg("Check both coordinates, or mark the access point as outdoor."),
            field="x_m",
        )
    ]


def list_place_warnings(session: Session, point: AccessPoint) -> list[Problem]:
    """Give what is odd about where an access point lies."""
    return warn_of_place(point, load_drawing(session, point.floor_id).walled_area)
