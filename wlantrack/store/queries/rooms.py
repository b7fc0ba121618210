"""Selects of rooms over all buildings: the list with its filters, one room, what lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.places import Building, Floor, Room, Wing
from wlantrack.store.queries.access_points import in_scopes
from wlantrack.store.queries.paging import fetch_page
from wlantrack.store.queries.scopes import Sight, in_places, in_reach, is_public_room

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page, SortColumns
    from wlantrack.store.queries.scopes import Reach


@dataclass(frozen=True)
class RoomFilter:
    """What a list of rooms is narrowed to; empty fields narrow nothing."""

    words: str = ""
    building: str = ""
    wing: str = ""
    level: int | None = None
    use: str = ""
    conference: str = ""
    public: str = ""
    secure: str = ""


@dataclass(frozen=True)
class RoomRow:
    """One line of the list of rooms."""

    public_id: uuid.UUID
    number: str
    name: str
    building: str
    level: int
    floor_public_id: uuid.UUID
    wing: str | None
    use: str
    seats: int | None
    conference_equipment: str
    is_public: bool
    is_secure: bool
    has_outline: bool
    access_points: int
    note: str

    @property
    def code(self) -> str:
        """Give floor and number, by which people tell rooms of several floors apart."""
        return f"{self.building}/{self.level} {self.number}"


SORTS: SortColumns = {
    "number": (Room.number, Building.code, Floor.level, Room.id),
    "name": (Room.name, Room.number, Room.id),
    "floor": (Building.code, Floor.level, Room.number, Room.id),
    "wing": (Wing.code, Room.number, Room.id),
    "use": (Room.use, Room.number, Room.id),
    "seats": (Room.seats, Room.number, Room.id),
    "conference": (Room.conference_equipment, Room.number, Room.id),
    "public": (Room.is_public, Room.number, Room.id),
    "secure": (Room.is_secure, Room.number, Room.id),
}


def _matches(narrow: RoomFilter, reach: Reach) -> ColumnElement[bool]:
    whole = reach.whole if isinstance(reach, Sight) else reach
    conference = (
        Room.conference_equipment != "none"
        if narrow.conference == "any"
        else Room.conference_equipment == narrow.conference
    )
    conditions = [
        (narrow.building, Building.code == narrow.building),
        (narrow.wing, Wing.code == narrow.wing),
        (narrow.level is not None, Floor.level == narrow.level),
        (narrow.use, Room.use == narrow.use),
        (narrow.conference, conference),
        (narrow.public, Room.is_public.is_(narrow.public == "yes")),
        (narrow.secure, Room.is_secure.is_(narrow.secure == "yes")),
        (
            narrow.words,
            or_(
                Room.number.icontains(narrow.words, autoescape=True),
                Room.name.icontains(narrow.words, autoescape=True),
                and_(
                    in_places(whole, Floor.building_id, Room.wing_id),
                    Room.note.icontains(narrow.words, autoescape=True),
                ),
            ),
        ),
    ]
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def list_rows(
    session: Session,
    scopes: Reach,
    points: Reach,
    narrow: RoomFilter,
    page: Page,
) -> tuple[list[RoomRow], int]:
    """Give one page of the list and the number of all lines that match.

    Access points are counted as far as ``points`` reaches.
    """
    count = (
        select(func.count(AccessPoint.id))
        .where(AccessPoint.room_id == Room.id, in_scopes(points))
        .correlate(Room, Floor)
        .scalar_subquery()
    )
    query = (
        select(
            Room.public_id,
            Room.number,
            Room.name,
            Building.code.label("building"),
            Floor.level,
            Floor.public_id.label("floor_public_id"),
            Wing.code.label("wing"),
            Room.use,
            Room.seats,
            Room.conference_equipment,
            Room.is_public,
            Room.is_secure,
            Room.outline.is_not(None).label("has_outline"),
            count.label("access_points"),
            Room.note,
        )
        .join(Floor, Floor.id == Room.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Wing, Wing.id == Room.wing_id)
        .where(
            in_reach(scopes, Floor.building_id, Room.wing_id, is_public_room()),
            _matches(narrow, scopes),
        )
    )
    sorts = {**SORTS, "access_points": (count, Room.number, Room.id)}
    rows, total = fetch_page(session, query, sorts, page)
    return [RoomRow(**row) for row in rows], total


def get_room(session: Session, public_id: uuid.UUID) -> Room | None:
    """Load a room with floor, building and wing."""
    return session.scalar(
        select(Room)
        .options(joinedload(Room.floor).joinedload(Floor.building), joinedload(Room.wing))
        .where(Room.public_id == public_id)
    )


def has_number(session: Session, floor_id: int, number: str, but: int | None = None) -> bool:
    """Tell whether a floor has a room of this number, other than the one with this id."""
    query = select(Room.id).where(Room.floor_id == floor_id, Room.number == number)
    if but is not None:
        query = query.where(Room.id != but)
    return session.scalar(query.limit(1)) is not None


def list_access_points(session: Session, room_id: int) -> list[AccessPoint]:
    """Give the access points of a room, by code; of what they refer to only the room."""
    return list(
        session.scalars(
            select(AccessPoint)
            .options(joinedload(AccessPoint.room))
            .where(AccessPoint.room_id == room_id)
            .order_by(AccessPoint.code)
        )
    )
