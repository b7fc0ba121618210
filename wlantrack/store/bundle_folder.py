"""The public bundle as a folder: written file by file, each whole, and read back by its manifest.

Decides that a folder which somebody uses for something else is not touched. Refuses to know what
is in the files.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from contextlib import contextmanager
from pathlib import PurePosixPath
from threading import Lock
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MANIFEST: Final = "manifest.json"
_THREADS: Final = Lock()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one writer at a time decide what the bundle holds, in this process and in others.

    Whoever looks at the records only once the folder is theirs never writes an older state over a
    newer one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _THREADS:
        if sys.platform == "win32":  # there one process serves
            yield
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files in place, the manifest last, and remove those that the manifest before it named.

    Raises
    ------
    InvalidInput
        The folder holds something that is no bundle; nothing was written.
    """
    before = list_names(folder)
    if not before and any(path.is_file() for path in folder.rglob("*")):
        raise InvalidInput(
            Problem(
                msg("This folder holds something else than a public bundle; nothing was written."),
                msg("Name an empty folder, or one that wlantrack publish has written."),
                field="out",
                value=str(folder),
            )
        )
    for name in sorted(files, key=lambda name: (name == MANIFEST, name)):
        _write(folder / name, files[name])
    for name in before - set(files):
        (folder / name).unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with scratch.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        scratch.chmod(0o644)  # a web server of another user serves it
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def read_manifest(folder: Path) -> dict[str, str]:
    """Give the hash of every file that the manifest names; nothing where there is no bundle."""
    try:
        listed = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {str(item["path"]): str(item["sha256"]) for item in listed}
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, TypeError, KeyError):
        return {}  # a stranger's manifest.json names no files of ours


def list_names(folder: Path) -> frozenset[str]:
    """Give the names of a bundle's files, the manifest among them; none where there is no bundle."""
    names = {name for name in read_manifest(folder) if _is_inside(name)}
    return frozenset(names | {MANIFEST}) if names else frozenset()


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def read_file(folder: Path, name: str) -> bytes | None:
    """Give a file that the manifest names; None for anything else."""
    if name not in list_names(folder):
        return None
    try:
        return (folder / name).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def list_strays(folder: Path) -> list[str]:
    """Give the files in the folder that the manifest does not name."""
    known = list_names(folder)
    found = (path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(folder).as_posix() for path in found)
    return sorted(name for name in names if name not in known)
