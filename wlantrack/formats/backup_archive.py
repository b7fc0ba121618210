"""A backup as one ZIP file: members, a manifest with the hash of each, and a seal over all bytes.

Decides what an archive looks like and when it is whole. The seal is the archive's comment: the
SHA-256 of every byte before it, so that no flipped bit goes unseen, not even in a ZIP header.
Refuses to know databases.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.limits import require_at_most

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT: Final = "wlantrack backup"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
MANIFEST_BYTES: Final = 256 * 2**20
MEMBERS: Final = 2_000_000
_SEAL: Final = b"wlantrack sha256 "
_SEAL_BYTES: Final = len(_SEAL) + 64
_MEMBER: Final = re.compile(r"database\.sqlite|tables/[a-z][a-z0-9_]{0,62}\.csv|files/[0-9a-f]{32}")
_SQLITE: Final = b"SQLite format 3\0"
_CHUNK: Final = 2**20
_ANOTHER: Final = msg("Use another backup.")


@dataclass(frozen=True)
class Member:
    """One file in an archive, as its manifest names it."""

    path: str
    sha256: str
    size_bytes: int


class Archive:
    """An archive whose seal, manifest and members agree."""

    def __init__(self, file: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
        self._file = file
        self.manifest = manifest
        self.members = tuple(Member(**member) for member in manifest["members"])

    def extract(self, member: Member, target: Path) -> None:
        """Write one member to a path of the caller's, checked on the way.

        Raises
        ------
        InvalidInput
            Its bytes are not those that the manifest names.
        """
        with target.open("xb") as out:
            self._copy(member, out)

    def check(self, member: Member) -> None:
        """Read one member and compare it with the manifest."""
        self._copy(member, None)

    def _copy(self, member: Member, out: BinaryIO | None) -> None:
        digest, size = hashlib.sha256(), 0
        try:
            with self._file.open(member.path) as source:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    if size > member.size_bytes:
                        break
                    if out is not None:
                        out.write(chunk)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _damaged(member.path) from error
        if (size, digest.hexdigest()) != (member.size_bytes, member.sha256):
            raise _damaged(member.path)


def write_archive(
    out: BinaryIO, values: Mapping[str, Any], members: Mapping[str, Path]
) -> tuple[Member, ...]:
    """Write an archive of files; ``values`` enter its manifest.

    Raises
    ------
    FileNotFoundError
        One of the files is gone.
    """
    sealed, written = _Sealed(out), []
    with zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, path in sorted(members.items()):
            written.append(_write_member(archive, name, path))
        manifest = {
            "format": FORMAT,
            "format_version": VERSION,
            **values,
            "members": [vars(member) for member in written],
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        archive.comment = _SEAL + b"0" * 64
    sealed.close()
    return tuple(written)


class _Sealed:
    """A stream whose last 64 bytes become the SHA-256 of all before them."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self._tail = b""

    def write(self, data: bytes) -> int:
        held = self._tail + bytes(data)
        done, self._tail = held[:-64], held[-64:]
        self._digest.update(done)
        self._out.write(done)
        return len(data)

    def flush(self) -> None:
        self._out.flush()

    def close(self) -> None:
        self._out.write(self._digest.hexdigest().encode())


def _write_member(archive: zipfile.ZipFile, name: str, path: Path) -> Member:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(name)
    # Uploaded plans and photos are compressed already.
    info.compress_type = zipfile.ZIP_STORED if name.startswith("files/") else zipfile.ZIP_DEFLATED
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Member(name, digest.hexdigest(), size)


def _size_of(file: IO[bytes]) -> int:
    file.seek(0, 2)
    size = file.tell()
    file.seek(0)
    return size


def _digest_but_seal(file: IO[bytes], size: int) -> str:
    digest, left = hashlib.sha256(), size - 64
    while left > 0 and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Give an archive whose every byte is as it was written.

    Raises
    ------
    InvalidInput
        It is no backup, or not whole; the message says what it is instead.
    """
    with path.open("rb") as file:
        _check_seal(file)
        file.seek(0)
        try:
            with zipfile.ZipFile(file) as archive:
                yield Archive(archive, _read_manifest(archive))
        except zipfile.BadZipFile as error:
            raise _damaged(MANIFEST) from error


def _check_seal(file: IO[bytes]) -> None:
    head = file.read(len(_SQLITE) + 4)
    if head.startswith(_SQLITE):
        raise _explain_database(is_in_wal_mode=head[18:20] == b"\2\2")
    size = _size_of(file)
    if not head.startswith(b"PK") or size < _SEAL_BYTES + 22:
        raise _refuse(
            msg("This is no backup of wlantrack."),
            msg("Choose a file that wlantrack backup has written."),
        )
    digest = _digest_but_seal(file, size)
    file.seek(size - _SEAL_BYTES)
    seal = file.read(_SEAL_BYTES)
    if not seal.startswith(_SEAL):
        raise _refuse(
            msg("This archive has no seal of wlantrack: it is cut off, or no backup."),
            msg("Choose a file that wlantrack backup has written, copied in full."),
        )
    if seal.removeprefix(_SEAL) != digest.encode():
        raise _refuse(
            msg("The backup is damaged: its bytes do not match its SHA-256 seal."), _ANOTHER
        )


def _explain_database(*, is_in_wal_mode: bool) -> InvalidInput:
    if is_in_wal_mode:
        message = msg(
            "This is a copied database file, not a backup: what was written last lies in a file"
            " beside the original (-wal) and is missing here, possibly everything."
        )
    else:
        message = msg("This is a database file, not a backup: it has no manifest and no files.")
    return _refuse(message, msg("Make a backup with wlantrack backup, also while others work."))


def _read_manifest(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    names = archive.namelist()
    require_at_most(len(names), MEMBERS, msg("files"))
    try:
        with archive.open(MANIFEST) as file:
            manifest = json.loads(file.read(MANIFEST_BYTES))
        members = [Member(**member) for member in manifest["members"]]
        names_of_members = [str(member.path) for member in members]
        version = manifest["format_version"] if manifest["format"] == FORMAT else None
    except (KeyError, TypeError, ValueError, zlib.error, EOFError) as error:
        raise _damaged(MANIFEST) from error
    if version != VERSION:
        raise _refuse(
            msg("The backup was written by another version of wlantrack."),
            msg("Restore it with that version, or a newer one."),
        )
    if sorted(names) != sorted([MANIFEST, *names_of_members]):
        raise _refuse(msg("The archive does not hold what its manifest names."), _ANOTHER)
    for name in names_of_members:
        if not _MEMBER.fullmatch(name):
            raise _refuse(
                msg("A backup holds no file of the name %(name)s.", name=repr(name)[:80]), _ANOTHER
            )
    return dict(manifest)


def _damaged(name: str) -> InvalidInput:
    return _refuse(msg("The backup is damaged: %(name)s cannot be read.", name=name), _ANOTHER)


def _refuse(message: Message, remedy: Message) -> InvalidInput:
    return InvalidInput(Problem(message, remedy))
