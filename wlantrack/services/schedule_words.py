"""How work packages and milestones are told in a schedule of MS Project, and understood again.

Decides what stands in our own fields beside what the format knows, so that an empty installation
reads a schedule back as it was: the plan beside the forecast, dates in the words in which they are
known, and place, kind and loudness.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput
from wlantrack.rollout.spoken_dates import parse_spoken
from wlantrack.services.renovation_parts import read_days, write_days

if TYPE_CHECKING:
    from datetime import date

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.rollout.workdays import Workdays

ID, CODE, PLACE, KIND, NOISE = "id", "code", "place", "kind", "noise"
UNDATED, FEEDS, RENOVATION = "undated", "milestone", "renovation"
PLAN, FORECAST, NET_DAYS, DUE, REACHED = "plan", "forecast", "net days", "due", "reached"
NAMELESS = "nameless"
"""Names of our own fields."""

_BANDS: Final = {1: 900, 2: 700, 3: 500, 4: 300, 5: 100}
"""The format's priority, up to 1000 for what comes first, of each of ours."""
_BAND_WIDTH: Final = 200


def tell_priority(priority: int) -> int:
    """Give the format's number for a priority of ours."""
    return _BANDS[priority]


def hear_priority(number: int) -> int:
    """Give our priority for a number of the format."""
    return min(5, max(1, 5 - number // _BAND_WIDTH))


def tell_span(first: date | None, last: date | None) -> str:
    """Write two days, or that there are none."""
    return f"{first.isoformat()}/{last.isoformat()}" if first and last else "-"


def tell_place(building: str, wing: str = "", level: int | None = None, group: str = "") -> str:
    """Write a place: RH, RH/MP, RH/MP/3, RH//3 or RH:group."""
    if group:
        return f"{building}:{group}"
    if level is not None:
        return f"{building}/{wing}/{level}"
    return f"{building}/{wing}" if wing else building


def hear_place(text: str) -> tuple[str, int | None]:
    """Give the reference of a place as forms write it, and the floor's level."""
    building, _, rest = text.partition("/")
    wing, _, level = rest.partition("/")
    ref = f"{building}/{wing}" if wing else building
    try:
        return ref, int(level) if level else None
    except ValueError:
        return text, None  # there is no such wing, which is said where it is looked for


def tell_words(spoken: SpokenDate | None) -> str:
    """Write a date in the words in which it is known."""
    return write_days(spoken)


def hear_words(words: str, day: date | None, field: str) -> SpokenDate | None:
    """Give a date in words, if it still ends on the day that the schedule says; else that day.

    None if the schedule says no day. Words that were spoilt in another program give way to the day.
    """
    if day is None:
        return None
    try:
        spoken = read_days(words, field)
    except InvalidInput:
        spoken = None
    return spoken if spoken and spoken.latest == day else parse_spoken(day.isoformat())


def count_days(first: date, last: date, workdays: Workdays, *, is_elapsed: bool) -> int:
    """Give how many days a task takes from its first to its last, at least one."""
    if is_elapsed:
        return (last - first).days + 1
    return max(1, math.ceil(workdays.end_of(last) - workdays.begin_of(first)))
