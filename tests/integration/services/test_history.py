"""How events read: names for ids, words for fields, and what a reader may not learn by the way."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from tests.factories.places import MOMENT, House
from wlantrack.services import history
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


def read(session: Session, event: AuditEvent, hidden: frozenset[str] = frozenset()) -> list[str]:
    (entry,) = history.describe(session, [event], hidden)
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
