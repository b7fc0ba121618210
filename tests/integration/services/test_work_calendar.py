from __future__ import annotations

from datetime import date

import pytest

from wlantrack.errors import InvalidInput
from wlantrack.services import work_calendar


def test_a_holiday_of_the_region_is_no_working_day() -> None:
    epiphany = date(2026, 1, 6)

    assert not work_calendar.find_workdays("DE-BW").is_workday(epiphany)
    assert work_calendar.find_workdays("DE-BE").is_workday(epiphany)


def test_holidays_have_names_in_the_languages_of_the_pages() -> None:
    christmas = date(2026, 12, 25)

    assert work_calendar.list_holidays("DE-BW", 2026, "de")[christmas] == "Erster Weihnachtstag"
    assert "Christmas" in work_calendar.list_holidays("DE-BW", 2026, "en")[christmas]


@pytest.mark.parametrize("region", ["", "XX", "DE-XX", "Bavaria"])
def test_an_unknown_region_is_refused_by_the_name_of_its_setting(region: str) -> None:
    with pytest.raises(InvalidInput, match="WLANTRACK_HOLIDAY_REGION"):
        work_calendar.find_workdays(region)
