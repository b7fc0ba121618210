"""Milestones as people see them: standing, dates in their words, what they wait for, progress.

Decides what a reader is told: only what lies in scope is named, also among what something waits
for. What has no date says why, and is never late.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import Message, NotFound, msg
from wlantrack.rollout.milestones import AWAITED_WORDS, KIND_WORDS, Standing, judge_standing
from wlantrack.rollout.packages import KIND_WORDS as PACKAGE_WORDS
from wlantrack.services import history
from wlantrack.services.actor import Action, Actor
from wlantrack.services.milestone_progress import (
    Progress,
    count_rooms,
    find_counts,
    find_readiness,
    measure,
)
from wlantrack.services.places import parse_uuid
from wlantrack.services.plan import after_key, before_key, find_plan, milestone_key
from wlantrack.store.queries import milestones as queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.critical_path import Timing
    from wlantrack.rollout.readiness import Check
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.history import Entry
    from wlantrack.services.paging import Page
    from wlantrack.services.plan import CityPlan, PlanParts
    from wlantrack.store.models.milestones import Baseline, Milestone
    from wlantrack.store.queries.milestones import EntryRow, LinkRow, MilestoneRow

    Entries = Mapping[uuid.UUID, EntryRow]


FEEDS: Final = "FS"
"""A milestone is reached when the packages that feed it have ended."""
NO_BASELINE: Final = "none"
"""Stands for a baseline where nothing shall be compared."""


@dataclass(frozen=True)
class MilestoneFilter:
    """What the list is narrowed to; empty fields narrow nothing."""

    words: str = ""
    building: str = ""
    wing: str = ""
    kind: str = ""
    state: str = ""
    baseline: str = ""

    def admits(self, line: MilestoneLine) -> bool:
        """Tell whether a milestone is among those asked for."""
        row = line.row
        return (
            self.building in {"", row.building}
            and self.wing in {"", row.wing}
            and self.kind in {"", row.kind}
            and self.state in {"", line.state}
            and self._admits_words(row)
        )

    def _admits_words(self, row: MilestoneRow) -> bool:
        if not self.words:
            return True
        parts = (row.code, row.name, row.building_name, row.wing_name, row.room_group)
        text = " ".join(part for part in parts if part).casefold()
        return all(word in text for word in self.words.casefold().split())


@dataclass(frozen=True)
class Awaited:
    """A milestone or package that another one names, as far as the reader may know of it.

    ``words`` follow "waits for"; ``title`` stands by itself. ``is_package`` tells that the reader
    may open the page of a work package.
    """

    words: Message
    title: Message
    code: str = ""
    public_id: uuid.UUID | None = None
    is_milestone: bool = False
    is_package: bool = False


@dataclass(frozen=True)
class Open:
    """Why there is no date: its own reason, what it waits for, and how long after that it comes."""

    reason: str = ""
    waits_for: tuple[Awaited, ...] = ()
    relative_days: int = 0


@dataclass(frozen=True)
class MilestoneLine:
    """One milestone with everything that lists and pages show of it.

    Attributes
    ----------
    expected
        When it came about or is expected, in words; None where ``open`` says why there is no date.
    is_pushed
        Whether links push it beyond what was forecast by hand.
    days_late
        Working days after what the baseline says, without one after what was forecast by hand.
    """

    key: str
    row: MilestoneRow
    state: Standing
    expected: SpokenDate | None
    is_pushed: bool
    days_late: int
    timing: Timing
    planned: EntryRow | None = None
    open: Open | None = None
    progress: Progress | None = None

    @property
    def public_id(self) -> uuid.UUID:
        """Give the milestone's id."""
        return self.row.public_id

    @property
    def code(self) -> str:
        """Give the milestone's code."""
        return self.row.code

    @property
    def title(self) -> Message | str:
        """Give the milestone's name, or what its kind is called."""
        return self.row.name or KIND_WORDS[self.row.kind]

    @property
    def contradicts(self) -> bool:
        """Tell whether it is said to be reached while its objects say otherwise."""
        progress = self.progress
        return self.row.actual is not None and progress is not None and not progress.is_complete


@dataclass(frozen=True)
class View:
    """A plan as one reader sees it, beside a baseline if one was chosen."""

    city: CityPlan
    actor: Actor
    entries: Entries | None = None
    baseline_name: str = ""

    def sees(self, row: Any) -> bool:  # noqa: ANN401 - rows of milestones and packages
        """Tell whether the reader may know of a milestone or package."""
        return self.actor.can(Action.SEE_MILESTONES, row.building_id, row.wing_id)

    @cached_property
    def _hidden(self) -> frozenset[str]:
        return frozenset(row.code for row in self.city.rows.values() if not self.sees(row))

    def tell_kept(self, reason: str) -> str:
        """Give a reason as it was kept ("CODE: reason; ..."), without what the reader may not know."""
        parts = reason.split("; ")
        return "; ".join("…" if part.partition(": ")[0] in self._hidden else part for part in parts)

    def make_line(self, key: str) -> MilestoneLine:
        """Describe a milestone."""
        city, row = self.city, self.city.milestones[key]
        timing = city.timings[key]
        planned = self.entries.get(row.public_id) if self.entries is not None else None
        if planned is not None and planned.undated_reason:
            planned = replace(planned, undated_reason=self.tell_kept(planned.undated_reason))
        promised = planned.planned if planned and planned.planned else row.forecast
        state, days_late = judge_standing(
            timing.finish, promised, city.clock.workdays, is_reached=row.actual is not None
        )
        return MilestoneLine(
            key,
            row,
            state,
            city.find_expected(key),
            city.is_pushed(key),
            days_late,
            timing,
            planned,
            self.explain(key) if timing.finish is None else None,
        )

    def explain(self, key: str) -> Open:
        """Say why something has no date."""
        timing, row = self.city.timings[key], self.city.row_of(key)
        waits_for = tuple(self.name(other) for other in timing.waits_for if other != key)
        days = timing.relative_days[1] if timing.relative_days else 0
        return Open(row.undated_reason, waits_for, days)

    def name(self, key: str) -> Awaited:
        """Name what something waits for, if the reader may know of it."""
        city, row = self.city, self.city.row_of(key)
        if not self.sees(row):
            outside = msg("something outside your area")
            return Awaited(outside, outside)
        if key in city.milestones:
            words = AWAITED_WORDS[row.kind]
            title = Message(row.name) if row.name else KIND_WORDS[row.kind]
            return Awaited(words, title, row.code, row.public_id, is_milestone=True)
        title = Message(row.name) if row.name else PACKAGE_WORDS[row.kind]
        may_open = self.actor.can(Action.SEE_WORK, row.building_id, row.wing_id)
        return Awaited(title, title, row.code, row.public_id, is_package=may_open)


def find_view(session: Session, actor: Actor, parts: PlanParts, baseline: str = "") -> View:
    """Give the plan for a reader, beside a baseline by its public id, else beside the latest."""
    city = find_plan(session, parts)
    chosen = find_baseline(session, baseline)
    if chosen is None:
        return View(city, actor)
    entries = parts.cache.remember(
        ("baseline", chosen.public_id), lambda: queries.list_entries(session, chosen.id)
    )
    return View(city, actor, entries, chosen.name)


def find_baseline(session: Session, ref: str) -> Baseline | None:
    """Give a baseline by public id, the latest without one, or none for :data:`NO_BASELINE`.

    An unknown one is none, as the address of a list may be old.
    """
    if not ref:
        return next(iter(list_baselines(session)), None)
    public_id = parse_uuid(ref)
    return queries.get_baseline(session, public_id) if public_id is not None else None


def list_baselines(session: Session) -> list[Baseline]:
    """Give the baselines by name, for choosing one; the latest first."""
    return [baseline for baseline, _ in queries.list_baselines(session)]


def by_date(line: MilestoneLine) -> tuple[bool, Any]:
    """Sort by date; what has none comes last, in the order in which it would come about."""
    if line.timing.finish is not None:
        return False, line.timing.finish
    return True, line.timing.relative_days or (0, 0)


# What a line shows follows from the whole plan and from the reader's scope: lines are sorted here,
# not by the database. A city has some twelve hundred.
_SORTS: Mapping[str, Callable[[MilestoneLine], Any]] = {
    "date": by_date,
    "code": lambda line: line.row.code.casefold(),
    "title": lambda line: (line.row.kind, line.row.name.casefold()),
    "place": lambda line: (line.row.building or "", line.row.wing or line.row.room_group or ""),
    "state": lambda line: list(Standing).index(line.state),
    "late": lambda line: line.days_late,
    "float": lambda line: (line.timing.float_days is None, line.timing.float_days or 0),
    "responsible": lambda line: line.row.responsible.casefold(),
}


def list_milestones(
    session: Session,
    actor: Actor,
    narrow: MilestoneFilter,
    page: Page,
    parts: PlanParts,
) -> tuple[list[MilestoneLine], int]:
    """Give one page of the milestones in scope, and how many match."""
    view = find_view(session, actor, parts, narrow.baseline)
    lines = [line for line in list_lines(view) if narrow.admits(line)]
    lines.sort(key=_SORTS["code"])
    lines.sort(key=_SORTS.get(page.sort, _SORTS["date"]), reverse=page.is_descending)
    shown = lines[page.offset : page.offset + page.limit]
    return add_progress(session, actor, shown, parts), len(lines)


def list_lines(view: View) -> list[MilestoneLine]:
    """Give every milestone in the reader's scope, by code."""
    return [view.make_line(key) for key, row in view.city.milestones.items() if view.sees(row)]


def list_due(
    session: Session, actor: Actor, parts: PlanParts, days: tuple[date, date], building: str = ""
) -> list[MilestoneLine]:
    """Give what falls into a time, of one building or all; then what is open and has no date."""
    if not actor.can_anywhere(Action.SEE_MILESTONES):
        return []
    first, last = days

    def is_due(line: MilestoneLine) -> bool:
        known = line.expected
        return known is None or (known.earliest <= last and known.latest >= first)

    lines = list_lines(find_view(session, actor, parts))
    found = (line for line in lines if building in {"", line.row.building} and is_due(line))
    return sorted(found, key=by_date)


def add_progress(
    session: Session, actor: Actor, lines: Iterable[MilestoneLine], parts: PlanParts
) -> list[MilestoneLine]:
    """Count how far the objects of milestones have come."""
    counts = find_counts(session, parts.cache)
    return [replace(line, progress=measure(counts, actor, line.row)) for line in lines]


def list_of_group(
    session: Session, actor: Actor, group_id: int, parts: PlanParts
) -> list[MilestoneLine]:
    """Give the milestones of a room group that the actor may see, by date."""
    view = find_view(session, actor, parts)
    lines = [line for line in list_lines(view) if line.row.room_group_id == group_id]
    return add_progress(session, actor, sorted(lines, key=by_date), parts)


def find_milestone(session: Session, actor: Actor, ref: str) -> Milestone:
    """Give a milestone by public id or code, with its place.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = parse_uuid(ref)
    found = (
        queries.get_by_code(session, ref)
        if public_id is None
        else queries.get_milestone(session, public_id)
    )
    if found is None or not actor.can(Action.SEE_MILESTONES, found.building_id, found.wing_id):
        raise NotFound(
            msg("There is no such milestone, or it is outside your area."),
            msg("Look for it in the list of milestones."),
        )
    return found


@dataclass(frozen=True)
class LinkLine:
    """A link of a milestone or package, and what stands at its other end.

    Without ``public_id`` it is none that somebody made: a package feeds the milestone it belongs to.
    """

    public_id: uuid.UUID | None
    version: int
    kind: str
    lag_days: int
    other: Awaited
    expected: SpokenDate | None
    open: Open | None
    is_driving: bool


@dataclass(frozen=True)
class MilestonePage:
    """Everything on the page of a milestone."""

    record: Milestone
    line: MilestoneLine
    baseline_name: str
    driver: Awaited | None
    rooms: Progress | None
    readiness: tuple[Check, ...]
    links_in: tuple[LinkLine, ...]
    links_out: tuple[LinkLine, ...]
    history: Sequence[Entry]


def show_milestone(
    session: Session,
    actor: Actor,
    ref: str,
    parts: PlanParts,
    baseline: str = "",
) -> MilestonePage:
    """Give a milestone with what drives it, its links and what happened to it."""
    record = find_milestone(session, actor, ref)
    view = find_view(session, actor, parts, baseline)
    key = milestone_key(record.id)
    (line,) = add_progress(session, actor, [view.make_line(key)], parts)
    driver = line.timing.driver
    counts = find_counts(session, parts.cache)
    links_in, links_out = list_links(view, key)
    return MilestonePage(
        record,
        line,
        view.baseline_name,
        view.name(driver) if driver else None,
        count_rooms(counts, record),
        find_readiness(counts, actor, record),
        links_in,
        links_out,
        history.list_of_record(session, actor, "milestone", record.public_id),
    )


def list_links(view: View, key: str) -> tuple[tuple[LinkLine, ...], tuple[LinkLine, ...]]:
    """Give what a milestone or package waits for, and what waits for it."""
    city = view.city

    made = [(before_key(link), after_key(link), link) for link in city.links]
    fed = [
        (before, milestone_key(row.milestone_id), None)
        for before, row in city.packages.items()
        if row.milestone_id is not None
    ]

    def make(before: str, after: str, link: LinkRow | None) -> LinkLine:
        other = before if after == key else after
        finish = city.timings[other].finish
        may_know = view.sees(city.row_of(other))
        return LinkLine(
            link.public_id if link else None,
            link.version if link else 0,
            link.kind if link else FEEDS,
            link.lag_days if link else 0,
            view.name(other),
            city.find_expected(other) if may_know else None,
            view.explain(other) if may_know and finish is None else None,
            city.timings[after].driver == before,
        )

    return (
        tuple(make(*item) for item in (*made, *fed) if item[1] == key),
        tuple(make(*item) for item in (*made, *fed) if item[0] == key),
    )
