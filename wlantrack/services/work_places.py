"""Where work lies: everywhere, in a building or in one of its wings, as forms write it down.

Decides that a place is named by codes, ``RH`` or ``RH/MP``, and that nothing means everywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import places
from wlantrack.services.actor import Action, Actor
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building, Wing


class Placed(Protocol):
    """A record that lies somewhere, or everywhere."""

    building: Building | None
    wing: Wing | None
    building_id: int | None
    wing_id: int | None


def list_places(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Give where the actor may enter work: reference and name, wings behind their building."""
    found = [("", "")] if actor.can(Action.EDIT_WORK) else []
    ids = places.visible_buildings(actor, Action.EDIT_WORK)
    for building in place_queries.list_whole_buildings(session, ids):
        if actor.can(Action.EDIT_WORK, building.id):
            found.append((building.code, building.name))
        found += [
            (f"{building.code}/{wing.code}", f"{building.name}, {wing.name}")
            for wing in building.wings
            if actor.can(Action.EDIT_WORK, building.id, wing.id)
        ]
    return found


def set_place(session: Session, actor: Actor, record: Placed, where: str) -> None:
    """Put a record where a reference says; does not commit.

    Raises
    ------
    InvalidInput
        The building has no such wing.
    NotAllowed
        The role does not reach there.
    """
    code, _, wing_code = where.partition("/")
    building = wing = None
    if code:
        building = places.find_building(session, actor, code)
        wing = next((item for item in building.wings if item.code == wing_code), None)
        if wing_code and wing is None:
            raise InvalidInput(
                Problem(
                    msg("The building has no such wing."),
                    msg("Choose one of its wings, or the whole building."),
                    field="where",
                    value=where,
                )
            )
    place = (building.id if building else None, wing.id if wing else None)
    actor.require(Action.EDIT_WORK, *place)
    record.building, record.wing = building, wing
    record.building_id, record.wing_id = place


def where_of(record: Placed) -> str:
    """Write down where a record lies: nothing, a building, or building/wing."""
    if record.building is None:
        return ""
    return f"{record.building.code}/{record.wing.code}" if record.wing else record.building.code


def touches(actor: Actor, building_id: int | None, wing_id: int | None) -> bool:
    """Tell whether something holds anywhere in the actor's scope; without building everywhere."""
    scopes = actor.scopes(Action.SEE_WORK)
    if scopes is None or (building_id is None and scopes):
        return True
    if building_id is not None and wing_id is None:
        return any(scope.touches(building_id) for scope in scopes)
    return actor.can(Action.SEE_WORK, building_id, wing_id)
