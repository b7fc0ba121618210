"""Entries of calendars out of iCalendar files (.ics), as days.

Decides what is read of an entry: its days in the local time of the installation, its name, and
whether it is cancelled. The reading happens in the sandbox (:mod:`wlantrack.formats.ical_reader`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, Problem  # noqa: TC001 - the sandbox's wire reads the fields
from wlantrack.formats import limits
from wlantrack.formats.sandbox import run_in_sandbox

if TYPE_CHECKING:
    from datetime import date

_READER: Final = "wlantrack.formats.ical_reader:read_ical"


@dataclass(frozen=True)
class CalendarEntry:
    """One entry, or one day of an entry that recurs; the last day is included.

    ``uid`` is the entry's own; of one that recurs the day stands behind it, so that each is found
    again. ``row`` counts the entries of the file from 1.
    """

    row: int
    uid: str
    name: str
    begins_on: str
    ends_on: str
    is_cancelled: bool = False


@dataclass(frozen=True)
class CalendarFile:
    """What a file holds: its own name, its entries, and what is wrong with others."""

    name: str
    entries: tuple[CalendarEntry, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Message, ...] = ()


def read_calendar_file(
    data: bytes, timezone: str, until: date, *, file: str | None = None
) -> CalendarFile:
    """Read a calendar in the sandbox; entries that recur are told up to a day.

    Raises
    ------
    InvalidInput
        The file is no calendar, damaged, too large, or holds no entry.
    """
    limits.require_size(data, limits.CALENDAR_BYTES, file=file)
    options = {"timezone": timezone, "until": until.isoformat()}
    read: CalendarFile = run_in_sandbox(CalendarFile, _READER, data, options, file=file)
    return read
