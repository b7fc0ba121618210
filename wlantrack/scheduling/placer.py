"""Builds many plans side by side: their packages one by one, each as early as it can be.

Serial schedule generation, a row of an array for each plan: each step places one package of every
plan, so that the price of a step in Python is shared by all of them. Backward is forward in a
mirrored time.

Notes
-----
All crews are packed into one integer a day. Each has a field of bits with a guard above it: a
demand is taken away from all fields at once, and where a guard falls, that crew had too little.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from wlantrack.scheduling.instance import Instance

    Instants = npt.NDArray[np.int32]
    Priorities = npt.NDArray[np.float64]

FAR: Final = 1 << 29
"""Longer than any package, later than any instant; sums of two still fit."""

WORD_BITS: Final = 62
"""Bits of an integer that fields of crews may take."""

LOOKS: Final = (32, 128)
"""How many days on a place is looked for at first; most are found there."""


@dataclass(frozen=True)
class Plans:
    """Plans, a row for each: when each package starts and ends; those not whole found no place."""

    starts: Instants
    ends: Instants
    is_whole: npt.NDArray[np.bool_]


class Placer:
    """Places the packages of many plans in one direction of time.

    ``is_mirrored`` turns time around: instant ``t`` is then ``horizon - t``, and early is late.
    """

    def __init__(self, instance: Instance, *, is_mirrored: bool = False) -> None:
        self.count = len(instance.keys)
        self.horizon = max((int(held.ends[-1]) for held in instance.choices), default=0)
        self.width = self.horizon + 1
        self.is_mirrored = is_mirrored
        self.lengths = self._list_lengths(instance)
        is_idle = np.array([not pairs for pairs in instance.demands])
        self.needs = np.where(is_idle[:, None] & (self.lengths < FAR), 0, self.lengths)
        self.looks = sorted({min(look, self.width) for look in (*LOOKS, self.width)})
        self.seen_needs = {
            look: sliding_window_view(self.needs.ravel(), look) for look in self.looks
        }
        self.is_fixed = np.array([len(held.starts) == 1 for held in instance.choices])
        self.words = _pack(instance, self.horizon, is_mirrored=is_mirrored)
        waits = [
            (wait.after, wait.before, wait.is_to_finish, wait.is_from_finish, wait.lag)
            if not is_mirrored
            else (wait.before, wait.after, not wait.is_from_finish, not wait.is_to_finish, wait.lag)
            for wait in instance.waits
        ]
        self.pairs = sorted({wait[:2] for wait in waits}, reverse=is_mirrored)
        self.start_bounds = _Bounds([wait for wait in waits if not wait[2]], self.count)
        self.end_bounds = _Bounds([wait for wait in waits if wait[2]], self.count)

    def _list_lengths(self, instance: Instance) -> Instants:
        """Give by number and start how long it takes; ``FAR`` where it cannot start.

        The row goes on behind the horizon, where nothing can, so that one may look ahead.
        """
        lengths = np.full((self.count, 2 * self.width), FAR, dtype=np.int32)
        for row, held in zip(lengths, instance.choices, strict=True):
            if self.is_mirrored:  # of two with one end the later start is written last
                row[self.horizon - held.ends] = held.ends - held.starts
            else:
                row[held.starts] = held.ends - held.starts
        return lengths

    def mirror(self, plans: Plans) -> Plans:
        """Give plans in the other direction of time."""
        return Plans(self.horizon - plans.ends, self.horizon - plans.starts, plans.is_whole)

    def order(self, priority: Priorities) -> npt.NDArray[np.intp]:
        """Give numbers by priority, the smallest first, none before what it waits for."""
        raised = np.ascontiguousarray(priority.T)
        for after, before in self.pairs:
            np.maximum(raised[after], raised[before], out=raised[after])
        raised[self.is_fixed] = -np.inf
        if self.is_mirrored:
            return self.count - 1 - np.argsort(raised[::-1].T, axis=1, kind="stable")
        return np.argsort(raised.T, axis=1, kind="stable")

    def place(self, priority: Priorities, floor: Instants | None = None) -> Plans:
        """Build a plan for each row of priorities.

        Parameters
        ----------
        floor
            By plan and number, instants before which nothing starts.
        """
        return _Placing(self, len(priority), floor).run(self.order(priority))


class _Bounds:
    """What packages wait for, as a table: places in a row of starts and ends, and lags."""

    def __init__(self, waits: Sequence[tuple[int, int, bool, bool, int]], count: int) -> None:
        self.is_empty = not waits
        by_number: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for after, before, _, is_from_finish, lag in waits:
            by_number[after].append((before + (count + 1) * is_from_finish, lag))
        most = max(map(len, by_number), default=0)
        self._places = np.full((count, most), count)  # a place that is never filled
        self._lags = np.zeros((count, most), dtype=np.int32)
        for number, pairs in enumerate(by_number):
            for column, pair in enumerate(pairs):
                self._places[number, column], self._lags[number, column] = pair

    def find(self, instants: Instants, numbers: npt.NDArray[np.intp]) -> Instants:
        """Give by plan what the number that is to be placed has to wait for."""
        if self.is_empty:
            return np.zeros(len(numbers), dtype=np.int32)
        places = self._places[numbers] + np.arange(len(numbers))[:, None] * instants.shape[1]
        found: Instants = (instants.take(places) + self._lags[numbers]).max(axis=1)
        return np.maximum(found, 0)


@dataclass(frozen=True)
class _Word:
    """Some crews, packed: their guards, what packages ask for, and what is free on each day."""

    guard: int
    demands: npt.NDArray[np.int64]
    free: npt.NDArray[np.int64]


def _pack(instance: Instance, horizon: int, *, is_mirrored: bool) -> list[_Word]:
    """Pack crews into as few words as hold them; behind the horizon nobody has time."""
    amounts = np.zeros((len(instance.capacity), len(instance.keys)), dtype=np.int64)
    for number, pairs in enumerate(instance.demands):
        for crew, amount in pairs:
            amounts[crew, number] += amount
    free = np.zeros((len(instance.capacity), 2 * (horizon + 1)), dtype=np.int64)
    free[:, :horizon] = instance.free[:, :horizon][:, :: -1 if is_mirrored else 1]
    sizes = [
        max(capacity, int(asked.max(initial=0))).bit_length() + 1
        for capacity, asked in zip(instance.capacity, amounts, strict=True)
    ]
    edges, filled = [0], 0
    for crew, size in enumerate(sizes):
        if filled + size > WORD_BITS:
            edges.append(crew)
            filled = 0
        filled += size
    return [
        _pack_word(sizes[first:last], amounts[first:last], free[first:last])
        for first, last in pairwise([*edges, len(sizes)])
        if first < last
    ]


def _pack_word(
    sizes: Sequence[int], amounts: npt.NDArray[np.int64], free: npt.NDArray[np.int64]
) -> _Word:
    ends = np.cumsum(np.array(sizes, dtype=np.int64))
    guard = int((1 << (ends - 1)).sum())
    shifts = (ends - np.array(sizes, dtype=np.int64))[:, None]
    return _Word(guard, (amounts << shifts).sum(axis=0), guard + (free << shifts).sum(axis=0))


class _Placing:
    """Plans that are being built."""

    def __init__(self, placer: Placer, plans: int, floor: Instants | None) -> None:
        self.placer, self.floor = placer, floor
        self.rows = np.arange(plans)
        self.free = [np.tile(word.free, plans) for word in placer.words]
        self.seen_free = {
            look: [sliding_window_view(free, look) for free in self.free] for look in placer.looks
        }
        # starts, a place that is never filled, ends, another
        self.instants = np.full((plans, 2 * (placer.count + 1)), -FAR, dtype=np.int32)

    def run(self, order: npt.NDArray[np.intp]) -> Plans:
        """Place what is next of each plan, until all is placed."""
        count = self.placer.count
        is_whole = np.ones(len(self.rows), dtype=np.bool_)
        lengths = self.placer.lengths.ravel()
        for numbers in np.ascontiguousarray(order.T):
            starts = self._find(numbers)
            is_found = starts >= 0
            is_whole &= is_found
            starts *= is_found
            taken = lengths[numbers * (2 * self.placer.width) + starts] * is_found
            self._take(numbers, starts, taken)
            self.instants[self.rows, numbers] = starts
            self.instants[self.rows, numbers + count + 1] = starts + taken
        return Plans(self.instants[:, :count], self.instants[:, count + 1 : -1], is_whole)

    def _find(self, numbers: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Give the first start that links and crews leave; -1 where there is none."""
        first = self.placer.start_bounds.find(self.instants, numbers)
        if self.floor is not None:
            first = np.maximum(first, self.floor[self.rows, numbers])
        begins = np.minimum(first, self.placer.horizon).astype(np.intp)
        least_end = self.placer.end_bounds.find(self.instants, numbers)
        starts = np.full(len(numbers), -1)
        todo = self.rows
        for look in self.placer.looks:
            starts[todo] = self._look(todo, numbers[todo], begins[todo], least_end[todo], look)
            todo = np.flatnonzero(starts < 0)
            if not len(todo):
                break
        return starts

    def _look(
        self,
        rows: npt.NDArray[np.intp],
        numbers: npt.NDArray[np.intp],
        first: npt.NDArray[np.intp],
        least_end: Instants,
        width: int,
    ) -> npt.NDArray[np.intp]:
        """Look so many days on from the first; crews' work that ends behind them is not seen."""
        stride, days = 2 * self.placer.width, np.arange(width, dtype=np.int32)
        lack = np.zeros((len(rows), width), dtype=np.bool_)
        for word, free in zip(self.placer.words, self.seen_free[width], strict=True):
            left = free[rows * stride + first]
            left -= word.demands[numbers][:, None]
            left &= word.guard
            lack |= left != word.guard
        lacks = np.where(lack, days, np.int32(width))
        next_lack = np.minimum.accumulate(lacks[:, ::-1], axis=1)[:, ::-1]
        at = numbers * stride + first
        fits = self.placer.seen_needs[width][at] + days <= next_lack
        if not self.placer.end_bounds.is_empty:
            ends = sliding_window_view(self.placer.lengths.ravel(), width)[at] + days
            fits &= ends >= (least_end - first)[:, None]
        place = fits.argmax(axis=1)
        return np.where(fits[np.arange(len(rows)), place], first + place, -1)

    def _take(
        self, numbers: npt.NDArray[np.intp], starts: npt.NDArray[np.intp], lengths: Instants
    ) -> None:
        """Take the demand of a package away from each of its days."""
        begins = self.rows * (2 * self.placer.width) + starts
        for word, free in zip(self.placer.words, self.free, strict=True):
            demands = word.demands[numbers]
            used = np.where(demands != 0, lengths, 0)
            within = np.arange(used.sum()) - np.repeat(np.cumsum(used) - used, used)
            free[np.repeat(begins, used) + within] -= np.repeat(demands, used)
