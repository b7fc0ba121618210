"""What makes a work package impossible: days that contradict one another, or what others have.

Decides that planned days stand whole, that nothing begins or ends in the future, and that waiting
needs no crew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.rollout.packages import NOISE_ORDER
from wlantrack.services.covering import name_of, thing_of
from wlantrack.services.ranges import list_far_days, list_out_of_range, refuse_any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.milestones import WorkPackage

LONGEST_DAYS: Final = 2000
_DAYS: Final = ("not_before", "planned_start", "planned_finish", "started_on", "finished_on")


def state_of(started_on: date | None, finished_on: date | None, *, is_dropped: bool) -> str:
    """Give the state that days say."""
    if is_dropped:
        return "dropped"
    return "done" if finished_on else "running" if started_on else "planned"


def check_package(package: WorkPackage, today: date) -> None:
    """Refuse a package that cannot be.

    Raises
    ------
    InvalidInput
        Names each field that is wrong.
    """
    problems = list_far_days(package, _DAYS)
    problems += list_out_of_range(package, [("duration_days", 1, LONGEST_DAYS), ("priority", 1, 5)])
    if package.noise_class not in NOISE_ORDER:
        problems.append(
            Problem(
                msg("There is no such choice."), msg("Choose one of the list."), field="noise_class"
            )
        )
    refuse_any([*problems, *_list_day_problems(package, today), *_list_plan_problems(package)])


def _list_day_problems(package: WorkPackage, today: date) -> Iterable[Problem]:
    """Find what is wrong with the days on which it began and ended."""
    if package.finished_on is not None and package.started_on is None:
        yield Problem(
            msg("It is finished, but has no day on which it began."),
            msg("Enter the day on which it began."),
            field="started_on",
        )
    elif package.finished_on is not None and package.finished_on < (package.started_on or today):
        yield Problem(
            msg("The last day lies before the first."),
            msg("Swap the two days, or correct one."),
            field="finished_on",
            value=package.finished_on.isoformat(),
        )
    for name in ("started_on", "finished_on"):
        day = getattr(package, name)
        if day is not None and day > today:
            yield Problem(
                msg("This day lies in the future."),
                msg("Enter what is expected as planned days."),
                field=name,
                value=day.isoformat(),
            )


def _list_plan_problems(package: WorkPackage) -> Iterable[Problem]:
    """Find what is wrong with the days that are planned."""
    start, finish = package.planned_start, package.planned_finish
    if (start is None) != (finish is None):
        yield Problem(
            msg("Planned days have a first and a last one."),
            msg("Enter both, or none."),
            field="planned_start" if start is None else "planned_finish",
        )
    elif start is not None and finish is not None and finish < start:
        yield Problem(
            msg("The last day lies before the first."),
            msg("Swap the two days, or correct one."),
            field="planned_finish",
            value=finish.isoformat(),
        )
    if package.is_pinned and start is None:
        yield Problem(
            msg("Only planned days can be pinned."),
            msg("Enter them, or take the pin out."),
            field="is_pinned",
        )
    if package.undated_reason and (package.not_before or start):
        yield Problem(
            msg("There is a day, and a reason why there is none."),
            msg("Empty one of the two."),
            field="undated_reason",
            value=package.undated_reason,
        )
    if package.is_waiting and package.crew is not None:
        yield Problem(
            msg("Waiting needs no crew."),
            msg("Leave the crew out, or let it be work."),
            field="crew",
            value=package.crew.code,
        )


def lies_in(package: WorkPackage, thing: CableRun | AccessPoint) -> bool:
    """Tell whether a run or access point lies where a package does."""
    return thing.floor.building_id == package.building_id and (
        package.wing_id in {None, thing.wing_id} and package.floor_id in {None, thing.floor_id}
    )


def refuse_outside(package: WorkPackage) -> None:
    """Refuse a place that leaves out what a package covers.

    Raises
    ------
    InvalidInput
        Names some of what would lie outside.
    """
    outside = [name_of(item) for item in package.subjects if not lies_in(package, thing_of(item))]
    if outside:
        raise InvalidInput(
            Problem(
                msg(
                    "This package covers %(names)s, which lie elsewhere.", names=tuple(outside[:5])
                ),
                msg("Take them out of the package first."),
                field="where",
            )
        )
