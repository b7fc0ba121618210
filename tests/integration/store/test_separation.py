"""No statement leaves an SSID on a VLAN of another class, whatever a shell has switched off."""

from __future__ import annotations

import itertools
import re
import sqlite3
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.networks import add_ssid, add_vlan
from wlantrack.errors import Conflict
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.networks import NETWORK_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import PostgresSource, SqliteSource
    from wlantrack.store.session import Database

Shell: TypeAlias = "sqlite3.Connection | psycopg.Connection[Any]"
REFUSALS = (sqlite3.DatabaseError, psycopg.DatabaseError)

MIXED = """SELECT ssid.id FROM ssid JOIN vlan ON vlan.id = ssid.vlan_id
WHERE ssid.network_class <> vlan.network_class OR ssid.network_class IS NULL
OR vlan.network_class IS NULL"""
_IDS = itertools.count(1)


def insert_vlan(code: str, network_class: str, id_: object = "NULL", how: str = "INSERT") -> str:
    """Write an INSERT of a VLAN; without an id it gets the next one."""
    name, value = ("", "") if id_ == "NULL" else ("id, ", f"{id_}, ")
    return (
        f"{how} INTO vlan ({name}public_id, version, code, vid, name, network_class, subnet_v4,"
        f" subnet_v6, zone, owner, purpose, note) VALUES ({value}'{next(_IDS):032x}', 1, '{code}',"
        f" 10, '', {network_class}, '', '', '', '', '', '')"
    )


def insert_ssid(
    code: str, network_class: str, vlan: object, id_: object = "NULL", how: str = "INSERT"
) -> str:
    """Write an INSERT of an SSID; without an id it gets the next one."""
    name, value = ("", "") if id_ == "NULL" else ("id, ", f"{id_}, ")
    return (
        f"{how} INTO ssid ({name}public_id, version, code, name, network_class, vlan_id, state,"
        " security, pmf, is_on_24, is_on_5, is_on_6, portal_url, privacy_notice_version, owner,"
        f" purpose, note) VALUES ({value}'{next(_IDS):032x}', 1, '{code}', '{code}',"
        f" {network_class}, {vlan}, 'planned', 'owe', 'required', true, true, false, '', '', '',"
        " '', '')"
    )


START = (
    insert_vlan("VISITORS", "'visitor'", 1),
    insert_vlan("STAFF", "'internal'", 2),
    insert_vlan("SPARE", "'visitor'", 3),
    insert_ssid("visitors", "'visitor'", 1, 1),
    insert_ssid("staff", "'internal'", 2, 2),
)
"""VLAN and SSID 1 are the visitors', 2 the staff's; VLAN 3 is free."""

VISITOR, STAFF = "'visitor'", "'internal'"
RECLASSIFY = "UPDATE vlan SET network_class = 'internal' WHERE id = 3"
AHEAD = tuple(f"SELECT setval('{table}_id_seq', 100)" for table in ("vlan", "ssid"))
"""PostgreSQL's next ids, so that no statement fails for having been given a taken one."""

ATTACKS = {
    "moves an SSID": "UPDATE ssid SET vlan_id = 2 WHERE id = 1",
    "reclassifies an SSID": "UPDATE ssid SET network_class = 'internal' WHERE id = 1",
    "reclassifies a VLAN in use": "UPDATE vlan SET network_class = 'internal' WHERE id = 1",
    "reclassifies every VLAN": "UPDATE vlan SET network_class = 'management'",
    "reclassifies every SSID": "UPDATE ssid SET network_class = 'management'",
    "adds a mixed SSID": insert_ssid("x", "'visitor'", 2),
    "adds an SSID to no VLAN": insert_ssid("x", "'visitor'", 99),
    "adds an SSID without a class": insert_ssid("x", "NULL", 1),
    "adds an SSID without a VLAN": insert_ssid("x", "'visitor'", "NULL"),
    "adds an SSID of a class in capitals": insert_ssid("x", "'Visitor'", 1),
    "adds a class with a space": insert_ssid("x", "'visitor '", 1),
    "takes the class away": "UPDATE vlan SET network_class = NULL WHERE id = 1",
    "writes a class in capitals": "UPDATE vlan SET network_class = 'VISITOR' WHERE id = 1",
    "gives a VLAN in use another id": "UPDATE vlan SET id = 9 WHERE id = 1",
    "moves a VLAN under an SSID": "UPDATE vlan SET id = 1, network_class = 'internal' WHERE id = 3",
    "swaps two VLANs": "UPDATE vlan SET id = 3 - id WHERE id IN (1, 2)",
    "swaps the classes of two VLANs": (
        "UPDATE vlan SET network_class ="
        " CASE id WHEN 1 THEN 'internal' ELSE 'visitor' END WHERE id IN (1, 2)"
    ),
    "deletes a VLAN in use": "DELETE FROM vlan WHERE id = 1",
    "deletes all VLANs": "DELETE FROM vlan",
    "upserts a VLAN": insert_vlan("STAFF", "'visitor'", 8)
    + " ON CONFLICT (code) DO UPDATE SET network_class = excluded.network_class",
    "upserts an SSID": insert_ssid("staff", "'visitor'", 1, 8)
    + " ON CONFLICT (code) DO UPDATE SET network_class = excluded.network_class",
    "upserts an SSID's VLAN": insert_ssid("staff", "'visitor'", 1, 8)
    + " ON CONFLICT (code) DO UPDATE SET vlan_id = excluded.vlan_id",
}
SQLITE_ATTACKS = {
    "replaces a VLAN by its id": insert_vlan("N", "'internal'", 1, "INSERT OR REPLACE"),
    "replaces a VLAN by its code": insert_vlan("VISITORS", "'internal'", 1, "REPLACE"),
    "pushes a VLAN out by its code": insert_vlan("VISITORS", "'internal'", how="REPLACE"),
    "pushes a VLAN out by changing another's code": (
        "UPDATE OR REPLACE vlan SET code = 'VISITORS' WHERE id = 3"
    ),
    "puts another VLAN in its place": (
        "UPDATE OR REPLACE vlan SET id = 1, network_class = 'internal' WHERE id = 3"
    ),
    "replaces an SSID": insert_ssid("n", "'visitor'", 2, 1, "INSERT OR REPLACE"),
    "ignores conflicts": "UPDATE OR IGNORE ssid SET vlan_id = 2 WHERE id = 1",
    "rolls back on conflict": "UPDATE OR ROLLBACK ssid SET vlan_id = 2 WHERE id = 1",
    "fails on conflict": "UPDATE OR FAIL vlan SET network_class = 'internal'",
    "writes the class as bytes": "UPDATE vlan SET network_class = CAST('visitor' AS BLOB)",
    "adds an SSID with its class as bytes": insert_ssid("x", "CAST('visitor' AS BLOB)", 1),
    "names the VLAN by a fraction": insert_ssid("x", "'visitor'", 1.5),
    "names the VLAN by bytes": insert_ssid("x", "'visitor'", "x'31'"),
    "uses the row id": "UPDATE vlan SET rowid = 9 WHERE rowid = 1",
    "replaces the staff's by name": insert_ssid("staff", "'visitor'", 2, how="REPLACE"),
}
POSTGRES_ATTACKS = {
    "updates by a common table expression": (
        f"WITH moved AS ({RECLASSIFY} RETURNING id) {insert_ssid('x', VISITOR, 3)}"
    ),
    "inserts what it reclassifies": (
        f"WITH added AS ({insert_ssid('x', VISITOR, 3)} RETURNING id) {RECLASSIFY}"
    ),
    "truncates the VLANs": "TRUNCATE vlan CASCADE",
    "truncates both": "TRUNCATE vlan, flow, ssid, ssid_scope",
    "deletes and inserts at once": (
        f"WITH gone AS (DELETE FROM vlan WHERE id = 1) {insert_vlan('A', STAFF, 1)}"  # noqa: S608 - above
    ),
    "merges": (
        "MERGE INTO ssid USING vlan ON vlan.id = 2 AND ssid.id = 1"
        " WHEN MATCHED THEN UPDATE SET vlan_id = vlan.id"
    ),
}
SQLITE_MODES = {
    "foreign keys on": ("PRAGMA foreign_keys = ON",),
    "foreign keys off": ("PRAGMA foreign_keys = OFF",),
    "recursive triggers": ("PRAGMA foreign_keys = OFF", "PRAGMA recursive_triggers = ON"),
    "checks off": ("PRAGMA foreign_keys = OFF", "PRAGMA ignore_check_constraints = ON"),
}
POSTGRES_MODES = {
    "foreign keys on": (),
    "as a replica": ("SET session_replication_role = replica",),
    "foreign key dropped": ("ALTER TABLE ssid DROP CONSTRAINT fk_ssid_vlan_class",),
}


HIDING = (
    """CREATE TEMP TABLE vlan AS SELECT id, CASE id WHEN 2 THEN 'visitor' ELSE 'internal' END
    AS network_class FROM public.vlan""",
    "CREATE TEMP TABLE ssid AS SELECT * FROM public.ssid WITH NO DATA",
)
"""Temporary tables of the same names, in which every attack would be right."""


@contextmanager
def open_sqlite(source: SqliteSource, *mode: str) -> Iterator[sqlite3.Connection]:
    """Open a file as a shell does, without the application's pragmas."""
    with source.fresh() as url, closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as shell:
        shell.isolation_level = None
        for statement in (*START, *mode):
            shell.execute(statement)
        yield shell


@contextmanager
def open_postgres(source: PostgresSource, *mode: str) -> Iterator[psycopg.Connection[Any]]:
    """Open a database as a shell does, as its owner."""
    with source.fresh() as url, connect(url) as shell:
        for statement in (*START, *AHEAD, *mode):
            run(shell, statement)
        yield shell


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True)


def run(shell: Shell, statement: str) -> None:
    if isinstance(shell, sqlite3.Connection):
        shell.execute(statement)
    else:
        shell.execute(statement.encode())


def list_mixed(shell: Shell) -> list[Any]:
    if isinstance(shell, sqlite3.Connection):
        return shell.execute(MIXED).fetchall()
    real = MIXED.replace("FROM ssid JOIN vlan", "FROM public.ssid AS ssid JOIN public.vlan AS vlan")
    return shell.execute(real.encode()).fetchall()


def require_refused(shell: Shell, statement: str) -> None:
    with pytest.raises(REFUSALS):
        run(shell, statement)
    assert list_mixed(shell) == []


@pytest.mark.parametrize("mode", SQLITE_MODES)
@pytest.mark.parametrize("attack", [*ATTACKS, *SQLITE_ATTACKS])
def test_sqlite_refuses_a_statement_that(
    sqlite_source: SqliteSource, attack: str, mode: str
) -> None:
    with open_sqlite(sqlite_source, *SQLITE_MODES[mode]) as shell:
        require_refused(shell, (ATTACKS | SQLITE_ATTACKS)[attack])


@pytest.mark.postgres
@pytest.mark.parametrize("mode", POSTGRES_MODES)
def test_postgres_refuses_every_statement_that_mixes(
    postgres_source: PostgresSource, mode: str
) -> None:
    with open_postgres(postgres_source, *POSTGRES_MODES[mode]) as shell:
        for statement in (ATTACKS | POSTGRES_ATTACKS).values():
            require_refused(shell, statement)


@pytest.mark.postgres
def test_temporary_tables_do_not_stand_in_for_the_real_ones(
    postgres_source: PostgresSource,
) -> None:
    replica = POSTGRES_MODES["as a replica"]
    with open_postgres(postgres_source, *replica, *HIDING) as shell:
        for name in ("moves an SSID", "reclassifies a VLAN in use", "adds a mixed SSID"):
            require_refused(
                shell, re.sub(r"(INTO|UPDATE) (vlan|ssid)", r"\1 public.\2", ATTACKS[name])
            )


def test_what_does_not_mix_is_allowed(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        used, free = add_vlan(session, "USED"), add_vlan(session, "FREE")
        other = add_vlan(session, "OTHER", network_class="internal")
        ssid = add_ssid(session, used)
        ssid.vlan_id = free.id
        used.name, free.name, other.network_class = "renamed", "in use now", "management"
        session.flush()
        session.delete(used)
        ssid.network_class, ssid.vlan_id = "management", other.id
        session.commit()


CLASSES = st.sampled_from([f"'{name}'" for name in NETWORK_CLASSES[:3]])
VLAN_IDS = st.integers(1, 4)
CODES = st.sampled_from(["A", "B", "C"])
COMMON = st.one_of(
    st.builds("UPDATE vlan SET network_class = {} WHERE id = {}".format, CLASSES, VLAN_IDS),
    st.builds("UPDATE vlan SET id = {} WHERE id = {}".format, VLAN_IDS, VLAN_IDS),
    st.builds(
        "UPDATE vlan SET id = {}, network_class = {} WHERE id = {}".format,
        VLAN_IDS,
        CLASSES,
        VLAN_IDS,
    ),
    st.builds("DELETE FROM vlan WHERE id = {}".format, VLAN_IDS),
    st.builds("UPDATE ssid SET vlan_id = {} WHERE id = {}".format, VLAN_IDS, VLAN_IDS),
    st.builds("UPDATE ssid SET network_class = {} WHERE id = {}".format, CLASSES, VLAN_IDS),
    st.builds(
        "UPDATE ssid SET network_class = {}, vlan_id = {} WHERE vlan_id = {}".format,
        CLASSES,
        VLAN_IDS,
        VLAN_IDS,
    ),
    st.builds("DELETE FROM ssid WHERE id = {}".format, VLAN_IDS),
    st.builds(insert_vlan, CODES, CLASSES, st.one_of(VLAN_IDS, st.just("NULL"))),
    st.builds(insert_ssid, CODES, CLASSES, VLAN_IDS, st.one_of(VLAN_IDS, st.just("NULL"))),
    st.builds(
        "{} ON CONFLICT (code) DO UPDATE SET network_class = {}, id = {}".format,
        st.builds(insert_vlan, CODES, CLASSES, VLAN_IDS),
        CLASSES,
        VLAN_IDS,
    ),
)
REPLACING = st.one_of(
    st.builds(
        insert_vlan, CODES, CLASSES, st.one_of(VLAN_IDS, st.just("NULL")), st.just("REPLACE")
    ),
    st.builds(
        insert_ssid,
        CODES,
        CLASSES,
        VLAN_IDS,
        st.one_of(VLAN_IDS, st.just("NULL")),
        st.just("REPLACE"),
    ),
    st.builds("UPDATE OR REPLACE vlan SET code = '{}' WHERE id = {}".format, CODES, VLAN_IDS),
    st.builds(
        "UPDATE OR REPLACE vlan SET id = {}, network_class = {} WHERE code = '{}'".format,
        VLAN_IDS,
        CLASSES,
        CODES,
    ),
    st.builds("UPDATE OR FAIL vlan SET network_class = {}".format, CLASSES),
)


@pytest.fixture(scope="module")
def sqlite_image(sqlite_source: SqliteSource) -> bytes:
    with open_sqlite(sqlite_source) as shell:
        shell.execute("PRAGMA journal_mode = DELETE")  # an image in memory has no log beside it
        return shell.serialize()


@settings(max_examples=300)
@given(
    mode=st.sampled_from(sorted(SQLITE_MODES)),
    statements=st.lists(st.one_of(COMMON, REPLACING), min_size=1, max_size=12),
)
def test_no_sequence_of_statements_mixes_classes_in_sqlite(
    sqlite_image: bytes, mode: str, statements: list[str]
) -> None:
    with closing(sqlite3.connect(":memory:")) as shell:
        shell.deserialize(sqlite_image)
        shell.isolation_level = None
        for statement in (*SQLITE_MODES[mode], *statements):
            try_out(shell, statement)
            assert list_mixed(shell) == []


@pytest.fixture(scope="module")
def postgres_shell(postgres_source: PostgresSource) -> Iterator[psycopg.Connection[Any]]:
    with open_postgres(postgres_source) as shell:
        yield shell


@pytest.mark.postgres
@settings(max_examples=100)
@given(
    role=st.sampled_from(["origin", "replica"]),
    statements=st.lists(COMMON, min_size=1, max_size=12),
)
def test_no_sequence_of_statements_mixes_classes_in_postgres(
    postgres_shell: psycopg.Connection[Any], role: str, statements: list[str]
) -> None:
    with postgres_shell.transaction(force_rollback=True):
        postgres_shell.execute(f"SET LOCAL session_replication_role = {role}".encode())
        for statement in statements:
            try_in_savepoint(postgres_shell, statement)
            assert list_mixed(postgres_shell) == []


def try_out(shell: sqlite3.Connection, statement: str) -> None:
    """Run a statement that may be refused."""
    try:
        shell.execute(statement)
    except sqlite3.DatabaseError:
        return


def try_in_savepoint(shell: psycopg.Connection[Any], statement: str) -> None:
    """Run a statement that may be refused, without losing the transaction around it."""
    try:
        with shell.transaction():
            shell.execute(statement.encode())
    except psycopg.DatabaseError:
        return


RACES = {
    "an SSID arrives while its VLAN is reclassified": (
        insert_ssid("x", "'visitor'", 3),
        "UPDATE vlan SET network_class = 'internal' WHERE id = 3",
    ),
    "an SSID arrives while its VLAN is deleted": (
        insert_ssid("x", "'visitor'", 3),
        "DELETE FROM vlan WHERE id = 3",
    ),
    "an SSID moves while its VLAN gets another id": (
        "UPDATE ssid SET vlan_id = 3 WHERE id = 1",
        "UPDATE vlan SET id = 9 WHERE id = 3",
    ),
}
ISOLATIONS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")


@pytest.mark.postgres
@pytest.mark.parametrize("isolation", ISOLATIONS)
@pytest.mark.parametrize("is_turned", [False, True], ids=["as named", "the other way round"])
@pytest.mark.parametrize("race", RACES)
def test_two_transactions_cannot_mix_what_neither_could_alone(
    postgres_source: PostgresSource, race: str, isolation: str, *, is_turned: bool
) -> None:
    first, second = reversed(RACES[race]) if is_turned else RACES[race]
    with postgres_source.fresh() as url, connect(url) as one, connect(url) as other:
        for statement in (*START, *AHEAD):
            run(one, statement)
        for shell in (one, other):
            run(shell, "SET session_replication_role = replica")
            run(shell, f"BEGIN ISOLATION LEVEL {isolation}")
            run(shell, "SELECT count(*) FROM ssid")  # takes the snapshot
        done = [try_all(one, first)]
        late = threading.Thread(target=lambda: done.append(try_all(other, second, "COMMIT")))
        late.start()
        late.join(0.2)  # by now it waits for the first one's lock
        done[0] = try_all(one, "COMMIT" if done[0] else "ROLLBACK") and done[0]
        late.join()
        run(other, "ROLLBACK")
        assert list_mixed(one) == []
        assert count_lost(one) == 0
        assert done in ([True, False], [False, True])


@pytest.mark.postgres
def test_a_transaction_with_an_old_snapshot_cannot_put_another_vlan_in_place(
    postgres_source: PostgresSource,
) -> None:
    with postgres_source.fresh() as url, connect(url) as old, connect(url) as new:
        for statement in (*START, *AHEAD):
            run(old, statement)
        run(old, "SET session_replication_role = replica")
        run(old, "BEGIN ISOLATION LEVEL REPEATABLE READ")
        run(old, "SELECT count(*) FROM ssid")
        run(new, insert_ssid("x", "'visitor'", 3))
        assert not try_all(
            old, "DELETE FROM vlan WHERE id = 3", insert_vlan("X", "'internal'", 3), "COMMIT"
        )
        run(old, "ROLLBACK")
        assert list_mixed(new) == []


def try_all(shell: psycopg.Connection[Any], *statements: str) -> bool:
    """Run statements until one is refused, and tell whether all were taken."""
    try:
        for statement in statements:
            run(shell, statement)
    except psycopg.DatabaseError:
        return False
    return True


def count_lost(shell: Shell) -> int:
    """Count the SSIDs whose VLAN is gone."""
    lost = "SELECT count(*) FROM ssid WHERE vlan_id NOT IN (SELECT id FROM vlan)"
    return int(shell.execute(lost).fetchone()[0])  # type: ignore[index]


def test_assigning_a_vlan_through_the_orm_raises(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        visitors = add_vlan(session)
        staff = add_vlan(session, "STAFF", network_class="internal")
        ssid = add_ssid(session, visitors)
        with pytest.raises(AttributeError, match="set vlan_id"):
            ssid.vlan = staff
        assert (ssid.network_class, ssid.vlan_id) == ("visitor", visitors.id)


@pytest.mark.parametrize("field", ["network_class", "vlan_id"])
def test_the_orm_cannot_flush_a_mixed_ssid(database: Database, field: str) -> None:
    with database.writing(SYSTEM.audit()) as session:
        visitors = add_vlan(session)
        staff = add_vlan(session, "STAFF", network_class="internal")
        ssid = add_ssid(session, visitors)
        setattr(ssid, field, staff.network_class if field == "network_class" else staff.id)
        with pytest.raises(Conflict, match="of one class"):
            session.flush()


def test_the_orm_cannot_reclassify_a_vlan_under_an_ssid(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        visitors = add_vlan(session)
        add_ssid(session, visitors)
        visitors.network_class = "internal"
        with pytest.raises(Conflict, match="of one class"):
            session.flush()
