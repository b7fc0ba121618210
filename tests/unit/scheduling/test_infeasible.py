from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.scheduling.random_problems import make_problem
from wlantrack.scheduling.causes import Cause, CauseKind, relax
from wlantrack.scheduling.infeasible import NoPlan, find_conflict, list_hard
from wlantrack.scheduling.parts import ClosedWall, Crew, Link, Package
from wlantrack.scheduling.problem import Problem
from wlantrack.scheduling.solver import solve

MONDAY = date(2026, 6, 1)
FRIDAY = date(2026, 6, 5)
FITTERS = Cause(CauseKind.CREW, key="fitters")


def work(key: str, **attributes: object) -> Package:
    return replace(Package(key, duration_days=3, demands={"fitters": 1}), **attributes)  # type: ignore[arg-type]


def conflict_of(problem: Problem) -> set[Cause]:
    with pytest.raises(NoPlan) as refused:
        solve(problem, limit_s=2, seed=1)
    return {*refused.value.causes}


def test_two_deadlines_and_one_crew_are_named_and_nothing_else() -> None:
    packages = (
        work("drill", deadline_on=FRIDAY),
        work("pull", deadline_on=FRIDAY),
        work("mount", deadline_on=date(2026, 6, 30), release_on=FRIDAY),
    )
    problem = Problem(MONDAY, packages, (Link("pull", "mount"),), (Crew("fitters"),))

    assert conflict_of(problem) == {
        FITTERS,
        Cause(CauseKind.DEADLINE, "drill"),
        Cause(CauseKind.DEADLINE, "pull"),
    }


def test_a_pin_before_the_end_of_what_it_waits_for_is_named_in_words() -> None:
    packages = (work("drill"), work("pull", label="Pull cables", pinned_on=FRIDAY))
    links = (Link("drill", "pull", lag_days=2),)
    problem = Problem(MONDAY, packages, links, (Crew("fitters"),))

    with pytest.raises(NoPlan) as refused:
        solve(problem, limit_s=2, seed=1)

    assert str(refused.value) == (
        "These cannot all hold: Pull cables waiting for drill, Pull cables pinned to 2026-06-05. "
        "Give up one of them."
    )


def test_more_people_than_there_are_is_the_crews_fault() -> None:
    problem = Problem(MONDAY, (work("drill", demands={"fitters": 3}),), crews=(Crew("fitters", 2),))

    assert conflict_of(problem) == {FITTERS}


def test_a_wall_that_never_opens_again_is_named() -> None:
    wall = ClosedWall("plaster", MONDAY)
    problem = Problem(
        MONDAY, (work("pull", is_in_wall=True),), crews=(Crew("fitters"),), closed_walls=(wall,)
    )

    assert conflict_of(problem) == {Cause(CauseKind.WALL, key="plaster")}


def keep_only(problem: Problem, causes: set[Cause]) -> Problem:
    return relax(problem, {*list_hard(problem)} - causes)


def test_without_any_one_of_its_causes_a_conflict_is_gone() -> None:
    conflicts = [(problem, {*find_conflict(problem)}) for problem in map(make_problem, range(100))]
    found = [(problem, causes) for problem, causes in conflicts if causes]

    assert len(found) >= 5
    for problem, causes in found:
        assert find_conflict(keep_only(problem, causes))
        for cause in causes:
            assert not find_conflict(keep_only(problem, causes - {cause}))
