"""Selects of buildings' uplinks and what was measured on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.demand import Uplink
from wlantrack.store.models.places import Building
from wlantrack.store.queries.places import in_buildings

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def _whole() -> Select[Uplink]:
    return select(Uplink).options(joinedload(Uplink.building), selectinload(Uplink.loads))


def list_uplinks(session: Session, building_ids: Iterable[int] | None) -> list[Uplink]:
    """Give the uplinks of buildings with building and loads, by code."""
    query = _whole().join(Building, Building.id == Uplink.building_id)
    return list(session.scalars(query.where(in_buildings(building_ids)).order_by(Uplink.code)))


def get_uplink(session: Session, public_id: uuid.UUID) -> Uplink | None:
    """Load an uplink with building and loads."""
    return session.scalar(_whole().where(Uplink.public_id == public_id))


def get_uplink_by_code(session: Session, code: str) -> Uplink | None:
    """Load an uplink with building and loads."""
    return session.scalar(_whole().where(Uplink.code == code))
