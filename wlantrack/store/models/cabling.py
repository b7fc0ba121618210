"""Distributors, switches and their ports, outlets, and the cable runs between them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.base import Base, Edited, Record, one_of
from wlantrack.store.models.networks import Vlan
from wlantrack.store.models.places import Floor, Room, Wing

CABLE_CATEGORIES = ("5", "5e", "6", "6A", "7", "7A", "8.1", "8.2", "OM3", "OM4", "OM5", "OS2")
TEST_LIMITS = ("permanent link", "channel", "MPTL")


class Distributor(Edited, Base):
    """A cabinet or frame where cable runs begin."""

    __tablename__ = "distributor"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"), index=True)
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"))
    x_m: Mapped[float | None]
    y_m: Mapped[float | None]
    note: Mapped[str] = mapped_column(String(500), default="")

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    room: Mapped[Room | None] = relationship(lazy="raise_on_sql")


class Switch(Edited, Base):
    """A switch in a distributor; ``poe_budget_w`` NULL means not known, 0 means no PoE."""

    __tablename__ = "switch"
    __table_args__ = (CheckConstraint("poe_budget_w >= 0", name="poe_budget_w"),)

    code: Mapped[str] = mapped_column(String(40), unique=True)
    distributor_id: Mapped[int] = mapped_column(
        ForeignKey("distributor.id", ondelete="RESTRICT"), index=True
    )
    model: Mapped[str] = mapped_column(String(120), default="")
    poe_budget_w: Mapped[float | None]
    serial: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    distributor: Mapped[Distributor] = relationship(lazy="raise_on_sql")
    ports: Mapped[list[SwitchPort]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", back_populates="switch"
    )


class SwitchPort(Edited, Base):
    """A port: what it can feed, which segments it carries, which cable run is patched to it."""

    __tablename__ = "switch_port"
    __table_args__ = (
        UniqueConstraint("switch_id", "name"),
        CheckConstraint("poe_class BETWEEN 0 AND 8", name="poe_class"),
    )

    switch_id: Mapped[int] = mapped_column(ForeignKey("switch.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(30))
    poe_class: Mapped[int | None]
    speed_mbit: Mapped[int | None]
    untagged_vlan_id: Mapped[int | None] = mapped_column(
        ForeignKey("vlan.id", ondelete="RESTRICT"), index=True
    )
    cable_run_id: Mapped[int | None] = mapped_column(
        ForeignKey("cable_run.id", ondelete="SET NULL"), unique=True
    )
    note: Mapped[str] = mapped_column(String(500), default="")

    switch: Mapped[Switch] = relationship(lazy="raise_on_sql", back_populates="ports")
    untagged_vlan: Mapped[Vlan | None] = relationship(lazy="raise_on_sql")
    cable_run: Mapped[CableRun | None] = relationship(
        lazy="raise_on_sql", back_populates="switch_port"
    )
    tagged: Mapped[list[PortVlan]] = relationship(lazy="raise_on_sql", cascade="all, delete-orphan")


class PortVlan(Record, Base):
    """A segment that a port carries tagged."""

    __tablename__ = "port_vlan"
    __table_args__ = (UniqueConstraint("switch_port_id", "vlan_id"),)

    switch_port_id: Mapped[int] = mapped_column(ForeignKey("switch_port.id", ondelete="CASCADE"))
    vlan_id: Mapped[int] = mapped_column(ForeignKey("vlan.id", ondelete="RESTRICT"), index=True)

    vlan: Mapped[Vlan] = relationship(lazy="raise_on_sql")


class Outlet(Edited, Base):
    """A data outlet in a room, where a cable run may end."""

    __tablename__ = "outlet"

    code: Mapped[str] = mapped_column(String(40), unique=True)
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"), index=True)
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="RESTRICT"))
    x_m: Mapped[float | None]
    y_m: Mapped[float | None]
    note: Mapped[str] = mapped_column(String(500), default="")

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    room: Mapped[Room | None] = relationship(lazy="raise_on_sql")


class CableRun(Edited, Base):
    """A cable from a distributor's panel port to an outlet or access point; one end may be open.

    ``floor_id`` and ``wing_id`` are those of its far end, else of its distributor: who may see it
    follows from them. ``state_before`` is where a blocked run goes back to.
    """

    __tablename__ = "cable_run"
    __table_args__ = (
        one_of("state", tuple(CABLE_STATES)),
        one_of("state_before", tuple(CABLE_STATES)),
        one_of("category", CABLE_CATEGORIES),
        one_of("test_limit", TEST_LIMITS),
        CheckConstraint("access_point_id IS NULL OR outlet_id IS NULL", name="one_far_end"),
        CheckConstraint(
            "access_point_id IS NOT NULL OR outlet_id IS NOT NULL OR distributor_id IS NOT NULL",
            name="has_end",
        ),
        CheckConstraint("length_planned_m > 0", name="length_planned_m"),
        CheckConstraint("length_actual_m > 0", name="length_actual_m"),
        UniqueConstraint("distributor_id", "panel_port"),
        Index("ix_cable_run_place", "floor_id", "wing_id"),
        Index("ix_cable_run_state", "state"),
    )

    label: Mapped[str] = mapped_column(String(60), unique=True)
    floor_id: Mapped[int] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    distributor_id: Mapped[int | None] = mapped_column(
        ForeignKey("distributor.id", ondelete="RESTRICT")
    )
    panel_port: Mapped[str | None] = mapped_column(String(30))
    access_point_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_point.id", ondelete="RESTRICT"), index=True
    )
    outlet_id: Mapped[int | None] = mapped_column(
        ForeignKey("outlet.id", ondelete="RESTRICT"), index=True
    )
    category: Mapped[str] = mapped_column(String(4), default="6A")
    test_limit: Mapped[str] = mapped_column(String(16), default="permanent link")
    length_planned_m: Mapped[float | None]
    length_actual_m: Mapped[float | None]
    crosses_fire_wall: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(24), default="requested")
    state_before: Mapped[str | None] = mapped_column(String(24))
    state_on: Mapped[date | None]
    firm: Mapped[str] = mapped_column(String(120), default="")
    legacy_id: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    floor: Mapped[Floor] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    distributor: Mapped[Distributor | None] = relationship(lazy="raise_on_sql")
    access_point: Mapped[AccessPoint | None] = relationship(lazy="raise_on_sql")
    outlet: Mapped[Outlet | None] = relationship(lazy="raise_on_sql")
    switch_port: Mapped[SwitchPort | None] = relationship(
        lazy="raise_on_sql", back_populates="cable_run", uselist=False, passive_deletes=True
    )
    steps: Mapped[list[CableStep]] = relationship(
        lazy="raise_on_sql", order_by="CableStep.id", cascade="all, delete-orphan"
    )


class CableStep(Record, Base):
    """One change of a run's state: when it was done on site, by which firm, on what evidence.

    ``evidence`` holds values by field name.
    """

    __tablename__ = "cable_step"

    cable_run_id: Mapped[int] = mapped_column(
        ForeignKey("cable_run.id", ondelete="CASCADE"), index=True
    )
    source: Mapped[str] = mapped_column(String(24))
    target: Mapped[str] = mapped_column(String(24))
    done_on: Mapped[date]
    person: Mapped[str] = mapped_column(String(80))
    firm: Mapped[str] = mapped_column(String(120), default="")
    evidence: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
