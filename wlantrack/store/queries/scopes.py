"""Narrows any select to the places in which somebody may see or do something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import ColumnElement, and_, false, or_, true

from wlantrack.store.models.places import Room

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import InstrumentedAttribute

    Pairs: TypeAlias = Collection[tuple[int, int | None]] | None
    Reach: TypeAlias = "Pairs | Sight"


@dataclass(frozen=True)
class Sight:
    """Places in which somebody sees all records, and places in which only what is public."""

    whole: Pairs
    public: Pairs


@dataclass(frozen=True)
class RunReach:
    """Places in which somebody sees all cable runs, and firms whose runs they see.

    ``firms`` are (firm, building id, wing id), None for everywhere; ``given`` the states in which
    a run counts as given to its firm.
    """

    places: Pairs
    firms: tuple[tuple[str, int | None, int | None], ...] = ()
    given: frozenset[str] = frozenset()


def is_public_room() -> ColumnElement[bool]:
    """Take the rooms of which everybody may know."""
    return and_(Room.is_public, ~Room.is_secure)


def in_reach(
    reach: Reach,
    building_id: InstrumentedAttribute[int],
    wing_id: InstrumentedAttribute[Any],
    is_public: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Restrict to what lies in reach; ``is_public`` says what everybody may see."""
    if not isinstance(reach, Sight):
        return in_places(reach, building_id, wing_id)
    return or_(
        in_places(reach.whole, building_id, wing_id),
        and_(in_places(reach.public, building_id, wing_id), is_public),
    )


def in_places(
    pairs: Pairs,
    building_id: InstrumentedAttribute[Any],
    wing_id: InstrumentedAttribute[Any],
) -> ColumnElement[bool]:
    """Restrict to (building id, wing id or None) pairs; None means everywhere."""
    if pairs is None:
        return true()
    parts = [
        building_id == building if wing is None else and_(building_id == building, wing_id == wing)
        for building, wing in pairs
    ]
    return or_(false(), *parts)
