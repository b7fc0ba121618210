"""Where an actor may do something, as queries want it, and as forms offer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.services.actor import Action

if TYPE_CHECKING:
    from wlantrack.services.actor import Actor
    from wlantrack.store.models.places import Building, Wing


def scope_pairs(actor: Actor, action: Action) -> tuple[tuple[int, int | None], ...] | None:
    """Give (building id, wing id or None) pairs in which the actor may do this; None: everywhere."""
    scopes = actor.scopes(action)
    if scopes is None:
        return None
    return tuple((s.building_id, s.wing_id) for s in scopes if s.building_id is not None)


def list_wings(actor: Actor, building: Building) -> list[Wing]:
    """Give the wings of a building that the actor may know of; they must be loaded."""
    return [wing for wing in building.wings if actor.can(Action.SEE_PLACES, building.id, wing.id)]
