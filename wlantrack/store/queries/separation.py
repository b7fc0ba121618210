"""Selects for the separation check: columns of what it judges, exemptions, approvals of areas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.access_points import (
    AccessPoint,
    AccessPointBssid,
    AccessPointModel,
)
from wlantrack.store.models.cabling import CableRun, Outlet, PortVlan, Switch, SwitchPort
from wlantrack.store.models.networks import Vlan
from wlantrack.store.models.places import Building, Floor, Room
from wlantrack.store.models.separation import AreaApproval, Exemption
from wlantrack.store.queries.access_points import in_scopes
from wlantrack.store.queries.places import in_buildings

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy import RowMapping
    from sqlalchemy.orm import Session

    Scopes = Collection[tuple[int, int | None]] | None

_GONE = ("decommissioned",)
_PLAIN = (
    "public_id",
    "code",
    "state",
    "serial",
    "mac",
    "is_public",
    "is_outdoor",
    "x_m",
    "y_m",
    "room_id",
    "has_theft_protection",
    "ip_class",
    "has_surge_protection",
    "hardening",
    "measured_on",
    "used_until",
    "purchased_on",
    "has_red_declaration",
    "revoked_on",
    "link_tested_on",
)


@dataclass(frozen=True)
class PortRow:
    """A switch port that a cable leads from, and to what."""

    id: int
    switch: str
    name: str
    poe_class: int | None
    untagged: str | None
    access_point_id: int | None
    outlet_id: int | None

    @property
    def code(self) -> str:
        """Give the port as people name it."""
        return f"{self.switch}/{self.name}"


@dataclass(frozen=True)
class AreaRow:
    """A secure room and where it lies."""

    id: int
    public_id: uuid.UUID
    building: str
    building_id: int
    level: int
    floor_id: int
    floor_public_id: uuid.UUID
    wing_id: int | None
    number: str
    name: str
    outline: BaseGeometry | None

    @property
    def code(self) -> str:
        """Give the room as findings name it, such as RH/3/EV3.1."""
        return f"{self.building}/{self.level}/{self.number}"


@dataclass(frozen=True)
class ApprovalRow:
    """An approval of a secure room; ``access_point`` None: of whatever sends there."""

    public_id: uuid.UUID
    version: int
    room_id: int
    access_point: str | None
    approved_by: str
    approved_on: date
    expires_on: date | None


@dataclass(frozen=True)
class OutletRow:
    """An outlet, and whether its room is open to the public; None without a room."""

    id: int
    code: str
    building_id: int
    wing_id: int | None
    is_public: bool | None


def list_points(session: Session, scopes: Scopes) -> Sequence[RowMapping]:
    """Give what the check asks of the access points in scope, by code."""
    return (
        session.execute(
            select(
                AccessPoint.id,
                *(getattr(AccessPoint, name) for name in _PLAIN),
                AccessPoint.floor_id,
                AccessPoint.wing_id,
                Floor.building_id,
                Floor.level,
                Building.code.label("building"),
                AccessPointModel.code.label("model"),
                AccessPointModel.poe_class,
                AccessPointModel.end_of_support,
            )
            .join(Floor, Floor.id == AccessPoint.floor_id)
            .join(Building, Building.id == Floor.building_id)
            .join(AccessPointModel, AccessPointModel.id == AccessPoint.model_id)
            .where(in_scopes(scopes))
            .order_by(AccessPoint.code)
        )
        .mappings()
        .all()
    )


def list_addresses(session: Session, scopes: Scopes) -> list[tuple[int, str]]:
    """Give access point and BSSID of every address in scope."""
    rows = session.execute(
        select(AccessPointBssid.access_point_id, AccessPointBssid.bssid)
        .join(AccessPoint, AccessPoint.id == AccessPointBssid.access_point_id)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(in_scopes(scopes))
        .order_by(AccessPointBssid.bssid)
    )
    return [(point_id, bssid) for point_id, bssid in rows]


def list_ports(session: Session) -> list[PortRow]:
    """Give the ports that a cable in use is patched to."""
    rows = session.execute(
        select(
            SwitchPort.id,
            Switch.code,
            SwitchPort.name,
            SwitchPort.poe_class,
            Vlan.code,
            CableRun.access_point_id,
            CableRun.outlet_id,
        )
        .join(Switch, Switch.id == SwitchPort.switch_id)
        .join(CableRun, CableRun.id == SwitchPort.cable_run_id)
        .outerjoin(Vlan, Vlan.id == SwitchPort.untagged_vlan_id)
        .where(
            or_(CableRun.access_point_id.is_not(None), CableRun.outlet_id.is_not(None)),
            CableRun.state.not_in(_GONE),
        )
        .order_by(Switch.code, SwitchPort.name)
    )
    return [PortRow(*row) for row in rows]


def load_bare_ports(session: Session) -> list[SwitchPort]:
    """Load the patched ports of which nobody has said what they carry, with their cables."""
    return [
        port
        for port in session.scalars(
            select(SwitchPort)
            .options(joinedload(SwitchPort.cable_run), selectinload(SwitchPort.tagged))
            .where(SwitchPort.cable_run_id.is_not(None), SwitchPort.untagged_vlan_id.is_(None))
            .order_by(SwitchPort.id)
        )
        if not port.tagged
    ]


def list_tagged(session: Session) -> list[tuple[int, str]]:
    """Give port and VLAN of everything that ports carry tagged, by VLAN."""
    rows = session.execute(
        select(PortVlan.switch_port_id, Vlan.code)
        .join(Vlan, Vlan.id == PortVlan.vlan_id)
        .order_by(Vlan.code)
    )
    return [(port_id, code) for port_id, code in rows]


def list_outlets(session: Session, scopes: Scopes) -> list[OutletRow]:
    """Give the outlets in scope, by code."""
    rows = session.execute(
        select(Outlet.id, Outlet.code, Floor.building_id, Outlet.wing_id, Room.is_public)
        .join(Floor, Floor.id == Outlet.floor_id)
        .outerjoin(Room, Room.id == Outlet.room_id)
        .order_by(Outlet.code)
    )
    return [OutletRow(*row) for row in rows if _covers(scopes, row[2], row[3])]


def list_areas(session: Session, scopes: Scopes) -> list[AreaRow]:
    """Give the secure rooms in scope, by building, level and number."""
    rows = session.execute(
        select(
            Room.id,
            Room.public_id,
            Building.code,
            Floor.building_id,
            Floor.level,
            Room.floor_id,
            Floor.public_id,
            Room.wing_id,
            Room.number,
            Room.name,
            Room.outline,
        )
        .join(Floor, Floor.id == Room.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(Room.is_secure)
        .order_by(Building.code, Floor.level, Room.number)
    )
    return [AreaRow(*row) for row in rows if _covers(scopes, row[3], row[7])]


def _covers(scopes: Scopes, building_id: int, wing_id: int | None) -> bool:
    return scopes is None or bool({(building_id, None), (building_id, wing_id)} & set(scopes))


def list_approvals(session: Session, room_ids: Iterable[int]) -> list[ApprovalRow]:
    """Give the approvals of secure rooms, the latest first."""
    wanted = set(room_ids)
    rows = session.execute(
        select(
            AreaApproval.public_id,
            AreaApproval.version,
            AreaApproval.room_id,
            AccessPoint.code,
            AreaApproval.approved_by,
            AreaApproval.approved_on,
            AreaApproval.expires_on,
        )
        .outerjoin(AccessPoint, AccessPoint.id == AreaApproval.access_point_id)
        .order_by(AreaApproval.approved_on.desc(), AreaApproval.id.desc())
    )
    return [ApprovalRow(*row) for row in rows if row[2] in wanted]


def get_approval(session: Session, public_id: uuid.UUID) -> AreaApproval | None:
    """Load an approval with its room and floor."""
    return session.scalar(
        select(AreaApproval)
        .options(joinedload(AreaApproval.room).joinedload(Room.floor))
        .where(AreaApproval.public_id == public_id)
    )


def list_sites(session: Session, building_ids: Iterable[int] | None) -> Sequence[RowMapping]:
    """Give the buildings in scope, when they were looked over and what they are called."""
    return (
        session.execute(
            select(
                Building.id,
                Building.public_id,
                Building.code,
                Building.name,
                Building.audited_on,
                Building.rogue_scanned_on,
                Building.tamper_checked_on,
            )
            .where(in_buildings(building_ids))
            .order_by(Building.code)
        )
        .mappings()
        .all()
    )


def list_exemptions(session: Session) -> list[Exemption]:
    """Load all exemptions: by rule and subject, what ends last first."""
    return list(
        session.scalars(
            select(Exemption).order_by(
                Exemption.rule,
                Exemption.subject_kind,
                Exemption.subject_code,
                Exemption.expires_on.desc(),
                Exemption.id,
            )
        )
    )


def list_bssids(session: Session, point_id: int) -> list[AccessPointBssid]:
    """Load the addresses of an access point, in their order."""
    return list(
        session.scalars(
            select(AccessPointBssid)
            .where(AccessPointBssid.access_point_id == point_id)
            .order_by(AccessPointBssid.bssid)
        )
    )


def map_bssids(session: Session) -> dict[int, list[AccessPointBssid]]:
    """Load every access point's addresses, by its id."""
    found: dict[int, list[AccessPointBssid]] = {}
    for record in session.scalars(select(AccessPointBssid).order_by(AccessPointBssid.bssid)):
        found.setdefault(record.access_point_id, []).append(record)
    return found
