"""What is asked of the air and where, and what damps it.

Requirements, client profiles, zones, room groups, uplinks, and areas full of shelves.
"""

from __future__ import annotations

from datetime import datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.radio.bands import BAND_KEYS
from wlantrack.store.models.base import Base, Edited, Record, one_of
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.models.places import ROOM_USES, Building, Floor, Room, Wing
from wlantrack.store.types import Instant, Shape


class Requirement(Edited, Base):
    """A named set of limits; NULL asks for nothing in that respect."""

    __tablename__ = "requirement"
    __table_args__ = (
        CheckConstraint("signal_dbm BETWEEN -120 AND 0", name="signal_dbm"),
        CheckConstraint("secondary_dbm BETWEEN -120 AND 0", name="secondary_dbm"),
        CheckConstraint("access_point_count >= 1", name="access_point_count"),
        CheckConstraint("pass_share > 0 AND pass_share <= 1", name="pass_share"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    signal_dbm: Mapped[float | None]
    secondary_dbm: Mapped[float | None]
    snr_db: Mapped[float | None]
    data_rate_mbit: Mapped[float | None]
    access_point_count: Mapped[int | None]
    access_point_dbm: Mapped[float | None]
    overlap_max: Mapped[int | None]
    pass_share: Mapped[float] = mapped_column(default=0.95)
    note: Mapped[str] = mapped_column(String(500), default="")


class ClientProfile(Edited, Base):
    """A device under which verdicts are given: how much worse than a survey receiver it hears."""

    __tablename__ = "client_profile"
    __table_args__ = (CheckConstraint("streams BETWEEN 1 AND 8", name="streams"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    offset_24_db: Mapped[float] = mapped_column(default=0.0)
    offset_5_db: Mapped[float] = mapped_column(default=0.0)
    offset_6_db: Mapped[float] = mapped_column(default=0.0)
    has_24: Mapped[bool] = mapped_column(default=True)
    has_5: Mapped[bool] = mapped_column(default=True)
    has_6: Mapped[bool] = mapped_column(default=False)
    transmit_power_dbm: Mapped[float] = mapped_column(default=14.0)
    streams: Mapped[int] = mapped_column(default=2)
    note: Mapped[str] = mapped_column(String(500), default="")


class Zone(Edited, Base):
    """A part of a floor with a requirement for one network class: an outline, or rooms by use."""

    __tablename__ = "zone"
    __table_args__ = (
        UniqueConstraint("floor_id", "code"),
        one_of("network_class", NETWORK_CLASSES),
        one_of("room_use", ROOM_USES),
        one_of("band", BAND_KEYS),
        CheckConstraint("(outline IS NULL) <> (room_use IS NULL)", name="one_shape"),
    )

    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120), default="")
    outline: Mapped[BaseGeometry | None] = mapped_column(Shape)
    room_use: Mapped[str | None] = mapped_column(String(30))
    network_class: Mapped[str] = mapped_column(String(12))
    band: Mapped[str] = mapped_column(String(3), default="5")
    requirement_id: Mapped[int] = mapped_column(
        ForeignKey("requirement.id", ondelete="RESTRICT"), index=True
    )
    client_profile_id: Mapped[int | None] = mapped_column(
        ForeignKey("client_profile.id", ondelete="RESTRICT"), index=True
    )
    note: Mapped[str] = mapped_column(String(500), default="")

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    requirement: Mapped[Requirement] = relationship(lazy="raise_on_sql")
    client_profile: Mapped[ClientProfile | None] = relationship(lazy="raise_on_sql")


class RoomGroup(Edited, Base):
    """A named set of rooms of a building over its wings and floors, such as a council group's."""

    __tablename__ = "room_group"
    __table_args__ = (UniqueConstraint("building_id", "code"),)

    building_id: Mapped[int] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(String(500), default="")

    building: Mapped[Building] = relationship(lazy="raise_on_sql")
    members: Mapped[list[RoomGroupMember]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan"
    )


class RoomGroupMember(Record, Base):
    """A room of a group."""

    __tablename__ = "room_group_member"
    __table_args__ = (UniqueConstraint("room_group_id", "room_id"),)

    room_group_id: Mapped[int] = mapped_column(ForeignKey("room_group.id", ondelete="CASCADE"))
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), index=True)

    room: Mapped[Room] = relationship(lazy="raise_on_sql")


class ClutterZone(Edited, Base):
    """An area full of shelves or plants: every metre of a link inside it costs some dB."""

    __tablename__ = "clutter_zone"
    __table_args__ = (
        CheckConstraint("top_m > bottom_m", name="has_height"),
        CheckConstraint("db_per_m_24 >= 0 AND db_per_m_5 >= 0 AND db_per_m_6 >= 0", name="loss"),
    )

    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    outline: Mapped[BaseGeometry] = mapped_column(Shape)
    db_per_m_24: Mapped[float]
    db_per_m_5: Mapped[float]
    db_per_m_6: Mapped[float]
    bottom_m: Mapped[float] = mapped_column(default=0.0)
    top_m: Mapped[float] = mapped_column(default=2.0)
    source: Mapped[str] = mapped_column(String(120), default="")

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")


class Uplink(Edited, Base):
    """A building's line to the outside: its rates, and how much of them is used."""

    __tablename__ = "uplink"
    __table_args__ = (
        one_of("network_class", NETWORK_CLASSES),
        CheckConstraint("down_mbit > 0 AND up_mbit > 0", name="rate"),
    )

    building_id: Mapped[int] = mapped_column(
        ForeignKey("building.id", ondelete="RESTRICT"), index=True
    )
    code: Mapped[str] = mapped_column(String(40), unique=True)
    provider: Mapped[str] = mapped_column(String(120), default="")
    network_class: Mapped[str | None] = mapped_column(String(12))
    down_mbit: Mapped[float]
    up_mbit: Mapped[float]
    note: Mapped[str] = mapped_column(String(500), default="")

    building: Mapped[Building] = relationship(lazy="raise_on_sql")
    loads: Mapped[list[UplinkLoad]] = relationship(
        lazy="raise_on_sql", order_by="UplinkLoad.measured_at", cascade="all, delete-orphan"
    )


class UplinkLoad(Record, Base):
    """What was measured on an uplink at one moment: the busiest minutes, not an average of days."""

    __tablename__ = "uplink_load"
    __table_args__ = (UniqueConstraint("uplink_id", "measured_at"),)

    uplink_id: Mapped[int] = mapped_column(ForeignKey("uplink.id", ondelete="CASCADE"))
    measured_at: Mapped[datetime] = mapped_column(Instant)
    down_mbit: Mapped[float]
    up_mbit: Mapped[float]
