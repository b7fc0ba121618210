"""Renovations of others, which open walls and close them again."""

from __future__ import annotations

from datetime import date

from shapely.geometry.base import BaseGeometry
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.rollout.spoken_dates import Precision, SpokenDate
from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.models.spoken import spoken, spoken_checks
from wlantrack.store.types import Precise, Shape

RENOVATION_KINDS = (
    "building",
    "fire protection",
    "electrical",
    "media technology",
    "heating",
    "facade and roof",
    "move",
    "other",
)
RENOVATION_STATES = ("idea", "planned", "approved", "under way", "done", "cancelled")
CERTAINTIES = ("certain", "likely", "uncertain")
NOISE_CLASSES = ("quiet", "normal", "loud")


class Renovation(Edited, Base):
    """Somebody else's project in a building: its walls are open for a while, then closed.

    ``requirements_due_on`` is the last day on which its planners take our requirements.
    """

    __tablename__ = "renovation"
    __table_args__ = (
        one_of("kind", RENOVATION_KINDS),
        one_of("state", RENOVATION_STATES),
        one_of("certainty", CERTAINTIES),
        one_of("noise_class", NOISE_CLASSES),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    building_id: Mapped[int] = mapped_column(
        ForeignKey("building.id", ondelete="RESTRICT"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20), default="building")
    state: Mapped[str] = mapped_column(String(12), default="planned")
    certainty: Mapped[str] = mapped_column(String(12), default="likely")
    noise_class: Mapped[str] = mapped_column(String(8), default="normal")
    requirements_due_on: Mapped[date | None]
    owner: Mapped[str] = mapped_column(String(120), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    reference: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    building: Mapped[Building] = relationship(lazy="raise_on_sql")
    parts: Mapped[list[RenovationPart]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        back_populates="renovation",
        order_by="RenovationPart.id",
    )
    phases: Mapped[list[RenovationPhase]] = relationship(
        lazy="raise_on_sql",
        cascade="all, delete-orphan",
        back_populates="renovation",
        order_by="RenovationPhase.position, RenovationPhase.id",
    )


class RenovationPart(Edited, Base):
    """Where a renovation opens walls, from when, and when they are closed again.

    Without an outline it is the whole of its wing and floor; without a wing or floor all of them.
    ``opens`` and ``closes`` are unknown while nobody has said.
    """

    __tablename__ = "renovation_part"
    __table_args__ = (
        *spoken_checks("opens", "closes"),
        CheckConstraint("outline IS NULL OR floor_id IS NOT NULL", name="outline_on_floor"),
    )

    renovation_id: Mapped[int] = mapped_column(
        ForeignKey("renovation.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120), default="")
    wing_id: Mapped[int | None] = mapped_column(
        ForeignKey("wing.id", ondelete="RESTRICT"), index=True
    )
    floor_id: Mapped[int | None] = mapped_column(
        ForeignKey("floor.id", ondelete="RESTRICT"), index=True
    )
    outline: Mapped[BaseGeometry | None] = mapped_column(Shape)
    opens_wording: Mapped[str | None] = mapped_column(String(80))
    opens_earliest: Mapped[date | None]
    opens_latest: Mapped[date | None]
    opens_precision: Mapped[Precision | None] = mapped_column(Precise)
    closes_wording: Mapped[str | None] = mapped_column(String(80))
    closes_earliest: Mapped[date | None]
    closes_latest: Mapped[date | None]
    closes_precision: Mapped[Precision | None] = mapped_column(Precise)
    note: Mapped[str] = mapped_column(String(500), default="")

    opens: Mapped[SpokenDate | None] = spoken("opens")
    closes: Mapped[SpokenDate | None] = spoken("closes")
    renovation: Mapped[Renovation] = relationship(lazy="raise_on_sql", back_populates="parts")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    floor: Mapped[Floor | None] = relationship(lazy="raise_on_sql")


class RenovationPhase(Edited, Base):
    """A stretch of a renovation, as its own schedule names it."""

    __tablename__ = "renovation_phase"
    __table_args__ = (
        UniqueConstraint("renovation_id", "name"),
        *spoken_checks("begins", "ends"),
        one_of("noise_class", NOISE_CLASSES),
    )

    renovation_id: Mapped[int] = mapped_column(ForeignKey("renovation.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)
    begins_wording: Mapped[str | None] = mapped_column(String(80))
    begins_earliest: Mapped[date | None]
    begins_latest: Mapped[date | None]
    begins_precision: Mapped[Precision | None] = mapped_column(Precise)
    ends_wording: Mapped[str | None] = mapped_column(String(80))
    ends_earliest: Mapped[date | None]
    ends_latest: Mapped[date | None]
    ends_precision: Mapped[Precision | None] = mapped_column(Precise)
    noise_class: Mapped[str] = mapped_column(String(8), default="normal")
    note: Mapped[str] = mapped_column(String(500), default="")

    begins: Mapped[SpokenDate | None] = spoken("begins")
    ends: Mapped[SpokenDate | None] = spoken("ends")
    renovation: Mapped[Renovation] = relationship(lazy="raise_on_sql", back_populates="phases")
