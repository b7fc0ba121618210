"""Keeps pictures that can be made again as files, found by the hash of all they depend on."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class PictureCache:
    """A folder of pictures; the oldest make room when there are too many bytes."""

    def __init__(self, folder: Path, limit_bytes: int = 512 * 2**20) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes

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

    def trim(self) -> int:
        """Remove the oldest pictures beyond the limit and tell how many went."""
        files = sorted(
            ((path.stat().st_mtime, path) for path in self.folder.rglob("*") if path.is_file()),
            reverse=True,
        )
        total, removed = 0, 0
        for _, path in files:
            total += path.stat().st_size
            if total > self.limit_bytes:
                path.unlink(missing_ok=True)
                removed += 1
        return removed
