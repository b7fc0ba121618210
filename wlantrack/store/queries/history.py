"""Selects of the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.exc import DBAPIError

from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.queries.paging import in_portions

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page

_UNREADABLE = (ValueError, DBAPIError)
"""What reading a row meets whose JSON, time or UTF-8 was damaged in the file."""


@dataclass(frozen=True)
class EventFilter:
    """What the trail is narrowed to; empty fields narrow nothing. ``until`` is left out itself."""

    words: str = ""
    actor: str = ""
    entity: str = ""
    act: str = ""
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


ABOUT_PEOPLE = ("user_account", "role_grant", "login_session", "schedule_proposal")
"""Entities whose events say who was there, may what or asks for what, and nothing of the records."""


DRAWN = ("floor_plan", "room", "wall", "zone")
"""Entities from which the extent of a floor follows."""

STANDING = ("building", "clutter_zone", "floor", "material", "wall", "wing")
"""Entities that stand in the way of radio, and what they belong to."""

RADIATING = ("access_point_model", "antenna_pattern", "model_radio", "radio")
"""Entities that say how access points radiate."""

RESTORED = "installation"
"""Stands for all there is: a backup put in its place may hold other changes of the same number."""


def latest_change_id(session: Session) -> int:
    """Give the number of the latest change of a record, those about people left out."""
    return (
        session.scalar(
            select(AuditEvent.id)
            .where(AuditEvent.entity.not_in(ABOUT_PEOPLE))
            .order_by(AuditEvent.id.desc())
            .limit(1)
        )
        or 0
    )


def latest_change_of(session: Session, entities: tuple[str, ...]) -> int:
    """Give the number of the latest change of some entities, or of all by a restore; 0 if none."""
    return session.scalar(_select_latest(entities)) or 0


@cache
def _select_latest(entities: tuple[str, ...]) -> Select[tuple[int | None]]:
    """Ask for each entity by itself: its latest event is found at the end of an index."""
    latest = union_all(
        *(
            select(func.max(AuditEvent.id).label("id")).where(AuditEvent.entity == entity)
            for entity in (*entities, RESTORED)
        )
    ).subquery()
    return select(func.max(latest.c.id))


def count_changes(
    session: Session, since_id: int, entities: Collection[str], apart_from: Collection[str]
) -> int:
    """Count the changes of some kinds of records after an event, some records left out."""
    query = select(func.count()).where(
        AuditEvent.id > since_id,
        AuditEvent.entity.in_(entities),
        AuditEvent.public_id.not_in(apart_from),
    )
    return session.scalar(query) or 0


def list_changes(
    session: Session, since_id: int, entity: str, records: Collection[str]
) -> list[AuditEvent]:
    """Give the events of some records of a kind after an event, the oldest first of each."""
    found: list[AuditEvent] = []
    for some in in_portions(sorted(records)):
        query = select(AuditEvent).where(
            AuditEvent.id > since_id, AuditEvent.entity == entity, AuditEvent.public_id.in_(some)
        )
        found += session.scalars(query.order_by(AuditEvent.id))
    return found


def latest_event_id(session: Session) -> int:
    """Give the number of the latest event: while it stays, no record has changed."""
    return session.scalar(select(func.max(AuditEvent.id))) or 0


def _of_record(entity: str, public_id: uuid.UUID) -> Select[AuditEvent]:
    return (
        select(AuditEvent)
        .where(AuditEvent.entity == entity, AuditEvent.public_id == str(public_id))
        .order_by(AuditEvent.id.desc())
    )


def walk_chain(session: Session) -> Iterator[Mapping[str, Any]]:
    """Give every event as values by column, in the order in which they were written.

    Of an event whose stored values are no longer any, its number alone.
    """
    columns, latest = AuditEvent.__table__.c, 0
    query = select(*columns).order_by(AuditEvent.id).execution_options(yield_per=1_000)
    try:
        for row in session.execute(query).mappings():
            yield dict(row)
            latest = row["id"]
    except _UNREADABLE:
        yield from _walk_singly(session, latest)


def _walk_singly(session: Session, after: int) -> Iterator[Mapping[str, Any]]:
    """Give the events after one, read one by one, up to the first that cannot be read."""
    columns = AuditEvent.__table__.c
    later = select(AuditEvent.id).where(AuditEvent.id > after).order_by(AuditEvent.id)
    for number in session.scalars(later).all():
        try:
            row = session.execute(select(*columns).where(AuditEvent.id == number)).mappings().one()
        except _UNREADABLE:
            yield {"id": number}
            return
        yield dict(row)


def list_events(
    session: Session, entity: str, public_id: uuid.UUID, limit: int = 50
) -> list[AuditEvent]:
    """Give a record's events, the latest first; ``entity`` is its table."""
    return list(session.scalars(_of_record(entity, public_id).limit(limit)))


def list_events_of(
    session: Session, records: Collection[tuple[str, uuid.UUID]], limit: int = 200
) -> list[AuditEvent]:
    """Give the events of several records, the latest first; each is its table and public id."""
    tables = {entity for entity, _ in records}
    ids = [str(public_id) for _, public_id in records]
    query = select(AuditEvent).where(AuditEvent.entity.in_(tables), AuditEvent.public_id.in_(ids))
    return list(session.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)))


def get_deletion(session: Session, entity: str, public_id: uuid.UUID) -> AuditEvent | None:
    """Give the latest deletion of a record."""
    return session.scalar(_of_record(entity, public_id).where(AuditEvent.act == "delete").limit(1))


def list_request_events(session: Session, request_id: str) -> list[AuditEvent]:
    """Give what one request did, in the order in which it was done."""
    return list(
        session.scalars(
            select(AuditEvent).where(AuditEvent.request_id == request_id).order_by(AuditEvent.id)
        )
    )


def first_event_ids(session: Session, entity: str, public_ids: Sequence[str]) -> dict[str, int]:
    """Give the number of each record's first event, by public id."""
    found: dict[str, int] = {}
    for some in in_portions(public_ids):
        rows = session.execute(
            select(AuditEvent.public_id, func.min(AuditEvent.id))
            .where(AuditEvent.entity == entity, AuditEvent.public_id.in_(some))
            .group_by(AuditEvent.public_id)
        )
        found.update((public_id, first) for public_id, first in rows)
    return found


def get_event(session: Session, number: int) -> AuditEvent | None:
    """Load an event by its number."""
    return session.get(AuditEvent, number)


def list_page(session: Session, narrow: EventFilter, page: Page) -> tuple[list[AuditEvent], int]:
    """Give one page of the trail, the latest first unless asked else, and how many match."""
    conditions = _conditions(narrow)
    total = session.scalar(select(func.count(AuditEvent.id)).where(*conditions)) or 0
    is_ascending = page.sort == "when" and not page.is_descending
    order = AuditEvent.id.asc() if is_ascending else AuditEvent.id.desc()
    query = select(AuditEvent).where(*conditions).order_by(order)
    return list(session.scalars(query.limit(page.limit).offset(page.offset))), total


def _conditions(narrow: EventFilter) -> list[ColumnElement[bool]]:
    exact = {
        AuditEvent.actor: narrow.actor,
        AuditEvent.entity: narrow.entity,
        AuditEvent.act: narrow.act,
        AuditEvent.request_id: narrow.request_id,
    }
    found = [column == value for column, value in exact.items() if value]
    found += [
        AuditEvent.label.icontains(word, autoescape=True) | (AuditEvent.public_id == word)
        for word in narrow.words.split()
    ]
    if narrow.since is not None:
        found.append(AuditEvent.at >= narrow.since)
    if narrow.until is not None:
        found.append(AuditEvent.at < narrow.until)
    return found


def list_actors(session: Session) -> list[str]:
    """Give everybody who has done something, by name."""
    return list(session.scalars(select(AuditEvent.actor).distinct().order_by(AuditEvent.actor)))


def list_entities(session: Session) -> list[str]:
    """Give the kinds of what was changed."""
    return list(session.scalars(select(AuditEvent.entity).distinct().order_by(AuditEvent.entity)))
