"""Selects of permits: lines of lists, whole records, and what covers a run or an access point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import Permit, PermitSubject
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.queries.paging import Page, fetch_page, in_portions
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from wlantrack.store.queries.paging import SortColumns
    from wlantrack.store.queries.scopes import Pairs


@dataclass(frozen=True)
class PermitFilter:
    """What a list of permits is narrowed to; empty fields narrow nothing.

    ``ends_from`` and ``ends_before`` take the granted ones that end in between: the first is the
    first day that counts, the second the first that does not.
    """

    words: str = ""
    kind: str = ""
    state: str = ""
    building: str = ""
    wing: str = ""
    ends_from: date | None = None
    ends_before: date | None = None


@dataclass(frozen=True)
class PermitRow:
    """One line of the list of permits."""

    id: int
    public_id: uuid.UUID
    version: int
    code: str
    kind: str
    state: str
    building: str
    wing: str | None
    authority: str
    reference: str
    applied_on: date | None
    expected_wording: str | None
    granted_on: date | None
    expires_on: date | None
    conditions: str
    run_count: int
    point_count: int
    note: str


def _count(column: InstrumentedAttribute[Any]) -> ColumnElement[int]:
    return select(func.count(column)).where(PermitSubject.permit_id == Permit.id).scalar_subquery()


_RUN_COUNT = _count(PermitSubject.cable_run_id)
_POINT_COUNT = _count(PermitSubject.access_point_id)
SORTS: SortColumns = {
    "code": (Permit.code,),
    "kind": (Permit.kind, Permit.code),
    "state": (Permit.state, Permit.code),
    "place": (Building.code, Wing.code, Permit.code),
    "authority": (Permit.authority, Permit.code),
    "reference": (Permit.reference, Permit.code),
    "applied_on": (Permit.applied_on, Permit.code),
    "expected": (Permit.expected_latest, Permit.code),
    "granted_on": (Permit.granted_on, Permit.code),
    "expires_on": (Permit.expires_on, Permit.code),
    "run_count": (_RUN_COUNT, Permit.code),
    "point_count": (_POINT_COUNT, Permit.code),
}


def _matches(narrow: PermitFilter) -> ColumnElement[bool]:
    columns = (Permit.code, Permit.authority, Permit.reference, Permit.conditions, Permit.note)
    words = or_(*(column.icontains(narrow.words, autoescape=True) for column in columns))
    conditions: list[tuple[object, Any]] = [
        (narrow.words, words),
        (narrow.kind, Permit.kind == narrow.kind),
        (narrow.state, Permit.state == narrow.state),
        (narrow.building, Building.code == narrow.building),
        (narrow.wing, Wing.code == narrow.wing),
    ]
    if narrow.ends_from is not None:
        conditions.append((True, Permit.expires_on >= narrow.ends_from))
    if narrow.ends_before is not None:
        is_granted = Permit.state == "granted"
        conditions.append((True, and_(Permit.expires_on < narrow.ends_before, is_granted)))
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def list_permits(
    session: Session, pairs: Pairs, narrow: PermitFilter, page: Page
) -> tuple[list[PermitRow], int]:
    """Give one page of the permits that match, and how many there are."""
    query = (
        select(
            Permit.id,
            Permit.public_id,
            Permit.version,
            Permit.code,
            Permit.kind,
            Permit.state,
            Building.code.label("building"),
            Wing.code.label("wing"),
            Permit.authority,
            Permit.reference,
            Permit.applied_on,
            Permit.expected_wording,
            Permit.granted_on,
            Permit.expires_on,
            Permit.conditions,
            _RUN_COUNT.label("run_count"),
            _POINT_COUNT.label("point_count"),
            Permit.note,
        )
        .join(Building, Building.id == Permit.building_id)
        .outerjoin(Wing, Wing.id == Permit.wing_id)
        .where(in_places(pairs, Permit.building_id, Permit.wing_id), _matches(narrow))
    )
    rows, total = fetch_page(session, query, SORTS, page)
    return [PermitRow(**row) for row in rows], total


def _whole() -> Select[Permit]:
    floor = joinedload(PermitSubject.cable_run).joinedload(CableRun.floor)
    return select(Permit).options(
        joinedload(Permit.building).selectinload(Building.wings),
        joinedload(Permit.wing),
        selectinload(Permit.subjects).options(
            floor.joinedload(Floor.building),
            joinedload(PermitSubject.access_point).joinedload(AccessPoint.floor),
        ),
    )


def get_permit(session: Session, public_id: uuid.UUID) -> Permit | None:
    """Load a permit with its place and what it covers."""
    return session.scalar(_whole().where(Permit.public_id == public_id))


def get_permit_by_code(session: Session, code: str) -> Permit | None:
    """Load a permit with its place and what it covers."""
    return session.scalar(_whole().where(Permit.code == code))


def load_permits(session: Session, pairs: Pairs) -> list[Permit]:
    """Load every permit in scope, whole, by code."""
    query = _whole().where(in_places(pairs, Permit.building_id, Permit.wing_id))
    return list(session.scalars(query.order_by(Permit.code)))


def list_codes(session: Session, prefix: str) -> list[str]:
    """Give the codes that begin with a prefix."""
    query = select(Permit.code).where(Permit.code.startswith(prefix, autoescape=True))
    return list(session.scalars(query))


def list_covering_runs(session: Session, run_ids: Collection[int]) -> list[tuple[int, Permit]]:
    """Give the permits that cover some runs, each with the run's id, by code."""
    return _list_covering(session, PermitSubject.cable_run_id, run_ids)


def list_covering_points(session: Session, point_ids: Collection[int]) -> list[tuple[int, Permit]]:
    """Give the permits that cover some access points, each with the point's id, by code."""
    return _list_covering(session, PermitSubject.access_point_id, point_ids)


def _list_covering(
    session: Session, column: InstrumentedAttribute[Any], ids: Collection[int]
) -> list[tuple[int, Permit]]:
    found: list[tuple[int, Permit]] = []
    portions: Sequence[Sequence[int]] = list(in_portions(sorted(ids)))
    for portion in portions:
        query = (
            select(column, Permit)
            .join(Permit, Permit.id == PermitSubject.permit_id)
            .where(column.in_(portion))
            .order_by(Permit.code)
        )
        found += [(subject_id, permit) for subject_id, permit in session.execute(query)]
    return found
