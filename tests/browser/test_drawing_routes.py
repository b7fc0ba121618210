"""Trays on the plan: drawn by clicks, bent by the keyboard, undone; the second editor is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import PlanEditor, second_person

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer

pytestmark = pytest.mark.browser


def test_a_tray_is_drawn_bent_by_the_keyboard_and_undone(
    planner_page: Page, browser: Browser, live_server: LiveServer, site: Site, faults: list[str]
) -> None:
    editor, page = PlanEditor(planner_page), planner_page
    editor.open(site.floor)
    editor.use("Trasse zeichnen")
    for x_m, y_m in ((4, 12), (10, 12.1), (10, 16)):
        editor.click(x_m, y_m)
        page.wait_for_timeout(350)  # two clicks in a row would be a double click
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="RH-0-T02")).to_be_visible()
    expect(page.get_by_label("Ecken")).to_have_value(re.compile(r"^[\d.]+ [\d.]+, .+, .+"))
    editor.use("Auswählen")
    corners = page.get_by_label("Ecken")
    corners.fill("4 12, 10 12, 10 16")
    corners.press("Tab")
    expect(editor.saved).to_be_visible()

    page.get_by_role("button", name="Ecke 3, x 10 m, y 16 m").focus()
    page.keyboard.press("Shift+ArrowDown")
    moved = page.get_by_role("button", name="Ecke 3, x 10 m, y 15 m")
    expect(moved).to_be_focused()
    expect(editor.saved).to_be_visible()
    expect(moved).to_be_focused()
    page.keyboard.press("Control+z")
    expect(corners).to_have_value("4 12, 10 12, 10 16")
    expect(editor.saved).to_be_visible()

    with second_person(browser, live_server, "admin", faults) as other:
        other.goto("/cable-routes?q=T02")
        other.get_by_role("link", name="RH-0-T02").click()
        other.get_by_role("link", name="Bearbeiten").click()
        other.get_by_label("Platz für Kabel").fill("24")
        other.get_by_role("button", name="Trasse speichern").click()
        expect(other.get_by_text("0 / 24")).to_be_visible()
    corners.fill("4 12, 10 12")
    corners.press("Tab")
    expect(page.get_by_role("heading", name="Inzwischen von admin geändert")).to_be_visible()
    page.get_by_role("button", name="Meine Werte behalten").click()
    expect(editor.saved).to_be_visible()
    page.keyboard.press("Escape")
    editor.use("Löschen")
    expect(page.get_by_text("Gelöscht: Kabeltrasse RH-0-T02")).to_be_visible()
    assert [fault for fault in faults if "409" not in fault] == []
    faults.clear()
