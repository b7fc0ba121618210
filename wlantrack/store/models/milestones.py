"""Milestones and work packages, what they wait for, and what was once planned and forecast."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.rollout.spoken_dates import Precision, SpokenDate
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.base import Base, Edited, Record, one_of
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.demand import RoomGroup
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.models.renovations import NOISE_CLASSES, Renovation
from wlantrack.store.models.spoken import spoken, spoken_checks
from wlantrack.store.models.work import Crew
from wlantrack.store.types import Instant, Precise

MILESTONE_KINDS = (
    "design released",
    "permits cleared",
    "cabling complete",
    "access points mounted",
    "visitor WLAN live",
    "internal WLAN live",
    "accepted",
    "operations ready",
)
PACKAGE_KINDS = (
    "survey",
    "design",
    "permit",
    "tender",
    "delivery",
    "containment",
    "pulling",
    "fire stopping",
    "termination",
    "testing",
    "mounting",
    "commissioning",
    "acceptance",
    "training",
    "other",
)
PACKAGE_STATES = ("planned", "running", "done", "dropped")
LINK_KINDS = ("FS", "SS", "FF", "SF")


class Milestone(Edited, Base):
    """A point that a place reaches: planned in baselines, forecast, reached, or without a date.

    Without building it is the programme's; else a building's, a wing's or a room group's.
    ``forecast`` is set by hand and may be pushed by links; ``actual`` is when it came about.
    ``undated_reason`` says why no date can be given, and then there is no forecast.
    """

    __tablename__ = "milestone"
    __table_args__ = (
        one_of("kind", MILESTONE_KINDS),
        *spoken_checks("forecast", "actual"),
        CheckConstraint("wing_id IS NULL OR room_group_id IS NULL", name="one_scope"),
        CheckConstraint(
            "building_id IS NOT NULL OR (wing_id IS NULL AND room_group_id IS NULL)",
            name="scope_in_building",
        ),
        CheckConstraint(
            "undated_reason = '' OR forecast_wording IS NULL", name="undated_or_forecast"
        ),
        Index("ix_milestone_place", "building_id", "wing_id"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(24))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    room_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("room_group.id", ondelete="RESTRICT"), index=True
    )
    forecast_wording: Mapped[str | None] = mapped_column(String(80))
    forecast_earliest: Mapped[date | None]
    forecast_latest: Mapped[date | None]
    forecast_precision: Mapped[Precision | None] = mapped_column(Precise)
    forecast_reason: Mapped[str] = mapped_column(String(300), default="")
    actual_wording: Mapped[str | None] = mapped_column(String(80))
    actual_earliest: Mapped[date | None]
    actual_latest: Mapped[date | None]
    actual_precision: Mapped[Precision | None] = mapped_column(Precise)
    undated_reason: Mapped[str] = mapped_column(String(300), default="")
    responsible: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    forecast: Mapped[SpokenDate | None] = spoken("forecast")
    actual: Mapped[SpokenDate | None] = spoken("actual")
    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    room_group: Mapped[RoomGroup | None] = relationship(lazy="raise_on_sql")


class WorkPackage(Edited, Base):
    """Work that takes time; with ``is_waiting`` time of others, in calendar days without crew.

    ``duration_days`` is net: of working days on which the crew may work. ``planned_start`` and
    ``planned_finish`` are the current plan, which nobody moves while ``is_pinned``; ``not_before``
    is the earliest start that anybody has allowed. ``priority`` 1 comes first.
    """

    __tablename__ = "work_package"
    __table_args__ = (
        one_of("kind", PACKAGE_KINDS),
        one_of("noise_class", NOISE_CLASSES),
        one_of("state", PACKAGE_STATES),
        CheckConstraint("duration_days > 0", name="duration_days"),
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
        CheckConstraint("NOT is_waiting OR crew_id IS NULL", name="waits_without_crew"),
        CheckConstraint("finished_on IS NULL OR started_on IS NOT NULL", name="begun_first"),
        CheckConstraint("started_on <= finished_on", name="order"),
        CheckConstraint("(planned_start IS NULL) = (planned_finish IS NULL)", name="planned_whole"),
        CheckConstraint("planned_start <= planned_finish", name="planned_order"),
        CheckConstraint("NOT is_pinned OR planned_start IS NOT NULL", name="pinned_somewhere"),
        CheckConstraint(
            "state = 'dropped' OR (state = 'planned') = (started_on IS NULL)", name="state_begun"
        ),
        CheckConstraint(
            "state = 'dropped' OR (state = 'done') = (finished_on IS NOT NULL)", name="state_over"
        ),
        CheckConstraint(
            "undated_reason = '' OR (not_before IS NULL AND planned_start IS NULL)",
            name="undated_or_dated",
        ),
        CheckConstraint("wing_id IS NULL OR room_group_id IS NULL", name="one_place"),
        *spoken_checks("due"),
        Index("ix_work_package_place", "building_id", "wing_id"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(8), default="planned")
    priority: Mapped[int] = mapped_column(default=3)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    floor_id: Mapped[int | None] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    room_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("room_group.id", ondelete="RESTRICT"), index=True
    )
    renovation_id: Mapped[int | None] = mapped_column(
        ForeignKey("renovation.id", ondelete="SET NULL"), index=True
    )
    milestone_id: Mapped[int | None] = mapped_column(
        ForeignKey("milestone.id", ondelete="SET NULL"), index=True
    )
    crew_id: Mapped[int | None] = mapped_column(
        ForeignKey("crew.id", ondelete="RESTRICT"), index=True
    )
    duration_days: Mapped[int] = mapped_column(default=1)
    is_waiting: Mapped[bool] = mapped_column(default=False)
    noise_class: Mapped[str] = mapped_column(String(8), default="normal")
    responsible: Mapped[str] = mapped_column(String(120), default="")
    not_before: Mapped[date | None]
    planned_start: Mapped[date | None]
    planned_finish: Mapped[date | None]
    is_pinned: Mapped[bool] = mapped_column(default=False)
    due_wording: Mapped[str | None] = mapped_column(String(80))
    due_earliest: Mapped[date | None]
    due_latest: Mapped[date | None]
    due_precision: Mapped[Precision | None] = mapped_column(Precise)
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    undated_reason: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    building: Mapped[Building] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    floor: Mapped[Floor | None] = relationship(lazy="raise_on_sql")
    renovation: Mapped[Renovation | None] = relationship(lazy="raise_on_sql")
    milestone: Mapped[Milestone | None] = relationship(lazy="raise_on_sql")
    crew: Mapped[Crew | None] = relationship(lazy="raise_on_sql")
    room_group: Mapped[RoomGroup | None] = relationship(lazy="raise_on_sql")
    subjects: Mapped[list[WorkPackageSubject]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="WorkPackageSubject.id"
    )

    due: Mapped[SpokenDate | None] = spoken("due")


class WorkPackageSubject(Record, Base):
    """A cable run or an access point on which a work package is done."""

    __tablename__ = "work_package_subject"
    __table_args__ = (
        UniqueConstraint("work_package_id", "cable_run_id"),
        UniqueConstraint("work_package_id", "access_point_id"),
        CheckConstraint("(cable_run_id IS NULL) <> (access_point_id IS NULL)", name="one_subject"),
    )

    work_package_id: Mapped[int] = mapped_column(ForeignKey("work_package.id", ondelete="CASCADE"))
    cable_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("cable_run.id", ondelete="CASCADE"), index=True
    )
    access_point_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_point.id", ondelete="CASCADE"), index=True
    )

    cable_run: Mapped[CableRun | None] = relationship(lazy="raise_on_sql")
    access_point: Mapped[AccessPoint | None] = relationship(lazy="raise_on_sql")


class PlanLink(Edited, Base):
    """What waits for what, among milestones and work packages; the lag is in working days."""

    __tablename__ = "plan_link"
    __table_args__ = (
        one_of("kind", LINK_KINDS),
        CheckConstraint(
            "(before_milestone_id IS NULL) <> (before_package_id IS NULL)", name="one_before"
        ),
        CheckConstraint(
            "(after_milestone_id IS NULL) <> (after_package_id IS NULL)", name="one_after"
        ),
        CheckConstraint("lag_days BETWEEN -1000 AND 1000", name="lag_days"),
        *(
            Index(f"ix_plan_link_{end}_{what}_id", f"{end}_{what}_id")
            for end in ("before", "after")
            for what in ("milestone", "package")
        ),
    )

    before_milestone_id: Mapped[int | None] = mapped_column(
        ForeignKey("milestone.id", ondelete="CASCADE")
    )
    before_package_id: Mapped[int | None] = mapped_column(
        ForeignKey("work_package.id", ondelete="CASCADE")
    )
    after_milestone_id: Mapped[int | None] = mapped_column(
        ForeignKey("milestone.id", ondelete="CASCADE")
    )
    after_package_id: Mapped[int | None] = mapped_column(
        ForeignKey("work_package.id", ondelete="CASCADE")
    )
    kind: Mapped[str] = mapped_column(String(2), default="FS")
    lag_days: Mapped[int] = mapped_column(default=0)


class Baseline(Record, Base):
    """A plan that was agreed on a day, under a name; triggers keep it as it was."""

    __tablename__ = "baseline"

    name: Mapped[str] = mapped_column(String(80), unique=True)
    taken_at: Mapped[datetime] = mapped_column(Instant)
    taken_by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(300), default="")

    entries: Mapped[list[BaselineEntry]] = relationship(lazy="raise_on_sql")


class BaselineEntry(Base):
    """What a baseline says of one milestone, which may be gone by now."""

    __tablename__ = "baseline_entry"
    __table_args__ = (
        UniqueConstraint("baseline_id", "milestone_uuid"),
        *spoken_checks("planned"),
        Index("ix_baseline_entry_milestone_uuid", "milestone_uuid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    baseline_id: Mapped[int] = mapped_column(ForeignKey("baseline.id", ondelete="RESTRICT"))
    milestone_uuid: Mapped[uuid.UUID] = mapped_column(Uuid)
    code: Mapped[str] = mapped_column(String(60))
    planned_wording: Mapped[str | None] = mapped_column(String(80))
    planned_earliest: Mapped[date | None]
    planned_latest: Mapped[date | None]
    planned_precision: Mapped[Precision | None] = mapped_column(Precise)
    undated_reason: Mapped[str] = mapped_column(String(300), default="")

    planned: Mapped[SpokenDate | None] = spoken("planned")


class ForecastSnapshot(Base):
    """What was forecast for a milestone, which may be gone by now, on a report date.

    ``is_reached`` once it had come about.
    """

    __tablename__ = "forecast_snapshot"
    __table_args__ = (
        UniqueConstraint("milestone_uuid", "report_on"),
        *spoken_checks("forecast"),
        Index("ix_forecast_snapshot_report_on", "report_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    milestone_uuid: Mapped[uuid.UUID] = mapped_column(Uuid)
    report_on: Mapped[date]
    forecast_wording: Mapped[str | None] = mapped_column(String(80))
    forecast_earliest: Mapped[date | None]
    forecast_latest: Mapped[date | None]
    forecast_precision: Mapped[Precision | None] = mapped_column(Precise)
    undated_reason: Mapped[str] = mapped_column(String(300), default="")
    is_reached: Mapped[bool] = mapped_column(default=False)

    forecast: Mapped[SpokenDate | None] = spoken("forecast")
