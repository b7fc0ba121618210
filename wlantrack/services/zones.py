"""Zones: parts of a floor with a requirement for one network class, drawn or as rooms by use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.services import history, network_sight, places, public_sight, rooms
from wlantrack.services.actor import Action, Actor
from wlantrack.services.ranges import refuse_any, refuse_taken
from wlantrack.services.versions import require_version
from wlantrack.store.models.demand import Zone
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.models.places import ROOM_USES
from wlantrack.store.queries import demand as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.history import Entry
    from wlantrack.store.models.places import Floor, Room, Wing

_CODE = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß._-]{0,39}")


@dataclass(frozen=True)
class ZoneValues:
    """What people edit about a zone: either an outline or a use of rooms.

    ``wing`` is a code of the building's, ``requirement`` and ``client_profile`` are codes of the
    catalogue; without a profile the survey receiver of the prediction is meant.
    """

    name: str
    network_class: str
    requirement: str
    code: str = ""
    wing: str = ""
    outline: BaseGeometry | None = None
    room_use: str = ""
    band: str = "5"
    client_profile: str = ""
    note: str = ""


def may_see_class(
    actor: Actor, network_class: str, building_id: int, wing_id: int | None = None
) -> bool:
    """Tell whether an actor may see what concerns a network class in a place."""
    return network_class in network_sight.classes_at(actor, building_id, wing_id)


def _may_see(actor: Actor, zone: Zone) -> bool:
    building_id = zone.floor.building_id
    return actor.can(Action.SEE_PLACES, building_id, zone.wing_id) and may_see_class(
        actor, zone.network_class, building_id, zone.wing_id
    )


def list_zones(session: Session, actor: Actor, floor: Floor) -> list[Zone]:
    """Give a floor's zones that the actor may see, by code: those of which anything is in sight."""
    seen = [zone for zone in queries.list_zones(session, floor.id) if _may_see(actor, zone)]
    sight = public_sight.area_of(session, actor, floor)
    if sight is None:
        return seen
    floor_rooms = places.list_rooms(session, actor, floor)
    return [zone for zone in seen if find_outline(zone, floor_rooms, sight) is not None]


def find_zone(session: Session, actor: Actor, ref: str) -> Zone:
    """Give a zone by public id, with all it refers to.

    Raises
    ------
    NotFound
        There is none, or the actor may not see it.
    """
    public_id = places.parse_uuid(ref)
    zone = queries.get_zone(session, public_id) if public_id is not None else None
    if zone is None or not _may_see(actor, zone):
        raise NotFound(msg("There is no such zone; perhaps somebody has deleted it."))
    return zone


def list_history(session: Session, actor: Actor, zone: Zone) -> list[Entry]:
    """Give what happened to a zone, the latest first."""
    return history.list_of_record(session, actor, "zone", zone.public_id)


def find_outline(
    zone: Zone, floor_rooms: Iterable[Room], sight: BaseGeometry | None = None
) -> BaseGeometry | None:
    """Give the area of a zone: as drawn, or all rooms of its use in its wing; None without any.

    Only what lies in ``sight`` is given, if it ends anywhere.
    """
    if zone.room_use is None:
        return public_sight.clip(zone.outline, sight)
    outlines = [room.outline for room in floor_rooms if covers_room(zone, room)]
    known = [outline for outline in outlines if outline is not None]
    return public_sight.clip(shapely.union_all(known), sight) if known else None


def split_by_wing(
    zone: Zone,
    wings: Iterable[Wing],
    floor_rooms: Iterable[Room],
    sight: BaseGeometry | None = None,
) -> dict[int | None, BaseGeometry | None]:
    """Give what of a zone's area lies in which of its building's wings, as far as in ``sight``.

    What lies in no wing has the key None; a wing whose rooms have no outline has the area None.
    """
    if zone.room_use is not None:
        rooms_of: dict[int | None, list[Room]] = {}
        for room in floor_rooms:
            if covers_room(zone, room):
                rooms_of.setdefault(room.wing_id, []).append(room)
        return {wing: find_outline(zone, members, sight) for wing, members in rooms_of.items()}
    area = public_sight.clip(zone.outline, sight)
    if area is None or zone.wing_id is not None:
        return {zone.wing_id: area}
    parts: dict[int | None, BaseGeometry | None] = {}
    for wing in wings:
        if wing.outline is not None:
            parts[wing.id], area = area.intersection(wing.outline), area.difference(wing.outline)
    return parts | {None: area}


def covers_room(zone: Zone, room: Room) -> bool:
    """Tell whether a zone asks something of a room: by its use, or because the room lies in it."""
    if zone.wing_id is not None and room.wing_id != zone.wing_id:
        return False
    if zone.room_use is not None:
        return room.use == zone.room_use
    if zone.outline is None or room.outline is None:
        return False
    return bool(zone.outline.covers(room.outline.representative_point()))


def add_zone(session: Session, actor: Actor, floor_ref: str, values: ZoneValues) -> Zone:
    """Add a zone to a floor; without a code it gets the next free one.

    Raises
    ------
    InvalidInput
        A value is none of the allowed ones, or the code is taken.
    """
    floor = places.find_floor(session, actor, floor_ref).floor
    zone = Zone(floor_id=floor.id, floor=floor)
    _apply(session, actor, zone, floor, values)
    session.add(zone)
    session.commit()
    return zone


def edit_zone(
    session: Session, actor: Actor, ref: str, values: ZoneValues, version: int | None
) -> Zone:
    """Change what people edit about a zone.

    Raises
    ------
    InvalidInput
        A value is none of the allowed ones, or the code is taken.
    Conflict
        Somebody else has changed it since.
    """
    zone = find_zone(session, actor, ref)
    floor = places.find_floor(session, actor, str(zone.floor.public_id)).floor
    actor.require(Action.EDIT_DEMAND, floor.building_id, zone.wing_id)
    require_version(session, zone, version)
    with session.no_autoflush:
        _apply(session, actor, zone, floor, values)
    session.commit()
    return zone


def delete_zone(session: Session, actor: Actor, ref: str, version: int | None) -> Floor:
    """Delete a zone, and give its floor."""
    zone = find_zone(session, actor, ref)
    actor.require(Action.EDIT_DEMAND, zone.floor.building_id, zone.wing_id)
    require_version(session, zone, version)
    floor = zone.floor
    session.delete(zone)
    session.commit()
    return floor


def _apply(session: Session, actor: Actor, zone: Zone, floor: Floor, values: ZoneValues) -> None:
    check_zone(values)
    wing = rooms.find_wing(floor, values.wing)
    wing_id = wing.id if wing else None
    actor.require(Action.EDIT_DEMAND, floor.building_id, wing_id)
    if not may_see_class(actor, values.network_class, floor.building_id, wing_id):
        raise _refuse_choice(
            "network_class", values.network_class, network_sight.visible_classes(actor)
        )
    asked = {record.code: record for record in queries.list_requirements(session)}
    devices = {record.code: record for record in queries.list_profiles(session)}
    if values.requirement not in asked:
        raise _refuse_choice("requirement", values.requirement, asked)
    if values.client_profile and values.client_profile not in devices:
        raise _refuse_choice("client_profile", values.client_profile, devices)
    zone.code = _choose_code(session, zone, values.code.strip())
    for field in ("name", "network_class", "band", "outline", "note"):
        setattr(zone, field, getattr(values, field))
    zone.room_use = values.room_use or None
    zone.wing, zone.wing_id = wing, wing_id
    zone.requirement = asked[values.requirement]
    zone.client_profile = devices[values.client_profile] if values.client_profile else None


def _choose_code(session: Session, zone: Zone, wanted: str) -> str:
    """Give the wanted code if it is free, or the next of Z1, Z2 and so on."""
    others = queries.list_zones(session, zone.floor_id)
    taken = {other.code for other in others if other is not zone}
    if wanted in taken:
        raise refuse_taken("code", wanted)
    number = 1
    while not wanted and f"Z{number}" in taken:
        number += 1
    return wanted or f"Z{number}"


def check_zone(values: ZoneValues) -> None:
    """Refuse a zone with two shapes or none, or with words that are none of the allowed ones.

    Raises
    ------
    InvalidInput
        One problem for each field.
    """
    problems = []
    if values.code and not _CODE.fullmatch(values.code.strip()):
        message = msg("A code has up to 40 letters, digits, dots, hyphens or underscores.")
        problems.append(Problem(message, field="code", value=values.code))
    if (values.outline is None) == (not values.room_use):
        message = msg("A zone is either drawn or made of rooms of one use.")
        remedy = msg("Draw an outline, or choose a use; not both.")
        problems.append(Problem(message, remedy, field="room_use", value=values.room_use))
    for field, allowed in (("network_class", NETWORK_CLASSES), ("band", BAND_KEYS)):
        if getattr(values, field) not in allowed:
            problems += _refuse_choice(field, getattr(values, field), allowed).problems
    if values.room_use and values.room_use not in ROOM_USES:
        problems += _refuse_choice("room_use", values.room_use, ROOM_USES).problems
    refuse_any(problems)


def _refuse_choice(field: str, value: str, allowed: Iterable[str]) -> InvalidInput:
    message = msg("Choose one of: %(choices)s.", choices=", ".join(allowed))
    return InvalidInput(Problem(message, field=field, value=value))


def list_uses(session: Session, actor: Actor, floor: Floor) -> dict[str, int]:
    """Count a floor's rooms in scope by use, in the usual order; uses without a room are left out."""
    counts = dict.fromkeys(ROOM_USES, 0)
    for room in place_queries.list_rooms(session, floor.id):
        counts[room.use] += public_sight.sees_room(actor, room, floor.building_id)
    return {use: count for use, count in counts.items() if count}
