"""Writes schedules as MS Project XML (MSPDI), in the order of elements that its schema asks for.

Decides that every task says its start, finish and duration itself, that what has no date is a task
planned by hand without days, and that our own fields are texts whose names all begin alike.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from wlantrack.formats.mspdi import (
    ELAPSED,
    FIELD_PREFIX,
    LINK_TYPES,
    MINUTES_A_DAY,
    NAMESPACE,
    WORKING,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from wlantrack.formats.mspdi import (
        DaysOff,
        MspdiFile,
        MspdiLink,
        MspdiResource,
        MspdiTask,
    )

_MIDNIGHT, _MORNING, _EVENING, _LAST = "00:00:00", "08:00:00", "17:00:00", "23:59:00"
_HALVES: Final = (("08:00:00", "12:00:00"), ("13:00:00", "17:00:00"))
_BASE_CALENDAR: Final = 1
_SATURDAY: Final = 7
_TEXT_FIELDS: Final = (
    *range(188743731, 188743750, 3),
    *range(188743750, 188743751),
    *range(188743997, 188744017),
)
_CONSTRAINTS: Final = {"": 0, "fixed": 2, "not before": 4}
_FORBIDDEN: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
"""Signs that XML cannot hold."""
_TENTHS: Final = 10


def write_mspdi(schedule: MspdiFile, today: date) -> bytes:
    """Write a schedule; ``today`` is the day as of which it stands."""
    root = Element("Project", xmlns=NAMESPACE)
    days = [day for task in schedule.tasks for day in (task.start, task.finish) if day]
    names = list(dict.fromkeys(field.name for task in schedule.tasks for field in task.fields))
    numbers = dict(zip(names, _TEXT_FIELDS, strict=False))
    _put(
        root,
        SaveVersion=14,
        Name=schedule.title,
        Title=schedule.title,
        ScheduleFromStart=1,
        StartDate=_at(min(days, default=today.isoformat()), _MORNING),
        FinishDate=_at(max(days, default=today.isoformat()), _EVENING),
        CalendarUID=_BASE_CALENDAR,
        DefaultStartTime=_MORNING,
        DefaultFinishTime=_EVENING,
        MinutesPerDay=MINUTES_A_DAY,
        MinutesPerWeek=5 * MINUTES_A_DAY,
        DaysPerMonth=20,
        DurationFormat=WORKING,
        NewTasksAreManual=0,
        CurrentDate=_at(today.isoformat(), _MORNING),
    )
    attributes = SubElement(root, "ExtendedAttributes")
    for index, (name, number) in enumerate(numbers.items(), start=1):
        element = SubElement(attributes, "ExtendedAttribute")
        _put(element, FieldID=number, FieldName=f"Text{index}", Alias=FIELD_PREFIX + name)
    _write_calendars(SubElement(root, "Calendars"), schedule)
    tasks = SubElement(root, "Tasks")
    for number, task in enumerate(schedule.tasks, start=1):
        _write_task(SubElement(tasks, "Task"), task, number, numbers)
    resources = SubElement(root, "Resources")
    for number, resource in enumerate(schedule.resources, start=1):
        _write_resource(SubElement(resources, "Resource"), resource, number)
    _write_assignments(SubElement(root, "Assignments"), schedule.resources)
    indent(root)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written


def _put(element: Element, **values: object) -> None:
    """Write values as elements in the order given; what is None or empty is left out."""
    for name, value in values.items():
        if value is not None and value != "":
            SubElement(element, name).text = str(value).translate(_FORBIDDEN)


def _at(day: str | None, time: str) -> str | None:
    return f"{day}T{time}" if day else None


def _end_of_work(day: str | None) -> str | None:
    return _at(day, _EVENING)


def _end_of_day(day: str | None) -> str | None:
    """Give the midnight at which days of the calendar are over."""
    return (
        _at((date.fromisoformat(day) + timedelta(days=1)).isoformat(), _MIDNIGHT) if day else None
    )


def _write_calendars(parent: Element, schedule: MspdiFile) -> None:
    base = SubElement(parent, "Calendar")
    _put(base, UID=_BASE_CALENDAR, Name="Standard", IsBaseCalendar=1, BaseCalendarUID=-1)
    week = SubElement(base, "WeekDays")
    for day in range(1, _SATURDAY + 1):
        element = SubElement(week, "WeekDay")
        is_working = 1 < day < _SATURDAY
        _put(element, DayType=day, DayWorking=int(is_working))
        if is_working:
            times = SubElement(element, "WorkingTimes")
            for begin, end in _HALVES:
                _put(SubElement(times, "WorkingTime"), FromTime=begin, ToTime=end)
    _write_days_off(base, schedule.days_off)
    for resource in schedule.resources:
        own = SubElement(parent, "Calendar")
        _put(own, UID=_calendar_uid(resource), Name=resource.name)
        _put(own, IsBaseCalendar=0, BaseCalendarUID=_BASE_CALENDAR)
        _write_days_off(own, resource.days_off)


def _calendar_uid(resource: MspdiResource) -> int:
    return _BASE_CALENDAR + resource.uid


def _write_days_off(calendar: Element, days_off: Iterable[DaysOff]) -> None:
    exceptions = SubElement(calendar, "Exceptions")
    for off in days_off:
        element = SubElement(exceptions, "Exception")
        count = (date.fromisoformat(off.ends_on) - date.fromisoformat(off.begins_on)).days + 1
        _put(element, EnteredByOccurrences=0)
        period = SubElement(element, "TimePeriod")
        _put(period, FromDate=_at(off.begins_on, _MIDNIGHT), ToDate=_at(off.ends_on, _LAST))
        _put(element, Occurrences=count, Name=off.name, Type=1, DayWorking=0)
    if not len(exceptions):
        calendar.remove(exceptions)


def _write_task(element: Element, task: MspdiTask, number: int, numbers: Mapping[str, int]) -> None:
    has_days = task.start is not None
    begin = _EVENING if task.is_milestone else _MIDNIGHT if task.is_elapsed else _MORNING
    ends = _end_of_day if task.is_elapsed else _end_of_work
    _put(
        element,
        UID=task.uid,
        ID=number,
        Name=task.name,
        Active=int(task.is_active),
        Manual=int(not has_days),
        Type=1,
        IsNull=0,
        Contact=task.contact,
        OutlineLevel=task.level,
        Priority=task.priority,
        Start=_at(task.start, begin),
        Finish=ends(task.finish),
        Duration=_duration(task),
        DurationFormat=ELAPSED if task.is_elapsed else WORKING,
        EffortDriven=0,
        Estimated=0,
        Milestone=int(task.is_milestone),
        Summary=int(task.is_summary),
        PercentComplete=task.percent_complete,
        ActualStart=_at(task.actual_start, begin),
        ActualFinish=ends(task.actual_finish),
        ConstraintType=_CONSTRAINTS[task.constraint],
        ConstraintDate=_at(task.constraint_on, begin),
        Deadline=_at(task.deadline, _EVENING),
        Notes=task.note,
    )
    for link in task.links:
        _put(SubElement(element, "PredecessorLink"), **dict(_tell_link(link)))
    for field in task.fields:
        attribute = SubElement(element, "ExtendedAttribute")
        _put(attribute, FieldID=numbers[field.name], Value=field.value)
    if task.baseline:
        first, last = task.baseline
        _put(
            SubElement(element, "Baseline"),
            Number=0,
            Start=_at(first, begin),
            Finish=_at(last, _EVENING),
        )


def _duration(task: MspdiTask) -> str:
    hours = task.duration_days * (24 if task.is_elapsed else MINUTES_A_DAY // 60)
    return f"PT{hours}H0M0S"


def _tell_link(link: MspdiLink) -> Iterator[tuple[str, object]]:
    yield "PredecessorUID", link.before_uid
    yield "Type", LINK_TYPES.index(link.kind)
    yield "CrossProject", 0
    yield "LinkLag", link.lag_days * MINUTES_A_DAY * _TENTHS
    yield "LagFormat", WORKING


def _write_resource(element: Element, resource: MspdiResource, number: int) -> None:
    _put(
        element,
        UID=resource.uid,
        ID=number,
        Name=resource.name,
        Type=1,
        IsNull=0,
        Code=resource.code,
        Group=resource.group,
        MaxUnits=resource.capacity,
        CalendarUID=_calendar_uid(resource),
        Notes=resource.note,
    )


def _write_assignments(parent: Element, resources: Iterable[MspdiResource]) -> None:
    pairs = [(task, resource.uid) for resource in resources for task in resource.task_uids]
    for number, (task_uid, resource_uid) in enumerate(pairs, start=1):
        element = SubElement(parent, "Assignment")
        _put(element, UID=number, TaskUID=task_uid, ResourceUID=resource_uid, Units=1)
