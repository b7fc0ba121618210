"""Forecasts as they were on report dates, and the trend that they draw.

Decides that a report date is a month's end, or any day on which somebody asks for it; keeping one
twice changes nothing. What is drawn is the milestone trend chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wlantrack.services.actor import Action, Actor
from wlantrack.services.baselines import tell_reason
from wlantrack.services.milestones import View, find_view
from wlantrack.services.plan import find_plan
from wlantrack.services.results import stamp
from wlantrack.store.models.milestones import ForecastSnapshot
from wlantrack.store.queries import milestones as queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.milestones import MilestoneLine
    from wlantrack.services.plan import CityPlan, PlanParts

MOST_DAYS_AFTER = 3
"""A nightly run that late still tells a month's end; later nobody knows what was forecast then."""
MOST_LINES = 12
"""A chart of more lines cannot be read; the table beside it holds all."""


def find_month_end(today: date) -> date | None:
    """Give the month's end for which a run of this day counts, if it is not too late for it."""
    if (today + timedelta(days=1)).day == 1:
        return today
    last = today.replace(day=1) - timedelta(days=1)
    return last if (today - last).days <= MOST_DAYS_AFTER else None


def keep_snapshots(session: Session, parts: PlanParts) -> int:
    """Keep every forecast if a month has just ended and nobody has kept it; gives how many."""
    report_on = find_month_end(parts.clock.today)
    if report_on is None or queries.has_snapshots(session, report_on):
        return 0
    return _keep(session, find_plan(session, parts), report_on)


def keep_now(session: Session, actor: Actor, parts: PlanParts) -> int:
    """Keep every forecast as of today, instead of what was kept today before.

    Raises
    ------
    NotAllowed
        The role does not reach the whole city.
    """
    actor.require(Action.EDIT_MILESTONES)
    today = parts.clock.today
    for snapshot in queries.list_snapshots_of(session, today):
        session.delete(snapshot)
    session.flush()
    return _keep(session, find_plan(session, parts), today)


def _keep(session: Session, city: CityPlan, report_on: date) -> int:
    session.add_all(_make(city, key, report_on) for key in city.milestones)
    session.commit()
    return len(city.milestones)


def _make(city: CityPlan, key: str, report_on: date) -> ForecastSnapshot:
    row = city.milestones[key]
    snapshot = ForecastSnapshot(milestone_uuid=row.public_id, report_on=report_on)
    snapshot.is_reached = row.actual is not None
    snapshot.forecast = city.find_expected(key)
    snapshot.undated_reason = "" if snapshot.forecast else tell_reason(city, key)
    return snapshot


@dataclass(frozen=True)
class TrendPoint:
    """What was forecast on a report date; without ``forecast`` there was no date."""

    report_on: date
    forecast: SpokenDate | None
    undated_reason: str
    is_reached: bool


@dataclass(frozen=True)
class Trend:
    """How the forecast of one milestone went, report date by report date, today the last."""

    line: MilestoneLine
    points: tuple[TrendPoint, ...]

    @property
    def has_date(self) -> bool:
        """Tell whether there was a date on any report date."""
        return any(point.forecast for point in self.points)

    @property
    def has_moved(self) -> bool:
        """Tell whether any two report dates say something else."""
        return len({point.forecast and point.forecast.latest for point in self.points}) > 1


def list_trends(
    session: Session, actor: Actor, parts: PlanParts, building: str = "", wing: str = ""
) -> list[Trend]:
    """Give the trends of a place's milestones in scope, those that have moved first.

    Without a building these are the whole programme's. What was reached at its first report date
    has no trend and is left out.
    """
    key = ("trends", stamp(session), actor.grants, parts.clock, building, wing)
    return parts.cache.remember(key, lambda: _list_trends(session, actor, parts, building, wing))


def _list_trends(
    session: Session, actor: Actor, parts: PlanParts, building: str, wing: str
) -> list[Trend]:
    view = find_view(session, actor, parts)
    wanted = {
        row.public_id: key
        for key, row in view.city.milestones.items()
        if building in {"", row.building} and wing in {"", row.wing} and view.sees(row)
    }
    found: dict[str, list[TrendPoint]] = {}
    for row in queries.list_snapshots(session, list(wanted)):
        reason = view.tell_kept(row.undated_reason)
        point = TrendPoint(row.report_on, row.forecast, reason, row.is_reached)
        found.setdefault(wanted[row.milestone_uuid], []).append(point)
    trends = [
        Trend(view.make_line(key), (*points, _now(view, key)))
        for key, points in found.items()
        if not points[0].is_reached
    ]
    return sorted(
        trends, key=lambda trend: (not trend.has_moved, not trend.has_date, trend.line.code)
    )


def _now(view: View, key: str) -> TrendPoint:
    """Give what is expected today as the last point."""
    city = view.city
    expected, row = city.find_expected(key), city.milestones[key]
    reason = "" if expected else view.tell_kept(tell_reason(city, key))
    return TrendPoint(city.clock.today, expected, reason, row.actual is not None)


def list_report_dates(trends: Sequence[Trend]) -> list[date]:
    """Give the report dates of some trends in order."""
    return sorted({point.report_on for trend in trends for point in trend.points})
