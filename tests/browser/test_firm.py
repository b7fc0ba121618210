"""A firm at its desk: it sees and carries on its own cables, accepts none, and learns of no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.people import let_in
from tests.factories.files import make_photo
from tests.live_server import database_of
from wlantrack.services import cable_runs
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser

OWN, OTHER = "RH-EV0.1-P1-01", "RH-EV0.1-P1-02"
INTERNAL = "Office WLAN"
PHOTO = FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=make_photo())


@pytest.fixture
def firm(page: Page, live_server: LiveServer, site: Site) -> Page:
    """Give the German page of the firm, whose cable is pulled and leads through a fire wall."""
    with database_of(live_server.app).writing(SYSTEM.audit()) as session:
        run = cable_runs.find_run(session, SYSTEM, site.cabling.run)
        run.state, run.crosses_fire_wall = "pulled", True
        session.commit()
    let_in(page.context, live_server, "firm")
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


def test_a_firm_sets_its_own_cables_and_reaches_nothing_else(
    firm: Page, live_server: LiveServer, site: Site
) -> None:
    firm.goto("/")
    expect(firm.get_by_role("heading", name="Verkabelung", level=1)).to_be_visible()
    rows = firm.get_by_role("table").get_by_role("rowheader")
    expect(rows).to_have_text(["KH-EV0.1-P1-01", OWN])
    for word in ("Netze", "Access Points", "Verwaltung"):
        expect(firm.get_by_role("navigation").get_by_role("link", name=word)).to_have_count(0)

    firm.get_by_role("link", name=OWN).first.click()
    next_steps = firm.get_by_role("main")
    expect(next_steps.get_by_role("link", name="Freigabe zum Schließen")).to_have_count(0)
    expect(next_steps.get_by_role("link", name="abgenommen")).to_have_count(0)
    next_steps.get_by_role("link", name="Brandabschottung hergestellt").click()
    firm.locator("input[type=file]").set_input_files(PHOTO)
    firm.get_by_role("button", name="Auf »Brandabschottung hergestellt« setzen").click()
    expect(firm.locator(".page-head")).to_contain_text("Brandabschottung hergestellt")

    with database_of(live_server.app).reading() as session:
        other = str(cable_runs.find_run(session, SYSTEM, OTHER).public_id)
    expect_closed_doors(firm, site, other)


def expect_closed_doors(firm: Page, site: Site, other: str) -> None:
    """Try what a firm could guess: other runs, acceptance, and every page of networks."""
    for address in (
        f"/cabling/runs/{other}",
        f"/site/runs/{other}",
        "/networks",
        f"/networks/ssids/{site.internal_ssid}",
        "/networks/access-points",
        f"/access-points/{site.live_point}",
        f"/floors/{site.floor}/plan",
    ):
        answer = firm.request.get(address)
        assert answer.status in {403, 404}, address
        assert INTERNAL not in answer.text(), address
    refused = firm.request.get(f"/cabling/runs/{site.cabling.run}/state?target=accepted").text()
    assert "Auf »abgenommen« setzen" not in refused
    assert INTERNAL not in firm.request.get("/search?q=Office").text()
    assert OTHER not in firm.request.get("/cabling?q=RH").text()
