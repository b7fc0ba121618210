"""The planner's story: from an empty city to a floor whose coverage follows every change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.people import PlanEditor
from tests.factories.people import PASSWORD
from tests.integration.web.site import draw_plan

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.integration.web.site import Site

pytestmark = pytest.mark.browser


def log_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Name").fill("planner")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", name="Gebäude", level=1)).to_be_visible()


def add_building_with_floor(page: Page) -> None:
    page.get_by_role("link", name="Gebäude anlegen").click()
    page.get_by_label("Kennung").fill("NB")
    page.get_by_label("Name").fill("Neubau")
    page.get_by_role("button", name="Gebäude speichern").click()
    page.get_by_role("link", name="Geschoss anlegen").first.click()
    page.get_by_label("Ebene").fill("0")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="EG", exact=True).click()


def upload_plan(page: Page) -> None:
    page.get_by_role("link", name="Grundriss hochladen").first.click()
    plan = FilePayload(name="eg.png", mimeType="image/png", buffer=draw_plan((800, 400)))
    page.get_by_label("Datei").set_input_files(plan)
    page.get_by_role("button", name="Grundriss hochladen").click()
    expect(page.get_by_role("heading", name="Maßstab")).to_be_visible()


def set_scale_by_clicking(page: Page) -> None:
    """Click two points that are 600 pixels apart, and say that this is 30 m."""
    picture = page.locator("plan-calibration img")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    zoom = box["width"] / 800
    for x_px in (100, 700):
        picture.click(position={"x": x_px * zoom, "y": 200 * zoom})
    for name, expected in (("x1_px", 100), ("y1_px", 200), ("x2_px", 700), ("y2_px", 200)):
        typed = page.locator(f"input[name={name}]").input_value()
        assert float(typed.replace(",", ".")) == pytest.approx(expected, abs=1.5)
    page.get_by_label("Abstand zwischen ihnen").fill("30")
    page.get_by_role("button", name="Maßstab speichern").click()
    expect(page.get_by_text(re.compile(r"40,\d m breit"))).to_be_visible()


def test_from_an_empty_city_to_a_floor_with_coverage(page: Page, site: Site) -> None:
    del site  # its planner is who logs in here
    log_in(page)
    add_building_with_floor(page)
    upload_plan(page)
    set_scale_by_clicking(page)

    editor = PlanEditor(page)
    expect(editor.heat).to_have_count(1)
    x_m = place_and_move(editor)
    draw_wall_and_undo(editor)
    page.reload()
    expect(editor.saved).to_be_visible()
    expect(editor.mark("NB-0-AP-01")).to_have_accessible_name(re.compile(f"x {x_m} m"))
    expect(page.locator("path.wall")).to_have_count(1)


def place_and_move(editor: PlanEditor) -> str:
    """Place an access point by a click, move it by mouse and keyboard; give its x as it is shown."""
    page = editor.page
    editor.use("Access Point setzen")
    with editor.heat_map_redrawn():
        editor.click(10, 10)
    editor.use("Auswählen")
    mark = editor.mark("NB-0-AP-01")
    expect(mark).to_have_accessible_name(re.compile(r"geplant, x (10|9,9\d|10,0\d) m"))

    with editor.heat_map_redrawn():
        editor.drag(mark, 30, 15)
    expect(mark).to_have_accessible_name(re.compile(r"x (29,[89]\d?|30(,[01]\d?)?) m"))

    mark.focus()
    x_m = read_x_m(mark)
    with editor.heat_map_redrawn():
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("Shift+ArrowLeft")
        page.keyboard.press("ArrowRight")
    assert read_x_m(mark) == pytest.approx(x_m - 1.9)
    return f"{x_m - 1.9:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def read_x_m(mark: Locator) -> float:
    """Read where a mark says that it is."""
    found = re.search(r"x ([\d,]+) m", mark.get_attribute("aria-label") or "")
    assert found is not None
    return float(found[1].replace(",", "."))


def draw_wall_and_undo(editor: PlanEditor) -> None:
    """Draw a wall across the floor, take it back, and put it there again."""
    page = editor.page
    editor.use("Wand zeichnen")
    page.get_by_label("Neue Wände").select_option(label="Beton 200 mm")
    with editor.heat_map_redrawn():
        editor.click(20, 1)
        editor.click(20, 19)
        page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("path.wall")).to_have_count(1)

    with editor.heat_map_redrawn():
        editor.use("Rückgängig")
    expect(page.locator("path.wall")).to_have_count(0)
    with editor.heat_map_redrawn():
        editor.use("Wiederholen")
    expect(page.locator("path.wall")).to_have_count(1)


def test_the_scale_by_typing(planner_page: Page, site: Site) -> None:
    page = planner_page
    page.goto(f"/floor-plans/{site.old_plan}/scale")
    for name, value in (("x1_px", "10,5"), ("y1_px", "20"), ("x2_px", "210,5"), ("y2_px", "20")):
        page.locator(f"input[name={name}]").fill(value)
    expect(page.locator(".calibration__mark:visible")).to_have_count(2)
    page.get_by_label("Abstand zwischen ihnen").fill("-5")
    page.get_by_role("button", name="Maßstab speichern").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("input[name=x1_px]")).to_have_value("10,5")
    page.get_by_label("Abstand zwischen ihnen").fill("25")
    page.get_by_role("button", name="Maßstab speichern").click()
    expect(page.get_by_text(re.compile(r"50,0 m breit und 25,0 m hoch"))).to_be_visible()


def test_a_wall_is_deleted_and_comes_back_from_the_message(planner_page: Page, site: Site) -> None:
    page, editor = planner_page, PlanEditor(planner_page)
    editor.open(site.floor)
    walls = page.locator("path.wall")
    expect(walls).to_have_count(1)
    editor.click(20, 10)
    with editor.heat_map_redrawn():
        page.get_by_role("region", name="Ausgewählter Eintrag").get_by_role(
            "button", name="Löschen"
        ).click()
    expect(walls).to_have_count(0)
    with editor.heat_map_redrawn():
        page.locator("#toasts").get_by_role("button", name="Rückgängig").click()
    expect(walls).to_have_count(1)


def test_a_value_that_the_server_refuses_waits_beside_its_field(
    planner_page: Page, site: Site, faults: list[str]
) -> None:
    page, editor = planner_page, PlanEditor(planner_page)
    editor.open(site.floor)
    editor.mark("AP-1").click()
    page.locator("#editor-x_m").fill("500")
    page.locator("#editor-x_m").press("Tab")
    expect(page.locator("#editor-x_m-error")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Änderung verwerfen").click()
    expect(editor.saved).to_be_visible()
    expect(page.locator("#editor-x_m")).to_have_value("10")
    # Chromium reports every answer above 399 as an error of the page.
    assert [fault for fault in faults if "400" not in fault] == []
    faults.clear()


def test_numbers_are_typed_as_people_write_them(planner_page: Page, site: Site) -> None:
    page, editor = planner_page, PlanEditor(planner_page)
    editor.open(site.floor)
    editor.mark("AP-1").click()
    height = page.locator("#editor-height_m")
    warning = page.locator("#editor-height_m-warning")
    for typed, shown in (("2,5", "2,5"), ("2.75", "2,75")):
        height.fill(typed)
        height.press("Tab")
        expect(height).to_have_value(shown)
        expect(warning).to_be_hidden()
    expect(editor.saved).to_be_visible()
    height.fill("2,5,1")
    height.press("Tab")
    expect(page.locator("#editor-height_m-error")).to_contain_text("2,5")
    height.fill("4")
    height.press("Tab")
    expect(page.locator("#editor-height_m-error")).to_be_hidden()
    expect(warning).to_contain_text("3 m")
    expect(editor.saved).to_be_visible()
    page.goto(f"/access-points/{site.planned_point}/edit")
    expect(page.locator("input[name=height_m]")).to_have_value("4")


def test_an_access_point_deleted_by_key_comes_back_as_it_was(
    planner_page: Page, site: Site
) -> None:
    page = planner_page
    edit = f"/access-points/{site.planned_point}/edit"
    page.goto(edit)
    page.locator("input[name=radio2-channel]").fill("100")
    page.get_by_label("Bemerkung").fill("über der Tür")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert.")).to_be_visible()

    editor = PlanEditor(page)
    editor.open(site.floor)
    mark = editor.mark("AP-1")
    mark.focus()
    page.keyboard.press("Delete")
    expect(mark).to_have_count(0)
    expect(editor.saved).to_be_visible()
    page.keyboard.press("Control+z")
    expect(mark).to_be_visible()
    expect(editor.saved).to_be_visible()
    page.keyboard.press("Control+y")
    expect(mark).to_have_count(0)
    editor.element.get_by_role("button", name="Rückgängig").click()
    expect(mark).to_be_visible()
    expect(editor.saved).to_be_visible()
    mark.click()
    editor.element.get_by_role("button", name="Auswählen").focus()
    page.keyboard.press("Delete")
    expect(mark).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(mark).to_be_visible()
    expect(editor.saved).to_be_visible()

    page.goto(edit)
    expect(page.locator("input[name=radio2-channel]")).to_have_value("100")
    expect(page.get_by_label("Bemerkung")).to_have_value("über der Tür")
    expect(page.get_by_label("Kennung", exact=True)).to_have_value("AP-1")
