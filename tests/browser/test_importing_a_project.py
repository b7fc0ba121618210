"""A planner brings a project along: preview with its picture, import, coverage, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.factories.projects import write_esx

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_a_project_is_previewed_imported_looked_at_and_undone(planner_page: Page) -> None:
    page = planner_page
    page.goto("/import")
    page.get_by_role("link", name="Planungsprojekt").click()
    page.get_by_label("Projektdatei").set_input_files(
        {"name": "haus.esx", "mimeType": "application/zip", "buffer": write_esx()}
    )
    page.get_by_role("button", name="Zeigen, was sie bewirken würde").click()
    drawing = page.get_by_role("img", name="Plan von Erdgeschoss mit Wänden und Access Points")
    expect(drawing.locator("circle")).to_have_count(2)
    expect(page.get_by_role("row", name="Wände")).to_contain_text("3")

    page.get_by_role("button", name="Projekt importieren").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import von haus.esx")
    address = page.url
    page.get_by_role("link", name="Ausleuchtung KleinesHaus/0").click()
    expect(page.get_by_role("link", name="KleinesHaus-0-AP-2")).to_be_visible()

    page.goto(address)
    page.get_by_role("button", name="Import rückgängig machen").click()
    expect(page.get_by_text("rückgängig gemacht am")).to_be_visible()
    expect(page.get_by_role("button", name="Import rückgängig machen")).to_have_count(0)
