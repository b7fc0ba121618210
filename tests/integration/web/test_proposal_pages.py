"""Proposed schedules as pages: searched, read, accepted line by line, taken back; weights."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.factories.rollout import add_package
from tests.factories.schedules import add_search, make_conflict, make_move, make_proposal
from tests.integration.web.visitor import enter, read_text
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.services.results import stamp
from wlantrack.store.queries import packages, places

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor
    from wlantrack.services.schedule_texts import Proposal


@pytest.fixture
def manager(app: Flask, site: Site) -> Visitor:  # noqa: ARG001 - the site has the account
    return enter(app, "manager")


def keep(app: Flask, proposal: Proposal | None, state: str = "found") -> str:
    """Keep what a search has found, and give its address."""
    with database_of(app).writing(SYSTEM.audit()) as session:
        ref = add_search(session, proposal, state).public_id
        session.commit()
    return f"/schedule/proposals/{ref}"


def propose_moves(app: Flask, *codes: str) -> str:
    """Keep a proposal that moves new packages, and give its address."""
    with database_of(app).writing(SYSTEM.audit()) as session:
        building = places.get_building_by_code(session, "RH")
        assert building is not None
        made = [add_package(session, building, code) for code in codes]
        session.commit()
        proposal = make_proposal(*(make_move(package) for package in made))
        proposal = replace(proposal, data_stamp=stamp(session))
    return keep(app, proposal)


def take(manager: Visitor, address: str, step: str, *codes: str) -> TestResponse:
    """Tick lines and press a button."""
    values = {"csrf_token": manager.token, "ids": [*codes], "step": step}
    return manager.client.post(f"{address}/lines", data=values)


def test_a_proposal_reads_in_words_what_moves_why_and_what_follows(
    app: Flask, manager: Visitor
) -> None:
    text = read_text(manager.get(propose_moves(app, "P1")))
    for words in (
        "1 work package moves",
        "the open wall Meeting rooms. Without that it would stay where it is.",
        "saves 5 points (work in closed walls \N{MINUS SIGN}10, moving +5)",
        "today's plan 10. No plan can cost less.",
        "1 line saves 5 points by itself.",
        "P4 begins before it may.",
        "M-1: waits for P3 \N{EN DASH} The council decides",
        "M-BES",
    ):
        assert words in text, words


def test_lines_are_accepted_and_pinned_and_one_undo_takes_them_back(
    app: Flask, manager: Visitor
) -> None:
    address = propose_moves(app, "P1", "P2", "P3")
    take(manager, address, "accept", "P1", "P2")
    page = manager.get(address)
    assert "2 work packages moved." in page.text
    assert page.text.count("taken over") >= 2
    assert 'value="2099-03-02"' in manager.get("/packages/P1/edit").text
    take(manager, address, "pin here", "P3")
    undo = manager.get(address).text.split('action="/undo/')[1].split('"')[0]
    manager.post(f"/undo/{undo}", next=address)
    assert "Undone." in manager.get(address).text


def test_a_line_that_is_out_of_date_is_told_by_row_and_the_others_go_on(
    app: Flask, manager: Visitor
) -> None:
    address = propose_moves(app, "P1", "P2")
    with database_of(app).reading() as session:
        package = packages.get_by_code(session, "P1")
        assert package is not None
        ticked = f"{package.public_id}:{package.version}"
    manager.post("/packages/change", ids=ticked, step="begin")
    result = read_text(take(manager, address, "accept", "P1", "P2"))
    assert "1 line was not taken over" in result
    assert "P1 It is pinned, has begun, or has no date." in result
    assert "P2 done" in result
    assert "Since then 1 change was made" in read_text(manager.get(address))
    for step, codes in (("accept", ()), ("?", ("P2",)), ("accept", ("X",))):
        assert take(manager, address, step, *codes).status_code == 400


def test_where_no_plan_is_possible_the_demands_are_listed_with_what_to_do(
    app: Flask, manager: Visitor
) -> None:
    text = read_text(manager.get(keep(app, make_conflict(), "infeasible")))
    assert "other work of crew KB-1 Allow more time." in text


def test_a_search_that_has_died_is_told_as_failed(app: Flask, manager: Visitor) -> None:
    address = keep(app, None, "running")
    text = read_text(manager.get(address))
    assert "Its process has ended before it was done." in text
    done = manager.client.get(address, headers={"HX-Request": "true"})
    assert (done.status_code, done.headers["HX-Refresh"]) == (204, "true")
    assert manager.post(f"{address}/cancel").status_code == 409


def test_the_history_is_narrowed_sorted_and_taken_away_as_it_is_shown(
    app: Flask, manager: Visitor
) -> None:
    found, failed = propose_moves(app, "P1"), keep(app, None, "failed")
    shown = manager.get("/schedule/proposals?state=failed&sort=cost&order=desc")
    assert failed in shown.text
    assert found not in shown.text
    panel = manager.client.get(found, headers={"HX-Request": "true", "HX-Target": "panel"})
    assert "<dt>of them open</dt><dd>1</dd>" in panel.text
    for suffix, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        address = f"/schedule/proposals.{suffix}?state=failed"
        assert f'href="{address}"' in shown.text
        assert manager.get(address).data.startswith(start)
    rows = manager.get("/schedule/proposals.csv?state=failed").text.splitlines()
    assert [row.endswith(failed.rpartition("/")[2]) for row in rows] == [False, True]
    assert "Asked for (local time with its offset from UTC)" in rows[0]
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[12]:00;", rows[1])
    assert manager.get("/schedule/proposals.pdf").status_code == 404


def test_a_bad_search_starts_nothing_and_says_why(manager: Visitor) -> None:
    for seconds, seed, words in (
        ("601", "1", "A search takes 0 to 600 seconds."),
        ("10", "-1", "The start number lies between"),
        ("", "1", "Please fill this in."),
    ):
        page = manager.post("/schedule/proposals", limit_s=seconds, seed=seed)
        assert words in page.text
    assert "is searching since" not in manager.get("/schedule/proposals").text


def test_weights_are_set_undone_and_shown_where_people_search(manager: Visitor) -> None:
    done = manager.fill_in("/schedule/weights", lateness="20")
    page = manager.get(done.location)
    assert "Being late 20" in read_text(page)
    refused = manager.fill_in("/schedule/weights", lateness="-1")
    assert "A weight lies between 0 and 1000." in refused.text
    undo = page.text.split('action="/undo/')[1].split('"')[0]
    manager.post(f"/undo/{undo}", next="/schedule/proposals")
    assert "Being late 10" in read_text(manager.get("/schedule/proposals"))
