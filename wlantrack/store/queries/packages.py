"""Selects of work packages: the lines of lists, whole records, and the states of what they cover."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.rollout.spoken_dates import SpokenDate
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.demand import RoomGroup
from wlantrack.store.models.milestones import WorkPackage, WorkPackageSubject
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.models.renovations import Renovation, RenovationPart
from wlantrack.store.models.spoken import PARTS
from wlantrack.store.models.work import Blackout, Crew, CrewAbsence, Task
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.scopes import Pairs

_PLAIN = ("id", "version", "priority", "is_pinned", "responsible")
TASK_SUBJECT = "work_package"
"""What tasks call a work package that they belong to."""


@dataclass(frozen=True)
class PackageNames:
    """What lists show of a work package beside what a plan knows of it."""

    id: int
    version: int
    priority: int
    is_pinned: bool
    responsible: str
    building: str
    building_name: str
    wing: str | None
    wing_name: str | None
    level: int | None
    room_group: str | None
    crew: str | None
    crew_name: str | None
    due: SpokenDate | None


@dataclass(frozen=True)
class PackageChoice:
    """A work package as it is offered for choosing."""

    public_id: uuid.UUID
    code: str
    name: str
    kind: str
    building: str
    wing: str | None
    level: int | None


@dataclass(frozen=True)
class Covered:
    """The states of a package's cables, access points and tasks, counted."""

    runs: Mapping[str, int]
    points: Mapping[str, int]
    tasks: Mapping[str, int]


def list_names(session: Session) -> dict[int, PackageNames]:
    """Give what lists show of every work package, by id."""
    due = [getattr(WorkPackage, f"due_{part}") for part in PARTS]
    query = (
        select(
            *(getattr(WorkPackage, name) for name in _PLAIN),
            Building.code.label("building"),
            Building.name.label("building_name"),
            Wing.code.label("wing"),
            Wing.name.label("wing_name"),
            Floor.level.label("level"),
            RoomGroup.name.label("room_group"),
            Crew.code.label("crew"),
            Crew.name.label("crew_name"),
            *due,
        )
        .join(Building, Building.id == WorkPackage.building_id)
        .outerjoin(Wing, Wing.id == WorkPackage.wing_id)
        .outerjoin(Floor, Floor.id == WorkPackage.floor_id)
        .outerjoin(RoomGroup, RoomGroup.id == WorkPackage.room_group_id)
        .outerjoin(Crew, Crew.id == WorkPackage.crew_id)
    )
    names = [name for name in PackageNames.__annotations__ if name != "due"]
    found = {}
    for row in session.execute(query).mappings():
        parts = [row[f"due_{part}"] for part in PARTS]
        due_on = None if parts[0] is None else SpokenDate(*parts)
        found[row["id"]] = PackageNames(**{name: row[name] for name in names}, due=due_on)
    return found


def count_covered(session: Session) -> dict[int, Covered]:
    """Count the states of what packages cover, by package; those that cover nothing are left out."""
    owner = WorkPackageSubject.work_package_id
    runs = select(owner, CableRun.state, func.count()).join(
        CableRun, CableRun.id == WorkPackageSubject.cable_run_id
    )
    points = select(owner, AccessPoint.state, func.count()).join(
        AccessPoint, AccessPoint.id == WorkPackageSubject.access_point_id
    )
    tasks = (
        select(WorkPackage.id, Task.state, func.count())
        .join(Task, Task.subject_id == WorkPackage.public_id)
        .where(Task.subject_kind == TASK_SUBJECT)
        .group_by(WorkPackage.id, Task.state)
    )
    found: defaultdict[int, tuple[Counter[str], ...]] = defaultdict(
        lambda: (Counter(), Counter(), Counter())
    )
    queries = (
        runs.group_by(owner, CableRun.state),
        points.group_by(owner, AccessPoint.state),
        tasks,
    )
    for number, query in enumerate(queries):
        for package_id, state, count in session.execute(query):
            found[package_id][number][state] = count
    return {package_id: Covered(*counts) for package_id, counts in found.items()}


def _whole() -> Select[WorkPackage]:
    subject = selectinload(WorkPackage.subjects)
    return select(WorkPackage).options(
        joinedload(WorkPackage.building).selectinload(Building.wings),
        joinedload(WorkPackage.building).selectinload(Building.floors),
        joinedload(WorkPackage.wing),
        joinedload(WorkPackage.floor),
        joinedload(WorkPackage.room_group),
        joinedload(WorkPackage.crew),
        joinedload(WorkPackage.renovation),
        joinedload(WorkPackage.milestone),
        subject.joinedload(WorkPackageSubject.cable_run).joinedload(CableRun.floor),
        subject.joinedload(WorkPackageSubject.access_point).joinedload(AccessPoint.floor),
    )


def get_package(session: Session, public_id: uuid.UUID) -> WorkPackage | None:
    """Load a work package with its place, crew and what it covers."""
    return session.scalar(_whole().where(WorkPackage.public_id == public_id))


def get_by_code(session: Session, code: str) -> WorkPackage | None:
    """Load a work package with its place, crew and what it covers."""
    return session.scalar(_whole().where(WorkPackage.code == code))


def load_packages(session: Session, pairs: Pairs) -> list[WorkPackage]:
    """Load the work packages in some scopes, whole, by code."""
    query = _whole().where(in_places(pairs, WorkPackage.building_id, WorkPackage.wing_id))
    return list(session.scalars(query.order_by(WorkPackage.code)))


def list_choices(session: Session, pairs: Pairs) -> list[PackageChoice]:
    """Give the work packages in some scopes that are planned or running, by code."""
    query = (
        select(
            WorkPackage.public_id,
            WorkPackage.code,
            WorkPackage.name,
            WorkPackage.kind,
            Building.code,
            Wing.code,
            Floor.level,
        )
        .join(Building, Building.id == WorkPackage.building_id)
        .outerjoin(Wing, Wing.id == WorkPackage.wing_id)
        .outerjoin(Floor, Floor.id == WorkPackage.floor_id)
        .where(
            in_places(pairs, WorkPackage.building_id, WorkPackage.wing_id),
            WorkPackage.state.in_(("planned", "running")),
        )
    )
    return [PackageChoice(*row) for row in session.execute(query.order_by(WorkPackage.code))]


def list_codes(session: Session) -> set[str]:
    """Give the codes of all work packages."""
    return set(session.scalars(select(WorkPackage.code)))


def list_tasks_of(session: Session, package: WorkPackage) -> list[Task]:
    """Load the tasks that belong to a work package, the one due first first."""
    return list(
        session.scalars(
            select(Task)
            .where(Task.subject_kind == TASK_SUBJECT, Task.subject_id == package.public_id)
            .order_by(Task.due_on.is_(None), Task.due_on, Task.id)
        )
    )


def list_absences_from(session: Session, day: date) -> list[CrewAbsence]:
    """Load the absences that end on a day or later."""
    return list(session.scalars(select(CrewAbsence).where(CrewAbsence.ends_on >= day)))


def list_blackouts_from(session: Session, day: date) -> list[Blackout]:
    """Load the blackouts that end on a day or later, by day."""
    query = select(Blackout).where(Blackout.ends_on >= day)
    return list(session.scalars(query.order_by(Blackout.begins_on, Blackout.id)))


def list_walls(session: Session) -> list[tuple[RenovationPart, Renovation]]:
    """Load the parts of renovations that are neither over nor given up, each with its renovation."""
    rows = session.execute(
        select(RenovationPart, Renovation)
        .join(Renovation, Renovation.id == RenovationPart.renovation_id)
        .where(Renovation.state.not_in(("done", "cancelled")))
        .order_by(Renovation.code, RenovationPart.id)
    )
    return [(part, renovation) for part, renovation in rows]


def list_capacities(session: Session) -> dict[int, int]:
    """Give how many packages each crew carries at once, by its id."""
    return {row[0]: row[1] for row in session.execute(select(Crew.id, Crew.capacity))}
