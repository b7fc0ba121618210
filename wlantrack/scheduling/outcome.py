"""What comes out of a search, and how it is watched; light enough to import anywhere."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


@dataclass(frozen=True)
class Placement:
    """When a package is done: from the morning of ``starts_on`` to the morning of ``ends_before``.

    A milestone comes about on the evening before both.
    """

    starts_on: date
    ends_before: date


Plan = dict[str, Placement]


class Status(StrEnum):
    """What is known of a plan."""

    OPTIMAL = "optimal"
    IMPROVED = "improved"
    HEURISTIC = "heuristic"


@dataclass(frozen=True)
class Costs:
    """What something costs, weighted, by what for."""

    late: int = 0
    outside: int = 0
    disturbed: int = 0
    moved: int = 0

    @property
    def total(self) -> int:
        """Give the sum, which is the objective."""
        return self.late + self.outside + self.disturbed + self.moved

    def __add__(self, other: Costs) -> Costs:
        return Costs(
            self.late + other.late,
            self.outside + other.outside,
            self.disturbed + other.disturbed,
            self.moved + other.moved,
        )


@dataclass(frozen=True)
class Solution:
    """A plan and what is known of it.

    Attributes
    ----------
    plan
        What has a date, frozen work included.
    undated
        What has none, with the keys of what it waits for.
    costs
        By package; what has begun costs nothing any more.
    heuristic_cost
        The objective of the plan that was there at once; None where there was none.
    bound
        No plan costs less.
    is_repeatable
        Whether the same seed gives the same plan again: not if the clock or a person stopped it.
    """

    status: Status
    plan: Plan
    undated: dict[str, tuple[str, ...]]
    costs: dict[str, Costs]
    heuristic_cost: int | None
    bound: int
    seconds: float
    is_repeatable: bool

    @property
    def total(self) -> Costs:
        """Give the cost of the whole plan by what for."""
        return sum(self.costs.values(), Costs())

    @property
    def cost(self) -> int:
        """Give the objective."""
        return self.total.total

    @property
    def gap(self) -> float:
        """Give how much of the cost might still be saved, as a fraction."""
        return (self.cost - self.bound) / self.cost if self.cost else 0.0

    @property
    def improvement(self) -> float:
        """Give how much cheaper it is than the heuristic's plan, as a fraction."""
        if not self.heuristic_cost:
            return 0.0
        return (self.heuristic_cost - self.cost) / self.heuristic_cost


def _ignore(_cost: int, _bound: int) -> None:
    """Tell nobody."""


@dataclass
class Progress:
    """How a search is watched, and stopped by another thread.

    ``report`` is called, from threads of the search, with cost and bound when either gets better.
    """

    report: Callable[[int, int], None] = _ignore
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Found:
    """What a search has found: the place of each chosen start; None where there was no time."""

    chosen: tuple[int, ...] | None
    bound: int
    is_repeatable: bool = True
