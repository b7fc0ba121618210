"""A private PostgreSQL server for the tests of one process, from the installed binaries.

It listens on a socket in a folder of its own, never on the network, and runs as an unprivileged
user, as PostgreSQL refuses to run as root.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

START_TIMEOUT_S = 60
_CLUSTER = ("-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")


class ServerMissingError(Exception):
    """The machine has no PostgreSQL binaries."""


def find_binary(name: str) -> str:
    """Give the newest installed binary of a name."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: float(path.parts[4]),
        reverse=True,
    )
    found = str(installed[0]) if installed else shutil.which(name)
    if found is None:
        message = f"{name} of PostgreSQL is not installed"
        raise ServerMissingError(message)
    return found


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    message = "there is no user to run PostgreSQL as"
    raise ServerMissingError(message)


@contextlib.contextmanager
def run_server(*, is_durable: bool = False) -> Iterator[str]:
    """Run a server and give the URL of its databases, with ``{name}`` for the database's name.

    Only a durable one waits for the disk; measurements need that, tests do not.
    """
    initdb, postgres = find_binary("initdb"), find_binary("postgres")
    owner = _unprivileged()
    with tempfile.TemporaryDirectory(prefix="wt-pg-", ignore_cleanup_errors=True) as folder:
        if owner:
            os.chown(folder, owner["user"], owner["group"])
        data = f"{folder}/data"
        subprocess.run(
            [initdb, "-D", data, "-U", "tester", "-A", "trust", *_CLUSTER],
            check=True,
            cwd=folder,
            capture_output=True,
            **owner,
        )
        settings = [part for setting in (() if is_durable else _FAST) for part in ("-c", setting)]
        with subprocess.Popen(
            [postgres, "-D", data, "-k", folder, "-c", "listen_addresses=", *settings],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **owner,
        ) as server:
            try:
                _wait(server, Path(folder))
                yield f"postgresql+psycopg://tester@/{{name}}?host={folder}"
            finally:
                server.send_signal(signal.SIGINT)  # at once; SIGTERM waits for clients


def _wait(server: subprocess.Popen[bytes], folder: Path) -> None:
    ready = [find_binary("pg_isready"), "-q", "-h", str(folder), "-U", "tester"]
    deadline = time.monotonic() + START_TIMEOUT_S
    while subprocess.run(ready, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > deadline:
            message = "the private PostgreSQL server did not start"
            raise RuntimeError(message)
        time.sleep(0.05)
