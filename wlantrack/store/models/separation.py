"""What people answer to the separation check: exemptions, and approvals of secure areas."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.base import Base, Edited
from wlantrack.store.models.places import Room
from wlantrack.store.types import Instant


class Exemption(Edited, Base):
    """Leave to break one rule for one subject; it counts once somebody else has approved it.

    The subject is that of a finding: by kind and public id where it is a record, else by kind and
    code. The code of a record is what it was called when leave was asked for.
    """

    __tablename__ = "exemption"
    __table_args__ = (
        CheckConstraint("(approver IS NULL) = (approved_at IS NULL)", name="approval"),
        CheckConstraint("approver IS NULL OR lower(approver) <> lower(author)", name="two_people"),
        Index("ix_exemption_subject", "rule", "subject_kind", "subject_code"),
    )

    rule: Mapped[str] = mapped_column(String(4))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_code: Mapped[str] = mapped_column(String(80), default="")
    subject_id: Mapped[uuid.UUID | None]
    reason: Mapped[str] = mapped_column(String(500))
    author: Mapped[str] = mapped_column(String(80))
    approver: Mapped[str | None] = mapped_column(String(80))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_on: Mapped[date]

    @property
    def label(self) -> str:
        """Give what the history calls it."""
        return f"{self.rule} {self.subject_code}".strip()


class AreaApproval(Edited, Base):
    """Leave for radio in a secure room: of one access point, or of any while none is named."""

    __tablename__ = "area_approval"

    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)
    access_point_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_point.id", ondelete="CASCADE")
    )
    approved_by: Mapped[str] = mapped_column(String(80))
    approved_on: Mapped[date]
    expires_on: Mapped[date | None]

    room: Mapped[Room] = relationship(lazy="raise_on_sql")
    access_point: Mapped[AccessPoint | None] = relationship(lazy="raise_on_sql")
