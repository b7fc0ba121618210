"""What the tests of services begin with: a session of the system, and a small house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.both_databases import choose_for_postgres
from tests.factories.places import House, add_house
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.store.session import Database


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run every case of a test on SQLite, and on PostgreSQL the first of them.

    Cases differ in values, seldom in the SQL that is sent. Where they do, or where it is the
    database that refuses them, a test is marked ``on_both`` and all its cases run on both.
    """
    choose_for_postgres(__file__, config, items, first_cases=True)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing(SYSTEM.audit()) as opened:
        yield opened


@pytest.fixture
def house(session: Session) -> House:
    """Give a building RH of two wings, each 20 m x 20 m, and two floors."""
    made = add_house(session)
    session.commit()
    return made
