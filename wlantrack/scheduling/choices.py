"""Every start that a package may have by itself, with the end and the cost that belong to it.

All that concerns one package alone is decided here, once and for all: calendars, release, permits,
closed walls, deadline, pin, and every cost. What is left to plans are crews and links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from wlantrack.scheduling.calendars import list_workable, mark_days

if TYPE_CHECKING:
    from datetime import date

    import numpy.typing as npt

    from wlantrack.scheduling.calendars import WorkAxis
    from wlantrack.scheduling.parts import Package, Window
    from wlantrack.scheduling.problem import Problem

    Instants = npt.NDArray[np.int64]

NEVER: Final = 1 << 40
"""An instant after all others."""


@dataclass(frozen=True)
class Choices:
    """Starts of a package in ascending order, and what each brings.

    Attributes
    ----------
    starts, ends : int64[choice]
        Instants; ends never fall.
    late, outside, disturbed, moved : int64[choice]
        Weighted cost of each kind.
    """

    starts: Instants
    ends: Instants
    late: Instants
    outside: Instants
    disturbed: Instants
    moved: Instants

    @property
    def soft(self) -> Instants:
        """Give the cost without lateness."""
        return self.outside + self.disturbed + self.moved

    @property
    def cost(self) -> Instants:
        """Give the whole cost."""
        return self.soft + self.late

    def keep(self, kept: npt.NDArray[np.bool_]) -> Choices:
        """Give the choices that are marked."""
        return Choices(
            self.starts[kept],
            self.ends[kept],
            self.late[kept],
            self.outside[kept],
            self.disturbed[kept],
            self.moved[kept],
        )

    def find(self, start: int) -> int | None:
        """Give the place of a start; None if it is none."""
        place = int(np.searchsorted(self.starts, start))
        is_there = place < len(self.starts) and int(self.starts[place]) == start
        return place if is_there else None


def list_choices(problem: Problem, axis: WorkAxis, package: Package, horizon: int) -> Choices:
    """Give every start that ends by the horizon.

    Parameters
    ----------
    horizon
        Instant by which everything is over.
    """
    workable = list_workable(problem, axis, package, horizon)
    starts, ends = _pair_up(axis, package, workable, horizon)
    allowed = (ends <= horizon) & _allow(problem, axis, package, starts, ends)
    return price(problem, axis, package, starts[allowed], ends[allowed], workable)


def price(
    problem: Problem,
    axis: WorkAxis,
    package: Package,
    starts: Instants,
    ends: Instants,
    workable: npt.NDArray[np.bool_],
) -> Choices:
    """Give starts and ends with what they cost, whether they are allowed or not."""
    return Choices(
        starts,
        ends,
        _count_lateness(problem, axis, package, ends),
        _count_outside(problem, axis, package, starts, ends),
        _count_disturbance(problem, axis, package, starts, ends, workable),
        _count_moves(problem, axis, package, starts),
    )


def _pair_up(
    axis: WorkAxis, package: Package, workable: npt.NDArray[np.bool_], horizon: int
) -> tuple[Instants, Instants]:
    """Give starts with their ends by the calendar alone."""
    length = package.duration_days
    if package.is_milestone:
        instants = np.arange(horizon + 1, dtype=np.int64)
        return instants, instants
    days = np.flatnonzero(workable).astype(np.int64)
    if not package.is_waiting:
        return days[: max(len(days) - length + 1, 0)], days[length - 1 :] + 1
    return days, axis.count_until(horizon, length)


def first_instant(axis: WorkAxis, package: Package, day: date) -> int:
    """Give the first instant on or after a day: work begins with it, a milestone ends it."""
    return axis.begin_of(day) + (1 if package.is_milestone else 0)


def pinned_instant(axis: WorkAxis, package: Package, day: date) -> int:
    """Give the instant of a start on a day; on a day without work, with the next one."""
    return axis.end_of(day) if package.is_milestone else axis.begin_of(day)


def _allow(
    problem: Problem, axis: WorkAxis, package: Package, starts: Instants, ends: Instants
) -> npt.NDArray[np.bool_]:
    """Mark the starts that are not forbidden."""
    allowed = starts >= first_instant(axis, package, problem.today)
    if package.release_on is not None:
        allowed &= starts >= first_instant(axis, package, package.release_on)
    if package.deadline_on is not None:
        allowed &= ends <= axis.end_of(package.deadline_on)
    if package.pinned_on is not None:
        allowed &= starts == pinned_instant(axis, package, package.pinned_on)
    for key in package.permits:
        permit = problem.permit_by_key[key]
        if permit.granted_on is not None:
            allowed &= starts >= first_instant(axis, package, permit.granted_on)
        if permit.expires_on is not None:
            allowed &= ends <= axis.end_of(permit.expires_on)
    for wall in problem.closed_walls:
        if wall.holds_for(package):
            closed = axis.begin_of(wall.closed_from)
            reopened = axis.begin_of(wall.reopens_on) if wall.reopens_on else NEVER
            if closed < reopened:  # else nobody works while it is closed
                allowed &= (ends <= closed) | (starts >= reopened)
    return allowed


def _count_lateness(problem: Problem, axis: WorkAxis, package: Package, ends: Instants) -> Instants:
    if package.due_on is None:
        return np.zeros_like(ends)
    late = np.maximum(ends - axis.end_of(package.due_on), 0)
    return late * (problem.weights.lateness * package.priority)


def list_windows(problem: Problem, package: Package) -> list[Window]:
    """Give the open walls in which a package is cheaper."""
    return [window for window in problem.windows if window.holds_for(package)]


def _count_outside(
    problem: Problem, axis: WorkAxis, package: Package, starts: Instants, ends: Instants
) -> Instants:
    """Charge what lies outside every window; work in one that is uncertain pays a share."""
    windows = list_windows(problem, package)
    full = problem.weights.outside * package.outside_cost
    cost = np.full_like(starts, full if windows else 0)
    for window in windows:
        is_inside = (starts >= axis.begin_of(window.opens_on)) & (
            ends <= axis.end_of(window.closes_on)
        )
        inside = full * (100 - window.certainty_percent) // 100
        cost[is_inside] = np.minimum(cost[is_inside], inside)
    return cost


def _count_disturbance(
    problem: Problem,
    axis: WorkAxis,
    package: Package,
    starts: Instants,
    ends: Instants,
    workable: npt.NDArray[np.bool_],
) -> Instants:
    """Charge each day that is worked on in a busy time."""
    price = np.zeros(len(workable), dtype=np.int64)
    for busy in problem.busy_times:
        if busy.holds_for(package):
            days = mark_days(axis, len(workable), busy.begins_on, busy.ends_on)
            price[days] += busy.cost * problem.weights.disturbance
    total = np.concatenate([[0], np.cumsum(price * workable)])
    cost: Instants = total[ends] - total[starts]
    return cost


def _count_moves(problem: Problem, axis: WorkAxis, package: Package, starts: Instants) -> Instants:
    if package.current_on is None:
        return np.zeros_like(starts)
    current = pinned_instant(axis, package, package.current_on)
    return np.where(starts == current, 0, problem.weights.move)
