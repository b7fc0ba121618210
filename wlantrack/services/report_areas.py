"""The part of the city that a report is about: all of it, a building, or a wing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import NotFound, msg
from wlantrack.services import places

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Action, Actor
    from wlantrack.services.report_files import Wanted
    from wlantrack.services.voices import Voice
    from wlantrack.store.models.places import Building, Wing


@dataclass(frozen=True)
class Area:
    """A part of the city; neither building nor wing is the whole of it."""

    building: Building | None = None
    wing: Wing | None = None

    @property
    def pairs(self) -> tuple[tuple[int, int | None], ...] | None:
        """Give the area as pairs of building and wing for queries; None is the whole city."""
        if self.building is None:
            return None
        return ((self.building.id, self.wing.id if self.wing else None),)

    def holds(self, building_id: int | None, wing_id: int | None) -> bool:
        """Tell whether something in a building and wing lies in the area."""
        is_inside = self.building is None or self.building.id == building_id
        return is_inside and (self.wing is None or self.wing.id == wing_id)

    def name(self, voice: Voice) -> str:
        """Name the area."""
        if self.building is None:
            return voice.say(msg("the whole city"))
        return f"{self.building.name}, {self.wing.name}" if self.wing else self.building.name


def find_area(session: Session, actor: Actor, action: Action, wanted: Wanted) -> Area:
    """Give the area of a report.

    Raises
    ------
    NotFound
        There is no such building or wing, or it is out of scope.
    NotAllowed
        The role does not reach there.
    """
    if not wanted.building:
        actor.require(action)
        return Area()
    building = places.find_building(session, actor, wanted.building)
    if not wanted.wing:
        actor.require(action, building.id)
        return Area(building)
    code = wanted.wing.casefold()
    wing = next((wing for wing in building.wings if wing.code.casefold() == code), None)
    if wing is None:
        raise NotFound(
            msg(
                "%(building)s has no wing %(wing)s.",
                building=building.code,
                wing=wanted.wing,
            )
        )
    actor.require(action, building.id, wing.id)
    return Area(building, wing)
