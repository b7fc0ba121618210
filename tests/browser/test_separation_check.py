"""From a finding to its exemption: the planner asks, the security officer answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import second_person
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.queries import access_points as queries

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser


def filter_by(page: Page, **choices: str) -> None:
    for label, choice in choices.items():
        page.get_by_role("search").get_by_label(label).select_option(label=choice)
    page.get_by_role("search").get_by_role("button", name="Filtern").click()


def leave_unprotected(server: LiveServer) -> None:
    """Say of an access point that the public reaches it and nothing protects it."""
    with database_of(server.app).writing(SYSTEM.audit()) as session:
        point = queries.get_by_codes(session, ["AP-1"])["AP-1"]
        point.is_public, point.has_theft_protection = True, False
        session.commit()


def test_a_finding_is_exempted_by_two_people(
    planner_page: Page, browser: Browser, live_server: LiveServer, faults: list[str]
) -> None:
    page = planner_page
    leave_unprotected(live_server)
    page.goto("/networks")
    page.get_by_role("link", name="Trennung").click()
    expect(page.get_by_text("nicht den Funk selbst")).to_be_visible()
    filter_by(page, Schwere="kritisch")
    expect(page).to_have_url(re.compile("severity=critical"))
    expect(page.get_by_role("link", name="Ausnahme beantragen")).to_have_count(0)

    filter_by(page, Schwere="hoch", Ergebnis="Verstoß")
    row = page.get_by_role("row", name=re.compile("W18.*AP-1"))
    expect(row).to_contain_text("Er hat keinen Diebstahlschutz.")
    row.get_by_role("link", name=re.compile("Ausnahme beantragen ?: W18 AP-1")).click()
    page.get_by_label("Grund").fill("hängt fünf Meter hoch im Treppenhaus")
    page.get_by_label("Letzter Tag").fill("2099-12-31")
    page.get_by_role("button", name="Ausnahme beantragen").click()
    expect(page.get_by_text("Die Informationssicherheit muss sie noch genehmigen")).to_be_visible()
    expect(page.get_by_text("wartet auf Genehmigung")).to_be_visible()
    expect(page.get_by_role("button", name="Genehmigen")).to_have_count(0)

    with second_person(browser, live_server, "officer", faults) as officer:
        officer.goto("/networks/check/exemptions")
        officer.get_by_role("button", name="Genehmigen").click()
        expect(officer.get_by_text("gilt", exact=True)).to_be_visible()

    page.goto("/networks/check?rule=W18")
    row = page.get_by_role("row", name=re.compile("W18.*AP-1"))
    expect(row).to_contain_text("ausgenommen")
    expect(row).to_contain_text("Do. 31.12.2099, genehmigt von officer")
