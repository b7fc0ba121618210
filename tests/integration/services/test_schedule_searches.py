"""Searches as the database knows them: watched, cancelled, given up, one at a time, kept."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.people import make_actor
from tests.factories.rollout import (
    add_blackout,
    add_crew,
    add_package,
    add_part,
    add_renovation,
    on,
)
from tests.factories.schedules import NOON, add_search, make_proposal
from wlantrack.errors import Conflict, InvalidInput, NotAllowed
from wlantrack.scheduling.infeasible import NoPlan
from wlantrack.scheduling.parts import Weights
from wlantrack.services import package_edits, schedule_history, schedule_proposals, schedule_weights
from wlantrack.services.actor import SYSTEM
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache, stamp
from wlantrack.services.schedule_findings import SearchLimits
from wlantrack.services.schedule_history import SearchFilter
from wlantrack.services.schedule_process import start_search
from wlantrack.services.schedule_searches import run_search
from wlantrack.settings import Settings
from wlantrack.store import audit

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.schedule_history import Search
    from wlantrack.store.session import Database

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = {"planned_start": date(2026, 7, 6), "planned_finish": date(2026, 7, 10)}
LONG_AFTER = NOON + timedelta(days=9)
MANAGER = make_actor("manager")
EVERY = SearchFilter()


def parts() -> PlanParts:
    return PlanParts(Clock(TODAY, "DE-BW"), ResultCache())


def plan_before_a_window(session: Session, house: House, *codes: str) -> None:
    place = {"wing": house.west, "wing_id": house.west.id}
    renovation = add_renovation(session, house.building, certainty="certain")
    add_part(session, renovation, wing_id=house.west.id)
    for code in codes:
        add_package(session, house.building, code, **LATER | place)
    session.commit()


def ask(session: Session, limit_s: float = 0, now: datetime | None = None) -> Search:
    limits = SearchLimits(limit_s, 7)
    return schedule_history.ask(session, MANAGER, limits, now or datetime.now(UTC))


def list_seeds(session: Session, page: Page, **narrow: Any) -> list[int]:  # noqa: ANN401 - any field
    found = SearchFilter(**narrow)
    rows, total = schedule_history.list_searches(session, MANAGER, found, page, LONG_AFTER)
    assert total == len(rows)
    return [row.limits.seed for row in rows]


def test_the_history_is_narrowed_and_sorted_and_what_has_died_counts_as_failed(
    session: Session,
) -> None:
    for seed, (state, asked_by) in enumerate(
        [("found", "anna"), ("failed", "bert"), ("running", "anna")], 1
    ):
        row = add_search(session, make_proposal() if state == "found" else None, state)
        row.seed, row.asked_by, row.cost = seed, asked_by, 30 - seed
        row.asked_at = NOON + timedelta(days=seed)
    session.commit()
    assert list_seeds(session, Page("latest")) == [3, 2, 1]
    assert list_seeds(session, Page("asked")) == [1, 2, 3]
    assert list_seeds(session, Page("cost")) == [3, 2, 1]
    assert list_seeds(session, Page("cost", is_descending=True)) == [1, 2, 3]
    assert list_seeds(session, Page("state")) == [2, 3, 1]
    assert list_seeds(session, Page(), state="failed") == [3, 2]
    assert list_seeds(session, Page(), state="running") == []
    assert list_seeds(session, Page(), asked_by="anna") == [3, 1]
    since = NOON + timedelta(days=2)
    assert list_seeds(session, Page(), since=since) == [3, 2]
    assert list_seeds(session, Page(), until=since) == [1]
    assert schedule_history.list_askers(session, MANAGER) == ["anna", "bert"]
    assert schedule_history.find_running(session, MANAGER, LONG_AFTER) is None
    assert schedule_history.find_running(session, MANAGER, NOON) is not None


def find(database: Database, search: Search, now: datetime | None = None) -> Search:
    with database.reading() as session:
        return schedule_history.find_search(
            session, MANAGER, str(search.public_id), now or datetime.now(UTC)
        )


def test_a_search_is_kept_with_who_asked_what_it_found_and_what_was_taken_over(
    database: Database, session: Session, house: House
) -> None:
    plan_before_a_window(session, house, "P1", "P2")
    search = ask(session)
    with database.reading() as other:
        before = stamp(other)
    kept = run_search(database, search, parts(), SYSTEM.audit())
    done = find(database, search)
    assert (done.state, done.asked_by, done.move_count) == ("found", MANAGER.name, 2)
    assert (done.limits, done.text_sha256) == (SearchLimits(0, 7), kept.id)
    assert (done.cost, done.today_cost) == (10, 20)
    assert stamp(session) == before  # searching changes nothing of the data
    ref = str(search.public_id)
    schedule_proposals.accept(session, MANAGER, ref, ["P1"])
    assert schedule_history.list_accepted(session, MANAGER, kept.id).keys() == {"P1"}
    assert schedule_history.count_changes(session, kept.id, kept.proposal) == 0
    ((line,), total) = schedule_history.list_searches(session, MANAGER, EVERY, Page(), NOW)
    assert (total, line.taken_count) == (1, 1)
    move = next(move for move in kept.proposal.moves if move.package == "P1")
    moved = package_edits.find_editable(session, SYSTEM, "P1")
    back, there = (move.from_start, move.from_finish), (move.to_start, move.to_finish)
    for days, count in ((back, 0), (there, 1)):  # as an undo does, and its undo
        moved.planned_start, moved.planned_finish = days
        audit.set_context(session, audit.AuditContext("anna"))
        session.commit()
        ((line,), _) = schedule_history.list_searches(session, MANAGER, EVERY, Page(), NOW)
        assert line.taken_count == count
    audit.set_context(session, audit.AuditContext("anna"))
    add_package(session, house.building, "P3")
    session.commit()
    assert schedule_history.count_changes(session, kept.id, kept.proposal) == 1


def test_a_proposal_tells_today_beside_it_and_reasons_as_messages_in_any_language(
    database: Database, session: Session, house: House
) -> None:
    plan_before_a_window(session, house, "P1")
    kept = run_search(database, ask(session), parts(), SYSTEM.audit())
    again = schedule_proposals.find_proposal(session, MANAGER, kept.id)
    assert again == kept
    (move,) = again.proposal.moves
    assert (move.gains, move.gain, move.place) == ({"outside": 10, "moved": -5}, 5, "RH/WE")
    assert [(cause.text, cause.values) for cause in move.why] == [
        ("the open wall %(name)s", {"name": "Meeting rooms"})
    ]
    assert move.inside == "Meeting rooms"
    assert again.proposal.today_breaks == ()
    assert again.proposal.today_costs["outside"] == 10


def test_todays_plan_is_told_which_rules_it_breaks(
    database: Database, session: Session, house: House
) -> None:
    quiet = {"begins_on": date(2026, 7, 8), "ends_on": date(2026, 7, 8), "name": "Session"}
    add_blackout(session, **quiet)
    add_package(session, house.building, "P1", noise_class="loud", duration_days=5, **LATER)
    spare = {"planned_start": date(2026, 7, 6), "planned_finish": date(2026, 7, 31)}
    add_package(session, house.building, "P2", duration_days=5, **spare)
    session.commit()
    kept = run_search(database, ask(session), parts(), SYSTEM.audit())
    assert {str(sentence) for sentence in kept.proposal.today_breaks} == {
        "P1 has fewer working days than it takes.",
        "P1 lies in the blackout Session.",
    }
    assert kept.proposal.moves[0].breaks == kept.proposal.today_breaks


def test_demands_that_collide_are_kept_with_what_to_relax(
    database: Database, session: Session, house: House
) -> None:
    add_package(session, house.building, "P1", is_pinned=True, not_before=date(2026, 9, 1), **LATER)
    session.commit()
    search = ask(session)
    with pytest.raises(NoPlan):
        run_search(database, search, parts(), SYSTEM.audit())
    assert find(database, search).state == "infeasible"
    kept = schedule_proposals.find_proposal(session, MANAGER, str(search.public_id))
    said = {str(demand.what): str(demand.remedy) for demand in kept.proposal.conflict}
    assert said["P1 pinned to 2026-07-06"] == "Release the pin, or pin it to another day."
    assert "P1 not before 2026-09-01" in said


def test_one_search_runs_at_a_time_and_one_that_has_died_is_told_as_failed(
    database: Database, session: Session
) -> None:
    first = ask(session, now=NOW)
    with pytest.raises(Conflict, match=MANAGER.name):
        ask(session, now=NOW + timedelta(seconds=40))
    dead_by = NOW + timedelta(seconds=50)
    assert find(database, first, NOW).state == "running"
    told = find(database, first, dead_by)
    assert (told.state, told.fault) == ("failed", schedule_history.DIED)
    with pytest.raises(Conflict, match="over"):
        schedule_history.cancel(session, MANAGER, str(first.public_id), dead_by)
    assert ask(session, now=dead_by).is_running
    assert find(database, first, NOW).state == "failed"


def test_two_who_ask_at_the_same_moment_get_one_search(session: Session) -> None:
    add_search(session, None, "running")
    with pytest.raises(Conflict, match="at the same moment"):
        add_search(session, None, "running")


def test_what_breaks_off_is_entered_as_failed(database: Database, session: Session) -> None:
    search = ask(session)
    with pytest.raises(AttributeError):
        run_search(database, search, None, SYSTEM.audit())  # type: ignore[arg-type] # a fault of ours
    done = find(database, search)
    assert (done.state, done.fault) == ("failed", schedule_history.DIED)


def plan_too_much(session: Session, house: House) -> None:
    """Give one crew so much, so urgent, that nobody proves a best order within a minute."""
    crew = add_crew(session)
    for number in range(40):
        days, due = 2 + number * 7 % 9, TODAY + timedelta(days=5 + number * 11 % 90)
        values = {"crew_id": crew.id, "duration_days": days, "priority": 1 + number % 5}
        add_package(
            session, house.building, f"P{number}", due=on(due.isoformat()), **LATER | values
        )
    session.commit()


def test_what_is_cancelled_keeps_the_best_plan_so_far(
    database: Database, session: Session, house: House
) -> None:
    plan_too_much(session, house)
    search = ask(session, limit_s=60)

    def stop() -> None:
        with database.writing(MANAGER.audit()) as other:
            ref = str(search.public_id)
            schedule_history.cancel(other, MANAGER, ref, datetime.now(UTC))

    timer, begin = threading.Timer(0.6, stop), time.monotonic()
    timer.start()
    kept = run_search(database, search, parts(), SYSTEM.audit())
    timer.join()
    assert find(database, search).state == "cancelled"
    assert time.monotonic() - begin < 20
    assert kept.proposal.moves
    assert not kept.proposal.is_repeatable


def test_a_search_whose_process_is_killed_is_told_as_failed_at_once(
    database: Database, database_url: str, session: Session, tmp_path: Path
) -> None:
    search, settings = ask(session), Settings(database_url=database_url, data_dir=tmp_path)
    process = start_search(database, settings, search.public_id, MANAGER.audit())
    process.kill()
    deadline = time.monotonic() + 20
    while find(database, search).is_running and time.monotonic() < deadline:
        time.sleep(0.05)
    done = find(database, search)
    assert (done.state, done.fault) == ("failed", schedule_history.DIED)
    assert ask(session).is_running  # the next one may begin


def test_limits_are_checked_and_only_whoever_plans_the_whole_city_searches(
    session: Session, house: House
) -> None:
    for limits in (
        SearchLimits(-1),
        SearchLimits(601),
        SearchLimits(1, -1),
        SearchLimits(1, 2**31),
    ):
        with pytest.raises(InvalidInput):
            schedule_history.ask(session, MANAGER, limits, NOW)
    for actor in (make_actor("viewer"), make_actor("manager", house.building.id)):
        with pytest.raises(NotAllowed):
            schedule_history.ask(session, actor, SearchLimits(), NOW)
        with pytest.raises(NotAllowed):
            schedule_history.list_searches(session, actor, EVERY, Page(), NOW)


def test_weights_are_set_by_managers_against_a_version_and_used_by_the_next_search(
    session: Session,
) -> None:
    assert schedule_weights.find_weights(session) == Weights()
    wanted = Weights(1, 2, 3, 0)
    schedule_weights.set_weights(session, MANAGER, wanted, 0)
    assert ask(session).weights == wanted
    record = schedule_weights.find_record(session, MANAGER)
    with pytest.raises(Conflict):
        schedule_weights.set_weights(session, MANAGER, Weights(), record.version - 1)
    for weights in (Weights(-1), Weights(0, 0, 0, 0), Weights(1001)):
        with pytest.raises(InvalidInput):
            schedule_weights.set_weights(session, MANAGER, weights, record.version)
    with pytest.raises(NotAllowed):
        schedule_weights.set_weights(session, make_actor("planner"), Weights(), record.version)
