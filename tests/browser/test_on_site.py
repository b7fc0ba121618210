"""On site with a phone: what is entered without a connection arrives once, and firms see their own."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Error, FilePayload, expect
from sqlalchemy import select

from tests.browser.people import let_in
from tests.browsers import watch
from tests.factories.files import make_photo
from tests.live_server import database_of
from wlantrack.services import attachments, cable_runs
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.permits import PenetrationRun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser

AGENT = "Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
PHOTO = FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=make_photo())
LABEL = "RH-EV0.1-P1-01"


@contextlib.contextmanager
def phone(browser: Browser, server: LiveServer, name: str) -> Iterator[tuple[BrowserContext, Page]]:
    """Give the phone of somebody who is logged in; the browser may complain of what the
    page tells in words: no connection, and a conflict."""
    faults: list[str] = []
    with browser.new_context(
        base_url=server.url,
        locale="de-DE",
        user_agent=AGENT,
        viewport={"width": 390, "height": 844},
    ) as context:
        let_in(context, server, name)
        page = context.new_page()
        watch(page, server.url, faults)
        yield context, page
    told = ("ERR_INTERNET_DISCONNECTED", "409 (CONFLICT)")
    assert [fault for fault in faults if not any(words in fault for words in told)] == []


def count_steps(server: LiveServer, run: str) -> tuple[list[str], int]:
    """Give the states a run went to, and how many photos it has."""
    with database_of(server.app).reading() as session:
        found = cable_runs.find_run(session, SYSTEM, run)
        photos = attachments.photos_of(attachments.list_of(session, found))
        return [step.target for step in found.steps], len(photos)


def set_back(server: LiveServer, run: str) -> None:
    """Let the run be where its cable is to be pulled, and lead through no fire wall."""
    with database_of(server.app).writing(SYSTEM.audit()) as session:
        found = cable_runs.find_run(session, SYSTEM, run)
        found.state = "containment installed"
        found.steps.clear()
        for through in session.scalars(select(PenetrationRun)):
            session.delete(through)
        session.commit()


def pull_with_photo(page: Page) -> None:
    card = page.locator(f'[data-label="{LABEL}"]')
    card.get_by_text("Mit Foto oder für einen anderen Tag").click()
    photo = card.get_by_label("Foto").first
    expect(photo).to_have_attribute("capture", "environment")
    photo.set_input_files(PHOTO)
    card.get_by_role("button", name="Auf »gezogen« setzen").click()


def release_with_photo(page: Page) -> None:
    """Go on with what may follow the entry that waits."""
    card = page.locator(f'[data-label="{LABEL}"]')
    card.get_by_text("setzen").first.click()
    card.get_by_label("Durchgangsprüfung").fill("Prüfer 7, in Ordnung")
    card.get_by_label("Foto").first.set_input_files(PHOTO)
    card.get_by_role("button", name="setzen").first.click()


def test_what_is_pulled_without_a_connection_arrives_once_with_its_photo(
    browser: Browser, live_server: LiveServer, site: Site
) -> None:
    run = site.cabling.run
    set_back(live_server, run)
    with phone(browser, live_server, "facility") as (context, page):
        page.goto(f"/q/{run.replace('-', '')[:10]}")
        expect(page).to_have_url(f"{live_server.url}/site/runs/{run}")
        expect(page.locator("site-work[data-kept]")).to_be_visible()

        context.set_offline(True)
        pull_with_photo(page)
        expect(page.get_by_text("1 Eintrag wartet auf Verbindung.")).to_be_visible()
        expect(page.locator(".site-run__waiting")).to_contain_text("wartet auf Verbindung")
        page.reload()
        expect(page.get_by_text("Keine Verbindung: Diese Seite ist von")).to_be_visible()
        expect(page.get_by_text("1 Eintrag wartet auf Verbindung.")).to_be_visible()
        expect(page.get_by_alt_text("Foto dieses Eintrags")).to_be_visible()
        release_with_photo(page)
        expect(page.get_by_text("2 Einträge warten auf Verbindung.")).to_be_visible()
        assert count_steps(live_server, run) == ([], 1)

        context.set_offline(False)
        expect(page.get_by_text("auf Verbindung")).to_have_count(0)
        card = page.locator(f'[data-label="{LABEL}"]')
        expect(card.locator(".site-run__state")).to_have_text("Freigabe zum Schließen")
        page.reload()
        expect(card.locator(".site-run__state")).to_have_text("Freigabe zum Schließen")
        too_wide_px = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide_px <= 0
    assert count_steps(live_server, run) == (["pulled", "released to close"], 3)


def test_who_comes_too_late_keeps_the_entry_and_decides(
    browser: Browser, live_server: LiveServer, site: Site
) -> None:
    run = site.cabling.run
    set_back(live_server, run)
    with (
        phone(browser, live_server, "facility") as (context, page),
        phone(browser, live_server, "planner") as (_, other),
    ):
        page.goto(f"/site/runs/{run}")
        expect(page.locator("site-work[data-kept]")).to_be_visible()
        context.set_offline(True)
        page.get_by_role("button", name="Auf »gezogen« setzen").click()
        expect(page.get_by_text("1 Eintrag wartet")).to_be_visible()

        other.goto(f"/site/runs/{run}")
        expect(other.locator("site-work[data-ready]")).to_be_visible()
        other.get_by_role("button", name="Auf »gezogen« setzen").click()
        expect(other.locator(".site-run__state")).to_have_text("gezogen")

        with page.expect_response(lambda answer: answer.status == 409):
            context.set_offline(False)
        expect(page.get_by_text("Ein Eintrag braucht Sie.")).to_be_visible()
        entry = page.locator(".site-entry")
        expect(entry).to_contain_text(f"planner hat {LABEL} inzwischen auf »gezogen« gesetzt")
        expect(entry.get_by_role("button", name="Trotzdem darauf eintragen")).to_be_hidden()
        entry.get_by_role("button", name="Eintrag verwerfen").click()
        entry.get_by_role("button", name="Wirklich verwerfen?").click()
        expect(entry).to_have_count(0)
    assert count_steps(live_server, run)[0] == ["pulled"]


def test_a_firm_sees_its_own_runs_and_leaves_nothing_behind(
    browser: Browser, live_server: LiveServer, site: Site
) -> None:
    set_back(live_server, site.cabling.run)
    with phone(browser, live_server, "firm") as (context, page):
        page.goto("/site")
        expect(page.locator("[data-run]")).to_have_count(1)
        expect(page.locator("[data-run]")).to_contain_text(LABEL)
        expect(page.get_by_text("abgenommen")).to_have_count(0)
        expect(page.locator("site-work[data-kept]")).to_be_visible()
        context.set_offline(True)
        page.get_by_role("button", name="Auf »gezogen« setzen").click()
        expect(page.get_by_text("1 Eintrag wartet")).to_be_visible()
        context.set_offline(False)
        expect(page.locator(".site-run__state")).to_have_text("gezogen")

        page.locator(".topbar summary").last.click()
        page.get_by_role("button", name="Abmelden").click()
        expect(page.get_by_label("Passwort")).to_be_visible()
        context.set_offline(True)
        with pytest.raises(Error, match="net::ERR"):
            page.goto("/site")
