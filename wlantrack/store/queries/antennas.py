"""Selects of antenna patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from wlantrack.store.models.access_points import AntennaPattern

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def list_patterns(session: Session) -> list[AntennaPattern]:
    """Give all patterns by name."""
    return list(session.scalars(select(AntennaPattern).order_by(AntennaPattern.name)))


def get_pattern(session: Session, code: str) -> AntennaPattern | None:
    """Load a pattern by its code."""
    return session.scalar(select(AntennaPattern).where(AntennaPattern.code == code))
