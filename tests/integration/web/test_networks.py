"""Pages of networks: what is entered, refused and hidden."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import enter, read_text

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

ADDRESSES = ("/networks", "/networks/vlans", "/networks/flows", "/networks/access-points")


def read_version(page: str) -> int:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return int(found[1])


def test_a_vlan_and_an_ssid_on_it_are_added(planner: Visitor) -> None:
    answer = planner.fill_in(
        "/networks/vlans/add",
        code="V-9",
        vid="9",
        network_class="internal",
        subnet_v4="10.9.0.0/24",
    )
    assert answer.status_code == 302
    vlan = (answer.location or "").rpartition("/")[2]
    answer = planner.fill_in(
        "/networks/ssids/add", code="staff", name="Staff", vlan=vlan, is_on_6="y"
    )
    page = planner.get(answer.location or "")
    assert "internal network" in read_text(page)
    assert "SSID added" in page.text
    assert "Undo" in page.text


def test_what_was_refused_stays_in_the_form(planner: Visitor, site: Site) -> None:
    page = planner.fill_in(
        "/networks/vlans/add", code="V-110", vid="9", subnet_v4="10.9.0.7/24"
    ).text
    assert "This code is taken" in page
    page = planner.fill_in(
        f"/networks/vlans/{site.visitor_vlan}/edit", subnet_v4="10.9.0.7/24"
    ).text
    assert "10.9.0.0/24" in page
    assert 'value="10.9.0.7/24"' in page
    page = planner.fill_in(f"/networks/ssids/{site.visitor_ssid}/edit", name="ä" * 17).text
    assert "34" in page


def test_an_edit_form_offers_vlans_of_the_class_only(planner: Visitor, site: Site) -> None:
    page = planner.get(f"/networks/ssids/{site.visitor_ssid}/edit").text
    assert site.visitor_vlan in page
    assert site.internal_vlan not in page


def test_an_ssid_does_not_slip_into_another_class_by_a_forged_form(
    planner: Visitor, site: Site
) -> None:
    url = f"/networks/ssids/{site.visitor_ssid}/edit"
    planner.fill_in(url, vlan=site.internal_vlan, name="Forged")
    text = read_text(planner.get(f"/networks/ssids/{site.visitor_ssid}"))
    assert "visitor network" in text
    assert "Forged" not in text


def test_a_change_of_class_is_an_act_of_its_own(planner: Visitor, site: Site) -> None:
    url = f"/networks/ssids/{site.visitor_ssid}"
    refused = planner.fill_in(f"{url}/class", vlan=site.internal_vlan)
    assert "on air cannot change its class" in refused.text
    planner.fill_in(f"{url}/edit", state="planned")
    refused = planner.fill_in(f"{url}/class", vlan=site.internal_vlan)
    assert "The separation check stops this: W02" in refused.text  # AP-2 in operation has it
    planner.fill_in(f"{url}/edit", security="wpa3-enterprise")
    assert planner.fill_in(f"{url}/class", vlan=site.internal_vlan).status_code == 302
    assert "internal network" in read_text(planner.get(url))
    refused = planner.fill_in(
        f"/networks/vlans/{site.internal_vlan}/class", network_class="visitor"
    )
    assert "only while no SSID is on it" in refused.text


def test_a_deletion_is_taken_back_from_the_message(planner: Visitor, site: Site) -> None:
    url = f"/networks/flows/{site.flow}"
    version = read_version(planner.get(url).text)
    page = planner.client.post(
        f"{url}/delete",
        data={"csrf_token": planner.token, "version": version},
        follow_redirects=True,
    ).text
    undo = re.search(r'action="(/undo/\w+)"', page)
    assert undo
    assert planner.get(url).status_code == 404
    planner.post(undo[1], next="//elsewhere.example")
    assert planner.get(url).status_code == 200


def test_a_used_vlan_has_no_button_to_delete_it(planner: Visitor, site: Site) -> None:
    page = planner.get(f"/networks/vlans/{site.visitor_vlan}")
    assert "Delete VLAN" not in page.text
    answer = planner.post(f"/networks/vlans/{site.visitor_vlan}/delete", version=1)
    assert answer.status_code == 400
    assert "used by guest" in answer.text


@pytest.mark.parametrize("name", ["viewer", "facility"])
def test_internal_networks_are_nowhere_for_whom_they_are_out_of_sight(
    app: Flask, site: Site, name: str
) -> None:
    visitor = enter(app, name)
    hidden = ("Office WLAN", "V-110", "V-210", "F-2", "internal network", site.internal_ssid)
    pages = [
        "/networks",
        f"/networks/ssids/{site.visitor_ssid}",
        f"/access-points/{site.live_point}",
        f"/floors/{site.floor}/coverage",
        "/networks/access-points?network_class=internal",
        "/networks?network_class=internal",
    ]
    for address in pages:
        page = visitor.get(address)
        assert page.status_code == 200, address
        assert [word for word in hidden if word in page.text] == [], address
    gone = [
        f"/networks/ssids/{site.internal_ssid}",
        "/networks/access-points?ssid=office",
        f"/floors/{site.floor}/coverage?network=internal",
        f"/floors/{site.floor}/coverage/map?network=internal",
        f"/floors/{site.floor}/coverage/5.png?network=internal",
        f"/floors/{site.floor}/heat-map.png?network=internal",
        f"/floors/{site.floor}/coverage/compare?right=internal",
    ]
    for address in gone:
        assert visitor.get(address).status_code == 404, address
    for address in ("/networks/vlans", "/networks/flows", f"/networks/vlans/{site.visitor_vlan}"):
        assert visitor.get(address).status_code == 403, address
    assert visitor.get(f"/floors/{site.floor}/coverage/5.png?network=visitor").status_code == 200


def test_an_access_point_shows_the_ssids_it_sends(planner: Visitor, site: Site) -> None:
    both = read_text(planner.get(f"/access-points/{site.planned_point}"))
    one = read_text(planner.get(f"/access-points/{site.live_point}"))

    assert "Guest WLAN" in both
    assert "Office WLAN" in both
    assert "Guest WLAN" in one
    assert "Office WLAN" not in one


def test_coverage_names_the_network_and_counts_its_access_points(
    planner: Visitor, site: Site
) -> None:
    everything = read_text(planner.get(f"/floors/{site.floor}/coverage"))
    internal = read_text(planner.get(f"/floors/{site.floor}/coverage?network=internal"))
    page = planner.get(f"/floors/{site.floor}/coverage/map?network=internal").text

    assert "AP-2" in everything
    assert "AP-2" not in internal
    assert "internal network" in internal
    assert "internal network" in page
    assert "AP-2" not in page
    assert planner.get(f"/floors/{site.floor}/coverage?network=nonsense").status_code == 400


def test_heat_maps_of_two_networks_differ(planner: Visitor, site: Site) -> None:
    pictures = {
        planner.get(f"/floors/{site.floor}/coverage/5.png?network={network}").data
        for network in ("", "visitor", "internal", "critical")
    }
    assert len(pictures) == 3  # the visitors' SSID is at every access point


def test_a_scope_makes_new_pictures_at_once(planner: Visitor, site: Site) -> None:
    url = f"/floors/{site.floor}/coverage/5.png?network=internal"
    before = planner.get(url).data
    planner.post(f"/networks/ssids/{site.internal_ssid}/scopes", place="RH", act="include")
    assert planner.get(url).data != before


def test_a_place_that_is_not_there_is_refused_beside_its_field(
    planner: Visitor, site: Site
) -> None:
    page = planner.post(
        f"/networks/ssids/{site.internal_ssid}/scopes", place="RH/XX", act="include"
    )
    assert "There is no such place" in page.text
    assert 'value="RH/XX"' in page.text


def test_selected_access_points_are_excluded_at_once(planner: Visitor, site: Site) -> None:
    answer = planner.client.post(
        "/networks/access-points",
        data={
            "csrf_token": planner.token,
            "ids": [site.planned_point, site.live_point, "nobody"],
            "ssid": "guest",
            "act": "exclude",
            "next": "/networks/access-points?building=RH",
        },
        follow_redirects=True,
    )
    assert "Excluded at 2 access points." in answer.text
    assert "nobody: There is no such place." in answer.text
    assert "Guest WLAN" not in read_text(planner.get(f"/access-points/{site.planned_point}"))
    assert planner.post("/networks/access-points", ssid="guest").status_code == 400


def test_a_planner_of_one_wing_sees_and_edits_its_part_only(app: Flask, site: Site) -> None:
    westerner = enter(app, "westerner")
    page = westerner.get(f"/networks/ssids/{site.visitor_ssid}")

    assert "On air at 1 access point" in page.text
    assert "not in your area" in page.text
    assert westerner.get(f"/networks/ssids/{site.visitor_ssid}/edit").status_code == 403
    url = f"/networks/ssids/{site.visitor_ssid}/scopes"
    assert westerner.post(url, place="RH", act="exclude").status_code == 403
    assert westerner.post(url, place="RH/WE", act="exclude").status_code == 302
    assert "On air at 0 access points" in westerner.get(page.request.path).text
