"""What a test asks of the database, to count it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.live_server import database_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@contextmanager
def keep_statements(asker: Flask | Session) -> Iterator[list[str]]:
    """Give the list of what a session, or an application, asks of its database meanwhile."""
    if isinstance(asker, Session):
        engine = asker.get_bind()
    else:
        with database_of(asker).reading() as session:
            engine = session.get_bind()
    asked: list[str] = []

    def keep(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", keep)
