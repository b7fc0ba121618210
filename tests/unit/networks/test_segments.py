"""Subnets of both families, zones and outlets: what counts as shared."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.network_plans import (
    RULE_OF,
    SOUND,
    finding,
    results,
    with_port,
    with_segment,
    with_ssid,
)
from wlantrack.networks.findings import Result
from wlantrack.networks.plan import Segment, Subject
from wlantrack.networks.segments import read_subnet

V = Subject("segment", "V")
D1 = Subject("outlet", "D1")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("10.100.0.0/16", "10.100.0.0/16"),
        ("10.100.0.0/16", "10.100.4.0/24"),
        ("10.100.4.0/24", "10.0.0.0/8"),
        ("10.100.0.1/16", "10.100.255.255"),
        ("10.100.0.0/255.255.0.0", "10.100.7.0/24"),
        ("2001:db8::/32", "2001:db8:ffff::/48"),
        ("2001:DB8:0:0::/64", "2001:db8::1"),
        ("::ffff:10.100.0.0/112", "10.100.4.0/24"),
        ("10.100.4.0/24", "::ffff:a64:0/112"),
        ("::/0", "10.0.0.0/8"),
        ("::ffff:0:0/96", "192.0.2.0/24"),
        ("0.0.0.0/0", "::ffff:192.0.2.1"),
    ],
)
def test_overlapping_subnets_fail_in_either_field(mine: str, theirs: str) -> None:
    for own in ((mine, ""), ("", mine)):
        for other in ((theirs, ""), ("", theirs)):
            plan = with_segment("V", subnet_v4=own[0], subnet_v6=own[1])
            plan = with_segment("I", plan, subnet_v4=other[0], subnet_v6=other[1])
            plan = with_segment("B", with_segment("M", plan, subnet_v4=""), subnet_v4="")

            found = finding("W08", plan, Result.FAIL)

            assert str(found.evidence) == f"Its subnet {mine} overlaps {theirs} of I."
            assert found.concerns >= {V, Subject("segment", "I")}


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("10.100.0.0/16", "10.101.0.0/16"),
        ("10.0.0.0/25", "10.0.0.128/25"),
        ("2001:db8::/33", "2001:db8:8000::/33"),
        # The deprecated IPv4-compatible form and NAT64 are other addresses than the IPv4 ones.
        ("::10.100.0.0/112", "10.100.0.0/16"),
        ("64:ff9b::10.100.0.0/112", "10.100.0.0/16"),
        ("::ffff:10.100.0.0/112", "10.101.0.0/16"),
    ],
)
def test_neighbouring_subnets_do_not_overlap(mine: str, theirs: str) -> None:
    mine_v6, theirs_v6 = read_subnet(mine), read_subnet(theirs)

    assert mine_v6 is not None
    assert theirs_v6 is not None
    assert not mine_v6.overlaps(theirs_v6)


@pytest.mark.parametrize(
    "text", ["", " ", "10.0.0.0/33", "10.0.0", "300.0.0.0/8", "v4", "fe80::/64", "fe80::%eth0/64"]
)
def test_what_is_no_subnet_of_its_own_is_unknown(text: str) -> None:
    assert read_subnet(text) is None
    assert results("W08", with_segment("V", subnet_v6=text)) == {V: Result.UNKNOWN}


@given(
    first=st.ip_addresses(v=4),
    second=st.ip_addresses(v=4),
    bits=st.tuples(*[st.integers(0, 32)] * 2),
)
def test_mapping_into_ipv6_keeps_what_overlaps(
    first: object, second: object, bits: tuple[int, int]
) -> None:
    one, two = (
        ip_network(f"{address}/{length}", strict=False)
        for address, length in zip((first, second), bits, strict=True)
    )
    mapped = read_subnet(str(one)), read_subnet(str(two))

    assert isinstance(mapped[0], IPv6Network)
    assert isinstance(mapped[1], IPv6Network)
    assert mapped[0].overlaps(mapped[1]) == one.overlaps(two)


def test_a_family_that_is_not_routed_needs_no_subnet() -> None:
    assert results("W08", with_segment("V", family="v4", subnet_v6="")) == {V: Result.PASS}
    assert results("W08", with_segment("V", family="v6", subnet_v4="")) == {V: Result.PASS}
    assert results("W08", with_segment("V", family="", subnet_v6="")) == {V: Result.UNKNOWN}
    assert results("W08", with_segment("I", family="both", subnet_v4="")) == {V: Result.UNKNOWN}


def test_a_shared_zone_fails_in_any_spelling() -> None:
    found = finding("W08", with_segment("B", zone=" Guests "), Result.FAIL)

    assert str(found.evidence) == "It shares the zone guests with B."


def test_two_visitor_segments_may_share_a_zone() -> None:
    second = Segment("V2", "visitor", 101, "v4", "10.101.0.0/16", "", "guests")

    found = results("W08", replace(SOUND, segments=(*SOUND.segments, second)))

    assert set(found.values()) == {Result.PASS}


def test_a_failure_outweighs_what_is_not_known() -> None:
    plan = with_segment("I", with_segment("B", zone=""), vid=100)

    assert results("W08", plan) == {V: Result.FAIL}


def test_every_shared_thing_is_named() -> None:
    found = finding("W08", with_segment("I", vid=100, zone="guests"), Result.FAIL)

    assert str(found.evidence) == "It shares VLAN 100 with I. It shares the zone guests with I."


def test_a_plan_without_management_vlan_fails() -> None:
    plan = replace(SOUND, segments=SOUND.segments[:3])

    assert results("W12", plan)[Subject("plan")] is Result.FAIL


def test_while_a_class_is_not_known_the_management_vlan_may_be_there() -> None:
    assert results("W12", with_segment("M", network_class=""))[Subject("plan")] is Result.UNKNOWN


def test_an_ssid_on_the_management_vlan_fails_until_it_is_retired() -> None:
    management = Subject("segment", "M")

    assert results("W12", with_ssid("staff", vlan="M"))[management] is Result.FAIL
    assert results("W12", with_ssid("staff", vlan="M", state="retired"))[management] is Result.PASS


def test_the_uplink_of_an_access_point_carries_management_untagged() -> None:
    assert Subject("outlet", "D2") not in results("W12", SOUND)


def test_an_outlet_that_may_be_public_is_unknown_only_with_management_on_it() -> None:
    unclear = replace(SOUND.outlets[0], is_public=None)
    plan = replace(SOUND, outlets=(unclear,))

    assert results("W12", plan)[D1] is Result.PASS
    assert results("W12", with_port("SW-1/2", plan, untagged_vlan="M"))[D1] is Result.UNKNOWN


def test_an_outlet_whose_port_is_not_entered_is_unknown() -> None:
    plan = replace(SOUND, outlets=(replace(SOUND.outlets[0], switch_port=None),))

    assert results("W12", plan)[D1] is Result.UNKNOWN


def test_no_outlet_but_the_public_ones_is_judged() -> None:
    judged = {item.subject.code for item in RULE_OF["W12"].check(SOUND)}

    assert judged == {"", "M", "D1", "D3"}
