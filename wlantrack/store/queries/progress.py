"""Selects that count how far places have come, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.demand import Zone
from wlantrack.store.models.places import Floor
from wlantrack.store.queries.places import CellCount

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PLANNED = tuple(key for key, state in CABLE_STATES.items() if state.is_planned)
_DONE = tuple(key for key, state in CABLE_STATES.items() if state.is_live)


def count_cables(session: Session, building_id: int) -> list[CellCount]:
    """Count a building's cable runs per floor and wing: all that stay, and those tested."""
    done = func.count(CableRun.id).filter(CableRun.state.in_(_DONE))
    rows = session.execute(
        select(CableRun.floor_id, CableRun.wing_id, func.count(CableRun.id), done)
        .join(Floor, Floor.id == CableRun.floor_id)
        .where(Floor.building_id == building_id, CableRun.state.in_(_PLANNED))
        .group_by(CableRun.floor_id, CableRun.wing_id)
    )
    return [CellCount(*row) for row in rows]


def has_zones(session: Session, building_id: int) -> bool:
    """Tell whether anything is asked of a building's floors."""
    query = select(Zone.id).join(Floor, Floor.id == Zone.floor_id)
    return session.scalar(query.where(Floor.building_id == building_id).limit(1)) is not None
