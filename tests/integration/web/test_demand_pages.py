"""Pages of demand: forms keep what is refused, deletion asks the version, scopes hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import enter, read_text

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


def test_a_zone_is_added_edited_and_deleted(planner: Visitor, site: Site) -> None:
    new = f"/floors/{site.floor}/zones/new"
    added = planner.fill_in(new, name="Halls", network_class="internal", room_use="council")
    assert added.status_code == 302
    page = planner.get(f"/floors/{site.floor}/demand")
    assert "Zone Z2 added." in page.text
    assert "Halls" in read_text(page)

    refused = planner.fill_in(new, name="Twice", code="Z1")
    assert "This code is taken." in refused.text
    assert 'value="Twice"' in refused.text
    edit = f"/zones/{site.zone}/edit"
    drawn = planner.fill_in(edit, shape="outline", outline="0; 0\n5; 0\nfive")
    assert "needs two numbers" in drawn.text
    assert planner.fill_in(edit, outline="0; 0\n5; 0\n5; 5", name="Edge").status_code == 302
    assert planner.fill_in(edit, version="1", name="Late").status_code == 200
    planner.post(f"/zones/{site.zone}/delete", version=2)
    assert planner.get(edit).status_code == 404


def test_a_room_is_added_edited_and_deleted(planner: Visitor, site: Site) -> None:
    added = planner.fill_in(
        f"/floors/{site.floor}/rooms/new",
        number="002",
        use="meeting",
        seats="12",
        wing="EA",
        outline="21; 1\n30; 1\n30; 9\n21; 9",
    )
    assert added.status_code == 302
    room = planner.get(added.location)
    assert "12 seats" in read_text(room)
    assert "Voice and video, 5 GHz" in read_text(room)
    twice = planner.fill_in(f"/floors/{site.floor}/rooms/new", number="002")
    assert "already has a room of this number" in twice.text
    assert planner.fill_in(f"{added.location}/edit", name="Atelier").status_code == 302
    assert "Atelier" in planner.get("/rooms?wing=EA").text
    assert planner.post(f"{added.location}/delete", version=1).status_code == 409
    assert planner.post(f"{added.location}/delete", version=2).status_code == 302


def test_clutter_groups_requirements_and_devices_are_added(planner: Visitor, site: Site) -> None:
    floor = f"/floors/{site.floor}/demand"
    corners = "1; 1\n4; 1\n4; 4"
    planner.fill_in(f"/floors/{site.floor}/clutter/new", name="Palms", outline=corners)
    assert "Palms" in planner.get(floor).text
    planner.fill_in(f"/clutter/{site.clutter}/edit", name="Racks")
    assert "Racks" in planner.get(floor).text
    planner.fill_in(f"/buildings/{site.building}/room-groups/new", code="G2", name="Second group")
    assert "Second group" in planner.get("/room-groups").text
    planner.fill_in(f"/room-groups/{site.room_group}/edit", name="First group", rooms=site.room)
    assert "First group" in planner.get(f"/rooms/{site.room}").text
    planner.fill_in("/catalogue/requirements/new", code="strict", name="Strict", signal_dbm="-60")
    planner.fill_in("/catalogue/client-profiles/new", code="pad", name="Pad")
    page = read_text(planner.get("/catalogue/requirements"))
    assert "Strict strict \N{MINUS SIGN}60 dBm" in page
    assert "Pad pad" in page
    nothing = planner.fill_in("/catalogue/requirements/new", code="empty", name="Empty")
    assert "asks for nothing" in nothing.text


@pytest.mark.parametrize("role", ["viewer", "facility"])
def test_who_sees_no_internal_network_sees_no_internal_demand(
    app: Flask, planner: Visitor, site: Site, role: str
) -> None:
    new = f"/floors/{site.floor}/zones/new"
    planner.fill_in(new, name="Secret halls", network_class="internal", room_use="council")
    person = enter(app, role)
    for page in (f"/floors/{site.floor}/demand", f"/floors/{site.floor}/coverage"):
        assert "Secret halls" not in person.get(page).text
    layer = f"/floors/{site.floor}/coverage/verdict-internal.png"
    assert planner.get(layer).status_code == 200
    assert person.get(layer).status_code == 404


def test_what_lies_out_of_scope_is_not_found(app: Flask, site: Site) -> None:
    neighbour = enter(app, "neighbour")
    assert neighbour.get(f"/floors/{site.elsewhere_floor}/demand").status_code == 404
    assert neighbour.get(f"/floors/{site.elsewhere_floor}/zones/new").status_code == 404
    westerner = enter(app, "westerner")
    assert "001" in westerner.get("/rooms").text


def test_an_outdoor_access_point_lies_off_the_plan_and_on_the_building_s_page(
    planner: Visitor, site: Site
) -> None:
    new = f"/floors/{site.floor}/access-points/new"
    off = {"x_m": "20", "y_m": "-3", "code": "AP-OUT"}
    assert "off the plan" in planner.fill_in(new, **off).text
    assert planner.fill_in(new, is_outdoor="y", **off).status_code == 302
    assert "AP-OUT" in planner.get(f"/buildings/{site.building}").text
    assert "AP-OUT" in planner.get("/access-points?outdoor=yes").text


@pytest.mark.parametrize(("role", "count"), [("planner", 2), ("viewer", 0)])
def test_a_room_group_is_added_to_a_building_that_is_chosen(
    app: Flask, site: Site, role: str, count: int
) -> None:
    page = enter(app, role).get("/room-groups").text
    offered = re.findall(r'href="/buildings/([^"/]+)/room-groups/new"', page)
    assert len(offered) == count
    assert set(offered) <= {site.building, site.elsewhere_building}


def test_room_groups_and_zones_lead_to_their_tables(planner: Visitor, site: Site) -> None:
    groups = planner.get("/room-groups").text
    zones = planner.get(f"/floors/{site.floor}/demand").text

    for suffix in ("csv", "xlsx"):
        assert f"/export/room_groups.{suffix}" in groups
        assert f"/export/zones.{suffix}" in zones
    assert "Nothing matches" in planner.get("/room-groups?q=nobody").text
