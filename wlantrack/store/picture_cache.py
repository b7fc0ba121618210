"""Keeps pictures that can be made again as files, found by the hash of all they depend on."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BLOCK_BYTES = 4096
"""What the smallest file takes on a disk."""

SHARE = 16
"""After new pictures of this part of the limit the folder is looked through."""


class PictureCache:
    """A folder of pictures; the oldest make room, so that it stays below a number of bytes."""

    def __init__(self, folder: Path, limit_bytes: int = 512 * 2**20) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._unseen_bytes = limit_bytes  # what earlier processes left is looked through first
        self._lock = threading.Lock()

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Give the picture of a key, made and kept if it is not there; never a torn one."""
        path = self.folder / key[:2] / key
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            data = make()
            self._keep(path, data)
        return data

    def _keep(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
        scratch.write_bytes(data)
        scratch.replace(path)
        with self._lock:
            self._unseen_bytes += max(len(data), BLOCK_BYTES)
            is_due = self._unseen_bytes * SHARE >= self.limit_bytes
            if is_due:
                self._unseen_bytes = 0
        if is_due:
            self._trim()

    def _trim(self) -> None:
        """Remove the oldest pictures, so that there is room until the next look."""
        files = []
        for path in self.folder.rglob("*"):
            with suppress(FileNotFoundError):  # another process trims as well
                if path.is_file():
                    stat = path.stat()
                    files.append((stat.st_mtime_ns, max(stat.st_size, BLOCK_BYTES), path))
        room = self.limit_bytes - self.limit_bytes // SHARE
        for _, size, path in sorted(files, reverse=True):
            room -= size
            if room < 0:
                path.unlink(missing_ok=True)
