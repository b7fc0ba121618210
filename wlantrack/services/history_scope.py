"""Which records a history may name: those whose place lies in the reader's scope.

Decides where a record lies; what lies nowhere, such as a material, everybody may read of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wlantrack.services.actor import Action
from wlantrack.store.queries import records

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.base import Record

_ACTIONS: Final = {
    "building": Action.SEE_PLACES,
    "wing": Action.SEE_PLACES,
    "floor": Action.SEE_PLACES,
    "room": Action.SEE_PLACES,
    "zone": Action.SEE_PLACES,
    "room_group": Action.SEE_PLACES,
    "floor_plan": Action.SEE_PLANS,
    "access_point": Action.SEE_ACCESS_POINTS,
    "distributor": Action.SEE_CABLING,
    "switch": Action.SEE_CABLING,
    "switch_port": Action.SEE_CABLING,
    "outlet": Action.SEE_CABLING,
    "cable_run": Action.SEE_CABLING,
    "public_hotspot": Action.SEE_HOTSPOTS,
    "renovation": Action.SEE_RENOVATIONS,
    "milestone": Action.SEE_MILESTONES,
    "work_package": Action.SEE_WORK,
    "task": Action.SEE_WORK,
    "blackout": Action.SEE_WORK,
    "permit": Action.SEE_CABLING,
    "penetration": Action.SEE_CABLING,
    "work_order": Action.SEE_CABLING,
    "cable_route": Action.SEE_CABLING,
    "support_team": Action.SEE_GOVERNANCE,
    "training": Action.SEE_GOVERNANCE,
    "device_group": Action.SEE_GOVERNANCE,
    "risk": Action.SEE_GOVERNANCE,
}
_WHOLE: Final = frozenset({"building", "floor", "room_group"})
"""Kinds that who sees any part of the building may know."""
_OWNERS: Final = {
    "floor_id": "floor",
    "distributor_id": "distributor",
    "switch_id": "switch",
}


def load_seen(
    session: Session, actor: Actor, entity: str, ids: Collection[int]
) -> dict[int, tuple[Record, bool]]:
    """Give the records of these ids, each with whether the actor may know its name."""
    found = records.load_by_ids(session, entity, sorted(ids))
    action = _ACTIONS.get(entity)
    if action is None or actor.scopes(action) is None:
        return {record_id: (record, True) for record_id, record in found.items()}
    places = _list_places(session, entity, found)
    return {
        record_id: (record, _may_see(actor, action, entity, places[record_id]))
        for record_id, record in found.items()
    }


def _may_see(
    actor: Actor, action: Action, entity: str, place: tuple[int | None, int | None]
) -> bool:
    building_id, wing_id = place
    if entity in _WHOLE and building_id is not None:
        return any(scope.touches(building_id) for scope in actor.scopes(action) or ())
    return actor.can(action, building_id, wing_id)


def _list_places(
    session: Session, entity: str, found: dict[int, Any]
) -> dict[int, tuple[int | None, int | None]]:
    """Give building and wing of records by id, one query for each kind of owner."""
    if entity == "building":
        return {record_id: (record_id, None) for record_id in found}
    if entity == "wing":
        return {record_id: (record.building_id, record_id) for record_id, record in found.items()}
    columns = records.table_of(entity).columns
    if "building_id" in columns:
        return {record_id: (record.building_id, None) for record_id, record in found.items()}
    column, owner = next((key, kind) for key, kind in _OWNERS.items() if key in columns)
    owner_ids = {record_id: getattr(record, column) for record_id, record in found.items()}
    owners = records.load_by_ids(session, owner, sorted(set(owner_ids.values())))
    places = _list_places(session, owner, owners)
    return {
        record_id: (
            places[owner_ids[record_id]][0],
            record.wing_id if "wing_id" in columns else places[owner_ids[record_id]][1],
        )
        for record_id, record in found.items()
    }
