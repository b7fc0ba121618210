"""The Gantt chart beside its table, and schedules that go out and come back through pages."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import enter, read_form, read_text

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

NAMESPACE = "http://schemas.microsoft.com/project"
FOREIGN = (
    f'<Project xmlns="{NAMESPACE}"><Title>Umbau</Title><Tasks>'
    "<Task><UID>4</UID><ID>1</ID><Name>&lt;b&gt;Pull</Name><Start>2099-01-05T08:00:00</Start>"
    "<Finish>2099-01-09T17:00:00</Finish><Duration>PT40H0M0S</Duration></Task>"
    "</Tasks></Project>"
).encode()


def plan(planner: Visitor, **values: str) -> str:
    made = planner.fill_in("/packages/new", where="RH/WE", kind="pulling", **values)
    return made.location.rsplit("/", 1)[-1]


def test_every_row_stands_in_words_and_as_a_drawing(planner: Visitor) -> None:
    plan(planner, planned_start="2099-01-05", planned_finish="2099-01-16", crew="T1")
    plan(planner, undated_reason="waits for the council")
    page = planner.get("/schedule?building=RH")
    text = read_text(page)
    assert "RH-WE-ZUG-1" in text
    assert "waits for the council" in text
    rows = page.text.count('<th scope="row"')
    assert rows == len(re.findall(r'<svg class="gantt__drawing(?: gantt__load)?"', page.text))
    assert 'class="gantt__undated"' in page.text
    of_crew = planner.get("/schedule?crew=T1").text
    assert "RH-WE-ZUG-1" in of_crew
    assert "RH-WE-ZUG-2" not in of_crew
    assert "Nothing is planned here" in planner.get("/schedule?wing=XX").text


def test_a_schedule_goes_out_and_comes_back_unchanged(planner: Visitor, site: Site) -> None:
    sent = planner.get("/schedule/msproject.xml?building=RH")
    assert site.package.encode() in sent.data
    file = (io.BytesIO(sent.data), "plan.xml")
    page = planner.fill_in("/schedule/import", file=file, kind="other", where="", renovation="")
    assert "Everything stands here as in the file." in read_text(page), read_text(page)


def test_a_foreign_schedule_is_seen_first_and_then_read(planner: Visitor) -> None:
    def preview(data: bytes) -> str:
        file = (io.BytesIO(data), "umbau.xml")
        choice = {"where": "RH/WE", "kind": "pulling", "renovation": "", "milestone_kind": ""}
        return planner.fill_in("/schedule/import", file=file, **choice).text

    page = preview(FOREIGN)
    assert "Would be created" in page
    assert "&lt;b&gt;Pull" in page
    done = planner.post("/schedule/import/apply", **read_form(page))
    assert "Pull" in read_text(planner.get(done.location))
    assert "Everything stands here as in the file." in preview(FOREIGN)
    later = FOREIGN.replace(b"01-05T", b"02-02T").replace(b"01-09T", b"02-06T")
    shown = preview(later)
    assert "What the lines move" in shown
    latest = later.replace(b"02-02T", b"03-02T").replace(b"02-06T", b"03-06T")
    planner.post("/schedule/import/apply", **read_form(preview(latest)))
    again = planner.post("/schedule/import/apply", **read_form(shown))
    assert "Nothing was imported: the plan has changed since you looked" in read_text(again)
    assert planner.post("/schedule/import/apply", **read_form(again.text)).status_code == 302
    assert "This is no date" in preview(FOREIGN.replace(b"2099-01-05T08", b"soon"))


def test_planned_days_move_by_a_day_but_not_those_of_what_has_begun(planner: Visitor) -> None:
    ref = plan(planner, planned_start="2099-01-07", planned_finish="2099-01-16")
    assert f'value="{ref}:1"' in planner.get("/schedule").text
    for step, version in (("later", 1), ("later", 2), ("earlier", 3)):
        planner.post("/packages/change", ids=f"{ref}:{version}", step=step, next="/schedule")
    assert 'value="2099-01-08"' in planner.get(f"/packages/{ref}/edit").text
    planner.post("/packages/change", ids=f"{ref}:4", step="begin")
    refused = planner.post("/packages/change", ids=f"{ref}:5", step="later")
    said = read_text(refused)
    assert said.count("has no planned days ahead") == 1
    assert "Enter first and last day on its form, or leave it out." in said


@pytest.mark.usefixtures("site")
def test_a_schedule_becomes_phases_of_a_renovation(app: Flask) -> None:
    manager = enter(app, "manager")
    listed = manager.get("/schedule/import").text
    codes = re.findall(r'<option value="([^"]+)">phases of the renovation', listed)
    choice = {"where": "", "kind": "other", "renovation": codes[0], "milestone_kind": ""}
    file = (io.BytesIO(FOREIGN), "umbau.xml")
    page = manager.fill_in("/schedule/import", file=file, **choice).text
    done = manager.post("/schedule/import/apply", **read_form(page))
    shown = read_text(manager.get(done.location))
    assert "<b>Pull" in shown
    sent = manager.get(f"/renovations/{codes[0]}/msproject.xml").data
    assert b"2099-01-09T17:00:00" in sent
