"""The problem as CP-SAT sees it. The one module that imports OR-Tools: import it where it is paid.

Decides the form of the model: interval variables on an axis of working days, and for each package
one literal per distinct length and cost that its starts can bring.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.scheduling.choices import Choices
    from wlantrack.scheduling.instance import Instance


@dataclass(frozen=True)
class Variables:
    """What stands for one package: start, length and end, and the literals that tie them.

    ``literals`` are by length and cost without lateness; empty where there is one kind only.
    """

    start: cp_model.IntVar
    size: cp_model.LinearExprT
    end: cp_model.LinearExprT
    literals: dict[tuple[int, int], cp_model.BoolVarT]
    late: cp_model.IntVar | None


class Model:
    """A model of an instance, with its objective."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.cp = cp_model.CpModel()
        self.fixed_cost = 0
        self.terms: list[tuple[int, cp_model.LinearExprT]] = []
        self.packages = [
            self._add_package(number, held) for number, held in enumerate(instance.choices)
        ]
        self._add_waits()
        self._add_crews()
        if self.terms:
            self.cp.minimize(sum(factor * term for factor, term in self.terms) + self.fixed_cost)

    def _add_package(self, number: int, held: Choices) -> Variables:
        values = held.starts.tolist()
        start = self.cp.new_int_var_from_domain(cp_model.Domain.from_values(values), f"s{number}")
        lengths, soft = held.ends - held.starts, held.soft
        kinds: dict[tuple[int, int], list[int]] = defaultdict(list)
        for value, length, cost in zip(values, lengths.tolist(), soft.tolist(), strict=True):
            kinds[length, cost].append(value)
        literals: dict[tuple[int, int], cp_model.BoolVarT] = {}
        if len(kinds) > 1:
            literals = {kind: self.cp.new_bool_var(f"k{number}") for kind in kinds}
            self.cp.add_exactly_one(literals.values())
            for kind, literal in literals.items():
                domain = cp_model.Domain.from_values(kinds[kind])
                self.cp.add_linear_expression_in_domain(start, domain).only_enforce_if(literal)
        self._charge_soft(kinds, literals)
        size, end = self._add_end(number, start, held, literals)
        late = self._charge_lateness(number, held, end)
        return Variables(start, size, end, literals, late)

    def _charge_soft(
        self,
        kinds: dict[tuple[int, int], list[int]],
        literals: dict[tuple[int, int], cp_model.BoolVarT],
    ) -> None:
        least = min(cost for _, cost in kinds)
        self.fixed_cost += least
        self.terms += [
            (cost - least, literal) for (_, cost), literal in literals.items() if cost > least
        ]

    def _add_end(
        self,
        number: int,
        start: cp_model.IntVar,
        held: Choices,
        literals: dict[tuple[int, int], cp_model.BoolVarT],
    ) -> tuple[cp_model.LinearExprT, cp_model.LinearExprT]:
        lengths = np.unique(held.ends - held.starts).tolist()
        if len(lengths) == 1:
            return lengths[0], start + lengths[0]
        size = self.cp.new_int_var_from_domain(cp_model.Domain.from_values(lengths), f"d{number}")
        self.cp.add(size == sum(length * literal for (length, _), literal in literals.items()))
        end = self.cp.new_int_var(int(held.ends[0]), int(held.ends[-1]), f"e{number}")
        self.cp.add(end == start + size)
        return size, end

    def _charge_lateness(
        self, number: int, held: Choices, end: cp_model.LinearExprT
    ) -> cp_model.IntVar | None:
        package = self.instance.problem.by_key[self.instance.keys[number]]
        price = self.instance.problem.weights.lateness * package.priority
        if package.due_on is None or not price or not held.late[-1]:
            return None
        due = self.instance.axis.end_of(package.due_on)
        low, high = int(held.late[0]) // price, int(held.late[-1]) // price
        late = self.cp.new_int_var(low, high, f"l{number}")
        self.cp.add(late >= end - due)
        self.terms.append((price, late))
        return late

    def _add_waits(self) -> None:
        for wait in self.instance.waits:
            before, after = self.packages[wait.before], self.packages[wait.after]
            from_ = before.end if wait.is_from_finish else before.start
            to = after.end if wait.is_to_finish else after.start
            self.cp.add(to >= from_ + wait.lag)

    def _add_crews(self) -> None:
        intervals = [
            self.cp.new_interval_var(one.start, one.size, one.end, f"i{number}")
            for number, one in enumerate(self.packages)
        ]
        for crew, capacity in enumerate(self.instance.capacity):
            used = [
                (intervals[number], amount)
                for number, pairs in enumerate(self.instance.demands)
                for which, amount in pairs
                if which == crew
            ]
            if not used:
                continue
            blocked = [
                (self.cp.new_fixed_size_interval_var(first, last - first, "frozen"), taken)
                for first, last, taken in _list_taken(self.instance, crew)
            ]
            if capacity == 1 and not blocked and all(amount == 1 for _, amount in used):
                self.cp.add_no_overlap(interval for interval, _ in used)
                continue
            both = [*used, *blocked]
            self.cp.add_cumulative(
                [interval for interval, _ in both], [amount for _, amount in both], capacity
            )

    def hint(self, chosen: Sequence[int]) -> None:
        """Start from a plan, given by the place of each chosen start; every variable gets one."""
        for one, held, place in zip(self.packages, self.instance.choices, chosen, strict=True):
            start, end = int(held.starts[place]), int(held.ends[place])
            self.cp.add_hint(one.start, start)
            if isinstance(one.size, cp_model.IntVar):
                self.cp.add_hint(one.size, end - start)
            if isinstance(one.end, cp_model.IntVar) and one.end is not one.start:
                self.cp.add_hint(one.end, end)
            kind = (end - start, int(held.soft[place]))
            for other, literal in one.literals.items():
                self.cp.add_hint(literal, other == kind)
            if one.late is not None:
                self.cp.add_hint(one.late, self._days_late(one, held, place))

    def _days_late(self, one: Variables, held: Choices, place: int) -> int:
        price = next(factor for factor, term in self.terms if term is one.late)
        return int(held.late[place]) // price

    def read(self, values: cp_model.CpSolver | cp_model.CpSolverSolutionCallback) -> list[int]:
        """Give the place of each chosen start of what the solver has found."""
        return [
            int(np.searchsorted(held.starts, values.value(one.start)))
            for one, held in zip(self.packages, self.instance.choices, strict=True)
        ]


def _list_taken(instance: Instance, crew: int) -> list[tuple[int, int, int]]:
    """Give stretches in which frozen work takes a crew: first and last instant, and how much."""
    taken = instance.capacity[crew] - instance.free[crew]
    edges = [0, *(np.flatnonzero(np.diff(taken)) + 1).tolist(), len(taken)]
    return [
        (first, last, int(taken[first]))
        for first, last in pairwise(edges)
        if first < last and taken[first]
    ]
