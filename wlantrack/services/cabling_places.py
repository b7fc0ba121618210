"""Where distributors and outlets stand: both are in a floor, a wing and a room."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import places, public_sight
from wlantrack.services.point_places import locate
from wlantrack.services.walls import check_coordinate
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.cabling import Distributor, Outlet
    from wlantrack.store.models.places import Floor, Room, Wing


@dataclass(frozen=True)
class PlaceValues:
    """Where something stands: a floor (``RH/3``), and wing, room and position if they are known."""

    floor: str
    wing: str = ""
    room: str = ""
    x_m: float | None = None
    y_m: float | None = None


@dataclass(frozen=True)
class StandingPlace:
    """The same as records."""

    floor: Floor
    wing: Wing | None
    room: Room | None
    x_m: float | None
    y_m: float | None


def resolve_place(
    session: Session, actor: Actor, values: PlaceValues, kept: Room | None = None
) -> StandingPlace:
    """Find floor, wing and room; what is not named follows from the room, else from the position.

    Parameters
    ----------
    kept
        The room in which something stands already: it may stay there, seen or not.

    Raises
    ------
    InvalidInput
        A name is unknown, or only one coordinate is given.
    """
    floor = places.find_floor(session, actor, values.floor).floor
    if (values.x_m is None) != (values.y_m is None):
        raise InvalidInput(
            Problem(
                msg("A position needs both coordinates."),
                msg("Fill in x and y, or leave both empty."),
                field="x_m" if values.x_m is None else "y_m",
            )
        )
    room = find_room(session, actor, floor, values.room, kept) if values.room else None
    wing = find_wing(floor, values.wing) if values.wing else room.wing if room else None
    if values.x_m is not None and values.y_m is not None:
        check_coordinate(values.x_m, "x_m")
        check_coordinate(values.y_m, "y_m")
        if room is None:
            rooms = place_queries.list_rooms(session, floor.id)
            where = locate(floor, rooms, values.x_m, values.y_m)
            room, wing = where.room, wing or where.wing
    return StandingPlace(floor, wing, room, values.x_m, values.y_m)


def find_wing(floor: Floor, code: str) -> Wing:
    """Give a wing of the floor's building by code.

    Raises
    ------
    InvalidInput
        The building has none of this code.
    """
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


def find_room(
    session: Session, actor: Actor, floor: Floor, number: str, kept: Room | None = None
) -> Room:
    """Give a room of a floor by number; one out of scope may only stay.

    Raises
    ------
    InvalidInput
        The floor has none of this number, or it is out of scope.
    """
    for room in place_queries.list_rooms(session, floor.id):
        is_seen = room is kept or public_sight.sees_room(actor, room, floor.building_id)
        if room.number == number and is_seen:
            return room
    raise InvalidInput(
        Problem(
            msg("The floor has no such room."),
            msg("Write the room's number as in the list of rooms, or leave it empty."),
            field="room",
            value=number,
        )
    )


def put_in_place(record: Distributor | Outlet, place: StandingPlace) -> None:
    """Set floor, wing, room and position of a record."""
    record.floor_id, record.floor = place.floor.id, place.floor
    record.wing_id, record.wing = (place.wing.id if place.wing else None), place.wing
    record.room_id, record.room = (place.room.id if place.room else None), place.room
    record.x_m, record.y_m = place.x_m, place.y_m


def next_number(codes: list[str], prefix: str) -> int:
    """Give the number after the highest that follows a prefix."""
    numbers = [
        int(code.removeprefix(prefix)) for code in codes if code.removeprefix(prefix).isdecimal()
    ]
    return max(numbers, default=0) + 1


def natural_key(text: str) -> list[tuple[int, str]]:
    """Give a key that sorts numbers inside words by their value."""
    parts = re.split(r"(\d+)", text)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts if part]


def taken_code(code: str) -> InvalidInput:
    """Say that a code is taken."""
    return InvalidInput(
        Problem(
            msg("This code is taken."),
            msg("Choose another code, or leave it empty to get the next free one."),
            field="code",
            value=code,
        )
    )


def still_in_use(code: str, count: int) -> InvalidInput:
    """Say that something still hangs on a record that was to be deleted."""
    return InvalidInput(
        Problem(
            msg("%(count)d other entries still hang on %(code)s.", count=count, code=code),
            msg("Move or delete these first: cable runs, and switches of a distributor."),
            field="code",
            value=code,
        )
    )
