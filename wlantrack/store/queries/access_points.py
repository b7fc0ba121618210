"""Selects of access points, their radios and models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.rollout.lifecycle import LIVE_STATES
from wlantrack.store.models.access_points import (
    AccessPoint,
    AccessPointModel,
    AntennaPattern,
    ModelRadio,
    Radio,
)
from wlantrack.store.models.places import Building, Floor, Room, Wing
from wlantrack.store.queries.paging import fetch_page
from wlantrack.store.queries.scopes import in_places, in_reach, is_public_room

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable

    from sqlalchemy import Label
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from wlantrack.store.queries.paging import Page, SortColumns
    from wlantrack.store.queries.scopes import Pairs, Reach


@dataclass(frozen=True)
class AccessPointFilter:
    """What a list of access points is narrowed to; empty fields narrow nothing."""

    words: str = ""
    building: str = ""
    wing: str = ""
    level: int | None = None
    state: str = ""
    model: str = ""
    outdoor: str = ""
    public: str = ""


@dataclass(frozen=True)
class AccessPointRow:
    """One line of the list of access points."""

    public_id: uuid.UUID
    code: str
    building: str
    level: int
    floor_name: str
    floor_public_id: uuid.UUID
    wing: str | None
    room: str | None
    model: str
    state: str
    x_m: float
    y_m: float
    height_m: float
    serial: str
    mac: str
    mount: str
    is_outdoor: bool
    is_public: bool
    legacy_id: str
    note: str


def in_scopes(scopes: Reach) -> ColumnElement[bool]:
    """Restrict to what lies in reach; None means everywhere."""
    return in_reach(scopes, Floor.building_id, AccessPoint.wing_id, _is_public())


def _is_public() -> ColumnElement[bool]:
    """Take what is live in a public room, or outdoors in a public area."""
    room = (
        select(Room.id)
        .where(Room.id == AccessPoint.room_id, is_public_room())
        .correlate(AccessPoint)
        .exists()
    )
    outdoors = and_(AccessPoint.room_id.is_(None), AccessPoint.is_outdoor, AccessPoint.is_public)
    return and_(AccessPoint.state.in_(LIVE_STATES), or_(room, outdoors))


SORTS: SortColumns = {
    "code": (AccessPoint.code,),
    "floor": (Building.code, Floor.level, AccessPoint.code),
    "wing": (Wing.code, AccessPoint.code),
    "room": (Room.number, AccessPoint.code),
    "model": (AccessPointModel.code, AccessPoint.code),
    "state": (AccessPoint.state, AccessPoint.code),
    "x": (AccessPoint.x_m, AccessPoint.code),
    "y": (AccessPoint.y_m, AccessPoint.code),
    "height": (AccessPoint.height_m, AccessPoint.code),
    "mount": (AccessPoint.mount, AccessPoint.code),
    "serial": (AccessPoint.serial, AccessPoint.code),
    "mac": (AccessPoint.mac, AccessPoint.code),
    "outdoor": (AccessPoint.is_outdoor, AccessPoint.code),
    "public": (AccessPoint.is_public, AccessPoint.code),
    "legacy_id": (AccessPoint.legacy_id, AccessPoint.code),
}


def _matches(narrow: AccessPointFilter, is_told: ColumnElement[bool]) -> ColumnElement[bool]:
    conditions = [
        (narrow.building, Building.code == narrow.building),
        (narrow.wing, Wing.code == narrow.wing),
        (narrow.level is not None, Floor.level == narrow.level),
        (narrow.state, AccessPoint.state == narrow.state),
        (narrow.model, AccessPointModel.code == narrow.model),
        (narrow.outdoor, AccessPoint.is_outdoor.is_(narrow.outdoor == "yes")),
        (narrow.public, AccessPoint.is_public.is_(narrow.public == "yes")),
        (
            narrow.words,
            or_(
                AccessPoint.code.icontains(narrow.words, autoescape=True),
                Room.number.icontains(narrow.words, autoescape=True),
                Room.name.icontains(narrow.words, autoescape=True),
                and_(
                    is_told,
                    or_(
                        AccessPoint.serial.icontains(narrow.words, autoescape=True),
                        AccessPoint.legacy_id.icontains(narrow.words, autoescape=True),
                        AccessPoint.note.icontains(narrow.words, autoescape=True),
                    ),
                ),
            ),
        ),
    ]
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def list_rows(
    session: Session,
    scopes: Reach,
    details: Pairs,
    narrow: AccessPointFilter,
    page: Page,
) -> tuple[list[AccessPointRow], int]:
    """Give one page of the list and the number of all lines that match.

    Serial numbers and the like are given, and searched, only as far as ``details`` reaches.
    """
    is_told = in_places(details, Floor.building_id, AccessPoint.wing_id)

    def tell(column: InstrumentedAttribute[str]) -> Label[str]:
        return case((is_told, column), else_="").label(column.key)

    joined = (
        select(AccessPoint.id)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .join(AccessPointModel, AccessPointModel.id == AccessPoint.model_id)
        .outerjoin(Wing, Wing.id == AccessPoint.wing_id)
        .outerjoin(Room, Room.id == AccessPoint.room_id)
        .where(in_scopes(scopes), _matches(narrow, is_told))
    )
    columns = joined.with_only_columns(
        AccessPoint.public_id,
        AccessPoint.code,
        Building.code.label("building"),
        Floor.level,
        Floor.name.label("floor_name"),
        Floor.public_id.label("floor_public_id"),
        Wing.code.label("wing"),
        Room.number.label("room"),
        AccessPointModel.code.label("model"),
        AccessPoint.state,
        AccessPoint.x_m,
        AccessPoint.y_m,
        AccessPoint.height_m,
        tell(AccessPoint.serial),
        tell(AccessPoint.mac),
        AccessPoint.mount,
        AccessPoint.is_outdoor,
        AccessPoint.is_public,
        tell(AccessPoint.legacy_id),
        tell(AccessPoint.note),
    )
    rows, total = fetch_page(session, columns, SORTS, page)
    return [AccessPointRow(**row) for row in rows], total


def _whole() -> Select[AccessPoint]:
    return select(AccessPoint).options(
        joinedload(AccessPoint.floor).joinedload(Floor.building),
        joinedload(AccessPoint.wing),
        joinedload(AccessPoint.room),
        joinedload(AccessPoint.model)
        .selectinload(AccessPointModel.radios)
        .joinedload(ModelRadio.antenna),
        selectinload(AccessPoint.radios).joinedload(Radio.antenna),
    )


def get_access_point(session: Session, public_id: uuid.UUID) -> AccessPoint | None:
    """Load an access point with place, model and radios."""
    return session.scalar(_whole().where(AccessPoint.public_id == public_id))


def get_by_public_ids(
    session: Session, public_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, AccessPoint]:
    """Load access points by public id, with place, model and radios."""
    found: dict[uuid.UUID, AccessPoint] = {}
    ordered = sorted(public_ids)
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        for access_point in session.scalars(_whole().where(AccessPoint.public_id.in_(part))):
            found[access_point.public_id] = access_point
    return found


def load_access_points(
    session: Session, floor_ids: Iterable[int], states: Collection[str] | None = None
) -> list[AccessPoint]:
    """Load the access points of floors with place, model and radios, by code."""
    query = _whole().where(AccessPoint.floor_id.in_(tuple(floor_ids))).order_by(AccessPoint.code)
    if states is not None:
        query = query.where(AccessPoint.state.in_(states))
    return list(session.scalars(query))


def list_versions(session: Session, floor_ids: Iterable[int]) -> list[tuple[uuid.UUID, int]]:
    """Give public id and version of the access points of floors, in the order they were made."""
    query = select(AccessPoint.public_id, AccessPoint.version)
    query = query.where(AccessPoint.floor_id.in_(tuple(floor_ids))).order_by(AccessPoint.id)
    return [(public_id, version) for public_id, version in session.execute(query)]


def load_for_table(session: Session, scopes: Reach) -> list[AccessPoint]:
    """Load every access point in scope with place, model and radios, by code."""
    return list(
        session.scalars(
            _whole()
            .join(Floor, Floor.id == AccessPoint.floor_id)
            .where(in_scopes(scopes))
            .order_by(AccessPoint.code)
        )
    )


def get_by_codes(session: Session, codes: Collection[str]) -> dict[str, AccessPoint]:
    """Load access points by code, with place, model and radios."""
    found: dict[str, AccessPoint] = {}
    ordered = sorted(codes)
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        for access_point in session.scalars(_whole().where(AccessPoint.code.in_(part))):
            found[access_point.code] = access_point
    return found


def load_by_public_ids(session: Session, public_ids: Iterable[uuid.UUID]) -> list[AccessPoint]:
    """Load access points by public id, with place, model and radios."""
    ids = tuple(public_ids)
    found: list[AccessPoint] = []
    for start in range(0, len(ids), 500):
        found += session.scalars(
            _whole().where(AccessPoint.public_id.in_(ids[start : start + 500]))
        )
    return found


def list_codes(session: Session, prefix: str) -> list[str]:
    """Give the codes that begin with a prefix."""
    return list(
        session.scalars(
            select(AccessPoint.code).where(AccessPoint.code.startswith(prefix, autoescape=True))
        )
    )


def list_antennas_by_code(session: Session) -> dict[str, AntennaPattern]:
    """Give every antenna pattern by its code."""
    return {pattern.code: pattern for pattern in session.scalars(select(AntennaPattern))}


def list_models(session: Session) -> list[AccessPointModel]:
    """Give all models with their radios, by code."""
    return list(
        session.scalars(
            select(AccessPointModel)
            .options(selectinload(AccessPointModel.radios).joinedload(ModelRadio.antenna))
            .order_by(AccessPointModel.code)
        )
    )


def count_by_wing(
    session: Session, pairs: Pairs, building_id: int, state: str
) -> dict[int | None, int]:
    """Count a building's access points of one state by wing; None stands for no wing."""
    query = (
        select(AccessPoint.wing_id, func.count())
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(
            Floor.building_id == building_id,
            AccessPoint.state == state,
            in_places(pairs, Floor.building_id, AccessPoint.wing_id),
        )
        .group_by(AccessPoint.wing_id)
    )
    return dict(iter(session.execute(query)))
