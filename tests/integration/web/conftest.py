"""What tests of pages begin with: a filled application, and a planner logged in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.web.site import Site, build_site
from tests.integration.web.visitor import Visitor, enter, open_client

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


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
