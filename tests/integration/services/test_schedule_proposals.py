"""Proposed schedules: made from the records, kept as found, accepted line by line."""

from __future__ import annotations

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
    add_part,
    add_permit,
    add_renovation,
    add_to_package,
    on,
)
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.scheduling.infeasible import NoPlan
from wlantrack.scheduling.parts import Weights
from wlantrack.services import milestones, packages, schedule_lines, schedule_proposals, undo
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache
from wlantrack.services.schedule_findings import SearchLimits
from wlantrack.store import audit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.schedule_lines import ProposalPage
    from wlantrack.services.schedule_proposals import KeptProposal
    from wlantrack.store.models.milestones import WorkPackage

TODAY = date(2026, 3, 2)
PARTS = PlanParts(Clock(TODAY, "DE-BW"), ResultCache())
LATER = {"planned_start": date(2026, 7, 6), "planned_finish": date(2026, 7, 10)}
LIMITS = SearchLimits(0)


def propose(session: Session) -> KeptProposal:
    session.commit()
    parts = PlanParts(PARTS.clock, ResultCache())
    prepared = schedule_proposals.prepare(session, SYSTEM, parts, Weights())
    solution = schedule_proposals.find_solution(prepared.problem, LIMITS)
    return schedule_proposals.keep(session, prepared, solution, LIMITS)


def plan_outside(
    session: Session,
    house: House,
    code: str,
    **values: Any,  # noqa: ANN401 - whatever is told of the package
) -> WorkPackage:
    place = {"wing": house.west, "wing_id": house.west.id}
    return add_package(session, house.building, code, **LATER | place | values)


def open_wall(
    session: Session,
    house: House,
    **values: Any,  # noqa: ANN401 - whatever is told of the part
) -> None:
    renovation = add_renovation(session, house.building, certainty="certain")
    add_part(session, renovation, wing_id=house.west.id, **values)


def show(session: Session, kept: KeptProposal) -> ProposalPage:
    parts = PlanParts(PARTS.clock, ResultCache())
    return schedule_lines.show_proposal(session, SYSTEM, kept, parts)


def starts(kept: KeptProposal) -> dict[str, date]:
    return {move.package: move.to_start for move in kept.proposal.moves}


def test_work_moves_into_the_open_wall_one_package_of_a_crew_after_the_other(
    session: Session, house: House
) -> None:
    crew = add_crew(session)
    open_wall(session, house)
    for code in ("P1", "P2"):
        plan_outside(session, house, code, crew_id=crew.id)
    kept = propose(session)
    assert sorted(starts(kept).values()) == [date(2026, 3, 2), date(2026, 3, 9)]
    assert kept.proposal.costs == {"late": 0, "outside": 0, "disturbed": 0, "moved": 10}
    held = max(kept.proposal.moves, key=lambda move: move.to_start)
    assert [str(cause) for cause in held.why] == ["the open wall Meeting rooms"]
    assert held.from_start == LATER["planned_start"]
    assert schedule_proposals.find_proposal(session, SYSTEM, kept.id) == kept
    assert propose(session).id == kept.id


def test_pins_absences_blackouts_permits_and_earliest_days_are_respected(
    session: Session, house: House
) -> None:
    crew = add_crew(session)
    add_absence(session, crew, begins_on=TODAY, ends_on=date(2026, 3, 6))
    add_blackout(session, begins_on=date(2026, 3, 9), ends_on=date(2026, 3, 10))
    open_wall(session, house)
    point = add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    run = add_cable_run(session, None, "R1", access_point=point)
    add_permit(session, house.building, "G1", run, state="applied for", expected=on("2026-04-07"))
    needing = plan_outside(session, house, "NEEDS")
    add_to_package(session, needing, run)
    plan_outside(session, house, "LOUD", crew_id=crew.id, noise_class="loud")
    plan_outside(session, house, "PINNED", is_pinned=True)
    plan_outside(session, house, "AFTER", not_before=date(2026, 5, 4))
    assert starts(propose(session)) == {
        "LOUD": date(2026, 3, 11),
        "NEEDS": date(2026, 4, 7),
        "AFTER": date(2026, 5, 4),
    }


def test_what_is_closed_until_it_is_opened_again_is_left_alone(
    session: Session, house: House
) -> None:
    open_wall(session, house, opens=on("2026-01-12"), closes=on("2026-02-27"))
    renovation = add_renovation(session, house.building, "RH-SAN-2")
    add_part(session, renovation, wing_id=house.west.id, opens=on("2026-06-08"), closes=None)
    plan_outside(session, house, "P1", due=on("2026-03-13"))
    assert starts(propose(session)) == {"P1": date(2026, 6, 8)}


def test_what_nobody_can_date_stays_without_a_date_and_names_what_it_waits_for(
    session: Session, house: House
) -> None:
    milestone = add_milestone(session, building_id=house.building.id)
    add_package(
        session, house.building, "P1", undated_reason="No walls yet", milestone_id=milestone.id
    )
    kept = propose(session)
    assert kept.proposal.moves == ()
    assert kept.proposal.undated == {"P1": ("P1",), "RH-M1": ("P1",)}


def test_where_there_is_no_plan_the_demands_that_collide_are_named(
    session: Session, house: House
) -> None:
    crew = add_crew(session)
    for code in ("P1", "P2"):
        plan_outside(session, house, code, crew_id=crew.id, is_pinned=True)
    with pytest.raises(NoPlan, match="P1 pinned to 2026-07-06"):
        propose(session)


def test_lines_are_accepted_one_by_one_milestones_follow_and_one_undo_takes_all_back(
    session: Session, house: House
) -> None:
    open_wall(session, house)
    milestone = add_milestone(session, building_id=house.building.id)
    feeding = plan_outside(session, house, "P1", milestone_id=milestone.id)
    other, left = (plan_outside(session, house, code) for code in ("P2", "P3"))
    kept = propose(session)

    def expected() -> date | None:
        parts = PlanParts(PARTS.clock, ResultCache())
        found = milestones.show_milestone(session, SYSTEM, "RH-M1", parts).line
        return found.timing.finish

    assert expected() == LATER["planned_finish"]
    context = audit.AuditContext(actor="anna", request_id="accepting")
    audit.set_context(session, context)
    result = schedule_proposals.accept(session, SYSTEM, kept.id, ["P1", "P2"])
    assert [row.label for row in result.changed] == ["P1", "P2"]
    assert expected() == date(2026, 3, 6)
    assert feeding.planned_start == other.planned_start == TODAY
    assert left.planned_start == LATER["planned_start"]

    audit.set_context(session, audit.AuditContext("anna"))
    undo.undo_request(session, SYSTEM, context.request_id)
    again = packages.find_package(session, SYSTEM, "P1")
    assert (again.planned_start, expected()) == tuple(LATER.values())
    page = show(session, kept)
    assert ([line.state for line in page.lines], page.changes) == (["open"] * 3, 0)

    feeding.note = "Nothing that a search reads"
    left.duration_days = 3
    session.commit()
    audit.set_context(session, audit.AuditContext("anna"))
    result = schedule_proposals.accept(session, SYSTEM, kept.id)
    assert [row.label for row in result.changed] == ["P1", "P2"]
    page = show(session, kept)
    assert [line.state for line in page.lines] == ["taken over"] * 2 + ["changed"]
    assert page.changes == 2


def test_a_line_whose_package_has_changed_since_is_refused_and_the_others_go_on(
    session: Session, house: House
) -> None:
    open_wall(session, house)
    stale, fresh = (plan_outside(session, house, code) for code in ("P1", "P2"))
    kept = propose(session)
    stale.noise_class = "quiet"
    session.commit()
    result = schedule_proposals.accept(session, SYSTEM, kept.id)
    assert [row.label for row in result.changed] == ["P2"]
    assert [row.label for row in result.refused] == ["P1"]
    assert stale.planned_start == LATER["planned_start"]
    assert fresh.planned_start == TODAY
    again = schedule_proposals.accept(session, SYSTEM, kept.id)
    assert not again.changed


def test_only_whoever_plans_all_of_the_city_proposes_and_unknown_lines_are_refused(
    session: Session, house: House
) -> None:
    plan_outside(session, house, "P1")
    kept = propose(session)
    for actor in (make_actor("viewer"), make_actor("planner", house.building.id)):
        with pytest.raises((NotAllowed, NotFound)):
            schedule_proposals.accept(session, actor, kept.id)
    with pytest.raises(NotFound):
        schedule_proposals.find_proposal(session, SYSTEM, "0" * 64)
    with pytest.raises(InvalidInput):
        schedule_proposals.accept(session, SYSTEM, kept.id, ["P9"])
