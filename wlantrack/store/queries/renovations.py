"""Selects of renovations, of the runs that lead through their walls, and of what those wait for."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet
from wlantrack.store.models.milestones import WorkPackage
from wlantrack.store.models.permits import Order, OrderSubject, Permit, PermitSubject
from wlantrack.store.models.places import Building, Floor
from wlantrack.store.models.renovations import Renovation, RenovationPart
from wlantrack.store.models.work import Blackout, Task
from wlantrack.store.queries.paging import in_portions

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable
    from datetime import date

    from sqlalchemy.orm import Session

AHEAD = ("needed", "applied for")
REFUSED = "refused"


@dataclass(frozen=True)
class PlacedRun:
    """A run with the places of its ends; positions are in the building's metre frame."""

    id: int
    public_id: uuid.UUID
    label: str
    state: str
    state_before: str | None
    crosses_fire_wall: bool
    firm: str
    building_id: int
    floor_id: int
    wing_id: int | None
    far_xy_m: tuple[float, float] | None
    near_floor_id: int | None
    near_wing_id: int | None
    near_xy_m: tuple[float, float] | None


def _whole() -> Select[Renovation]:
    part = selectinload(Renovation.parts)
    return select(Renovation).options(
        joinedload(Renovation.building).selectinload(Building.wings),
        joinedload(Renovation.building).selectinload(Building.floors),
        part.joinedload(RenovationPart.wing),
        part.joinedload(RenovationPart.floor),
        selectinload(Renovation.phases),
    )


def list_renovations(session: Session, building_ids: Collection[int] | None) -> list[Renovation]:
    """Give the renovations of buildings with parts and phases, by code; None: of all buildings."""
    query = _whole().order_by(Renovation.code)
    if building_ids is not None:
        query = query.where(Renovation.building_id.in_(tuple(building_ids)))
    return list(session.scalars(query))


def get_renovation(session: Session, public_id: uuid.UUID) -> Renovation | None:
    """Load a renovation with building, parts and phases."""
    return session.scalar(_whole().where(Renovation.public_id == public_id))


def get_by_codes(session: Session, codes: Collection[str]) -> dict[str, Renovation]:
    """Load renovations by code, whole."""
    found: dict[str, Renovation] = {}
    for part in in_portions(sorted(codes)):
        for renovation in session.scalars(_whole().where(Renovation.code.in_(part))):
            found[renovation.code] = renovation
    return found


def get_part(session: Session, public_id: uuid.UUID) -> RenovationPart | None:
    """Load a part with its renovation."""
    return session.scalar(
        select(RenovationPart)
        .options(joinedload(RenovationPart.wing), joinedload(RenovationPart.floor))
        .where(RenovationPart.public_id == public_id)
    )


def list_codes(session: Session, prefix: str) -> list[str]:
    """Give the codes that begin with some letters."""
    query = select(Renovation.code).where(Renovation.code.startswith(prefix, autoescape=True))
    return list(session.scalars(query))


def list_placed_runs(
    session: Session, building_ids: Collection[int], states: Collection[str]
) -> list[PlacedRun]:
    """Give the runs of some buildings in some states with the places of both ends, by label."""
    near, far = aliased(Distributor), aliased(Outlet)
    query = (
        select(
            CableRun.id,
            CableRun.public_id,
            CableRun.label,
            CableRun.state,
            CableRun.state_before,
            CableRun.crosses_fire_wall,
            CableRun.firm,
            Floor.building_id,
            CableRun.floor_id,
            CableRun.wing_id,
            func.coalesce(AccessPoint.installed_x_m, AccessPoint.x_m, far.x_m).label("far_x"),
            func.coalesce(AccessPoint.installed_y_m, AccessPoint.y_m, far.y_m).label("far_y"),
            near.floor_id.label("near_floor_id"),
            near.wing_id.label("near_wing_id"),
            near.x_m.label("near_x"),
            near.y_m.label("near_y"),
        )
        .join(Floor, Floor.id == CableRun.floor_id)
        .outerjoin(AccessPoint, AccessPoint.id == CableRun.access_point_id)
        .outerjoin(far, far.id == CableRun.outlet_id)
        .outerjoin(near, near.id == CableRun.distributor_id)
        .where(Floor.building_id.in_(tuple(building_ids)), CableRun.state.in_(tuple(states)))
        .order_by(CableRun.label)
    )
    return [_place(row) for row in session.execute(query)]


def _place(row: Any) -> PlacedRun:  # noqa: ANN401 - a row of the query above
    return PlacedRun(
        id=row.id,
        public_id=row.public_id,
        label=row.label,
        state=row.state,
        state_before=row.state_before,
        crosses_fire_wall=row.crosses_fire_wall,
        firm=row.firm,
        building_id=row.building_id,
        floor_id=row.floor_id,
        wing_id=row.wing_id,
        far_xy_m=_pair(row.far_x, row.far_y),
        near_floor_id=row.near_floor_id,
        near_wing_id=row.near_wing_id,
        near_xy_m=_pair(row.near_x, row.near_y),
    )


def _pair(x_m: float | None, y_m: float | None) -> tuple[float, float] | None:
    return None if x_m is None or y_m is None else (x_m, y_m)


def list_permits_ahead(
    session: Session, run_ids: Collection[int]
) -> dict[int, list[tuple[str, date | None]]]:
    """Give the permits that runs still wait for: (state, last day on which it is expected)."""
    found: dict[int, list[tuple[str, date | None]]] = defaultdict(list)
    for part in in_portions(sorted(run_ids)):
        rows = session.execute(
            select(PermitSubject.cable_run_id, Permit.state, Permit.expected_latest)
            .join(Permit, Permit.id == PermitSubject.permit_id)
            .where(PermitSubject.cable_run_id.in_(part), Permit.state.in_((*AHEAD, REFUSED)))
        )
        for run_id, state, expected in rows:
            if run_id is not None:
                found[run_id].append((state, expected))
    return found


def list_deliveries(session: Session, run_ids: Collection[int]) -> dict[int, date]:
    """Give the last day on which what was ordered for runs is announced, where it is not there."""
    found: dict[int, date] = {}
    for part in in_portions(sorted(run_ids)):
        rows = session.execute(
            select(OrderSubject.cable_run_id, func.max(Order.delivery_latest))
            .join(Order, Order.id == OrderSubject.order_id)
            .where(
                OrderSubject.cable_run_id.in_(part),
                Order.state.in_(("draft", "ordered", "partly delivered")),
                Order.delivery_latest.is_not(None),
                Order.delivered_on.is_(None),
            )
            .group_by(OrderSubject.cable_run_id)
        )
        found |= {run_id: day for run_id, day in rows if run_id is not None and day is not None}
    return found


def list_packages(session: Session, building_ids: Collection[int]) -> list[WorkPackage]:
    """Load the work packages of some buildings that are not finished."""
    return list(
        session.scalars(
            select(WorkPackage)
            .options(joinedload(WorkPackage.wing), joinedload(WorkPackage.floor))
            .where(
                WorkPackage.building_id.in_(tuple(building_ids)),
                WorkPackage.state.in_(("planned", "running")),
            )
            .order_by(WorkPackage.code)
        )
    )


def get_package(session: Session, public_id: uuid.UUID) -> WorkPackage | None:
    """Load a work package."""
    return session.scalar(select(WorkPackage).where(WorkPackage.public_id == public_id))


def list_blackouts(
    session: Session, building_ids: Collection[int], begin: date, end: date
) -> list[Blackout]:
    """Load the blackouts of a time in some buildings, and those that hold everywhere."""
    return list(
        session.scalars(
            select(Blackout)
            .options(joinedload(Blackout.building), joinedload(Blackout.wing))
            .where(
                Blackout.begins_on <= end,
                Blackout.ends_on >= begin,
                or_(Blackout.building_id.is_(None), Blackout.building_id.in_(tuple(building_ids))),
            )
            .order_by(Blackout.begins_on, Blackout.id)
        )
    )


def list_open_tasks(
    session: Session, ids: Iterable[uuid.UUID], origin: str, states: tuple[str, ...] = ("open",)
) -> list[Task]:
    """Load the open tasks of an origin, or those in other states, that are about some records."""
    return list(
        session.scalars(
            select(Task).where(
                Task.subject_id.in_(tuple(ids)), Task.origin == origin, Task.state.in_(states)
            )
        )
    )
