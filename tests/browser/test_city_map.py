"""The city on a map and in a list: hover, choose, filter, search, on a screen and on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import shapely
from playwright.sync_api import expect

from tests.factories.places import add_building
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.queries import places as queries

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser

EVIL = "<b>Bad</b> & Söhne"


@pytest.fixture(scope="module")
def city(live_server: LiveServer, site: Site) -> Site:
    """Give the site with three buildings on the map and one that is not."""
    with database_of(live_server.app).writing(SYSTEM.audit()) as session:
        town_hall = queries.get_building_by_code(session, "RH")
        assert town_hall
        town_hall.footprint = shapely.box(513_000, 5_402_000, 513_090, 5_402_070)
        outline = shapely.box(513_400, 5_402_300, 513_440, 5_402_330)
        add_building(session, "BAD", name=EVIL, is_public=True, footprint=outline)
        add_building(session, "P", origin_easting_m=512_700.0, origin_northing_m=5_402_500.0)
        session.commit()
    return site


def open_map(page: Page, query: str = "") -> None:
    page.goto(f"/map{query}")
    page.locator("html[data-city-map=ready]").wait_for(state="attached")


@pytest.mark.usefixtures("city")
def test_list_and_map_point_at_one_another(planner_page: Page) -> None:
    page, frame = planner_page, planner_page.frame_locator("iframe")
    open_map(page)
    expect(frame.locator(".leaflet-marker-icon")).to_have_count(3)
    expect(page.locator(".city-list li")).to_have_count(4)
    row = page.locator('.city-list li[data-code="BAD"]')
    row.hover()
    expect(frame.locator(".ap.is-highlighted")).to_have_count(1)
    row.get_by_role("button", name="auf der Karte").click()
    popup = frame.get_by_role("dialog")
    expect(popup.get_by_role("heading")).to_have_text(EVIL)
    expect(popup).to_contain_text("noch nichts geplant")
    expect(row).to_have_class("is-chosen")
    popup.get_by_role("link", name="Gebäude öffnen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(EVIL)


@pytest.mark.usefixtures("city")
def test_the_keyboard_reaches_every_building_by_the_list(planner_page: Page) -> None:
    page, frame = planner_page, planner_page.frame_locator("iframe")
    open_map(page)
    page.locator('.city-list li[data-code="RH"] a').focus()
    expect(frame.locator(".ap.is-highlighted")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    popup = frame.get_by_role("dialog")
    expect(popup).to_contain_text("teilweise in Betrieb")
    expect(popup).to_contain_text("1 / 2")


@pytest.mark.usefixtures("city")
def test_filters_stand_in_the_address_and_hold_for_both(planner_page: Page) -> None:
    page, frame = planner_page, planner_page.frame_locator("iframe")
    open_map(page)
    page.get_by_label("Öffentlich zugänglich").select_option("yes")
    page.get_by_role("button", name="Filtern").click()
    page.locator("html[data-city-map=ready]").wait_for(state="attached")
    assert "public=yes" in page.url
    expect(page.locator(".city-list li")).to_have_count(1)
    expect(frame.locator(".leaflet-marker-icon")).to_have_count(1)
    expect(page.get_by_text("1 von 4 Gebäuden")).to_be_visible()


@pytest.mark.usefixtures("city")
def test_a_phone_shows_the_list_first_and_a_way_to_the_map(planner_page: Page) -> None:
    page = planner_page
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page)
    first_row, frame = page.locator(".city-list li").first, page.locator("iframe")
    row_box, map_box = first_row.bounding_box(), frame.bounding_box()
    assert row_box
    assert map_box
    assert row_box["y"] < map_box["y"]
    page.get_by_role("link", name="Zur Karte").click()
    expect(frame).to_be_in_viewport()


@pytest.mark.usefixtures("city")
def test_suggestions_are_walked_by_arrows_and_put_away_by_escape(planner_page: Page) -> None:
    page = planner_page
    page.goto("/buildings")
    page.keyboard.press("/")
    page.keyboard.type("ap-")
    suggestions = page.locator("#search-results")
    expect(suggestions.get_by_role("link", name=re.compile("^AP-1"))).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(suggestions.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(suggestions).to_be_empty()
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("AP-2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("AP-2")
    assert "/access-points/" in page.url


@pytest.mark.usefixtures("city")
def test_a_mark_stays_in_its_place_when_it_grows(planner_page: Page) -> None:
    page, frame = planner_page, planner_page.frame_locator("iframe")
    open_map(page)
    row = page.locator('.city-list li[data-code="RH"]')
    row.get_by_role("button", name="auf der Karte").click()
    page.mouse.move(0, 0)
    mark = frame.locator(".ap--mounted")
    small = mark.bounding_box()
    row.locator("a").focus()
    expect(mark).to_have_class(re.compile("is-highlighted"))
    large = mark.bounding_box()
    assert small
    assert large
    assert large["width"] > small["width"]
    assert abs(small["x"] + small["width"] / 2 - large["x"] - large["width"] / 2) < 1.5
    assert abs(small["y"] + small["height"] / 2 - large["y"] - large["height"] / 2) < 1.5
