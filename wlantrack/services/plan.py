"""The plan of the city: milestones and work packages with their links, and when each comes about.

Decides how records become activities: the last day of a forecast is a "not before", the last day of
what was reached its finish; what nobody has dated and nothing drives has no date. Reckoned once and
kept until a record changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wlantrack.rollout.critical_path import (
    Activity,
    Because,
    Link,
    LinkKind,
    Plan,
    Timing,
    time_plan,
)
from wlantrack.rollout.spoken_dates import parse_spoken, put_day_in_words
from wlantrack.services.results import stamp
from wlantrack.services.work_calendar import find_workdays
from wlantrack.store.queries import milestones as queries

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.rollout.workdays import Workdays
    from wlantrack.services.results import ResultCache
    from wlantrack.settings import Settings
    from wlantrack.store.queries.milestones import LinkRow, MilestoneRow, PackageRow

NO_DATE_YET = "?"
"""Stands for the reason of what nobody has said anything about."""


@dataclass(frozen=True)
class Clock:
    """The day as of which a plan is reckoned, and the region whose holidays count."""

    today: date
    region: str

    @property
    def workdays(self) -> Workdays:
        """Give the working days of the region."""
        return find_workdays(self.region)


@dataclass(frozen=True)
class PlanParts:
    """What a plan is reckoned with: the day and region, and where it is kept."""

    clock: Clock
    cache: ResultCache


def find_clock(settings: Settings) -> Clock:
    """Give today where the installation stands."""
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    return Clock(today, settings.holiday_region)


def milestone_key(record_id: int) -> str:
    """Give the key under which a plan knows a milestone."""
    return f"m{record_id}"


def package_key(record_id: int) -> str:
    """Give the key under which a plan knows a work package."""
    return f"p{record_id}"


def before_key(link: LinkRow) -> str:
    """Give the key of what a link waits for."""
    if link.before_milestone_id is not None:
        return milestone_key(link.before_milestone_id)
    return package_key(link.before_package_id or 0)


def after_key(link: LinkRow) -> str:
    """Give the key of what waits by a link."""
    if link.after_milestone_id is not None:
        return milestone_key(link.after_milestone_id)
    return package_key(link.after_package_id or 0)


@dataclass(frozen=True)
class CityPlan:
    """Everything that has a date or waits for one, by key, and its timing.

    ``driven`` are those whose dates follow from others.
    """

    milestones: Mapping[str, MilestoneRow]
    packages: Mapping[str, PackageRow]
    links: tuple[LinkRow, ...]
    driven: frozenset[str]
    plan: Plan
    timings: Mapping[str, Timing]
    clock: Clock

    @property
    def rows(self) -> dict[str, MilestoneRow | PackageRow]:
        """Give all milestones and packages by key."""
        return {**self.milestones, **self.packages}

    def row_of(self, key: str) -> MilestoneRow | PackageRow:
        """Give the milestone or package of a key."""
        return self.milestones.get(key) or self.packages[key]

    def find_expected(self, key: str) -> SpokenDate | None:
        """Tell in words when something is expected, no finer than known; None: no date."""
        if key not in self._told:
            self._told[key] = self._tell(key)
        return self._told[key]

    @cached_property
    def _told(self) -> dict[str, SpokenDate | None]:
        """Keep what was told: lists ask for everything, again and again."""
        return {}

    def _tell(self, key: str) -> SpokenDate | None:
        timing = self.timings[key]
        row = self.milestones.get(key)
        if row is not None and row.actual is not None:
            return row.actual
        if timing.finish is None:
            return None
        if row is not None and row.forecast is not None and timing.because is not Because.LINK:
            return row.forecast
        source = self._sources.get(key) or parse_spoken(timing.finish.isoformat())
        return put_day_in_words(timing.finish, source)

    def is_pushed(self, key: str) -> bool:
        """Tell whether links push a milestone beyond what was forecast by hand."""
        row = self.milestones.get(key)
        return (
            row is not None
            and row.forecast is not None
            and self.timings[key].because is Because.LINK
        )

    @cached_property
    def _sources(self) -> dict[str, SpokenDate | None]:
        """Give the date in words from which each date was reckoned, over what drives it."""
        found: dict[str, SpokenDate | None] = {}
        for key in self.plan.order:
            timing, row = self.timings[key], self.milestones.get(key)
            if timing.because is Because.LINK and timing.driver:
                found[key] = found[timing.driver]
            else:
                found[key] = (row.actual or row.forecast) if row is not None else None
        return found


def find_plan(session: Session, parts: PlanParts) -> CityPlan:
    """Give the plan as of now, reckoned anew only if a record has changed since."""
    key = ("plan", stamp(session), parts.clock)
    return parts.cache.remember(key, lambda: load_plan(session, parts.clock))


def load_plan(session: Session, clock: Clock) -> CityPlan:
    """Load and reckon the plan."""
    links = tuple(queries.list_links(session))
    milestones = {milestone_key(row.id): row for row in queries.list_rows(session)}
    packages = {package_key(row.id): row for row in queries.list_packages(session)}
    ties = [to_link(link) for link in links]
    ties += [feed for key, row in packages.items() if (feed := find_feed(key, row.milestone_id))]
    driven = _find_driven(ties, {key for key, row in packages.items() if row.state == "dropped"})
    activities = [
        *(
            milestone_activity(key, row, clock.workdays, is_driven=key in driven)
            for key, row in milestones.items()
        ),
        *(
            package_activity(key, row, clock.workdays, is_driven=key in driven)
            for key, row in packages.items()
        ),
    ]
    plan = Plan(activities, ties)
    timings = time_plan(plan, clock.workdays, clock.today)
    return CityPlan(milestones, packages, links, driven, plan, timings, clock)


def _find_driven(links: Collection[Link], dropped: Collection[str]) -> frozenset[str]:
    """Give what waits for anything; what was dropped drives only if it waits for something itself."""
    driven: set[str] = set()
    while more := {
        link.after
        for link in links
        if link.after not in driven and (link.before not in dropped or link.before in driven)
    }:
        driven |= more
    return frozenset(driven)


def require_plan(session: Session) -> None:
    """Refuse links that run in a circle, as they stand in the session.

    Raises
    ------
    InvalidInput
        Names the circle.
    """
    session.flush()
    packages = queries.list_packages(session)
    rows = [(milestone_key(row.id), row.code) for row in queries.list_rows(session)]
    rows += [(package_key(row.id), row.code) for row in packages]
    feeds = (find_feed(package_key(row.id), row.milestone_id) for row in packages)
    links = [*map(to_link, queries.list_links(session)), *(feed for feed in feeds if feed)]
    Plan((Activity(key, code) for key, code in rows), links)


def change_activity(city: CityPlan, activity: Activity) -> CityPlan:
    """Reckon the plan with one activity as it would be."""
    plan = Plan((city.plan.activities | {activity.key: activity}).values(), city.plan.links)
    timings = time_plan(plan, city.clock.workdays, city.clock.today)
    return replace(city, plan=plan, timings=timings)


def milestone_activity(
    key: str, row: MilestoneRow, workdays: Workdays, *, is_driven: bool
) -> Activity:
    """Give a milestone as an activity; ``is_driven`` tells whether it waits for anything."""
    return Activity(
        key,
        row.code,
        not_before=_last_workday(row.forecast.latest, workdays) if row.forecast else None,
        finished_on=row.actual.latest if row.actual else None,
        undated_reason=row.undated_reason
        or ("" if row.forecast or row.actual or is_driven else NO_DATE_YET),
    )


def _last_workday(day: date, workdays: Workdays) -> date:
    """Give a day itself, or the working day before it: the end of a month may be a Sunday."""
    return workdays.day_until(workdays.end_of(day))


def package_activity(key: str, row: PackageRow, workdays: Workdays, *, is_driven: bool) -> Activity:
    """Give a work package as an activity.

    It takes as long as its current plan says, or its net duration; links may push it, whether it
    is pinned or not. What was dropped takes no time, and only hands on what it waits for.
    """
    if row.state == "dropped":
        return Activity(key, row.code)
    is_dated = row.not_before or row.planned_start or row.started_on or is_driven
    return Activity(
        key,
        row.code,
        _span_days(row, workdays),
        is_waiting=row.is_waiting,
        not_before=row.planned_start or row.not_before,
        started_on=row.started_on,
        finished_on=row.finished_on,
        undated_reason=row.undated_reason or ("" if is_dated else NO_DATE_YET),
    )


def find_feed(key: str, milestone_id: int | None) -> Link | None:
    """Give the link by which a milestone waits for the package that feeds it."""
    return None if milestone_id is None else Link(key, milestone_key(milestone_id))


def _span_days(row: PackageRow, workdays: Workdays) -> int:
    """Give for how long the current plan has a package, at least its net duration."""
    if row.planned_start is None or row.planned_finish is None:
        return row.duration_days
    if row.is_waiting:
        days = (row.planned_finish - row.planned_start).days + 1
    else:
        days = workdays.end_of(row.planned_finish) - workdays.begin_of(row.planned_start)
    return max(days, row.duration_days)


def to_link(link: LinkRow) -> Link:
    """Give a link as plans know it."""
    return Link(before_key(link), after_key(link), LinkKind(link.kind), link.lag_days)
