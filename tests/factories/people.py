"""Rows for users, and the actors they become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from argon2 import PasswordHasher

from wlantrack.services.actor import Actor, Scope
from wlantrack.store.models.people import Grant, User

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PASSWORD = "vier Worte fuer Tests"
_FAST_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


def add_user(
    session: Session,
    name: str = "anna",
    *grants: Grant,
    password: str | None = PASSWORD,
) -> User:
    """Add an account with a password; without grants it is a planner everywhere."""
    user = User(
        name=name,
        display_name=name.title(),
        password_hash=_FAST_HASHER.hash(password) if password else None,
        grants=list(grants) or [Grant(role="planner")],
    )
    session.add(user)
    session.flush()
    return user


def make_actor(
    role: str = "planner", building_id: int | None = None, wing_id: int | None = None
) -> Actor:
    """Give somebody with one role in one scope."""
    return Actor(f"{role} of tests", grants=((role, Scope(building_id, wing_id)),))
