"""What a work package points to, as its reader may know of it: its renovation and its milestone.

Decides that out of scope there is nothing: what is hidden reads as an empty field, and an empty field
that comes back leaves it where it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.services import renovations
from wlantrack.services.actor import Action, Actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.milestones import Milestone, WorkPackage
    from wlantrack.store.models.renovations import Renovation


@dataclass(frozen=True)
class PackageSight:
    """What one reader sees of packages; ``renovation_ids`` are None for who sees all of them."""

    actor: Actor
    renovation_ids: frozenset[int] | None

    def milestone_of(self, package: WorkPackage) -> Milestone | None:
        """Give the milestone that a package feeds, if the reader may know of it."""
        found = package.milestone
        if found is None or not self.actor.can(
            Action.SEE_MILESTONES, found.building_id, found.wing_id
        ):
            return None
        return found

    def renovation_of(self, package: WorkPackage) -> Renovation | None:
        """Give the renovation whose walls a package uses, if the reader may know of it."""
        found = package.renovation
        if found is None or self.renovation_ids is None or found.id in self.renovation_ids:
            return found
        return None


def look(session: Session, actor: Actor) -> PackageSight:
    """Give what an actor sees of packages."""
    if actor.scopes(Action.SEE_RENOVATIONS) is None:
        return PackageSight(actor, None)
    seen = renovations.list_visible(session, actor)
    return PackageSight(actor, frozenset(item.id for item in seen))
