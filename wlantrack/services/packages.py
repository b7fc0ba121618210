"""Work packages as people see them: state, dates, crew, progress, and what speaks against them.

Decides that a package stands as its cables, access points and tasks do, that it is late once it is
expected after the day it is due, and which walls, blackouts and absences it is held against.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wlantrack.errors import Message, NotFound, msg
from wlantrack.rollout import packages as rules
from wlantrack.rollout.packages import KIND_WORDS, STATE_WORDS, Conflict, Place, Tally
from wlantrack.services import history, package_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.milestones import View, list_links
from wlantrack.services.places import parse_uuid
from wlantrack.services.plan import find_plan, package_key
from wlantrack.services.results import stamp
from wlantrack.services.tasks import sees_task
from wlantrack.store.queries import packages as queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.critical_path import Timing
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.history import Entry
    from wlantrack.services.milestones import Awaited, LinkLine, Open
    from wlantrack.services.paging import Page
    from wlantrack.services.plan import CityPlan, PlanParts
    from wlantrack.store.models.milestones import Milestone, WorkPackage, WorkPackageSubject
    from wlantrack.store.models.renovations import Renovation
    from wlantrack.store.models.work import Task
    from wlantrack.store.queries.milestones import PackageRow
    from wlantrack.store.queries.packages import PackageNames

LATE, CONFLICT = "late", "conflict"
"""What the list can be narrowed to beside the states."""


@dataclass(frozen=True)
class PackageFilter:
    """What the list is narrowed to; empty fields narrow nothing.

    ``state`` is a state, "ahead" (planned or running), "late" or "conflict".
    """

    words: str = ""
    building: str = ""
    wing: str = ""
    kind: str = ""
    state: str = ""
    crew: str = ""

    def admits(self, line: PackageLine) -> bool:
        """Tell whether a package is among those asked for."""
        names = line.names
        return (
            self.building in {"", names.building}
            and self.wing in {"", names.wing}
            and self.kind in {"", line.row.kind}
            and self.crew in {"", names.crew}
            and self._admits_state(line)
            and self._admits_words(line)
        )

    def _admits_state(self, line: PackageLine) -> bool:
        match self.state:
            case "":
                return True
            case "ahead":
                return line.state in rules.ACTIVE
            case "late":
                return line.days_late > 0
            case "conflict":
                return bool(line.conflicts)
        return line.state == self.state

    def _admits_words(self, line: PackageLine) -> bool:
        parts = (line.code, line.row.name, line.names.building_name, line.names.wing_name)
        text = " ".join(part for part in (*parts, line.names.responsible) if part).casefold()
        return all(word in text for word in self.words.casefold().split())


@dataclass(frozen=True)
class PackageLine:
    """One work package with everything that lists and pages show of it.

    ``tally`` counts its objects; ``days_late`` are the working days by which it is expected after
    the last day on which it is due. ``open`` says why it has no date.
    """

    key: str
    row: PackageRow
    names: PackageNames
    state: str
    timing: Timing
    tally: Tally
    days_late: int = 0
    conflicts: tuple[Conflict, ...] = ()
    open: Open | None = None

    @property
    def public_id(self) -> uuid.UUID:
        """Give the package's id."""
        return self.row.public_id

    @property
    def code(self) -> str:
        """Give the package's code."""
        return self.row.code

    @property
    def version(self) -> int:
        """Give the package's version, for changes of many at once."""
        return self.names.version

    @property
    def title(self) -> Message | str:
        """Give the package's name, or what its kind is called."""
        return self.row.name or KIND_WORDS[self.row.kind]

    @property
    def contradiction(self) -> Message | None:
        """Say where what was entered and what the objects say do not go together."""
        if self.row.state == "done" and self.state != "done":
            return msg(
                "This is said to be done, but only %(done)d of %(total)d objects are.",
                done=self.tally.done,
                total=self.tally.total,
            )
        if self.state == "done" and self.row.finished_on is None:
            return msg("All its objects are done; enter the day on which it was finished.")
        return None


@dataclass(frozen=True)
class Works:
    """The city's work packages as one reader sees them."""

    view: View
    names: Mapping[int, PackageNames]
    tallies: Mapping[int, Tally]
    conflicts: Mapping[str, tuple[Conflict, ...]]

    def sees(self, row: PackageRow) -> bool:
        """Tell whether the reader may know of a package."""
        return self.view.actor.can(Action.SEE_WORK, row.building_id, row.wing_id)

    def make_line(self, key: str) -> PackageLine:
        """Describe a package."""
        city = self.view.city
        row, timing = city.packages[key], city.timings[key]
        names, tally = self.names[row.id], self.tallies.get(row.id, Tally())
        state = rules.judge_state(row.state, tally)
        is_ahead = state in rules.ACTIVE
        return PackageLine(
            key,
            row,
            names,
            state,
            timing,
            tally,
            _count_late(names.due, timing, city) if row.state != "dropped" else 0,
            self.conflicts.get(key, ()) if is_ahead else (),
            self.view.explain(key) if timing.finish is None else None,
        )

    def list_lines(self) -> list[PackageLine]:
        """Give every package in the reader's scope, by code."""
        return [
            self.make_line(key) for key, row in self.view.city.packages.items() if self.sees(row)
        ]


def _count_late(due: SpokenDate | None, timing: Timing, city: CityPlan) -> int:
    if due is None or timing.finish is None or timing.finish <= due.latest:
        return 0
    workdays = city.clock.workdays
    return max(0, workdays.end_of(timing.finish) - workdays.end_of(due.latest))


def find_works(session: Session, actor: Actor, parts: PlanParts) -> Works:
    """Give the work packages for a reader; what is the same for all is kept until a record changes."""
    city = find_plan(session, parts)
    names, tallies, conflicts = parts.cache.remember(
        ("work packages", stamp(session), parts.clock), lambda: _load(session, city)
    )
    return Works(View(city, actor), names, tallies, conflicts)


def _load(
    session: Session, city: CityPlan
) -> tuple[Mapping[int, PackageNames], Mapping[int, Tally], Mapping[str, tuple[Conflict, ...]]]:
    names = queries.list_names(session)
    kinds = {row.id: row.kind for row in city.packages.values()}
    tallies = {
        package_id: rules.tally_runs(kinds[package_id], covered.runs)
        + rules.tally_points(kinds[package_id], covered.points)
        + rules.tally_tasks(covered.tasks)
        for package_id, covered in queries.count_covered(session).items()
    }
    return names, tallies, find_conflicts(session, city)


def find_conflicts(session: Session, city: CityPlan) -> Mapping[str, tuple[Conflict, ...]]:
    """Hold the packages that are ahead against walls, blackouts and their crews."""
    works = [
        work
        for key, row in city.packages.items()
        if row.state in rules.ACTIVE and (work := _to_work(city, key, row))
    ]
    if not works:
        return {}
    since = min(work.begins_on for work in works)
    around = rules.Surroundings(
        quiet=[
            rules.QuietDays(
                item.name,
                Place(item.building_id, item.wing_id),
                item.begins_on,
                item.ends_on,
                item.noise_class,
            )
            for item in queries.list_blackouts_from(session, since)
        ],
        walls=[
            rules.Wall(
                renovation.name,
                Place(renovation.building_id, part.wing_id, part.floor_id),
                part.opens.latest if part.opens else None,
                part.closes.earliest if part.closes else None,
            )
            for part, renovation in queries.list_walls(session)
        ],
        away=[
            rules.Away(str(item.crew_id), item.begins_on, item.ends_on)
            for item in queries.list_absences_from(session, since)
        ],
        capacities={str(key): count for key, count in queries.list_capacities(session).items()},
    )
    return rules.find_conflicts(works, around, city.clock.workdays)


def _to_work(city: CityPlan, key: str, row: PackageRow) -> rules.Work | None:
    timing = city.timings[key]
    if timing.start is None or timing.finish is None:
        return None
    return rules.Work(
        key,
        row.kind,
        Place(row.building_id, row.wing_id, row.floor_id),
        timing.start,
        timing.finish,
        row.duration_days,
        row.noise_class,
        row.is_waiting,
        str(row.crew_id) if row.crew_id else "",
    )


def by_begin(line: PackageLine) -> tuple[int, Any]:
    """Sort what is ahead by its first day, then what has no date, then what is over."""
    if line.state not in rules.ACTIVE:
        return 2, -(line.timing.finish.toordinal() if line.timing.finish else 0)
    if line.timing.start is None:
        return 1, line.timing.relative_days or (0, 0)
    return 0, line.timing.start


def _by_day(day: date | None) -> tuple[bool, str]:
    return day is None, day.isoformat() if day else ""


# What a line shows follows from the whole plan: lines are sorted here, not by the database.
_SORTS: Mapping[str, Callable[[PackageLine], Any]] = {
    "begins": by_begin,
    "ends": lambda line: _by_day(line.timing.finish),
    "code": lambda line: line.code.casefold(),
    "title": lambda line: (line.row.kind, line.row.name.casefold()),
    "kind": lambda line: list(KIND_WORDS).index(line.row.kind),
    "place": lambda line: (line.names.building, line.names.wing or "", line.names.level or 0),
    "state": lambda line: list(STATE_WORDS).index(line.state),
    "crew": lambda line: (line.names.crew is None, line.names.crew or ""),
    "due": lambda line: _by_day(line.names.due.latest if line.names.due else None),
    "days": lambda line: line.row.duration_days,
    "late": lambda line: line.days_late,
    "priority": lambda line: line.names.priority,
    "conflicts": lambda line: -len(line.conflicts),
    "responsible": lambda line: line.names.responsible.casefold(),
}


def list_packages(
    session: Session, actor: Actor, narrow: PackageFilter, page: Page, parts: PlanParts
) -> tuple[list[PackageLine], int]:
    """Give one page of the work packages in scope, and how many match."""
    works = find_works(session, actor, parts)
    lines = [line for line in works.list_lines() if narrow.admits(line)]
    lines.sort(key=_SORTS["code"])
    lines.sort(key=_SORTS.get(page.sort, by_begin), reverse=page.is_descending)
    return lines[page.offset : page.offset + page.limit], len(lines)


def list_of_wing(
    session: Session, actor: Actor, building_id: int, wing_id: int, parts: PlanParts
) -> list[PackageLine]:
    """Give the packages of a wing, those ahead first; the whole building's count for each."""
    lines = find_works(session, actor, parts).list_lines()
    found = [
        line
        for line in lines
        if line.row.building_id == building_id and line.row.wing_id in {None, wing_id}
    ]
    return sorted(found, key=by_begin)


def list_of_crew(
    session: Session, actor: Actor, crew_id: int, parts: PlanParts
) -> list[PackageLine]:
    """Give the packages of a crew that are ahead, as far as the actor sees them."""
    lines = find_works(session, actor, parts).list_lines()
    found = [line for line in lines if line.row.crew_id == crew_id and line.state in rules.ACTIVE]
    return sorted(found, key=by_begin)


def find_package(session: Session, actor: Actor, ref: str) -> WorkPackage:
    """Give a work package by public id or code, with its place, crew and what it covers.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = parse_uuid(ref)
    found = (
        queries.get_by_code(session, ref)
        if public_id is None
        else queries.get_package(session, public_id)
    )
    if found is None or not actor.can(Action.SEE_WORK, found.building_id, found.wing_id):
        raise _no_such_package()
    return found


def find_packages(session: Session, actor: Actor, refs: Sequence[str]) -> list[WorkPackage]:
    """Give work packages by their public ids, all loaded at once, in the order of these.

    Raises
    ------
    NotFound
        One of them is none, or out of scope.
    """
    ids = [parse_uuid(ref) for ref in refs]
    loaded = queries.load_chosen(session, [item for item in ids if item is not None])
    found = {
        package.public_id: package
        for package in loaded
        if actor.can(Action.SEE_WORK, package.building_id, package.wing_id)
    }
    if not all(item in found for item in ids):
        raise _no_such_package()
    return [found[item] for item in ids if item is not None]


def _no_such_package() -> NotFound:
    return NotFound(
        msg("There is no such work package, or it is outside your area."),
        msg("Look for it in the list of work packages."),
    )


@dataclass(frozen=True)
class PackagePage:
    """Everything on the page of a work package."""

    record: WorkPackage
    line: PackageLine
    renovation: Renovation | None
    milestone: Milestone | None
    driver: Awaited | None
    runs: tuple[WorkPackageSubject, ...]
    points: tuple[WorkPackageSubject, ...]
    tasks: tuple[Task, ...]
    links_in: tuple[LinkLine, ...]
    links_out: tuple[LinkLine, ...]
    history: Sequence[Entry]


def show_package(session: Session, actor: Actor, ref: str, parts: PlanParts) -> PackagePage:
    """Give a work package with what it covers, what drives it and what happened to it."""
    record = find_package(session, actor, ref)
    works, key = find_works(session, actor, parts), package_key(record.id)
    line = works.make_line(key)
    links_in, links_out = list_links(works.view, key)
    driver = line.timing.driver
    seen = [item for item in record.subjects if _sees(actor, item)]
    sight = package_sight.look(session, actor)
    return PackagePage(
        record,
        line,
        sight.renovation_of(record),
        sight.milestone_of(record),
        works.view.name(driver) if driver else None,
        tuple(item for item in seen if item.cable_run),
        tuple(item for item in seen if item.access_point),
        tuple(task for task in queries.list_tasks_of(session, record) if sees_task(actor, task)),
        links_in,
        links_out,
        history.list_of_record(session, actor, "work_package", record.public_id),
    )


def _sees(actor: Actor, subject: WorkPackageSubject) -> bool:
    if subject.cable_run is not None:
        run = subject.cable_run
        return actor.can(Action.SEE_CABLING, run.floor.building_id, run.wing_id)
    point = subject.access_point
    return point is not None and actor.can(
        Action.SEE_ACCESS_POINTS, point.floor.building_id, point.wing_id
    )
