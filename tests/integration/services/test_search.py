from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_distributor, add_outlet, add_switch
from tests.factories.people import make_actor
from tests.factories.places import add_house, add_room
from tests.factories.rollout import NOON, add_order, add_penetration, add_permit, add_task
from tests.factories.uplinks import add_uplink
from wlantrack.services import search, tasks
from wlantrack.services.actor import SYSTEM
from wlantrack.services.paging import Page
from wlantrack.services.tasks import TaskFilter
from wlantrack.store.models.cabling import CableRun, Distributor
from wlantrack.store.models.networks import Ssid, Vlan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor
    from wlantrack.store.session import Database


def fill(session: Session, code: str = "RH") -> House:
    """Add a house with one of everything that can be found."""
    house = add_house(session, code)
    house.building.name = "Rathaus"
    add_room(session, house.ground, "301", name="Großer Saal", wing_id=house.west.id)
    add_access_point(
        session, house.ground, f"{code}-WE-0-AP-01", wing_id=house.west.id, serial="SN-77"
    )
    distributor = Distributor(code=f"{code}-D", floor_id=house.ground.id)
    session.add(distributor)
    session.flush()
    run = CableRun(
        label=f"{code}-C-001",
        floor_id=house.ground.id,
        wing_id=house.east.id,
        distributor_id=distributor.id,
    )
    session.add(run)
    add_uplink(session, house.building, f"{code}-UL-1")
    add_uplink(session, house.building, f"{code}-UL-2", network_class="internal")
    session.flush()
    return house


def add_ssids(session: Session) -> None:
    for vid, network_class in enumerate(("visitor", "internal"), start=10):
        vlan = Vlan(code=network_class, vid=vid, network_class=network_class)
        session.add(vlan)
        session.flush()
        session.add(
            Ssid(
                code=f"wlan-{network_class}",
                name=f"City {network_class}",
                network_class=network_class,
                vlan_id=vlan.id,
                security="owe",
            )
        )
    session.flush()


def found(session: Session, actor: Actor, text: str) -> set[tuple[str, str]]:
    groups = search.search(session, actor, text, 20)
    return {(group.kind, row.code) for group in groups for row in group.rows}


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rathaus", {("building", "RH")}),
        ("301", {("room", "301")}),
        ("GROSSER", set()),
        ("großer saal", {("room", "301")}),
        ("rh 301", {("room", "301")}),
        ("RH/WE", {("wing", "RH/WE")}),
        ("sn-77", {("access_point", "RH-WE-0-AP-01")}),
        ("rh-c", {("cable_run", "RH-C-001")}),
        ("city", {("ssid", "wlan-internal"), ("ssid", "wlan-visitor")}),
        ("rh-ul", {("uplink", "RH-UL-1"), ("uplink", "RH-UL-2")}),
        ("100%", set()),
        ("_", set()),
        ("  ", set()),
    ],
)
def test_everything_is_found_by_code_number_or_name(
    database: Database, text: str, expected: set[tuple[str, str]]
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        fill(session)
        add_ssids(session)
        assert found(session, SYSTEM, text) == expected


def test_a_code_names_one_thing_exactly(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        fill(session)
        exact = search.find_exact(
            search.search(session, SYSTEM, "rh-we-0-ap-01", 20), "rh-we-0-ap-01"
        )
        assert exact is not None
        assert (exact[0], exact[1].code) == ("access_point", "RH-WE-0-AP-01")
        assert search.find_exact(search.search(session, SYSTEM, "rh-we", 20), "rh-we") is None


def test_a_number_that_two_rooms_have_names_none(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        house = fill(session)
        add_room(session, house.first, "301")
        groups = search.search(session, SYSTEM, "301", 20)
    assert len(groups[0].rows) == 2
    assert search.find_exact(groups, "301") is None


def test_what_is_out_of_scope_is_not_found(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        mine, _other = fill(session, "RH"), fill(session, "KH")
        neighbour = make_actor("planner", mine.building.id)
        westerner = make_actor("planner", mine.building.id, mine.west.id)
        assert found(session, neighbour, "kh") == set()
        assert ("access_point", "RH-WE-0-AP-01") in found(session, neighbour, "rh-")
        assert found(session, westerner, "rh-") == {("access_point", "RH-WE-0-AP-01")}
        assert found(session, westerner, "RH/EA") == set()


def test_internal_networks_are_not_found_by_those_who_may_not_see_them(
    database: Database,
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        fill(session)
        add_ssids(session)
        for role in ("viewer", "facility"):
            assert found(session, make_actor(role), "city") == {("ssid", "wlan-visitor")}
            assert found(session, make_actor(role), "rh-ul") == {("uplink", "RH-UL-1")}
        assert found(session, make_actor("viewer"), "rh-c") == set()


def test_more_than_the_limit_is_said_and_the_best_come_first(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        house = fill(session)
        for number in ("1301", "301a", "30"):
            add_room(session, house.ground, number)
        (group,) = search.search(session, SYSTEM, "301", 2)
    assert ([row.code for row in group.rows], group.has_more) == (["301", "301a"], True)


def test_distributors_switches_outlets_and_vlans_are_found_by_code(
    database: Database,
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        house = fill(session)
        add_ssids(session)
        distributor = add_distributor(session, house.ground, "RH-EV0.1", wing_id=house.west.id)
        add_switch(session, distributor, "RH-SW-01")
        add_outlet(session, house.ground, "RH-0-DO-07", wing_id=house.west.id)
        eastern = make_actor("planner", house.building.id, house.east.id)

        assert found(session, SYSTEM, "ev0.1") == {("distributor", "RH-EV0.1")}
        assert found(session, SYSTEM, "rh-sw") == {("switch", "RH-SW-01")}
        assert found(session, SYSTEM, "do-07") == {("outlet", "RH-0-DO-07")}
        assert found(session, SYSTEM, "internal") == {
            ("vlan", "internal"),
            ("ssid", "wlan-internal"),
        }
        assert found(session, make_actor("viewer"), "internal") == set()
        for text in ("ev0.1", "rh-sw", "do-07"):
            assert found(session, eastern, text) == set()
            assert found(session, make_actor("viewer"), text) == set()


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rh-g", {("permit", "RH-G1")}),
        ("denkmal", {("permit", "RH-G1")}),
        ("42.1", {("permit", "RH-G1")}),
        ("schacht", {("penetration", "RH-BS1")}),
        ("z-19", {("penetration", "RH-BS1")}),
        ("Rahmenvertrag", {("order", "A-1")}),
        ("kabelbau", {("order", "A-1")}),
    ],
)
def test_permits_penetrations_and_orders_are_found_where_somebody_sees_cables(
    database: Database, text: str, expected: set[tuple[str, str]]
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        house = add_house(session)
        west = {"wing_id": house.west.id}
        add_permit(
            session, house.building, "RH-G1", authority="Denkmalamt", reference="42.1", **west
        )
        add_penetration(
            session, house.ground, "RH-BS1", place="Schacht 3", approval="Z-19.53", **west
        )
        add_order(
            session,
            "A-1",
            name="Rahmenvertrag",
            firm="Kabelbau",
            building_id=house.building.id,
            **west,
        )
        eastern = make_actor("planner", house.building.id, house.east.id)
        western = make_actor("planner", house.building.id, house.west.id)

        assert found(session, SYSTEM, text) == found(session, western, text) == expected
        assert found(session, eastern, text) == found(session, make_actor("viewer"), text) == set()


def test_case_is_nothing_that_keeps_words_apart_in_any_list(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_task(session, title="Übergabe am ÖLBERG")
        session.commit()
        for words in ("übergabe", "Ölberg ÜBERGABE", "am ölberg"):
            found, _ = tasks.list_tasks(session, SYSTEM, TaskFilter(words), Page(), NOON.date())
            assert len(found) == 1, words
