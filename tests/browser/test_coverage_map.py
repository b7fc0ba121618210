"""The coverage page: layers are switched in the folium map, and its marks tell what they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.web.site import Site

pytestmark = pytest.mark.browser


def test_layers_are_switched_and_access_points_open(planner_page: Page, site: Site) -> None:
    page = planner_page
    page.goto(f"/floors/{site.floor}/coverage?counts=planned")
    folium = page.frame_locator("iframe")
    picture = folium.locator(".leaflet-heat-pane img")
    expect(picture).to_have_count(1)
    expect(picture).to_have_attribute("src", _band("5"))
    with page.expect_response(_band("2.4")) as answer:
        folium.get_by_role("radio", name="2,4 GHz").first.check()
    assert answer.value.headers["content-type"] == "image/png"
    expect(picture).to_have_attribute("src", _band("2.4"))

    marks = folium.locator(".ap.leaflet-interactive")
    expect(marks).to_have_count(2)
    marks.first.focus()
    page.keyboard.press("Enter")
    popup = folium.locator(".leaflet-popup-content")
    expect(popup).to_contain_text("AP-1")
    expect(popup).to_contain_text("geplant")
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(folium.locator(".leaflet-pan-anim")).to_have_count(0)  # nobody hits what still moves
    marks.nth(1).click()
    expect(popup).to_contain_text("AP-2")


def test_what_is_counted_is_chosen_and_named(planner_page: Page, site: Site) -> None:
    page = planner_page
    page.goto(f"/floors/{site.floor}/coverage")
    points = page.get_by_role("link", name="AP-")
    expect(points).to_have_count(2)
    page.locator("select[name=counts]").select_option("live")
    page.get_by_role("button", name="Anzeigen").click()
    expect(page).to_have_url(re.compile("counts=live"))
    expect(points).to_have_count(1)
    expect(page.frame_locator("iframe").locator(".ap.leaflet-interactive")).to_have_count(1)


def test_a_floor_without_plan_says_what_to_do(planner_page: Page, site: Site) -> None:
    planner_page.goto(f"/floors/{site.empty_floor}/coverage")
    planner_page.get_by_role("link", name="Grundriss hochladen").click()
    expect(planner_page.get_by_label("Datei")).to_be_visible()


def _band(band: str) -> re.Pattern[str]:
    return re.compile(rf"/coverage/{re.escape(band)}\.png")
