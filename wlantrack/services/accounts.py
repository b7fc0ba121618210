"""Administration of accounts: who there is, what they may do where, and who is locked out.

Decides that nobody changes roles of their own, that an administrator always remains, and that a
changed role or a closed account ends every session. Refuses to know passwords and pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.orm.attributes import flag_modified

from wlantrack.errors import InvalidInput, NotAllowed, NotFound, Problem, msg
from wlantrack.formats.table_writers import write_csv
from wlantrack.services.actor import Action
from wlantrack.services.paging import Page
from wlantrack.services.people import EVERYWHERE, make_grant, make_link
from wlantrack.services.places import parse_uuid
from wlantrack.services.versions import require_version
from wlantrack.store.models.people import ROLES
from wlantrack.store.queries import cable_runs as run_queries
from wlantrack.store.queries import people
from wlantrack.store.queries.people import AccountFilter, AccountRow
from wlantrack.store.queries.scopes import RunReach

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.people import Grant, User

__all__ = ["ROLES", "ROLE_WORDS", "AccountFilter", "AccountRow"]

_ALL_ROWS = 1_000_000
ROLE_WORDS = {
    "viewer": msg("council (viewer)"),
    "firm": msg("firm"),
    "facility": msg("facility management"),
    "planner": msg("planner"),
    "manager": msg("project management"),
    "security officer": msg("security officer"),
    "admin": msg("administrator"),
}


@dataclass(frozen=True)
class AccountValues:
    """What administrators edit about an account; ``roles`` are (role, scope) pairs."""

    display_name: str
    roles: tuple[tuple[str, str], ...]


def list_accounts(
    session: Session, actor: Actor, narrow: AccountFilter, page: Page
) -> tuple[list[AccountRow], int]:
    """Give one page of the accounts, and how many match."""
    actor.require(Action.EDIT_USERS)
    return people.list_rows(session, narrow, page)


def find_account(session: Session, actor: Actor, ref: str) -> User:
    """Give an account with its roles.

    Raises
    ------
    NotFound
        There is none of this public id.
    """
    actor.require(Action.EDIT_USERS)
    public_id = parse_uuid(ref)
    user = people.get_user_by_public_id(session, public_id) if public_id else None
    if user is None:
        raise NotFound(msg("There is no such account."))
    return user


def find_own(session: Session, actor: Actor) -> User:
    """Give the actor's own account with its roles.

    Raises
    ------
    NotFound
        The actor is a program.
    """
    user = people.get_user_with_scopes(session, actor.user_id or 0)
    if user is None:
        raise NotFound(msg("There is no such account."))
    return user


def list_scopes(session: Session, actor: Actor) -> list[str]:
    """Give all that a role's scope can be named by: ``RH``, ``RH/MP`` and so on, and the firms."""
    actor.require(Action.EDIT_USERS)
    firms = run_queries.list_firms(session, RunReach(None))
    return [*people.list_scope_codes(session), *firms]


def list_roles(user: User) -> list[tuple[str, str]]:
    """Give an account's (role, scope) pairs, the lesser role first."""
    pairs = ((grant.role, scope_of(grant)) for grant in user.grants)
    return sorted(pairs, key=lambda pair: (ROLES.index(pair[0]), pair[1]))


def scope_of(grant: Grant) -> str:
    """Give a role's scope as people write it: ``all``, ``RH`` or ``RH/MP``, after a firm's name."""
    if grant.wing is not None:
        place = f"{grant.wing.building.code}/{grant.wing.code}"
    else:
        place = grant.building.code if grant.building is not None else EVERYWHERE
    return people.join_firm(grant.firm, place)


def change_account(
    session: Session,
    actor: Actor,
    ref: str,
    values: AccountValues,
    version: int | None,
    now: datetime,
) -> User:
    """Change the name that is shown and the (role, scope) pairs of an account.

    Raises
    ------
    NotAllowed
        The actor would change roles of their own.
    InvalidInput
        No such role or scope, no administrator would remain, or a log-in service gives the roles.
    Conflict
        Somebody has changed the account since.
    """
    user = find_account(session, actor, ref)
    require_version(session, user, version)
    admins_before = people.count_chief_admins(session)
    user.display_name = values.display_name.strip() or user.name
    if _set_roles(session, actor, user, values.roles):
        people.end_sessions(session, user.id, now)
    session.flush()
    _require_admin(session, admins_before)
    session.commit()
    return user


def _set_roles(
    session: Session, actor: Actor, user: User, roles: Sequence[tuple[str, str]]
) -> bool:
    old = {(grant.role, scope_of(grant)): grant for grant in user.grants}
    wanted = dict.fromkeys((role, scope.strip() or EVERYWHERE) for role, scope in roles)
    if wanted.keys() == old.keys():
        return False
    require_other(actor, user)
    if user.has_outside_roles:
        raise InvalidInput(
            Problem(
                msg("The roles of this account come from the groups of the log-in service."),
                msg("Change its groups there."),
                field="roles",
            )
        )
    replace_roles(session, user, tuple(wanted))
    return True


def replace_roles(session: Session, user: User, roles: Sequence[tuple[str, str]]) -> None:
    """Give an account these (role, scope) pairs and no others; the caller commits."""
    old = {(grant.role, scope_of(grant)): grant for grant in user.grants}
    user.grants = [old.get(pair) or make_grant(session, *pair) for pair in roles]
    flag_modified(user, "display_name")  # the version guards the account with its roles


def set_active(
    session: Session, actor: Actor, refs: Sequence[str], now: datetime, *, is_active: bool
) -> int:
    """Open or close accounts, and give how many changed; a closed one is out at once.

    Raises
    ------
    NotAllowed
        The actor is among them.
    InvalidInput
        No administrator would remain.
    """
    actor.require(Action.EDIT_USERS)
    changed, admins_before = 0, people.count_chief_admins(session)
    for ref in refs:
        user = find_account(session, actor, ref)
        require_other(actor, user)
        changed += user.is_active is not is_active
        user.is_active = is_active
        if not is_active:
            people.end_sessions(session, user.id, now)
            people.void_links(session, user.id, now)
    session.flush()
    _require_admin(session, admins_before)
    session.commit()
    return changed


def renew_link(session: Session, actor: Actor, ref: str, now: datetime) -> str:
    """Give the token of a new one-time link; earlier ones are worth nothing any more.

    Raises
    ------
    InvalidInput
        The account is closed.
    """
    user = find_account(session, actor, ref)
    if not user.is_active:
        raise InvalidInput(
            Problem(msg("This account is locked."), msg("Unlock it first."), value=user.name)
        )
    people.void_links(session, user.id, now)
    token = make_link(session, user, now)
    session.commit()
    return token


def export_accounts(
    session: Session,
    actor: Actor,
    headers: Sequence[str],
    write_moment: Callable[[datetime], str],
) -> bytes:
    """Give all accounts as CSV: names, roles and dates, no secret."""
    rows, _ = list_accounts(session, actor, AccountFilter(), Page(limit=_ALL_ROWS))
    return write_csv(
        headers,
        (
            (
                row.name,
                row.display_name,
                ", ".join(f"{role}@{scope}" for role, scope in row.grants),
                row.is_active,
                write_moment(row.seen_at) if row.seen_at else None,
                row.issuer,
            )
            for row in rows
        ),
    )


def require_other(actor: Actor, user: User) -> None:
    """Refuse who would change rights of their own.

    Raises
    ------
    NotAllowed
        The account is the actor's.
    """
    if actor.user_id == user.id:
        raise NotAllowed(
            msg("Nobody changes roles of their own or locks the own account; ask a colleague.")
        )


def _require_admin(session: Session, before: int) -> None:
    # Counted after the flush: from then on no other writer changes accounts before we commit.
    if before and not people.count_chief_admins(session):
        raise InvalidInput(
            Problem(
                msg("No administrator for everything would remain."),
                msg("Give this role to somebody else first."),
                field="roles",
            )
        )
