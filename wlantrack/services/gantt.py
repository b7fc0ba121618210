"""The plan row by row, packages and milestones together, with everything a Gantt chart shows.

Decides the order: place by place, what is dated by its first day, then what is not; and which open
walls and blackouts stand behind a row: those of its place, as far as its reader may know of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from wlantrack.rollout.milestones import Standing
from wlantrack.rollout.packages import ACTIVE
from wlantrack.services import milestones, packages
from wlantrack.services.actor import Action, Actor
from wlantrack.store.queries import packages as queries
from wlantrack.store.queries import work as work_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.rollout.critical_path import Timing
    from wlantrack.services.milestones import Awaited, MilestoneLine, View
    from wlantrack.services.packages import PackageLine
    from wlantrack.services.paging import Page
    from wlantrack.services.plan import CityPlan, PlanParts
    from wlantrack.store.models.work import Crew

    Line: TypeAlias = PackageLine | MilestoneLine

LONGEST_LOAD: Final = 52
"""Weeks of load that are shown at most."""
_WEEK: Final = timedelta(days=7)
_NEVER: Final = date.max


@dataclass(frozen=True)
class GanttFilter:
    """What the chart is narrowed to; without ``is_all`` what is over or dropped is left out.

    With a crew there are its packages alone: milestones have none.
    """

    building: str = ""
    wing: str = ""
    crew: str = ""
    baseline: str = ""
    is_all: bool = False


@dataclass(frozen=True)
class Stretch:
    """Days behind a row, under a name; without an end they go on."""

    name: str
    begins_on: date
    ends_on: date | None


@dataclass(frozen=True)
class GanttLink:
    """What a row waits for, and whether that drives its date."""

    kind: str
    lag_days: int
    other: Awaited
    is_driving: bool


@dataclass(frozen=True)
class GanttRow:
    """A row: a package or a milestone, what it waits for, and what its place has to say."""

    line: Line
    is_milestone: bool
    place: str
    links: tuple[GanttLink, ...] = ()
    windows: tuple[Stretch, ...] = ()
    quiet: tuple[Stretch, ...] = ()

    @property
    def timing(self) -> Timing:
        """Give when it comes about."""
        return self.line.timing


@dataclass(frozen=True)
class WeekLoad:
    """A week of a crew: how many packages it has at once at most."""

    begins_on: date
    most: int


@dataclass(frozen=True)
class CrewLoad:
    """A crew's load week by week, beside what it carries."""

    crew: Crew
    weeks: tuple[WeekLoad, ...]

    @property
    def most(self) -> int:
        """Give how many packages it has at once at most."""
        return max((week.most for week in self.weeks), default=0)

    @property
    def overloaded(self) -> tuple[WeekLoad, ...]:
        """Give the weeks with more than it carries."""
        return tuple(week for week in self.weeks if week.most > self.crew.capacity)


def list_rows(
    session: Session, actor: Actor, narrow: GanttFilter, page: Page, parts: PlanParts
) -> tuple[list[GanttRow], int]:
    """Give one page of the plan in scope, and how many rows there are."""
    actor.require_somewhere(Action.SEE_WORK)
    works = packages.find_works(session, actor, parts)
    view = milestones.find_view(session, actor, parts, narrow.baseline)
    rows = [
        GanttRow(line, is_milestone=False, place=_place(line.names.building, line.names.wing))
        for line in works.list_lines()
        if _admits_package(narrow, line)
    ]
    if not narrow.crew:
        rows += [
            GanttRow(line, is_milestone=True, place=_place(row.building, row.wing))
            for key, row in view.city.milestones.items()
            if view.sees(row) and narrow.building in {"", row.building}
            if narrow.wing in {"", row.wing}
            if _admits_milestone(narrow, line := view.make_line(key))
        ]
    rows.sort(key=_order)
    shown = rows[page.offset : page.offset + page.limit]
    return list(_complete(session, actor, view, shown)), len(rows)


def _admits_package(narrow: GanttFilter, line: PackageLine) -> bool:
    names = line.names
    return (
        narrow.building in {"", names.building}
        and narrow.wing in {"", names.wing}
        and narrow.crew in {"", names.crew}
        and (narrow.is_all or line.state in ACTIVE)
    )


def _admits_milestone(narrow: GanttFilter, line: MilestoneLine) -> bool:
    return narrow.is_all or line.state is not Standing.REACHED


def _place(building: str | None, wing: str | None) -> str:
    return f"{building}/{wing}" if building and wing else building or ""


def _order(row: GanttRow) -> tuple[str, bool, date, tuple[int, int], date, str]:
    timing = row.timing
    return (
        row.place,
        timing.start is None,
        timing.start or _NEVER,
        timing.relative_days or (0, 0),
        timing.finish or _NEVER,
        row.line.row.code,
    )


def _complete(
    session: Session, actor: Actor, view: View, rows: Sequence[GanttRow]
) -> Iterator[GanttRow]:
    """Put behind each row what it waits for, the open walls and the blackouts of its place."""
    city = view.city
    since = min((row.timing.start for row in rows if row.timing.start), default=city.clock.today)
    walls = queries.list_walls(session)
    blackouts = queries.list_blackouts_from(session, since)
    for row in rows:
        record = row.line.row
        building_id, wing_id = record.building_id, record.wing_id
        links = tuple(
            GanttLink(
                link.kind.value,
                link.lag_days,
                view.name(link.before),
                is_driving=row.timing.driver == link.before,
            )
            for link in city.plan.into[row.line.key]
        )
        windows = [
            Stretch(
                renovation.name,
                part.opens.earliest,
                part.closes.latest if part.closes_wording and part.closes else None,
            )
            for part, renovation in walls
            if renovation.building_id == building_id
            and _meets(part.wing_id, wing_id)
            and part.opens_wording is not None
            and part.opens is not None
            and actor.can(Action.SEE_RENOVATIONS, building_id, part.wing_id or wing_id)
        ]
        quiet = [
            Stretch(item.name, item.begins_on, item.ends_on)
            for item in blackouts
            if item.building_id in {None, building_id} and _meets(item.wing_id, wing_id)
        ]
        yield replace(row, links=links, windows=tuple(windows), quiet=tuple(quiet))


def _meets(here: int | None, there: int | None) -> bool:
    """Tell whether two wings are one; without a wing all are meant."""
    return here is None or there is None or here == there


def list_load(
    session: Session, actor: Actor, crew: str, city: CityPlan, until: date
) -> list[CrewLoad]:
    """Give how much crews have to do each week from this one on, by all packages there are.

    Packages that the reader may not see count too: a crew is no less busy for that.
    """
    actor.require_somewhere(Action.SEE_WORK)
    first = city.clock.today - timedelta(days=city.clock.today.weekday())
    last = min(until, first + LONGEST_LOAD * _WEEK - timedelta(days=1))
    busy = _count_busy(city, first, last)
    return [
        CrewLoad(item, tuple(_list_weeks(busy[item.id], first, last)))
        for item in work_queries.list_crews(session)
        if crew in {"", item.code} and item.id in busy
    ]


def _count_busy(city: CityPlan, first: date, last: date) -> Mapping[int, Counter[date]]:
    """Count the packages of each crew on each working day."""
    busy: defaultdict[int, Counter[date]] = defaultdict(Counter)
    workdays = city.clock.workdays
    for key, row in city.packages.items():
        timing = city.timings[key]
        if row.crew_id is None or row.state not in ACTIVE or not (timing.start and timing.finish):
            continue
        begin = workdays.begin_of(max(timing.start, first))
        end = workdays.end_of(min(timing.finish, last))
        busy[row.crew_id].update(workdays.day_from(instant) for instant in range(begin, end))
    return busy


def _list_weeks(days: Mapping[date, int], first: date, last: date) -> Iterable[WeekLoad]:
    monday = first
    while monday <= last:
        most = max(days.get(monday + timedelta(days=step), 0) for step in range(7))
        yield WeekLoad(monday, most)
        monday += _WEEK
