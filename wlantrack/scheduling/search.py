"""Runs CP-SAT on an instance, within limits, so that it can be watched, stopped and repeated."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Final

from ortools.sat.python import cp_model

from wlantrack.scheduling.choices import NEVER
from wlantrack.scheduling.model import Model
from wlantrack.scheduling.outcome import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ortools.sat.python import cp_model_helper

    from wlantrack.scheduling.instance import Instance
    from wlantrack.scheduling.outcome import Progress

CORE: Final = "core_with_edges"
"""A search from below, with the propagation that is too slow elsewhere: it finds bounds."""

SEARCHES: Final = (CORE, "no_lp", "objective_lb_search_no_lp")
"""Searches that take turns on the cores there are; their number is part of the answer.

Measured: j3029_2 and j605_1 of PSPLIB are proved in 0.6 and 2.3 s of processor time, for which
OR-Tools' own choice of eight takes 12 and more than 16; without the third, bounds of 40 wings stall.
"""

WORK_PER_S: Final = 0.3
"""Deterministic time for each second of the limit: what two cores manage with some to spare."""

PATIENCE: Final = 3
"""How many times as long a search may take on a machine that has other things to do."""

POLL_S: Final = 0.2


class _Watch(cp_model.CpSolverSolutionCallback):
    """Passes on what is found."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def on_solution_callback(self) -> None:
        """Report a plan that is better."""
        self._progress.report(round(self.objective_value), math.ceil(self.best_objective_bound))


def search(
    instance: Instance,
    hint: Sequence[int] | None,
    limit_s: float,
    seed: int,
    progress: Progress,
    *,
    is_alone: bool = False,
) -> Found:
    """Give the best choice that is found within a limit of work, or of the clock.

    Parameters
    ----------
    is_alone
        One plain search without linear bounds, on one core, instead of those that take turns.
    """
    if progress.stop.is_set():
        return Found(None, 0, is_repeatable=False)
    model = Model(instance)
    if hint is not None:
        model.hint(hint)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    if is_alone:
        parameters.num_workers = 1
        parameters.linearization_level = 0
    else:
        parameters.num_workers = len(SEARCHES)
        parameters.interleave_search = True
        parameters.subsolvers.extend(SEARCHES)
        parameters.subsolver_params.append(_describe_core(type(parameters)()))
    parameters.random_seed = seed
    parameters.max_deterministic_time = limit_s * WORK_PER_S
    parameters.max_time_in_seconds = limit_s * PATIENCE
    with _Stopper(solver, progress):
        status = solver.solve(model.cp, _Watch(progress))
    is_found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    is_over = status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}
    bound = math.ceil(solver.best_objective_bound - 1e-6) if is_found else 0
    return Found(
        tuple(model.read(solver)) if is_found else None,
        NEVER if status == cp_model.INFEASIBLE else bound,
        is_repeatable=is_over
        or (solver.wall_time < limit_s * PATIENCE and not progress.stop.is_set()),
    )


def _describe_core(parameters: cp_model_helper.SatParameters) -> cp_model_helper.SatParameters:
    parameters.name = CORE
    parameters.optimize_with_core = True
    parameters.linearization_level = 0
    parameters.use_timetable_edge_finding_in_cumulative = True
    return parameters


def is_refuted(instance: Instance, work: float) -> bool:
    """Tell whether it is shown, within a limit of work, that there is no plan at all."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = work
    solver.parameters.stop_after_first_solution = True
    return solver.solve(Model(instance).cp) == cp_model.INFEASIBLE


class _Stopper:
    """Stops a solver when somebody asks for it."""

    def __init__(self, solver: cp_model.CpSolver, progress: Progress) -> None:
        self._solver, self._progress = solver, progress
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _wait(self) -> None:
        while not self._is_over.wait(POLL_S):
            if self._progress.stop.is_set():
                self._solver.stop_search()
