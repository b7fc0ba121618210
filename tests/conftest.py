"""Fixtures for all tests: databases, the application, a served one, and a watched browser page.

What is heavy is imported where it is used, so that a test of arithmetic does not pay for Flask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import playwright.sync_api
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.databases import PostgresSource, Source, SqliteSource
    from tests.live_server import LiveServer
    from wlantrack.store.session import Database

settings.register_profile(
    # How fast a machine is at the moment decides nothing.
    "tests",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")

DATABASES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(scope="session")
def sqlite_source(tmp_path_factory: pytest.TempPathFactory) -> SqliteSource:
    from tests.databases import SqliteSource  # noqa: PLC0415 - see above

    return SqliteSource(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_source() -> Iterator[PostgresSource]:
    from tests.databases import PostgresSource  # noqa: PLC0415 - see above
    from tests.postgres_server import ServerMissingError, run_server  # noqa: PLC0415 - see above
    from tests.requirements import lack  # noqa: PLC0415 - see above

    try:
        with run_server() as url:
            yield PostgresSource(url)
    except ServerMissingError as error:
        lack("postgres", str(error))


@pytest.fixture(params=DATABASES)
def database_source(request: pytest.FixtureRequest) -> Source:
    source: Source = request.getfixturevalue(f"{request.param}_source")
    return source


@pytest.fixture
def database_url(database_source: Source) -> Iterator[str]:
    """Give a migrated database with the standard catalogue, on each kind of server in turn."""
    with database_source.fresh() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Give a migrated database with the standard catalogue, on each kind of server in turn."""
    from wlantrack.store.session import Database  # noqa: PLC0415 - see above

    opened = Database(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def empty_database(database_source: Source) -> Iterator[Database]:
    """Give a database without tables, on each kind of server in turn."""
    from wlantrack.store.session import Database  # noqa: PLC0415 - see above

    with database_source.empty() as url:
        opened = Database(url)
        yield opened
        opened.dispose()


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """Give the application over a fresh database, on each kind of server in turn."""
    from tests.live_server import make_app  # noqa: PLC0415 - see above

    with make_app(database_url, tmp_path / "data") as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give a client that nobody has logged in with."""
    return app.test_client()


@pytest.fixture
def live_server(sqlite_source: SqliteSource, tmp_path: Path) -> Iterator[LiveServer]:
    """Serve the application on loopback over a fresh SQLite database."""
    from tests.live_server import make_app, serve  # noqa: PLC0415 - see above

    with (
        sqlite_source.fresh() as url,
        make_app(url, tmp_path / "data") as made,
        serve(made) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[playwright.sync_api.Browser]:
    """Give the system's Chromium."""
    from tests.browsers import BrowserMissingError, run_browser  # noqa: PLC0415 - see above
    from tests.requirements import lack  # noqa: PLC0415 - see above

    try:
        with run_browser() as opened:
            yield opened
    except BrowserMissingError as error:
        lack("browser", str(error))


@pytest.fixture
def faults() -> list[str]:
    """Collect what the page complains of; a test may take out what it has provoked itself."""
    return []


@pytest.fixture
def page(
    browser: playwright.sync_api.Browser, live_server: LiveServer, faults: list[str]
) -> Iterator[playwright.sync_api.Page]:
    """Give a German page; a console error, a CSP report or a request to outside fails the test."""
    from tests.browsers import watch  # noqa: PLC0415 - see above

    with browser.new_context(
        base_url=live_server.url, locale="de-DE", viewport={"width": 1280, "height": 900}
    ) as context:
        opened = context.new_page()
        watch(opened, live_server.url, faults)
        yield opened
    assert faults == []
