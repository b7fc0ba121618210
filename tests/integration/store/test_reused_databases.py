"""A PostgreSQL database that tests hand on looks to each as if nobody had been there before."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy

from tests.factories.places import add_building
from wlantrack.services.actor import SYSTEM
from wlantrack.store.session import Database

if TYPE_CHECKING:
    from tests.databases import PostgresSource

pytestmark = pytest.mark.postgres


def look(url: str) -> list[object]:
    """Give what a test would notice: the catalogue, the trail, the number of the next record."""
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        seen = [
            connection.exec_driver_sql(statement).all()
            for statement in (
                "SELECT * FROM material ORDER BY id",
                "SELECT * FROM audit_event ORDER BY id",
                "SELECT * FROM building",
                "SELECT last_value, is_called FROM audit_event_id_seq",
                "SELECT last_value, is_called FROM building_id_seq",
            )
        ]
    engine.dispose()
    return list(seen)


def test_rows_and_numbers_are_those_of_the_template_again(postgres_source: PostgresSource) -> None:
    with postgres_source.fresh() as url:
        before = look(url)
        database = Database(url)
        with database.writing(SYSTEM.audit()) as session:
            add_building(session)
        assert look(url) != before
        database.dispose()
    with postgres_source.fresh() as again:
        assert again == url
        assert look(again) == before


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
        "ALTER TABLE building DROP COLUMN name",
        "CREATE TABLE left_behind (id integer)",
        "CREATE SCHEMA left_behind",
    ],
)
def test_a_database_of_another_schema_serves_nobody_else(
    damage: str, postgres_source: PostgresSource
) -> None:
    with postgres_source.fresh() as url:
        engine = sqlalchemy.create_engine(url)
        with closing(engine.raw_connection()) as connection:
            connection.cursor().execute(damage)
            connection.commit()
        engine.dispose()
    with postgres_source.fresh() as other:
        assert other != url
