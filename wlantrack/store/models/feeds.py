"""Calendars that people subscribe to, and mail that they are sent."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.types import Instant

RHYTHMS = ("daily", "weekly", "alarms")


class FeedToken(Edited, Base):
    """A person's secret address of a calendar; only its hash is kept, and it can be revoked."""

    __tablename__ = "feed_token"
    __table_args__ = (Index("ix_feed_token_user_id", "user_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80), default="")
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class FeedEntry(Base):
    """How often an entry of the calendars has changed, so that readers take the latest."""

    __tablename__ = "feed_entry"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject: Mapped[uuid.UUID] = mapped_column(Uuid)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="CASCADE"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="CASCADE"))
    sequence: Mapped[int] = mapped_column(default=0)
    fingerprint: Mapped[str] = mapped_column(String(64))
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    changed_at: Mapped[datetime] = mapped_column(Instant)


class DigestChoice(Base):
    """That a person wants mail, where to and how often; without one they get none.

    It is no edited record: an address in the audit trail could never be deleted. ``told`` holds what
    the last mail said, so that the next one tells what has changed since.
    """

    __tablename__ = "digest_choice"
    __table_args__ = (one_of("rhythm", RHYTHMS),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str] = mapped_column(String(254))
    rhythm: Mapped[str] = mapped_column(String(10))
    told: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    told_on: Mapped[date | None]


class DigestSent(Base):
    """That a person was written to on a day, so that a second nightly run does not write again."""

    __tablename__ = "digest_sent"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(Instant)
