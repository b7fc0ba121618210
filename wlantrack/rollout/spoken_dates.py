"""Dates as people know them: "Q1/2021", "Mitte September 2021", "nach der Sommerpause".

Decides which days such words cover, in German and English, and keeps the words themselves: they
are what is shown, so that nothing looks finer than it is known.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_WORDING = 80
YEARS = range(1950, 2151)


class Precision(StrEnum):
    """How finely a date is known, the finest first."""

    DAY = "day"
    WEEK = "week"
    MONTH_PART = "part of a month"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR_PART = "part of a year"
    HALF_YEAR = "half-year"
    YEAR = "year"
    WORDS = "words"


@dataclass(frozen=True)
class SpokenDate:
    """A period in somebody's words; of a day, ``earliest`` and ``latest`` are the same.

    A plan reckons with ``latest``: what is promised for a quarter is late only after it.
    """

    wording: str
    earliest: date
    latest: date
    precision: Precision

    def is_over(self, today: date) -> bool:
        """Tell whether all of it has passed."""
        return self.latest < today


_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "januar jan january jänner",
            "februar feb february",
            "märz mär mrz march mar",
            "april apr",
            "mai may",
            "juni jun june",
            "juli jul july",
            "august aug",
            "september sep sept",
            "oktober okt october oct",
            "november nov",
            "dezember dez december dec",
        ),
        start=1,
    )
    for word in words.split()
}
_PARTS = {
    word: number
    for number, words in enumerate(
        (
            ("anfang", "early", "beginning of"),
            ("mitte", "mid", "middle of"),
            ("ende", "late", "end of"),
        )
    )
    for word in words
}
_SEASONS = {
    word: first_month
    for first_month, words in (
        (3, ("frühjahr", "frühling", "spring")),
        (6, ("sommer", "summer")),
        (9, ("herbst", "autumn", "fall")),
        (12, ("winter",)),
    )
    for word in words
}
_YEAR = r"(?P<year>\d{4})"
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_PART = rf"(?P<part>{'|'.join(_PARTS)})[ -]"
_SEASON = rf"(?P<season>{'|'.join(_SEASONS)})"
_RANGE = re.compile(r"(.+?)(?: bis | to | until | ?[\u2013\u2014] ?| - )(.+)", re.IGNORECASE)
_FIRST_DAY_OF_PART = (1, 11, 21)

Period = tuple[date, date, Precision]


def parse_spoken(text: str) -> SpokenDate:
    """Read what somebody wrote.

    Raises
    ------
    InvalidInput
        The words name no period that is known by itself.
    """
    wording = " ".join(text.split())
    period = _read(wording)
    if period is None:
        period = _read_range(wording)
    if period is None:
        raise InvalidInput(
            Problem(
                msg("This is no period that everybody reads alike."),
                msg(
                    "Write a day, week, month, quarter, half or year with its year, such as"
                    " 15.09.2021, CW 37/2021, mid September 2021, Q1/2021; or keep your words and"
                    " give the first and last day beside them."
                ),
                value=wording[:LONGEST_WORDING],
            )
        )
    return _make(wording, *period)


def put_in_words(wording: str, earliest: date, latest: date) -> SpokenDate:
    """Give a period that only its days tell, such as "nach der Sommerpause".

    Raises
    ------
    InvalidInput
        There are no words, too many, or the days are the wrong way round or of no plan.
    """
    wording = " ".join(wording.split())
    if not wording:
        raise InvalidInput(
            Problem(msg("The date has no words."), msg("Write how it is known."), field="wording")
        )
    for name, day in (("earliest", earliest), ("latest", latest)):
        if day.year not in YEARS:
            raise InvalidInput(
                Problem(
                    msg("No plan has this year."),
                    msg("Enter a day from %(first)d to %(last)d.", first=YEARS[0], last=YEARS[-1]),
                    field=name,
                    value=day.isoformat(),
                )
            )
    return _make(wording, earliest, latest, Precision.WORDS)


def _make(wording: str, earliest: date, latest: date, precision: Precision) -> SpokenDate:
    if len(wording) > LONGEST_WORDING:
        raise InvalidInput(
            Problem(
                msg("These words are too long: %(count)d signs.", count=len(wording)),
                msg("Keep to %(most)d signs.", most=LONGEST_WORDING),
                field="wording",
            )
        )
    for field, day in (("earliest", earliest), ("latest", latest)):
        if day.year not in YEARS:
            raise InvalidInput(
                Problem(
                    msg(
                        "This day does not lie in the years %(first)s to %(last)s.",
                        first=str(YEARS[0]),
                        last=str(YEARS[-1]),
                    ),
                    msg("Correct the year."),
                    field=field,
                    value=day.isoformat(),
                )
            )
    if latest < earliest:
        raise InvalidInput(
            Problem(
                msg("The period ends before it begins."),
                msg("Give the first day first."),
                field="latest",
                value=latest.isoformat(),
            )
        )
    return SpokenDate(wording, earliest, latest, precision)


def _read(text: str) -> Period | None:
    for pattern, make in _FORMS:
        found = re.fullmatch(pattern, text, re.IGNORECASE)
        if found is not None:
            try:
                return make(found)
            except ValueError:  # 31.02., week 60, month 13
                return None
    return None


def _read_range(text: str) -> Period | None:
    """Read "März bis Mai 2021": a first half without a year has that of the second."""
    ends = _RANGE.fullmatch(text)
    last = _read(ends[2]) if ends else None
    if ends is None or last is None:
        return None
    year = last[1].year
    first = _read(ends[1]) or _read(f"{ends[1]} {year}") or _read(f"{ends[1]}{year}")
    if first is None:
        return None
    return first[0], last[1], max(first[2], last[2], key=list(Precision).index)


def _year(found: re.Match[str]) -> int:
    year = int(found["year"])
    if year not in YEARS:
        message = "not a year of a plan"
        raise ValueError(message)
    return year


def _month_number(found: re.Match[str]) -> int:
    word = found["month"].casefold()
    return _MONTHS[word] if word in _MONTHS else int(word)


def _day(found: re.Match[str]) -> Period:
    day = date(_year(found), _month_number(found), int(found["day"]))
    return day, day, Precision.DAY


def _week(found: re.Match[str]) -> Period:
    monday = date.fromisocalendar(_year(found), int(found["week"]), 1)
    return monday, monday + timedelta(days=6), Precision.WEEK


def _months(year: int, first: int, count: int, precision: Precision) -> Period:
    """Give whole months; they may run into the next year."""
    last_year, last = divmod(first + count - 2, 12)
    last_year, last = year + last_year, last + 1
    return date(year, first, 1), date(last_year, last, monthrange(last_year, last)[1]), precision


def _month(found: re.Match[str]) -> Period:
    return _months(_year(found), _month_number(found), 1, Precision.MONTH)


def _part_of_month(found: re.Match[str]) -> Period:
    first, last, _ = _month(found)
    part = _PARTS[found["part"].casefold()]
    begin = first.replace(day=_FIRST_DAY_OF_PART[part])
    end = last if part == len(_FIRST_DAY_OF_PART) - 1 else begin + timedelta(days=9)
    return begin, end, Precision.MONTH_PART


def _part_of_year(found: re.Match[str]) -> Period:
    part = _PARTS[found["part"].casefold()]
    return _months(_year(found), 1 + 4 * part, 4, Precision.YEAR_PART)


def _quarter(found: re.Match[str]) -> Period:
    return _months(_year(found), 3 * int(found["quarter"]) - 2, 3, Precision.QUARTER)


def _half(found: re.Match[str]) -> Period:
    return _months(_year(found), 6 * int(found["half"]) - 5, 6, Precision.HALF_YEAR)


def _season(found: re.Match[str]) -> Period:
    return _months(_year(found), _SEASONS[found["season"].casefold()], 3, Precision.SEASON)


def _winter(found: re.Match[str]) -> Period:
    year = _year(found)
    if int(found["next"]) not in {year + 1, (year + 1) % 100}:
        message = "a winter lies in two years that follow one another"
        raise ValueError(message)
    return _months(year, 12, 3, Precision.SEASON)


def _whole_year(found: re.Match[str]) -> Period:
    return _months(_year(found), 1, 12, Precision.YEAR)


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], Period]], ...] = (
    (rf"{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)", _day),
    (rf"(?P<day>\d\d?)\.(?P<month>\d\d?)\.{_YEAR}", _day),
    (rf"(?P<day>\d\d?)\.? {_MONTH} {_YEAR}", _day),
    (rf"(?:KW|CW|week) ?(?P<week>\d\d?)[ /]{_YEAR}", _week),
    (rf"{_YEAR}-?W(?P<week>\d\d)", _week),
    (rf"{_PART}{_MONTH} {_YEAR}", _part_of_month),
    (rf"{_PART}{_YEAR}", _part_of_year),
    (rf"{_MONTH} {_YEAR}", _month),
    (rf"(?P<month>\d\d?)/{_YEAR}", _month),
    (rf"{_YEAR}-(?P<month>\d\d)", _month),
    (rf"Q ?(?P<quarter>[1-4])[ /]{_YEAR}", _quarter),
    (rf"{_YEAR}[ -]?Q(?P<quarter>[1-4])", _quarter),
    (rf"(?P<quarter>[1-4])\. Quartal {_YEAR}", _quarter),
    (rf"H ?(?P<half>[12])[ /]{_YEAR}", _half),
    (rf"(?P<half>[12])\. Halbjahr {_YEAR}", _half),
    (rf"Winter {_YEAR}/(?P<next>\d{{2}}|\d{{4}})", _winter),
    (rf"{_SEASON} {_YEAR}", _season),
    (_YEAR, _whole_year),
)


@lru_cache(maxsize=4096)
def put_day_in_words(day: date, like: SpokenDate) -> SpokenDate:
    """Give a reckoned day no finer than the date that it was reckoned from.

    What follows from a quarter is told as a quarter. The words are those of both languages.
    """
    span_days = (like.latest - like.earliest).days + 1
    for most_days, write in _COARSER:
        if span_days <= most_days:
            return parse_spoken(write(day, like))
    return parse_spoken(str(day.year))


def _write_quarter(day: date, _like: SpokenDate) -> str:
    return f"Q{(day.month + 2) // 3}/{day.year}"


def _write_week(day: date, like: SpokenDate) -> str:
    year, week, _ = day.isocalendar()
    # Weeks have no words of both languages: who wrote "KW 12/2027" reads the like again.
    is_german = like.wording.lstrip()[:2].upper() == "KW"
    return f"KW {week}/{year}" if is_german else f"{year}-W{week:02}"


def _write_half(day: date, _like: SpokenDate) -> str:
    return f"H{1 if day.month <= 6 else 2}/{day.year}"


_COARSER: tuple[tuple[int, Callable[[date, SpokenDate], str]], ...] = (
    (1, lambda day, _: f"{day:%d.%m.%Y}"),
    (7, _write_week),
    (31, lambda day, _: f"{day:%m/%Y}"),
    (92, _write_quarter),
    (184, _write_half),
)
