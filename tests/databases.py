"""Databases for tests: migrated and filled once, then copied for every test.

Decides how a test gets a database of its own cheaply on SQLite and PostgreSQL; refuses to know
what tests store in it.
"""

from __future__ import annotations

import contextlib
import shutil
import uuid
from typing import TYPE_CHECKING, Protocol

import sqlalchemy

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

    Parameters
    ----------
    url
        With ``{name}`` for the database's name.
    """

    TEMPLATE = "template_of_tests"

    def __init__(self, url: str) -> None:
        self.url = url
        self._has_template = False

    @contextlib.contextmanager
    def fresh(self) -> Iterator[str]:
        """Copy the template."""
        if not self._has_template:
            self._run(f"CREATE DATABASE {self.TEMPLATE}")
            fill(self.url.format(name=self.TEMPLATE))
            self._has_template = True
        with self._copy_of(self.TEMPLATE) as url:
            yield url

    @contextlib.contextmanager
    def empty(self) -> Iterator[str]:
        """Create a database without tables."""
        with self._copy_of("template0") as url:
            yield url

    @contextlib.contextmanager
    def _copy_of(self, template: str) -> Iterator[str]:
        name = f"test_{uuid.uuid4().hex}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        try:
            yield self.url.format(name=name)
        finally:
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        engine = sqlalchemy.create_engine(
            self.url.format(name="postgres"), poolclass=sqlalchemy.NullPool
        )
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()
