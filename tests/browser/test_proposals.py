"""The manager's proposal in German: six runs move into the open wall; four are accepted, one pinned.

The search runs in a process of its own, as it does for people; the page follows it by itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import let_in
from tests.factories.cabling import add_cable_run, add_distributor, add_outlet
from tests.factories.people import add_user
from tests.factories.places import add_building, add_floor, add_wing
from tests.factories.rollout import (
    add_crew,
    add_milestone,
    add_package,
    add_part,
    add_renovation,
    add_to_package,
    on,
)
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.people import Grant

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser

TODAY = datetime.now(UTC).date()
CODES = [f"ZUG-{number}" for number in range(1, 7)]
WALL = "spart 5 Punkte: liegt dann in der offenen Wand Sanierung der Sitzungsräume"
LATER = TODAY + timedelta(days=200)
"""When the cables are planned today: long after the walls are closed again."""


@pytest.fixture(scope="module", autouse=True)
def town_hall(live_server: LiveServer) -> None:
    """Give six runs, each with a package planned for when the wall is closed, and a milestone."""
    with live_server.database.writing(SYSTEM.audit()) as session:
        building = add_building(session, "RH", name="Rathaus")
        wing, floor = add_wing(session, building, "MP"), add_floor(session, building, 3)
        distributor = add_distributor(session, floor, "RH-EV3", wing_id=wing.id)
        renovation = add_renovation(
            session, building, name="Sanierung der Sitzungsräume", certainty="certain"
        )
        opens, closes = TODAY - timedelta(days=30), TODAY + timedelta(days=90)
        days = {"opens": on(opens.isoformat()), "closes": on(closes.isoformat())}
        add_part(session, renovation, wing=wing, wing_id=wing.id, **days)
        milestone = add_milestone(
            session, "RH-MP-KAB", building_id=building.id, wing_id=wing.id, forecast=None
        )
        crew = add_crew(session, "KB-1")
        for number, code in enumerate(CODES):
            first = LATER + timedelta(days=14 * number - LATER.weekday())
            package = add_package(
                session,
                building,
                code,
                wing=wing,
                wing_id=wing.id,
                crew_id=crew.id,
                milestone_id=milestone.id,
                planned_start=first,
                planned_finish=first + timedelta(days=4),
            )
            outlet = add_outlet(session, floor, f"RH-3-DO-{number}", wing_id=wing.id)
            run = add_cable_run(session, distributor, f"RH-EV3-P1-{number}", outlet=outlet)
            add_to_package(session, package, run)
        add_user(session, "manager", Grant(role="manager"))
        session.commit()


@pytest.fixture
def manager(page: Page, live_server: LiveServer) -> Page:
    """Give the German page of the project's manager."""
    let_in(page.context, live_server, "manager")
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


def line(page: Page, code: str) -> Locator:
    """Give the line of a package in the proposal."""
    rows = page.get_by_role("table", name="Was verschoben wird und warum").get_by_role("row")
    return rows.filter(has=page.get_by_role("rowheader", name=code))


def expected(page: Page) -> str:
    """Read when the milestone is expected."""
    tab = page.context.new_page()
    tab.goto("/milestones?q=RH-MP-KAB")
    cell = tab.get_by_role("row", name="RH-MP-KAB").inner_text()
    tab.close()
    return cell


def wait_for_proposal(page: Page) -> None:
    """Wait until the search is over; the page comes anew by itself."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Zeitplanvorschlag vom", timeout=30_000
    )


def tick(page: Page, codes: list[str], button: str) -> None:
    for code in codes:
        page.get_by_role("checkbox", name=f"{code} auswählen").check()
    page.get_by_role("button", name=button, exact=True).click()


def test_six_runs_move_into_the_open_wall_four_are_accepted_and_one_is_pinned(
    manager: Page,
) -> None:
    page = manager
    page.goto("/schedule")
    page.get_by_role("link", name="Vorschläge").click()
    page.get_by_role("button", name="Besseren Zeitplan suchen").click()
    expect(page.get_by_role("heading", name="Ein besserer Zeitplan wird gesucht")).to_be_visible()
    wait_for_proposal(page)

    expect(page.get_by_role("heading", name="6 Arbeitspakete werden verschoben")).to_be_visible()
    for code in CODES:
        expect(line(page, code)).to_contain_text(WALL)
    held = page.get_by_role("cell", name="andere Arbeit des Trupps")
    expect(held).to_have_count(5)
    milestones = page.get_by_role("table", name="Meilensteine, die folgen")
    expect(milestones).to_contain_text("RH-MP-KAB")

    before = expected(page)
    accept_four_and_pin_one(page)
    page.get_by_role("button", name="Neu vorschlagen").click()
    wait_for_proposal(page)
    expect(page.get_by_role("heading", name="1 Arbeitspaket wird verschoben")).to_be_visible()
    tick(page, CODES[5:], "Übernehmen")
    expect(page.locator("#toasts")).to_contain_text("1 Arbeitspaket verschoben.")

    after = expected(page)
    assert after != before
    page.locator("#toasts").get_by_role("button", name="Rückgängig").click()
    expect(page.locator("#toasts")).to_contain_text("Rückgängig gemacht")
    assert expected(page) == before


def accept_four_and_pin_one(page: Page) -> None:
    """Take over four lines, and let the fifth stay where the proposal puts it, for good."""
    tick(page, CODES[:4], "Übernehmen")
    expect(page.locator("#toasts")).to_contain_text("4 Arbeitspakete verschoben.")
    for code in CODES[:4]:
        expect(line(page, code)).to_contain_text("übernommen")
    tick(page, CODES[4:5], "Übernehmen und festsetzen")
    expect(page.locator("#toasts")).to_contain_text(
        "1 Arbeitspaket verschoben und dort festgesetzt."
    )
    expect(line(page, CODES[4])).to_contain_text("übernommen")
    expect(line(page, CODES[5])).to_contain_text("offen")
