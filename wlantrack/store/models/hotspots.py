"""Public hotspots, and what visitors write about them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.models.networks import Ssid
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.types import Instant

FEEDBACK_TOPICS = ("hotspot", "accessibility", "other")


class PublicHotspot(Edited, Base):
    """A place where visitors find a network: what the public is told, in words of its own.

    Name, address, place, opening hours and position are written for the public; nothing of the
    building's record is shown instead of them. ``open_id`` is what the public knows it by: random,
    and kept for good. Building, wing and floor say where the SSID must be on air for it to count.
    """

    __tablename__ = "public_hotspot"
    __table_args__ = (
        CheckConstraint("(latitude_deg IS NULL) = (longitude_deg IS NULL)", name="position"),
        CheckConstraint("latitude_deg BETWEEN -90 AND 90", name="latitude_deg"),
        CheckConstraint("longitude_deg BETWEEN -180 AND 180", name="longitude_deg"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    open_id: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, default=uuid.uuid4)
    building_id: Mapped[int] = mapped_column(
        ForeignKey("building.id", ondelete="RESTRICT"), index=True
    )
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    floor_id: Mapped[int | None] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    ssid_id: Mapped[int] = mapped_column(ForeignKey("ssid.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200), default="")
    opening_hours: Mapped[str] = mapped_column(String(200), default="")
    latitude_deg: Mapped[float | None]
    longitude_deg: Mapped[float | None]
    is_published: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(500), default="")

    building: Mapped[Building] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    floor: Mapped[Floor | None] = relationship(lazy="raise_on_sql")
    ssid: Mapped[Ssid] = relationship(lazy="raise_on_sql")


class Feedback(Edited, Base):
    """What somebody without an account has written on the public page; never in the audit trail.

    ``about`` is the hotspot's public id; it stays when the hotspot goes.
    """

    __tablename__ = "feedback"
    __table_args__ = (one_of("topic", FEEDBACK_TOPICS),)

    received_at: Mapped[datetime] = mapped_column(Instant, index=True)
    topic: Mapped[str] = mapped_column(String(20))
    about: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    words: Mapped[str] = mapped_column(String(2000))
    reply_to: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5), default="")
    is_done: Mapped[bool] = mapped_column(default=False)

    @property
    def label(self) -> str:
        """Give what the history calls it."""
        return f"{self.received_at:%Y-%m-%d %H:%M}"
