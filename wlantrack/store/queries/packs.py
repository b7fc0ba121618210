"""Selects for installation packs: access points with where they are mounted, and trays of floors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.permits import CableRoute
from wlantrack.store.models.places import Floor
from wlantrack.store.queries.paging import in_portions

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


def load_points(session: Session, ids: Collection[int]) -> list[AccessPoint]:
    """Load access points with model, room, wing and floor, by code."""
    found: list[AccessPoint] = []
    for portion in in_portions(sorted(ids)):
        query = (
            select(AccessPoint)
            .options(
                joinedload(AccessPoint.model),
                joinedload(AccessPoint.room),
                joinedload(AccessPoint.wing),
                joinedload(AccessPoint.floor).joinedload(Floor.building),
            )
            .where(AccessPoint.id.in_(portion))
        )
        found += session.scalars(query)
    return sorted(found, key=lambda point: point.code)


def list_routes(session: Session, floor_id: int) -> list[CableRoute]:
    """Give the trays, conduits and ducts of a floor, and the risers that begin or end there."""
    on_floor = or_(CableRoute.floor_id == floor_id, CableRoute.upper_floor_id == floor_id)
    return list(session.scalars(select(CableRoute).where(on_floor).order_by(CableRoute.code)))
