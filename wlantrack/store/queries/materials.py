"""Selects of what is built in and what is still to be bought: counts by product and state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from wlantrack.store.models.access_points import AccessPoint, AccessPointModel
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch, SwitchPort
from wlantrack.store.models.places import Floor
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.queries.scopes import Pairs


@dataclass(frozen=True)
class ModelCount:
    """How many access points of a model are in a state."""

    name: str
    poe_class: int | None
    state: str
    count: int


@dataclass(frozen=True)
class CableCount:
    """Cable runs of a category in a state: how many, of how many the length is known, its sum.

    A blocked run counts in the state in which it was blocked.
    """

    category: str
    state: str
    count: int
    measured: int
    length_m: float


def count_models(session: Session, pairs: Pairs) -> list[ModelCount]:
    """Count access points by model and state."""
    rows = session.execute(
        select(AccessPointModel.name, AccessPointModel.poe_class, AccessPoint.state, func.count())
        .join(AccessPointModel, AccessPointModel.id == AccessPoint.model_id)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(in_places(pairs, Floor.building_id, AccessPoint.wing_id))
        .group_by(AccessPointModel.name, AccessPointModel.poe_class, AccessPoint.state)
        .order_by(AccessPointModel.name)
    )
    return [ModelCount(*row) for row in rows]


def count_cables(session: Session, pairs: Pairs) -> list[CableCount]:
    """Count cable runs by category and state, and add their lengths up: as built, else as planned."""
    length_m = func.coalesce(CableRun.length_actual_m, CableRun.length_planned_m)
    state = case(
        (CableRun.state == "blocked", func.coalesce(CableRun.state_before, CableRun.state)),
        else_=CableRun.state,
    ).label("counted_state")
    counted = (
        select(CableRun.category, state, length_m.label("length_m"))
        .join(Floor, Floor.id == CableRun.floor_id)
        .where(in_places(pairs, Floor.building_id, CableRun.wing_id))
        .subquery()
    )
    columns = counted.columns
    rows = session.execute(
        select(
            columns.category,
            columns.counted_state,
            func.count(),
            func.count(columns.length_m),
            func.coalesce(func.sum(columns.length_m), 0.0),
        )
        .group_by(columns.category, columns.counted_state)
        .order_by(columns.category)
    )
    return [CableCount(*row) for row in rows]


def count_switches(session: Session, pairs: Pairs) -> list[tuple[str, int, int]]:
    """Give the models of switches, how many there are of each, and how many ports they have."""
    rows = session.execute(
        select(Switch.model, func.count(Switch.id.distinct()), func.count(SwitchPort.id))
        .join(Distributor, Distributor.id == Switch.distributor_id)
        .join(Floor, Floor.id == Distributor.floor_id)
        .outerjoin(SwitchPort, SwitchPort.switch_id == Switch.id)
        .where(in_places(pairs, Floor.building_id, Distributor.wing_id))
        .group_by(Switch.model)
        .order_by(Switch.model)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def count_outlets(session: Session, pairs: Pairs) -> int:
    """Count the outlets."""
    query = (
        select(func.count())
        .select_from(Outlet)
        .join(Floor, Floor.id == Outlet.floor_id)
        .where(in_places(pairs, Floor.building_id, Outlet.wing_id))
    )
    return session.scalar(query) or 0
