"""The solver against all plans there are; 300 of them with ``tests.benchmarks --only schedule``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.scheduling.oracle import Oracle
from tests.unit.scheduling.random_problems import make_problem
from wlantrack.errors import Infeasible
from wlantrack.scheduling.frozen import build_axis, find_frozen, place_frozen
from wlantrack.scheduling.outcome import Plan, Status
from wlantrack.scheduling.solver import solve
from wlantrack.scheduling.verify import verify

if TYPE_CHECKING:
    from wlantrack.scheduling.problem import Problem


def keep_frozen(problem: Problem) -> Plan:
    axis = build_axis(problem)
    return {
        key: place_frozen(problem.by_key[key], axis, *instants)
        for key, instants in find_frozen(problem, axis).items()
    }


def check_against_all_plans(number: int) -> bool:
    """Tell whether there is a plan, after comparing what is found with all there are."""
    problem = make_problem(number)
    least = Oracle(problem).find_least(keep_frozen(problem))
    if least is None:
        with pytest.raises(Infeasible):
            solve(problem, limit_s=10, seed=1)
        return False
    solution = solve(problem, limit_s=10, seed=1)
    assert verify(problem, solution.plan) == []
    assert (solution.status, solution.cost, solution.bound) == (Status.OPTIMAL, least, least)
    return True


def test_no_plan_is_cheaper_than_the_one_that_is_found() -> None:
    assert sum(check_against_all_plans(number) for number in range(60)) >= 45
