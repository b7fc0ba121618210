"""Selects of requirements, client profiles, zones, clutter and room groups; each says what it loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.demand import (
    ClientProfile,
    ClutterZone,
    Requirement,
    RoomGroup,
    RoomGroupMember,
    Zone,
)
from wlantrack.store.models.places import Building, Floor, Room
from wlantrack.store.queries.places import in_buildings
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.queries.scopes import Pairs


def list_requirements(session: Session) -> list[Requirement]:
    """Give all requirements, by code."""
    return list(session.scalars(select(Requirement).order_by(Requirement.code)))


def get_requirement(session: Session, public_id: uuid.UUID) -> Requirement | None:
    """Load a requirement."""
    return session.scalar(select(Requirement).where(Requirement.public_id == public_id))


def list_profiles(session: Session) -> list[ClientProfile]:
    """Give all client profiles, by code."""
    return list(session.scalars(select(ClientProfile).order_by(ClientProfile.code)))


def get_profile(session: Session, public_id: uuid.UUID) -> ClientProfile | None:
    """Load a client profile."""
    return session.scalar(select(ClientProfile).where(ClientProfile.public_id == public_id))


def count_zones_of_requirements(session: Session, pairs: Pairs) -> dict[int, int]:
    """Count the zones in scope that ask for each requirement, by its id."""
    rows = session.execute(
        select(Zone.requirement_id, func.count())
        .join(Floor, Floor.id == Zone.floor_id)
        .where(in_places(pairs, Floor.building_id, Zone.wing_id))
        .group_by(Zone.requirement_id)
    )
    return {requirement_id: int(count) for requirement_id, count in rows}


def count_zones_of_profiles(session: Session, pairs: Pairs) -> dict[int, int]:
    """Count the zones in scope that are judged under each client profile, by its id."""
    rows = session.execute(
        select(Zone.client_profile_id, func.count())
        .join(Floor, Floor.id == Zone.floor_id)
        .where(
            Zone.client_profile_id.is_not(None), in_places(pairs, Floor.building_id, Zone.wing_id)
        )
        .group_by(Zone.client_profile_id)
    ).all()
    return {profile_id: count for profile_id, count in rows if profile_id is not None}


def _whole_zone() -> Select[Zone]:
    return select(Zone).options(
        joinedload(Zone.floor).joinedload(Floor.building),
        joinedload(Zone.wing),
        joinedload(Zone.requirement),
        joinedload(Zone.client_profile),
    )


def list_zones(session: Session, floor_id: int) -> list[Zone]:
    """Give a floor's zones with floor, building, wing, requirement and profile, by code."""
    return list(session.scalars(_whole_zone().where(Zone.floor_id == floor_id).order_by(Zone.code)))


def list_floors_with_zones(session: Session, building_id: int) -> set[int]:
    """Give the ids of a building's floors that have any zone."""
    query = select(Zone.floor_id).join(Floor, Floor.id == Zone.floor_id).distinct()
    return set(session.scalars(query.where(Floor.building_id == building_id)))


def list_zone_outlines(session: Session, floor_id: int) -> list[BaseGeometry | None]:
    """Give the outlines of a floor's drawn zones."""
    return list(
        session.scalars(
            select(Zone.outline).where(Zone.floor_id == floor_id, Zone.outline.is_not(None))
        )
    )


def list_all_zones(session: Session, building_ids: Iterable[int] | None) -> list[Zone]:
    """Give the zones of buildings with all they refer to, by floor and code."""
    return list(
        session.scalars(
            _whole_zone()
            .join(Floor, Floor.id == Zone.floor_id)
            .join(Building, Building.id == Floor.building_id)
            .where(in_buildings(building_ids))
            .order_by(Building.code, Floor.level, Zone.code)
        )
    )


def get_zone(session: Session, public_id: uuid.UUID) -> Zone | None:
    """Load a zone with floor, building, wing, requirement and profile."""
    return session.scalar(_whole_zone().where(Zone.public_id == public_id))


def list_all_clutter(session: Session, building_ids: Iterable[int] | None) -> list[ClutterZone]:
    """Give the clutter of buildings with floor and building, by floor and name."""
    return list(
        session.scalars(
            select(ClutterZone)
            .options(joinedload(ClutterZone.floor).joinedload(Floor.building))
            .join(Floor, Floor.id == ClutterZone.floor_id)
            .join(Building, Building.id == Floor.building_id)
            .where(in_buildings(building_ids))
            .order_by(Building.code, Floor.level, ClutterZone.name, ClutterZone.id)
        )
    )


def get_clutter(session: Session, public_id: uuid.UUID) -> ClutterZone | None:
    """Load clutter with floor and building."""
    return session.scalar(
        select(ClutterZone)
        .options(joinedload(ClutterZone.floor).joinedload(Floor.building))
        .where(ClutterZone.public_id == public_id)
    )


def _whole_group() -> Select[RoomGroup]:
    room = selectinload(RoomGroup.members).joinedload(RoomGroupMember.room)
    return select(RoomGroup).options(
        joinedload(RoomGroup.building),
        room.joinedload(Room.floor).joinedload(Floor.building),
        room.joinedload(Room.wing),
    )


def list_groups(session: Session, building_ids: Iterable[int] | None) -> list[RoomGroup]:
    """Give the room groups of buildings with building, rooms, floors and wings, by code."""
    return list(
        session.scalars(
            _whole_group()
            .join(Building, Building.id == RoomGroup.building_id)
            .where(in_buildings(building_ids))
            .order_by(Building.code, RoomGroup.code)
        )
    )


def get_group(session: Session, public_id: uuid.UUID) -> RoomGroup | None:
    """Load a room group with building, rooms, floors and wings."""
    return session.scalar(_whole_group().where(RoomGroup.public_id == public_id))


def list_groups_of_room(session: Session, room_id: int) -> list[RoomGroup]:
    """Give the groups a room belongs to, by code; without their rooms."""
    return list(
        session.scalars(
            select(RoomGroup)
            .join(RoomGroupMember, RoomGroupMember.room_group_id == RoomGroup.id)
            .where(RoomGroupMember.room_id == room_id)
            .order_by(RoomGroup.code)
        )
    )


def list_memberships(session: Session, room_id: int) -> list[RoomGroupMember]:
    """Give what ties a room to its groups."""
    return list(session.scalars(select(RoomGroupMember).where(RoomGroupMember.room_id == room_id)))
