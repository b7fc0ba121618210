"""Tasks: small things that one person does by a day; people open them, and so do findings.

Decides that a task is seen where it lies and by whom it was given to, that it counts as done on the
day on which somebody says so, and that days by which tasks are due move by working days.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, NotAllowed, NotFound, Problem, msg
from wlantrack.services import history, places
from wlantrack.services.actor import ACTION_WORDS, Action, Actor
from wlantrack.services.bulk_changes import Selected, require_selection
from wlantrack.services.ranges import list_far_days, list_missing, list_too_long, refuse_any
from wlantrack.services.versions import require_version
from wlantrack.services.work_places import list_places, set_place, where_of
from wlantrack.store.models.work import Task
from wlantrack.store.queries import tasks as queries
from wlantrack.store.queries.tasks import TaskFilter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.workdays import Workdays
    from wlantrack.services.history import Entry
    from wlantrack.services.paging import Page
    from wlantrack.store.models.milestones import WorkPackage

__all__ = ["TaskFilter", "list_places", "where_of"]

STATE_WORDS: Final[Mapping[str, tuple[Message, str]]] = {
    "open": (msg("open"), "planned"),
    "done": (msg("done"), "live"),
    "dropped": (msg("dropped"), "undated"),
}
"""The word of each state, and the mark under which it is drawn."""
ORIGIN_WORDS: Final[Mapping[str, Message]] = {
    "person": msg("somebody"),
    "failed test": msg("a failed test"),
    "closing wall": msg("a closing wall"),
    "renovation": msg("a renovation"),
    "feedback": msg("feedback"),
}
LENGTHS: Final = {"title": 160, "person": 80, "note": 1000}
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True)
class TaskValues:
    """What people edit about a task; ``where`` is empty, a building, or building/wing."""

    title: str
    person: str = ""
    due_on: date | None = None
    where: str = ""
    note: str = ""


def list_tasks(
    session: Session, actor: Actor, narrow: TaskFilter, page: Page, today: date
) -> tuple[list[Task], int]:
    """Give one page of the tasks in reach, and how many match."""
    pairs = actor.scope_pairs(Action.SEE_WORK)
    return queries.list_page(session, pairs, actor.name, narrow, page, (today, today + _WEEK))


def list_mine(session: Session, actor: Actor, limit: int = 10) -> list[Task]:
    """Give the actor's own open tasks, the one that is due first first."""
    return queries.list_open_of(session, actor.name, limit)


def count_unassigned(session: Session, actor: Actor) -> int:
    """Count the open tasks in scope that nobody has taken."""
    return queries.count_unassigned(session, actor.scope_pairs(Action.SEE_WORK))


def find_task(session: Session, actor: Actor, ref: str) -> Task:
    """Give a task by public id.

    Raises
    ------
    NotFound
        There is none, or it is out of reach.
    """
    public_id = places.parse_uuid(ref)
    task = queries.get_task(session, public_id) if public_id else None
    if task is None or not _reaches(actor, task, Action.SEE_WORK):
        raise _no_such_task()
    return task


def may_edit(actor: Actor, task: Task) -> bool:
    """Tell whether the actor may change a task."""
    return _reaches(actor, task, Action.EDIT_WORK)


def sees_task(actor: Actor, task: Task) -> bool:
    """Tell whether the actor may know of a task."""
    return _reaches(actor, task, Action.SEE_WORK)


def _reaches(actor: Actor, task: Task, action: Action) -> bool:
    if task.person.lower() == actor.name.lower():
        return actor.can_anywhere(action)
    return actor.can(action, task.building_id, task.wing_id)


def _require_edit(actor: Actor, task: Task) -> None:
    if not may_edit(actor, task):
        raise NotAllowed(
            msg(
                "Your role does not allow this here (%(action)s).",
                action=ACTION_WORDS[Action.EDIT_WORK],
            )
        )


def list_history(session: Session, actor: Actor, task: Task) -> list[Entry]:
    """Give what happened to a task, the latest first."""
    return history.list_of_record(session, actor, "task", task.public_id)


def list_people(session: Session) -> list[tuple[str, str]]:
    """Give whom a task can be given to: name and name shown."""
    return queries.list_people(session)


def add_task(
    session: Session, actor: Actor, values: TaskValues, package: WorkPackage | None = None
) -> Task:
    """Open a task, which may belong to a work package.

    Raises
    ------
    InvalidInput
        It has no title, a text is too long, or the place is none.
    NotAllowed
        The role does not reach.
    """
    task = Task(
        public_id=uuid.uuid4(),
        state="open",
        origin="person",
        opened_at=datetime.now(UTC),
        opened_by=actor.name,
        subject_kind=package.__tablename__ if package else "",
        subject_id=package.public_id if package else None,
    )
    _apply(session, actor, task, values)
    session.add(task)
    session.commit()
    return task


def edit_task(
    session: Session, actor: Actor, ref: str, values: TaskValues, version: int | None
) -> Task:
    """Change a task.

    Raises
    ------
    InvalidInput
        It has no title, a text is too long, or the place is none.
    Conflict
        Somebody else has changed it since.
    """
    task = find_task(session, actor, ref)
    _require_edit(actor, task)
    require_version(session, task, version)
    with session.no_autoflush:
        _apply(session, actor, task, values)
    session.commit()
    return task


def _apply(session: Session, actor: Actor, task: Task, values: TaskValues) -> None:
    problems = list_missing(values, ["title"])
    problems += list_too_long(values, LENGTHS)
    problems += list_far_days(values, ["due_on"])
    refuse_any(problems)
    if values.where != where_of(task) or task.id is None:
        set_place(session, actor, task, values.where)
    task.title, task.person, task.note = values.title, values.person, values.note
    task.due_on = values.due_on


def set_state(
    session: Session, actor: Actor, selected: Sequence[Selected], state: str, today: date
) -> list[Task]:
    """Set tasks to done, dropped or open again, all or none.

    Raises
    ------
    InvalidInput
        Nothing is selected, or there is no such state.
    NotFound
        One of them is none, or out of reach.
    NotAllowed
        The role does not reach one of them.
    Conflict
        Somebody else has changed one since; names who.
    """
    require_selection(selected)
    if state not in STATE_WORDS:
        raise InvalidInput(
            Problem(msg("There is no such state."), msg("Choose another one."), field="state")
        )
    changed = []
    with session.no_autoflush:
        for chosen, task in _load(session, actor, selected):
            _require_edit(actor, task)
            require_version(session, task, chosen.version)
            if task.state != state:
                task.state = state
                task.done_on = today if state == "done" else None
                changed.append(task)
    session.commit()
    return changed


def move_due(
    session: Session, actor: Actor, selected: Sequence[Selected], days: int, workdays: Workdays
) -> list[Task]:
    """Move the days by which open tasks are due by working days, all or none.

    Raises
    ------
    InvalidInput
        Nothing is selected, one of them is closed or has no such day, or the year is out of range.
    NotFound, NotAllowed, Conflict
        As :func:`set_state` does.
    """
    require_selection(selected)
    with session.no_autoflush:
        moved = []
        for chosen, task in _load(session, actor, selected):
            _require_edit(actor, task)
            require_version(session, task, chosen.version)
            if task.due_on is None or task.state != "open":
                raise InvalidInput(
                    Problem(
                        msg("»%(title)s« has no day ahead by which it is due.", title=task.title),
                        msg("Leave it out of the selection, or enter a day at the task."),
                        field="due_on",
                    )
                )
            task.due_on = workdays.shift(task.due_on, days)
            refuse_any(list_far_days(task, ["due_on"]))
            moved.append(task)
    session.commit()
    return moved


def _load(
    session: Session, actor: Actor, selected: Sequence[Selected]
) -> list[tuple[Selected, Task]]:
    """Load the tasks that were ticked, all at once; one that is not there refuses them all."""
    refs = {chosen: places.parse_uuid(chosen.ref) for chosen in selected}
    found = queries.load_tasks(session, [ref for ref in refs.values() if ref is not None])
    reached = {task.public_id: task for task in found if _reaches(actor, task, Action.SEE_WORK)}
    if not all(ref in reached for ref in refs.values()):
        raise _no_such_task()
    return [(chosen, reached[ref]) for chosen, ref in refs.items() if ref is not None]


def _no_such_task() -> NotFound:
    return NotFound(msg("There is no such task; perhaps somebody has deleted it."))
