"""Takes one state of a running database out as files, and puts it back whole.

Decides how: SQLite through its backup API, PostgreSQL by COPY in one REPEATABLE READ transaction
(no pg_dump is needed, so no version of it can be the wrong one). Refuses to know archives.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.store import schema
from wlantrack.store.audit_chain import ChainState, follow_chain
from wlantrack.store.models.base import Base
from wlantrack.store.queries import history, snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from wlantrack.store.session import Database

SQLITE_MEMBER: Final = "database.sqlite"
TABLE_FOLDER: Final = "tables/"
PASSING_TABLES: Final = ("login_session", "one_time_link")
"""Left out: whoever had logged out, or used a link, must not be let in by a restored backup."""
_NULL: Final = r"\N"
_CHUNK: Final = 2**16
_BUSY_S: Final = 60.0


@dataclass(frozen=True)
class Contents:
    """What a database holds: its schema, rows by table, files by name, and its audit trail."""

    kind: str
    revision: str
    rows: Mapping[str, int]
    chain: ChainState
    stored_files: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """One state of a database: what it holds, and its files by their name in an archive."""

    contents: Contents
    members: Mapping[str, Path]


def take(database: Database, folder: Path) -> Snapshot:
    """Write one state of a database into a folder, while others go on writing."""
    if database.is_embedded:
        return _take_sqlite(database, folder)
    return _take_postgresql(database, folder)


def describe_file(path: Path) -> Contents:
    """Tell what the database file of an archive holds.

    Raises
    ------
    InvalidInput
        It is damaged, or its triggers are not those of its schema.
    """
    try:
        with closing(sqlite3.connect(path)) as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
            strays = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise _refuse(str(error)) from error
    if faults != ["ok"] or strays:
        raise _refuse(faults[0] if faults != ["ok"] else "rows refer to rows that are missing")
    with _opened_file(path) as session:
        return _describe(session, "sqlite")


def describe_tables(folder: Path, revision: str) -> Contents:
    """Tell what the dumped tables of an archive hold."""
    csv.field_size_limit(sys.maxsize)
    rows = {path.stem: sum(1 for _ in _read_rows(path)) for path in folder.glob("*.csv")}
    chain = follow_chain(_read_events(folder / "audit_event.csv"))
    return Contents("postgresql", revision, rows, chain)


def _refuse(reason: str) -> InvalidInput:
    return InvalidInput(
        Problem(
            msg("The database in the backup is damaged: %(reason)s.", reason=reason),
            msg("Use another backup."),
        )
    )


def _describe(session: Session, kind: str) -> Contents:
    return Contents(
        kind,
        revision_of(session.connection()),
        snapshots.count_rows(session),
        follow_chain(history.walk_chain(session)),
        snapshots.list_stored_files(session),
    )


def revision_of(connection: Connection) -> str:
    """Give the migration a database stands at; empty when it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


@contextmanager
def _opened_file(path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    with Session(engine) as session:
        yield session
    engine.dispose()


def _path_of(database: Database) -> str:
    return str(database.url.database)


def _take_sqlite(database: Database, folder: Path) -> Snapshot:
    path = folder / SQLITE_MEMBER
    with (
        closing(sqlite3.connect(_path_of(database), timeout=_BUSY_S)) as live,
        closing(sqlite3.connect(path)) as copy,
    ):
        # All pages in one step: one reading transaction, which no writer can disturb.
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("PRAGMA secure_delete = ON")
        for name in PASSING_TABLES:
            copy.execute(f"DELETE FROM {name}")  # noqa: S608 - names of our own
        copy.commit()
    with _opened_file(path) as session:
        contents = _describe(session, "sqlite")
    return Snapshot(contents, {SQLITE_MEMBER: path})


def migrate_file(path: Path) -> None:
    """Bring the database file of an archive to this version's schema, and check its triggers.

    Raises
    ------
    InvalidInput
        Its tables or triggers are not those that the migrations make.
    """
    found = create_engine(f"sqlite:///{path}", poolclass=NullPool)
    model = create_engine(f"sqlite:///{path}.model", poolclass=NullPool)
    try:
        schema.upgrade(found)
        schema.upgrade(model)
        odd = _list_objects(found) ^ _list_objects(model)
    finally:
        found.dispose()
        model.dispose()
        path.with_name(f"{path.name}.model").unlink(missing_ok=True)
    if odd:
        names = ", ".join(sorted({name for _, name, _ in odd})[:5])
        raise _refuse(f"its schema is not wlantrack's ({names})")


def _list_objects(engine: Engine) -> set[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master")
        return {(kind, name, sql if kind == "trigger" else "") for kind, name, sql in rows}


def put_file(path: Path, database: Database) -> None:
    """Replace the embedded database by a file's contents, in one transaction."""
    database.dispose()
    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(_path_of(database), timeout=_BUSY_S)) as live,
    ):
        live.execute("PRAGMA journal_mode = WAL")
        live.execute("PRAGMA synchronous = FULL")
        source.backup(live)


def _take_postgresql(database: Database, folder: Path) -> Snapshot:
    (folder / TABLE_FOLDER).mkdir()
    members = {}
    with database.reading() as session:
        contents = _describe(session, "postgresql")
        for name in contents.rows:
            members[f"{TABLE_FOLDER}{name}.csv"] = folder / TABLE_FOLDER / f"{name}.csv"
            _copy_out(session.connection(), name, members[f"{TABLE_FOLDER}{name}.csv"])
    kept = {name: 0 if name in PASSING_TABLES else n for name, n in contents.rows.items()}
    return Snapshot(
        Contents("postgresql", contents.revision, kept, contents.chain, contents.stored_files),
        members,
    )


def _copy_out(connection: Connection, name: str, path: Path) -> None:
    columns = ", ".join(f'"{item["name"]}"' for item in inspect(connection).get_columns(name))
    source = f"SELECT {columns} FROM {name}"  # noqa: S608 - names from the catalogue
    source += " WHERE false" if name in PASSING_TABLES else ""
    source += " ORDER BY id" if name == "audit_event" else ""
    connection.execute(text("SET LOCAL TimeZone = 'UTC'"))
    cursor = connection.connection.cursor()
    with path.open("wb") as file, cursor.copy(f"COPY ({source}) TO STDOUT {_options()}") as copy:
        for data in copy:
            file.write(data)


def _options() -> str:
    return f"WITH (FORMAT csv, HEADER, NULL '{_NULL}', ENCODING 'UTF8')"


def _read_rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _read_events(path: Path) -> Iterator[dict[str, Any]]:
    for row in _read_rows(path):
        yield {
            **row,
            "at": datetime.fromisoformat(row["at"]),
            "before": json.loads(row["before"]),
            "after": json.loads(row["after"]),
        }


def put_tables(folder: Path, revision: str, database: Database) -> ChainState:
    """Replace everything in a PostgreSQL database by dumped tables, in one transaction.

    Raises
    ------
    InvalidInput
        The audit trail does not hold together; the database is as it was before.
    """
    with database.engine.begin() as connection:
        if revision_of(connection):
            schema.downgrade_on(connection, "base")
        schema.upgrade_on(connection, revision)
        for name in _in_order(connection):
            if (folder / f"{name}.csv").is_file():
                _copy_in(connection, name, folder / f"{name}.csv")
        schema.upgrade_on(connection, "head")
        with Session(connection) as session:
            chain = follow_chain(history.walk_chain(session))
        if not chain.is_whole:
            raise _refuse(f"its audit trail breaks at event {chain.broken_at}")
    return chain


def _in_order(connection: Connection) -> list[str]:
    """Give the tables so that what others refer to comes first; the migration's own is filled."""
    there = set(inspect(connection).get_table_names())
    return [table.name for table in Base.metadata.sorted_tables if table.name in there]


def _copy_in(connection: Connection, name: str, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    known = {item["name"] for item in inspect(connection).get_columns(name)}
    if not set(header) <= known:
        raise _refuse(f"table {name} has columns of another schema")
    columns = ", ".join(f'"{column}"' for column in header)
    cursor = connection.connection.cursor()
    order = f"COPY {name} ({columns}) FROM STDIN {_options()}"
    with path.open("rb") as data, cursor.copy(order) as copy:
        while chunk := data.read(_CHUNK):
            copy.write(chunk)
    if "id" in header:
        _continue_numbers(connection, name)


def continue_numbers(session: Session) -> None:
    """Let PostgreSQL count on after an event that was given its number."""
    if session.connection().dialect.name == "postgresql":
        _continue_numbers(session.connection(), "audit_event")


def _continue_numbers(connection: Connection, name: str) -> None:
    connection.execute(
        text(
            "SELECT setval(pg_get_serial_sequence(:name, 'id'),"  # noqa: S608 - names of our own
            f" (SELECT coalesce(max(id), 0) + 1 FROM {name}), false)"
        ),
        {"name": name},
    )
