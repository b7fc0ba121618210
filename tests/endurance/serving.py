"""The program served by a process of its own, and people who talk to it over HTTP.

Decides how a server is started as the documentation says, measured from outside, and ended.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import requests

from tests.databases import PostgresSource
from tests.live_server import read_csrf_token
from tests.postgres_server import run_server
from wlantrack.services.demo import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVERS = ("serve", "gunicorn")
DATABASES = ("sqlite", "postgresql")
PROGRAM = (sys.executable, "-c", "from wlantrack.app import main; main()")
MIB = 2**20
_START_S = 60
_TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')
_ERRORS = re.compile(r'class="error-summary".*?<ul>(.*?)</ul>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def read_errors(page: str) -> str:
    """Give what a form says is wrong with it, or how a page without that begins."""
    found = _ERRORS.search(page)
    return " ".join(_TAG.sub("", found[1] if found else page).split())[:300]


def environment(data_dir: Path, url: str = "", **settings: str) -> dict[str, str]:
    """Give the environment of a process that works on this installation."""
    inherited = {
        name: value
        for name, value in os.environ.items()  # noqa: TID251 - handed on to a process
        if not name.startswith("WLANTRACK_")
    }
    return inherited | {
        "WLANTRACK_DATA_DIR": str(data_dir),
        "WLANTRACK_DATABASE_URL": url,
        "WLANTRACK_LOGIN_RATE": "1000 per minute",
        **settings,
    }


def run(env: dict[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run one command of the program to its end."""
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@contextlib.contextmanager
def installation(database: str) -> Iterator[dict[str, str]]:
    """Give the environment of a demo in a folder of its own, on either kind of database."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = ""
        if database == "postgresql":
            source = PostgresSource(stack.enter_context(run_server(is_durable=True)))
            url = stack.enter_context(source.empty())
        env = environment(folder / "data", url)
        for command in (("db", "upgrade"), ("demo", "--no-serve")):
            done = run(env, *command)
            assert done.returncode == 0, done.stderr
        yield env


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    url: str

    def kill(self) -> None:
        """End it at once and without a chance to clean up, as ``kill -9`` does."""
        self.process.kill()
        self.process.wait()

    def rss_mib(self) -> float:
        """Give the resident memory of the process, or of all of a server with workers."""
        return sum(map(_rss_mib, [self.process.pid, *children_of(self.process.pid)]))


def children_of(pid: int) -> list[int]:
    """Give the processes that a process has started and that still run."""
    with contextlib.suppress(OSError):
        texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
        return [int(child) for text in texts for child in text.split()]
    return []


def _rss_mib(pid: int) -> float:
    with contextlib.suppress(OSError):
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0
    return 0.0


def start_server(env: dict[str, str], kind: str = "serve") -> Server:
    """Start a server on a free port of the loopback address and wait until it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command: tuple[str, ...] = (*PROGRAM, "serve", "--port", str(port))
    if kind == "gunicorn":
        options = (
            *("--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "16"),
            *("--keep-alive", "75"),  # as docs/operations.md says
        )
        # Not the production form: it insists on https, and refuses the demo's known passwords.
        command = (sys.executable, "-m", "gunicorn", *options, "wlantrack.app:create_app()")
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = Server(process, f"http://127.0.0.1:{port}")
    deadline = time.monotonic() + _START_S
    while True:
        with contextlib.suppress(requests.ConnectionError):
            requests.get(f"{server.url}/healthz", timeout=10).raise_for_status()
            return server
        assert process.poll() is None, "the server has ended at once"
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.1)


@contextlib.contextmanager
def serving(env: dict[str, str], kind: str = "serve") -> Iterator[Server]:
    """Serve for the length of a block."""
    server = start_server(env, kind)
    try:
        yield server
    finally:
        server.process.terminate()
        try:
            server.process.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


class Person:
    """Somebody logged in over HTTP."""

    def __init__(self, url: str, name: str, password: str = PASSWORD) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.headers["Accept-Language"] = "en"
        form = read_csrf_token(self.get("/login").text)
        values = {"name": name, "password": password, "csrf_token": form}
        answer = self.http.post(f"{url}/login", data=values, timeout=60)
        assert "/login" not in answer.url, f"{name} cannot log in"
        found = _TOKEN.search(answer.text)
        assert found, "the page has no token"
        self.token = found[1]

    def get(self, address: str) -> requests.Response:
        """Open a page."""
        return self.http.get(self.url + address, timeout=60)

    def post(
        self,
        address: str,
        values: dict[str, str],
        files: Any = None,  # noqa: ANN401 - as requests has it
    ) -> requests.Response:
        """Send a form, and do not follow where the answer leads."""
        return self.http.post(
            self.url + address,
            data={**values, "csrf_token": self.token},
            files=files,
            timeout=60,
            allow_redirects=False,
        )

    def send(self, method: str, address: str, body: object, key: str = "") -> requests.Response:
        """Send JSON as the editor does, each request under a key of its own unless told."""
        headers = {"X-CSRFToken": self.token, "Idempotency-Key": key or str(uuid4())}
        return self.http.request(method, self.url + address, json=body, headers=headers, timeout=60)
