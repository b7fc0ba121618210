"""Work packages: what their kinds and states are called, how they stand, what speaks against them.

Decides that a package with objects stands as these do, and what a conflict is: days on which work may not be done, walls that are closed by then, a crew
that is away or has more than it can carry. Refuses to know records: callers pass places and days.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, CABLE_ORDER
from wlantrack.rollout.milestones import POINTS_PLANNED, RUNS_PLANNED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from wlantrack.rollout.workdays import Workdays

KIND_WORDS: Final[Mapping[str, Message]] = {
    "survey": msg("Survey on site"),
    "design": msg("Design"),
    "permit": msg("Permit"),
    "tender": msg("Tender"),
    "delivery": msg("Delivery"),
    "containment": msg("Cable containment"),
    "pulling": msg("Pulling cables"),
    "fire stopping": msg("Fire stopping"),
    "termination": msg("Terminating cables"),
    "testing": msg("Testing cables"),
    "mounting": msg("Mounting access points"),
    "commissioning": msg("Commissioning"),
    "acceptance": msg("Formal acceptance"),
    "training": msg("Training"),
    "other": msg("Other"),
}
KIND_CODES: Final[Mapping[str, str]] = {
    "survey": "BEG",
    "design": "ENT",
    "permit": "ANT",
    "tender": "VGB",
    "delivery": "LIE",
    "containment": "TRA",
    "pulling": "ZUG",
    "fire stopping": "BRS",
    "termination": "AUF",
    "testing": "MES",
    "mounting": "MTG",
    "commissioning": "IBN",
    "acceptance": "ANM",
    "training": "SCH",
    "other": "AP",
}
"""The last part of a package's code, from the German words; none is a milestone's."""
STATE_WORDS: Final[Mapping[str, tuple[Message, str]]] = {
    "planned": (msg("planned"), "planned"),
    "running": (msg("running"), "mounted"),
    "done": (msg("done"), "live"),
    "dropped": (msg("dropped"), "undated"),
}
"""The word of each state, and the mark under which it is drawn."""
ACTIVE: Final = frozenset({"planned", "running"})
"""States of packages that are still ahead."""


@dataclass(frozen=True)
class Default:
    """What a package of a kind begins with; waiting takes calendar days and no crew."""

    duration_days: int
    noise_class: str = "quiet"
    is_waiting: bool = False


DEFAULTS: Final[Mapping[str, Default]] = {
    "survey": Default(1),
    "design": Default(5),
    "permit": Default(42, is_waiting=True),
    "tender": Default(56, is_waiting=True),
    "delivery": Default(42, is_waiting=True),
    "containment": Default(5, "loud"),
    "pulling": Default(5, "normal"),
    "fire stopping": Default(2, "normal"),
    "termination": Default(3),
    "testing": Default(2),
    "mounting": Default(3, "loud"),
    "commissioning": Default(2),
    "acceptance": Default(1),
    "training": Default(1),
    "other": Default(1, "normal"),
}
_POINT_ORDER: Final = tuple(key for key in ACCESS_POINT_STATES if key in POINTS_PLANNED)
RUN_GOALS: Final[Mapping[str, str]] = {
    "survey": "surveyed",
    "design": "design released",
    "permit": "permits cleared",
    "tender": "ordered",
    "delivery": "ordered",
    "containment": "containment installed",
    "pulling": "pulled",
    "fire stopping": "fire-stopped",
    "termination": "terminated",
    "testing": "tested",
    "mounting": "patched",
    "commissioning": "patched",
    "acceptance": "accepted",
}
"""The state in which cables are when a package of a kind is done."""
POINT_GOALS: Final[Mapping[str, str]] = {
    "design": "released",
    "permit": "released",
    "tender": "ordered",
    "delivery": "delivered",
    "mounting": "mounted",
    "commissioning": "in operation",
    "acceptance": "accepted",
}
"""The same of access points."""


@dataclass(frozen=True)
class Tally:
    """How many of a package's objects are done of all that count."""

    done: int = 0
    total: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Count two kinds of objects together."""
        return Tally(self.done + other.done, self.total + other.total)


def tally_runs(kind: str, by_state: Mapping[str, int]) -> Tally:
    """Count the cables of a package of a kind; without a goal none counts."""
    return _tally(RUN_GOALS.get(kind), CABLE_ORDER, RUNS_PLANNED, by_state)


def tally_points(kind: str, by_state: Mapping[str, int]) -> Tally:
    """Count the access points of a package of a kind; without a goal none counts."""
    return _tally(POINT_GOALS.get(kind), _POINT_ORDER, POINTS_PLANNED, by_state)


def tally_tasks(by_state: Mapping[str, int]) -> Tally:
    """Count the tasks of a package; what was dropped counts no more."""
    done = by_state.get("done", 0)
    return Tally(done, done + by_state.get("open", 0))


def _tally(
    goal: str | None, order: Sequence[str], planned: frozenset[str], by_state: Mapping[str, int]
) -> Tally:
    if goal is None:
        return Tally()
    there = frozenset(order[order.index(goal) :])
    done = sum(count for state, count in by_state.items() if state in there)
    return Tally(done, sum(count for state, count in by_state.items() if state in planned))


def judge_state(entered: str, tally: Tally) -> str:
    """Tell how a package stands: by its objects, or without any as somebody has entered it."""
    if entered == "dropped" or tally.total == 0:
        return entered
    if tally.done == tally.total:
        return "done"
    return "running" if tally.done or entered != "planned" else "planned"


IN_WALLS: Final = frozenset({"containment", "pulling", "fire stopping"})
"""Kinds that need an open wall."""
NOISE_ORDER: Final = ("quiet", "normal", "loud")


@dataclass(frozen=True)
class Place:
    """Where something lies or holds; None means all of them."""

    building_id: int | None = None
    wing_id: int | None = None
    floor_id: int | None = None

    def meets(self, other: Place) -> bool:
        """Tell whether two places share anything."""
        pairs = (
            (self.building_id, other.building_id),
            (self.wing_id, other.wing_id),
            (self.floor_id, other.floor_id),
        )
        return all(None in pair or pair[0] == pair[1] for pair in pairs)


@dataclass(frozen=True)
class Work:
    """A package that is ahead, with its first and last day as they are expected."""

    key: str
    kind: str
    place: Place
    begins_on: date
    ends_on: date
    duration_days: int = 1
    noise_class: str = "normal"
    is_waiting: bool = False
    crew: str = ""


@dataclass(frozen=True)
class QuietDays:
    """Days on which nothing as loud as ``noise_class`` or louder may be done."""

    name: str
    place: Place
    begins_on: date
    ends_on: date
    noise_class: str = "loud"


@dataclass(frozen=True)
class Wall:
    """Walls that a renovation opens; of coarse dates the careful end: late opening, early closing."""

    name: str
    place: Place
    opens_on: date | None
    closes_on: date | None


@dataclass(frozen=True)
class Away:
    """Days on which a crew does not work."""

    crew: str
    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class Surroundings:
    """What packages can collide with; ``capacities`` are how many a crew carries at once."""

    quiet: Sequence[QuietDays] = ()
    walls: Sequence[Wall] = ()
    away: Sequence[Away] = ()
    capacities: Mapping[str, int] | None = None


class ConflictKind(StrEnum):
    """What speaks against a package as it is planned, the worst first."""

    WALL_CLOSED = "wall closed"
    WALL_NOT_OPEN = "wall not open"
    BLACKOUT = "blackout"
    CREW_AWAY = "crew away"
    CREW_FULL = "crew full"


CONFLICT_WORDS: Final[Mapping[ConflictKind, Message]] = {
    ConflictKind.WALL_CLOSED: msg("The wall is closed by then"),
    ConflictKind.WALL_NOT_OPEN: msg("The wall is not open yet"),
    ConflictKind.BLACKOUT: msg("Falls on blackouts"),
    ConflictKind.CREW_AWAY: msg("The crew is away"),
    ConflictKind.CREW_FULL: msg("The crew has too much at once"),
}


@dataclass(frozen=True)
class Conflict:
    """One thing that speaks against a package, in a sentence, and from which day on."""

    kind: ConflictKind
    words: Message
    day: date


def find_conflicts(
    works: Iterable[Work], around: Surroundings, workdays: Workdays
) -> dict[str, tuple[Conflict, ...]]:
    """Give what speaks against packages, by key, the worst first; those without are left out.

    A package with days to spare may skip a blackout: only where fewer free working days than its
    net duration are left does it collide.
    """
    ahead = list(works)
    found: defaultdict[str, list[Conflict]] = defaultdict(list)
    for work in ahead:
        if not work.is_waiting:
            found[work.key] += _find_walls(work, around.walls)
            found[work.key] += _find_blocked(work, around, workdays)
    for key, conflict in _find_overload(ahead, around.capacities or {}):
        found[key].append(conflict)
    order = list(ConflictKind)
    return {
        key: tuple(sorted(items, key=lambda item: (order.index(item.kind), item.day)))
        for key, items in found.items()
        if items
    }


def _find_walls(work: Work, walls: Iterable[Wall]) -> Iterator[Conflict]:
    if work.kind not in IN_WALLS:
        return
    for wall in walls:
        if not wall.place.meets(work.place):
            continue
        if wall.closes_on is not None and work.ends_on > wall.closes_on:
            words = msg(
                "The wall closes on %(day)s (%(name)s), before this is done.",
                day=wall.closes_on,
                name=wall.name,
            )
            yield Conflict(ConflictKind.WALL_CLOSED, words, wall.closes_on)
        elif wall.opens_on is not None and work.begins_on < wall.opens_on:
            words = msg(
                "The wall opens on %(day)s (%(name)s), after this begins.",
                day=wall.opens_on,
                name=wall.name,
            )
            yield Conflict(ConflictKind.WALL_NOT_OPEN, words, work.begins_on)


def _find_blocked(work: Work, around: Surroundings, workdays: Workdays) -> Iterator[Conflict]:
    quiet = [item for item in around.quiet if _forbids(item, work)]
    away = [item for item in around.away if item.crew == work.crew and _overlap(item, work)]
    if not quiet and not away:
        return
    quiet = [item for item in quiet if _workdays_in(item, work, workdays)]
    away = [item for item in away if _workdays_in(item, work, workdays)]
    held: list[QuietDays | Away] = [*quiet, *away]
    blocked = {day for item in held for day in _workdays_in(item, work, workdays)}
    whole = workdays.end_of(work.ends_on) - workdays.begin_of(work.begins_on)
    if whole - len(blocked) >= work.duration_days:
        return
    if quiet:
        yield Conflict(ConflictKind.BLACKOUT, _name_quiet(quiet), quiet[0].begins_on)
    for gone in away:
        words = msg(
            "The crew is away from %(first)s to %(last)s.",
            first=gone.begins_on,
            last=gone.ends_on,
        )
        yield Conflict(ConflictKind.CREW_AWAY, words, gone.begins_on)


def _name_quiet(quiet: Sequence[QuietDays]) -> Message:
    first = quiet[0]
    if len(quiet) == 1:
        return msg(
            "On %(day)s such work is forbidden: %(name)s.", day=first.begins_on, name=first.name
        )
    return msg(
        "On %(count)d blackouts such work is forbidden, first on %(day)s: %(name)s.",
        count=len(quiet),
        day=first.begins_on,
        name=first.name,
    )


def _forbids(quiet: QuietDays, work: Work) -> bool:
    is_louder = NOISE_ORDER.index(work.noise_class) >= NOISE_ORDER.index(quiet.noise_class)
    return is_louder and _overlap(quiet, work) and quiet.place.meets(work.place)


def _overlap(days: QuietDays | Away, work: Work) -> bool:
    return days.begins_on <= work.ends_on and days.ends_on >= work.begins_on


def _workdays_in(days: QuietDays | Away, work: Work, workdays: Workdays) -> list[date]:
    first, last = max(days.begins_on, work.begins_on), min(days.ends_on, work.ends_on)
    span = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [day for day in span if workdays.is_workday(day)]


def _find_overload(
    works: Iterable[Work], capacities: Mapping[str, int]
) -> Iterator[tuple[str, Conflict]]:
    by_crew: defaultdict[str, list[Work]] = defaultdict(list)
    for work in works:
        if work.crew and not work.is_waiting:
            by_crew[work.crew].append(work)
    for crew, items in by_crew.items():
        capacity = capacities.get(crew, len(items))
        if len(items) <= capacity:
            continue
        for work in items:
            # The crew's load rises only where something begins: it is fullest on such a day.
            days = [item.begins_on for item in items if _is_within(item.begins_on, work)]
            count, day = max(
                ((sum(_is_within(day, item) for item in items), day) for day in days),
                key=lambda pair: (pair[0], -pair[1].toordinal()),
            )
            if count > capacity:
                words = msg(
                    "The crew has %(count)d packages at once from %(day)s on and carries"
                    " %(capacity)d.",
                    count=count,
                    day=day,
                    capacity=capacity,
                )
                yield work.key, Conflict(ConflictKind.CREW_FULL, words, day)


def _is_within(day: date, work: Work) -> bool:
    return work.begins_on <= day <= work.ends_on
