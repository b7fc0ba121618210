"""What the tests of services begin with: a session of the system, and a small house."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.places import House, add_house
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.store.session import Database


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
