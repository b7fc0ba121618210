from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.errors import InvalidInput
from wlantrack.rollout.spoken_dates import (
    Precision,
    parse_spoken,
    put_day_in_words,
    put_in_words,
)

D = date.fromisoformat


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2021-09-07", "2021-09-07", "2021-09-07", Precision.DAY),
        ("7.9.2021", "2021-09-07", "2021-09-07", Precision.DAY),
        ("7. September 2021", "2021-09-07", "2021-09-07", Precision.DAY),
        ("7 Sept. 2021", "2021-09-07", "2021-09-07", Precision.DAY),
        ("KW 53/2020", "2020-12-28", "2021-01-03", Precision.WEEK),
        ("2021-W37", "2021-09-13", "2021-09-19", Precision.WEEK),
        ("Mitte September 2021", "2021-09-11", "2021-09-20", Precision.MONTH_PART),
        ("Ende Februar 2024", "2024-02-21", "2024-02-29", Precision.MONTH_PART),
        ("mid-September 2021", "2021-09-11", "2021-09-20", Precision.MONTH_PART),
        ("Anfang 2022", "2022-01-01", "2022-04-30", Precision.YEAR_PART),
        ("März 2021", "2021-03-01", "2021-03-31", Precision.MONTH),
        ("03/2021", "2021-03-01", "2021-03-31", Precision.MONTH),
        ("Q1/2021", "2021-01-01", "2021-03-31", Precision.QUARTER),
        ("4. Quartal 2021", "2021-10-01", "2021-12-31", Precision.QUARTER),
        ("2. Halbjahr 2021", "2021-07-01", "2021-12-31", Precision.HALF_YEAR),
        ("Sommer 2021", "2021-06-01", "2021-08-31", Precision.SEASON),
        ("Winter 2021/22", "2021-12-01", "2022-02-28", Precision.SEASON),
        ("2021", "2021-01-01", "2021-12-31", Precision.YEAR),
        ("März bis Mai 2021", "2021-03-01", "2021-05-31", Precision.MONTH),
        ("1.3. bis 5.3.2021", "2021-03-01", "2021-03-05", Precision.DAY),
        ("Mitte bis Ende 2021", "2021-05-01", "2021-12-31", Precision.YEAR_PART),
        ("März 2021 bis Q3/2021", "2021-03-01", "2021-09-30", Precision.QUARTER),
        ("1.3.2021 \u2013 5.3.2021", "2021-03-01", "2021-03-05", Precision.DAY),
        ("Mitte September", None, None, None),
        ("nach der Sommerpause", None, None, None),
        ("31.02.2021", None, None, None),
        ("KW 54/2021", None, None, None),
        ("13/2021", None, None, None),
        ("Winter 2021/23", None, None, None),
        ("Q1/0021", None, None, None),
        ("Q1/2022 bis Q4/2021", None, None, None),
        ("", None, None, None),
    ],
)
def test_words_cover_their_days(
    text: str, earliest: str | None, latest: str | None, precision: Precision | None
) -> None:
    if earliest is None or latest is None:
        with pytest.raises(InvalidInput):
            parse_spoken(text)
        return

    found = parse_spoken(f"  {text} ")

    assert (found.earliest, found.latest) == (D(earliest), D(latest))
    assert (found.precision, found.wording) == (precision, text)


def test_other_words_bring_their_days_along() -> None:
    found = put_in_words("nach der  Sommerpause", D("2021-09-13"), D("2021-09-24"))

    assert (found.wording, found.precision) == ("nach der Sommerpause", Precision.WORDS)
    assert not found.is_over(D("2021-09-24"))
    assert found.is_over(D("2021-09-25"))


@pytest.mark.parametrize(
    ("wording", "days", "field"),
    [("", 0, "wording"), ("w" * 81, 0, "wording"), ("bald", -1, "latest")],
)
def test_words_that_cannot_stand_are_refused(wording: str, days: int, field: str) -> None:
    first = D("2021-09-13")

    with pytest.raises(InvalidInput) as refused:
        put_in_words(wording, first, first + timedelta(days=days))

    assert refused.value.problems[0].field == field


@given(st.dates(D("1950-01-01"), D("2150-12-31")))
def test_each_day_lies_in_its_week_month_quarter_half_and_year(day: date) -> None:
    iso = day.isocalendar()
    quarter = (day.month + 2) // 3
    said = [
        f"{day.day}.{day.month}.{day.year}",
        f"{day.month}/{day.year}",
        f"Q{quarter}/{day.year}",
    ]
    said += [f"H{(quarter + 1) // 2}/{day.year}", str(day.year)]
    if iso.year in range(1950, 2151):
        said.append(f"KW {iso.week}/{iso.year}")

    for wording in said:
        found = parse_spoken(wording)
        assert found.earliest <= day <= found.latest, wording


@pytest.mark.parametrize(
    ("like", "words"),
    [
        ("KW 12/2027", "KW 14/2027"),
        ("2027-W12", "2027-W14"),
        ("15.03.2027", "05.04.2027"),
        ("März 2027", "04/2027"),
        ("Q1/2027", "Q2/2027"),
        ("2027", "2027"),
    ],
)
def test_a_reckoned_day_is_told_as_finely_and_in_the_words_it_came_from(
    like: str, words: str
) -> None:
    assert put_day_in_words(date(2027, 4, 5), parse_spoken(like)).wording == words
