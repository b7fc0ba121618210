"""The demo's attestations, and one planted violation of each severity.

Decides what in the demo is wrong on purpose, so that the separation check has something to say, and
answers everything else: by attestations, exemptions, approvals, and the uplinks that it asks for.
Refuses to touch what somebody has entered.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from wlantrack.networks.plan import HARDENING_ITEMS, LIVE_STATES, Subject
from wlantrack.services.exemption_subjects import find_subject_id
from wlantrack.store.models.cabling import CableRun, Distributor, PortVlan, Switch, SwitchPort
from wlantrack.store.models.networks import Flow, Ssid, SsidScope
from wlantrack.store.models.separation import AreaApproval, Exemption
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import networks as network_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import separation as queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.networks import Vlan
    from wlantrack.store.models.places import Building

PLANTED: Final = {
    "critical": ("W01", "ssid", "scanner"),
    "high": ("W18", "access point", "RH-MP-0-AP-01"),
    "medium": ("W19", "access point", "RH-HS-2-AP-03"),
    "low": ("W15", "radio", "RH-MP-3-AP-08/2"),
    "info": ("W14", "ssid", "gebaeude"),
}
"""Rule, kind and code of what is wrong on purpose, by severity."""

BLOCKED: Final = "RH-MP-4-AP-03"
"""The one access point that the planted critical violation keeps out of operation."""

_CLASSES: Final = ("visitor", "internal", "management", "building")
_NEEDED: Final = {"V-010", "V-110", "V-112", "V-210", "V-220", "V-310"}
_CROWDED: Final = "RH-MP-3-AP-08"
_PLANNER: Final = "planner"
_OFFICER: Final = "security"
_SSIDS: Final[tuple[dict[str, Any], ...]] = (
    {
        "code": "scanner",
        "name": "Aktenscanner",
        "state": "planned",
        "security": "wpa2-enterprise",
        "pmf": "optional",
        "is_on_24": False,
        "uses_tkip": True,
        "purpose": "Alte Handscanner der Registratur",
    },
    {
        "code": "saaltechnik",
        "name": "Saaltechnik",
        "state": "planned",
        "security": "wpa3-enterprise",
        "pmf": "required",
        "is_on_24": False,
        "purpose": "Medienwagen und Mikrofone",
    },
)
_SCOPES: Final = {"scanner": BLOCKED, "saaltechnik": _CROWDED}
_FLOWS: Final = (
    ("F-09", "V-110", "V-220"),
    ("F-10", "V-112", "V-220"),
    ("F-11", "V-310", "V-010"),
    ("F-12", "V-310", "V-220"),
)
"""What is denied besides, so that no path is left open however the firewall is set by default."""

_EXEMPTIONS: Final = (
    ("W03", "gebaeude", "Die Fühler der Lüftung beherrschen kein 802.1X; eigenes VLAN, langer Schlüssel."),
    ("W04", "scanner", "Die Handscanner werden bis zum Umstieg ersetzt."),
    ("W14", "lhs", "Beschäftigte sollen das Netz ihrer Dienststelle erkennen."),
    ("W14", "lhs-telefonie", "Beschäftigte sollen das Netz ihrer Dienststelle erkennen."),
)  # fmt: skip


def load_separation(session: Session, now: datetime) -> None:
    """Load what the separation check asks for, once, where the demo's networks and house are."""
    town_hall = place_queries.get_building_by_code(session, "RH")
    vlans = {vlan.code: vlan for vlan in network_queries.list_vlans(session, _CLASSES)}
    if town_hall is None or not set(vlans) >= _NEEDED or queries.list_exemptions(session):
        return
    today = now.date()
    _complete_networks(session, vlans, today)
    points = point_queries.load_for_table(session, None)
    for number, point in enumerate(points, start=1):
        _attest(point, number, today)
    for model in point_queries.list_models(session):
        model.end_of_support = model.end_of_support or today + timedelta(days=9 * 365)
    live = {point.floor.building_id for point in points if point.state in LIVE_STATES}
    for building in place_queries.list_whole_buildings(session, live):
        building.audited_on = today - timedelta(days=120)
        building.rogue_scanned_on = today - timedelta(days=35)
        building.tamper_checked_on = today - timedelta(days=60)
        if building is not town_hall:
            _connect(session, building, points, vlans)
    _carry_vlans(session, points, vlans)
    for area in queries.list_areas(session, None):
        session.add(
            AreaApproval(
                public_id=uuid.uuid4(),
                room_id=area.id,
                approved_by=_OFFICER,
                approved_on=today - timedelta(days=90),
            )
        )
    _exempt(session, points, now)
    session.commit()


def _complete_networks(session: Session, vlans: dict[str, Vlan], today: date) -> None:
    for vlan in vlans.values():
        vlan.family = vlan.family or "both"
    guests = network_queries.get_ssid(session, "sitzung")
    if guests is not None and guests.has_portal is None:
        guests.has_portal = False
    for values in _SSIDS:
        ssid = Ssid(
            public_id=uuid.uuid4(),
            network_class="internal",
            owner="Amt für Digitalisierung, Netze",
            protection_need="high",
            **values,
        )
        if ssid.code == "scanner":
            ssid.migration_on = today + timedelta(days=200)
        ssid.vlan_id, ssid.scopes = vlans["V-210"].id, []
        point = point_queries.get_by_codes(session, [_SCOPES[ssid.code]]).get(_SCOPES[ssid.code])
        if point is not None:
            ssid.scopes = [SsidScope(public_id=uuid.uuid4(), access_point_id=point.id)]
        session.add(ssid)
    for code, source, target in _FLOWS:
        session.add(
            Flow(
                public_id=uuid.uuid4(),
                code=code,
                source_id=vlans[source].id,
                target_id=vlans[target].id,
                action="deny",
            )
        )
    session.flush()


def _attest(point: AccessPoint, number: int, today: date) -> None:
    """Answer all that is asked of an access point in its state, but for what is planted."""
    is_bought = point.state not in {"planned", "released", "ordered"}
    point.has_theft_protection = point.code != PLANTED["high"][2]
    if point.is_outdoor:
        point.ip_class, point.has_surge_protection = "IP67", True
    point.used_until = today + timedelta(days=8 * 365)
    if is_bought:
        point.purchased_on = today - timedelta(days=150 + number % 40)
        point.has_red_declaration = True
        point.mac = point.mac or f"02:00:5e:20:{number // 256:02x}:{number % 256:02x}"
    if point.state == "lost":
        point.revoked_on = today - timedelta(days=3)
    if point.state in LIVE_STATES:
        point.hardening = dict.fromkeys(HARDENING_ITEMS, True)
        point.link_tested_on = today - timedelta(days=60 + number % 30)
        if point.code != PLANTED["medium"][2]:
            point.measured_on = today - timedelta(days=20 + number % 30)


def _connect(
    session: Session, building: Building, points: list[AccessPoint], vlans: dict[str, Vlan]
) -> None:
    """Give a place in the city one distributor, and its access points a port each."""
    live = [
        point
        for point in points
        if point.floor.building_id == building.id and point.state in LIVE_STATES
    ]
    floor = live[0].floor
    distributor = Distributor(
        public_id=uuid.uuid4(), code=f"{building.code}-V1", name="Verteiler", floor_id=floor.id
    )
    session.add(distributor)
    session.flush()
    switch = Switch(
        public_id=uuid.uuid4(),
        code=f"{building.code}-V1-SW1",
        distributor_id=distributor.id,
        model="Kompaktswitch 12 Ports",
        poe_budget_w=370.0,
    )
    switch.ports = []
    runs = [
        CableRun(
            public_id=uuid.uuid4(),
            label=f"{building.code}-V1-P1-{number:02d}",
            floor_id=point.floor_id,
            distributor_id=distributor.id,
            panel_port=f"P1:{number:02d}",
            access_point_id=point.id,
            state="accepted" if point.state == "accepted" else "patched",
            length_planned_m=18.0 + 3 * number,
            length_actual_m=19.0 + 3 * number,
        )
        for number, point in enumerate(live, start=1)
    ]
    session.add_all(runs)
    session.flush()
    for number, run in enumerate(runs, start=1):
        port = SwitchPort(
            public_id=uuid.uuid4(),
            name=f"1/0/{number}",
            poe_class=6,
            speed_mbit=2_500,
            untagged_vlan_id=vlans["V-010"].id,
            cable_run_id=run.id,
        )
        port.tagged = [PortVlan(public_id=uuid.uuid4(), vlan_id=vlans["V-110"].id)]
        switch.ports.append(port)
    session.add(switch)
    session.flush()


def _carry_vlans(session: Session, points: list[AccessPoint], vlans: dict[str, Vlan]) -> None:
    """Let the ports of the town hall's access points carry what is on air there."""
    ids = {point.id for point in points}
    for port in queries.load_bare_ports(session):
        if port.cable_run is not None and port.cable_run.access_point_id in ids:
            port.untagged_vlan_id = vlans["V-010"].id
            port.tagged.extend(
                PortVlan(public_id=uuid.uuid4(), vlan_id=vlans[code].id)
                for code in ("V-110", "V-112", "V-210", "V-310")
            )
    session.flush()


def _exempt(session: Session, points: list[AccessPoint], now: datetime) -> None:
    until = now.date() + timedelta(days=180)
    wanted = [(rule, "ssid", code, reason) for rule, code, reason in _EXEMPTIONS]
    wanted += [
        ("W25", "access point", code, "Der Port hat eine alte Linecard; Tausch ist bestellt.")
        for code in _list_short_of_power(session, points)
    ]
    for rule, kind, code, reason in wanted:
        session.add(
            Exemption(
                public_id=uuid.uuid4(),
                rule=rule,
                subject_kind=kind,
                subject_code=code,
                subject_id=find_subject_id(session, Subject(kind, code)),
                reason=reason,
                author=_PLANNER,
                approver=_OFFICER,
                approved_at=now - timedelta(days=14),
                expires_on=until,
            )
        )


def _list_short_of_power(session: Session, points: list[AccessPoint]) -> Iterator[str]:
    """Give the access points that draw more than their port gives."""
    by_id = {point.id: point for point in points}
    for port in queries.list_ports(session):
        point = by_id.get(port.access_point_id or 0)
        if point is None or point.state not in LIVE_STATES or port.poe_class is None:
            continue
        if point.model.poe_class is not None and port.poe_class < point.model.poe_class:
            yield point.code
