"""Tasks: who sees them, when they count as done, and what the start page says of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_outlet
from tests.factories.people import add_user, make_actor
from tests.factories.places import House, add_building, add_house
from tests.factories.rollout import (
    add_link,
    add_milestone,
    add_open_decision,
    add_package,
    add_part,
    add_renovation,
    add_risk,
    add_task,
    on,
)
from tests.statements import keep_statements
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.rollout.wall_closing import Level
from wlantrack.rollout.workdays import Workdays
from wlantrack.services import start_page, tables, tasks, undo
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache
from wlantrack.services.shifts import parse_shift
from wlantrack.services.tables import ImportResult, TableUpload
from wlantrack.services.tasks import TaskFilter, TaskValues
from wlantrack.store import audit
from wlantrack.store.queries import tasks as task_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.work import Task

TODAY = date(2026, 3, 2)
DUE_DAYS = {"2026-03-05": "2026-03-10", "2026-03-08": "2026-03-11"}
"""A Thursday and a Sunday, and the third working day after each."""
PARTS = PlanParts(Clock(TODAY, "DE-BW"), ResultCache())
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


@pytest.mark.on_both
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


def test_due_days_move_by_working_days_and_only_those_ahead(session: Session) -> None:
    actor = make_actor("facility")
    audit.set_context(session, actor.audit())
    due = [add_task(session, title=day, due_on=date.fromisoformat(day)) for day in DUE_DAYS]
    undated = add_task(session)
    session.commit()

    def select(*found: Task) -> list[Selected]:
        return [Selected(str(task.public_id), task.version) for task in found]

    tasks.move_due(session, actor, select(*due), 3, Workdays())
    assert [task.due_on.isoformat() for task in due if task.due_on] == list(DUE_DAYS.values())
    tasks.move_due(session, actor, select(*due), -3, Workdays())
    assert [task.due_on for task in due] == [date(2026, 3, 5), date(2026, 3, 6)]
    with pytest.raises(InvalidInput, match="no day ahead"):
        tasks.move_due(session, actor, select(*due, undated), 1, Workdays())
    session.rollback()
    assert [task.due_on for task in due] == [date(2026, 3, 5), date(2026, 3, 6)]


@pytest.mark.parametrize(
    ("step", "days"),
    [("later", "0"), ("later", "61"), ("earlier", "1.5"), ("later", "²"), ("sideways", "1")],
)
def test_days_are_moved_by_few_whole_ones_one_way_or_the_other(step: str, days: str) -> None:
    assert (parse_shift("earlier", "60"), parse_shift("later", "")) == (-60, 1)
    with pytest.raises(InvalidInput):
        parse_shift(step, days)


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


def load(session: Session, actor: Actor, text: str) -> ImportResult:
    return tables.import_table(session, actor, "tasks", TableUpload("t.csv", text.encode()))


def outcomes(result: ImportResult) -> list[str]:
    assert not result.errors, result.errors
    return [row.outcome for row in result.outcomes]


def test_a_table_opens_tasks_once_and_says_what_was_done(session: Session, house: House) -> None:
    add_user(session, "anna")
    package = add_package(session, house.building)
    session.commit()
    actor = make_actor("manager")
    text = (
        "Aufgabe;Stand;Bis;Person;Gebäude;Flügel;Arbeitspaket;Bemerkung\n"
        "Leiter holen;;24.12.2026;Anna;RH;WE;RH-AP-1;\n"
        "Keller räumen;erledigt;;;RH;;;im Frühjahr\n"
        "Nirgends;offen;;;;;;\n"
    )

    assert outcomes(load(session, actor, text)) == ["created"] * 3
    assert outcomes(load(session, actor, text)) == ["unchanged"] * 3
    ladder, cellar, nowhere = task_queries.load_in_reach(session, None, "")
    assert (ladder.person, ladder.due_on) == ("anna", date(2026, 12, 24))
    assert (ladder.wing_id, ladder.subject_id) == (house.west.id, package.public_id)
    assert (cellar.state, cellar.origin, cellar.note) == ("done", "person", "im Frühjahr")
    assert cellar.done_on is not None
    assert (nowhere.state, nowhere.building_id) == ("open", None)

    again = make_actor("manager")
    changed = load(session, again, f"title,state,id\nLeiter kaufen,done,{ladder.public_id}\n")
    assert changed.outcomes[0].changed == ("title", "state", "done_on")
    assert (ladder.title, ladder.person, ladder.wing_id) == ("Leiter kaufen", "anna", house.west.id)
    undo.undo_request(session, again, again.request_id)
    session.expire_all()
    assert (ladder.title, ladder.state, ladder.done_on) == ("Leiter holen", "open", None)


def test_tasks_that_are_exported_come_back_unchanged(session: Session, house: House) -> None:
    place = {"building_id": house.building.id, "wing_id": house.west.id}
    run = add_cable_run(session, None, access_point=add_access_point(session, house.ground))
    finding = {"subject_kind": "cable_run", "subject_id": run.public_id, "origin": "failed test"}
    add_task(session, title="=twice", person="who has left", **place, **finding)
    add_task(session, title="=twice", state="done", done_on=TODAY, **place)
    add_task(session, title="mine", person="Planner of tests", building_id=house.building.id)
    add_task(session, title="hidden", wing_id=house.east.id, building_id=house.building.id)
    session.commit()
    for actor, count in (
        (make_actor("manager"), 4),
        (make_actor("planner", house.building.id, house.west.id), 3),
    ):
        text = tables.export_table(session, actor, "tasks").decode()
        assert outcomes(load(session, actor, text)) == ["unchanged"] * count


def test_rows_of_tasks_that_cannot_be_are_refused_with_their_remedies(
    session: Session, house: House
) -> None:
    west = {"building_id": house.building.id, "wing_id": house.west.id}
    mine, fixed = (add_task(session, title="Mine", **west).public_id for _ in range(2))
    hidden = add_task(session, title="Secret", building_id=west["building_id"]).public_id
    for name in ("otto1", "otto2"):
        add_user(session, name).display_name = "Otto"
    add_building(session, "KH")
    add_package(session, house.building, "RH-AP-1")
    add_package(session, house.building, "RH-AP-2", wing_id=house.west.id)
    session.commit()
    actor = make_actor("planner", house.building.id, house.west.id)
    rows = [
        ("Mine;;;;RH;WE;;;", "title", "id of one of them"),
        ("New;;;;RH;WE;;;1234", "id", "no id"),
        ("East;;;;RH;EA;;;", "building", "does not reach"),
        (f"Moved;;;;RH;EA;;;{mine}", "building", "does not reach"),
        (f"Hers;;;;RH;EA;;;{hidden}", "id", "does not reach"),
        ("House;;;;KH;;;;", "building", "Write one of: RH"),
        ("Wing;;;;RH;XX;;;", "wing", "no such wing"),
        ("Nobody;;;nobody;RH;WE;;;", "person", "logs in"),
        ("Otto;;;Otto;RH;WE;;;", "person", "otto1, otto2"),
        ("Old;;1.1.1900;;RH;WE;;;", "due_on", "No plan has this year"),
        ("Open;open;;;RH;WE;1.1.2026;;", "done_on", "set the state to done"),
        ("Soon;done;;;RH;WE;1.1.2099;;", "done_on", "future"),
        ("Other;;;;RH;WE;;RH-AP-1;", "package", "nothing of this code"),
        (f"Fixed;;;;RH;WE;;RH-AP-2;{fixed}", "package", "stays with what"),
        ("Fine;;;;RH;WE;;;", "", ""),
    ]
    head = "title;state;due_on;person;building;wing;done_on;package;id\n"

    problems = load(session, actor, head + "\n".join(row for row, *_ in rows)).errors

    assert [(item.row, item.field) for item in problems] == [
        (number, field) for number, (_, field, _) in enumerate(rows[:-1], start=1)
    ]
    for problem, (_, _, words) in zip(problems, rows, strict=False):
        assert words in f"{problem.message} {problem.remedy}"
        assert problem.value != "Secret"
    assert titles(session, actor) == ["Mine", "Mine"]


def test_only_who_works_imports_tasks(session: Session, house: House) -> None:
    del house
    for role in ("facility", "viewer", "security officer"):
        with pytest.raises(NotAllowed):
            load(session, make_actor(role), "title\nx\n")
        session.rollback()


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
