"""The last touch: no package stays later, or dearer, than it must while all others stay.

A solver is content with any of the plans that cost the same. People are not: what could begin
earlier at no cost should, and only then a reason can be given for where a package sits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from wlantrack.scheduling.instance import Instance, Wait


def settle(instance: Instance, chosen: Sequence[int]) -> tuple[int, ...]:
    """Move single packages to where they cost less, or are earlier at the same cost.

    Returns
    -------
    The place of each chosen start, when no single package can be moved any more.
    """
    places = list(chosen)
    free = instance.free.copy()
    links: list[list[Wait]] = [[] for _ in places]
    for wait in instance.waits:
        links[wait.before].append(wait)
        links[wait.after].append(wait)
    for number, place in enumerate(places):
        _use(instance, free, number, place, -1)
    has_moved = True
    while has_moved:
        has_moved = False
        order = sorted(
            range(len(places)), key=lambda n: (int(instance.choices[n].starts[places[n]]), n)
        )
        for number in order:
            _use(instance, free, number, places[number], 1)
            best = _find_best(instance, free, links[number], number, places)
            _use(instance, free, number, best, -1)
            has_moved |= best != places[number]
            places[number] = best
    return tuple(places)


def _use(
    instance: Instance, free: npt.NDArray[np.int64], number: int, place: int, sign: int
) -> None:
    held = instance.choices[number]
    for crew, amount in instance.demands[number]:
        free[crew, held.starts[place] : held.ends[place]] += sign * amount


def _find_best(
    instance: Instance,
    free: npt.NDArray[np.int64],
    links: Sequence[Wait],
    number: int,
    places: Sequence[int],
) -> int:
    """Give the first of the cheapest places that links and crews leave to a package."""
    held, now = instance.choices[number], places[number]
    low, high = 0, len(held.starts)
    for wait in links:
        other = wait.before if wait.after == number else wait.after
        kept = instance.choices[other]
        if wait.after == number:
            instants = held.ends if wait.is_to_finish else held.starts
            bound = (kept.ends if wait.is_from_finish else kept.starts)[places[other]] + wait.lag
            low = max(low, int(np.searchsorted(instants, bound)))
        else:
            instants = held.ends if wait.is_from_finish else held.starts
            bound = (kept.ends if wait.is_to_finish else kept.starts)[places[other]] - wait.lag
            high = min(high, int(np.searchsorted(instants, bound, side="right")))
    cost = held.cost[low:high]
    better = low + np.flatnonzero(cost <= held.cost[now])
    better = better[(held.cost[better] < held.cost[now]) | (better < now)]
    ordered: list[int] = better[np.argsort(held.cost[better], kind="stable")].tolist()
    for place in ordered:
        if has_time(instance, free, number, place):
            return place
    return now


def has_time(instance: Instance, free: npt.NDArray[np.int64], number: int, place: int) -> bool:
    """Tell whether all crews that a package needs have time for one of its places."""
    held = instance.choices[number]
    return all(
        bool((free[crew, held.starts[place] : held.ends[place]] >= amount).all())
        for crew, amount in instance.demands[number]
    )
