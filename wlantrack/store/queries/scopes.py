"""Narrows any select to the places in which somebody may see or do something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, or_, true

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import InstrumentedAttribute

    Pairs = Collection[tuple[int, int | None]] | None


def in_places(
    pairs: Pairs,
    building_id: InstrumentedAttribute[int],
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
