"""Rows for walls and materials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from wlantrack.store.models.walls import Material, Wall

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor


def find_material(session: Session, code: str = "brick-240") -> Material:
    """Give a material of the standard catalogue."""
    return session.scalars(select(Material).where(Material.code == code)).one()


def add_material(session: Session, code: str = "test-10", loss_db: float = 10.0) -> Material:
    """Add a material that loses the same in every band."""
    losses = dict.fromkeys(("measured_db_24", "measured_db_5", "measured_db_6"), loss_db)
    material = Material(code=code, name=code, **losses)
    session.add(material)
    session.flush()
    return material


def add_wall(
    session: Session,
    floor: Floor,
    line: tuple[float, float, float, float] = (20.0, 0.0, 20.0, 20.0),
    **values: Any,
) -> Wall:
    material = values.pop("material", None) or find_material(session)
    x1_m, y1_m, x2_m, y2_m = line
    wall = Wall(
        floor_id=floor.id,
        material_id=material.id,
        material=material,
        x1_m=x1_m,
        y1_m=y1_m,
        x2_m=x2_m,
        y2_m=y2_m,
        **values,
    )
    session.add(wall)
    session.flush()
    return wall
