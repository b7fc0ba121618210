"""The working calendar: holidays, blackouts, sessions and absences of crews, day by day.

Decides that what was read from a calendar, such as the council's, stands apart from what people
have entered. A reader sees what holds anywhere in scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wlantrack.services.actor import Action, Actor
from wlantrack.services.work_calendar import find_workdays, list_holidays
from wlantrack.store.queries import work as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.work import Blackout, CrewAbsence


@dataclass(frozen=True)
class CalendarDay:
    """A day: whether people work on it, and what speaks against that.

    ``sessions`` are blackouts that were read from a calendar, ``blackouts`` those of people.
    """

    day: date
    is_workday: bool
    holiday: str
    sessions: tuple[Blackout, ...]
    blackouts: tuple[Blackout, ...]
    absences: tuple[CrewAbsence, ...]


def list_days(
    session: Session, actor: Actor, region: str, language: str, month: date, building: str = ""
) -> list[CalendarDay]:
    """Give the days of a month; with a building's code only what holds there or everywhere."""
    first = month.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    workdays, holidays = find_workdays(region), list_holidays(region, first.year, language)
    found = [
        item
        for item in queries.list_blackouts_between(
            session, actor.scope_pairs(Action.SEE_WORK), first, last
        )
        if not building or item.building is None or item.building.code == building
    ]
    absences = queries.list_absences_between(session, first, last)
    days = []
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        held = [item for item in found if item.begins_on <= day <= item.ends_on]
        days.append(
            CalendarDay(
                day,
                workdays.is_workday(day),
                holidays.get(day, ""),
                tuple(item for item in held if item.calendar),
                tuple(item for item in held if not item.calendar),
                tuple(item for item in absences if item.begins_on <= day <= item.ends_on),
            )
        )
    return days
