"""Room groups: named sets of rooms over the wings and floors of a building."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm.attributes import flag_modified

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.services import history, places, public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.ranges import list_missing, refuse_any, refuse_taken
from wlantrack.services.removal import delete_record
from wlantrack.services.versions import require_version
from wlantrack.store.models.demand import RoomGroup, RoomGroupMember
from wlantrack.store.queries import demand as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Collection, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.history import Entry
    from wlantrack.services.paging import Page
    from wlantrack.store.models.places import Building, Room
    from wlantrack.store.queries.places import BuildingName

_CODE = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß._-]{0,39}")


@dataclass(frozen=True)
class GroupValues:
    """What people edit about a room group; ``rooms`` are public ids."""

    code: str
    name: str
    note: str = ""
    rooms: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True)
class GroupRow:
    """One line of the list of room groups: how many of its rooms are in scope."""

    group: RoomGroup
    rooms: list[Room]
    wings: list[str]
    seats: int

    @property
    def public_id(self) -> uuid.UUID:
        """Give the group's id."""
        return self.group.public_id


@dataclass(frozen=True)
class GroupFilter:
    """What the list of room groups is narrowed to: words of code and name, a building's code."""

    words: str = ""
    building: str = ""

    def admits(self, group: RoomGroup) -> bool:
        """Tell whether a group is among those asked for."""
        text = f"{group.code} {group.name} {group.note}".casefold()
        has_words = all(word in text for word in self.words.casefold().split())
        return has_words and self.building in {"", group.building.code}


# A city has a handful of groups, and what a line shows depends on the reader's scope: they are
# sorted here, not by the database.
_SORTS: Mapping[str, Callable[[GroupRow], Any]] = {
    "name": lambda row: row.group.name.casefold(),
    "code": lambda row: row.group.code.casefold(),
    "building": lambda row: row.group.building.code.casefold(),
    "wings": lambda row: row.wings,
    "rooms": lambda row: len(row.rooms),
    "seats": lambda row: row.seats,
}


def list_groups(
    session: Session, actor: Actor, narrow: GroupFilter, page: Page
) -> tuple[list[GroupRow], int]:
    """Give one page of the room groups of the buildings in scope, and how many match."""
    ids = places.visible_buildings(actor, Action.SEE_PLACES)
    found = [group for group in queries.list_groups(session, ids) if narrow.admits(group)]
    rows = sorted((make_row(actor, group) for group in found), key=_SORTS["name"])
    rows.sort(key=_SORTS.get(page.sort, _SORTS["name"]), reverse=page.is_descending)
    return rows[page.offset : page.offset + page.limit], len(rows)


def make_row(actor: Actor, group: RoomGroup) -> GroupRow:
    """Give a group with its rooms in scope."""
    rooms = visible_rooms(actor, group)
    wings = sorted({room.wing.code for room in rooms if room.wing is not None})
    return GroupRow(group, rooms, wings, sum(room.seats or 0 for room in rooms))


def visible_rooms(actor: Actor, group: RoomGroup) -> list[Room]:
    """Give a group's rooms in scope, by floor and number."""
    rooms = [
        member.room
        for member in group.members
        if public_sight.sees_room(actor, member.room, group.building_id)
    ]
    return sorted(rooms, key=lambda room: (room.floor.level, room.number))


def find_group(session: Session, actor: Actor, ref: str) -> RoomGroup:
    """Give a room group by public id, with building, rooms, floors and wings.

    Raises
    ------
    NotFound
        There is none, or its building is out of scope.
    """
    public_id = places.parse_uuid(ref)
    group = queries.get_group(session, public_id) if public_id is not None else None
    if group is None or not actor.sees(group.building_id):
        raise NotFound(msg("There is no such room group; perhaps somebody has deleted it."))
    return group


def list_buildings(session: Session, actor: Actor) -> list[BuildingName]:
    """Give the buildings to which the actor may add a room group."""
    pairs = actor.scope_pairs(Action.EDIT_DEMAND)
    whole = None if pairs is None else [building for building, wing in pairs if wing is None]
    return place_queries.list_building_names(session, whole)


def show_group(session: Session, actor: Actor, ref: str) -> tuple[GroupRow, list[Entry]]:
    """Give a room group with its rooms in scope, and what happened to it."""
    group = find_group(session, actor, ref)
    return make_row(actor, group), history.list_of_record(
        session, actor, "room_group", group.public_id
    )


def list_candidates(session: Session, actor: Actor, building: Building) -> list[Room]:
    """Give the rooms of a building in scope that a group may hold, by floor and number."""
    return [
        room
        for room in place_queries.list_all_rooms(session, [building.id])
        if public_sight.sees_room(actor, room, building.id)
    ]


def add_group(session: Session, actor: Actor, building_ref: str, values: GroupValues) -> RoomGroup:
    """Add a room group to a building.

    Raises
    ------
    InvalidInput
        The code is taken or none, or a room belongs to another building.
    """
    building = places.find_building(session, actor, building_ref)
    actor.require(Action.EDIT_DEMAND, building.id)
    group = RoomGroup(building_id=building.id, members=[])
    _apply(session, group, values)
    set_members(session, group, values.rooms)
    session.add(group)
    session.commit()
    return group


def edit_group(
    session: Session, actor: Actor, ref: str, values: GroupValues, version: int | None
) -> RoomGroup:
    """Change a room group and which rooms it holds.

    Raises
    ------
    InvalidInput
        The code is taken or none, or a room belongs to another building.
    Conflict
        Somebody else has changed it since.
    """
    group = find_group(session, actor, ref)
    actor.require(Action.EDIT_DEMAND, group.building_id)
    require_version(session, group, version)
    with session.no_autoflush:
        _apply(session, group, values)
        if set_members(session, group, values.rooms):
            # The version guards the whole group, its rooms included.
            flag_modified(group, "note")
    session.commit()
    return group


def delete_group(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a room group; its rooms stay.

    Raises
    ------
    InvalidInput
        A milestone is about it.
    """
    group = find_group(session, actor, ref)
    actor.require(Action.EDIT_DEMAND, group.building_id)
    require_version(session, group, version)
    delete_record(session, group)
    session.commit()


def _apply(session: Session, group: RoomGroup, values: GroupValues) -> None:
    problems = list_missing(values, ["name"])
    if not _CODE.fullmatch(values.code):
        message = msg("A code has up to 40 letters, digits, dots, hyphens or underscores.")
        problems.append(Problem(message, field="code", value=values.code))
    refuse_any(problems)
    for other in queries.list_groups(session, [group.building_id]):
        if other.code == values.code and other is not group:
            raise refuse_taken("code", values.code)
    group.code, group.name, group.note = values.code, values.name, values.note


def set_members(session: Session, group: RoomGroup, rooms: Collection[uuid.UUID]) -> bool:
    """Let a group hold exactly these rooms of its building; tells whether that changed anything.

    Raises
    ------
    InvalidInput
        A room is none of the building's.
    """
    known = {
        room.public_id: room for room in place_queries.list_all_rooms(session, [group.building_id])
    }
    unknown = [ref for ref in rooms if ref not in known]
    if unknown:
        raise InvalidInput(
            Problem(
                msg("This room does not belong to the building."),
                msg("Choose rooms of the group's own building."),
                field="rooms",
                value=str(unknown[0]),
            )
        )
    wanted = {known[ref].id for ref in rooms}
    present = {member.room_id for member in group.members}
    if wanted == present:
        return False
    group.members = [member for member in group.members if member.room_id in wanted]
    group.members += [RoomGroupMember(room_id=room_id) for room_id in sorted(wanted - present)]
    return True
