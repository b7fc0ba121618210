"""Rooms: the list over all buildings, one room, adding, changing and deleting it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import shapely

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.services import history, places, public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.ranges import list_out_of_range, refuse_any
from wlantrack.services.versions import require_version
from wlantrack.store.models.places import CONFERENCE_STATES, ROOM_USES, Room
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import demand as demand_queries
from wlantrack.store.queries import rooms as queries
from wlantrack.store.queries.rooms import RoomFilter

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.history import Entry
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.demand import RoomGroup
    from wlantrack.store.models.places import Floor, Wing
    from wlantrack.store.queries.paging import Page
    from wlantrack.store.queries.rooms import RoomRow

__all__ = ["RoomFilter"]

USE_WORDS = {
    "office": msg("office"),
    "meeting": msg("meeting"),
    "council": msg("council"),
    "public": msg("public"),
    "corridor": msg("corridor"),
    "stairs": msg("stairs"),
    "sanitary": msg("sanitary"),
    "technical": msg("technical"),
    "storage": msg("storage"),
    "other": msg("other"),
}
CONFERENCE_WORDS = {
    "none": msg("none there"),
    "present": msg("there"),
    "requested": msg("requested"),
    "ordered": msg("ordered"),
}
"""State of a room's conference equipment."""

CONFERENCE_USES = ("meeting", "council")
MOST_SEATS = 10_000


@dataclass(frozen=True)
class RoomValues:
    """What people edit about a room; ``wing`` is a code of the building's."""

    number: str
    name: str = ""
    wing: str = ""
    use: str = "other"
    seats: int | None = None
    conference_equipment: str = "none"
    is_public: bool = False
    is_secure: bool = False
    outline: BaseGeometry | None = None
    note: str = ""


_PLAIN_FIELDS = tuple(item.name for item in fields(RoomValues) if item.name != "wing")


@dataclass(frozen=True)
class RoomDetails:
    """A room with what lies in it, the groups it belongs to, and what happened to it."""

    room: Room
    access_points: list[AccessPoint]
    groups: list[RoomGroup]
    history: list[Entry]


def is_for_conferences(room: Room) -> bool:
    """Tell whether people hold conferences in a room, or will: by its use or its equipment."""
    return room.use in CONFERENCE_USES or room.conference_equipment != "none"


def list_rooms(
    session: Session, actor: Actor, narrow: RoomFilter, page: Page
) -> tuple[list[RoomRow], int]:
    """Give one page of the rooms in scope, and how many match."""
    return queries.list_rows(
        session,
        public_sight.reach_of(actor, Action.SEE_PLACES),
        public_sight.reach_of(actor, Action.SEE_ACCESS_POINTS),
        narrow,
        page,
    )


def find_room(session: Session, actor: Actor, ref: str) -> Room:
    """Give a room by public id, with floor, building and wing.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    room = queries.get_room(session, public_id) if public_id is not None else None
    if room is None or not public_sight.sees_room(actor, room, room.floor.building_id):
        raise NotFound(msg("There is no such room; perhaps somebody has deleted it."))
    return room


def show_room(session: Session, actor: Actor, ref: str) -> RoomDetails:
    """Give a room with its access points in scope, its groups, and its history if it is told."""
    room = find_room(session, actor, ref)
    is_told = actor.can(Action.SEE_DETAILS, room.floor.building_id, room.wing_id)
    points = [
        point
        for point in queries.list_access_points(session, room.id)
        if public_sight.sees_point(actor, point, room.floor.building_id)
    ]
    return RoomDetails(
        room,
        points,
        demand_queries.list_groups_of_room(session, room.id),
        history.list_of_record(session, actor, "room", room.public_id) if is_told else [],
    )


def add_room(session: Session, actor: Actor, floor_ref: str, values: RoomValues) -> Room:
    """Add a room to a floor; access points inside its outline move into it.

    Raises
    ------
    InvalidInput
        A value is out of range, or the floor has a room of this number.
    """
    floor = places.find_floor(session, actor, floor_ref).floor
    wing = find_wing(floor, values.wing)
    actor.require(Action.EDIT_PLACES, floor.building_id, wing.id if wing else None)
    room = Room(floor_id=floor.id)
    _apply(session, room, floor, values, wing)
    session.add(room)
    session.flush()
    _gather_access_points(session, room)
    session.commit()
    return room


def edit_room(
    session: Session, actor: Actor, ref: str, values: RoomValues, version: int | None
) -> Room:
    """Change what people edit about a room.

    Raises
    ------
    InvalidInput
        A value is out of range, or the floor has another room of this number.
    Conflict
        Somebody else has changed it since.
    """
    room = find_room(session, actor, ref)
    floor = places.find_floor(session, actor, str(room.floor.public_id)).floor
    actor.require(Action.EDIT_PLACES, floor.building_id, room.wing_id)
    require_version(session, room, version)
    wing = find_wing(floor, values.wing)
    actor.require(Action.EDIT_PLACES, floor.building_id, wing.id if wing else None)
    has_moved = room.outline != values.outline
    with session.no_autoflush:  # one change, one version, one event
        _apply(session, room, floor, values, wing)
    if has_moved:
        _gather_access_points(session, room)
    session.commit()
    return room


def delete_room(session: Session, actor: Actor, ref: str, version: int | None) -> Floor:
    """Delete a room without access points, and give its floor; groups lose it.

    Raises
    ------
    InvalidInput
        Access points lie in it.
    Conflict
        Somebody else has changed it since.
    """
    room = find_room(session, actor, ref)
    actor.require(Action.EDIT_PLACES, room.floor.building_id, room.wing_id)
    require_version(session, room, version)
    points = queries.list_access_points(session, room.id)
    if points:
        raise InvalidInput(
            Problem(
                msg("Access points lie in this room: %(codes)s.", codes=_name_some(points)),
                msg("Move or delete them first."),
                field="number",
                value=room.number,
            )
        )
    floor = room.floor
    for member in demand_queries.list_memberships(session, room.id):
        session.delete(member)
    session.delete(room)
    session.commit()
    return floor


def _name_some(points: list[AccessPoint]) -> str:
    return ", ".join(point.code for point in points[:3]) + (" ..." if len(points) > 3 else "")


def find_wing(floor: Floor, code: str) -> Wing | None:
    """Give a wing of a floor's building by code; None if no code is given.

    Raises
    ------
    InvalidInput
        The building has no such wing.
    """
    if not code:
        return None
    for wing in floor.building.wings:
        if wing.code == code:
            return wing
    raise InvalidInput(
        Problem(
            msg("The building has no such wing."),
            msg("Write the wing's code such as MP, or add the wing first."),
            field="wing",
            value=code,
        )
    )


def _apply(
    session: Session, room: Room, floor: Floor, values: RoomValues, wing: Wing | None
) -> None:
    _check(values)
    if queries.has_number(session, floor.id, values.number, room.id):
        raise InvalidInput(
            Problem(
                msg("The floor already has a room of this number."),
                msg("Choose another number, or open that room."),
                field="number",
                value=values.number,
            )
        )
    for field in _PLAIN_FIELDS:
        setattr(room, field, getattr(values, field))
    room.wing_id = wing.id if wing else None


def _check(values: RoomValues) -> None:
    problems = list_out_of_range(values, [("seats", 0, MOST_SEATS)])
    for field, allowed in (("use", ROOM_USES), ("conference_equipment", CONFERENCE_STATES)):
        if getattr(values, field) not in allowed:
            message = msg("Choose one of: %(choices)s.", choices=", ".join(allowed))
            problems.append(Problem(message, field=field, value=getattr(values, field)))
    if not values.number.strip():
        problems.append(
            Problem(msg("A room needs a number."), msg("Fill in the number."), field="number")
        )
    refuse_any(problems)


def _gather_access_points(session: Session, room: Room) -> None:
    """Settle the access points of the floor inside the room's new outline in it, and no others."""
    if room.outline is None:
        return
    for point in point_queries.load_access_points(session, [room.floor_id]):
        is_inside = room.outline.covers(shapely.Point(point.x_m, point.y_m))
        if is_inside and point.room_id is None:
            point.room_id = room.id
        elif not is_inside and point.room_id == room.id:
            point.room_id = None
