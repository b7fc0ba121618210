"""Permits as hold points: which are in force, and what stands between a cable and its next state.

Decides when a permit clears what it covers, and which permits a building asks for by itself.
Refuses to know records: callers pass facts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, Problem, msg
from wlantrack.rollout.lifecycle import Mark, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.rollout.spoken_dates import SpokenDate

ASBESTOS_BANNED_ON: Final = date(1993, 10, 31)
"""Asbestos may be in any building begun before (GefStoffV, section 5a)."""

PERMIT_KINDS: Final[dict[str, Message]] = {
    "heritage": msg("heritage"),
    "fire protection": msg("fire protection"),
    "pollutants": msg("pollutants"),
    "staff council": msg("staff council"),
    "other": msg("other"),
}
PERMIT_STATES: Final = {
    state.key: state
    for state in (
        State("needed", msg("needed"), Mark.PLANNED),
        State("applied for", msg("applied for"), Mark.ORDERED),
        State("granted", msg("granted"), Mark.LIVE, is_live=True),
        State("refused", msg("refused"), Mark.BLOCKED),
        State("not needed", msg("not needed"), Mark.UNDATED, is_live=True),
    )
}


@dataclass(frozen=True)
class PermitFacts:
    """What of a permit decides whether work may go on."""

    code: str
    kind: str
    state: str
    expected: SpokenDate | None = None
    expires_on: date | None = None
    reference: str = ""

    @property
    def name(self) -> str:
        """Give what papers call it: its reference, else its code."""
        return self.reference or self.code


@dataclass(frozen=True)
class House:
    """What of a building decides which permits it asks for; an unknown date of its begin is None."""

    code: str
    is_listed: bool = False
    begun_on: date | None = None


def is_expired(permit: PermitFacts, today: date) -> bool:
    """Tell whether a permit was granted and has ended; its last day still counts."""
    ended = permit.expires_on is not None and permit.expires_on < today
    return permit.state == "granted" and ended


def is_in_force(permit: PermitFacts, today: date) -> bool:
    """Tell whether a permit is granted today."""
    return permit.state == "granted" and not is_expired(permit, today)


def is_cleared(permit: PermitFacts, today: date) -> bool:
    """Tell whether a permit holds nothing up: it is in force, or turned out not to be needed."""
    return permit.state == "not needed" or is_in_force(permit, today)


def find_pending(permits: Sequence[PermitFacts], today: date) -> tuple[Problem, ...]:
    """Say of each permit that holds something up what it waits for."""
    return tuple(_describe(item, today) for item in permits if not is_cleared(item, today))


def find_missing(house: House, permits: Sequence[PermitFacts], today: date) -> tuple[Problem, ...]:
    """Say what keeps a cable run from having its permits cleared.

    A listed building needs a heritage permit in force; every other permit that covers the run must
    be cleared.
    """
    pending = find_pending(permits, today)
    heritage = [item for item in permits if item.kind == "heritage"]
    is_covered = any(is_in_force(item, today) for item in heritage)
    is_told = any(not is_cleared(item, today) for item in heritage)
    if not house.is_listed or is_covered or is_told:
        return pending
    problem = Problem(
        msg("%(building)s is listed: no heritage permit covers this run.", building=house.code),
        msg("Add the heritage permit, or assign the run to it, and enter when it was granted."),
        field="state",
    )
    return (problem, *pending)


def find_pollutants(
    house: House, permits: Sequence[PermitFacts], today: date
) -> tuple[Problem, ...]:
    """Say what about pollutants must be known before a cable run is ordered.

    Whether a building is old enough to ask for it is asked where nobody knows, never assumed.
    """
    about = [item for item in permits if item.kind == "pollutants"]
    if any(is_cleared(item, today) for item in about):
        return ()
    if house.begun_on is not None and house.begun_on >= ASBESTOS_BANNED_ON:
        return ()
    if about:
        return find_pending(about, today)
    if house.begun_on is None:
        message = msg("Nobody has entered when %(building)s was begun.", building=house.code)
        remedy = msg(
            "Enter the date at the building, or cover the run by a permit about pollutants that is"
            " granted or not needed."
        )
    else:
        message = msg(
            "%(building)s was begun before 31.10.1993: what is known of pollutants is missing.",
            building=house.code,
        )
        remedy = msg(
            "Cover the run by a permit about pollutants, and enter it as granted or not needed."
        )
    return (Problem(message, remedy, field="state"),)


def _describe(permit: PermitFacts, today: date) -> Problem:
    what = {"kind": PERMIT_KINDS[permit.kind], "code": permit.code}
    if is_expired(permit, today) and permit.expires_on is not None:
        return Problem(
            msg("Permit %(code)s (%(kind)s) expired on %(day)s.", **what, day=permit.expires_on),
            msg("Have it renewed and enter its new end."),
            field="state",
        )
    if permit.state == "refused":
        return Problem(
            msg("Permit %(code)s (%(kind)s) was refused.", **what),
            msg("Plan another way and take the run out of this permit, or apply again."),
            field="state",
        )
    what["state"] = PERMIT_STATES[permit.state].label
    if permit.expected is None:
        message = msg("Permit %(code)s (%(kind)s) is %(state)s, expected date not known.", **what)
    else:
        message = msg(
            "Permit %(code)s (%(kind)s) is %(state)s, expected %(expected)s.",
            **what,
            expected=permit.expected.wording,
        )
    return Problem(
        message, msg("Wait for it, or enter it as granted or not needed."), field="state"
    )
