"""Calendars by command: the council's sessions become blackouts, and what is no calendar none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//council//x//\r\n"


def write_sessions(file: Path, *days: str, status: str = "CONFIRMED") -> Path:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}@council\r\nDTSTART;VALUE=DATE:{day}\r\n"
        f"SUMMARY:Session\r\nSTATUS:{status}\r\nEND:VEVENT\r\n"
        for number, day in enumerate(days)
    )
    file.write_text(f"{HEAD}{events}END:VCALENDAR\r\n")
    return file


def test_sessions_become_blackouts_once_and_go_when_they_are_cancelled(
    wt: CommandLine, tmp_path: Path
) -> None:
    assert wt("add", "wing", "RH/MP").status == 0
    file = write_sessions(tmp_path / "sessions.ics", "20990105", "20990112")
    command = ("import", "ical", file, "--calendar", "Council", "--where", "RH/MP", "--json")

    assert wt(*command, "--dry-run").json["created"] == 2
    first, again = wt(*command), wt(*command)

    assert (first.status, first.json["created"], first.json["calendar"]) == (0, 2, "Council")
    assert (again.json["created"], again.json["updated"], again.json["unchanged"]) == (0, 0, 2)
    out = tmp_path / "blackouts.csv"
    assert wt("export", "table", "--kind", "blackouts", "--out", out).status == 0
    assert "Session;2099-01-05;2099-01-05;loud;RH;MP;Council;0@council;" in out.read_text("utf-8")

    write_sessions(file, "20990105", "20990113")
    assert (moved := wt(*command).json)["updated"] == 1, moved
    write_sessions(file, "20990105", "20990113", status="CANCELLED")
    assert (gone := wt(*command).json)["cancelled"] + gone["removed"] == 2, gone


def test_what_is_no_calendar_or_lies_nowhere_is_refused_and_nothing_is_written(
    wt: CommandLine, tmp_path: Path
) -> None:
    file = tmp_path / "sessions.ics"
    file.write_text("Monday 10:00 session\n")
    refused = wt("import", "ical", file, "--calendar", "Council", "--json")
    assert (refused.status, refused.json["created"]) == (1, 0)
    assert "no calendar" in refused.json["errors"][0]["message"]

    write_sessions(file, "20990105")
    nowhere = wt("import", "ical", file, "--calendar", "Council", "--where", "XX", "--json")
    assert nowhere.status == 1, nowhere.json
    assert "XX" in str(nowhere.json)
    nameless = wt("import", "ical", file, "--json")
    assert (nameless.status, nameless.json["created"]) == (1, 0)
    assert "how its calendar is called" in nameless.json["errors"][0]["message"]
    out = tmp_path / "blackouts.csv"
    assert wt("export", "table", "--kind", "blackouts", "--out", out).status == 0
    assert len(out.read_text("utf-8").splitlines()) == 1
