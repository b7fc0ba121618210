"""Who does the work and when nobody may: tasks, crews and their absences, blackouts."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.models.places import Building, Wing
from wlantrack.store.models.renovations import NOISE_CLASSES
from wlantrack.store.types import Instant

TASK_STATES = ("open", "done", "dropped")
TASK_ORIGINS = ("person", "failed test", "closing wall", "renovation", "feedback")


class Task(Edited, Base):
    """Something small that one person does by a day.

    ``subject_kind`` and ``subject_id`` name the record that it is about, by table and public id;
    ``origin`` says who or what has opened it.
    """

    __tablename__ = "task"
    __table_args__ = (
        one_of("state", TASK_STATES),
        one_of("origin", TASK_ORIGINS),
        CheckConstraint("building_id IS NOT NULL OR wing_id IS NULL", name="wing_in_building"),
        CheckConstraint("(subject_kind = '') = (subject_id IS NULL)", name="subject"),
        Index("ix_task_place", "building_id", "wing_id"),
        Index("ix_task_person", "person", "state"),
        Index("ix_task_subject", "subject_kind", "subject_id"),
    )

    title: Mapped[str] = mapped_column(String(160))
    person: Mapped[str] = mapped_column(String(80), default="")
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(8), default="open")
    done_on: Mapped[date | None]
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    subject_kind: Mapped[str] = mapped_column(String(30), default="")
    subject_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    origin: Mapped[str] = mapped_column(String(16), default="person")
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(1000), default="")

    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")


class Crew(Edited, Base):
    """People who work together; ``capacity`` is how many packages they carry at once."""

    __tablename__ = "crew"
    __table_args__ = (CheckConstraint("capacity BETWEEN 1 AND 100", name="capacity"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    firm: Mapped[str] = mapped_column(String(120), default="")
    capacity: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(String(500), default="")

    absences: Mapped[list[CrewAbsence]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        back_populates="crew",
        order_by="CrewAbsence.begins_on",
    )


class CrewAbsence(Edited, Base):
    """Days on which a crew does not work, the first and the last included."""

    __tablename__ = "crew_absence"
    __table_args__ = (CheckConstraint("begins_on <= ends_on", name="order"),)

    crew_id: Mapped[int] = mapped_column(ForeignKey("crew.id", ondelete="CASCADE"), index=True)
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str] = mapped_column(String(200), default="")

    crew: Mapped[Crew] = relationship(lazy="raise_on_sql", back_populates="absences")


class Blackout(Edited, Base):
    """Days on which nothing as loud as ``noise_class`` or louder may be done, everywhere or there.

    ``uid`` is the entry's in the calendar from which it was read, such as the council's sessions.
    """

    __tablename__ = "blackout"
    __table_args__ = (
        one_of("noise_class", NOISE_CLASSES),
        CheckConstraint("begins_on <= ends_on", name="order"),
        CheckConstraint("building_id IS NOT NULL OR wing_id IS NULL", name="wing_in_building"),
        Index("ix_blackout_place", "building_id", "wing_id"),
        Index("ix_blackout_uid", "uid"),
    )

    name: Mapped[str] = mapped_column(String(120))
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    noise_class: Mapped[str] = mapped_column(String(8), default="loud")
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    calendar: Mapped[str] = mapped_column(String(120), default="")
    uid: Mapped[str] = mapped_column(String(255), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
