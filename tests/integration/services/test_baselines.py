"""Baselines stay as they were taken; snapshots are kept once; trends and lights follow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.factories.cabling import add_cable_run, add_outlet
from tests.factories.people import make_actor
from tests.factories.rollout import (
    add_link,
    add_milestone,
    add_part,
    add_renovation,
    add_snapshot,
    on,
)
from wlantrack.errors import InvalidInput, NotAllowed
from wlantrack.services import baselines, snapshots, wing_status
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache
from wlantrack.store.queries import milestones as queries
from wlantrack.web.milestones.trend_chart import draw_trends

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 10)


def parts_of(day: date = TODAY) -> PlanParts:
    return PlanParts(Clock(day, "DE-BW"), ResultCache())


@pytest.fixture
def wing(house: House) -> dict[str, int]:
    return {"building_id": house.building.id, "wing_id": house.west.id}


def test_a_baseline_keeps_words_reasons_and_what_follows_from_links(session: Session) -> None:
    first = add_milestone(session, "M1", forecast=on("Q2/2026"))
    second = add_milestone(session, "M2")
    third = add_milestone(session, "M3", undated_reason="no posts")
    fourth = add_milestone(session, "M4")
    add_link(session, first, second)
    add_link(session, third, fourth)
    session.commit()
    taken = baselines.take_baseline(session, SYSTEM, "Council", "agreed", NOW, parts_of())
    entries = queries.list_entries(session, taken.id)
    told = [
        (entry.planned.wording if entry.planned else None, entry.undated_reason)
        for entry in (entries[m.public_id] for m in (first, second, third, fourth))
    ]
    assert told == [("Q2/2026", ""), ("Q2/2026", ""), (None, "no posts"), (None, "M3: no posts")]
    with pytest.raises(InvalidInput):
        baselines.take_baseline(session, SYSTEM, "Council", "", NOW, parts_of())
    manager = make_actor("manager", 1)
    with pytest.raises(NotAllowed):
        baselines.take_baseline(session, manager, "Mine", "", NOW, parts_of())


def test_what_was_kept_hides_what_lies_elsewhere_and_names_what_is_gone(
    session: Session, house: House, wing: dict[str, int]
) -> None:
    east = {"building_id": house.building.id, "wing_id": house.east.id}
    hidden = add_milestone(session, "M3", undated_reason="no posts", **east)
    mine = add_milestone(session, "M4", **wing)
    gone = add_milestone(session, "M5", forecast=on("Q2/2026"))
    add_link(session, hidden, mine)
    session.commit()
    taken = baselines.take_baseline(session, SYSTEM, "Council", "", NOW, parts_of())
    snapshots.keep_now(session, SYSTEM, parts_of())
    session.delete(gone)
    session.commit()

    facility = make_actor("facility", house.building.id, house.west.id)
    ref = str(taken.public_id)
    for actor, reason, codes in ((SYSTEM, "M3: no posts", ("M5",)), (facility, "…", ())):
        page = baselines.show_baseline(session, actor, ref, parts_of())
        (planned,) = (line.planned for line in page.lines if line.code == "M4")
        assert planned is not None
        assert (planned.undated_reason, page.gone) == (reason, codes)
        trends = snapshots.list_trends(session, actor, parts_of())
        (trend,) = (item for item in trends if item.line.code == "M4")
        assert {point.undated_reason for point in trend.points} == {reason}


@pytest.mark.on_both
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE baseline SET name = 'other'",
        "DELETE FROM baseline",
        "UPDATE baseline_entry SET code = 'other'",
        "DELETE FROM baseline_entry",
    ],
)
def test_the_database_refuses_to_change_a_baseline(session: Session, statement: str) -> None:
    add_milestone(session, "M1", forecast=on("Q2/2026"))
    session.commit()
    baselines.take_baseline(session, SYSTEM, "Council", "", NOW, parts_of())
    connection = session.connection().execution_options(is_guarded=False)
    with pytest.raises(DatabaseError, match="stays as it was taken"):
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("today", "month_end"),
    [
        (date(2026, 3, 30), None),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 4, 3), date(2026, 3, 31)),
        (date(2026, 4, 4), None),
        (date(2026, 2, 28), date(2026, 2, 28)),
    ],
)
def test_a_month_end_counts_until_three_days_after(today: date, month_end: date | None) -> None:
    assert snapshots.find_month_end(today) == month_end


def test_forecasts_are_kept_once_a_month_end_and_anew_when_asked_for(session: Session) -> None:
    record = add_milestone(session, "M1", forecast=on("Q2/2026"))
    session.commit()
    assert snapshots.keep_snapshots(session, parts_of(date(2026, 3, 10))) == 0
    assert snapshots.keep_snapshots(session, parts_of(date(2026, 3, 31))) == 1
    assert snapshots.keep_snapshots(session, parts_of(date(2026, 4, 1))) == 0
    assert snapshots.keep_now(session, SYSTEM, parts_of(date(2026, 4, 10))) == 1
    record.forecast = on("Q3/2026")
    session.commit()
    assert snapshots.keep_now(session, SYSTEM, parts_of(date(2026, 4, 10))) == 1
    rows = queries.list_snapshots(session, [record.public_id])
    assert [(row.report_on, row.forecast and row.forecast.wording) for row in rows] == [
        (date(2026, 3, 31), "Q2/2026"),
        (date(2026, 4, 10), "Q3/2026"),
    ]


def test_the_trend_shows_a_slip_and_names_what_never_had_a_date(
    session: Session, wing: dict[str, int]
) -> None:
    slipping = add_milestone(session, "M1", forecast=on("Q2/2026"), **wing)
    undated = add_milestone(session, "M2", undated_reason="no cables", **wing)
    reached = add_milestone(session, "M3", actual=on("Q1/2021"), **wing)
    for record in (slipping, undated, reached):
        add_snapshot(session, record, date(2026, 1, 31)).is_reached = record is reached
        add_snapshot(session, record, date(2026, 2, 28)).is_reached = record is reached
    slipping.forecast = on("Q3/2026")
    session.commit()
    trends = snapshots.list_trends(session, SYSTEM, parts_of(), "RH")
    told = [
        (
            trend.line.code,
            trend.has_moved,
            [p.forecast and p.forecast.wording for p in trend.points],
        )
        for trend in trends
    ]
    assert told == [
        ("M1", True, ["Q2/2026", "Q2/2026", "Q3/2026"]),
        ("M2", False, [None, None, None]),
    ]
    chart = draw_trends(trends)
    assert chart is not None
    assert chart.undated == ("M2",)
    (line,) = chart.lines
    first, second, last = line.dots
    assert first.y == second.y > last.y  # a slip rises
    assert (first.x, last.x) == (chart.left, chart.right)
    assert snapshots.list_trends(session, SYSTEM, parts_of(), "RH", "ZZ") == []


def test_a_wing_is_judged_by_the_latest_baseline_and_by_walls_that_closed(
    session: Session, house: House, wing: dict[str, int]
) -> None:
    where = (house.building.id, house.west.id)
    record = add_milestone(session, "M1", forecast=on("2026-04-01"), **wing)
    session.commit()

    def judge() -> str:
        statuses = wing_status.judge_places(session, SYSTEM, parts_of())
        return statuses[where].verdict.light

    assert judge() == "green"
    baselines.take_baseline(session, SYSTEM, "Council", "", NOW, parts_of())
    record.forecast = on("2026-04-10")
    session.commit()
    assert judge() == "amber"
    record.forecast = on("2026-06-30")
    session.commit()
    assert judge() == "red"
    record.forecast = on("2026-04-01")
    session.commit()
    assert judge() == "green"
    outlet = add_outlet(session, house.ground, wing_id=house.west.id)
    run = add_cable_run(session, None, outlet=outlet)
    part = add_part(session, add_renovation(session, house.building), closes=on("2026-03-20"))
    session.commit()
    assert judge() == "amber"
    part.closes = on("2026-03-06")
    session.commit()
    assert judge() == "red"
    run.state = "terminated"
    session.commit()
    assert judge() == "green"


def test_a_wing_without_milestones_is_judged_by_its_walls(session: Session, house: House) -> None:
    outlet = add_outlet(session, house.ground, wing_id=house.west.id)
    add_cable_run(session, None, outlet=outlet)
    add_part(session, add_renovation(session, house.building), closes=on("2026-03-06"))
    session.commit()
    page = wing_status.show_wing(session, SYSTEM, str(house.west.public_id), parts_of())
    assert (page.status.verdict.light, page.status.next_line) == ("red", None)
    assert [alarm.run.label for alarm in page.alarms] == ["CABLE-1"]
    assert wing_status.list_programme(session, SYSTEM, parts_of())[0] == []
