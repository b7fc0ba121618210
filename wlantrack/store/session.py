"""Opens databases and sessions.

Decides how SQLite and PostgreSQL are spoken to: WAL, full synchronisation and BEGIN IMMEDIATE for
writers on SQLite (a deferred BEGIN loses concurrent updates), one setting for PostgreSQL. Refuses
to know records.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, RootTransaction, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from wlantrack.errors import Conflict, msg
from wlantrack.store import audit
from wlantrack.store.column_checks import refuse_impossible_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wlantrack.store.audit import AuditContext

_BUSY_TIMEOUT_MS = 30_000
_CONNECTIONS = 40
"""Most that are open at once: a request may hold two (an entry that conflicts), and all threads of the
documented servers together (16) must get theirs, or they wait for one another."""
_KEPT_OPEN = 16
"""Connections kept for the next requests."""
_TURN_S = 0.002
"""How often a writer asks whether it is its turn; see :func:`_begin_writing`."""
_RACES = frozenset(
    {
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
        "23503",  # PostgreSQL: foreign_key_violation
        "23505",  # PostgreSQL: unique_violation
    }
)
"""What the database says when two writers passed the same check of a service at the same time."""
_MIXED_CLASSES = "must have one class"
"""What the triggers on VLANs and SSIDs say, on both databases."""


class ReadingSession(Session):
    """A session that only reads; a flush that would write is a programming error."""


class WritingSession(Session):
    """A session that writes, with an audit event for every change."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        """Send the changes to the database.

        Raises
        ------
        Conflict
            Somebody else has changed, added or deleted in between what these changes rely on, or
            an SSID and its VLAN would be of two classes.
        InvalidInput
            A value does not fit into its column.
        """
        try:
            with audit.in_unit_of_work():
                super().flush(objects)
        except StaleDataError as error:
            raise _lost_race() from error
        except IntegrityError as error:
            if _MIXED_CLASSES in str(error.orig):
                raise _mixed_classes() from error
            if _violation_of(error) in _RACES:
                raise _lost_race() from error
            raise


def _lost_race() -> Conflict:
    return Conflict(
        msg(
            "Somebody else has changed something here at the same moment."
            " Look at what is there now, then save again."
        )
    )


def _mixed_classes() -> Conflict:
    return Conflict(
        msg(
            "A network name and its VLAN must be of one class. Look at both as they are now, then"
            " choose a VLAN of the network's class."
        )
    )


def _violation_of(error: IntegrityError) -> str:
    cause = error.orig
    return str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", ""))


event.listen(WritingSession, "before_flush", refuse_impossible_values)
audit.watch(WritingSession)


@event.listens_for(ReadingSession, "before_flush")
def _refuse_writing(session: Session, *_args: object) -> None:
    if session.new or session.deleted or any(map(session.is_modified, session.dirty)):
        message = "this session only reads: open Database.writing()"
        raise RuntimeError(message)


class Database:
    """One database and the two ways to use it.

    Parameters
    ----------
    url
        SQLAlchemy URL; ``sqlite:///...`` or ``postgresql+psycopg://...``.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(_with_driver(url))
        self.engine = _create_engine(str(self.url.render_as_string(hide_password=False)))
        audit.guard(self.engine)
        self._writer = self.engine.execution_options(**{"writes": True, audit.GUARDED: True})
        # SQLite reads one state of the database anyhow; PostgreSQL has to be told.
        self._reader = (
            self.engine
            if self.is_embedded
            else self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        )

    @property
    def is_embedded(self) -> bool:
        """Tell whether this is the SQLite file in the data folder."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        with ReadingSession(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, context: AuditContext, within: Connection | None = None) -> Iterator[Session]:
        """Give a session that writes on behalf of somebody; what is not committed is undone.

        Inside a transaction of :meth:`transaction` its commit is a part of that one.
        """
        with WritingSession(
            within if within is not None else self._writer,
            expire_on_commit=False,
            join_transaction_mode="rollback_only",
        ) as session:
            audit.set_context(session, context)
            yield session

    @contextmanager
    def transaction(self) -> Iterator[RootTransaction]:
        """Give a transaction around sessions that write; it is undone unless somebody commits it."""
        with self._writer.connect() as connection, connection.begin() as transaction:
            try:
                yield transaction
            finally:
                if transaction.is_active:
                    transaction.rollback()

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _with_driver(url: str) -> str:
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _create_engine(url: str) -> Engine:
    most = _CONNECTIONS - _KEPT_OPEN
    if not url.startswith("sqlite"):
        return create_engine(url, pool_size=_KEPT_OPEN, max_overflow=most, pool_pre_ping=True)
    engine = create_engine(
        url,
        pool_size=_KEPT_OPEN,
        max_overflow=most,
        connect_args={"check_same_thread": False, "timeout": _BUSY_TIMEOUT_MS / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - sqlite3.Connection behind the pool
    # The driver's own BEGIN comes too late and is deferred: we emit it ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite's own knows the case of plain letters only: "übung" would not find "Übung".
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("writes"):
        _begin_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Wait for the one turn there is to write, with as good a chance as everybody else.

    SQLite's own waiting gets longer each time, so that those who have come last go first, and some
    never among many.
    """
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment] # its dialect is SQLite's
    deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while not _has_begun(driver):
            if time.monotonic() > deadline:
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # gives up in SQLAlchemy's words
                break
            time.sleep(_TURN_S)
    finally:
        driver.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")


def _has_begun(driver: sqlite3.Connection) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
