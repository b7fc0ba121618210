"""Selects of cable routes, and of the ends of the runs that may lead along them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet
from wlantrack.store.models.permits import CableRoute
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.queries.paging import Page, fetch_page
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import SortColumns
    from wlantrack.store.queries.scopes import Pairs

UpperFloor = aliased(Floor, name="upper_floor")
RunFloor = aliased(Floor, name="run_floor")
StartFloor = aliased(Floor, name="start_floor")


@dataclass(frozen=True)
class RouteFilter:
    """What a list of cable routes is narrowed to; empty fields narrow nothing."""

    words: str = ""
    kind: str = ""
    building: str = ""
    wing: str = ""
    level: int | None = None


@dataclass(frozen=True)
class RouteRow:
    """One line of the list of cable routes."""

    id: int
    public_id: uuid.UUID
    code: str
    kind: str
    building_id: int
    building: str
    level: int
    upper_level: int | None
    floor_id: int
    floor_public_id: uuid.UUID
    wing_id: int | None
    wing: str | None
    line: BaseGeometry
    capacity: int | None
    note: str


@dataclass(frozen=True)
class RunEnds:
    """A run with the places of both its ends, as far as they are known."""

    id: int
    public_id: uuid.UUID
    label: str
    state: str
    building_id: int
    wing_id: int | None
    distributor: str | None
    start_building_id: int | None
    start_level: int | None
    start_x_m: float | None
    start_y_m: float | None
    far_end: str | None
    level: int
    x_m: float | None
    y_m: float | None
    height_m: float | None


@dataclass(frozen=True)
class OpenRun:
    """A run whose length may still be planned."""

    id: int
    public_id: uuid.UUID
    version: int
    label: str
    state: str
    building_id: int
    building: str
    level: int
    far_end: str | None
    distributor: str | None
    category: str
    test_limit: str
    length_planned_m: float | None


SORTS: SortColumns = {
    "code": (CableRoute.code,),
    "kind": (CableRoute.kind, CableRoute.code),
    "floor": (Building.code, Floor.level, CableRoute.code),
    "wing": (Wing.code, CableRoute.code),
    "capacity": (CableRoute.capacity, CableRoute.code),
}


def _passes(level: int) -> ColumnElement[bool]:
    """Take the routes of a level, and the risers that pass it."""
    return or_(Floor.level == level, and_(Floor.level <= level, UpperFloor.level >= level))


def _matches(narrow: RouteFilter) -> ColumnElement[bool]:
    columns = (CableRoute.code, CableRoute.note)
    words = or_(*(column.icontains(narrow.words, autoescape=True) for column in columns))
    conditions: list[tuple[object, Any]] = [
        (narrow.words, words),
        (narrow.kind, CableRoute.kind == narrow.kind),
        (narrow.building, Building.code == narrow.building),
        (narrow.wing, Wing.code == narrow.wing),
        (narrow.level is not None, _passes(narrow.level or 0)),
    ]
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(
            CableRoute.id,
            CableRoute.public_id,
            CableRoute.code,
            CableRoute.kind,
            Building.id.label("building_id"),
            Building.code.label("building"),
            Floor.level,
            UpperFloor.level.label("upper_level"),
            CableRoute.floor_id,
            Floor.public_id.label("floor_public_id"),
            CableRoute.wing_id,
            Wing.code.label("wing"),
            CableRoute.line,
            CableRoute.capacity,
            CableRoute.note,
        )
        .select_from(CableRoute)
        .join(Floor, Floor.id == CableRoute.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(UpperFloor, UpperFloor.id == CableRoute.upper_floor_id)
        .outerjoin(Wing, Wing.id == CableRoute.wing_id)
    )


def list_routes(
    session: Session, pairs: Pairs, narrow: RouteFilter, page: Page
) -> tuple[list[RouteRow], int]:
    """Give one page of the routes that match, and how many there are."""
    query = _lines().where(
        in_places(pairs, Floor.building_id, CableRoute.wing_id), _matches(narrow)
    )
    rows, total = fetch_page(session, query, SORTS, page)
    return [RouteRow(**row) for row in rows], total


def list_of_buildings(session: Session, building_ids: Collection[int]) -> list[RouteRow]:
    """Give all routes of some buildings, by code."""
    query = _lines().where(Building.id.in_(building_ids)).order_by(CableRoute.code)
    return [RouteRow(**row) for row in session.execute(query).mappings()]


def list_routed_buildings(session: Session) -> set[int]:
    """Give the buildings in which any route is drawn."""
    query = select(Floor.building_id).join(CableRoute, CableRoute.floor_id == Floor.id).distinct()
    return set(session.scalars(query))


def _whole() -> Select[CableRoute]:
    return select(CableRoute).options(
        joinedload(CableRoute.floor).joinedload(Floor.building).selectinload(Building.wings),
        joinedload(CableRoute.upper_floor).joinedload(Floor.building),
        joinedload(CableRoute.wing),
    )


def get_route(session: Session, public_id: uuid.UUID) -> CableRoute | None:
    """Load a route with its floors and wing."""
    return session.scalar(_whole().where(CableRoute.public_id == public_id))


def get_route_by_code(session: Session, code: str) -> CableRoute | None:
    """Load a route with its floors and wing."""
    return session.scalar(_whole().where(CableRoute.code == code))


def load_routes(session: Session, pairs: Pairs) -> list[CableRoute]:
    """Load every route in scope, whole, by code."""
    query = (
        _whole()
        .join(Floor, Floor.id == CableRoute.floor_id)
        .where(in_places(pairs, Floor.building_id, CableRoute.wing_id))
        .order_by(CableRoute.code)
    )
    return list(session.scalars(query))


def list_on_level(session: Session, building_id: int, level: int) -> list[CableRoute]:
    """Load the routes of a floor, and the risers that pass it, by code."""
    query = (
        _whole()
        .join(Floor, Floor.id == CableRoute.floor_id)
        .outerjoin(UpperFloor, UpperFloor.id == CableRoute.upper_floor_id)
        .where(Floor.building_id == building_id, _passes(level))
        .order_by(CableRoute.code)
    )
    return list(session.scalars(query))


def list_codes(session: Session, prefix: str) -> list[str]:
    """Give the codes that begin with a prefix."""
    query = select(CableRoute.code).where(CableRoute.code.startswith(prefix, autoescape=True))
    return list(session.scalars(query))


def list_storeys(session: Session, building_id: int) -> list[Floor]:
    """Give the floors of a building, from below."""
    query = select(Floor).where(Floor.building_id == building_id).order_by(Floor.level)
    return list(session.scalars(query))


def list_run_ends(session: Session, building_id: int) -> list[RunEnds]:
    """Give the runs of a building with both ends, by label; decommissioned ones too."""
    query = (
        select(
            CableRun.id,
            CableRun.public_id,
            CableRun.label,
            CableRun.state,
            RunFloor.building_id,
            CableRun.wing_id,
            Distributor.code.label("distributor"),
            StartFloor.building_id.label("start_building_id"),
            StartFloor.level.label("start_level"),
            Distributor.x_m.label("start_x_m"),
            Distributor.y_m.label("start_y_m"),
            func.coalesce(AccessPoint.code, Outlet.code).label("far_end"),
            RunFloor.level,
            func.coalesce(AccessPoint.installed_x_m, AccessPoint.x_m, Outlet.x_m).label("x_m"),
            func.coalesce(AccessPoint.installed_y_m, AccessPoint.y_m, Outlet.y_m).label("y_m"),
            AccessPoint.height_m,
        )
        .select_from(CableRun)
        .join(RunFloor, RunFloor.id == CableRun.floor_id)
        .outerjoin(Distributor, Distributor.id == CableRun.distributor_id)
        .outerjoin(StartFloor, StartFloor.id == Distributor.floor_id)
        .outerjoin(AccessPoint, AccessPoint.id == CableRun.access_point_id)
        .outerjoin(Outlet, Outlet.id == CableRun.outlet_id)
        .where(RunFloor.building_id == building_id)
        .order_by(CableRun.label)
    )
    return [RunEnds(**row) for row in session.execute(query).mappings()]


def list_open_runs(
    session: Session, pairs: Pairs, states: Collection[str], building: str
) -> list[OpenRun]:
    """Give the runs in some states of which no length was measured, by label."""
    query = (
        select(
            CableRun.id,
            CableRun.public_id,
            CableRun.version,
            CableRun.label,
            CableRun.state,
            RunFloor.building_id,
            Building.code.label("building"),
            RunFloor.level,
            func.coalesce(AccessPoint.code, Outlet.code).label("far_end"),
            Distributor.code.label("distributor"),
            CableRun.category,
            CableRun.test_limit,
            CableRun.length_planned_m,
        )
        .select_from(CableRun)
        .join(RunFloor, RunFloor.id == CableRun.floor_id)
        .join(Building, Building.id == RunFloor.building_id)
        .outerjoin(Distributor, Distributor.id == CableRun.distributor_id)
        .outerjoin(AccessPoint, AccessPoint.id == CableRun.access_point_id)
        .outerjoin(Outlet, Outlet.id == CableRun.outlet_id)
        .where(
            in_places(pairs, RunFloor.building_id, CableRun.wing_id),
            CableRun.state.in_(states),
            CableRun.length_actual_m.is_(None),
            Building.code == building if building else true(),
        )
        .order_by(CableRun.label)
    )
    return [OpenRun(**row) for row in session.execute(query).mappings()]


def load_runs(session: Session, ids: Collection[int]) -> dict[int, CableRun]:
    """Load runs to change them, by id."""
    query = select(CableRun).where(CableRun.id.in_(ids))
    return {run.id: run for run in session.scalars(query)}
