"""Selects of orders: lines of lists, whole records, and those that runs belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import Order, OrderSubject
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.queries.paging import Page, fetch_page, in_portions
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from wlantrack.store.queries.paging import SortColumns
    from wlantrack.store.queries.scopes import Pairs


@dataclass(frozen=True)
class OrderReach:
    """Places in which somebody sees all orders, and firms whose orders they see once they are out.

    ``firms`` are (firm, building id, wing id), None for everywhere.
    """

    places: Pairs
    firms: tuple[tuple[str, int | None, int | None], ...] = ()


@dataclass(frozen=True)
class OrderFilter:
    """What a list of orders is narrowed to; empty fields narrow nothing."""

    words: str = ""
    state: str = ""
    building: str = ""
    wing: str = ""
    firm: str = ""


@dataclass(frozen=True)
class OrderRow:
    """One line of the list of orders."""

    id: int
    public_id: uuid.UUID
    version: int
    code: str
    name: str
    firm: str
    state: str
    building: str | None
    wing: str | None
    ordered_on: date | None
    delivery_wording: str | None
    delivered_on: date | None
    contact: str
    run_count: int
    point_count: int
    note: str


def _count(column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    return select(func.count(column)).where(OrderSubject.order_id == Order.id).scalar_subquery()


_RUN_COUNT = _count(OrderSubject.cable_run_id)
_POINT_COUNT = _count(OrderSubject.access_point_id)
SORTS: SortColumns = {
    "code": (Order.code,),
    "name": (Order.name, Order.code),
    "firm": (Order.firm, Order.code),
    "state": (Order.state, Order.code),
    "place": (Building.code, Wing.code, Order.code),
    "ordered_on": (Order.ordered_on, Order.code),
    "delivery": (Order.delivery_latest, Order.code),
    "delivered_on": (Order.delivered_on, Order.code),
    "contact": (Order.contact, Order.code),
    "run_count": (_RUN_COUNT, Order.code),
    "point_count": (_POINT_COUNT, Order.code),
}


def _in_reach(reach: OrderReach) -> ColumnElement[bool]:
    own = [
        and_(
            Order.firm == firm,
            Order.state != "draft",
            true() if building is None else Order.building_id == building,
            true() if wing is None else Order.wing_id == wing,
        )
        for firm, building, wing in reach.firms
    ]
    return or_(in_places(reach.places, Order.building_id, Order.wing_id), *own)


def _matches(narrow: OrderFilter) -> ColumnElement[bool]:
    columns = (Order.code, Order.name, Order.firm, Order.contact)
    words = or_(*(column.icontains(narrow.words, autoescape=True) for column in columns))
    conditions: list[tuple[object, Any]] = [
        (narrow.words, words),
        (narrow.state, Order.state == narrow.state),
        (narrow.building, Building.code == narrow.building),
        (narrow.wing, Wing.code == narrow.wing),
        (narrow.firm, Order.firm == narrow.firm),
    ]
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def list_orders(
    session: Session, reach: OrderReach, narrow: OrderFilter, page: Page
) -> tuple[list[OrderRow], int]:
    """Give one page of the orders that match, and how many there are."""
    query = (
        select(
            Order.id,
            Order.public_id,
            Order.version,
            Order.code,
            Order.name,
            Order.firm,
            Order.state,
            Building.code.label("building"),
            Wing.code.label("wing"),
            Order.ordered_on,
            Order.delivery_wording,
            Order.delivered_on,
            Order.contact,
            _RUN_COUNT.label("run_count"),
            _POINT_COUNT.label("point_count"),
            Order.note,
        )
        .outerjoin(Building, Building.id == Order.building_id)
        .outerjoin(Wing, Wing.id == Order.wing_id)
        .where(_in_reach(reach), _matches(narrow))
    )
    rows, total = fetch_page(session, query, SORTS, page)
    return [OrderRow(**row) for row in rows], total


def list_firms(session: Session, reach: OrderReach) -> list[str]:
    """Give the firms of orders in reach, by name."""
    query = select(Order.firm).where(_in_reach(reach)).distinct().order_by(Order.firm)
    return list(session.scalars(query))


def _whole() -> Select[Order]:
    floor = joinedload(OrderSubject.cable_run).joinedload(CableRun.floor)
    point = joinedload(OrderSubject.access_point).joinedload(AccessPoint.floor)
    return select(Order).options(
        joinedload(Order.building).selectinload(Building.wings),
        joinedload(Order.wing),
        selectinload(Order.subjects).options(
            floor.joinedload(Floor.building), point.joinedload(Floor.building)
        ),
    )


def get_order(session: Session, public_id: uuid.UUID) -> Order | None:
    """Load an order with its place and what it is for."""
    return session.scalar(_whole().where(Order.public_id == public_id))


def get_order_by_code(session: Session, code: str) -> Order | None:
    """Load an order with its place and what it is for."""
    return session.scalar(_whole().where(Order.code == code))


def load_orders(session: Session, pairs: Pairs) -> list[Order]:
    """Load every order in scope, whole, by code."""
    query = _whole().where(in_places(pairs, Order.building_id, Order.wing_id))
    return list(session.scalars(query.order_by(Order.code)))


def list_codes(session: Session, prefix: str) -> list[str]:
    """Give the codes that begin with a prefix."""
    query = select(Order.code).where(Order.code.startswith(prefix, autoescape=True))
    return list(session.scalars(query))


def list_of_runs(session: Session, run_ids: Collection[int]) -> list[tuple[int, Order]]:
    """Give the orders that some runs belong to, each with the run's id, by code."""
    found: list[tuple[int, Order]] = []
    for portion in in_portions(sorted(run_ids)):
        query = (
            select(OrderSubject.cable_run_id, Order)
            .join(Order, Order.id == OrderSubject.order_id)
            .where(OrderSubject.cable_run_id.in_(portion))
            .order_by(Order.code)
        )
        rows = session.execute(query)
        found += [(run_id, order) for run_id, order in rows if run_id is not None]
    return found
