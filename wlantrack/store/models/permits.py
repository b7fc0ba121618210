"""What cabling needs beside cables: permits, penetrations, orders, trays and test records."""

from __future__ import annotations

from datetime import date, datetime

from shapely.geometry.base import BaseGeometry
from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.rollout.spoken_dates import Precision, SpokenDate
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.base import Base, Edited, Record, one_of
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.models.spoken import spoken, spoken_checks
from wlantrack.store.types import Instant, Precise, Shape

PERMIT_KINDS = ("heritage", "fire protection", "pollutants", "staff council", "other")
PERMIT_STATES = ("needed", "applied for", "granted", "refused", "not needed")
PENETRATION_STATES = ("planned", "open", "sealed", "checked")
ORDER_STATES = ("draft", "ordered", "partly delivered", "delivered", "accepted", "cancelled")
ROUTE_KINDS = ("tray", "conduit", "duct", "riser")
TEST_RESULTS = ("pass", "fail")


class Permit(Edited, Base):
    """Leave of an authority or body for many runs and access points, with conditions and an end."""

    __tablename__ = "permit"
    __table_args__ = (
        one_of("kind", PERMIT_KINDS),
        one_of("state", PERMIT_STATES),
        *spoken_checks("expected"),
        CheckConstraint("granted_on <= expires_on", name="order"),
        Index("ix_permit_place", "building_id", "wing_id"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12), default="needed")
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    authority: Mapped[str] = mapped_column(String(120), default="")
    reference: Mapped[str] = mapped_column(String(120), default="")
    applied_on: Mapped[date | None]
    expected_wording: Mapped[str | None] = mapped_column(String(80))
    expected_earliest: Mapped[date | None]
    expected_latest: Mapped[date | None]
    expected_precision: Mapped[Precision | None] = mapped_column(Precise)
    granted_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    conditions: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    expected: Mapped[SpokenDate | None] = spoken("expected")
    building: Mapped[Building] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    subjects: Mapped[list[PermitSubject]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="PermitSubject.id"
    )


class PermitSubject(Record, Base):
    """A run or an access point that a permit covers."""

    __tablename__ = "permit_subject"
    __table_args__ = (
        UniqueConstraint("permit_id", "cable_run_id"),
        UniqueConstraint("permit_id", "access_point_id"),
        CheckConstraint("(cable_run_id IS NULL) <> (access_point_id IS NULL)", name="one_subject"),
    )

    permit_id: Mapped[int] = mapped_column(ForeignKey("permit.id", ondelete="CASCADE"))
    cable_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("cable_run.id", ondelete="CASCADE"), index=True
    )
    access_point_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_point.id", ondelete="CASCADE"), index=True
    )

    cable_run: Mapped[CableRun | None] = relationship(lazy="raise_on_sql")
    access_point: Mapped[AccessPoint | None] = relationship(lazy="raise_on_sql")


class Penetration(Edited, Base):
    """A hole through a fire wall or slab, its seal and the seal's approval.

    A further cable opens it again: it goes back to "open" until it is sealed anew.
    """

    __tablename__ = "penetration"
    __table_args__ = (
        one_of("state", PENETRATION_STATES),
        CheckConstraint("(x_m IS NULL) = (y_m IS NULL)", name="position"),
        Index("ix_penetration_place", "floor_id", "wing_id"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    x_m: Mapped[float | None]
    y_m: Mapped[float | None]
    place: Mapped[str] = mapped_column(String(160), default="")
    fire_rating: Mapped[str] = mapped_column(String(20), default="")
    seal: Mapped[str] = mapped_column(String(120), default="")
    approval: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(8), default="planned")
    sealed_on: Mapped[date | None]
    firm: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    runs: Mapped[list[PenetrationRun]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="PenetrationRun.id"
    )


class PenetrationRun(Record, Base):
    """A run that leads through a penetration."""

    __tablename__ = "penetration_run"
    __table_args__ = (UniqueConstraint("penetration_id", "cable_run_id"),)

    penetration_id: Mapped[int] = mapped_column(ForeignKey("penetration.id", ondelete="CASCADE"))
    cable_run_id: Mapped[int] = mapped_column(
        ForeignKey("cable_run.id", ondelete="CASCADE"), index=True
    )

    cable_run: Mapped[CableRun] = relationship(lazy="raise_on_sql")


class Order(Edited, Base):
    """What a firm was asked to do or to deliver, and which runs and access points it is for."""

    __tablename__ = "work_order"
    __table_args__ = (
        one_of("state", ORDER_STATES),
        *spoken_checks("delivery"),
        Index("ix_work_order_place", "building_id", "wing_id"),
        Index("ix_work_order_firm", "firm"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(160), default="")
    firm: Mapped[str] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(16), default="draft")
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    ordered_on: Mapped[date | None]
    delivery_wording: Mapped[str | None] = mapped_column(String(80))
    delivery_earliest: Mapped[date | None]
    delivery_latest: Mapped[date | None]
    delivery_precision: Mapped[Precision | None] = mapped_column(Precise)
    delivered_on: Mapped[date | None]
    contact: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    delivery: Mapped[SpokenDate | None] = spoken("delivery")
    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    subjects: Mapped[list[OrderSubject]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="OrderSubject.id"
    )


class OrderSubject(Record, Base):
    """A run or an access point that an order is for."""

    __tablename__ = "order_subject"
    __table_args__ = (
        UniqueConstraint("order_id", "cable_run_id"),
        UniqueConstraint("order_id", "access_point_id"),
        CheckConstraint("(cable_run_id IS NULL) <> (access_point_id IS NULL)", name="one_subject"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id", ondelete="CASCADE"))
    cable_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("cable_run.id", ondelete="CASCADE"), index=True
    )
    access_point_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_point.id", ondelete="CASCADE"), index=True
    )

    cable_run: Mapped[CableRun | None] = relationship(lazy="raise_on_sql")
    access_point: Mapped[AccessPoint | None] = relationship(lazy="raise_on_sql")


class CableRoute(Edited, Base):
    """A tray, conduit or duct on a floor, or a riser between two floors: where runs may lead.

    ``line`` is in the building's metre frame; a riser has a point and leads from ``floor`` to
    ``upper_floor``.
    """

    __tablename__ = "cable_route"
    __table_args__ = (
        one_of("kind", ROUTE_KINDS),
        CheckConstraint("(kind = 'riser') = (upper_floor_id IS NOT NULL)", name="riser"),
        CheckConstraint("capacity >= 1", name="capacity"),
        Index("ix_cable_route_place", "floor_id", "wing_id"),
    )

    code: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(8), default="tray")
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    upper_floor_id: Mapped[int | None] = mapped_column(
        ForeignKey("floor.id", ondelete="RESTRICT"), index=True
    )
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    line: Mapped[BaseGeometry] = mapped_column(Shape)
    capacity: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="")

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql", foreign_keys=floor_id)
    upper_floor: Mapped[Floor | None] = relationship(
        lazy="raise_on_sql", foreign_keys=upper_floor_id
    )
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")


class CableTest(Record, Base):
    """What an instrument has measured of a run; the file it came in is kept with its hash."""

    __tablename__ = "cable_test"
    __table_args__ = (
        one_of("result", TEST_RESULTS),
        Index("ix_cable_test_run", "cable_run_id", "tested_on"),
        UniqueConstraint("cable_run_id", "fingerprint"),
    )

    cable_run_id: Mapped[int] = mapped_column(ForeignKey("cable_run.id", ondelete="CASCADE"))
    result: Mapped[str] = mapped_column(String(4))
    tested_on: Mapped[date]
    limit_name: Mapped[str] = mapped_column(String(80), default="")
    length_m: Mapped[float | None]
    margin_db: Mapped[float | None]
    instrument: Mapped[str] = mapped_column(String(120), default="")
    tester: Mapped[str] = mapped_column(String(120), default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    file_sha256: Mapped[str] = mapped_column(String(64))
    stored_file: Mapped[str] = mapped_column(String(60))
    row_number: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime] = mapped_column(Instant)
    imported_by: Mapped[str] = mapped_column(String(80))

    cable_run: Mapped[CableRun] = relationship(lazy="raise_on_sql")


class ColumnMapping(Edited, Base):
    """Which column of a file with these headings holds which field, as somebody has said it."""

    __tablename__ = "column_mapping"
    __table_args__ = (UniqueConstraint("kind", "fingerprint"),)

    kind: Mapped[str] = mapped_column(String(40))
    fingerprint: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120), default="")
    columns: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
