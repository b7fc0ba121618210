"""Rows for what is asked of the air, and what damps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import select

from wlantrack.store.models.demand import (
    ClientProfile,
    ClutterZone,
    Requirement,
    RoomGroup,
    RoomGroupMember,
    Zone,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building, Floor, Room


def find_requirement(session: Session, code: str = "basic") -> Requirement:
    """Give a requirement of the standard catalogue."""
    return session.scalars(select(Requirement).where(Requirement.code == code)).one()


def find_profile(session: Session, code: str = "phone") -> ClientProfile:
    """Give a client profile of the standard catalogue."""
    return session.scalars(select(ClientProfile).where(ClientProfile.code == code)).one()


def add_zone(session: Session, floor: Floor, code: str = "Z1", **values: Any) -> Zone:
    """Add a zone of the rooms for meetings, for visitors, against the basic requirement."""
    requirement = values.pop("requirement", None) or find_requirement(session)
    defaults: dict[str, Any] = {"network_class": "visitor"}
    if "outline" not in values:
        defaults["room_use"] = "meeting"
    zone = Zone(floor_id=floor.id, code=code, requirement_id=requirement.id, **defaults | values)
    session.add(zone)
    session.flush()
    return zone


def add_clutter(session: Session, floor: Floor, **values: Any) -> ClutterZone:
    """Add shelves from (2, 2) to (8, 8) that cost 2 dB a metre in every band."""
    losses = dict.fromkeys(("db_per_m_24", "db_per_m_5", "db_per_m_6"), 2.0)
    defaults: dict[str, Any] = {"name": "Shelves", "outline": shapely.box(2, 2, 8, 8), **losses}
    zone = ClutterZone(floor_id=floor.id, **defaults | values)
    session.add(zone)
    session.flush()
    return zone


def add_group(
    session: Session, building: Building, *rooms: Room, code: str = "FR", **values: Any
) -> RoomGroup:
    """Add a group of some rooms."""
    group = RoomGroup(
        building_id=building.id,
        code=code,
        members=[RoomGroupMember(room_id=room.id) for room in rooms],
        **{"name": f"Group {code}"} | values,
    )
    session.add(group)
    session.flush()
    return group
