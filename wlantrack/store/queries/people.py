"""Selects of users, their grants, links and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased, selectinload

from wlantrack.store.models.people import ROLES, Grant, LoginSession, OneTimeLink, User
from wlantrack.store.models.places import Building, Wing
from wlantrack.store.queries.paging import fetch_page

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page, SortColumns

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for never, because databases sort what is missing differently."""


@dataclass(frozen=True)
class AccountFilter:
    """What a list of accounts is narrowed to; empty fields narrow nothing."""

    words: str = ""
    role: str = ""
    building: str = ""
    active: str = ""


@dataclass(frozen=True)
class AccountRow:
    """One line of the list of accounts; ``grants`` are pairs of role and scope."""

    public_id: uuid.UUID
    name: str
    display_name: str
    is_active: bool
    has_password: bool
    issuer: str | None
    seen_at: datetime | None
    version: int
    grants: tuple[tuple[str, str], ...]


def _whole() -> Select[User]:
    grants = selectinload(User.grants)
    return select(User).options(grants.joinedload(Grant.wing), grants.joinedload(Grant.building))


def _with_scopes() -> Select[User]:
    building_of_wing = selectinload(User.grants).joinedload(Grant.wing).joinedload(Wing.building)
    return _whole().options(building_of_wing)


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


def get_user_with_scopes(session: Session, user_id: int) -> User | None:
    """Load a user with grants, their places, and the buildings of wings."""
    return session.scalar(_with_scopes().where(User.id == user_id))


def get_user_by_public_id(session: Session, public_id: uuid.UUID) -> User | None:
    """Load a user with grants and their places."""
    return session.scalar(_with_scopes().where(User.public_id == public_id))


def get_user_by_identity(session: Session, issuer: str, subject: str) -> User | None:
    """Load the user whom a log-in service knows by this subject."""
    return session.scalar(_with_scopes().where(User.issuer == issuer, User.subject == subject))


def list_rows(session: Session, narrow: AccountFilter, page: Page) -> tuple[list[AccountRow], int]:
    """Give one page of the accounts, and how many match."""
    seen = (
        select(LoginSession.user_id, func.max(LoginSession.seen_at).label("seen_at"))
        .group_by(LoginSession.user_id)
        .subquery()
    )
    query = (
        select(
            User.id,
            User.public_id,
            User.name,
            User.display_name,
            User.is_active,
            User.password_hash.is_not(None).label("has_password"),
            User.issuer,
            User.version,
            seen.c.seen_at,
        )
        .outerjoin(seen, seen.c.user_id == User.id)
        .where(*_conditions(narrow))
    )
    sorts: SortColumns = {
        "name": (User.name,),
        "display_name": (User.display_name, User.name),
        "active": (User.is_active, User.name),
        "seen": (func.coalesce(seen.c.seen_at, _LONG_AGO), User.name),
        "login": (User.issuer.is_not(None), User.name),
    }
    rows, total = fetch_page(session, query, sorts, page)
    grants = _grants_of(session, [row["id"] for row in rows])
    return [
        AccountRow(
            **{key: value for key, value in row.items() if key != "id"},
            grants=tuple(
                sorted(grants.get(row["id"], ()), key=lambda pair: (ROLES.index(pair[0]), pair[1]))
            ),
        )
        for row in rows
    ], total


def _conditions(narrow: AccountFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        User.name.icontains(word, autoescape=True)
        | User.display_name.icontains(word, autoescape=True)
        for word in narrow.words.split()
    ]
    if narrow.role:
        found.append(exists().where(Grant.user_id == User.id, Grant.role == narrow.role))
    if narrow.building:
        found.append(_reaches(narrow.building))
    if narrow.active in {"yes", "no"}:
        found.append(User.is_active.is_(narrow.active == "yes"))
    return found


def _reaches(code: str) -> ColumnElement[bool]:
    """Tell whether some role of an account holds in a building, or in one of its wings."""
    building_id = select(Building.id).where(Building.code == code).scalar_subquery()
    wing_ids = select(Wing.id).where(Wing.building_id == building_id)
    return exists().where(
        Grant.user_id == User.id,
        or_(
            Grant.building_id == building_id,
            Grant.wing_id.in_(wing_ids),
            Grant.building_id.is_(None) & Grant.wing_id.is_(None),
        ),
    )


def _grants_of(session: Session, user_ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    """Give roles and scopes, such as (planner, RH/MP), by user id."""
    of_wing = aliased(Building)
    rows = session.execute(
        select(Grant.user_id, Grant.role, Grant.firm, Building.code, of_wing.code, Wing.code)
        .outerjoin(Building, Building.id == Grant.building_id)
        .outerjoin(Wing, Wing.id == Grant.wing_id)
        .outerjoin(of_wing, of_wing.id == Wing.building_id)
        .where(Grant.user_id.in_(user_ids))
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for user_id, role, firm, building, wing_building, wing in rows:
        scope = join_firm(firm, f"{wing_building}/{wing}" if wing else building or "all")
        found.setdefault(user_id, []).append((role, scope))
    return found


def join_firm(firm: str, place: str) -> str:
    """Write the scope of a firm's role: the firm, and where unless it is everywhere."""
    if not firm:
        return place
    return firm if place == "all" else f"{firm} @ {place}"


def list_scope_codes(session: Session) -> list[str]:
    """Give the codes of all buildings, and of their wings as ``RH/MP``, in order."""
    wings = session.execute(
        select(Building.code, Wing.code).join(Wing, Wing.building_id == Building.id)
    )
    buildings = session.scalars(select(Building.code))
    return sorted([*buildings, *(f"{building}/{wing}" for building, wing in wings)])


def count_chief_admins(session: Session) -> int:
    """Count the active accounts that are administrators everywhere."""
    return (
        session.scalar(
            select(func.count(func.distinct(User.id)))
            .join(Grant, Grant.user_id == User.id)
            .where(
                User.is_active.is_(True),
                Grant.role == "admin",
                Grant.building_id.is_(None),
                Grant.wing_id.is_(None),
            )
        )
        or 0
    )


def list_sessions(session: Session, user_id: int) -> list[LoginSession]:
    """Give an account's sessions that nobody has ended, the latest sign of life first."""
    return list(
        session.scalars(
            select(LoginSession)
            .where(LoginSession.user_id == user_id, LoginSession.ended_at.is_(None))
            .order_by(LoginSession.seen_at.desc(), LoginSession.public_id)
        )
    )


def end_sessions(
    session: Session, user_id: int, now: datetime, but: uuid.UUID | None = None
) -> int:
    """End an account's sessions, but for one; give how many there were."""
    rows = [row for row in list_sessions(session, user_id) if row.public_id != but]
    for row in rows:
        row.ended_at = now
    return len(rows)


def void_links(session: Session, user_id: int, now: datetime) -> None:
    """Make an account's unused one-time links worthless."""
    session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user_id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )


def forget_before(session: Session, moment: datetime) -> None:
    """Delete sessions and links of which nothing was heard since a moment."""
    session.execute(delete(LoginSession).where(LoginSession.seen_at < moment))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at < moment))
