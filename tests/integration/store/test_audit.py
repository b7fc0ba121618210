from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, insert, select, text, update

from tests.factories.access_points import add_access_point
from tests.factories.people import add_user
from tests.factories.places import MOMENT, add_building, add_floor
from tests.factories.walls import add_wall
from wlantrack.services import people
from wlantrack.services.actor import SYSTEM
from wlantrack.store.audit import AuditContext, UnauditedChangeError, chain_hash, hashed_values
from wlantrack.store.models.access_points import Radio
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.places import Building
from wlantrack.store.models.walls import Wall
from wlantrack.store.session import Database, WritingSession

if TYPE_CHECKING:
    from sqlalchemy import Executable
    from sqlalchemy.orm import Session

ANNA = AuditContext("anna", "request-1", "because")


def list_events(database: Database, entity: str) -> list[AuditEvent]:
    with database.reading() as session:
        query = select(AuditEvent).where(AuditEvent.entity == entity).order_by(AuditEvent.id)
        return list(session.scalars(query))


def test_creating_changing_and_deleting_leave_one_event_each(database: Database) -> None:
    with database.writing(ANNA) as session:
        building = add_building(session, "RH", name="Rathaus")
        building.name = "Town hall"
        session.flush()
        session.delete(building)
        session.commit()

    created, updated, deleted = list_events(database, "building")
    assert (created.act, updated.act, deleted.act) == ("create", "update", "delete")
    assert {event.actor for event in (created, updated, deleted)} == {"anna"}
    assert {event.request_id for event in (created, updated, deleted)} == {"request-1"}
    assert {event.reason for event in (created, updated, deleted)} == {"because"}
    assert {event.label for event in (created, updated, deleted)} == {"RH"}
    assert len({event.public_id for event in (created, updated, deleted)}) == 1
    assert created.before == {}
    assert created.after["name"] == "Rathaus"
    assert (updated.before, updated.after) == ({"name": "Rathaus"}, {"name": "Town hall"})
    assert deleted.before["name"] == "Town hall"
    assert deleted.after == {}


def test_what_is_rolled_back_leaves_no_event(database: Database) -> None:
    with database.writing(ANNA) as session:
        add_building(session)
        session.rollback()

    assert list_events(database, "building") == []


def test_a_change_that_is_taken_back_before_it_is_written_leaves_no_event(
    database: Database,
) -> None:
    with database.writing(ANNA) as session:
        building = add_building(session, "RH", name="Rathaus")
        building.name = "Town hall"
        building.name = "Rathaus"
        session.commit()

    assert [event.act for event in list_events(database, "building")] == ["create"]


def test_a_value_that_is_set_before_the_old_one_was_read_is_recorded(database: Database) -> None:
    with database.writing(ANNA) as session:
        building = add_building(session, "RH", name="Rathaus")
        session.commit()
        session.expire(building)
        building.name = "Town hall"
        session.commit()

    created, updated = list_events(database, "building")
    assert created.after["name"] == "Rathaus"
    assert (updated.before, updated.after) == ({"name": "Rathaus"}, {"name": "Town hall"})


def test_a_value_that_was_left_out_and_is_set_later_is_recorded(database: Database) -> None:
    with database.writing(ANNA) as session:
        building = add_building(session, "RH")
        session.commit()
        building.origin_easting_m = building.origin_northing_m = 1.5
        session.commit()

    created, updated = list_events(database, "building")
    assert created.after["origin_easting_m"] is None
    assert updated.before == {"origin_easting_m": None, "origin_northing_m": None}
    assert updated.after == {"origin_easting_m": 1.5, "origin_northing_m": 1.5}


def test_radios_that_leave_their_access_point_are_recorded_as_deleted(database: Database) -> None:
    with database.writing(ANNA) as session:
        point = add_access_point(session, add_floor(session, add_building(session)))
        session.commit()
        del point.radios[1:]
        session.commit()

    acts = [event.act for event in list_events(database, "radio")]
    assert acts == ["create", "create", "create", "delete", "delete"]


def test_records_deleted_with_their_parent_are_recorded(database: Database) -> None:
    with database.writing(ANNA) as session:
        point = add_access_point(session, add_floor(session, add_building(session)))
        session.commit()
        session.delete(point)
        session.commit()

    acts = [event.act for event in list_events(database, "radio")]
    assert acts == ["create"] * 3 + ["delete"] * 3
    assert [event.act for event in list_events(database, "access_point")] == ["create", "delete"]


def read_chain(session: Session) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).order_by(AuditEvent.id)))


def recompute(event: AuditEvent) -> str:
    values = {column.key: getattr(event, column.key) for column in AuditEvent.__table__.columns}
    return chain_hash(event.previous_hash, hashed_values(values))


def test_the_chain_of_hashes_can_be_computed_again_from_what_is_stored(database: Database) -> None:
    with database.writing(ANNA) as session:
        floor = add_floor(
            session,
            add_building(session, name="Ärztehaus", origin_easting_m=0.1, origin_northing_m=1e-7),
        )
        add_wall(session, floor, (0.1, 0.2, 1 / 3, 1e-9))
        session.commit()

    with database.reading() as session:
        events = read_chain(session)
    assert len(events) > 3
    assert [event.hash for event in events] == [recompute(event) for event in events]
    assert events[0].previous_hash == ""
    assert [event.previous_hash for event in events[1:]] == [event.hash for event in events[:-1]]


def test_an_event_that_was_tampered_with_no_longer_matches_its_hash(database: Database) -> None:
    with database.writing(ANNA) as session:
        add_building(session)
        session.commit()

    event = list_events(database, "building")[0]
    event.actor = "somebody else"

    assert recompute(event) != event.hash


def test_password_hashes_never_enter_the_trail(database: Database) -> None:
    with database.writing(ANNA) as session:
        user = add_user(session, "berta")
        session.commit()
        user.password_hash = "$argon2id$another"
        session.commit()

    created, updated = list_events(database, "user_account")
    assert created.after["password_hash"] == "(hidden)"
    assert (updated.before, updated.after) == (
        {"password_hash": "(hidden)"},
        {"password_hash": "(hidden)"},
    )


def test_a_log_in_is_an_event(database: Database) -> None:
    with database.writing(ANNA) as session:
        add_user(session, "berta", password="vier Worte fuer Berta")
        people.log_in(session, "berta", "vier Worte fuer Berta", MOMENT)

    assert [event.act for event in list_events(database, "user_account")][-1] == "log in"


@pytest.mark.parametrize(
    "statement",
    [
        update(Wall).values(bottom_m=1.0),
        delete(Wall),
        insert(Building).values(code="X"),
        update(Wall.__table__).values(bottom_m=1.0),  # type: ignore[arg-type]
        delete(Radio.__table__),  # type: ignore[arg-type]
    ],
    ids=["update", "delete", "insert", "update of a table", "delete from a table"],
)
def test_bulk_changes_that_would_pass_by_the_trail_are_refused(
    database: Database, statement: object
) -> None:
    with (
        database.writing(SYSTEM.audit()) as session,
        pytest.raises(UnauditedChangeError, match="bulk DML on"),
    ):
        session.execute(statement)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "statement",
    [
        update(Wall).values(bottom_m=1.0),
        delete(Radio.__table__),  # type: ignore[arg-type]
        insert(Building).values(code="X", name="x", version=1),
        text("UPDATE wall SET bottom_m = 1"),
        text('delete /* all */ from "wall"'),
        text("INSERT INTO building (code) VALUES ('X')"),
        text(
            "WITH high AS (SELECT id FROM wall) DELETE FROM wall WHERE id IN (SELECT id FROM high)"
        ),
    ],
    ids=["update", "delete", "insert", "text", "text with a comment", "text insert", "with"],
)
@pytest.mark.parametrize("way", ["session", "connection"])
def test_no_other_way_past_the_trail_is_open(
    database: Database, statement: Executable, way: str
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        target = session if way == "session" else session.connection()
        with pytest.raises(UnauditedChangeError, match="bulk DML on"):
            target.execute(statement)


def test_a_session_without_context_cannot_write(database: Database) -> None:
    with (
        WritingSession(database.engine) as session,
        pytest.raises(UnauditedChangeError, match="set_context"),
    ):
        add_building(session)
