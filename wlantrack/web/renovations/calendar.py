"""The calendar of renovations as SVG: days become positions here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from wlantrack.services.renovation_calendar import list_months

if TYPE_CHECKING:
    from datetime import date

    from wlantrack.services.renovation_calendar import Bar, CalendarRow, RenovationCalendar
    from wlantrack.store.models.work import Blackout

WIDTH = 960
LABEL_WIDTH = 190
HEAD = 34
LINE = 34
ROW_GAP = 14
NARROWEST = 1.5
"""A narrower stretch of time would not be seen."""


@dataclass(frozen=True)
class DrawnBar:
    """A bar in the units of the drawing; the sure part lies inside the possible one."""

    bar: Bar
    x: float
    width: float
    sure_x: float
    sure_width: float
    y: float
    closes_x: float | None
    words: str


@dataclass(frozen=True)
class DrawnRow:
    """A row with its head and bars; blackouts are x, width and name."""

    row: CalendarRow
    y: float
    height: float
    bars: tuple[DrawnBar, ...]
    blackouts: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class DrawnCalendar:
    """What the SVG shows."""

    width: int
    height: float
    label_width: int
    head: int
    months: tuple[tuple[date, float, float], ...]
    rows: tuple[DrawnRow, ...]
    today_x: float | None


def draw_calendar(calendar: RenovationCalendar, today: date) -> DrawnCalendar:
    """Lay a calendar out."""
    days = (calendar.last - calendar.first).days + 1
    scale = (WIDTH - LABEL_WIDTH) / days

    def x_of(day: date) -> float:
        return round(LABEL_WIDTH + (day - calendar.first).days * scale, 1)

    def place_blackout(item: Blackout) -> tuple[float, float, str]:
        begins_on, ends_on = max(item.begins_on, calendar.first), min(item.ends_on, calendar.last)
        width = ((ends_on - begins_on).days + 1) * scale
        return x_of(begins_on), round(max(width, NARROWEST), 1), item.name

    rows, y = [], float(HEAD)
    for row in calendar.rows:
        bars = []
        for number, bar in enumerate(row.bars):
            first, sure_first, sure_last, last = bar.span(calendar.first, calendar.last)
            after, sure_after = last + timedelta(days=1), sure_last + timedelta(days=1)
            is_closing = bar.kind == "walls" and bar.ends is not None
            closes_on = bar.ends.earliest if bar.ends else None
            inside = closes_on is not None and calendar.first <= closes_on <= calendar.last
            bars.append(
                DrawnBar(
                    bar=bar,
                    x=x_of(first),
                    width=round(x_of(after) - x_of(first), 1),
                    sure_x=x_of(sure_first),
                    sure_width=round(x_of(sure_after) - x_of(sure_first), 1),
                    y=y + 4 + number * LINE,
                    closes_x=x_of(closes_on) if closes_on and inside and is_closing else None,
                    words=bar.label,
                )
            )
        height = ROW_GAP + LINE * len(row.bars)
        quiet = tuple(map(place_blackout, row.blackouts))
        rows.append(DrawnRow(row, y, height, tuple(bars), quiet))
        y += height
    months = []
    for month in list_months(calendar.first, calendar.last):
        begin = max(month, calendar.first)
        end = min((month + timedelta(days=32)).replace(day=1), calendar.last + timedelta(days=1))
        months.append((month, x_of(begin), x_of(end)))
    here = calendar.first <= today <= calendar.last
    return DrawnCalendar(
        WIDTH,
        y,
        LABEL_WIDTH,
        HEAD,
        tuple(months),
        tuple(rows),
        x_of(today) if here else None,
    )
