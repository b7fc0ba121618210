"""Selects of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from wlantrack.store.models.audit import AuditEvent

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session


def latest_event_id(session: Session) -> int:
    """Give the number of the latest event: while it stays, no record has changed."""
    return session.scalar(select(func.max(AuditEvent.id))) or 0


def list_events(session: Session, public_id: uuid.UUID, limit: int = 50) -> list[AuditEvent]:
    """Give a record's events, the latest first."""
    return list(
        session.scalars(
            select(AuditEvent)
            .where(AuditEvent.public_id == str(public_id))
            .order_by(AuditEvent.id.desc())
            .limit(limit)
        )
    )


def walk_chain(session: Session) -> Iterator[Mapping[str, Any]]:
    """Give every event as values by column, in the order in which they were written."""
    columns = AuditEvent.__table__.c
    query = select(*columns).order_by(AuditEvent.id).execution_options(yield_per=1_000)
    yield from (dict(row) for row in session.execute(query).mappings())
