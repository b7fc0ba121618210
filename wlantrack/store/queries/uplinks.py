"""Selects of buildings' uplinks and what was measured on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.demand import Uplink, UplinkLoad
from wlantrack.store.models.places import Building
from wlantrack.store.queries.places import in_buildings

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class BusyUplink:
    """An uplink with the greatest parts of its rates that were measured on it."""

    public_id: uuid.UUID
    code: str
    building_id: int
    building: str
    network_class: str | None
    down_mbit: float
    up_mbit: float
    down_share: float
    up_share: float

    @property
    def share(self) -> float:
        """Give the greater of the two parts."""
        return max(self.down_share, self.up_share)


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


def list_busy(
    session: Session, building_ids: Iterable[int] | None, share: float
) -> list[BusyUplink]:
    """Give the uplinks of buildings that were ever measured above a part of their rate."""
    down = func.max(UplinkLoad.down_mbit / Uplink.down_mbit)
    up = func.max(UplinkLoad.up_mbit / Uplink.up_mbit)
    query = (
        select(
            Uplink.public_id,
            Uplink.code,
            Uplink.building_id,
            Building.name,
            Uplink.network_class,
            Uplink.down_mbit,
            Uplink.up_mbit,
            down,
            up,
        )
        .join(UplinkLoad, UplinkLoad.uplink_id == Uplink.id)
        .join(Building, Building.id == Uplink.building_id)
        .where(in_buildings(building_ids))
        .group_by(Uplink.id, Building.id)
        .having(or_(down > share, up > share))
        .order_by(Uplink.code)
    )
    return [BusyUplink(*row) for row in session.execute(query)]
