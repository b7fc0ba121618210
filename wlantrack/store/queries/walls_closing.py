"""Selects of cables behind walls that renovations close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select

from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.places import Floor
from wlantrack.store.models.renovations import Renovation, RenovationPart

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class UnpulledRow:
    """How many cables of a building and wing are not pulled where walls close on a day."""

    building_id: int
    wing_id: int | None
    closes: date
    count: int


def list_unpulled(session: Session, states: Collection[str]) -> list[UnpulledRow]:
    """Count cables of some states where a renovation closes the walls of a wing or floor.

    To be on the safe side a wall closes on the first day that its date may mean. Parts that are
    drawn are left out: which cables lie behind them, only their route tells.
    """
    part = RenovationPart
    query = (
        select(Floor.building_id, CableRun.wing_id, part.closes_earliest, func.count(CableRun.id))
        .select_from(CableRun)
        .join(Floor, Floor.id == CableRun.floor_id)
        .join(Renovation, Renovation.building_id == Floor.building_id)
        .join(
            part,
            and_(
                part.renovation_id == Renovation.id,
                or_(part.wing_id.is_(None), part.wing_id == CableRun.wing_id),
                or_(part.floor_id.is_(None), part.floor_id == CableRun.floor_id),
            ),
        )
        .where(
            CableRun.state.in_(states), part.closes_earliest.is_not(None), part.outline.is_(None)
        )
        .group_by(Floor.building_id, CableRun.wing_id, part.closes_earliest)
    )
    return [
        UnpulledRow(building_id, wing_id, closes, count)
        for building_id, wing_id, closes, count in session.execute(query)
        if closes is not None
    ]
