"""Pages of the separation check, and what the rest of the site says because of it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from tests.factories.access_points import add_access_point
from tests.factories.networks import add_scope, add_ssid
from tests.factories.places import add_room
from tests.integration.web.visitor import enter
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import networks as network_queries

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


def break_it(app: Flask) -> str:
    """Put an open internal SSID on an access point that waits for operation; gives its id."""
    with database_of(app).writing(SYSTEM.audit()) as session:
        floor = point_queries.get_by_codes(session, ["AP-1"])["AP-1"].floor
        point = add_access_point(session, floor, "AP-9", state="online", serial="S9")
        staff = network_queries.get_vlan(session, "V-210")
        assert staff is not None
        loans = add_ssid(session, staff, "loans", security="open", pmf="off", state="planned")
        add_scope(session, loans, access_point_id=point.id)
        session.commit()
        return str(point.public_id)


def test_the_check_shows_sums_findings_and_that_it_judges_no_air(
    app: Flask, planner: Visitor
) -> None:
    break_it(app)

    page = planner.get("/networks/check").text

    assert "judges plans and attestations, not the air" in page
    assert "No internal SSID without log-in" in page
    assert "It uses no encryption." in page
    assert "there is no exemption, and what it concerns must not go into operation" in page


def test_the_filter_stands_in_the_address(planner: Visitor) -> None:
    page = planner.get("/networks/check?rule=W19&result=fail&building=RH").text

    assert "No acceptance measurement is recorded." in page
    assert "AP-2" in page
    assert "No link test is recorded." not in page


def test_a_filter_that_nobody_offers_finds_nothing_wrong(planner: Visitor) -> None:
    answer = planner.get("/networks/check?rule=W99&severity=x&sort=%27&page=999999&order=desc")

    assert answer.status_code == 302


def test_the_findings_leave_as_csv_with_the_filter(planner: Visitor) -> None:
    answer = planner.get("/networks/check.csv?rule=W19&result=fail")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "W19" in lines[1]
    assert "AP-2" in lines[1]


def test_the_protocol_says_who_checked_when_and_every_rule(planner: Visitor) -> None:
    page = planner.get("/networks/check/protocol").text

    assert "Planner (planner)" in page
    assert all(f"W{number:02}" in page for number in range(1, 27))
    assert "nobody attests it" in page


def test_an_exemption_goes_from_planner_to_officer(app: Flask, planner: Visitor) -> None:
    officer = enter(app, "officer")
    key = '["W19", "access point", "AP-2"]'
    address = f"/networks/check/exempt?failure={key}"
    assert "No acceptance measurement is recorded." in planner.get(address).text
    refused = planner.post("/networks/check/exempt", failure=key, reason="", expires_on="x").text
    assert "Nothing was saved yet" in refused

    planner.post(
        "/networks/check/exempt",
        failure=key,
        reason="measured with the next storey",
        expires_on="2099-12-31",
    )
    mine, theirs = (who.get("/networks/check/exemptions").text for who in (planner, officer))
    ref = theirs.partition("/networks/check/exemptions/")[2].partition("/")[0]
    own_try = planner.post(f"/networks/check/exemptions/{ref}/approve", version=1)
    officer.post(f"/networks/check/exemptions/{ref}/approve", version=1)

    assert "/approve" not in mine
    assert "/approve" in theirs
    assert own_try.status_code == 403
    page = planner.get("/networks/check?rule=W19").text
    assert "approved by officer: measured with the next storey" in page
    assert "Thu 31.12.2099" in page


def test_a_critical_failure_cannot_be_chosen_for_an_exemption(app: Flask, planner: Visitor) -> None:
    break_it(app)

    answer = planner.post(
        "/networks/check/exempt",
        failure='["W02", "ssid", "loans"]',
        reason="no",
        expires_on="2099-12-31",
    )

    assert "Not a valid choice" in answer.text


def test_a_change_of_state_is_refused_with_rule_and_reason(app: Flask, planner: Visitor) -> None:
    ref = break_it(app)

    page = planner.fill_in(f"/access-points/{ref}/state", target="in operation").text

    assert "The separation check stops this: W02" in page
    assert "loans: It uses no encryption." in page


def test_an_area_is_approved_by_the_officer_alone(app: Flask, planner: Visitor) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        point = point_queries.get_by_codes(session, ["AP-1"])["AP-1"]
        room = add_room(session, point.floor, "062", wing_id=point.wing_id, is_secure=True)
        session.commit()
        ref = str(room.public_id)
    officer = enter(app, "officer")

    assert planner.get("/networks/check/area").status_code == 403
    assert "RH/0/" in officer.get("/networks/check/area").text
    officer.post("/networks/check/area", room=ref, access_point="", expires_on="")
    page = officer.get("/networks/check/exemptions").text
    approval = page.partition("/networks/check/approvals/")[2].partition("/")[0]
    assert "every access point" in page
    officer.post(f"/networks/check/approvals/{approval}/withdraw", version=1)
    assert "not approved" in officer.get("/networks/check/exemptions").text


def test_attestations_are_edited_with_the_access_point(site: Site, planner: Visitor) -> None:
    address = f"/access-points/{site.live_point}/edit"

    planner.fill_in(
        address,
        **{
            "attested-has_theft_protection": "yes",
            "attested-hardening_2": "no",
            "attested-measured_on": "2026-02-01",
            "attested-bssids": "02:00:00:00:00:11",
        },
    )

    page = html.unescape(planner.get(address).text)
    assert 'value="2026-02-01"' in page
    assert "02:00:00:00:00:11" in page
    assert "Not done: firmware current." in planner.get("/networks/check?rule=W21").text


def test_a_bad_attestation_is_told_and_nothing_is_saved(site: Site, planner: Visitor) -> None:
    address = f"/access-points/{site.live_point}/edit"

    page = planner.fill_in(address, **{"attested-ip_class": "IP9999", "note": "new"}).text

    assert "This is no IP class." in page
    assert 'value="new"' not in planner.get(address).text


def test_what_is_attested_of_buildings_vlans_and_ssids_is_kept(
    site: Site, planner: Visitor
) -> None:
    building = f"/buildings/{site.building}/edit"
    vlan = f"/networks/vlans/{site.visitor_vlan}/edit"
    ssid = f"/networks/ssids/{site.visitor_ssid}/edit"

    planner.fill_in(building, audited_on="2026-01-05")
    planner.fill_in(vlan, family="v4")
    planner.fill_in(ssid, has_portal="no")

    assert 'value="2026-01-05"' in planner.get(building).text
    assert '<option selected value="v4">' in planner.get(vlan).text
    assert "IPv4" in planner.get(f"/networks/vlans/{site.visitor_vlan}").text
    assert '<option selected value="no">' in planner.get(ssid).text


def test_who_may_not_see_the_check_has_no_tab_for_it(app: Flask, site: Site) -> None:
    del site

    page = enter(app, "facility").get("/networks").text

    assert "/networks/check" not in page
