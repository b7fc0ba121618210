"""Accounts and sessions: who somebody is, and until when the program believes it.

Decides how passwords, one-time links and session tokens are kept: never in clear, only as argon2
or SHA-256 hashes. Refuses to know cookies.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.services.actor import SYSTEM, Action, Actor, load_actor
from wlantrack.store import audit
from wlantrack.store.models.people import ROLES, THEMES, Grant, LoginSession, OneTimeLink, User
from wlantrack.store.queries import people, places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.settings import Settings

LINK_HOURS = 72
KEPT_DAYS = 90
"""So long sessions and links are remembered after their end; see docs/privacy.md."""
PASSWORD_MIN_LENGTH = 12
EVERYWHERE = "all"
FIRM_AT = " @ "
"""Stands between a firm and where its role holds."""
LONGEST_FIRM = 120
_SEEN_STEP = timedelta(minutes=1)
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,78}")
RESERVED_NAMES = frozenset({SYSTEM.name})
"""Who acted is told by name: nobody shall pass for the program itself."""
_HASHER = PasswordHasher()


@dataclass(frozen=True)
class SessionLimits:
    """How long a session lasts without requests, and at all."""

    idle: timedelta
    absolute: timedelta

    @classmethod
    def of(cls, settings: Settings) -> SessionLimits:
        """Give the limits of an installation."""
        return cls(
            timedelta(minutes=settings.session_idle_minutes),
            timedelta(hours=settings.session_hours),
        )


@dataclass(frozen=True)
class Profile:
    """The person behind a session: what pages show, and what they may do."""

    public_id: str
    display_name: str
    language: str | None
    theme: str
    actor: Actor
    session_id: str = ""
    is_authenticated: bool = True


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def fold_name(name: str) -> str:
    """Give the name of an account as it is looked for, however it was typed."""
    return name.strip().lower()


def check_password(session: Session, name: str, password: str) -> str:
    """Check name and password, which takes long on purpose; give the hash that they match.

    Raises
    ------
    InvalidInput
        Name or password is wrong, or the account is closed; says not which.
    """
    user = people.get_user_by_name(session, fold_name(name))
    stored = user.password_hash if user is not None else None
    if not _verify(stored, password) or user is None or not user.is_active:
        raise _refuse_log_in()
    return stored or ""


def _refuse_log_in() -> InvalidInput:
    return InvalidInput(
        Problem(
            msg("Name or password is wrong."),
            msg("Try again, or ask your administrator for a one-time link."),
            field="password",
        )
    )


def log_in(
    session: Session,
    name: str,
    password: str,
    now: datetime,
    device: str = "",
    *,
    matching: str | None = None,
) -> str:
    """Check name and password and open a session; give its token.

    ``matching`` is what :func:`check_password` gave: who has asked it before need not wait for it
    while others wait to write.

    Raises
    ------
    InvalidInput
        Name or password is wrong, or the account is closed; says not which.
    """
    known = check_password(session, name, password) if matching is None else matching
    user = people.get_user_by_name(session, fold_name(name))
    if user is None or not user.is_active or user.password_hash != known:
        raise _refuse_log_in()
    if _HASHER.check_needs_rehash(user.password_hash or ""):
        user.password_hash = _HASHER.hash(password)
    token = open_session(session, user, now, device)
    session.commit()
    return token


def list_open_accounts(session: Session, names: Sequence[str], password: str) -> frozenset[str]:
    """Tell which open accounts of these names have this password; opens no session."""
    found = [people.get_user_by_name(session, name) for name in names]
    users = [user for user in found if user is not None and user.is_active]
    # Demo accounts share a hash, and checking one takes long on purpose.
    matching = {
        stored for stored in {user.password_hash for user in users} if _verify(stored, password)
    }
    return frozenset(user.name for user in users if user.password_hash in matching)


def _verify(stored: str | None, password: str) -> bool:
    try:
        _HASHER.verify(stored or _unknown_user_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _unknown_user_hash() -> str:
    # Verified against when a name is unknown, so that the answer takes the same time.
    return _HASHER.hash(secrets.token_hex(16))


def open_session(
    session: Session, user: User, now: datetime, device: str = "", method: str = "password"
) -> str:
    """Open a session under a token of its own, and forget what is long over; the caller commits."""
    people.forget_before(session, now - timedelta(days=KEPT_DAYS))
    token = secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            token_sha256=_digest(token),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            device=device[:80],
            method=method,
        )
    )
    session.flush()
    audit.write_event(
        session,
        {
            "act": "log in",
            "entity": "user_account",
            "public_id": str(user.public_id),
            "label": user.name,
            "before": {},
            "after": {},
        },
    )
    return token


def resume(
    session: Session, token: str, limits: SessionLimits, now: datetime, request_id: str
) -> Profile | None:
    """Give the profile behind a session token; None when the session is over."""
    row = people.get_login_session(session, _digest(token))
    if row is None or row.ended_at is not None:
        return None
    if now - row.seen_at > limits.idle or now - row.created_at > limits.absolute:
        return None
    user = people.get_user(session, row.user_id)
    if user is None or not user.is_active:
        return None
    return Profile(
        str(user.public_id),
        user.display_name,
        user.language,
        user.theme,
        load_actor(user, request_id),
        str(row.public_id),
    )


def is_touch_due(session: Session, token: str, now: datetime) -> bool:
    """Tell whether the session's last sign of life is old enough to be written again."""
    row = people.get_login_session(session, _digest(token))
    return row is not None and now - row.seen_at > _SEEN_STEP


def touch(session: Session, token: str, now: datetime) -> None:
    """Note a sign of life of a session."""
    row = people.get_login_session(session, _digest(token))
    if row is not None and row.ended_at is None:
        row.seen_at = now
        session.commit()


def forget_old(session: Session, now: datetime) -> None:
    """Delete sessions and links of which nothing was heard for long."""
    people.forget_before(session, now - timedelta(days=KEPT_DAYS))
    session.commit()


def log_out(session: Session, token: str, now: datetime) -> None:
    """End a session for good."""
    row = people.get_login_session(session, _digest(token))
    if row is not None and row.ended_at is None:
        row.ended_at = now
        session.commit()


def save_preferences(session: Session, actor: Actor, language: str | None, theme: str) -> None:
    """Keep a person's language and theme."""
    if theme not in THEMES:
        raise InvalidInput(Problem(msg("There is no such theme."), field="theme", value=theme))
    user = people.get_user(session, actor.user_id or 0)
    if user is None:
        raise NotFound(msg("There is no such account."))
    user.language, user.theme = language, theme
    session.commit()


def create_user(
    session: Session,
    actor: Actor,
    name: str,
    roles: tuple[tuple[str, str], ...],
    now: datetime,
    display_name: str = "",
) -> str:
    """Create an account with (role, scope) pairs and give its one-time token.

    A scope is ``all``, a building's code such as ``RH``, or a wing such as ``RH/MP``; that of a
    firm's role begins with the firm, see :func:`make_grant`.

    Raises
    ------
    InvalidInput
        The name is taken or malformed, or there is no such role or scope.
    """
    actor.require(Action.EDIT_USERS)
    key = name.strip().lower()
    if not _NAME.fullmatch(key):
        raise InvalidInput(
            Problem(
                msg("The name may hold letters, digits and . _ @ - only."),
                field="name",
                value=name,
            )
        )
    if key in RESERVED_NAMES or people.get_user_by_name(session, key) is not None:
        raise InvalidInput(
            Problem(
                msg("This name is taken."),
                msg("Choose another name."),
                field="name",
                value=name,
            )
        )
    user = User(name=key, display_name=display_name or name)
    user.grants = [make_grant(session, role, scope) for role, scope in roles]
    session.add(user)
    session.flush()
    token = make_link(session, user, now)
    session.commit()
    return token


def split_firm(scope: str) -> tuple[str, str]:
    """Give the firm and the place that the scope of a firm's role names."""
    firm, at, place = scope.rpartition(FIRM_AT)
    return (firm.strip(), place.strip()) if at else (scope.strip(), EVERYWHERE)


def make_grant(session: Session, role: str, scope: str) -> Grant:
    """Make a role in a scope, as :func:`create_user` names it.

    That of a firm is ``Kabelbau GmbH`` or ``Kabelbau GmbH @ RH``.

    Raises
    ------
    InvalidInput
        There is no such role or place, or a firm's role names no firm.
    """
    if role not in ROLES:
        raise InvalidInput(
            Problem(
                msg("There is no such role."),
                msg("Choose one of: %(roles)s.", roles=", ".join(ROLES)),
                field="role",
                value=role,
            )
        )
    if role == "firm":
        firm, place = split_firm(scope)
        if not firm or firm == EVERYWHERE or len(firm) > LONGEST_FIRM:
            raise InvalidInput(
                Problem(
                    msg("The role of a firm is held for one firm."),
                    msg(
                        "Write the firm as it stands at its cable runs, such as Kabelbau GmbH, and"
                        " if need be where: Kabelbau GmbH @ RH."
                    ),
                    field="scope",
                    value=scope,
                )
            )
        grant = _make_placed(session, role, place)
        grant.firm = firm
        return grant
    return _make_placed(session, role, scope)


def _make_placed(session: Session, role: str, scope: str) -> Grant:
    if scope in {"", EVERYWHERE}:
        return Grant(role=role)
    building_code, _, wing_code = scope.partition("/")
    building = places.get_building_by_code(session, building_code)
    if building is not None and not wing_code:
        return Grant(role=role, building_id=building.id)
    wing = next((w for w in building.wings if w.code == wing_code), None) if building else None
    if wing is None:
        raise InvalidInput(
            Problem(
                msg("There is no such place."),
                msg("Name a building (RH), a wing (RH/MP), or all."),
                field="scope",
                value=scope,
            )
        )
    return Grant(role=role, wing_id=wing.id)


def make_link(session: Session, user: User, now: datetime) -> str:
    """Make a one-time link and give its token; the caller commits."""
    token = secrets.token_urlsafe(32)
    session.add(
        OneTimeLink(
            token_sha256=_digest(token),
            user_id=user.id,
            expires_at=now + timedelta(hours=LINK_HOURS),
        )
    )
    return token


def check_link(session: Session, token: str, now: datetime) -> str:
    """Give the name of the account that a one-time link belongs to.

    Raises
    ------
    NotFound
        The link is unknown, used or too old.
    """
    return _usable_link(session, token, now)[1].name


def _usable_link(session: Session, token: str, now: datetime) -> tuple[OneTimeLink, User]:
    link = people.get_link(session, _digest(token))
    user = people.get_user(session, link.user_id) if link is not None else None
    is_over = link is None or link.used_at is not None or link.expires_at < now
    if link is None or is_over or user is None or not user.is_active:
        raise _no_such_link()
    return link, user


def _no_such_link() -> NotFound:
    return NotFound(
        msg("This link is unknown, used or too old. Ask your administrator for a new one.")
    )


def set_password(
    session: Session, token: str, password: str, now: datetime, device: str = ""
) -> str:
    """Use a one-time link: set the password, open a session and give its token.

    Sessions that were open under the old password end.

    Raises
    ------
    NotFound
        The link is unknown, used or too old.
    InvalidInput
        The password is too short.
    """
    link, user = _usable_link(session, token, now)
    if len(password) < PASSWORD_MIN_LENGTH:
        raise InvalidInput(
            Problem(
                msg("A password needs at least %(count)s characters.", count=PASSWORD_MIN_LENGTH),
                msg("A sentence of a few words is easy to remember and hard to guess."),
                field="password",
            )
        )
    user.password_hash = _HASHER.hash(password)
    link.used_at = now
    people.end_sessions(session, user.id, now)
    opened = open_session(session, user, now, device, "link")
    session.commit()
    return opened


def set_demo_passwords(session: Session, actor: Actor, names: Sequence[str], password: str) -> None:
    """Set one known password; for demo accounts, which are served on loopback only."""
    actor.require(Action.EDIT_USERS)
    shared_hash = _HASHER.hash(password)
    for name in names:
        user = people.get_user_by_name(session, name)
        if user is None:
            raise NotFound(msg("There is no such account."))
        user.password_hash = shared_hash
    session.commit()


def utc_now() -> datetime:
    """Give the present moment; the edges pass it on, so that tests can pass another."""
    return datetime.now(UTC)
