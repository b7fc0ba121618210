"""A plan in which everything is right, and ways to change it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from wlantrack.networks.plan import (
    HARDENING_ITEMS,
    AccessPoint,
    AreaApproval,
    Exemption,
    Flow,
    NetworkPlan,
    OnAir,
    Outlet,
    PublicExport,
    Renovation,
    SecureArea,
    Segment,
    Site,
    Ssid,
    Subject,
    SwitchPort,
)
from wlantrack.networks.rules import RULES

if TYPE_CHECKING:
    from wlantrack.networks.findings import Finding, Result

TODAY = date(2026, 3, 10)
RULE_OF = {rule.id: rule for rule in RULES}

SOUND = NetworkPlan(
    as_of=TODAY,
    segments=(
        Segment("V", "visitor", 100, "both", "10.100.0.0/16", "2001:db8:100::/48", "guests"),
        Segment("I", "internal", 200, "both", "10.200.0.0/16", "2001:db8:200::/48", "office"),
        Segment("B", "building", 250, "v4", "10.250.0.0/16", "", "building"),
        Segment("M", "management", 300, "v4", "10.30.0.0/16", "", "devices"),
    ),
    ssids=(
        Ssid(
            "guest",
            name="Kastanie",
            network_class="visitor",
            vlan="V",
            state="on air",
            security="owe",
            pmf="required",
            is_on_6=True,
            is_isolated=True,
            has_portal=True,
            portal_url="https://portal.example",
            privacy_notice_version="2026-01",
            owner="IT",
            purpose="internet for visitors",
            protection_need="normal",
        ),
        Ssid(
            "staff",
            name="Ahorn",
            network_class="internal",
            vlan="I",
            state="on air",
            security="wpa3-enterprise",
            pmf="required",
            is_on_6=False,
            owner="IT",
            purpose="work",
            protection_need="high",
        ),
        Ssid(
            "sensors",
            name="Linde",
            network_class="visitor",
            vlan="V",
            state="planned",
            security="wpa3-sae",
            pmf="required",
            is_on_6=False,
            is_isolated=True,
            has_portal=False,
            privacy_notice_version="2026-01",
            psk_length=32,
            is_psk_unique=True,
            psk_attested_on=date(2026, 1, 5),
            owner="IT",
            purpose="loans",
            protection_need="normal",
        ),
    ),
    access_points=(
        AccessPoint(
            "AP-1",
            state="in operation",
            site="RH",
            model="M1",
            floor="RH-3",
            position_xy_m=(1.0, 2.0),
            serial="S1",
            mac="02:00:00:00:00:01",
            bssids=("02:00:00:00:00:11",),
            is_public=True,
            is_outdoor=True,
            has_theft_protection=True,
            ip_class="IP67",
            has_surge_protection=True,
            hardening=dict.fromkeys(HARDENING_ITEMS, True),
            measured_on=date(2026, 2, 1),
            renovations=(Renovation("R1", date(2026, 2, 1)), Renovation("R2", date(2026, 6, 1))),
            support_ends_on=date(2032, 1, 1),
            used_until=date(2031, 12, 31),
            purchased_on=date(2025, 9, 1),
            has_red_declaration=True,
            link_tested_on=date(2026, 1, 20),
            poe_class=4,
            switch_port="SW-1/1",
        ),
        AccessPoint(
            "AP-2",
            state="lost",
            site="RH",
            serial="S2",
            mac="02:00:00:00:00:02",
            revoked_on=date(2026, 3, 10),
        ),
    ),
    on_air=(OnAir("guest", "AP-1", 1, "5"), OnAir("staff", "AP-1", 1, "5")),
    switch_ports=(
        SwitchPort("SW-1/1", untagged_vlan="M", tagged=("V", "I"), poe_class=4),
        SwitchPort("SW-1/2", untagged_vlan="V", tagged=(), poe_class=0),
    ),
    outlets=(
        Outlet("D1", is_public=True, switch_port="SW-1/2"),
        Outlet("D2", is_public=True, switch_port="SW-1/1", access_point="AP-1"),
        Outlet("D3", is_public=True, switch_port=""),
        Outlet("D4", is_public=False),
    ),
    flows=(
        Flow("F1", "V", "B", "allow", "both", "tcp/443"),
        Flow("F2", "I", "M", "allow", "both"),
        Flow("F3", "V", "I", "deny", "both"),
    ),
    denies_by_default=True,
    secure_areas=(
        SecureArea("Z1", ("AP-1",), ("AP-1",), (AreaApproval("AP-1", "b", date(2026, 1, 1)),)),
    ),
    sites=(Site("RH", date(2025, 3, 10), date(2026, 1, 1), date(2026, 1, 1)),),
    public_export=PublicExport(("name", "address"), ("h1",), ("name", "address"), ("h1", "h2")),
    organisation_words=("Stuttgart", "LHS"),
    place_words=("Rathaus", "RH"),
)


def with_ssid(code: str, plan: NetworkPlan = SOUND, **values: Any) -> NetworkPlan:
    """Change one SSID."""
    changed = (replace(ssid, **values) if ssid.code == code else ssid for ssid in plan.ssids)
    return replace(plan, ssids=tuple(changed))


def with_point(code: str = "AP-1", plan: NetworkPlan = SOUND, **values: Any) -> NetworkPlan:
    """Change one access point."""
    points = (replace(ap, **values) if ap.code == code else ap for ap in plan.access_points)
    return replace(plan, access_points=tuple(points))


def with_segment(code: str, plan: NetworkPlan = SOUND, **values: Any) -> NetworkPlan:
    """Change one segment."""
    segments = (replace(seg, **values) if seg.code == code else seg for seg in plan.segments)
    return replace(plan, segments=tuple(segments))


def with_port(code: str = "SW-1/1", plan: NetworkPlan = SOUND, **values: Any) -> NetworkPlan:
    """Change one switch port."""
    ports = (replace(port, **values) if port.code == code else port for port in plan.switch_ports)
    return replace(plan, switch_ports=tuple(ports))


def with_exemption(plan: NetworkPlan, rule: str, subject: Subject, **values: Any) -> NetworkPlan:
    """Give leave, in order unless said otherwise."""
    granted = {"reason": "old scanners", "author": "ann", "approver": "bob", "expires_on": TODAY}
    return replace(plan, exemptions=(Exemption(rule, subject, **{**granted, **values}),))


def results(rule: str, plan: NetworkPlan) -> dict[Subject, Result]:
    """Give a rule's result by subject."""
    return {item.subject: item.result for item in RULE_OF[rule].check(plan)}


def finding(rule: str, plan: NetworkPlan, result: Result) -> Finding:
    """Give the one finding of a rule that has a result."""
    (found,) = (item for item in RULE_OF[rule].check(plan) if item.result is result)
    return found
