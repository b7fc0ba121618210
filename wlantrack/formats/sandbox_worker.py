"""The process in which one upload is read: ``python -m wlantrack.formats.sandbox_worker FOLDER``.

Decides what a reader may touch: limited memory, time and output; its folder to write to; programs,
fonts and time zones to read; no network and no other programs. Two guards see to that once the
reader is imported:

- Where the kernel offers Landlock (Linux 5.13 and later) it refuses everything else to the whole
  process, native code included: reading, making, changing and removing files, links and pipes.
- A hook refuses the same to Python code on every system, and removing and renaming anywhere. It
  cannot see what native code does: without Landlock a file that takes over the process by a fault
  in native code has the server's rights.

Neither hides names, sizes and dates of files. Imports nothing but the reader that is asked for.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import re
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput
from wlantrack.formats import wire
from wlantrack.formats.landlock import restrict_files
from wlantrack.formats.wire import Failure, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DETAIL_CHARACTERS: Final = 200
SPARE_BYTES: Final = 8 * 1024 * 1024
WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
FORBIDDEN: Final = re.compile(
    r"os\.(chflags|chmod|chown|exec|fork|forkpty|kill|killpg|link|lockf|mkdir|posix_spawn|putenv"
    r"|remove|removexattr|rename|rmdir|setxattr|spawn|startfile|symlink|system|truncate|unsetenv"
    r"|utime)|shutil\..*|socket\..*|subprocess\.Popen|pty\.spawn|signal\.pthread_kill|syslog\..*"
    r"|ctypes\..*|_posixsubprocess\..*|ftplib\..*|urllib\.Request"
)
UNSEEN: Final = ("chroot", "mkfifo", "mknod", "pidfd_open")
"""Functions of ``os`` that tell no hook what they do."""

LISTING: Final = frozenset({"os.listdir", "os.scandir"})
SYSTEM_FILES: Final = (
    "/dev/null", "/dev/urandom", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/lib", "/lib64",
    "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/usr/lib", "/usr/lib64",
    "/usr/local/lib", "/usr/local/share/fonts", "/usr/share/fontconfig", "/usr/share/fonts",
    "/usr/share/zoneinfo",
)  # fmt: skip
"""What libraries read while they work: shared objects, fonts, time zones, the machine's size."""


def main(folder: Path) -> None:
    """Carry out the request in `folder` and leave the answer beside it."""
    request = json.loads((folder / "request").read_text(encoding="utf-8"))
    _limit_resources(request)
    warnings.simplefilter("ignore")  # a reader decides itself which warnings count
    module, _, function = request["reader"].partition(":")
    reader = getattr(importlib.import_module(module), function)
    data = (folder / "upload").read_bytes()
    readable = _list_readable(module)
    restrict_files(readable, [str(folder), "/dev/null"])
    for name in UNSEEN:
        for place in (os, sys.modules.get("posix")):
            if hasattr(place, name):
                delattr(place, name)
    sys.addaudithook(_guard(str(folder), readable))
    with (folder / "answer").open("wb") as answer:
        spare = bytearray(SPARE_BYTES)  # freed for the answer when memory has run out
        result = _run(reader, data, request["options"])
        del spare
        if len(result) > request["output_bytes"]:
            result = wire.encode(Failure("output"))
        answer.write(result)


def _run(reader: Callable[..., object], data: bytes, options: dict[str, Any]) -> bytes:
    try:
        return wire.encode(reader(data, **options))
    except InvalidInput as refusal:
        return wire.encode(Refusal(refusal.problems))
    except MemoryError:
        return wire.encode(Failure("memory"))
    except Exception as error:  # noqa: BLE001 - parsers of hostile files raise anything
        detail = f"{type(error).__name__}: {error}"
        return wire.encode(Failure("error", detail[:DETAIL_CHARACTERS].strip().rstrip(".")))


def _limit_resources(request: dict[str, Any]) -> None:
    """Set the limits that hold even if the parent dies; the parent keeps the deadline."""
    seconds = math.ceil(request["seconds"]) + 1
    with suppress(AttributeError):  # no such signal on Windows
        signal.alarm(seconds)
    try:
        import resource  # noqa: PLC0415 - absent on Windows, where only the deadline holds
    except ImportError:
        return
    for name, limit in (
        (resource.RLIMIT_AS, request["memory_bytes"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, request["output_bytes"]),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a stricter limit is set already
            resource.setrlimit(name, (limit, limit))


def _list_readable(module: str) -> tuple[str, ...]:
    """Give what a reader may read beside its folder: Python with its packages, the system's files.

    A checkout may hold the installation's data: of it only the program's own packages are given.
    """
    installed = {os.path.realpath(prefix) for prefix in (sys.prefix, sys.base_prefix)}
    packages = {"wlantrack", module.partition(".")[0]}
    checkouts = {
        os.path.realpath(Path(entry, package))
        for entry in sys.path
        if entry
        for package in packages
    }
    archives = {os.path.realpath(entry) for entry in sys.path if entry.endswith(".zip")}
    return (*installed, *checkouts, *archives, *map(os.path.realpath, SYSTEM_FILES))


def _guard(folder: str, readable: Iterable[str]) -> Callable[[str, tuple[Any, ...]], None]:
    """Build the audit hook that stops Python code reaching outside `folder` and `readable`."""
    known = {folder, *readable}

    def is_in(path: str, places: Iterable[str]) -> bool:
        return any(path == place or path.startswith(place + os.sep) for place in places)

    def check(event: str, arguments: tuple[Any, ...]) -> None:
        if FORBIDDEN.fullmatch(event):
            raise PermissionError(f"{event} is not allowed while an upload is read")
        if event == "open":
            path, mode, flags = arguments
        elif event in LISTING:
            path, mode, flags = arguments[0], "", 0
        elif event == "sqlite3.connect" and arguments[0] != ":memory:":
            path, mode, flags = arguments[0], "", os.O_RDWR
        else:
            return
        is_writing = isinstance(flags, int) and bool(flags & WRITING)
        if isinstance(path, int):  # a descriptor that is open already
            return
        name = os.fsdecode(path or ".")
        # Of os.open only: a folder that the path is relative to would not be told.
        is_told = (mode is not None or os.path.isabs(name)) and not name.startswith("file:")  # noqa: PTH117 - no Path per event
        real = os.path.realpath(name)
        if is_told and (real == os.devnull or is_in(real, {folder} if is_writing else known)):
            return
        act = "writing" if is_writing else "reading"
        raise PermissionError(f"{act} is not allowed there while an upload is read")

    return check


if __name__ == "__main__":
    main(Path(sys.argv[1]))
