"""Readers that behave as badly as a parser taken over by its file; run in the sandbox only."""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import zoneinfo
from pathlib import Path

from wlantrack.errors import InvalidInput, Problem, msg


def echo(data: bytes, **options: object) -> str:
    return f"{data.decode()} {options}"


def sleep(_data: bytes) -> None:
    time.sleep(60)


def spin(_data: bytes) -> None:
    while True:
        pass


def allocate(_data: bytes) -> int:
    return len(b"x" * (2 * 1024**3))


def allocate_slowly(_data: bytes) -> int:
    kept = []
    while True:
        kept.append(bytearray(10 * 1024**2))


def crash(_data: bytes) -> None:
    os.abort()


def leave(_data: bytes) -> None:
    os._exit(0)


def recurse(data: bytes) -> int:
    return recurse(data) + 1


def refuse(_data: bytes) -> None:
    raise InvalidInput(Problem(msg("Wall %(n)s is upside down.", n=7), msg("Turn it."), row=7))


def raise_attribute_error(_data: bytes) -> None:
    raise AttributeError("NoneType has no attribute 'trailer'")


def write_file(data: bytes) -> None:
    Path(data.decode()).write_text("was here", encoding="utf-8")


def delete_file(data: bytes) -> None:
    Path(data.decode()).unlink()


def write_beside_folder(data: bytes) -> None:
    target = Path(data.decode())
    folder = os.open(target.parent, os.O_RDONLY)
    descriptor = os.open(target.name, os.O_WRONLY | os.O_TRUNC, dir_fd=folder)
    os.write(descriptor, b"was here")


def write_relatively(data: bytes) -> None:
    os.open(Path(data.decode()).name, os.O_WRONLY | os.O_CREAT, dir_fd=3)


def rename_file(data: bytes) -> None:
    Path(data.decode()).rename("mine")


def take_file(data: bytes) -> None:
    os.link(data.decode(), "mine")


def link_file(data: bytes) -> None:
    Path("mine").symlink_to(data.decode())


def make_pipe(data: bytes) -> None:
    os.mkfifo(data.decode() + ".pipe")


def make_device(data: bytes) -> None:
    os.mknod(data.decode() + ".node")


def open_database(data: bytes) -> None:
    sqlite3.connect(data.decode())


def open_database_by_address(data: bytes) -> None:
    sqlite3.connect(f"file:{data.decode()}", uri=True)


def read_file(data: bytes) -> str:
    return Path(data.decode()).read_text(encoding="utf-8")


def list_folder(data: bytes) -> tuple[str, ...]:
    return tuple(path.name for path in Path(data.decode()).parent.iterdir())


def call_library(data: bytes) -> None:
    ctypes.CDLL(None).unlink(data)


def use_system_files(_data: bytes) -> tuple[str, ...]:
    zone = zoneinfo.ZoneInfo("Europe/Berlin").key
    module = importlib.import_module("xml.dom.minidom").__name__
    with sqlite3.connect("mine.db") as database:
        database.execute("CREATE TABLE a (b)")
    return zone, module, *sorted(path.name for path in Path().iterdir())


def open_socket(_data: bytes) -> None:
    socket.socket()


def start_program(_data: bytes) -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=False)


def environment(_data: bytes) -> tuple[str, ...]:
    return tuple(sorted(os.environ))  # noqa: TID251 - what leaks is the question


def work_in_folder(_data: bytes) -> str:
    Path("note").write_text("inside", encoding="utf-8")
    return Path("note").read_text(encoding="utf-8")


def answer_too_much(_data: bytes) -> str:
    return "x" * 3_000_000


def answer_wrongly(_data: bytes) -> int:
    return 3


def answer_by_signal(_data: bytes) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)
