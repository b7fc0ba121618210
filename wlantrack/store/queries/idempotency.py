"""Statements about answers that are kept for requests that come twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from wlantrack.store.models.idempotency import IdempotencyKey

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row


def find_answer(
    connection: Connection, user_id: int, key: str
) -> Row[str, str, int, str, str, str] | None:
    """Give what is kept under a person's key."""
    return connection.execute(
        select(
            IdempotencyKey.request_sha256,
            IdempotencyKey.grants_sha256,
            IdempotencyKey.status,
            IdempotencyKey.content_type,
            IdempotencyKey.location,
            IdempotencyKey.body,
        ).where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
    ).first()


def add_answer(connection: Connection, **values: object) -> None:
    """Take a key; nobody else can take it until this transaction is over."""
    connection.execute(insert(IdempotencyKey).values(**values))


def set_answer(connection: Connection, user_id: int, key: str, **values: object) -> None:
    """Keep the answer under a key that was taken before."""
    connection.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.user_id == user_id, IdempotencyKey.key == key)
        .values(**values)
    )


def delete_older(connection: Connection, moment: datetime) -> int:
    """Delete the answers that were given before a moment; tells how many."""
    return connection.execute(
        delete(IdempotencyKey).where(IdempotencyKey.created_at < moment)
    ).rowcount
