"""Working days: which days count, and how far apart two of them are.

Decides that time runs in whole working days. An instant is the number of working days that are
over: work of two days that begins at instant 10 ends at instant 12. Refuses to know where
holidays come from.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

WEEK = "Mon Tue Wed Thu Fri"
ORIGIN = date(1970, 1, 1)
CALENDAR_PER_WORKING = 7 / 5


class Workdays:
    """The working days of a place: a week without its holidays."""

    def __init__(self, holidays: Iterable[date] = (), week: str = WEEK) -> None:
        self._calendar = np.busdaycalendar(weekmask=week, holidays=sorted({*holidays}))

    def is_workday(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return bool(np.is_busday(day, busdaycal=self._calendar))

    def begin_of(self, day: date) -> int:
        """Give the instant at which a day begins; a holiday begins with the next working day."""
        return int(np.busday_count(ORIGIN, day, busdaycal=self._calendar))

    def end_of(self, day: date) -> int:
        """Give the instant at which a day ends; a holiday ends with the working day before."""
        return self.begin_of(day + timedelta(days=1))

    def day_from(self, instant: int) -> date:
        """Give the working day that begins at an instant: when work begins."""
        found: date = np.busday_offset(
            ORIGIN, instant, roll="forward", busdaycal=self._calendar
        ).astype(object)
        return found

    def day_until(self, instant: int) -> date:
        """Give the working day that ends at an instant: when work ends, or a milestone is due."""
        return self.day_from(instant - 1)
