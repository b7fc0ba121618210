"""Selects of crews with their absences, and of blackouts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.places import Building, Wing
from wlantrack.store.models.work import Blackout, Crew, CrewAbsence
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page, SortColumns
    from wlantrack.store.queries.scopes import Pairs


@dataclass(frozen=True)
class BlackoutFilter:
    """What the list is narrowed to; ``when`` is empty (from today on), "past" or "all"."""

    words: str = ""
    building: str = ""
    noise_class: str = ""
    calendar: str = ""
    when: str = ""


_SORTS: SortColumns = {
    "begins": (Blackout.begins_on, Blackout.id),
    "ends": (Blackout.ends_on, Blackout.id),
    "name": (func.lower(Blackout.name), Blackout.begins_on, Blackout.id),
    "noise": (Blackout.noise_class, Blackout.begins_on, Blackout.id),
    "place": (Building.code, Wing.code, Blackout.begins_on, Blackout.id),
    "calendar": (Blackout.calendar, Blackout.begins_on, Blackout.id),
}


def in_sight(pairs: Pairs) -> ColumnElement[bool]:
    """Take the blackouts that hold anywhere in some scopes, and those that hold everywhere."""
    if pairs is None:
        return true()
    everywhere = Blackout.building_id.is_(None)
    whole_house = and_(
        Blackout.wing_id.is_(None), Blackout.building_id.in_({building for building, _ in pairs})
    )
    return or_(everywhere, whole_house, in_places(pairs, Blackout.building_id, Blackout.wing_id))


def _matches(narrow: BlackoutFilter, today: date) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for word in narrow.words.split():
        texts = (Blackout.name, Blackout.calendar, Blackout.note)
        conditions.append(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if narrow.building:
        conditions.append(Building.code == narrow.building)
    if narrow.noise_class:
        conditions.append(Blackout.noise_class == narrow.noise_class)
    if narrow.calendar:
        conditions.append(Blackout.calendar == narrow.calendar)
    if narrow.when == "past":
        conditions.append(Blackout.ends_on < today)
    elif narrow.when != "all":
        conditions.append(Blackout.ends_on >= today)
    return and_(true(), *conditions)


def list_blackout_page(
    session: Session, pairs: Pairs, narrow: BlackoutFilter, page: Page, today: date
) -> tuple[list[Blackout], int]:
    """Give one page of the blackouts that hold in some scopes, and how many match."""
    query = (
        select(Blackout)
        .outerjoin(Building, Building.id == Blackout.building_id)
        .outerjoin(Wing, Wing.id == Blackout.wing_id)
        .options(joinedload(Blackout.building), joinedload(Blackout.wing))
        .where(in_sight(pairs), _matches(narrow, today))
    )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order: tuple[Any, ...] = tuple(_SORTS.get(page.sort, _SORTS["begins"]))
    sorted_by = [column.desc() if page.is_descending else column.asc() for column in order]
    found = session.scalars(query.order_by(*sorted_by).limit(page.limit).offset(page.offset))
    return list(found), total


def list_blackouts_between(
    session: Session, pairs: Pairs, first: date, last: date
) -> list[Blackout]:
    """Give the blackouts of a time that hold in some scopes, by day."""
    return list(
        session.scalars(
            select(Blackout)
            .options(joinedload(Blackout.building), joinedload(Blackout.wing))
            .where(in_sight(pairs), Blackout.begins_on <= last, Blackout.ends_on >= first)
            .order_by(Blackout.begins_on, Blackout.id)
        )
    )


def load_blackouts(session: Session, pairs: Pairs) -> list[Blackout]:
    """Load the blackouts that lie in some scopes, by day."""
    return list(
        session.scalars(
            select(Blackout)
            .options(joinedload(Blackout.building), joinedload(Blackout.wing))
            .where(in_places(pairs, Blackout.building_id, Blackout.wing_id))
            .order_by(Blackout.begins_on, Blackout.name, Blackout.id)
        )
    )


def list_of_calendar(session: Session, calendar: str) -> list[Blackout]:
    """Load the blackouts that were read from a calendar."""
    return list(
        session.scalars(
            select(Blackout)
            .options(joinedload(Blackout.building), joinedload(Blackout.wing))
            .where(Blackout.calendar == calendar, Blackout.uid != "")
            .order_by(Blackout.begins_on, Blackout.id)
        )
    )


def list_calendars(session: Session, pairs: Pairs) -> list[str]:
    """Give the names of the calendars from which blackouts were read."""
    query = select(Blackout.calendar).where(in_sight(pairs), Blackout.calendar != "")
    return list(session.scalars(query.distinct().order_by(Blackout.calendar)))


def get_blackout(session: Session, public_id: uuid.UUID) -> Blackout | None:
    """Load a blackout with its place."""
    return session.scalar(
        select(Blackout)
        .options(joinedload(Blackout.building), joinedload(Blackout.wing))
        .where(Blackout.public_id == public_id)
    )


def list_crews(session: Session) -> list[Crew]:
    """Load all crews with their absences, by code."""
    query = select(Crew).options(selectinload(Crew.absences)).order_by(Crew.code)
    return list(session.scalars(query))


def get_crew(session: Session, public_id: uuid.UUID) -> Crew | None:
    """Load a crew with its absences."""
    query = select(Crew).options(selectinload(Crew.absences))
    return session.scalar(query.where(Crew.public_id == public_id))


def get_crew_by_code(session: Session, code: str) -> Crew | None:
    """Load a crew with its absences."""
    query = select(Crew).options(selectinload(Crew.absences))
    return session.scalar(query.where(Crew.code == code))


def get_absence(session: Session, public_id: uuid.UUID) -> CrewAbsence | None:
    """Load an absence with its crew."""
    query = select(CrewAbsence).options(joinedload(CrewAbsence.crew).selectinload(Crew.absences))
    return session.scalar(query.where(CrewAbsence.public_id == public_id))


def list_absences_between(session: Session, first: date, last: date) -> list[CrewAbsence]:
    """Load the absences of a time with their crews, by day."""
    return list(
        session.scalars(
            select(CrewAbsence)
            .options(joinedload(CrewAbsence.crew))
            .where(CrewAbsence.begins_on <= last, CrewAbsence.ends_on >= first)
            .order_by(CrewAbsence.begins_on, CrewAbsence.id)
        )
    )
