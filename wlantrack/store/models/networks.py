"""Network segments, the SSIDs on them, where these are on air, and the paths between segments.

Decides that an SSID has its VLAN's class: a composite key says it, triggers of migration 0003 say
it again where foreign keys are off, and the ORM never sets one from the other.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.base import Base, Edited, one_of
from wlantrack.store.models.places import Building, Floor, Wing

NETWORK_CLASSES = ("visitor", "internal", "management", "building", "critical")
SECURITIES = (
    "open",
    "owe",
    "owe-transition",
    "wep",
    "wpa1-psk",
    "wpa2-psk",
    "wpa2-wpa3-psk",
    "wpa3-sae",
    "wpa2-enterprise",
    "wpa2-wpa3-enterprise",
    "wpa3-enterprise",
    "wpa3-enterprise-192",
)
PMF_MODES = ("off", "optional", "required")
SSID_STATES = ("planned", "on air", "retired")
PROTECTION_NEEDS = ("normal", "high", "very high")
FLOW_ACTIONS = ("allow", "deny")
ADDRESS_FAMILIES = ("both", "v4", "v6")


class Vlan(Edited, Base):
    """A segment: its VLAN id, its class, its subnets and the firewall zone it lies in.

    ``family`` says which addresses are routed; NULL while nobody has said.
    """

    __tablename__ = "vlan"
    __table_args__ = (
        one_of("network_class", NETWORK_CLASSES),
        one_of("protection_need", PROTECTION_NEEDS),
        one_of("family", ADDRESS_FAMILIES),
        CheckConstraint("vid BETWEEN 1 AND 4094", name="vid"),
        # Target of the composite key that ties an SSID's class to its VLAN's.
        UniqueConstraint("id", "network_class"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    vid: Mapped[int]
    name: Mapped[str] = mapped_column(String(120), default="")
    network_class: Mapped[str] = mapped_column(String(12))
    family: Mapped[str | None] = mapped_column(String(8))
    subnet_v4: Mapped[str] = mapped_column(String(18), default="")
    subnet_v6: Mapped[str] = mapped_column(String(49), default="")
    zone: Mapped[str] = mapped_column(String(60), default="")
    owner: Mapped[str] = mapped_column(String(120), default="")
    purpose: Mapped[str] = mapped_column(String(200), default="")
    protection_need: Mapped[str | None] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(500), default="")


class Ssid(Edited, Base):
    """A network name as clients see it; ``vlan`` can be read only, ``vlan_id`` is what is set."""

    __tablename__ = "ssid"
    __table_args__ = (
        ForeignKeyConstraint(
            ["vlan_id", "network_class"],
            ["vlan.id", "vlan.network_class"],
            name="fk_ssid_vlan_class",
            ondelete="RESTRICT",
        ),
        one_of("network_class", NETWORK_CLASSES),
        one_of("security", SECURITIES),
        one_of("pmf", PMF_MODES),
        one_of("state", SSID_STATES),
        one_of("protection_need", PROTECTION_NEEDS),
        CheckConstraint("psk_length BETWEEN 8 AND 63", name="psk_length"),
        CheckConstraint("is_on_24 OR is_on_5 OR is_on_6", name="has_band"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(32))
    network_class: Mapped[str] = mapped_column(String(12))
    vlan_id: Mapped[int] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), default="planned")
    security: Mapped[str] = mapped_column(String(24))
    pmf: Mapped[str] = mapped_column(String(10), default="optional")
    is_on_24: Mapped[bool] = mapped_column(default=True)
    is_on_5: Mapped[bool] = mapped_column(default=True)
    is_on_6: Mapped[bool] = mapped_column(default=False)
    is_isolated: Mapped[bool | None]
    uses_wps: Mapped[bool | None]
    uses_tkip: Mapped[bool | None]
    has_portal: Mapped[bool | None]
    portal_url: Mapped[str] = mapped_column(String(200), default="")
    privacy_notice_version: Mapped[str] = mapped_column(String(40), default="")
    psk_length: Mapped[int | None]
    is_psk_unique: Mapped[bool | None]
    psk_attested_on: Mapped[date | None]
    migration_on: Mapped[date | None]
    owner: Mapped[str] = mapped_column(String(120), default="")
    purpose: Mapped[str] = mapped_column(String(200), default="")
    protection_need: Mapped[str | None] = mapped_column(String(12))
    ends_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(500), default="")

    # Assigning through a composite key would silently change the class: view only.
    vlan: Mapped[Vlan] = relationship(lazy="raise_on_sql", viewonly=True)
    scopes: Mapped[list[SsidScope]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", back_populates="ssid"
    )

    @validates("vlan")
    def _refuse_assignment(self, _key: str, _value: object) -> None:
        message = "set vlan_id: assigning a VLAN must never change an SSID's class"
        raise AttributeError(message)


class SsidScope(Edited, Base):
    """Where an SSID is on air, or is not: a building, a wing, a floor or one access point."""

    __tablename__ = "ssid_scope"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN building_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN wing_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN floor_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN access_point_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_place",
        ),
        UniqueConstraint("ssid_id", "building_id"),
        UniqueConstraint("ssid_id", "wing_id"),
        UniqueConstraint("ssid_id", "floor_id"),
        UniqueConstraint("ssid_id", "access_point_id"),
    )

    ssid_id: Mapped[int] = mapped_column(ForeignKey("ssid.id", ondelete="CASCADE"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="RESTRICT"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="RESTRICT"))
    floor_id: Mapped[int | None] = mapped_column(ForeignKey("floor.id", ondelete="RESTRICT"))
    access_point_id: Mapped[int | None] = mapped_column(
        ForeignKey("access_point.id", ondelete="CASCADE")
    )
    is_excluded: Mapped[bool] = mapped_column(default=False)

    ssid: Mapped[Ssid] = relationship(lazy="raise_on_sql", back_populates="scopes")
    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")
    floor: Mapped[Floor | None] = relationship(lazy="raise_on_sql")
    access_point: Mapped[AccessPoint | None] = relationship(lazy="raise_on_sql")


class Flow(Edited, Base):
    """A path that the firewall allows or denies between two segments."""

    __tablename__ = "flow"
    __table_args__ = (
        one_of("action", FLOW_ACTIONS),
        one_of("family", ADDRESS_FAMILIES),
        CheckConstraint("source_id <> target_id", name="two_segments"),
        Index("ix_flow_ends", "source_id", "target_id"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("vlan.id", ondelete="RESTRICT"))
    target_id: Mapped[int] = mapped_column(ForeignKey("vlan.id", ondelete="RESTRICT"))
    action: Mapped[str] = mapped_column(String(8))
    family: Mapped[str] = mapped_column(String(8), default="both")
    services: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(500), default="")

    source: Mapped[Vlan] = relationship(lazy="raise_on_sql", foreign_keys=[source_id])
    target: Mapped[Vlan] = relationship(lazy="raise_on_sql", foreign_keys=[target_id])
