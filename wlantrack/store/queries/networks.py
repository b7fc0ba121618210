"""Selects of VLANs, SSIDs with their scopes, and flows; each says what it loads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.networks import Flow, Ssid, SsidScope, Vlan
from wlantrack.store.models.places import Floor, Wing
from wlantrack.store.queries.paging import fetch_page

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page, SortColumns


@dataclass(frozen=True)
class NetworkFilter:
    """What lists of VLANs, SSIDs and flows are narrowed to; empty fields narrow nothing."""

    words: str = ""
    network_class: str = ""
    state: str = ""
    security: str = ""
    vlan: str = ""
    zone: str = ""
    action: str = ""


@dataclass(frozen=True)
class VlanRow:
    """One line of the list of VLANs."""

    public_id: uuid.UUID
    code: str
    vid: int
    name: str
    network_class: str
    subnet_v4: str
    subnet_v6: str
    zone: str
    owner: str
    purpose: str
    protection_need: str | None
    note: str
    ssids: int


@dataclass(frozen=True)
class SsidRow:
    """One line of the list of SSIDs; ``id`` finds its count of access points."""

    id: int
    public_id: uuid.UUID
    code: str
    name: str
    network_class: str
    vlan: str
    vid: int
    vlan_public_id: uuid.UUID
    state: str
    security: str
    pmf: str
    is_on_24: bool
    is_on_5: bool
    is_on_6: bool
    is_isolated: bool | None
    owner: str
    purpose: str
    protection_need: str | None
    ends_on: date | None
    note: str


@dataclass(frozen=True)
class FlowRow:
    """One line of the list of flows."""

    public_id: uuid.UUID
    code: str
    source: str
    source_class: str
    target: str
    target_class: str
    action: str
    family: str
    services: str
    note: str


_Source, _Target = aliased(Vlan), aliased(Vlan)

VLAN_SORTS: SortColumns = {
    "code": (Vlan.code,),
    **{
        name: (getattr(Vlan, name), Vlan.code)
        for name in ("vid", "name", "network_class", "subnet_v4", "subnet_v6", "zone", "owner")
    },
    "purpose": (Vlan.purpose, Vlan.code),
    "protection_need": (Vlan.protection_need, Vlan.code),
}
SSID_SORTS: SortColumns = {
    "code": (Ssid.code,),
    **{
        name: (getattr(Ssid, name), Ssid.code)
        for name in ("name", "network_class", "state", "security", "pmf", "owner", "purpose")
    },
    "vlan": (Vlan.vid, Ssid.code),
    "isolated": (Ssid.is_isolated, Ssid.code),
    "protection_need": (Ssid.protection_need, Ssid.code),
    "ends_on": (Ssid.ends_on, Ssid.code),
}
FLOW_SORTS: SortColumns = {
    "code": (Flow.code,),
    "source": (_Source.code, Flow.code),
    "target": (_Target.code, Flow.code),
    "action": (Flow.action, Flow.code),
    "family": (Flow.family, Flow.code),
    "services": (Flow.services, Flow.code),
}


def _contains(words: str, *columns: Any) -> ColumnElement[bool]:  # noqa: ANN401 - mapped columns
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


def _all_of(*conditions: tuple[object, ColumnElement[bool]]) -> ColumnElement[bool]:
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def list_vlan_rows(
    session: Session, classes: Collection[str], narrow: NetworkFilter, page: Page
) -> tuple[list[VlanRow], int]:
    """Give one page of the VLANs of some classes, and how many match."""
    ssids = select(func.count()).where(Ssid.vlan_id == Vlan.id).scalar_subquery().label("ssids")
    plain = [name for name in VlanRow.__dataclass_fields__ if name != "ssids"]
    query = select(*(getattr(Vlan, name) for name in plain), ssids).where(
        Vlan.network_class.in_(classes),
        _all_of(
            (narrow.network_class, Vlan.network_class == narrow.network_class),
            (narrow.zone, Vlan.zone == narrow.zone),
            (
                narrow.words,
                _contains(
                    narrow.words,
                    Vlan.code,
                    Vlan.name,
                    Vlan.subnet_v4,
                    Vlan.subnet_v6,
                    Vlan.zone,
                    Vlan.owner,
                    Vlan.purpose,
                    Vlan.note,
                ),
            ),
        ),
    )
    rows, total = fetch_page(session, query, {**VLAN_SORTS, "ssids": (ssids, Vlan.code)}, page)
    return [VlanRow(**row) for row in rows], total


def list_ssid_rows(
    session: Session, classes: Collection[str], narrow: NetworkFilter, page: Page
) -> tuple[list[SsidRow], int]:
    """Give one page of the SSIDs of some classes, and how many match."""
    plain = [name for name in SsidRow.__dataclass_fields__ if name not in _VLAN_OF_SSID]
    query = (
        select(
            *(getattr(Ssid, name) for name in plain),
            *(getattr(Vlan, name).label(label) for label, name in _VLAN_OF_SSID.items()),
        )
        .join(Vlan, Vlan.id == Ssid.vlan_id)
        .where(
            Ssid.network_class.in_(classes),
            _all_of(
                (narrow.network_class, Ssid.network_class == narrow.network_class),
                (narrow.state, Ssid.state == narrow.state),
                (narrow.security, Ssid.security == narrow.security),
                (narrow.vlan, Vlan.code == narrow.vlan),
                (
                    narrow.words,
                    _contains(
                        narrow.words, Ssid.code, Ssid.name, Ssid.owner, Ssid.purpose, Ssid.note
                    ),
                ),
            ),
        )
    )
    rows, total = fetch_page(session, query, SSID_SORTS, page)
    return [SsidRow(**row) for row in rows], total


_VLAN_OF_SSID = {"vlan": "code", "vid": "vid", "vlan_public_id": "public_id"}


def list_flow_rows(
    session: Session, classes: Collection[str], narrow: NetworkFilter, page: Page
) -> tuple[list[FlowRow], int]:
    """Give one page of the flows between VLANs of some classes, and how many match."""
    plain = ("public_id", "code", "action", "family", "services", "note")
    query = (
        select(
            *(getattr(Flow, name) for name in plain),
            _Source.code.label("source"),
            _Source.network_class.label("source_class"),
            _Target.code.label("target"),
            _Target.network_class.label("target_class"),
        )
        .join(_Source, _Source.id == Flow.source_id)
        .join(_Target, _Target.id == Flow.target_id)
        .where(
            _Source.network_class.in_(classes),
            _Target.network_class.in_(classes),
            _all_of(
                (
                    narrow.network_class,
                    or_(
                        _Source.network_class == narrow.network_class,
                        _Target.network_class == narrow.network_class,
                    ),
                ),
                (narrow.vlan, or_(_Source.code == narrow.vlan, _Target.code == narrow.vlan)),
                (narrow.action, Flow.action == narrow.action),
                (
                    narrow.words,
                    _contains(
                        narrow.words,
                        Flow.code,
                        Flow.services,
                        Flow.note,
                        _Source.code,
                        _Target.code,
                    ),
                ),
            ),
        )
    )
    rows, total = fetch_page(session, query, FLOW_SORTS, page)
    return [FlowRow(**row) for row in rows], total


def list_vlans(session: Session, classes: Collection[str]) -> list[Vlan]:
    """Give the VLANs of some classes, by id on the wire and code."""
    return list(
        session.scalars(
            select(Vlan).where(Vlan.network_class.in_(classes)).order_by(Vlan.vid, Vlan.code)
        )
    )


def get_vlan(session: Session, key: uuid.UUID | str) -> Vlan | None:
    """Give a VLAN by public id or code."""
    column = Vlan.code if isinstance(key, str) else Vlan.public_id
    return session.scalar(select(Vlan).where(column == key))


def _whole_ssid() -> Select[Ssid]:
    scopes = selectinload(Ssid.scopes)
    point = scopes.joinedload(SsidScope.access_point)
    return select(Ssid).options(
        joinedload(Ssid.vlan),
        scopes.joinedload(SsidScope.building),
        scopes.joinedload(SsidScope.wing).joinedload(Wing.building),
        scopes.joinedload(SsidScope.floor).joinedload(Floor.building),
        point.joinedload(AccessPoint.floor).joinedload(Floor.building),
        point.joinedload(AccessPoint.wing),
    )


def get_ssid(session: Session, key: uuid.UUID | str) -> Ssid | None:
    """Load an SSID by public id or code, with its VLAN and its scopes with their places."""
    column = Ssid.code if isinstance(key, str) else Ssid.public_id
    return session.scalar(_whole_ssid().where(column == key))


def list_ssids(session: Session, classes: Collection[str]) -> list[Ssid]:
    """Load the SSIDs of some classes with VLANs, scopes and their places, by code."""
    return list(
        session.scalars(
            _whole_ssid().where(Ssid.network_class.in_(classes)).order_by(Ssid.code)
        ).unique()
    )


def list_for_resolution(session: Session, classes: Collection[str]) -> list[Ssid]:
    """Load the SSIDs of some classes with their scopes alone, by code."""
    return list(
        session.scalars(
            select(Ssid)
            .options(selectinload(Ssid.scopes))
            .where(Ssid.network_class.in_(classes))
            .order_by(Ssid.code)
        )
    )


def list_ssids_on(session: Session, vlan_id: int) -> list[Ssid]:
    """Give the SSIDs of a VLAN, by code."""
    return list(session.scalars(select(Ssid).where(Ssid.vlan_id == vlan_id).order_by(Ssid.code)))


def list_flows(session: Session, classes: Collection[str]) -> list[Flow]:
    """Load the flows between VLANs of some classes with both ends, by code."""
    return list(
        session.scalars(
            _whole_flow()
            .join(_Source, _Source.id == Flow.source_id)
            .join(_Target, _Target.id == Flow.target_id)
            .where(_Source.network_class.in_(classes), _Target.network_class.in_(classes))
            .order_by(Flow.code)
        )
    )


def list_flows_of(session: Session, vlan_id: int) -> list[Flow]:
    """Load the flows that begin or end in a VLAN, with both ends, by code."""
    return list(
        session.scalars(
            _whole_flow()
            .where(or_(Flow.source_id == vlan_id, Flow.target_id == vlan_id))
            .order_by(Flow.code)
        )
    )


def _whole_flow() -> Select[Flow]:
    return select(Flow).options(joinedload(Flow.source), joinedload(Flow.target))


def get_flow(session: Session, key: uuid.UUID | str) -> Flow | None:
    """Load a flow by public id or code, with both ends."""
    column = Flow.code if isinstance(key, str) else Flow.public_id
    return session.scalar(_whole_flow().where(column == key))


def get_scope(session: Session, public_id: uuid.UUID) -> SsidScope | None:
    """Load a scope with its SSID and the building its place lies in."""
    return session.scalar(
        select(SsidScope)
        .options(
            joinedload(SsidScope.ssid),
            joinedload(SsidScope.building),
            joinedload(SsidScope.wing),
            joinedload(SsidScope.floor),
            joinedload(SsidScope.access_point).joinedload(AccessPoint.floor),
        )
        .where(SsidScope.public_id == public_id)
    )


def list_zones(session: Session, classes: Iterable[str]) -> list[str]:
    """Give the firewall zones in which VLANs of some classes lie."""
    return list(
        session.scalars(
            select(Vlan.zone)
            .where(Vlan.network_class.in_(tuple(classes)), Vlan.zone != "")
            .distinct()
            .order_by(Vlan.zone)
        )
    )


def has_ssids(session: Session) -> bool:
    """Tell whether anybody has entered an SSID."""
    return session.scalar(select(Ssid.id).limit(1)) is not None
