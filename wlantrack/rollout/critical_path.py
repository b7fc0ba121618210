"""When things come about, what they wait for, and what may slip without harm.

Critical path method over activities and milestones (durations of zero) with links of four kinds
and lags in working days. Decides that a date set by hand is a "not before" which links may push
further, that what has happened stands whatever the links say and hands on its days, and that what
waits for something without a date has none itself. Refuses to know calendars of people and what is done first where
both cannot be: that is the schedule's.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.rollout.workdays import CALENDAR_PER_WORKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from wlantrack.rollout.workdays import Workdays


class LinkKind(StrEnum):
    """Which end of the one waits for which end of the other."""

    FINISH_START = "FS"
    START_START = "SS"
    FINISH_FINISH = "FF"
    START_FINISH = "SF"

    @property
    def is_from_finish(self) -> bool:
        """Tell whether it waits for the end of the one before."""
        return self in {LinkKind.FINISH_START, LinkKind.FINISH_FINISH}

    @property
    def is_to_finish(self) -> bool:
        """Tell whether it is the end of the one after that waits."""
        return self in {LinkKind.FINISH_FINISH, LinkKind.START_FINISH}


@dataclass(frozen=True)
class Link:
    """``after`` waits for ``before``; ``lag_days`` are working days and may be negative."""

    before: str
    after: str
    kind: LinkKind = LinkKind.FINISH_START
    lag_days: int = 0


@dataclass(frozen=True)
class Activity:
    """Something that takes time, or a milestone, which takes none.

    Attributes
    ----------
    duration_days
        Working days; with ``is_waiting`` calendar days, as permits and deliveries take them.
    not_before
        First day of work; of a milestone the day on which it is forecast by hand.
    started_on, finished_on
        What has happened; a milestone has ``finished_on`` alone.
    undated_reason
        Why no date can be given; empty where one can.
    """

    key: str
    label: str
    duration_days: int = 0
    is_waiting: bool = False
    not_before: date | None = None
    started_on: date | None = None
    finished_on: date | None = None
    undated_reason: str = ""

    @property
    def is_milestone(self) -> bool:
        """Tell whether it takes no time."""
        return self.duration_days == 0


class Because(StrEnum):
    """What an activity's date comes from."""

    ACTUAL = "actual"
    LINK = "link"
    NOT_BEFORE = "not before"
    TODAY = "today"
    UNDATED = "undated"


@dataclass(frozen=True)
class Timing:
    """When an activity comes about.

    Attributes
    ----------
    start, finish
        First and last day of work, of a milestone twice its day; None while no date can be given.
    float_days
        Working days by which it may slip without moving the end of everything; None for what is
        over or undated.
    because, driver
        What the date comes from, and for a link the key of the activity that drives.
    waits_for
        Keys of the activities without a date on which it depends; itself, if it is one of them.
    relative_days
        For what is undated: working days from the time these come about, to its start and end.
    """

    key: str
    start: date | None
    finish: date | None
    float_days: int | None = None
    because: Because = Because.TODAY
    driver: str = ""
    waits_for: tuple[str, ...] = ()
    relative_days: tuple[int, int] | None = None

    @property
    def is_critical(self) -> bool:
        """Tell whether any slip moves the end of everything."""
        return self.float_days == 0


@dataclass(frozen=True)
class Slip:
    """How far something moves, in working days; None where it gains or loses its date."""

    key: str
    before: date | None
    after: date | None
    days: int | None


@dataclass
class _Instants:
    """Where a pass has placed things, by key, and why there."""

    start: dict[str, int] = field(default_factory=dict)
    finish: dict[str, int] = field(default_factory=dict)
    cause: dict[str, tuple[Because, str]] = field(default_factory=dict)

    def put(self, key: str, start: int, finish: int, because: Because, driver: str = "") -> None:
        """Place one thing."""
        self.start[key], self.finish[key], self.cause[key] = start, finish, (because, driver)


class Plan:
    """Activities with their links, in an order in which none comes before what it waits for."""

    def __init__(self, activities: Iterable[Activity], links: Iterable[Link] = ()) -> None:
        """Take activities and links.

        Raises
        ------
        InvalidInput
            A link names an activity that is not there, or links run in a circle, which is named.
        """
        self.activities = {activity.key: activity for activity in activities}
        self.links = tuple(links)
        self.into: dict[str, list[Link]] = {key: [] for key in self.activities}
        self.out_of: dict[str, list[Link]] = {key: [] for key in self.activities}
        for link in self.links:
            for key in (link.before, link.after):
                if key not in self.activities:
                    raise _refuse_unknown(key)
            self.into[link.after].append(link)
            self.out_of[link.before].append(link)
        self.order = self._sort()

    def _sort(self) -> tuple[str, ...]:
        waiting = {key: len(links) for key, links in self.into.items()}
        ready = [key for key, count in waiting.items() if count == 0]
        heapq.heapify(ready)
        order = []
        while ready:
            key = heapq.heappop(ready)
            order.append(key)
            for link in self.out_of[key]:
                waiting[link.after] -= 1
                if waiting[link.after] == 0:
                    heapq.heappush(ready, link.after)
        if len(order) < len(self.activities):
            raise self._refuse_circle({key for key, count in waiting.items() if count})
        return tuple(order)

    def _refuse_circle(self, stuck: set[str]) -> InvalidInput:
        """Walk backwards from anywhere in what is stuck: the way must come back to itself."""
        way, key = [], min(stuck)
        while key not in way:
            way.append(key)
            key = min(link.before for link in self.into[key] if link.before in stuck)
        circle = [*way[way.index(key) :], key]
        named = " → ".join(self.activities[key].label for key in reversed(circle))
        return InvalidInput(
            Problem(
                msg("These wait for one another in a circle: %(circle)s.", circle=named),
                msg("Remove one of the links between them."),
                field="links",
            )
        )


def _refuse_unknown(key: str) -> InvalidInput:
    return InvalidInput(
        Problem(
            msg("A link names something that is not there."),
            msg("Choose an existing milestone or package."),
            field="links",
            value=key,
        )
    )


def time_plan(plan: Plan, workdays: Workdays, today: date) -> dict[str, Timing]:
    """Give the timing of every activity.

    Parameters
    ----------
    today
        What has not begun cannot begin before, what is not finished cannot end before.
    """
    roots = _find_roots(plan)
    reckoning = _Reckoning(plan, workdays, today, {key for key, waits in roots.items() if waits})
    early = reckoning.run_forward()
    floats = reckoning.run_backward(early)
    relative = _run_relative(plan, roots)
    timings = {}
    for key, activity in plan.activities.items():
        if roots[key]:
            timings[key] = Timing(
                key,
                activity.started_on,
                None,
                because=Because.UNDATED,
                waits_for=roots[key],
                relative_days=relative[key],
            )
            continue
        start, finish = reckoning.list_days(activity, early)
        because, driver = early.cause[key]
        timings[key] = Timing(key, start, finish, floats.get(key), because, driver)
    return timings


def preview_slip(
    before: Mapping[str, Timing], after: Mapping[str, Timing], workdays: Workdays
) -> list[Slip]:
    """Give what moves between two timings of one plan, the furthest first."""
    slips = []
    for key, old in before.items():
        new = after[key]
        if old.finish == new.finish:
            continue
        days = None
        if old.finish is not None and new.finish is not None:
            days = workdays.end_of(new.finish) - workdays.end_of(old.finish)
        slips.append(Slip(key, old.finish, new.finish, days))
    return sorted(slips, key=lambda slip: (slip.days is not None, -(slip.days or 0), slip.key))


def _find_roots(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Give for every activity those without a date on which it depends."""
    roots: dict[str, tuple[str, ...]] = {}
    for key in plan.order:
        activity = plan.activities[key]
        found = {
            root for link in plan.into[key] if _waits(plan, link) for root in roots[link.before]
        }
        if activity.undated_reason:
            found.add(key)
        roots[key] = () if activity.finished_on is not None else tuple(sorted(found))
    return roots


def _holds(plan: Plan, link: Link) -> bool:
    """Tell whether a link still holds anything: what has begun waits with its end alone."""
    return plan.activities[link.after].started_on is None or link.kind.is_to_finish


def _waits(plan: Plan, link: Link) -> bool:
    """Tell whether something has no date while the one before it has none.

    What waits for the start of something that has begun knows that start, whatever becomes of it.
    """
    has_begun = plan.activities[link.before].started_on is not None
    return _holds(plan, link) and (link.kind.is_from_finish or not has_begun)


class _Reckoning:
    """The two passes over what has a date, in instants."""

    def __init__(self, plan: Plan, workdays: Workdays, today: date, undated: set[str]) -> None:
        self.plan, self.workdays, self.undated = plan, workdays, undated
        self.now = workdays.begin_of(today)

    def run_forward(self) -> _Instants:
        """Place everything as early as it can be."""
        early = _Instants()
        for key in self.plan.order:
            activity = self.plan.activities[key]
            if key not in self.undated:
                self._place(activity, early)
            elif activity.started_on is not None:  # its start is known, and others may wait for it
                early.start[key] = self.workdays.begin_of(activity.started_on)
        return early

    def _place(self, activity: Activity, early: _Instants) -> None:
        key, days = activity.key, self.workdays
        if activity.finished_on is not None:
            finish = days.end_of(activity.finished_on)
            begun = activity.started_on or activity.finished_on
            start = finish if activity.is_milestone else min(days.begin_of(begun), finish)
            early.put(key, start, finish, Because.ACTUAL)
            return
        waits = [
            (self._bound(link, early), link)
            for link in self.plan.into[key]
            if _holds(self.plan, link)
        ]
        if activity.started_on is not None:
            start = days.begin_of(activity.started_on)
            ends = [bound for bound, _ in waits]
            finish = max(self.finish_of(activity, start), self.now, *ends)
            early.put(key, start, finish, Because.ACTUAL)
            return
        earliest = self._first_instant(activity, self.now)
        because, driver = Because.TODAY, ""
        if activity.not_before is not None:
            by_hand = self._first_instant(activity, days.begin_of(activity.not_before))
            if by_hand >= earliest:
                earliest, because = by_hand, Because.NOT_BEFORE
        for bound, link in waits:
            start = self.first_start(activity, bound) if link.kind.is_to_finish else bound
            if start > earliest or (start == earliest and because is not Because.LINK):
                earliest, because, driver = start, Because.LINK, link.before
        early.put(key, earliest, self.finish_of(activity, earliest), because, driver)

    @staticmethod
    def _first_instant(activity: Activity, begin: int) -> int:
        """Give the first instant on or after a day: work begins with it, a milestone ends it."""
        return begin + 1 if activity.is_milestone else begin

    @staticmethod
    def _bound(link: Link, early: _Instants) -> int:
        """Give the instant before which the end that a link holds cannot be."""
        ends = early.finish if link.kind.is_from_finish else early.start
        return ends[link.before] + link.lag_days

    def finish_of(self, activity: Activity, start: int) -> int:
        """Give the instant at which an activity ends that begins at one."""
        if not activity.is_waiting:
            return start + activity.duration_days
        return self.workdays.end_of(self.last_day(activity, start))

    def last_day(self, activity: Activity, start: int) -> date:
        """Give the last day of waiting, which may be a holiday."""
        first = activity.started_on or self.workdays.day_from(start)
        return first + timedelta(days=activity.duration_days - 1)

    def first_start(self, activity: Activity, finish: int) -> int:
        """Give the first start with which an activity does not end before an instant."""
        if not activity.is_waiting:
            return finish - activity.duration_days
        last_day = self.workdays.day_until(finish)
        return self.workdays.begin_of(last_day - timedelta(days=activity.duration_days - 1))

    def last_start(self, activity: Activity, finish: int) -> int:
        """Give the last start with which an activity does not end after an instant."""
        if not activity.is_waiting:
            return finish - activity.duration_days
        last_first_day = self.workdays.day_from(finish) - timedelta(days=activity.duration_days)
        return self.workdays.end_of(last_first_day) - 1

    def list_days(self, activity: Activity, early: _Instants) -> tuple[date, date]:
        """Give the first and the last day of what is placed; what happened keeps its own days."""
        start, finish = early.start[activity.key], early.finish[activity.key]
        last = activity.finished_on or self.workdays.day_until(finish)
        if activity.is_milestone:
            return last, last
        first = activity.started_on or min(self.workdays.day_from(start), last)
        if activity.is_waiting and activity.finished_on is None:
            last = max(last, self.last_day(activity, start))
        return first, last

    def run_backward(self, early: _Instants) -> dict[str, int]:
        """Give by how much each may slip; what is over or undated is left out."""
        end = max(early.finish.values(), default=self.now)
        late = _Instants()
        for key in reversed(self.plan.order):
            activity = self.plan.activities[key]
            if key in self.undated or activity.finished_on is not None:
                continue
            finish, start = end, end
            for link in self.plan.out_of[key]:
                bound = self._latest(link, late, end)
                if link.kind.is_from_finish:
                    finish = min(finish, bound)
                else:
                    start = min(start, bound)
            if activity.started_on is None:
                start = min(start, self.last_start(activity, finish))
                finish = self.finish_of(activity, start)
            late.put(key, start, finish, Because.LINK)
        return {
            key: late.start[key] - early.start[key]
            if self.plan.activities[key].started_on is None
            else late.finish[key] - early.finish[key]
            for key in late.start
        }

    def _latest(self, link: Link, late: _Instants, end: int) -> int:
        """Give the latest instant that a link leaves to the one before; the end, if it holds none.

        What is over or undated waits no longer.
        """
        if link.after not in late.start or not _holds(self.plan, link):
            return end
        held = late.finish if link.kind.is_to_finish else late.start
        return held[link.after] - link.lag_days


def _run_relative(plan: Plan, roots: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[int, int]]:
    """Give working days from the time to which the undated wait; calendar days are rounded up."""
    spans: dict[str, tuple[int, int]] = {}
    for key in plan.order:
        if not roots[key]:
            continue
        activity = plan.activities[key]
        length = activity.duration_days
        if activity.is_waiting:
            length = math.ceil(length / CALENDAR_PER_WORKING)
        start = 0
        for link in plan.into[key]:
            if link.before in spans and _waits(plan, link):
                bound = spans[link.before][link.kind.is_from_finish] + link.lag_days
                start = max(start, bound - (length if link.kind.is_to_finish else 0))
        spans[key] = start, start + length
    return spans
