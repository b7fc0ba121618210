"""Searches for better schedules and what came of them, and the weights they are judged by."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.types import Instant

SEARCH_STATES = ("running", "found", "infeasible", "cancelled", "failed")
WEIGHT_NAMES = ("lateness", "outside", "disturbance", "move")
MOST_WEIGHT = 1000


class ScheduleProposal(Base):
    """One search for a better schedule, from the moment it was asked for.

    It is no record that people edit: the search writes a sign of life (``beat_at``) and what it has
    so far (``cost``, ``bound``) every few seconds, and any process may set ``is_cancelled``. What it
    found is a kept text. ``today_cost`` is what the plan cost at the time, by the same weights;
    ``fault`` says why a search failed, as JSON of a message.
    """

    __tablename__ = "schedule_proposal"
    __table_args__ = (
        one_of("state", SEARCH_STATES),
        CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended"),
        CheckConstraint(
            "text_sha256 IS NOT NULL OR state IN ('running', 'failed')", name="text_kept"
        ),
        Index(
            "uq_schedule_proposal_running",
            "state",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_schedule_proposal_text_sha256", "text_sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, default=uuid.uuid4)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[str] = mapped_column(String(80))
    seed: Mapped[int]
    limit_s: Mapped[float]
    lateness: Mapped[int]
    outside: Mapped[int]
    disturbance: Mapped[int]
    move: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="running")
    beat_at: Mapped[datetime] = mapped_column(Instant)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    cost: Mapped[int | None]
    bound: Mapped[int | None]
    today_cost: Mapped[int | None]
    move_count: Mapped[int | None]
    text_sha256: Mapped[str | None] = mapped_column(
        ForeignKey("kept_text.sha256", ondelete="RESTRICT")
    )
    fault: Mapped[str] = mapped_column(String(4000), default="")


class AcceptedLine(Base):
    """A line of a proposal that somebody has taken over, in a request that can be undone."""

    __tablename__ = "accepted_line"
    __table_args__ = (Index("ix_accepted_line_text_sha256", "text_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_sha256: Mapped[str] = mapped_column(ForeignKey("kept_text.sha256", ondelete="RESTRICT"))
    package_uuid: Mapped[uuid.UUID] = mapped_column(Uuid)
    package: Mapped[str] = mapped_column(String(60))
    accepted_at: Mapped[datetime] = mapped_column(Instant)
    accepted_by: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[str] = mapped_column(String(40))


class ScheduleWeights(Edited, Base):
    """What the faults of a plan cost against one another; there is one record at most."""

    __tablename__ = "schedule_weights"
    __table_args__ = tuple(
        CheckConstraint(f"{name} BETWEEN 0 AND {MOST_WEIGHT}", name=name) for name in WEIGHT_NAMES
    )

    lateness: Mapped[int]
    outside: Mapped[int]
    disturbance: Mapped[int]
    move: Mapped[int]
