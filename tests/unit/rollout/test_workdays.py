"""Working days: how far apart two days are, and which lies so many away."""

from __future__ import annotations

from datetime import date

import pytest

from wlantrack.rollout.workdays import Workdays

GOOD_FRIDAY = date(2027, 3, 26)


@pytest.mark.parametrize(
    ("day", "days", "shifted"),
    [
        ("2027-03-24", 0, "2027-03-24"),
        ("2027-03-24", 2, "2027-03-29"),  # over Good Friday and the weekend
        ("2027-03-29", -2, "2027-03-24"),
        ("2027-03-27", 0, "2027-03-27"),
        ("2027-03-27", 1, "2027-03-29"),  # from a Saturday, Monday is one day on
        ("2027-03-27", -1, "2027-03-25"),  # and Thursday one back
        ("2027-03-25", 60, "2027-06-18"),
    ],
)
def test_a_day_so_many_working_days_away_is_found(day: str, days: int, shifted: str) -> None:
    workdays = Workdays([GOOD_FRIDAY])

    assert workdays.shift(date.fromisoformat(day), days) == date.fromisoformat(shifted)
