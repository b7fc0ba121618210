"""Selects of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select

from wlantrack.store.models.audit import AuditEvent

if TYPE_CHECKING:
    import uuid

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


def list_events_of_request(session: Session, request_id: str) -> list[AuditEvent]:
    """Give the events of one request, the first first."""
    return list(
        session.scalars(
            select(AuditEvent).where(AuditEvent.request_id == request_id).order_by(AuditEvent.id)
        )
    )


def list_events(
    session: Session, entity: str, public_id: uuid.UUID, limit: int = 50
) -> list[AuditEvent]:
    """Give a record's events, the latest first; ``entity`` is its table."""
    return list(session.scalars(_of_record(entity, public_id).limit(limit)))


def get_deletion(session: Session, entity: str, public_id: uuid.UUID) -> AuditEvent | None:
    """Give the latest deletion of a record."""
    return session.scalar(_of_record(entity, public_id).where(AuditEvent.act == "delete").limit(1))
