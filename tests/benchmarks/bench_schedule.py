"""How good plans are, and how long they take: wings of a city, and all plans of tiny problems."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import Result
from tests.benchmarks.wings import make_wings
from tests.unit.scheduling.test_exhaustive import check_against_all_plans
from wlantrack.scheduling.heuristic import find_draft
from wlantrack.scheduling.instance import build_instance
from wlantrack.scheduling.outcome import Status
from wlantrack.scheduling.reasons import find_reasons
from wlantrack.scheduling.solver import solve
from wlantrack.scheduling.verify import verify

if TYPE_CHECKING:
    from tests.benchmarks.measuring import Benchmark

SEEDS = (1, 2, 3)
TINY = 300
PROVED_WINGS = 12


def plan_twelve_wings(*, quick: bool) -> list[Result]:
    return [row for seed in _pick(quick=quick) for row in _measure(12, seed, 10, 25)]


def plan_forty_wings(*, quick: bool) -> list[Result]:
    return [row for seed in _pick(quick=quick) for row in _measure(40, seed, 20, 12)]


def _pick(*, quick: bool) -> tuple[int, ...]:
    return SEEDS[:1] if quick else SEEDS


def _measure(wings: int, seed: int, limit_s: int, percent: int) -> list[Result]:
    """Compare a search with the plan of priority rules and justification, which is there at once."""
    problem = make_wings(wings, seed)
    begin = time.perf_counter()
    draft = find_draft(build_instance(problem), seed=1, placings=0)
    at_once_s = time.perf_counter() - begin
    solution = solve(problem, limit_s, seed=1)
    begin = time.perf_counter()
    find_reasons(problem, solution.plan)
    reasons_s = time.perf_counter() - begin
    saved = 0.0 if draft is None else 100 * (1 - solution.cost / draft.cost)
    is_sound = not verify(problem, solution.plan)
    is_proved = solution.status is Status.OPTIMAL or wings > PROVED_WINGS
    name = f"{wings} wings ({seed})"
    words = f"<= {limit_s} s, sound" + ("" if wings > PROVED_WINGS else ", proved")
    return [
        Result(f"{name}: a plan at once", at_once_s, "s", bar="<= 2 s", is_met=at_once_s <= 2),
        Result(f"{name}: cheaper than that", saved, "%", bar=f">= {percent} %",
               is_met=saved >= percent),
        Result(f"{name}: cheaper than after a second", 100 * solution.improvement, "%"),
        Result(f"{name}: search", solution.seconds, "s", bar=words,
               is_met=is_sound and is_proved and solution.seconds <= limit_s),
        Result(f"{name}: at most so far from the best", 100 * solution.gap, "%"),
        Result(f"{name}: reasons", reasons_s, "s"),
    ]  # fmt: skip


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


BENCHMARKS: tuple[Benchmark, ...] = (plan_twelve_wings, plan_forty_wings, try_all_plans)
