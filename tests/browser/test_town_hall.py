"""The town hall's roll-out in German: a wall closes, a permit is late, cables get done, dates slip.

One manager goes through it page by page, as people do: by headings, labels and buttons. Only the
ends of two months come about by the nightly run, told which day it is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.people import let_in
from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor, add_outlet
from tests.factories.demand import add_group
from tests.factories.files import make_photo
from tests.factories.people import add_user
from tests.factories.places import add_building, add_floor, add_room, add_wing
from tests.factories.rollout import (
    add_link,
    add_milestone,
    add_part,
    add_penetration,
    add_renovation,
    on,
)
from wlantrack.services import snapshots
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.services.results import ResultCache
from wlantrack.settings import Settings
from wlantrack.store.models.people import Grant

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from sqlalchemy.orm import Session

    from tests.live_server import LiveServer
    from wlantrack.store.models.places import Building, Floor, Wing

pytestmark = pytest.mark.browser

RUN = "RH-EV3-P1-01"
PHOTO = FilePayload(name="IMG_7.jpg", mimeType="image/jpeg", buffer=make_photo())
TODAY = datetime.now(UTC).date()
CLOSES = TODAY + timedelta(days=120)
EARLY, LATE = f"März {TODAY.year + 1}", f"Q3/{TODAY.year + 1}"
WINGS = {"MP": "Marktplatzflügel", "HS": "Flügel Hirschstraße", "EI": "Flügel Eichstraße"}
WAITS = re.compile("offen \N{EN DASH} wartet auf Verkabelung")


@pytest.fixture(scope="module", autouse=True)
def town_hall(live_server: LiveServer) -> None:
    """Give the town hall with its plan: one wing is dated, the others wait for their cabling."""
    with live_server.database.writing(SYSTEM.audit()) as session:
        building = add_building(session, "RH", name="Rathaus", is_listed=True)
        wings = {code: add_wing(session, building, code, name=WINGS[code]) for code in WINGS}
        floor = add_floor(session, building, 3, name="3. OG")
        _lay_cable(session, floor, wings["MP"])
        for wing in wings.values():
            _plan_wing(session, building, floor, wing)
        add_user(session, "manager", Grant(role="manager"))
        session.commit()


def _lay_cable(session: Session, floor: Floor, wing: Wing) -> None:
    distributor = add_distributor(session, floor, "RH-EV3", wing_id=wing.id)
    outlet = add_outlet(session, floor, "RH-3-DO-01", wing_id=wing.id)
    run = add_cable_run(
        session,
        distributor,
        RUN,
        outlet=outlet,
        state="design released",
        crosses_fire_wall=True,
    )
    add_penetration(session, floor, "RH-D1", run, wing_id=wing.id)


def _plan_wing(session: Session, building: Building, floor: Floor, wing: Wing) -> None:
    """Plan a wing: cabling, then WLAN for visitors; dated for the market's wing alone."""
    is_dated = wing.code == "MP"
    where = {"building_id": building.id, "wing_id": wing.id}
    add_access_point(session, floor, f"AP-{wing.code}-1", wing_id=wing.id)
    cabled = add_milestone(
        session,
        f"RH-{wing.code}-KAB",
        undated_reason="" if is_dated else "Mittel für die Sanierung fehlen",
        forecast=on(EARLY) if is_dated else None,
        **where,
    )
    live = add_milestone(session, f"RH-{wing.code}-BES", kind="visitor WLAN live", **where)
    add_link(session, cabled, live, lag_days=10)
    if not is_dated:
        part_of = add_renovation(
            session, building, f"RH-S-{wing.code}", name=f"Sanierung {wing.name}", state="idea"
        )
        add_part(session, part_of, wing=wing, wing_id=wing.id, opens=None, closes=None)
    else:
        rooms = [add_room(session, floor, "301", wing_id=wing.id)]
        other = next(each for each in building.wings if each.code == "HS")
        rooms.append(add_room(session, floor, "340", wing_id=other.id))
        add_group(session, building, *rooms, code="FR", name="Fraktionsräume")


@pytest.fixture
def manager(page: Page, live_server: LiveServer) -> Page:
    """Give the German page of the project's manager."""
    let_in(page.context, live_server, "manager")
    page.set_viewport_size({"width": 1440, "height": 900})
    return page


def test_the_market_wing_gets_done_while_the_others_wait(
    manager: Page, live_server: LiveServer
) -> None:
    keep_month_end(live_server, 2)
    take_baseline(manager)
    open_the_wall(manager)
    expect_no_alarm(manager)
    apply_for_permit(manager)
    expect_alarm(manager)
    grant_permit(manager)
    expect_no_alarm(manager)
    carry_on(manager)
    expect_cabling_counted(manager)
    let_the_wing_slip(manager)
    keep_month_end(live_server, 1)
    expect_slip_beside_baseline(manager)
    expect_slip_in_trend(manager)
    date_the_group(manager)
    expect_others_wait(manager)


def keep_month_end(server: LiveServer, back: int) -> None:
    """Let the nightly run of a month's end keep what is forecast."""
    day = TODAY.replace(day=1)
    for _ in range(back):
        last = day - timedelta(days=1)
        day = last.replace(day=1)
    clock = replace(find_clock(Settings()), today=last)
    with server.database.writing(SYSTEM.audit()) as session:
        assert snapshots.keep_snapshots(session, PlanParts(clock, ResultCache())) > 0


def take_baseline(page: Page) -> None:
    page.goto("/baselines")
    page.get_by_role("link", name="Planstand festhalten").first.click()
    page.get_by_label("Name").fill("Gemeinderat")
    page.get_by_role("button", name="Planstand festhalten").click()
    expect(page.get_by_role("heading", name="Gemeinderat", level=1)).to_be_visible()


def open_the_wall(page: Page) -> None:
    """Enter the renovation of the market's wing, whose walls close in four months."""
    page.goto("/renovations")
    page.get_by_role("link", name="Sanierung anlegen").first.click()
    form = page.get_by_role("main")
    form.get_by_label("Name").fill("Sanierung der Sitzungsräume")
    form.get_by_label("Zustand").select_option(label="in Arbeit")
    form.get_by_role("button", name="Sanierung speichern").click()
    form.get_by_label("Geschoss").select_option(label="3. OG")
    form.get_by_label("Flügel").select_option(label=WINGS["MP"])
    form.get_by_label("Wände offen ab").fill(f"{TODAY - timedelta(days=20):%d.%m.%Y}")
    form.get_by_label("Wände zu am").fill(f"{CLOSES:%d.%m.%Y}")
    form.get_by_role("button", name="Teil speichern").click()
    expect(form).to_contain_text(RUN)


def apply_for_permit(page: Page) -> None:
    """Enter the heritage permit that comes after the wall has closed."""
    page.goto("/permits/new")
    form = page.get_by_role("main")
    form.get_by_label("Art", exact=True).select_option(label="Denkmalschutz")
    form.get_by_label("Zustand").select_option(label="beantragt")
    form.get_by_label("Aktenzeichen").fill("DSB 26/117")
    form.get_by_label("Erwartet").fill(f"{CLOSES + timedelta(days=5):%d.%m.%Y}")
    form.get_by_role("button", name="Genehmigung speichern").click()
    page.get_by_label("Kabel und Access Points").fill(RUN)
    page.get_by_role("button", name="Dafür gelten lassen").click()
    expect(page.get_by_role("table", name="Wofür sie gilt")).to_contain_text(RUN)


def grant_permit(page: Page) -> None:
    page.goto("/permits")
    page.get_by_role("table").get_by_role("rowheader").get_by_role("link").click()
    page.get_by_role("link", name="Bearbeiten").first.click()
    form = page.get_by_role("main")
    form.get_by_label("Zustand").select_option(label="erteilt")
    form.get_by_label("Erteilt am").fill(TODAY.isoformat())
    form.get_by_role("button", name="Genehmigung speichern").click()
    expect(page.locator(".page-head")).to_contain_text("erteilt")


def expect_alarm(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Marktplatzflügel, 3. OG")
    expect(page.get_by_role("main")).to_contain_text("1 Kabel ist nicht fertig")
    page.get_by_role("link", name="Alle Wände vor dem Schließen").click()
    row = page.get_by_role("row").filter(has_text=RUN)
    expect(row).to_contain_text("zu spät")
    page.goto("/renovations/conflicts")
    expect(page.get_by_role("row").filter(has_text=RUN)).to_contain_text("Konflikt")


def expect_no_alarm(page: Page) -> None:
    page.goto("/renovations/walls")
    expect(page.get_by_role("heading", name="Kein Kabel ist gefährdet")).to_be_visible()


def carry_on(page: Page) -> None:
    """Take the cable from its permit to its test, step by step with its evidence."""
    for state, evidence in (
        ("Genehmigungen geklärt", {}),
        ("beauftragt", {"Firma": "Kabelbau GmbH"}),
        ("Trasse hergestellt", {}),
        ("gezogen", {}),
        ("Brandabschottung hergestellt", {"Foto": ""}),
        ("Freigabe zum Schließen", {"Foto": "", "Durchgangsprüfung": "alle Paare"}),
        ("aufgelegt", {}),
        ("gemessen", {"Messprotokoll": "MP-7 PASS"}),
    ):
        page.goto("/cabling")
        page.get_by_role("link", name=RUN).first.click()
        page.get_by_role("link", name=re.compile(re.escape(state))).first.click()
        for label, value in evidence.items():
            field = page.get_by_role("main").get_by_label(re.compile(f"^{label}")).first
            field.set_input_files(PHOTO) if label == "Foto" else field.fill(value)
        page.get_by_role("button", name=f"Auf »{state}« setzen").click()
        expect(page.locator(".page-head")).to_contain_text(state)


def expect_cabling_counted(page: Page) -> None:
    """Nobody has typed it: the wing's milestone counts its cable, and its hole is sealed."""
    open_wing(page, "MP")
    row = page.get_by_role("table", name="Termine").get_by_role("row").filter(has_text="RH-MP-KAB")
    expect(row).to_contain_text("1 / 1")
    page.goto("/penetrations")
    expect(page.get_by_role("row").filter(has_text="RH-D1")).to_contain_text("geschottet")


def let_the_wing_slip(page: Page) -> None:
    """Put the cabling off; what follows from it is shown first, and moves by itself."""
    page.goto("/milestones")
    page.get_by_role("link", name="RH-MP-KAB").first.click()
    page.get_by_role("link", name="Termin setzen").click()
    page.get_by_label("Wann, in Worten").fill(LATE)
    page.get_by_label("Grund").fill("Messgerät kommt später")
    page.get_by_role("button", name="Zeigen, was das verschiebt").click()
    table = page.get_by_role("table")
    expect(table.get_by_role("row").filter(has_text="RH-MP-KAB")).to_contain_text(LATE)
    expect(table.get_by_role("row").filter(has_text="RH-MP-BES")).to_contain_text("+")
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_role("main")).to_contain_text(LATE)
    open_wing(page, "MP")
    row = page.get_by_role("table", name="Termine").get_by_role("row").filter(has_text="RH-MP-BES")
    expect(row).to_contain_text(f"Q4/{TODAY.year + 1}")


def expect_slip_beside_baseline(page: Page) -> None:
    page.goto("/baselines")
    page.get_by_role("link", name="Gemeinderat").first.click()
    for code in ("RH-MP-KAB", "RH-MP-BES"):
        row = page.get_by_role("row").filter(has_text=code)
        expect(row).to_contain_text("Arbeitstage später")
    expect(page.get_by_role("row").filter(has_text="RH-MP-KAB")).to_contain_text(EARLY)


def expect_slip_in_trend(page: Page) -> None:
    page.goto("/milestone-trend?building=RH&wing=MP")
    chart = page.get_by_role("img", name="Meilensteintrend")
    expect(chart).to_contain_text("RH-MP-KAB")
    row = page.get_by_role("table").get_by_role("row").filter(has_text="RH-MP-KAB")
    expect(row.get_by_role("cell")).to_contain_text([EARLY, LATE, LATE])


def date_the_group(page: Page) -> None:
    """Give the council groups' rooms, which lie in two wings, a date of their own."""
    page.goto("/milestones/new")
    page.get_by_label("Wo", exact=True).select_option(label="Rathaus: Fraktionsräume")
    page.get_by_label("Besucher-WLAN in Betrieb").check()
    page.get_by_role("button", name="Meilensteine anlegen").click()
    page.get_by_role("link", name="Termin setzen").click()
    page.get_by_label("Wann, in Worten").fill("Q1/2021")
    page.get_by_label("Er ist erreicht").check()
    page.get_by_role("button", name="Zeigen, was das verschiebt").click()
    page.get_by_role("button", name="Übernehmen").click()
    expect(page.get_by_role("main")).to_contain_text("Q1/2021")
    page.goto("/milestones?q=Fraktionsräume")
    expect(page.get_by_role("table", name="Termine")).to_contain_text("Q1/2021")


def expect_others_wait(page: Page) -> None:
    """The other wings say that they are open and for what they wait, wherever one looks."""
    page.goto("/milestones")
    for code in ("HS", "EI"):
        row = page.get_by_role("row").filter(has_text=f"RH-{code}-BES")
        expect(row).to_contain_text(re.compile(rf"{WAITS.pattern} .*\(RH-{code}-KAB\)"))
        cabled = page.get_by_role("row").filter(has=page.get_by_role("link", name=f"RH-{code}-KAB"))
        expect(cabled.first).to_contain_text("Mittel für die Sanierung fehlen")
    page.goto("/buildings")
    page.get_by_role("link", name="RH", exact=True).first.click()
    matrix = page.get_by_role("table", name="Stand je Geschoss und Flügel")
    cells = matrix.get_by_role("row").filter(has_text="Meilenstein").get_by_role("cell")
    expect(cells.filter(has_text=WAITS)).to_have_count(2)
    page.goto("/renovations/calendar?building=RH")
    calendar = page.get_by_role("table", name="Meilensteine in dieser Zeit")
    expect(calendar.get_by_role("row").filter(has_text=WAITS)).to_have_count(2)
    page.goto("/milestone-trend")
    row = page.get_by_role("table").get_by_role("row").filter(has_text="RH-HS-BES")
    expect(row.get_by_role("cell").first).to_contain_text("offen")
    expect(row.get_by_role("cell").last).to_contain_text(WAITS)
    expect(page.get_by_role("img", name="Meilensteintrend")).to_contain_text("RH-HS-BES")


def open_wing(page: Page, code: str) -> None:
    page.goto("/buildings")
    page.get_by_role("link", name="RH", exact=True).first.click()
    page.get_by_role("table").get_by_role("link", name=WINGS[code]).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(WINGS[code])
