"""VLANs, SSIDs and flows: what is refused, what is warned of, and who sees which class."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.factories.networks import add_flow, add_scope, add_ssid, add_vlan
from tests.factories.people import make_actor
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import flows, networks, ssids, undo, vlans
from wlantrack.services.actor import SYSTEM
from wlantrack.services.flows import FlowValues
from wlantrack.services.networks import NetworkFilter
from wlantrack.services.paging import Page
from wlantrack.services.ssids import SsidValues
from wlantrack.services.vlans import VlanValues
from wlantrack.store import audit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor
    from wlantrack.store.models.networks import Ssid, Vlan

VLAN = VlanValues("V-110", 110, subnet_v4="10.110.0.0/22", zone="guests")
SSID = SsidValues("guest", "Guest", "V-110", "owe", pmf="required")
EVERYTHING = NetworkFilter(), Page()


@pytest.fixture
def visitors(session: Session) -> Vlan:
    return vlans.add_vlan(session, SYSTEM, "visitor", VLAN).record


@pytest.fixture
def staff(session: Session) -> Vlan:
    vlan = add_vlan(session, "V-210", network_class="internal", vid=210, zone="staff")
    session.commit()
    return vlan


@pytest.fixture
def guest(session: Session, visitors: Vlan) -> Ssid:
    del visitors
    return ssids.add_ssid(session, SYSTEM, SSID).record


def fields_of(refusal: pytest.ExceptionInfo[InvalidInput]) -> list[str | None]:
    return [problem.field for problem in refusal.value.problems]


def test_a_vlan_is_stored_as_it_was_given(visitors: Vlan) -> None:
    assert (visitors.code, visitors.vid, visitors.network_class) == ("V-110", 110, "visitor")
    assert (visitors.subnet_v4, visitors.subnet_v6, visitors.zone) == (
        "10.110.0.0/22",
        "",
        "guests",
    )


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": " "}, "code"),
        ({"code": "V-110"}, "code"),
        ({"vid": 0}, "vid"),
        ({"vid": 4095}, "vid"),
        ({"subnet_v4": "10.110.0.1/22"}, "subnet_v4"),
        ({"subnet_v4": "10.110.0.0"}, "subnet_v4"),
        ({"subnet_v4": "10.110.0.0/33"}, "subnet_v4"),
        ({"subnet_v4": "2001:db8::/64"}, "subnet_v4"),
        ({"subnet_v6": "2001:db8::1/64"}, "subnet_v6"),
        ({"subnet_v6": "nonsense"}, "subnet_v6"),
        ({"protection_need": "extreme"}, "protection_need"),
    ],
)
@pytest.mark.usefixtures("visitors")
def test_a_value_that_a_vlan_cannot_have_is_refused_by_its_field(
    session: Session, values: dict[str, object], field: str
) -> None:
    wanted = replace(VlanValues("V-120", 120), **values)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refusal:
        vlans.add_vlan(session, SYSTEM, "visitor", wanted)
    assert fields_of(refusal) == [field]


def test_an_address_inside_a_subnet_is_told_which_subnet_that_is() -> None:
    with pytest.raises(InvalidInput, match=r"10\.110\.0\.0/22"):
        vlans.read_subnet("10.110.1.7/22", "subnet_v4")


def test_a_subnet_is_stored_in_its_usual_form() -> None:
    assert str(vlans.read_subnet(" 2001:DB8:0:0::/64 ", "subnet_v6")) == "2001:db8::/64"
    assert vlans.read_subnet("", "subnet_v6") is None


@pytest.mark.usefixtures("visitors")
def test_what_two_vlans_share_is_warned_of_and_stored(session: Session) -> None:
    saved = vlans.add_vlan(
        session,
        SYSTEM,
        "internal",
        VlanValues("V-111", 110, subnet_v4="10.110.2.0/24", zone="Guests"),
    )
    assert [warning.field for warning in saved.warnings] == ["vid", "subnet_v4", "zone"]
    assert "V-110" in str(saved.warnings[1])


def test_the_second_editor_of_a_vlan_is_told(session: Session, visitors: Vlan) -> None:
    vlans.change_vlan(session, SYSTEM, "V-110", replace(VLAN, name="new"), visitors.version)
    with pytest.raises(Conflict) as conflict:
        vlans.change_vlan(session, SYSTEM, "V-110", replace(VLAN, name="other"), 1)
    assert conflict.value.changed_fields == {"name": "new"}


def test_a_vlan_changes_its_class_only_while_no_ssid_is_on_it(
    session: Session, guest: Ssid
) -> None:
    with pytest.raises(InvalidInput, match="guest"):
        vlans.reclassify_vlan(session, SYSTEM, "V-110", "internal", None)
    ssids.delete_ssid(session, SYSTEM, guest.code, None)

    assert vlans.reclassify_vlan(session, SYSTEM, "V-110", "internal", None).network_class == (
        "internal"
    )


@pytest.mark.usefixtures("staff")
def test_a_vlan_in_use_is_not_deleted(session: Session, guest: Ssid) -> None:
    with pytest.raises(InvalidInput, match="used by guest"):
        vlans.delete_vlan(session, SYSTEM, "V-110", None)
    ssids.delete_ssid(session, SYSTEM, guest.code, None)
    flows.add_flow(session, SYSTEM, FlowValues("F-1", "V-110", "V-210", "deny"))
    with pytest.raises(InvalidInput, match="used by F-1"):
        vlans.delete_vlan(session, SYSTEM, "V-110", None)
    flows.delete_flow(session, SYSTEM, "F-1", None)
    assert vlans.delete_vlan(session, SYSTEM, "V-110", None) == "V-110"


def test_an_ssid_has_its_vlans_class(guest: Ssid) -> None:
    assert (guest.network_class, guest.state) == ("visitor", "planned")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "guest"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "x" * 33}, "name"),
        ({"name": "Gäste im Rathaus und in Bücherei"}, "name"),
        ({"vlan": "V-999"}, "vlan"),
        ({"security": "wpa9"}, "security"),
        ({"pmf": "maybe"}, "pmf"),
        ({"state": "gone"}, "state"),
        ({"is_on_24": False, "is_on_5": False}, "is_on_5"),
        ({"psk_length": 7, "security": "wpa3-sae"}, "psk_length"),
        ({"psk_length": 20}, "psk_length"),
        ({"portal_url": "portal"}, "portal_url"),
        ({"portal_url": "javascript:alert(1)"}, "portal_url"),
        ({"portal_url": "https://[::1"}, "portal_url"),
    ],
)
@pytest.mark.usefixtures("guest")
def test_a_value_that_an_ssid_cannot_have_is_refused_by_its_field(
    session: Session, values: dict[str, object], field: str
) -> None:
    wanted = replace(SSID, **{"code": "other", **values})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refusal:
        ssids.add_ssid(session, SYSTEM, wanted)
    assert fields_of(refusal) == [field]


@pytest.mark.parametrize(
    ("values", "warned"),
    [
        ({}, []),
        ({"is_on_6": True}, []),
        ({"is_on_6": True, "security": "wpa2-psk"}, ["security"]),
        ({"is_on_6": True, "security": "owe-transition"}, ["security"]),
        ({"pmf": "optional"}, ["pmf"]),
        ({"security": "open", "pmf": "off"}, []),
        ({"security": "open"}, ["pmf"]),
        ({"security": "wep", "pmf": "off"}, ["security"]),
        ({"security": "wpa2-psk", "uses_tkip": True}, ["security"]),
        ({"security": "wpa3-sae", "psk_length": 12}, ["psk_length"]),
    ],
)
@pytest.mark.usefixtures("visitors")
def test_a_combination_that_is_not_to_be_is_stored_with_a_warning(
    session: Session, values: dict[str, object], warned: list[str]
) -> None:
    saved = ssids.add_ssid(session, SYSTEM, replace(SSID, **values))  # type: ignore[arg-type]
    assert [warning.field for warning in saved.warnings] == warned


def test_an_ssid_does_not_slip_into_another_class(
    session: Session, guest: Ssid, staff: Vlan
) -> None:
    with pytest.raises(InvalidInput, match="another class"):
        ssids.change_ssid(session, SYSTEM, "guest", replace(SSID, vlan=staff.code), None)
    session.rollback()
    moved = ssids.reclassify_ssid(session, SYSTEM, guest.code, staff.code, None)
    assert (moved.network_class, moved.vlan_id) == ("internal", staff.id)


def test_an_ssid_on_air_is_neither_reclassified_nor_deleted(
    session: Session, guest: Ssid, staff: Vlan
) -> None:
    ssids.change_ssid(session, SYSTEM, "guest", replace(SSID, state="on air"), guest.version)
    with pytest.raises(InvalidInput, match="on air"):
        ssids.reclassify_ssid(session, SYSTEM, "guest", staff.code, None)
    with pytest.raises(InvalidInput, match="on air"):
        ssids.delete_ssid(session, SYSTEM, "guest", None)


@pytest.mark.usefixtures("staff", "visitors")
def test_a_flow_leads_between_two_vlans_that_exist(session: Session) -> None:
    with pytest.raises(InvalidInput) as refusal:
        flows.add_flow(session, SYSTEM, FlowValues("F-1", "V-1", "V-2", "deny"))
    assert fields_of(refusal) == ["source", "target"]
    with pytest.raises(InvalidInput) as refusal:
        flows.add_flow(session, SYSTEM, FlowValues("F-1", "V-110", "V-110", "deny"))
    assert fields_of(refusal) == ["target"]
    flow = flows.add_flow(session, SYSTEM, FlowValues("F-1", "V-110", "V-210", "deny"))
    changed = flows.change_flow(
        session, SYSTEM, "F-1", FlowValues("F-2", "V-210", "V-110", "allow", "v4"), flow.version
    )
    assert (changed.code, changed.source.code, changed.action) == ("F-2", "V-210", "allow")


@pytest.fixture
def all_classes(session: Session, house: House) -> None:
    """Add one VLAN and SSID of every class, on air in the west wing, and flows between them."""
    made = []
    for number, name in enumerate(networks.NETWORK_CLASSES, start=1):
        vlan = add_vlan(session, f"V-{name}", network_class=name, vid=number)
        add_scope(session, add_ssid(session, vlan, f"S-{name}"), wing_id=house.west.id)
        made.append(vlan)
    add_flow(session, made[0], made[1], "F-out")
    add_flow(session, made[1], made[2], "F-inside")
    session.commit()


@pytest.mark.parametrize("role", ["viewer", "facility"])
@pytest.mark.usefixtures("all_classes")
def test_these_roles_see_visitor_networks_only(session: Session, role: str) -> None:
    actor = make_actor(role)

    (row,), _ = ssids.list_ssids(session, actor, *EVERYTHING)
    assert (row.code, row.vlan, row.vid) == ("S-visitor", "", 0)
    assert vlans.list_choices(session, actor) == []
    for find, ref in (
        (vlans.find_vlan, "V-visitor"),
        (vlans.find_vlan, "V-internal"),
        (ssids.find_ssid, "S-management"),
        (flows.find_flow, "F-out"),
    ):
        with pytest.raises(NotFound):
            find(session, actor, ref)
    for list_rows in (vlans.list_vlans, flows.list_flows):
        with pytest.raises(NotAllowed):
            list_rows(session, actor, *EVERYTHING)
    with pytest.raises(NotAllowed):
        vlans.add_vlan(session, actor, "visitor", VLAN)
    with pytest.raises(NotAllowed):
        ssids.delete_ssid(session, actor, "S-visitor", None)


@pytest.mark.parametrize("role", ["planner", "manager", "security officer", "admin"])
@pytest.mark.usefixtures("all_classes")
def test_these_roles_see_every_network(session: Session, role: str) -> None:
    actor = make_actor(role)

    assert vlans.list_vlans(session, actor, *EVERYTHING)[1] == 5
    assert ssids.list_ssids(session, actor, *EVERYTHING)[1] == 5
    assert flows.list_flows(session, actor, *EVERYTHING)[1] == 2


@pytest.mark.usefixtures("all_classes")
def test_a_firm_sees_no_network(session: Session) -> None:
    with pytest.raises(NotAllowed):
        ssids.list_ssids(session, make_actor("firm"), *EVERYTHING)


@pytest.mark.usefixtures("all_classes")
def test_networks_of_the_whole_house_are_not_edited_by_a_wings_planner(
    session: Session, house: House
) -> None:
    westerner = make_actor("planner", house.building.id, house.west.id)
    with pytest.raises(NotAllowed):
        ssids.change_ssid(session, westerner, "S-visitor", replace(SSID, vlan="V-visitor"), None)


@pytest.mark.usefixtures("all_classes")
def test_lists_are_narrowed_and_sorted(session: Session) -> None:
    rows, total = ssids.list_ssids(
        session, SYSTEM, NetworkFilter(words="s-", network_class="critical"), Page("vlan")
    )
    assert ([row.vlan for row in rows], total) == (["V-critical"], 1)
    rows, _ = ssids.list_ssids(session, SYSTEM, NetworkFilter(), Page("vlan", is_descending=True))
    assert [row.vid for row in rows] == [5, 4, 3, 2, 1]
    assert (
        flows.list_flows(session, SYSTEM, NetworkFilter(vlan="V-visitor"), Page("source"))[1] == 1
    )


@pytest.mark.usefixtures("guest")
def test_the_deletion_of_an_ssid_is_taken_back_with_its_scopes(
    session: Session, house: House
) -> None:
    maker = make_actor("planner")
    ssid = ssids.find_ssid(session, maker, "guest")
    add_scope(session, ssid, building_id=house.building.id)
    add_scope(session, ssid, wing_id=house.west.id, is_excluded=True)
    session.commit()
    with_maker(session, maker)
    ssids.delete_ssid(session, maker, "guest", None)

    undo.undo_request(session, maker, maker.request_id)

    session.expire_all()
    back = ssids.find_ssid(session, maker, "guest")
    assert (back.name, back.security, str(back.public_id)) == ("Guest", "owe", str(ssid.public_id))
    assert sorted(scope.is_excluded for scope in back.scopes) == [False, True]


@pytest.mark.usefixtures("guest")
def test_a_change_is_taken_back_unless_somebody_has_gone_on(session: Session) -> None:
    maker = make_actor("planner")
    with_maker(session, maker)
    ssids.change_ssid(session, maker, "guest", replace(SSID, name="New", owner="IT"), None)
    undo.undo_request(session, maker, maker.request_id)
    assert (ssids.find_ssid(session, maker, "guest").name) == "Guest"

    maker = make_actor("planner")
    with_maker(session, maker)
    ssids.change_ssid(session, maker, "guest", replace(SSID, name="New"), None)
    with_maker(session, make_actor("admin"))
    ssids.change_ssid(session, SYSTEM, "guest", replace(SSID, name="Newer"), None)
    with pytest.raises(Conflict):
        undo.undo_request(session, maker, maker.request_id)


def with_maker(session: Session, actor: Actor) -> None:
    """Let a session write for somebody, as every request does."""
    audit.set_context(session, actor.audit())
