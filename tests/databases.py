"""Databases for tests: migrated and filled once, then copied for every test.

Decides how a test gets a database of its own cheaply on SQLite and PostgreSQL; refuses to know
what tests store in it.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, LiteralString, Protocol

import psycopg
from psycopg import sql

from wlantrack.services import catalog
from wlantrack.services.actor import SYSTEM
from wlantrack.store import schema
from wlantrack.store.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Source(Protocol):
    """Where a kind of database comes from; each URL is gone after its block."""

    def fresh(self) -> contextlib.AbstractContextManager[str]:
        """Give a migrated database with the standard catalogue."""
        ...

    def empty(self) -> contextlib.AbstractContextManager[str]:
        """Give a database without a single table."""
        ...


def fill(url: str) -> None:
    """Migrate a database and install the standard catalogue."""
    database = Database(url)
    schema.upgrade(database.engine)
    with database.writing(SYSTEM.audit()) as session:
        catalog.install_standard(session, SYSTEM)
    database.dispose()


class SqliteSource:
    """SQLite files, copied from one template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.db"

    @contextlib.contextmanager
    def fresh(self) -> Iterator[str]:
        """Copy the template."""
        if not self.template.exists():
            fill(f"sqlite:///{self.template}")
        with self._file() as path:
            shutil.copyfile(self.template, path)
            yield f"sqlite:///{path}"

    @contextlib.contextmanager
    def empty(self) -> Iterator[str]:
        """Name a file that is not there yet."""
        with self._file() as path:
            yield f"sqlite:///{path}"

    @contextlib.contextmanager
    def _file(self) -> Iterator[Path]:
        path = self.folder / f"{uuid.uuid4().hex}.db"
        yield path
        for left in self.folder.glob(f"{path.name}*"):
            left.unlink()


class PostgresSource:
    """Databases of one PostgreSQL server, copied from one template.

    A copy takes a fifth of a second. So a database that a test has left with the template's schema
    is emptied in some milliseconds, gets the template's rows back, and serves the next test.

    Parameters
    ----------
    url
        With ``{name}`` for the database's name.
    """

    TEMPLATE = "template_of_tests"
    WORN_BYTES = 16 << 20
    """What a database may grow by before it is thrown away: rows that are gone take space, too."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: list[str] = []
        self._original: _Original | None = None

    @contextlib.contextmanager
    def fresh(self) -> Iterator[str]:
        """Give a copy of the template, or one that looks like it again."""
        if self._original is None:
            self._run(f"CREATE DATABASE {self.TEMPLATE}")
            fill(self.url.format(name=self.TEMPLATE))
            with self._connect(self.TEMPLATE) as connection:
                self._original = _Original.read(connection)
        name = self._idle.pop() if self._idle else self._copy(self.TEMPLATE)
        try:
            yield self.url.format(name=name)
        finally:
            if self._make_good(name, self._original):
                self._idle.append(name)
            else:
                self._drop(name)

    @contextlib.contextmanager
    def empty(self) -> Iterator[str]:
        """Create a database without tables."""
        name = self._copy("template0")
        try:
            yield self.url.format(name=name)
        finally:
            self._drop(name)

    def _make_good(self, name: str, original: _Original) -> bool:
        """Give a database the template's rows again, if it has its schema and is not worn."""
        with self._connect(name) as connection:
            connection.execute(_END_OTHERS)
            size_bytes = _first(connection, "SELECT pg_database_size(current_database())")
            is_worn = size_bytes > original.size_bytes + self.WORN_BYTES
            if is_worn or _first(connection, _SCHEMA) != original.schema:
                return False
            original.restore(connection)
        return True

    def _copy(self, template: str) -> str:
        name = f"test_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def _drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: LiteralString) -> None:
        with self._connect("postgres") as connection:
            connection.execute(statement)

    def _connect(self, name: str) -> psycopg.Connection:
        url = self.url.format(name=name).replace("postgresql+psycopg", "postgresql", 1)
        return psycopg.connect(url, autocommit=True)


_END_OTHERS: Final = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

_SCHEMA: Final = """
SELECT md5(string_agg(part, ';' ORDER BY part)) FROM (
  SELECT concat_ws(' ', relname, attname, atttypid, attnotnull, attisdropped)
  FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger
  WHERE NOT tgisinternal
  UNION ALL
  SELECT concat_ws(' ', conrelid::regclass, conname) FROM pg_constraint
  UNION ALL
  SELECT concat_ws(' ', proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL
  SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_(temp|toast_temp)_'
) AS parts (part)
"""
"""What a test may have done to tables, columns, constraints, triggers and functions."""

_USED: Final = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
ORDER BY relname
"""

_COUNTED: Final = """
SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


@dataclass(frozen=True)
class _Original:
    """A template's schema and rows, as COPY gives them."""

    schema: str
    size_bytes: int
    rows: dict[str, bytes]
    counted: dict[str, tuple[int, bool]]

    @classmethod
    def read(cls, connection: psycopg.Connection) -> _Original:
        """Read what a database holds."""
        rows = {}
        for (table,) in connection.execute(_USED).fetchall():
            with connection.cursor().copy(_say("COPY {} TO STDOUT", table)) as copy:
                rows[table] = b"".join(bytes(part) for part in copy)
        size_bytes = _first(connection, "SELECT pg_database_size(current_database())")
        counted = {
            sequence: (_first(connection, _say("SELECT last_value FROM {}", sequence)), True)
            for (sequence,) in connection.execute(_COUNTED).fetchall()
        }
        return cls(_first(connection, _SCHEMA), size_bytes, rows, counted)

    def restore(self, connection: psycopg.Connection) -> None:
        """Give a database these rows and no others, past its triggers and foreign keys."""
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            for (table,) in connection.execute(_USED).fetchall():
                connection.execute(_say("DELETE FROM {}", table))
            for table, rows in self.rows.items():
                with connection.cursor().copy(_say("COPY {} FROM STDIN", table)) as copy:
                    copy.write(rows)
            for (sequence,) in connection.execute(_COUNTED).fetchall():
                last, is_used = self.counted.get(sequence, (1, False))
                connection.execute("SELECT setval(%s, %s, %s)", (sequence, last, is_used))


def _say(statement: LiteralString, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))


def _first(connection: psycopg.Connection, statement: LiteralString | sql.Composed) -> Any:  # noqa: ANN401 - any column
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]
