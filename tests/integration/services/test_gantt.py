"""Rows of the Gantt chart: order, what stands behind them, what readers see, and the crews' load."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.factories.people import make_actor
from tests.factories.rollout import (
    add_blackout,
    add_crew,
    add_milestone,
    add_package,
    add_part,
    add_renovation,
    on,
)
from wlantrack.services import gantt
from wlantrack.services.actor import SYSTEM
from wlantrack.services.gantt import GanttFilter
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock, PlanParts, find_plan
from wlantrack.services.results import ResultCache
from wlantrack.web.schedule.chart import draw_load, draw_row, make_axis

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House

TODAY = date(2026, 3, 2)


@pytest.fixture
def parts() -> PlanParts:
    return PlanParts(Clock(TODAY, "DE-BW"), ResultCache())


def add_plan(session: Session, house: House) -> None:
    """Plan two packages of one crew in the same week, one without a date, and a milestone."""
    crew = add_crew(session)
    for code, wing in zip(("RH-1", "RH-2"), house.building.wings, strict=False):
        add_package(
            session,
            house.building,
            code,
            wing=wing,
            wing_id=wing.id,
            crew=crew,
            crew_id=crew.id,
            planned_start=date(2026, 3, 9),
            planned_finish=date(2026, 3, 13),
        )
    add_package(session, house.building, "RH-3", undated_reason="waits for the council")
    add_package(session, house.building, "RH-4", state="dropped")
    goal = add_milestone(session, building=house.building, building_id=house.building.id)
    goal.forecast = on("Q2/2026")
    add_blackout(session)
    add_part(session, add_renovation(session, house.building))
    session.commit()


def test_rows_stand_by_place_and_day_with_what_their_place_has_to_say(
    session: Session, house: House, parts: PlanParts
) -> None:
    add_plan(session, house)
    rows, total = gantt.list_rows(session, SYSTEM, GanttFilter(), Page(), parts)
    codes = [row.line.row.code for row in rows]
    assert (total, codes[:2]) == (4, ["RH-M1", "RH-3"])
    assert [item.name for item in rows[0].windows] == ["Meeting rooms"]
    assert [item.name for item in rows[0].quiet] == ["Council session"]
    axis, workdays = make_axis(rows, TODAY), parts.clock.workdays
    kinds = {row.line.row.code: [p.kind for p in draw_row(row, axis, workdays)] for row in rows}
    assert kinds["RH-1"][-2:] == ["planned", "plain"]
    assert kinds["RH-M1"][-2:] == ["coarse", "reached-critical"]
    assert kinds["RH-3"][-1] == "undated"
    for row in rows:
        pieces = draw_row(row, axis, workdays)
        assert all(0 <= piece.x <= piece.x + piece.width <= 100.5 for piece in pieces)
    everything, _ = gantt.list_rows(session, SYSTEM, GanttFilter(is_all=True), Page(), parts)
    assert len(everything) == 5


def test_a_crew_is_as_busy_as_it_is_whoever_looks(
    session: Session, house: House, parts: PlanParts
) -> None:
    add_plan(session, house)
    facility = make_actor("facility", house.building.id, house.building.wings[1].id)
    rows, _ = gantt.list_rows(session, facility, GanttFilter(crew="T1"), Page(), parts)
    assert [row.line.row.code for row in rows] == ["RH-2"]
    city = find_plan(session, parts)
    (load,) = gantt.list_load(session, facility, "T1", city, date(2026, 3, 31))
    assert [week.begins_on for week in load.overloaded] == [date(2026, 3, 9)]
    bars, carries = draw_load(load)
    assert [(bar.height, bar.is_over) for bar in bars] == [(90, True)]
    assert carries == 45
