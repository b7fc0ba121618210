"""What a problem is made of: packages, links, crews, and all that holds them, in plain dates.

Decides what may be said of each, and for whom it holds. Refuses to know the whole; see
:mod:`wlantrack.scheduling.problem`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class Noise(StrEnum):
    """How loud work is, the quietest first."""

    QUIET = "quiet"
    NORMAL = "normal"
    LOUD = "loud"

    def is_as_loud_as(self, other: Noise) -> bool:
        """Tell whether this is as loud as the other, or louder."""
        order = list(Noise)
        return order.index(self) >= order.index(other)


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
class Package:
    """Work that takes time, waiting for others, or a milestone, which takes none.

    Attributes
    ----------
    duration_days
        Working days of its own calendar; with ``is_waiting`` calendar days. 0 is a milestone.
    demands
        What it takes of each crew on every day from its first to its last.
    noise, places
        Which blackouts and busy times hold for it: those at one of its places that forbid, or
        mind, what is as loud.
    is_in_wall
        Whether it is barred while a wall at its places is closed.
    outside_cost
        What it costs to do it outside an open wall, before weighting; 0 is work that needs none.
    release_on
        Not before this day; of a milestone the first day on which it may come about.
    due_on, priority
        Each working day after ``due_on`` is lateness, multiplied by ``priority``.
    deadline_on
        It must be over by the end of this day, whatever it costs.
    permits
        Keys of the permits without which it must not begin.
    pinned_on
        The first day that somebody has fixed; of a milestone its day.
    current_on
        The first day by the plan as it stands; of a milestone its day.
    started_on, finished_on
        What has happened: it stands, whatever else holds.
    undated_reason
        Why no date can be given; empty where one can.
    """

    key: str
    label: str = ""
    duration_days: int = 1
    is_waiting: bool = False
    demands: Mapping[str, int] = field(default_factory=dict)
    noise: Noise = Noise.NORMAL
    places: frozenset[str] = frozenset()
    is_in_wall: bool = False
    outside_cost: int = 0
    release_on: date | None = None
    due_on: date | None = None
    deadline_on: date | None = None
    priority: int = 1
    permits: tuple[str, ...] = ()
    pinned_on: date | None = None
    current_on: date | None = None
    started_on: date | None = None
    finished_on: date | None = None
    undated_reason: str = ""

    @property
    def is_milestone(self) -> bool:
        """Tell whether it takes no time."""
        return self.duration_days == 0

    @property
    def is_frozen(self) -> bool:
        """Tell whether it has begun, or is over."""
        return self.started_on is not None or self.finished_on is not None

    @property
    def name(self) -> str:
        """Give its label, or the key where it has none."""
        return self.label or self.key

    def lies_at(self, place: str) -> bool:
        """Tell whether something at a place concerns it; no place is everywhere."""
        return not place or place in self.places


@dataclass(frozen=True)
class Absence:
    """Days on which a crew does not work, the first and the last included."""

    begins_on: date
    ends_on: date
    label: str = ""


@dataclass(frozen=True)
class Crew:
    """People, or anything else of which only so much is there at once."""

    key: str
    capacity: int = 1
    label: str = ""
    absences: tuple[Absence, ...] = ()


@dataclass(frozen=True)
class Blackout:
    """Days on which nothing as loud may be done there: work begun before it pauses."""

    key: str
    begins_on: date
    ends_on: date
    noise: Noise = Noise.LOUD
    place: str = ""
    label: str = ""

    def holds_for(self, package: Package) -> bool:
        """Tell whether a package must pause; waiting is not heard."""
        is_work = not package.is_waiting and not package.is_milestone
        return is_work and package.noise.is_as_loud_as(self.noise) and package.lies_at(self.place)


@dataclass(frozen=True)
class BusyTime(Blackout):
    """Days on which work as loud disturbs people there, each day of it at a cost."""

    cost: int = 1


@dataclass(frozen=True)
class Window:
    """Walls that somebody else opens: from ``opens_on`` until the end of ``closes_on``.

    ``certainty_percent`` says how far to count on it: work inside saves that share of its cost.
    """

    key: str
    opens_on: date
    closes_on: date
    place: str = ""
    certainty_percent: int = 100
    label: str = ""

    def holds_for(self, package: Package) -> bool:
        """Tell whether a package is cheaper while it is open."""
        has_cost = package.outside_cost > 0 and not package.is_milestone
        return has_cost and package.lies_at(self.place)


@dataclass(frozen=True)
class ClosedWall:
    """A wall closed from ``closed_from`` until the day before ``reopens_on``, if it ever does."""

    key: str
    closed_from: date
    reopens_on: date | None = None
    place: str = ""
    label: str = ""

    def holds_for(self, package: Package) -> bool:
        """Tell whether a package is barred while it is closed."""
        is_in_wall = package.is_in_wall and not package.is_milestone
        return is_in_wall and package.lies_at(self.place)


@dataclass(frozen=True)
class Permit:
    """Nothing that needs it begins before ``granted_on``, or ends after ``expires_on``.

    Without a day on which it is, or will be, granted, what needs it has no date either.
    """

    key: str
    granted_on: date | None
    expires_on: date | None = None
    label: str = ""


@dataclass(frozen=True)
class Weights:
    """What a plan's faults cost against one another.

    Attributes
    ----------
    lateness
        One working day late, for a package of priority 1.
    outside
        One unit of ``outside_cost``.
    disturbance
        One day of work in a busy time of cost 1.
    move
        One package that begins on another day than by the current plan.
    """

    lateness: int = 10
    outside: int = 10
    disturbance: int = 2
    move: int = 5
