"""The planner's story of two networks: both on air in one wing, and their coverage compared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.live_server import database_of
from wlantrack.services import ssids
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser

WIDTHS = {"desk": 1440, "phone": 390}


@pytest.fixture(params=WIDTHS)
def desk_or_phone(request: pytest.FixtureRequest, planner_page: Page) -> Page:
    planner_page.set_viewport_size({"width": WIDTHS[request.param], "height": 900})
    return planner_page


@pytest.fixture
def nothing_on_air(live_server: LiveServer, site: Site) -> None:
    """Take both SSIDs off air before the story, as a new house has it."""
    with database_of(live_server.app).writing(SYSTEM.audit()) as session:
        for ref in (site.visitor_ssid, site.internal_ssid):
            ssid = ssids.find_ssid(session, SYSTEM, ref)
            for scope in list(ssid.scopes):
                ssid.scopes.remove(scope)
        session.commit()


def put_on_air(page: Page, name: str, place: str, *, not_here: bool = False) -> None:
    """Open an SSID from the list, and say of a place that it is on air there, or is not."""
    page.goto("/networks")
    page.get_by_role("row").filter(has_text=name).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_label("Wo", exact=True).fill(place)
    button = "Hier nicht senden" if not_here else "Auf Sendung setzen"
    page.get_by_role("button", name=button).click()
    expect(page.locator("#scope-list")).to_contain_text(place)


@pytest.mark.usefixtures("nothing_on_air")
def test_both_classes_on_air_and_their_coverage_compared(desk_or_phone: Page, site: Site) -> None:
    page = desk_or_phone
    put_on_air(page, "Guest WLAN", "RH")
    expect(page.get_by_role("heading", name="Auf Sendung an 2 Access Points")).to_be_visible()
    put_on_air(page, "Office WLAN", "RH/WE")
    expect(page.get_by_role("heading", name="Auf Sendung an 1 Access Point")).to_be_visible()

    page.goto(f"/floors/{site.floor}/coverage")
    page.get_by_role("link", name="Zwei Netze vergleichen").click()
    rows = page.locator("#networks tbody tr")
    expect(rows.nth(0)).to_contain_text("Besucher-WLAN")
    expect(rows.nth(1)).to_contain_text("LHS-WLAN")
    counts = rows.locator("td:last-child")
    expect(counts).to_have_text(["2", "1"])
    swipe_by_keyboard(page)
    compare_side_by_side(page)


def swipe_by_keyboard(page: Page) -> None:
    """Move the border between both networks with the arrow keys and by the pointer."""
    pictures = page.locator(".swipe__heat")
    expect(pictures).to_have_count(2)
    addresses = [pictures.nth(side).get_attribute("href") or "" for side in (0, 1)]
    assert "network=visitor" in addresses[0]
    assert "network=internal" in addresses[1]
    slider = page.get_by_role("slider")
    slider.focus()
    left = page.locator('[data-part="left"]')
    before = float(left.get_attribute("width") or 0)
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_value("51")
    assert float(left.get_attribute("width") or 0) > before
    page.keyboard.press("Home")
    expect(left).to_have_attribute("width", "0")
    picture = page.locator(".swipe__picture")
    box = picture.bounding_box()
    assert box is not None
    picture.click(position={"x": box["width"] * 0.75, "y": box["height"] / 2})
    expect(slider).to_have_value("75")


def compare_side_by_side(page: Page) -> None:
    """Show two maps, and see that the second one follows the first."""
    page.get_by_label("Darstellung").select_option(label="zwei Karten nebeneinander")
    page.get_by_role("button", name="Anzeigen").click()
    maps = page.locator("linked-maps iframe")
    expect(maps).to_have_count(2)
    first, second = (maps.nth(side).content_frame for side in (0, 1))
    expect(first.get_by_role("heading", level=1)).to_contain_text("Besucher-WLAN")
    expect(second.get_by_role("heading", level=1)).to_contain_text("LHS-WLAN")
    expect(first.locator(".ap.leaflet-interactive")).to_have_count(2)
    expect(second.locator(".ap.leaflet-interactive")).to_have_count(1)
    scale = second.locator(".leaflet-control-scale-line")
    expect(scale).to_have_attribute("style", re.compile("width"))
    before = scale.get_attribute("style") or ""
    first.get_by_role("button", name="Vergrößern").click()
    expect(scale).not_to_have_attribute("style", before)


@pytest.mark.usefixtures("nothing_on_air")
def test_what_was_put_on_air_by_mistake_is_taken_back(planner_page: Page) -> None:
    page = planner_page
    put_on_air(page, "Guest WLAN", "RH/WE", not_here=True)
    page.locator("#toasts").get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_text("Noch nirgends.")).to_be_visible()


@pytest.mark.usefixtures("nothing_on_air")
def test_many_access_points_are_put_on_air_at_once(planner_page: Page) -> None:
    page = planner_page
    page.goto("/networks/access-points?building=RH")
    page.get_by_label("Alle Zeilen dieser Seite auswählen").check()
    page.locator('select[name="ssid"]').last.select_option(label="Guest WLAN")
    page.get_by_role("button", name="Auf Sendung setzen").click()
    expect(page.locator("#toasts")).to_contain_text("Auf Sendung an 2 Access Points.")
    expect(page.locator("#on-air")).to_contain_text("Guest WLAN")
    page.get_by_role("link", name="AP-1").click()
    expect(page.get_by_role("heading", name="SSIDs, die hier senden")).to_be_visible()
    expect(page.locator(".carried")).to_contain_text(re.compile("Besucher-WLAN\\s+Guest WLAN"))
