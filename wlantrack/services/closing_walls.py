"""Cable runs in walls that others have opened: whether they get done before these close.

Decides which run lies in which part of a renovation. A run lies in a part when one of its ends
does: on the part's floor and in its wing, where it names them; and inside its outline, where one is
drawn. A run whose end has no position lies in no outline. What a run waits for is known from the
permits and orders that cover it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import shapely

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.rollout.packages import NOISE_ORDER
from wlantrack.rollout.wall_closing import WAY, Level, Outlook, RunInWall, foresee
from wlantrack.rollout.windows import (
    Finding,
    Kind,
    LoudDays,
    PlannedWork,
    Window,
    find_all,
)
from wlantrack.services import renovations
from wlantrack.services.actor import Action, Actor
from wlantrack.services.results import stamp
from wlantrack.store.models.work import Task
from wlantrack.store.queries import renovations as queries
from wlantrack.store.session import ReadingSession

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.rollout.workdays import Workdays
    from wlantrack.services.results import ResultCache
    from wlantrack.store.models.milestones import WorkPackage
    from wlantrack.store.models.renovations import Renovation, RenovationPart
    from wlantrack.store.models.work import Blackout
    from wlantrack.store.queries.renovations import PlacedRun

_PULLING: Final = frozenset({"containment", "pulling", "fire stopping"})
"""Kinds of work packages that need an open wall."""
_NEVER: Final = timedelta(days=3650)
"""Stands for a closing that nobody has named: far enough for everything to get done."""
_AHEAD: Final = timedelta(days=366)
"""So far ahead quiet days are looked for in a wall whose closing nobody has named."""
_LOUD: Final = "loud"
_LEVELS: Final = {level: place for place, level in enumerate(Level)}


@dataclass(frozen=True)
class WallAlarm:
    """A run of which somebody must be told, and the wall that closes over it."""

    outlook: Outlook
    run: PlacedRun
    part: RenovationPart
    renovation: Renovation

    @property
    def closes_on(self) -> date:
        """Give the day on which the wall closes, at the earliest."""
        return self.outlook.run.closes_on


@dataclass(frozen=True)
class WindowFinding:
    """A conflict or a synergy with the records that it is about."""

    finding: Finding
    renovation: Renovation
    part: RenovationPart
    runs: tuple[PlacedRun, ...]
    package: WorkPackage | None
    task: Task | None

    @property
    def key(self) -> str:
        """Name the finding in addresses and forms."""
        about = self.finding.work or self.finding.by_day or ""
        return f"{self.finding.kind}/{self.part.public_id}/{about}"


@dataclass(frozen=True)
class _Part:
    """A part with the runs in it and how they stand."""

    renovation: Renovation
    part: RenovationPart
    runs: tuple[tuple[PlacedRun, Outlook], ...]


def list_alarms(
    session: Session,
    actor: Actor,
    workdays: Workdays,
    today: date,
    cache: ResultCache | None = None,
    building_id: int | None = None,
) -> list[WallAlarm]:
    """Give the runs in scope of which somebody must be told, the worst first, each once.

    ``building_id`` narrows them to a building.
    """
    alarms: dict[int, WallAlarm] = {}
    for item in _load(session, actor, workdays, today, cache, building_id):
        if item.part.closes is None:
            continue
        for run, outlook in _list_seen(actor, item):
            if not outlook.level.is_alarm:
                continue
            alarm = WallAlarm(outlook, run, item.part, item.renovation)
            known = alarms.get(run.id)
            if known is None or _rank(alarm) < _rank(known):
                alarms[run.id] = alarm
    return sorted(alarms.values(), key=_rank)


def _list_seen(actor: Actor, item: _Part) -> list[tuple[PlacedRun, Outlook]]:
    """Give the runs of a part that the actor may know of."""
    return [
        (run, outlook)
        for run, outlook in item.runs
        if actor.can(Action.SEE_CABLING, run.building_id, run.wing_id)
    ]


def _rank(alarm: WallAlarm) -> tuple[int, date, str]:
    return _LEVELS[alarm.outlook.level], alarm.closes_on, alarm.run.label


def find_closings(
    session: Session,
    actor: Actor,
    workdays: Workdays,
    today: date,
    cache: ResultCache | None = None,
) -> dict[uuid.UUID, SpokenDate]:
    """Give the next closing of a wall over each run that is not ready for it, as far as known."""
    found: dict[uuid.UUID, SpokenDate] = {}
    for item in _load(session, actor, workdays, today, cache):
        closes = item.part.closes
        if closes is None or closes.is_over(today):
            continue
        for run, outlook in _list_seen(actor, item):
            known = found.get(run.public_id)
            if outlook.steps and (known is None or closes.earliest < known.earliest):
                found[run.public_id] = closes
    return found


def count_runs(
    session: Session,
    actor: Actor,
    workdays: Workdays,
    today: date,
    cache: ResultCache | None = None,
) -> dict[uuid.UUID, tuple[int, int]]:
    """Give for each renovation in scope how many runs lie in its walls, and how many alarm."""
    counts: dict[uuid.UUID, tuple[set[int], set[int]]] = {}
    for item in _load(session, actor, workdays, today, cache):
        inside, alarmed = counts.setdefault(item.renovation.public_id, (set(), set()))
        for run, outlook in _list_seen(actor, item):
            if outlook.steps:
                inside.add(run.id)
            if outlook.level.is_alarm and item.part.closes is not None:
                alarmed.add(run.id)
    return {key: (len(inside), len(alarmed)) for key, (inside, alarmed) in counts.items()}


def list_of_renovation(
    session: Session, actor: Actor, renovation: Renovation, workdays: Workdays, today: date
) -> dict[uuid.UUID, list[tuple[PlacedRun, Outlook]]]:
    """Give the runs in scope that are not done, by part of a renovation; the worst first."""
    return {
        item.part.public_id: [
            (run, outlook) for run, outlook in _list_seen(actor, item) if outlook.steps
        ]
        for item in _place(session, [renovation], workdays, today)
    }


def _load(
    session: Session,
    actor: Actor,
    workdays: Workdays,
    today: date,
    cache: ResultCache | None,
    building_id: int | None = None,
) -> list[_Part]:
    """Give the parts in scope with their runs, remembered until any record changes.

    What is remembered is read by others as well, so it comes from sessions that change nothing.
    """

    def load() -> list[_Part]:
        visible = renovations.list_visible(session, actor, building_id)
        open_ones = [item for item in visible if item.state not in renovations.OVER]
        return _place(session, open_ones, workdays, today)

    if cache is None or not isinstance(session, ReadingSession):
        return load()
    key = ("walls", stamp(session), actor.grants, workdays, today, building_id)
    return cache.remember(key, load)


def _place(
    session: Session, found: Sequence[Renovation], workdays: Workdays, today: date
) -> list[_Part]:
    """Find the runs in the parts of renovations, and foresee each."""
    buildings = {item.building_id for item in found if item.parts}
    if not buildings:
        return []
    runs = [
        run
        for run in queries.list_placed_runs(session, buildings, (*WAY, "blocked"))
        if _state_of(run) in WAY
    ]
    ids = [run.id for run in runs]
    permits = queries.list_permits_ahead(session, ids)
    deliveries = queries.list_deliveries(session, ids)
    foreseen: dict[object, Outlook] = {}

    def outlook_of(run: PlacedRun, part: RenovationPart) -> Outlook:
        waits, delivery = tuple(permits.get(run.id, ())), deliveries.get(run.id)
        closes_on = part.closes.earliest if part.closes else today + _NEVER
        # Many runs stand alike: what lies ahead of them is reckoned once.
        key = closes_on, run.state, run.state_before, run.crosses_fire_wall, waits, delivery
        if key not in foreseen:
            state = _state_of(run)
            facts = RunInWall(
                label=run.label,
                state=state,
                closes_on=closes_on,
                crosses_fire_wall=run.crosses_fire_wall,
                is_blocked=run.state == "blocked"
                or any(kind == queries.REFUSED for kind, _ in waits),
                not_before=_not_before(state, waits, delivery, today),
            )
            foreseen[key] = foresee(facts, workdays, today)
        alike = foreseen[key]
        return Outlook(
            replace(alike.run, label=run.label),
            alike.level,
            alike.steps,
            alike.slack_days,
            alike.act_by,
        )

    by_building: dict[int, list[PlacedRun]] = {}
    for run in runs:
        by_building.setdefault(run.building_id, []).append(run)
    placed = []
    for renovation in found:
        nearby = by_building.get(renovation.building_id, [])
        for part in renovation.parts:
            inside = [run for run in nearby if lies_in(run, part, renovation.building_id)]
            lines = [(run, outlook_of(run, part)) for run in inside]
            lines.sort(key=lambda line: (_LEVELS[line[1].level], line[0].label))
            placed.append(_Part(renovation, part, tuple(lines)))
    return placed


def _state_of(run: PlacedRun) -> str:
    if run.state == "blocked":
        return run.state_before or "requested"
    return run.state


def _not_before(
    state: str, permits: Iterable[tuple[str, date | None]], delivery: date | None, today: date
) -> dict[str, date]:
    """Give the days before which steps cannot be reached, by what is promised.

    A promise whose day has passed is none any more, nor is one of several permits enough: the step
    then takes the usual time from today.
    """
    waiting = [day for kind, day in permits if kind != queries.REFUSED]
    promised = [day for day in waiting if day is not None and day >= today]
    is_known = bool(promised) and len(promised) == len(waiting)
    days = {"permits cleared": max(promised)} if is_known else {}
    if delivery is not None and delivery >= today:
        is_ordered = WAY.index(state) >= WAY.index("ordered")
        days["containment installed" if is_ordered else "ordered"] = delivery
    return days


def lies_in(run: PlacedRun, part: RenovationPart, building_id: int) -> bool:
    """Tell whether an end of a run lies in a part; see the module for what that means."""
    if run.building_id != building_id:
        return False
    ends = (
        (run.floor_id, run.wing_id, run.far_xy_m),
        (run.near_floor_id, run.near_wing_id, run.near_xy_m),
    )
    return any(
        floor_id is not None
        and part.floor_id in {None, floor_id}
        and part.wing_id in {None, wing_id}
        and (part.outline is None or (xy_m is not None and _covers(part, xy_m)))
        for floor_id, wing_id, xy_m in ends
    )


def _covers(part: RenovationPart, xy_m: tuple[float, float]) -> bool:
    return bool(shapely.covers(part.outline, shapely.Point(xy_m)))


def list_findings(
    session: Session,
    actor: Actor,
    workdays: Workdays,
    today: date,
    cache: ResultCache | None = None,
) -> list[WindowFinding]:
    """Give the conflicts and synergies in scope, the worst first."""
    placed = _load(session, actor, workdays, today, cache)
    buildings = {item.renovation.building_id for item in placed}
    packages = queries.list_packages(session, buildings) if buildings else []
    blackouts = queries.list_blackouts(session, buildings, today, today + _NEVER)
    ids = [item.part.public_id for item in placed]
    tasks = {
        task.subject_id: task
        for origin in ("closing wall", "renovation")
        for task in queries.list_open_tasks(session, ids, origin)
    }
    found = []
    for item in placed:
        seen = _list_seen(actor, item)
        runs = {run.label: run for run, _ in seen}
        works = {
            str(package.public_id): package
            for package in packages
            if _works_in(package, item.part, item.renovation.building_id)
            and actor.can(Action.SEE_WORK, package.building_id, package.wing_id)
        }
        found += [
            WindowFinding(
                finding,
                item.renovation,
                item.part,
                tuple(runs[label] for label in finding.subjects if label in runs),
                works.get(finding.work),
                tasks.get(item.part.public_id),
            )
            for finding in find_all(
                _window_of(item),
                [outlook for _, outlook in seen],
                [work for work in (_plan(each, workdays) for each in works.values()) if work],
                list(_find_noise(item, blackouts)),
                today,
            )
        ]
    kinds = list(Kind)
    return sorted(
        found,
        key=lambda item: (
            kinds.index(item.finding.kind),
            item.finding.by_day or today + _NEVER,
            item.renovation.code,
        ),
    )


def _window_of(item: _Part) -> Window:
    part = item.part
    return Window(
        key=str(part.public_id),
        opens_on=part.opens.latest if part.opens else None,
        closes_on=part.closes.earliest if part.closes else None,
        requirements_due_on=item.renovation.requirements_due_on,
    )


def _works_in(package: WorkPackage, part: RenovationPart, building_id: int) -> bool:
    return (
        package.building_id == building_id
        and package.kind in _PULLING
        and (part.wing_id is None or package.wing_id in {None, part.wing_id})
        and (part.floor_id is None or package.floor_id in {None, part.floor_id})
    )


def _plan(package: WorkPackage, workdays: Workdays) -> PlannedWork | None:
    begins = package.started_on or package.planned_start or package.not_before
    if begins is None:
        return None
    ends = workdays.day_until(workdays.begin_of(begins) + package.duration_days)
    if package.started_on is None and package.planned_finish is not None:
        ends = max(ends, package.planned_finish)
    return PlannedWork(str(package.public_id), package.name, begins, ends)


def _find_noise(item: _Part, blackouts: Iterable[Blackout]) -> Iterator[LoudDays]:
    loud = [
        (phase.name, phase.begins.earliest, phase.ends.latest)
        for phase in item.renovation.phases
        if phase.noise_class == _LOUD and phase.begins is not None and phase.ends is not None
    ]
    for blackout in blackouts:
        where = item.renovation.building_id, item.part.wing_id
        if not renovations.is_quiet_at(blackout, *where):
            continue
        for name, begins, ends in loud:
            if begins <= blackout.ends_on and ends >= blackout.begins_on:
                yield LoudDays(
                    f"{name}: {blackout.name}",
                    max(begins, blackout.begins_on),
                    min(ends, blackout.ends_on),
                )


def find_finding(
    session: Session, actor: Actor, key: str, workdays: Workdays, today: date
) -> WindowFinding:
    """Give a conflict or synergy by its key.

    Raises
    ------
    NotFound
        It has been dealt with, or is out of scope.
    """
    for item in list_findings(session, actor, workdays, today):
        if item.key == key:
            return item
    raise NotFound(msg("This has been dealt with in the meantime."))


@dataclass(frozen=True)
class MovedWork:
    """When a package begins now, and what forbids such work while it lasts, if anything does."""

    begins_on: date
    forbidden_by: str = ""


def move_into_window(
    session: Session, actor: Actor, item: WindowFinding, workdays: Workdays, today: date
) -> MovedWork:
    """Let a work package begin when the wall is open, and such work is allowed if that can be.

    Raises
    ------
    InvalidInput
        There is no work to move, or it has begun.
    NotAllowed
        The role does not reach.
    """
    package = item.package and queries.get_package(session, item.package.public_id)
    if package is None or package.started_on is not None:
        raise InvalidInput(
            Problem(
                msg("There is no work here that could be moved."),
                msg("Plan a work package for pulling these cables first."),
            )
        )
    if package.is_pinned:
        raise InvalidInput(
            Problem(
                msg("%(code)s is pinned to its days.", code=package.code),
                msg("Take the pin out on its page first."),
            )
        )
    actor.require(Action.EDIT_WORK, package.building_id, package.wing_id)
    begins_on = max(item.part.opens.latest if item.part.opens else today, today)
    if item.part.closes is not None and item.part.closes.earliest < begins_on:
        raise InvalidInput(
            Problem(
                msg("The wall is closed by then."),
                msg("Have it opened again, or plan another way for these cables."),
            )
        )
    closes_on = item.part.closes.earliest if item.part.closes else None
    moved = _find_quiet_days(session, package, begins_on, closes_on, workdays)
    package.undated_reason, package.not_before = "", moved.begins_on
    package.planned_start = package.planned_finish = None
    session.commit()
    return moved


def _find_quiet_days(
    session: Session, package: WorkPackage, first: date, closes_on: date | None, workdays: Workdays
) -> MovedWork:
    """Find the first days before a closing on which nothing forbids a package's work.

    Where there are none, it is the first day, and what forbids it.
    """
    horizon = closes_on or first + _AHEAD
    quiet = [
        item
        for item in queries.list_blackouts(session, [package.building_id], first, horizon)
        if renovations.is_quiet_at(item, package.building_id, package.wing_id)
        and NOISE_ORDER.index(package.noise_class) >= NOISE_ORDER.index(item.noise_class)
    ]
    day, forbidden_by = first, ""
    while True:
        last = workdays.day_until(workdays.begin_of(day) + package.duration_days)
        found = next((x for x in quiet if x.begins_on <= last and x.ends_on >= day), None)
        if day > first and last > horizon:
            return MovedWork(first, forbidden_by)
        if found is None:
            return MovedWork(day)
        forbidden_by = forbidden_by or found.name
        day = workdays.day_from(workdays.end_of(found.ends_on))


def open_task(session: Session, actor: Actor, item: WindowFinding, title: str) -> Task:
    """Open a task about a conflict or synergy, in the reader's words; one for each part.

    Raises
    ------
    NotAllowed
        The role does not reach.
    InvalidInput
        There is one already.
    """
    part, building_id = item.part, item.renovation.building_id
    actor.require(Action.EDIT_WORK, building_id, part.wing_id)
    if queries.list_open_tasks(session, [part.public_id], "renovation"):
        raise InvalidInput(
            Problem(
                msg("There is an open task about this already."),
                msg("Add to that one what is new."),
            )
        )
    task = Task(
        public_id=uuid.uuid4(),
        title=title[:160],
        building_id=building_id,
        wing_id=part.wing_id,
        subject_kind="renovation_part",
        subject_id=part.public_id,
        origin="renovation",
        due_on=item.finding.by_day,
        opened_at=datetime.now(UTC),
        opened_by=actor.name,
        state="open",
        note=", ".join(item.finding.subjects)[:1000],
    )
    session.add(task)
    session.commit()
    return task
