"""What stories in the browser begin with: one filled and served application for each file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.people import let_in
from tests.integration.web.site import Site, build_site
from tests.live_server import make_app, serve
from tests.requirements import lack
from wlantrack.settings import resource_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from tests.databases import SqliteSource
    from tests.live_server import LiveServer


@pytest.fixture(scope="module")
def live_server(
    sqlite_source: SqliteSource, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """Serve one application for all stories of a file."""
    if not (resource_dir() / "static" / "vendor" / "leaflet").is_dir():
        lack("browser", "static/vendor is not filled: make setup")
    with (
        sqlite_source.fresh() as url,
        make_app(url, tmp_path_factory.mktemp("data")) as made,
        serve(made) as server,
    ):
        yield server


@pytest.fixture(scope="module")
def site(live_server: LiveServer) -> Site:
    """Give two buildings with everything a page can show, and accounts."""
    return build_site(live_server.app)


@pytest.fixture
def planner_page(page: Page, live_server: LiveServer, site: Site) -> Page:  # noqa: ARG001 - the site has the account
    """Give a German page on which the planner is logged in."""
    let_in(page.context, live_server, "planner")
    return page
