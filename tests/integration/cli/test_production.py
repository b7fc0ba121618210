"""The production server: refuses to start unsafe, and runs under gunicorn."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import requests

if TYPE_CHECKING:
    from tests.integration.cli.conftest import CommandLine

ANY = "0.0.0.0"  # noqa: S104 - what must be refused
PATIENCE_S = 60


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WLANTRACK_SECRET_KEY", "weak"),
        ("WLANTRACK_TRUSTED_PROXIES", "1"),
        ("WLANTRACK_HSTS_DAYS", "30"),
    ],
)
def test_serve_refuses_what_is_unsafe_and_names_it(
    variable: str, value: str, wt: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)

    done = wt("serve", "--port", free_port(), "--json")

    assert done.status == 1
    named = [problem["field"] for problem in done.json["error"]["problems"]]
    expected = {"WLANTRACK_TRUSTED_PROXIES": "WLANTRACK_SECURE_COOKIES"}.get(variable, variable)
    assert named == [expected]


def test_serve_refuses_debug_mode(wt: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")

    done = wt("serve", "--port", free_port(), "--json")

    assert done.status == 1
    assert done.json["error"]["problems"][0]["field"] == "FLASK_DEBUG"


def test_serve_for_others_needs_https_cookies(wt: CommandLine) -> None:
    done = wt("serve", "--host", ANY, "--port", free_port(), "--json")

    assert done.status == 1
    assert done.json["error"]["problems"][0]["field"] == "WLANTRACK_SECURE_COOKIES"


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_in_use_is_an_error_and_nothing_says_that_it_serves(
    command: str, demo: CommandLine
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = demo.run_program(command, "--port", port, "--json")

    assert done.status == 1
    (problem,) = done.json["error"]["problems"]
    assert (problem["field"], problem["value"]) == ("port", f"127.0.0.1:{port}")
    assert "choose another with --port" in done.err
    assert "Serving" not in done.err
    assert "Stop with" not in done.out


def test_gunicorn_serves_the_application_and_logs_in_json(wt: CommandLine) -> None:
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--threads", "4"),
        "wlantrack.app:create_production_app()",
    ]
    settings = {"WLANTRACK_SECURE_COOKIES": "true", "WLANTRACK_LOG_FORMAT": "json"}
    server = subprocess.Popen(
        command, env=wt.environment() | settings, stderr=subprocess.PIPE, text=True
    )
    try:
        answer = ask(f"http://127.0.0.1:{port}/readyz", server)
        hidden = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=30)

    assert answer.json()["status"] == "ready"
    assert hidden.status_code == 404
    lines = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    assert ("GET /readyz 200", answer.headers["X-Request-Id"]) in {
        (line["message"], line.get("request_id")) for line in lines
    }


def test_gunicorn_does_not_start_without_https_cookies(wt: CommandLine) -> None:
    command = [
        *(sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{free_port()}"),
        "wlantrack.app:create_production_app()",
    ]

    done = subprocess.run(
        command, env=wt.environment(), capture_output=True, text=True, check=False, timeout=60
    )

    assert done.returncode != 0
    assert "WLANTRACK_SECURE_COOKIES" in done.stderr


def ask(url: str, server: subprocess.Popen[str]) -> requests.Response:
    """Ask until the server answers."""
    until = time.monotonic() + PATIENCE_S
    while True:
        try:
            return requests.get(url, timeout=PATIENCE_S)
        except requests.ConnectionError:
            assert server.poll() is None, "the server has ended"
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.1)
