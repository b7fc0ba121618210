"""The city of the benchmarks is made past the models' constructors: does it still fit the tables?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tests.benchmarks.portfolio import Portfolio
from tests.benchmarks.rollout import MONTHS_KEPT, add_rollout_city
from wlantrack.store.models.milestones import ForecastSnapshot, Milestone

if TYPE_CHECKING:
    from wlantrack.store.session import Database


def test_a_city_of_two_buildings_gets_a_whole_roll_out(database: Database) -> None:
    portfolio = Portfolio(buildings=2, floors_each=4, points_each=5, wings_each=2)
    code = add_rollout_city(database, date(2026, 3, 2), portfolio)

    with database.reading() as session:
        milestones = session.scalar(select(func.count(Milestone.id)))
        assert session.scalar(select(Milestone.id).where(Milestone.code == code))
        kept = session.scalar(select(func.count(ForecastSnapshot.id)))
    assert milestones == 12
    assert kept == 12 * MONTHS_KEPT
