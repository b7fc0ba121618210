"""Wings: one of a building's, as far as somebody may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import NotFound, msg
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import parse_uuid
from wlantrack.store.queries import places as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building, Wing


@dataclass(frozen=True)
class WingPlace:
    """A wing in its building; the building's wings and floors are loaded."""

    building: Building
    wing: Wing


def find_wing(session: Session, actor: Actor, ref: str) -> WingPlace:
    """Give a wing by public id.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = parse_uuid(ref)
    building = queries.get_building_of_wing(session, public_id) if public_id else None
    if building is not None:
        wing = next(wing for wing in building.wings if wing.public_id == public_id)
        if actor.can(Action.SEE_PLACES, building.id, wing.id):
            return WingPlace(building, wing)
    raise NotFound(msg("There is no such wing, or it is outside your area."))
