"""What a milestone is called, how it stands, and what its objects say of it.

Decides when a milestone counts as late and from which states of access points and cables its
progress is counted. Refuses to know where dates and counts come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, CABLE_ORDER, CABLE_STATES, Mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from wlantrack.errors import Message
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.rollout.workdays import Workdays

KIND_WORDS: dict[str, Message] = {
    "design released": msg("Design released"),
    "permits cleared": msg("Permits cleared"),
    "cabling complete": msg("Cabling complete"),
    "access points mounted": msg("Access points mounted"),
    "visitor WLAN live": msg("Visitor WLAN live"),
    "internal WLAN live": msg("Internal WLAN live"),
    "accepted": msg("Accepted"),
    "operations ready": msg("Operations ready"),
}
AWAITED_WORDS: dict[str, Message] = {
    "design released": msg("design"),
    "permits cleared": msg("permits"),
    "cabling complete": msg("cabling"),
    "access points mounted": msg("mounting of access points"),
    "visitor WLAN live": msg("visitor WLAN"),
    "internal WLAN live": msg("internal WLAN"),
    "accepted": msg("acceptance"),
    "operations ready": msg("readiness for operation"),
}
"""What somebody waits for who waits for a milestone of a kind."""

KIND_CODES = {
    "design released": "PLAN",
    "permits cleared": "GEN",
    "cabling complete": "KAB",
    "access points mounted": "MON",
    "visitor WLAN live": "BES",
    "internal WLAN live": "INT",
    "accepted": "ABN",
    "operations ready": "BET",
}
"""The last part of a milestone's code, from the German words."""


class Standing(StrEnum):
    """How a milestone stands today."""

    REACHED = "reached"
    ON_TIME = "on time"
    LATE = "late"
    UNDATED = "no date"


@dataclass(frozen=True)
class StandingWord:
    """The word of a standing and its mark."""

    label: Message
    mark: Mark


STANDINGS = {
    Standing.REACHED: StandingWord(msg("reached"), Mark.LIVE),
    Standing.ON_TIME: StandingWord(msg("on time"), Mark.PLANNED),
    Standing.LATE: StandingWord(msg("late"), Mark.BLOCKED),
    Standing.UNDATED: StandingWord(msg("open"), Mark.UNDATED),
}


def judge_standing(
    finish: date | None, promised: SpokenDate | None, workdays: Workdays, *, is_reached: bool
) -> tuple[Standing, int]:
    """Tell how a milestone stands, and by how many working days it is later than promised.

    Parameters
    ----------
    finish
        When it is expected at the latest; None where no date can be given, which is never late.
    promised
        What it was promised for; late is what comes after its last day.
    """
    if finish is None:
        return Standing.REACHED if is_reached else Standing.UNDATED, 0
    days = 0
    if promised is not None and finish > promised.latest:
        days = max(0, workdays.end_of(finish) - workdays.end_of(promised.latest))
    if is_reached:
        return Standing.REACHED, days
    return Standing.LATE if days else Standing.ON_TIME, days


@dataclass(frozen=True)
class Counted:
    """What a kind's progress is counted from: access points or cables, and the states that count.

    ``words`` are filled with ``done`` and ``total``.
    """

    what: str
    states: frozenset[str]
    words: Message

    def count(self, by_state: Mapping[str, int]) -> tuple[int, int]:
        """Give how many of all that are planned have come so far."""
        planned = POINTS_PLANNED if self.what == POINTS else RUNS_PLANNED
        done = sum(count for state, count in by_state.items() if state in self.states)
        return done, sum(count for state, count in by_state.items() if state in planned)


POINTS, RUNS = "access_point", "cable_run"
POINTS_PLANNED = frozenset(key for key, state in ACCESS_POINT_STATES.items() if state.is_planned)
RUNS_PLANNED = frozenset(key for key, state in CABLE_STATES.items() if state.is_planned)
_POINT_ORDER = tuple(key for key in ACCESS_POINT_STATES if key in POINTS_PLANNED)


def _points_from(state: str) -> frozenset[str]:
    return frozenset(_POINT_ORDER[_POINT_ORDER.index(state) :])


def _runs_from(state: str) -> frozenset[str]:
    return frozenset(CABLE_ORDER[CABLE_ORDER.index(state) :])


COUNTED: dict[str, Counted] = {
    "design released": Counted(
        POINTS, _points_from("released"), msg("%(done)s of %(total)s access points released")
    ),
    "permits cleared": Counted(
        RUNS, _runs_from("permits cleared"), msg("%(done)s of %(total)s cables cleared")
    ),
    "cabling complete": Counted(
        RUNS, _runs_from("tested"), msg("%(done)s of %(total)s cables tested")
    ),
    "access points mounted": Counted(
        POINTS, _points_from("mounted"), msg("%(done)s of %(total)s access points mounted")
    ),
    "visitor WLAN live": Counted(
        POINTS, _points_from("in operation"), msg("%(done)s of %(total)s access points live")
    ),
    "internal WLAN live": Counted(
        POINTS, _points_from("in operation"), msg("%(done)s of %(total)s access points live")
    ),
    "accepted": Counted(
        POINTS, _points_from("accepted"), msg("%(done)s of %(total)s access points accepted")
    ),
}
"""By kind; whether operations are ready no access point tells: see ``OPERATIONS_READY``."""
OPERATIONS_READY = "operations ready"
"""Counted in points: support, training, documentation and posts, see ``rollout/readiness.py``."""
