"""Selects of walls and materials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from wlantrack.store.models.places import Floor
from wlantrack.store.models.walls import Material, Wall

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class WallRow:
    """One wall in columns; ``top_m`` None: up to the storey's height."""

    public_id: uuid.UUID
    version: int
    floor_id: int
    material_id: int
    x1_m: float
    y1_m: float
    x2_m: float
    y2_m: float
    bottom_m: float
    top_m: float | None
    thickness_m: float | None


def list_walls(session: Session, floor_ids: Iterable[int]) -> list[WallRow]:
    """Give the walls of floors as columns, in the order they were made."""
    rows = session.execute(
        select(
            Wall.public_id,
            Wall.version,
            Wall.floor_id,
            Wall.material_id,
            Wall.x1_m,
            Wall.y1_m,
            Wall.x2_m,
            Wall.y2_m,
            Wall.bottom_m,
            Wall.top_m,
            Wall.thickness_m,
        )
        .where(Wall.floor_id.in_(tuple(floor_ids)))
        .order_by(Wall.id)
    )
    return [WallRow(*row) for row in rows]


def load_walls(session: Session, floor_id: int) -> list[Wall]:
    """Load a floor's walls as records, to change or delete them."""
    return list(session.scalars(select(Wall).where(Wall.floor_id == floor_id).order_by(Wall.id)))


def get_wall(session: Session, public_id: uuid.UUID) -> tuple[Wall, Floor] | None:
    """Load a wall with its material, and its floor with building."""
    row = session.execute(
        select(Wall, Floor)
        .join(Floor, Floor.id == Wall.floor_id)
        .options(joinedload(Wall.material), joinedload(Floor.building))
        .where(Wall.public_id == public_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def list_materials(session: Session) -> list[Material]:
    """Give all materials by name."""
    return list(session.scalars(select(Material).order_by(Material.name)))


def get_material(session: Session, public_id: uuid.UUID) -> Material | None:
    """Load one material."""
    return session.scalar(select(Material).where(Material.public_id == public_id))


def get_materials_by_code(session: Session) -> dict[str, Material]:
    """Give all materials by code."""
    return {material.code: material for material in session.scalars(select(Material))}
