"""The audit trail at the browser: found, read, taken away, by administrators only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.factories.places import add_building
from tests.integration.web.visitor import Visitor, enter, read_text
from tests.live_server import database_of
from wlantrack.services import reasons
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site


@pytest.fixture
def admin(app: Flask, site: Site) -> Visitor:
    """Give the administrator, after the planner has changed an access point."""
    planner = enter(app, "planner")
    planner.fill_in(
        f"/access-points/{site.planned_point}/edit", height_m="2.9", note="=1+1", is_public="y"
    )
    return enter(app, "admin")


def test_a_change_reads_in_words_not_in_columns(admin: Visitor, site: Site) -> None:
    words = read_text(admin.get("/audit?actor=planner&act=update"))

    assert "access point AP-1" in words
    assert re.search(r"height \(m\): before 2\.7 → now 2\.9", words)
    assert "height_m" not in words
    record = read_text(admin.get(f"/access-points/{site.planned_point}"))
    assert "open to the public: before no → now yes" in record


def test_the_trail_speaks_german(app: Flask, admin: Visitor) -> None:
    with database_of(app).writing(SYSTEM.audit(reasons.DAILY)) as session:
        add_building(session, "B-2")
        session.commit()
    admin.post("/preferences", language="de", theme="system")

    words = read_text(admin.get("/audit?actor=planner&act=update"))

    assert "Höhe (m): vorher 2,7 → jetzt 2,9" in words
    assert "nächtlicher Lauf" in read_text(admin.get("/audit?q=B-2"))
    assert ";nächtlicher Lauf;" in admin.get("/audit/export.csv?q=B-2").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("q=AP-1&act=update", True),
        ("q=AP-2&act=update", False),
        ("actor=planner&act=update", True),
        ("actor=system&act=update", False),
        ("entity=access_point&act=update", True),
        ("entity=wall&act=update", False),
        ("since=2000-01-01&act=update", True),
        ("since=9000-01-01&act=update", False),
        ("until=2000-01-01&act=update", False),
        ("until=9999-12-31&act=update", True),
        ("since=nonsense&act=update", True),
        ("request_id=nothing&act=update", False),
    ],
)
def test_the_trail_is_narrowed_by(query: str, found: bool, admin: Visitor) -> None:  # noqa: FBT001 - a parameter
    answer = admin.get(f"/audit?{query}")

    assert answer.status_code == 200
    assert ("height (m)" in read_text(answer) or "AP-1" in read_text(answer)) is found


def test_all_changes_of_one_request_are_found_by_its_number(admin: Visitor) -> None:
    page = admin.get("/audit?actor=planner&act=update").text
    number = re.search(r'href="/audit/(\d+)"', page)
    assert number
    event = admin.get(f"/audit/{number[1]}").text
    request_id = re.search(r"request_id=([0-9a-f]{32})", event)
    assert request_id

    words = read_text(admin.get(f"/audit?request_id={request_id[1]}"))

    assert "1 entry" in words or "entries" in words
    assert "access point AP-1" in words


def test_an_id_in_an_event_is_shown_by_its_name(admin: Visitor) -> None:
    words = read_text(admin.get("/audit?entity=access_point&act=create&q=AP-1"))
    number = re.search(
        r'href="/audit/(\d+)"', admin.get("/audit?entity=access_point&act=create&q=AP-1").text
    )

    assert "created" in words
    assert number
    assert re.search(r"wing: WE\b", read_text(admin.get(f"/audit/{number[1]}")))


def test_the_table_has_what_the_filters_leave_and_runs_no_formula(admin: Visitor) -> None:
    answer = admin.get("/audit/export.csv?actor=planner&act=update")

    lines = answer.get_data(as_text=True).splitlines()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(lines) == 2
    assert "height (m): 2.7 → 2.9" in lines[1]
    assert ";=1+1" not in lines[1]


def test_a_password_is_never_shown(admin: Visitor) -> None:
    page = admin.get("/audit?entity=user_account&act=create").text

    assert "argon2" not in page
    assert admin.get("/audit/999999").status_code == 404
