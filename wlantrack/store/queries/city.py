"""Selects of the whole city: one row a building, as columns, because there are thousands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from wlantrack.rollout.lifecycle import LIVE_STATES, PLANNED_STATES
from wlantrack.rollout.progress import STARTED_STATES
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.places import Building, Floor
from wlantrack.store.queries.access_points import in_scopes
from wlantrack.store.queries.on_air import sends
from wlantrack.store.queries.places import in_buildings

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Sequence

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.networks.on_air import Network
    from wlantrack.store.queries.scopes import Reach


@dataclass(frozen=True)
class CityRow:
    """A building as the city sees it."""

    id: int
    public_id: uuid.UUID
    code: str
    name: str
    address: str
    is_public: bool
    priority: int
    opening_hours: str
    origin_easting_m: float | None
    origin_northing_m: float | None
    footprint: BaseGeometry | None


@dataclass(frozen=True)
class PointCounts:
    """Access points of a building: in the plan, under way, live."""

    planned: int = 0
    started: int = 0
    live: int = 0


def list_city(session: Session, building_ids: Collection[int] | None) -> list[CityRow]:
    """Give all buildings in scope, by code."""
    rows = session.execute(
        select(
            Building.id,
            Building.public_id,
            Building.code,
            Building.name,
            Building.address,
            Building.is_public,
            Building.priority,
            Building.opening_hours,
            Building.origin_easting_m,
            Building.origin_northing_m,
            Building.footprint,
        )
        .where(in_buildings(building_ids))
        .order_by(Building.code)
    )
    return [CityRow(*row) for row in rows]


def count_points(
    session: Session, scopes: Collection[tuple[int, int | None]] | None
) -> dict[int, PointCounts]:
    """Count the access points in scope, by building."""
    started = func.count(AccessPoint.id).filter(AccessPoint.state.in_(STARTED_STATES))
    live = func.count(AccessPoint.id).filter(AccessPoint.state.in_(LIVE_STATES))
    rows = session.execute(
        select(Floor.building_id, func.count(AccessPoint.id), started, live)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(AccessPoint.state.in_(PLANNED_STATES), in_scopes(scopes))
        .group_by(Floor.building_id)
    )
    return {building_id: PointCounts(*counts) for building_id, *counts in rows}


def list_sending_buildings(
    session: Session,
    networks: Sequence[Network],
    scopes: Reach,
) -> set[int]:
    """Give the buildings of which a live access point in scope sends any of some networks."""
    if not networks:
        return set()
    query = (
        select(Floor.building_id)
        .distinct()
        .join(AccessPoint, AccessPoint.floor_id == Floor.id)
        .where(
            AccessPoint.state.in_(LIVE_STATES),
            in_scopes(scopes),
            or_(*(sends(network) for network in networks)),
        )
    )
    return set(session.scalars(query))
