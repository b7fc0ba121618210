"""Renovations: who sees them, which runs lie in their walls, and what is done about it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import shapely
from sqlalchemy import select

from tests.factories.cabling import add_cable_run, add_distributor, add_outlet
from tests.factories.people import make_actor
from tests.factories.places import House, add_house
from tests.factories.rollout import (
    add_blackout,
    add_order,
    add_package,
    add_part,
    add_permit,
    add_phase,
    add_renovation,
    on,
)
from tests.statements import keep_statements
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.rollout.wall_closing import Level
from wlantrack.rollout.windows import Kind
from wlantrack.rollout.workdays import Workdays
from wlantrack.services import (
    closing_walls,
    feeds,
    gantt,
    renovation_calendar,
    renovation_parts,
    renovations,
    tables,
    undo,
)
from wlantrack.services.actor import SYSTEM
from wlantrack.services.gantt import GanttFilter
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.renovation_parts import PartValues, PhaseValues
from wlantrack.services.renovations import RenovationValues
from wlantrack.services.results import ResultCache
from wlantrack.services.tables import TableUpload
from wlantrack.store import audit
from wlantrack.store.models.renovations import Renovation, RenovationPart, RenovationPhase
from wlantrack.store.models.work import Task
from wlantrack.web.renovations.calendar import draw_calendar

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.session import Database

WEEK = Workdays()
TODAY = date(2026, 3, 2)


@pytest.fixture
def house(session: Session) -> House:
    house = add_house(session)
    session.commit()
    return house


def lay(
    session: Session, house: House, label: str, state: str = "surveyed", **end: object
) -> CableRun:
    """Add a run to an outlet in the first wing, or where ``end`` says."""
    values = {"x_m": 5.0, "y_m": 5.0, "wing_id": house.west.id} | end
    outlet = add_outlet(session, house.ground, f"DO-{label}", **values)
    run = add_cable_run(session, None, label, outlet=outlet, state=state)
    session.commit()
    return run


def test_the_alarm_comes_on_the_day_the_steps_left_take_longer_than_the_wall_stays_open(
    session: Session, house: House
) -> None:
    run = lay(session, house, "K-1", "design released")
    add_part(session, add_renovation(session, house.building), wing_id=house.west.id)
    session.commit()
    renovation = renovations.find_renovation(session, SYSTEM, "RH-SAN-1")
    outlook = closing_walls.list_of_renovation(session, SYSTEM, renovation, WEEK, TODAY)
    last = next(iter(outlook.values()))[0][1].act_by
    assert last is not None

    before = closing_walls.list_alarms(session, SYSTEM, WEEK, last)
    after = closing_walls.list_alarms(session, SYSTEM, WEEK, last + timedelta(days=3))

    assert before == []
    assert [(item.run.label, item.outlook.level) for item in after] == [(run.label, Level.TOO_LATE)]


def test_a_permit_that_is_promised_after_the_closing_raises_the_alarm_at_once(
    session: Session, house: House
) -> None:
    run = lay(session, house, "K-1", "design released")
    add_part(session, add_renovation(session, house.building), closes=on("2026-12-31"))
    session.commit()
    assert closing_walls.list_alarms(session, SYSTEM, WEEK, TODAY) == []

    add_permit(session, house.building, "G-1", run, state="applied for", expected=on("01/2027"))
    session.commit()

    (alarm,) = closing_walls.list_alarms(session, SYSTEM, WEEK, TODAY)
    assert alarm.outlook.level is Level.TOO_LATE
    assert alarm.outlook.released_on is not None
    assert alarm.outlook.released_on > date(2027, 1, 31)


def test_a_promise_that_has_passed_or_of_one_permit_alone_counts_for_nothing(
    session: Session, house: House
) -> None:
    run = lay(session, house, "K-1", "design released")
    add_part(session, add_renovation(session, house.building), closes=on("2026-04-20"))
    add_permit(session, house.building, "G-1", run, state="applied for", expected=on("02/2026"))
    session.commit()
    (late,) = closing_walls.list_alarms(session, SYSTEM, WEEK, TODAY)
    assert late.outlook.level is Level.TOO_LATE

    add_permit(session, house.building, "G-2", run, state="needed", expected=on("2026-03-09"))
    session.commit()

    (still,) = closing_walls.list_alarms(session, SYSTEM, WEEK, TODAY)
    assert still.outlook.level is Level.TOO_LATE


def test_a_refused_permit_means_that_nobody_can_say(session: Session, house: House) -> None:
    run = lay(session, house, "K-1", "design released")
    add_part(session, add_renovation(session, house.building))
    add_permit(session, house.building, "G-1", run, state="refused")
    session.commit()

    (alarm,) = closing_walls.list_alarms(session, SYSTEM, WEEK, TODAY)
    assert (alarm.outlook.level, alarm.outlook.act_by) == (Level.UNKNOWN, None)


def test_a_delivery_that_comes_late_moves_the_release(session: Session, house: House) -> None:
    run = lay(session, house, "K-1", "ordered")
    add_part(session, add_renovation(session, house.building))
    add_order(session, "A-1", run, state="ordered", delivery=on("2026-05-26"))
    session.commit()

    (alarm,) = closing_walls.list_alarms(session, SYSTEM, WEEK, TODAY)
    assert alarm.outlook.level is Level.TOO_LATE


@pytest.mark.parametrize(
    ("part", "is_inside"),
    [
        ({}, True),
        ({"wing": "WE"}, True),
        ({"wing": "EA"}, False),
        ({"level": 0}, True),
        ({"level": 1}, False),
        ({"level": 0, "outline": shapely.box(0, 0, 10, 10)}, True),
        ({"level": 0, "outline": shapely.box(20, 0, 30, 10)}, False),
    ],
)
def test_a_run_lies_in_a_part_by_floor_wing_and_outline(
    session: Session, house: House, part: dict[str, object], *, is_inside: bool
) -> None:
    lay(session, house, "K-1")
    renovation = add_renovation(session, house.building)
    session.commit()
    values = PartValues(closes="29.05.2026", **part)  # type: ignore[arg-type]
    renovation_parts.add_part(session, SYSTEM, renovation.code, values)

    found = renovations.find_renovation(session, SYSTEM, renovation.code)
    (lines,) = closing_walls.list_of_renovation(session, SYSTEM, found, WEEK, TODAY).values()

    assert bool(lines) is is_inside
    other = make_actor("facility", house.building.id, house.east.id)
    (hidden,) = closing_walls.list_of_renovation(session, other, found, WEEK, TODAY).values()
    assert hidden == []


def test_what_is_remembered_of_the_walls_follows_every_change(
    database: Database, session: Session, house: House
) -> None:
    cache = ResultCache()
    run = lay(session, house, "K-1")
    add_part(session, add_renovation(session, house.building))
    session.commit()

    def list_labels() -> list[str]:
        with database.reading() as store:
            alarms = closing_walls.list_alarms(store, SYSTEM, WEEK, TODAY, cache)
        return [f"{alarm.run.label} {alarm.renovation.building.name}" for alarm in alarms]

    before, again = list_labels(), list_labels()
    run.label = "K-2"
    session.commit()

    assert before == again == [f"K-1 {house.building.name}"]
    assert list_labels() == [f"K-2 {house.building.name}"]


def test_the_near_end_counts_as_well(session: Session, house: House) -> None:
    distributor = add_distributor(session, house.ground, "EV", wing_id=house.east.id)
    outlet = add_outlet(session, house.ground, "DO-1", wing_id=house.west.id)
    add_cable_run(session, distributor, "K-1", outlet=outlet, state="surveyed")
    add_part(session, add_renovation(session, house.building), wing_id=house.east.id)
    session.commit()

    assert closing_walls.count_runs(session, SYSTEM, WEEK, TODAY) == {
        session.scalars(select(Renovation.public_id)).one(): (1, 1)
    }


def test_dates_are_kept_in_the_words_in_which_they_are_known(
    session: Session, house: House
) -> None:
    renovation = add_renovation(session, house.building)
    session.commit()
    values = PartValues(opens="Q2/2026", closes="nach der Sommerpause (14.09.2026 - 30.10.2026)")
    part = renovation_parts.add_part(session, SYSTEM, renovation.code, values)

    session.expire_all()
    found = session.scalars(select(RenovationPart)).one()
    assert found.opens is not None
    assert found.closes is not None
    assert (found.opens.wording, found.opens.latest) == ("Q2/2026", date(2026, 6, 30))
    assert (found.closes.wording, found.closes.earliest) == (
        "nach der Sommerpause",
        date(2026, 9, 14),
    )
    written = renovation_parts.write_days(found.closes)
    assert renovation_parts.read_days(written, "closes") == found.closes
    assert part.public_id == found.public_id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (PartValues(opens="01.06.2026", closes="31.05.2026"), "closes"),
        (PartValues(closes="bald"), "closes"),
        (PartValues(opens="nach der Sommerpause (bald)"), "opens"),
        (PartValues(wing="X"), "wing"),
        (PartValues(level=99), "level"),
        (PartValues(outline=shapely.box(0, 0, 1, 1)), "outline"),
    ],
)
def test_a_part_that_cannot_be_is_refused_by_its_field(
    session: Session, house: House, values: PartValues, field: str
) -> None:
    renovation = add_renovation(session, house.building)
    session.commit()
    with pytest.raises(InvalidInput) as refusal:
        renovation_parts.add_part(session, SYSTEM, renovation.code, values)

    assert [problem.field for problem in refusal.value.problems] == [field]
    assert refusal.value.problems[0].remedy is not None
    session.rollback()
    assert session.scalars(select(RenovationPart)).all() == []


def test_who_has_one_wing_sees_the_renovations_that_reach_into_it(
    session: Session, house: House
) -> None:
    for code, wing in (("W", house.west), ("E", house.east)):
        add_part(session, add_renovation(session, house.building, code), wing_id=wing.id)
    add_renovation(session, house.building, "ALL")
    session.commit()
    westerner = make_actor("facility", house.building.id, house.west.id)

    codes = [item.code for item in renovations.list_visible(session, westerner)]

    assert codes == ["ALL", "W"]
    with pytest.raises(NotFound):
        renovations.find_renovation(session, westerner, "E")
    with pytest.raises(NotAllowed):
        renovations.find_editable(session, westerner, "ALL")
    assert renovations.find_editable(session, westerner, "W").code == "W"
    with pytest.raises(NotFound):
        renovations.find_renovation(session, make_actor("viewer"), "W")


def test_a_change_can_be_undone_with_its_parts(session: Session, house: House) -> None:
    actor = make_actor("manager")
    audit.set_context(session, actor.audit())
    values = RenovationValues(building="RH", name="Meeting rooms")
    renovation = renovations.add_renovation(session, actor, values)
    assert renovation.code == "RH-S-01"
    renovation_parts.add_part(session, actor, "RH-S-01", PartValues(wing="WE"))
    renovation_parts.add_phase(session, actor, "RH-S-01", PhaseValues("Shell", "Q1/2026"))

    deleter = make_actor("manager")
    audit.set_context(session, deleter.audit())
    renovations.delete_renovation(session, deleter, "RH-S-01", None)
    undo.undo_request(session, deleter, deleter.request_id)

    session.expire_all()
    back = renovations.find_renovation(session, actor, "RH-S-01")
    assert [part.wing_id for part in back.parts] == [house.west.id]
    assert [(phase.name, phase.begins and phase.begins.wording) for phase in back.phases] == [
        ("Shell", "Q1/2026")
    ]


def test_a_synergy_is_dealt_with_by_moving_the_work_into_the_window(
    session: Session, house: House
) -> None:
    lay(session, house, "K-1", "ordered")
    part = add_part(session, add_renovation(session, house.building), wing_id=house.west.id)
    part.opens = on("2026-04-01")
    package = add_package(
        session, house.building, wing_id=house.west.id, not_before=date(2026, 7, 1)
    )
    session.commit()
    found = closing_walls.list_findings(session, SYSTEM, WEEK, TODAY)
    assert [item.finding.kind for item in found] == [Kind.PLANNED_AFTER, Kind.SYNERGY]

    closing_walls.move_into_window(session, SYSTEM, found[1], WEEK, TODAY)

    assert package.not_before == date(2026, 4, 1)
    left = closing_walls.list_findings(session, SYSTEM, WEEK, TODAY)
    assert [(item.finding.kind, item.package) for item in left] == [(Kind.SYNERGY, None)]


def test_work_is_moved_to_days_on_which_it_is_allowed_if_there_are_any(
    session: Session, house: House
) -> None:
    lay(session, house, "K-1", "ordered")
    part = add_part(session, add_renovation(session, house.building), wing_id=house.west.id)
    part.opens, part.closes = on("2026-04-01"), on("2026-04-30")
    package = add_package(
        session, house.building, wing_id=house.west.id, not_before=date(2026, 7, 1),
        duration_days=5, noise_class="loud",
    )  # fmt: skip
    place = {"building_id": house.building.id, "noise_class": "loud"}
    add_blackout(
        session, name="Fair", begins_on=date(2026, 4, 2), ends_on=date(2026, 4, 10), **place
    )
    session.commit()

    def move() -> closing_walls.MovedWork:
        found = closing_walls.list_findings(session, SYSTEM, WEEK, TODAY)
        item = next(item for item in found if item.package is not None)
        return closing_walls.move_into_window(session, SYSTEM, item, WEEK, TODAY)

    assert move() == closing_walls.MovedWork(date(2026, 4, 13))
    package.not_before = date(2026, 7, 1)
    add_blackout(
        session, name="Exams", begins_on=date(2026, 4, 20), ends_on=date(2026, 4, 29), **place
    )
    add_blackout(
        session, name="May", begins_on=date(2026, 4, 14), ends_on=date(2026, 4, 14), **place
    )
    session.commit()
    assert move() == closing_walls.MovedWork(date(2026, 4, 1), "Fair")


def test_a_task_is_opened_once_for_a_part(session: Session, house: House) -> None:
    lay(session, house, "K-1", "ordered")
    add_part(session, add_renovation(session, house.building), wing_id=house.west.id)
    session.commit()
    (item,) = closing_walls.list_findings(session, SYSTEM, WEEK, TODAY)

    task = closing_walls.open_task(session, SYSTEM, item, "Use the window")

    assert (task.subject_kind, task.subject_id) == ("renovation_part", item.part.public_id)
    assert session.scalars(select(Task.note)).one() == "K-1"
    (again,) = closing_walls.list_findings(session, SYSTEM, WEEK, TODAY)
    assert again.task is task
    with pytest.raises(InvalidInput, match="open task"):
        closing_walls.open_task(session, SYSTEM, again, "Use the window")


def test_loud_phases_on_quiet_days_are_found(session: Session, house: House) -> None:
    renovation = add_renovation(session, house.building)
    add_part(session, renovation)
    add_phase(session, renovation, "Demolition").noise_class = "loud"
    add_blackout(session, begins_on=date(2026, 4, 9), ends_on=date(2026, 4, 9))
    session.commit()

    (item,) = closing_walls.list_findings(session, SYSTEM, WEEK, TODAY)

    assert (item.finding.kind, item.finding.by_day) == (Kind.NOISE, date(2026, 4, 9))


def test_quiet_days_of_another_house_and_runs_of_another_wing_are_no_findings(
    session: Session, house: House
) -> None:
    other = add_house(session, "KH")
    renovation = add_renovation(session, house.building)
    add_part(session, renovation, wing_id=house.west.id)
    add_part(session, renovation, wing_id=house.east.id)
    add_phase(session, renovation, "Demolition").noise_class = "loud"
    day = date(2026, 4, 9)
    add_renovation(session, other.building, "KH-S")
    add_blackout(session, building_id=other.building.id, begins_on=day, ends_on=day)
    lay(session, house, "K-EAST", "ordered", wing_id=house.east.id)
    westerner = make_actor("facility", house.building.id, house.west.id)

    assert closing_walls.list_findings(session, westerner, WEEK, TODAY) == []
    assert closing_walls.count_runs(session, westerner, WEEK, TODAY) == {
        renovation.public_id: (0, 0)
    }
    kinds = [
        item.finding.kind for item in closing_walls.list_findings(session, SYSTEM, WEEK, TODAY)
    ]
    assert kinds == [Kind.SYNERGY]


def test_a_range_of_days_is_written_as_such(session: Session, house: House) -> None:
    renovation = add_renovation(session, house.building)
    session.commit()
    part = renovation_parts.add_part(
        session, SYSTEM, renovation.code, PartValues(closes="15.12.2026")
    )
    longer = PartValues(closes="15.12.2026 - 31.01.2027")

    renovation_parts.edit_part(session, SYSTEM, str(part.public_id), longer, None)

    assert part.closes is not None
    assert part.closes.latest == date(2027, 1, 31)
    assert renovation_parts.write_days(part.closes) == "15.12.2026 - 31.01.2027"


def test_nothing_is_moved_behind_a_wall_that_has_closed(session: Session, house: House) -> None:
    lay(session, house, "K-1", "ordered")
    add_part(session, add_renovation(session, house.building), closes=on("2026-02-01"))
    add_package(session, house.building, not_before=date(2026, 7, 1))
    session.commit()
    found = closing_walls.list_findings(session, SYSTEM, WEEK, TODAY)
    item = next(item for item in found if item.package is not None)

    with pytest.raises(InvalidInput, match="closed by then"):
        closing_walls.move_into_window(session, SYSTEM, item, WEEK, TODAY)


def test_exports_come_back_unchanged_and_leave_no_trace(session: Session, house: House) -> None:
    renovation = add_renovation(session, house.building)
    part = add_part(session, renovation, wing_id=house.west.id, floor_id=house.ground.id)
    part.outline = shapely.box(0, 0, 5, 5)
    add_phase(session, renovation)
    session.commit()
    kinds = (Renovation, RenovationPart, RenovationPhase)
    before = [session.scalars(select(kind.version)).all() for kind in kinds]
    for kind in ("renovations", "renovation_parts", "renovation_phases"):
        for suffix in ("csv", "xlsx"):
            upload = TableUpload(f"x.{suffix}", tables.export_table(session, SYSTEM, kind, suffix))
            result = tables.import_table(session, SYSTEM, kind, upload)
            assert (result.errors, result.count("unchanged")) == ((), 1), kind
    session.expire_all()
    assert [session.scalars(select(kind.version)).all() for kind in kinds] == before


def test_tables_bring_renovations_with_german_heads_and_refuse_row_by_row(
    session: Session, house: House
) -> None:
    del house
    text = "Kennung;Gebäude;Name;Art;Anforderungen bis\nS-1;RH;Säle;Medientechnik;01.06.2026\n"
    bring = TableUpload("r.csv", text.encode("utf-8-sig"))
    assert tables.import_table(session, SYSTEM, "renovations", bring).count("created") == 1

    parts = "Sanierung;Teil;Flügel;Wände offen ab;Wände zu am\nS-1;1;WE;Q2/2026;Q1/2026\nS-2;1;;;\n"
    result = tables.import_table(
        session, SYSTEM, "renovation_parts", TableUpload("p.csv", parts.encode("utf-8-sig"))
    )

    assert [(item.row, item.field) for item in result.errors] == [(1, "closes"), (2, "renovation")]
    assert session.scalars(select(RenovationPart)).all() == []


def test_the_history_of_many_parts_is_looked_up_at_once(session: Session, house: House) -> None:
    renovation = add_renovation(session, house.building)
    for number in range(12):
        add_part(session, renovation, name=f"P{number}", wing_id=house.west.id)
        add_phase(session, renovation, name=f"F{number}")
    session.commit()
    found = renovations.find_renovation(session, SYSTEM, renovation.code)

    with keep_statements(session) as asked:
        entries = renovations.list_history(session, SYSTEM, found)

    assert {entry.entity for entry in entries} == {
        "renovation", "renovation_part", "renovation_phase",
    }  # fmt: skip
    assert len(entries) == 25
    assert len([text for text in asked if "FROM audit_event" in text]) == 1
    assert len(asked) < 6


def test_quiet_days_stand_in_the_rows_of_their_own_place(session: Session, house: House) -> None:
    other = add_house(session, "ST")
    for building, wing in (
        (house.building, house.west),
        (house.building, house.east),
        (house.building, None),
        (other.building, other.west),
    ):
        renovation = add_renovation(session, building, f"S-{building.code}-{wing and wing.code}")
        add_part(session, renovation, wing_id=wing.id if wing else None)
    here = {"building_id": house.building.id}
    add_blackout(session, name="everywhere")
    add_blackout(session, name="house", **here)
    add_blackout(session, name="west", wing_id=house.west.id, **here)
    session.commit()

    calendar = renovation_calendar.make_calendar(
        session,
        SYSTEM,
        renovations.list_visible(session, SYSTEM),
        date(2026, 3, 1),
        date(2026, 4, 30),
    )

    assert {
        (row.building, row.place): [item.name for item in row.blackouts] for row in calendar.rows
    } == {
        ("RH", ""): ["everywhere", "house", "west"],
        ("RH", "Wing EA"): ["everywhere", "house"],
        ("RH", "Wing WE"): ["everywhere", "house", "west"],
        ("ST", "Wing WE"): ["everywhere"],
    }
    drawn = draw_calendar(calendar, TODAY)
    assert [len(row.blackouts) for row in drawn.rows] == [3, 2, 3, 1]


def test_what_opens_a_whole_building_concerns_whoever_works_in_one_wing(
    session: Session, house: House
) -> None:
    add_part(session, add_renovation(session, house.building))
    add_package(session, house.building, wing=house.west, wing_id=house.west.id)
    session.commit()
    parts = PlanParts(Clock(TODAY, "DE-BW"), ResultCache())
    there, elsewhere = (
        make_actor("facility", building_id, house.west.id)
        for building_id in (house.building.id, house.building.id + 1)
    )

    rows, _ = gantt.list_rows(session, there, GanttFilter(is_all=True), Page(), parts)
    assert [len(row.windows) for row in rows] == [1]
    assert b"Wall closes" in feeds.write_calendar(session, there, parts, "mine", str)
    assert b"Wall closes" not in feeds.write_calendar(session, elsewhere, parts, "mine", str)
