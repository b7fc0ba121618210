"""Buildings, their wings and floors, rooms, and the versions of their plans."""

from __future__ import annotations

from datetime import date, datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.types import Instant, Shape

CONFERENCE_STATES = ("none", "present", "requested", "ordered")
ROOM_USES = (
    "office",
    "meeting",
    "council",
    "public",
    "corridor",
    "stairs",
    "sanitary",
    "technical",
    "storage",
    "other",
)
SCALE_METHODS = (
    "metres per pixel",
    "two points",
    "known width",
    "drawing scale",
    "control points",
)


def _one_current(name: str, condition: str, *columns: str) -> Index:
    where = text(condition)
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class Building(Edited, Base):
    """A building; its metre frame has one origin for all floors, x right and y up.

    ``footprint`` alone lies in the storage CRS: buildings are known on the city map before
    anybody has laid a frame over them.
    """

    __tablename__ = "building"
    __table_args__ = (
        CheckConstraint("priority BETWEEN 1 AND 5", name="priority"),
        CheckConstraint(
            "(origin_easting_m IS NULL) = (origin_northing_m IS NULL)", name="georeference"
        ),
    )

    code: Mapped[str] = mapped_column(String(16), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200), default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    is_listed: Mapped[bool] = mapped_column(default=False)
    begun_on: Mapped[date | None]
    priority: Mapped[int] = mapped_column(default=3)
    priority_reason: Mapped[str] = mapped_column(String(200), default="")
    opening_hours: Mapped[str] = mapped_column(String(200), default="")
    origin_easting_m: Mapped[float | None]
    origin_northing_m: Mapped[float | None]
    rotation_deg: Mapped[float] = mapped_column(default=0.0)
    footprint: Mapped[BaseGeometry | None] = mapped_column(Shape)
    audited_on: Mapped[date | None]
    rogue_scanned_on: Mapped[date | None]
    tamper_checked_on: Mapped[date | None]

    wings: Mapped[list[Wing]] = relationship(
        back_populates="building", lazy="raise_on_sql", order_by="Wing.code"
    )
    floors: Mapped[list[Floor]] = relationship(
        back_populates="building", lazy="raise_on_sql", order_by="Floor.level"
    )


class Wing(Edited, Base):
    """A part of a building over all its floors; its code is unique in the building."""

    __tablename__ = "wing"
    __table_args__ = (UniqueConstraint("building_id", "code"),)

    building_id: Mapped[int] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    code: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    outline: Mapped[BaseGeometry | None] = mapped_column(Shape)

    building: Mapped[Building] = relationship(back_populates="wings", lazy="raise_on_sql")


class Floor(Edited, Base):
    """A storey; its base is at ``elevation_m``, or on top of the storeys below it."""

    __tablename__ = "floor"
    __table_args__ = (
        UniqueConstraint("building_id", "level"),
        CheckConstraint("height_m > 0 AND height_m <= 50", name="height_m"),
    )

    building_id: Mapped[int] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    level: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    height_m: Mapped[float] = mapped_column(default=3.0)
    elevation_m: Mapped[float | None]
    slab_material_id: Mapped[int | None] = mapped_column(
        ForeignKey("material.id", ondelete="RESTRICT")
    )
    slab_outline: Mapped[BaseGeometry | None] = mapped_column(Shape)

    building: Mapped[Building] = relationship(back_populates="floors", lazy="raise_on_sql")


class FloorPlan(Edited, Base):
    """One version of a floor's plan, or of one wing of it; old versions stay readable.

    ``pixel_to_building`` holds a, b, c, d, e, f of x = a px + b py + c, y = d px + e py + f;
    NULL until the plan has a scale.
    """

    __tablename__ = "floor_plan"
    __table_args__ = (
        UniqueConstraint("floor_id", "number"),
        one_of("scale_method", SCALE_METHODS),
        CheckConstraint("width_px > 0 AND height_px > 0", name="size"),
        _one_current("ix_floor_plan_current_floor", "is_current AND wing_id IS NULL", "floor_id"),
        _one_current(
            "ix_floor_plan_current_wing",
            "is_current AND wing_id IS NOT NULL",
            "floor_id",
            "wing_id",
        ),
    )

    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    number: Mapped[int]
    is_current: Mapped[bool] = mapped_column(default=True)
    name: Mapped[str] = mapped_column(String(200))
    page: Mapped[int] = mapped_column(default=1)
    pages: Mapped[int] = mapped_column(default=1)
    media_type: Mapped[str] = mapped_column(String(60))
    original_file: Mapped[str] = mapped_column(String(60))
    original_sha256: Mapped[str] = mapped_column(String(64))
    image_file: Mapped[str] = mapped_column(String(60))
    image_sha256: Mapped[str] = mapped_column(String(64))
    width_px: Mapped[int]
    height_px: Mapped[int]
    paper_m_per_px: Mapped[float | None]
    pixel_to_building: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    scale_method: Mapped[str | None] = mapped_column(String(30))
    residual_m: Mapped[float | None]
    is_verified: Mapped[bool] = mapped_column(default=False)
    uploaded_at: Mapped[datetime] = mapped_column(Instant)

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")


class Room(Edited, Base):
    """A room of a floor; the facility department's number joins it to other lists."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("floor_id", "number"),
        one_of("use", ROOM_USES),
        one_of("conference_equipment", CONFERENCE_STATES),
        CheckConstraint("seats >= 0", name="seats"),
    )

    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    number: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(120), default="")
    use: Mapped[str] = mapped_column(String(30), default="other")
    seats: Mapped[int | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    is_secure: Mapped[bool] = mapped_column(default=False)
    conference_equipment: Mapped[str] = mapped_column(String(30), default="none")
    outline: Mapped[BaseGeometry | None] = mapped_column(Shape)
    note: Mapped[str] = mapped_column(String(500), default="")

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
