"""Which classes of networks a person may know of, anywhere and in a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.services.actor import Action
from wlantrack.store.models.networks import NETWORK_CLASSES

if TYPE_CHECKING:
    from wlantrack.services.actor import Actor

PUBLIC_CLASS = "visitor"


def visible_classes(actor: Actor) -> tuple[str, ...]:
    """Give the classes that the actor may see anywhere."""
    return tuple(name for name in NETWORK_CLASSES if actor.can_anywhere(action_for(name)))


def classes_at(
    actor: Actor, building_id: int | None, wing_id: int | None = None
) -> tuple[str, ...]:
    """Give the classes that the actor may see in a place."""
    return tuple(
        name for name in NETWORK_CLASSES if actor.can(action_for(name), building_id, wing_id)
    )


def segment_classes(actor: Actor) -> tuple[str, ...]:
    """Give the classes whose VLANs and flows the actor may see: all of them, or none.

    How the visitors' network is laid out is as little public as the internal one.
    """
    return NETWORK_CLASSES if actor.can_anywhere(Action.SEE_SEGMENTS) else ()


def action_for(network_class: str) -> Action:
    """Give the right that seeing a class needs."""
    if network_class == PUBLIC_CLASS:
        return Action.SEE_NETWORKS
    return Action.SEE_INTERNAL_NETWORKS
