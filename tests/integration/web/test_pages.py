"""Every page for every role: who may open it, who is refused, and for whom it does not exist."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.factories.walls import add_wall
from tests.integration.web.addresses import HIDDEN, OF_FIRMS, OPERATIONS, REFUSED, list_addresses
from tests.integration.web.visitor import enter, read_text
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.places import Floor
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

FOR_ANYBODY = {"start", "session.login", "public.write_feedback", *OPERATIONS}
FOR_EVERY_ACCOUNT = {"account.show", "session.token"}


def follow(visitor: Visitor, address: str) -> int:
    """Give the status at the end of all redirects."""
    return visitor.get(address, follow_redirects=True).status_code


def expected_status(role: str, endpoint: str) -> int:
    if endpoint in REFUSED[role]:
        return 403
    return 404 if endpoint in HIDDEN.get(role, ()) else 200


@pytest.mark.parametrize("role", sorted(REFUSED.keys() - {"planner", "manager", "admin"}))
def test_every_page_answers_as_the_role_table_says(role: str, app: Flask, site: Site) -> None:
    visitor = enter(app, role)
    wrong = [
        f"{status} {address}"
        for endpoint, address in list_addresses(app, site)
        if (status := follow(visitor, address)) != expected_status(role, endpoint)
    ]
    assert wrong == []


@pytest.mark.on_both
def test_every_page_is_there_on_each_kind_of_database(
    planner: Visitor, app: Flask, site: Site
) -> None:
    wrong = [
        f"{status} {address}"
        for endpoint, address in list_addresses(app, site)
        if (status := follow(planner, address)) != expected_status("planner", endpoint)
    ]
    assert wrong == []


def test_a_firm_sees_the_pages_of_its_own_runs_and_no_others(app: Flask, site: Site) -> None:
    visitor = enter(app, "firm")
    wrong = [
        f"{status} {address}"
        for endpoint, address in list_addresses(app, site)
        if endpoint not in FOR_ANYBODY | FOR_EVERY_ACCOUNT
        and (status := follow(visitor, address)) != (200 if endpoint in OF_FIRMS else 403)
    ]
    assert wrong == []


def test_pages_lead_to_the_log_in(client: FlaskClient, app: Flask, site: Site) -> None:
    for endpoint, address in list_addresses(app, site):
        if endpoint not in FOR_ANYBODY:
            response = client.get(address)
            assert (response.status_code, response.location) == (302, f"/login?next={address}")


@pytest.mark.parametrize("name", ["neighbour", "westerner"])
def test_what_lies_outside_the_scope_does_not_exist(name: str, app: Flask, site: Site) -> None:
    visitor = enter(app, name)
    elsewhere = {
        site.building: site.elsewhere_building,
        site.floor: site.elsewhere_floor,
        site.plan: site.elsewhere_plan,
        site.wall: site.elsewhere_wall,
        site.planned_point: site.elsewhere_point,
        **dict(
            zip(vars(site.cabling).values(), vars(site.elsewhere_cabling).values(), strict=True)
        ),
    }
    addresses = [
        address.replace(inside, outside)
        for _, address in list_addresses(app, site)
        for inside, outside in elsewhere.items()
        if inside in address
    ]
    found = [address for address in addresses if follow(visitor, address) != 404]
    assert len(addresses) >= 20
    assert found == []


def test_lists_name_nothing_outside_the_scope(app: Flask, site: Site) -> None:
    visitor = enter(app, "neighbour")
    for address in ("/buildings", "/access-points", "/export/access_points.csv"):
        page = visitor.get(address).text
        assert "RH" in page, address
        assert "Building KH" not in page, address
        assert "AP-3" not in page, address
        assert site.elsewhere_building not in page, address


def test_who_may_look_but_not_edit_here_is_offered_no_form(app: Flask, site: Site) -> None:
    guest = enter(app, "guest")  # planner in RH, viewer everywhere
    assert guest.get(f"/buildings/{site.elsewhere_building}").status_code == 200
    addresses = (
        "/buildings/new",
        f"/buildings/{site.elsewhere_building}/edit",
        f"/buildings/{site.elsewhere_building}/wings/new",
        f"/buildings/{site.elsewhere_building}/floors/new",
        f"/floors/{site.elsewhere_floor}/plans/new",
        f"/floors/{site.elsewhere_floor}/drawing",
        f"/floors/{site.elsewhere_floor}/walls/new",
        f"/floors/{site.elsewhere_floor}/access-points/new",
        f"/floor-plans/{site.elsewhere_plan}/scale",
        f"/walls/{site.elsewhere_wall}/edit",
        # Only planned: it is not there for somebody who sees what is public there.
        f"/access-points/{site.elsewhere_point}/edit",
        f"/access-points/{site.elsewhere_point}/state",
    )
    offered = [address for address in addresses if guest.get(address).status_code not in {403, 404}]
    assert offered == []


def test_a_planner_of_one_wing_sees_its_access_points_only(app: Flask, site: Site) -> None:
    westerner = enter(app, "westerner")
    assert westerner.get(f"/access-points/{site.planned_point}").status_code == 200
    assert westerner.get(f"/access-points/{site.live_point}").status_code == 404
    for part in ("tables", "plan.json"):
        page = westerner.get(f"/floors/{site.floor}/{part}").text
        assert "AP-1" in page, part
        assert "AP-2" not in page, part


def test_somebody_of_one_wing_gets_no_wall_of_another(app: Flask, site: Site) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        floor = session.scalars(select(Floor).where(Floor.public_id == uuid.UUID(site.floor))).one()
        add_wall(session, floor, (33.125, 2.0, 33.125, 18.0))
        session.commit()
    planner, westerner = enter(app, "planner"), enter(app, "westerner")
    for part in ("tables", "plan.json", "coverage/map"):
        address = f"/floors/{site.floor}/{part}"
        assert "33.1" in planner.get(address).text, part
        assert "33.1" not in westerner.get(address).text, part


def test_an_unknown_id_is_not_found(planner: Visitor, app: Flask, site: Site) -> None:
    refs = ("0", "AP-9", "00000000-0000-0000-0000-000000000000", "%00", "..%2f..%2fetc", "\N{BOMB}")
    known = (site.building, site.floor, site.plan, site.wall, site.planned_point)
    addresses = [
        address.replace(inside, ref)
        for _, address in list_addresses(app, site)
        for inside in known
        for ref in refs
        if inside in address
    ]
    wrong = [address for address in addresses if follow(planner, address) not in {400, 404}]
    assert wrong == []


ODD_LIST_QUERIES = (
    "page=999999", "page=-1", "page=0", "page=abc", "page=1e3", "page=99999999999999999999999",
    "sort=evil", "sort=code;drop", "sort=", "order=sideways",
    "level=abc", "level=-", "level=--1", "level=99999999999", "level=\N{SUPERSCRIPT TWO}",
    "building=nowhere", "state=broken", "model=%27%22%3C", "q=%25_%5C",
)  # fmt: skip


@pytest.mark.on_both
def test_no_query_breaks_a_list(planner: Visitor, site: Site) -> None:
    addresses = [f"/access-points?{query}" for query in ODD_LIST_QUERIES]
    addresses += [f"/floors/{site.floor}/tables?{query}" for query in ODD_LIST_QUERIES]
    wrong = [address for address in addresses if follow(planner, address) != 200]
    assert wrong == []


def test_a_zero_byte_is_refused_wherever_it_stands(planner: Visitor) -> None:
    for address in ("/access-points?q=%00", "/access-points?level=%00", "/login?next=%00"):
        assert planner.get(address).status_code == 400, address
    assert planner.fill_in("/buildings/new", code="A\0", name="A").status_code == 400


@pytest.mark.parametrize("part", ["coverage", "coverage/map", "heat-map.png", "coverage/5.png"])
def test_an_impossible_view_of_the_coverage_is_refused(
    part: str, planner: Visitor, site: Site
) -> None:
    queries = (
        "band=7", "band=5.0", "band=%00", "threshold=abc", "threshold=nan", "threshold=inf",
        "threshold=-1e999", "threshold=5", "threshold=-999", "counts=everything", "counts=%00",
    )  # fmt: skip
    address = f"/floors/{site.floor}/{part}"
    accepted = [query for query in queries if planner.get(f"{address}?{query}").status_code != 400]
    assert planner.get(f"{address}?band=&threshold=&counts=").status_code == 200
    assert accepted == []


def test_a_bad_threshold_is_told_beside_its_field_and_costs_no_other_choice(
    planner: Visitor, site: Site
) -> None:
    query = "band=2.4&counts=live&threshold=abc"
    for part in ("coverage", "coverage/compare"):
        answer = planner.get(f"/floors/{site.floor}/{part}?{query}")
        assert answer.status_code == 400, part
        assert 'value="abc"' in answer.text, part
        assert "lies between" in answer.text, part
        assert '<option selected value="2.4">' in answer.text, part
        assert '<option selected value="live">' in answer.text, part


def test_a_move_that_is_none_is_refused(planner: Visitor, site: Site) -> None:
    point = site.planned_point
    moves = (
        "x",
        "1,2",
        "1,2,3",
        f"{point},nan,1",
        f"{point},1,1e999",
        f"{point},1e300,1",
        f"{point},1,-10001",
        f"{point},a,b",
        f"{point},,",
    )
    for move in (*moves, f"{site.elsewhere_point},1,1"):
        response = planner.get(f"/floors/{site.floor}/heat-map.png?counts=planned&move={move}")
        assert response.status_code in {400, 404}, move


def test_thresholds_that_nobody_can_tell_apart_share_their_pictures(
    app: Flask, planner: Visitor, site: Site
) -> None:
    cache = app.extensions[EXTENSION].settings.cache_dir
    for number in range(20):
        query = f"threshold=-67.{number:03d}"
        assert planner.get(f"/floors/{site.floor}/coverage/5.png?{query}").status_code == 200
    assert len(list(cache.rglob("*.png"))) == 1
    assert 'value="-67.5"' in planner.get(f"/floors/{site.floor}/coverage?threshold=-67.3").text


def test_the_page_of_an_outdoor_access_point_names_the_limit_it_breaks(
    planner: Visitor, site: Site
) -> None:
    address = f"/access-points/{site.planned_point}"
    words = "may be used indoors only"
    assert words not in planner.get(address).text
    assert planner.fill_in(f"{address}/edit", is_outdoor="y").status_code == 302
    page = read_text(planner.get(address))
    assert f"Radio 6 GHz: 5945 to 6425 MHz {words}" in page


def test_viewers_see_maps_of_what_is_live_whatever_they_ask_for(app: Flask, site: Site) -> None:
    page = f"/floors/{site.floor}/coverage?counts=planned"

    def offered(role: str) -> list[str]:
        found = re.search(
            r'<select[^>]*name="counts".*?</select>', enter(app, role).get(page).text, re.DOTALL
        )
        assert found
        return re.findall(r'<option[^>]*value="(\w+)"', found[0])

    assert offered("viewer") == ["live"]
    assert offered("planner") == ["planned", "live"]
