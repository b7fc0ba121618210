"""How good plans are, and how long they take: wings of a city, and all plans of tiny problems."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import Result
from tests.benchmarks.wings import make_wings
from tests.unit.scheduling.test_exhaustive import check_against_all_plans
from wlantrack.scheduling.outcome import Status
from wlantrack.scheduling.reasons import find_reasons
from wlantrack.scheduling.solver import solve
from wlantrack.scheduling.verify import verify

if TYPE_CHECKING:
    from tests.benchmarks.measuring import Benchmark
    from wlantrack.scheduling.outcome import Solution
    from wlantrack.scheduling.problem import Problem

SEEDS = (1, 2, 3)
TINY = 300


def plan_twelve_wings(*, quick: bool) -> list[Result]:
    rows = []
    for seed in SEEDS[:1] if quick else SEEDS:
        problem = make_wings(12, seed)
        solution = solve(problem, limit_s=10, seed=1)
        is_proved = solution.status is Status.OPTIMAL and _is_sound(problem, solution)
        name = f"12 wings, 108 packages, made up from {seed}"
        rows += [
            Result(f"{name}: proved to be best", solution.seconds, "s", bar="<= 10 s",
                   is_met=is_proved and solution.seconds <= 10),
            _rate(name, solution, 25),
        ]  # fmt: skip
    return rows


def plan_forty_wings(*, quick: bool) -> list[Result]:
    rows = []
    for seed in SEEDS[:1] if quick else SEEDS:
        problem = make_wings(40, seed)
        begin = time.perf_counter()
        at_once = solve(problem, limit_s=0, seed=1)
        at_once_s = time.perf_counter() - begin
        solution = solve(problem, limit_s=20, seed=1)
        begin = time.perf_counter()
        find_reasons(problem, solution.plan)
        reasons_s = time.perf_counter() - begin
        name = f"40 wings, 360 packages, made up from {seed}"
        rows += [
            Result(f"{name}: at once", at_once_s, "s", bar="sound",
                   is_met=_is_sound(problem, at_once)),
            _rate(name, solution, 12),
            Result(f"{name}: search", solution.seconds, "s", bar="<= 20 s, sound",
                   is_met=_is_sound(problem, solution) and solution.seconds <= 20),
            Result(f"{name}: reasons", reasons_s, "s"),
        ]  # fmt: skip
    return rows


def try_all_plans(*, quick: bool) -> list[Result]:
    count = TINY // 10 if quick else TINY
    begin = time.perf_counter()
    for number in range(count):
        check_against_all_plans(number)
    seconds = time.perf_counter() - begin
    return [
        Result(f"{count} tiny problems, all plans tried", seconds, "s", bar="none is cheaper",
               is_met=True),
    ]  # fmt: skip


def _is_sound(problem: Problem, solution: Solution) -> bool:
    return not verify(problem, solution.plan)


def _rate(name: str, solution: Solution, percent: int) -> Result:
    saved = 100 * solution.improvement
    work = f"{name}: cheaper than at once"
    return Result(work, saved, "%", bar=f">= {percent} %", is_met=saved >= percent)


BENCHMARKS: tuple[Benchmark, ...] = (plan_twelve_wings, plan_forty_wings, try_all_plans)
