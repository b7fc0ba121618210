"""Crews in one number a day, so that Python can ask quickly whether all of them have time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.scheduling.instance import Instance


class CrewDays:
    """What is free on each day, all crews packed into one integer.

    Each crew has a field of bits with a guard above it. A demand is taken away from all fields at
    once; where a guard falls, that crew had too little.
    """

    def __init__(self, instance: Instance) -> None:
        most = max(
            [*instance.capacity, *(amount for pairs in instance.demands for _, amount in pairs), 1]
        )
        self._width = most.bit_length() + 1
        self._guard = sum(
            1 << (self._width * (crew + 1) - 1) for crew in range(len(instance.capacity))
        )
        self.demands = [self._pack(pairs) for pairs in instance.demands]
        self._begin = [
            self._guard + self._pack(enumerate(int(amount) for amount in day))
            for day in instance.free.T
        ]
        self._free = list(self._begin)

    def _pack(self, amounts: Sequence[tuple[int, int]] | enumerate[int]) -> int:
        return sum(amount << (self._width * crew) for crew, amount in amounts)

    def clear(self) -> None:
        """Give everybody all their time."""
        self._free[:] = self._begin

    def take(self, demand: int, start: int, end: int) -> None:
        """Take a demand from every day of a stretch that was found to have it."""
        free = self._free
        for day in range(start, end):
            free[day] -= demand

    def find_last_lack(self, demand: int, start: int, end: int) -> int:
        """Give the last day of a stretch on which a demand is not met; -1 if it always is."""
        free, guard = self._free, self._guard
        for day in range(end - 1, start - 1, -1):
            if (free[day] - demand) & guard != guard:
                return day
        return -1

    def find_first_lack(self, demand: int, start: int, end: int) -> int:
        """Give the first day of a stretch on which a demand is not met; -1 if it always is."""
        free, guard = self._free, self._guard
        for day in range(start, end):
            if (free[day] - demand) & guard != guard:
                return day
        return -1
