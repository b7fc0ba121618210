"""What a search has found, told beside today's plan: moves, milestones, costs, broken rules.

Decides what a reader is told of a plan; refuses to search, and to keep anything.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.scheduling.breaches import Breach
from wlantrack.scheduling.causes import name_cause
from wlantrack.scheduling.choices import list_windows
from wlantrack.scheduling.outcome import Costs, Placement
from wlantrack.scheduling.reasons import find_reasons
from wlantrack.scheduling.verify import verify
from wlantrack.scheduling.weighing import weigh
from wlantrack.services.plan import NO_DATE_YET
from wlantrack.services.schedule_faults import list_breaks, list_demands
from wlantrack.services.schedule_texts import Move, Proposal, Shift, tell_basis

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from wlantrack.rollout.workdays import Workdays
    from wlantrack.scheduling.breaches import Violation
    from wlantrack.scheduling.infeasible import NoPlan
    from wlantrack.scheduling.outcome import Plan, Solution
    from wlantrack.scheduling.parts import Package
    from wlantrack.scheduling.problem import Problem as SchedulingProblem
    from wlantrack.services.plan import CityPlan
    from wlantrack.store.queries.packages import PackageNames

ONE_DAY: Final = timedelta(days=1)
INFEASIBLE: Final = "infeasible"


@dataclass(frozen=True)
class SearchLimits:
    """How long to search, and the seed that makes a search repeatable."""

    limit_s: float = 10.0
    seed: int = 1


@dataclass(frozen=True)
class Prepared:
    """What is to be searched, and the state of the data from which it was made.

    ``names`` are those of packages with their versions, by id.
    """

    city: CityPlan
    problem: SchedulingProblem
    names: Mapping[int, PackageNames]
    data_stamp: int


@dataclass(frozen=True)
class _Today:
    """Today's plan, what it costs by package, and what it breaks."""

    plan: Plan
    costs: Mapping[str, Costs]
    violations: Sequence[Violation]


def describe_solution(prepared: Prepared, solution: Solution, limits: SearchLimits) -> Proposal:
    """Give a plan as a proposal, with the reason of each move."""
    problem, today = prepared.problem, _weigh_today(prepared)
    return Proposal(
        prepared.city.clock.today,
        limits.seed,
        limits.limit_s,
        asdict(problem.weights),
        prepared.data_stamp,
        str(solution.status),
        solution.is_repeatable,
        solution.cost,
        solution.heuristic_cost,
        solution.bound,
        asdict(solution.total),
        tuple(_list_moves(prepared, solution, today)),
        _name_undated(problem),
        _explain_undated(problem),
        asdict(sum(today.costs.values(), Costs())),
        list_breaks(problem, today.violations),
        tuple(_list_shifts(prepared, solution)),
    )


def describe_conflict(prepared: Prepared, conflict: NoPlan, limits: SearchLimits) -> Proposal:
    """Give, where there is no plan, the demands that cannot all hold, and today's plan."""
    problem, today = prepared.problem, _weigh_today(prepared)
    costs = asdict(sum(today.costs.values(), Costs()))
    return Proposal(
        prepared.city.clock.today,
        limits.seed,
        limits.limit_s,
        asdict(problem.weights),
        prepared.data_stamp,
        INFEASIBLE,
        is_repeatable=True,
        objective=0,
        heuristic_objective=None,
        bound=0,
        costs={},
        moves=(),
        undated=_name_undated(problem),
        undated_reasons=_explain_undated(problem),
        today_costs=costs,
        today_breaks=list_breaks(problem, today.violations),
        conflict=list_demands(problem, conflict.causes),
    )


def _weigh_today(prepared: Prepared) -> _Today:
    problem, plan = prepared.problem, {}
    for key, timing in prepared.city.timings.items():
        package = problem.by_key[key]
        if timing.start is None or timing.finish is None or key in problem.undated:
            continue
        evening = timing.finish + ONE_DAY
        begins = evening if package.is_milestone else timing.start
        plan[key] = Placement(begins, evening)
    workdays = prepared.city.clock.workdays
    violations = [
        item
        for item in verify(problem, plan)
        if item.breach is not Breach.LENGTH
        or _is_short(problem.by_key[item.package], plan[item.package], workdays)
    ]
    return _Today(plan, weigh(problem, plan), violations)


def _is_short(package: Package, placed: Placement, workdays: Workdays) -> bool:
    """Tell whether a package lacks days; one that has some to spare breaks no rule."""
    if package.is_waiting:
        return (placed.ends_before - placed.starts_on).days < package.duration_days
    last = placed.ends_before - ONE_DAY
    return workdays.end_of(last) - workdays.begin_of(placed.starts_on) <= package.duration_days


def _name_undated(problem: SchedulingProblem) -> dict[str, tuple[str, ...]]:
    return {
        problem.by_key[key].name: tuple(_name_root(problem, root) for root in roots)
        for key, roots in problem.undated.items()
    }


def _explain_undated(problem: SchedulingProblem) -> dict[str, str]:
    """Give what people have written about what cannot be dated itself."""
    packages = (problem.by_key[key] for key in problem.undated)
    return {
        one.name: one.undated_reason
        for one in packages
        if one.undated_reason not in {"", NO_DATE_YET}
    }


def _name_root(problem: SchedulingProblem, root: str) -> str:
    package = problem.by_key.get(root)
    return package.name if package is not None else root


def _list_moves(prepared: Prepared, solution: Solution, today: _Today) -> Iterator[Move]:
    """Give what moves, by its first day; what already lies there needs no line."""
    city, problem = prepared.city, prepared.problem
    reasons = find_reasons(problem, solution.plan)
    for key, placed in sorted(solution.plan.items(), key=lambda item: (item[1].starts_on, item[0])):
        row, package = city.packages.get(key), problem.by_key[key]
        if row is None or package.is_frozen or package.is_milestone:
            continue
        timing, last = city.timings[key], placed.ends_before - ONE_DAY
        if (timing.start, timing.finish) == (placed.starts_on, last):
            continue
        names, reason = prepared.names[row.id], reasons[key]
        before, outside = today.costs.get(key, Costs()), solution.costs[key].outside
        yield Move(
            row.code,
            str(row.public_id),
            names.version,
            timing.start,
            timing.finish,
            placed.starts_on,
            last,
            asdict(solution.costs[key]),
            tuple(name_cause(problem, cause) for cause in reason.causes),
            name=row.name,
            kind=row.kind,
            place=f"{names.building}/{names.wing}" if names.wing else names.building,
            costs_before=asdict(before),
            could_start=reason.could_be.starts_on if reason.could_be else None,
            others=tuple(problem.by_key[other].name for other in reason.others),
            inside=_find_window(problem, package, placed) if outside < before.outside else "",
            breaks=list_breaks(problem, [it for it in today.violations if it.package == key]),
            basis=tell_basis(row, names),
        )


def _find_window(problem: SchedulingProblem, package: Package, placed: Placement) -> str:
    """Name the surest open wall in which a package is done."""
    last = placed.ends_before - ONE_DAY
    inside = [
        window
        for window in list_windows(problem, package)
        if window.opens_on <= placed.starts_on and last <= window.closes_on
    ]
    surest = max(inside, key=lambda window: window.certainty_percent, default=None)
    return surest.label if surest is not None else ""


def _list_shifts(prepared: Prepared, solution: Solution) -> Iterator[Shift]:
    """Give the milestones that come about on another day, by that day."""
    days: list[tuple[date, str]] = [
        (placed.ends_before - ONE_DAY, key)
        for key, placed in solution.plan.items()
        if key in prepared.city.milestones and not prepared.problem.by_key[key].is_frozen
    ]
    for day, key in sorted(days):
        row, before = prepared.city.milestones[key], prepared.city.timings[key].finish
        if before != day:
            yield Shift(row.code, str(row.public_id), row.name, row.kind, before, day)
