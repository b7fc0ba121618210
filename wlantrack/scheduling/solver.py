"""From a problem to a plan: the heuristic's at once, then improved until a limit.

Decides what counts as one answer: a search stops at a limit of *work* (OR-Tools' deterministic
time), so that a seed gives the same plan on every run. The clock is only a second limit, and a plan
that it cut off says so.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from wlantrack.scheduling.heuristic import PLACINGS, Draft, Search
from wlantrack.scheduling.infeasible import refuse
from wlantrack.scheduling.instance import build_instance, tighten
from wlantrack.scheduling.outcome import Costs, Found, Progress, Solution, Status
from wlantrack.scheduling.settling import settle

if TYPE_CHECKING:
    from wlantrack.scheduling.choices import Choices
    from wlantrack.scheduling.instance import Instance
    from wlantrack.scheduling.problem import Problem

LEAST_S: Final = 0.1
"""However little time is left, the search gets this much."""

ROUNDS: Final = ((0.2, False), (0.3, True), (0.4, False))
"""Shares of the limit, and whether one search alone uses them to ask for a better plan.

Before each the heuristic goes on from what there is. Most plans are proved in the first. To ask for
a better plan only is a tighter problem, with which one search is done where three that take turns
are not: j605_1 of PSPLIB is refuted in three seconds so, and else not in twelve.
"""

PLACINGS_PER_S: Final = 200_000
"""What the heuristic may do for each second of the limit: a third of it, on one core."""


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
    draft, found = _search(instance, limit_s, seed, progress or Progress())
    if found.chosen is None:
        raise refuse(problem)
    settled = settle(instance, found.chosen)
    return _conclude(instance, draft, found, settled, time.perf_counter() - begin)


def _search(
    instance: Instance, limit_s: float, seed: int, progress: Progress
) -> tuple[Draft | None, Found]:
    """Give the plan that was there at once, and what was found in all."""
    if not instance.keys:
        return Draft(0, ()), Found((), 0)
    heuristic = Search(instance, seed)
    draft = heuristic.run(PLACINGS)
    if draft is None:
        return None, _solve(instance, None, max(limit_s, LEAST_S), seed, progress)
    progress.report(draft.cost, heuristic.least)
    best, is_repeatable = draft, True
    for share, is_alone in ROUNDS if limit_s > 0 else ():
        best = heuristic.run(int(share * limit_s * PLACINGS_PER_S), progress.stop) or best
        if best.cost <= heuristic.least:
            break
        seconds = max(share * limit_s, LEAST_S)
        if is_alone:
            found = _ask_for_better(instance, best, seconds, seed, progress)
        else:
            found = _solve(instance, best, seconds, seed, progress)
        best = heuristic.learn(found) or best
        is_repeatable &= found.is_repeatable
    return draft, Found(best.chosen, heuristic.least, is_repeatable)


def _solve(
    instance: Instance, draft: Draft | None, limit_s: float, seed: int, progress: Progress
) -> Found:
    """Search on from a draft, or from nothing where the heuristic has found none."""
    from wlantrack.scheduling.search import search  # noqa: PLC0415 - OR-Tools takes half a second

    if draft is None:
        return search(instance, None, limit_s, seed, progress)
    narrow = _narrow(instance, draft)
    hint = _translate(instance, narrow, draft.chosen)
    found = search(narrow, hint, limit_s, seed, progress)
    if found.chosen is None:
        return found
    return replace(found, chosen=_translate(narrow, instance, found.chosen))


def _ask_for_better(
    instance: Instance, draft: Draft, limit_s: float, seed: int, progress: Progress
) -> Found:
    """Search only among ends that leave room for a plan that costs less than a draft."""
    from wlantrack.scheduling.search import search  # noqa: PLC0415 - OR-Tools takes half a second

    spare = draft.cost - 1 - instance.least_cost
    narrow = tighten(instance, [_find_last(held, spare) for held in instance.choices])
    if not narrow.has_choices:
        return Found(None, draft.cost)
    found = search(narrow, None, limit_s, seed, progress, is_alone=True)
    bound = min(found.bound, draft.cost)
    if found.chosen is None:
        return replace(found, bound=bound)
    return replace(found, bound=bound, chosen=_translate(narrow, instance, found.chosen))


def _narrow(instance: Instance, draft: Draft) -> Instance:
    """Leave out ends that would cost more than the draft, whatever the others did."""
    spare = draft.cost - instance.least_cost
    most = [
        max(_find_last(held, spare), int(held.ends[place]))
        for held, place in zip(instance.choices, draft.chosen, strict=True)
    ]
    return tighten(instance, most)


def _find_last(held: Choices, spare: int) -> int:
    """Give the last end of a package that costs no more than it must and something to spare."""
    return int(held.ends[held.cost - held.cost.min() <= spare][-1])


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
