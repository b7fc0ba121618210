"""A feasible plan at once, in plain Python, the best of many.

Plans under several priority rules, then a population of plans that are crossed. Decides nothing by
the clock unless it is asked to, so that a seed has one answer.

Notes
-----
After Hartmann (1998), a competitive genetic algorithm for resource-constrained project scheduling.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from wlantrack.scheduling.builder import Builder
from wlantrack.scheduling.priorities import count_followers, find_due, find_late_starts, sum_weights

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.scheduling.builder import Draft
    from wlantrack.scheduling.instance import Instance

PLACINGS: Final = 400_000
"""How many times a package is placed before the heuristic ends: about a second."""

PLACINGS_PER_PAIR: Final = 100
"""The same for each pair of packages: few of them need less."""

POPULATION: Final = 24


class Search:
    """Improves a population of plans until its work is used up."""

    def __init__(self, instance: Instance, seed: int) -> None:
        self.instance = instance
        self.builder = Builder(instance)
        self.dice = random.Random(seed)  # noqa: S311 - no secret hangs on it
        self.population: list[Draft] = []
        self.due = find_due(instance)
        self.least = instance.least_cost

    def run(self, placings: int, stop_at: float | None = None) -> Draft | None:
        """Give the best plan; None where no attempt has found any.

        Parameters
        ----------
        placings
            How many times a package may be placed.
        stop_at
            Moment of ``time.perf_counter`` at which to end in any case.
        """
        for priority in self._list_rules():
            self._add(self.builder.build(priority))
        while self.builder.placings < placings and self.instance.keys:
            if stop_at is not None and time.perf_counter() >= stop_at:
                break
            self._add(self.builder.build(self._cross()))
            if self.population and self.population[0].cost <= self.least:
                break
        return self.population[0] if self.population else None

    def _add(self, draft: Draft | None) -> None:
        if draft is None:
            return
        span = max((self.builder.ends[n][place] for n, place in enumerate(draft.chosen)), default=0)
        limits = [span if due is None else due for due in self.due]
        draft = self.builder.improve(draft, limits)
        if draft in self.population:
            return
        self.population.append(draft)
        self.population.sort(key=lambda item: (item.cost, item.tie))
        del self.population[POPULATION:]

    def _cross(self) -> list[float]:
        """Take the order of one plan, a stretch of it from another, and shake it a little."""
        if not self.population:
            return [self.dice.random() for _ in range(self.builder.count)]
        mother, father = (self._order_of(self._pick()) for _ in range(2))
        low, high = sorted(self.dice.sample(range(len(mother) + 1), 2))
        head = mother[:low]
        taken = set(head)
        middle = [number for number in father if number not in taken][: high - low]
        taken |= set(middle)
        order = [*head, *middle, *(number for number in mother if number not in taken)]
        priority = [0.0] * len(order)
        reach = 1 + len(order) * 0.08 * self.dice.random()
        for position, number in enumerate(order):
            shake = self.dice.uniform(-reach, reach) if self.dice.random() < 0.1 else 0.0
            priority[number] = position + shake
        return priority

    def _pick(self) -> Draft:
        """Choose the better of two."""
        return self.population[min(self.dice.randrange(len(self.population)) for _ in range(2))]

    def _order_of(self, draft: Draft) -> list[int]:
        starts = self.builder.starts
        return sorted(
            range(len(draft.chosen)), key=lambda number: starts[number][draft.chosen[number]]
        )

    def _list_rules(self) -> Iterator[list[float]]:
        """Give priorities: by latest start, by what hangs on it, by weight, by today's plan."""
        late = find_late_starts(self.instance)
        yield [float(start) for start in late]
        yield [float(held[0]) for held in self.builder.starts]
        followers = count_followers(self.instance)
        yield [-float(count) for count in followers]
        weights = sum_weights(self.instance)
        yield [start / (1 + weight) for start, weight in zip(late, weights, strict=True)]
        yield [-float(weight) for weight in weights]
        for _ in range(POPULATION // 3):
            yield [start + self.dice.gauss(0, 5) for start in late]


def find_draft(
    instance: Instance, seed: int, placings: int | None = None, stop_at: float | None = None
) -> Draft | None:
    """Give a feasible plan, the best of many; None where none was found."""
    if not instance.has_choices:
        return None
    most = min(PLACINGS, PLACINGS_PER_PAIR * len(instance.keys) ** 2)
    return Search(instance, seed).run(most if placings is None else placings, stop_at)
