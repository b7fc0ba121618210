"""Log-ins by another service: whose account an identity is, and what its groups allow.

Decides that an identity is known by issuer and subject alone: a name or an address proves nothing,
since others may give them away. Refuses to know how the service was asked.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import Conflict, InvalidInput, NotAllowed, Problem, msg
from wlantrack.services import accounts
from wlantrack.services.people import EVERYWHERE, RESERVED_NAMES, open_session
from wlantrack.settings import PREFIX
from wlantrack.store.models.people import ROLES, User
from wlantrack.store.queries import people

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.settings import Settings

_FOREIGN = re.compile(r"[^a-z0-9._@-]+")


@dataclass(frozen=True)
class Identity:
    """Somebody as a log-in service vouches for them."""

    issuer: str
    subject: str
    name: str = ""
    display_name: str = ""
    groups: tuple[str, ...] = ()

    def account_name(self) -> str:
        """Give the log-in name of a new account: the service's own, as far as it fits."""
        name = _FOREIGN.sub("-", self.name.strip().lower()).strip("._@-")[:79]
        digest = hashlib.sha256(f"{self.issuer}\n{self.subject}".encode()).hexdigest()
        return name if name and name not in RESERVED_NAMES else f"person-{digest[:12]}"


@dataclass(frozen=True)
class GroupRules:
    """Which groups may log in, and which roles they give; roles are (group, role, scope)."""

    allowed: frozenset[str]
    roles: tuple[tuple[str, str, str], ...]

    @classmethod
    def of(cls, settings: Settings) -> GroupRules:
        """Read the rules of an installation.

        Raises
        ------
        InvalidInput
            An entry is not written as ``group=role@scope``, or its role does not exist.
        """
        entries = _split(settings.oidc_roles)
        return cls(frozenset(_split(settings.oidc_allowed_groups)), tuple(map(_read_rule, entries)))

    def list_roles(self, groups: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Give the (role, scope) pairs of somebody with these groups, each once."""
        known = set(groups)
        return tuple(
            dict.fromkeys((role, scope) for group, role, scope in self.roles if group in known)
        )

    def admits(self, groups: Iterable[str]) -> bool:
        """Tell whether somebody with these groups may log in at all."""
        return not self.allowed or not self.allowed.isdisjoint(groups)


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _read_rule(entry: str) -> tuple[str, str, str]:
    # The last = counts: names of groups hold some themselves, such as cn=wlan,ou=groups.
    group, _, given = entry.rpartition("=")
    role, _, scope = given.partition("@")
    if not group.strip() or role.strip() not in ROLES:
        raise InvalidInput(
            Problem(
                msg("This entry gives no role that exists."),
                msg("Write group=role@scope, such as wlan-team=planner@all."),
                field=f"{PREFIX}OIDC_ROLES",
                value=entry,
            )
        )
    if role.strip() == "firm" and scope.strip() in {"", EVERYWHERE}:
        raise InvalidInput(
            Problem(
                msg("The role of a firm is held for one firm."),
                msg("Write group=firm@name of the firm, such as cablers=firm@Kabelbau GmbH."),
                field=f"{PREFIX}OIDC_ROLES",
                value=entry,
            )
        )
    return group.strip(), role.strip(), scope.strip() or EVERYWHERE


def find_name(session: Session, identity: Identity) -> str:
    """Give the name under which an identity logs in here, or would at its first log-in."""
    user = people.get_user_by_identity(session, identity.issuer, identity.subject)
    return identity.account_name() if user is None else user.name


def log_in(
    session: Session, identity: Identity, rules: GroupRules, now: datetime, device: str = ""
) -> str:
    """Open a session for an identity, with an account made at its first log-in; give its token.

    Where the groups decide the roles, they do so anew at every log-in; roles that have changed end
    all earlier sessions.

    Raises
    ------
    NotAllowed
        The account is locked, no group admits it, or another account has its name.
    """
    user = people.get_user_by_identity(session, identity.issuer, identity.subject)
    if user is not None and not user.is_active:
        raise NotAllowed(msg("This account is locked. Ask your administrator."))
    roles = rules.list_roles(identity.groups)
    is_led_by_groups = user is None or user.has_outside_roles
    if not rules.admits(identity.groups) or (is_led_by_groups and not roles):
        if user is not None:
            _withdraw(session, user, now)
        raise NotAllowed(
            msg("None of your groups at the log-in service may use wlantrack. Ask for one there.")
        )
    if user is None:
        user = _create(session, identity)
    if user.has_outside_roles:
        _take_over(session, user, identity, roles, now)
    token = open_session(session, user, now, device, "service")
    session.commit()
    return token


def _withdraw(session: Session, user: User, now: datetime) -> None:
    """Let somebody whom no group admits any more keep nothing."""
    if user.has_outside_roles and user.grants:
        accounts.replace_roles(session, user, ())
    people.end_sessions(session, user.id, now)
    session.commit()


def _create(session: Session, identity: Identity) -> User:
    name = identity.account_name()
    if people.get_user_by_name(session, name) is not None:
        raise NotAllowed(
            msg(
                "There is already an account named %(name)s. If it is yours, log in with its"
                " password and link it on the page »My account«; if not, ask your administrator.",
                name=name,
            )
        )
    user = User(
        name=name,
        display_name=(identity.display_name.strip() or name)[:120],
        issuer=identity.issuer,
        subject=identity.subject,
        has_outside_roles=True,
        is_active=True,
        grants=[],
    )
    session.add(user)
    session.flush()
    return user


def _take_over(
    session: Session,
    user: User,
    identity: Identity,
    roles: tuple[tuple[str, str], ...],
    now: datetime,
) -> None:
    shown = (identity.display_name.strip() or user.display_name)[:120]
    if user.display_name != shown:
        user.display_name = shown
    if {(grant.role, accounts.scope_of(grant)) for grant in user.grants} != set(roles):
        accounts.replace_roles(session, user, roles)
        people.end_sessions(session, user.id, now)


def link(session: Session, actor: Actor, identity: Identity, rules: GroupRules) -> None:
    """Let the actor's own account be opened by an identity, too; its roles stay as they are.

    Raises
    ------
    Conflict
        The identity has an account already, or the account an identity.
    NotAllowed
        No group admits the identity.
    """
    user = accounts.find_own(session, actor)
    other = people.get_user_by_identity(session, identity.issuer, identity.subject)
    if other is not None and other.id != user.id:
        raise Conflict(msg("This identity opens another account already."))
    if user.issuer is not None and other is None:
        raise Conflict(msg("Your account is linked already. Unlink it first."))
    if not rules.admits(identity.groups):
        raise NotAllowed(
            msg("None of your groups at the log-in service may use wlantrack. Ask for one there.")
        )
    user.issuer, user.subject = identity.issuer, identity.subject
    session.commit()


def unlink(session: Session, actor: Actor) -> None:
    """Let the actor's own account be opened by its password only.

    Raises
    ------
    InvalidInput
        Nobody could open it any more.
    """
    user = accounts.find_own(session, actor)
    if user.password_hash is None or user.has_outside_roles:
        raise InvalidInput(
            Problem(
                msg("Without the log-in service nobody could open this account."),
                msg("Ask your administrator for a one-time link and set a password first."),
            )
        )
    user.issuer = user.subject = None
    session.commit()
