"""Access points, their radios, and the models they are of."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.radio.bands import BAND_KEYS
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES
from wlantrack.store.models.base import Base, Edited, Record, one_of
from wlantrack.store.models.places import Floor, Room, Wing

MOUNTS = ("ceiling", "wall", "floor")
CHANNEL_WIDTHS_MHZ = (20, 40, 80, 160, 320)


class AntennaPattern(Edited, Base):
    """An antenna by table: its greatest gain, and gains around it in two cuts.

    ``cuts`` is ``{"horizontal": [[angle_deg, gain_dbi], ...], "vertical": [...]}``;
    ``tabulated_mount`` says how the device hung when the table was made.
    """

    __tablename__ = "antenna_pattern"
    __table_args__ = (one_of("band", BAND_KEYS), one_of("tabulated_mount", MOUNTS))

    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    vendor: Mapped[str] = mapped_column(String(80), default="")
    band: Mapped[str | None] = mapped_column(String(3))
    gain_dbi: Mapped[float]
    cuts: Mapped[dict[str, list[list[float]]]] = mapped_column(JSON)
    tabulated_mount: Mapped[str] = mapped_column(String(10), default="ceiling")
    source: Mapped[str] = mapped_column(String(200), default="")


class AccessPointModel(Edited, Base):
    """A product: its radios, its power class, and until when it is supported."""

    __tablename__ = "access_point_model"

    code: Mapped[str] = mapped_column(String(60), unique=True)
    vendor: Mapped[str] = mapped_column(String(80), default="")
    name: Mapped[str] = mapped_column(String(120))
    poe_class: Mapped[int | None]
    end_of_support: Mapped[date | None]

    radios: Mapped[list[ModelRadio]] = relationship(
        lazy="raise_on_sql", order_by="ModelRadio.slot", cascade="all, delete-orphan"
    )


class ModelRadio(Record, Base):
    """One radio of a model: band, greatest transmit power, antenna gain and pattern.

    ``antenna`` is NULL for an ideal omnidirectional antenna.
    """

    __tablename__ = "model_radio"
    __table_args__ = (UniqueConstraint("model_id", "slot"), one_of("band", BAND_KEYS))

    model_id: Mapped[int] = mapped_column(ForeignKey("access_point_model.id", ondelete="CASCADE"))
    slot: Mapped[int]
    band: Mapped[str] = mapped_column(String(3))
    max_power_dbm: Mapped[float]
    gain_dbi: Mapped[float] = mapped_column(default=0.0)
    streams: Mapped[int] = mapped_column(default=2)
    antenna_id: Mapped[int | None] = mapped_column(
        ForeignKey("antenna_pattern.id", ondelete="RESTRICT"), index=True
    )

    antenna: Mapped[AntennaPattern | None] = relationship(lazy="raise_on_sql")


class AccessPoint(Edited, Base):
    """An access point: where it is planned, where it was installed, and how far it has come.

    What the separation check asks of it is NULL until somebody attests it; ``hardening`` holds the
    answered items of the checklist.
    """

    __tablename__ = "access_point"
    __table_args__ = (
        one_of("mount", MOUNTS),
        one_of("state", tuple(ACCESS_POINT_STATES)),
        CheckConstraint("height_m >= 0 AND height_m <= 50", name="height_m"),
        CheckConstraint(
            "(installed_x_m IS NULL) = (installed_y_m IS NULL)", name="installed_position"
        ),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"), index=True)
    wing_id: Mapped[int | None] = mapped_column(
        ForeignKey("wing.id", ondelete="RESTRICT"), index=True
    )
    room_id: Mapped[int | None] = mapped_column(
        ForeignKey("room.id", ondelete="RESTRICT"), index=True
    )
    model_id: Mapped[int] = mapped_column(ForeignKey("access_point_model.id", ondelete="RESTRICT"))
    x_m: Mapped[float]
    y_m: Mapped[float]
    installed_x_m: Mapped[float | None]
    installed_y_m: Mapped[float | None]
    height_m: Mapped[float] = mapped_column(default=2.7)
    mount: Mapped[str] = mapped_column(String(10), default="ceiling")
    azimuth_deg: Mapped[float] = mapped_column(default=0.0)
    downtilt_deg: Mapped[float] = mapped_column(default=0.0)
    is_outdoor: Mapped[bool] = mapped_column(default=False)
    is_public: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="planned")
    serial: Mapped[str] = mapped_column(String(60), default="")
    mac: Mapped[str] = mapped_column(String(17), default="")
    legacy_id: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    has_theft_protection: Mapped[bool | None]
    ip_class: Mapped[str | None] = mapped_column(String(10))
    has_surge_protection: Mapped[bool | None]
    hardening: Mapped[dict[str, bool] | None] = mapped_column(JSON(none_as_null=True))
    measured_on: Mapped[date | None]
    used_until: Mapped[date | None]
    purchased_on: Mapped[date | None]
    has_red_declaration: Mapped[bool | None]
    revoked_on: Mapped[date | None]
    link_tested_on: Mapped[date | None]

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    room: Mapped[Room | None] = relationship(lazy="raise_on_sql")
    model: Mapped[AccessPointModel] = relationship(lazy="raise_on_sql")
    radios: Mapped[list[Radio]] = relationship(
        lazy="raise_on_sql", order_by="Radio.slot", cascade="all, delete-orphan"
    )


class AccessPointBssid(Record, Base):
    """An address under which an access point sends; two that share one are found by the check."""

    __tablename__ = "access_point_bssid"
    __table_args__ = (UniqueConstraint("access_point_id", "bssid"),)

    access_point_id: Mapped[int] = mapped_column(ForeignKey("access_point.id", ondelete="CASCADE"))
    bssid: Mapped[str] = mapped_column(String(17))


class Radio(Record, Base):
    """One radio of an access point; channel or power NULL means automatic.

    ``antenna`` is an external antenna in place of the model's own.
    """

    __tablename__ = "radio"
    __table_args__ = (
        UniqueConstraint("access_point_id", "slot"),
        one_of("band", BAND_KEYS),
        CheckConstraint("width_mhz IN (20, 40, 80, 160, 320)", name="width_mhz"),
        CheckConstraint("power_dbm BETWEEN -10 AND 36", name="power_dbm"),
    )

    access_point_id: Mapped[int] = mapped_column(ForeignKey("access_point.id", ondelete="CASCADE"))
    slot: Mapped[int]
    band: Mapped[str] = mapped_column(String(3))
    channel: Mapped[int | None]
    width_mhz: Mapped[int] = mapped_column(default=20)
    power_dbm: Mapped[float | None]
    is_enabled: Mapped[bool] = mapped_column(default=True)
    antenna_id: Mapped[int | None] = mapped_column(
        ForeignKey("antenna_pattern.id", ondelete="RESTRICT"), index=True
    )

    antenna: Mapped[AntennaPattern | None] = relationship(lazy="raise_on_sql")
