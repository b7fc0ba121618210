"""Steps of many work packages at once: begun, finished, dropped, moved by days, given to a crew.

Decides that all of them change or none, and tells what a step moves before it is taken. One package
is moved by a day at once: that is a small step, its message says what moved, and an undo is at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import require_selection
from wlantrack.services.package_checks import state_of
from wlantrack.services.packages import find_packages
from wlantrack.services.plan import find_plan, load_plan, package_key
from wlantrack.services.ranges import list_far_days, refuse_any
from wlantrack.services.shifts import SHIFTS
from wlantrack.services.slips import compare_plans
from wlantrack.services.versions import require_version
from wlantrack.store.queries import work as work_queries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.workdays import Workdays
    from wlantrack.services.actor import Actor
    from wlantrack.services.bulk_changes import Selected
    from wlantrack.services.plan import Clock, PlanParts
    from wlantrack.services.slips import SlipPreview
    from wlantrack.store.models.milestones import WorkPackage

STEPS: Final = ("begin", "finish", "drop", "reset")


def take_step(
    session: Session,
    actor: Actor,
    selected: Sequence[Selected],
    step: str,
    clock: Clock,
    days: int = 1,
) -> list[WorkPackage]:
    """Begin or finish packages today, drop them, take that back, or move them by days; all or none.

    Planned days move by working days; waiting keeps its length in days of the calendar.

    Raises
    ------
    InvalidInput
        Nothing is selected, there is no such step, or a package that is to move has no planned days,
        has begun, or would move into a year that no plan has.
    Conflict
        Somebody else has changed one since; names who.
    """
    changed = _take(session, actor, selected, step, clock, days)
    session.commit()
    return changed


def preview_step(
    session: Session,
    actor: Actor,
    selected: Sequence[Selected],
    step: str,
    parts: PlanParts,
    days: int = 1,
) -> SlipPreview:
    """Tell what a step of packages would move; it is taken, looked at and taken back.

    Raises
    ------
    InvalidInput, Conflict
        As :func:`take_step` does.
    """
    city = find_plan(session, parts)
    taken = _take(session, actor, selected, step, parts.clock, days)
    keys = [package_key(item.id) for item in taken]
    session.flush()
    changed = load_plan(session, parts.clock)
    session.rollback()
    session.expunge_all()
    return compare_plans(city, changed, actor, keys)


def asks_first(
    preview: SlipPreview, selected: Sequence[Selected], step: str, days: int = 1
) -> bool:
    """Tell whether somebody must see what a step moves before it is taken."""
    is_small = step in SHIFTS and days == 1 and len(selected) == 1
    return preview.moves_others and not is_small


def _take(
    session: Session,
    actor: Actor,
    selected: Sequence[Selected],
    step: str,
    clock: Clock,
    days: int,
) -> list[WorkPackage]:
    if step not in STEPS and step not in SHIFTS:
        raise _refuse(msg("There is no such state."), msg("Choose another one."), "state")
    with session.no_autoflush:  # one change, one version, one event
        loaded = _load(session, actor, selected)
        if step in SHIFTS:
            for package in loaded:
                _shift(package, SHIFTS[step] * days, clock.workdays)
            return loaded
        return [package for package in loaded if _step(package, step, clock.today)]


def _step(package: WorkPackage, step: str, today: date) -> bool:
    before = (package.state, package.started_on, package.finished_on)
    match step:
        case "begin":
            package.started_on, package.finished_on = package.started_on or today, None
        case "finish":
            package.started_on = package.started_on or today
            package.finished_on = package.finished_on or today
        case "reset":
            package.started_on = package.finished_on = None
    package.state = state_of(package.started_on, package.finished_on, is_dropped=step == "drop")
    return before != (package.state, package.started_on, package.finished_on)


def _shift(package: WorkPackage, days: int, workdays: Workdays) -> None:
    start, finish = package.planned_start, package.planned_finish
    if start is None or finish is None or package.state != "planned":
        raise _refuse(
            msg("%(code)s has no planned days ahead.", code=package.code),
            msg("Enter first and last day on its form, or leave it out."),
            "planned_start",
        )
    if package.is_waiting:
        moved = workdays.shift(start, days)
        start, finish = moved, finish + (moved - start)
    else:
        start = workdays.day_from(workdays.begin_of(start) + days)
        finish = workdays.day_until(workdays.end_of(finish) + days)
    package.planned_start, package.planned_finish = start, finish
    refuse_any(list_far_days(package, ("planned_start", "planned_finish")))


def set_crew(
    session: Session, actor: Actor, selected: Sequence[Selected], crew_code: str
) -> list[WorkPackage]:
    """Give packages to a crew, or to none; all or none.

    Raises
    ------
    InvalidInput
        Nothing is selected, there is no such crew, or a package waits for others.
    Conflict
        Somebody else has changed one since; names who.
    """
    crew = work_queries.get_crew_by_code(session, crew_code) if crew_code else None
    if crew_code and crew is None:
        raise _refuse(msg("There is no crew of this code."), msg("Choose one."), "crew")
    changed = []
    with session.no_autoflush:
        for package in _load(session, actor, selected):
            if package.is_waiting and crew is not None:
                raise _refuse(
                    msg("%(code)s waits for others and needs no crew.", code=package.code),
                    msg("Leave it out of the selection."),
                    "crew",
                )
            if package.crew is not crew:
                package.crew, package.crew_id = crew, crew.id if crew else None
                changed.append(package)
    session.commit()
    return changed


def _load(session: Session, actor: Actor, selected: Sequence[Selected]) -> list[WorkPackage]:
    """Load what was ticked, all at once; refuse what may not be changed or has moved on."""
    require_selection(selected)
    found = find_packages(session, actor, [chosen.ref for chosen in selected])
    for chosen, package in zip(selected, found, strict=True):
        actor.require(Action.EDIT_WORK, package.building_id, package.wing_id)
        require_version(session, package, chosen.version)
    return found


def _refuse(message: Message, remedy: Message, field: str) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field))
