"""The working days of the city: five a week, without the holidays of its region.

Decides where holidays come from; refuses to know crews, sessions and blackouts.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import holidays

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.rollout.acceptance import WERKTAGE
from wlantrack.rollout.workdays import Workdays

if TYPE_CHECKING:
    from datetime import date

YEARS: Final = range(2015, 2061)
"""Holidays are known for these; a plan that reaches further counts weeks of five days."""


def find_workdays(region: str) -> Workdays:
    """Give the working days of a region, such as DE-BW.

    Raises
    ------
    InvalidInput
        The region is none whose holidays are known.
    """
    return _make_workdays(region)


def list_holidays(region: str, year: int, language: str) -> dict[date, str]:
    """Give the holidays of a year by day, named in a language if it is known, else in German."""
    country, _, part = region.partition("-")
    known = holidays.country_holidays(country, subdiv=part or None, years=year)
    tongue = next(
        (
            name
            for name in (known.supported_languages or ())
            if name.replace("_", "-").split("-")[0] == language
        ),
        None,
    )
    named = holidays.country_holidays(
        country, subdiv=part or None, years=year, language=tongue or known.default_language
    )
    return dict(sorted(named.items()))


def require_region(region: str) -> None:
    """Refuse a region whose holidays nobody knows.

    Raises
    ------
    InvalidInput
        Names the setting.
    """
    country, _, part = region.partition("-")
    parts = holidays.list_supported_countries().get(country)
    if parts is None or (part and part not in parts):
        raise InvalidInput(
            Problem(
                msg("No holidays are known for the region."),
                msg("Name a country and its part, such as DE-BW."),
                field="WLANTRACK_HOLIDAY_REGION",
                value=region,
            )
        )


@lru_cache(maxsize=8)
def _make_workdays(region: str) -> Workdays:
    require_region(region)
    country, _, part = region.partition("-")
    return Workdays(holidays.country_holidays(country, subdiv=part or None, years=YEARS))


@lru_cache(maxsize=8)
def find_werktage(region: str) -> Workdays:
    """Give the days that count in contracts: every day but Sundays and the region's holidays."""
    require_region(region)
    country, _, part = region.partition("-")
    found = holidays.country_holidays(country, subdiv=part or None, years=YEARS)
    return Workdays(found, WERKTAGE)
