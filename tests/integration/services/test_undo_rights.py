"""Who may undo what: the step that the undo makes counts, and what the person may see."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor, add_switch
from tests.factories.networks import add_vlan
from tests.factories.people import make_actor
from tests.factories.places import add_building, add_floor
from tests.factories.uplinks import add_uplink
from tests.factories.walls import add_wall
from wlantrack.errors import Conflict, NotAllowed, NotFound
from wlantrack.services import access_points, undo
from wlantrack.services.removal import delete_record
from wlantrack.store import audit
from wlantrack.store.models.cabling import PortVlan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor


def acting(session: Session, role: str) -> Actor:
    """Let the session write for somebody in a request of their own."""
    actor = make_actor(role)
    audit.set_context(session, actor.audit())
    return actor


def test_a_redo_lets_no_planner_accept_an_access_point(session: Session, house: House) -> None:
    point = add_access_point(session, house.ground, state="in operation", serial="S1")
    session.commit()
    manager = acting(session, "manager")
    access_points.change_state(session, manager, point.code, "accepted", point.version, {})
    planner = acting(session, "planner")
    given = {"reason": "too early"}
    access_points.change_state(session, planner, point.code, "in operation", point.version, given)

    with pytest.raises(NotAllowed, match="change of state"):
        undo.undo_request(session, acting(session, "planner"), planner.request_id)
    session.rollback()
    undo.undo_request(session, acting(session, "manager"), planner.request_id)

    session.expire_all()
    assert point.state == "accepted"


def test_an_undo_is_the_step_that_it_makes(session: Session, house: House) -> None:
    point = add_access_point(session, house.ground, state="in operation", serial="S1")
    session.commit()
    manager = acting(session, "manager")
    access_points.change_state(session, manager, point.code, "accepted", point.version, {})
    first = acting(session, "planner")

    undo.undo_request(session, first, manager.request_id)  # a step back is a planner's
    with pytest.raises(NotAllowed, match="change of state"):
        undo.undo_request(session, acting(session, "planner"), first.request_id)

    session.expire_all()
    assert point.state == "in operation"


def test_an_undo_that_is_no_step_asks_for_the_role_of_what_it_takes_back(
    session: Session, house: House
) -> None:
    point = add_access_point(session, house.ground, state="lost", serial="S1")
    session.commit()
    planner = acting(session, "planner")
    access_points.change_state(session, planner, point.code, "removed", point.version, {})

    with pytest.raises(NotAllowed, match="change of state"):
        undo.undo_request(session, acting(session, "facility"), planner.request_id)


def test_nobody_undoes_a_change_of_a_line_that_is_out_of_sight_by_now(
    session: Session, house: House
) -> None:
    uplink = add_uplink(session, house.building)
    session.commit()
    facility = acting(session, "facility")
    uplink.note = "behind the boiler"
    session.commit()
    acting(session, "planner")
    uplink.network_class = "internal"
    session.commit()

    with pytest.raises(NotFound):
        undo.undo_request(session, acting(session, "facility"), facility.request_id)
    session.rollback()
    undo.undo_request(session, acting(session, "planner"), facility.request_id)

    session.expire_all()
    assert uplink.note == ""


def test_nobody_takes_a_network_out_of_sight_from_a_port(session: Session, house: House) -> None:
    vlan = add_vlan(session, "V-210", network_class="internal", vid=210)
    port = add_switch(session, add_distributor(session, house.ground)).ports[0]
    session.commit()
    tagging = acting(session, "planner")
    session.add(PortVlan(switch_port_id=port.id, vlan_id=vlan.id))
    session.commit()
    native = acting(session, "planner")
    port.untagged_vlan_id = vlan.id
    session.commit()

    for request_id in (tagging.request_id, native.request_id):
        with pytest.raises(NotFound):
            undo.undo_request(session, acting(session, "facility"), request_id)
        session.rollback()

    undo.undo_request(session, acting(session, "planner"), native.request_id)
    session.expire_all()
    assert port.untagged_vlan_id is None


def test_what_stands_in_an_undo_s_way_is_named_to_those_who_may_know_it(
    session: Session, house: House
) -> None:
    westerner = make_actor("facility", house.building.id, house.west.id)
    audit.set_context(session, westerner.audit())
    distributor = add_distributor(session, house.ground, "RH-WE-EV", wing_id=house.west.id)
    session.commit()
    acting(session, "planner")
    point = add_access_point(session, house.ground, "AP-EAST", wing_id=house.east.id)
    add_cable_run(session, distributor, "EAST-RUN", access_point=point)
    session.commit()
    facility = acting(session, "facility")
    building = add_building(session, "KH")
    session.commit()
    acting(session, "planner")
    add_uplink(session, building, "KH-INTERNAL", network_class="internal")
    session.commit()

    for person, made_by, name in (
        (westerner, westerner, "EAST-RUN"),
        (make_actor("facility"), facility, "KH-INTERNAL"),
    ):
        with pytest.raises(Conflict, match="something outside your area"):
            undo.undo_request(session, person, made_by.request_id)
        session.rollback()
        with pytest.raises(Conflict, match=name):
            undo.undo_request(session, make_actor("planner"), made_by.request_id)
        session.rollback()


def test_what_was_deleted_elsewhere_is_answered_as_what_was_never_there(
    session: Session, house: House
) -> None:
    point = add_access_point(session, house.ground, "AP", wing_id=house.east.id)
    wall = add_wall(session, add_floor(session, add_building(session, "KH")))
    session.commit()
    acting(session, "planner")
    delete_record(session, point)
    delete_record(session, wall)
    session.commit()
    westerner = make_actor("planner", house.building.id, house.west.id)

    for kind, gone in (("access_point", point.public_id), ("wall", wall.public_id)):
        for ref in (gone, uuid.uuid4()):
            with pytest.raises(NotFound, match="There is nothing here that could be undone"):
                undo.restore_record(session, westerner, kind, str(ref))
            session.rollback()
        undo.restore_record(session, acting(session, "planner"), kind, str(gone))
