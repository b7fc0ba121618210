"""Users, what they may do and where, and their sessions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.base import Base, Edited, Record, one_of
from wlantrack.store.models.places import Building, Wing
from wlantrack.store.types import Instant

ROLES = ("viewer", "firm", "facility", "planner", "manager", "security officer", "admin")
THEMES = ("system", "light", "dark")


class User(Edited, Base):
    """A person who can log in; without a password hash only by a one-time link."""

    __tablename__ = "user_account"
    __table_args__ = (one_of("theme", THEMES),)

    name: Mapped[str] = mapped_column(String(80), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(8))
    theme: Mapped[str] = mapped_column(String(8), default="system")
    is_active: Mapped[bool] = mapped_column(default=True)

    grants: Mapped[list[Grant]] = relationship(
        lazy="raise_on_sql", back_populates="user", cascade="all, delete-orphan"
    )


class Grant(Record, Base):
    """A role in a scope: everything, one building, or one wing."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint("building_id IS NULL OR wing_id IS NULL", name="one_scope"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id", ondelete="CASCADE"))
    wing_id: Mapped[int | None] = mapped_column(ForeignKey("wing.id", ondelete="CASCADE"))

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
    """A session kept on the server: the cookie holds a token, this row its hash and its end."""

    __tablename__ = "login_session"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
