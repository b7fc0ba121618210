"""Selects of penetrations: lines of lists, whole records, and those that runs lead through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import Penetration, PenetrationRun
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.queries.paging import Page, fetch_page, in_portions
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import SortColumns
    from wlantrack.store.queries.scopes import Pairs


@dataclass(frozen=True)
class PenetrationFilter:
    """What a list of penetrations is narrowed to; empty fields narrow nothing."""

    words: str = ""
    state: str = ""
    building: str = ""
    wing: str = ""
    level: int | None = None


@dataclass(frozen=True)
class PenetrationRow:
    """One line of the list of penetrations."""

    id: int
    public_id: uuid.UUID
    version: int
    code: str
    state: str
    building: str
    level: int
    wing: str | None
    place: str
    fire_rating: str
    seal: str
    approval: str
    sealed_on: date | None
    firm: str
    run_count: int
    note: str


_RUN_COUNT = (
    select(func.count()).where(PenetrationRun.penetration_id == Penetration.id).scalar_subquery()
)
SORTS: SortColumns = {
    "code": (Penetration.code,),
    "state": (Penetration.state, Penetration.code),
    "floor": (Building.code, Floor.level, Penetration.code),
    "wing": (Wing.code, Penetration.code),
    "place": (Penetration.place, Penetration.code),
    "fire_rating": (Penetration.fire_rating, Penetration.code),
    "seal": (Penetration.seal, Penetration.code),
    "approval": (Penetration.approval, Penetration.code),
    "sealed_on": (Penetration.sealed_on, Penetration.code),
    "firm": (Penetration.firm, Penetration.code),
    "run_count": (_RUN_COUNT, Penetration.code),
}


def _matches(narrow: PenetrationFilter) -> ColumnElement[bool]:
    columns = (
        Penetration.code,
        Penetration.place,
        Penetration.seal,
        Penetration.approval,
        Penetration.firm,
        Penetration.note,
    )
    words = or_(*(column.icontains(narrow.words, autoescape=True) for column in columns))
    conditions: list[tuple[object, Any]] = [
        (narrow.words, words),
        (narrow.state, Penetration.state == narrow.state),
        (narrow.building, Building.code == narrow.building),
        (narrow.wing, Wing.code == narrow.wing),
        (narrow.level is not None, Floor.level == narrow.level),
    ]
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def list_penetrations(
    session: Session, pairs: Pairs, narrow: PenetrationFilter, page: Page
) -> tuple[list[PenetrationRow], int]:
    """Give one page of the penetrations that match, and how many there are."""
    query = (
        select(
            Penetration.id,
            Penetration.public_id,
            Penetration.version,
            Penetration.code,
            Penetration.state,
            Building.code.label("building"),
            Floor.level,
            Wing.code.label("wing"),
            Penetration.place,
            Penetration.fire_rating,
            Penetration.seal,
            Penetration.approval,
            Penetration.sealed_on,
            Penetration.firm,
            _RUN_COUNT.label("run_count"),
            Penetration.note,
        )
        .join(Floor, Floor.id == Penetration.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Wing, Wing.id == Penetration.wing_id)
        .where(in_places(pairs, Floor.building_id, Penetration.wing_id), _matches(narrow))
    )
    rows, total = fetch_page(session, query, SORTS, page)
    return [PenetrationRow(**row) for row in rows], total


def _whole() -> Select[Penetration]:
    run = joinedload(PenetrationRun.cable_run)
    return select(Penetration).options(
        joinedload(Penetration.floor).joinedload(Floor.building).selectinload(Building.wings),
        joinedload(Penetration.wing),
        selectinload(Penetration.runs).options(
            run.joinedload(CableRun.floor).joinedload(Floor.building)
        ),
    )


def get_penetration(session: Session, public_id: uuid.UUID) -> Penetration | None:
    """Load a penetration with its place and the runs through it."""
    return session.scalar(_whole().where(Penetration.public_id == public_id))


def get_penetration_by_code(session: Session, code: str) -> Penetration | None:
    """Load a penetration with its place and the runs through it."""
    return session.scalar(_whole().where(Penetration.code == code))


def load_penetrations(session: Session, pairs: Pairs) -> list[Penetration]:
    """Load every penetration in scope, whole, by code."""
    query = (
        _whole()
        .join(Floor, Floor.id == Penetration.floor_id)
        .where(in_places(pairs, Floor.building_id, Penetration.wing_id))
        .order_by(Penetration.code)
    )
    return list(session.scalars(query))


def list_codes(session: Session, prefix: str) -> list[str]:
    """Give the codes that begin with a prefix."""
    query = select(Penetration.code).where(Penetration.code.startswith(prefix, autoescape=True))
    return list(session.scalars(query))


def list_through(session: Session, run_ids: Collection[int]) -> list[tuple[int, Penetration]]:
    """Give the penetrations that some runs lead through, each with the run's id, by code."""
    found: list[tuple[int, Penetration]] = []
    for portion in in_portions(sorted(run_ids)):
        query = (
            select(PenetrationRun.cable_run_id, Penetration)
            .join(Penetration, Penetration.id == PenetrationRun.penetration_id)
            .options(joinedload(Penetration.floor))
            .where(PenetrationRun.cable_run_id.in_(portion))
            .order_by(Penetration.code)
        )
        found += [(run_id, item) for run_id, item in session.execute(query)]
    return found


def list_codes_through(
    session: Session, public_ids: Collection[uuid.UUID], states: Collection[str]
) -> dict[uuid.UUID, list[str]]:
    """Give the codes of penetrations in some states that runs lead through, by run."""
    found: dict[uuid.UUID, list[str]] = {}
    for portion in in_portions(sorted(public_ids)):
        query = (
            select(CableRun.public_id, Penetration.code)
            .join(PenetrationRun, PenetrationRun.cable_run_id == CableRun.id)
            .join(Penetration, Penetration.id == PenetrationRun.penetration_id)
            .where(CableRun.public_id.in_(portion), Penetration.state.in_(states))
            .order_by(Penetration.code)
        )
        for run_id, code in session.execute(query):
            found.setdefault(run_id, []).append(code)
    return found
