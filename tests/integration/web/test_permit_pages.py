"""Pages of permits, penetrations and orders: forms, runs assigned from their list, the firm's view."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.integration.web.visitor import enter, read_text
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import Penetration

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

pytestmark = pytest.mark.usefixtures("site")


def made(visitor: Visitor, address: str, **values: str | int) -> str:
    """Add a record by its form, and give the address of its page."""
    answer = visitor.fill_in(address, **values)
    assert answer.status_code == 302, read_text(answer)
    return answer.location


def test_a_permit_is_added_and_holds_up_the_runs_that_are_assigned_to_it(
    planner: Visitor, site: Site
) -> None:
    refused = planner.fill_in("/permits/new", building="RH", state="granted", expected="some day")
    assert "no period that everybody reads alike" in read_text(refused)
    page = made(planner, "/permits/new", building="RH", kind="other", expected="Q1/2027")
    ref = page.rsplit("/", 1)[-1]
    edit = planner.fill_in(f"{page}/edit", state="applied for", conditions="By night only")
    assert edit.location == page

    choose = planner.post("/permits/assign", ids=site.cabling.run, next="/cabling")
    assert re.search(r'<select[^>]*>\s*<option[^>]* value="">Choose a permit</option>', choose.text)
    assert f'value="{ref}"' in choose.text
    unchosen = planner.post("/permits/assign/apply", ids=site.cabling.run, record="")
    assert "Choose to what the cables shall be given." in read_text(unchosen)
    done = planner.post("/permits/assign/apply", ids=site.cabling.run, record=ref, next="/cabling")
    assert done.location == "/cabling"
    again = planner.post("/permits/assign/apply", ids=site.cabling.run, record=ref)
    assert "<h1>No cable run could be given to RH-G-1</h1>" in again.text
    assert "covers RH-EV0.1-P1-01 already" in read_text(again)
    run = read_text(planner.get(f"/cabling/runs/{site.cabling.run}"))
    assert "Q1/2027" in run
    assert "By night only" in run

    assert "no cable run or access point" in read_text(planner.post(f"{page}/cover", names="C9"))
    assert planner.post(f"{page}/cover", names="AP-2, RH-EV0.1-P1-02").location == page
    shown = planner.get(page).text
    ids = re.findall(r'name="ids" value="([^"]+)"', shown)
    assert len(ids) == 3
    assert planner.post(f"{page}/uncover", ids=ids[0]).location == page
    assert "RH-G-1" in read_text(planner.get("/permits?kind=other&state=applied+for"))
    assert "RH-G-1" not in read_text(planner.get("/permits?ends=30"))


def test_a_penetration_is_sealed_and_opened_again_by_a_further_cable(planner: Visitor) -> None:
    page = made(planner, "/penetrations/new", floor="RH/0", wing="WE", fire_rating="F90")
    assert planner.fill_in(f"{page}/state?target=open").location == page
    refused = planner.fill_in(f"{page}/state?target=sealed")
    assert "photo is missing" in read_text(refused)
    assert planner.post(f"{page}/runs", names="RH-EV0.1-P1-02").location == page
    shown = planner.get(page).text
    assert "RH-EV0.1-P1-02" in shown
    (link,) = re.findall(r'name="ids" value="([^"]+)"', shown)
    assert planner.post(f"{page}/runs/remove", ids=link).location == page
    assert "F90" in read_text(planner.get(page))
    assert "RH-0-D02" in read_text(planner.get("/penetrations?state=open&level=0"))


def test_a_firm_sees_its_order_once_it_is_out_and_no_more_than_that(
    app: Flask, planner: Visitor, site: Site
) -> None:
    firm = enter(app, "firm")
    page = made(
        planner, "/orders/new", firm="Kabel GmbH", building="RH", name="More", note="expensive"
    )
    assert firm.get(page).status_code == 404
    choose = planner.post("/orders/assign", ids=site.cabling.run)
    assert "RH-A-2" in read_text(choose)
    refused = planner.post(
        "/orders/assign/apply", ids=site.cabling.run, record=page.rsplit("/", 1)[-1]
    )
    assert "is in RH-A-1 of Kabel GmbH" in read_text(refused)
    assert planner.post(f"{page}/assign", names="RH-EV0.1-P1-02").location == page

    out = planner.fill_in(f"{page}/edit", state="ordered", ordered_on="2026-11-02")
    assert out.location == page
    shown = read_text(firm.get(page))
    assert "More" in shown
    assert "expensive" not in shown
    assert "RH-EV0.1-P1-02" not in shown  # it is only requested yet
    assert "RH-EV0.1-P1-01" in read_text(firm.get(f"/orders/{site.cabling.order}"))
    listed = read_text(firm.get("/orders"))
    assert "RH-A-2" in listed
    assert firm.get(f"{page}/edit").status_code == 403
    assert firm.get("/networks").status_code == 403
    assert firm.get(f"/networks/ssids/{site.internal_ssid}").status_code == 403

    cancelled = planner.fill_in(f"/orders/{site.cabling.order}/edit", state="cancelled")
    assert cancelled.status_code == 302
    assert firm.get(f"/cabling/runs/{site.cabling.run}").status_code == 404
    assert "RH-EV0.1-P1-01" not in read_text(firm.get(f"/orders/{site.cabling.order}"))


def test_use_without_acceptance_is_told_to_staff_only(app: Flask, site: Site) -> None:
    address = f"/access-points/{site.live_point}"

    assert "without formal acceptance" in read_text(enter(app, "facility").get(address))
    assert "without formal acceptance" not in read_text(enter(app, "viewer").get(address))
    building = f"/buildings/{site.building}"
    assert "without formal acceptance" in read_text(enter(app, "manager").get(building))
    assert "without formal acceptance" not in read_text(enter(app, "viewer").get(building))


def test_pulling_many_runs_tells_which_seals_are_open_again(
    app: Flask, planner: Visitor, site: Site
) -> None:
    ref = site.cabling.run
    with database_of(app).writing(SYSTEM.audit()) as session:
        run = session.scalars(select(CableRun).where(CableRun.public_id == uuid.UUID(ref))).one()
        run.state = "containment installed"
        hole = session.scalars(select(Penetration).where(Penetration.place == "RH")).one()
        hole.state = "sealed"
        session.commit()
        ticked = f"{ref}:{run.version}"

    done = planner.post("/cabling/state/apply", ids=ticked, target="pulled", done_on="2026-11-20")

    assert done.status_code == 302, read_text(done)
    told = read_text(planner.get("/cabling"))
    assert "Open again, to be sealed anew: RH-0-D01." in told
