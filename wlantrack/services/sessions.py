"""Open sessions: where an account is logged in, and how one or all of them are ended.

Decides that people end their own sessions and administrators everybody's. Refuses to know cookies.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import NotFound, msg
from wlantrack.services.actor import Action
from wlantrack.services.places import parse_uuid
from wlantrack.store import audit
from wlantrack.store.queries import people

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.people import SessionLimits
    from wlantrack.store.models.people import User


@dataclass(frozen=True)
class OpenSession:
    """A place where an account is logged in."""

    public_id: str
    device: str
    method: str
    created_at: datetime
    seen_at: datetime


def list_sessions(
    session: Session, actor: Actor, ref: str | None, limits: SessionLimits, now: datetime
) -> list[OpenSession]:
    """Give the sessions of an account that are still alive; ``None`` is the actor's own.

    Raises
    ------
    NotFound
        There is no such account.
    NotAllowed
        It is somebody else's, and the actor is no administrator.
    """
    user = _find_user(session, actor, ref)
    return [
        OpenSession(str(row.public_id), row.device, row.method, row.created_at, row.seen_at)
        for row in people.list_sessions(session, user.id)
        if now - row.seen_at <= limits.idle and now - row.created_at <= limits.absolute
    ]


def end_session(
    session: Session, actor: Actor, ref: str | None, session_id: str, now: datetime
) -> None:
    """End one session of an account; ``None`` is the actor's own.

    Raises
    ------
    NotFound
        There is no such account, or it has no such session.
    NotAllowed
        It is somebody else's, and the actor is no administrator.
    """
    user = _find_user(session, actor, ref)
    rows = {str(row.public_id): row for row in people.list_sessions(session, user.id)}
    if session_id not in rows:
        raise NotFound(msg("There is no such session; perhaps it has ended already."))
    rows[session_id].ended_at = now
    _note(session, user, "end session")
    session.commit()


def end_all(
    session: Session, actor: Actor, ref: str | None, now: datetime, but: str | None = None
) -> int:
    """End all sessions of an account but for one, and give how many there were."""
    user = _find_user(session, actor, ref)
    count = people.end_sessions(session, user.id, now, None if but is None else uuid.UUID(but))
    if count:
        _note(session, user, "end sessions")
    session.commit()
    return count


def _find_user(session: Session, actor: Actor, ref: str | None) -> User:
    if ref is None:
        user = people.get_user(session, actor.user_id or 0)
    else:
        actor.require(Action.EDIT_USERS)
        public_id = parse_uuid(ref)
        user = people.get_user_by_public_id(session, public_id) if public_id else None
    if user is None:
        raise NotFound(msg("There is no such account."))
    return user


def _note(session: Session, user: User, act: str) -> None:
    audit.write_event(
        session,
        {
            "act": act,
            "entity": "user_account",
            "public_id": str(user.public_id),
            "label": user.name,
            "before": {},
            "after": {},
        },
    )
