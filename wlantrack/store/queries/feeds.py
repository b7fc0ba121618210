"""Statements about calendars that people subscribe to: secret addresses, and what entries were."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from wlantrack.store.models.feeds import FeedEntry, FeedToken
from wlantrack.store.models.people import User

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def list_tokens(session: Session, user_id: int) -> list[FeedToken]:
    """Give a person's addresses that are not revoked, the latest first."""
    return list(
        session.scalars(
            select(FeedToken)
            .where(FeedToken.user_id == user_id, FeedToken.revoked_at.is_(None))
            .order_by(FeedToken.id.desc())
        )
    )


def get_token(session: Session, public_id: uuid.UUID) -> FeedToken | None:
    """Load an address."""
    return session.scalar(select(FeedToken).where(FeedToken.public_id == public_id))


def find_owner(session: Session, token_sha256: str) -> int | None:
    """Give the id of the active account whose address this is; None once it is revoked."""
    return session.scalar(
        select(FeedToken.user_id)
        .join(User, User.id == FeedToken.user_id)
        .where(
            FeedToken.token_sha256 == token_sha256,
            FeedToken.revoked_at.is_(None),
            User.is_active,
        )
    )


def load_entries(session: Session) -> dict[tuple[str, uuid.UUID], FeedEntry]:
    """Load what is known of all entries."""
    return {(entry.kind, entry.subject): entry for entry in session.scalars(select(FeedEntry))}
