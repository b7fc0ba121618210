"""Working days: which days count, and how far apart two of them are.

Decides that time runs in whole working days. An instant is the number of working days that are
over: work of two days that begins at instant 10 ends at instant 12. Refuses to know where
holidays come from.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

WEEK = "Mon Tue Wed Thu Fri"
ORIGIN = date(1970, 1, 1)
CALENDAR_PER_WORKING = 7 / 5
FIRST_DAY, LAST_DAY = date(1000, 1, 1), date(9000, 1, 1)
"""Farther off every day is one of these, so that a plan of any length can still be reckoned."""
_DAYS_KEPT = 8192
"""Counting from the origin takes long beside looking a day up, and plans ask for the same days."""


class Workdays:
    """The working days of a place: a week without its holidays."""

    def __init__(self, holidays: Iterable[date] = (), week: str = WEEK) -> None:
        self._calendar = np.busdaycalendar(weekmask=week, holidays=sorted({*holidays}))
        self._begin_of = lru_cache(_DAYS_KEPT)(self._count_days)
        self._day_from = lru_cache(_DAYS_KEPT)(self._find_day)
        self._bounds = self._count_days(FIRST_DAY), self._count_days(LAST_DAY)

    @property
    def holidays(self) -> frozenset[date]:
        """Give the holidays that fall on days on which people would work."""
        return frozenset(self._calendar.holidays.astype(object).tolist())

    def is_workday(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return bool(np.is_busday(day, busdaycal=self._calendar))

    def begin_of(self, day: date) -> int:
        """Give the instant at which a day begins; a holiday begins with the next working day."""
        return self._begin_of(day)

    def end_of(self, day: date) -> int:
        """Give the instant at which a day ends; a holiday ends with the working day before."""
        return self.begin_of(min(day, LAST_DAY) + timedelta(days=1))

    def day_from(self, instant: int) -> date:
        """Give the working day that begins at an instant: when work begins."""
        return self._day_from(instant)

    def day_until(self, instant: int) -> date:
        """Give the working day that ends at an instant: when work ends, or a milestone is due."""
        return self.day_from(instant - 1)

    def shift(self, day: date, days: int) -> date:
        """Give the working day so many after a day, or before it if less than zero.

        From a holiday, the next working day on that way is the first.
        """
        if days > 0:
            return self.day_until(self.end_of(day) + days)
        return self.day_from(self.begin_of(day) + days) if days else day

    def _count_days(self, day: date) -> int:
        day = min(max(day, FIRST_DAY), LAST_DAY)
        return int(np.busday_count(ORIGIN, day, busdaycal=self._calendar))

    def _find_day(self, instant: int) -> date:
        first, last = self._bounds
        found: date = np.busday_offset(
            ORIGIN, min(max(instant, first), last), roll="forward", busdaycal=self._calendar
        ).astype(object)
        return found
