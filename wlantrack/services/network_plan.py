"""Makes the plan that the separation check judges: records in, plain values out.

Decides what a column says that is empty: nobody has attested it. Only what lies in the actor's
scope enters the plan, so that no finding can name what lies outside. Renovations are not entered
yet: of none is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wlantrack.networks.on_air import PlaceKind, carried_bands
from wlantrack.networks.plan import (
    GONE_STATES,
    AccessPoint,
    Exemption,
    Flow,
    NetworkPlan,
    OnAir,
    Outlet,
    PublicExport,
    Segment,
    Site,
    Ssid,
    SwitchPort,
)
from wlantrack.services import network_sight, secure_areas
from wlantrack.services.actor import SYSTEM, Action, Actor
from wlantrack.services.exemption_subjects import list_with_subjects
from wlantrack.services.on_air import to_network
from wlantrack.services.places import visible_buildings
from wlantrack.services.published import read_export
from wlantrack.store.queries import hotspots as hotspot_queries
from wlantrack.store.queries import networks as network_queries
from wlantrack.store.queries import on_air as air_queries
from wlantrack.store.queries import separation as queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from sqlalchemy import RowMapping
    from sqlalchemy.orm import Session

    from wlantrack.networks.on_air import Network, Spot
    from wlantrack.services.results import ResultCache
    from wlantrack.settings import Settings
    from wlantrack.store.models.networks import Ssid as SsidRecord

SHORTEST_WORD = 5
"""Shorter words of a building's name, such as "Süd", tell no place by themselves."""


@dataclass(frozen=True)
class House:
    """What is known about the house beside its records, and the day on which it is judged.

    Attributes
    ----------
    denies_by_default
        Whether the firewall denies what no flow allows; None while nobody attests it.
    public_export
        What the published bundle holds, read back from it; None while nobody has read it.
    """

    today: date
    denies_by_default: bool | None = None
    organisation_words: tuple[str, ...] | None = None
    public_export: PublicExport | None = None


def plain_house() -> House:
    """Give a house of which nothing is attested, today."""
    return House(datetime.now(UTC).date())


def find_house(settings: Settings) -> House:
    """Give what an installation's settings say of the house, as of today where it stands."""
    return House(
        datetime.now(ZoneInfo(settings.timezone)).date(),
        settings.denies_by_default,
        settings.organisation_names,
        read_export(settings.public_dir),
    )


def load_plan(session: Session, actor: Actor, house: House, cache: ResultCache) -> NetworkPlan:
    """Give everything in the actor's scope that the check judges."""
    scopes = actor.scope_pairs(Action.SEE_SEPARATION)
    rows = queries.list_points(session, scopes)
    codes = {row["id"]: row["code"] for row in rows}
    ports, outlets = _list_ports(session, actor, codes)
    port_of = {
        port.access_point_id: port.code for port in ports if port.access_point_id is not None
    }
    sites = queries.list_sites(session, visible_buildings(actor, Action.SEE_SEPARATION))
    tagged: dict[int, list[str]] = {}
    for port_id, vlan in queries.list_tagged(session):
        tagged.setdefault(port_id, []).append(vlan)
    return replace(
        load_networks(session, actor, house.today),
        on_air=load_on_air(session, actor, rows),
        access_points=_list_points(session, rows, port_of, scopes),
        switch_ports=tuple(_to_port(port, tagged.get(port.id, [])) for port in ports),
        outlets=outlets,
        denies_by_default=house.denies_by_default,
        secure_areas=secure_areas.list_areas(session, actor, rows, cache),
        sites=tuple(
            Site(row["code"], row["audited_on"], row["rogue_scanned_on"], row["tamper_checked_on"])
            for row in sites
        ),
        public_export=_complete_export(session, house.public_export),
        organisation_words=house.organisation_words,
        place_words=_list_place_words(sites),
        exemptions=tuple(_list_exemptions(session)),
    )


def _complete_export(session: Session, export: PublicExport | None) -> PublicExport | None:
    """Add what may be in the bundle now: it is the same for everybody, whatever their scope."""
    if export is None:
        return None
    published = tuple(str(open_id) for open_id in hotspot_queries.list_published_ids(session))
    return replace(export, published=published)


def load_network_plan(session: Session, house: House) -> NetworkPlan:
    """Give what the critical rules about networks need, of the whole city, and no more."""
    rows = queries.list_points(session, None)
    return replace(
        load_networks(session, SYSTEM, house.today),
        on_air=load_on_air(session, SYSTEM, rows),
        access_points=tuple(AccessPoint(row["code"], state=row["state"]) for row in rows),
        denies_by_default=house.denies_by_default,
    )


def load_networks(session: Session, actor: Actor, today: date) -> NetworkPlan:
    """Give a plan of the segments, SSIDs and flows whose classes the actor may see."""
    classes = network_sight.visible_classes(actor)
    vlans = network_queries.list_vlans(session, classes)
    codes = {vlan.id: vlan.code for vlan in vlans}
    segments = tuple(
        Segment(
            vlan.code,
            vlan.network_class,
            vlan.vid,
            vlan.family or "",
            vlan.subnet_v4,
            vlan.subnet_v6,
            vlan.zone,
        )
        for vlan in vlans
    )
    ssids = tuple(
        _to_ssid(ssid, codes.get(ssid.vlan_id, ""))
        for ssid in network_queries.list_for_resolution(session, classes)
    )
    flows = tuple(
        Flow(flow.code, flow.source.code, flow.target.code, flow.action, flow.family, flow.services)
        for flow in network_queries.list_flows(session, classes)
    )
    return NetworkPlan(today, segments, ssids, flows=flows)


def _to_ssid(ssid: SsidRecord, vlan: str) -> Ssid:
    copied = (
        "code",
        "name",
        "network_class",
        "state",
        "security",
        "pmf",
        "is_on_6",
        "is_isolated",
        "uses_wps",
        "uses_tkip",
        "has_portal",
        "portal_url",
        "privacy_notice_version",
        "psk_length",
        "is_psk_unique",
        "psk_attested_on",
        "migration_on",
        "owner",
        "purpose",
        "protection_need",
        "ends_on",
    )
    return Ssid(vlan=vlan, **{name: getattr(ssid, name) for name in copied})


def load_on_air(session: Session, actor: Actor, rows: Sequence[RowMapping]) -> tuple[OnAir, ...]:
    """Give each SSID on each radio that sends it, as planned; a retired one where it still is."""
    here = {row["code"] for row in rows if row["state"] not in GONE_STATES}
    ssids = network_queries.list_for_resolution(session, network_sight.visible_classes(actor))
    carry = _Carriage([(ssid.code, to_network(ssid, is_retired=False)) for ssid in ssids])
    slots = air_queries.list_slots(session)
    return tuple(
        OnAir(ssid, code, slot, band)
        for code, spot in air_queries.load_spots(session).items()
        if code in here
        for ssid, band in carry.list_carried(spot)
        for slot in slots.get((spot.access_point_id, band), ())
    )


class _Carriage:
    """Which SSIDs an access point sends; resolved once for all that hang in the same place."""

    def __init__(self, senders: list[tuple[str, Network]]) -> None:
        self._senders = senders
        self._named = {
            scope.place_id
            for _, network in senders
            for scope in network.scopes
            if scope.kind is PlaceKind.ACCESS_POINT
        }
        self._known: dict[object, list[tuple[str, str]]] = {}

    def list_carried(self, spot: Spot) -> list[tuple[str, str]]:
        """Give code and band of each SSID."""
        named = spot.access_point_id if spot.access_point_id in self._named else None
        key = (named, spot.building_id, spot.floor_id, spot.wing_id, spot.bands)
        if key not in self._known:
            self._known[key] = [
                (code, band)
                for code, network in self._senders
                for band in sorted(carried_bands(network, spot))
            ]
        return self._known[key]


def _list_points(
    session: Session,
    rows: Sequence[RowMapping],
    port_of: dict[int, str],
    scopes: tuple[tuple[int, int | None], ...] | None,
) -> tuple[AccessPoint, ...]:
    bssids: dict[int, list[str]] = {}
    for point_id, bssid in queries.list_addresses(session, scopes):
        bssids.setdefault(point_id, []).append(bssid)
    copied = (
        "code",
        "state",
        "model",
        "serial",
        "mac",
        "is_public",
        "is_outdoor",
        "has_theft_protection",
        "has_surge_protection",
        "measured_on",
        "used_until",
        "purchased_on",
        "has_red_declaration",
        "revoked_on",
        "link_tested_on",
        "poe_class",
    )
    return tuple(
        AccessPoint(
            site=row["building"],
            floor=f"{row['building']}/{row['level']}",
            position_xy_m=(row["x_m"], row["y_m"]),
            bssids=tuple(bssids.get(row["id"], ())),
            ip_class=row["ip_class"] or "",
            hardening=row["hardening"] or {},
            renovations=(),
            support_ends_on=row["end_of_support"],
            switch_port=port_of.get(row["id"], ""),
            **{name: row[name] for name in copied},
        )
        for row in rows
    )


def _list_ports(
    session: Session, actor: Actor, codes: dict[int, str]
) -> tuple[list[queries.PortRow], tuple[Outlet, ...]]:
    """Give the ports that lead to an access point or outlet in scope, and these outlets.

    An outlet without a cable, or whose cable is patched to no port, is known to lead nowhere.
    """
    found = queries.list_outlets(session, actor.scope_pairs(Action.SEE_SEPARATION))
    ids = {row.id for row in found}
    ports = [
        port
        for port in queries.list_ports(session)
        if port.access_point_id in codes or port.outlet_id in ids
    ]
    port_of = {port.outlet_id: port.code for port in ports if port.outlet_id is not None}
    outlets = tuple(
        Outlet(row.code, is_public=row.is_public, switch_port=port_of.get(row.id, ""))
        for row in found
    )
    return ports, outlets


def _to_port(port: queries.PortRow, tagged: Sequence[str]) -> SwitchPort:
    """Give a port; without any VLAN nobody has entered what it carries."""
    if port.untagged is None and not tagged:
        return SwitchPort(port.code, poe_class=port.poe_class)
    return SwitchPort(port.code, port.untagged or "", tuple(tagged), port.poe_class)


def _list_place_words(sites: Sequence[RowMapping]) -> tuple[str, ...]:
    words = {row["code"] for row in sites}
    for row in sites:
        words |= {word for word in re.findall(r"\w+", row["name"]) if len(word) >= SHORTEST_WORD}
    return tuple(sorted(words))


def _list_exemptions(session: Session) -> Iterator[Exemption]:
    """Give the approved exemptions: what is only proposed, or has lapsed, counts as nothing."""
    for record, subject in list_with_subjects(session):
        if record.approver is not None and subject is not None:
            yield Exemption(
                record.rule,
                subject,
                record.reason,
                record.author,
                record.approver,
                record.expires_on,
            )
