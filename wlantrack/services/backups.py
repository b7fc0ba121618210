"""Backup, restore and verification of an installation: its database and its uploaded files.

Decides what belongs to a backup and that a restore happens as a whole: files first, under their
random names, then the database in one transaction, and only then are files removed that nobody
names any more. Session keys, caches and pending uploads are left out.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import secrets
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.backup_archive import Archive, opened_archive, write_archive
from wlantrack.services import installation, reasons
from wlantrack.services.actor import SYSTEM
from wlantrack.store import audit, schema, snapshots
from wlantrack.store.audit_chain import ChainState, follow_chain
from wlantrack.store.plan_files import PlanFiles
from wlantrack.store.queries import history
from wlantrack.store.queries import snapshots as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from wlantrack.settings import Settings
    from wlantrack.store.session import Database
    from wlantrack.store.snapshots import Contents

_TRIES = 3
_FILES = "files/"


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds: rows by table, files, events of the audit trail, files it lacks."""

    kind: str
    revision: str
    created_at: str
    rows: Mapping[str, int]
    files: int
    events: int
    missing_files: tuple[str, ...] = ()

    def counts(self) -> dict[str, Any]:
        """Give the numbers as JSON's own types."""
        return {
            "database": self.kind,
            "schema": self.revision,
            "created_at": self.created_at,
            "tables": len(self.rows),
            "rows": sum(self.rows.values()),
            "files": self.files,
            "audit_events": self.events,
            "missing_files": list(self.missing_files),
        }


def back_up(
    settings: Settings, write: Callable[[Callable[[BinaryIO], object]], None], now: datetime
) -> BackupReport:
    """Write a backup of an installation that may be in use.

    Parameters
    ----------
    write
        Writes a file whole, by the function it is given.

    Raises
    ------
    InvalidInput
        There is no database, or its audit trail is broken.
    """
    with installation.opened_as_is(settings) as database:
        for attempt in range(_TRIES):
            with tempfile.TemporaryDirectory(prefix="wlantrack-backup-") as folder:
                snapshot = snapshots.take(database, Path(folder))
                _require_whole(snapshot.contents.chain)
                files, missing = _find_files(settings, snapshot.contents.stored_files)
                if missing and attempt < _TRIES - 1:
                    continue  # a record may have gone with its file: look again
                report = _report(snapshot.contents, now.isoformat(), len(files), missing)
                values = _manifest(report, snapshot.contents)
                members = {**snapshot.members, **files}
                try:
                    write(lambda out: write_archive(out, values, members))  # noqa: B023 - called at once
                except FileNotFoundError:
                    if attempt == _TRIES - 1:
                        raise
                    continue
                return report
    raise AssertionError


def _find_files(
    settings: Settings, stored: Mapping[str, str]
) -> tuple[dict[str, Path], tuple[str, ...]]:
    store = PlanFiles(settings.files_dir)
    found, missing = {}, []
    for name, sha256 in stored.items():
        path = store.path(name)
        if path.is_file() and _hash_of(path) == sha256:
            found[f"{_FILES}{name}"] = path
        else:
            missing.append(name)
    return found, tuple(sorted(missing))


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _report(
    contents: Contents, created_at: str, files: int, missing: tuple[str, ...] = ()
) -> BackupReport:
    return BackupReport(
        contents.kind,
        contents.revision,
        created_at,
        contents.rows,
        files,
        contents.chain.events,
        missing,
    )


def _manifest(report: BackupReport, contents: Contents) -> dict[str, Any]:
    return {
        "created_at": report.created_at,
        "wlantrack": importlib.metadata.version("wlantrack"),
        "database": report.kind,
        "schema": report.revision,
        "rows": dict(report.rows),
        "audit": {"events": report.events, "last_hash": contents.chain.last_hash},
        "missing_files": list(report.missing_files),
    }


def _require_whole(chain: ChainState) -> None:
    if not chain.is_whole:
        raise _refuse(
            msg("The audit trail breaks at event %(number)s.", number=chain.broken_at),
            msg("Somebody has changed the database by other means. Compare it with older backups."),
        )


def _refuse(message: Message, remedy: Message, field: str | None = None) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field))


def verify(path: Path) -> BackupReport:
    """Read a backup whole and tell what it holds.

    Raises
    ------
    InvalidInput
        It is no backup, or anything in it is not as it was written.
    """
    with opened_archive(path) as archive, _unpacked(archive) as (report, _folder):
        for member in archive.members:
            if member.path.startswith(_FILES):
                archive.check(member)
    return report


@contextmanager
def _unpacked(archive: Archive) -> Iterator[tuple[BackupReport, Path]]:
    """Lay the database of an archive into a folder, and compare it with the manifest."""
    manifest = archive.manifest
    with tempfile.TemporaryDirectory(prefix="wlantrack-restore-") as name:
        folder = Path(name)
        (folder / snapshots.TABLE_FOLDER).mkdir()
        for member in archive.members:
            if not member.path.startswith(_FILES):
                archive.extract(member, folder / member.path)
        contents = _describe(folder, str(manifest.get("schema", "")))
        _require_whole(contents.chain)
        chain = {"events": contents.chain.events, "last_hash": contents.chain.last_hash}
        files = {
            member.path.removeprefix(_FILES): member.sha256
            for member in archive.members
            if member.path.startswith(_FILES)
        }
        missing = tuple(manifest.get("missing_files", ()))
        _require_files(contents, files, missing)
        if (contents.kind, dict(contents.rows), chain) != (
            manifest.get("database"),
            manifest.get("rows"),
            manifest.get("audit"),
        ):
            raise _refuse(
                msg("The database in the backup is not the one its manifest describes."),
                msg("Use another backup."),
            )
        yield _report(contents, str(manifest.get("created_at")), len(files), missing), folder


def _describe(folder: Path, revision: str) -> Contents:
    if (folder / snapshots.SQLITE_MEMBER).is_file():
        return snapshots.describe_file(folder / snapshots.SQLITE_MEMBER)
    if not (folder / snapshots.TABLE_FOLDER / "audit_event.csv").is_file():
        raise _refuse(msg("The backup holds no database."), msg("Use another backup."))
    return snapshots.describe_tables(folder / snapshots.TABLE_FOLDER, revision)


def _require_files(contents: Contents, files: Mapping[str, str], missing: tuple[str, ...]) -> None:
    for name, sha256 in contents.stored_files.items():
        if name not in missing and files.get(name) != sha256:
            raise _refuse(
                msg("The backup lacks the file %(name)s that its records name.", name=name),
                msg("Use another backup."),
            )


def restore(settings: Settings, path: Path, *, is_replacing: bool = False) -> BackupReport:
    """Put a backup in place of what an installation holds: all of it, or nothing.

    Raises
    ------
    InvalidInput
        The backup is damaged or of another kind of database, or the installation is not empty and
        ``is_replacing`` was not said.
    """
    with opened_archive(path) as archive, _unpacked(archive) as (report, folder):
        _require_usable(settings, report)
        with installation.opened_as_is(settings, is_new=True) as database:
            if not is_replacing:
                _require_empty(settings, database)
            database_file = folder / snapshots.SQLITE_MEMBER
            if database.is_embedded:
                snapshots.migrate_file(database_file)
            last_event_id = _last_event_id(database)
            _put_files(settings, archive)
            if database.is_embedded:
                snapshots.put_file(database_file, database)
            else:
                snapshots.put_tables(folder / snapshots.TABLE_FOLDER, report.revision, database)
            _finish(settings, database, path.name, last_event_id)
    return report


def _require_usable(settings: Settings, report: BackupReport) -> None:
    if not schema.knows(report.revision):
        raise _refuse(
            msg("The backup was written by a newer version of wlantrack."),
            msg("Install that version, then restore."),
        )
    wanted = "sqlite" if settings.url.startswith("sqlite") else "postgresql"
    if report.kind != wanted:
        raise _refuse(
            msg(
                "The backup is of a %(found)s database, this installation uses %(wanted)s.",
                found=report.kind,
                wanted=wanted,
            ),
            msg("Set or unset WLANTRACK_DATABASE_URL accordingly."),
        )


def _require_empty(settings: Settings, database: Database) -> None:
    with database.reading() as session:
        is_empty = not queries.has_content(session)
    if not is_empty or any(settings.files_dir.glob("*")):
        raise _refuse(
            msg("This installation is not empty: a restore would replace what is in it."),
            msg("Make a backup of it, then restore with --replace; or name another folder."),
            "data-dir",
        )


def _put_files(settings: Settings, archive: Archive) -> None:
    """Write the files that are not there yet; nobody refers to them before the database does."""
    store = PlanFiles(settings.files_dir)
    store.folder.mkdir(parents=True, exist_ok=True)
    for member in archive.members:
        if not member.path.startswith(_FILES):
            continue
        target = store.path(member.path.removeprefix(_FILES))
        if target.is_file() and _hash_of(target) == member.sha256:
            continue
        scratch = store.folder / f".{target.name}.{secrets.token_hex(4)}"
        try:
            archive.extract(member, scratch)
            scratch.replace(target)
        finally:
            scratch.unlink(missing_ok=True)


def _last_event_id(database: Database) -> int:
    with database.reading() as session:
        if not snapshots.revision_of(session.connection()):
            return 0
        return history.latest_event_id(session)


def _finish(settings: Settings, database: Database, name: str, last_event_id: int) -> None:
    with database.writing(SYSTEM.audit(reasons.restore_of(name))) as session:
        # Caches of running servers are keyed by the latest event: no number may come again.
        number = 1 + max(last_event_id, history.latest_event_id(session))
        audit.write_event(
            session,
            {
                "id": number,
                "act": "restore",
                "entity": history.RESTORED,
                "public_id": "",
                "label": name[:120],
                "before": {},
                "after": {},
            },
        )
        snapshots.continue_numbers(session)
        session.commit()
    with database.reading() as session:
        _require_whole(follow_chain(history.walk_chain(session)))
        named = queries.list_stored_files(session)
    store = PlanFiles(settings.files_dir)
    for path in store.folder.glob("*"):
        if path.is_file() and path.name not in named:
            path.unlink(missing_ok=True)
    shutil.rmtree(settings.cache_dir, ignore_errors=True)


def verify_audit(settings: Settings) -> ChainState:
    """Follow the audit trail of an installation from its first event to its last."""
    with installation.opened_as_is(settings) as database, database.reading() as session:
        return follow_chain(history.walk_chain(session))
