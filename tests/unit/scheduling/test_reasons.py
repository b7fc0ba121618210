"""A cause is true if the package can move without it, and cannot with it: tried on plain days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.unit.scheduling.oracle import Oracle
from tests.unit.scheduling.random_problems import make_problem
from wlantrack.errors import Infeasible
from wlantrack.scheduling.causes import Cause, CauseKind, name_cause, relax
from wlantrack.scheduling.parts import Blackout, Crew, Link, Noise, Package, Window
from wlantrack.scheduling.problem import Problem
from wlantrack.scheduling.reasons import find_reasons
from wlantrack.scheduling.solver import solve
from wlantrack.scheduling.verify import verify

if TYPE_CHECKING:
    from wlantrack.scheduling.outcome import Placement, Plan

MONDAY = date(2026, 6, 1)


def list_better(problem: Problem, plan: Plan, key: str) -> set[Placement]:
    """Give every place that is cheaper, or as cheap and earlier, while all others stay."""
    oracle, package = Oracle(problem), problem.by_key[key]
    now = (oracle.cost_of(package, plan[key]), plan[key].starts_on)
    return {
        placement
        for cost, placement in oracle.list_options(package)
        if (cost, placement.starts_on) < now
        if not verify(problem, plan | {key: placement})
    }


def check_reasons(number: int) -> set[CauseKind]:
    """Give the kinds of causes that were found, after trying each."""
    problem = make_problem(number)
    try:
        plan = solve(problem, limit_s=10, seed=1).plan
    except Infeasible:
        return set()
    reasons = find_reasons(problem, plan)
    assert reasons.keys() == plan.keys()
    for key in problem.open_keys:
        reason = reasons[key]
        assert not list_better(problem, plan, key)
        if not reason.causes:
            assert reason.could_be is None
            continue
        assert reason.could_be in list_better(relax(problem, reason.causes), plan, key)
        for cause in reason.causes:
            others = {*reason.causes} - {cause}
            assert not list_better(relax(problem, others), plan, key)
            assert str(name_cause(problem, cause))
    return {cause.kind for reason in reasons.values() for cause in reason.causes}


def test_a_package_can_move_without_its_causes_and_with_each_of_them_it_cannot() -> None:
    kinds = [check_reasons(number) for number in range(25)]

    assert len(set.union(*kinds)) >= 8


def reason_of(problem: Problem, key: str) -> tuple[tuple[Cause, ...], tuple[str, ...]]:
    plan = solve(problem, limit_s=5, seed=1).plan
    reason = find_reasons(problem, plan)[key]
    return reason.causes, reason.others


def test_the_crew_names_whom_it_works_for() -> None:
    packages = (
        Package("drill", duration_days=3, demands={"fitters": 1}, due_on=MONDAY, priority=5),
        Package("pull", demands={"fitters": 1}),
    )
    problem = Problem(MONDAY, packages, crews=(Crew("fitters"),))

    assert reason_of(problem, "pull") == ((Cause(CauseKind.CREW, key="fitters"),), ("drill",))
    assert reason_of(problem, "drill") == ((), ())


def test_work_that_waits_for_an_open_wall_says_so() -> None:
    window = Window("hall", date(2026, 7, 1), date(2026, 7, 31))
    problem = Problem(MONDAY, (Package("pull", outside_cost=5),), windows=(window,))

    assert reason_of(problem, "pull") == ((Cause(CauseKind.WINDOW, key="hall"),), ())


def test_two_causes_are_named_where_neither_suffices() -> None:
    links = (Link("permit", "drill"), Link("plan", "drill"))
    packages = (
        Package("permit", duration_days=7, is_waiting=True),
        Package("plan", duration_days=5),
        Package("drill", noise=Noise.LOUD),
    )
    problem = Problem(MONDAY, packages, links)

    causes = (Cause(CauseKind.LINK, "drill", "permit"), Cause(CauseKind.LINK, "drill", "plan"))
    assert reason_of(problem, "drill") == (causes, ())


@pytest.mark.parametrize("pinned_on", [date(2026, 6, 8), None])
def test_a_pin_or_a_blackout_is_named(pinned_on: date | None) -> None:
    blackout = Blackout("council", MONDAY, date(2026, 6, 5))
    problem = Problem(
        MONDAY, (Package("drill", noise=Noise.LOUD, pinned_on=pinned_on),), blackouts=(blackout,)
    )

    causes = [Cause(CauseKind.PIN, "drill")] if pinned_on else []
    assert reason_of(problem, "drill")[0] == (*causes, Cause(CauseKind.BLACKOUT, key="council"))
