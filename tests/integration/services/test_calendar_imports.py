"""Calendars become blackouts: found again by UID, cancelled ones go, hostile files are refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.factories.people import make_actor
from tests.factories.rollout import add_absence, add_blackout, add_crew
from wlantrack.errors import InvalidInput, NotAllowed
from wlantrack.formats.ical import read_calendar_file
from wlantrack.formats.ical_reader import read_ical
from wlantrack.services import blackouts, calendar_imports, working_calendar
from wlantrack.services.actor import SYSTEM
from wlantrack.services.blackouts import BlackoutFilter
from wlantrack.services.calendar_imports import CalendarUpload
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor
    from wlantrack.services.calendar_imports import CalendarResult

TODAY = date(2026, 3, 2)
ZONE = "Europe/Berlin"
SESSION = "UID:a@x\nDTSTART;TZID=Europe/Berlin:20260319T160000\nSUMMARY:Council"
LATE = "UID:b@x\nDTSTART:20260324T230000Z\nDTEND:20260325T010000Z\nSUMMARY:Committee"


def make(*entries: str, name: str = "X-WR-CALNAME:Sessions") -> bytes:
    events = "\n".join(f"BEGIN:VEVENT\n{entry}\nEND:VEVENT" for entry in entries)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\n{name}\n{events}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def days_of(data: bytes) -> list[tuple[str, str, str]]:
    read = read_calendar_file(data, ZONE, date(2026, 12, 31))
    assert read.problems == ()
    return [(item.uid, item.begins_on, item.ends_on) for item in read.entries]


def load(
    session: Session,
    data: bytes,
    actor: Actor = SYSTEM,
    *,
    is_dry_run: bool = False,
    where: str = "",
) -> CalendarResult:
    upload = CalendarUpload("sessions.ics", data, where=where)
    clock = Clock(TODAY, "DE-BW")
    return calendar_imports.import_calendar(
        session, actor, upload, clock, ZONE, is_dry_run=is_dry_run
    )


def counts(result: CalendarResult) -> dict[str, int]:
    found = {name: result.count(name) for name in calendar_imports.OUTCOMES}
    return {name: count for name, count in found.items() if count}


def list_names(session: Session) -> list[tuple[str, date]]:
    rows, _ = blackouts.list_blackouts(session, SYSTEM, BlackoutFilter(), Page(), TODAY)
    return [(row.name, row.begins_on) for row in rows]


def test_days_are_those_of_the_installation_and_the_last_one_counts() -> None:
    whole = "UID:c@x\nDTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260403\nSUMMARY:Fair"
    night = "UID:d@x\nDTSTART:20260405T180000\nDURATION:PT6H\nSUMMARY:Ends at midnight"
    assert days_of(make(SESSION, LATE, whole, night)) == [
        ("a@x", "2026-03-19", "2026-03-19"),
        ("b@x", "2026-03-25", "2026-03-25"),
        ("c@x", "2026-04-01", "2026-04-02"),
        ("d@x", "2026-04-05", "2026-04-05"),
    ]


def test_an_entry_that_recurs_is_told_day_by_day_with_what_was_moved() -> None:
    series = "UID:s@x\nDTSTART;TZID=Europe/Berlin:20260305T160000\nRRULE:FREQ=WEEKLY;COUNT=4"
    series += "\nEXDATE;TZID=Europe/Berlin:20260312T160000\nSUMMARY:Council"
    moved = "UID:s@x\nRECURRENCE-ID;TZID=Europe/Berlin:20260319T160000"
    moved += "\nDTSTART;TZID=Europe/Berlin:20260320T160000\nSUMMARY:Council, moved"
    assert days_of(make(series, moved)) == [
        ("s@x/2026-03-05", "2026-03-05", "2026-03-05"),
        ("s@x/2026-03-26", "2026-03-26", "2026-03-26"),
        ("s@x/2026-03-19", "2026-03-20", "2026-03-20"),
    ]
    endless = "UID:e@x\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY\nSUMMARY:Daily"
    assert len(days_of(make(endless))) == 31
    ended = "UID:e@x\nDTSTART:20260302T080000Z\nRRULE:FREQ=DAILY;UNTIL=20260304T080000Z\nSUMMARY:x"
    assert len(days_of(make(ended))) == 3


@pytest.mark.parametrize(
    ("entry", "days"),
    [
        # Mondays at 23:30 UTC are Tuesdays here.
        ("DTSTART:20260302T233000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=2", ["03-03", "03-10"]),
        # The clock goes forward on 29 March: 00:30 stays 00:30, and 22:30 UTC becomes 00:30.
        (
            "DTSTART;TZID=Europe/Berlin:20260328T003000\nRRULE:FREQ=DAILY;COUNT=3",
            ["03-28", "03-29", "03-30"],
        ),
        ("DTSTART:20260327T223000Z\nRRULE:FREQ=DAILY;COUNT=3", ["03-27", "03-28", "03-30"]),
        # Programs end a series a second before the first entry that is to fall out.
        (
            "DTSTART;TZID=Europe/Berlin:20260303T183000\nRRULE:FREQ=WEEKLY;UNTIL=20260317T172959Z",
            ["03-03", "03-10"],
        ),
        ("DTSTART;VALUE=DATE:20260131\nRRULE:FREQ=MONTHLY;UNTIL=20260401", ["01-31", "03-31"]),
        ("DTSTART;VALUE=DATE:20260301\nRDATE;VALUE=DATE:20260315", ["03-01", "03-15"]),
        (
            "DTSTART;VALUE=DATE:20260301\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260302",
            ["03-01", "03-03"],
        ),
    ],
)
def test_what_recurs_keeps_to_its_own_time_zone_and_to_its_last_moment(
    entry: str, days: list[str]
) -> None:
    found = read_ical(make(f"UID:r@x\n{entry}\nSUMMARY:x"), timezone=ZONE, until="2026-12-31")
    assert [item.begins_on for item in found.entries] == [f"2026-{day}" for day in days]


def test_a_rule_that_never_meets_is_given_up_and_its_entry_is_named() -> None:
    never = "DTSTART;VALUE=DATE:20260301\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\nSUMMARY:x"
    data = make(SESSION, f"UID:n@x\n{never}", f"UID:m@x\n{never}")

    found = read_ical(data, timezone=ZONE, until="2026-12-31", seconds=0.2)

    ((row, message),) = [(problem.row, str(problem.message)) for problem in found.problems]
    assert row == 2
    assert message == "It takes too long to find days that meet the rule of this entry."


def test_reading_again_makes_nothing_new_and_follows_what_has_changed(
    session: Session, house: House
) -> None:
    west = house.west.id
    assert counts(load(session, make(SESSION, LATE), is_dry_run=True)) == {"created": 2}
    assert list_names(session) == []
    assert counts(load(session, make(SESSION, LATE), where="RH/WE")) == {"created": 2}
    assert counts(load(session, make(SESSION, LATE))) == {"unchanged": 2}
    (first, _), _ = blackouts.list_blackouts(session, SYSTEM, BlackoutFilter(), Page(), TODAY)
    assert (first.wing_id, first.noise_class) == (west, "loud")

    moved = SESSION.replace("20260319", "20260326")
    result = load(session, make(moved, f"{LATE}\nSTATUS:CANCELLED"))
    assert counts(result) == {"updated": 1, "removed": 1}
    assert list_names(session) == [("Council", date(2026, 3, 26))]
    assert counts(load(session, make(moved, f"{LATE}\nSTATUS:CANCELLED"))) == {
        "unchanged": 1,
        "cancelled": 1,
    }
    for is_dry_run in (True, False):
        gone = load(session, make(LATE), is_dry_run=is_dry_run)
        assert counts(gone) == {"created": 1}
        assert "no longer in the file: 1, first Council" in str(gone.warnings[0])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "no calendar"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\n", "damaged|no entry"),
        (make(), "no entry"),
        (make(SESSION, name="X-OTHER:1"), "how its calendar is called"),
        (make("UID:x\nDTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY\nSUMMARY:x"), "days|took"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused_whole(
    session: Session, data: bytes, words: str
) -> None:
    try:
        result = load(session, data)
    except InvalidInput as error:
        found = " ".join(str(problem.message) for problem in error.problems)
    else:
        found = " ".join(str(problem.message) for problem in result.errors)
    assert any(word in found for word in words.split("|")), found
    assert list_names(session) == []


def test_one_bad_entry_keeps_all_others_out(session: Session) -> None:
    result = load(session, make(SESSION, "DTSTART:20260101T100000Z\nSUMMARY:No UID", "UID:z@x"))
    assert [(item.row, item.file) for item in result.errors] == [
        (2, "sessions.ics"),
        (3, "sessions.ics"),
    ]
    assert list_names(session) == []


def test_who_may_read_a_calendar_where(session: Session, house: House) -> None:
    lead = make_actor("planner", house.building.id, house.west.id)
    with pytest.raises(NotAllowed):
        load(session, make(SESSION), lead)
    session.rollback()
    load(session, make(SESSION), where="RH/EA")
    moved = load(session, make(SESSION.replace("0319", "0320")), lead, where="RH/WE")
    assert [str(item.message) for item in moved.errors] == [
        "This entry holds where your role does not reach."
    ]
    with pytest.raises(NotAllowed):
        load(session, make(SESSION), make_actor("security officer"))


def test_the_working_calendar_shows_all_side_by_side(session: Session, house: House) -> None:
    load(session, make(SESSION), where="RH")
    add_blackout(session, name="Exam", begins_on=date(2026, 3, 19), ends_on=date(2026, 3, 20))
    crew = add_crew(session)
    add_absence(session, crew, begins_on=date(2026, 3, 19), ends_on=date(2026, 3, 19))
    session.commit()
    days = working_calendar.list_days(session, SYSTEM, "DE-BW", "de", TODAY)
    assert len(days) == 31
    day = days[18]
    assert [item.name for item in day.sessions] == ["Council"]
    assert [item.name for item in day.blackouts] == ["Exam"]
    assert [item.crew.code for item in day.absences] == [crew.code]
    assert day.is_workday
    easter = working_calendar.list_days(session, SYSTEM, "DE-BW", "de", date(2026, 4, 9))[2]
    assert (easter.holiday, easter.is_workday) == ("Karfreitag", False)
    other = working_calendar.list_days(session, SYSTEM, "DE-BW", "de", TODAY, "EW")[18]
    assert (other.sessions, len(other.blackouts)) == ((), 1)
    assert house.building.code == "RH"
