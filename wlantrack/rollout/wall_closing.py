"""Whether a cable run gets done before its wall closes, and on which day somebody must be told.

Decides what still lies between a run and its release, how long each step takes, and that the
alarm comes as soon as the steps left take longer than the days left, at the latest fourteen days
before. Refuses to know renovations: callers pass the last day on which the wall is open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.rollout.lifecycle import CABLE_ORDER, CABLE_STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from wlantrack.rollout.workdays import Workdays

NOTICE: Final = timedelta(days=14)
"""A wall that closes so soon is on everybody's list, however much time seems left."""

RELEASED: Final = "released to close"
FIRE_STOPPED: Final = "fire-stopped"
WAY: Final = CABLE_ORDER[: CABLE_ORDER.index(RELEASED) + 1]
"""The states of a run that leads through an open wall, in order."""

CLOSED_WELL: Final = frozenset(CABLE_ORDER[CABLE_ORDER.index(RELEASED) :])
LEFT_OUT: Final = frozenset({"decommissioned"})


@dataclass(frozen=True)
class LeadTime:
    """How long a step takes: working days, or calendar days of waiting for others."""

    days: int
    is_waiting: bool = False


LEAD_TIMES: Final[Mapping[str, LeadTime]] = {
    "surveyed": LeadTime(5),
    "design released": LeadTime(10),
    "permits cleared": LeadTime(42, is_waiting=True),
    "ordered": LeadTime(28, is_waiting=True),
    "containment installed": LeadTime(5),
    "pulled": LeadTime(3),
    FIRE_STOPPED: LeadTime(2),
    RELEASED: LeadTime(1),
}
"""By the state a step leads to. Assumed; a city replaces them by what it has seen."""


class Level(StrEnum):
    """How a run stands to the day its wall closes, the worst first."""

    MISSED = "missed"
    TOO_LATE = "too late"
    UNKNOWN = "unknown"
    SOON = "soon"
    IN_TIME = "in time"

    @property
    def is_alarm(self) -> bool:
        """Tell whether somebody must be told."""
        return self is not Level.IN_TIME


LEVEL_WORDS: Final[Mapping[Level, Message]] = {
    Level.MISSED: msg("The wall has closed over it."),
    Level.TOO_LATE: msg("The steps left take longer than the wall stays open."),
    Level.UNKNOWN: msg("It is blocked: nobody can say whether it gets done."),
    Level.SOON: msg("The wall closes within two weeks."),
    Level.IN_TIME: msg("It gets done before the wall closes."),
}


LEVEL_LABELS: Final[Mapping[Level, Message]] = {
    Level.MISSED: msg("missed"),
    Level.TOO_LATE: msg("too late"),
    Level.UNKNOWN: msg("blocked"),
    Level.SOON: msg("within two weeks"),
    Level.IN_TIME: msg("in time"),
}
"""The same in a word or three."""


@dataclass(frozen=True)
class RunInWall:
    """What is known of a run that leads through an open wall.

    Attributes
    ----------
    state
        Of a blocked run the state in which it was blocked; ``is_blocked`` says that it is.
    not_before
        By state, the day before which it cannot be reached: a permit that is promised, a delivery
        that is announced. A step with such a day takes no lead time of its own.
    """

    label: str
    state: str
    closes_on: date
    crosses_fire_wall: bool = False
    is_blocked: bool = False
    not_before: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class Outlook:
    """How a run stands.

    Attributes
    ----------
    steps
        The states still to be reached, each with its earliest day; None when nobody can say.
    slack_days
        Working days between the release and the closing; negative when it comes too late, None
        when nobody can say or nothing is left.
    act_by
        Last day on which beginning at once still suffices; None when nobody can say.
    """

    run: RunInWall
    level: Level
    steps: tuple[tuple[str, date | None], ...] = ()
    slack_days: int | None = None
    act_by: date | None = None

    @property
    def released_on(self) -> date | None:
        """Give the earliest day of the release; None when nobody can say, or it is done."""
        return self.steps[-1][1] if self.steps else None


def list_steps(state: str, *, crosses_fire_wall: bool) -> tuple[str, ...]:
    """Give the states still to be reached until the wall may close, in order."""
    if state in CLOSED_WELL | LEFT_OUT:
        return ()
    left = WAY[WAY.index(state) + 1 :]
    return tuple(step for step in left if crosses_fire_wall or step != FIRE_STOPPED)


def foresee(
    run: RunInWall,
    workdays: Workdays,
    today: date,
    lead_times: Mapping[str, LeadTime] = LEAD_TIMES,
) -> Outlook:
    """Tell how a run stands on a day.

    Raises
    ------
    ValueError
        The state is none of a cable run on its way.
    """
    if run.state not in WAY and run.state not in CLOSED_WELL | LEFT_OUT:
        message = f"a cable run on its way is not {run.state!r}: {sorted(CABLE_STATES)}"
        raise ValueError(message)
    left = list_steps(run.state, crosses_fire_wall=run.crosses_fire_wall)
    if not left:
        return Outlook(run, Level.IN_TIME)
    days_left = run.closes_on - today
    if run.is_blocked:
        level = Level.MISSED if days_left < timedelta(0) else Level.UNKNOWN
        return Outlook(run, level, tuple((step, None) for step in left))
    steps = _walk(run, left, workdays, today, lead_times)
    last = workdays.end_of(run.closes_on)
    slack = last - workdays.end_of(steps[-1][1])
    if days_left < timedelta(0):
        level = Level.MISSED
    elif slack < 0:
        level = Level.TOO_LATE
    else:
        level = Level.SOON if days_left <= NOTICE else Level.IN_TIME
    return Outlook(run, level, steps, slack, _find_last_day(run, left, workdays, lead_times))


def _walk(
    run: RunInWall,
    left: Iterable[str],
    workdays: Workdays,
    today: date,
    lead_times: Mapping[str, LeadTime],
) -> tuple[tuple[str, date], ...]:
    """Take one step after the other, each as early as can be."""
    instant, steps = workdays.begin_of(today), []
    for step in left:
        lead, promised = lead_times[step], run.not_before.get(step)
        if promised is not None:
            instant = max(instant, workdays.end_of(promised))
            day = max(promised, workdays.day_until(instant))
        elif lead.is_waiting:
            day = workdays.day_from(instant) + timedelta(days=lead.days - 1)
            instant = workdays.end_of(day)
        else:
            instant += lead.days
            day = workdays.day_until(instant)
        steps.append((step, day))
    return tuple(steps)


def _find_last_day(
    run: RunInWall,
    left: tuple[str, ...],
    workdays: Workdays,
    lead_times: Mapping[str, LeadTime],
) -> date | None:
    """Walk backwards from the closing to the last day on which to begin; None if none suffices."""
    instant = workdays.end_of(run.closes_on)
    for step in reversed(left):
        lead, promised = lead_times[step], run.not_before.get(step)
        if promised is not None:
            if workdays.end_of(promised) > instant:
                return None
        elif lead.is_waiting:
            last_first_day = workdays.day_from(instant) - timedelta(days=lead.days)
            instant = workdays.end_of(last_first_day) - 1
        else:
            instant -= lead.days
    return workdays.day_from(instant)
