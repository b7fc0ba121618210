"""Checks a plan against a problem, day by day, with nothing of what made the plan.

Slow and plain on purpose: it shares no code with heuristic, solver or their calendars, so that a
mistake there does not hide itself here. It runs in tests and on every proposal.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.scheduling.breaches import Breach, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from wlantrack.scheduling.outcome import Placement, Plan
    from wlantrack.scheduling.parts import Blackout, Link, Package
    from wlantrack.scheduling.problem import Problem

ONE_DAY: Final = timedelta(days=1)


def verify(problem: Problem, plan: Plan) -> list[Violation]:
    """Give everything in a plan that the problem does not allow; nothing if it is sound."""
    return [*_Checker(problem, plan).find_all()]


class _Checker:
    """A plan beside its problem."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.packages = {package.key: package for package in problem.packages}
        self.crews = {crew.key: crew for crew in problem.crews}

    def find_all(self) -> Iterator[Violation]:
        """Look at the packages one by one, then at what they share."""
        undated = self._find_undated()
        for key in self.plan:
            if key not in self.packages or key in undated:
                yield Violation(Breach.UNDATED, key)
        for key, package in self.packages.items():
            if key in undated:
                continue
            placement = self.plan.get(key)
            if placement is None:
                yield Violation(Breach.MISSING, key)
            elif package.started_on or package.finished_on:
                yield from self._check_frozen(package, placement)
            else:
                yield from self._check_package(package, placement)
        yield from self._check_links()
        yield from self._check_crews()

    def _find_undated(self) -> set[str]:
        """Follow the links from what has no date until nothing is added any more."""
        ungranted = {permit.key for permit in self.problem.permits if permit.granted_on is None}
        begun = {key for key, one in self.packages.items() if one.started_on or one.finished_on}
        found = {
            key
            for key, one in self.packages.items()
            if key not in begun and (one.undated_reason or ungranted & {*one.permits})
        }
        while True:
            more = {link.after for link in self.problem.links if link.before in found}
            if more - begun <= found:
                return found
            found |= more - begun

    def _is_workday(self, day: date) -> bool:
        return self.problem.week[day.weekday()] and day not in self.problem.holidays

    def _count_workdays(self, first: date, end: date) -> int:
        """Count working days from a first day up to, and without, an end."""
        days = (end - first).days
        if days < 0:
            return -self._count_workdays(end, first)
        return sum(self._is_workday(first + number * ONE_DAY) for number in range(days))

    def _find_away(self, package: Package, day: date) -> str:
        """Give the crew that does not work on a day; nothing if all do."""
        for key, amount in package.demands.items():
            for absence in self.crews[key].absences:
                if amount and absence.begins_on <= day <= absence.ends_on:
                    return key
        return ""

    def _find_blackout(self, package: Package, day: date) -> str:
        """Give the blackout that forbids a package on a day; nothing if none does."""
        for blackout in self.problem.blackouts:
            if blackout.begins_on <= day <= blackout.ends_on and _hears(blackout, package):
                return blackout.key
        return ""

    def _check_frozen(self, package: Package, placement: Placement) -> Iterator[Violation]:
        """Want what has begun to begin when it did, and to end when it did."""
        first = package.started_on or package.finished_on
        is_kept = package.duration_days == 0 or placement.starts_on == first
        if package.finished_on is not None:
            is_kept &= placement.ends_before == package.finished_on + ONE_DAY
        if not is_kept:
            yield Violation(Breach.FROZEN, package.key)

    def _check_package(self, package: Package, placement: Placement) -> Iterator[Violation]:
        if package.duration_days == 0:
            if placement.starts_on != placement.ends_before:
                yield Violation(Breach.LENGTH, package.key)
        elif package.is_waiting:
            yield from self._check_waiting(package, placement)
        else:
            yield from self._check_work(package, placement)
        yield from self._check_days(package, placement)
        yield from self._check_permits(package, placement)
        yield from self._check_walls(package, placement)

    def _check_waiting(self, package: Package, placement: Placement) -> Iterator[Violation]:
        if not self._is_workday(placement.starts_on):
            yield Violation(Breach.DAY_OFF, package.key)
        if placement.ends_before - placement.starts_on != package.duration_days * ONE_DAY:
            yield Violation(Breach.LENGTH, package.key)

    def _check_work(self, package: Package, placement: Placement) -> Iterator[Violation]:
        """Want work on its first and last day, and as many days of work as it takes."""
        days = (placement.ends_before - placement.starts_on).days
        pauses = [self._find_pause(package, placement.starts_on + n * ONE_DAY) for n in range(days)]
        done = pauses.count(None)
        ends = {pause for pause in (*pauses[:1], *pauses[-1:]) if pause is not None}
        if done != package.duration_days:
            yield Violation(Breach.LENGTH, package.key)
        if done < package.duration_days:
            ends |= {pause for pause in pauses if pause and pause.breach is not Breach.DAY_OFF}
        yield from sorted(ends, key=str)

    def _find_pause(self, package: Package, day: date) -> Violation | None:
        """Say why a package is not worked on on a day; None if it is."""
        if not self._is_workday(day):
            return Violation(Breach.DAY_OFF, package.key)
        if away := self._find_away(package, day):
            return Violation(Breach.ABSENCE, package.key, away)
        if quiet := self._find_blackout(package, day):
            return Violation(Breach.BLACKOUT, package.key, quiet)
        return None

    def _check_days(self, package: Package, placement: Placement) -> Iterator[Violation]:
        first, last = placement.starts_on, placement.ends_before - ONE_DAY
        if package.duration_days == 0:
            first = last
        if first < self.problem.today or (package.release_on and first < package.release_on):
            yield Violation(Breach.RELEASE, package.key)
        if package.deadline_on and self._is_after(placement, package.deadline_on):
            yield Violation(Breach.DEADLINE, package.key)
        if package.pinned_on is None:
            return
        if package.duration_days == 0:
            is_kept = not self._count_workdays(package.pinned_on + ONE_DAY, placement.ends_before)
        else:
            is_kept = first >= package.pinned_on and not self._count_workdays(
                package.pinned_on, first
            )
        if not is_kept:
            yield Violation(Breach.PIN, package.key)

    def _is_after(self, placement: Placement, day: date) -> bool:
        """Tell whether a working day lies between the end of a day and the end of a package."""
        return self._count_workdays(day + ONE_DAY, placement.ends_before) > 0

    def _check_permits(self, package: Package, placement: Placement) -> Iterator[Violation]:
        first = placement.starts_on - (ONE_DAY if package.duration_days == 0 else timedelta())
        for permit in self.problem.permits:
            if permit.key not in package.permits or permit.granted_on is None:
                continue
            is_early = first < permit.granted_on
            if is_early or (permit.expires_on and self._is_after(placement, permit.expires_on)):
                yield Violation(Breach.PERMIT, package.key, permit.key)

    def _check_walls(self, package: Package, placement: Placement) -> Iterator[Violation]:
        """Look for a working day that belongs to the package and on which its wall is closed."""
        for wall in self.problem.closed_walls:
            if not package.is_in_wall or (wall.place and wall.place not in package.places):
                continue
            begin = max(placement.starts_on, wall.closed_from)
            end = placement.ends_before
            if wall.reopens_on is not None:
                end = min(end, wall.reopens_on)
            if begin < end and self._count_workdays(begin, end):
                yield Violation(Breach.WALL, package.key, wall.key)

    def _check_links(self) -> Iterator[Violation]:
        for link in self.problem.links:
            after = self.packages[link.after]
            has_both = link.before in self.plan and link.after in self.plan
            if not has_both or after.started_on or after.finished_on:
                continue
            if self._breaks(link):
                yield Violation(Breach.LINK, link.after, link.before)

    def _breaks(self, link: Link) -> bool:
        """Tell whether fewer working days lie between two ends than the lag asks for."""
        before, after = self.plan[link.before], self.plan[link.after]
        is_end = link.kind.value[0] == "F"
        begin = before.ends_before if is_end else before.starts_on
        end = after.ends_before if link.kind.value[1] == "F" else after.starts_on
        return self._count_workdays(begin, end) < link.lag_days

    def _check_crews(self) -> Iterator[Violation]:
        """Add up, on every working day from today on, what open work takes of each crew.

        What has begun stands: it takes what there is, and what is left goes to the others.
        """
        for crew in self.problem.crews:
            frozen: dict[date, int] = {}
            opened: dict[date, int] = {}
            for key, placement in self.plan.items():
                package = self.packages.get(key)
                amount = package.demands.get(crew.key, 0) if package else 0
                if package is None or not amount or package.finished_on:
                    continue
                used = frozen if package.started_on else opened
                for number in range((placement.ends_before - placement.starts_on).days):
                    day = placement.starts_on + number * ONE_DAY
                    if day >= self.problem.today and self._is_workday(day):
                        used[day] = used.get(day, 0) + amount
            if any(
                amount > max(crew.capacity - frozen.get(day, 0), 0)
                for day, amount in opened.items()
            ):
                yield Violation(Breach.CREW, crew.key, crew.key)


def _hears(blackout: Blackout, package: Package) -> bool:
    """Tell whether a blackout forbids work as loud as a package at one of its places."""
    loudness = ("quiet", "normal", "loud")
    is_loud = loudness.index(package.noise) >= loudness.index(blackout.noise)
    return is_loud and (not blackout.place or blackout.place in package.places)
