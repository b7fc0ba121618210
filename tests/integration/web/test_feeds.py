"""Calendars to subscribe to, read back as calendar programs do."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from tests.factories.rollout import add_milestone, add_open_decision, add_risk, add_task, on
from tests.integration.web.visitor import enter, open_client
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.feeds import FeedToken
from wlantrack.store.models.governance import Decision
from wlantrack.store.models.milestones import Milestone
from wlantrack.store.models.people import User
from wlantrack.store.models.work import Task
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

pytestmark = pytest.mark.on_both


def subscribe(visitor: Visitor) -> str:
    """Make an address and give its path."""
    page = visitor.post("/account/calendars", name="phone").text
    found = re.search(r"http://[^/]+(/calendars/[\w-]+\.ics)", page)
    assert found
    return found[1]


def read(app: Flask, address: str) -> dict[str, Any]:
    """Read a calendar without any log-in; entries by what they are about."""
    answer = open_client(app).get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return {
        str(event["summary"]): event for event in Calendar.from_ical(answer.data).walk("VEVENT")
    }


def test_entries_keep_their_ids_count_their_changes_and_are_cancelled(
    app: Flask, planner: Visitor
) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        add_milestone(session, "CAL-1", name="Live", forecast=on("Q2/2026"))
        add_task(session, title="Keys", person="planner", due_on=date(2026, 4, 1))
        add_task(session, title="Not mine", person="manager", due_on=date(2026, 4, 1))
        session.commit()
    address = subscribe(planner)

    first, again = read(app, address), read(app, address)
    live = first["Milestone: CAL-1, Live"]
    assert (live["dtstart"].dt, live["dtend"].dt) == (date(2026, 4, 1), date(2026, 7, 1))
    assert (int(live["sequence"]), str(live["status"])) == (0, "CONFIRMED")
    assert str(live["description"]) == "Q2/2026"
    assert "Task: Keys" in first
    assert "Task: Not mine" not in first
    assert {name: event["uid"] for name, event in again.items()} == {
        name: event["uid"] for name, event in first.items()
    }
    assert {int(event["sequence"]) for event in again.values()} == {0}

    with database_of(app).writing(SYSTEM.audit()) as session:
        milestone = session.scalars(select(Milestone).where(Milestone.code == "CAL-1")).one()
        milestone.forecast = on("15.09.2026")
        session.scalars(select(Task).where(Task.title == "Keys")).one().state = "done"
        session.commit()

    later = read(app, address)
    moved, done = later["Milestone: CAL-1, Live"], later["Task: Keys"]
    assert (moved["uid"], int(moved["sequence"])) == (live["uid"], 1)
    assert moved["dtstart"].dt == date(2026, 9, 15)
    assert (str(done["status"]), int(done["sequence"])) == ("CANCELLED", 1)
    assert done["uid"] == first["Task: Keys"]["uid"]


def test_a_revoked_address_and_one_of_a_locked_account_give_nothing(
    app: Flask, planner: Visitor
) -> None:
    address, other = subscribe(planner), subscribe(planner)
    with database_of(app).reading() as session:
        token = session.scalars(select(FeedToken).order_by(FeedToken.id)).first()
        assert token
        assert token.token_sha256 not in address
        ref = str(token.public_id)
    assert enter(app, "manager").post(f"/account/calendars/{ref}/revoke").status_code == 404

    assert planner.post(f"/account/calendars/{ref}/revoke").status_code == 302

    stranger = open_client(app)
    assert stranger.get(address).status_code == 404
    assert stranger.get(other).status_code == 200
    with database_of(app).writing(SYSTEM.audit()) as session:
        session.scalars(select(User).where(User.name == "planner")).one().is_active = False
        session.commit()
    assert stranger.get(other).status_code == 404
    assert stranger.get("/calendars/guess.ics").status_code == 404


def test_open_decisions_and_reviews_of_risks_stand_in_the_calendars_of_staff(
    app: Flask, planner: Visitor
) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        add_open_decision(session, "CAL-B1", title="Posts", due=on("Q1/2027"))
        add_risk(session, "CAL-R1", title="Late", review_on=date(2027, 1, 4))
        session.commit()
    address = subscribe(planner)

    first = read(app, address)
    needed = first["Decision needed: CAL-B1, Posts"]
    assert (needed["dtstart"].dt, needed["dtend"].dt) == (date(2027, 1, 1), date(2027, 4, 1))
    assert first["Risk to be looked at again: CAL-R1, Late"]["dtstart"].dt == date(2027, 1, 4)
    council = read(app, subscribe(enter(app, "viewer")))
    assert not any(name.startswith(("Decision", "Risk")) for name in council)

    with database_of(app).writing(SYSTEM.audit()) as session:
        decision = session.scalars(select(Decision).where(Decision.code == "CAL-B1")).one()
        decision.decided = on("01.10.2026")
        session.commit()
    assert str(read(app, address)["Decision needed: CAL-B1, Posts"]["status"]) == "CANCELLED"


def test_a_calendar_holds_what_its_owner_may_see(app: Flask, site: Site) -> None:
    del site
    with database_of(app).writing(SYSTEM.audit()) as session:
        add_task(session, title="Given by mistake", person="viewer", due_on=date(2026, 4, 1))
        session.commit()
    staff = read(app, subscribe(enter(app, "facility")))
    council = read(app, subscribe(enter(app, "viewer")))

    assert any(name.startswith("Wall closes") for name in staff)
    assert not any(name.startswith(("Wall closes", "Task")) for name in council)
    assert enter(app, "firm").post("/account/calendars").status_code == 403


def test_an_address_that_is_given_out_is_the_installation_s_own(
    app: Flask, planner: Visitor
) -> None:
    parts = app.extensions[EXTENSION]
    settings = replace(parts.settings, app_url="https://wlan.example.org/")
    app.extensions[EXTENSION] = replace(parts, settings=settings)
    page = planner.post("/account/calendars", name="phone").text

    assert re.search(r'"code">https://wlan\.example\.org/calendars/[\w-]+\.ics<', page)
    assert "localhost" not in page
