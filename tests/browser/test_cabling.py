"""Cabling as facility staff use it: runs are added, carried on with evidence, and taken back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.people import let_in
from tests.factories.files import make_photo
from tests.live_server import database_of
from wlantrack.services import access_points, cable_states, distributors
from wlantrack.services.access_points import AccessPointValues
from wlantrack.services.actor import SYSTEM
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cabling_places import PlaceValues
from wlantrack.services.distributors import DistributorValues
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

    from tests.integration.web.site import Site
    from tests.live_server import LiveServer
    from wlantrack.store.plan_files import PlanFiles

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PHOTO = FilePayload(name="IMG_1.jpg", mimeType="image/jpeg", buffer=make_photo())


@pytest.fixture(scope="module")
def distributor(live_server: LiveServer, site: Site) -> str:
    """Give a distributor in the western wing, with four access points to be cabled."""
    with database_of(live_server.app).writing(SYSTEM.audit()) as session:
        made = distributors.add_distributor(
            session, SYSTEM, DistributorValues(PlaceValues("RH/0", "WE"), code="RH-EV0.9")
        )
        model = access_points.find_access_point(session, SYSTEM, site.live_point).model
        for number in range(1, 5):
            access_points.place_access_point(
                session,
                SYSTEM,
                site.floor,
                AccessPointValues(2.0 + number, 5.0, model.public_id, code=f"AP-WE-{number}"),
            )
        return made.code


def add_runs(page: Page, distributor: str, points: list[str]) -> None:
    """Add a run to each access point; the panel port counts on by itself."""
    page.goto("/cabling")
    page.get_by_role("link", name="Kabel anlegen").first.click()
    page.get_by_label("Verteiler").select_option(label=distributor)
    page.get_by_label("Feldport").fill("P1:01" if points[0] == "AP-WE-1" else "P2:01")
    for number, point in enumerate(points):
        page.get_by_label("Access Point").fill(point)
        is_last = number == len(points) - 1
        page.get_by_role(
            "button", name="Kabel speichern" if is_last else "Speichern und weiteres anlegen"
        ).click()
        expect(page.locator("#toasts")).to_contain_text("angelegt")
        if not is_last:
            expect(page.get_by_label("Verteiler")).to_have_value(distributor)
            expect(page.get_by_label("Feldport")).to_have_value(re.compile(rf":0{number + 2}"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(distributor)


def carry_to_containment(server: LiveServer, labels: list[str]) -> None:
    """Let the office do its part, until the cables can be pulled."""
    files: PlanFiles = server.app.extensions[EXTENSION].files
    today = datetime.now(UTC).date()
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        ("surveyed", {}),
        ("design released", {}),
        ("permits cleared", {"permit": "DS-1"}),
        ("ordered", {"firm": "Kabelbau GmbH"}),
        ("containment installed", {}),
    )
    for target, evidence in steps:
        with server.database.writing(SYSTEM.audit()) as session:
            for label in labels:
                change = cable_states.StateChange(target, today, today, evidence)
                cable_states.change_state(session, SYSTEM, files, Selected(label), change)


def open_steps(page: Page) -> None:
    """Open what ticked rows can be set to; on a phone it is folded up, so that rows are seen."""
    if page.viewport_size == PHONE:
        box = page.locator(".bulk-bar").bounding_box()
        assert box is not None
        assert box["height"] < 60
        page.get_by_text("Schritt wählen").click()


def bulk_to_pulled(page: Page, labels: list[str], early: str) -> None:
    """Tick the runs and one that is not so far; the page says before what can be done."""
    page.goto("/cabling?q=RH-EV0.9")
    for label in (*labels, early):
        page.get_by_role("checkbox", name=re.compile(rf"{re.escape(label)}\b")).check()
    expect(page.get_by_text("ausgewählt")).to_be_visible()
    open_steps(page)
    page.get_by_label("Neuer Zustand").select_option("pulled")
    page.get_by_role("button", name="Zustand setzen").click()
    title = f"{len(labels)} Kabel auf »gezogen« setzen"
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
    expect(page.get_by_role("table", name="Kabel, die bleiben, wie sie sind")).to_contain_text(
        early
    )
    page.get_by_label("Firma").fill("Kabelbau GmbH")
    page.get_by_label("Foto", exact=False).first.set_input_files(PHOTO)
    page.get_by_label("Was das Foto zeigt").fill("Bündel im Schacht")
    page.get_by_role("button", name=title).click()


def expect_states(page: Page, labels: list[str], word: str) -> None:
    page.goto("/cabling?q=RH-EV0.9")
    for label in labels:
        row = page.get_by_role("row").filter(has_text=re.compile(rf"{re.escape(label)}\b"))
        expect(row).to_contain_text(word)


@pytest.mark.parametrize(
    ("size", "points"),
    [(DESK, ["AP-WE-1", "AP-WE-2"]), (PHONE, ["AP-WE-3", "AP-WE-4"])],
    ids=["1440", "390"],
)
def test_runs_are_added_pulled_in_bulk_and_taken_back(
    page: Page,
    live_server: LiveServer,
    distributor: str,
    size: ViewportSize,
    points: list[str],
) -> None:
    panel = "P1" if size is DESK else "P2"
    labels = [f"{distributor}-{panel}-01", f"{distributor}-{panel}-02"]
    let_in(page.context, live_server, "facility")
    page.set_viewport_size(size)

    add_runs(page, distributor, points)
    carry_to_containment(live_server, labels[:1])
    bulk_to_pulled(page, labels[:1], early=labels[1])

    expect(page.get_by_role("heading", level=1)).to_have_text("1 Kabel auf »gezogen« gesetzt")
    expect(page.get_by_role("table")).to_contain_text("Der Zustand kann nicht")
    expect_states(page, labels[:1], "gezogen")
    page.get_by_role("link", name=labels[0]).click()
    expect(page.get_by_role("link", name="IMG_1.jpg")).to_be_visible()
    expect(page.locator("img.thumbnail").first).to_have_js_property("naturalWidth", 240)

    page.go_back()
    carry_to_containment(live_server, labels[1:])
    bulk_to_containment_done(page, labels[1])
    undo = page.locator("#toasts").get_by_role("button", name="Rückgängig")
    undo.click()
    expect(page.locator("#toasts")).to_contain_text("Rückgängig gemacht")
    expect_states(page, labels[1:], "Trasse hergestellt")
    too_wide_px = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert too_wide_px == 0


def bulk_to_containment_done(page: Page, label: str) -> None:
    """Pull one run from the list; all goes well, so the list comes back with an undo."""
    page.goto("/cabling?q=RH-EV0.9")
    page.get_by_role("checkbox", name=re.compile(rf"{re.escape(label)}\b")).check()
    open_steps(page)
    page.get_by_label("Neuer Zustand").select_option("pulled")
    page.get_by_role("button", name="Zustand setzen").click()
    page.get_by_role("button", name="1 Kabel auf »gezogen« setzen").click()
    expect(page.get_by_role("heading", name="Verkabelung", level=1)).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("1 Kabel auf »gezogen« gesetzt.")


def test_a_state_is_changed_on_the_phone_with_a_photo(
    page: Page, live_server: LiveServer, site: Site
) -> None:
    let_in(page.context, live_server, "facility")
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"/cabling/runs/{site.cabling.run}")

    page.get_by_role("link", name="Brandabschottung hergestellt").click()
    page.get_by_role("button", name="Auf »Brandabschottung hergestellt« setzen").click()
    expect(page.get_by_role("alert")).to_contain_text("Foto")
    photo = page.locator("input[type=file]")
    expect(photo).to_have_attribute("capture", "environment")
    photo.set_input_files(
        FilePayload(name="IMG_2.heic", mimeType="image/heic", buffer=b"\0\0\0\x18ftypheic\0\0\0\0")
    )
    page.get_by_role("button", name="Auf »Brandabschottung hergestellt« setzen").click()
    expect(page.get_by_role("alert")).to_contain_text("HEIC")
    photo.set_input_files(PHOTO)
    page.get_by_role("button", name="Auf »Brandabschottung hergestellt« setzen").click()

    expect(page.locator(".page-head")).to_contain_text("Brandabschottung hergestellt")
    expect(page.locator(".timeline li").first).to_contain_text("Brandabschottung hergestellt")
    page.locator("#toasts").get_by_role("button", name="Rückgängig").click()
    expect(page.locator(".page-head")).to_contain_text("gezogen")


def test_the_board_moves_a_card_by_keyboard(
    page: Page, live_server: LiveServer, site: Site
) -> None:
    del site
    let_in(page.context, live_server, "facility")
    page.set_viewport_size(DESK)
    page.goto("/cabling/board?q=RH-EV0.1-P1-02")

    move = page.get_by_role("link", name="RH-EV0.1-P1-02 auf »Begehung erfolgt« setzen")
    move.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Auf »Begehung erfolgt« setzen").press("Enter")

    expect(page.get_by_role("heading", name="Verkabelung")).to_be_visible()
    expect(
        page.get_by_role("region", name=re.compile("Begehung erfolgt")).get_by_role(
            "link", name="RH-EV0.1-P1-02", exact=True
        )
    ).to_be_visible()
