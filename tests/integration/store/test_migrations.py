from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from tests.factories.places import add_building
from tests.factories.rollout import add_milestone, add_snapshot
from wlantrack.services.actor import SYSTEM
from wlantrack.store import schema
from wlantrack.store.queries import milestones

if TYPE_CHECKING:
    from wlantrack.store.session import Database


def test_migrations_lead_to_the_schema_of_the_models(empty_database: Database) -> None:
    schema.upgrade(empty_database.engine)

    assert schema.list_differences(empty_database.engine) == []
    assert schema.is_current(empty_database.engine)


def test_an_empty_database_is_not_current(empty_database: Database) -> None:
    assert not schema.is_current(empty_database.engine)


def test_migrations_lead_back_to_nothing_and_up_again(empty_database: Database) -> None:
    schema.upgrade(empty_database.engine)
    schema.downgrade(empty_database.engine, "base")

    assert inspect(empty_database.engine).get_table_names() == ["alembic_version"]

    schema.upgrade(empty_database.engine)

    assert schema.list_differences(empty_database.engine) == []


def test_snapshots_find_their_milestone_on_the_way_down_and_up(empty_database: Database) -> None:
    schema.upgrade(empty_database.engine)
    with empty_database.writing(SYSTEM.audit()) as session:
        gone, kept = add_milestone(session, "M0"), add_milestone(session, "M1")
        for milestone in (gone, kept):
            add_snapshot(session, milestone, date(2026, 1, 31))
        session.delete(gone)
        session.commit()
        expected = kept.public_id

    schema.downgrade(empty_database.engine, "0017")
    schema.upgrade(empty_database.engine)

    with empty_database.reading() as session:
        (row,) = milestones.list_snapshots(session, [expected])
        assert row.report_on == date(2026, 1, 31)
        assert len(milestones.list_snapshots_of(session, row.report_on)) == 1


def test_running_migrations_twice_changes_nothing(empty_database: Database) -> None:
    schema.upgrade(empty_database.engine)
    schema.upgrade(empty_database.engine)

    assert schema.is_current(empty_database.engine)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_event SET actor = 'nobody'", "DELETE FROM audit_event"],
)
def test_the_audit_trail_can_neither_be_changed_nor_deleted_by_sql(
    database: Database, statement: str
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_building(session)
        session.commit()

    with (
        pytest.raises(DatabaseError, match="the audit trail is append-only"),
        database.engine.begin() as connection,
    ):
        connection.execute(text(statement))


def test_the_audit_trail_cannot_be_truncated(database: Database) -> None:
    if database.is_embedded:
        pytest.skip("SQLite has no TRUNCATE")

    with (
        pytest.raises(DatabaseError, match="the audit trail is append-only"),
        database.engine.begin() as connection,
    ):
        connection.execute(text("TRUNCATE audit_event"))


def test_a_sqlite_database_keeps_what_is_committed_and_its_references(database: Database) -> None:
    if not database.is_embedded:
        pytest.skip("pragmas are SQLite's")

    with database.engine.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }

    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
    }


def test_work_packages_keep_their_links_and_get_a_state(empty_database: Database) -> None:
    schema.upgrade(empty_database.engine, "0017")
    with empty_database.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO building (id, public_id, version, code, name, address,"
                " is_public, is_listed, priority, priority_reason, opening_hours, rotation_deg)"
                " VALUES (1, :uid, 1, 'RH', 'RH', '', true, false, 3, '', '', 0)"
            ),
            {"uid": uuid.uuid4().hex},
        )
        for code, kind, started, finished in (
            ("A", "termination and testing", None, None),
            ("B", "pulling", "2026-01-05", "2026-01-09"),
            ("C", "pulling", "2026-01-05", None),
        ):
            connection.execute(
                text(
                    "INSERT INTO work_package (public_id, version, code, name, kind, building_id,"
                    " duration_days, is_waiting, noise_class, responsible, undated_reason, note,"
                    " started_on, finished_on) VALUES (:uid, 1, :code, '', :kind, 1, 5, false,"
                    " 'normal', '', '', '', :started, :finished)"
                ),
                {"uid": uuid.uuid4().hex, "code": code, "kind": kind}
                | {"started": started, "finished": finished},
            )
        connection.execute(
            text(
                "INSERT INTO plan_link (public_id, version, kind, lag_days, before_package_id,"
                " after_package_id) SELECT :uid, 1, 'FS', 0, a.id, b.id FROM work_package a,"
                " work_package b WHERE a.code = 'A' AND b.code = 'B'"
            ),
            {"uid": uuid.uuid4().hex},
        )

    schema.upgrade(empty_database.engine)
    with empty_database.engine.connect() as connection:
        found = connection.execute(text("SELECT kind, state FROM work_package ORDER BY code"))
        assert [tuple(row) for row in found] == [
            ("termination", "planned"),
            ("pulling", "done"),
            ("pulling", "running"),
        ]
        assert connection.scalar(text("SELECT count(*) FROM plan_link")) == 1
    schema.downgrade(empty_database.engine, "0017")
    with empty_database.engine.connect() as connection:
        kind = connection.scalar(text("SELECT kind FROM work_package WHERE code = 'A'"))
        assert kind == "termination and testing"
        assert connection.scalar(text("SELECT count(*) FROM plan_link")) == 1
