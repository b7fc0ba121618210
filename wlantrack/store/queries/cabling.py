"""Selects of distributors, switches with their ports, and outlets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.access_points import AccessPoint, AccessPointModel
from wlantrack.store.models.cabling import (
    CableRun,
    Distributor,
    Outlet,
    PortVlan,
    Switch,
    SwitchPort,
)
from wlantrack.store.models.networks import Vlan
from wlantrack.store.models.places import Building, Floor, Room, Wing
from wlantrack.store.queries.paging import Page, fetch_page
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import SortColumns
    from wlantrack.store.queries.scopes import Pairs


@dataclass(frozen=True)
class PartFilter:
    """What a list of distributors, switches or outlets is narrowed to."""

    words: str = ""
    building: str = ""
    wing: str = ""
    distributor: str = ""


@dataclass(frozen=True)
class DistributorRow:
    """One line of the list of distributors."""

    id: int
    public_id: uuid.UUID
    code: str
    name: str
    building: str
    level: int
    wing: str | None
    room: str | None
    switch_count: int
    run_count: int
    note: str


@dataclass(frozen=True)
class SwitchRow:
    """One line of the list of switches."""

    id: int
    public_id: uuid.UUID
    code: str
    model: str
    distributor: str
    distributor_public_id: uuid.UUID
    building: str
    wing: str | None
    poe_budget_w: float | None
    serial: str
    note: str


@dataclass(frozen=True)
class OutletRow:
    """One line of the list of outlets."""

    id: int
    public_id: uuid.UUID
    code: str
    building: str
    level: int
    wing: str | None
    room: str | None
    run_count: int
    note: str


@dataclass(frozen=True)
class PortRow:
    """A switch port with the run on it, and what the access point behind it needs."""

    switch_id: int
    switch: str
    poe_budget_w: float | None
    port: str | None
    is_taken: bool
    is_powered: bool
    poe_class: int | None


def _search(words: str, *columns: Any) -> ColumnElement[bool]:  # noqa: ANN401 - any column
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


_DISTRIBUTOR_SORTS: SortColumns = {
    "code": (Distributor.code,),
    "name": (Distributor.name, Distributor.code),
    "floor": (Building.code, Floor.level, Distributor.code),
    "wing": (Wing.code, Distributor.code),
    "room": (Room.number, Distributor.code),
}


def list_distributors(
    session: Session, pairs: Pairs, narrow: PartFilter, page: Page
) -> tuple[list[DistributorRow], int]:
    """Give one page of the distributors that match, and how many there are."""
    switches = select(func.count()).where(Switch.distributor_id == Distributor.id).scalar_subquery()
    runs = select(func.count()).where(CableRun.distributor_id == Distributor.id).scalar_subquery()
    query = (
        select(
            Distributor.id,
            Distributor.public_id,
            Distributor.code,
            Distributor.name,
            Building.code.label("building"),
            Floor.level,
            Wing.code.label("wing"),
            Room.number.label("room"),
            switches.label("switch_count"),
            runs.label("run_count"),
            Distributor.note,
        )
        .join(Floor, Floor.id == Distributor.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Wing, Wing.id == Distributor.wing_id)
        .outerjoin(Room, Room.id == Distributor.room_id)
        .where(
            in_places(pairs, Floor.building_id, Distributor.wing_id),
            Building.code == narrow.building if narrow.building else true(),
            Wing.code == narrow.wing if narrow.wing else true(),
            _search(narrow.words, Distributor.code, Distributor.name, Room.number, Distributor.note)
            if narrow.words
            else true(),
        )
    )
    rows, total = fetch_page(session, query, _DISTRIBUTOR_SORTS, page)
    return [DistributorRow(**row) for row in rows], total


def list_distributors_on(session: Session, floor_id: int) -> list[Distributor]:
    """Give the distributors of a floor whose position is known, by code."""
    query = select(Distributor).where(
        Distributor.floor_id == floor_id, Distributor.x_m.is_not(None)
    )
    return list(session.scalars(query.order_by(Distributor.code)))


_SWITCH_SORTS: SortColumns = {
    "code": (Switch.code,),
    "model": (Switch.model, Switch.code),
    "distributor": (Distributor.code, Switch.code),
    "wing": (Wing.code, Switch.code),
    "budget": (Switch.poe_budget_w, Switch.code),
    "serial": (Switch.serial, Switch.code),
}


def list_switches(
    session: Session, pairs: Pairs, narrow: PartFilter, page: Page
) -> tuple[list[SwitchRow], int]:
    """Give one page of the switches that match, and how many there are."""
    query = (
        select(
            Switch.id,
            Switch.public_id,
            Switch.code,
            Switch.model,
            Distributor.code.label("distributor"),
            Distributor.public_id.label("distributor_public_id"),
            Building.code.label("building"),
            Wing.code.label("wing"),
            Switch.poe_budget_w,
            Switch.serial,
            Switch.note,
        )
        .join(Distributor, Distributor.id == Switch.distributor_id)
        .join(Floor, Floor.id == Distributor.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Wing, Wing.id == Distributor.wing_id)
        .where(
            in_places(pairs, Floor.building_id, Distributor.wing_id),
            Building.code == narrow.building if narrow.building else true(),
            Wing.code == narrow.wing if narrow.wing else true(),
            Distributor.code == narrow.distributor if narrow.distributor else true(),
            _search(narrow.words, Switch.code, Switch.model, Switch.serial, Switch.note)
            if narrow.words
            else true(),
        )
    )
    rows, total = fetch_page(session, query, _SWITCH_SORTS, page)
    return [SwitchRow(**row) for row in rows], total


_OUTLET_SORTS: SortColumns = {
    "code": (Outlet.code,),
    "floor": (Building.code, Floor.level, Outlet.code),
    "wing": (Wing.code, Outlet.code),
    "room": (Room.number, Outlet.code),
}


def list_outlets(
    session: Session, pairs: Pairs, narrow: PartFilter, page: Page
) -> tuple[list[OutletRow], int]:
    """Give one page of the outlets that match, and how many there are."""
    runs = select(func.count()).where(CableRun.outlet_id == Outlet.id).scalar_subquery()
    query = (
        select(
            Outlet.id,
            Outlet.public_id,
            Outlet.code,
            Building.code.label("building"),
            Floor.level,
            Wing.code.label("wing"),
            Room.number.label("room"),
            runs.label("run_count"),
            Outlet.note,
        )
        .join(Floor, Floor.id == Outlet.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Wing, Wing.id == Outlet.wing_id)
        .outerjoin(Room, Room.id == Outlet.room_id)
        .where(
            in_places(pairs, Floor.building_id, Outlet.wing_id),
            Building.code == narrow.building if narrow.building else true(),
            Wing.code == narrow.wing if narrow.wing else true(),
            _search(narrow.words, Outlet.code, Room.number, Outlet.note)
            if narrow.words
            else true(),
        )
    )
    rows, total = fetch_page(session, query, _OUTLET_SORTS, page)
    return [OutletRow(**row) for row in rows], total


def _whole_distributor() -> Select[Distributor]:
    return select(Distributor).options(
        joinedload(Distributor.floor).joinedload(Floor.building),
        joinedload(Distributor.wing),
        joinedload(Distributor.room),
    )


def get_distributor(session: Session, public_id: uuid.UUID) -> Distributor | None:
    """Load a distributor with its place."""
    return session.scalar(_whole_distributor().where(Distributor.public_id == public_id))


def load_distributors(session: Session, pairs: Pairs) -> list[Distributor]:
    """Load every distributor in scope with its place, by code."""
    return list(
        session.scalars(
            _whole_distributor()
            .join(Floor, Floor.id == Distributor.floor_id)
            .where(in_places(pairs, Floor.building_id, Distributor.wing_id))
            .order_by(Distributor.code)
        )
    )


def _whole_switch() -> Select[Switch]:
    return select(Switch).options(
        joinedload(Switch.distributor).joinedload(Distributor.floor).joinedload(Floor.building),
        joinedload(Switch.distributor).joinedload(Distributor.wing),
        selectinload(Switch.ports).options(
            joinedload(SwitchPort.untagged_vlan),
            selectinload(SwitchPort.tagged).joinedload(PortVlan.vlan),
            joinedload(SwitchPort.cable_run).options(
                joinedload(CableRun.access_point).joinedload(AccessPoint.model),
                joinedload(CableRun.outlet),
                joinedload(CableRun.floor),
            ),
        ),
    )


def get_switch(session: Session, public_id: uuid.UUID) -> Switch | None:
    """Load a switch with its ports, the runs on them and the segments they carry."""
    return session.scalar(_whole_switch().where(Switch.public_id == public_id))


def load_switches(session: Session, pairs: Pairs) -> list[Switch]:
    """Load every switch in scope with its ports, by code."""
    return list(
        session.scalars(
            _whole_switch()
            .join(Distributor, Distributor.id == Switch.distributor_id)
            .join(Floor, Floor.id == Distributor.floor_id)
            .where(in_places(pairs, Floor.building_id, Distributor.wing_id))
            .order_by(Switch.code)
        )
    )


def get_port(session: Session, public_id: uuid.UUID) -> SwitchPort | None:
    """Load a port with its switch, where that is, its run and its segments."""
    return session.scalar(
        select(SwitchPort)
        .where(SwitchPort.public_id == public_id)
        .options(
            joinedload(SwitchPort.switch)
            .joinedload(Switch.distributor)
            .joinedload(Distributor.floor)
            .joinedload(Floor.building),
            joinedload(SwitchPort.untagged_vlan),
            selectinload(SwitchPort.tagged).joinedload(PortVlan.vlan),
            joinedload(SwitchPort.cable_run).joinedload(CableRun.floor),
        )
    )


def find_port(session: Session, switch_code: str, port_name: str) -> SwitchPort | None:
    """Load a port by its switch's code and its own name, with switch, place and run."""
    return session.scalar(
        select(SwitchPort)
        .join(Switch, Switch.id == SwitchPort.switch_id)
        .where(Switch.code == switch_code, SwitchPort.name == port_name)
        .options(
            joinedload(SwitchPort.switch)
            .joinedload(Switch.distributor)
            .joinedload(Distributor.floor),
            joinedload(SwitchPort.cable_run).joinedload(CableRun.floor),
        )
    )


def list_free_ports(session: Session, distributor_id: int) -> list[tuple[str, str]]:
    """Give (switch code, port name) of the free ports in a distributor."""
    query = (
        select(Switch.code, SwitchPort.name)
        .join(Switch, Switch.id == SwitchPort.switch_id)
        .where(Switch.distributor_id == distributor_id, SwitchPort.cable_run_id.is_(None))
        .order_by(Switch.code, SwitchPort.id)
    )
    return [(code, name) for code, name in session.execute(query)]


def list_port_rows(session: Session, switch_ids: Collection[int]) -> list[PortRow]:
    """Give every port of some switches with its need; a switch without ports has one empty row."""
    query = (
        select(
            Switch.id.label("switch_id"),
            Switch.code.label("switch"),
            Switch.poe_budget_w,
            SwitchPort.name.label("port"),
            SwitchPort.cable_run_id.is_not(None).label("is_taken"),
            CableRun.access_point_id.is_not(None).label("is_powered"),
            AccessPointModel.poe_class,
        )
        .select_from(Switch)
        .outerjoin(SwitchPort, SwitchPort.switch_id == Switch.id)
        .outerjoin(
            CableRun,
            and_(CableRun.id == SwitchPort.cable_run_id, CableRun.state != "decommissioned"),
        )
        .outerjoin(AccessPoint, AccessPoint.id == CableRun.access_point_id)
        .outerjoin(AccessPointModel, AccessPointModel.id == AccessPoint.model_id)
        .where(Switch.id.in_(switch_ids))
        .order_by(Switch.id, SwitchPort.id)
    )
    return [PortRow(**row) for row in session.execute(query).mappings()]


def list_switch_ids(session: Session, distributor_ids: Collection[int]) -> dict[int, list[int]]:
    """Give the switches of some distributors, by distributor."""
    query = select(Switch.distributor_id, Switch.id).where(
        Switch.distributor_id.in_(distributor_ids)
    )
    found: dict[int, list[int]] = {}
    for distributor_id, switch_id in session.execute(query.order_by(Switch.code)):
        found.setdefault(distributor_id, []).append(switch_id)
    return found


def count_coming_runs(session: Session, distributor_ids: Collection[int]) -> dict[int, int]:
    """Give how many runs of some distributors are on no switch port yet, by distributor."""
    query = (
        select(CableRun.distributor_id, func.count())
        .outerjoin(SwitchPort, SwitchPort.cable_run_id == CableRun.id)
        .where(
            CableRun.distributor_id.in_(distributor_ids),
            CableRun.state != "decommissioned",
            SwitchPort.id.is_(None),
        )
        .group_by(CableRun.distributor_id)
    )
    return {id_: count for id_, count in session.execute(query) if id_ is not None}


def _whole_outlet() -> Select[Outlet]:
    return select(Outlet).options(
        joinedload(Outlet.floor).joinedload(Floor.building),
        joinedload(Outlet.wing),
        joinedload(Outlet.room),
    )


def get_outlet(session: Session, public_id: uuid.UUID) -> Outlet | None:
    """Load an outlet with its place."""
    return session.scalar(_whole_outlet().where(Outlet.public_id == public_id))


def load_outlets(session: Session, pairs: Pairs) -> list[Outlet]:
    """Load every outlet in scope with its place, by code."""
    return list(
        session.scalars(
            _whole_outlet()
            .join(Floor, Floor.id == Outlet.floor_id)
            .where(in_places(pairs, Floor.building_id, Outlet.wing_id))
            .order_by(Outlet.code)
        )
    )


def list_codes(
    session: Session, kind: type[Distributor | Switch | Outlet], prefix: str
) -> list[str]:
    """Give the codes of a kind that begin with a prefix."""
    return list(
        session.scalars(select(kind.code).where(kind.code.startswith(prefix, autoescape=True)))
    )


def find_by_code(
    session: Session, kind: type[Distributor | Switch | Outlet], code: str
) -> int | None:
    """Give the id of the record of a kind and code."""
    return session.scalar(select(kind.id).where(kind.code == code))


def count_uses(session: Session, record: Distributor | Outlet) -> int:
    """Count the runs and switches that hang on a distributor or outlet."""
    if isinstance(record, Outlet):
        query = select(func.count()).where(CableRun.outlet_id == record.id)
        return session.scalar(query) or 0
    runs = select(func.count()).where(CableRun.distributor_id == record.id)
    switches = select(func.count()).where(Switch.distributor_id == record.id)
    return (session.scalar(runs) or 0) + (session.scalar(switches) or 0)


def list_vlans(session: Session) -> list[Vlan]:
    """Give all segments, by code."""
    return list(session.scalars(select(Vlan).order_by(Vlan.code)))
