"""Where an actor may do something, as queries want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wlantrack.services.actor import Action, Actor


def scope_pairs(actor: Actor, action: Action) -> tuple[tuple[int, int | None], ...] | None:
    """Give (building id, wing id or None) pairs in which the actor may do this; None: everywhere."""
    scopes = actor.scopes(action)
    if scopes is None:
        return None
    return tuple((s.building_id, s.wing_id) for s in scopes if s.building_id is not None)
