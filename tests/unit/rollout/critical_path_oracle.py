"""Timing found by trying: every instant one after the other, until nothing is broken any more."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from wlantrack.rollout.critical_path import Activity, Link, Plan

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=number) for number in range(3000)]


@cache
def list_days(holidays: frozenset[date]) -> tuple[list[date], dict[date, int]]:
    """Give all working days, and how many of them there are before each day."""
    working: list[date] = []
    before: dict[date, int] = {}
    for day in DAYS:
        before[day] = len(working)
        if day.weekday() < 5 and day not in holidays:
            working.append(day)
    return working, before


class SlowTiming:
    """The working days are a list; an instant is a place between two of them."""

    def __init__(self, plan: Plan, holidays: Collection[date], today: date) -> None:
        self.plan, self.today = plan, today
        self.days, self.instants = list_days(frozenset(holidays))
        self.undated = self._find_undated()
        self.links = [
            link
            for link in plan.links
            if link.after not in self.undated
            and (link.before not in self.undated or self.knows_start(link))
        ]
        self.starts, self.finishes = self.place({})
        self.end = max(self.finishes.values(), default=0)

    def _find_undated(self) -> dict[str, set[str]]:
        """Follow every way from what has no date."""
        found: dict[str, set[str]] = {}

        def spread(key: str, root: str) -> None:
            activity = self.plan.activities[key]
            if activity.finished_on is None and root not in found.setdefault(key, set()):
                found[key].add(root)
                for link in self.plan.links:
                    is_free = self.has_begun(link.after) and link.kind.value[1] == "S"
                    if link.before == key and not is_free and not self.knows_start(link):
                        spread(link.after, root)

        for key, activity in self.plan.activities.items():
            if activity.undated_reason:
                spread(key, key)
        return {key: roots for key, roots in found.items() if roots}

    def has_begun(self, key: str) -> bool:
        return self.plan.activities[key].started_on is not None

    def knows_start(self, link: Link) -> bool:
        return link.kind.value[0] == "S" and self.has_begun(link.before)

    def instant_before(self, day: date) -> int:
        return self.instants[day]

    def finish(self, activity: Activity, start: int) -> int:
        if not activity.is_waiting:
            return start + activity.duration_days
        first = activity.started_on or self.days[start]
        return self.instant_before(first + timedelta(days=activity.duration_days))

    def place(self, delays: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
        """Give starts and finishes, each activity put off by so many working days at least."""
        starts: dict[str, int] = {}
        finishes: dict[str, int] = {}
        for key, activity in self.plan.activities.items():
            if key in self.undated:
                if activity.started_on is not None:
                    starts[key] = self.instant_before(activity.started_on)
                continue
            if activity.finished_on is not None:
                finishes[key] = self.instant_before(activity.finished_on + timedelta(days=1))
                begun = self.instant_before(activity.started_on or activity.finished_on)
                starts[key] = finishes[key] if activity.is_milestone else min(begun, finishes[key])
                continue
            step = 1 if activity.is_milestone else 0
            starts[key] = max(
                self.instant_before(day) + step
                for day in (self.today, activity.not_before or FIRST)
            )
            if activity.started_on is not None:
                starts[key] = self.instant_before(activity.started_on)
            finishes[key] = max(self.finish(activity, starts[key]), self.instant_before(self.today))
        self._push({key: delay for key, delay in delays.items() if delay}, starts, finishes)
        return starts, finishes

    def _push(
        self, delays: dict[str, int], starts: dict[str, int], finishes: dict[str, int]
    ) -> None:
        """Push everything on until no link is broken, each put off by its delay beyond its day."""
        floor = {
            key: (self.starts[key] + delay, self.finishes[key] + delay)
            for key, delay in delays.items()
        }
        moved = True
        while moved:
            moved = False
            for key, activity in self.plan.activities.items():
                if key in self.undated or activity.finished_on is not None:
                    continue
                while self._is_broken(key, floor.get(key), starts, finishes):
                    moved = True
                    if activity.started_on is None:
                        starts[key] += 1
                        finishes[key] = self.finish(activity, starts[key])
                    else:
                        finishes[key] += 1

    def _is_broken(
        self,
        key: str,
        floor: tuple[int, int] | None,
        starts: Mapping[str, int],
        finishes: Mapping[str, int],
    ) -> bool:
        has_begun = self.plan.activities[key].started_on is not None
        if floor and (finishes[key] < floor[1] if has_begun else starts[key] < floor[0]):
            return True
        for link in self.links:
            if link.after != key or (has_begun and link.kind.value[1] == "S"):
                continue
            held = starts[key] if link.kind.value[1] == "S" else finishes[key]
            base = starts if link.kind.value[0] == "S" else finishes
            if held < base[link.before] + link.lag_days:
                return True
        return False

    def float_of(self, key: str) -> int:
        """Give the most working days that it can be put off without moving the end."""
        low, high = 0, self.end + 1
        while high - low > 1:
            middle = (low + high) // 2
            _, finishes = self.place({key: middle})
            if max(finishes.values()) > self.end:
                high = middle
            else:
                low = middle
        return low
