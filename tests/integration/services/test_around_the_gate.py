"""No way around the gate: undo, tables and edits put nothing on air that fails critically."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.networks import add_scope, add_ssid, add_vlan
from tests.factories.people import make_actor
from wlantrack.errors import InvalidInput
from wlantrack.services import access_points, flows, ssid_scopes, ssids, tables, undo, vlans
from wlantrack.services.actor import SYSTEM, Actor
from wlantrack.services.flows import FlowValues
from wlantrack.services.ssids import PLAIN_FIELDS, SsidValues
from wlantrack.services.vlans import VlanValues
from wlantrack.store import audit
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import networks as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.networks import Ssid, Vlan


@pytest.fixture
def vlan(session: Session) -> Vlan:
    """Give an internal VLAN."""
    made = add_vlan(session, "V-210", network_class="internal", vid=210)
    session.commit()
    return made


def values_of(ssid: Ssid, **changes: Any) -> SsidValues:  # noqa: ANN401 - any field's
    current: dict[str, Any] = {name: getattr(ssid, name) for name in PLAIN_FIELDS}
    return replace(SsidValues(ssid.code, vlan="V-210", **current), **changes)


def acting(session: Session, name: str, role: str = "admin") -> Actor:
    """Let the session write for somebody in a request of their own."""
    actor = replace(make_actor(role), name=name)
    audit.set_context(session, actor.audit())
    return actor


def read_ssid(session: Session, code: str) -> Ssid:
    session.expire_all()
    found = queries.get_ssid(session, code)
    assert found is not None
    return found


def read_point(session: Session, code: str) -> AccessPoint:
    session.expire_all()
    return point_queries.get_by_codes(session, {code})[code]


def upload(text: str) -> tables.TableUpload:
    return tables.TableUpload("ssids.csv", text.encode())


def test_undo_puts_no_open_internal_ssid_back_on_air(session: Session, vlan: Vlan) -> None:
    open_one = add_ssid(session, vlan, "loans", security="open", pmf="off")
    session.commit()
    first = acting(session, "anna")
    ssids.change_ssid(
        session, first, "loans", values_of(open_one, state="retired"), open_one.version
    )

    with pytest.raises(InvalidInput, match="W02"):
        undo.undo_request(session, acting(session, "bob"), first.request_id)

    assert read_ssid(session, "loans").state == "retired"


def test_undo_takes_no_encryption_from_an_ssid_that_stays_on_air(
    session: Session, vlan: Vlan
) -> None:
    open_one = add_ssid(session, vlan, "loans", security="open", pmf="off")
    session.commit()
    first = acting(session, "anna")
    safe = values_of(open_one, security="wpa3-enterprise", pmf="required")
    ssids.change_ssid(session, first, "loans", safe, open_one.version)

    with pytest.raises(InvalidInput, match="W02"):
        undo.undo_request(session, acting(session, "bob"), first.request_id)

    assert read_ssid(session, "loans").security == "wpa3-enterprise"


def test_undo_puts_no_access_point_back_into_operation_against_a_critical_failure(
    session: Session, house: House, vlan: Vlan
) -> None:
    broken = add_ssid(session, vlan, "loans", security="open", pmf="off")
    add_scope(session, broken, building_id=house.building.id)
    point = add_access_point(session, house.ground, state="in operation", serial="S1")
    session.commit()
    first = acting(session, "anna")
    given = {"reason": "dark"}
    access_points.change_state(session, first, point.code, "faulty", point.version, given)

    with pytest.raises(InvalidInput, match="W02"):
        undo.undo_request(session, acting(session, "bob"), first.request_id)

    assert read_point(session, point.code).state == "faulty"


def test_undo_brings_back_what_no_critical_failure_concerns(
    session: Session, house: House, vlan: Vlan
) -> None:
    point = add_access_point(session, house.ground, state="in operation", serial="S1")
    add_ssid(session, vlan, "loans", security="open", pmf="off")  # on air nowhere
    session.commit()
    first = acting(session, "anna")
    given = {"reason": "dark"}
    access_points.change_state(session, first, point.code, "faulty", point.version, given)

    undo.undo_request(session, acting(session, "bob"), first.request_id)

    assert read_point(session, point.code).state == "in operation"


@pytest.mark.usefixtures("vlan")
def test_a_table_puts_no_open_internal_ssid_on_air_and_names_the_row(session: Session) -> None:
    head = "code;name;vlan;state;security;pmf\n"
    safe = "staff;Staff;V-210;on air;wpa3-enterprise;required\n"
    text = upload(f"{head}{safe}loans;Loans;V-210;on air;open;off\n")

    result = tables.import_table(session, SYSTEM, "ssids", text)

    (problem,) = result.errors
    assert (problem.row, problem.field) == (2, "state")
    assert "W02" in str(problem.message)
    assert queries.get_ssid(session, "loans") is None
    assert queries.get_ssid(session, "staff") is None


@pytest.mark.usefixtures("vlan")
def test_a_table_stores_an_open_ssid_that_is_only_planned(session: Session) -> None:
    text = upload("code;name;vlan;state;security;pmf\nloans;Loans;V-210;planned;open;off\n")

    assert tables.import_table(session, SYSTEM, "ssids", text).errors == ()


def test_a_table_takes_no_encryption_from_an_ssid_on_air(session: Session, vlan: Vlan) -> None:
    add_ssid(session, vlan, "staff", security="wpa3-enterprise")
    session.commit()

    result = tables.import_table(
        session, SYSTEM, "ssids", upload("code;security;pmf\nstaff;open;off\n")
    )

    assert "W02" in str(result.errors[0].message)
    assert read_ssid(session, "staff").security == "wpa3-enterprise"


def test_an_ssid_on_air_is_not_opened(session: Session, vlan: Vlan) -> None:
    safe = add_ssid(session, vlan, "staff", security="wpa3-enterprise")
    session.commit()

    for code in ("staff", "renamed"):
        wanted = values_of(safe, code=code, security="open", pmf="off")
        with pytest.raises(InvalidInput, match="W02"):
            ssids.change_ssid(session, SYSTEM, "staff", wanted, safe.version)

    assert read_ssid(session, "staff").security == "wpa3-enterprise"


def test_an_ssid_that_fails_already_may_still_be_mended_bit_by_bit(
    session: Session, vlan: Vlan
) -> None:
    failing = add_ssid(session, vlan, "loans", security="open", pmf="off", uses_wps=True)
    session.commit()

    wanted = values_of(failing, code="lending", uses_wps=False)
    ssids.change_ssid(session, SYSTEM, "loans", wanted, failing.version)

    assert read_ssid(session, "lending").uses_wps is False


def test_a_table_that_tells_of_an_accepted_access_point_is_warned_with_the_rule(
    session: Session, house: House, vlan: Vlan
) -> None:
    broken = add_ssid(session, vlan, "loans", security="open", pmf="off")
    add_scope(session, broken, building_id=house.building.id)
    add_access_point(session, house.ground, "AP-1", state="planned")
    session.commit()
    text = "code;floor;model;x_m;y_m;state\nAP-9;{};{};1;1;accepted\n".format(
        f"{house.building.code}/{house.ground.level}",
        point_queries.list_models(session)[0].code,
    )

    result = tables.import_table(session, SYSTEM, "access_points", upload(text))

    assert result.errors == ()
    assert any("W02" in str(warning) for warning in result.warnings)


def test_an_ssid_on_air_moves_to_no_vlan_that_shares_a_zone_with_visitors(
    session: Session, vlan: Vlan
) -> None:
    add_vlan(session, "V-110", network_class="visitor", vid=110, zone="guests")
    add_vlan(session, "V-220", network_class="internal", vid=220, zone="guests")
    safe = add_ssid(session, vlan, "staff", security="wpa3-enterprise")
    session.commit()

    with pytest.raises(InvalidInput, match="W08"):
        ssids.change_ssid(session, SYSTEM, "staff", values_of(safe, vlan="V-220"), safe.version)
    with pytest.raises(InvalidInput, match="W08"):
        ssids.reclassify_ssid(session, SYSTEM, "staff", "V-220", safe.version)

    assert read_ssid(session, "staff").vlan_id == vlan.id


# VLANs, flows and places of SSIDs


@pytest.fixture
def guests(session: Session, house: House) -> Ssid:
    """Give a visitor SSID that is on air in the whole house, at an access point in operation."""
    ssid = add_ssid(session, add_vlan(session, "V-110", vid=110, zone="guests"), "guest")
    add_scope(session, ssid, building_id=house.building.id)
    add_access_point(session, house.ground, "AP-1", state="in operation")
    session.commit()
    return ssid


@pytest.mark.usefixtures("guests", "vlan")
def test_no_flow_leads_visitors_on_air_to_the_internal_network(session: Session) -> None:
    bad = FlowValues("F-1", "V-110", "V-210", "allow")

    with pytest.raises(InvalidInput, match="W09"):
        flows.add_flow(session, SYSTEM, bad)
    assert queries.get_flow(session, "F-1") is None

    flows.add_flow(session, SYSTEM, replace(bad, action="deny"))
    with pytest.raises(InvalidInput, match="W09"):
        flows.change_flow(session, SYSTEM, "F-1", bad, None)
    kept = queries.get_flow(session, "F-1")
    assert kept is not None
    assert kept.action == "deny"


@pytest.mark.usefixtures("guests", "vlan")
def test_no_vlan_comes_into_the_zone_of_visitors_on_air(session: Session) -> None:
    mine = VlanValues("V-210", 210, zone="guests")

    with pytest.raises(InvalidInput, match="W08"):
        vlans.change_vlan(session, SYSTEM, "V-210", mine, None)
    with pytest.raises(InvalidInput, match="W08"):
        vlans.add_vlan(session, SYSTEM, "management", replace(mine, code="V-310", vid=310))
    assert queries.get_vlan(session, "V-310") is None

    vlans.change_vlan(session, SYSTEM, "V-210", replace(mine, zone="staff"), None)


@pytest.mark.usefixtures("guests")
def test_what_fails_already_may_be_mended_bit_by_bit(session: Session, vlan: Vlan) -> None:
    vlan.zone = "guests"
    session.commit()

    vlans.change_vlan(session, SYSTEM, "V-210", VlanValues("V-210", 211, zone="guests"), None)


@pytest.mark.usefixtures("guests")
def test_no_ssid_that_fails_is_brought_to_an_access_point_in_operation(
    session: Session, vlan: Vlan
) -> None:
    add_ssid(session, vlan, "loans", security="open", pmf="off", state="planned")
    session.commit()
    place = ssid_scopes.find_place(session, SYSTEM, "RH")

    with pytest.raises(InvalidInput, match="W02"):
        ssid_scopes.set_scope(session, SYSTEM, "loans", place, is_excluded=False)
    with pytest.raises(InvalidInput, match="W02"):
        ssid_scopes.set_for_points(session, SYSTEM, "loans", ["AP-1"], is_excluded=False)

    assert read_ssid(session, "loans").scopes == []


@pytest.mark.usefixtures("guests", "vlan")
def test_undo_opens_no_way_for_visitors_on_air(session: Session) -> None:
    flows.add_flow(session, acting(session, "anna"), FlowValues("F-1", "V-110", "V-210", "deny"))
    flow = queries.get_flow(session, "F-1")
    assert flow is not None
    flow.action = "allow"  # as an older release would have stored it
    session.commit()
    first = acting(session, "bob")
    flows.change_flow(session, first, "F-1", FlowValues("F-1", "V-110", "V-210", "deny"), None)

    with pytest.raises(InvalidInput, match="W09"):
        undo.undo_request(session, acting(session, "carl"), first.request_id)


@pytest.mark.parametrize(
    ("kind", "text", "rule"),
    [
        ("flows", "code;source;target;action\nF-1;V-110;V-210;allow\n", "W09"),
        ("vlans", "code;vid;network_class;zone\nV-310;310;management;guests\n", "W08"),
    ],
)
@pytest.mark.usefixtures("guests", "vlan")
def test_a_table_makes_nothing_on_air_fail(
    session: Session, kind: str, text: str, rule: str
) -> None:
    result = tables.import_table(session, SYSTEM, kind, upload(text))

    assert len(result.errors) == 1
    assert rule in str(result.errors[0].message)


@pytest.mark.usefixtures("vlan")
def test_a_table_tells_the_gates_errors_along_with_all_others(session: Session) -> None:
    text = (
        "code;name;vlan;security;pmf;state\n"
        "loans;Loans;V-210;open;off;on air\n"
        "lost;Lost;V-999;open;off;planned\n"
    )

    result = tables.import_table(session, SYSTEM, "ssids", upload(text))

    assert [(problem.row, problem.field) for problem in result.errors] == [
        (1, "state"),
        (2, "vlan"),
    ]
    assert queries.get_ssid(session, "loans") is None
