"""Selects of imports of foreign projects, and of what they meet again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from wlantrack.store.models.demand import Requirement, Zone
from wlantrack.store.models.files import ImportRun

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session


def list_runs(
    session: Session, building_ids: Collection[int] | None, limit: int = 200
) -> list[ImportRun]:
    """Give imports with their buildings, the latest first; None means those of all buildings."""
    query = select(ImportRun).options(joinedload(ImportRun.building))
    if building_ids is not None:
        query = query.where(ImportRun.building_id.in_(tuple(building_ids)))
    return list(session.scalars(query.order_by(ImportRun.id.desc()).limit(limit)))


def get_run(session: Session, public_id: uuid.UUID) -> ImportRun | None:
    """Load an import with its building."""
    return session.scalar(
        select(ImportRun)
        .options(joinedload(ImportRun.building))
        .where(ImportRun.public_id == public_id)
    )


def list_requirements(session: Session) -> list[Requirement]:
    """Give all requirements, in the order they were made."""
    return list(session.scalars(select(Requirement).order_by(Requirement.id)))


def list_zones(session: Session, floor_ids: Iterable[int]) -> list[Zone]:
    """Load the zones of floors."""
    return list(session.scalars(select(Zone).where(Zone.floor_id.in_(tuple(floor_ids)))))
