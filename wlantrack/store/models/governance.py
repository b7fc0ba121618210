"""What the roll-out rests on beside technology: decisions, posts, training, support, money, risks."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.rollout.spoken_dates import Precision, SpokenDate
from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.models.places import Building
from wlantrack.store.models.spoken import spoken, spoken_checks
from wlantrack.store.types import Precise

POST_STATES = ("applied for", "approved", "filled", "refused")
RISK_STATES = ("open", "occurred", "closed")


class Decision(Edited, Base):
    """What a council or committee has decided or is to decide, and on which paper.

    ``due`` is by when it is needed.
    """

    __tablename__ = "decision"
    __table_args__ = spoken_checks("decided", "due")

    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(String(120), default="")
    paper: Mapped[str] = mapped_column(String(120), default="")
    decided_wording: Mapped[str | None] = mapped_column(String(80))
    decided_earliest: Mapped[date | None]
    decided_latest: Mapped[date | None]
    decided_precision: Mapped[Precision | None] = mapped_column(Precise)
    due_wording: Mapped[str | None] = mapped_column(String(80))
    due_earliest: Mapped[date | None]
    due_latest: Mapped[date | None]
    due_precision: Mapped[Precision | None] = mapped_column(Precise)
    note: Mapped[str] = mapped_column(String(1000), default="")

    decided: Mapped[SpokenDate | None] = spoken("decided")
    due: Mapped[SpokenDate | None] = spoken("due")


class Post(Edited, Base):
    """Posts that are applied for or approved, in full-time equivalents."""

    __tablename__ = "post"
    __table_args__ = (
        one_of("state", POST_STATES),
        CheckConstraint("full_time_count > 0", name="full_time_count"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    office: Mapped[str] = mapped_column(String(120), default="")
    full_time_count: Mapped[float] = mapped_column(default=1.0)
    plan: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(12), default="applied for")
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("decision.id", ondelete="SET NULL"), index=True
    )
    note: Mapped[str] = mapped_column(String(1000), default="")

    decision: Mapped[Decision | None] = relationship(lazy="raise_on_sql")


class SupportTeam(Edited, Base):
    """Who looks after the network once it is in operation."""

    __tablename__ = "support_team"

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    duty: Mapped[str] = mapped_column(String(300), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    building_id: Mapped[int | None] = mapped_column(
        ForeignKey("building.id", ondelete="RESTRICT"), index=True
    )
    note: Mapped[str] = mapped_column(String(1000), default="")

    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")


class Training(Edited, Base):
    """A training: for whom, when, and how many have taken part of how many."""

    __tablename__ = "training"
    __table_args__ = (
        *spoken_checks("held"),
        CheckConstraint("planned_count >= 0 AND trained_count >= 0", name="counts"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    audience: Mapped[str] = mapped_column(String(200), default="")
    held_wording: Mapped[str | None] = mapped_column(String(80))
    held_earliest: Mapped[date | None]
    held_latest: Mapped[date | None]
    held_precision: Mapped[Precision | None] = mapped_column(Precise)
    planned_count: Mapped[int | None]
    trained_count: Mapped[int] = mapped_column(default=0)
    building_id: Mapped[int | None] = mapped_column(
        ForeignKey("building.id", ondelete="RESTRICT"), index=True
    )
    note: Mapped[str] = mapped_column(String(1000), default="")

    held: Mapped[SpokenDate | None] = spoken("held")
    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")


class DeviceGroup(Edited, Base):
    """How many devices of a kind there are, as of a day, and which network they may use."""

    __tablename__ = "device_group"
    __table_args__ = (
        one_of("network_class", NETWORK_CLASSES),
        CheckConstraint("device_count >= 0", name="device_count"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    device_count: Mapped[int] = mapped_column(default=0)
    as_of: Mapped[date | None]
    network_class: Mapped[str | None] = mapped_column(String(12))
    building_id: Mapped[int | None] = mapped_column(
        ForeignKey("building.id", ondelete="RESTRICT"), index=True
    )
    note: Mapped[str] = mapped_column(String(1000), default="")

    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")


class BudgetLine(Edited, Base):
    """Money for a purpose in a budget; all of it in whole euros."""

    __tablename__ = "budget_line"
    __table_args__ = (
        CheckConstraint(
            "planned_eur >= 0 AND committed_eur >= 0 AND spent_eur >= 0", name="amounts"
        ),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    budget: Mapped[str] = mapped_column(String(60), default="")
    planned_eur: Mapped[int | None]
    committed_eur: Mapped[int | None]
    spent_eur: Mapped[int | None]
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("decision.id", ondelete="SET NULL"), index=True
    )
    note: Mapped[str] = mapped_column(String(1000), default="")

    decision: Mapped[Decision | None] = relationship(lazy="raise_on_sql")


class Risk(Edited, Base):
    """What may go wrong, how likely and how bad that is, and what is done about it."""

    __tablename__ = "risk"
    __table_args__ = (
        one_of("state", RISK_STATES),
        CheckConstraint("likelihood BETWEEN 1 AND 5", name="likelihood"),
        CheckConstraint("impact BETWEEN 1 AND 5", name="impact"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    likelihood: Mapped[int] = mapped_column(default=3)
    impact: Mapped[int] = mapped_column(default=3)
    response: Mapped[str] = mapped_column(String(1000), default="")
    responsible: Mapped[str] = mapped_column(String(120), default="")
    review_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default="open")
    building_id: Mapped[int | None] = mapped_column(
        ForeignKey("building.id", ondelete="RESTRICT"), index=True
    )
    note: Mapped[str] = mapped_column(String(1000), default="")

    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")
