"""The separation check over what is stored: what it reads, whom it tells what, what it stops."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from sqlalchemy.exc import IntegrityError

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor, add_outlet, add_switch
from tests.factories.networks import add_flow, add_scope, add_ssid, add_vlan
from tests.factories.people import make_actor
from tests.factories.places import add_room
from tests.factories.separation import TODAY, add_area_approval, add_exemption
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.networks.findings import Result
from wlantrack.networks.plan import OnAir, Outlet, Segment, Subject, SwitchPort
from wlantrack.services import (
    access_points,
    exemptions,
    network_plan,
    point_states,
    secure_areas,
    separation,
    ssids,
    tables,
)
from wlantrack.services.access_points import AttestedValues
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.attestations import Attestation
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.exemptions import ExemptionValues, Standing
from wlantrack.services.network_plan import House
from wlantrack.services.operation_gate import open_gate
from wlantrack.services.results import ResultCache
from wlantrack.services.ssids import SsidValues
from wlantrack.store.models.cabling import PortVlan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House as Building
    from wlantrack.networks.plan import NetworkPlan
    from wlantrack.services.separation import Check
    from wlantrack.store.models.access_points import AccessPoint

TODAY_HERE = House(TODAY, organisation_words=("Stuttgart",))
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
OFFICER = replace(make_actor("security officer"), name="bob")


def load(session: Session, actor: Actor = SYSTEM) -> NetworkPlan:
    return network_plan.load_plan(session, actor, TODAY_HERE, ResultCache())


def check(session: Session, actor: Actor = SYSTEM, house: House = TODAY_HERE) -> Check:
    return separation.check(session, actor, house, ResultCache())


def results(found: Check, rule: str) -> dict[str, Result]:
    return {item.subject.code: item.result for item in found.findings if item.rule == rule}


@pytest.fixture
def point(session: Session, house: Building) -> AccessPoint:
    """Give an access point in the west that waits to go into operation, without theft protection."""
    made = add_access_point(
        session,
        house.ground,
        wing_id=house.west.id,
        wing=house.west,
        state="online",
        serial="S1",
        is_public=True,
        has_theft_protection=False,
    )
    session.commit()
    return made


@pytest.fixture
def broken(session: Session, point: AccessPoint) -> AccessPoint:
    """Give the access point with an internal SSID on it that is open: a critical failure."""
    staff = add_vlan(session, "V-210", network_class="internal", vid=210)
    ssid = add_ssid(session, staff, "loans", security="open", pmf="off", state="planned")
    add_scope(session, ssid, access_point_id=point.id)
    session.commit()
    return point


def test_networks_are_read_with_where_they_are_on_air(
    session: Session, house: Building, point: AccessPoint
) -> None:
    visitors = add_vlan(session, family="v4", subnet_v4="10.1.0.0/16", zone="guests")
    staff = add_vlan(session, "V-200", network_class="internal", vid=200)
    guest = add_ssid(session, visitors, "guest", has_portal=True, is_on_24=False)
    add_scope(session, guest, wing_id=house.west.id)
    add_flow(session, visitors, staff, services="tcp/443", family="both")
    session.commit()

    plan = load(session)

    assert plan.segments[0] == Segment("V-100", "visitor", 100, "v4", "10.1.0.0/16", "", "guests")
    assert plan.segments[1].family == ""
    assert [(ssid.code, ssid.vlan, ssid.has_portal) for ssid in plan.ssids] == [
        ("guest", "V-100", True)
    ]
    assert plan.on_air == (OnAir("guest", point.code, 2, "5"),)
    assert [(flow.source, flow.target, flow.services) for flow in plan.flows] == [
        ("V-100", "V-200", "tcp/443")
    ]
    assert plan.public_export is None


def test_an_access_point_is_read_with_its_port_and_what_is_attested(
    session: Session, house: Building, point: AccessPoint
) -> None:
    management = add_vlan(session, "V-10", network_class="management", vid=10)
    guests = add_vlan(session)
    switch = add_switch(session, add_distributor(session, house.ground))
    run = add_cable_run(session, switch.distributor, access_point=point, state="patched")
    switch.ports[0].cable_run_id = run.id
    switch.ports[0].untagged_vlan_id = management.id
    session.add(PortVlan(switch_port_id=switch.ports[0].id, vlan_id=guests.id))
    point.hardening = {"console closed": True}
    point.measured_on = date(2026, 2, 1)
    session.commit()

    plan = load(session)

    (found,) = plan.access_points
    assert (found.site, found.floor, found.model) == ("RH", "RH/0", "generic-wifi6e-omni")
    assert found.switch_port == "RH-EV0.1-SW1/1"
    assert (found.hardening, found.measured_on) == ({"console closed": True}, date(2026, 2, 1))
    assert (found.has_theft_protection, found.ip_class, found.renovations) == (False, "", ())
    assert plan.switch_ports == (SwitchPort("RH-EV0.1-SW1/1", "V-10", ("V-100",), 4),)


def test_a_port_without_any_vlan_is_not_known_and_an_outlet_without_cable_leads_nowhere(
    session: Session, house: Building
) -> None:
    hall = add_room(session, house.ground, "001", is_public=True)
    wired = add_outlet(session, house.ground, "DO-1", room_id=hall.id)
    add_outlet(session, house.ground, "DO-2")
    switch = add_switch(session, add_distributor(session, house.ground))
    run = add_cable_run(session, switch.distributor, outlet=wired, state="patched")
    switch.ports[0].cable_run_id = run.id
    session.commit()

    plan = load(session)

    assert plan.switch_ports == (SwitchPort("RH-EV0.1-SW1/1", None, None, 4),)
    assert plan.outlets == (
        Outlet("DO-1", is_public=True, switch_port="RH-EV0.1-SW1/1"),
        Outlet("DO-2", is_public=None, switch_port=""),
    )


def test_a_secure_room_names_what_is_inside_and_what_is_heard_there(
    session: Session, house: Building, point: AccessPoint
) -> None:
    outside = add_access_point(session, house.ground, "AP-2", x_m=16.0, wing_id=house.west.id)
    room = add_room(
        session,
        house.ground,
        "062",
        is_secure=True,
        wing_id=house.west.id,
        outline=shapely.box(9, 9, 11, 11),
    )
    session.commit()

    (area,) = load(session).secure_areas or ()
    assert (area.code, area.access_points) == ("RH/0/062", (point.code,))
    assert set(area.covered_by or ()) == {point.code, outside.code}
    assert results(check(session), "W20") == {"RH/0/062": Result.FAIL}

    add_area_approval(session, room)
    session.commit()

    assert results(check(session), "W20") == {"RH/0/062": Result.PASS}


def test_an_approval_of_one_access_point_leaves_the_others(
    session: Session, house: Building, point: AccessPoint
) -> None:
    add_access_point(session, house.ground, "AP-2", x_m=12.0, wing_id=house.west.id)
    add_room(session, house.ground, "062", is_secure=True, outline=shapely.box(9, 9, 11, 11))
    session.commit()

    secure_areas.approve(session, OFFICER, "RH/0/062", point.code, None, TODAY)

    failure = next(item for item in check(session).findings if item.rule == "W20")
    assert str(failure.evidence) == "Covering it without approval: AP-2."
    with pytest.raises(InvalidInput, match="no such access point"):
        secure_areas.approve(session, OFFICER, "RH/0/062", "AP-9", None, TODAY)
    with pytest.raises(NotAllowed):
        secure_areas.approve(session, make_actor(), "RH/0/062", "", None, TODAY)


def test_a_retired_ssid_is_on_air_while_it_has_a_place(
    session: Session, point: AccessPoint
) -> None:
    ssid = add_ssid(session, add_vlan(session), "old", state="retired")
    add_scope(session, ssid, building_id=point.floor.building_id)
    session.commit()

    assert results(check(session), "W16") == {"old": Result.FAIL}


def test_whoever_is_bound_to_a_wing_hears_of_nothing_outside(
    session: Session, house: Building, point: AccessPoint
) -> None:
    twin = add_access_point(
        session, house.ground, "AP-EAST", wing_id=house.east.id, serial="S1", x_m=30.0
    )
    session.commit()
    here = make_actor("planner", house.building.id, house.west.id)

    found = check(session, here)

    assert results(check(session), "W17")[twin.code] is Result.FAIL
    assert results(found, "W17") == {point.code: Result.PASS}
    assert not any("AP-EAST" in f"{item.subject.code}{item.evidence}" for item in found.findings)


@pytest.mark.parametrize("role", ["viewer", "facility", "firm"])
def test_who_may_not_see_internal_networks_sees_no_check(session: Session, role: str) -> None:
    with pytest.raises(NotAllowed):
        check(session, make_actor(role))


def test_the_check_is_remembered_until_a_record_changes(
    session: Session, point: AccessPoint
) -> None:
    cache = ResultCache()

    first = separation.check(session, SYSTEM, TODAY_HERE, cache)
    again = separation.check(session, SYSTEM, TODAY_HERE, cache)
    point.has_theft_protection = True
    session.commit()
    after = separation.check(session, SYSTEM, TODAY_HERE, cache)

    assert again is first
    assert (results(first, "W18"), results(after, "W18")) == (
        {point.code: Result.FAIL},
        {point.code: Result.PASS},
    )


def propose(session: Session, point: AccessPoint, actor: Actor, **values: Any) -> None:  # noqa: ANN401 - fields of the values
    wanted = ExemptionValues(
        "W18", Subject("access point", point.code), "hangs five metres high", date(2026, 12, 31)
    )
    exemptions.propose(session, actor, check(session, actor), replace(wanted, **values))


def test_an_exemption_counts_once_somebody_else_has_approved_it(
    session: Session, point: AccessPoint
) -> None:
    anna = replace(make_actor("planner"), name="anna")
    propose(session, point, anna)
    (waiting,) = exemptions.list_exemptions(session, OFFICER, check(session, OFFICER))
    before = results(check(session), "W18")

    record = waiting.record
    exemptions.approve(
        session, OFFICER, check(session, OFFICER), str(record.public_id), record.version, NOW
    )

    assert (waiting.standing, waiting.can_approve) == (Standing.PROPOSED, True)
    assert before == {point.code: Result.FAIL}
    assert results(check(session), "W18") == {point.code: Result.EXEMPT}
    assert (record.author, record.approver) == ("anna", "bob")


def test_nobody_approves_their_own_exemption(session: Session, point: AccessPoint) -> None:
    propose(session, point, OFFICER)
    (own,) = exemptions.list_exemptions(session, OFFICER, check(session, OFFICER))
    ref, version = str(own.record.public_id), own.record.version

    with pytest.raises(NotAllowed, match="their own"):
        exemptions.approve(session, OFFICER, check(session, OFFICER), ref, version, NOW)
    planner = make_actor("planner")
    with pytest.raises(NotAllowed):
        exemptions.approve(session, planner, check(session, planner), ref, version, NOW)
    assert not own.can_approve


def test_not_even_the_database_takes_one_person_for_two(session: Session) -> None:
    with pytest.raises(IntegrityError, match="two_people"):
        add_exemption(session, "W18", "access point", "AP-1", author="Bob", approver="bob")


def test_an_expired_exemption_fails_again_and_stays_in_the_list(
    session: Session, point: AccessPoint
) -> None:
    add_exemption(session, "W18", "access point", point.code, expires_on=date(2026, 3, 9))
    session.commit()

    found = check(session)

    assert results(found, "W18") == {point.code: Result.FAIL}
    (shown,) = exemptions.list_exemptions(session, SYSTEM, found)
    assert shown.standing is Standing.EXPIRED


def test_a_withdrawn_exemption_is_gone(session: Session, point: AccessPoint) -> None:
    record = add_exemption(session, "W18", "access point", point.code)
    session.commit()
    ref, version = str(record.public_id), record.version

    with pytest.raises(NotAllowed):
        exemptions.withdraw(session, make_actor(), check(session), ref, version)
    with pytest.raises(Conflict):
        exemptions.withdraw(session, OFFICER, check(session), ref, version + 1)
    exemptions.withdraw(session, OFFICER, check(session), ref, version)

    assert results(check(session), "W18") == {point.code: Result.FAIL}


def test_an_exemption_follows_its_access_point_and_never_its_name(
    session: Session, house: Building, point: AccessPoint
) -> None:
    add_exemption(session, "W18", "access point", point.code)
    code = point.code
    point.code = "AP-renamed"
    session.flush()
    add_access_point(session, house.ground, code, state="online", has_theft_protection=False)
    session.commit()

    found = check(session)

    assert results(found, "W18")["AP-renamed"] is Result.EXEMPT
    assert results(found, "W18").get(code) is not Result.EXEMPT
    (shown,) = exemptions.list_exemptions(session, SYSTEM, found)
    assert (shown.subject.code, shown.standing) == ("AP-renamed", Standing.IN_FORCE)


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("kind", "code"), [("ssid", "loans"), ("segment", "V-210"), ("plan", ""), ("site", "RH")]
)
def test_an_exemption_knows_every_kind_of_subject(
    session: Session, broken: AccessPoint, kind: str, code: str
) -> None:
    add_exemption(session, "W04", kind, code)
    session.commit()

    (shown,) = exemptions.list_exemptions(session, make_actor(), check(session))

    assert broken.code
    assert (shown.subject, shown.standing) == (Subject(kind, code), Standing.IN_FORCE)


def test_an_exemption_lapses_with_its_access_point(
    session: Session, house: Building, point: AccessPoint
) -> None:
    add_exemption(session, "W18", "access point", point.code)
    session.commit()
    code = point.code
    session.delete(point)
    session.flush()
    add_access_point(session, house.ground, code, state="in operation", serial="S9")
    session.commit()
    found = check(session, OFFICER)

    (shown,) = exemptions.list_exemptions(session, OFFICER, found)
    assert shown.standing is Standing.LAPSED
    assert results(found, "W18").get(code) is not Result.EXEMPT
    ref, version = str(shown.record.public_id), shown.record.version
    with pytest.raises(InvalidInput, match="does not wait"):
        exemptions.approve(session, OFFICER, found, ref, version, NOW)
    exemptions.withdraw(session, OFFICER, found, ref, version)
    assert exemptions.list_exemptions(session, OFFICER, found) == []


def test_what_cannot_be_exempted_is_refused(session: Session, broken: AccessPoint) -> None:
    anna = make_actor()

    with pytest.raises(InvalidInput, match="no exemption from a critical rule"):
        propose(session, broken, anna, rule="W02", subject=Subject("ssid", "loans"))
    with pytest.raises(NotFound):
        propose(session, broken, anna, rule="W21")
    with pytest.raises(InvalidInput, match="reason is missing"):
        propose(session, broken, anna, reason=" ")
    with pytest.raises(InvalidInput, match="day is over"):
        propose(session, broken, anna, expires_on=date(2026, 3, 9))
    propose(session, broken, anna)
    with pytest.raises(InvalidInput, match="waits for approval"):
        propose(session, broken, anna)


def test_a_scoped_person_finds_only_exemptions_of_the_place(
    session: Session, house: Building, point: AccessPoint
) -> None:
    record = add_exemption(session, "W18", "access point", point.code)
    session.commit()
    east = Actor("eva", grants=(("security officer", Scope(house.building.id, house.east.id)),))
    found = check(session, east)

    assert exemptions.list_exemptions(session, east, found) == []
    with pytest.raises(NotFound):
        exemptions.withdraw(session, east, found, str(record.public_id), record.version)


def test_a_critical_failure_keeps_its_access_points_out_of_operation_and_says_why(
    session: Session, house: Building, broken: AccessPoint
) -> None:
    other = add_access_point(session, house.ground, "AP-2", state="online", serial="S2")
    session.commit()

    with pytest.raises(InvalidInput) as refusal:
        access_points.change_state(session, SYSTEM, broken.code, "in operation", broken.version, {})
    access_points.change_state(session, SYSTEM, other.code, "in operation", other.version, {})

    (problem,) = refusal.value.problems
    assert str(problem.message) == (
        "The separation check stops this: W02, No internal SSID without log-in."
        " loans: It uses no encryption."
    )
    assert problem.field == "target"
    assert (broken.state, other.state) == ("online", "in operation")


def test_who_may_not_see_the_check_learns_the_rule_alone(
    session: Session, broken: AccessPoint
) -> None:
    planner_here = make_actor("manager")
    facility = Actor("f", grants=(("facility", Scope()), ("viewer", Scope())))
    gate = network_plan.plain_house()

    with pytest.raises(InvalidInput, match="loans"):
        access_points.change_state(
            session, planner_here, broken.code, "in operation", broken.version, {}, house=gate
        )
    with pytest.raises(InvalidInput) as refusal:
        open_gate(session).require(facility, Subject("access point", broken.code))
    assert "loans" not in str(refusal.value)
    assert "W02" in str(refusal.value)


def test_a_bulk_change_leaves_out_what_is_stopped(
    session: Session, house: Building, broken: AccessPoint
) -> None:
    other = add_access_point(session, house.ground, "AP-2", state="online", serial="S2")
    session.commit()
    chosen = [Selected(str(item.public_id), item.version) for item in (broken, other)]

    preview = point_states.preview_bulk(session, SYSTEM, chosen, "in operation")
    result = point_states.change_states(session, SYSTEM, chosen, "in operation")

    assert [row.label for row in preview.refused] == [broken.code]
    assert [row.label for row in result.changed] == ["AP-2"]
    assert (broken.state, other.state) == ("online", "in operation")


def test_a_table_may_tell_of_what_is_in_operation_already_and_is_warned(
    session: Session, broken: AccessPoint
) -> None:
    upload = tables.TableUpload("a.csv", f"code;state\n{broken.code};in operation\n".encode())

    result = tables.import_table(session, SYSTEM, "access_points", upload)

    assert result.errors == ()
    assert any("W02" in str(warning) for warning in result.warnings)
    assert load(session).access_points[0].state == "in operation"


def test_an_ssid_goes_on_air_only_without_critical_failure(session: Session) -> None:
    add_vlan(session, "V-210", network_class="internal", vid=210)
    session.commit()
    open_one = SsidValues("loans", "Loans", "V-210", "open", pmf="off", uses_wps=False)

    with pytest.raises(InvalidInput, match="W02"):
        ssids.add_ssid(session, SYSTEM, replace(open_one, state="on air"))
    planned = ssids.add_ssid(session, SYSTEM, open_one).record
    with pytest.raises(InvalidInput, match="W02"):
        ssids.change_ssid(
            session, SYSTEM, "loans", replace(open_one, state="on air"), planned.version
        )
    safe = replace(open_one, state="on air", security="wpa3-enterprise", pmf="required")
    ssids.change_ssid(session, SYSTEM, "loans", safe, planned.version)

    assert ssids.find_ssid(session, SYSTEM, "loans").state == "on air"


def test_a_firewall_known_to_allow_by_default_stops_visitor_networks(
    session: Session, point: AccessPoint
) -> None:
    guest = add_ssid(session, add_vlan(session), "guest")
    add_vlan(session, "V-210", network_class="internal", vid=210)
    add_scope(session, guest, access_point_id=point.id)
    session.commit()

    with pytest.raises(InvalidInput, match="W09"):
        access_points.change_state(
            session,
            SYSTEM,
            point.code,
            "in operation",
            point.version,
            {},
            house=replace(TODAY_HERE, denies_by_default=False),
        )
    access_points.change_state(session, SYSTEM, point.code, "in operation", point.version, {})

    assert point.state == "in operation"


def attested(point: AccessPoint, **values: Any) -> AttestedValues:  # noqa: ANN401 - see above
    given = Attestation(**{"ip_class": "ip 67", "hardening": {"firmware current": True}} | values)
    return AttestedValues(
        point.x_m, point.y_m, point.model.public_id, serial="S1", attestation=given
    )


def test_attestations_are_kept_and_what_is_left_out_is_not_known(
    session: Session, point: AccessPoint
) -> None:
    values = attested(point, bssids=("02:00:00:00:00:11", "02:00:00:00:00:12"))

    access_points.change_access_point(session, SYSTEM, point.code, values, point.version)
    fewer = attested(point, bssids=("02:00:00:00:00:12",), measured_on=TODAY)
    access_points.change_access_point(session, SYSTEM, point.code, fewer, point.version)

    assert (point.ip_class, point.hardening) == ("IP67", {"firmware current": True})
    assert point.has_theft_protection is None
    assert load(session).access_points[0].bssids == ("02:00:00:00:00:12",)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"ip_class": "IP999"}, "ip_class"), ({"hardening": {"painted": True}}, "hardening")],
)
def test_an_attestation_that_cannot_be_is_refused(
    session: Session, point: AccessPoint, values: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        access_points.change_access_point(
            session, SYSTEM, point.code, attested(point, **values), point.version
        )

    assert [problem.field for problem in refusal.value.problems] == [field]


def test_the_table_of_attestations_comes_back_unchanged(
    session: Session, point: AccessPoint
) -> None:
    text = (
        "Kennung;BSSIDs;Diebstahlschutz;IP-Schutzart;Firmware aktuell;Gekauft am\n"
        f"{point.code};02-00-00-00-00-11 020000000012;ja;IP54;nein;01.02.2026\n"
    )

    first = tables.import_table(
        session, SYSTEM, "access_point_attestations", tables.TableUpload("a.csv", text.encode())
    )
    exported = tables.export_table(session, SYSTEM, "access_point_attestations")
    again = tables.import_table(
        session, SYSTEM, "access_point_attestations", tables.TableUpload("b.csv", exported)
    )

    assert (first.errors, first.count("updated")) == ((), 1)
    assert (point.has_theft_protection, point.ip_class) == (True, "IP54")
    assert (point.hardening, point.purchased_on) == ({"firmware current": False}, date(2026, 2, 1))
    assert (again.count("unchanged"), again.count("updated"), again.errors) == (1, 0, ())


def test_the_table_of_attestations_names_row_and_column_of_what_is_wrong(
    session: Session, point: AccessPoint
) -> None:
    code = point.code
    text = f"code;bssids;ip_class\n{code};xyz;IP54\nNOBODY;;\n{code};;\n"

    result = tables.import_table(
        session, SYSTEM, "access_point_attestations", tables.TableUpload("a.csv", text.encode())
    )

    assert [(error.row, error.field, error.value) for error in result.errors] == [
        (1, "bssids", "xyz"),
        (2, "code", "NOBODY"),
        (3, "code", code),
    ]
