"""The place path on every page: which siblings its menus show, and what they cost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.factories.places import add_building, add_floor
from tests.integration.web.visitor import enter
from tests.live_server import database_of
from tests.statements import keep_statements
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


def read_menus(page: str) -> list[list[str]]:
    """Give the entries of each menu of the path."""
    path = re.search(r'<nav class="place-path".*?</nav>', page, re.DOTALL)
    assert path is not None
    panels = re.findall(r'<ul class="menu__panel">(.*?)</ul>', path[0], re.DOTALL)
    return [re.findall(r">([^<>]+)</a>", panel) for panel in panels]


def add_city(app: Flask) -> list[str]:
    """Add buildings B000 to B039 and in B020 floors 0 to 29; give the ids of two floors."""
    with database_of(app).writing(SYSTEM.audit()) as session:
        buildings = [add_building(session, f"B{number:03d}") for number in range(40)]
        floors = [add_floor(session, buildings[20], level) for level in range(30)]
        session.commit()
        return [str(floors[0].public_id), str(floors[15].public_id)]


def test_a_menu_shows_all_places_as_long_as_they_are_few(planner: Visitor, site: Site) -> None:
    buildings, floors = read_menus(planner.get(f"/floors/{site.floor}/plan").text)
    assert buildings == ["Building KH", "Building RH"]
    assert floors == ["Floor 1", "Floor 0"]


def test_a_long_menu_shows_what_lies_around_and_leads_to_the_whole_list(
    app: Flask, planner: Visitor
) -> None:
    lowest, middle = add_city(app)
    buildings, floors = read_menus(planner.get(f"/floors/{middle}/plan").text)
    assert buildings == [*(f"Building B{number:03d}" for number in range(10, 30)), "Show all"]
    assert floors == [*(f"Floor {level}" for level in range(25, 5, -1)), "Show all"]
    _, floors = read_menus(planner.get(f"/floors/{lowest}/plan").text)
    assert floors == [*(f"Floor {level}" for level in range(19, -1, -1)), "Show all"]


def test_a_menu_names_nothing_outside_the_scope(app: Flask, site: Site) -> None:
    neighbour = enter(app, "neighbour")
    buildings, _ = read_menus(neighbour.get(f"/floors/{site.floor}/plan").text)
    assert buildings == ["Building RH"]


def test_the_path_counts_no_access_points(app: Flask, planner: Visitor, site: Site) -> None:
    with keep_statements(app) as asked:
        planner.get(f"/floors/{site.floor}/plan")
    assert asked
    assert not [text for text in asked if "count(" in text and "access_point" in text]
