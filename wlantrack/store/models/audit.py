"""The audit trail: who changed what, when and from what to what; written once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from wlantrack.store.models.base import Base
from wlantrack.store.types import Instant


class AuditEvent(Base):
    """One change of one record; database triggers forbid update and delete.

    ``hash`` covers the event and ``previous_hash``, so that the trail is a chain.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_subject", "entity", "public_id"),
        Index("ix_audit_event_entity_id", "entity", "id"),
        Index("ix_audit_event_request", "request_id"),
        Index("ix_audit_event_actor", "actor"),
        Index("ix_audit_event_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[str] = mapped_column(String(40))
    act: Mapped[str] = mapped_column(String(20))
    entity: Mapped[str] = mapped_column(String(40))
    public_id: Mapped[str] = mapped_column(String(36))
    label: Mapped[str] = mapped_column(String(120))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(500))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
