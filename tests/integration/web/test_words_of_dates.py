"""A date that is known as a quarter is entered once, and comes back as that quarter wherever one looks."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import select

from tests.integration.web.visitor import enter
from tests.live_server import database_of
from wlantrack.store.models.milestones import Milestone
from wlantrack.store.models.places import Wing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

SAID = "Q1/2021"


def test_a_quarter_stays_a_quarter_everywhere(app: Flask, site: Site) -> None:
    manager = enter(app, "manager")
    page, code = add_milestone(app, manager)
    assert manager.post("/milestone-trend").status_code == 302
    preview = enter_once(manager, page)

    assert SAID in row_of(preview, code)
    assert f"Reached: {SAID}." in manager.get(page).text
    assert SAID in manager.get(page).text.split('id="history"')[1]
    assert SAID in row_of(manager.get("/milestones").text, code)
    assert SAID in row_of(manager.get("/milestone-trend").text, code)
    calendar = manager.get("/renovations/calendar?from=2021-02&months=3").text
    assert SAID in row_of(calendar, code)
    assert SAID in row_of(manager.get(f"/buildings/{site.building}").text, "Visitor WLAN live")
    taken = manager.post("/baselines/new", name="As said")
    assert row_of(manager.get(taken.location).text, code).count(SAID) == 2
    exported: list[Sequence[object]] = [*read_csv(manager, code), *read_xlsx(manager, code)]
    assert [SAID in cells for cells in exported] == [True, True]
    assert read_feed(app, manager, code) == SAID


def add_milestone(app: Flask, manager: Visitor) -> tuple[str, str]:
    """Add the first milestone of the eastern wing; gives its page and its code."""
    with database_of(app).reading() as session:
        wing = session.scalars(select(Wing.public_id).where(Wing.code == "EA")).one()
    added = manager.post("/milestones/new", place=f"wing:{wing}", kinds="visitor WLAN live")
    assert added.status_code == 302
    with database_of(app).reading() as session:
        milestone = session.scalars(select(Milestone).order_by(Milestone.id.desc())).first()
    assert milestone is not None
    return str(added.location), milestone.code


def enter_once(manager: Visitor, page: str) -> str:
    """Enter the date and apply it; gives the page that shows before what it moves."""
    preview = manager.fill_in(f"{page}/date", mode="actual", wording=SAID).text
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', preview.split("form-buttons")[1]))
    kept = {name: values[name] for name in ("version", "mode", "wording", "reason", "seen")}
    assert manager.post(f"{page}/date", **kept).status_code == 302
    return preview


def row_of(page: str, words: str) -> str:
    """Give the first row of a table in which some words stand, without its marks."""
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    return next(text for row in rows if words in (text := re.sub(r"<[^>]+>|\s+", " ", row)))


def read_csv(manager: Visitor, code: str) -> Iterator[Sequence[object]]:
    text = manager.get("/export/milestones.csv").data.decode("utf-8-sig")
    yield from (list(row) for row in csv.reader(io.StringIO(text), delimiter=";") if code in row)


def read_xlsx(manager: Visitor, code: str) -> Iterator[Sequence[object]]:
    book = load_workbook(io.BytesIO(manager.get("/export/milestones.xlsx").data))
    sheet = book.worksheets[0]
    yield from (list(row) for row in sheet.iter_rows(values_only=True) if code in row)


def read_feed(app: Flask, manager: Visitor, code: str) -> str:
    """Subscribe as a calendar program does, and give what the entry says."""
    told = re.search(r"/calendars/[\w-]+\.ics", manager.post("/account/calendars", name="x").text)
    assert told
    events = Calendar.from_ical(app.test_client().get(told[0]).data).walk("VEVENT")
    (event,) = (event for event in events if code in str(event["summary"]))
    return str(event["description"])
