"""Selects of milestones, work packages, their links, and of baselines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from wlantrack.rollout.spoken_dates import SpokenDate
from wlantrack.store.models.demand import RoomGroup
from wlantrack.store.models.milestones import (
    Baseline,
    BaselineEntry,
    ForecastSnapshot,
    Milestone,
    PlanLink,
    WorkPackage,
)
from wlantrack.store.models.places import Building, Wing
from wlantrack.store.queries.paging import in_portions

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import RowMapping
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class MilestoneRow:
    """A milestone with the names of its place."""

    id: int
    public_id: uuid.UUID
    version: int
    code: str
    name: str
    kind: str
    building_id: int | None
    wing_id: int | None
    room_group_id: int | None
    forecast_reason: str
    undated_reason: str
    responsible: str
    building: str | None
    building_name: str | None
    wing: str | None
    wing_name: str | None
    room_group: str | None
    forecast: SpokenDate | None
    actual: SpokenDate | None


@dataclass(frozen=True)
class PackageRow:
    """A work package, as far as a plan needs it."""

    id: int
    public_id: uuid.UUID
    code: str
    name: str
    kind: str
    building_id: int
    wing_id: int | None
    duration_days: int
    is_waiting: bool
    not_before: date | None
    planned_start: date | None
    planned_finish: date | None
    started_on: date | None
    finished_on: date | None
    undated_reason: str
    state: str
    milestone_id: int | None
    floor_id: int | None
    crew_id: int | None
    noise_class: str


@dataclass(frozen=True)
class LinkRow:
    """A link; of each end one id is there."""

    public_id: uuid.UUID
    version: int
    before_milestone_id: int | None
    before_package_id: int | None
    after_milestone_id: int | None
    after_package_id: int | None
    kind: str
    lag_days: int


@dataclass(frozen=True)
class EntryRow:
    """What a baseline says of a milestone."""

    code: str
    planned: SpokenDate | None
    undated_reason: str


_PARTS = ("wording", "earliest", "latest", "precision")


def _spoken(row: RowMapping, name: str) -> SpokenDate | None:
    parts = [row[f"{name}_{part}"] for part in _PARTS]
    return None if parts[0] is None else SpokenDate(*parts)


_PLAIN = (
    "id",
    "public_id",
    "version",
    "code",
    "name",
    "kind",
    "building_id",
    "wing_id",
    "room_group_id",
    "forecast_reason",
    "undated_reason",
    "responsible",
)


def list_rows(session: Session) -> list[MilestoneRow]:
    """Give every milestone of the city, by code."""
    dates = [
        getattr(Milestone, f"{name}_{part}") for name in ("forecast", "actual") for part in _PARTS
    ]
    query = (
        select(
            *(getattr(Milestone, name) for name in _PLAIN),
            *dates,
            Building.code.label("building"),
            Building.name.label("building_name"),
            Wing.code.label("wing"),
            Wing.name.label("wing_name"),
            RoomGroup.name.label("room_group"),
        )
        .outerjoin(Building, Building.id == Milestone.building_id)
        .outerjoin(Wing, Wing.id == Milestone.wing_id)
        .outerjoin(RoomGroup, RoomGroup.id == Milestone.room_group_id)
        .order_by(Milestone.code)
    )
    names = (*_PLAIN, "building", "building_name", "wing", "wing_name", "room_group")
    return [
        MilestoneRow(
            **{name: row[name] for name in names},
            forecast=_spoken(row, "forecast"),
            actual=_spoken(row, "actual"),
        )
        for row in session.execute(query).mappings()
    ]


def list_packages(session: Session) -> list[PackageRow]:
    """Give every work package of the city, by code."""
    names = tuple(PackageRow.__annotations__)
    columns = (getattr(WorkPackage, name) for name in names)
    return [
        PackageRow(*row) for row in session.execute(select(*columns).order_by(WorkPackage.code))
    ]


def list_links(session: Session) -> list[LinkRow]:
    """Give every link of the city."""
    names = tuple(LinkRow.__annotations__)
    columns = (getattr(PlanLink, name) for name in names)
    return [LinkRow(*row) for row in session.execute(select(*columns).order_by(PlanLink.id))]


def _whole() -> Select[Milestone]:
    return select(Milestone).options(
        joinedload(Milestone.building),
        joinedload(Milestone.wing),
        joinedload(Milestone.room_group),
    )


def get_milestone(session: Session, public_id: uuid.UUID) -> Milestone | None:
    """Load a milestone with its place."""
    return session.scalar(_whole().where(Milestone.public_id == public_id))


def get_by_code(session: Session, code: str) -> Milestone | None:
    """Load a milestone with its place."""
    return session.scalar(_whole().where(Milestone.code == code))


def load_milestones(session: Session) -> list[Milestone]:
    """Load every milestone with its place, by code."""
    return list(session.scalars(_whole().order_by(Milestone.code)))


def list_codes(session: Session) -> set[str]:
    """Give the codes of all milestones."""
    return set(session.scalars(select(Milestone.code)))


def get_link(session: Session, public_id: uuid.UUID) -> PlanLink | None:
    """Load a link."""
    return session.scalar(select(PlanLink).where(PlanLink.public_id == public_id))


def load_links(session: Session) -> list[PlanLink]:
    """Load every link."""
    return list(session.scalars(select(PlanLink).order_by(PlanLink.id)))


def list_baselines(session: Session) -> list[tuple[Baseline, int]]:
    """Give the baselines with their number of milestones, the latest first."""
    count = (
        select(func.count(BaselineEntry.id))
        .where(BaselineEntry.baseline_id == Baseline.id)
        .scalar_subquery()
    )
    rows = session.execute(select(Baseline, count).order_by(Baseline.taken_at.desc()))
    return [(baseline, number) for baseline, number in rows]


def get_baseline(session: Session, public_id: uuid.UUID) -> Baseline | None:
    """Load a baseline without its entries."""
    return session.scalar(select(Baseline).where(Baseline.public_id == public_id))


def list_entries(session: Session, baseline_id: int) -> dict[uuid.UUID, EntryRow]:
    """Give what a baseline says, by milestone."""
    columns = [getattr(BaselineEntry, f"planned_{part}") for part in _PARTS]
    entry = BaselineEntry
    query = select(entry.milestone_uuid, entry.code, entry.undated_reason, *columns)
    return {
        row["milestone_uuid"]: EntryRow(row["code"], _spoken(row, "planned"), row["undated_reason"])
        for row in session.execute(query.where(BaselineEntry.baseline_id == baseline_id)).mappings()
    }


def find_link_place(session: Session, link: PlanLink) -> tuple[int | None, int | None] | None:
    """Give building and wing of what waits by a link."""
    if link.after_milestone_id is not None:
        query = select(Milestone.building_id, Milestone.wing_id)
        row = session.execute(query.where(Milestone.id == link.after_milestone_id)).first()
        return (row[0], row[1]) if row else None
    package = select(WorkPackage.building_id, WorkPackage.wing_id)
    found = session.execute(package.where(WorkPackage.id == link.after_package_id)).first()
    return (found[0], found[1]) if found else None


@dataclass(frozen=True)
class SnapshotRow:
    """What was forecast for a milestone on a report date."""

    milestone_uuid: uuid.UUID
    report_on: date
    forecast: SpokenDate | None
    undated_reason: str
    is_reached: bool


def has_snapshots(session: Session, report_on: date) -> bool:
    """Tell whether forecasts were kept for a report date."""
    query = select(ForecastSnapshot.id).where(ForecastSnapshot.report_on == report_on)
    return session.scalar(query.limit(1)) is not None


def list_snapshots_of(session: Session, report_on: date) -> list[ForecastSnapshot]:
    """Load what was kept for a report date."""
    query = select(ForecastSnapshot).where(ForecastSnapshot.report_on == report_on)
    return list(session.scalars(query))


def list_snapshots(session: Session, milestone_uuids: Sequence[uuid.UUID]) -> list[SnapshotRow]:
    """Give what was forecast for some milestones, by report date."""
    columns = [getattr(ForecastSnapshot, f"forecast_{part}") for part in _PARTS]
    query = select(
        ForecastSnapshot.milestone_uuid,
        ForecastSnapshot.report_on,
        ForecastSnapshot.undated_reason,
        ForecastSnapshot.is_reached,
        *columns,
    ).order_by(ForecastSnapshot.report_on)
    return [
        SnapshotRow(
            row["milestone_uuid"],
            row["report_on"],
            _spoken(row, "forecast"),
            row["undated_reason"],
            row["is_reached"],
        )
        for some in in_portions(milestone_uuids)
        for row in session.execute(
            query.where(ForecastSnapshot.milestone_uuid.in_(some))
        ).mappings()
    ]
