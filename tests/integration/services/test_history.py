"""How events read: names for ids, words for fields, and what a reader may not learn by the way."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.cabling import add_distributor, add_switch
from tests.factories.people import make_actor
from tests.factories.places import MOMENT, House, add_building, add_floor, add_room
from wlantrack.errors import Message, msg
from wlantrack.services import history, reasons
from wlantrack.services.actor import SYSTEM, Actor
from wlantrack.store.audit import label_of
from wlantrack.store.models.audit import AuditEvent

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def make_event(entity: str, before: dict[str, Any], after: dict[str, Any]) -> AuditEvent:
    return AuditEvent(
        id=1,
        at=MOMENT,
        actor="anna",
        request_id="r",
        act="update",
        entity=entity,
        public_id=str(uuid.uuid4()),
        label="X",
        before=before,
        after=after,
        reason="",
    )


def read(
    session: Session,
    event: AuditEvent,
    hidden: frozenset[str] = frozenset(),
    actor: Actor = SYSTEM,
) -> list[str]:
    (entry,) = history.describe(session, actor, [event], hidden)
    return [f"{change.word}: {change.before} > {change.after}" for change in entry.changes]


def test_an_id_reads_as_the_name_of_its_record(session: Session, house: House) -> None:
    event = make_event("access_point", {"wing_id": house.west.id}, {"wing_id": house.east.id})

    assert read(session, event) == [f"wing: {house.west.code} > {house.east.code}"]


def test_a_record_that_is_gone_is_told_by_its_number(session: Session) -> None:
    event = make_event("access_point", {"room_id": None}, {"room_id": 4711})

    assert read(session, event) == ["room: None > record 4711, deleted since"]


def test_who_reads_of_a_switch_does_not_learn_the_names_of_networks(session: Session) -> None:
    event = make_event("switch_port", {"untagged_vlan_id": 1}, {"untagged_vlan_id": 2})

    assert read(session, event, history.NETWORKS) == ["VLAN, untagged: (not shown) > (not shown)"]


def test_places_outside_the_scope_are_not_named(session: Session, house: House) -> None:
    ground, upstairs, west, east = house.ground, house.first, house.west, house.east
    hall = add_room(session, ground, "017", wing_id=west.id)
    vault = add_room(session, ground, "099", wing_id=east.id)
    distributor = add_distributor(session, ground, "RH-EV0.1", wing_id=east.id)
    port = add_switch(session, distributor).ports[0]
    other = add_floor(session, add_building(session, "KH"))
    session.commit()
    westerner = make_actor("planner", house.building.id, west.id)
    before = {"wing_id": west.id, "floor_id": ground.id, "room_id": hall.id}
    after = {"wing_id": east.id, "floor_id": upstairs.id, "room_id": vault.id}
    moved = make_event("access_point", before, after)
    pulled = make_event(
        "cable_run",
        {"floor_id": ground.id},
        {"floor_id": other.id, "distributor_id": distributor.id},
    )
    tagged = make_event("port_vlan", {}, {"switch_port_id": port.id})

    assert [line.partition(": ")[2] for line in read(session, moved, actor=westerner)] == [
        "WE > (not shown)",
        f"{label_of(ground)} > {label_of(upstairs)}",
        "017 > (not shown)",
    ]
    assert [line.partition(": ")[2] for line in read(session, pulled, actor=westerner)] == [
        f"{label_of(ground)} > (not shown)",
        "None > (not shown)",
    ]
    assert read(session, tagged, actor=westerner)[0].endswith(": None > (not shown)")
    whole = read(session, moved) + read(session, pulled) + read(session, tagged)
    assert not [line for line in whole if "(not shown)" in line]


def test_states_shapes_and_secrets_are_put_into_words(session: Session) -> None:
    event = make_event(
        "access_point",
        {"state": "planned", "outline": None, "password_hash": None},
        {
            "state": "in operation",
            "outline": "POLYGON ((0 0, 1 0, 1 1, 0 0))",
            "password_hash": "(hidden)",
        },
    )

    assert read(session, event) == [
        "state: planned > in operation",
        "outline: None > shape with 4 points",
        "password: None > (not shown)",
    ]


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        (reasons.DEMO, msg("demo data")),
        (reasons.import_of("50 %.csv"), msg("import of %(name)s", name="50 %.csv")),
        (reasons.undone_import_of("a.esx"), msg("undo of the import of %(name)s", name="a.esx")),
        (reasons.restore_of("b.tar"), msg("restore of %(name)s", name="b.tar")),
        ("import is wrong", "import is wrong"),
    ],
)
def test_reasons_of_the_program_are_translated_and_those_of_people_are_not(
    session: Session, reason: str, word: Message | str
) -> None:
    event = make_event("access_point", {"note": ""}, {"note": "x"})
    event.reason = reason

    (entry,) = history.describe(session, SYSTEM, [event])

    assert entry.reason == word
    assert str(entry.reason) == reason
