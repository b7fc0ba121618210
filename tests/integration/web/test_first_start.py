"""A new installation, in which nothing stands yet: its pages say how to begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.factories.people import add_user
from tests.integration.web.visitor import enter, read_text
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.people import Grant

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


def test_an_installation_without_buildings_leads_to_the_first(app: Flask) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        add_user(session, "planner", Grant(role="planner"))
        add_user(session, "viewer", Grant(role="viewer"))
        session.commit()
    planner = enter(app, "planner")
    assert 'href="/buildings/new"' in planner.get("/").text
    empty = planner.get("/buildings").text
    assert 'href="/buildings/new"' in empty
    assert "<th" not in empty
    assert 'role="search" aria-label="Filter' not in empty  # there is nothing to filter
    looked = enter(app, "viewer").get("/buildings")
    assert "No building yet" in read_text(looked)
    assert "/buildings/new" not in looked.text


def test_with_a_building_the_first_page_tells_what_is_due(planner: Visitor, site: Site) -> None:
    assert site.building
    assert "No building yet" not in read_text(planner.get("/"))
