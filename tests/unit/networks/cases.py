"""For each rule a plan that fails, one that cannot be judged, and who is meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from tests.factories.network_plans import (
    SOUND,
    TODAY,
    with_point,
    with_port,
    with_segment,
    with_ssid,
)
from wlantrack.networks.plan import (
    AccessPoint,
    Flow,
    OnAir,
    PublicExport,
    SecureArea,
    Site,
    Subject,
)

if TYPE_CHECKING:
    from wlantrack.networks.plan import NetworkPlan

GUEST = Subject("ssid", "guest")
STAFF = Subject("ssid", "staff")
SENSORS = Subject("ssid", "sensors")
AP_1 = Subject("access point", "AP-1")
VISITORS = Subject("segment", "V")


@dataclass(frozen=True)
class Case:
    """One failing plan and one unknown plan of a rule; the plan that passes is SOUND."""

    subject: Subject
    failing: NetworkPlan
    evidence: str
    unknown: NetworkPlan
    unknown_subject: Subject | None = None


LOST = Subject("access point", "AP-2")
CASES = {
    "W01": Case(
        GUEST,
        with_ssid("guest", security="wep"),
        "It uses WEP.",
        with_ssid("guest", security="wpa2-psk", uses_tkip=False, uses_wps=None),
    ),
    "W02": Case(
        STAFF,
        with_ssid("staff", security="open", portal_url="https://login.example"),
        "It uses no encryption. A portal page protects nothing on air.",
        with_ssid("staff", security=""),
    ),
    "W03": Case(
        STAFF,
        with_ssid("staff", security="wpa3-sae"),
        "It uses WPA3-SAE.",
        with_ssid("staff", security=""),
    ),
    "W04": Case(
        STAFF,
        with_ssid("staff", security="wpa2-enterprise", migration_on=TODAY),
        "It uses WPA2-Enterprise.",
        with_ssid("staff", security=""),
    ),
    "W05": Case(
        SENSORS,
        with_ssid("sensors", psk_length=19),
        "The key has 19 characters.",
        with_ssid("sensors", psk_attested_on=None),
    ),
    "W06": Case(
        GUEST,
        with_ssid("guest", pmf="optional"),
        "PMF is optional.",
        with_ssid("guest", pmf=""),
    ),
    "W07": Case(
        GUEST,
        with_ssid("guest", security="owe-transition", pmf="optional"),
        "It uses OWE transition mode. PMF is optional.",
        with_ssid("guest", pmf=""),
    ),
    "W08": Case(
        VISITORS,
        with_segment("I", vid=100),
        "It shares VLAN 100 with I.",
        with_segment("I", zone=""),
    ),
    "W09": Case(
        VISITORS,
        replace(SOUND, flows=(SOUND.flows[0], Flow("F9", "B", "I", "allow", "v4", "udp/53"))),
        "V → B → I is open over IPv4 (F1, F9).",
        replace(SOUND, denies_by_default=None),
    ),
    "W10": Case(
        GUEST,
        with_ssid("guest", is_isolated=False),
        "Clients see each other.",
        with_ssid("guest", is_isolated=None),
    ),
    "W11": Case(
        GUEST,
        with_ssid("guest", security="open"),
        "It uses no encryption.",
        with_ssid("guest", has_portal=None, portal_url=""),
    ),
    "W12": Case(
        Subject("outlet", "D1"),
        with_port("SW-1/2", untagged_vlan="M"),
        "Visitors reach this outlet, and VLAN M is untagged on it.",
        with_port("SW-1/2", untagged_vlan=None),
    ),
    "W13": Case(
        GUEST,
        with_ssid("guest", owner=" ", vlan="X"),
        "Empty: owner, VLAN.",
        with_ssid("guest", name=""),
    ),
    "W14": Case(
        GUEST,
        with_ssid("guest", name="RH-Gast WPA3"),
        "Its name tells: RH, wpa.",
        with_ssid("guest", name=""),
    ),
    "W15": Case(
        Subject("radio", "AP-1/1"),
        replace(SOUND, on_air=tuple(OnAir(f"s{n}", "AP-1", 1, "5") for n in range(5))),
        "SSIDs on this radio: 5.",
        replace(SOUND, on_air=None),
        Subject("plan"),
    ),
    "W16": Case(
        GUEST,
        with_ssid("guest", state="retired"),
        "It is retired, but on air at: AP-1.",
        with_ssid("guest", state=""),
    ),
    "W17": Case(
        AP_1,
        with_point(serial="", position_xy_m=None),
        "Empty: serial number, position.",
        with_point(state=""),
    ),
    "W18": Case(
        AP_1,
        with_point(ip_class="IP44", has_theft_protection=False),
        "It has no theft protection. Its housing has IP44, not IP54.",
        with_point(has_surge_protection=None),
    ),
    "W19": Case(
        AP_1,
        with_point(measured_on=date(2026, 1, 31)),
        "It was measured on 2026-01-31, before the renovation ended on 2026-02-01.",
        with_point(renovations=None),
    ),
    "W20": Case(
        Subject("secure area", "Z1"),
        replace(SOUND, secure_areas=(SecureArea("Z1", ("AP-1",), ("AP-1", "AP-3")),)),
        "Inside it without approval: AP-1. Covering it without approval: AP-3.",
        replace(SOUND, secure_areas=(SecureArea("Z1", (), None),)),
    ),
    "W21": Case(
        AP_1,
        with_point(hardening={**SOUND.access_points[0].hardening, "console closed": False}),
        "Not done: console closed.",
        with_point(hardening={}),
    ),
    "W22": Case(
        AP_1,
        with_point(used_until=date(2032, 1, 2), has_red_declaration=False),
        "Support ends on 2032-01-01, use on 2032-01-02."
        " Bought on 2025-09-01 without a declaration after RED 3(3) d to f.",
        with_point(support_ends_on=None),
    ),
    "W23": Case(
        Subject("site", "RH"),
        replace(SOUND, sites=(Site("RH", date(2025, 3, 9), TODAY, TODAY),)),
        "Older than 12 months: audit of 2025-03-09.",
        replace(SOUND, sites=(Site("RH", TODAY, None, TODAY),)),
    ),
    "W24": Case(
        LOST,
        with_point("AP-2", revoked_on=None),
        "It is lost, and no revocation is recorded.",
        with_point("AP-2", state=""),
    ),
    "W25": Case(
        AP_1,
        with_port(poe_class=3, plan=with_point(link_tested_on=None)),
        "No link test is recorded. The port gives PoE class 3, the device draws 4.",
        with_point(switch_port=""),
    ),
    "W26": Case(
        Subject("export"),
        replace(SOUND, public_export=PublicExport(("name", "vid"), ("h9",), ("name",), ("h1",))),
        "Keys off the allow-list: vid. Objects that are not published: h9.",
        replace(SOUND, public_export=None),
        Subject("plan"),
    ),
}

IDLE = replace(
    SOUND,
    segments=tuple(item for item in SOUND.segments if item.network_class != "visitor"),
    ssids=(),
    on_air=(),
    access_points=(AccessPoint("AP-9", state="removed"),),
    outlets=(),
    secure_areas=(),
    public_export=PublicExport((), (), (), ()),
)
"""A plan that holds next to nothing to judge."""
