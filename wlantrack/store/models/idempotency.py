"""Answers to requests that a browser may send again because the first answer got lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from wlantrack.store.models.base import Base
from wlantrack.store.types import Instant


class IdempotencyKey(Base):
    """The answer to one request of a person, under a key that the person's browser has made.

    It is written in the transaction of what the request changed: both are there, or neither.
    ``grants_sha256`` are the rights under which it was given.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (Index("ix_idempotency_key_created_at", "created_at"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    grants_sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(120), default="")
    location: Mapped[str] = mapped_column(String(2000), default="", server_default="")
    body: Mapped[str] = mapped_column(Text, default="")
