"""Phases of a renovation as a schedule of MS Project, and back.

Decides that each task that takes time is a phase, found again by the id that we wrote into it, by
its UID in this renovation, or by its name; that phases of one name are told apart by the line that
groups them; and that milestones and lines that only group others are left out.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput
from wlantrack.formats.mspdi import MspdiField, MspdiFile, MspdiTask, read_mspdi_file
from wlantrack.formats.mspdi_writer import write_mspdi
from wlantrack.services import renovations
from wlantrack.services import schedule_words as words
from wlantrack.services.file_imports import finish, place_problems
from wlantrack.services.renovation_parts import PhaseValues, apply_phase
from wlantrack.services.schedule_imports import LineOutcome, ScheduleResult, give_ids
from wlantrack.store.models.renovations import NOISE_CLASSES, RenovationPhase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.schedule_imports import ScheduleUpload
    from wlantrack.store.models.renovations import Renovation

_BETWEEN = " | "


def export_phases(
    session: Session, actor: Actor, ref: str, parts: PlanParts
) -> tuple[Renovation, bytes]:
    """Write the phases of a renovation as MS Project XML, from the first to the last day of each.

    Raises
    ------
    NotFound
        There is no such renovation, or it is out of scope.
    """
    renovation = renovations.find_renovation(session, actor, ref)
    workdays = parts.clock.workdays
    tasks = []
    for number, phase in enumerate(renovation.phases, start=1):
        begins = phase.begins if phase.begins_wording else None
        ends = phase.ends if phase.ends_wording else None
        first = begins.earliest if begins else ends.earliest if ends else None
        last = ends.latest if ends else begins.latest if begins else None
        days = words.count_days(first, last, workdays, is_elapsed=False) if first and last else 1
        fields = {
            words.ID: str(phase.public_id),
            words.NOISE: phase.noise_class,
            words.PLAN: _BETWEEN.join((words.tell_words(begins), words.tell_words(ends))),
            words.FORECAST: words.tell_span(first, last),
        }
        tasks.append(
            MspdiTask(
                number,
                phase.id,
                phase.name,
                start=first.isoformat() if first and last else None,
                finish=last.isoformat() if first and last else None,
                duration_days=days,
                note=phase.note,
                fields=tuple(MspdiField(name, value) for name, value in fields.items()),
            )
        )
    schedule = MspdiFile(renovation.name, renovation.code, tuple(tasks))
    return renovation, write_mspdi(schedule, parts.clock.today)


def import_phases(
    session: Session, actor: Actor, ref: str, upload: ScheduleUpload, *, is_dry_run: bool = False
) -> ScheduleResult:
    """Make phases of a renovation of a schedule's tasks: with any error, or as a trial, none.

    Raises
    ------
    InvalidInput
        The file cannot be read.
    NotFound
        There is no such renovation, or it is out of scope.
    NotAllowed
        The role does not reach.
    """
    renovation = renovations.find_editable(session, actor, ref)
    read = read_mspdi_file(upload.data, file=upload.name)
    errors, outcomes = list(read.problems), []
    with session.no_autoflush:
        for task, phase in _match(renovation, _list_phases(read.tasks)):
            try:
                outcomes.append(_put_phase(renovation, task, phase))
            except InvalidInput as error:
                errors += place_problems(error, task.row, task.name)
    return ScheduleResult(
        title=read.title,
        outcomes=tuple(outcomes),
        errors=finish(session, actor, upload.name, errors, is_dry_run=is_dry_run),
    )


def _list_phases(tasks: Sequence[MspdiTask]) -> list[MspdiTask]:
    """Give the tasks that are phases; those of one name with the name of their group before it."""
    found: list[MspdiTask] = []
    groups: dict[int, str] = {}
    names = Counter(task.name for task in tasks if _is_phase(task))
    for task in tasks:
        if task.is_summary:
            groups[task.level] = task.name
        if not _is_phase(task):
            continue
        group = groups.get(task.level - 1)
        is_told_apart = group is not None and names[task.name] > 1
        found.append(replace(task, name=f"{group}: {task.name}") if is_told_apart else task)
    return found


def _is_phase(task: MspdiTask) -> bool:
    return task.is_active and not (task.is_summary or task.is_milestone)


def _match(
    renovation: Renovation, tasks: Sequence[MspdiTask]
) -> list[tuple[MspdiTask, RenovationPhase]]:
    """Give each task with the phase that it is, which may be new.

    A phase without a task of its id is found by its name, if nothing else is called so.
    """
    known = {phase.public_id: phase for phase in renovation.phases}
    # The file may be of another renovation, whose phases keep their ids.
    ids = give_ids(
        tasks, lambda task: uuid.uuid5(renovation.public_id, f"mspdi:{task.uid}"), among=known
    )
    left = [phase for phase in renovation.phases if phase.public_id not in {*ids.values()}]
    names = Counter([*(phase.name for phase in left), *(task.name for task in tasks)])
    by_name = {phase.name: phase for phase in left if names[phase.name] == 2}
    return [
        (
            task,
            known.get(ids[task.uid])
            or by_name.get(task.name)
            or RenovationPhase(public_id=ids[task.uid]),
        )
        for task in tasks
    ]


def _put_phase(renovation: Renovation, task: MspdiTask, phase: RenovationPhase) -> LineOutcome:
    """Add or change a phase; gives what became of it."""
    is_new = phase not in renovation.phases
    before = None if is_new else _values_of(phase)
    values = _read_phase(task, before)
    changes: list[str] = []
    if before is None:
        phase.position = max((item.position for item in renovation.phases), default=0) + 1
        apply_phase(renovation, phase, values)
        renovation.phases.append(phase)
    else:
        changes = [name for name in vars(values) if getattr(before, name) != getattr(values, name)]
        if changes:
            apply_phase(renovation, phase, values)
    outcome = "created" if is_new else "updated" if changes else "unchanged"
    return LineOutcome(task.row, task.name, "renovation_phase", "", outcome, tuple(changes))


def _values_of(phase: RenovationPhase) -> PhaseValues:
    return PhaseValues(
        phase.name,
        words.tell_words(phase.begins if phase.begins_wording else None),
        words.tell_words(phase.ends if phase.ends_wording else None),
        phase.noise_class,
        phase.note,
    )


def _read_phase(task: MspdiTask, old: PhaseValues | None) -> PhaseValues:
    """Give what a task says of a phase: its words where it was not moved, else its days."""
    first, last = (date.fromisoformat(day) if day else None for day in (task.start, task.finish))
    begins, ends = (f"{day:%d.%m.%Y}" if day else "" for day in (first, last))
    if task.field(words.FORECAST) == words.tell_span(first, last):
        told = task.field(words.PLAN).split(_BETWEEN.strip())
        if len(told) == 2:
            begins, ends = (part.strip() for part in told)
    noise = task.field(words.NOISE)
    usual = old.noise_class if old else "normal"
    return PhaseValues(
        task.name[:120], begins, ends, noise if noise in NOISE_CLASSES else usual, task.note[:500]
    )
