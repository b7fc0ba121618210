"""Opens what an installation consists of, and brings its database to this version's schema.

Decides that the embedded database is created and migrated by whoever opens it, while another
database is migrated only by an administrator who says so. Refuses to know what is asked of it.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError, DataError, IntegrityError

from wlantrack.errors import InvalidInput, Problem, WlantrackError, msg
from wlantrack.services import catalog, reasons
from wlantrack.services.actor import SYSTEM
from wlantrack.store import schema
from wlantrack.store.bundle_folder import list_names
from wlantrack.store.picture_cache import PictureCache
from wlantrack.store.plan_files import PlanFiles
from wlantrack.store.queries import walls as wall_queries
from wlantrack.store.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from wlantrack.settings import Settings

DATABASE_FILE = "wlantrack.db"
_STORED_FILE = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Stores:
    """Where an installation keeps things: records, uploaded files, pictures made of them."""

    database: Database
    files: PlanFiles
    pictures: PictureCache


@dataclass(frozen=True)
class SchemaState:
    """Whether all migrations have run, and what differs from the models."""

    is_current: bool
    differences: tuple[str, ...]


@contextmanager
def open_stores(settings: Settings) -> Iterator[Stores]:
    """Give the stores of an installation, ready for use; closed at the end.

    Raises
    ------
    InvalidInput
        A database that is not the embedded one is behind this version.
    WlantrackError
        The database cannot be reached or written.
    """
    with _open_database(settings) as database:
        _make_ready(database)
        yield Stores(database, PlanFiles(settings.files_dir), PictureCache(settings.cache_dir))


def upgrade_database(settings: Settings) -> bool:
    """Run the missing migrations and add the standard catalogue; tells whether any ran."""
    with _open_database(settings) as database:
        is_behind = not schema.is_current(database.engine)
        if is_behind:
            schema.upgrade(database.engine)
        _install_catalogue(database)
    return is_behind


def check_database(settings: Settings) -> SchemaState:
    """Compare the database with the migrations and the models, changing nothing.

    Raises
    ------
    InvalidInput
        There is no database yet.
    """
    with opened_as_is(settings) as database:
        is_current = schema.is_current(database.engine)
        differences = schema.list_differences(database.engine) if is_current else []
    return SchemaState(is_current, tuple(differences))


@contextmanager
def opened_as_is(settings: Settings, *, is_new: bool = False) -> Iterator[Database]:
    """Give the database at whatever schema it has; nothing is migrated.

    Raises
    ------
    InvalidInput
        There is no database yet, and it was not said that a new one may be made.
    """
    if (
        not is_new
        and not settings.database_url
        and not (settings.data_dir / DATABASE_FILE).exists()
    ):
        raise InvalidInput(
            Problem(
                msg("There is no database in this folder yet."),
                msg("Run wlantrack db upgrade, or name another folder."),
                field="data-dir",
                value=str(settings.data_dir),
            )
        )
    with _open_database(settings) as database:
        yield database


@contextmanager
def _open_database(settings: Settings) -> Iterator[Database]:
    database = Database(settings.url)
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        yield database
    except DatabaseError as error:
        if isinstance(error, (IntegrityError, DataError)):
            raise  # a fault of ours, not of the database
        raise WlantrackError(
            msg(
                "The database %(database)s cannot be used: %(reason)s",
                database=database.url.render_as_string(hide_password=True),
                reason=str(error.orig).strip(),
            )
        ) from error
    finally:
        database.dispose()


def _make_ready(database: Database) -> None:
    is_behind = not schema.is_current(database.engine)
    if is_behind:
        if not database.is_embedded:
            raise InvalidInput(
                Problem(
                    msg("The database is not at the schema of this version."),
                    msg("Make a backup, then run wlantrack db upgrade."),
                    field="WLANTRACK_DATABASE_URL",
                    value=database.url.render_as_string(hide_password=True),
                )
            )
        schema.upgrade(database.engine)
    with database.reading() as session:
        is_empty = not wall_queries.get_materials_by_code(session)
    if is_empty or is_behind:
        _install_catalogue(database)


def _install_catalogue(database: Database) -> None:
    with database.writing(SYSTEM.audit(reasons.CATALOGUE)) as session:
        catalog.install_standard(session, SYSTEM)


def remove_data(settings: Settings) -> None:
    """Delete the embedded database, the stored files and the cache; nothing else in the folder.

    Raises
    ------
    InvalidInput
        The folder is no data folder of wlantrack, or the database is not the embedded one.
    """
    if settings.database_url:
        raise InvalidInput(
            Problem(
                msg("Only the embedded database can be deleted this way."),
                msg("Unset WLANTRACK_DATABASE_URL, or empty that database yourself."),
                field="reset",
            )
        )
    folder = settings.data_dir
    if not folder.exists() or not any(folder.iterdir()):
        return
    database = folder / DATABASE_FILE
    if not _is_own_database(database):
        raise InvalidInput(
            Problem(
                msg("This is no data folder of wlantrack; nothing was deleted."),
                msg("Name the right folder with --data-dir, or empty it yourself."),
                field="data-dir",
                value=str(folder),
            )
        )
    for path in _list_own_files(settings):
        path.unlink(missing_ok=True)


def _is_own_database(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        try:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        except sqlite3.DatabaseError:
            return False
    return {"alembic_version", "audit_event", "floor_plan"} <= tables


def _list_own_files(settings: Settings) -> list[Path]:
    """Give the database last: what is interrupted can be done again."""
    folder = settings.data_dir
    files = [folder / "secret_key"]
    for own in (settings.files_dir, settings.uploads_dir):
        if not own.is_symlink():
            files += (path for path in own.glob("*") if _STORED_FILE.fullmatch(path.name))
    if not settings.public_dir.is_symlink():
        files += (settings.public_dir / name for name in list_names(settings.public_dir))
    if not settings.cache_dir.is_symlink():
        files += (path for path in settings.cache_dir.glob("??/*") if not path.is_dir())
    return files + [folder / f"{DATABASE_FILE}{ending}" for ending in ("-wal", "-shm", "")]
