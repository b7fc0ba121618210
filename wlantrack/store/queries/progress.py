"""Selects that count how far places have come, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Outlet
from wlantrack.store.models.demand import RoomGroupMember, Zone
from wlantrack.store.models.places import Floor
from wlantrack.store.queries.places import CellCount

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PLANNED = tuple(key for key, state in CABLE_STATES.items() if state.is_planned)
_DONE = tuple(key for key, state in CABLE_STATES.items() if state.is_live)


def count_cables(session: Session, building_id: int) -> list[CellCount]:
    """Count a building's cable runs per floor and wing: all that stay, and those tested."""
    done = func.count(CableRun.id).filter(CableRun.state.in_(_DONE))
    rows = session.execute(
        select(CableRun.floor_id, CableRun.wing_id, func.count(CableRun.id), done)
        .join(Floor, Floor.id == CableRun.floor_id)
        .where(Floor.building_id == building_id, CableRun.state.in_(_PLANNED))
        .group_by(CableRun.floor_id, CableRun.wing_id)
    )
    return [CellCount(*row) for row in rows]


def has_zones(session: Session, building_id: int) -> bool:
    """Tell whether anything is asked of a building's floors."""
    query = select(Zone.id).join(Floor, Floor.id == Zone.floor_id)
    return session.scalar(query.where(Floor.building_id == building_id).limit(1)) is not None


def count_point_states(session: Session) -> list[tuple[int, int | None, str, int]]:
    """Count the access points of every building and wing by state."""
    query = (
        select(Floor.building_id, AccessPoint.wing_id, AccessPoint.state, func.count())
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .group_by(Floor.building_id, AccessPoint.wing_id, AccessPoint.state)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def count_run_states(session: Session) -> list[tuple[int, int | None, str, int]]:
    """Count the cable runs of every building and wing by state."""
    query = (
        select(Floor.building_id, CableRun.wing_id, CableRun.state, func.count())
        .join(Floor, Floor.id == CableRun.floor_id)
        .group_by(Floor.building_id, CableRun.wing_id, CableRun.state)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def count_group_points(session: Session) -> list[tuple[int, int, str, int]]:
    """Count the access points in the rooms of room groups: group, room, state, how many."""
    query = (
        select(
            RoomGroupMember.room_group_id, RoomGroupMember.room_id, AccessPoint.state, func.count()
        )
        .join(AccessPoint, AccessPoint.room_id == RoomGroupMember.room_id)
        .group_by(RoomGroupMember.room_group_id, RoomGroupMember.room_id, AccessPoint.state)
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(query)]


def count_group_runs(session: Session) -> list[tuple[int, str, int]]:
    """Count the cable runs that end in the rooms of room groups: group, state, how many."""
    room_id = func.coalesce(AccessPoint.room_id, Outlet.room_id)
    query = (
        select(RoomGroupMember.room_group_id, CableRun.state, func.count())
        .select_from(CableRun)
        .outerjoin(AccessPoint, AccessPoint.id == CableRun.access_point_id)
        .outerjoin(Outlet, Outlet.id == CableRun.outlet_id)
        .join(RoomGroupMember, RoomGroupMember.room_id == room_id)
        .group_by(RoomGroupMember.room_group_id, CableRun.state)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def count_group_rooms(session: Session) -> dict[int, int]:
    """Count the rooms of every room group."""
    query = select(RoomGroupMember.room_group_id, func.count()).group_by(
        RoomGroupMember.room_group_id
    )
    return {row[0]: row[1] for row in session.execute(query)}
