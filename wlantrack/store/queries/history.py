"""Selects of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select

from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.queries.paging import in_portions

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session


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
    """Give every event as values by column, in the order in which they were written."""
    columns = AuditEvent.__table__.c
    query = select(*columns).order_by(AuditEvent.id).execution_options(yield_per=1_000)
    yield from (dict(row) for row in session.execute(query).mappings())


def list_events(
    session: Session, entity: str, public_id: uuid.UUID, limit: int = 50
) -> list[AuditEvent]:
    """Give a record's events, the latest first; ``entity`` is its table."""
    return list(session.scalars(_of_record(entity, public_id).limit(limit)))


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
