"""Selects for the subjects of findings that are records: their codes by public id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from wlantrack.store.models.access_points import AccessPoint, Radio
from wlantrack.store.models.cabling import Outlet
from wlantrack.store.models.networks import Ssid, Vlan
from wlantrack.store.models.places import Building, Floor, Room

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

_SELECTS: dict[str, Select[*tuple[Any, ...]]] = {
    "ssid": select(Ssid.public_id, Ssid.code),
    "segment": select(Vlan.public_id, Vlan.code),
    "access point": select(AccessPoint.public_id, AccessPoint.code),
    "radio": select(Radio.public_id, AccessPoint.code, Radio.slot).join(
        AccessPoint, AccessPoint.id == Radio.access_point_id
    ),
    "outlet": select(Outlet.public_id, Outlet.code),
    "secure area": select(Room.public_id, Building.code, Floor.level, Room.number)
    .join(Floor, Floor.id == Room.floor_id)
    .join(Building, Building.id == Floor.building_id),
    "site": select(Building.public_id, Building.code),
}
RECORD_KINDS = frozenset(_SELECTS)
"""Kinds of subjects that are records; the whole plan and the public export are none."""


def map_codes(
    session: Session, kind: str, public_ids: Collection[uuid.UUID] | None = None
) -> dict[uuid.UUID, str]:
    """Give the code, as findings write it, of the records of a kind, or of some of them."""
    query = _SELECTS[kind]
    if public_ids is not None:
        query = query.where(query.selected_columns[0].in_(public_ids))
    return {row[0]: "/".join(map(str, row[1:])) for row in session.execute(query)}
