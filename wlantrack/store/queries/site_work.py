"""Selects for work on site: which runs wait where, and the steps that somebody has sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, not_, or_, select
from sqlalchemy.orm import aliased

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, CableStep, Distributor, Outlet, SwitchPort
from wlantrack.store.models.places import Building, Floor, Room, Wing
from wlantrack.store.queries.cable_runs import in_run_reach

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from wlantrack.store.queries.scopes import RunReach


@dataclass(frozen=True)
class SiteRow:
    """A run as it is met on site: where it goes, its state, and what of its evidence is there."""

    public_id: uuid.UUID
    label: str
    state: str
    state_before: str | None
    crosses_fire_wall: bool
    firm: str
    building_id: int
    building: str
    level: int
    floor_name: str
    floor_public_id: uuid.UUID
    wing_id: int | None
    wing: str | None
    room: str | None
    room_name: str | None
    distributor: str | None
    panel_port: str | None
    far_end: str | None
    length_m: float | None
    has_port: bool


@dataclass(frozen=True)
class FloorCount:
    """A floor and how many runs wait there."""

    public_id: uuid.UUID
    building: str
    name: str
    level: int
    runs: int


def _lines() -> Select[*tuple[Any, ...]]:
    point_room, outlet_room = aliased(Room), aliased(Room)
    room = func.coalesce(point_room.number, outlet_room.number)
    return (
        select(
            CableRun.public_id,
            CableRun.label,
            CableRun.state,
            CableRun.state_before,
            CableRun.crosses_fire_wall,
            CableRun.firm,
            Floor.building_id,
            Building.code.label("building"),
            Floor.level,
            Floor.name.label("floor_name"),
            Floor.public_id.label("floor_public_id"),
            CableRun.wing_id,
            Wing.code.label("wing"),
            room.label("room"),
            func.coalesce(point_room.name, outlet_room.name).label("room_name"),
            Distributor.code.label("distributor"),
            CableRun.panel_port,
            func.coalesce(AccessPoint.code, Outlet.code).label("far_end"),
            func.coalesce(CableRun.length_actual_m, CableRun.length_planned_m).label("length_m"),
            SwitchPort.id.is_not(None).label("has_port"),
        )
        .select_from(CableRun)
        .join(Floor, Floor.id == CableRun.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Wing, Wing.id == CableRun.wing_id)
        .outerjoin(Distributor, Distributor.id == CableRun.distributor_id)
        .outerjoin(AccessPoint, AccessPoint.id == CableRun.access_point_id)
        .outerjoin(Outlet, Outlet.id == CableRun.outlet_id)
        .outerjoin(point_room, point_room.id == AccessPoint.room_id)
        .outerjoin(outlet_room, outlet_room.id == Outlet.room_id)
        .outerjoin(SwitchPort, SwitchPort.cable_run_id == CableRun.id)
        .order_by(Building.code, Floor.level, room.is_(None), room, CableRun.label)
    )


def _waits(steps: Collection[tuple[str, bool]]) -> ColumnElement[bool]:
    """Take the runs in a state from which somebody's next step leads on.

    ``steps`` are pairs of a state and whether the run crosses a fire wall.
    """
    through = [state for state, crosses in steps if crosses]
    around = [state for state, crosses in steps if not crosses]
    return or_(
        and_(CableRun.crosses_fire_wall, CableRun.state.in_(through)),
        and_(not_(CableRun.crosses_fire_wall), CableRun.state.in_(around)),
    )


def count_by_floor(
    session: Session, reach: RunReach, steps: Collection[tuple[str, bool]]
) -> list[FloorCount]:
    """Give the floors on which runs wait, with how many."""
    query = (
        select(Floor.public_id, Building.code, Floor.name, Floor.level, func.count(CableRun.id))
        .select_from(CableRun)
        .join(Floor, Floor.id == CableRun.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(in_run_reach(reach), _waits(steps))
        .group_by(Floor.public_id, Building.code, Floor.name, Floor.level)
        .order_by(Building.code, Floor.level)
    )
    return [FloorCount(*row) for row in session.execute(query)]


def list_waiting_among(
    session: Session,
    reach: RunReach,
    steps: Collection[tuple[str, bool]],
    runs: Collection[uuid.UUID],
) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Give those of some runs that wait, each with its floor: (floor, run)."""
    query = (
        select(Floor.public_id, CableRun.public_id)
        .select_from(CableRun)
        .join(Floor, Floor.id == CableRun.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(in_run_reach(reach), _waits(steps), CableRun.public_id.in_(runs))
    )
    return [(floor, run) for floor, run in session.execute(query)]


def list_waiting(
    session: Session,
    reach: RunReach,
    steps: Collection[tuple[str, bool]],
    floor: uuid.UUID,
    limit: int,
    urgent: Collection[uuid.UUID] = (),
) -> list[SiteRow]:
    """Give the runs that wait on a floor, by room; if there are too many, the urgent ones count."""
    lines = _lines()
    query = lines.where(in_run_reach(reach), _waits(steps), Floor.public_id == floor)
    kept = query.with_only_columns(CableRun.id).order_by(None)
    kept = kept.order_by(CableRun.public_id.in_(urgent).desc(), CableRun.label).limit(limit)
    query = lines.where(CableRun.id.in_(list(session.scalars(kept))))
    return [SiteRow(**row) for row in session.execute(query).mappings()]


_ENDS = {
    "access_point": CableRun.access_point_id,
    "outlet": CableRun.outlet_id,
    "distributor": CableRun.distributor_id,
}


def list_at(
    session: Session, reach: RunReach, kind: str, record_id: int, limit: int
) -> list[SiteRow]:
    """Give the runs in reach that begin or end at a thing, or end in a room."""
    if kind == "room":
        is_there = or_(AccessPoint.room_id == record_id, Outlet.room_id == record_id)
    else:
        is_there = _ENDS[kind] == record_id
    query = _lines().where(in_run_reach(reach), is_there).limit(limit)
    return [SiteRow(**row) for row in session.execute(query).mappings()]


def get_row(session: Session, reach: RunReach, public_id: uuid.UUID) -> SiteRow | None:
    """Give one run in reach."""
    query = _lines().where(in_run_reach(reach), CableRun.public_id == public_id)
    row = session.execute(query).mappings().first()
    return None if row is None else SiteRow(**row)


def find_step(session: Session, public_id: uuid.UUID) -> tuple[uuid.UUID, str] | None:
    """Give the run and the person of a step."""
    query = (
        select(CableRun.public_id, CableStep.person)
        .join(CableRun, CableRun.id == CableStep.cable_run_id)
        .where(CableStep.public_id == public_id)
    )
    row = session.execute(query).first()
    return None if row is None else (row[0], row[1])
