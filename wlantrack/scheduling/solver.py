"""From a problem to a plan: the heuristic's at once, then improved until a limit.

Decides what counts as one answer: a search stops at a limit of *work* (OR-Tools' deterministic
time), so that a seed gives the same plan on every run. The clock is only a second limit, and a plan
that it cut off says so.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.scheduling.heuristic import find_draft
from wlantrack.scheduling.infeasible import refuse
from wlantrack.scheduling.instance import build_instance, tighten
from wlantrack.scheduling.outcome import Costs, Found, Progress, Solution, Status
from wlantrack.scheduling.settling import settle

if TYPE_CHECKING:
    from wlantrack.scheduling.builder import Draft
    from wlantrack.scheduling.instance import Instance
    from wlantrack.scheduling.problem import Problem

LEAST_S = 0.1
"""However little time is left, the search gets this much."""


def solve(
    problem: Problem, limit_s: float, seed: int, progress: Progress | None = None
) -> Solution:
    """Give the best plan that is found within a limit.

    Parameters
    ----------
    limit_s
        Seconds for which to search, on two cores; 0 gives the heuristic's plan.
    seed
        The same seed gives the same plan, if :attr:`Solution.is_repeatable`.

    Raises
    ------
    NoPlan
        No plan respects everything that is demanded; its ``causes`` cannot all hold.
    """
    begin = time.perf_counter()
    instance = build_instance(problem)
    if not instance.has_choices:
        raise refuse(problem)
    progress = progress or Progress()
    draft = find_draft(instance, seed)
    if draft is not None:
        progress.report(draft.cost, instance.least_cost)
    found = _improve(instance, draft, limit_s, seed, progress)
    if found.chosen is None:
        raise refuse(problem)
    settled = settle(instance, found.chosen)
    return _conclude(instance, draft, found, settled, time.perf_counter() - begin)


def _improve(
    instance: Instance, draft: Draft | None, limit_s: float, seed: int, progress: Progress
) -> Found:
    """Search on from a draft, or from nothing where the heuristic has found none."""
    if draft is not None:
        least = instance.least_cost
        if limit_s <= 0 or draft.cost == least:
            is_best = draft.cost == least
            return Found(
                draft.chosen, least, is_optimal=is_best, is_infeasible=False, is_repeatable=True
            )
    from wlantrack.scheduling.search import search  # noqa: PLC0415 - OR-Tools takes half a second

    narrow = instance if draft is None else _narrow(instance, draft)
    hint = None if draft is None else _translate(instance, narrow, draft.chosen)
    found = search(narrow, hint, max(limit_s, LEAST_S), seed, progress)
    chosen = found.chosen
    if chosen is None and draft is not None:
        chosen = draft.chosen
    elif chosen is not None:
        chosen = _translate(narrow, instance, chosen)
    return Found(chosen, found.bound, found.is_optimal, found.is_infeasible, found.is_repeatable)


def _narrow(instance: Instance, draft: Draft) -> Instance:
    """Leave out ends that would cost more than the draft, whatever the others did."""
    spare = draft.cost - instance.least_cost
    most = []
    for held, place in zip(instance.choices, draft.chosen, strict=True):
        worth = held.cost - held.cost.min() <= spare
        worth[place] = True
        most.append(int(held.ends[worth][-1]))
    return tighten(instance, most)


def _translate(source: Instance, target: Instance, chosen: tuple[int, ...]) -> tuple[int, ...]:
    """Give the places of the same starts among the choices of another instance."""
    return tuple(
        int(np.searchsorted(after.starts, before.starts[place]))
        for before, after, place in zip(source.choices, target.choices, chosen, strict=True)
    )


def _conclude(
    instance: Instance, draft: Draft | None, found: Found, chosen: tuple[int, ...], seconds: float
) -> Solution:
    cost = instance.cost_of(chosen)
    bound = min(max(found.bound, instance.least_cost), cost)
    if cost == bound:
        status = Status.OPTIMAL
    elif draft is None or cost < draft.cost:
        status = Status.IMPROVED
    else:
        status = Status.HEURISTIC
    return Solution(
        status,
        instance.place(chosen),
        instance.problem.undated,
        list_costs(instance, chosen),
        None if draft is None else draft.cost,
        bound,
        seconds,
        found.is_repeatable,
    )


def list_costs(instance: Instance, chosen: tuple[int, ...]) -> dict[str, Costs]:
    """Give what each package of a plan costs."""
    return {
        key: Costs(
            int(held.late[place]),
            int(held.outside[place]),
            int(held.disturbed[place]),
            int(held.moved[place]),
        )
        for key, held, place in zip(instance.keys, instance.choices, chosen, strict=True)
    }
