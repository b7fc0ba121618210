"""Walls and what they are made of."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.base import Base, Edited


class Material(Edited, Base):
    """A building material: layers of ITU-R P.2040 classes, or measured loss, which wins."""

    __tablename__ = "material"
    __table_args__ = (
        CheckConstraint(
            "layers IS NOT NULL OR (measured_db_24 IS NOT NULL AND measured_db_5 IS NOT NULL"
            " AND measured_db_6 IS NOT NULL)",
            name="has_loss",
        ),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    layers: Mapped[list[list[str | float]] | None] = mapped_column(JSON(none_as_null=True))
    measured_db_24: Mapped[float | None]
    measured_db_5: Mapped[float | None]
    measured_db_6: Mapped[float | None]


class Wall(Edited, Base):
    """A vertical rectangle on a floor: a centre line from bottom to top above the floor's base.

    ``top_m`` NULL means up to the storey's height.
    """

    __tablename__ = "wall"
    __table_args__ = (
        CheckConstraint("x1_m <> x2_m OR y1_m <> y2_m", name="has_length"),
        CheckConstraint("top_m IS NULL OR top_m > bottom_m", name="has_height"),
        CheckConstraint("thickness_m IS NULL OR thickness_m > 0", name="thickness_m"),
    )

    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"), index=True)
    material_id: Mapped[int] = mapped_column(
        ForeignKey("material.id", ondelete="RESTRICT"), index=True
    )
    x1_m: Mapped[float]
    y1_m: Mapped[float]
    x2_m: Mapped[float]
    y2_m: Mapped[float]
    bottom_m: Mapped[float] = mapped_column(default=0.0)
    top_m: Mapped[float | None]
    thickness_m: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(120), default="")

    material: Mapped[Material] = relationship(lazy="raise_on_sql")
