"""Acceptance by use: from when work counts as accepted although nobody has accepted it.

Decides how the days are counted. Refuses to say that it is so: contracts may agree on formal
acceptance, and a city's lawyers read them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from wlantrack.rollout.workdays import Workdays

DAYS_OF_USE: Final = 6
"""Working days, Saturdays included, after which use counts as acceptance (VOB/B section 12 (5) 2)."""
WERKTAGE: Final = "Mon Tue Wed Thu Fri Sat"
"""The week by which such days count: every day but Sundays, and no holidays."""


def find_end_of_period(used_since: date, days: Workdays) -> date:
    """Give the day with whose end the work counts as accepted.

    Parameters
    ----------
    used_since
        The day on which it was taken into use; that day itself does not count (BGB section 187).
    days
        Which days count, of the week ``WERKTAGE``.

    Notes
    -----
    VOB/B (2016) section 12 (5) no. 2: where no acceptance is demanded and the client has taken the
    work, or part of it, into use, acceptance is deemed to have taken place after 6 working days
    from the beginning of the use, unless agreed otherwise.
    """
    day, left = used_since, DAYS_OF_USE
    while left:
        day += timedelta(days=1)
        left -= days.is_workday(day)
    return day
