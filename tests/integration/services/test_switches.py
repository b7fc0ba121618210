from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.cabling import add_cable_run, add_distributor, add_switch
from tests.factories.people import make_actor
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import switches
from wlantrack.services.actor import SYSTEM
from wlantrack.services.distributors import PartFilter
from wlantrack.services.paging import Page
from wlantrack.services.switches import PortValues, SwitchValues, read_series
from wlantrack.store.models.networks import Vlan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("1-4", ["1", "2", "3", "4"]),
        (" 9 - 11 ", ["9", "10", "11"]),
        ("Gi1/0/1-3", ["Gi1/0/1", "Gi1/0/2", "Gi1/0/3"]),
        ("01-03", ["01", "02", "03"]),
        ("1-2, uplink", ["1", "2", "uplink"]),
        ("7", ["7"]),
    ],
)
def test_a_series_is_read_as_people_write_it(text: str, names: list[str]) -> None:
    assert read_series(text) == names


@pytest.mark.parametrize("text", ["4-1", "1-500", ",", "1-4, 3", "1-96,97"])
def test_what_is_no_series_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_series(text)

    assert refused.value.problems[0].field == "series"


def test_a_switch_comes_with_its_ports_and_the_next_code(session: Session, house: House) -> None:
    distributor = add_distributor(session, house.ground)
    session.commit()
    values = SwitchValues(str(distributor.public_id), model="48 Ports", poe_budget_w=740.0)

    first = switches.add_switch(session, SYSTEM, values, "1-48")
    second = switches.add_switch(session, SYSTEM, values)

    assert [first.code, second.code] == ["RH-EV0.1-SW1", "RH-EV0.1-SW2"]
    session.expunge_all()
    found = switches.find_switch(session, SYSTEM, str(first.public_id))
    assert [port.name for port in switches.ports_in_order(found)] == [
        str(number) for number in range(1, 49)
    ]
    listed, total = switches.list_switches(session, SYSTEM, PartFilter(), Page())
    assert total == 2
    assert [(item.load.port_count, item.load.free_count) for item in listed] == [(48, 48), (0, 0)]


def test_ports_are_added_in_one_go_but_none_twice(session: Session, house: House) -> None:
    switch = add_switch(session, add_distributor(session, house.ground))
    session.commit()
    ref = str(switch.public_id)

    made = switches.add_ports(session, SYSTEM, ref, "5-6", 6, 2_500)
    with pytest.raises(InvalidInput, match="has these ports already: 6"):
        switches.add_ports(session, SYSTEM, ref, "6-8", None, None)
    with pytest.raises(InvalidInput, match="must lie between 0 and 8"):
        switches.add_ports(session, SYSTEM, ref, "9", 9, None)

    assert [(port.name, port.poe_class, port.speed_mbit) for port in made] == [
        ("5", 6, 2_500),
        ("6", 6, 2_500),
    ]


def test_a_port_takes_a_run_and_gives_it_back(session: Session, house: House) -> None:
    distributor = add_distributor(session, house.ground)
    switch = add_switch(session, distributor)
    add_cable_run(session, distributor, "R1", switch_port=switch.ports[1])
    add_cable_run(session, distributor, "R2")
    session.commit()
    ref, taken = str(switch.ports[0].public_id), str(switch.ports[1].public_id)
    session.expunge_all()

    port = switches.edit_port(session, SYSTEM, ref, PortValues("1", cable_run="R2"), 1)
    with pytest.raises(InvalidInput, match=r"R1 is on port RH-EV0\.1-SW1/2 already"):
        switches.edit_port(session, SYSTEM, ref, PortValues("1", cable_run="R1"), None)
    session.rollback()
    with pytest.raises(InvalidInput, match="R1 is on this port"):
        switches.delete_port(session, SYSTEM, taken, None)
    with pytest.raises(Conflict):
        switches.edit_port(session, SYSTEM, ref, PortValues("1"), 1)
    with pytest.raises(InvalidInput, match="another port of this name"):
        switches.edit_port(session, SYSTEM, ref, PortValues("2"), None)
    freed = switches.edit_port(session, SYSTEM, ref, PortValues("1"), None)

    assert port.name == "1"
    assert freed.cable_run_id is None
    switches.delete_port(session, SYSTEM, ref, freed.version)
    with pytest.raises(NotFound):
        switches.find_port(session, SYSTEM, ref)


def test_segments_are_set_by_those_who_may_see_them(session: Session, house: House) -> None:
    switch = add_switch(session, add_distributor(session, house.ground))
    session.add_all(
        (
            Vlan(code="LHS", vid=20, network_class="internal"),
            Vlan(code="GAST", vid=30, network_class="visitor"),
        )
    )
    session.commit()
    ref = str(switch.ports[0].public_id)
    session.expunge_all()
    facility, planner = make_actor("facility"), make_actor("planner")

    switches.edit_port(session, planner, ref, PortValues("1", segments=("LHS", ("GAST",))), None)
    switches.edit_port(session, facility, ref, PortValues("1", note="links"), None)
    with pytest.raises(NotAllowed):
        switches.edit_port(session, facility, ref, PortValues("1", segments=("", ())), None)
    session.rollback()
    with pytest.raises(InvalidInput, match="either untagged or tagged"):
        switches.edit_port(session, planner, ref, PortValues("1", segments=("LHS", ("LHS",))), None)

    session.rollback()
    session.expunge_all()
    port = switches.find_port(session, planner, ref)
    assert port.untagged_vlan is not None
    assert (port.untagged_vlan.code, [item.vlan.code for item in port.tagged], port.note) == (
        "LHS",
        ["GAST"],
        "links",
    )
    assert switches.list_vlans(session, facility) == []
    assert [vlan.code for vlan in switches.list_vlans(session, planner)] == ["GAST", "LHS"]


def test_a_switch_goes_only_when_nothing_is_patched(session: Session, house: House) -> None:
    distributor = add_distributor(session, house.ground)
    switch = add_switch(session, distributor)
    run = add_cable_run(session, distributor, "R1", switch_port=switch.ports[1])
    session.commit()
    ref = str(switch.public_id)
    session.expunge_all()

    with pytest.raises(InvalidInput, match="Runs are on 1 ports"):
        switches.delete_switch(session, SYSTEM, ref, None)
    session.expunge_all()
    session.delete(session.merge(run))
    session.flush()
    session.expunge_all()
    switches.delete_switch(session, SYSTEM, ref, None)

    assert switches.list_switches(session, SYSTEM, PartFilter(), Page()) == ([], 0)


def test_a_switch_lies_where_its_distributor_lies(session: Session, house: House) -> None:
    switch = add_switch(session, add_distributor(session, house.ground, wing_id=house.east.id))
    session.commit()
    westerner = make_actor("planner", house.building.id, house.west.id)

    with pytest.raises(NotFound):
        switches.find_switch(session, westerner, str(switch.public_id))
    with pytest.raises(NotFound):
        switches.find_port(session, westerner, str(switch.ports[0].public_id))
    assert switches.list_switches(session, westerner, PartFilter(), Page())[1] == 0
