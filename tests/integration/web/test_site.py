"""Pages on site: own runs only, entries by form and by script, and conflicts that say what to do."""

from __future__ import annotations

import io
import re
import uuid
from typing import TYPE_CHECKING

import pytest

from tests.factories.files import make_photo
from tests.integration.web.visitor import enter, read_text
from tests.live_server import database_of
from wlantrack.services import attachments, cable_runs
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36"}


@pytest.fixture
def firm(app: Flask, site: Site) -> Visitor:  # noqa: ARG001 - the site has the account
    return enter(app, "firm")


@pytest.fixture
def facility(app: Flask, site: Site) -> Visitor:  # noqa: ARG001 - the site has the account
    return enter(app, "facility")


def send(visitor: Visitor, run: str, number: str, **values: object) -> TestResponse:
    """Send an entry as the page's script does."""
    return visitor.client.post(
        f"/site/runs/{run}/entries",
        data={"source": "pulled", "target": "fire-stopped", **values},
        headers={
            "Accept": "application/json",
            "X-CSRFToken": visitor.token,
            "Idempotency-Key": number,
        },
    )


def photo() -> tuple[io.BytesIO, str]:
    return io.BytesIO(make_photo()), "IMG_1.jpg"


def open_on_phone(client: FlaskClient, address: str) -> str:
    return client.get(address, headers=PHONE).headers["Location"]


def test_on_a_phone_a_label_leads_to_the_page_on_site(firm: Visitor, site: Site) -> None:
    assert open_on_phone(firm.client, "/q/RH-EV0.1-P1-01") == f"/site/runs/{site.cabling.run}"
    page = firm.get(f"/site/runs/{site.cabling.run}")
    assert "RH-EV0.1-P1-01" in read_text(page)
    assert "accepted" not in read_text(page)


def test_staff_reach_things_and_their_runs_by_label(facility: Visitor, site: Site) -> None:
    target = f"/site/at/outlet/{site.cabling.outlet}"
    assert open_on_phone(facility.client, "/q/RH-0-DO-01") == target
    assert "RH-EV0.1-P1-02" in read_text(facility.get(target))


def test_the_list_remembers_its_floor_and_says_when_nothing_waits(
    facility: Visitor, firm: Visitor, site: Site
) -> None:
    page = facility.get(f"/site?floor={site.floor}")
    assert re.search(r'<option value="[^"]+" selected>RH', page.text)
    assert "RH-EV0.1-P1-01" in page.text
    # The firm's only run is pulled and meets no fire wall: what comes next is the city's.
    assert "Nothing waits for you" in firm.get("/site").text


def test_an_entry_sent_twice_is_one_step_with_one_photo(
    app: Flask, facility: Visitor, site: Site
) -> None:
    run, number = site.cabling.run, str(uuid.uuid4())
    first = send(facility, run, number, photo=photo())
    again = send(facility, run, number, photo=photo())

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.json is not None
    assert first.json["state"] == "fire-stopped"
    assert f'id="run-{run}"' in first.json["card"]
    assert "fire-stopped" in first.json["card"]
    with database_of(app).reading() as session:
        found = cable_runs.find_run(session, SYSTEM, run)
        assert [step.target for step in found.steps] == ["pulled", "fire-stopped"]
        assert len(attachments.list_of(session, found)) == 2


def test_who_comes_too_late_learns_who_was_faster_and_may_follow(
    facility: Visitor, firm: Visitor, site: Site
) -> None:
    run = site.cabling.run
    blocked = {"target": "blocked", "reason": "Wall closed"}
    assert send(facility, run, str(uuid.uuid4()), **blocked).status_code == 200

    late = send(facility, run, str(uuid.uuid4()), photo=photo())
    firms = send(firm, run, str(uuid.uuid4()), photo=photo())

    assert (late.status_code, firms.status_code) == (409, 409)
    assert late.json is not None
    assert late.json["error"]["state"] == "blocked"
    assert late.json["error"]["may_follow"] is False
    assert late.json["error"]["message"].startswith("facility has set RH-EV0.1-P1-01 to »blocked«")
    assert "facility" not in firms.text


def test_what_is_missing_or_no_entry_at_all_is_refused(facility: Visitor, site: Site) -> None:
    run = site.cabling.run
    assert "the photo is missing" in send(facility, run, str(uuid.uuid4())).text
    assert "no number" in send(facility, run, "1").text
    assert "no day" in send(facility, run, str(uuid.uuid4()), done_on="today").text


@pytest.mark.parametrize(
    "data", [b"MZ\x90\0", b"\xff\xd8\xff\xe0 no photo", b"<svg onload='x()'/>"]
)
def test_a_file_that_is_no_photo_is_refused_and_nothing_is_kept(
    app: Flask, facility: Visitor, site: Site, data: bytes
) -> None:
    run = site.cabling.run

    answer = send(facility, run, str(uuid.uuid4()), photo=(io.BytesIO(data), "../../IMG_1.jpg"))

    assert answer.status_code == 400
    assert answer.json is not None
    assert [problem["field"] for problem in answer.json["error"]["problems"]] == ["photo"]
    with database_of(app).reading() as session:
        found = cable_runs.find_run(session, SYSTEM, run)
        assert (found.state, len(attachments.list_of(session, found))) == ("pulled", 1)


def test_without_a_script_an_entry_is_a_form(facility: Visitor, site: Site) -> None:
    answer = facility.post(
        f"/site/runs/{site.cabling.run}/state",
        source="pulled",
        target="blocked",
        reason="Wall closed",
        entry=str(uuid.uuid4()),
        next="/site",
    )

    assert answer.headers["Location"] == "/site"
    shown = facility.get("/site")
    assert "is now »blocked«" in shown.text
    undo = re.search(r'action="(/undo/[^"]+)"', shown.text)
    assert undo is not None
    facility.post(undo[1], next="/site")
    assert "Undone." in facility.get("/site").text


def test_an_entry_says_where_it_is_taken_back_except_to_a_firm(
    facility: Visitor, firm: Visitor, site: Site
) -> None:
    run = site.cabling.run
    blocked = {"target": "blocked", "reason": "Wall closed"}
    by_staff = send(facility, run, str(uuid.uuid4()), **blocked)
    assert by_staff.json is not None
    facility.post(by_staff.json["undo"], next="/site")
    assert "pulled" in facility.get(f"/site/runs/{run}").text

    by_firm = send(firm, run, str(uuid.uuid4()), **blocked)

    assert by_firm.json is not None
    assert by_firm.json["undo"] is None


def test_the_worker_may_serve_the_pages_on_site_and_nothing_else(firm: Visitor) -> None:
    answer = firm.get("/site/worker.js")

    assert answer.headers["Service-Worker-Allowed"] == "/site"
    assert answer.headers["Cache-Control"] == "no-cache"
    answer.close()
