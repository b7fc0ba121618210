"""What tests of pages begin with: a filled application, and a planner logged in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.both_databases import choose_for_postgres
from tests.integration.web.site import Site, build_site
from tests.integration.web.visitor import Visitor, enter, open_client

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run tests of pages on SQLite; those marked ``on_both`` on PostgreSQL, too.

    What SQL is sent to each kind of database the tests of services and queries show. Pages add
    nothing to that but the walk of all of them, which is marked.
    """
    choose_for_postgres(__file__, config, items, first_cases=False)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give an English client that nobody has logged in with."""
    return open_client(app)


@pytest.fixture
def site(app: Flask) -> Site:
    """Give two buildings with everything a page can show, and accounts."""
    return build_site(app)


@pytest.fixture
def planner(app: Flask, site: Site) -> Visitor:  # noqa: ARG001 - the site has the account
    """Give the planner, logged in."""
    return enter(app, "planner")
