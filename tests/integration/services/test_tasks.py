"""Tasks: who sees them, when they count as done, and what the start page says of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.factories.cabling import add_cable_run, add_outlet
from tests.factories.people import make_actor
from tests.factories.places import House, add_building, add_house
from tests.factories.rollout import (
    add_link,
    add_milestone,
    add_open_decision,
    add_part,
    add_renovation,
    add_risk,
    add_task,
    on,
)
from tests.statements import keep_statements
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.rollout.wall_closing import Level
from wlantrack.services import start_page, tasks, undo
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.coverage import CoverageCache
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.tasks import TaskFilter, TaskValues
from wlantrack.store import audit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor

TODAY = date(2026, 3, 2)
PARTS = PlanParts(Clock(TODAY, "DE-BW"), CoverageCache())
EVERYTHING = Page("due", is_descending=False, limit=50, offset=0)


@pytest.fixture
def house(session: Session) -> House:
    house = add_house(session)
    session.commit()
    return house


def titles(session: Session, actor: Actor, narrow: TaskFilter | None = None) -> list[str]:
    found, total = tasks.list_tasks(session, actor, narrow or TaskFilter(), EVERYTHING, TODAY)
    assert total == len(found)
    return [task.title for task in found]


def test_tasks_are_seen_where_they_lie_and_by_whom_they_were_given_to(
    session: Session, house: House
) -> None:
    place = {"building_id": house.building.id}
    add_task(session, title="west", wing_id=house.west.id, **place)
    add_task(session, title="east", wing_id=house.east.id, due_on=TODAY, **place)
    mine = add_task(
        session, title="mine", wing_id=house.east.id, person="Manager of tests", **place
    )
    add_task(session, title="nowhere")
    session.commit()
    westerner = make_actor("manager", house.building.id, house.west.id)

    assert sorted(titles(session, make_actor("manager"))) == ["east", "mine", "nowhere", "west"]
    assert sorted(titles(session, westerner)) == ["mine", "west"]
    assert tasks.find_task(session, westerner, str(mine.public_id)) is mine
    with pytest.raises(NotFound):
        tasks.find_task(session, make_actor("viewer"), str(mine.public_id))


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        (TaskFilter(due="overdue"), ["late"]),
        (TaskFilter(due="week"), ["late", "soon"]),
        (TaskFilter(due="none"), ["100 % sure"]),
        (TaskFilter(words="0 %"), ["100 % sure"]),
        (TaskFilter(person="ANNA"), ["late"]),
        (TaskFilter(state="done"), ["over"]),
        (TaskFilter(building="RH"), ["soon"]),
    ],
)
def test_the_list_is_narrowed(
    session: Session, house: House, narrow: TaskFilter, expected: list[str]
) -> None:
    add_task(session, title="late", due_on=date(2026, 3, 1), person="anna")
    add_task(session, title="soon", due_on=date(2026, 3, 9), building_id=house.building.id)
    add_task(session, title="later", due_on=date(2026, 3, 10))
    add_task(session, title="100 % sure")
    add_task(session, title="over", due_on=date(2026, 2, 1), state="done")
    session.commit()

    assert titles(session, make_actor("manager"), narrow) == expected


def test_done_keeps_the_day_and_can_be_undone(session: Session, house: House) -> None:
    del house
    actor = make_actor("facility")
    audit.set_context(session, actor.audit())
    task = add_task(session)
    session.commit()
    done = make_actor("facility")
    audit.set_context(session, done.audit())

    tasks.set_state(session, done, [Selected(str(task.public_id), 1)], "done", TODAY)
    assert (task.state, task.done_on) == ("done", TODAY)
    with pytest.raises(Conflict):
        tasks.set_state(session, done, [Selected(str(task.public_id), 1)], "dropped", TODAY)

    session.rollback()
    undo.undo_request(session, done, done.request_id)
    session.expire_all()
    assert (task.state, task.done_on) == ("open", None)


def test_many_tasks_are_ticked_with_one_look_for_all(session: Session, house: House) -> None:
    actor = make_actor("facility", house.building.id)
    ticked = [add_task(session, title=f"T{n}", building_id=house.building.id) for n in range(20)]
    elsewhere = add_task(session, title="elsewhere", building_id=add_building(session, "B2").id)
    session.commit()
    selected = [Selected(str(task.public_id), 1) for task in ticked]

    for other in (str(elsewhere.public_id), "nonsense"):
        with pytest.raises(NotFound):
            tasks.set_state(session, actor, [*selected, Selected(other)], "done", TODAY)
    session.expunge_all()
    with keep_statements(session) as asked:
        changed = tasks.set_state(session, actor, selected, "done", TODAY)

    assert len(changed) == 20
    assert len([text for text in asked if "FROM task" in text]) == 1


def test_a_role_in_one_wing_opens_tasks_there_only(session: Session, house: House) -> None:
    westerner = make_actor("facility", house.building.id, house.west.id)
    audit.set_context(session, westerner.audit())

    task = tasks.add_task(session, westerner, TaskValues("Keys", where="RH/WE"))

    assert task.wing_id == house.west.id
    assert [key for key, _ in tasks.list_places(session, westerner)] == ["RH/WE"]
    for where in ("", "RH", "RH/EA"):
        with pytest.raises((NotAllowed, NotFound)):
            tasks.add_task(session, westerner, TaskValues("Keys", where=where))
    with pytest.raises(InvalidInput, match="no such wing"):
        tasks.add_task(session, make_actor("manager"), TaskValues("Keys", where="RH/XX"))


def test_the_start_page_tells_the_wall_that_closes_and_what_is_mine(
    session: Session, house: House
) -> None:
    outlet = add_outlet(session, house.ground, "DO-1", wing_id=house.west.id)
    for number in (1, 2):
        add_cable_run(session, None, f"K-{number}", outlet=outlet, state="surveyed")
    part = add_part(session, add_renovation(session, house.building), wing_id=house.west.id)
    part.closes = on("2026-03-11")
    add_task(session, title="mine", person="manager of tests")
    add_task(session, title="anybody's")
    session.commit()

    page = start_page.make_start_page(session, make_actor("manager"), PARTS)

    (group,) = page.alarms
    assert (group.days, group.count, group.level) == (9, 2, Level.TOO_LATE)
    assert group.wing_code == "WE"
    assert [task.title for task in page.tasks] == ["mine"]
    assert page.unassigned == 1
    viewer = start_page.make_start_page(session, make_actor("viewer"), PARTS)
    assert (viewer.alarms, viewer.tasks, viewer.cables) == ((), (), ())


def test_the_start_page_tells_late_milestones_and_what_must_be_decided_or_looked_at_again(
    session: Session, house: House
) -> None:
    building_id = house.building.id
    promised, before = (
        add_milestone(session, code, building_id=building_id, forecast=on(day))
        for code, day in (("RH-M1", "10.03.2026"), ("RH-M2", "20.03.2026"))
    )
    add_link(session, before, promised)
    add_open_decision(session, "B-1", due=on("Januar 2026"))
    add_open_decision(session, "B-2", due=on("März 2026"))
    add_open_decision(session, "B-3", due=on("Januar 2026"), decided=on("Februar 2026"))
    add_risk(
        session, "R-1", review_on=TODAY, building_id=building_id, responsible="Planner of Tests"
    )
    add_risk(session, "R-2", review_on=date(2026, 3, 3))
    add_risk(session, "R-3", review_on=TODAY, state="closed")
    session.commit()

    def told(role: str, *place: int) -> tuple[list[str], list[str]]:
        page = start_page.make_start_page(session, make_actor(role, *place), PARTS)
        return [line.code for line in page.late], [entry.record.code for entry in page.due]

    assert told("manager") == (["RH-M1"], ["B-1", "R-1"])
    assert told("manager", building_id) == (["RH-M1"], ["R-1"])
    assert told("manager", building_id, house.west.id) == ([], [])
    assert told("planner") == (["RH-M1"], ["R-1"])
    assert told("facility") == (["RH-M1"], [])
    assert told("viewer") == ([], [])
