"""Rows for renovations, milestones, work, permits, governance and feeds."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import shapely

from wlantrack.rollout.spoken_dates import SpokenDate, parse_spoken
from wlantrack.store.models.base import Base
from wlantrack.store.models.feeds import DigestChoice, DigestSent, FeedEntry, FeedToken
from wlantrack.store.models.governance import (
    BudgetLine,
    Decision,
    DeviceGroup,
    Post,
    Risk,
    SupportTeam,
    Training,
)
from wlantrack.store.models.idempotency import IdempotencyKey
from wlantrack.store.models.milestones import (
    Baseline,
    BaselineEntry,
    ForecastSnapshot,
    Milestone,
    PlanLink,
    WorkPackage,
    WorkPackageSubject,
)
from wlantrack.store.models.permits import (
    CableRoute,
    CableTest,
    ColumnMapping,
    Order,
    OrderSubject,
    Penetration,
    PenetrationRun,
    Permit,
    PermitSubject,
)
from wlantrack.store.models.renovations import Renovation, RenovationPart, RenovationPhase
from wlantrack.store.models.work import Blackout, Crew, CrewAbsence, Task

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.people import User
    from wlantrack.store.models.places import Building, Floor

Row = TypeVar("Row", bound=Base)
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def on(text: str) -> SpokenDate:
    """Give a date as somebody would write it."""
    return parse_spoken(text)


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def add_renovation(
    session: Session, building: Building, code: str = "RH-SAN-1", **values: Any
) -> Renovation:
    """Add a renovation that is planned and likely."""
    defaults = {"name": "Meeting rooms", "building": building}
    return _add(session, Renovation(code=code, building_id=building.id, **defaults | values))


def add_part(session: Session, renovation: Renovation, **values: Any) -> RenovationPart:
    """Add a part whose walls are open from March until the last of May 2026."""
    defaults = {"opens": on("2026-03-02"), "closes": on("2026-05-29"), "renovation": renovation}
    return _add(session, RenovationPart(renovation_id=renovation.id, **defaults | values))


def add_phase(session: Session, renovation: Renovation, name: str = "Walls") -> RenovationPhase:
    """Add a phase in the second quarter of 2026."""
    phase = RenovationPhase(renovation_id=renovation.id, name=name, renovation=renovation)
    phase.begins = phase.ends = on("Q2/2026")
    return _add(session, phase)


def add_milestone(session: Session, code: str = "RH-M1", **values: Any) -> Milestone:
    """Add a milestone, of the programme and about cabling unless said otherwise."""
    return _add(session, Milestone(code=code, **{"kind": "cabling complete"} | values))


def add_package(
    session: Session, building: Building, code: str = "RH-AP-1", **values: Any
) -> WorkPackage:
    """Add a work package of five days of pulling."""
    defaults = {"name": "Pull cables", "kind": "pulling", "duration_days": 5, "building": building}
    package = WorkPackage(code=code, building_id=building.id, **defaults | values)
    return _add(session, package)


def add_to_package(
    session: Session,
    package: WorkPackage,
    run: CableRun | None = None,
    point: AccessPoint | None = None,
) -> WorkPackageSubject:
    """Let a work package be done on a run, or on an access point."""
    subject = WorkPackageSubject(work_package_id=package.id, cable_run=run, access_point=point)
    return _add(session, subject)


def add_link(session: Session, before: Milestone, after: Milestone, **values: Any) -> PlanLink:
    """Let a milestone wait for another one, without lag."""
    link = PlanLink(before_milestone_id=before.id, after_milestone_id=after.id, **values)
    return _add(session, link)


def add_package_link(
    session: Session, before: Milestone, after: WorkPackage, **values: Any
) -> PlanLink:
    """Let a work package wait for a milestone, without lag."""
    link = PlanLink(before_milestone_id=before.id, after_package_id=after.id, **values)
    return _add(session, link)


def add_crew(session: Session, code: str = "T1", **values: Any) -> Crew:
    """Add a crew for one package at a time."""
    return _add(session, Crew(code=code, **{"name": "Crew 1"} | values))


def add_absence(session: Session, crew: Crew, **values: Any) -> CrewAbsence:
    """Let a crew be away for the first week of August 2026."""
    defaults = {"begins_on": date(2026, 8, 3), "ends_on": date(2026, 8, 7), "reason": "Holidays"}
    return _add(session, CrewAbsence(crew_id=crew.id, crew=crew, **defaults | values))


def add_blackout(session: Session, **values: Any) -> Blackout:
    """Add a day on which nothing loud may be done anywhere."""
    day = date(2026, 3, 19)
    defaults = {"name": "Council session", "begins_on": day, "ends_on": day}
    return _add(session, Blackout(**defaults | values))


def add_task(session: Session, **values: Any) -> Task:
    """Add an open task of anna's."""
    defaults = {"title": "Call the caretaker", "opened_at": NOON, "opened_by": "anna"}
    return _add(session, Task(**defaults | values))


def add_permit(
    session: Session, building: Building, code: str = "RH-G1", *runs: CableRun, **values: Any
) -> Permit:
    """Add a heritage permit that is needed, for some runs."""
    defaults = {"kind": "heritage", "building": building}
    permit = Permit(code=code, building_id=building.id, **defaults | values)
    permit.subjects = [PermitSubject(cable_run_id=run.id) for run in runs]
    return _add(session, permit)


def add_penetration(
    session: Session, floor: Floor, code: str = "RH-D1", *runs: CableRun, **values: Any
) -> Penetration:
    """Add a penetration that is planned, with runs through it."""
    penetration = Penetration(code=code, floor_id=floor.id, floor=floor, **values)
    penetration.runs = [PenetrationRun(cable_run_id=run.id) for run in runs]
    return _add(session, penetration)


def add_order(session: Session, code: str = "A-1", *runs: CableRun, **values: Any) -> Order:
    """Add a draft of an order to a firm, for some runs."""
    order = Order(code=code, **{"firm": "Elektro Nord"} | values)
    order.subjects = [OrderSubject(cable_run_id=run.id) for run in runs]
    return _add(session, order)


def add_route(session: Session, floor: Floor, code: str = "RH-0-T1", **values: Any) -> CableRoute:
    """Add a tray of ten metres."""
    defaults = {"line": shapely.LineString([(0, 5), (10, 5)]), "floor": floor}
    return _add(session, CableRoute(code=code, floor_id=floor.id, **defaults | values))


def add_cable_test(session: Session, run: CableRun, **values: Any) -> CableTest:
    """Add a measurement that a run has passed."""
    defaults = {
        "result": "pass",
        "tested_on": date(2026, 3, 9),
        "file_sha256": "0" * 64,
        "stored_file": "0" * 32,
        "row_number": 2,
        "fingerprint": uuid.uuid4().hex,
        "imported_at": NOON,
        "imported_by": "anna",
    }
    return _add(session, CableTest(cable_run_id=run.id, **defaults | values))


def add_baseline(session: Session, *milestones: Milestone, name: str = "Council") -> Baseline:
    """Keep the forecasts of some milestones as a baseline."""
    baseline = _add(session, Baseline(name=name, taken_at=NOON, taken_by="anna"))
    for milestone in milestones:
        entry = BaselineEntry(milestone_uuid=milestone.public_id, code=milestone.code)
        entry.baseline_id, entry.planned = baseline.id, milestone.forecast
        entry.undated_reason = milestone.undated_reason
        _add(session, entry)
    return baseline


def add_snapshot(session: Session, milestone: Milestone, day: date) -> ForecastSnapshot:
    """Keep what is forecast for a milestone on a report date."""
    snapshot = ForecastSnapshot(milestone_uuid=milestone.public_id, report_on=day)
    snapshot.forecast, snapshot.undated_reason = milestone.forecast, milestone.undated_reason
    return _add(session, snapshot)


def add_governance(session: Session, building: Building, number: int = 1) -> None:
    """Add one entry with a number to each catalogue."""
    dates = {"due": on("Q1/2020"), "decided": on("Dezember 2019")}
    decision = _add(session, Decision(code=f"B-{number}", title="WLAN", **dates))
    for row in (
        Post(code=f"S-{number}", title="Network planner", decision_id=decision.id),
        SupportTeam(code=f"BT-{number}", name="WLAN desk", building_id=building.id),
        Training(code=f"SCH-{number}", title="First aid for WLAN", held=on("Q1/2026")),
        DeviceGroup(code=f"GG-{number}", name="Notebooks", device_count=250),
        BudgetLine(
            code=f"HH-{number}", name="Cabling", planned_eur=100_000, decision_id=decision.id
        ),
        Risk(code=f"R-{number}", title="No staff", building_id=building.id),
    ):
        _add(session, row)


def add_open_decision(session: Session, code: str = "B-1", **values: Any) -> Decision:
    """Add a decision that nobody has taken yet."""
    return _add(session, Decision(code=code, **{"title": "Posts"} | values))


def add_risk(session: Session, code: str = "R-1", **values: Any) -> Risk:
    """Add a risk of the whole city unless said otherwise."""
    return _add(session, Risk(code=code, **{"title": "No staff"} | values))


def add_feeds(session: Session, user: User) -> None:
    """Add a calendar address, an entry of the calendars, a mail that was sent, a kept answer."""
    token = FeedToken(user_id=user.id, token_sha256="0" * 64, created_at=NOON)
    entry = FeedEntry(kind="milestone", subject=uuid.uuid4(), fingerprint="0" * 64, changed_at=NOON)
    entry.content = {"summary": "Cabling complete"}
    kept = IdempotencyKey(user_id=user.id, key="k", request_sha256="0" * 64, status=200)
    kept.created_at, kept.grants_sha256 = NOON, "0" * 64
    choice = DigestChoice(user_id=user.id, address="anna@example.org", rhythm="daily")
    sent = DigestSent(user_id=user.id, day=NOON.date(), sent_at=NOON)
    for row in (token, entry, choice, sent, kept):
        _add(session, row)


def add_one_of_each(session: Session, floor: Floor, run: CableRun, user: User) -> None:
    """Add a row to every table of the roll-out."""
    building = floor.building
    part = add_part(session, add_renovation(session, building, "RH-SAN-9"), floor_id=floor.id)
    part.outline = shapely.box(0, 0, 5, 5)
    add_phase(session, part.renovation)
    crew = add_crew(session, "T9")
    day = date(2026, 4, 1)
    add_absence(session, crew)
    add_package(
        session,
        building,
        "RH-AP-8",
        not_before=day,
        planned_start=day,
        planned_finish=date(2026, 4, 10),
    )
    package = add_package(
        session, building, "RH-AP-9", crew_id=crew.id, undated_reason="No walls open yet"
    )
    package.due = on("Q3/2026")
    add_to_package(session, package, run)
    cabled = add_milestone(session, building_id=building.id, forecast=on("Q2/2026"))
    live = add_milestone(session, "RH-M2", kind="visitor WLAN live", undated_reason="No cables")
    live.actual = on("2026-03-01")
    add_link(session, cabled, live)
    add_baseline(session, cabled, live)
    add_snapshot(session, cabled, date(2026, 2, 28))
    add_blackout(session, building_id=building.id)
    add_task(session, subject_kind="cable_run", subject_id=run.public_id, due_on=day)
    permit = add_permit(session, building, "RH-G1", run, expected=on("Mitte April 2026"))
    permit.applied_on = permit.granted_on = permit.expires_on = day
    add_penetration(session, floor, "RH-D1", run, x_m=1.0, y_m=2.0)
    add_order(session, "A-1", run, delivery=on("April 2026"), building_id=building.id)
    add_route(session, floor)
    add_cable_test(session, run, length_m=40.0, margin_db=3.5)
    _add(session, ColumnMapping(kind="cable_tests", fingerprint="0" * 64, columns={"a": "label"}))
    add_governance(session, building, 9)
    add_feeds(session, user)
