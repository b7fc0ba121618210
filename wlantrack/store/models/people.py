"""Users, what they may do and where, and their sessions."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.base import Base, Edited, Record, one_of
from wlantrack.store.models.places import Building, Wing
from wlantrack.store.types import Instant

ROLES = ("viewer", "firm", "facility", "planner", "manager", "security officer", "admin")
THEMES = ("system", "light", "dark")
LOGIN_METHODS = ("password", "link", "service")


class User(Edited, Base):
    """A person who can log in; without a password hash only by a one-time link.

    ``issuer`` and ``subject`` name the same person at a log-in service, if there is one; where
    ``has_outside_roles`` its groups decide the roles.
    """

    __tablename__ = "user_account"
    __table_args__ = (
        one_of("theme", THEMES),
        Index("ix_user_account_identity", "issuer", "subject", unique=True),
    )

    name: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(8))
    theme: Mapped[str] = mapped_column(String(8), default="system")
    is_active: Mapped[bool] = mapped_column(default=True)
    issuer: Mapped[str | None] = mapped_column(String(300))
    subject: Mapped[str | None] = mapped_column(String(255))
    has_outside_roles: Mapped[bool] = mapped_column(default=False)

    grants: Mapped[list[Grant]] = relationship(
        lazy="raise_on_sql", back_populates="user", cascade="all, delete-orphan"
    )


class Grant(Record, Base):
    """A role in a scope: everything, one building, or one wing; that of a firm, for one firm."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint("building_id IS NULL OR wing_id IS NULL", name="one_scope"),
        CheckConstraint("role = 'firm' OR firm = ''", name="firm_of_firms"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="CASCADE"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="CASCADE"))

    firm: Mapped[str] = mapped_column(String(120), default="")

    user: Mapped[User] = relationship(lazy="raise_on_sql", back_populates="grants")
    building: Mapped[Building | None] = relationship(lazy="raise_on_sql")
    wing: Mapped[Wing | None] = relationship(lazy="raise_on_sql")


class OneTimeLink(Base):
    """A link that lets its user set a password once; only the token's hash is kept."""

    __tablename__ = "one_time_link"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class LoginSession(Base):
    """A session kept on the server: the cookie holds a token, this row its hash and its end.

    ``device`` says browser and system in words, so that its owner knows it again.
    """

    __tablename__ = "login_session"
    __table_args__ = (
        one_of("method", LOGIN_METHODS),
        Index("ix_login_session_user_id", "user_id"),
    )

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_id: Mapped[uuid.UUID] = mapped_column(Uuid, unique=True, default=uuid.uuid4)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    device: Mapped[str] = mapped_column(String(80), default="")
    method: Mapped[str] = mapped_column(String(10), default="password")
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
