"""Selects of what instruments have measured of cable runs, and of remembered columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import CableTest, ColumnMapping
from wlantrack.store.models.places import Floor
from wlantrack.store.models.work import Task
from wlantrack.store.queries.paging import in_portions
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.scopes import Pairs


def list_of_run(session: Session, cable_run_id: int) -> list[CableTest]:
    """Give the measurements of a run, the latest first."""
    query = select(CableTest).where(CableTest.cable_run_id == cable_run_id)
    return list(session.scalars(query.order_by(CableTest.tested_on.desc(), CableTest.id.desc())))


def get_test(session: Session, public_id: uuid.UUID) -> CableTest | None:
    """Load a measurement with its run and the run's floor."""
    return session.scalar(
        select(CableTest)
        .options(joinedload(CableTest.cable_run).joinedload(CableRun.floor))
        .where(CableTest.public_id == public_id)
    )


def list_fingerprints(session: Session, run_ids: Collection[int]) -> set[tuple[int, str]]:
    """Tell which measurements of these runs are known: run's id and fingerprint."""
    found: set[tuple[int, str]] = set()
    for part in in_portions(sorted(run_ids)):
        query = select(CableTest.cable_run_id, CableTest.fingerprint)
        rows = session.execute(query.where(CableTest.cable_run_id.in_(part)))
        found |= {(run_id, fingerprint) for run_id, fingerprint in rows}
    return found


def list_runs_of_file(session: Session, sha256: str) -> dict[int, int]:
    """Give which run the records of a file belong to, by the row in which they stood."""
    query = select(CableTest.row_number, CableTest.cable_run_id)
    rows = session.execute(query.where(CableTest.file_sha256 == sha256))
    return {row[0]: row[1] for row in rows}


def list_latest_days(session: Session, run_ids: Collection[int]) -> dict[int, date]:
    """Give the day of the latest measurement of each of these runs that has one."""
    found: dict[int, date] = {}
    for part in in_portions(sorted(run_ids)):
        query = select(CableTest.cable_run_id, func.max(CableTest.tested_on))
        rows = session.execute(
            query.where(CableTest.cable_run_id.in_(part)).group_by(CableTest.cable_run_id)
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def load_for_table(session: Session, pairs: Pairs) -> list[tuple[str, CableTest]]:
    """Load the measurements of runs in scope with the runs' labels, by label and day."""
    rows = session.execute(
        select(CableRun.label, CableTest)
        .join(CableRun, CableRun.id == CableTest.cable_run_id)
        .join(Floor, Floor.id == CableRun.floor_id)
        .where(in_places(pairs, Floor.building_id, CableRun.wing_id))
        .order_by(CableRun.label, CableTest.tested_on, CableTest.id)
    )
    return [(label, test) for label, test in rows]


def list_open_tasks(session: Session, subject_kind: str, origin: str) -> dict[uuid.UUID, Task]:
    """Give the open tasks of an origin by the record that they are about."""
    query = select(Task).where(
        Task.subject_kind == subject_kind, Task.origin == origin, Task.state == "open"
    )
    return {task.subject_id: task for task in session.scalars(query) if task.subject_id}


def get_mapping(session: Session, kind: str, fingerprint: str) -> ColumnMapping | None:
    """Give what somebody has said of the columns of a file with these headers."""
    return session.scalar(
        select(ColumnMapping).where(
            ColumnMapping.kind == kind, ColumnMapping.fingerprint == fingerprint
        )
    )
