"""The application as tests use it: built over a given database, and served on loopback."""

from __future__ import annotations

import contextlib
import re
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from tests.factories.people import PASSWORD
from wlantrack.app import create_app, equip
from wlantrack.settings import Settings
from wlantrack.web.context import EXTENSION
from wlantrack.web.session.routes import limiter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from wlantrack.store.session import Database


_IDLE: list[Flask] = []


@dataclass(frozen=True)
class LiveServer:
    """A served application."""

    app: Flask
    url: str

    @property
    def database(self) -> Database:
        """Give the application's database."""
        return database_of(self.app)


def database_of(app: Flask) -> Database:
    """Give an application's database."""
    database: Database = app.extensions[EXTENSION].database
    return database


@contextlib.contextmanager
def make_app(url: str, data_dir: Path) -> Iterator[Flask]:
    """Give the application over a database; many log-ins of one address are no attack here.

    Its routes and templates take a tenth of a second to put together, so that an application that
    is no longer in use is equipped anew.
    """
    settings = Settings(data_dir=data_dir, database_url=url, login_rate="1000 per minute")
    if _IDLE:
        app = _IDLE.pop()
        equip(app, settings)
        limiter.reset()
    else:
        app = create_app(settings)
        app.testing = True
    yield app
    database_of(app).dispose()
    _IDLE.append(app)


def _closing(app: Flask) -> WSGIApplication:
    """Close every body: the server forgets to where a browser goes away before it has read it."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        with contextlib.closing(app(environ, start_response)) as body:  # type: ignore[type-var] # Flask's bodies can be closed
            yield from body

    return answer


@contextlib.contextmanager
def serve(app: Flask) -> Iterator[LiveServer]:
    """Serve an application on a free port of the loopback address."""
    server = make_server("127.0.0.1", 0, _closing(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield LiveServer(app, f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def read_csrf_token(page: str) -> str:
    """Give the CSRF token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no form"
    return found[1]


def log_in(client: FlaskClient, name: str, password: str = PASSWORD) -> TestResponse:
    """Log in as people do: open the page, fill in the form, send it."""
    token = read_csrf_token(client.get("/login").text)
    return client.post("/login", data={"name": name, "password": password, "csrf_token": token})
