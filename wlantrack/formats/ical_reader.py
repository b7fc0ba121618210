"""Reads iCalendar (RFC 5545); runs in the sandbox only.

Decides that an entry without UID cannot be found again and is refused, that days are those of the
installation's time zone, and that an entry that ends at midnight ends the day before. Of entries
that recur each day is one of its own; a day that was moved (RECURRENCE-ID) takes the place of the
one it replaces. A rule that meets no day, such as every 30th of February, is looked for till the
year 9999: all rules of a file together have a few seconds, by the processor's clock.
"""

from __future__ import annotations

import signal
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from icalendar import Calendar

from wlantrack.errors import Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.ical import CalendarEntry, CalendarFile
from wlantrack.formats.limits import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Component: TypeAlias = Any
"""A part of a calendar; each of its properties may be anything, and is tried."""
_EXPORT: Final = msg("Export the calendar as iCalendar (.ics) again, and upload the new file.")
_FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_CANCELLED: Final = "CANCELLED"
RULES_SECONDS: Final = 3.0
LONGEST_UID: Final = 240
LONGEST_NAME: Final = 120


class _TooLongError(Exception):
    """The rules of a file have taken all the time they have."""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    """Stop what is done inside after so much time of the processor, with :class:`_TooLongError`."""
    if not hasattr(signal, "setitimer"):  # on Windows the sandbox's own deadline holds
        yield
        return

    def stop(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@dataclass
class _Series:
    """The entries of one UID: the entry itself, and its days that were moved or cancelled."""

    row: int
    master: Component | None = None
    moved: list[tuple[int, Component]] = field(default_factory=list)


def read_ical(
    data: bytes, *, timezone: str, until: str, seconds: float = RULES_SECONDS
) -> CalendarFile:
    """Read the entries of all calendars in a file; all rules together have so many seconds.

    Raises
    ------
    InvalidInput
        It is no calendar, damaged, or holds too much or nothing.
    """
    calendars = _parse(data)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    limits.require_at_most(len(events), limits.CALENDAR_ENTRIES, msg("entries"))
    if not events:
        raise refuse(msg("The calendar holds no entry."), msg("Choose another file."))
    is_cancelling = any(_text(item, "METHOD").upper() == "CANCEL" for item in calendars)
    reader = _Reader(ZoneInfo(timezone), date.fromisoformat(until), is_cancelling=is_cancelling)
    with _within(seconds):
        entries = tuple(reader.read(events))
    limits.require_at_most(len(entries), limits.CALENDAR_ENTRIES, msg("entries"))
    name = next((text for item in calendars if (text := _text(item, "X-WR-CALNAME"))), "")
    return CalendarFile(name[:LONGEST_NAME], entries, tuple(reader.problems))


def _parse(data: bytes) -> list[Component]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "BEGIN:VCALENDAR" not in text[:4096].upper():
        raise refuse(msg("The file is no calendar."), _EXPORT)
    try:
        found = Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        detail = str(error)[:200] or type(error).__name__
        raise refuse(msg("The calendar is damaged: %(detail)s.", detail=detail), _EXPORT) from error
    return [item for item in found if item.name == "VCALENDAR"]


def _text(component: Component, name: str) -> str:
    """Give a property's text; of one that stands there several times the first."""
    value = component.get(name)
    if isinstance(value, list):
        value = value[0] if value else None
    return " ".join(str(value).split()) if value is not None else ""


class _Reader:
    """One reading: the time zone, how far entries that recur are told, and what is wrong."""

    def __init__(self, zone: ZoneInfo, until: date, *, is_cancelling: bool) -> None:
        self.zone, self.until, self.is_cancelling = zone, until, is_cancelling
        self.problems: list[Problem] = []

    def read(self, events: Iterable[Component]) -> Iterator[CalendarEntry]:
        """Give the entries in the order of the file."""
        for uid, series in self._sort(events).items():
            try:
                yield from self._read_series(uid, series)
            except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
                self._complain(series.row, msg("The days of this entry cannot be read."), error)
            except _TooLongError:
                self._complain(
                    series.row,
                    msg("It takes too long to find days that meet the rule of this entry."),
                )
                return

    def _complain(self, row: int, message: Any, error: Exception | None = None) -> None:  # noqa: ANN401 - a message
        value = str(error)[:80] if error is not None else None
        self.problems.append(
            Problem(message, msg("Correct the entry in its calendar."), row=row, value=value)
        )

    def _sort(self, events: Iterable[Component]) -> dict[str, _Series]:
        found: dict[str, _Series] = {}
        for row, event in enumerate(events, start=1):
            uid = _text(event, "UID")
            if not uid or len(uid) > LONGEST_UID:
                self._complain(row, msg("The entry has no UID by which to find it again."))
                continue
            series = found.setdefault(uid, _Series(row))
            if "RECURRENCE-ID" in event:
                series.moved.append((row, event))
            elif series.master is None:
                series.master, series.row = event, row
            elif _sequence(event) > _sequence(series.master):
                series.master = event
        return found

    def _read_series(self, uid: str, series: _Series) -> Iterator[CalendarEntry]:
        moved = defaultdict(list)
        for row, event in series.moved:
            moved[self._day(event["RECURRENCE-ID"].dt)].append((row, event))
        if series.master is not None and not _recurs(series.master) and not moved:
            yield self._make(series.row, uid, series.master, self._days(series.master))
            return
        if series.master is not None:
            first, last = self._days(series.master)
            for day in self._list_days(series.master):
                if day not in moved:
                    days = (day, day + (last - first))
                    yield self._make(series.row, f"{uid}/{day}", series.master, days)
        for day, events in moved.items():
            row, event = max(events, key=lambda item: _sequence(item[1]))
            yield self._make(row, f"{uid}/{day}", event, self._days(event))

    def _make(self, row: int, uid: str, event: Component, days: tuple[date, date]) -> CalendarEntry:
        is_cancelled = self.is_cancelling or _text(event, "STATUS").upper() == _CANCELLED
        name = _text(event, "SUMMARY")[:LONGEST_NAME] or "?"
        first, last = days
        return CalendarEntry(row, uid, name, first.isoformat(), last.isoformat(), is_cancelled)

    def _days(self, event: Component) -> tuple[date, date]:
        """Give the first and the last day of an entry."""
        begin = event["DTSTART"].dt
        if "DTEND" in event:
            end = event["DTEND"].dt
        elif "DURATION" in event:
            end = begin + event["DURATION"].dt
        else:
            return self._day(begin), self._day(begin)
        first, last = self._day(begin), self._day(end)
        is_midnight = not isinstance(end, datetime) or self._local(end).time() == time()
        if is_midnight and last > first:
            last -= timedelta(days=1)
        return first, max(first, last)

    def _day(self, moment: date | datetime) -> date:
        return self._local(moment).date() if isinstance(moment, datetime) else moment

    def _local(self, moment: datetime) -> datetime:
        """Give a moment in the installation's time; one without zone means it already."""
        return moment if moment.tzinfo is None else moment.astimezone(self.zone)

    def _list_days(self, event: Component) -> list[date]:
        """Give the days on which an entry that recurs begins.

        Rules are those of the entry's own time zone: its Monday may be a Tuesday here.
        """
        begin = event["DTSTART"].dt
        rules = event.get("RRULE", [])
        extra = {self._day(moment) for moment in _list_moments(event, "RDATE")}
        gone = {self._day(moment) for moment in _list_moments(event, "EXDATE")}
        days = {self._day(begin)} | extra
        start = begin if isinstance(begin, datetime) else datetime.combine(begin, time())
        for rule in rules if isinstance(rules, list) else [rules]:
            parts = {name: values for name, values in rule.items() if name != "UNTIL"}
            limits_of_rule = [self.until, *rule.get("UNTIL", [])]
            text = type(rule)(parts).to_ical().decode()
            if rule.get("FREQ", [""])[0] not in _FREQUENCIES:
                raise ValueError(text)
            for number, moment in enumerate(rrulestr(text, dtstart=start)):
                if any(self._is_after(moment, limit) for limit in limits_of_rule):
                    break
                if number > limits.CALENDAR_ENTRIES:
                    raise ValueError(text)
                days.add(self._day(moment))
        return sorted(days - gone)

    def _is_after(self, moment: datetime, limit: date | datetime) -> bool:
        """Tell whether a moment lies after a limit; after a day, if only one of them has a zone."""
        if isinstance(limit, datetime) and (limit.tzinfo is None) == (moment.tzinfo is None):
            return moment > limit
        return moment.date() > self._day(limit)


def _recurs(event: Component) -> bool:
    return "RRULE" in event or "RDATE" in event


def _sequence(event: Component) -> int:
    text = _text(event, "SEQUENCE")
    return int(text) if text.isdecimal() else 0


def _list_moments(event: Component, name: str) -> Iterator[date]:
    found = event.get(name, [])
    for item in found if isinstance(found, list) else [found]:
        for part in item.dts:
            moment = part.dt
            yield moment[0] if isinstance(moment, tuple) else moment
