"""Demand: a zone of rooms is added on the floor's tab, judged on the coverage page, and drawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.web.site import Site

pytestmark = pytest.mark.browser


def test_a_zone_by_use_is_added_and_judged(planner_page: Page, site: Site) -> None:
    page = planner_page
    page.goto(f"/floors/{site.floor}/plan")
    page.get_by_role("link", name="Räume und Bedarf").click()
    page.get_by_role("link", name="Saal").or_(page.get_by_role("link", name="001")).first.click()
    page.get_by_role("link", name="Bearbeiten").click()
    page.get_by_label("Nutzung").select_option(label="Besprechung")
    page.get_by_role("button", name="Raum speichern").click()
    page.get_by_role("link", name="Räume und Bedarf des Geschosses").click()

    page.get_by_role("link", name="Zone anlegen").click()
    page.get_by_label("Name").fill("Säle")
    page.get_by_label("Netz", exact=True).select_option(label="LHS-WLAN")
    page.get_by_label("Anforderung").select_option(label="Sprache und Video")
    page.get_by_label("Gerät").select_option(label="Notebook")
    page.get_by_label("Nutzung der Räume").select_option(
        label="Besprechung (1 auf diesem Geschoss)"
    )
    page.get_by_role("button", name="Zone speichern").click()
    zones = page.get_by_role("table", name="Zonen dieses Geschosses")
    expect(zones.get_by_role("row", name=re.compile("Z2.*Säle.*LHS-WLAN"))).to_be_visible()

    page.get_by_role("link", name="Wird sie erfüllt?").click()
    verdicts = page.get_by_role("table", name="Urteil je Zone")
    row = verdicts.get_by_role("row", name=re.compile("Z2"))
    expect(row).to_contain_text(re.compile("erfüllt"))
    row.get_by_text("Sprache und Video, 5 GHz").click()
    expect(row).to_contain_text("zweiter Access Point \N{MINUS SIGN}75 dBm")
    expect(row).to_contain_text("Gerät: Notebook")

    folium = page.frame_locator("iframe")
    picture = folium.locator(".leaflet-heat-pane img")
    with page.expect_response(re.compile("verdict-internal")) as answer:
        folium.get_by_role("radio", name="Urteil: LHS-WLAN").check()
    assert answer.value.headers["content-type"] == "image/png"
    expect(picture).to_have_attribute("src", re.compile("verdict-internal"))
    expect(folium.locator("[data-legend=verdict]")).to_be_visible()


def test_an_outline_is_drawn_by_mouse_and_mended_by_keyboard(
    planner_page: Page, site: Site
) -> None:
    page = planner_page
    page.goto(f"/floors/{site.floor}/rooms/new")
    page.get_by_label("Nummer").fill("002")
    sheet = page.locator("outline-drawing svg.sheet")
    frame = sheet.bounding_box()
    assert frame
    corners = page.get_by_role("button", name=re.compile("Ecke [0-9]"))
    for x, y in ((0.6, 0.3), (0.8, 0.3), (0.8, 0.6), (0.6, 0.6)):
        sheet.click(position={"x": frame["width"] * x, "y": frame["height"] * y})
    expect(corners).to_have_count(4)
    field = page.get_by_role("textbox", name="Umriss")
    before = field.input_value().splitlines()
    corners.nth(1).focus()
    page.keyboard.press("Shift+ArrowRight")
    after = field.input_value().splitlines()
    assert [before[0], *before[2:]] == [after[0], *after[2:]]
    assert _x(after[1]) == pytest.approx(_x(before[1]) + 1.0, abs=0.01)

    page.get_by_role("button", name="Raum speichern").click()
    expect(page.get_by_role("heading", name="002")).to_be_visible()
    expect(page.get_by_role("img", name="Umriss von Raum 002 auf dem Grundriss")).to_be_visible()


def _x(corner: str) -> float:
    return float(corner.partition(";")[0].replace(",", "."))
