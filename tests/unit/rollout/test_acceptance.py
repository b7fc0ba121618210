from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.rollout.acceptance import WERKTAGE, find_end_of_period
from wlantrack.rollout.workdays import Workdays

ALL_SAINTS = date(2027, 11, 1)
"""A Monday, and a holiday in Baden-Württemberg."""


@pytest.mark.parametrize(
    ("used_since", "ends_on"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),  # Mon: Tue Wed Thu Fri Sat, Mon
        (date(2026, 11, 21), date(2026, 11, 28)),  # Sat: the week up to Saturday
        (date(2026, 11, 22), date(2026, 11, 28)),  # Sun: the same
        (date(2027, 10, 29), date(2027, 11, 6)),  # Fri: Sat, then the Monday is a holiday
    ],
)
def test_six_working_days_count_saturdays_but_neither_sundays_nor_holidays(
    used_since: date, ends_on: date
) -> None:
    assert find_end_of_period(used_since, Workdays([ALL_SAINTS], WERKTAGE)) == ends_on


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_without_holidays_it_ends_within_seven_days_and_never_on_a_sunday(day: date) -> None:
    end = find_end_of_period(day, Workdays(week=WERKTAGE))

    assert timedelta(days=6) <= end - day <= timedelta(days=7)
    assert end.isoweekday() != 7
