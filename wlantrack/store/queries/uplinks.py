"""Selects of buildings' uplinks and what was measured on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.demand import Uplink, UplinkLoad
from wlantrack.store.models.places import Building
from wlantrack.store.queries.places import in_buildings

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class UplinkRow:
    """An uplink with the greatest parts of its rates that were measured; None without measures."""

    public_id: uuid.UUID
    code: str
    building_id: int
    building_code: str
    building: str
    provider: str
    network_class: str | None
    down_mbit: float
    up_mbit: float
    down_share: float | None
    up_share: float | None

    @property
    def share(self) -> float | None:
        """Give the greater of the two parts."""
        if self.down_share is None or self.up_share is None:
            return None
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


def list_rows(session: Session, building_ids: Iterable[int] | None) -> list[UplinkRow]:
    """Give the uplinks of buildings with their greatest loads, by code."""
    down = func.max(UplinkLoad.down_mbit / Uplink.down_mbit)
    up = func.max(UplinkLoad.up_mbit / Uplink.up_mbit)
    query = (
        select(
            Uplink.public_id,
            Uplink.code,
            Uplink.building_id,
            Building.code,
            Building.name,
            Uplink.provider,
            Uplink.network_class,
            Uplink.down_mbit,
            Uplink.up_mbit,
            down,
            up,
        )
        .outerjoin(UplinkLoad, UplinkLoad.uplink_id == Uplink.id)
        .join(Building, Building.id == Uplink.building_id)
        .where(in_buildings(building_ids))
        .group_by(Uplink.id, Building.id)
        .order_by(Uplink.code)
    )
    return [UplinkRow(*row) for row in session.execute(query)]
