"""Builds one plan out of priorities: packages one by one, each as early, or as late, as it can be.

Serial schedule generation in plain Python, forward and backward; a plan is justified to the right
and to the left again (forward-backward improvement).

Notes
-----
After Valls, Ballestin, Quintanilla (2005), Justification and RCPSP: a technique that pays.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.scheduling.crews import CrewDays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.scheduling.instance import Instance, Wait

FAR: Final = 1 << 40


@dataclass(frozen=True)
class Draft:
    """A feasible plan: by number the place of each chosen start, and what it costs.

    ``tie`` is the sum of ends: of two plans of one cost the earlier is better.
    """

    cost: int
    tie: int
    chosen: tuple[int, ...]


class Builder:
    """Builds plans of one instance out of priorities, forward and backward."""

    def __init__(self, instance: Instance) -> None:
        self.count = len(instance.keys)
        self.starts = [held.starts.tolist() for held in instance.choices]
        self.ends = [held.ends.tolist() for held in instance.choices]
        self.costs = [held.cost.tolist() for held in instance.choices]
        self.into: list[list[Wait]] = [[] for _ in instance.keys]
        self.out_of: list[list[Wait]] = [[] for _ in instance.keys]
        for wait in instance.waits:
            self.into[wait.after].append(wait)
            self.out_of[wait.before].append(wait)
        self.days = CrewDays(instance)
        self.fixed = [number for number in range(self.count) if len(self.starts[number]) == 1]
        self.horizon = instance.horizon
        self.placings = 0

    def list_forward(self, priority: Sequence[float]) -> list[int]:
        """Give numbers by priority, the smallest first, none before what it waits for."""
        return _list_ready(priority, [len(waits) for waits in self.into], self.out_of, ahead=True)

    def list_backward(self, priority: Sequence[float]) -> list[int]:
        """Give numbers by priority, the smallest first, none before what waits for it."""
        return _list_ready(priority, [len(waits) for waits in self.out_of], self.into, ahead=False)

    def build(self, priority: Sequence[float]) -> Draft | None:
        """Place each package as early as it can be; None where some finds no place."""
        chosen = self._start_afresh()
        if chosen is None:
            return None
        for number in self.list_forward(priority):
            if chosen[number] < 0:
                place = self._find_early(number, chosen)
                if place is None:
                    return None
                chosen[number] = place
        return self.draft(chosen)

    def draft(self, chosen: Sequence[int]) -> Draft:
        """Say what a plan costs."""
        cost = sum(self.costs[number][place] for number, place in enumerate(chosen))
        tie = sum(self.ends[number][place] for number, place in enumerate(chosen))
        return Draft(cost, tie, tuple(chosen))

    def improve(self, draft: Draft, limits: Sequence[int]) -> Draft:
        """Push everything to the right, then to the left again; keep the better of the two.

        Parameters
        ----------
        limits
            By number, the end up to which a package may be pushed without harm.
        """
        pushed = self._push_right(draft, limits)
        if pushed is None:
            return draft
        pulled = self.build([self.starts[n][place] for n, place in enumerate(pushed)])
        if pulled is None or (draft.cost, draft.tie) <= (pulled.cost, pulled.tie):
            return draft
        return pulled

    def _start_afresh(self) -> list[int] | None:
        """Place first what has one start only: pins."""
        self.days.clear()
        self.placings += self.count
        chosen = [-1] * self.count
        for number in self.fixed:
            start, end = self.starts[number][0], self.ends[number][0]
            demand = self.days.demands[number]
            if demand:
                if self.days.find_first_lack(demand, start, end) >= 0:
                    return None
                self.days.take(demand, start, end)
            chosen[number] = 0
        return chosen

    def _find_early(self, number: int, chosen: Sequence[int]) -> int | None:
        """Take the first start that links and crews leave."""
        starts, ends = self.starts[number], self.ends[number]
        first_start, first_end = 0, 0
        for wait in self.into[number]:
            others = self.ends if wait.is_from_finish else self.starts
            bound = others[wait.before][chosen[wait.before]] + wait.lag
            if wait.is_to_finish:
                first_end = max(first_end, bound)
            else:
                first_start = max(first_start, bound)
        place = bisect_left(starts, first_start)
        if first_end:
            place = max(place, bisect_left(ends, first_end))
        demand, count = self.days.demands[number], len(starts)
        if not demand:
            return place if place < count else None
        while place < count:
            lack = self.days.find_last_lack(demand, starts[place], ends[place])
            if lack < 0:
                self.days.take(demand, starts[place], ends[place])
                return place
            place = bisect_right(starts, lack, place)
        return None

    def _push_right(self, draft: Draft, limits: Sequence[int]) -> list[int] | None:
        chosen = self._start_afresh()
        if chosen is None:
            return None
        latest = [-self.ends[number][place] for number, place in enumerate(draft.chosen)]
        for number in self.list_backward(latest):
            if chosen[number] < 0:
                limit = max(limits[number], -latest[number])
                place = self._find_late(number, chosen, limit)
                if place is None:
                    return None
                chosen[number] = place
        return chosen

    def _find_late(self, number: int, chosen: Sequence[int], limit: int) -> int | None:
        """Take the last start that links and crews leave before a limit of its end."""
        starts, ends = self.starts[number], self.ends[number]
        last_start, last_end = FAR, limit
        for wait in self.out_of[number]:
            others = self.ends if wait.is_to_finish else self.starts
            bound = others[wait.after][chosen[wait.after]] - wait.lag
            if wait.is_from_finish:
                last_end = min(last_end, bound)
            else:
                last_start = min(last_start, bound)
        place = min(bisect_right(starts, last_start), bisect_right(ends, last_end)) - 1
        demand = self.days.demands[number]
        if not demand:
            return place if place >= 0 else None
        while place >= 0:
            lack = self.days.find_first_lack(demand, starts[place], ends[place])
            if lack < 0:
                self.days.take(demand, starts[place], ends[place])
                return place
            place = bisect_right(ends, lack, 0, place) - 1
        return None


def _list_ready(
    priority: Sequence[float], open_waits: list[int], links: list[list[Wait]], *, ahead: bool
) -> list[int]:
    ready = [(priority[number], number) for number, left in enumerate(open_waits) if not left]
    heapq.heapify(ready)
    order = []
    while ready:
        _, number = heapq.heappop(ready)
        order.append(number)
        for wait in links[number]:
            other = wait.after if ahead else wait.before
            open_waits[other] -= 1
            if not open_waits[other]:
                heapq.heappush(ready, (priority[other], other))
    return order
