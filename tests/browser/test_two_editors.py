"""Two people at the same access point: the second is told who changed what, and chooses."""

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


def forgive_conflict(faults: list[str]) -> None:
    """Take out what Chromium says of the 409 that the story is about."""
    assert [fault for fault in faults if "409" not in fault] == []
    faults.clear()


def set_number(page: Page, field: str, value: str) -> None:
    page.locator(f"#editor-{field}").fill(value)
    page.locator(f"#editor-{field}").press("Tab")


def meet_at_one_access_point(mine: PlanEditor, theirs: PlanEditor, floor: str, code: str) -> None:
    """Both open the floor; they move the access point to x = 12, then I move mine to x = 14."""
    mine.open(floor)
    theirs.open(floor)
    theirs.mark(code).click()
    set_number(theirs.page, "x_m", "12")
    expect(theirs.saved).to_be_visible()
    expect(theirs.mark(code)).to_have_accessible_name(re.compile("x 12 m"))
    with theirs.page.expect_response("**/access-points/*") as answer:
        set_number(theirs.page, "y_m", "8")
    assert answer.value.status == 200
    mine.mark(code).click()
    set_number(mine.page, "x_m", "14")
    expect(mine.page.get_by_role("heading", name="Inzwischen von admin geändert")).to_be_visible()


def test_the_second_editor_sees_both_values_and_takes_theirs(
    planner_page: Page, browser: Browser, live_server: LiveServer, site: Site, faults: list[str]
) -> None:
    mine = PlanEditor(planner_page)
    with second_person(browser, live_server, "admin", faults) as other:
        meet_at_one_access_point(mine, PlanEditor(other), site.floor, "AP-1")
    conflict = planner_page.get_by_role("alert")
    expect(conflict.get_by_role("row", name=re.compile("^x"))).to_have_text(re.compile("14.*12"))
    conflict.get_by_role("button", name="Andere Werte übernehmen").click()
    expect(mine.saved).to_be_visible()
    expect(mine.mark("AP-1")).to_have_accessible_name(re.compile("x 12 m, y 8 m"))
    forgive_conflict(faults)


def test_the_second_editor_keeps_their_own_value(
    planner_page: Page, browser: Browser, live_server: LiveServer, site: Site, faults: list[str]
) -> None:
    mine = PlanEditor(planner_page)
    with second_person(browser, live_server, "admin", faults) as other:
        meet_at_one_access_point(mine, PlanEditor(other), site.floor, "AP-2")
    planner_page.get_by_role("button", name="Meine Werte behalten").click()
    expect(mine.saved).to_be_visible()
    planner_page.reload()
    expect(mine.mark("AP-2")).to_have_accessible_name(re.compile("x 14 m, y 8 m"))
    forgive_conflict(faults)


def test_two_browsers_edit_one_record_and_the_second_sees_who_changed_what_and_merges(
    planner_page: Page, browser: Browser, live_server: LiveServer, site: Site
) -> None:
    page, address = planner_page, f"/access-points/{site.planned_point}/edit"
    faults: list[str] = []
    page.goto(address)
    with second_person(browser, live_server, "admin", faults) as other:
        other.goto(address)
        other.get_by_label("Bemerkung").fill("von nebenan")
        other.get_by_label("Montagehöhe").fill("2,4")
        other.get_by_role("button", name="Access Point speichern").click()
        expect(other.get_by_role("heading", name="AP-1", level=1)).to_be_visible()
    assert faults == []
    page.get_by_label("Montagehöhe").fill("3,1")
    page.get_by_label("Azimut").fill("90")
    page.get_by_role("button", name="Access Point speichern").click()

    told = page.get_by_role("alert")
    expect(told).to_contain_text("Bemerkung ist jetzt: von nebenan (admin")
    expect(page.get_by_label("Bemerkung")).to_have_value("von nebenan")
    expect(page.get_by_label("Azimut")).to_have_value("90")
    row = page.get_by_role("row", name="Montagehöhe")
    expect(row).to_contain_text(re.compile(r"2,7\s+3,1\s+2,4\s+admin"))
    row.get_by_label("2,4").check()
    page.get_by_role("button", name="Access Point speichern").click()

    expect(page.get_by_text("Gespeichert.")).to_be_visible()
    page.goto(address)
    for label, value in (("Bemerkung", "von nebenan"), ("Montagehöhe", "2,4"), ("Azimut", "90")):
        expect(page.get_by_label(label)).to_have_value(value)
