"""Runs the OpenID provider of the tests, and goes through its pages as a person would."""

from __future__ import annotations

import contextlib
import html
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import requests

from wlantrack.settings import resource_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

PROVIDER = Path(__file__).with_name("provider.mjs")
CLIENT_ID = "wlantrack"
CLIENT_SECRET = "a secret of the tests only, long enough"
RETURN_URL = "http://localhost/login/service/back"


class ServiceMissingError(Exception):
    """The machine has no Node, or the provider is not installed."""


@dataclass(frozen=True)
class LoginService:
    """A running provider."""

    url: str

    @property
    def discovery_url(self) -> str:
        """Give the address of its configuration."""
        return f"{self.url}/.well-known/openid-configuration"

    def tell(self, subject: str, **claims: Any) -> None:  # noqa: ANN401 - claims are JSON
        """Set what the provider says of somebody."""
        requests.post(f"{self.url}/people/{subject}", json=claims, timeout=10).raise_for_status()

    def log_in(self, address: str, subject: str) -> str:
        """Follow the way to the provider, log in there, consent; give the way back."""
        with requests.Session() as browser:
            answer = browser.get(address, allow_redirects=False, timeout=10)
            for _ in range(12):
                if "location" in answer.headers:
                    address = urljoin(answer.url, answer.headers["location"])
                    if address.startswith(RETURN_URL):
                        return address
                    answer = browser.get(address, allow_redirects=False, timeout=10)
                    continue
                action, fields = _read_form(answer.text)
                values = fields | ({"login": subject, "password": "any"} if _asks(answer) else {})
                answer = browser.post(
                    urljoin(answer.url, action), data=values, allow_redirects=False, timeout=10
                )
        message = f"the provider led nowhere: {answer.status_code} {answer.text[:500]}"
        raise AssertionError(message)


def _asks(answer: requests.Response) -> bool:
    return 'name="login"' in answer.text


def _read_form(page: str) -> tuple[str, dict[str, str]]:
    action = re.search(r'<form[^>]*action="([^"]+)"', page)
    assert action, page[:500]
    hidden = re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    return html.unescape(action[1]), dict(hidden)


@contextlib.contextmanager
def run_login_service() -> Iterator[LoginService]:
    """Run the provider on a free port of the loopback address."""
    node = shutil.which("node") or shutil.which("node", path=Path(sys.executable).parent)
    static = resource_dir() / "static"
    if node is None:
        message = "no Node.js on the path"
        raise ServiceMissingError(message)
    if not (static / "node_modules" / "oidc-provider").is_dir():
        message = "oidc-provider is not installed: make setup"
        raise ServiceMissingError(message)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [node, str(PROVIDER), str(static), str(port), RETURN_URL],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert any(line == "ready\n" for line in process.stdout), "the provider did not start"
        yield LoginService(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)
        if process.stdout is not None:
            process.stdout.close()
