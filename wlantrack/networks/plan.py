"""What the separation check judges: the planned networks as plain values.

Decides which inputs the rules have. Refuses to know where they come from. **None or an empty text
means that something is not known**; where nothing there is an answer of its own, the field says
how it is written. Names are those of the columns; records name each other by code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

VISITOR = "visitor"
MANAGEMENT = "management"

LIVE_STATES = frozenset({"in operation", "accepted"})
"""States of an access point that serves people."""

GONE_STATES = frozenset({"lost", "removed"})
"""States of an access point that hangs nowhere any more."""

HARDENING_ITEMS = (
    "credentials changed",
    "default names removed",
    "firmware current",
    "management encrypted",
    "unused services off",
    "console closed",
)
"""What has to be done to a device before it serves people (NET.2.1.A5)."""


@dataclass(frozen=True, order=True)
class Subject:
    """What a finding or an exemption is about: its kind and its code.

    Kinds: plan, ssid, segment, access point, radio (its code is access point/slot), outlet,
    secure area, site, export.
    """

    kind: str
    code: str = ""


@dataclass(frozen=True)
class Segment:
    """A VLAN with its subnets and firewall zone; ``family`` (v4, v6, both) is what it routes."""

    code: str
    network_class: str = ""
    vid: int | None = None
    family: str = ""
    subnet_v4: str = ""
    subnet_v6: str = ""
    zone: str = ""


@dataclass(frozen=True)
class Ssid:
    """A network name as clients see it; ``vlan`` is the code of its segment.

    Two empty values are answers: ``ends_on`` None is an open end, ``migration_on`` None is no
    date. ``has_portal`` None with a ``portal_url`` is a portal.
    """

    code: str
    name: str = ""
    network_class: str = ""
    vlan: str = ""
    state: str = ""
    security: str = ""
    pmf: str = ""
    is_on_6: bool | None = None
    is_isolated: bool | None = None
    uses_wps: bool | None = None
    uses_tkip: bool | None = None
    has_portal: bool | None = None
    portal_url: str = ""
    privacy_notice_version: str = ""
    psk_length: int | None = None
    is_psk_unique: bool | None = None
    psk_attested_on: date | None = None
    migration_on: date | None = None
    owner: str = ""
    purpose: str = ""
    protection_need: str | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class OnAir:
    """An SSID on air on one radio of an access point."""

    ssid: str
    access_point: str
    slot: int
    band: str


@dataclass(frozen=True)
class Renovation:
    """Building work around an access point, and the day it ended or is to end."""

    code: str
    ended_on: date | None = None


@dataclass(frozen=True)
class AccessPoint:
    """An access point; ``switch_port`` is the code of the port that its uplink is patched to.

    ``poe_class`` is what its model draws; ``renovations`` are those of its place, () for none;
    ``hardening`` holds the answered items of ``HARDENING_ITEMS``. Dates of things to be done
    (``measured_on``, ``link_tested_on``, ``revoked_on``) are None until they are done.
    """

    code: str
    state: str = ""
    site: str = ""
    model: str = ""
    floor: str = ""
    position_xy_m: tuple[float, float] | None = None
    serial: str = ""
    mac: str = ""
    bssids: tuple[str, ...] = ()
    is_public: bool | None = None
    is_outdoor: bool | None = None
    has_theft_protection: bool | None = None
    ip_class: str = ""
    has_surge_protection: bool | None = None
    hardening: Mapping[str, bool] = field(default_factory=dict)
    measured_on: date | None = None
    renovations: tuple[Renovation, ...] | None = None
    support_ends_on: date | None = None
    used_until: date | None = None
    purchased_on: date | None = None
    has_red_declaration: bool | None = None
    revoked_on: date | None = None
    link_tested_on: date | None = None
    poe_class: int | None = None
    switch_port: str = ""


@dataclass(frozen=True)
class SwitchPort:
    """A port; ``untagged_vlan`` is "" and ``tagged`` is () where it is known to carry none."""

    code: str
    untagged_vlan: str | None = None
    tagged: tuple[str, ...] | None = None
    poe_class: int | None = None


@dataclass(frozen=True)
class Outlet:
    """A data outlet; ``switch_port`` is "" where it is known to be patched to none.

    ``is_public`` says that visitors reach it; ``access_point`` names one that is plugged in.
    """

    code: str
    is_public: bool | None = None
    switch_port: str | None = None
    access_point: str = ""


@dataclass(frozen=True)
class Flow:
    """A path that the firewall allows or denies from one segment to another.

    ``services`` are separated by commas; none stands for all. ``family`` is v4, v6 or both.
    """

    code: str
    source: str
    target: str
    action: str = ""
    family: str = ""
    services: str = ""


@dataclass(frozen=True)
class AreaApproval:
    """Leave for one access point in, or heard in, a secure area; ``expires_on`` None: for good."""

    access_point: str
    approved_by: str = ""
    approved_on: date | None = None
    expires_on: date | None = None


@dataclass(frozen=True)
class SecureArea:
    """An area that needs approval; None where nobody looked or predicted, () for none."""

    code: str
    access_points: tuple[str, ...] | None = None
    covered_by: tuple[str, ...] | None = None
    approvals: tuple[AreaApproval, ...] = ()


@dataclass(frozen=True)
class Site:
    """A building, and when it was last looked over."""

    code: str
    audited_on: date | None = None
    rogue_scanned_on: date | None = None
    tamper_checked_on: date | None = None


@dataclass(frozen=True)
class PublicExport:
    """What the public bundle holds, beside what it may hold; objects by their public ids."""

    keys: tuple[str, ...]
    objects: tuple[str, ...]
    allowed_keys: tuple[str, ...] | None = None
    published: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Exemption:
    """Leave to break one rule for one subject, until the end of a day."""

    rule: str
    subject: Subject
    reason: str = ""
    author: str = ""
    approver: str = ""
    expires_on: date | None = None


@dataclass(frozen=True)
class NetworkPlan:
    """Everything that is judged, as of one day.

    ``denies_by_default`` is the attestation that the firewall denies what no flow allows.
    ``organisation_words`` and ``place_words`` are names that an SSID should not carry. ``on_air``
    holds retired SSIDs too, where they still are.
    """

    as_of: date
    segments: tuple[Segment, ...] = ()
    ssids: tuple[Ssid, ...] = ()
    access_points: tuple[AccessPoint, ...] = ()
    on_air: tuple[OnAir, ...] | None = None
    switch_ports: tuple[SwitchPort, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    flows: tuple[Flow, ...] = ()
    denies_by_default: bool | None = None
    secure_areas: tuple[SecureArea, ...] | None = None
    sites: tuple[Site, ...] = ()
    public_export: PublicExport | None = None
    organisation_words: tuple[str, ...] | None = None
    place_words: tuple[str, ...] | None = None
    exemptions: tuple[Exemption, ...] = ()
