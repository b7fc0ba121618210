"""The public page in a browser: served by the application, and by any static server."""

from __future__ import annotations

import functools
import http.server
import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.test_every_page import NARROW, THEMES, WIDE, list_violations
from tests.browsers import watch
from tests.factories.hotspots import add_hotspot
from tests.live_server import database_of
from wlantrack.services import publication
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.hotspots import Feedback, PublicHotspot
from wlantrack.store.models.networks import Ssid
from wlantrack.store.models.places import Building
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser

EVIL = "<b>Library</b> & {{ 7*7 }}"
PAGES = ("index.html", "accessibility.html", "feedback.html")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and keeps its log to itself."""

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def bundle(live_server: LiveServer, site: Site) -> Path:  # noqa: ARG001 - the site has a hotspot
    """Publish the site's hotspot and one with a hostile name."""
    settings = live_server.app.extensions[EXTENSION].settings
    with database_of(live_server.app).writing(SYSTEM.audit()) as session:
        first = session.scalars(select(PublicHotspot)).one()
        house, guest = session.get(Building, first.building_id), session.get(Ssid, first.ssid_id)
        assert house
        assert guest
        add_hotspot(
            session,
            house,
            guest,
            "RH-WLAN-2",
            name=EVIL,
            latitude_deg=48.78,
            longitude_deg=9.19,
        )
        add_hotspot(
            session,
            house,
            guest,
            "RH-WLAN-3",
            name="Somewhere",
            latitude_deg=None,
            longitude_deg=None,
        )
        session.commit()
        publication.publish(session, SYSTEM, settings)
    folder: Path = settings.public_dir
    return folder


@pytest.fixture(scope="module")
def static_url(bundle: Path) -> Iterator[str]:
    """Serve the bundle as a server in the DMZ would."""
    handler = functools.partial(QuietHandler, directory=str(bundle))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def public_url(request: pytest.FixtureRequest, live_server: LiveServer, static_url: str) -> str:
    """Give the page's address, at the application and at the static server in turn."""
    return f"{live_server.url}/public" if request.param == "application" else static_url


both_servers = pytest.mark.parametrize("public_url", ["application", "static"], indirect=True)


@pytest.fixture
def visitor(browser: Browser, public_url: str, faults: list[str]) -> Iterator[Page]:
    """Give the page of somebody who passes by; a fault of the page fails the test."""
    with browser.new_context(locale="de-DE", viewport=WIDE) as context:
        page = context.new_page()
        watch(page, public_url.removesuffix("/public"), faults)
        yield page
    assert faults == []


@both_servers
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_public_page_is_accessible_and_asks_nobody_else(
    visitor: Page, public_url: str, language: str, faults: list[str]
) -> None:
    complaints = []
    for name in PAGES:
        visitor.set_viewport_size(WIDE)
        visitor.goto(f"{public_url}/{'' if language == 'de' else 'en/'}{name}")
        if name == "index.html":
            visitor.locator("html[data-map=ready]").wait_for(state="attached")
        assert visitor.locator("html").get_attribute("lang") == language
        assert visitor.locator("h1").count() == 1
        visitor.set_viewport_size(NARROW)
        too_wide_px = visitor.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide_px <= 0, name
        visitor.set_viewport_size(WIDE)
        assert faults == [], name  # by now: axe itself writes inline styles
        complaints += [
            f"{name} {theme}: {found}"
            for theme in THEMES
            for found in list_violations(visitor, visitor.main_frame, theme)
        ]
        faults.clear()

    assert complaints == []


@both_servers
def test_list_and_map_say_the_same_and_names_stay_text(visitor: Page, public_url: str) -> None:
    visitor.goto(f"{public_url}/")
    visitor.locator("html[data-map=ready]").wait_for(state="attached")
    rows = visitor.locator("[data-list] > li")
    expect(rows).to_have_count(3)
    expect(visitor.locator(".hotspots__map path")).to_have_count(2)
    row = rows.filter(has=visitor.get_by_role("heading", name=EVIL))

    row.get_by_role("button", name="Auf der Karte").press("Enter")

    popup = visitor.get_by_role("dialog")
    expect(popup.get_by_role("heading")).to_have_text(EVIL)
    expect(popup).to_contain_text("Guest WLAN")
    visitor.keyboard.press("Escape")


@both_servers
def test_one_filter_narrows_list_and_map(visitor: Page, public_url: str) -> None:
    visitor.goto(f"{public_url}/")
    visitor.get_by_role("searchbox").fill("town HALL")

    expect(visitor.locator("[data-list] > li:visible")).to_have_count(1)
    expect(visitor.locator(".hotspots__map path")).to_have_count(1)
    expect(visitor.get_by_role("status")).to_have_text("1 von 3 Hotspots")


@both_servers
def test_the_languages_lead_to_one_another(visitor: Page, public_url: str) -> None:
    visitor.goto(f"{public_url}/accessibility.html")
    visitor.get_by_role("link", name="English").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Accessibility statement")
    visitor.get_by_role("link", name="Hotspots").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Hotspots of the visitor WLAN")
    visitor.get_by_role("link", name="Deutsch").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Hotspots des Besucher-WLANs")


@both_servers
def test_without_scripts_the_list_is_still_there(
    browser: Browser, public_url: str, visitor: Page
) -> None:
    del visitor
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{public_url}/en/")
        expect(page.get_by_role("heading", name="Town hall")).to_be_visible()
        expect(page.get_by_role("searchbox")).to_have_count(0)
        assert page.locator(".hotspots__map").is_hidden()


@pytest.mark.parametrize("public_url", ["application"], indirect=True)
def test_a_visitor_reports_a_hotspot_that_does_not_work(
    visitor: Page, public_url: str, live_server: LiveServer
) -> None:
    visitor.goto(f"{public_url}/en/")
    row = visitor.locator("[data-list] > li").filter(
        has=visitor.get_by_role("heading", name="Town hall")
    )
    row.get_by_role("link", name="Report a problem").click()
    expect(visitor.get_by_text("About the hotspot: Town hall")).to_be_visible()

    visitor.get_by_role("button", name="Send message").click()
    expect(visitor.get_by_role("alert")).to_be_visible()
    visitor.get_by_label("Your message").fill("No network by the stairs")
    visitor.get_by_role("button", name="Send message").click()

    expect(visitor.get_by_role("status")).to_contain_text("has arrived")
    with database_of(live_server.app).reading() as session:
        words = session.scalars(select(Feedback.words)).all()
    assert "No network by the stairs" in words
