"""The day before and the day after, the last value that passes and the first that does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from tests.factories.network_plans import (
    RULE_OF,
    SOUND,
    TODAY,
    finding,
    results,
    with_exemption,
    with_point,
    with_port,
    with_ssid,
)
from wlantrack.networks.encryption import SECURITY_WORDS
from wlantrack.networks.findings import Result
from wlantrack.networks.plan import AreaApproval, OnAir, Renovation, SecureArea, Site, Subject
from wlantrack.store.models.networks import SECURITIES

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
GUEST, STAFF = Subject("ssid", "guest"), Subject("ssid", "staff")
SENSORS, AP_1 = Subject("ssid", "sensors"), Subject("access point", "AP-1")
PASS, FAIL, UNKNOWN, EXEMPT = Result.PASS, Result.FAIL, Result.UNKNOWN, Result.EXEMPT


def test_every_security_has_its_words() -> None:
    assert set(SECURITY_WORDS) == set(SECURITIES)


@pytest.mark.parametrize(
    ("rule", "code", "values", "expected"),
    [
        ("W01", "guest", {"security": "wpa1-psk"}, FAIL),
        ("W01", "guest", {"uses_wps": True}, FAIL),
        ("W01", "guest", {"uses_tkip": True}, FAIL),
        ("W01", "guest", {"security": "wpa2-psk", "uses_tkip": False, "uses_wps": False}, PASS),
        ("W01", "guest", {"security": "wpa2-enterprise", "uses_tkip": False}, PASS),
        ("W01", "guest", {"security": "wpa2-enterprise"}, UNKNOWN),
        ("W01", "guest", {"security": ""}, UNKNOWN),
        ("W01", "guest", {"security": "wep", "state": ""}, FAIL),
        ("W01", "guest", {"security": "wpa9"}, UNKNOWN),
        ("W06", "guest", {"pmf": "sometimes"}, UNKNOWN),
        ("W06", "guest", {"pmf": "off"}, FAIL),
        ("W07", "guest", {"pmf": "off"}, FAIL),
        ("W07", "guest", {"security": "wpa9"}, UNKNOWN),
        ("W02", "staff", {"security": "owe"}, FAIL),
        ("W02", "staff", {"security": "owe-transition"}, FAIL),
        ("W02", "staff", {"security": "wpa2-psk"}, PASS),
        ("W02", "staff", {"security": "open", "network_class": "building"}, FAIL),
        ("W02", "staff", {"security": "open", "network_class": ""}, UNKNOWN),
        ("W03", "staff", {"security": "wpa2-enterprise"}, PASS),
        ("W03", "staff", {"security": "open"}, FAIL),
        ("W04", "guest", {"security": "owe-transition"}, FAIL),
        ("W04", "guest", {"security": "open"}, PASS),
        ("W05", "sensors", {"psk_length": 20}, PASS),
        ("W05", "sensors", {"is_psk_unique": False}, FAIL),
        ("W05", "sensors", {"psk_length": None}, UNKNOWN),
        ("W05", "sensors", {"is_psk_unique": None}, UNKNOWN),
        ("W05", "sensors", {"psk_attested_on": TODAY}, PASS),
        ("W05", "sensors", {"psk_attested_on": TOMORROW}, UNKNOWN),
        ("W05", "sensors", {"security": "", "psk_length": 8}, UNKNOWN),
        ("W06", "staff", {"security": "wpa2-enterprise", "pmf": "off"}, FAIL),
        ("W06", "staff", {"security": "wpa2-enterprise", "pmf": "optional"}, PASS),
        ("W06", "guest", {"security": "owe-transition", "pmf": "optional"}, PASS),
        ("W06", "guest", {"security": "owe-transition", "pmf": "off"}, FAIL),
        ("W06", "guest", {"security": "", "pmf": "required"}, PASS),
        ("W06", "guest", {"security": "", "pmf": "optional"}, UNKNOWN),
        ("W06", "guest", {"security": "wpa2-psk", "network_class": "", "pmf": "off"}, UNKNOWN),
        ("W07", "guest", {"security": "wpa3-sae"}, PASS),
        ("W07", "guest", {"security": "wpa2-wpa3-psk"}, FAIL),
        ("W07", "guest", {"is_on_6": None, "pmf": "optional"}, UNKNOWN),
        ("W07", "guest", {"is_on_6": None}, PASS),
        ("W10", "guest", {"network_class": "", "is_isolated": False}, UNKNOWN),
        ("W11", "guest", {"security": "owe-transition"}, PASS),
        ("W11", "guest", {"portal_url": "http://portal.example"}, FAIL),
        ("W11", "guest", {"portal_url": "HTTPS://portal.example"}, PASS),
        ("W11", "guest", {"portal_url": "portal.example"}, FAIL),
        ("W11", "guest", {"has_portal": False, "portal_url": ""}, PASS),
        ("W11", "guest", {"has_portal": True, "portal_url": ""}, UNKNOWN),
        ("W11", "guest", {"privacy_notice_version": ""}, FAIL),
        ("W13", "guest", {"protection_need": None}, FAIL),
        ("W13", "guest", {"vlan": ""}, FAIL),
        ("W14", "guest", {"name": "Stuttgarter Gast"}, FAIL),
        ("W14", "guest", {"name": "Vlan10"}, FAIL),
        ("W14", "guest", {"name": "Kirschbaum"}, PASS),
        ("W16", "guest", {"ends_on": TODAY}, PASS),
        ("W16", "guest", {"ends_on": YESTERDAY}, FAIL),
        ("W16", "sensors", {"state": "retired"}, PASS),
    ],
)
def test_an_ssid_at_the_edge(
    rule: str, code: str, values: dict[str, Any], expected: Result
) -> None:
    assert results(rule, with_ssid(code, **values))[Subject("ssid", code)] is expected


@pytest.mark.parametrize(
    ("values", "evidence"),
    [
        ({"pmf": "off"}, "PMF is off."),
        ({"pmf": "optional"}, "PMF is optional."),
    ],
)
def test_management_frames_are_named_as_they_are(values: dict[str, Any], evidence: str) -> None:
    assert str(finding("W06", with_ssid("guest", **values), FAIL).evidence) == evidence


def test_an_open_internal_network_without_a_portal_is_not_told_of_one() -> None:
    plan = with_ssid("staff", security="open", has_portal=False)

    assert str(finding("W02", plan, FAIL).evidence) == "It uses no encryption."


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ("W17", {"mac": ""}, FAIL),
        ("W17", {"mac": "", "state": "online"}, PASS),
        ("W18", {"is_outdoor": False, "ip_class": ""}, PASS),
        ("W18", {"is_public": False, "has_theft_protection": False}, FAIL),
        ("W18", {"ip_class": "ip 54"}, PASS),
        ("W18", {"ip_class": "IPX7"}, FAIL),
        ("W18", {"ip_class": "IP69K"}, PASS),
        ("W18", {"ip_class": "outdoor"}, UNKNOWN),
        ("W18", {"has_surge_protection": False}, FAIL),
        ("W18", {"is_public": None, "is_outdoor": False, "has_theft_protection": False}, UNKNOWN),
        ("W19", {"measured_on": date(2026, 2, 1)}, PASS),
        ("W19", {"measured_on": TODAY}, PASS),
        ("W19", {"measured_on": None}, FAIL),
        ("W19", {"measured_on": TOMORROW}, FAIL),
        ("W19", {"measured_on": YESTERDAY, "renovations": (Renovation("R", TODAY),)}, FAIL),
        ("W19", {"measured_on": YESTERDAY, "renovations": (Renovation("R", TOMORROW),)}, PASS),
        ("W19", {"renovations": (Renovation("R"),)}, UNKNOWN),
        ("W19", {"renovations": ()}, PASS),
        ("W19", {"state": "", "measured_on": None}, UNKNOWN),
        ("W21", {"state": "", "hardening": {"console closed": False}}, UNKNOWN),
        ("W22", {"used_until": date(2032, 1, 1)}, PASS),
        ("W22", {"used_until": None}, UNKNOWN),
        ("W22", {"support_ends_on": TODAY, "used_until": TODAY}, PASS),
        ("W22", {"support_ends_on": YESTERDAY, "used_until": None}, FAIL),
        ("W22", {"support_ends_on": YESTERDAY, "used_until": None, "state": ""}, UNKNOWN),
        ("W22", {"support_ends_on": YESTERDAY, "used_until": None, "state": "planned"}, UNKNOWN),
        ("W22", {"purchased_on": date(2025, 8, 1), "has_red_declaration": False}, PASS),
        ("W22", {"purchased_on": date(2025, 8, 2), "has_red_declaration": False}, FAIL),
        ("W22", {"purchased_on": date(2025, 8, 2), "has_red_declaration": None}, UNKNOWN),
        ("W22", {"purchased_on": None, "has_red_declaration": None}, UNKNOWN),
        ("W22", {"purchased_on": None, "has_red_declaration": None, "state": "ordered"}, PASS),
        ("W25", {"link_tested_on": TODAY}, PASS),
        ("W25", {"link_tested_on": TOMORROW}, FAIL),
        ("W25", {"poe_class": None}, UNKNOWN),
    ],
)
def test_an_access_point_at_the_edge(rule: str, values: dict[str, Any], expected: Result) -> None:
    assert results(rule, with_point(**values))[AP_1] is expected


@pytest.mark.parametrize("rule", ["W19", "W21", "W25"])
def test_before_operation_nothing_is_asked(rule: str) -> None:
    found = results(rule, with_point(state="mounted", measured_on=None, link_tested_on=None))

    assert found == {Subject("plan"): PASS}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"untagged_vlan": "V", "tagged": ("M",)}, PASS),
        ({"untagged_vlan": "V", "tagged": ("I",)}, FAIL),
        ({"untagged_vlan": "", "tagged": ()}, FAIL),
        ({"untagged_vlan": "V", "tagged": None}, UNKNOWN),
        ({"untagged_vlan": None, "tagged": ("I",)}, UNKNOWN),
        ({"poe_class": 3}, FAIL),
        ({"poe_class": None}, UNKNOWN),
    ],
)
def test_an_uplink_at_the_edge(values: dict[str, Any], expected: Result) -> None:
    assert results("W25", with_port(**values))[AP_1] is expected


@pytest.mark.parametrize(
    ("revoked_on", "expected"), [(TODAY, PASS), (TOMORROW, FAIL), (None, FAIL)]
)
def test_a_revocation_counts_from_its_day(revoked_on: date | None, expected: Result) -> None:
    found = results("W24", with_point("AP-2", revoked_on=revoked_on))

    assert found == {Subject("access point", "AP-2"): expected}


@pytest.mark.parametrize(
    ("migration_on", "expected"), [(TODAY, EXEMPT), (YESTERDAY, FAIL), (None, FAIL)]
)
def test_an_exemption_for_wpa2_needs_a_date_still_to_come(
    migration_on: date | None, expected: Result
) -> None:
    plan = with_ssid("staff", security="wpa2-enterprise", migration_on=migration_on)

    found = finding("W04", with_exemption(plan, "W04", STAFF), expected)

    assert (str(found.note) == "An exemption does not cover this.") == (expected is FAIL)


def test_an_exemption_for_an_open_network_does_not_cover_its_portal() -> None:
    bare = with_ssid("guest", security="open")
    plain = with_ssid("guest", bare, portal_url="http://portal.example")

    assert results("W11", with_exemption(bare, "W11", GUEST))[GUEST] is EXEMPT
    assert results("W11", with_exemption(plain, "W11", GUEST))[GUEST] is FAIL


@pytest.mark.parametrize(
    ("as_of", "done_on", "expected"),
    [
        (TODAY, date(2025, 3, 10), PASS),
        (TODAY, date(2025, 3, 9), FAIL),
        (date(2028, 2, 29), date(2027, 2, 28), PASS),
        (date(2028, 2, 29), date(2027, 2, 27), FAIL),
        (TODAY, TOMORROW, UNKNOWN),
    ],
)
def test_a_check_counts_for_twelve_months(as_of: date, done_on: date, expected: Result) -> None:
    sites = (Site("RH", done_on, as_of, as_of),)

    found = results("W23", replace(SOUND, as_of=as_of, sites=sites))

    assert found == {Subject("site", "RH"): expected}


def test_a_site_that_is_not_described_is_unknown() -> None:
    assert results("W23", replace(SOUND, sites=())) == {Subject("plan"): UNKNOWN}


@pytest.mark.parametrize(
    ("approval", "expected"),
    [
        (AreaApproval("AP-1", "b", TODAY, TODAY), PASS),
        (AreaApproval("AP-1", "b", TODAY, YESTERDAY), FAIL),
        (AreaApproval("AP-1", "b", TOMORROW), FAIL),
        (AreaApproval("AP-1", "b", None), FAIL),
        (AreaApproval("AP-1", "", TODAY), FAIL),
        (AreaApproval("AP-2", "b", TODAY), FAIL),
    ],
)
def test_an_approval_of_a_secure_area_counts_in_its_time(
    approval: AreaApproval, expected: Result
) -> None:
    area = SecureArea("Z1", ("AP-1",), (), (approval,))

    found = results("W20", replace(SOUND, secure_areas=(area,)))

    assert found == {Subject("secure area", "Z1"): expected}


def test_four_ssids_on_a_radio_pass_and_a_second_slot_counts_for_itself() -> None:
    on_air = tuple(OnAir(f"s{n}", "AP-1", slot, "5") for n, slot in product(range(4), (1, 2)))

    found = results("W15", replace(SOUND, on_air=(*on_air, on_air[0])))

    assert found == {Subject("radio", "AP-1/1"): PASS, Subject("radio", "AP-1/2"): PASS}


def test_an_ssid_on_a_6_ghz_radio_is_judged_whatever_its_tick() -> None:
    plan = with_ssid("staff", security="wpa2-enterprise")
    plan = replace(plan, on_air=(OnAir("staff", "AP-1", 3, "6"),))

    assert results("W07", plan)[STAFF] is FAIL
    assert STAFF not in results("W07", with_ssid("staff", security="wpa2-enterprise"))


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"serial": " s1 "}, "serial number"),
        ({"mac": "02-00-00-00-00-11"}, "MAC address or BSSID"),
        ({"bssids": ("0200.0000.0001",)}, "MAC address or BSSID"),
    ],
)
def test_a_serial_or_address_entered_twice_fails_for_both(
    values: dict[str, Any], word: str
) -> None:
    twin = replace(SOUND.access_points[0], code="AP-3", serial="S3", mac="02:00:00:00:00:03")
    twin = replace(twin, **{"bssids": (), **values})
    points = (*SOUND.access_points, twin)

    failures = [
        (item.subject.code, str(item.evidence))
        for item in RULE_OF["W17"].check(replace(SOUND, access_points=points))
        if item.result is FAIL
    ]

    assert failures == [("AP-1", f"Same {word} as: AP-3."), ("AP-3", f"Same {word} as: AP-1.")]
    gone = replace(twin, state="removed")
    points = (*SOUND.access_points, gone)
    assert set(results("W17", replace(SOUND, access_points=points)).values()) == {PASS}


@pytest.mark.parametrize(
    "name",
    [
        "linksys",
        "NETGEAR55-5G",
        "FRITZ!Box 7590 XY",
        "TP-LINK_A1B2",
        "WLAN-123456",
        "Guest",
        "wifi",
    ],
)
def test_factory_names_fail(name: str) -> None:
    found = finding("W13", with_ssid("guest", name=name), FAIL)

    assert str(found.evidence) == f"{name} is a factory name."


@pytest.mark.parametrize("name", ["Kastanie", "WLAN im Park", "Guestroom", "Testament", "WLANcafe"])
def test_names_of_ones_own_are_no_factory_names(name: str) -> None:
    assert results("W13", with_ssid("guest", name=name))[GUEST] is PASS


def test_without_the_lists_of_names_an_ssid_cannot_be_called_neutral() -> None:
    assert set(results("W14", replace(SOUND, place_words=None)).values()) == {UNKNOWN}


def test_a_retired_ssid_is_judged_by_nothing_but_its_end() -> None:
    plan = with_ssid("guest", state="retired", security="wep", pmf="off", owner="", name="linksys")

    judged = [rule for rule in RULE_OF if GUEST in results(rule, plan)]

    assert judged == ["W16"]
