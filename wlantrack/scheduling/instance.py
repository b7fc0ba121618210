"""A problem in numbers: what heuristic and solver share.

Decides how far ahead to look, what frozen work leaves of crews, and which starts are ruled out by
links alone. Packages are numbered in an order in which none comes before what it waits for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.scheduling.choices import Choices, list_choices
from wlantrack.scheduling.energy import bound_ends
from wlantrack.scheduling.frozen import build_axis, find_free, find_frozen, place_frozen
from wlantrack.scheduling.outcome import Placement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    import numpy as np
    import numpy.typing as npt

    from wlantrack.scheduling.calendars import WorkAxis
    from wlantrack.scheduling.outcome import Plan
    from wlantrack.scheduling.parts import Package
    from wlantrack.scheduling.problem import Problem

ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Wait:
    """A link between two numbered packages: ``after`` waits for ``before``, by ``lag`` days."""

    before: int
    after: int
    is_from_finish: bool
    is_to_finish: bool
    lag: int


@dataclass(frozen=True)
class Instance:
    """A problem in numbers.

    Attributes
    ----------
    keys
        What is to be scheduled; its place here is its number.
    choices
        By number, what is left to choose; empty where nothing can be.
    demands
        By number, pairs of a crew's place in ``free`` and the amount, without zeros.
    waits
        Links among what is to be scheduled.
    free : int64[crew, instant]
        What frozen work leaves of each crew; never below zero, as what has happened stands.
    capacity
        By crew, the most that is ever free.
    frozen
        Instants of start and end of what has begun, by key.
    horizon
        Instant by which some best plan is over.
    """

    problem: Problem
    axis: WorkAxis
    horizon: int
    keys: tuple[str, ...]
    choices: tuple[Choices, ...]
    demands: tuple[tuple[tuple[int, int], ...], ...]
    waits: tuple[Wait, ...]
    free: npt.NDArray[np.int64]
    capacity: tuple[int, ...]
    frozen: Mapping[str, tuple[int, int]]

    @property
    def has_choices(self) -> bool:
        """Tell whether every package has a start left."""
        return all(len(choices.starts) for choices in self.choices)

    @property
    def least_cost(self) -> int:
        """Give what the packages cost at least, each taken by itself."""
        return sum(int(held.cost.min()) for held in self.choices)

    def place(self, chosen: Sequence[int]) -> Plan:
        """Give the days of a plan that is given by the place of each chosen start."""
        plan = {
            key: place_frozen(self.problem.by_key[key], self.axis, *instants)
            for key, instants in self.frozen.items()
        }
        for number, key in enumerate(self.keys):
            choices, at = self.choices[number], chosen[number]
            plan[key] = place_open(
                self.problem.by_key[key], self.axis, int(choices.starts[at]), int(choices.ends[at])
            )
        return plan

    def cost_of(self, chosen: Sequence[int]) -> int:
        """Give the cost of a plan that is given by the place of each chosen start."""
        return sum(int(choices.cost[at]) for choices, at in zip(self.choices, chosen, strict=True))


def place_open(package: Package, axis: WorkAxis, start: int, end: int) -> Placement:
    """Give the days of a package; waiting may end on a holiday."""
    if package.is_milestone:
        evening = axis.day_until(end) + ONE_DAY
        return Placement(evening, evening)
    first = axis.day_from(start)
    if package.is_waiting:
        return Placement(first, first + package.duration_days * ONE_DAY)
    return Placement(first, axis.day_until(end) + ONE_DAY)


def find_horizon(problem: Problem, axis: WorkAxis) -> int:
    """Give an instant by which some best plan is over.

    Notes
    -----
    After the last day that anything names, calendars have no more holes and waiting brings
    nothing. There a best plan whose packages are all moved to the front leaves no day on which
    neither a package nor a lag runs, so that it takes no longer than all of them one by one.
    """
    lengths = sum(package.duration_days for package in problem.packages)
    lags = sum(abs(link.lag_days) for link in problem.links)
    last = max(axis.end_of(day) for day in _list_named_days(problem))
    frozen = max((end for _, end in find_frozen(problem, axis).values()), default=0)
    return max(last, frozen) + lengths + lags + 1


def _list_named_days(problem: Problem) -> Iterator[date]:
    yield problem.today
    for crew in problem.crews:
        yield from (absence.ends_on for absence in crew.absences)
    for period in (*problem.blackouts, *problem.busy_times):
        yield period.ends_on
    yield from (window.closes_on for window in problem.windows)
    for wall in problem.closed_walls:
        yield wall.closed_from
        yield wall.reopens_on or wall.closed_from
    for permit in problem.permits:
        yield permit.granted_on or problem.today
    for package in problem.packages:
        for day in (package.release_on, package.pinned_on, package.current_on):
            yield day or problem.today


def build_instance(problem: Problem, axis: WorkAxis | None = None) -> Instance:
    """Turn a problem into numbers, without the starts that links alone rule out."""
    axis = axis or build_axis(problem)
    horizon = find_horizon(problem, axis)
    frozen = find_frozen(problem, axis)
    keys = problem.open_keys
    number = {key: place for place, key in enumerate(keys)}
    crew_number = {crew.key: place for place, crew in enumerate(problem.crews)}
    free = find_free(problem, axis, frozen, horizon)
    choices = [list_choices(problem, axis, problem.by_key[key], horizon) for key in keys]
    for link in problem.links:
        if link.before in frozen and link.after in number:
            bound = frozen[link.before][link.kind.is_from_finish] + link.lag_days
            held = choices[number[link.after]]
            instants = held.ends if link.kind.is_to_finish else held.starts
            choices[number[link.after]] = held.keep(instants >= bound)
    instance = Instance(
        problem,
        axis,
        horizon,
        keys,
        tuple(choices),
        tuple(
            tuple(
                (crew_number[crew], amount)
                for crew, amount in problem.by_key[key].demands.items()
                if amount
            )
            for key in keys
        ),
        tuple(
            Wait(
                number[link.before],
                number[link.after],
                link.kind.is_from_finish,
                link.kind.is_to_finish,
                link.lag_days,
            )
            for link in problem.links
            if link.before in number and link.after in number
        ),
        free,
        tuple(crew.capacity for crew in problem.crews),
        frozen,
    )
    instance = tighten(instance)
    if instance.has_choices:
        instance = tighten(replace(instance, choices=bound_ends(instance)))
    return instance


def tighten(instance: Instance, most: Sequence[int] | None = None) -> Instance:
    """Leave out starts that are too early, or too late, for what is linked to them.

    Parameters
    ----------
    most
        By number, the latest end that is of any interest.
    """
    choices = list(instance.choices)
    if most is not None:
        choices = [held.keep(held.ends <= end) for held, end in zip(choices, most, strict=True)]
    if not all(len(held.starts) for held in choices):
        return replace(instance, choices=tuple(choices))
    into: dict[int, list[Wait]] = {}
    out_of: dict[int, list[Wait]] = {}
    for wait in instance.waits:
        into.setdefault(wait.after, []).append(wait)
        out_of.setdefault(wait.before, []).append(wait)
    for number in range(len(choices)):
        for wait in into.get(number, ()):
            before, held = choices[wait.before], choices[number]
            earliest = (before.ends if wait.is_from_finish else before.starts)[0] + wait.lag
            instants = held.ends if wait.is_to_finish else held.starts
            choices[number] = held.keep(instants >= earliest)
            if not len(choices[number].starts):
                return replace(instance, choices=tuple(choices))
    for number in reversed(range(len(choices))):
        for wait in out_of.get(number, ()):
            after, held = choices[wait.after], choices[number]
            latest = (after.ends if wait.is_to_finish else after.starts)[-1] - wait.lag
            instants = held.ends if wait.is_from_finish else held.starts
            choices[number] = held.keep(instants <= latest)
            if not len(choices[number].starts):
                return replace(instance, choices=tuple(choices))
    return replace(instance, choices=tuple(choices))
