"""Work packages: state from their objects, dates, what speaks against them, rights, tables, undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run
from tests.factories.people import make_actor
from tests.factories.rollout import (
    add_absence,
    add_blackout,
    add_crew,
    add_milestone,
    add_package,
    add_package_link,
    add_part,
    add_renovation,
    on,
)
from tests.statements import keep_statements
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import (
    milestones,
    package_edits,
    package_objects,
    package_steps,
    packages,
    plan_links,
    tables,
    tasks,
    undo,
)
from wlantrack.services.actor import SYSTEM
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.package_edits import PackageValues
from wlantrack.services.package_sight import PackageSight
from wlantrack.services.packages import PackageFilter, PackageLine
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.plan_links import LinkValues
from wlantrack.services.results import ResultCache
from wlantrack.services.tables import TableUpload
from wlantrack.services.tasks import TaskValues
from wlantrack.store import audit
from wlantrack.store.queries import packages as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor
    from wlantrack.services.slips import SlipPreview
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.milestones import WorkPackage

TODAY = date(2026, 3, 2)
ALL = PackageSight(SYSTEM, None)
HEAD = "code,kind,building,wing"


@pytest.fixture
def parts() -> PlanParts:
    return PlanParts(Clock(TODAY, "DE-BW"), ResultCache())


def plan(
    session: Session,
    parts: PlanParts,
    kind: str = "pulling",
    **values: Any,  # noqa: ANN401 - whatever is told of the package
) -> WorkPackage:
    wanted = PackageValues("RH/WE", kind, **values)
    return package_edits.add_package(session, SYSTEM, wanted, parts)


def add_run(session: Session, house: House, label: str, wing_id: int) -> CableRun:
    point = add_access_point(session, house.ground, f"AP-{label}", wing_id=wing_id)
    return add_cable_run(session, None, label, access_point=point)


def line_of(session: Session, parts: PlanParts, package: WorkPackage) -> PackageLine:
    return packages.show_package(session, SYSTEM, str(package.public_id), parts).line


def codes(session: Session, actor: Actor, parts: PlanParts, **narrow: str) -> list[str]:
    wanted = PackageFilter(**narrow)
    lines, total = packages.list_packages(session, actor, wanted, Page("code"), parts)
    assert total == len(lines)
    return [line.code for line in lines]


def load(session: Session, text: str | bytes) -> tables.ImportResult:
    data = text.encode() if isinstance(text, str) else text
    return tables.import_table(session, SYSTEM, "packages", TableUpload("x.csv", data))


def test_a_package_is_as_usual_for_its_kind_unless_said_otherwise(
    session: Session, parts: PlanParts, house: House
) -> None:
    package = plan(session, parts, not_before=date(2026, 3, 9))
    assert (package.code, package.duration_days, package.noise_class) == (
        "RH-WE-ZUG-1",
        5,
        "normal",
    )
    assert plan(session, parts).code == "RH-WE-ZUG-2"
    line = line_of(session, parts, package)
    assert (line.timing.start, line.timing.finish) == (date(2026, 3, 9), date(2026, 3, 13))
    assert line.state == "planned"
    assert house.west.code == "WE"


def test_what_new_days_of_a_package_move_is_told_before_anything_is_changed(
    session: Session, parts: PlanParts, house: House
) -> None:
    west = {"building_id": house.building.id, "wing_id": house.west.id}
    add_milestone(session, "RH-WE-KAB", kind="cabling complete", **west)
    session.commit()
    package = plan(
        session,
        parts,
        milestone="RH-WE-KAB",
        planned_start=date(2026, 3, 9),
        planned_finish=date(2026, 3, 13),
    )
    ref, version = str(package.public_id), package.version
    values = package_edits.values_of(package, ALL)
    later = replace(values, planned_start=date(2026, 3, 16), planned_finish=date(2026, 3, 20))

    def preview(wanted: PackageValues) -> SlipPreview | None:
        return package_edits.preview_edit(session, SYSTEM, ref, wanted, version, parts)

    told = preview(later)
    assert told is not None
    assert [(move.what.code, move.days) for move in told.moves] == [
        ("RH-WE-KAB", 5),
        ("RH-WE-ZUG-1", 5),
    ]
    milestone = milestones.show_milestone(session, SYSTEM, "RH-WE-KAB", parts)
    (fed,) = milestone.links_in
    assert (fed.other.code, fed.public_id, fed.is_driving) == ("RH-WE-ZUG-1", None, True)
    assert preview(replace(values, name="Another name")) is None
    kept = packages.find_package(session, SYSTEM, ref)
    assert (kept.planned_start, kept.version) == (date(2026, 3, 9), version)
    with pytest.raises(InvalidInput):
        preview(replace(values, planned_finish=date(2026, 3, 1)))


def test_the_last_planned_day_follows_from_the_net_duration(
    session: Session, parts: PlanParts, house: House
) -> None:
    del house
    friday = date(2026, 3, 6)
    work = plan(session, parts, duration_days=3, planned_start=friday)
    waiting = plan(session, parts, "permit", duration_days=3, is_waiting=True, planned_start=friday)
    assert (work.planned_finish, waiting.planned_finish) == (date(2026, 3, 10), date(2026, 3, 8))


def test_runs_ticked_in_their_list_are_given_to_a_package_row_by_row(
    session: Session, parts: PlanParts, house: House
) -> None:
    package = plan(session, parts)
    plan(session, parts, "mounting", started_on=TODAY, finished_on=TODAY)
    runs = [
        add_run(session, house, "C1", house.west.id),
        add_run(session, house, "C2", house.east.id),
    ]
    session.commit()
    chosen = [*(Selected(str(run.public_id)) for run in runs), Selected("nonsense")]
    ref = str(package.public_id)

    offered = package_objects.list_choices(session, SYSTEM, chosen)
    assert [choice.code for choice in offered] == ["RH-WE-ZUG-1"]
    _, result = package_objects.cover(session, SYSTEM, ref, chosen)

    assert [row.label for row in result.changed] == ["C1"]
    assert [(row.label, row.problems[0].message.text) for row in result.refused] == [
        ("C2", "%(name)s does not lie where the work of %(code)s is done."),
        ("nonsense", "There is no such cable run; perhaps somebody has deleted it."),
    ]
    assert line_of(session, parts, package).tally.total == 1
    stranger = make_actor("planner", house.building.id, house.east.id)
    assert package_objects.list_choices(session, stranger, chosen) == []
    with pytest.raises((NotFound, NotAllowed)):
        package_objects.cover(session, stranger, ref, chosen)


def test_its_state_follows_from_cables_points_and_tasks(
    session: Session, parts: PlanParts, house: House
) -> None:
    package = plan(session, parts, "mounting")
    ref = str(package.public_id)
    place = {"wing_id": house.west.id}
    points = [
        add_access_point(session, house.ground, f"AP-{number}", state="mounted", **place)
        for number in (1, 2)
    ]
    points[1].state = "staged"
    session.commit()
    assert package_objects.cover_named(session, SYSTEM, ref, ["AP-1", "AP-2"]) == 2
    line = line_of(session, parts, package)
    assert (line.state, line.tally.done, line.tally.total) == ("running", 1, 2)
    points[1].state = "mounted"
    session.commit()
    line = line_of(session, parts, package)
    assert line.state == "done"
    assert "enter the day" in str(line.contradiction)

    task = tasks.add_task(session, SYSTEM, TaskValues("Lend a ladder"), package)
    page = packages.show_package(session, SYSTEM, ref, parts)
    assert (page.line.state, page.tasks) == ("running", (task,))
    subject = str(page.points[0].public_id)
    assert package_objects.uncover(session, SYSTEM, ref, [subject]) == 1


def test_it_covers_only_what_lies_in_its_place(
    session: Session, parts: PlanParts, house: House
) -> None:
    package = plan(session, parts)
    ref = str(package.public_id)
    inside = add_run(session, house, "K-1", house.west.id)
    add_run(session, house, "K-2", house.east.id)
    session.commit()
    with pytest.raises(InvalidInput, match="does not lie"):
        package_objects.cover_named(session, SYSTEM, ref, ["K-1", "K-2"])
    session.rollback()
    package_objects.cover_named(session, SYSTEM, ref, ["K-1"])
    with pytest.raises(InvalidInput, match="already"):
        package_objects.cover_named(session, SYSTEM, ref, [inside.label])
    session.rollback()
    values = replace(package_edits.values_of(package, ALL), where="RH/EA")
    with pytest.raises(InvalidInput, match="lie elsewhere"):
        package_edits.edit_package(session, SYSTEM, ref, values, package.version, parts)


def test_walls_blackouts_and_crews_speak_against_it(
    session: Session, parts: PlanParts, house: House
) -> None:
    crew = add_crew(session, "T1")
    add_absence(session, crew, begins_on=date(2026, 3, 10), ends_on=date(2026, 3, 10))
    add_blackout(session, begins_on=date(2026, 3, 12), ends_on=date(2026, 3, 12))
    add_part(session, add_renovation(session, house.building), closes=on("2026-03-11"))
    package = plan(session, parts, crew="T1", noise_class="loud", not_before=date(2026, 3, 9))
    found = [item.kind.value for item in line_of(session, parts, package).conflicts]
    assert found == ["wall closed", "blackout", "crew away"]
    assert codes(session, SYSTEM, parts, state="conflict") == [package.code]
    assert [item.code for item in packages.list_of_crew(session, SYSTEM, crew.id, parts)] == [
        package.code
    ]
    free = plan(session, parts, "training", not_before=date(2026, 4, 20))
    assert codes(session, SYSTEM, parts, state="ahead", kind="training") == [free.code]


def test_a_milestone_waits_for_what_feeds_it_and_never_in_a_circle(
    session: Session, parts: PlanParts, house: House
) -> None:
    place = {"building_id": house.building.id, "wing_id": house.west.id}
    cabled = add_milestone(session, "M1", **place)
    session.commit()
    package = plan(session, parts, milestone="M1", not_before=date(2026, 3, 9))
    line = milestones.show_milestone(session, SYSTEM, "M1", parts).line
    assert line.expected is not None
    assert (line.timing.finish, line.expected.wording) == (date(2026, 3, 13), "13.03.2026")
    waits = LinkValues("M1")
    with pytest.raises(InvalidInput, match="circle") as refused:
        plan_links.add_link(session, SYSTEM, package.public_id, waits, parts)
    assert package.code in str(refused.value.problems[0].message)
    session.rollback()

    other = add_package(session, house.building, "P2", wing_id=house.west.id)
    add_package_link(session, cabled, other)
    session.commit()
    values = replace(package_edits.values_of(other, ALL), where="RH/WE", milestone="M1")
    with pytest.raises(InvalidInput, match="circle"):
        package_edits.edit_package(session, SYSTEM, "P2", values, other.version, parts)
    session.rollback()
    result = load(session, "code,kind,building,milestone\nP2,pulling,RH,M1\n")
    assert [(error.field, "feed it" in str(error.message)) for error in result.errors] == [
        ("milestone", True)
    ]


def test_what_was_dropped_hands_on_what_it_waits_for_and_dates_nothing_itself(
    session: Session, parts: PlanParts, house: House
) -> None:
    fed = add_milestone(session, "M1")
    add_package(session, house.building, "P1", state="dropped", milestone_id=fed.id)
    session.commit()
    assert milestones.show_milestone(session, SYSTEM, "M1", parts).line.expected is None
    cabled = add_milestone(session, "M2", forecast=on("2026-04-01"))
    dropped = queries.get_by_code(session, "P1")
    assert dropped is not None
    add_package_link(session, cabled, dropped)
    session.commit()
    expected = milestones.show_milestone(session, SYSTEM, "M1", parts).line.expected
    assert expected is not None
    assert expected.latest == date(2026, 4, 1)


def test_days_that_cannot_be_are_refused_by_field(
    session: Session, parts: PlanParts, house: House
) -> None:
    add_crew(session, "T1")
    session.commit()
    for field, values in (
        ("started_on", {"finished_on": TODAY}),
        ("finished_on", {"started_on": TODAY, "finished_on": date(2026, 2, 27)}),
        ("started_on", {"started_on": date(2026, 3, 3)}),
        ("planned_start", {"planned_finish": TODAY}),
        ("planned_finish", {"planned_start": TODAY, "planned_finish": date(2026, 3, 1)}),
        ("not_before", {"not_before": date(9999, 12, 31)}),
        ("started_on", {"started_on": date(26, 3, 1)}),
        ("is_pinned", {"is_pinned": True}),
        ("undated_reason", {"not_before": TODAY, "undated_reason": "no permit"}),
        ("crew", {"crew": "T1", "is_waiting": True}),
        ("crew", {"crew": "T9"}),
        ("milestone", {"milestone": "M9"}),
        ("renovation", {"renovation": "S9"}),
        ("floor", {"floor": 99}),
        ("duration_days", {"duration_days": 5000}),
        ("duration_days", {"duration_days": 10**9, "planned_start": TODAY}),
        ("priority", {"priority": 6}),
    ):
        with pytest.raises(InvalidInput) as refused:
            plan(session, parts, **values)
        assert refused.value.problems[0].field == field, values
        session.rollback()
    assert codes(session, SYSTEM, parts) == []
    assert house.building.code == "RH"


def test_many_begin_and_end_at_once_or_none(
    session: Session, parts: PlanParts, house: House
) -> None:
    add_crew(session, "T1")
    first, second = plan(session, parts), plan(session, parts, "delivery", is_waiting=True)
    chosen = [Selected(str(item.public_id), item.version) for item in (first, second)]
    package_steps.take_step(session, SYSTEM, chosen, "begin", parts.clock)
    assert {first.started_on, second.started_on} == {TODAY}
    with pytest.raises(Conflict):
        package_steps.take_step(session, SYSTEM, chosen, "finish", parts.clock)
    session.rollback()
    chosen = [Selected(str(item.public_id), item.version) for item in (first, second)]
    with pytest.raises(InvalidInput, match="needs no crew"):
        package_steps.set_crew(session, SYSTEM, chosen, "T1")
    session.rollback()
    assert first.crew_id is None
    package_steps.set_crew(session, SYSTEM, chosen[:1], "T1")
    chosen = [Selected(str(item.public_id), item.version) for item in (first, second)]
    for step, state in (("finish", "done"), ("drop", "dropped"), ("reset", "planned")):
        package_steps.take_step(session, SYSTEM, chosen, step, parts.clock)
        assert (first.state, second.state) == (state, state)
        chosen = [Selected(str(item.public_id), item.version) for item in (first, second)]
    assert house.west.code == "WE"


def test_a_step_of_many_tells_first_what_else_it_moves_and_of_one_day_afterwards(
    session: Session, parts: PlanParts, house: House
) -> None:
    first = plan(session, parts, planned_start=date(2026, 5, 4))
    second = plan(session, parts, "delivery", planned_start=date(2026, 5, 4))
    goal = add_milestone(session, "M1", building_id=house.building.id)
    first.milestone_id = goal.id
    session.commit()
    chosen = [Selected(str(item.public_id), item.version) for item in (first, second)]

    code = first.code

    later = package_steps.preview_step(session, SYSTEM, chosen[:1], "later", parts)
    assert {move.what.code: move.days for move in later.moves} == {code: 1, "M1": 1}
    assert later.moves_others
    assert not package_steps.asks_first(later, chosen[:1], "later")
    assert package_steps.asks_first(
        package_steps.preview_step(session, SYSTEM, chosen, "later", parts), chosen, "later"
    )
    far = package_steps.preview_step(session, SYSTEM, chosen[:1], "later", parts, 10)
    assert {move.what.code: move.days for move in far.moves} == {code: 10, "M1": 10}
    assert package_steps.asks_first(far, chosen[:1], "later", 10)
    begun = package_steps.preview_step(session, SYSTEM, chosen[:1], "drop", parts)
    assert package_steps.asks_first(begun, chosen[:1], "drop")
    alone = package_steps.preview_step(session, SYSTEM, chosen[1:], "drop", parts)
    assert not alone.moves_others
    kept = package_edits.find_editable(session, SYSTEM, code)
    assert (kept.planned_start, kept.state, kept.version) == (date(2026, 5, 4), "planned", 2)

    package_steps.take_step(session, SYSTEM, chosen, "earlier", parts.clock, 2)
    moved = [package_edits.find_editable(session, SYSTEM, item.ref) for item in chosen]
    assert [item.planned_start for item in moved] == [date(2026, 4, 29), date(2026, 4, 29)]

    days = {"planned_start": date(2026, 5, 8), "planned_finish": date(2026, 5, 14)}
    waiting = plan(session, parts, "permit", is_waiting=True, **days)
    chosen = [Selected(str(waiting.public_id), waiting.version)]
    package_steps.take_step(session, SYSTEM, chosen, "later", parts.clock, 5)
    assert waiting.planned_start == date(2026, 5, 18)  # Ascension Day lies between
    assert waiting.planned_finish == date(2026, 5, 24)


def test_many_are_loaded_at_once_and_one_out_of_sight_refuses_all(
    session: Session, parts: PlanParts, house: House
) -> None:
    made = [plan(session, parts) for _ in range(12)]
    chosen = [Selected(str(item.public_id), item.version) for item in made]
    session.expunge_all()
    with keep_statements(session) as asked:
        package_steps.take_step(session, SYSTEM, chosen, "begin", parts.clock)
    assert sum(statement.startswith("SELECT") for statement in asked) < 12, asked
    for actor in (
        make_actor("facility", house.building.id, house.east.id),
        make_actor("firm"),
    ):
        with pytest.raises(NotFound):
            package_steps.take_step(session, actor, chosen, "finish", parts.clock)
        session.rollback()


def test_who_sees_and_plans_work_where(session: Session, parts: PlanParts, house: House) -> None:
    west = plan(session, parts)
    east = add_package(session, house.building, "RH-E-1", wing_id=house.east.id)
    whole = add_package(session, house.building, "RH-1")
    session.commit()
    lead = make_actor("planner", house.building.id, house.east.id)
    assert codes(session, lead, parts) == [east.code]
    assert codes(session, SYSTEM, parts) == [whole.code, east.code, west.code]
    with pytest.raises(NotFound):
        packages.show_package(session, lead, west.code, parts)
    values = package_edits.values_of(packages.find_package(session, lead, "RH-E-1"), ALL)
    officer = make_actor("security officer")
    with pytest.raises(NotAllowed):
        package_edits.edit_package(session, officer, "RH-E-1", values, east.version, parts)
    session.rollback()
    wheres = [key for key, _ in package_edits.list_wheres(session, lead)]
    assert wheres == ["RH/EA"]
    lines = packages.list_of_wing(session, SYSTEM, house.building.id, house.west.id, parts)
    assert [line.code for line in lines] == [whole.code, west.code]


def test_a_table_reads_back_as_the_same(session: Session, parts: PlanParts, house: House) -> None:
    add_crew(session, "T1")
    add_run(session, house, "K-1", house.west.id)
    add_milestone(session, "M1", building_id=house.building.id)
    session.commit()
    result = load(
        session,
        "Kennung;Art;Gebäude;Flügel;Trupp;fällig;gilt für;Meilenstein;Geschoss\n"
        "P1;Kabelzug;RH;WE;T1;Q3/2026;K-1;M1;0\n",
    )
    assert (result.count("created"), result.errors) == (1, ())
    package = packages.find_package(session, SYSTEM, "P1")
    assert (package.duration_days, package.noise_class, package.state) == (5, "normal", "planned")
    assert package.due is not None
    exported = tables.export_table(session, SYSTEM, "packages")
    again = load(session, exported)
    assert (again.count("unchanged"), len(again.outcomes), again.errors) == (1, 1, ())
    bad = load(session, f"{HEAD},due,crew\nP2,pulling,RH,X,,\nP3,pulling,RH,WE,bald,\n")
    assert [(error.row, error.field) for error in bad.errors] == [(1, "wing"), (2, "due")]
    assert codes(session, SYSTEM, parts) == ["P1"]


def test_a_deletion_is_undone_with_objects_and_links(
    session: Session, parts: PlanParts, house: House
) -> None:
    add_run(session, house, "K-1", house.west.id)
    cabled = add_milestone(session, "M1", building_id=house.building.id)
    package = plan(session, parts)
    add_package_link(session, cabled, package)
    package_objects.cover_named(session, SYSTEM, package.code, ["K-1"])
    context = audit.AuditContext("system")
    audit.set_context(session, context)
    code, gone = package_edits.delete_package(session, SYSTEM, package.code, package.version)
    assert (code, len(gone)) == ("RH-WE-ZUG-1", 2)
    undo.undo_request(session, SYSTEM, context.request_id)
    page = packages.show_package(session, SYSTEM, code, parts)
    assert [item.cable_run.label for item in page.runs if item.cable_run] == ["K-1"]
    assert [link.other.code for link in page.links_in] == ["M1"]


def test_an_undo_that_would_close_a_circle_is_refused(
    session: Session, parts: PlanParts, house: House
) -> None:
    cabled = add_milestone(session, "M1", building_id=house.building.id)
    package = plan(session, parts, milestone="M1")
    context = audit.AuditContext("system")
    audit.set_context(session, context)
    values = replace(package_edits.values_of(package, ALL), milestone="")
    package_edits.edit_package(session, SYSTEM, package.code, values, package.version, parts)
    audit.set_context(session, audit.AuditContext("system"))
    add_package_link(session, cabled, package)
    session.commit()
    with pytest.raises(InvalidInput, match="circle"):
        undo.undo_request(session, SYSTEM, context.request_id)
