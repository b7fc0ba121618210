"""Pages of work: a package from its form to its end, a calendar from its file to blackouts."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from tests.integration.web.visitor import enter, read_form, read_text

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nX-WR-CALNAME:Council\r\n"
    b"BEGIN:VEVENT\r\nUID:a@x\r\nDTSTART;VALUE=DATE:20990105\r\nSUMMARY:<b>Session</b>\r\n"
    b"END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_a_package_is_planned_begun_and_finished(planner: Visitor, site: Site) -> None:
    address = "/packages/new"
    assert 'value="RH/WE"' in planner.get(f"{address}?where=RH/WE").text
    refused = planner.fill_in(address, where="RH/WE", kind="pulling", finished_on="2026-01-05")
    assert "no day on which it began" in refused.text
    made = planner.fill_in(address, where="RH/WE", kind="mounting", due="Q1/2099", crew="T1")
    page = planner.get(made.location).text
    assert "RH-WE-MTG-1" in page
    assert "Q1/2099" in page
    ref = made.location.rsplit("/", 1)[-1]
    for number, (step, word) in enumerate((("begin", "running"), ("finish", "done")), start=1):
        ids = f"{ref}:{number}"
        changed = planner.post("/packages/change", ids=ids, step=step, next=made.location)
        assert word in read_text(planner.get(changed.location))
    again = planner.post("/packages/change", ids=f"{ref}:3", step="finish", next=made.location)
    shown = read_text(planner.get(again.location))
    assert "Nothing has changed" in shown
    assert "Undo" not in shown
    listed = planner.get("/packages?state=done").text
    assert "RH-WE-MTG-1" in listed
    assert site.package not in listed


def test_days_of_a_package_are_saved_once_their_slip_was_seen(planner: Visitor, site: Site) -> None:
    del site
    code = "RH-WE-SLIP"
    added = planner.fill_in("/packages/new", where="RH/WE", kind="pulling", code=code)
    waiting = planner.fill_in("/packages/new", where="RH/WE", kind="testing", code=f"{code}-2")
    assert planner.fill_in(f"{waiting.location}/links/new", before=code).status_code == 302
    page = f"{added.location}/edit"
    days = {"planned_start": "2099-03-02", "planned_finish": "2099-03-06"}

    shown = planner.fill_in(page, **days)
    assert "Nothing has been changed yet." in read_text(shown)
    assert f"{code}-2" in read_text(shown)
    assert "02.03.2099" not in read_text(planner.get(added.location))
    again = planner.post(page, **read_form(shown.text), back="1")
    assert 'value="2099-03-02"' in again.text
    saved = planner.post(page, **read_form(shown.text))
    assert saved.location == added.location, read_text(saved)

    ref = added.location.rsplit("/", 1)[-1]
    moved = planner.post("/packages/change", ids=f"{ref}:2", step="later", next="/schedule")
    said = read_text(planner.get(moved.location))
    assert f"Expected now: {code} 09.03.2099 (+1 working day), {code}-2" in said
    none = planner.post("/packages/change", ids=f"{ref}:3", step="later", days="61")
    assert "Enter a number from 1 to 60." in read_text(none)
    far = planner.post("/packages/change", ids=f"{ref}:3", step="later", days="5", next="/packages")
    assert "5 working days later" in read_text(far)
    assert planner.post("/packages/change", **read_form(far.text)).location == "/packages"
    assert "16.03.2099" in read_text(planner.get(added.location))
    asked = planner.post("/packages/change", ids=f"{ref}:4", step="drop", next="/packages")
    assert "What the change of 1 work package moves" in read_text(asked)
    assert f"{code}-2" in read_text(asked)
    assert "dropped" not in read_text(planner.get(added.location))
    dropped = planner.post("/packages/change", **read_form(asked.text))
    assert (dropped.status_code, dropped.location) == (302, "/packages")
    assert "dropped" in read_text(planner.get(added.location))


def test_ticked_rows_of_packages_and_tasks_change_from_their_lists(planner: Visitor) -> None:
    made = planner.fill_in("/packages/new", where="RH/WE", kind="pulling", code="RH-TICK")
    planner.fill_in("/tasks/new", title="Tick me", where="RH/WE")
    for address, label, act, change in (
        ("/packages?q=RH-TICK", "RH-TICK", "/packages/change", {"step": "drop"}),
        ("/tasks?q=Tick", "Tick me", "/tasks/state", {"state": "done"}),
    ):
        ticks = re.findall(rf'name="ids" value="([^"]+)"[^>]*{label}', planner.get(address).text)
        assert len(ticks) == 1
        assert planner.post(act, ids=ticks[0], **change).status_code == 302
    assert "dropped" in read_text(planner.get(made.location))
    assert "Tick me done" in read_text(planner.get("/tasks?q=Tick"))


def test_runs_are_given_to_a_package_from_their_list(planner: Visitor, site: Site) -> None:
    assert "/packages/assign" in planner.get("/cabling").text
    made = planner.fill_in("/packages/new", where="RH", kind="pulling")
    ref = made.location.rsplit("/", 1)[-1]
    choose = read_text(planner.post("/packages/assign", ids=site.cabling.run))
    assert "Give 1 cable run to a work package" in choose

    given = {"ids": site.cabling.run, "record": ref}
    assert planner.post("/packages/assign/apply", **given).status_code == 302
    assert "RH-EV0.1-P1-01" in read_text(planner.get(made.location))
    again = read_text(planner.post("/packages/assign/apply", **given))
    assert "covers RH-EV0.1-P1-01 already" in again


def test_tasks_and_links_belong_to_a_package(planner: Visitor, site: Site) -> None:
    opened = planner.fill_in(f"/tasks/new?package={site.package}", title="Lend a ladder")
    assert opened.location.endswith(f"/packages/{site.package}")
    assert "Lend a ladder" in read_text(planner.get(opened.location))
    wrong = planner.fill_in(f"/packages/{site.package}/links/new", before="NONE")
    assert wrong.status_code in {200, 422}


def test_a_calendar_is_previewed_then_read_and_never_twice(
    app: Flask, planner: Visitor, site: Site
) -> None:
    def preview() -> str:
        file = (io.BytesIO(CALENDAR), "sessions.ics")
        address = "/working-calendar/import"
        return planner.fill_in(address, file=file, noise_class="loud", where="RH").text

    lead = enter(app, "planner")
    page = preview()
    assert "Would be created" in page
    assert "&lt;b&gt;Session" in page
    assert "Session" not in read_text(lead.get("/working-calendar?month=2099-01"))
    form = read_form(page)
    done = planner.post("/working-calendar/import/apply", **form)
    assert "calendar=Council" in done.location
    assert "Session" in read_text(lead.get("/working-calendar?month=2099-01"))
    assert "Everything stands here as in the file" in preview()
    gone = planner.post("/working-calendar/import/apply", **form)
    assert gone.status_code == 404
    assert site.blackout
