"""The system's Chromium, and a watch over what its pages do."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same engine without a window's frame, for a fifth less work."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000
"""How long a page may take to show what is expected: how fast a machine is decides nothing."""
_OWN_SCHEMES = ("data:", "blob:", "about:")


class BrowserMissingError(Exception):
    """The machine has no Chromium."""


@contextlib.contextmanager
def run_browser() -> Iterator[Browser]:
    """Run the system's Chromium with a fresh profile."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        message = f"none of {', '.join(NAMES)} is installed"
        raise BrowserMissingError(message)
    expect.set_options(timeout=PATIENCE_MS)
    with (
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=program, args=list(FLAGS)) as browser,
    ):
        yield browser


def watch(page: Page, url: str, faults: list[str]) -> None:
    """Note console errors and warnings (CSP reports among them), crashes, and outside requests."""

    def note_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            faults.append(f"console: {message.text}")

    def note_request(request: Request) -> None:
        if not request.url.startswith((url, *_OWN_SCHEMES)):
            faults.append(f"request to outside: {request.url}")

    page.on("console", note_console)
    page.on("pageerror", lambda error: faults.append(f"page: {error}"))
    page.on("request", note_request)
