"""How a benchmark measures and what it reports."""

from __future__ import annotations

import gc
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True)
class Result:
    """One row of the table.

    ``measured`` and ``reference`` are in ``unit``; both were taken in the same run. ``bar`` says
    in words what is asked; ``is_met`` is None where nothing is.
    """

    work: str
    measured: float
    unit: str
    reference: float | None = None
    reference_work: str = ""
    bar: str = ""
    is_met: bool | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the reference the measured value goes into."""
        return None if self.reference is None else self.reference / self.measured


class Benchmark(Protocol):
    """A function that measures something; quick means fewer repeats on smaller work.

    What takes long gives its results one after the other: each is printed as soon as it is there.
    """

    def __call__(self, *, quick: bool) -> Iterable[Result]: ...


def measure_seconds(work: Callable[[], object], repeats: int) -> float:
    """Take the shortest of several runs: others only make a run longer, never shorter."""
    return measure_in_turns([work], repeats)[0]


def measure_in_turns(
    works: Sequence[Callable[[], object]],
    rounds: int,
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """Take the shortest run of each, one after the other in every round.

    What else runs on the machine then slows all of them, so that their ratios can be trusted.
    ``time.process_time`` as the clock leaves out what others took between long and short runs.
    """
    shortest = [math.inf] * len(works)
    gc.collect()
    for _ in range(rounds):
        for place, work in enumerate(works):
            begin = clock()
            work()
            shortest[place] = min(shortest[place], clock() - begin)
    return shortest
