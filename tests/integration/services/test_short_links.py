"""Short addresses of labels: by code and by short id, and nothing that is out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor, add_outlet, add_switch
from tests.factories.people import make_actor
from tests.factories.places import add_floor, add_room
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.services import labels, short_links
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.labels import Chosen, LabelJob

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House


@pytest.fixture
def filled(session: Session, house: House) -> House:
    """Give one of everything that has a label, in the western wing."""
    west = house.west.id
    distributor = add_distributor(session, house.ground, wing_id=west)
    add_switch(session, distributor)
    outlet = add_outlet(session, house.ground, wing_id=west)
    add_room(session, house.ground, "017", wing_id=west)
    add_access_point(session, house.ground, "RH-WE-0-AP-01", wing_id=west)
    add_cable_run(session, distributor, "RH-EV0.1-P1-01", outlet=outlet, firm="Kabel GmbH")
    session.commit()
    return house


CODES = {
    "distributor": "RH-EV0.1",
    "switch": "RH-EV0.1-SW1",
    "outlet": "RH-0-DO-01",
    "room": "017",
    "access_point": "RH-WE-0-AP-01",
    "cable_run": "RH-EV0.1-P1-01",
}


@pytest.mark.on_both
@pytest.mark.parametrize("kind", CODES)
@pytest.mark.usefixtures("filled")
def test_code_and_short_id_lead_to_the_thing_in_scope(session: Session, kind: str) -> None:
    found = short_links.find_labelled(session, SYSTEM, f" {CODES[kind]} ")

    assert found.kind == kind
    short = short_links.shorten(found.public_id)
    assert short_links.find_labelled(session, SYSTEM, short.upper()) == found


@pytest.mark.parametrize("kind", CODES)
def test_what_is_out_of_scope_is_not_there(session: Session, filled: House, kind: str) -> None:
    elsewhere = Actor("f", grants=(("facility", Scope(filled.building.id, filled.east.id)),))
    found = short_links.find_labelled(session, SYSTEM, CODES[kind])

    for text in (CODES[kind], short_links.shorten(found.public_id)):
        with pytest.raises(NotFound, match="outside your area"):
            short_links.find_labelled(session, elsewhere, text)


def test_a_number_that_several_rooms_have_is_told_apart_by_the_search(
    session: Session, filled: House
) -> None:
    add_room(session, add_floor(session, filled.building, 7), "017")
    session.commit()

    with pytest.raises(NotFound, match="several things"):
        short_links.find_labelled(session, SYSTEM, "017")


@pytest.mark.usefixtures("filled")
def test_labels_lead_by_their_address_to_what_they_are_on(session: Session) -> None:
    (label,) = labels.list_labels(session, SYSTEM, Chosen("cable_runs"), "https://wlan.example/")

    assert label.code == "RH-EV0.1-P1-01"
    assert label.words[:2] == ("RH/WE/0", "→ RH-0-DO-01")
    root, _, short = label.url.rpartition("/")
    assert root == "https://wlan.example/q"
    assert short_links.find_labelled(session, SYSTEM, short).kind == "cable_run"
    csv = labels.write_labels([label], LabelJob(), "csv").decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("RH-EV0.1-P1-01;https://wlan.example/q/")


@pytest.mark.usefixtures("filled")
def test_nothing_to_label_and_no_right_to_are_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="nothing to label"):
        labels.list_labels(session, SYSTEM, labels.choose_building("cable_runs", "XX"), "http://x")
    with pytest.raises(NotAllowed):
        labels.list_labels(session, make_actor("viewer"), Chosen("access_points"), "http://x")
