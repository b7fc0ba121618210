"""Selects of buildings, wings, floors and rooms; each says what it loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.rollout.lifecycle import LIVE_STATES, PLANNED_STATES
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.places import Building, Floor, FloorPlan, Room, Wing
from wlantrack.store.queries.access_points import in_scopes
from wlantrack.store.queries.paging import fetch_page

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable, Sequence
    from typing import TypeAlias

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page, SortColumns

    Scopes: TypeAlias = Collection[tuple[int, int | None]] | None


@dataclass(frozen=True)
class BuildingRow:
    """One line of the list of buildings."""

    public_id: uuid.UUID
    code: str
    name: str
    address: str
    is_public: bool
    is_listed: bool
    priority: int
    wings: int
    floors: int
    access_points: int
    live: int


@dataclass(frozen=True)
class BuildingFilter:
    """What the list of buildings is narrowed to; empty fields narrow nothing."""

    words: str = ""
    public: str = ""
    listed: str = ""
    priority: int | None = None


@dataclass(frozen=True)
class BuildingName:
    """What menus and filters show of a building."""

    public_id: uuid.UUID
    code: str
    name: str


@dataclass(frozen=True)
class CellCount:
    """Access points of one wing (None: without wing) on one floor: in the plan, and live."""

    floor_id: int
    wing_id: int | None
    planned: int
    live: int


def in_buildings(building_ids: Iterable[int] | None) -> ColumnElement[bool]:
    """Restrict to buildings; None means all of them."""
    if building_ids is None:
        return Building.id.is_not(None)
    ids = tuple(building_ids)
    return Building.id.in_(ids) if ids else false()


def in_wings(scopes: Scopes) -> ColumnElement[bool]:
    """Restrict to the wings of (building id, wing id or None) pairs; None means everywhere."""
    if scopes is None:
        return true()
    parts = (
        Wing.building_id == building_id if wing_id is None else Wing.id == wing_id
        for building_id, wing_id in scopes
    )
    return or_(false(), *parts)


BUILDING_SORTS: SortColumns = {
    "code": (Building.code,),
    "name": (Building.name, Building.code),
    "address": (Building.address, Building.code),
    "priority": (Building.priority, Building.code),
    "public": (Building.is_public, Building.code),
    "listed": (Building.is_listed, Building.code),
}


def _matches(narrow: BuildingFilter) -> ColumnElement[bool]:
    words = (Building.code, Building.name, Building.address)
    conditions = [
        (narrow.words, or_(*(part.icontains(narrow.words, autoescape=True) for part in words))),
        (narrow.public, Building.is_public.is_(narrow.public == "yes")),
        (narrow.listed, Building.is_listed.is_(narrow.listed == "yes")),
        (narrow.priority, Building.priority == narrow.priority),
    ]
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def list_buildings(
    session: Session,
    building_ids: Iterable[int] | None,
    scopes: Scopes,
    narrow: BuildingFilter,
    page: Page,
) -> tuple[list[BuildingRow], int]:
    """Give a page of the buildings and the number of all that match.

    Wings and access points are counted within the scopes.
    """
    wings = (
        select(func.count())
        .where(Wing.building_id == Building.id, in_wings(scopes))
        .scalar_subquery()
    )
    floors = select(func.count()).where(Floor.building_id == Building.id).scalar_subquery()
    points = (
        select(func.count(AccessPoint.id))
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(
            Floor.building_id == Building.id,
            AccessPoint.state.in_(PLANNED_STATES),
            in_scopes(scopes),
        )
    )
    live = points.where(AccessPoint.state.in_(LIVE_STATES))
    query = select(
        Building.public_id,
        Building.code,
        Building.name,
        Building.address,
        Building.is_public,
        Building.is_listed,
        Building.priority,
        wings.label("wings"),
        floors.label("floors"),
        points.scalar_subquery().label("access_points"),
        live.scalar_subquery().label("live"),
    ).where(in_buildings(building_ids), _matches(narrow))
    rows, total = fetch_page(session, query, BUILDING_SORTS, page)
    return [BuildingRow(**row) for row in rows], total


def list_building_names(session: Session, building_ids: Iterable[int] | None) -> list[BuildingName]:
    """Give the names of buildings, by code, and count nothing."""
    rows = session.execute(
        select(Building.public_id, Building.code, Building.name)
        .where(in_buildings(building_ids))
        .order_by(Building.code)
    )
    return [BuildingName(*row) for row in rows]


def get_building(session: Session, public_id: uuid.UUID) -> Building | None:
    """Load a building with its wings and floors."""
    return session.scalar(_whole_building().where(Building.public_id == public_id))


def get_building_of_wing(session: Session, public_id: uuid.UUID) -> Building | None:
    """Load the building of a wing with all its wings and floors."""
    has_wing = select(Wing.building_id).where(Wing.public_id == public_id)
    return session.scalar(_whole_building().where(Building.id.in_(has_wing)))


def get_building_by_code(session: Session, code: str) -> Building | None:
    """Load a building with its wings and floors; its code in whatever case people type it."""
    return session.scalar(_whole_building().where(func.lower(Building.code) == code.lower()))


def list_whole_buildings(session: Session, building_ids: Iterable[int] | None) -> list[Building]:
    """Load buildings with their wings and floors, by code."""
    query = _whole_building().where(in_buildings(building_ids)).order_by(Building.code)
    return list(session.scalars(query))


def _whole_building() -> Select[Building]:
    return select(Building).options(selectinload(Building.wings), selectinload(Building.floors))


def count_cells(session: Session, building_id: int) -> list[CellCount]:
    """Count a building's access points per floor and wing."""
    live = func.count(AccessPoint.id).filter(AccessPoint.state.in_(LIVE_STATES))
    rows = session.execute(
        select(AccessPoint.floor_id, AccessPoint.wing_id, func.count(AccessPoint.id), live)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(Floor.building_id == building_id, AccessPoint.state.in_(PLANNED_STATES))
        .group_by(AccessPoint.floor_id, AccessPoint.wing_id)
    )
    return [CellCount(*row) for row in rows]


def get_floor(session: Session, public_id: uuid.UUID) -> Floor | None:
    """Load a floor with its building, and that building's wings and floors."""
    return session.scalar(_whole_floor().where(Floor.public_id == public_id))


def get_floor_by_level(session: Session, building_code: str, level: int) -> Floor | None:
    """Load a floor with its building, and that building's wings and floors."""
    return session.scalar(
        _whole_floor()
        .join(Building, Building.id == Floor.building_id)
        .where(Building.code == building_code, Floor.level == level)
    )


def _whole_floor() -> Select[Floor]:
    building = joinedload(Floor.building)
    return select(Floor).options(
        building.selectinload(Building.wings), building.selectinload(Building.floors)
    )


def list_buildings_by_code(session: Session) -> dict[str, Building]:
    """Give every building by its code, without its wings and floors."""
    return {building.code: building for building in session.scalars(select(Building))}


def list_floors_by_code(session: Session) -> dict[str, Floor]:
    """Give every floor by its reference such as ``RH/3``."""
    rows = session.execute(select(Building.code, Floor).join(Floor.building))
    return {f"{code}/{floor.level}": floor for code, floor in rows}


def list_wings_by_code(session: Session) -> dict[tuple[int, str], Wing]:
    """Give every wing by its building's id and its code."""
    return {(wing.building_id, wing.code): wing for wing in session.scalars(select(Wing))}


def list_wing_ids(session: Session) -> dict[int, uuid.UUID]:
    """Give the public ids of all wings by id."""
    return {row[0]: row[1] for row in session.execute(select(Wing.id, Wing.public_id))}


def list_rooms(session: Session, floor_id: int) -> list[Room]:
    """Give a floor's rooms with their wings, by number."""
    return list(
        session.scalars(
            select(Room)
            .options(joinedload(Room.wing))
            .where(Room.floor_id == floor_id)
            .order_by(Room.number)
        )
    )


def get_room(session: Session, public_id: uuid.UUID) -> Room | None:
    """Load a room with its floor, building and wing."""
    return session.scalar(
        select(Room)
        .where(Room.public_id == public_id)
        .options(joinedload(Room.floor).joinedload(Floor.building), joinedload(Room.wing))
    )


def list_all_rooms(session: Session, building_ids: Iterable[int] | None) -> list[Room]:
    """Give the rooms of buildings with floor, building and wing, by floor and number."""
    return list(
        session.scalars(
            select(Room)
            .join(Room.floor)
            .join(Floor.building)
            .options(joinedload(Room.floor).joinedload(Floor.building), joinedload(Room.wing))
            .where(in_buildings(building_ids))
            .order_by(Building.code, Floor.level, Room.number)
        )
    )


def list_plan_versions(session: Session, floor_id: int) -> list[FloorPlan]:
    """Give a floor's plan versions with their wings, the newest first."""
    return list(
        session.scalars(
            select(FloorPlan)
            .options(joinedload(FloorPlan.wing))
            .where(FloorPlan.floor_id == floor_id)
            .order_by(FloorPlan.number.desc())
        )
    )


def list_current_plans(session: Session, floor_id: int) -> list[FloorPlan]:
    """Give the current plans of a floor: of the whole floor first, then of single wings."""
    return list(
        session.scalars(
            select(FloorPlan)
            .where(FloorPlan.floor_id == floor_id, FloorPlan.is_current)
            .order_by(FloorPlan.wing_id.is_not(None), FloorPlan.number)
        )
    )


def list_floors_with_plan(session: Session, building_id: int) -> Sequence[int]:
    """Give the ids of a building's floors that have a scaled current plan."""
    return session.scalars(
        select(Floor.id)
        .distinct()
        .join(FloorPlan, FloorPlan.floor_id == Floor.id)
        .where(
            Floor.building_id == building_id,
            FloorPlan.is_current,
            FloorPlan.pixel_to_building.is_not(None),
        )
    ).all()


def list_plan_outlines(session: Session) -> list[tuple[int, shapely.Polygon]]:
    """Give floor id and outline in building metres of every current, scaled plan."""
    rows = session.execute(_SCALED_PLANS)
    return [(row.floor_id, _outline_plan(row)) for row in rows]


def list_floor_plan_outlines(session: Session, floor_id: int) -> list[shapely.Polygon]:
    """Give the outlines in building metres of a floor's current, scaled plans."""
    rows = session.execute(_SCALED_PLANS.where(FloorPlan.floor_id == floor_id))
    return [_outline_plan(row) for row in rows]


_SCALED_PLANS = select(
    FloorPlan.floor_id,
    FloorPlan.width_px,
    FloorPlan.height_px,
    FloorPlan.pixel_to_building,
).where(FloorPlan.is_current, FloorPlan.pixel_to_building.is_not(None))


def _outline_plan(plan: Row[int, int, int, list[float] | None]) -> shapely.Polygon:
    a, b, c, d, e, f = plan.pixel_to_building or (1, 0, 0, 0, 1, 0)
    corners = ((0, 0), (plan.width_px, 0), (plan.width_px, plan.height_px), (0, plan.height_px))
    return shapely.Polygon([(a * x + b * y + c, d * x + e * y + f) for x, y in corners])


def get_plan(session: Session, public_id: uuid.UUID) -> FloorPlan | None:
    """Load a plan version with its wing, its floor, and the floor's building with wings and floors."""
    building = joinedload(FloorPlan.floor).joinedload(Floor.building)
    return session.scalar(
        select(FloorPlan)
        .options(
            joinedload(FloorPlan.wing),
            building.selectinload(Building.wings),
            building.selectinload(Building.floors),
        )
        .where(FloorPlan.public_id == public_id)
    )
