"""Files that belong to records, and the imports that can be undone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.models.places import Building
from wlantrack.store.types import Instant

ATTACHMENT_KINDS = ("photo", "document")
ATTACHMENT_SUBJECTS = frozenset(
    {
        "building",
        "room",
        "access_point",
        "cable_run",
        "distributor",
        "outlet",
        "permit",
        "penetration",
    }
)
"""Kinds of records that files are attached to."""


class Attachment(Edited, Base):
    """A photo or document of one record, which ``entity`` and ``subject`` (public id) name.

    ``building_id`` and ``wing_id`` repeat where the record lies: who may see it follows from them.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        one_of("kind", ATTACHMENT_KINDS),
        CheckConstraint("size_bytes > 0", name="size_bytes"),
        Index("ix_attachment_subject", "entity", "subject"),
    )

    entity: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(36))
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(60))
    stored_file: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    taken_on: Mapped[date | None]
    uploaded_at: Mapped[datetime] = mapped_column(Instant)
    uploaded_by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(500), default="")


class ImportRun(Edited, Base):
    """An import of a foreign file: what it was, what it did, and whether it was undone.

    All its changes carry ``request_id`` in the audit trail, from which an undo reads them back.
    """

    __tablename__ = "import_run"

    format: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    stored_file: Mapped[str] = mapped_column(String(60))
    sha256: Mapped[str] = mapped_column(String(64))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="SET NULL"))
    request_id: Mapped[str] = mapped_column(String(40), index=True)
    imported_at: Mapped[datetime] = mapped_column(Instant)
    imported_by: Mapped[str] = mapped_column(String(80))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    warnings: Mapped[list[str]] = mapped_column(JSON, default=list)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)

    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")
