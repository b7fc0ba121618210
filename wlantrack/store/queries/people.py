"""Selects of users, their grants, links and sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from wlantrack.store.models.people import Grant, LoginSession, OneTimeLink, User

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def _whole() -> Select[User]:
    grants = selectinload(User.grants)
    return select(User).options(grants.joinedload(Grant.wing), grants.joinedload(Grant.building))


def get_user(session: Session, user_id: int) -> User | None:
    """Load a user with grants and their places."""
    return session.scalar(_whole().where(User.id == user_id))


def get_user_by_name(session: Session, name: str) -> User | None:
    """Load a user with grants and their places."""
    return session.scalar(_whole().where(User.name == name))


def list_users(session: Session) -> list[User]:
    """Give all users with grants and their places, by name."""
    return list(session.scalars(_whole().order_by(User.name)))


def count_users(session: Session) -> int:
    """Count all users."""
    return session.scalar(select(func.count(User.id))) or 0


def get_login_session(session: Session, token_sha256: str) -> LoginSession | None:
    """Load a login session."""
    return session.get(LoginSession, token_sha256)


def get_link(session: Session, token_sha256: str) -> OneTimeLink | None:
    """Load a one-time link."""
    return session.get(OneTimeLink, token_sha256)
