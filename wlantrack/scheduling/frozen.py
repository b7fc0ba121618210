"""What has begun or is over: it stands, whatever else holds, and takes what it takes of crews."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from wlantrack.scheduling.calendars import WorkAxis, list_workable
from wlantrack.scheduling.outcome import Placement

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from wlantrack.scheduling.parts import Package
    from wlantrack.scheduling.problem import Problem

ONE_DAY: Final = timedelta(days=1)


def place_frozen(package: Package, axis: WorkAxis, start: int, end: int) -> Placement:
    """Give the days of what has begun; they are its own, as far as they are known."""
    if package.is_milestone and package.finished_on is not None:
        evening = package.finished_on + ONE_DAY
        return Placement(evening, evening)
    first = package.started_on or package.finished_on or axis.day_from(start)
    last = package.finished_on or axis.day_until(end)
    if package.is_waiting and package.finished_on is None:
        last = max(last, first + (package.duration_days - 1) * ONE_DAY)
    return Placement(first, max(last, first) + ONE_DAY)


def build_axis(problem: Problem) -> WorkAxis:
    """Begin with today, or with what has begun first."""
    days = [
        day
        for package in problem.packages
        for day in (package.started_on, package.finished_on)
        if day is not None
    ]
    return WorkAxis(min([problem.today, *days]), problem.week, problem.holidays)


def find_frozen(problem: Problem, axis: WorkAxis) -> dict[str, tuple[int, int]]:
    """Give the instants of what has begun: it runs on by its calendar, at least until today."""
    return {
        package.key: _span_frozen(problem, axis, package)
        for package in problem.packages
        if package.is_frozen
    }


def _span_frozen(problem: Problem, axis: WorkAxis, package: Package) -> tuple[int, int]:
    now = axis.begin_of(problem.today)
    if package.finished_on is not None:
        end = axis.end_of(package.finished_on)
        begun = axis.begin_of(package.started_on or package.finished_on)
        return (end, end) if package.is_milestone else (min(begun, end), end)
    started_on = package.started_on or problem.today
    start = axis.begin_of(started_on)
    if package.is_milestone:
        return start, max(start, now)
    if package.is_waiting:
        last = started_on + (package.duration_days - 1) * ONE_DAY
        return start, max(axis.end_of(last), now)
    length = start + package.duration_days
    while True:  # a calendar with pauses needs more days than are worked on
        workable = list_workable(problem, axis, package, length)
        days = np.flatnonzero(workable[start:])
        if len(days) >= package.duration_days:
            return start, max(start + int(days[package.duration_days - 1]) + 1, now)
        length *= 2


def find_free(
    problem: Problem, axis: WorkAxis, frozen: Mapping[str, tuple[int, int]], horizon: int
) -> npt.NDArray[np.int64]:
    """Give what frozen work leaves of each crew, by crew and instant."""
    now = axis.begin_of(problem.today)
    free = np.zeros((len(problem.crews), horizon), dtype=np.int64)
    for place, crew in enumerate(problem.crews):
        free[place] = crew.capacity
        for key, (start, end) in frozen.items():
            amount = problem.by_key[key].demands.get(crew.key, 0)
            if problem.by_key[key].finished_on is None:
                free[place, max(start, now) : end] -= amount
    return np.maximum(free, 0)
