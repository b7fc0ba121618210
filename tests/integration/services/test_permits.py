from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.people import make_actor
from tests.factories.rollout import add_permit, on
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import access_points, cable_states, permits, point_states, tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_states import StateChange
from wlantrack.services.covering import name_of
from wlantrack.services.permits import PermitFilter, PermitValues
from wlantrack.services.spoken_entry import read_spoken
from wlantrack.services.tables import TableUpload
from wlantrack.store.models.permits import PermitSubject
from wlantrack.store.plan_files import PlanFiles
from wlantrack.store.queries.paging import Page

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.store.models.cabling import CableRun

TODAY = date(2026, 11, 26)
LONG_AGO = date(2025, 3, 1)


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "files")


@pytest.fixture
def run(session: Session, house: House) -> CableRun:
    """Give a run in the west of a listed, old building that waits for its permits."""
    house.building.is_listed, house.building.begun_on = True, date(1956, 5, 4)
    distributor = add_distributor(session, house.ground, wing_id=house.west.id)
    made = add_cable_run(session, distributor, "C1", state="design released", steps=[])
    session.commit()
    return made


def carry(session: Session, files: PlanFiles, run: CableRun, target: str, **evidence: str) -> None:
    change = StateChange(target, TODAY, TODAY, evidence)
    cable_states.change_state(session, SYSTEM, files, Selected(run.label), change)


def reasons(session: Session, run: CableRun, target: str) -> list[str]:
    chosen = [Selected(str(run.public_id))]
    rows = cable_states.preview_bulk(session, SYSTEM, chosen, target, TODAY).rows
    return [str(problem.message) for row in rows for problem in row.problems]


def test_a_run_in_a_listed_old_building_passes_its_hold_points_by_permits(
    session: Session, files: PlanFiles, run: CableRun
) -> None:
    building = run.floor.building
    assert reasons(session, run, "permits cleared") == [
        "RH is listed: no heritage permit covers this run."
    ]
    heritage = add_permit(
        session, building, "RH-DS-1", run, state="applied for", expected=on("Mitte Dezember 2026")
    )
    council = add_permit(session, building, "RH-PR-1", run, kind="staff council")
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        carry(session, files, run, "permits cleared", permit="somebody said yes")
    assert [str(problem.message) for problem in refused.value.problems] == [
        "Permit RH-DS-1 (heritage) is applied for, expected Mitte Dezember 2026.",
        "Permit RH-PR-1 (staff council) is needed, expected date not known.",
    ]

    heritage.state, heritage.granted_on, heritage.reference = "granted", LONG_AGO, "DS 117"
    heritage.expires_on = TODAY - timedelta(days=1)
    council.state = "not needed"
    session.commit()
    assert reasons(session, run, "permits cleared") == [
        "Permit RH-DS-1 (heritage) expired on 2026-11-25."
    ]

    heritage.expires_on = TODAY
    session.commit()
    carry(session, files, run, "permits cleared")
    assert run.steps[-1].evidence == {"permit": "DS 117, RH-PR-1"}
    with pytest.raises(InvalidInput, match="pollutants is missing"):
        carry(session, files, run, "ordered", firm="Kabel GmbH")

    add_permit(session, building, "RH-SC-1", run, kind="pollutants", state="not needed")
    session.commit()
    carry(session, files, run, "ordered", firm="Kabel GmbH")
    assert run.state == "ordered"


def test_a_run_that_needs_no_permit_keeps_the_reference_that_is_written(
    session: Session, house: House, files: PlanFiles
) -> None:
    distributor = add_distributor(session, house.ground)
    run = add_cable_run(session, distributor, "C2", state="design released", steps=[])
    session.commit()

    with pytest.raises(InvalidInput, match="reference of the permit is missing"):
        carry(session, files, run, "permits cleared")
    carry(session, files, run, "permits cleared", permit="by phone, 12.11.")

    assert run.steps[-1].evidence == {"permit": "by phone, 12.11."}


def test_an_access_point_is_mounted_once_the_permit_that_covers_it_is_granted(
    session: Session, house: House
) -> None:
    point = add_access_point(session, house.ground, "AP-1", state="staged", serial="S1")
    permit = add_permit(session, house.building, expected=on("Q1/2027"))
    permit.subjects.append(PermitSubject(access_point_id=point.id))
    session.commit()

    with pytest.raises(InvalidInput, match="expected Q1/2027"):
        access_points.change_state(session, SYSTEM, "AP-1", "mounted", point.version, {})
    chosen = [Selected(str(point.public_id))]
    assert point_states.preview_bulk(session, SYSTEM, chosen, "mounted").changed == ()
    assert point_states.change_states(session, SYSTEM, chosen, "mounted").changed == ()
    row = TableUpload("x.csv", b"code,floor,state\nAP-1,RH/0,mounted\n")
    assert tables.import_table(session, SYSTEM, "access_points", row).errors

    granted = permits.find_permit(session, SYSTEM, "RH-G1")
    granted.state, granted.granted_on = "granted", LONG_AGO
    session.commit()
    found = access_points.find_access_point(session, SYSTEM, "AP-1")
    access_points.change_state(session, SYSTEM, "AP-1", "mounted", found.version, {})
    assert found.state == "mounted"


def test_a_permit_is_added_changed_and_deleted(
    session: Session, house: House, run: CableRun
) -> None:
    values = PermitValues("RH", "heritage", wing="WE", expected=on("Q1/2027"))
    permit = permits.add_permit(session, SYSTEM, values)
    assert (permit.code, permit.state, permit.wing_id) == ("RH-DS-1", "needed", house.west.id)
    assert permits.add_permit(session, SYSTEM, values).code == "RH-DS-2"

    permits.cover_named(session, SYSTEM, permit.code, ["C1"])
    values = PermitValues("RH", "heritage", "granted", granted_on=LONG_AGO)
    changed = permits.edit_permit(session, SYSTEM, permit.code, values, permit.version)
    assert (changed.state, changed.wing, changed.expected_wording) == ("granted", None, None)
    with pytest.raises(Conflict):
        permits.edit_permit(session, SYSTEM, permit.code, values, changed.version - 1)
    values = PermitValues("RH", "heritage", wing="EA")
    with pytest.raises(InvalidInput, match="lie elsewhere"):
        permits.edit_permit(session, SYSTEM, permit.code, values, changed.version)
    session.rollback()

    permits.delete_permit(session, SYSTEM, "RH-DS-1", changed.version)
    with pytest.raises(NotFound):
        permits.find_permit(session, SYSTEM, "RH-DS-1")
    assert permits.list_at_run(session, run) == []


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        (PermitValues("XX", "heritage"), ["building"]),
        (PermitValues("RH", "heritage", wing="XX"), ["wing"]),
        (PermitValues("RH", "nonsense", "nonsense"), ["kind", "state"]),
        (PermitValues("RH", "other", "granted"), ["granted_on"]),
        (PermitValues("RH", "other", applied_on=TODAY, granted_on=LONG_AGO), ["granted_on"]),
        (PermitValues("RH", "other", granted_on=TODAY, expires_on=LONG_AGO), ["expires_on"]),
        (PermitValues("RH", "other", code="RH-G1"), ["code"]),
    ],
)
def test_a_permit_that_cannot_be_is_refused_by_field(
    session: Session, house: House, values: PermitValues, fields: list[str]
) -> None:
    add_permit(session, house.building)
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        permits.add_permit(session, SYSTEM, values)

    assert [problem.field for problem in refused.value.problems] == fields


def test_many_runs_are_assigned_at_once_and_each_refusal_says_why(
    session: Session, house: House, run: CableRun
) -> None:
    far = add_distributor(session, house.ground, "RH-EV0.2", wing_id=house.east.id)
    other = add_cable_run(session, far, "C2")
    covered = add_cable_run(session, run.distributor, "C3")
    permit = add_permit(session, house.building, "P1", covered, wing_id=house.west.id)
    session.commit()
    chosen = [Selected(str(item.public_id)) for item in (run, other, covered)]

    _, result = permits.cover(session, make_actor(), "P1", [*chosen, Selected("nonsense")])

    assert [row.label for row in result.changed] == ["C1"]
    assert [str(row.problems[0].message) for row in result.refused] == [
        "C2 does not lie in RH/WE, for which this permit is.",
        "P1 covers C3 already.",
        "There is no such cable run; perhaps somebody has deleted it.",
    ]
    with pytest.raises(InvalidInput, match="no cable run or access point"):
        permits.cover_named(session, SYSTEM, "P1", ["C1", "C9"])
    gone = [str(subject.public_id) for subject in permit.subjects]
    assert permits.uncover(session, SYSTEM, "P1", gone) == 2
    assert permits.list_at_run(session, run) == []


def test_permits_are_seen_and_changed_where_cabling_is(
    session: Session, house: House, run: CableRun
) -> None:
    add_permit(session, house.building, "WEST", run, wing_id=house.west.id)
    add_permit(session, house.building, "EAST", wing_id=house.east.id)
    session.commit()
    westerner = make_actor("facility", house.building.id, house.west.id)

    rows, total = permits.list_permits(session, westerner, PermitFilter(), Page())

    assert ([row.code for row in rows], total) == (["WEST"], 1)
    assert rows[0].run_count == 1
    assert [row.code for row in permits.list_choices(session, westerner)] == ["WEST"]
    with pytest.raises(NotFound):
        permits.find_permit(session, westerner, "EAST")
    with pytest.raises(NotFound):
        permits.find_permit(session, make_actor("firm"), "WEST")
    with pytest.raises(NotAllowed):
        permits.add_permit(session, westerner, PermitValues("RH", "other", wing="EA"))


def test_the_list_is_narrowed_by_what_ends_soon(session: Session, house: House) -> None:
    for code, state, days in (("A", "granted", -1), ("B", "granted", 5), ("C", "needed", 5)):
        ends = TODAY + timedelta(days=days)
        add_permit(session, house.building, code, state=state, expires_on=ends)
    session.commit()

    def codes(narrow: PermitFilter) -> list[str]:
        return [row.code for row in permits.list_permits(session, SYSTEM, narrow, Page())[0]]

    soon = TODAY + timedelta(days=31)
    assert codes(PermitFilter(ends_from=TODAY, ends_before=soon)) == ["B"]
    assert codes(PermitFilter(ends_before=TODAY)) == ["A"]
    assert codes(PermitFilter(state="needed", kind="heritage", building="RH")) == ["C"]
    assert codes(PermitFilter(words="b")) == ["B"]


def test_a_table_of_permits_goes_both_ways(session: Session, house: House, run: CableRun) -> None:
    point = add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    permit = add_permit(session, house.building, "P1", run, expected=on("Mitte April 2027"))
    permit.subjects.append(PermitSubject(access_point_id=point.id))
    add_permit(
        session,
        house.building,
        "P2",
        expected=read_spoken("nach der Sommerpause", "", date(2027, 9, 1), date(2027, 9, 30)),
    )
    session.commit()
    session.expire_all()

    def load(data: bytes) -> tables.ImportResult:
        return tables.import_table(session, SYSTEM, "permits", TableUpload("x.csv", data))

    same = load(tables.export_table(session, SYSTEM, "permits", "csv"))
    assert (same.errors, same.count("unchanged")) == ((), 2)

    result = load(
        "Kennung;Art;Stand;Gebäude;Flügel;erteilt am;erwartet;gilt für\n"
        "P1;Denkmalschutz;erteilt;RH;WE;03.11.2026;;C1\n"
        "P3;Schadstoffe;beantragt;RH;;;Q2/2027;C1 | AP-1\n".encode()
    )
    assert result.errors == ()
    assert [(row.key, row.outcome) for row in result.outcomes] == [
        ("P1", "updated"),
        ("P3", "created"),
    ]
    changed = permits.find_permit(session, SYSTEM, "P1")
    assert (changed.state, changed.expected_wording) == ("granted", None)
    assert [name_of(subject) for subject in changed.subjects] == ["C1"]
    refused = load(
        b"code,building,wing,state,expected,covers\nP4,XX,,,,\nP5,RH,XX,,,\nP6,RH,,granted,,\n"
        b"P7,RH,,,soon,\nP8,RH,,,,C9\n"
    )
    assert [problem.field for problem in refused.errors] == [
        "building",
        "wing",
        "granted_on",
        "expected",
        "covers",
    ]
