"""Test records of cables: what follows from PASS and FAIL, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.people import make_actor
from tests.factories.places import add_building, add_floor
from wlantrack.errors import InvalidInput
from wlantrack.services import tables, undo
from wlantrack.services.actor import SYSTEM
from wlantrack.services.tables import ImportResult, TableUpload
from wlantrack.store import audit
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import CableTest
from wlantrack.store.models.work import Task
from wlantrack.store.plan_files import PlanFiles

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor

HEADER = "label;result;tested_on;limit_name;length_m\n"


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "originals")


@pytest.fixture
def floor(session: Session) -> Floor:
    floor = add_floor(session, add_building(session), 1)
    distributor = add_distributor(session, floor, "RH-EV1.1")
    for number, state in enumerate(("terminated", "terminated", "pulled", "tested"), start=1):
        add_cable_run(session, distributor, f"K-{number}", state=state)
    session.commit()
    return floor


def bring(session: Session, files: PlanFiles, text: str, name: str = "tests.csv") -> ImportResult:
    upload = TableUpload(name, (HEADER + text).encode())
    return tables.import_table(session, SYSTEM, "cable_tests", upload, files=files)


def states(session: Session) -> dict[str, str]:
    return {run.label: run.state for run in session.scalars(select(CableRun))}


def test_pass_and_fail_carry_terminated_runs_and_fail_opens_a_task(
    session: Session, files: PlanFiles, floor: Floor
) -> None:
    text = "K-1;PASS;2026-03-09 14:33;Cat 6A PL;41,5\nk-2;nicht bestanden;09.03.2026;Cat 6A PL;88\n"
    result = bring(session, files, text)

    assert (result.errors, result.count("created")) == ((), 2)
    assert states(session) == {
        "K-1": "tested",
        "K-2": "test failed",
        "K-3": "pulled",
        "K-4": "tested",
    }
    run = session.scalars(select(CableRun).where(CableRun.label == "K-1")).one()
    assert (run.length_actual_m, run.state_on) == (41.5, date(2026, 3, 9))
    task = session.scalars(select(Task)).one()
    assert (task.title, task.origin, task.state) == ("K-2: FAIL Cat 6A PL", "failed test", "open")
    assert task.building_id == floor.building_id
    original = session.scalars(select(CableTest.stored_file).distinct()).one()
    assert files.read(original) == (HEADER + text).encode()


def test_the_same_file_again_changes_nothing(
    session: Session, files: PlanFiles, floor: Floor
) -> None:
    del floor
    bring(session, files, "K-1;pass;2026-03-09;;\nK-2;fail;2026-03-09;;\n")

    again = bring(session, files, "K-1;pass;2026-03-09;;\nK-2;fail;2026-03-09;;\n", "again.csv")

    assert again.count("unchanged") == 2
    assert len(session.scalars(select(CableTest)).all()) == 2
    assert len(session.scalars(select(Task)).all()) == 1


def test_a_pass_after_a_fail_closes_the_task(
    session: Session, files: PlanFiles, floor: Floor
) -> None:
    del floor
    bring(session, files, "K-2;fail;2026-03-09;;\n")
    bring(session, files, "K-2;pass;2026-03-11;;\n")

    task = session.scalars(select(Task)).one()
    assert (task.state, task.done_on) == ("done", date(2026, 3, 11))
    assert states(session)["K-2"] == "tested"


def test_what_was_measured_later_says_how_a_run_stands(
    session: Session, files: PlanFiles, floor: Floor
) -> None:
    del floor
    bring(session, files, "K-2;fail;2026-03-09;;\n")
    bring(session, files, "K-2;pass;2026-02-01;;12\nK-1;pass;2026-03-09;;\nK-1;fail;2026-03-01;;\n")

    assert (states(session)["K-1"], states(session)["K-2"]) == ("tested", "test failed")
    assert [task.state for task in session.scalars(select(Task))] == ["open"]
    assert len(session.scalars(select(CableTest)).all()) == 4


def test_a_blocked_run_does_not_stop_the_file(
    session: Session, files: PlanFiles, floor: Floor
) -> None:
    del floor
    run = session.scalars(select(CableRun).where(CableRun.label == "K-3")).one()
    run.state, run.state_before = "blocked", "terminated"
    session.commit()

    result = bring(session, files, "K-3;pass;2026-03-09;;\nK-1;pass;2026-03-09;;\n")

    assert (result.errors, len(result.warnings)) == ((), 1)
    assert states(session)["K-3"] == "blocked"


def test_a_record_of_a_run_that_is_not_terminated_is_kept_and_says_what_to_do(
    session: Session, files: PlanFiles, floor: Floor
) -> None:
    del floor
    result = bring(session, files, "K-3;pass;2026-03-09;;\n")

    assert "K-3: the record is kept, the state stays pulled." in str(result.warnings[0])
    assert states(session)["K-3"] == "pulled"
    assert len(session.scalars(select(CableTest)).all()) == 1


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        ("K-9;pass;2026-03-09;;", "label", "No cable run is called so"),
        ("old;pass;2026-03-09;;", "label", "Several cable runs are called so: K-1, K-2."),
        ("K-1;perhaps;2026-03-09;;", "result", "none of the allowed values"),
        ("K-1;pass;2999-01-01;;", "tested_on", "lies in the future"),
        ("K-1;pass;03/09/2026;;", "tested_on", "not a date"),
        ("K-1;pass;;;", "tested_on", "missing"),
        ("K-1;pass;2026-03-09;;-3", "length_m", "less than"),
    ],
)
def test_a_record_that_cannot_be_true_stops_the_whole_file(
    session: Session, files: PlanFiles, floor: Floor, row: str, field: str, words: str
) -> None:
    del floor
    for run in session.scalars(select(CableRun).where(CableRun.label.in_(("K-1", "K-2")))):
        run.legacy_id = "OLD"
    session.commit()
    result = bring(session, files, f"K-2;pass;2026-03-09;;\n{row}\n")

    (problem,) = result.errors
    assert (problem.row, problem.field, problem.file) == (2, field, "tests.csv")
    assert words in str(problem.message)
    assert problem.remedy is not None
    assert session.scalars(select(CableTest)).all() == []
    assert states(session)["K-2"] == "terminated"
    assert not files.folder.is_dir() or list(files.folder.iterdir()) == []


def test_runs_out_of_scope_are_not_found(session: Session, files: PlanFiles, floor: Floor) -> None:
    actor = make_actor("manager", floor.building_id + 1)
    upload = TableUpload("t.csv", (HEADER + "K-1;pass;2026-03-09;;\n").encode())
    result = tables.import_table(session, actor, "cable_tests", upload, files=files)

    assert "No cable run is called so" in str(result.errors[0].message)


def test_rows_that_fit_no_run_are_left_out_or_given_to_one_and_the_rest_is_imported(
    session: Session, files: PlanFiles, floor: Floor
) -> None:
    del floor
    text = "K-1;pass;2026-03-09;;\nDose 7;pass;2026-03-09;;\n?;maybe;2026-03-09;;\nX;pass;2026-03-09;;\n"
    upload = TableUpload("t.csv", (HEADER + text).encode())

    def import_with(left_out: set[int], assigned: dict[int, str]) -> ImportResult:
        said = replace(upload, left_out=frozenset(left_out), assigned=assigned)
        return tables.import_table(session, SYSTEM, "cable_tests", said, files=files)

    stopped = import_with(set(), {})
    assert [(row.row, row.shown_row, row.name, row.needs_subject) for row in stopped.open_rows] == [
        (2, 3, "Dose 7", True),
        (3, 4, "?", False),
        (4, 5, "X", True),
    ]
    assert stopped.subjects == ("K-1", "K-2", "K-3", "K-4")
    for left_out, assigned, field, words in (
        ({3, 4}, {2: "Dose 8"}, "label", "no cable run Dose 8"),
        ({2, 3, 4}, {1: "K-2"}, "label", "cannot be given to another"),
        ({2, 3, 4, 9}, {}, "row", "no row 9"),
    ):
        (problem,) = import_with(left_out, assigned).errors
        assert (problem.field, words in str(problem.message)) == (field, True)
    assert session.scalars(select(CableTest)).all() == []

    done = import_with({3, 4}, {2: "K-2"})
    assert done.errors == ()
    assert [(row.row, row.key, row.outcome) for row in done.outcomes] == [
        (1, "K-1", "created"),
        (2, "K-2", "created"),
        (3, "?", "left out"),
        (4, "X", "left out"),
    ]
    assert states(session) == {"K-1": "tested", "K-2": "tested", "K-3": "pulled", "K-4": "tested"}
    again = import_with({3, 4}, {})
    assert [row.outcome for row in again.outcomes] == ["unchanged"] * 2 + ["left out"] * 2
    with pytest.raises(InvalidInput, match="Mend them in the file"):
        tables.import_table(session, SYSTEM, "rooms", replace(upload, left_out=frozenset({1})))


def test_the_import_can_be_undone(session: Session, files: PlanFiles, floor: Floor) -> None:
    del floor
    actor = make_actor("manager")
    audit.set_context(session, actor.audit())
    upload = TableUpload(
        "t.csv",
        b"Kabelnr;Urteil;Tag\nK-1;pass;2026-03-09\nK-2;fail;2026-03-09\n",
        {"Kabelnr": "label", "Urteil": "result", "Tag": "tested_on"},
    )
    tables.import_table(session, actor, "cable_tests", upload, files=files)

    undo.undo_request(session, actor, actor.request_id)

    assert states(session) == {
        "K-1": "terminated",
        "K-2": "terminated",
        "K-3": "pulled",
        "K-4": "tested",
    }
    assert session.scalars(select(CableTest)).all() == []
    assert session.scalars(select(Task)).all() == []


def test_an_export_comes_back_unchanged(session: Session, files: PlanFiles, floor: Floor) -> None:
    del floor
    bring(session, files, "K-1;pass;2026-03-09;Cat 6A;41,5\n")
    upload = TableUpload("out.csv", tables.export_table(session, SYSTEM, "cable_tests"))

    assert tables.import_table(session, SYSTEM, "cable_tests", upload).count("unchanged") == 1
