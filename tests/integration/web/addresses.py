"""Every page's address, from the application's own URL map, and which roles are refused there.

Decides the examples that stand in for ids; a new page without one fails the tests that walk them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.integration.web.site import Site

EDIT_PLACES = {
    "buildings.add_building",
    "buildings.edit_building",
    "buildings.add_wing",
    "buildings.add_floor",
    "buildings.edit_floor",
}
DRAW = {
    "floors.place_access_point",
    "floors.draw_wall",
    "floors.edit_wall",
    "plans.upload",
    "plans.scale",
    "plans.import_drawing",
    "access_points.edit_point",
    "catalogue.add_material",
}
NO_ADDRESS = {"asset", "session.use_link", "service.start", "service.finish"}
"""Endpoints that answer to nobody without a token of theirs, or a service that is not there."""

OPERATIONS = {"operations.health", "operations.ready", "operations.metrics"}
ADMINISTER = {
    "users.list_users",
    "users.export",
    "users.add_user",
    "users.show_user",
    "users.edit_user",
    "audit.list_events",
    "audit.export",
    "audit.show_event",
}
REFUSED: dict[str, set[str]] = {
    "planner": ADMINISTER,
    "admin": set(),
    "manager": DRAW | ADMINISTER,
    "facility": DRAW | ADMINISTER | {"imports.choose"},
    "viewer": DRAW
    | ADMINISTER
    | EDIT_PLACES
    | {"imports.choose", "imports.export", "access_points.change_state"},
}
"""By role: pages that answer 403; all others answer."""


def list_addresses(app: Flask, site: Site) -> Iterator[tuple[str, str]]:
    """Give endpoint and address of every page that takes a GET, from the URL map."""
    refs = {
        "/buildings/": site.building,
        "/floors/": site.floor,
        "/floor-plans/": site.plan,
        "/walls/": site.wall,
        "/access-points/": site.planned_point,
        "/users/": site.account,
    }
    for rule in app.url_map.iter_rules():
        address = rule.rule
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_ADDRESS:
            continue
        for prefix, ref in refs.items():
            if address.startswith(prefix):
                address = address.replace("<ref>", ref)
        address = address.replace("<band>", "5").replace("<kind>.<suffix>", "access_points.csv")
        address = address.replace("<int:number>", "1")
        assert "<" not in address, f"this test has no example for {rule.rule}"
        yield rule.endpoint, address
