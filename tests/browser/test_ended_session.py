"""A session ends while somebody works: nothing that was typed or drawn is lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.people import PlanEditor
from tests.factories.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.integration.web.site import Site

pytestmark = pytest.mark.browser


def log_in(page: Page) -> None:
    page.get_by_label("Name").fill("planner")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()


def forgive(faults: list[str], *statuses: str) -> None:
    """Leave out what Chromium says of answers above 399; everything else stays a fault."""
    others = [fault for fault in faults if not any(status in fault for status in statuses)]
    assert others == []
    faults.clear()


def test_a_form_is_filled_in_again_after_the_log_in(
    planner_page: Page, site: Site, faults: list[str]
) -> None:
    page, url = planner_page, f"/access-points/{site.planned_point}/edit"
    page.goto(url)
    page.get_by_label("Bemerkung").fill("über der Tür")
    page.get_by_label("Im Freien").check()
    page.context.clear_cookies()
    page.get_by_role("button", name="Speichern").click()

    expect(page.get_by_role("heading", name="Bitte melden Sie sich an.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Anmelden").click()
    log_in(page)

    expect(page.get_by_label("Bemerkung")).to_have_value("über der Tür")
    expect(page.get_by_label("Im Freien")).to_be_checked()
    expect(page.locator("#toasts")).to_contain_text("stehen wieder im Formular")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert.")).to_be_visible()
    page.goto(url)
    expect(page.get_by_label("Bemerkung")).to_have_value("über der Tür")
    expect(page.locator("#toasts .toast")).to_have_count(0)
    forgive(faults, "401")


def test_the_editor_sends_its_changes_after_a_log_in_in_a_new_tab(
    planner_page: Page, site: Site, faults: list[str]
) -> None:
    page, editor = planner_page, PlanEditor(planner_page)
    editor.open(site.floor)
    page.context.clear_cookies()
    mark = editor.mark("AP-1")
    mark.focus()
    page.keyboard.press("ArrowRight")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Ihre Sitzung ist beendet")

    with page.expect_popup() as opened:
        alert.get_by_role("link", name="Anmelden").click()
    log_in(opened.value)
    expect(opened.value.get_by_role("heading", name="Was jetzt ansteht")).to_be_visible()
    opened.value.close()
    alert.get_by_role("button", name="Erneut versuchen").click()

    expect(editor.saved).to_be_visible()
    page.reload()
    expect(editor.mark("AP-1")).to_have_accessible_name(re.compile("x 10,1 m"))
    forgive(faults, "401")
