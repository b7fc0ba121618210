"""The milestone trend chart as numbers for an SVG: report date across, forecast date up.

On the diagonal a milestone is reached. What had no date stands in a band above the dates, so that
it is seen and is no date. The table beside the chart says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wlantrack.services.snapshots import MOST_LINES, list_report_dates

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wlantrack.services.snapshots import Trend

WIDTH, HEIGHT = 760.0, 420.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 84.0, 150.0, 12.0, 44.0
_BAND = 44.0
_APART = 15.0
_MARKS = 6


@dataclass(frozen=True)
class Dot:
    """One report: where, and whether it was undated or reached."""

    x: float
    y: float
    kind: str


@dataclass(frozen=True)
class TrendLine:
    """One milestone: its parts that have a date, its dots, and where its name stands."""

    code: str
    number: int
    parts: tuple[str, ...]
    dots: tuple[Dot, ...]
    label_y: float


@dataclass(frozen=True)
class TrendChart:
    """Everything that is drawn; marks are (date, place) along each axis.

    ``undated`` are the codes of those that never had a date: they are named in the band.
    """

    lines: tuple[TrendLine, ...]
    undated: tuple[str, ...]
    across: tuple[tuple[date, float], ...]
    up: tuple[tuple[date, float], ...]
    diagonal: tuple[float, float, float, float] | None
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    top: float = _TOP
    band: float = _TOP + _BAND
    bottom: float = HEIGHT - _BOTTOM
    width: float = WIDTH
    height: float = HEIGHT


def draw_trends(trends: Sequence[Trend]) -> TrendChart | None:
    """Lay out the first trends; None where there are fewer than two report dates."""
    shown = [trend for trend in trends if trend.has_date][:MOST_LINES]
    undated = tuple(trend.line.code for trend in trends if not trend.has_date)
    reports = list_report_dates(trends)
    if len(reports) < 2:
        return None
    forecasts = [p.forecast.latest for trend in shown for p in trend.points if p.forecast]
    first, last = reports[0], reports[-1]
    low, high = min([first, *forecasts]), max([last, *forecasts])
    low = max(low, first - timedelta(days=366))

    def x(day: date) -> float:
        return _between(day, first, last, _LEFT, WIDTH - _RIGHT)

    def y(day: date) -> float:
        return _between(max(day, low), low, high, HEIGHT - _BOTTOM, _TOP + _BAND)

    def place(trend: Trend) -> list[Dot]:
        return [
            Dot(
                x(point.report_on),
                y(point.forecast.latest) if point.forecast else _TOP + _BAND / 2,
                "reached" if point.is_reached else "dated" if point.forecast else "undated",
            )
            for point in trend.points
        ]

    placed = [place(trend) for trend in shown]
    labels = _spread([dots[-1].y for dots in placed])
    lines = tuple(
        TrendLine(trend.line.code, number, _join(dots), tuple(dots), label_y)
        for number, (trend, dots, label_y) in enumerate(zip(shown, placed, labels, strict=True))
    )
    begin, end = max(first, low), min(last, high)
    diagonal = (x(begin), y(begin), x(end), y(end)) if begin < end else None
    across, up = _mark(reports, x), _mark_months(low, high, y)
    return TrendChart(lines, undated, across, up, diagonal)


def _between(day: date, first: date, last: date, begin: float, end: float) -> float:
    span = (last - first).days or 1
    return round(begin + (end - begin) * (day - first).days / span, 1)


def _join(dots: Sequence[Dot]) -> tuple[str, ...]:
    """Give the lines through neighbouring dots that have a date."""
    parts: list[list[str]] = [[]]
    for dot in dots:
        if dot.kind == "undated":
            parts.append([])
        else:
            parts[-1].append(f"{dot.x},{dot.y}")
    return tuple(" ".join(part) for part in parts if len(part) > 1)


def _spread(wanted: Sequence[float]) -> list[float]:
    """Move names apart that would cover one another, keeping their order, and in the chart."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [0.0] * len(wanted)
    lowest = _TOP
    for index in order:
        placed[index] = lowest = max(wanted[index], lowest + _APART)
    bound = HEIGHT - _BOTTOM
    for index in reversed(order):
        placed[index] = bound = min(placed[index], bound)
        bound -= _APART
    return placed


def _mark(reports: Sequence[date], x: Callable[[date], float]) -> tuple[tuple[date, float], ...]:
    step = -(-len(reports) // _MARKS)
    kept = [*reversed(reports)][::step]
    return tuple((day, x(day)) for day in reversed(kept))


def _mark_months(
    low: date, high: date, y: Callable[[date], float]
) -> tuple[tuple[date, float], ...]:
    """Give the first days of months, of every so many of which there are few enough."""
    months = []
    day = low.replace(day=1)
    while day <= high:
        if day >= low:
            months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    step = -(-len(months) // _MARKS) or 1
    return tuple((day, y(day)) for day in months[::step])
