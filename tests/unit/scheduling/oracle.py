"""The cheapest plan found by trying all of them, on plain days.

What a plan costs is counted anew here; whether it holds is the verifier's word for each package
alone, and counted anew for links and crews.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from wlantrack.scheduling.outcome import Placement
from wlantrack.scheduling.verify import verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.scheduling.outcome import Plan
    from wlantrack.scheduling.parts import Link, Package
    from wlantrack.scheduling.problem import Problem

DAY = timedelta(days=1)


class Oracle:
    """Tries every start of every package within some days from today on."""

    def __init__(self, problem: Problem, days: int = 56) -> None:
        self.problem = problem
        self.last = problem.today + days * DAY
        self.is_workday = cache(
            lambda day: problem.week[day.weekday()] and day not in problem.holidays
        )
        self.count = cache(self._count)

    def find_least(self, frozen: Plan) -> int | None:
        """Give the cost of the cheapest plan around what has begun; None if none holds."""
        keys = self.problem.open_keys
        self.options = {
            key: sorted(self.list_options(self.problem.by_key[key]), key=lambda item: item[0])
            for key in keys
        }
        if not all(self.options.values()):
            return None
        floors = [self.options[key][0][0] for key in keys]
        self.floors = [sum(floors[n:]) for n in range(len(keys) + 1)]
        self.least: int | None = None
        self.plan = dict(frozen)
        self._try(keys, 0, 0)
        return self.least

    def list_options(self, package: Package) -> Iterator[tuple[int, Placement]]:
        """Give every placement that holds for a package alone, with its cost."""
        alone = replace(self.problem, packages=(package,), links=())
        for placement in self._list_placements(package):
            if not verify(alone, {package.key: placement}):
                yield self.cost_of(package, placement), placement

    def _list_placements(self, package: Package) -> Iterator[Placement]:
        day = self.problem.today
        while day < self.last:
            end = day + package.duration_days * DAY
            if package.is_milestone:
                if self.is_workday(day - DAY):
                    yield Placement(day, day)
            elif package.is_waiting:
                yield Placement(day, end)
            else:
                left, end = package.duration_days, day
                while left and end < self.last:
                    left -= self._works(package, end)
                    end += DAY
                if not left:
                    yield Placement(day, end)
            day += DAY

    def _works(self, package: Package, day: date) -> bool:
        blackouts = any(
            blackout.begins_on <= day <= blackout.ends_on and blackout.holds_for(package)
            for blackout in self.problem.blackouts
        )
        absences = any(
            absence.begins_on <= day <= absence.ends_on
            for crew in self.problem.crews
            if package.demands.get(crew.key)
            for absence in crew.absences
        )
        return self.is_workday(day) and not blackouts and not absences

    def cost_of(self, package: Package, placement: Placement) -> int:
        """Count what a placement costs."""
        weights, cost = self.problem.weights, 0
        if package.due_on:
            late = max(self.count(package.due_on + DAY, placement.ends_before), 0)
            cost += late * package.priority * weights.lateness
        if windows := [w for w in self.problem.windows if w.holds_for(package)]:
            full = weights.outside * package.outside_cost
            inside = [
                full * (100 - window.certainty_percent) // 100
                for window in windows
                if window.opens_on <= placement.starts_on
                and not self.count(window.closes_on + DAY, placement.ends_before) > 0
            ]
            cost += min(inside, default=full)
        if package.current_on and self._is_moved(package, placement, package.current_on):
            cost += weights.move
        return cost + self._disturb(package, placement)

    def _is_moved(self, package: Package, placement: Placement, current: date) -> bool:
        """Look for a working day between two starts, or two evenings."""
        shift = package.is_milestone * DAY
        low, high = sorted((placement.starts_on, current + shift))
        return self.count(low, high) > 0

    def _disturb(self, package: Package, placement: Placement) -> int:
        price = self.problem.weights.disturbance
        return sum(
            price * busy.cost
            for n in range((placement.ends_before - placement.starts_on).days)
            for busy in self.problem.busy_times
            if busy.begins_on <= placement.starts_on + n * DAY <= busy.ends_on
            if busy.holds_for(package) and self._works(package, placement.starts_on + n * DAY)
        )

    def _count(self, first: date, end: date) -> int:
        if end < first:
            return -self._count(end, first)
        return sum(self.is_workday(first + n * DAY) for n in range((end - first).days))

    def _try(self, keys: tuple[str, ...], number: int, cost: int) -> None:
        if self.least is not None and cost + self.floors[number] >= self.least:
            return
        if number == len(keys):
            self.least = cost
            return
        key = keys[number]
        for price, placement in self.options[key]:
            if self.least is not None and cost + price + self.floors[number + 1] >= self.least:
                return
            self.plan[key] = placement
            if self._holds(key):
                self._try(keys, number + 1, cost + price)
            del self.plan[key]

    def _holds(self, key: str) -> bool:
        return all(
            self._waits(link)
            for link in self.problem.links
            if link.after == key and link.before in self.plan
        ) and self._has_crews(key)

    def _waits(self, link: Link) -> bool:
        before, after = self.plan[link.before], self.plan[link.after]
        begin = before.ends_before if link.kind.is_from_finish else before.starts_on
        end = after.ends_before if link.kind.is_to_finish else after.starts_on
        return self.count(begin, end) >= link.lag_days

    def _has_crews(self, key: str) -> bool:
        mine = self.plan[key]
        for crew in self.problem.crews:
            if not self.problem.by_key[key].demands.get(crew.key):
                continue
            for n in range((mine.ends_before - mine.starts_on).days):
                day = mine.starts_on + n * DAY
                used = sum(
                    self.problem.by_key[other].demands.get(crew.key, 0)
                    for other, placement in self.plan.items()
                    if placement.starts_on <= day < placement.ends_before
                )
                if used > crew.capacity and self.is_workday(day):
                    return False
        return True
