"""Open walls of others: what to do while they are open, and what goes wrong if nobody does it.

Decides what counts as a conflict and as a synergy between a window (walls open from, closed on) and
our cabling there. Refuses to know records: callers pass keys and days, and get findings with a word
for what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.rollout.wall_closing import Level

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from wlantrack.rollout.wall_closing import Outlook

NOTICE: Final = timedelta(days=28)
"""So long before a deadline for requirements somebody must be told."""

UNPLANNED: Final = frozenset({"requested", "surveyed"})
"""States of a run of which others cannot know yet what it needs."""

PULLED: Final = "pulled"
"""Once a cable is there, an open wall is no longer a chance to pull it."""

SOON_OPEN: Final = timedelta(days=90)
"""Windows that open so soon are worth planning for."""


class Kind(StrEnum):
    """What was found, the worst first."""

    WALL_CLOSES = "wall closes"
    PLANNED_AFTER = "planned after closing"
    REQUIREMENTS = "requirements"
    NOISE = "noise"
    NO_CLOSING = "no closing date"
    SYNERGY = "synergy"

    @property
    def is_conflict(self) -> bool:
        """Tell whether something goes wrong if nobody acts."""
        return self is not Kind.SYNERGY


KIND_WORDS: Final[Mapping[Kind, Message]] = {
    Kind.WALL_CLOSES: msg("The wall closes before the cables are done"),
    Kind.PLANNED_AFTER: msg("Work is planned after the wall closes"),
    Kind.REQUIREMENTS: msg("Our requirements are not in"),
    Kind.NOISE: msg("Loud work on quiet days"),
    Kind.NO_CLOSING: msg("Nobody has said when the wall closes"),
    Kind.SYNERGY: msg("Cables could be pulled while the wall is open"),
}


@dataclass(frozen=True)
class Window:
    """Walls that somebody opens; of coarse dates the careful end: late opening, early closing."""

    key: str
    opens_on: date | None
    closes_on: date | None
    requirements_due_on: date | None = None

    def is_worth_using(self, today: date) -> bool:
        """Tell whether it is open, or opens soon."""
        if self.closes_on is not None and self.closes_on < today:
            return False
        return self.opens_on is not None and self.opens_on <= today + SOON_OPEN


@dataclass(frozen=True)
class PlannedWork:
    """Work of ours at the place of a window: the first and last day for which it is planned."""

    key: str
    label: str
    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class LoudDays:
    """Days of loud work that fall on days on which it must be quiet."""

    label: str
    begins_on: date
    ends_on: date


@dataclass(frozen=True)
class Finding:
    """One conflict or synergy of a window.

    Attributes
    ----------
    subjects
        Labels of the runs, or of the work, that it is about.
    by_day
        The day by which somebody must have acted; None when nobody can say.
    work
        Key of the work that could be moved.
    """

    kind: Kind
    window: str
    subjects: tuple[str, ...]
    by_day: date | None = None
    work: str = ""
    detail: str = ""


def find_all(
    window: Window,
    outlooks: Iterable[Outlook],
    works: Iterable[PlannedWork],
    loud: Iterable[LoudDays],
    today: date,
) -> list[Finding]:
    """Give what is to be said about a window, the worst first."""
    runs = [item for item in outlooks if item.steps]
    found = [
        *_find_late(window, runs),
        *_find_after(window, works),
        *_find_requirements(window, runs, today),
        *(
            Finding(Kind.NOISE, window.key, (item.label,), item.begins_on, detail=item.label)
            for item in loud
        ),
        *_find_unclosed(window, runs, today),
        *_find_synergy(window, runs, works, today),
    ]
    order = list(Kind)
    return sorted(found, key=lambda item: order.index(item.kind))


def _find_late(window: Window, runs: list[Outlook]) -> Iterator[Finding]:
    if window.closes_on is None:
        return
    late = [item for item in runs if item.level.is_alarm and item.level is not Level.SOON]
    if late:
        days = [item.act_by for item in late if item.act_by is not None]
        labels = tuple(item.run.label for item in late)
        yield Finding(Kind.WALL_CLOSES, window.key, labels, min(days, default=window.closes_on))


def _find_after(window: Window, works: Iterable[PlannedWork]) -> Iterator[Finding]:
    for work in works:
        if window.closes_on is not None and work.ends_on > window.closes_on:
            yield Finding(Kind.PLANNED_AFTER, window.key, (work.label,), window.closes_on, work.key)


def _find_requirements(window: Window, runs: list[Outlook], today: date) -> Iterator[Finding]:
    due_on = window.requirements_due_on
    open_runs = tuple(item.run.label for item in runs if item.run.state in UNPLANNED)
    if due_on is not None and open_runs and due_on - today <= NOTICE:
        yield Finding(Kind.REQUIREMENTS, window.key, open_runs, due_on)


def _find_unclosed(window: Window, runs: list[Outlook], today: date) -> Iterator[Finding]:
    if window.closes_on is None and runs and window.is_worth_using(today):
        yield Finding(Kind.NO_CLOSING, window.key, tuple(item.run.label for item in runs))


def _find_synergy(
    window: Window, runs: list[Outlook], works: Iterable[PlannedWork], today: date
) -> Iterator[Finding]:
    if not window.is_worth_using(today):
        return
    usable = {Level.SOON, Level.IN_TIME}
    fitting = tuple(
        item.run.label
        for item in runs
        if (item.level in usable or window.closes_on is None)
        and any(step == PULLED for step, _ in item.steps)
    )
    if not fitting:
        return
    opens_on = window.opens_on or today
    outside = [work for work in works if not _lies_inside(window, work)]
    work = min(outside, key=lambda item: item.begins_on).key if outside else ""
    yield Finding(Kind.SYNERGY, window.key, fitting, max(opens_on, today), work)


def _lies_inside(window: Window, work: PlannedWork) -> bool:
    begins = window.opens_on is None or work.begins_on >= window.opens_on
    return begins and (window.closes_on is None or work.ends_on <= window.closes_on)
