"""The calendar of renovations: which walls are open when, by wing, with what forbids work.

Decides rows and bars as days; refuses to know pixels. A date that is known coarsely makes a bar with
an open end: it may begin or end on any day of that time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wlantrack.services import renovations
from wlantrack.services.actor import Action, Actor
from wlantrack.store.queries import renovations as queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.store.models.renovations import Renovation, RenovationPart, RenovationPhase
    from wlantrack.store.models.work import Blackout


@dataclass(frozen=True)
class Bar:
    """One stretch of time: surely from ``begins_on`` to ``ends_on``, possibly from and to more.

    ``kind`` is "walls", "phase" or "blackout"; an end that nobody has said is None.
    """

    kind: str
    label: str
    begins: SpokenDate | None
    ends: SpokenDate | None
    certainty: str = "certain"
    renovation: Renovation | None = None
    part: RenovationPart | None = None

    def span(self, first: date, last: date) -> tuple[date, date, date, date]:
        """Give possible begin, sure begin, sure end and possible end, cut to a time."""
        begins = (self.begins.earliest, self.begins.latest) if self.begins else (first, first)
        ends = (self.ends.earliest, self.ends.latest) if self.ends else (last, last)
        sure_end = max(ends[0], begins[1])
        days = (begins[0], min(begins[1], sure_end), sure_end, max(ends[1], sure_end))
        cut = [min(max(day, first), last) for day in days]
        return cut[0], cut[1], cut[2], cut[3]


@dataclass(frozen=True)
class _Place:
    """What a row stands for: a wing, or a building as a whole."""

    building: str
    wing: str
    building_id: int
    wing_id: int | None


@dataclass(frozen=True)
class CalendarRow:
    """A wing, or a whole building, with its bars and the blackouts that hold there."""

    building: str
    place: str
    bars: tuple[Bar, ...]
    blackouts: tuple[Blackout, ...]


@dataclass(frozen=True)
class RenovationCalendar:
    """Rows by building and wing, and the blackouts of any of these buildings."""

    first: date
    last: date
    rows: tuple[CalendarRow, ...]
    blackouts: tuple[Blackout, ...]


def make_calendar(
    session: Session,
    actor: Actor,
    visible: Sequence[Renovation],
    first: date,
    last: date,
    building: str = "",
) -> RenovationCalendar:
    """Give the calendar of the renovations in scope for a time, of one building or all."""
    bars: dict[_Place, list[Bar]] = {}
    found = [
        item
        for item in visible
        if item.state != "cancelled" and building in {"", item.building.code}
    ]
    for renovation in found:
        for part in renovation.parts:
            bar = _walls(renovation, part)
            if _touches(bar, first, last):
                bars.setdefault(_row_of(renovation, part), []).append(bar)
        for phase in renovation.phases:
            bar = _phase(renovation, phase)
            if _touches(bar, first, last):
                row = _row_of(renovation, renovation.parts[0] if renovation.parts else None)
                bars.setdefault(row, []).append(bar)
    buildings = {item.building_id for item in found}
    blackouts = tuple(
        item
        for item in queries.list_blackouts(session, buildings, first, last)
        if _concerns(actor, item)
    )
    rows = tuple(
        CalendarRow(
            place.building,
            place.wing,
            tuple(sorted(bars[place], key=_begin_of)),
            tuple(
                item
                for item in blackouts
                if renovations.is_quiet_at(item, place.building_id, place.wing_id)
            ),
        )
        for place in sorted(bars, key=lambda place: (place.building, place.wing))
    )
    return RenovationCalendar(first, last, rows, blackouts)


def _concerns(actor: Actor, blackout: Blackout) -> bool:
    """Tell whether a blackout holds anywhere in the actor's scope."""
    scopes = actor.scopes(Action.SEE_RENOVATIONS)
    if blackout.building_id is None or scopes is None:
        return True
    if blackout.wing_id is None:
        return any(scope.touches(blackout.building_id) for scope in scopes)
    return actor.can(Action.SEE_RENOVATIONS, blackout.building_id, blackout.wing_id)


def _row_of(renovation: Renovation, part: RenovationPart | None) -> _Place:
    building, wing = renovation.building, part.wing if part is not None else None
    if wing is None:
        return _Place(building.code, "", building.id, None)
    return _Place(building.code, wing.name, building.id, wing.id)


def _walls(renovation: Renovation, part: RenovationPart) -> Bar:
    where = part.name or (part.floor.name if part.floor else "")
    label = f"{renovation.name}: {where}" if where else renovation.name
    return Bar("walls", label, part.opens, part.closes, renovation.certainty, renovation, part)


def _phase(renovation: Renovation, phase: RenovationPhase) -> Bar:
    label = f"{renovation.name}: {phase.name}"
    return Bar("phase", label, phase.begins, phase.ends, renovation.certainty, renovation)


def _touches(bar: Bar, first: date, last: date) -> bool:
    if bar.begins is None and bar.ends is None:
        return False
    begins = bar.begins.earliest if bar.begins else first
    ends = bar.ends.latest if bar.ends else last
    return begins <= last and ends >= first


def _begin_of(bar: Bar) -> tuple[date, str]:
    return (bar.begins.earliest if bar.begins else date.min), bar.label


def list_months(first: date, last: date) -> list[date]:
    """Give the first days of the months of a time."""
    months, day = [], first.replace(day=1)
    while day <= last:
        months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return months


def list_undated(found: Iterable[Renovation]) -> list[tuple[Renovation, RenovationPart]]:
    """Give the parts of which neither opening nor closing is known."""
    return [
        (renovation, part)
        for renovation in found
        for part in renovation.parts
        if part.opens is None and part.closes is None and renovation.state not in renovations.OVER
    ]
