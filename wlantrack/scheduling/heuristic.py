"""A feasible plan at once, the best of many.

Plans under several priority rules, then a population of plans that are crossed; each is pushed to
the right and to the left again (forward-backward improvement). Decides nothing by the clock, so
that a seed has one answer.

Notes
-----
After Hartmann (1998), a competitive genetic algorithm for resource-constrained project scheduling;
Valls, Ballestin, Quintanilla (2005), Justification and RCPSP: a technique that pays; and the
crossing of Debels and Vanhoucke (2007), a decomposition-based genetic algorithm.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from wlantrack.scheduling.placer import Placer, Plans
from wlantrack.scheduling.priorities import count_followers, find_due, find_late_starts, sum_weights

if TYPE_CHECKING:
    import threading

    import numpy.typing as npt

    from wlantrack.scheduling.instance import Instance
    from wlantrack.scheduling.outcome import Found
    from wlantrack.scheduling.placer import Instants, Priorities

PLACINGS: Final = 1_000_000
"""How many times a package is placed before the heuristic ends: about a second."""

PLACINGS_PER_PAIR: Final = 800
"""The most of them for each pair of packages: few of them need less."""

POPULATION: Final = 200
CHILDREN: Final = 256
"""How many plans are kept, and how many are made of them at a time.

Measured on the hard ones of PSPLIB's j60: a smaller population is soon all alike, and with fewer
children at a time each is dearer.
"""

SHAKE_DAYS: Final = 20
"""By how many days latest starts are shaken at most, as a standard deviation."""

SHAKES: Final = 8
"""How many plans there are at first of latest starts that are shaken a little."""


@dataclass(frozen=True)
class Draft:
    """A feasible plan: by number the place of each chosen start, and what it costs."""

    cost: int
    chosen: tuple[int, ...]


class Search:
    """Improves a population of plans until its work is used up."""

    def __init__(self, instance: Instance, seed: int) -> None:
        self.instance = instance
        self.ahead, self.back = Placer(instance), Placer(instance, is_mirrored=True)
        self.dice = np.random.default_rng(seed)
        self.numbers = np.arange(len(instance.keys))
        self.late = np.array(find_late_starts(instance), dtype=np.float64)
        self.due = find_due(instance)
        self.costs = np.zeros((len(self.numbers), self.ahead.width), dtype=np.int64)
        for row, held in zip(self.costs, instance.choices, strict=True):
            row[held.starts] = held.cost
        self.starts: Instants = np.zeros((0, len(self.numbers)), dtype=np.int32)
        self.cost = np.zeros(0, dtype=np.int64)
        self.placings = 0
        self.least = instance.least_cost

    def run(self, placings: int, stop: threading.Event | None = None) -> Draft | None:
        """Give the best plan so far; None where no attempt has found any.

        Parameters
        ----------
        placings
            How many times more a package may be placed.
        stop
            Ends the search early when it is set.
        """
        most = min(self.placings + placings, PLACINGS_PER_PAIR * len(self.numbers) ** 2)
        if not self.placings:
            self._add(self._list_rules())
            if placings:
                self._add(self._shake_late(CHILDREN))
        while self.placings < most and not (stop and stop.is_set()):
            if len(self.cost) and self.cost[0] <= self.least:
                break
            self._add(self._cross())
        return self._read_best()

    def learn(self, found: Found) -> Draft | None:
        """Take in what others have found and shown; give the best plan there is then."""
        self.least = max(self.least, found.bound)
        if found.chosen is not None:
            places = zip(self.instance.choices, found.chosen, strict=True)
            self._select(np.array([[held.starts[place] for held, place in places]], dtype=np.int32))
        return self._read_best()

    def _read_best(self) -> Draft | None:
        if not len(self.cost):
            return None
        places = [
            int(np.searchsorted(held.starts, start))
            for held, start in zip(self.instance.choices, self.starts[0], strict=True)
        ]
        return Draft(int(self.cost[0]), tuple(places))

    def _add(self, priority: Priorities) -> None:
        """Build and improve plans, and keep what is good."""
        plans = _keep(self.ahead.place(priority))
        self.placings += priority.size
        if len(plans.starts):
            self._select(self._improve(plans))

    def _select(self, added: Instants) -> None:
        """Keep the best plans, and one of those that are as dear and as early."""
        starts = np.concatenate([self.starts, added])
        cost = self._price(starts)
        tie = starts.sum(axis=1, dtype=np.int64)
        order = np.lexsort((tie, cost))
        is_new = np.ones(len(order), dtype=np.bool_)
        is_new[1:] = (np.diff(cost[order]) != 0) | (np.diff(tie[order]) != 0)
        best = order[is_new][:POPULATION]
        self.starts, self.cost = starts[best], cost[best]

    def _improve(self, plans: Plans) -> Instants:
        """Push everything to the right, as far as it does no harm, then to the left again."""
        span = plans.ends.max(axis=1, initial=0)
        latest = np.stack([span if due is None else np.full_like(span, due) for due in self.due])
        seen = self.back.mirror(plans)
        floor = self.back.horizon - np.maximum(latest.T, plans.ends)
        pushed = self.back.mirror(self.back.place(seen.starts.astype(np.float64), floor))
        pulled = self.ahead.place(pushed.starts.astype(np.float64))
        self.placings += 2 * plans.ends.size
        before = self._price(plans.starts)
        is_better = pushed.is_whole & pulled.is_whole & (self._price(pulled.starts) <= before)
        return np.where(is_better[:, None], pulled.starts, plans.starts)

    def _price(self, starts: Instants) -> npt.NDArray[np.int64]:
        cost: npt.NDArray[np.int64] = self.costs[self.numbers, starts].sum(axis=1)
        return cost

    def _cross(self) -> Priorities:
        """Take a stretch of one plan's order into the order of another, and shake it a little."""
        shape = (CHILDREN, len(self.numbers))
        if not len(self.starts):
            return self.dice.random(shape)
        ranks = _rank(self.starts)
        mother, father = (ranks[self._pick()] for _ in range(2))
        low, high = np.sort(self.dice.integers(0, shape[1] + 1, (2, CHILDREN, 1)), axis=0)
        around = mother + shape[1] * ((mother >= high) * 1.0 - (mother < low))
        child = np.where((low <= father) & (father < high), father, around)
        reach = 1 + 0.16 * shape[1] * self.dice.random((CHILDREN, 1))
        is_shaken = self.dice.random(shape) < np.where(
            self.dice.random((CHILDREN, 1)) < 0.5, 0.1, 0
        )
        return _rank(child) + np.where(is_shaken, self.dice.uniform(-1, 1, shape) * reach, 0)

    def _pick(self) -> npt.NDArray[np.int64]:
        """Choose the best of three for each child."""
        best: npt.NDArray[np.int64] = np.min(
            self.dice.integers(0, len(self.starts), (3, CHILDREN)), axis=0
        )
        return best

    def _list_rules(self) -> Priorities:
        """Give priorities: by latest start, by what hangs on it, by weight, by today's plan."""
        weights = np.array(sum_weights(self.instance))
        rules = [
            self.late,
            np.array([held.starts[0] for held in self.instance.choices], dtype=np.float64),
            -np.array(count_followers(self.instance)),
            self.late / (1 + weights),
            -weights,
        ]
        return np.concatenate([np.stack(rules), self._shake_late(SHAKES)])

    def _shake_late(self, count: int) -> Priorities:
        reach = SHAKE_DAYS * self.dice.random((count, 1))
        return self.late + reach * self.dice.standard_normal((count, len(self.late)))


def _keep(plans: Plans) -> Plans:
    """Leave out what is not whole."""
    kept = plans.is_whole
    return Plans(plans.starts[kept], plans.ends[kept], kept[kept])


def _rank(values: npt.NDArray[np.generic]) -> Priorities:
    """Give by row the rank of each value; of equal ones the first comes first."""
    ranks = np.empty(values.shape)
    order = np.argsort(values, axis=1, kind="stable")
    np.put_along_axis(ranks, order, np.arange(values.shape[1], dtype=np.float64)[None, :], axis=1)
    return ranks


def find_draft(instance: Instance, seed: int, placings: int = PLACINGS) -> Draft | None:
    """Give a feasible plan, the best of many; None where none was found."""
    if not instance.keys:
        return Draft(0, ())
    return Search(instance, seed).run(placings) if instance.has_choices else None
