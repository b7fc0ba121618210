"""Places as people write them in a command: split into their parts, and added by them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.services.places import (
    DEFAULT_HEIGHT_M,
    BuildingValues,
    FloorValues,
    ensure_building,
    ensure_floor,
    ensure_wing,
    split_floor_ref,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor


@dataclass(frozen=True)
class PlaceRef:
    """A building, wing or floor as people write it: ``RH``, ``RH/MP``, ``RH/3``, ``RH/MP/3``."""

    building: str
    wing: str | None = None
    level: int | None = None


def split_place_ref(ref: str) -> PlaceRef:
    """Split a reference; what stands last is a level if it is a whole number."""
    parts = ref.split("/")
    if len(parts) == 1:
        return PlaceRef(ref)
    if len(parts) == 2 and not re.fullmatch(r"-?\d{1,3}", parts[1]):
        return PlaceRef(parts[0], parts[1])
    return PlaceRef(*split_floor_ref(ref))


def add_place(
    session: Session, actor: Actor, ref: str, *, name: str = "", height_m: float | None = None
) -> list[str]:
    """Add the place that a reference names, and its building if missing; give what is new.

    ``name`` belongs to the last part of the reference; what exists stays unchanged.
    """
    place = split_place_ref(ref)
    building_name = name if place == PlaceRef(place.building) else ""
    building, is_new = ensure_building(
        session, actor, place.building, BuildingValues(name=building_name or place.building)
    )
    created = [building.code] if is_new else []
    if place.wing is not None:
        wing_name = "" if place.level is not None else name
        if ensure_wing(session, actor, building, place.wing, wing_name)[1]:
            created.append(f"{building.code}/{place.wing}")
    if place.level is not None:
        values = FloorValues(name, DEFAULT_HEIGHT_M if height_m is None else height_m)
        if ensure_floor(session, actor, building, place.level, values)[1]:
            created.append(f"{building.code}/{place.level}")
    session.commit()
    return created
