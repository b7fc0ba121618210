"""Reads MS Project XML (MSPDI); runs in the sandbox only.

Decides what a time means as days: durations and lags are counted in the file's own working days,
parts of a day are a whole one, and what ends at midnight ends the day before. A lag that is given
in days of the calendar or in per cent is refused by its task, since nobody could tell its days.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from defusedxml import ElementTree

from wlantrack.errors import Message, Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse
from wlantrack.formats.mspdi import (
    FIELD_PREFIX,
    LINK_TYPES,
    MINUTES_A_DAY,
    NAMESPACE,
    DaysOff,
    MspdiField,
    MspdiFile,
    MspdiLink,
    MspdiResource,
    MspdiTask,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_SAVE_AS: Final = msg("In MS Project choose “Save as”, type XML, and upload the new file.")
_IN_PROJECT: Final = msg("Correct the task in MS Project, and save the file as XML again.")
_DURATION: Final = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?")
_ELAPSED_FORMATS: Final = frozenset({4, 6, 8, 10, 12})
_PERCENT_FORMATS: Final = frozenset({19, 20})
_ESTIMATED: Final = 32
"""Formats of estimated values are those of certain ones and this."""
_CONSTRAINTS: Final = {2: "fixed", 3: "fixed", 4: "not before"}
_FINISH_NOT_BEFORE: Final = 6
"""What a date typed into a milestone becomes; of work it would say nothing about its first day."""
_WORK: Final = 1
_TENTHS: Final = 10
_DAY_MINUTES: Final = 24 * 60
_LONGEST_TEXT: Final = 4000


def read_mspdi(data: bytes) -> MspdiFile:
    """Read tasks, links, resources and days off of a schedule.

    Raises
    ------
    InvalidInput
        It is no MS Project XML, defines entities, or holds too much or nothing.
    """
    root = _parse(data)
    reader = _Reader(root)
    tasks = tuple(reader.read_tasks())
    if not tasks:
        raise refuse(msg("The schedule holds no task."), msg("Choose another file."))
    title = _text(root, "Title") or _text(root, "Name")
    key = _text(root, "GUID") or title
    calendars = reader.read_calendars()
    return MspdiFile(
        title[:120],
        key[:120],
        tasks,
        tuple(reader.read_resources(calendars)),
        calendars.get(_text(root, "CalendarUID"), ()),
        tuple(reader.problems),
    )


def _parse(data: bytes) -> Element:
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except (ElementTree.ParseError, LookupError) as error:
        detail = str(error)[:200]
        raise refuse(msg("The XML is damaged: %(detail)s.", detail=detail), _SAVE_AS) from error
    except ValueError as error:  # a document type or an entity
        raise refuse(
            msg("The XML holds a document type or entities, which are not read."), _SAVE_AS
        ) from error
    limits.require_at_most(
        sum(1 for _ in root.iter()), limits.SCHEDULE_ELEMENTS, msg("XML elements")
    )
    if root.tag != f"{{{NAMESPACE}}}Project":
        raise refuse(msg("The file is no MS Project XML."), _SAVE_AS)
    return root


def _find(element: Element, *path: str) -> Iterator[Element]:
    yield from element.iterfind("/".join(f"{{{NAMESPACE}}}{name}" for name in path))


def _text(element: Element, *path: str) -> str:
    found = next(_find(element, *path), None)
    text = "" if found is None else (found.text or "")
    return text.strip()[:_LONGEST_TEXT]


class _Reader:
    """One reading: how long a day is, what own fields are called, and what is wrong."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.row, self.task, self.links, self.days_off = 0, "", 0, 0
        self.day_minutes = self._integer(root, "MinutesPerDay", MINUTES_A_DAY) or MINUTES_A_DAY
        self.names = {
            _text(item, "FieldID"): alias.removeprefix(FIELD_PREFIX)
            for item in _find(root, "ExtendedAttributes", "ExtendedAttribute")
            if (alias := _text(item, "Alias")).startswith(FIELD_PREFIX)
        }

    def _complain(
        self, field: str, value: str, message: Message, remedy: Message = _IN_PROJECT
    ) -> None:
        self.problems.append(
            Problem(message, remedy, row=self.row, field=field, value=f"{self.task}: {value}"[:120])
        )

    def _integer(self, element: Element, name: str, otherwise: int = 0) -> int:
        text = _text(element, name)
        if not text:
            return otherwise
        try:
            return round(float(text))
        except (ValueError, OverflowError):
            self._complain(name, text, msg("This is no number."))
            return otherwise

    def _day(self, element: Element, *path: str, is_end: bool = False) -> str | None:
        text = _text(element, *path)
        if not text or text == "NA":
            return None
        try:
            moment = datetime.fromisoformat(text)
            if is_end and not (moment.hour or moment.minute or moment.second):
                moment -= timedelta(minutes=1)
        except (ValueError, OverflowError):
            self._complain(path[-1], text, msg("This is no date."))
            return None
        return moment.date().isoformat()

    def read_tasks(self) -> Iterator[MspdiTask]:
        """Give the tasks in the order of the file, without the line of the project itself."""
        elements = list(_find(self.root, "Tasks", "Task"))
        limits.require_at_most(len(elements), limits.SCHEDULE_TASKS, msg("tasks"))
        seen: set[int] = set()
        for number, element in enumerate(elements, start=1):
            if _text(element, "IsNull") == "1" or _text(element, "UID") == "0":
                continue
            self.row, self.task = number, _text(element, "Name")
            self.row = self._integer(element, "ID", number) or number
            task = self._read_task(element)
            if task.uid < 1 or task.uid in seen:
                self._complain("UID", str(task.uid), msg("The UID is missing, or is there twice."))
                continue
            seen.add(task.uid)
            yield task

    def _read_task(self, element: Element) -> MspdiTask:
        is_milestone = _text(element, "Milestone") == "1"
        takes_time = not is_milestone and _text(element, "Start") != _text(element, "Finish")
        days, is_elapsed = self._read_duration(element)
        return MspdiTask(
            self.row,
            self._integer(element, "UID"),
            self.task,
            is_milestone=is_milestone,
            is_summary=_text(element, "Summary") == "1",
            is_active=_text(element, "Active") != "0",
            level=self._integer(element, "OutlineLevel", 1),
            start=self._day(element, "Start"),
            finish=self._day(element, "Finish", is_end=takes_time),
            duration_days=0 if is_milestone else max(1, days),
            is_elapsed=is_elapsed and not is_milestone,
            percent_complete=self._integer(element, "PercentComplete"),
            actual_start=self._day(element, "ActualStart"),
            actual_finish=self._day(element, "ActualFinish", is_end=not is_milestone),
            constraint=self._read_constraint(element, is_milestone=is_milestone),
            constraint_on=self._day(element, "ConstraintDate"),
            deadline=self._day(element, "Deadline", is_end=True),
            priority=self._integer(element, "Priority", 500),
            contact=_text(element, "Contact"),
            note=_text(element, "Notes"),
            links=tuple(self._read_links(element)),
            baseline=self._read_baseline(element),
            fields=tuple(self._read_fields(element)),
        )

    def _read_constraint(self, element: Element, *, is_milestone: bool) -> str:
        kind = self._integer(element, "ConstraintType")
        if is_milestone and kind == _FINISH_NOT_BEFORE:
            return "not before"
        return _CONSTRAINTS.get(kind, "")

    def _read_duration(self, element: Element) -> tuple[int, bool]:
        """Give whole days, and whether they are days of the calendar."""
        text = _text(element, "Duration")
        found = _DURATION.fullmatch(text)
        if found is None or len(text) > 40:
            if text:
                self._complain("Duration", text, msg("This is no duration."))
            return 0, False
        days, hours, minutes, _ = (float(part or 0) for part in found.groups())
        total = (days * 24 + hours) * 60 + minutes
        kind = self._integer(element, "DurationFormat", 7)
        is_elapsed = (kind - _ESTIMATED if kind > _ESTIMATED else kind) in _ELAPSED_FORMATS
        return math.ceil(total / (_DAY_MINUTES if is_elapsed else self.day_minutes)), is_elapsed

    def _read_links(self, element: Element) -> Iterator[MspdiLink]:
        for link in _find(element, "PredecessorLink"):
            self.links += 1
            limits.require_at_most(self.links, limits.SCHEDULE_LINKS, msg("links"))
            kind = self._integer(link, "Type", 1)
            lag = self._integer(link, "LinkLag")
            unit = self._integer(link, "LagFormat", 7)
            unit = unit - _ESTIMATED if unit > _ESTIMATED else unit
            if not 0 <= kind < len(LINK_TYPES):
                self._complain("Type", str(kind), msg("There is no such kind of link."))
            elif _text(link, "CrossProject") == "1":
                self._complain(
                    "CrossProject",
                    _text(link, "CrossProjectName"),
                    msg("The link leads into another file, which is not read."),
                )
            elif lag and unit in _ELAPSED_FORMATS | _PERCENT_FORMATS:
                self._complain(
                    "LinkLag",
                    str(lag),
                    msg("The lag is in days of the calendar or in per cent."),
                    msg("Give the lag in working days, such as 5d, and save the file again."),
                )
            else:
                days = lag / _TENTHS / self.day_minutes
                whole = math.ceil(days) if days > 0 else math.floor(days)
                before = self._integer(link, "PredecessorUID")
                yield MspdiLink(before, LINK_TYPES[kind], whole)

    def _read_baseline(self, element: Element) -> tuple[str, str] | None:
        for baseline in _find(element, "Baseline"):
            if _text(baseline, "Number") in {"", "0"}:
                first, last = self._day(baseline, "Start"), self._day(baseline, "Finish")
                if first and last:
                    return first, last
        return None

    def _read_fields(self, element: Element) -> Iterator[MspdiField]:
        for item in _find(element, "ExtendedAttribute"):
            name, value = self.names.get(_text(item, "FieldID")), _text(item, "Value")
            if name and value:
                yield MspdiField(name, value)

    def read_calendars(self) -> dict[str, tuple[DaysOff, ...]]:
        """Give the days off of each calendar, by its UID; what recurs is left out."""
        self.row, self.task = 0, ""
        calendars = list(_find(self.root, "Calendars", "Calendar"))
        limits.require_at_most(len(calendars), limits.SCHEDULE_TASKS, msg("calendars"))
        return {_text(item, "UID"): tuple(self._read_days_off(item)) for item in calendars}

    def _read_days_off(self, calendar: Element) -> Iterator[DaysOff]:
        exceptions = list(_find(calendar, "Exceptions", "Exception"))
        old = [item for item in _find(calendar, "WeekDays", "WeekDay") if self._is_exception(item)]
        self.task = _text(calendar, "Name")
        for item in exceptions or old:
            first = self._day(item, "TimePeriod", "FromDate")
            last = self._day(item, "TimePeriod", "ToDate")
            is_daily = _text(item, "Type") in {"", "1"}
            if _text(item, "DayWorking") == "1" or not (first and last and is_daily):
                continue
            if date.fromisoformat(first) <= date.fromisoformat(last):
                yield DaysOff(first, last, _text(item, "Name")[:120])

    @staticmethod
    def _is_exception(item: Element) -> bool:
        return _text(item, "DayType") == "0"

    def read_resources(self, calendars: dict[str, tuple[DaysOff, ...]]) -> Iterator[MspdiResource]:
        """Give the people of the file with what they are given to do."""
        given: defaultdict[str, list[int]] = defaultdict(list)
        for item in _find(self.root, "Assignments", "Assignment"):
            given[_text(item, "ResourceUID")].append(self._integer(item, "TaskUID"))
        elements = list(_find(self.root, "Resources", "Resource"))
        limits.require_at_most(len(elements), limits.SCHEDULE_TASKS, msg("resources"))
        for number, element in enumerate(elements, start=1):
            uid, name = _text(element, "UID"), _text(element, "Name")
            self.row, self.task = number, name
            if uid == "0" or not name or self._integer(element, "Type", _WORK) != _WORK:
                continue
            days_off = calendars.get(_text(element, "CalendarUID"), ())
            self.days_off += len(days_off)  # many may share a calendar
            limits.require_at_most(self.days_off, limits.SCHEDULE_DAYS_OFF, msg("days off"))
            yield MspdiResource(
                self._integer(element, "UID"),
                name,
                code=_text(element, "Code"),
                group=_text(element, "Group"),
                capacity=max(1, self._integer(element, "MaxUnits", 1)),
                note=_text(element, "Notes"),
                days_off=days_off,
                task_uids=tuple(given.get(uid, ())),
            )
