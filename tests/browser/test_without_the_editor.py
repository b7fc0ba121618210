"""The same by form and table: nothing needs the editor, a mouse, or a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import let_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser


@pytest.fixture
def plain_page(browser: Browser, live_server: LiveServer, site: Site) -> Page:  # type: ignore[misc]
    """Give the planner a German page that runs no script."""
    del site
    with browser.new_context(
        base_url=live_server.url, locale="de-DE", java_script_enabled=False
    ) as context:
        let_in(context, live_server, "planner")
        yield context.new_page()


def test_access_points_and_walls_by_form(plain_page: Page, site: Site) -> None:
    page = plain_page
    page.goto(f"/floors/{site.floor}/plan")
    page.get_by_role("link", name="Tabelle").first.click()
    page.get_by_role("link", name="Access Point setzen").click()
    page.get_by_label("x", exact=True).fill("6,25")
    page.get_by_label("y", exact=True).fill("99")
    page.get_by_role("button", name="Access Point setzen").click()
    expect(page.get_by_role("alert")).to_contain_text("Grundriss")
    expect(page.get_by_label("x", exact=True)).to_have_value("6,25")
    page.get_by_label("y", exact=True).fill("7")
    page.get_by_role("button", name="Access Point setzen").click()
    row = page.get_by_role("row", name="RH-WE-0-AP-01")
    expect(row).to_contain_text("6,25")

    page.get_by_role("link", name="Wand zeichnen").click()
    page.get_by_label("Material").select_option(label="Beton 200 mm")
    for field, value in (("x1_m", "3"), ("y1_m", "4"), ("x2_m", "3"), ("y2_m", "8,5")):
        page.locator(f"input[name={field}]").fill(value)
    page.get_by_role("button", name="Wand speichern").click()
    wall = page.get_by_role("row", name="Beton 200 mm")
    expect(wall).to_contain_text("4,50")
    wall.get_by_role("button").click()
    expect(page.get_by_role("row", name="Beton 200 mm")).to_have_count(0)


def test_a_form_shows_the_numbers_it_will_save(plain_page: Page, site: Site) -> None:
    page, address = plain_page, f"/access-points/{site.live_point}/edit"
    page.goto(address)
    page.get_by_label("x", exact=True).fill("30,25")
    page.get_by_role("button", name="Access Point speichern").click()
    page.goto(address)
    expect(page.get_by_label("x", exact=True)).to_have_value("30,25")
    expect(page.get_by_label("Montagehöhe")).to_have_value("2,7")
    page.get_by_role("button", name="Access Point speichern").click()
    expect(page.get_by_role("heading", name="AP-2", level=1)).to_be_visible()


def test_the_coverage_in_words_and_numbers(plain_page: Page, site: Site) -> None:
    page = plain_page
    page.goto(f"/floors/{site.floor}/coverage?counts=planned")
    # The first row of this name is the verdict on what is asked, the second the plain signal.
    signal = page.get_by_role("row", name="Saal").last
    expect(signal).to_contain_text("100 %")
    page.locator("input[name=threshold]").fill("\N{MINUS SIGN}30")
    page.get_by_role("button", name="Anzeigen").click()
    expect(signal).not_to_contain_text("100 %")
