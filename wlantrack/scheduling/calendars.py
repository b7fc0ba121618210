"""The days on which work is done, and which of them a package may use.

Decides that time runs in instants: the number of the project's working days that are over since the
axis begins. Work of two days that begins at instant 10 ends at instant 12, whatever weekend lies
between; so most packages have one length, and only blackouts and absences of crews make others.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from wlantrack.scheduling.parts import Package
    from wlantrack.scheduling.problem import Problem


class WorkAxis:
    """The working days of a project from a first day on, as many as are asked for."""

    def __init__(self, first: date, week: tuple[bool, ...], holidays: frozenset[date]) -> None:
        self._week, self._holidays = week, holidays
        self._days: list[date] = []
        self._next = first

    def _grow(self) -> None:
        if self._week[self._next.weekday()] and self._next not in self._holidays:
            self._days.append(self._next)
        self._next += timedelta(days=1)

    def begin_of(self, day: date) -> int:
        """Give the instant at which a day begins; a holiday begins with the next working day."""
        while self._next <= day:
            self._grow()
        return bisect_left(self._days, day)

    def end_of(self, day: date) -> int:
        """Give the instant at which a day ends; a holiday ends with the working day before."""
        while self._next <= day:
            self._grow()
        return bisect_right(self._days, day)

    def day_from(self, instant: int) -> date:
        """Give the working day that begins at an instant."""
        while len(self._days) <= instant:
            self._grow()
        return self._days[instant]

    def day_until(self, instant: int) -> date:
        """Give the working day that ends at an instant, or the day before the first."""
        return self.day_from(instant - 1) if instant else self.day_from(0) - timedelta(days=1)

    def count_until(self, count: int, days: int) -> npt.NDArray[np.int64]:
        """Give, for waiting that begins at each of the first instants, the one at which it ends."""
        reach = self.day_from(count) + timedelta(days=days)
        self.begin_of(reach)
        ordinals = np.array([day.toordinal() for day in self._days], dtype=np.int64)
        return np.searchsorted(ordinals, ordinals[:count] + days).astype(np.int64)


def mark_days(axis: WorkAxis, length: int, begins_on: date, ends_on: date) -> slice:
    """Give the instants that begin on days from the first to the last."""
    return slice(min(axis.begin_of(begins_on), length), min(axis.end_of(ends_on), length))


def list_workable(
    problem: Problem, axis: WorkAxis, package: Package, length: int
) -> npt.NDArray[np.bool_]:
    """Tell for each instant whether the day that begins there is one on which a package is done.

    Waiting begins on any working day; a milestone knows no crew and no noise.
    """
    workable = np.ones(length, dtype=np.bool_)
    if package.is_waiting or package.is_milestone:
        return workable
    for blackout in problem.blackouts:
        if blackout.holds_for(package):
            workable[mark_days(axis, length, blackout.begins_on, blackout.ends_on)] = False
    for key, amount in package.demands.items():
        if amount:
            for absence in problem.crew_by_key[key].absences:
                workable[mark_days(axis, length, absence.begins_on, absence.ends_on)] = False
    return workable
