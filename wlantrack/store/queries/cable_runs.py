"""Selects of cable runs: lines of lists, whole records, counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.rollout.cabling import COPPER_SPEEDS_MBIT, IN_USE, LENGTH_LIMITS_M
from wlantrack.store.models.access_points import AccessPoint, AccessPointModel
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch, SwitchPort
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.queries.paging import Page, fetch_page, in_portions
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import SortColumns
    from wlantrack.store.queries.scopes import Pairs, RunReach


@dataclass(frozen=True)
class CableFilter:
    """What a list of cable runs is narrowed to; empty fields narrow nothing.

    ``floor_id`` takes the runs that begin or end on a floor; ``run_ids`` those of given ids;
    ``may_warn`` leaves out those that cannot have a warning, so that fewer need to be looked at.
    """

    words: str = ""
    state: str = ""
    building: str = ""
    wing: str = ""
    level: int | None = None
    distributor: str = ""
    outlet: str = ""
    firm: str = ""
    floor_id: int | None = None
    run_ids: Collection[int] | None = None
    may_warn: bool = False


@dataclass(frozen=True)
class CableRow:
    """One line of the list of cable runs, with all that its warnings depend on."""

    id: int
    public_id: uuid.UUID
    version: int
    label: str
    state: str
    state_on: date | None
    building_id: int
    building: str
    level: int
    floor_public_id: uuid.UUID
    wing: str | None
    distributor: str | None
    distributor_public_id: uuid.UUID | None
    distributor_floor_id: int | None
    panel_port: str | None
    access_point: str | None
    access_point_public_id: uuid.UUID | None
    outlet: str | None
    outlet_public_id: uuid.UUID | None
    category: str
    test_limit: str
    length_planned_m: float | None
    length_actual_m: float | None
    crosses_fire_wall: bool
    firm: str
    legacy_id: str
    note: str
    poe_class: int | None
    switch_id: int | None
    switch: str | None
    switch_public_id: uuid.UUID | None
    port: str | None
    port_poe_class: int | None
    port_speed_mbit: int | None

    @property
    def far_end(self) -> str | None:
        """Give the code of the access point or outlet at the far end."""
        return self.access_point or self.outlet

    @property
    def port_name(self) -> str | None:
        """Give switch and port, such as ``RH-SW3-1/12``."""
        return None if self.switch is None else f"{self.switch}/{self.port}"


_FAR_END = func.coalesce(AccessPoint.code, Outlet.code)
SORTS: SortColumns = {
    "label": (CableRun.label,),
    "state": (CableRun.state, CableRun.label),
    "state_on": (CableRun.state_on, CableRun.label),
    "floor": (Building.code, Floor.level, CableRun.label),
    "wing": (Wing.code, CableRun.label),
    "distributor": (Distributor.code, CableRun.panel_port, CableRun.label),
    "panel_port": (CableRun.panel_port, CableRun.label),
    "far_end": (_FAR_END, CableRun.label),
    "port": (Switch.code, SwitchPort.name, CableRun.label),
    "category": (CableRun.category, CableRun.label),
    "length": (func.coalesce(CableRun.length_actual_m, CableRun.length_planned_m), CableRun.label),
    "fire_wall": (CableRun.crosses_fire_wall, CableRun.label),
    "firm": (CableRun.firm, CableRun.label),
    "legacy_id": (CableRun.legacy_id, CableRun.label),
}


def in_run_reach(reach: RunReach) -> ColumnElement[bool]:
    """Take the runs of the places in reach, and those that were given to a firm in reach."""
    in_place = in_places(reach.places, Floor.building_id, CableRun.wing_id)
    if not reach.firms:
        return in_place
    state = case((CableRun.state == "blocked", CableRun.state_before), else_=CableRun.state)
    own = [
        and_(
            CableRun.firm == firm,
            state.in_(reach.given),
            true() if building is None else Floor.building_id == building,
            true() if wing is None else CableRun.wing_id == wing,
        )
        for firm, building, wing in reach.firms
    ]
    return or_(in_place, *own)


def _may_warn() -> ColumnElement[bool]:
    """Take every run that can have a warning; ``rollout/cabling.py`` says which of them do."""
    return or_(
        CableRun.distributor_id.is_(None),
        CableRun.panel_port.is_(None),
        and_(CableRun.access_point_id.is_(None), CableRun.outlet_id.is_(None)),
        func.coalesce(CableRun.length_actual_m, CableRun.length_planned_m)
        > min(LENGTH_LIMITS_M.values()),
        CableRun.category.not_in(tuple(COPPER_SPEEDS_MBIT)),
        CableRun.state.in_(tuple(IN_USE)),
        SwitchPort.id.is_not(None),
    )


def _matches(narrow: CableFilter) -> ColumnElement[bool]:
    conditions: list[tuple[object, Any]] = [
        (narrow.state, CableRun.state == narrow.state),
        (narrow.building, Building.code == narrow.building),
        (narrow.wing, Wing.code == narrow.wing),
        (narrow.level is not None, Floor.level == narrow.level),
        (narrow.distributor, Distributor.code == narrow.distributor),
        (narrow.outlet, Outlet.code == narrow.outlet),
        (narrow.may_warn, _may_warn()),
        (narrow.firm, CableRun.firm == narrow.firm),
        (
            narrow.floor_id is not None,
            or_(CableRun.floor_id == narrow.floor_id, Distributor.floor_id == narrow.floor_id),
        ),
        (
            narrow.words,
            or_(
                *(
                    column.icontains(narrow.words, autoescape=True)
                    for column in (
                        CableRun.label,
                        AccessPoint.code,
                        Outlet.code,
                        Distributor.code,
                        CableRun.panel_port,
                        CableRun.firm,
                        CableRun.legacy_id,
                        CableRun.note,
                    )
                )
            ),
        ),
    ]
    if narrow.run_ids is not None:
        # Written out: there may be more ids than a statement may have parameters.
        ids: BindParameter[int] = bindparam(
            "run_ids", sorted(narrow.run_ids), expanding=True, literal_execute=True
        )
        conditions.append((True, CableRun.id.in_(ids)))
    return and_(true(), *(condition for is_set, condition in conditions if is_set))


def _lines(reach: RunReach, narrow: CableFilter) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CableRun.id,
            CableRun.public_id,
            CableRun.version,
            CableRun.label,
            CableRun.state,
            CableRun.state_on,
            Building.id.label("building_id"),
            Building.code.label("building"),
            Floor.level,
            Floor.public_id.label("floor_public_id"),
            Wing.code.label("wing"),
            Distributor.code.label("distributor"),
            Distributor.public_id.label("distributor_public_id"),
            Distributor.floor_id.label("distributor_floor_id"),
            CableRun.panel_port,
            AccessPoint.code.label("access_point"),
            AccessPoint.public_id.label("access_point_public_id"),
            Outlet.code.label("outlet"),
            Outlet.public_id.label("outlet_public_id"),
            CableRun.category,
            CableRun.test_limit,
            CableRun.length_planned_m,
            CableRun.length_actual_m,
            CableRun.crosses_fire_wall,
            CableRun.firm,
            CableRun.legacy_id,
            CableRun.note,
            AccessPointModel.poe_class,
            Switch.id.label("switch_id"),
            Switch.code.label("switch"),
            Switch.public_id.label("switch_public_id"),
            SwitchPort.name.label("port"),
            SwitchPort.poe_class.label("port_poe_class"),
            SwitchPort.speed_mbit.label("port_speed_mbit"),
        )
        .select_from(CableRun)
        .join(Floor, Floor.id == CableRun.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Wing, Wing.id == CableRun.wing_id)
        .outerjoin(Distributor, Distributor.id == CableRun.distributor_id)
        .outerjoin(AccessPoint, AccessPoint.id == CableRun.access_point_id)
        .outerjoin(AccessPointModel, AccessPointModel.id == AccessPoint.model_id)
        .outerjoin(Outlet, Outlet.id == CableRun.outlet_id)
        .outerjoin(SwitchPort, SwitchPort.cable_run_id == CableRun.id)
        .outerjoin(Switch, Switch.id == SwitchPort.switch_id)
        .where(in_run_reach(reach), _matches(narrow))
    )


def list_rows(
    session: Session, reach: RunReach, narrow: CableFilter, page: Page
) -> tuple[list[CableRow], int]:
    """Give one page of the list and the number of all lines that match."""
    rows, total = fetch_page(session, _lines(reach, narrow), SORTS, page)
    return [CableRow(**row) for row in rows], total


def list_first_rows(
    session: Session, reach: RunReach, narrow: CableFilter, limit: int
) -> list[CableRow]:
    """Give the first lines of each state that match, by label."""
    place = func.row_number().over(partition_by=CableRun.state, order_by=CableRun.label)
    lines = _lines(reach, narrow).add_columns(place.label("place")).subquery()
    columns = [column for column in lines.c if column is not lines.c.place]
    query = select(*columns).where(lines.c.place <= limit).order_by(lines.c.label)
    return [CableRow(**row) for row in session.execute(query).mappings()]


def list_all_rows(session: Session, reach: RunReach, narrow: CableFilter) -> list[CableRow]:
    """Give all lines that match, by label."""
    query = _lines(reach, narrow).order_by(CableRun.label)
    return [CableRow(**row) for row in session.execute(query).mappings()]


def count_states(session: Session, reach: RunReach, narrow: CableFilter) -> dict[str, int]:
    """Give how many of the runs that match are in each state."""
    lines = _lines(reach, narrow).subquery()
    query = select(lines.c.state, func.count().label("runs")).group_by(lines.c.state)
    return {row.state: row.runs for row in session.execute(query)}


def list_firms(session: Session, reach: RunReach) -> list[str]:
    """Give the firms that are named at any run in scope."""
    query = (
        select(CableRun.firm)
        .join(Floor, Floor.id == CableRun.floor_id)
        .where(in_run_reach(reach), CableRun.firm != "")
        .distinct()
        .order_by(CableRun.firm)
    )
    return list(session.scalars(query))


def _whole() -> Select[CableRun]:
    return select(CableRun).options(
        joinedload(CableRun.floor).joinedload(Floor.building),
        joinedload(CableRun.wing),
        joinedload(CableRun.distributor).joinedload(Distributor.floor).joinedload(Floor.building),
        joinedload(CableRun.access_point).joinedload(AccessPoint.model),
        joinedload(CableRun.access_point).joinedload(AccessPoint.floor).joinedload(Floor.building),
        joinedload(CableRun.outlet).joinedload(Outlet.floor).joinedload(Floor.building),
        joinedload(CableRun.outlet).joinedload(Outlet.room),
        joinedload(CableRun.switch_port).joinedload(SwitchPort.switch),
        selectinload(CableRun.steps),
    )


def get_run(session: Session, public_id: uuid.UUID) -> CableRun | None:
    """Load a run with both ends, its switch port and its steps."""
    return session.scalar(_whole().where(CableRun.public_id == public_id))


def get_by_labels(session: Session, labels: Collection[str]) -> dict[str, CableRun]:
    """Load runs by label, whole."""
    found: dict[str, CableRun] = {}
    ordered = sorted(labels)
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        for run in session.scalars(_whole().where(CableRun.label.in_(part))):
            found[run.label] = run
    return found


def load_runs(session: Session, public_ids: Iterable[uuid.UUID]) -> list[CableRun]:
    """Load runs by public id, whole, by label."""
    ids = tuple(public_ids)
    found: list[CableRun] = []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        found += session.scalars(_whole().where(CableRun.public_id.in_(part)))
    return sorted(found, key=lambda run: run.label)


def load_for_table(session: Session, pairs: Pairs) -> list[CableRun]:
    """Load every run in scope, whole, by label."""
    return list(
        session.scalars(
            _whole()
            .join(Floor, Floor.id == CableRun.floor_id)
            .where(in_places(pairs, Floor.building_id, CableRun.wing_id))
            .order_by(CableRun.label)
        )
    )


def list_labels(session: Session, prefix: str) -> list[str]:
    """Give the labels that begin with a prefix."""
    return list(
        session.scalars(
            select(CableRun.label).where(CableRun.label.startswith(prefix, autoescape=True))
        )
    )


def get_on_panel(session: Session, distributor_id: int, panel_port: str) -> CableRun | None:
    """Load the run on a panel port with its floor, None if the port is free."""
    return session.scalar(
        select(CableRun)
        .where(CableRun.distributor_id == distributor_id, CableRun.panel_port == panel_port)
        .options(joinedload(CableRun.floor))
    )


def list_ending_at(session: Session, access_point_id: int, reach: RunReach) -> list[CableRow]:
    """Give the runs that end at an access point."""
    query = _lines(reach, CableFilter()).where(CableRun.access_point_id == access_point_id)
    return [CableRow(**row) for row in session.execute(query.order_by(CableRun.label)).mappings()]


def list_placed_by(session: Session, end: AccessPoint | Outlet | Distributor) -> list[CableRun]:
    """Give the runs whose place is that of an end: the far one, or a distributor alone."""
    query = select(CableRun)
    if isinstance(end, AccessPoint):
        query = query.where(CableRun.access_point_id == end.id)
    elif isinstance(end, Outlet):
        query = query.where(CableRun.outlet_id == end.id)
    else:
        query = query.where(
            CableRun.distributor_id == end.id,
            CableRun.access_point_id.is_(None),
            CableRun.outlet_id.is_(None),
        )
    return list(session.scalars(query))


def list_versions(
    session: Session, reach: RunReach, public_ids: Collection[uuid.UUID]
) -> list[tuple[uuid.UUID, int]]:
    """Give the versions of runs in scope."""
    ordered = sorted(public_ids)
    found: list[tuple[uuid.UUID, int]] = []
    for start in range(0, len(ordered), 500):
        query = (
            select(CableRun.public_id, CableRun.version)
            .join(Floor, Floor.id == CableRun.floor_id)
            .where(
                in_run_reach(reach),
                CableRun.public_id.in_(ordered[start : start + 500]),
            )
        )
        found += [(public_id, version) for public_id, version in session.execute(query)]
    return found


def list_building_codes(session: Session, public_ids: Collection[uuid.UUID]) -> list[str]:
    """Give the codes of the buildings in which some runs are."""
    found: set[str] = set()
    for portion in in_portions(sorted(public_ids)):
        query = (
            select(Building.code)
            .join(Floor, Floor.building_id == Building.id)
            .join(CableRun, CableRun.floor_id == Floor.id)
            .where(CableRun.public_id.in_(portion))
            .distinct()
        )
        found.update(session.scalars(query))
    return sorted(found)


def list_uncabled(session: Session, pairs: Pairs, limit: int) -> list[str]:
    """Give codes of access points at which no run ends, by code."""
    query = (
        select(AccessPoint.code)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(
            in_places(pairs, Floor.building_id, AccessPoint.wing_id),
            ~select(CableRun.id).where(CableRun.access_point_id == AccessPoint.id).exists(),
        )
        .order_by(AccessPoint.code)
        .limit(limit)
    )
    return list(session.scalars(query))
