"""What is done every night: forecasts kept at a month's end, tasks out of alarms, mail, old rows gone.

Decides what a night owes; each part is asked of its own service. A second run on the same day finds
nothing left to do.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from wlantrack.services import closing_walls, idempotency, people, reasons, snapshots, start_page
from wlantrack.services.actor import SYSTEM
from wlantrack.services.digests import DigestRun, send_digests
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.store.models.work import Task
from wlantrack.store.queries import renovations as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.plan import Clock
    from wlantrack.services.results import ResultCache
    from wlantrack.services.start_page import AlarmGroup
    from wlantrack.settings import Settings
    from wlantrack.store.session import Database

ORIGIN: Final = "closing wall"


@dataclass(frozen=True)
class Night:
    """What a nightly run has done."""

    snapshots: int
    alarms: int
    tasks: int
    mail: DigestRun = field(default_factory=DigestRun)


def run_daily(database: Database, settings: Settings, cache: ResultCache) -> Night:
    """Do what a night owes; each part in a transaction of its own, so that none undoes another."""
    clock = find_clock(settings)
    now = datetime.now(UTC)
    with database.writing(SYSTEM.audit(reasons.DAILY)) as session:
        alarms, tasks = _open_tasks(session, clock, now)
    with database.writing(SYSTEM.audit(reasons.DAILY)) as session:
        people.forget_old(session, now)
    idempotency.delete_old(database, now)
    with database.writing(SYSTEM.audit(reasons.DAILY)) as session:
        kept = snapshots.keep_snapshots(session, PlanParts(clock, cache))
    # Last: whatever is wrong with mail, the rest of the night is done.
    mail = send_digests(database, settings, PlanParts(clock, cache), now)
    return Night(kept, alarms, tasks, mail)


def _open_tasks(session: Session, clock: Clock, now: datetime) -> tuple[int, int]:
    """Open a task for each wall that closes over cables, unless one is open, or was dropped.

    One that was done comes again while the cables are not done.
    """
    found = closing_walls.list_alarms(session, SYSTEM, clock.workdays, clock.today)
    groups = start_page.group_alarms(found, clock.today)
    ids = [item.part_id for item in groups]
    known = {
        task.subject_id
        for task in queries.list_open_tasks(session, ids, ORIGIN, ("open", "dropped", "done"))
        if task.done_on is None or task.done_on >= clock.today
    }
    missing = [item for item in groups if item.part_id not in known]
    session.add_all(_make_task(item, now) for item in missing)
    session.commit()
    return len(found), len(missing)


def _make_task(group: AlarmGroup, now: datetime) -> Task:
    """Write a task down: where and which cables; its origin says why, in the reader's language."""
    return Task(
        public_id=uuid.uuid4(),
        title=f"{group.place}: {', '.join(group.labels)}"[:160],
        due_on=group.act_by,
        building_id=group.building_id,
        wing_id=group.wing_id,
        subject_kind="renovation_part",
        subject_id=group.part_id,
        origin=ORIGIN,
        state="open",
        opened_at=now,
        opened_by=SYSTEM.name,
    )
