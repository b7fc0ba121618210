"""The Gantt chart as numbers: days become parts of a row's width here and nowhere else.

Every row is a drawing of its own beside the words that say the same, so that a chart is as long as
its table, and breaks with it on paper. All lengths are in per cent of the width. What has no date
stands to the right of all dates, as long as it takes, from the day on which what it waits for comes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from wlantrack.rollout.workdays import Workdays
    from wlantrack.services.gantt import CrewLoad, GanttRow, Stretch

_BEFORE: Final = timedelta(days=14)
_LONGEST: Final = timedelta(days=3 * 366)
_UNDATED_SHARE: Final = 18.0
_NARROWEST: Final = 0.4
"""Less would not be seen."""
_MARKS: Final = 8
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Piece:
    """Something in a row: what it is, where it begins and how long it is."""

    kind: str
    x: float
    width: float = 0.0


@dataclass(frozen=True)
class Axis:
    """The time that a chart shows, and the share of its width that dates have."""

    first: date
    last: date
    dated: float
    longest: int

    def x(self, day: date) -> float:
        """Give where a day begins; days beyond the chart lie on its edge."""
        span = (self.last - self.first).days + 1
        inside = min(max((day - self.first).days, 0), span)
        return round(self.dated * inside / span, 2)

    def stretch(self, kind: str, first: date, last: date) -> Iterator[Piece]:
        """Give days as a piece, if any of them is shown."""
        if last < self.first or first > self.last:
            return
        begin, end = self.x(first), self.x(last + _ONE_DAY)
        yield Piece(kind, begin, round(max(end - begin, _NARROWEST), 2))

    def mark(self, kind: str, day: date) -> Iterator[Piece]:
        """Give the end of a day as a mark, if it is shown."""
        if self.first <= day <= self.last:
            yield Piece(kind, self.x(day + _ONE_DAY))

    def list_months(self) -> list[tuple[date, float]]:
        """Give the first days of months with their places, of so many that there is room."""
        month = (self.first.replace(day=1) + timedelta(days=32)).replace(day=1)
        months = []
        while month <= self.last:
            months.append(month)
            month = (month + timedelta(days=32)).replace(day=1)
        step = -(-len(months) // _MARKS) or 1
        return [(day, self.x(day)) for day in months[::step]]


def make_axis(rows: Sequence[GanttRow], today: date) -> Axis:
    """Give the time that holds the rows and today, at most three years of it."""
    starts = [row.timing.start for row in rows if row.timing.start]
    ends = [row.timing.finish for row in rows if row.timing.finish]
    first = max(min([today, *starts]), today - _LONGEST / 3) - _BEFORE
    last = min(max([today + 4 * _BEFORE, *ends]) + _BEFORE, first + _LONGEST)
    spans = [row.timing.relative_days[1] for row in rows if row.timing.relative_days]
    has_undated = any(row.timing.finish is None for row in rows)
    return Axis(first, last, 100 - _UNDATED_SHARE if has_undated else 100.0, max([1, *spans]))


def draw_row(row: GanttRow, axis: Axis, workdays: Workdays) -> tuple[Piece, ...]:
    """Lay a row out, what lies behind first."""
    pieces: list[Piece] = []
    for kind, behind in (("window", row.windows), ("quiet", row.quiet)):
        for first, last in _join(behind, axis.last):
            pieces += axis.stretch(kind, first, last)
    timing = row.timing
    if timing.start is None or timing.finish is None:
        return (*pieces, *_draw_undated(row, axis))
    state = "over" if timing.float_days is None else "critical" if timing.is_critical else "plain"
    if timing.float_days:
        until = workdays.day_until(workdays.end_of(timing.finish) + timing.float_days)
        pieces += axis.stretch("float", timing.finish + _ONE_DAY, until)
    draw = _draw_milestone if row.is_milestone else _draw_package
    return (*pieces, *draw(row, axis, state))


def _join(stretches: Iterable[Stretch], end: date) -> Iterator[tuple[date, date]]:
    """Give days that stretches cover, those that meet as one."""
    days = sorted((item.begins_on, item.ends_on or end) for item in stretches)
    while days:
        first, last = days.pop(0)
        while days and days[0][0] <= last + _ONE_DAY:
            last = max(last, days.pop(0)[1])
        yield first, last


def _draw_package(row: GanttRow, axis: Axis, state: str) -> Iterator[Piece]:
    record, timing = row.line.row, row.timing
    planned = getattr(record, "planned_start", None), getattr(record, "planned_finish", None)
    if planned[0] and planned[1]:
        yield from axis.stretch("planned", planned[0], planned[1])
    if timing.start and timing.finish:
        yield from axis.stretch(state, timing.start, timing.finish)


def _draw_milestone(row: GanttRow, axis: Axis, state: str) -> Iterator[Piece]:
    expected, entry = getattr(row.line, "expected", None), getattr(row.line, "planned", None)
    if expected is not None and expected.earliest < expected.latest:
        yield from axis.stretch("coarse", expected.earliest, expected.latest)
    if entry is not None and entry.planned is not None:
        yield from axis.mark("baseline", entry.planned.latest)
    if row.timing.finish:
        yield from axis.mark(f"reached-{state}", row.timing.finish)


def _draw_undated(row: GanttRow, axis: Axis) -> Iterator[Piece]:
    """Give what has no date, in working days from the time that what it waits for comes about."""
    begin, end = row.timing.relative_days or (0, 0)
    left, share = axis.dated + 1.5, 100 - axis.dated - 3
    x = left + share * begin / axis.longest
    if row.is_milestone:
        yield Piece("reached-undated", round(left + share * end / axis.longest, 2))
    else:
        yield Piece("undated", round(x, 2), round(max(share * (end - begin) / axis.longest, 1), 2))


@dataclass(frozen=True)
class LoadBar:
    """A week of a crew: place and height in per cent, and whether it is too much."""

    x: float
    width: float
    height: float
    is_over: bool


def draw_load(load: CrewLoad) -> tuple[tuple[LoadBar, ...], float]:
    """Lay the weeks of a crew out; gives the bars, and the height of what it carries."""
    scale = 90 / max(load.most, load.crew.capacity)
    width = 100 / len(load.weeks)
    bars = tuple(
        LoadBar(
            round(number * width + 0.1, 2),
            round(width * 0.8, 2),
            round(week.most * scale, 1),
            week.most > load.crew.capacity,
        )
        for number, week in enumerate(load.weeks)
        if week.most
    )
    return bars, round(load.crew.capacity * scale, 1)
