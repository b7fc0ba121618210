"""Schedules of MS Project: read back nothing is lost, read again nothing changes, errors say where."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.people import make_actor
from tests.factories.rollout import (
    add_absence,
    add_crew,
    add_link,
    add_milestone,
    add_package,
    add_package_link,
    add_phase,
    add_renovation,
    on,
)
from wlantrack.errors import NotAllowed
from wlantrack.formats.mspdi import MspdiFile, MspdiLink, MspdiTask, read_mspdi_file
from wlantrack.formats.mspdi_writer import write_mspdi
from wlantrack.services import (
    baselines,
    package_edits,
    renovation_parts,
    renovations,
    schedule_exports,
    schedule_imports,
    schedule_phases,
)
from wlantrack.services.actor import SYSTEM
from wlantrack.services.package_sight import PackageSight
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache
from wlantrack.services.schedule_exports import ScheduleChoice
from wlantrack.services.schedule_imports import ScheduleUpload
from wlantrack.services.schedule_tasks import NewTasks
from wlantrack.store.models.milestones import PlanLink
from wlantrack.store.queries import milestones as milestone_queries
from wlantrack.store.queries import packages as queries
from wlantrack.store.queries import work as work_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor
    from wlantrack.services.schedule_imports import ScheduleResult

TODAY = date(2026, 3, 2)
ALL = PackageSight(SYSTEM, None)
CLOCK = Clock(TODAY, "DE-BW")


def export(session: Session, actor: Actor = SYSTEM, **choice: str) -> bytes:
    parts = PlanParts(CLOCK, ResultCache())
    return schedule_exports.export_schedule(session, actor, ScheduleChoice(**choice), parts, "de")


def load(
    session: Session, data: bytes, actor: Actor = SYSTEM, *, is_dry_run: bool = False, **new: str
) -> ScheduleResult:
    upload = ScheduleUpload("plan.xml", data, NewTasks(**new))
    return schedule_imports.import_schedule(session, actor, upload, CLOCK, is_dry_run=is_dry_run)


def counts(result: ScheduleResult) -> dict[str, int]:
    assert result.errors == ()
    found = {name: result.count(name) for name in schedule_imports.OUTCOMES}
    return {name: count for name, count in found.items() if count}


def tell_all(session: Session) -> dict[str, Any]:
    """Write down everything that a schedule tells, by codes."""
    session.expire_all()
    packages = queries.load_packages(session, None)
    milestones = milestone_queries.load_milestones(session)
    codes = {f"p{item.id}": item.code for item in packages}
    codes |= {f"m{item.id}": item.code for item in milestones}
    return {
        "packages": {
            item.code: (
                item.public_id,
                replace(
                    package_edits.values_of(item, ALL), due=item.due if item.due_wording else None
                ),
            )
            for item in packages
        },
        "milestones": {
            item.code: (
                item.public_id,
                item.name,
                item.kind,
                item.wing_id,
                item.forecast if item.forecast_wording else None,
                item.actual if item.actual_wording else None,
                item.undated_reason,
                item.responsible,
                item.note,
            )
            for item in milestones
        },
        "links": sorted(
            (
                codes[f"m{link.before_milestone_id}"]
                if link.before_milestone_id
                else codes[f"p{link.before_package_id}"],
                codes[f"m{link.after_milestone_id}"]
                if link.after_milestone_id
                else codes[f"p{link.after_package_id}"],
                link.kind,
                link.lag_days,
            )
            for link in milestone_queries.load_links(session)
        ),
        "crews": {
            crew.code: (
                crew.name,
                crew.firm,
                crew.capacity,
                [(it.begins_on, it.ends_on, it.reason) for it in crew.absences],
            )
            for crew in work_queries.list_crews(session)
        },
    }


def add_everything(session: Session, house: House) -> None:
    """Plan something of everything that a schedule can tell."""
    crew = add_crew(session, name="Kabeltrupp", firm="Firma", capacity=2)
    add_absence(session, crew)
    wing = house.building.wings[0]
    renovation = add_renovation(session, house.building)
    done = add_milestone(session, "RH-M1", building=house.building, building_id=house.building.id)
    done.actual = on("Q1/2026")
    late = add_milestone(session, "RH-M2", kind="accepted", name="Alles abgenommen")
    late.forecast, late.forecast_reason, late.note = on("Ende 2027"), "weil", "Zwei\nZeilen"
    add_milestone(session, "RH-M3", kind="operations ready", undated_reason="kein Budget")
    driven = add_milestone(session, "RH-M4", kind="visitor WLAN live")
    place = {"wing": wing, "wing_id": wing.id}
    first = add_package(
        session,
        house.building,
        "RH-ZUG-1",
        **place,
        floor=house.building.floors[0],
        floor_id=house.building.floors[0].id,
        crew=crew,
        crew_id=crew.id,
        planned_start=date(2026, 3, 9),
        planned_finish=date(2026, 3, 20),
        is_pinned=True,
        priority=1,
        responsible="Amt 17",
        milestone_id=driven.id,
        renovation_id=renovation.id,
        noise_class="loud",
    )
    first.due = on("April 2026")
    running = add_package(
        session,
        house.building,
        "RH-MES-1",
        name="",
        kind="testing",
        state="running",
        started_on=TODAY,
    )
    waits = add_package(
        session,
        house.building,
        "RH-LIE-1",
        name="Lieferung",
        kind="delivery",
        is_waiting=True,
        duration_days=42,
        not_before=date(2026, 3, 7),
    )
    add_package(session, house.building, "RH-AP-9", undated_reason="wartet auf den Rat")
    add_package(session, house.building, "RH-AP-8", state="dropped")
    add_link(session, late, driven, kind="SS", lag_days=-3)
    add_package_link(session, done, first, lag_days=5)
    for kind, lag in (("FF", 2), ("SF", 0)):
        before = running if kind == "FF" else first
        session.add(
            PlanLink(
                before_package_id=before.id, after_package_id=waits.id, kind=kind, lag_days=lag
            )
        )
    session.commit()


def clear(session: Session) -> None:
    """Forget all that was planned; renovations stay."""
    session.expunge_all()
    for found in (
        milestone_queries.load_links(session),
        queries.load_packages(session, None),
        milestone_queries.load_milestones(session),
        work_queries.list_crews(session),
    ):
        for record in found:
            session.delete(record)
        session.flush()
    session.commit()
    session.expunge_all()


def test_read_into_an_empty_plan_nothing_is_lost_and_read_again_nothing_changes(
    session: Session, house: House
) -> None:
    add_everything(session, house)
    before, data = tell_all(session), export(session)
    assert set(counts(load(session, data))) == {"unchanged"}
    assert tell_all(session) == before
    clear(session)
    trial = load(session, data, is_dry_run=True)
    assert set(counts(trial)) == {"created"}
    assert tell_all(session)["packages"] == {}
    load(session, data)
    assert tell_all(session) == before
    assert set(counts(load(session, export(session)))) == {"unchanged"}


def test_a_task_that_was_moved_moves_the_plan_and_nothing_else(
    session: Session, house: House
) -> None:
    add_everything(session, house)
    read = read_mspdi_file(export(session))
    tasks = [
        replace(task, start="2026-03-16", finish="2026-03-27", constraint_on="2026-03-16")
        if task.field("code") == "RH-ZUG-1"
        else task
        for task in read.tasks
    ]
    result = load(session, write_mspdi(replace(read, tasks=tuple(tasks)), TODAY))
    assert counts(result)["updated"] == 1
    (changed,) = [item for item in result.outcomes if item.outcome == "updated"]
    assert (changed.code, changed.changes) == ("RH-ZUG-1", ("planned_start", "planned_finish"))
    package = queries.get_by_code(session, "RH-ZUG-1")
    assert package is not None
    assert (package.planned_start, package.duration_days) == (date(2026, 3, 16), 5)


def make(*tasks: MspdiTask) -> bytes:
    return write_mspdi(MspdiFile("Umbau", "Umbau", tasks), TODAY)


PULL = MspdiTask(1, 5, "Kabel ziehen", start="2026-03-09", finish="2026-03-13", duration_days=5)
READY = MspdiTask(
    2, 6, "Ready", is_milestone=True, start="2026-03-20", finish="2026-03-20", links=(MspdiLink(5),)
)

HOUSE = ((1, 70, "EG"), (2, 71, "OG"))


@pytest.mark.usefixtures("house")
def test_foreign_tasks_are_found_again_by_their_uid(session: Session) -> None:
    data = make(PULL, READY)
    new: dict[str, Any] = {
        "where": "RH/WE",
        "kind": "pulling",
        "milestone_kind": "cabling complete",
    }
    assert counts(load(session, data, **new)) == {"created": 3}
    assert counts(load(session, data, **new)) == {"unchanged": 3}
    later = make(replace(PULL, name="Kabel", finish="2026-03-16", duration_days=6), READY)
    assert counts(load(session, later, **new)) == {"updated": 1, "unchanged": 2}
    (package,) = queries.load_packages(session, None)
    (milestone,) = milestone_queries.load_milestones(session)
    assert (package.code, package.planned_finish) == ("RH-WE-ZUG-1", date(2026, 3, 16))
    assert (milestone.kind, milestone.forecast_wording) == ("cabling complete", None)


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("tasks", "field", "word"),
    [
        ((replace(PULL, actual_start="2027-01-04"),), "started_on", "future"),
        ((READY,), "kind", "what it reaches"),
        ((replace(PULL, finish="9999-12-31"),), "planned_finish", "No plan has this year"),
        (
            (replace(PULL, links=(MspdiLink(7, lag_days=5000),)), replace(PULL, uid=7)),
            "lag_days",
            "too long",
        ),
        (
            (
                replace(PULL, links=(MspdiLink(7),)),
                replace(PULL, uid=7, row=2, links=(MspdiLink(5),)),
            ),
            None,
            "circle",
        ),
    ],
)
def test_with_any_error_nothing_is_written_and_the_error_names_its_task(
    session: Session, tasks: tuple[MspdiTask, ...], field: str | None, word: str
) -> None:
    result = load(session, make(*tasks), where="RH/WE")
    (problem,) = result.errors
    assert word in str(problem.message)
    assert problem.remedy
    if field:
        assert (problem.field, problem.row) == (field, 1)
        assert tasks[0].name in str(problem.value)
    assert queries.load_packages(session, None) == []


@pytest.mark.usefixtures("house")
def test_a_task_that_was_copied_is_a_new_one_and_links_of_groups_are_named(
    session: Session,
) -> None:
    load(session, make(PULL), where="RH/WE")
    (task,) = (item for item in read_mspdi_file(export(session)).tasks if not item.is_summary)
    group = MspdiTask(1, 70, "Flügel", is_summary=True, links=(MspdiLink(task.uid),))
    copied = make(group, task, replace(task, uid=99, row=3, name="Noch einmal"))
    result = load(session, copied, where="RH/WE")
    assert counts(result) == {"created": 1, "unchanged": 1}
    assert "first Flügel" in str(result.warnings[0])
    assert counts(load(session, copied, where="RH/WE")) == {"unchanged": 2}
    codes = [item.code for item in queries.load_packages(session, None)]
    assert sorted(codes) == ["RH-WE-AP-1", "RH-WE-AP-2"]


def test_who_may_not_edit_work_reads_none_and_others_see_their_own_part(
    session: Session, house: House
) -> None:
    add_everything(session, house)
    with pytest.raises(NotAllowed):
        load(session, make(PULL), make_actor("auditor"), where="RH/WE")
    wing = house.building.wings[1]
    add_package(session, house.building, "RH-EA-1", wing=wing, wing_id=wing.id)
    session.commit()
    facility = make_actor("facility", house.building.id, wing.id)
    assert load(session, export(session), facility).errors
    told = read_mspdi_file(export(session, facility))
    assert [code for task in told.tasks if (code := task.field("code"))] == ["RH-EA-1"]


def test_a_baseline_stands_beside_its_milestones(session: Session, house: House) -> None:
    add_everything(session, house)
    parts = PlanParts(CLOCK, ResultCache())
    baselines.take_baseline(session, SYSTEM, "Beschluss", "", datetime.now(UTC), parts)
    told = {task.field("code"): task.baseline for task in read_mspdi_file(export(session)).tasks}
    assert told["RH-M2"] == ("2027-12-31", "2027-12-31")
    assert told["RH-M3"] is None


def test_phases_of_a_renovation_go_out_and_come_back(session: Session, house: House) -> None:
    renovation = add_renovation(session, house.building)
    add_phase(session, renovation)
    session.commit()
    session.expire_all()
    parts = PlanParts(CLOCK, ResultCache())
    _, data = schedule_phases.export_phases(session, SYSTEM, "RH-SAN-1", parts)

    def read(data: bytes) -> dict[str, int]:
        upload = ScheduleUpload("umbau.xml", data)
        return counts(schedule_phases.import_phases(session, SYSTEM, "RH-SAN-1", upload))

    assert read(data) == {"unchanged": 1}
    assert read(make(PULL, READY)) == {"created": 1}
    assert read(make(PULL)) == {"unchanged": 1}
    assert read(make(replace(PULL, finish="2026-03-20", duration_days=10))) == {"updated": 1}
    screed = replace(PULL, name="Estrich", level=2)
    ground, first = (MspdiTask(row, uid, name, is_summary=True) for row, uid, name in HOUSE)
    twins = make(ground, replace(screed, uid=8), first, replace(screed, uid=9))
    assert read(twins) == {"created": 2}
    assert read(twins) == {"unchanged": 2}
    session.expire_all()
    found = renovations.find_renovation(session, SYSTEM, "RH-SAN-1")
    assert [(it.name, renovation_parts.write_days(it.ends)) for it in found.phases] == [
        ("Walls", "Q2/2026"),
        ("Kabel ziehen", "20.03.2026"),
        ("EG: Estrich", "13.03.2026"),
        ("OG: Estrich", "13.03.2026"),
    ]


def test_phases_of_one_renovation_may_be_read_into_another(session: Session, house: House) -> None:
    add_phase(session, add_renovation(session, house.building))
    add_renovation(session, house.building, "RH-SAN-2")
    session.commit()
    session.expire_all()
    parts = PlanParts(CLOCK, ResultCache())
    _, data = schedule_phases.export_phases(session, SYSTEM, "RH-SAN-1", parts)
    upload = ScheduleUpload("umbau.xml", data)

    for expected in ({"created": 1}, {"unchanged": 1}):
        found = schedule_phases.import_phases(session, SYSTEM, "RH-SAN-2", upload)
        assert counts(found) == expected
