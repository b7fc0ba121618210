"""What is public of a floor, and who sees no more than that.

Decides that the council sees a floor through its public rooms: plan, walls and heat map are clipped
to them, and of the access points only those are there that are live in one, or hang outdoors in a
public area. A secure area is never public, whatever else is said of its room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

from wlantrack.rollout.lifecycle import LIVE_STATES
from wlantrack.services.actor import ROLES_BY_ACTION, Action, Actor
from wlantrack.store.queries import places as queries
from wlantrack.store.queries.scopes import Sight

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Floor, Room
    from wlantrack.store.queries.scopes import Pairs, Reach


def sees_whole(actor: Actor, building_id: int, wing_id: int | None = None) -> bool:
    """Tell whether the actor sees more of a place than what is public."""
    return actor.can(Action.SEE_WHOLE_FLOORS, building_id, wing_id)


def reach_of(actor: Actor, action: Action) -> Reach:
    """Give where the actor may do this, for queries: to all records, or to public ones only."""
    pairs = actor.scope_pairs(action)
    whole = _whole_pairs(actor, action)
    return None if whole is None else Sight(whole, pairs)


def _whole_pairs(actor: Actor, action: Action) -> Pairs:
    roles = ROLES_BY_ACTION[action] & ROLES_BY_ACTION[Action.SEE_WHOLE_FLOORS]
    scopes = [scope for role, scope in actor.grants if role in roles]
    if any(scope.building_id is None for scope in scopes):
        return None
    return tuple((s.building_id, s.wing_id) for s in scopes if s.building_id is not None)


def is_public(room: Room | None) -> bool:
    """Tell whether everybody may know of a room."""
    return room is not None and room.is_public and not room.is_secure


def sees_room(actor: Actor, room: Room, building_id: int) -> bool:
    """Tell whether the actor may know of a room."""
    if not actor.can(Action.SEE_PLACES, building_id, room.wing_id):
        return False
    return is_public(room) or sees_whole(actor, building_id, room.wing_id)


def sees_point(actor: Actor, point: AccessPoint, building_id: int) -> bool:
    """Tell whether the actor may know of an access point; its room must be loaded."""
    if not actor.can(Action.SEE_ACCESS_POINTS, building_id, point.wing_id):
        return False
    return sees_whole(actor, building_id, point.wing_id) or _is_open(point)


def _is_open(point: AccessPoint) -> bool:
    if point.state not in LIVE_STATES:
        return False
    if point.room is None:
        return point.is_outdoor and point.is_public
    return is_public(point.room)


def counts_point(actor: Actor, point: AccessPoint, building_id: int) -> bool:
    """Tell whether a map drawn for the actor counts an access point.

    What is live is heard in public rooms, wherever it hangs; what is planned is no public matter.
    """
    if not actor.can(Action.SEE_ACCESS_POINTS, building_id, point.wing_id):
        return False
    return point.state in LIVE_STATES or sees_whole(actor, building_id, point.wing_id)


def area_of(session: Session, actor: Actor, floor: Floor) -> BaseGeometry | None:
    """Give the part of a floor that the actor sees, None for all of it.

    It is empty where nothing is public. The building's wings must be loaded.
    """
    building_id = floor.building_id
    if sees_whole(actor, building_id) or not _is_held_back(actor, building_id):
        return None
    rooms = [room for room in queries.list_rooms(session, floor.id) if room.outline is not None]
    shown = [room.outline for room in rooms if sees_room(actor, room, building_id)]
    wings = [wing for wing in floor.building.wings if sees_whole(actor, building_id, wing.id)]
    shown += [wing.outline for wing in wings if wing.outline is not None]
    # Outlines may overlap by mistake: what is hidden stays out of sight nevertheless.
    hidden = [
        room.outline for room in rooms if room.is_secure and not sees_room(actor, room, building_id)
    ]
    return shapely.difference(shapely.union_all(shown), shapely.union_all(hidden))


def _is_held_back(actor: Actor, building_id: int) -> bool:
    """Tell whether any role of the actor's shows no more of a building than what is public."""
    roles = ROLES_BY_ACTION[Action.SEE_PLACES] - ROLES_BY_ACTION[Action.SEE_WHOLE_FLOORS]
    return any(role in roles and scope.touches(building_id) for role, scope in actor.grants)


def clip(outline: BaseGeometry | None, area: BaseGeometry | None) -> BaseGeometry | None:
    """Give what is seen of an outline, None if nothing is; ``area`` None shows all of it."""
    if outline is None or area is None:
        return outline
    seen = shapely.intersection(outline, area)
    return seen if seen.area > 0 else None
