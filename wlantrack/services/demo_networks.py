"""The demo's networks: visitor, LHS and management VLANs, their SSIDs, where these are, and flows.

Decides a realistic picture in which classes differ by wing and floor; refuses to touch networks
that somebody has entered.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput
from wlantrack.services import networks, ssid_scopes
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.networks import Flow, Ssid, SsidScope, Vlan
from wlantrack.store.queries import networks as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_IT: Final = "Amt für Digitalisierung, Netze"
_HALLS: Final = "Haupt- und Personalamt, Sitzungsdienst"
_BUILDING: Final = "Hochbauamt, Gebäudetechnik"

_VLANS: Final[tuple[dict[str, Any], ...]] = (
    {
        "code": "V-110",
        "vid": 110,
        "network_class": "visitor",
        "name": "Besucher Rathaus",
        "subnet_v4": "10.110.0.0/20",
        "subnet_v6": "2001:db8:110::/64",
        "zone": "besucher",
        "owner": _IT,
        "purpose": "Internet für Besucherinnen und Besucher",
        "protection_need": "normal",
    },
    {
        "code": "V-112",
        "vid": 112,
        "network_class": "visitor",
        "name": "Gäste der Sitzungssäle",
        "subnet_v4": "10.112.0.0/22",
        "subnet_v6": "2001:db8:112::/64",
        "zone": "besucher",
        "owner": _HALLS,
        "purpose": "Internet für Gäste von Sitzungen",
        "protection_need": "normal",
    },
    {
        "code": "V-210",
        "vid": 210,
        "network_class": "internal",
        "name": "LHS Arbeitsplätze",
        "subnet_v4": "10.210.0.0/18",
        "subnet_v6": "2001:db8:210::/64",
        "zone": "lhs",
        "owner": _IT,
        "purpose": "Notebooks der Verwaltung",
        "protection_need": "high",
    },
    {
        "code": "V-220",
        "vid": 220,
        "network_class": "internal",
        "name": "LHS Telefonie",
        "subnet_v4": "10.220.0.0/22",
        "subnet_v6": "2001:db8:220::/64",
        "zone": "lhs-telefonie",
        "owner": _IT,
        "purpose": "Softphones und schnurlose Telefone",
        "protection_need": "high",
    },
    {
        "code": "V-010",
        "vid": 10,
        "network_class": "management",
        "name": "WLAN-Verwaltung",
        "subnet_v4": "10.10.0.0/22",
        "subnet_v6": "2001:db8:10::/64",
        "zone": "netzverwaltung",
        "owner": _IT,
        "purpose": "Access Points und Switches verwalten",
        "protection_need": "high",
    },
    {
        "code": "V-310",
        "vid": 310,
        "network_class": "building",
        "name": "Gebäudetechnik Rathaus",
        "subnet_v4": "10.31.0.0/24",
        "subnet_v6": "2001:db8:310::/64",
        "zone": "gebaeudetechnik",
        "owner": _BUILDING,
        "purpose": "Lüftung, Aufzüge, Schließanlage",
        "protection_need": "high",
    },
)
_SSIDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "code": "besucher",
        "name": "Besucher-WLAN",
        "vlan": "V-110",
        "state": "on air",
        "security": "owe",
        "pmf": "required",
        "is_on_6": True,
        "is_isolated": True,
        "portal_url": "https://besucher-wlan.example.org/",
        "privacy_notice_version": "2.1",
        "owner": _IT,
        "purpose": "Internet für die Öffentlichkeit",
        "protection_need": "normal",
    },
    {
        "code": "sitzung",
        "name": "Sitzungsgäste",
        "vlan": "V-112",
        "state": "on air",
        "security": "wpa3-sae",
        "pmf": "required",
        "is_on_24": False,
        "is_on_6": True,
        "is_isolated": True,
        "psk_length": 24,
        "is_psk_unique": True,
        "psk_attested_on": date(2026, 9, 1),
        "privacy_notice_version": "2.1",
        "owner": _HALLS,
        "purpose": "Gäste von Gemeinderat und Ausschüssen",
        "protection_need": "normal",
    },
    {
        "code": "lhs",
        "name": "LHS-WLAN",
        "vlan": "V-210",
        "state": "on air",
        "security": "wpa3-enterprise",
        "pmf": "required",
        "is_on_24": False,
        "is_on_6": True,
        "owner": _IT,
        "purpose": "Arbeitsplätze der Verwaltung",
        "protection_need": "high",
    },
    {
        "code": "lhs-telefonie",
        "name": "LHS-Telefonie",
        "vlan": "V-220",
        "state": "planned",
        "security": "wpa3-enterprise",
        "pmf": "required",
        "is_on_24": False,
        "owner": _IT,
        "purpose": "Softphones unterwegs im Haus",
        "protection_need": "high",
    },
    {
        "code": "lhs-alt",
        "name": "LHS-WLAN-alt",
        "vlan": "V-210",
        "state": "retired",
        "security": "wpa2-enterprise",
        "pmf": "optional",
        "owner": _IT,
        "purpose": "Vorgänger, abgeschaltet",
        "protection_need": "high",
        "ends_on": date(2026, 3, 31),
    },
    {
        "code": "gebaeude",
        "name": "GT-Rathaus",
        "vlan": "V-310",
        "state": "on air",
        "security": "wpa3-sae",
        "pmf": "required",
        "is_on_5": False,
        "is_isolated": True,
        "psk_length": 32,
        "is_psk_unique": True,
        "psk_attested_on": date(2026, 6, 15),
        "owner": _BUILDING,
        "purpose": "Fühler der Lüftung",
        "protection_need": "high",
    },
)
_SCOPES: Final = {
    "besucher": ("RH/MP", "RH/HS", "RH/0", "-RH/4"),
    "sitzung": ("RH/3", "RH/4", "-RH/EI", "-RH/MS"),
    "lhs": ("RH", "-RH/0", "RH-MP-0-AP-01"),
    "lhs-telefonie": ("RH/MP",),
    "gebaeude": ("RH/0", "RH/MS"),
}
"""By SSID: where it is on air; with a minus where it is not."""

_FLOWS: Final = (
    ("F-01", "V-110", "V-210", "deny", "", "Besucher kommen nie in das LHS-Netz"),
    ("F-02", "V-112", "V-210", "deny", "", "Sitzungsgäste kommen nie in das LHS-Netz"),
    ("F-03", "V-110", "V-010", "deny", "", ""),
    ("F-04", "V-112", "V-010", "deny", "", ""),
    ("F-05", "V-210", "V-220", "allow", "SIP, RTP", "Softphones auf Notebooks"),
    ("F-06", "V-010", "V-310", "allow", "SNMP", "Überwachung der Gateways"),
    ("F-07", "V-310", "V-210", "deny", "", ""),
    ("F-08", "V-210", "V-110", "deny", "", "auch nicht in der Gegenrichtung"),
)


def load_networks(session: Session) -> int:
    """Load the demo's networks while there are none, and tell how many SSIDs it were."""
    if queries.list_vlans(session, networks.NETWORK_CLASSES):
        return 0
    vlans = {values["code"]: Vlan(public_id=uuid.uuid4(), **values) for values in _VLANS}
    session.add_all(vlans.values())
    session.flush()
    for values in _SSIDS:
        plain = {name: value for name, value in values.items() if name != "vlan"}
        vlan = vlans[values["vlan"]]
        ssid = Ssid(public_id=uuid.uuid4(), network_class=vlan.network_class, **plain)
        ssid.vlan_id, ssid.scopes = vlan.id, _make_scopes(session, _SCOPES.get(ssid.code, ()))
        session.add(ssid)
    for code, source, target, action, services, note in _FLOWS:
        session.add(
            Flow(
                public_id=uuid.uuid4(),
                code=code,
                source_id=vlans[source].id,
                target_id=vlans[target].id,
                action=action,
                services=services,
                note=note,
            )
        )
    session.commit()
    return len(_SSIDS)


def _make_scopes(session: Session, refs: tuple[str, ...]) -> list[SsidScope]:
    scopes = []
    for ref in refs:
        try:
            place = ssid_scopes.find_place(session, SYSTEM, ref.removeprefix("-"))
        except InvalidInput:
            continue  # somebody has changed the demo's house
        column = {f"{place.kind}_id": place.id}
        scopes.append(SsidScope(public_id=uuid.uuid4(), is_excluded=ref.startswith("-"), **column))
    return scopes
