"""A planner settles rows of an instrument's file that fit no cable, and thinks better of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

RECORDS = """label;result;tested_on
RH-EV0.1-P1-02;pass;2026-03-09
Dose 7;pass;2026-03-09
Dose 8;pass;2026-03-09
"""


def test_rows_that_fit_no_cable_are_given_to_one_left_out_and_decided_anew(
    planner_page: Page,
) -> None:
    page = planner_page
    page.goto("/import?kind=cable_tests")
    page.get_by_label("CSV-, XLSX- oder XML-Datei").set_input_files(
        {"name": "messung.csv", "mimeType": "text/csv", "buffer": RECORDS.encode()}
    )
    page.get_by_role("button", name="Zeigen, was sie bewirken würde").click()
    expect(page.get_by_text("2 Zeilen lassen sich so nicht importieren.")).to_be_visible()
    cable = "Kabel, zu dem Zeile 3 gehört (Dose 7)"
    page.get_by_label(cable).fill("RH-EV0.1-P1-01")
    page.get_by_label("weglassen (Zeile 4)").check()
    page.get_by_role("button", name="Wirkung so anzeigen").first.click()

    rest = page.get_by_role("button", name="Die anderen 2 Zeilen importieren")
    expect(rest).to_be_visible()
    page.get_by_text("Entscheidung zu 2 Zeilen ändern").click()
    expect(page.get_by_label(cable)).to_have_value("RH-EV0.1-P1-01")
    page.get_by_label("weglassen (Zeile 4)").uncheck()
    page.get_by_label("weglassen (Zeile 3)").check()
    rest.click()  # what was decided anew is shown first

    expect(page.get_by_text("1 Zeile lässt sich so nicht importieren.")).to_be_visible()
    expect(page.get_by_text("Zeile 3 bleibt weg.")).to_be_visible()
    page.get_by_label("Kabel, zu dem Zeile 4 gehört (Dose 8)").fill("RH-EV0.1-P1-01")
    page.get_by_label("Kabel, zu dem Zeile 4 gehört (Dose 8)").press("Enter")
    page.get_by_role("button", name="Die anderen 2 Zeilen importieren").click()

    done = page.locator("#toasts")
    expect(done).to_contain_text("messung.csv: 2 angelegt, 0 geändert, 0 unverändert.")
    expect(done).to_contain_text("Zeile 4 gehört zu RH-EV0.1-P1-01. Zeile 3 bleibt weg.")
