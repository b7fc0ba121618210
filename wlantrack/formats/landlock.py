"""Asks the Linux kernel to hold this process to a few folders, whatever code runs in it.

Decides how that is asked for (landlock(7), kernel 5.13 and later). Refuses to know which folders.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# include/uapi/linux/landlock.h; the numbers of the calls are the same on all architectures.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION: Final = 1
_BENEATH_PATH: Final = 1
_NO_NEW_PRIVILEGES: Final = 38

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REGULAR = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_TRUNCATE: Final = 1 << 14

_READ: Final = _READ_FILE | _READ_DIR
_WRITE: Final = (
    _READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REGULAR | _TRUNCATE
)
_ON_FILES: Final = _WRITE_FILE | _READ_FILE | _TRUNCATE

_RIGHTS_BITS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many rights about files each version of the interface knows; 16 from version 5 on."""
_TCP: Final = 0b11
"""Bind and connect, from version 4 on."""
_SCOPES: Final = 0b11
"""Abstract sockets and signals to processes outside, from version 6 on."""


def is_offered() -> bool:
    """Tell whether this kernel can hold a process to folders."""
    return sys.platform == "linux" and _find_version(ctypes.CDLL(None)) > 0


def _find_version(libc: ctypes.CDLL) -> int:
    return int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION))


def restrict_files(readable: Iterable[str], writable: Iterable[str]) -> bool:
    """Give up all files but these for good; False where the kernel cannot hold us to that.

    In writable folders plain files and folders can be made, but no links, pipes, sockets or
    devices. Running programs, TCP, and signals to others go as well where the kernel knows how.
    """
    if not is_offered():
        return False
    libc = ctypes.CDLL(None)
    version = _find_version(libc)
    handled = (1 << _RIGHTS_BITS.get(version, 16)) - 1
    attributes = struct.pack(
        "=QQQ", handled, _TCP if version >= 4 else 0, _SCOPES if version >= 6 else 0
    )[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return False
    try:
        for paths, rights in ((readable, _READ), (writable, _WRITE)):
            for path in paths:
                _allow(libc, ruleset, path, rights & handled)
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # what is not there needs no right
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 - a path of the system, kept as text
            rights &= _ON_FILES
        rule = struct.pack("=Qi", rights, descriptor)
        libc.syscall(_ADD_RULE, ruleset, _BENEATH_PATH, rule, 0)
    finally:
        os.close(descriptor)
