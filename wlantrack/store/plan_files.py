"""Keeps uploaded plans and their pictures as files with random names.

Decides where bytes lie; refuses to know what is in them. A file is written before its record is
committed, and removed again when that fails.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class StoredFile:
    """A stored file: its random name and the SHA-256 of its bytes."""

    name: str
    sha256: str


class PlanFiles:
    """The files of one installation."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, data: bytes) -> StoredFile:
        """Store bytes under a new random name; the file is on disk when this returns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        with self.path(name).open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return StoredFile(name, hashlib.sha256(data).hexdigest())

    def read(self, name: str) -> bytes:
        """Give the bytes of a stored file."""
        return self.path(name).read_bytes()

    def remove(self, name: str) -> None:
        """Remove a file whose record was not committed."""
        self.path(name).unlink(missing_ok=True)

    def remove_older_than(self, hours: float, now_s: float) -> int:
        """Remove files last written more than so many hours ago and tell how many went."""
        removed = 0
        for path in self.folder.glob("*") if self.folder.is_dir() else ():
            if now_s - path.stat().st_mtime > hours * 3600:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def path(self, name: str) -> Path:
        """Give the path of a stored file; only names of our own making are followed."""
        if not _NAME.fullmatch(name):
            message = f"{name!r} is no name of a stored file"
            raise ValueError(message)
        return self.folder / name
