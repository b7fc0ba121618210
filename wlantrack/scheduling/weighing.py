"""What any plan costs by a problem's weights, sound or not: today's plan beside a better one.

Refuses to judge: whether a plan is allowed is said by :mod:`wlantrack.scheduling.verify`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from wlantrack.scheduling.calendars import list_workable
from wlantrack.scheduling.choices import price
from wlantrack.scheduling.frozen import build_axis
from wlantrack.scheduling.outcome import Costs

if TYPE_CHECKING:
    from wlantrack.scheduling.calendars import WorkAxis
    from wlantrack.scheduling.outcome import Placement, Plan
    from wlantrack.scheduling.parts import Package
    from wlantrack.scheduling.problem import Problem

ONE_DAY: Final = timedelta(days=1)


def weigh(problem: Problem, plan: Plan) -> dict[str, Costs]:
    """Give what each open package of a plan costs; what the plan does not date costs nothing."""
    axis = build_axis(problem)
    return {
        key: _weigh_one(problem, axis, problem.by_key[key], plan[key])
        for key in problem.open_keys
        if key in plan and not problem.by_key[key].is_milestone
    }


def _weigh_one(problem: Problem, axis: WorkAxis, package: Package, placed: Placement) -> Costs:
    start = axis.begin_of(placed.starts_on)
    end = max(axis.end_of(placed.ends_before - ONE_DAY), start)
    found = price(
        problem,
        axis,
        package,
        np.array([start], dtype=np.int64),
        np.array([end], dtype=np.int64),
        list_workable(problem, axis, package, end + 1),
    )
    return Costs(
        int(found.late[0]), int(found.outside[0]), int(found.disturbed[0]), int(found.moved[0])
    )
