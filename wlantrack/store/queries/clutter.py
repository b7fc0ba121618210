"""Selects of areas that damp what runs through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from wlantrack.store.models.demand import ClutterZone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


def list_clutter(session: Session, floor_ids: Iterable[int]) -> list[ClutterZone]:
    """Load the areas of floors, in the order they were made."""
    return list(
        session.scalars(
            select(ClutterZone)
            .where(ClutterZone.floor_id.in_(tuple(floor_ids)))
            .order_by(ClutterZone.id)
        )
    )
