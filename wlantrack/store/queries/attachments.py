"""Selects of attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from wlantrack.store.models.files import Attachment

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy.orm import Session


def get_attachment(session: Session, public_id: uuid.UUID) -> Attachment | None:
    """Load an attachment."""
    return session.scalar(select(Attachment).where(Attachment.public_id == public_id))


def list_of(session: Session, entity: str, subjects: Collection[uuid.UUID]) -> list[Attachment]:
    """Give the attachments of records of one kind, the latest first."""
    return list(
        session.scalars(
            select(Attachment)
            .where(Attachment.entity == entity, Attachment.subject.in_(map(str, subjects)))
            .order_by(Attachment.uploaded_at.desc(), Attachment.id.desc())
        )
    )
